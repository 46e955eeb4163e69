//! Integration tests: one program, a file for each subject.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod campaign;
mod charts;
mod cli;
mod conservation;
mod couriers;
mod handbook;
mod language;
mod models;
mod reading;
mod referee;
mod sample;
mod summary;
mod theory;
mod zeku;
