//! swabplan simulates whole-population swab testing, person by person and tube by tube, on one clock from doorstep to published result.
//!
//! The floors, each using only lower ones:
//!
//! ```text
//! 10 guide                   the handbook: pages, no code
//! 9  cli                     verbs, terminal, folders
//! 8  report                  results as people read them
//! 6  experiment              replications and how sure they make us
//! 5  measure                 what one replication came to
//! 4  sim                     the engine
//! 3  scenario | network      file -> Model | Model -> Network
//! 2  model                   the operation, validated
//! 1  random  stats  queueing  geo  chart
//! 0  units  id
//! ```

pub mod id;
pub mod units;

pub mod chart;
pub mod geo;
pub mod queueing;
pub mod random;
pub mod stats;

pub mod model;

pub mod network;
pub mod scenario;

pub mod sim;

pub mod measure;

pub mod experiment;

pub mod report;

pub mod cli;

pub mod guide;
