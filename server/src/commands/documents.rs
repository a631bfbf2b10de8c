//! Commands that print a document and are done.

use std::io::Write as _;

/// Writes to standard output; a closed pipe is an error like any other.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// The description comes from the very table of routes that is served.
pub(super) fn openapi() -> anyhow::Result<()> {
    print(&crate::routes::description().to_pretty_json()?)?;
    print("\n")
}
