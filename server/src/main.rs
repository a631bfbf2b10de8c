//! The binary `sidelight`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use sidelight::commands::{Cli, run};

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The causes in one line each, without a backtrace: it is the operator who reads this.
            let causes = error.chain().map(ToString::to_string).collect::<Vec<_>>().join("\n  because: ");
            let _ = writeln!(std::io::stderr(), "{causes}");
            ExitCode::FAILURE
        }
    }
}
