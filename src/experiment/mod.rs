//! Many replications: how sure the answer is, and what its spread is made of.

pub mod results;
