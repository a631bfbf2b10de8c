//! Dependencies that nobody names any more. Exceptions are written where cargo-machete looks for them too.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::Findings;
use super::graph::{Graph, Package};
use crate::digest;

/// What a manifest asks for and its sources never name.
pub(super) fn check(graph: &Graph) -> Result<Findings> {
    let mut findings = Findings::new();
    for package in graph.ours() {
        let folder = package.manifest_path.parent().context("a manifest lies in a folder")?;
        let source = source_below(folder)?;
        let unused = names(package).into_iter().filter(|name| !is_named(&source, name));
        findings.extend(unused.map(|name| format!("{} asks for {name} and never names it", package.name)));
    }
    Ok(findings)
}

fn source_below(folder: &Path) -> Result<String> {
    let skipped = ["node_modules", "dist"].map(|name| folder.join(name));
    let files = digest::files_below(folder, &|path| skipped.iter().any(|skip| skip == path))?;
    let rust = files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs"));
    Ok(rust.filter_map(|file| fs::read_to_string(file).ok()).collect::<Vec<_>>().join("\n"))
}

/// Each dependency as code spells it, but for those that the manifest says are there for their features alone.
fn names(package: &Package) -> Vec<String> {
    let ignored = package.metadata.as_ref().and_then(|metadata| metadata.pointer("/cargo-machete/ignored"));
    let is_ignored =
        |name: &str| ignored.and_then(|list| list.as_array()).is_some_and(|list| list.iter().any(|item| item == name));
    let used = package.dependencies.iter().filter(|dependency| !is_ignored(&dependency.name));
    let mut names: Vec<String> =
        used.map(|dependency| dependency.rename.as_ref().unwrap_or(&dependency.name).replace('-', "_")).collect();
    names.sort();
    names.dedup();
    names
}

fn is_named(source: &str, name: &str) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    source.match_indices(name).any(|(at, _)| {
        !is_letter(source[..at].chars().next_back()) && !is_letter(source[at + name.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::{graph, our_package};
    use super::*;

    #[test]
    fn a_dependency_that_no_source_names_is_found() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/lib.rs"), "use serde_json::Value;\nfn tokio_like() {}\n").unwrap();
        let asks = [("serde-json", false), ("serde", false), ("tokio", true), ("getrandom", false)];
        let package = Package {
            manifest_path: folder.path().join("Cargo.toml"),
            metadata: Some(serde_json::json!({ "cargo-machete": { "ignored": ["getrandom"] } })),
            ..our_package("sidelight", &asks)
        };
        let findings = check(&graph(vec![package], Vec::new(), &[])).unwrap();
        assert_eq!(
            findings,
            ["sidelight asks for serde and never names it", "sidelight asks for tokio and never names it"]
        );
    }

    #[test]
    fn a_name_is_a_whole_word() {
        for (source, expected) in
            [("url::Url", true), ("curl::Url", false), ("urls", false), ("use url;", true), ("", false)]
        {
            assert_eq!(is_named(source, "url"), expected, "{source}");
        }
    }
}
