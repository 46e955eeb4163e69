//! Integration tests: one program, a file for each subject.

mod models;
mod reading;
mod referee;
mod theory;
