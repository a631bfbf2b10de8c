use super::*;

fn found(path: &str, text: &str) -> Findings {
    check(&[File { path: path.to_owned(), text: text.to_owned() }])
}

#[test]
fn a_rust_file_is_short_named_after_its_subject_and_says_it() {
    let good = "//! Meetings.\n";
    let cases = [
        ("crates/zoom/src/meeting.rs", good.to_owned(), None),
        ("crates/zoom/src/meeting.rs", format!("{good}{}", "\n".repeat(499)), None),
        ("crates/zoom/src/meeting.rs", format!("{good}{}", "\n".repeat(500)), Some("501 lines")),
        ("crates/zoom/src/utils.rs", good.to_owned(), Some("\"utils\" does not say")),
        ("crates/zoom/src/common/mod.rs", good.to_owned(), Some("\"common\" does not say")),
        ("crates/zoom/src/a/b/c.rs", good.to_owned(), None),
        ("crates/zoom/src/a/b/c/d.rs", good.to_owned(), Some("more than 2 folders")),
        ("crates/zoom/src/meeting.rs", "use std::fs;\n".to_owned(), Some("what lives here")),
        ("crates/zoom/src/meeting_tests.rs", "use super::*;\n".to_owned(), None),
    ];
    for (path, text, expected) in cases {
        let findings = found(path, &text);
        match expected {
            None => assert!(findings.is_empty(), "{path}: {findings:?}"),
            Some(part) => assert!(findings.len() == 1 && findings[0].contains(part), "{path}: {findings:?}"),
        }
    }
}

#[test]
fn work_that_was_put_off_is_found_in_every_language() {
    for (path, before) in [("docs/a.md", "- "), ("assets/a.css", "/* "), ("frontend/js/a.js", "// ")] {
        let findings = found(path, &format!("one\n{before}{}: later", PUT_OFF[0]));
        assert_eq!(findings.len(), 1, "{path}");
        assert!(findings[0].starts_with(&format!("{path}:2: ")), "{findings:?}");
    }
    assert!(found("docs/a.md", &format!("my{}s", PUT_OFF[0])).is_empty(), "part of a longer word");
}

#[test]
fn a_test_cannot_be_switched_off_without_a_word() {
    for (path, ways) in [("tests/e2e/story.test.mjs", SWITCHED_OFF_IN_NODE), ("tests/story.rs", SWITCHED_OFF_IN_RUST)] {
        for way in ways {
            assert_eq!(found(path, &format!("x{way}y")).len(), 1, "{way}");
            assert!(found("docs/testing.md", way).is_empty(), "{way}: prose may speak of it");
        }
    }
}

#[test]
fn a_crate_takes_lints_and_versions_from_the_workspace() {
    let package = "[package]\nname = \"a\"\n[lints]\nworkspace = true\n";
    let cases = [
        (package.to_owned(), None),
        (format!("{package}[dependencies]\nserde.workspace = true\n"), None),
        (format!("{package}[dependencies]\nserde = {{ workspace = true, features = [\"rc\"] }}\n"), None),
        (format!("{package}[dev-dependencies]\na = {{ path = \".\", features = [\"testing\"] }}\n"), None),
        (format!("{package}[dependencies]\nb = {{ path = \"../b\" }}\n"), Some("b has a version of its own")),
        (format!("{package}[dependencies]\nserde = \"1\"\n"), Some("serde has a version of its own")),
        (
            format!("{package}[dev-dependencies]\nserde = {{ version = \"1\" }}\n"),
            Some("serde has a version of its own"),
        ),
        ("[package]\nname = \"a\"\n".to_owned(), Some("`[lints] workspace = true` is missing")),
        ("[workspace]\nmembers = []\n".to_owned(), None),
        ("[package\n".to_owned(), Some("malformed")),
    ];
    for (text, expected) in cases {
        let findings = found("crates/a/Cargo.toml", &text);
        match expected {
            None => assert!(findings.is_empty(), "{text}: {findings:?}"),
            Some(part) => assert!(findings.len() == 1 && findings[0].contains(part), "{text}: {findings:?}"),
        }
    }
}
