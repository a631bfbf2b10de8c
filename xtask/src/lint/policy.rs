//! Which crates of others may come in: `deny.toml`, in the format of cargo-deny, checked here without installing it.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::graph::{Graph, Package};
use super::{Findings, licence};
use crate::workspace;

/// The file's content, as far as it is checked here.
#[derive(Debug, Deserialize)]
pub(super) struct Policy {
    graph: Targets,
    licenses: Licences,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Targets {
    targets: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Bans {
    #[serde(default)]
    deny: Vec<Entry>,
    #[serde(default)]
    skip: Vec<Entry>,
}

/// A crate, or with `@` one version of it, and why it is listed.
#[derive(Debug, Deserialize)]
struct Entry {
    #[serde(rename = "crate")]
    spec: String,
    reason: String,
}

impl Policy {
    /// The platforms whose crates count.
    pub(super) fn targets(&self) -> &[String] {
        &self.graph.targets
    }

    /// Whether code under this licence may be shipped with ours.
    pub(super) fn accepts_licence(&self, expression: &str) -> bool {
        licence::is_accepted(expression, &self.licenses.allow)
    }

    fn accepts(&self, package: &Package) -> bool {
        let Some(expression) = &package.license else { return false };
        let exceptions = self.licenses.exceptions.iter().filter(|exception| exception.name == package.name);
        self.accepts_licence(expression) || exceptions.into_iter().any(|e| licence::is_accepted(expression, &e.allow))
    }
}

impl Entry {
    fn names(&self, package: &Package) -> bool {
        match self.spec.split_once('@') {
            Some((name, version)) => {
                let rest = package.version.strip_prefix(version);
                package.name == name && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
            None => package.name == self.spec,
        }
    }
}

#[derive(Deserialize)]
struct LockFile {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
}

/// Reads `deny.toml`.
pub(super) fn read() -> Result<Policy> {
    let text = fs::read_to_string(workspace::root().join("deny.toml")).context("deny.toml cannot be read")?;
    toml::from_str(&text).context("deny.toml is malformed")
}

/// Crates that must not come in, or not twice.
pub(super) fn check(policy: &Policy, graph: &Graph) -> Findings {
    let mut findings = Findings::new();
    for package in &graph.packages {
        let licence = package.license.as_deref().unwrap_or("no licence");
        if !policy.accepts(package) {
            findings.push(format!("{}: {licence} is not on the list of deny.toml", package.label()));
        }
        for ban in policy.bans.deny.iter().filter(|ban| ban.names(package)) {
            let dependents = graph.dependents(package).join(", ");
            findings.push(format!("{} comes in through {dependents}: {}", package.label(), ban.reason));
        }
    }
    findings.extend(duplicates(policy, graph));
    findings
}

/// One registry, and nothing from a repository or a folder that could change under us. The lock file knows every platform and
/// every test.
pub(super) fn origins(lock_file: &str, ours: &[&str]) -> Result<Findings> {
    let lock: LockFile = toml::from_str(lock_file).context("Cargo.lock is not what cargo writes")?;
    let sources = lock.package.iter().filter_map(|locked| locked.source.as_deref());
    let registry = sources.filter(|source| source.starts_with("registry+")).min();
    let is_strange = |locked: &&Locked| match locked.source.as_deref() {
        Some(source) => registry != Some(source) || locked.checksum.is_none(),
        None => !ours.contains(&locked.name.as_str()),
    };
    let strange = lock.package.iter().filter(is_strange);
    Ok(strange
        .map(|locked| format!("{} {} does not come from the one registry", locked.name, locked.version))
        .collect())
}

/// A crate in two versions is compiled and shipped twice: each is accepted by name, with its reason, or refused.
fn duplicates(policy: &Policy, graph: &Graph) -> Findings {
    let mut versions: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
    for package in &graph.packages {
        versions.entry(&package.name).or_default().push(package);
    }
    versions.retain(|_, packages| packages.len() > 1);
    let skip = &policy.bans.skip;
    let mut findings = Findings::new();
    for packages in versions.values() {
        let open: Vec<_> = packages.iter().filter(|package| !skip.iter().any(|entry| entry.names(package))).collect();
        if open.len() > 1 {
            let told = open.iter().map(|p| format!("{} through {}", p.version, graph.dependents(p).join(", ")));
            findings.push(format!("{} comes in twice: {}", open[0].name, told.collect::<Vec<_>>().join("; ")));
        }
    }
    let is_needed = |entry: &Entry| versions.values().flatten().any(|package| entry.names(package));
    let stale = skip.iter().filter(|entry| !is_needed(entry));
    findings
        .extend(stale.map(|entry| format!("deny.toml: {} no longer comes in twice ({})", entry.spec, entry.reason)));
    findings
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
