//! Whether a built front end is whole. The build script asks before a release is made; the tests look at it through
//! `src/http/assets.rs`.

use std::collections::BTreeSet;
use std::path::Path;

/// What stands before the name of each file that a page asks for.
const FOLDER: &str = "/assets/";

/// What the page in `folder` needs and is not there, or is empty; nothing if it is whole.
pub(crate) fn missing(folder: &Path) -> Vec<String> {
    let pages = ["panel.html", "index.html"].map(|name| folder.join(name));
    let Some(page) = pages.iter().find_map(|page| std::fs::read_to_string(page).ok()) else {
        return vec!["panel.html".to_owned()];
    };
    let named = named(&page);
    let is_there = |name: &str| std::fs::metadata(folder.join(name)).is_ok_and(|file| file.is_file() && file.len() > 0);
    let mut missing: Vec<_> = named.iter().filter(|name| !is_there(name)).map(|name| (*name).to_owned()).collect();
    // A page that asks for none of these is not the panel's.
    for ending in [".js", ".css", ".wasm"] {
        if !named.iter().any(|name| name.ends_with(ending)) {
            missing.push(format!("a name that ends with {ending} in the page"));
        }
    }
    missing
}

/// The files that a page asks for.
fn named(page: &str) -> BTreeSet<&str> {
    let is_end = |letter: char| matches!(letter, '"' | '\'' | '?' | '#' | '>' | ')') || letter.is_whitespace();
    page.split(FOLDER).skip(1).filter_map(|rest| rest.split(is_end).next()).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<link rel="stylesheet" href="/assets/panel-1.css"/><meta data-js='/assets/panel-2.js'
        data-wasm="/assets/panel-bg-3.wasm"><script src="/assets/boot-4.js?x" type="module"></script>"#;
    const FILES: [&str; 4] = ["boot-4.js", "panel-1.css", "panel-2.js", "panel-bg-3.wasm"];

    #[test]
    fn a_release_needs_every_file_that_its_page_names() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &str| std::fs::write(folder.path().join(name), content).unwrap();
        assert_eq!(missing(folder.path()), ["panel.html"]);
        write("panel.html", "");
        assert_eq!(missing(folder.path()).len(), 3, "an empty page names no script, no style and no program");
        write("panel.html", PAGE);
        assert_eq!(missing(folder.path()), FILES);
        for name in FILES {
            write(name, "x");
        }
        assert!(missing(folder.path()).is_empty());
        write("panel-bg-3.wasm", "");
        assert_eq!(missing(folder.path()), ["panel-bg-3.wasm"]);
        std::fs::remove_file(folder.path().join("panel-1.css")).unwrap();
        assert_eq!(missing(folder.path()), ["panel-1.css", "panel-bg-3.wasm"]);
    }
}
