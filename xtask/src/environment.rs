//! The only place of the task runner that reads the environment.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The folder of the tools that set-up installs, outside the checkout so that every checkout shares it.
pub(crate) const TOOLS: &str = "SIDELIGHT_TOOLS";
/// The browser of the end-to-end tests.
pub(crate) const CHROMIUM: &str = "SIDELIGHT_CHROMIUM";
/// The folder of `PostgreSQL`'s server programs.
pub(crate) const POSTGRES: &str = "SIDELIGHT_POSTGRES_BIN";
/// The server that the end-to-end tests start.
pub(crate) const SERVER: &str = "SIDELIGHT_BIN";

/// A variable's value, if it is set to something.
#[expect(clippy::disallowed_methods, reason = "this module is where the task runner reads the environment")]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// Where set-up keeps its tools.
///
/// # Errors
/// If the environment names no home.
pub(crate) fn tools_folder() -> Result<PathBuf> {
    tools_folder_from(variable)
}

fn tools_folder_from(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    if let Some(folder) = variable(TOOLS) {
        return Ok(folder.into());
    }
    let cache = match variable("XDG_CACHE_HOME") {
        Some(cache) => PathBuf::from(cache),
        None => PathBuf::from(variable("HOME").context("HOME is not set, nor SIDELIGHT_TOOLS")?).join(".cache"),
    };
    Ok(cache.join("sidelight/tools"))
}

/// Where cargo builds, below the checkout unless the environment says otherwise.
pub(crate) fn target_folder(root: &Path) -> PathBuf {
    variable("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

/// The folders in which programs are looked up, in order.
pub(crate) fn program_folders() -> Vec<PathBuf> {
    variable("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default()
}

/// A value for `PATH` that finds programs in `folders` first.
///
/// # Errors
/// If a folder's name cannot stand in a search path.
pub(crate) fn path_starting_with(folders: &[PathBuf]) -> Result<OsString> {
    env::join_paths(folders.iter().cloned().chain(program_folders())).context("a folder's name holds a colon")
}

/// The first program of that name that the search path knows.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    program_folders().into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tools_live_where_the_environment_says_and_never_in_the_checkout() {
        let cases: [(&[(&str, &str)], &str); 3] = [
            (&[(TOOLS, "/opt/tools"), ("XDG_CACHE_HOME", "/c"), ("HOME", "/home/ana")], "/opt/tools"),
            (&[("XDG_CACHE_HOME", "/c"), ("HOME", "/home/ana")], "/c/sidelight/tools"),
            (&[("HOME", "/home/ana")], "/home/ana/.cache/sidelight/tools"),
        ];
        for (variables, folder) in cases {
            let lookup = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
            assert_eq!(tools_folder_from(lookup).unwrap(), Path::new(folder));
        }
        assert!(tools_folder_from(|_| None).is_err());
    }
}
