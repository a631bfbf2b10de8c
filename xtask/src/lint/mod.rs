//! `cargo xtask fmt`: formatting.

use anyhow::Result;

use crate::step;

/// `cargo xtask fmt`.
///
/// # Errors
/// If a file cannot be parsed.
pub(crate) fn format() -> Result<()> {
    step::run("Format", "all Rust code", step::at_root("cargo").args(["fmt", "--all"]))
}
