//! npm packages, exactly as their lock file says.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{digest, environment, step, workspace};

/// Inside the folder it vouches for, so that it disappears together with it.
const STAMP: &str = "node_modules/.sidelight-installed";

/// Whether packages may run what they bring along.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Scripts {
    /// Each would be somebody else's code run at set-up, and no package of the product needs it.
    Ignored,
    /// To compile a native part, against the headers of the Node that is here.
    Run,
}

/// Installs the packages of a folder of the checkout unless they are there; a folder that declares none needs none.
pub(super) fn install(folder: &str, scripts: Scripts) -> Result<()> {
    let path = workspace::root().join(folder);
    let Some(wanted) = wanted(&path)? else { return Ok(()) };
    if is_installed(&path, &wanted) {
        return Ok(());
    }
    let mut command = step::at_root("npm");
    command.current_dir(&path).args(["ci", "--no-audit", "--no-fund"]);
    match scripts {
        Scripts::Ignored => command.arg("--ignore-scripts"),
        Scripts::Run => command.envs(headers().map(|prefix| ("npm_config_nodedir", prefix))),
    };
    step::run(&format!("Install npm packages of {folder}"), "as their lock file says", &mut command)?;
    fs::write(path.join(STAMP), wanted)?;
    Ok(())
}

/// Where Node's own headers are, if they came with it: they need not be fetched then.
fn headers() -> Option<PathBuf> {
    let node = environment::program("node")?.canonicalize().ok()?;
    let prefix = node.parent()?.parent()?;
    prefix.join("include/node/node.h").is_file().then(|| prefix.to_owned())
}

/// What should be installed: the lock file's digest.
fn wanted(path: &Path) -> Result<Option<String>> {
    if !path.join("package.json").is_file() {
        return Ok(None);
    }
    let lock = path.join("package-lock.json");
    if !lock.is_file() {
        bail!("{} is missing: run `npm install` beside it once and commit it", lock.display());
    }
    Ok(Some(digest::of_bytes(&fs::read(lock)?)))
}

fn is_installed(path: &Path, wanted: &str) -> bool {
    fs::read_to_string(path.join(STAMP)).is_ok_and(|stamp| stamp == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_packages_needs_none_and_one_without_a_lock_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(wanted(folder.path()).unwrap(), None);
        fs::write(folder.path().join("package.json"), "{}").unwrap();
        assert!(wanted(folder.path()).unwrap_err().to_string().contains("npm install"));
    }

    #[test]
    fn packages_are_installed_again_only_after_the_lock_file_changed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("package.json"), "{}").unwrap();
        fs::write(folder.path().join("package-lock.json"), "{\"a\": 1}").unwrap();
        let first = wanted(folder.path()).unwrap().unwrap();
        assert!(!is_installed(folder.path(), &first));
        fs::create_dir(folder.path().join("node_modules")).unwrap();
        fs::write(folder.path().join(STAMP), &first).unwrap();
        assert!(is_installed(folder.path(), &first));
        fs::write(folder.path().join("package-lock.json"), "{\"a\": 2}").unwrap();
        assert!(!is_installed(folder.path(), &wanted(folder.path()).unwrap().unwrap()));
    }
}
