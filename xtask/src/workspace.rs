//! Where things are in the checkout.

use std::path::{Path, PathBuf};

/// The checkout's root.
pub(crate) fn root() -> &'static Path {
    // The parent always exists: this crate's folder lies below the root.
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where the task runner keeps logs, stamps and half-finished things.
pub(crate) fn scratch() -> PathBuf {
    root().join("target/xtask")
}

/// The front end's folder.
pub(crate) fn frontend() -> PathBuf {
    root().join("frontend")
}

/// The folders in which npm packages are declared.
pub(crate) const NPM_FOLDERS: [&str; 2] = ["frontend", "tests"];
