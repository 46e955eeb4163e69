//! Integration tests: one program, a file for each subject.

mod language;
mod reading;
