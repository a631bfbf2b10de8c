//! `cargo xtask <verb>`: the only task runner of Sidelight. It sets up what it needs by itself and does nothing twice.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool answers on the terminal")]

mod arguments;
mod bench;
mod build;
mod demo;
mod digest;
mod environment;
mod lint;
mod lock;
mod setup;
mod size;
mod step;
mod table;
mod test;
mod versions;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use arguments::{Arguments, Verb};
use clap::Parser as _;

fn main() -> ExitCode {
    match carry_out(Arguments::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(verb: Verb) -> Result<()> {
    match verb {
        Verb::Setup => setup::everything(),
        Verb::Build(options) => build::run(&options),
        Verb::Demo(options) => demo::run(&options),
        Verb::Test(options) => test::run(&options.runner_arguments),
        Verb::E2e(options) => test::end_to_end(options.filter.as_deref()),
        Verb::Bench(options) => bench::run(&options),
        Verb::Size => size::run(),
        Verb::Fmt => lint::format(),
        Verb::Lint => lint::run(),
    }
}
