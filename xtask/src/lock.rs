//! One set-up or build at a time: two at once would write the same folders.

use std::fs::{self, File, TryLockError};

use anyhow::{Context as _, Result};

use crate::workspace;

/// Held while this process sets up or builds; the system frees it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Waits until no other task runner works in this checkout.
///
/// # Errors
/// If the lock file cannot be made.
pub(crate) fn acquire() -> Result<Lock> {
    fs::create_dir_all(workspace::scratch())?;
    let path = workspace::scratch().join("lock");
    let file = File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("Another `cargo xtask` builds in this checkout; waiting for it.");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(Lock { _file: file })
}
