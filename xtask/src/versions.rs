//! Versions of the build tools, each read from the one file that fixes it.

use std::fs;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::workspace;

#[derive(Deserialize)]
struct LockFile {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
}

#[derive(Deserialize)]
struct TrunkFile {
    #[serde(rename = "trunk-version")]
    trunk_version: String,
}

/// The version of `wasm-bindgen` that the front end is compiled with; its command must be of the very same one.
///
/// # Errors
/// If `Cargo.lock` cannot be read or does not name exactly one.
pub(crate) fn wasm_bindgen() -> Result<String> {
    let text = fs::read_to_string(workspace::root().join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    locked_version(&text, "wasm-bindgen")
}

/// The version of Trunk that `Trunk.toml` asks for.
///
/// # Errors
/// If `Trunk.toml` cannot be read or leaves the version open.
pub(crate) fn trunk() -> Result<String> {
    let text = fs::read_to_string(workspace::root().join("Trunk.toml")).context("Trunk.toml cannot be read")?;
    required_version(&text)
}

fn locked_version(lock_file: &str, package: &str) -> Result<String> {
    let lock: LockFile = toml::from_str(lock_file).context("Cargo.lock is not what cargo writes")?;
    let mut versions = lock.package.into_iter().filter(|locked| locked.name == package).map(|locked| locked.version);
    match (versions.next(), versions.next()) {
        (Some(version), None) => Ok(version),
        (Some(first), Some(second)) => {
            bail!("Cargo.lock holds {package} twice, {first} and {second}: only one can work")
        }
        (None, _) => bail!("Cargo.lock does not hold {package}"),
    }
}

fn required_version(trunk_file: &str) -> Result<String> {
    let file: TrunkFile = toml::from_str(trunk_file).context("Trunk.toml has no `trunk-version`")?;
    let exact = file.trunk_version.strip_prefix('=').map(str::trim);
    exact
        .map(ToOwned::to_owned)
        .with_context(|| format!("Trunk.toml asks for \"{}\", not for one version", file.trunk_version))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(packages: &[(&str, &str)]) -> String {
        let entry =
            |(name, version): &(&str, &str)| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        packages.iter().map(entry).collect()
    }

    #[test]
    fn the_lock_file_names_the_version() {
        let text = lock(&[("wasm-bindgen-macro", "0.2.99"), ("wasm-bindgen", "0.2.130"), ("which", "1.0.0")]);
        assert_eq!(locked_version(&text, "wasm-bindgen").unwrap(), "0.2.130");
    }

    #[test]
    fn a_package_that_is_missing_or_locked_twice_is_refused() {
        let twice = lock(&[("wasm-bindgen", "0.2.130"), ("wasm-bindgen", "0.2.131")]);
        for (text, part) in
            [(lock(&[("which", "1.0.0")]), "does not hold"), (twice, "twice"), ("[[".to_owned(), "not what")]
        {
            assert!(locked_version(&text, "wasm-bindgen").unwrap_err().to_string().contains(part));
        }
    }

    #[test]
    fn trunk_is_asked_for_in_exactly_one_version() {
        assert_eq!(required_version("trunk-version = \"=0.21.14\"\n").unwrap(), "0.21.14");
        assert!(required_version("trunk-version = \"^0.21\"\n").is_err());
        assert!(required_version("[build]\n").is_err());
    }

    #[test]
    fn this_checkout_fixes_both() {
        assert!(trunk().is_ok());
        assert!(wasm_bindgen().is_ok());
    }
}
