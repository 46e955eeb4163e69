//! Integration tests: one program, a file for each subject.

#![allow(clippy::unwrap_used, reason = "a test that meets what cannot be fails")]

mod models;
mod reading;
mod referee;
mod theory;
