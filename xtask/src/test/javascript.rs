//! Tests that Node runs: units of our JavaScript, and journeys in the browser.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{digest, step, workspace};

/// The units of the panel's own JavaScript.
///
/// # Errors
/// If one fails.
pub(super) fn units() -> Result<()> {
    let files = test_files(&workspace::frontend().join("js"))?;
    if files.is_empty() { Ok(()) } else { node("JavaScript units", &files, None, &[]) }
}

/// The journeys, or those that a filter chooses: by file name, or if no file has it in its name, by test name.
///
/// # Errors
/// If one fails, or there is none: an end that nobody tested is not a tested end.
pub(super) fn in_browser(environment: &[(&str, &Path)], filter: Option<&str>) -> Result<()> {
    let folder = workspace::root().join("tests");
    let files = test_files(&folder)?;
    if !files.iter().any(|file| file.starts_with(folder.join("e2e"))) {
        bail!("tests/e2e holds no test (*.test.mjs)");
    }
    let (files, pattern) = chosen(files, filter);
    node("End-to-end tests", &files, pattern, environment)
}

fn test_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_foreign = |path: &Path| path.file_name().is_some_and(|name| name == "node_modules");
    let mut files = digest::files_below(folder, &is_foreign)?;
    files.retain(|file| file.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".test.mjs")));
    Ok(files)
}

fn chosen(files: Vec<PathBuf>, filter: Option<&str>) -> (Vec<PathBuf>, Option<&str>) {
    let Some(filter) = filter else { return (files, None) };
    let named: Vec<PathBuf> = files
        .iter()
        .filter(|file| file.file_name().is_some_and(|name| name.to_string_lossy().contains(filter)))
        .cloned()
        .collect();
    if named.is_empty() { (files, Some(filter)) } else { (named, None) }
}

fn node(title: &str, files: &[PathBuf], pattern: Option<&str>, environment: &[(&str, &Path)]) -> Result<()> {
    let report = workspace::scratch().join("node.tap");
    fs::create_dir_all(workspace::scratch())?;
    let mut command = step::at_root("node");
    command.arg("--test").args(["--test-reporter=spec", "--test-reporter-destination=stdout"]);
    command.arg("--test-reporter=tap").arg(format!("--test-reporter-destination={}", report.display()));
    command.args(pattern.map(|pattern| format!("--test-name-pattern={pattern}")));
    step::run_openly(title, command.args(files).envs(environment.iter().copied()))?;
    let report = fs::read_to_string(report).context("the test runner wrote no report")?;
    match passed(&report) {
        Some(0) | None => bail!("{title}: no test ran"),
        Some(_) => Ok(()),
    }
}

/// How many tests the runner's closing lines count as passed. A file that only skips its tests passes none.
fn passed(report: &str) -> Option<u32> {
    report.lines().rev().find_map(|line| line.strip_prefix("# pass ")?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_without_a_passed_test_is_noticed() {
        let closing = |pass: u32| format!("TAP version 13\n1..1\n# tests 4\n# pass {pass}\n# fail 0\n# skipped 4\n");
        assert_eq!(passed(&closing(4)), Some(4));
        assert_eq!(passed(&closing(0)), Some(0));
        assert_eq!(passed("TAP version 13\n"), None);
    }

    #[test]
    fn packages_bring_tests_that_are_not_ours() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("e2e/node_modules/x")).unwrap();
        for name in ["e2e/story.test.mjs", "e2e/world.mjs", "e2e/node_modules/x/a.test.mjs"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(test_files(folder.path()).unwrap(), [folder.path().join("e2e/story.test.mjs")]);
    }

    #[test]
    fn a_filter_chooses_files_first_and_tests_otherwise() {
        let files = || vec![PathBuf::from("e2e/story.test.mjs"), PathBuf::from("e2e/faults.test.mjs")];
        assert_eq!(chosen(files(), None), (files(), None));
        assert_eq!(chosen(files(), Some("story")), (vec![PathBuf::from("e2e/story.test.mjs")], None));
        assert_eq!(chosen(files(), Some("logs a call")), (files(), Some("logs a call")));
    }
}
