//! What npm's lock files may hold.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::policy::Policy;
use super::sources::File;
use super::{Findings, hosts};

#[derive(Deserialize)]
struct LockFile {
    packages: BTreeMap<String, Locked>,
}

#[derive(Deserialize)]
struct Locked {
    resolved: Option<String>,
    integrity: Option<String>,
    license: Option<String>,
    #[serde(default)]
    link: bool,
}

/// The front end's packages end up in the panel, so their licences count; the others only ever run in tests.
const SHIPPED: &str = "frontend/package-lock.json";

/// Packages without a checksum, from a fixed place, or under a licence that we cannot ship.
pub(super) fn check(files: &[File], policy: &Policy) -> Result<Findings> {
    let mut findings = Findings::new();
    for file in files.iter().filter(|file| file.path.ends_with("package-lock.json")) {
        let lock: LockFile = serde_json::from_str(&file.text).with_context(|| format!("{} is malformed", file.path))?;
        // The entry without a name is the folder's own.
        for (name, package) in lock.packages.iter().filter(|(name, _)| !name.is_empty()) {
            let said = mistakes(package, file.path == SHIPPED, policy);
            findings.extend(said.into_iter().map(|what| format!("{}: {name} {what}", file.path)));
        }
    }
    Ok(findings)
}

fn mistakes(package: &Locked, is_shipped: bool, policy: &Policy) -> Vec<String> {
    let mut mistakes = Vec::new();
    if package.integrity.is_none() && !package.link {
        mistakes.push("has no checksum".to_owned());
    }
    // npm asks the registry it is set up for; an address here would bind every installation to one.
    if package.resolved.as_deref().is_some_and(hosts::has_host) {
        mistakes.push("names the place it was fetched from (set `omit-lockfile-registry-resolved`)".to_owned());
    }
    let licence = package.license.as_deref().unwrap_or("no licence");
    if is_shipped && !policy.accepts_licence(licence) {
        mistakes.push(format!("is under {licence}, which is not on the list of deny.toml"));
    }
    mistakes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, packages: &str) -> Findings {
        let policy = toml::from_str("[graph]\ntargets = []\n[licenses]\nallow = [\"MIT\"]\n[bans]").unwrap();
        let text = format!("{{\"lockfileVersion\": 3, \"packages\": {{\"\": {{}}, {packages}}}}}");
        check(&[File { path: path.to_owned(), text }], &policy).unwrap()
    }

    #[test]
    fn a_package_needs_a_checksum_and_no_address() {
        let good = "\"node_modules/a\": {\"integrity\": \"sha512-x\", \"license\": \"MIT\"}";
        assert!(found(SHIPPED, good).is_empty());
        let bare = found(SHIPPED, "\"node_modules/a\": {\"license\": \"MIT\"}");
        assert_eq!(bare, ["frontend/package-lock.json: node_modules/a has no checksum"]);
        let bound = "\"node_modules/a\": {\"integrity\": \"x\", \"license\": \"MIT\", \"resolved\": \"https://packages.example/a.tgz\"}";
        assert!(found(SHIPPED, bound)[0].contains("names the place"));
    }

    #[test]
    fn only_what_is_shipped_is_bound_by_our_licence() {
        let other = "\"node_modules/a\": {\"integrity\": \"x\", \"license\": \"MPL-2.0\"}";
        assert!(found(SHIPPED, other)[0].contains("MPL-2.0"));
        assert!(found("tests/package-lock.json", other).is_empty());
    }
}
