//! `cargo xtask test`: every test there is, the quick ones first, so that a mistake shows early.

mod javascript;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::build::{self, Kind};
use crate::setup::{self, Machine};
use crate::{digest, environment, step, workspace};

/// Runs all tests; with arguments for `cargo test`, the Rust tests that they choose.
///
/// # Errors
/// If set-up or a build fails, or a test does.
pub(crate) fn run(runner_arguments: &[String]) -> Result<()> {
    let in_browser = tests_in_browser(&workspace::frontend())?;
    let machine = setup::for_tests(in_browser)?;
    // The server's own tests look at the page that it serves.
    build::panel()?;
    rust(&machine, runner_arguments)?;
    if !runner_arguments.is_empty() {
        return Ok(());
    }
    if in_browser {
        wasm(&machine)?;
    }
    javascript::units()?;
    browser(&machine, None)
}

/// `cargo xtask e2e`: the real server, the real SDK, a real browser.
///
/// # Errors
/// If set-up or a build fails, a test does, or there is none.
pub(crate) fn end_to_end(filter: Option<&str>) -> Result<()> {
    browser(&setup::for_tests(false)?, filter)
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

/// Whether the front end has tests of its own that need a document around them.
fn tests_in_browser(frontend: &Path) -> Result<bool> {
    let skipped = ["node_modules", "dist"].map(|folder| frontend.join(folder));
    let files = digest::files_below(frontend, &|path| skipped.iter().any(|skip| path == skip))?;
    let is_rust = |path: &Path| path.extension().is_some_and(|ending| ending == "rs");
    Ok(files
        .iter()
        .filter(|path| is_rust(path))
        .any(|path| fs::read_to_string(path).is_ok_and(|source| source.contains("#[wasm_bindgen_test]"))))
}

fn wasm(machine: &Machine) -> Result<()> {
    let runner = setup::wasm_bindgen_folder()?.join("wasm-bindgen-test-runner");
    let mut command: Command = step::at_root("cargo");
    command.args(["test", "--package", "sidelight-frontend", "--target", "wasm32-unknown-unknown"]);
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner).envs(machine.variables());
    step::run_openly("Tests of the front end in a browser", &mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_asked_for_only_by_a_front_end_that_has_tests_for_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("node_modules/x")).unwrap();
        let attribute = "#[wasm_bindgen_test]\nfn mounts() {}";
        fs::write(folder.path().join("node_modules/x/a.rs"), attribute).unwrap();
        fs::write(folder.path().join("lib.rs"), "#[test]\nfn counts() {}").unwrap();
        assert!(!tests_in_browser(folder.path()).unwrap());
        fs::write(folder.path().join("web.rs"), attribute).unwrap();
        assert!(tests_in_browser(folder.path()).unwrap());
    }
}
