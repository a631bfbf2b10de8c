//! Set-up: what building and testing need and the checkout does not hold. Each part looks first and acts only if it must.

mod machine;
mod npm;
mod search;
mod tools;

use std::path::PathBuf;

use anyhow::Result;
pub(crate) use machine::Machine;
use machine::Need;
use npm::Scripts;

use crate::{environment, lock, workspace};

/// Where the tools of the front end's build are, all of them installed.
#[derive(Debug)]
pub(crate) struct PanelTools {
    /// Trunk itself.
    pub(crate) trunk: PathBuf,
    /// The folders in which Trunk finds `wasm-bindgen`.
    pub(crate) folders: Vec<PathBuf>,
    /// What was installed in which version: an input of the build.
    pub(crate) versions: Vec<String>,
}

/// Everything at once, so that later verbs start without a wait.
///
/// # Errors
/// If something cannot be installed; the message says what to do.
pub(crate) fn everything() -> Result<()> {
    let _lock = lock::acquire()?;
    let machine = machine::prepare(&[Need::Node, Need::Chromium, Need::Postgres])?;
    let panel = install_panel_tools()?;
    install_npm_packages()?;
    println!("Set up: {}.", panel.versions.join(", "));
    for (variable, path) in machine.variables() {
        println!("{variable}={}", path.display());
    }
    Ok(())
}

/// What building the front end needs. The caller holds the lock.
///
/// # Errors
/// If something cannot be installed; the message says what to do.
pub(crate) fn for_panel() -> Result<PanelTools> {
    machine::prepare(&[Need::Node])?;
    let tools = install_panel_tools()?;
    npm::install("frontend", Scripts::Ignored)?;
    Ok(tools)
}

/// What the tests need besides the built product.
///
/// # Errors
/// If something cannot be installed; the message says what to do.
pub(crate) fn for_tests() -> Result<Machine> {
    let _lock = lock::acquire()?;
    let machine = machine::prepare(&[Need::Node, Need::Chromium, Need::Postgres])?;
    install_npm_packages()?;
    Ok(machine)
}

/// What the comparison with Node needs: the twins' packages, one of which is compiled here.
///
/// # Errors
/// If they cannot be installed.
pub(crate) fn peers() -> Result<()> {
    let _lock = lock::acquire()?;
    machine::prepare(&[Need::Node])?;
    npm::install("bench/peers", Scripts::Run)
}

/// What linting the front end needs: the target it is compiled for.
///
/// # Errors
/// If the target is missing and cannot be installed.
pub(crate) fn for_lint() -> Result<()> {
    tools::install_wasm_target()
}

fn install_panel_tools() -> Result<PanelTools> {
    tools::install_wasm_target()?;
    let (trunk, wasm_bindgen) = (tools::trunk()?, tools::wasm_bindgen()?);
    let cache = environment::tools_folder()?;
    let trunk_folder = trunk.install(&cache)?;
    let folders = vec![wasm_bindgen.install(&cache)?];
    Ok(PanelTools {
        trunk: trunk_folder.join("trunk"),
        folders,
        versions: vec![trunk.to_string(), wasm_bindgen.to_string()],
    })
}

fn install_npm_packages() -> Result<()> {
    workspace::NPM_FOLDERS.iter().try_for_each(|folder| npm::install(folder, Scripts::Ignored))
}
