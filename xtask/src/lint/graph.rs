//! The graph of the crates that are compiled into the product, and of those that our tests and builds add.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::step;

/// Crates, ours and others'.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Graph {
    pub(super) packages: Vec<Package>,
    #[serde(rename = "workspace_members")]
    members: Vec<String>,
    resolve: Resolve,
}

/// A crate in one version.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    pub(super) manifest_path: PathBuf,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) metadata: Option<serde_json::Value>,
}

/// What a manifest asks for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `dev`, `build`, or nothing for what is part of the crate itself.
    pub(super) kind: Option<String>,
    pub(super) rename: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Default, Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

impl Graph {
    /// The crates of this workspace.
    pub(super) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.members.contains(&package.id))
    }

    /// The names of the crates that ask for a crate themselves.
    pub(super) fn dependents(&self, package: &Package) -> Vec<&str> {
        let names: BTreeMap<&str, &str> = self.packages.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect();
        let nodes = self.resolve.nodes.iter().filter(|node| node.dependencies.contains(&package.id));
        nodes.filter_map(|node| names.get(node.id.as_str()).copied()).collect()
    }
}

impl Package {
    /// Name and version, as a person writes them.
    pub(super) fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

/// Asks cargo what is compiled for these targets, tests left out.
pub(super) fn load(targets: &[String]) -> Result<Graph> {
    let (mut metadata, mut tree) = (step::at_root("cargo"), step::at_root("cargo"));
    metadata.args(["metadata", "--format-version", "1"]);
    tree.args(["tree", "--workspace", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
    for target in targets {
        metadata.args(["--filter-platform", target]);
        tree.args(["--target", target]);
    }
    let mut graph: Graph =
        serde_json::from_str(&step::answer(&mut metadata)?).context("cargo's metadata has another shape")?;
    // The metadata also holds what only a feature that nobody asks for would bring; the tree does not.
    let compiled = compiled(&step::answer(&mut tree)?);
    graph.packages.retain(|package| compiled.contains(&package.label()));
    Ok(graph)
}

/// The crates of a tree: `serde v1.0.229 (*)` on each line.
fn compiled(tree: &str) -> BTreeSet<String> {
    let label = |line: &str| {
        let (name, rest) = line.split_once(" v")?;
        Some(format!("{name} {}", rest.split(' ').next()?))
    };
    tree.lines().filter_map(label).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A package of the outside.
    pub(in super::super) fn package(name: &str, version: &str) -> Package {
        Package {
            id: format!("{name}@{version}"),
            name: name.to_owned(),
            version: version.to_owned(),
            license: Some("MIT".to_owned()),
            ..Package::default()
        }
    }

    /// A package of ours with what it asks for: a name, and whether only its tests do.
    pub(in super::super) fn our_package(name: &str, dependencies: &[(&str, bool)]) -> Package {
        let dependency = |&(name, in_tests): &(&str, bool)| Dependency {
            name: name.to_owned(),
            kind: in_tests.then(|| "dev".to_owned()),
            rename: None,
        };
        let dependencies = dependencies.iter().map(dependency).collect();
        Package { dependencies, ..package(name, "0.1.0") }
    }

    /// A graph of our packages and others, with arrows between names.
    pub(in super::super) fn graph(ours: Vec<Package>, others: Vec<Package>, arrows: &[(&str, &str)]) -> Graph {
        let members = ours.iter().map(|package| package.id.clone()).collect();
        let packages: Vec<Package> = ours.into_iter().chain(others).collect();
        let ids = |wanted: &str| packages.iter().filter(|p| p.name == wanted).map(|p| p.id.clone()).collect::<Vec<_>>();
        let node = |&(from, to): &(&str, &str)| Node { id: ids(from).remove(0), dependencies: ids(to) };
        let nodes = arrows.iter().map(node).collect();
        Graph { members, resolve: Resolve { nodes }, packages }
    }

    #[test]
    fn dependents_are_the_crates_that_ask_themselves() {
        let graph = graph(
            vec![our_package("store", &[("sqlx", false)])],
            vec![package("sqlx", "0.9.0"), package("sqlite", "1.0.0")],
            &[("store", "sqlx"), ("sqlx", "sqlite")],
        );
        assert_eq!(graph.dependents(&graph.packages[2]), ["sqlx"]);
        assert_eq!(graph.ours().count(), 1);
    }

    #[test]
    fn a_tree_names_each_crate_with_its_version() {
        let tree =
            "serde v1.0.229\nserde v1.0.229 (*)\nsidelight v0.1.0 (/x/server)\n\nmaud_macros v0.27.0 (proc-macro)\n";
        assert_eq!(
            compiled(tree),
            ["maud_macros 0.27.0", "serde 1.0.229", "sidelight 0.1.0"].map(ToOwned::to_owned).into()
        );
    }

    #[test]
    fn cargos_own_answer_is_understood() {
        let text = r#"{"packages": [{"id": "p", "name": "sidelight", "version": "0.1.0", "license": null,
            "manifest_path": "/x/Cargo.toml", "metadata": null, "features": {},
            "dependencies": [{"name": "sqlx", "kind": "dev", "rename": null, "optional": false}]}],
            "workspace_members": ["p"], "resolve": {"root": null, "nodes": [{"id": "p", "dependencies": []}]}}"#;
        let graph: Graph = serde_json::from_str(text).unwrap();
        assert_eq!(graph.ours().next().unwrap().dependencies[0].kind.as_deref(), Some("dev"));
    }
}
