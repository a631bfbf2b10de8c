//! Building the product: first the front end, then the server that carries it inside.

mod assets;
mod frontend;
mod server;

use anyhow::Result;
pub(crate) use assets::{brotli, content_hash, is_copy};
pub(crate) use frontend::dist;
pub(crate) use server::Kind;

use crate::{arguments, lock, setup, workspace};

/// `cargo xtask build`.
///
/// # Errors
/// If set-up or a compiler fails.
pub(crate) fn run(options: &arguments::Build) -> Result<()> {
    let binary = product(if options.release { Kind::Release } else { Kind::Development })?;
    println!("Built {}.", binary.strip_prefix(workspace::root()).unwrap_or(&binary).display());
    Ok(())
}

/// Builds whatever of the product is missing or old, and says where the server's binary is.
///
/// # Errors
/// If set-up or a compiler fails.
pub(crate) fn product(kind: Kind) -> Result<std::path::PathBuf> {
    let _lock = lock::acquire()?;
    // Never from the server's build script: cargo would wait for cargo.
    frontend::build(&setup::for_panel()?)?;
    server::build(kind)
}

/// Builds the front end alone, if it is missing or old.
///
/// # Errors
/// If set-up or a compiler fails.
pub(crate) fn panel() -> Result<()> {
    let _lock = lock::acquire()?;
    frontend::build(&setup::for_panel()?)
}
