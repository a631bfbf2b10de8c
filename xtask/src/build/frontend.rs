//! The front end: each page of `frontend/` is a binary of its own, bundled by Trunk into a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::assets;
use crate::setup::PanelTools;
use crate::{digest, environment, step, workspace};

/// Everything that can change what the browser gets.
const INPUTS: [&str; 10] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "assets",
    "crates/api",
    "crates/domain",
    "frontend",
    "rust-toolchain.toml",
    "xtask/src/build",
];
/// What builds and set-up write inside these folders.
const MADE: [&str; 3] = ["frontend/dist", "frontend/js/dist", "frontend/node_modules"];

/// Where a page's finished files are.
pub(crate) fn dist(page: &str) -> PathBuf {
    workspace::frontend().join("dist").join(page)
}

/// Builds the pages whose inputs changed since they were built last. The caller holds the lock.
pub(super) fn build(tools: &PanelTools) -> Result<()> {
    let mut facts = tools.versions.clone();
    facts.push(step::answer(step::at_root("rustc").arg("--version"))?);
    let inputs = digest::of_inputs(workspace::root(), &INPUTS, &MADE, &facts)?;
    let pages = pages(&workspace::frontend())?;
    let old: Vec<&String> = pages.iter().filter(|page| !is_current(page, &inputs)).collect();
    if old.is_empty() {
        return Ok(());
    }
    step::run("Bundle the JavaScript", "what starts the panel and talks to Zoom", &mut npm("bundle"))?;
    for page in old {
        build_page(page, tools)?;
        fs::write(stamp_path(page), stamp(&inputs, &dist(page))?)?;
    }
    Ok(())
}

/// The names of the pages, without their ending.
fn pages(folder: &Path) -> Result<Vec<String>> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "html") {
            pages.extend(path.file_stem().and_then(|stem| stem.to_str()).map(ToOwned::to_owned));
        }
    }
    if pages.is_empty() {
        bail!("{} holds no page to build", folder.display());
    }
    pages.sort();
    Ok(pages)
}

/// Into a folder beside, so that a failed build leaves the last good one in place.
fn build_page(page: &str, tools: &PanelTools) -> Result<()> {
    let staging = workspace::scratch().join("dist").join(page);
    fs::create_dir_all(&staging)?;
    let why = "compiles to WebAssembly, optimised for size: minutes the first time";
    step::run(
        &format!("Build the front end's {page}"),
        why,
        trunk(page, tools, &staging)?.arg("--skip-version-check"),
    )?;
    let html = format!("{page}.html");
    // What is late is told by the linker's notes, which only the program as it was linked has.
    let linked = environment::target_folder(workspace::root()).join("wasm32-unknown-unknown/wasm").join(page);
    let mut shrink = npm("shrink");
    step::run(
        &format!("Shrink the front end's {page}"),
        "what only program and glue together allow",
        shrink.arg("--").arg(&staging).arg(&html).arg(linked.with_extension("wasm")),
    )?;
    assets::finish(&staging, &html)?;
    let finished = dist(page);
    if finished.exists() {
        fs::remove_dir_all(&finished)?;
    }
    fs::create_dir_all(finished.parent().context("the dist folder has a parent")?)?;
    fs::rename(&staging, &finished).with_context(|| format!("{} cannot be put in place", finished.display()))
}

fn trunk(page: &str, tools: &PanelTools, staging: &Path) -> Result<Command> {
    let html = format!("{page}.html");
    let mut command = step::at_root(&tools.trunk);
    command.arg("build").arg(Path::new("frontend").join(&html));
    command.args(["--config", "Trunk.toml", "--color", "never", "--html-output", &html, "--dist"]).arg(staging);
    command.env("PATH", environment::path_starting_with(&tools.folders)?);
    // Flags from outside would replace the ones that .cargo/config.toml gives for this target.
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    Ok(command)
}

/// A script of the front end's `package.json`.
fn npm(script: &str) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(workspace::frontend()).args(["run", "--silent", script]);
    command
}

fn stamp_path(page: &str) -> PathBuf {
    workspace::scratch().join(format!("{page}.stamp"))
}

/// What went in and what came out: a folder that somebody else wrote since is not ours.
fn stamp(inputs: &str, dist: &Path) -> Result<String> {
    Ok(format!("{inputs} {}", digest::of_inputs(dist, &[""], &[], &[])?))
}

fn is_current(page: &str, inputs: &str) -> bool {
    let written = fs::read_to_string(stamp_path(page)).unwrap_or_default();
    dist(page).join(format!("{page}.html")).is_file() && stamp(inputs, &dist(page)).is_ok_and(|stamp| stamp == written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_built_and_a_front_end_without_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(pages(folder.path()).is_err());
        for name in ["panel.html", "admin.html", "package.json"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(pages(folder.path()).unwrap(), ["admin", "panel"]);
    }

    #[test]
    fn a_folder_that_somebody_else_wrote_needs_a_new_build() {
        let dist = tempfile::tempdir().unwrap();
        fs::write(dist.path().join("panel.html"), "one").unwrap();
        let before = stamp("inputs", dist.path()).unwrap();
        assert_eq!(stamp("inputs", dist.path()).unwrap(), before);
        assert_ne!(stamp("other", dist.path()).unwrap(), before);
        fs::write(dist.path().join("panel.html"), "two").unwrap();
        assert_ne!(stamp("inputs", dist.path()).unwrap(), before);
    }
}
