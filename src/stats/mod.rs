//! Streaming statistics of a simulation: histograms, intervals, quantiles.
