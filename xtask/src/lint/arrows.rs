//! Who may know whom. Arrows point one way, so that each crate can be understood, tested and replaced without those above it.

use super::Findings;
use super::graph::{Graph, Package};

/// What a crate of ours may use of ours.
struct Arrow {
    from: &'static str,
    may_use: &'static [&'static str],
    tests_may_use: &'static [&'static str],
}

/// A crate that only some of ours may name, so that replacing it stays a local matter.
struct Reserved {
    name: &'static str,
    for_only: &'static [&'static str],
}

const ARROWS: &[Arrow] = &[
    Arrow { from: "sidelight-domain", may_use: &[], tests_may_use: &[] },
    Arrow { from: "sidelight-api", may_use: &["sidelight-domain"], tests_may_use: &[] },
    Arrow { from: "sidelight-outbound", may_use: &["sidelight-domain"], tests_may_use: &[] },
    // Their tests may call the stand-in that plays the other side.
    Arrow { from: "sidelight-gainsight", may_use: CLIENT, tests_may_use: STAND_IN },
    Arrow { from: "sidelight-salesforce", may_use: CLIENT, tests_may_use: STAND_IN },
    Arrow { from: "sidelight-zoom", may_use: CLIENT, tests_may_use: STAND_IN },
    Arrow { from: "sidelight-store", may_use: &["sidelight-domain"], tests_may_use: &[] },
    // Never our clients or wire types: a mistake in a shared type would hide. Its tests may call it through the gate.
    Arrow { from: "sidelight-sandbox", may_use: &["sidelight-domain"], tests_may_use: &["sidelight-outbound"] },
    Arrow { from: "sidelight-frontend", may_use: &["sidelight-api", "sidelight-domain"], tests_may_use: &[] },
    Arrow {
        from: "sidelight",
        may_use: &[
            "sidelight-api",
            "sidelight-domain",
            "sidelight-gainsight",
            "sidelight-outbound",
            "sidelight-salesforce",
            "sidelight-sandbox",
            "sidelight-store",
            "sidelight-zoom",
        ],
        tests_may_use: &[],
    },
    Arrow { from: "xtask", may_use: &[], tests_may_use: &[] },
];

const CLIENT: &[&str] = &["sidelight-api", "sidelight-domain", "sidelight-outbound"];
const STAND_IN: &[&str] = &["sidelight-sandbox"];
const BROWSER: &[&str] = &["sidelight-frontend"];
const SERVERS: &[&str] = &["sidelight", "sidelight-sandbox"];

const RESERVED: &[Reserved] = &[
    Reserved { name: "axum", for_only: SERVERS },
    Reserved { name: "axum-extra", for_only: SERVERS },
    Reserved { name: "js-sys", for_only: BROWSER },
    Reserved { name: "leptos", for_only: BROWSER },
    Reserved { name: "reqwest", for_only: &["sidelight-outbound"] },
    Reserved { name: "rusqlite", for_only: &["sidelight-store"] },
    Reserved { name: "sqlx", for_only: &["sidelight-store"] },
    Reserved { name: "wasm-bindgen", for_only: BROWSER },
    Reserved { name: "web-sys", for_only: BROWSER },
];

/// What points the wrong way.
pub(super) fn check(graph: &Graph) -> Findings {
    let names: Vec<&str> = graph.ours().map(|package| package.name.as_str()).collect();
    graph.ours().flat_map(|package| of_package(package, &names)).collect()
}

fn of_package(package: &Package, ours: &[&str]) -> Findings {
    let name = package.name.as_str();
    let Some(arrow) = ARROWS.iter().find(|arrow| arrow.from == name) else {
        return vec![format!("{name} has no place in xtask/src/lint/arrows.rs: decide what it may know")];
    };
    let mut findings = Findings::new();
    for dependency in &package.dependencies {
        let (target, in_tests) = (dependency.name.as_str(), dependency.kind.as_deref() == Some("dev"));
        // A crate's tests may ask for the crate itself, with more of its features.
        let in_tests = in_tests && (target == name || arrow.tests_may_use.contains(&target));
        let is_allowed = arrow.may_use.contains(&target) || in_tests;
        if ours.contains(&target) && !is_allowed {
            findings.push(format!("{name} must not know {target}: arrows point one way"));
        }
        let reserved = RESERVED.iter().find(|reserved| reserved.name == target);
        if let Some(reserved) = reserved.filter(|reserved| !reserved.for_only.contains(&name)) {
            findings.push(format!("{name} must not name {target}: only {} may", reserved.for_only.join(" and ")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::graph::tests::{graph, our_package};
    use super::*;

    #[test]
    fn arrows_that_point_the_wrong_way_are_found() {
        let cases: [(&str, &str, bool, Option<&str>); 13] = [
            ("sidelight-gainsight", "sidelight-sandbox", true, None),
            ("sidelight-gainsight", "sidelight-sandbox", false, Some("arrows point one way")),
            ("sidelight-store", "sidelight-store", true, None),
            ("sidelight-api", "sidelight-domain", false, None),
            ("sidelight-domain", "sidelight-api", false, Some("arrows point one way")),
            ("sidelight-zoom", "sidelight-store", false, Some("arrows point one way")),
            ("sidelight-sandbox", "sidelight-outbound", true, None),
            ("sidelight-sandbox", "sidelight-outbound", false, Some("arrows point one way")),
            ("sidelight-sandbox", "sidelight-zoom", true, Some("arrows point one way")),
            ("sidelight", "sqlx", false, Some("only sidelight-store may")),
            ("sidelight-store", "sqlx", false, None),
            ("sidelight-zoom", "reqwest", true, Some("only sidelight-outbound may")),
            ("sidelight-reports", "serde", false, Some("decide what it may know")),
        ];
        for (from, to, in_tests, expected) in cases {
            let mut ours = vec![our_package(from, &[(to, in_tests)])];
            if to.starts_with("sidelight") && to != from {
                ours.push(our_package(to, &[]));
            }
            let findings = check(&graph(ours, Vec::new(), &[]));
            let is_as_expected =
                expected.map_or(findings.is_empty(), |part| findings.iter().any(|said| said.contains(part)));
            assert!(is_as_expected, "{from} -> {to}: {findings:?}");
        }
    }

    fn reaches(from: &str, to: &str) -> bool {
        let arrow = ARROWS.iter().find(|arrow| arrow.from == from).unwrap();
        arrow.may_use.iter().any(|&next| next == to || reaches(next, to))
    }

    #[test]
    fn arrows_make_no_circle() {
        for Arrow { from, .. } in ARROWS {
            assert!(!reaches(from, from), "{from} knows itself in the end");
        }
    }
}
