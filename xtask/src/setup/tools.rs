//! Rust's own tools: the compilation target, and programs built by cargo into a folder that all checkouts share.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{step, versions};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A program that cargo builds, in one version.
#[derive(Debug)]
pub(super) struct Tool {
    package: &'static str,
    /// What the folder and the program are called.
    name: &'static str,
    version: String,
    why: &'static str,
    arguments: &'static [&'static str],
}

impl fmt::Display for Tool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.name, self.version)
    }
}

/// The front end's bundler, in the version that `Trunk.toml` asks for.
pub(super) fn trunk() -> Result<Tool> {
    Ok(Tool {
        package: "trunk",
        name: "trunk",
        version: versions::trunk()?,
        why: "bundles the front end; built once for all checkouts",
        arguments: &["--locked", "--no-default-features", "--features", "rustls"],
    })
}

/// The command that makes the glue between WebAssembly and JavaScript, in the version that `Cargo.lock` holds.
pub(super) fn wasm_bindgen() -> Result<Tool> {
    Ok(Tool {
        package: "wasm-bindgen-cli",
        name: "wasm-bindgen",
        version: versions::wasm_bindgen()?,
        why: "joins WebAssembly and JavaScript; built once for all checkouts",
        arguments: &[],
    })
}

impl Tool {
    /// Where the tool's programs are below the shared folder.
    fn folder(&self, cache: &Path) -> PathBuf {
        cache.join(format!("{}-{}", self.name, self.version))
    }

    /// Builds the tool unless it is there, and says in which folder its programs are.
    pub(super) fn install(&self, cache: &Path) -> Result<PathBuf> {
        let folder = self.folder(cache);
        let programs = folder.join("bin");
        // cargo moves a program to its place when it is complete, so one that is there is whole.
        if !programs.join(self.name).is_file() {
            step::run(&format!("Install {self}"), self.why, &mut self.installation(&folder))?;
        }
        Ok(programs)
    }

    /// Quick to build rather than quick to run: each of these runs for seconds and is built for minutes.
    fn installation(&self, folder: &Path) -> Command {
        let mut command = step::at_root("cargo");
        command
            .args(["install", self.package, "--version", &format!("={}", self.version), "--root"])
            .arg(folder)
            .args(self.arguments)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        command
    }
}

/// Adds the WebAssembly target to the toolchain unless it has it.
pub(super) fn install_wasm_target() -> Result<()> {
    let libraries = step::answer(step::at_root("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    if Path::new(libraries.trim()).is_dir() {
        return Ok(());
    }
    let mut command = step::at_root("rustup");
    command.args(["target", "add", WASM_TARGET]);
    step::run("Add the WebAssembly target", "the front end is compiled for it", &mut command).with_context(|| {
        format!(
            "Rust's {WASM_TARGET} target is missing and could not be added. With rustup and a connection, this does it:\n  \
             rustup target add {WASM_TARGET}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_tool_that_is_there_is_not_built_again() {
        let cache = tempfile::tempdir().unwrap();
        let tool = Tool { package: "none", name: "none", version: "1.2.3".to_owned(), why: "", arguments: &[] };
        let programs = cache.path().join("none-1.2.3/bin");
        fs::create_dir_all(&programs).unwrap();
        fs::write(programs.join("none"), "").unwrap();
        assert_eq!(tool.install(cache.path()).unwrap(), programs);
    }

    #[test]
    fn tools_are_installed_in_one_exact_version() {
        let command = trunk().unwrap().installation(Path::new("/tools/trunk"));
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
        let version = format!("={}", versions::trunk().unwrap());
        assert_eq!(arguments[..6], ["install", "trunk", "--version", &version, "--root", "/tools/trunk"]);
        assert!(arguments.contains(&"--locked".to_owned()));
    }
}
