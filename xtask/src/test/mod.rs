//! `cargo xtask test`: every test there is, the quick ones first, so that a mistake shows early.

mod javascript;

use std::path::Path;

use anyhow::Result;

use crate::build::{self, Kind};
use crate::setup::{self, Machine};
use crate::{environment, step};

/// Runs all tests; with arguments for `cargo test`, the Rust tests that they choose.
///
/// # Errors
/// If set-up or a build fails, or a test does.
pub(crate) fn run(runner_arguments: &[String]) -> Result<()> {
    let machine = setup::for_tests()?;
    // The server's own tests look at the page that it serves.
    build::panel()?;
    rust(&machine, runner_arguments)?;
    if !runner_arguments.is_empty() {
        return Ok(());
    }
    javascript::units()?;
    browser(&machine, None)
}

/// `cargo xtask e2e`: the real server, the real SDK, a real browser.
///
/// # Errors
/// If set-up or a build fails, a test does, or there is none.
pub(crate) fn end_to_end(filter: Option<&str>) -> Result<()> {
    browser(&setup::for_tests()?, filter)
}

fn browser(machine: &Machine, filter: Option<&str>) -> Result<()> {
    let server = build::product(Kind::Development)?;
    let mut environment: Vec<(&str, &Path)> = machine.variables().collect();
    environment.push((environment::SERVER, &server));
    javascript::in_browser(&environment, filter)
}

/// Compiles in a step of its own, so that what the runners say stands together at the end.
fn rust(machine: &Machine, runner_arguments: &[String]) -> Result<()> {
    if runner_arguments.is_empty() {
        let why = "units, contracts, integration";
        step::run("Compile the Rust tests", why, step::at_root("cargo").args(["test", "--workspace", "--no-run"]))?;
    }
    let mut command = step::at_root("cargo");
    command.arg("test").args(runner_arguments).envs(machine.variables());
    step::run_openly("Rust tests", &mut command)
}
