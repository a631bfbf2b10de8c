//! `cargo xtask lint`: formatting, compiler lints, documentation, dependencies, and the rules of the house that no compiler knows.

mod arrows;
mod citations;
mod graph;
mod hosts;
mod licence;
mod npm;
mod policy;
mod sources;
mod unused;

use std::fs;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{setup, step, workspace};

/// What a check found wrong, one sentence each, starting with the place.
type Findings = Vec<String>;

/// Runs every check and reports all that is wrong at once.
///
/// # Errors
/// If anything is wrong, or a check cannot be made.
pub(crate) fn run() -> Result<()> {
    setup::for_lint()?;
    let mut failed = Vec::new();
    for (title, check) in [("House rules", house_rules as fn() -> Result<Findings>), ("Dependencies", dependencies)] {
        let findings = check()?;
        for finding in &findings {
            eprintln!("  {finding}");
        }
        report(&mut failed, title, findings.is_empty());
    }
    for (title, why, mut command) in commands() {
        if let Err(error) = step::run(title, why, &mut command) {
            eprintln!("{error:#}");
            failed.push(title);
        } else {
            report(&mut failed, title, true);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("lint failed: {}", failed.join(", ")) }
}

/// `cargo xtask fmt`.
///
/// # Errors
/// If a file cannot be parsed.
pub(crate) fn format() -> Result<()> {
    step::run("Format", "all Rust code", step::at_root("cargo").args(["fmt", "--all"]))
}

fn report<'a>(failed: &mut Vec<&'a str>, title: &'a str, is_good: bool) {
    println!("{} {title}", if is_good { "ok    " } else { "FAILED" });
    if !is_good {
        failed.push(title);
    }
}

fn house_rules() -> Result<Findings> {
    let files = sources::files()?;
    let mut findings = sources::check(&files);
    findings.extend(hosts::check(&files));
    findings.extend(citations::check(&files));
    findings.extend(npm::check(&files, &policy::read()?)?);
    Ok(findings)
}

fn dependencies() -> Result<Findings> {
    let policy = policy::read()?;
    let graph = graph::load(policy.targets())?;
    let ours: Vec<&str> = graph.ours().map(|package| package.name.as_str()).collect();
    let lock_file = fs::read_to_string(workspace::root().join("Cargo.lock"))?;
    let mut findings = policy::origins(&lock_file, &ours)?;
    findings.extend(arrows::check(&graph));
    findings.extend(policy::check(&policy, &graph));
    findings.extend(unused::check(&graph)?);
    Ok(findings)
}

fn commands() -> Vec<(&'static str, &'static str, Command)> {
    let cargo = |line: &str| {
        let mut command = step::at_root("cargo");
        command.args(line.split(' '));
        command
    };
    let mut documentation = cargo("doc --workspace --no-deps");
    documentation.env("RUSTDOCFLAGS", "-D warnings");
    vec![
        ("Format check", "rustfmt", cargo("fmt --all --check -- --color never")),
        ("Clippy", "server, libraries, tests", cargo("clippy --workspace --all-targets -- -D warnings")),
        (
            "Clippy of the artefact",
            "server without demo",
            cargo("clippy -p sidelight --no-default-features -- -D warnings"),
        ),
        (
            "Clippy of the front end",
            "as the browser gets it",
            cargo("clippy -p sidelight-frontend --target wasm32-unknown-unknown -- -D warnings"),
        ),
        ("Documentation", "rustdoc", documentation),
    ]
}
