//! Streaming statistics of a simulation: histograms, intervals, quantiles.

pub mod histogram;
pub mod interval;
pub mod overlap;
pub mod selection;
