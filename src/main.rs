//! The command `swabplan`.

fn main() {}
