//! Times, dates and quantities as people write them.
