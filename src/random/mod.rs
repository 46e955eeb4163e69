//! Luck: random numbers that are a pure function of a seed, a replication, a purpose and a name.
