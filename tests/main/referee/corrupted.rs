//! Traces corrupted by hand: a referee that finds nothing has to be able to find something.
