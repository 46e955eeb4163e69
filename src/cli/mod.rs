//! The command: verbs, terminal, folders and the wall clock.
