//! Integration tests: one program, a file for each subject.

mod reading;
