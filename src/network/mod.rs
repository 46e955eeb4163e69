//! The operation compiled for the engine: dense indices, samplers, timetables; no names, no text.
