use super::super::graph::tests::{graph, our_package, package};
use super::*;

fn policy(bans: &str) -> Policy {
    let text = format!(
        "[graph]\ntargets = [\"x\"]\n[licenses]\nallow = [\"MIT\"]\n\
         exceptions = [{{ crate = \"roots\", allow = [\"CDLA-Permissive-2.0\"] }}]\n{bans}"
    );
    toml::from_str(&text).unwrap()
}

fn found(policy: &Policy, others: Vec<Package>, arrows: &[(&str, &str)]) -> Findings {
    let ours = our_package("sidelight", &[]);
    check(policy, &graph(vec![Package { license: Some("MIT".to_owned()), ..ours }], others, arrows))
}

fn licensed(name: &str, licence: Option<&str>) -> Package {
    Package { license: licence.map(ToOwned::to_owned), ..package(name, "1.0.0") }
}

#[test]
fn licences_are_accepted_by_the_list_or_for_one_crate() {
    let policy = policy("[bans]");
    for (name, licence, is_good) in [
        ("serde", Some("MIT OR Apache-2.0"), true),
        ("roots", Some("CDLA-Permissive-2.0"), true),
        ("leaves", Some("CDLA-Permissive-2.0"), false),
        ("unknown", None, false),
    ] {
        let findings = found(&policy, vec![licensed(name, licence)], &[]);
        assert_eq!(findings.is_empty(), is_good, "{name}: {findings:?}");
    }
}

#[test]
fn crates_come_from_one_registry_only() {
    let entry = |name: &str, fields: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n{fields}\n");
    let known = entry("sidelight", "") + &entry("serde", "source = \"registry+the-one\"\nchecksum = \"1\"");
    assert!(origins(&known, &["sidelight"]).unwrap().is_empty());
    for fields in [
        "source = \"git+https://forge.example/x\"",
        "source = \"registry+zz-another\"\nchecksum = \"1\"",
        "source = \"registry+the-one\"",
        "",
    ] {
        let findings = origins(&(known.clone() + &entry("stranger", fields)), &["sidelight"]).unwrap();
        assert_eq!(findings, ["stranger 1.0.0 does not come from the one registry"], "{fields}");
    }
}

#[test]
fn a_banned_crate_is_reported_with_who_brings_it_and_why_not() {
    let policy = policy("[bans]\ndeny = [{ crate = \"openssl\", reason = \"one TLS library\" }]");
    let findings = found(&policy, vec![package("openssl", "1.0.0")], &[("sidelight", "openssl")]);
    assert_eq!(findings, ["openssl 1.0.0 comes in through sidelight: one TLS library"]);
}

#[test]
fn two_versions_of_a_crate_need_a_reason() {
    let twice = || vec![package("syn", "2.0.1"), package("syn", "3.0.9"), package("old", "1.0.0")];
    let arrows = [("old", "syn")];
    let findings = found(&policy("[bans]"), twice(), &arrows);
    assert_eq!(findings, ["syn comes in twice: 2.0.1 through old; 3.0.9 through old"]);
    let accepted = policy("[bans]\nskip = [{ crate = \"syn@2\", reason = \"old has not moved\" }]");
    assert!(found(&accepted, twice(), &arrows).is_empty());
}

#[test]
fn an_exception_that_is_needed_no_more_has_to_go() {
    let stale = policy("[bans]\nskip = [{ crate = \"syn@2\", reason = \"old has not moved\" }]");
    let findings = found(&stale, vec![package("syn", "2.0.1")], &[]);
    assert_eq!(findings, ["deny.toml: syn@2 no longer comes in twice (old has not moved)"]);
}

#[test]
fn a_version_is_named_by_its_leading_numbers() {
    let entry = |spec: &str| Entry { spec: spec.to_owned(), reason: String::new() };
    for (spec, expected) in
        [("syn", true), ("syn@2", true), ("syn@2.0", true), ("syn@2.0.11", true), ("syn@2.0.1", false), ("sy@2", false)]
    {
        assert_eq!(entry(spec).names(&package("syn", "2.0.11")), expected, "{spec}");
    }
}

#[test]
fn this_checkouts_policy_is_well_formed() {
    let policy = read().unwrap();
    assert!(policy.accepts_licence("MIT OR Apache-2.0"));
    assert!(policy.bans.skip.iter().chain(&policy.bans.deny).all(|entry| entry.reason.len() > 10));
}
