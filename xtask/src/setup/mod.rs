//! Set-up: what building and testing need and the checkout does not hold. Each part looks first and acts only if it must.

mod machine;
mod npm;
mod search;

use anyhow::Result;
pub(crate) use machine::Machine;
use machine::Need;

use crate::{lock, workspace};

/// Everything at once, so that later verbs start without a wait.
///
/// # Errors
/// If something cannot be installed; the message says what to do.
pub(crate) fn everything() -> Result<()> {
    let _lock = lock::acquire()?;
    let machine = machine::prepare(&[Need::Node, Need::Chromium, Need::Postgres])?;
    install_npm_packages()?;
    for (variable, path) in machine.variables() {
        println!("{variable}={}", path.display());
    }
    Ok(())
}

fn install_npm_packages() -> Result<()> {
    workspace::NPM_FOLDERS.iter().try_for_each(|folder| npm::install(folder))
}
