//! The command `swabplan`.

use std::process::ExitCode;

fn main() -> ExitCode {
    swabplan::cli::main()
}
