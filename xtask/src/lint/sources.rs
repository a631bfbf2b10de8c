//! Rules about the text of our own files.

use std::fs;
use std::path::{Component, Path};

use anyhow::Result;

use super::Findings;
use crate::{step, workspace};

/// A text file of the repository.
#[derive(Debug)]
pub(super) struct File {
    /// From the root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

const LONGEST_FILE: usize = 500;
const DEEPEST: usize = 2;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 6] = ["common", "helper", "helpers", "misc", "util", "utils"];
/// Work that was put off, spelled in two halves so that this line is none.
const PUT_OFF: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("HA", "CK")];
/// Ways to keep a test from running without a reason, in Rust and in Node.
const SWITCHED_OFF_IN_RUST: &[&str] = &[concat!("#[ign", "ore]")];
const SWITCHED_OFF_IN_NODE: &[&str] = &[".only(", ".skip(", "skip: true"];

/// The text files that git knows or would add.
pub(super) fn files() -> Result<Vec<File>> {
    let mut git = step::at_root("git");
    git.args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    let names = step::answer(&mut git)?;
    let read = |path: &str| {
        // A file that is deleted but still listed, or that is no text, is nobody's source.
        let text = fs::read_to_string(workspace::root().join(path)).ok()?;
        Some(File { path: path.to_owned(), text })
    };
    Ok(names.split('\0').filter(|name| !name.is_empty()).filter_map(read).collect())
}

/// Where the rules are broken.
pub(super) fn check(files: &[File]) -> Findings {
    let mut findings = Findings::new();
    for file in files {
        findings.extend(of_every_file(file));
        match Path::new(&file.path).extension().and_then(|ending| ending.to_str()) {
            Some("rs") => findings.extend(of_rust(file)),
            Some("toml") if file.path.ends_with("Cargo.toml") => findings.extend(of_manifest(file)),
            Some(_) | None => {}
        }
    }
    findings
}

fn of_every_file(file: &File) -> Findings {
    let mut findings = Findings::new();
    for (number, line) in file.text.lines().enumerate() {
        let mut say = |what: String| findings.push(format!("{}:{}: {what}", file.path, number + 1));
        if let Some(word) = PUT_OFF.iter().find(|word| has_word(line, word)) {
            say(format!("{word} belongs into an issue"));
        }
        if let Some(way) = ways_to_switch_off(&file.path).iter().find(|way| line.contains(**way)) {
            say(format!("`{way}` keeps tests from running"));
        }
    }
    findings
}

fn ways_to_switch_off(path: &str) -> &'static [&'static str] {
    match Path::new(path).extension().and_then(|ending| ending.to_str()) {
        Some("rs") => SWITCHED_OFF_IN_RUST,
        Some("mjs") => SWITCHED_OFF_IN_NODE,
        Some(_) | None => &[],
    }
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|found| found == word)
}

fn of_rust(file: &File) -> Findings {
    let mut findings = Findings::new();
    let mut say = |what: String| findings.push(format!("{}: {what}", file.path));
    let length = file.text.lines().count();
    if length > LONGEST_FILE {
        say(format!("{length} lines; {LONGEST_FILE} are the limit: it has two subjects"));
    }
    if let Some(name) = names(&file.path).into_iter().find(|name| EMPTY_NAMES.contains(&name.as_str())) {
        say(format!("\"{name}\" does not say what is inside"));
    }
    if depth(&file.path) > DEEPEST {
        say(format!("more than {DEEPEST} folders below src"));
    }
    if is_module(&file.path) && !file.text.starts_with("//!") {
        say("starts without `//!`: what lives here?".to_owned());
    }
    findings
}

fn names(path: &str) -> Vec<String> {
    let path = Path::new(path).with_extension("");
    path.components().map(|component| component.as_os_str().to_string_lossy().into_owned()).collect()
}

fn depth(path: &str) -> usize {
    let components: Vec<_> = Path::new(path).components().collect();
    let source = components.iter().position(|component| *component == Component::Normal("src".as_ref()));
    source.map_or(0, |at| components.len() - at - 2)
}

/// A module's tests in a file of their own belong to a module that has said what it is.
fn is_module(path: &str) -> bool {
    path.contains("src/") && !path.ends_with("tests.rs")
}

fn of_manifest(file: &File) -> Findings {
    let Ok(manifest) = file.text.parse::<toml::Table>() else {
        return vec![format!("{}: is malformed", file.path)];
    };
    let mut findings = Findings::new();
    if manifest.contains_key("package") && !takes_from_workspace(manifest.get("lints")) {
        findings.push(format!("{}: `[lints] workspace = true` is missing", file.path));
    }
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let asked = manifest.get(kind).and_then(toml::Value::as_table).into_iter().flatten();
        // The crate itself, asked for by its tests with more of its features, has no version.
        let is_itself = |dependency: &toml::Value| dependency.get("path").and_then(toml::Value::as_str) == Some(".");
        let own = asked.filter(|(_, dependency)| !takes_from_workspace(Some(dependency)) && !is_itself(dependency));
        findings.extend(
            own.map(|(name, _)| format!("{}: {name} has a version of its own; use the workspace's", file.path)),
        );
    }
    findings
}

fn takes_from_workspace(value: Option<&toml::Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
}

#[cfg(test)]
#[path = "sources_tests.rs"]
mod tests;
