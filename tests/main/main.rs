//! Integration tests: one program, a file for each subject.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod campaign;
mod charts;
mod cli;
mod conservation;
mod couriers;
mod decisions;
mod handbook;
mod labs;
mod lanes;
mod language;
mod models;
mod positives;
mod reading;
mod referee;
mod sample;
mod stocks;
mod summary;
mod theory;
mod visits;
mod zeku;
