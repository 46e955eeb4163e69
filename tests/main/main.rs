//! Integration tests: one program, a file for each subject.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod blocking;
mod briefing;
mod campaign;
mod charts;
mod cli;
mod coming;
mod compare;
mod conservation;
mod costs;
mod couriers;
mod decisions;
mod explain;
mod handbook;
mod incidents;
mod labor;
mod labs;
mod lanes;
mod language;
mod machines;
mod models;
mod notices;
mod overflow;
mod page;
mod positives;
mod random;
mod reading;
mod referee;
mod resume;
mod roads;
mod room;
mod sample;
mod shortages;
mod staff;
mod stocks;
mod summary;
mod theory;
mod unbound;
mod visits;
mod waiting;
mod zeku;
