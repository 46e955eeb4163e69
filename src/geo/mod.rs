//! Distances and Chinese map coordinates.
