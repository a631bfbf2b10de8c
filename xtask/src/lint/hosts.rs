//! Which hosts the repository may name. Invented data lives under names that nobody can register (RFC 2606), so a host that
//! is not listed here is either a mistake or a decision to be written down.

use super::Findings;
use super::sources::File;

/// A domain, with all below it, and why it may be named.
struct Known {
    domain: &'static str,
    _why: &'static str,
}

const fn known(domain: &'static str, why: &'static str) -> Known {
    Known { domain, _why: why }
}

const KNOWN: &[Known] = &[
    known("example", "reserved for invented data"),
    known("example.com", "reserved for invented data"),
    known("invalid", "reserved for what must not exist"),
    known("test", "reserved for tests"),
    known("localhost", "this machine"),
    known("zoom.us", "the outside system"),
    known("zoom.com", "the outside system, its documentation"),
    known("gainsight.com", "the outside system"),
    known("gainsightcloud.com", "the outside system"),
    known("aptrinsic.com", "the outside system"),
    known("insided.com", "the outside system"),
    known("salesforce.com", "the outside system"),
    known("w3.org", "names of XML vocabularies; standards"),
    known("rfc-editor.org", "standards"),
    known("ietf.org", "standards"),
    known("whatwg.org", "standards"),
    known("openapis.org", "standards"),
    known("apache.org", "a licence's text"),
    known("opensource.org", "a licence's text"),
    known("rust-lang.org", "documentation"),
    known("sqlite.org", "documentation"),
    known("postgresql.org", "documentation"),
    known("mozilla.org", "documentation"),
];

/// Addresses whose host is not on the list.
pub(super) fn check(files: &[File]) -> Findings {
    files.iter().filter(|file| !is_generated(&file.path)).flat_map(of_file).collect()
}

/// Whether a text holds the address of a host.
pub(super) fn has_host(text: &str) -> bool {
    !hosts(text).is_empty()
}

/// Lock files name the place of each package in their own way, and have their own checks.
fn is_generated(path: &str) -> bool {
    path.ends_with("Cargo.lock") || path.ends_with("package-lock.json")
}

fn of_file(file: &File) -> Findings {
    let lines = file.text.lines().enumerate();
    let strangers = lines.flat_map(|(number, line)| {
        hosts(line).into_iter().filter(|host| !is_known(host)).map(move |host| (number + 1, host))
    });
    strangers
        .map(|(number, host)| {
            format!("{}:{number}: {host} is no host that we name; invented ones end in .example", file.path)
        })
        .collect()
}

fn hosts(line: &str) -> Vec<String> {
    let mut hosts = Vec::new();
    for (at, _) in line.match_indices("://") {
        let scheme: String = line[..at].chars().rev().take_while(char::is_ascii_alphabetic).collect();
        // Backwards: http, https, ws, wss.
        if !matches!(scheme.as_str(), "ptth" | "sptth" | "sw" | "ssw") {
            continue;
        }
        let authority: String =
            line[at + 3..].chars().take_while(|letter| !"/?#\"'`<> \\)".contains(*letter)).collect();
        // The host that is called stands behind what looks like one before an `@`.
        let host = authority.rsplit('@').next().unwrap_or_default();
        let host: String =
            host.chars().take_while(|letter| letter.is_ascii_alphanumeric() || ".-".contains(*letter)).collect();
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if host.contains('.') && !host.starts_with('.') && !is_number(&host) {
            hosts.push(host);
        }
    }
    hosts
}

fn is_number(host: &str) -> bool {
    host.chars().all(|letter| letter.is_ascii_digit() || letter == '.')
}

fn is_known(host: &str) -> bool {
    KNOWN.iter().any(|known| host.strip_suffix(known.domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spelled so that this very file names none of them.
    fn url(host: &str) -> String {
        format!("https:{}{host}/path", "//")
    }

    #[test]
    fn invented_and_known_hosts_may_be_named_and_others_may_not() {
        for (host, is_named_freely) in [
            ("lumen.us1.localhost:8091", true),
            ("northwindtraders.example", true),
            ("marketplace.zoom.us", true),
            ("zoom.us@evil.dev", false),
            ("zoom.us.evil.dev", false),
            ("notzoom.us", false),
            ("acme.com", false),
            ("127.0.0.1:80", true),
            ("registered", true),
            ("{address}", true),
            ("{tenant}.zoom.us", true),
            ("ana:secret@acme.com:443", false),
        ] {
            let file = File { path: "a.rs".to_owned(), text: format!("\n{}", url(host)) };
            let findings = check(&[file]);
            assert_eq!(findings.is_empty(), is_named_freely, "{host}: {findings:?}");
            assert!(findings.iter().all(|finding| finding.starts_with("a.rs:2: ")), "{findings:?}");
        }
    }

    #[test]
    fn other_schemes_name_no_host_of_the_web() {
        assert!(!has_host("sqlite:///tmp/x.db?mode=rwc and postgres:\u{2f}/db.internal/x"));
        assert!(has_host(&url("packages.acme.com")));
    }
}
