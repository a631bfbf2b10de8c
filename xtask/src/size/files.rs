//! The files of a finished page, and whether their addresses may be kept for ever.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::{build, digest};

/// A finished page and its files.
#[derive(Debug)]
pub(super) struct Built {
    /// The page's own text, a template that the server fills.
    pub(super) page: String,
    pub(super) page_compressed: usize,
    pub(super) files: Vec<Asset>,
}

/// A file that the page asks for.
#[derive(Debug)]
pub(super) struct Asset {
    pub(super) path: PathBuf,
    /// Bytes on the wire: the smallest copy that lies beside it.
    pub(super) compressed: usize,
    /// What its content says its name should hold.
    pub(super) hash: String,
}

/// What a file does for the page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    Style,
    /// Fetched as soon as the panel is interactive.
    Late,
    /// Fetched only when somebody begins to write.
    Editor,
    Other,
}

impl Built {
    /// The bytes of all files in these roles.
    pub(super) fn total(&self, wanted: impl Fn(Role) -> bool) -> usize {
        self.files.iter().filter(|file| wanted(file.role())).map(|file| file.compressed).sum()
    }
}

impl Asset {
    fn role(&self) -> Role {
        if self.path.extension().is_some_and(|ending| ending == "css") {
            Role::Style
        } else if self.name().starts_with("editor-") {
            Role::Editor
        } else if self.name().starts_with("late-") {
            Role::Late
        } else {
            Role::Other
        }
    }

    fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// Reads what a build left.
pub(super) fn read(folder: &Path, page: &str) -> Result<Built> {
    let path = folder.join(page).with_extension("html");
    let text = fs::read_to_string(&path).with_context(|| format!("{} was not built", path.display()))?;
    let mut files = Vec::new();
    for file in digest::files_below(folder, &|file| build::is_copy(file) || file == path)? {
        let (content, copy) = (fs::read(&file)?, file.with_added_extension("br"));
        let smallest = if copy.is_file() { fs::read(copy)? } else { content.clone() };
        files.push(Asset { path: file, compressed: smallest.len(), hash: build::content_hash(&content) });
    }
    Ok(Built { page_compressed: build::brotli(text.as_bytes())?.len(), page: text, files })
}

/// What would make a browser show something old, or nothing: in words.
pub(super) fn mistakes(built: &Built) -> Vec<String> {
    let mut mistakes = Vec::new();
    for file in &built.files {
        if !file.name().contains(&file.hash) {
            mistakes.push(format!("{} does not hold its content's hash {}", file.name(), file.hash));
        }
    }
    for address in addresses(&built.page) {
        if !built.files.iter().any(|file| address.ends_with(&format!("/{}", file.name()))) {
            mistakes.push(format!("the page asks for {address}, which was not built"));
        }
    }
    mistakes
}

/// What the page's markup asks our server for below its folder of assets.
fn addresses(page: &str) -> Vec<&str> {
    page.split('"').skip(1).step_by(2).filter(|value| value.starts_with("/assets/")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(page: &str, name: &str) -> Built {
        let file = Asset { path: name.into(), compressed: 1, hash: "0123456789abcdef".to_owned() };
        Built { page: page.to_owned(), page_compressed: 1, files: vec![file] }
    }

    #[test]
    fn an_address_without_its_contents_hash_is_a_mistake() {
        assert!(mistakes(&built("", "panel-0123456789abcdef.js")).is_empty());
        for stale in ["panel.js", "panel-fedcba9876543210.js"] {
            assert!(mistakes(&built("", stale))[0].contains("0123456789abcdef"), "{stale}");
        }
    }

    #[test]
    fn a_page_that_asks_for_what_is_not_there_is_a_mistake() {
        let name = "panel-0123456789abcdef.js";
        assert!(mistakes(&built(&format!("<script src=\"/assets/{name}\">"), name)).is_empty());
        let missing = mistakes(&built("<meta data-wasm=\"/assets/panel.wasm\"><a href=\"/help\">", name));
        assert_eq!(missing, ["the page asks for /assets/panel.wasm, which was not built"]);
    }

    #[test]
    fn copies_are_counted_instead_of_their_originals() {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in
            [("panel.html", "<p>"), ("a.css", "body{}"), ("a.css.br", "xx"), ("a.css.gz", "xxx"), ("b.png", "1234")]
        {
            fs::write(folder.path().join(name), content).unwrap();
        }
        let built = read(folder.path(), "panel").unwrap();
        let sizes: Vec<(String, usize)> = built.files.iter().map(|file| (file.name(), file.compressed)).collect();
        assert_eq!(sizes, [("a.css".to_owned(), 2), ("b.png".to_owned(), 4)]);
        assert_eq!(built.total(|role| role == Role::Style), 2);
    }
}
