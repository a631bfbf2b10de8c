//! What our documents cite is there: a test that was renamed takes its proof out of the security page in silence.

use std::ffi::OsStr;
use std::path::Path;

use super::Findings;
use super::sources::File;

/// Shorter names are those of columns, settings and modules too.
const SHORTEST: usize = 4;

/// The documents that cite a rule which no source knows.
pub(super) fn check(files: &[File]) -> Findings {
    let ending_in = |ending: &'static str| {
        files.iter().filter(move |file| Path::new(&file.path).extension() == Some(OsStr::new(ending)))
    };
    let sources: Vec<&str> = ending_in("rs").map(|file| file.text.as_str()).collect();
    let mut findings = Findings::new();
    for document in ending_in("md") {
        for name in document.text.split('`').skip(1).step_by(2).filter(|name| is_rule(name)) {
            // A function, or a literal such as the name of a counter.
            let forms = [format!("fn {name}("), format!("\"{name}\"")];
            if !sources.iter().any(|source| forms.iter().any(|form| source.contains(form))) {
                findings.push(format!("{} cites `{name}`, which is nowhere", document.path));
            }
        }
    }
    findings
}

/// Whether a text reads like the name of one of our tests, which are sentences.
fn is_rule(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    text.split('_').count() >= SHORTEST && text.split('_').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cited_test_that_is_nowhere_is_found() {
        let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
        let source = "#[test]\nfn nobody_gets_in_there() {}\nconst COUNTER: &str = \"things_of_ours_total\";\n";
        let cases = [
            ("see `nobody_gets_in_there`", None),
            ("counted in `things_of_ours_total`", None),
            ("the setting `previous_master_keys`, the file `a_b_c_d.rs`, `…_cannot_be_changed_at_all`", None),
            ("`nobody_gets_in`, which is short", None),
            ("see `nobody_gets_in_anywhere`", Some("docs/a.md cites `nobody_gets_in_anywhere`, which is nowhere")),
            ("see `gets_in_there_now`", Some("docs/a.md cites `gets_in_there_now`, which is nowhere")),
        ];
        for (text, expected) in cases {
            let found = check(&[file("docs/a.md", text), file("src/a.rs", source)]);
            assert_eq!(found.first().map(String::as_str), expected, "{text}");
        }
    }
}
