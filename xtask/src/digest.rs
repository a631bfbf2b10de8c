//! Digests of what goes into a build and of what came out, so that a build whose inputs did not change is not repeated.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// The SHA-256 of some bytes, in hexadecimal digits.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// One digest over the names and contents of all files below `paths`, and over `facts` such as versions of tools.
///
/// # Errors
/// If a file cannot be read. A path that does not exist counts as empty: its appearing changes the digest.
pub(crate) fn of_inputs(root: &Path, paths: &[&str], skipped: &[&str], facts: &[String]) -> Result<String> {
    let mut hasher = Sha256::new();
    for fact in facts {
        absorb(&mut hasher, fact.as_bytes());
    }
    for path in paths {
        for file in files_below(&root.join(path), &|folder| skipped.iter().any(|skip| folder == root.join(skip)))? {
            let name = file.strip_prefix(root).unwrap_or(&file);
            absorb(&mut hasher, name.as_os_str().as_encoded_bytes());
            absorb(&mut hasher, &fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?);
        }
    }
    Ok(hexadecimal(&hasher.finalize()))
}

/// All files below a path, or the path itself if it is a file, in the order of their names.
///
/// # Errors
/// If a folder cannot be listed.
pub(crate) fn files_below(path: &Path, is_skipped: &impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(path, is_skipped, &mut files).with_context(|| format!("{} cannot be listed", path.display()))?;
    files.sort();
    Ok(files)
}

fn collect(path: &Path, is_skipped: &impl Fn(&Path) -> bool, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if is_skipped(path) {
        return Ok(());
    }
    if path.is_file() {
        files.push(path.to_owned());
    } else if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), is_skipped, files)?;
        }
    }
    Ok(())
}

/// Without the length, moving bytes from one file's end to the next one's start would not show.
fn absorb(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update(bytes.len().to_le_bytes());
    hasher.update(bytes);
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(root: &Path, facts: &[&str]) -> String {
        let facts: Vec<String> = facts.iter().map(|&fact| fact.to_owned()).collect();
        of_inputs(root, &["source", "Cargo.lock"], &["source/made"], &facts).unwrap()
    }

    fn checkout() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("source/made")).unwrap();
        fs::write(folder.path().join("source/a.rs"), "one").unwrap();
        fs::write(folder.path().join("source/b.rs"), "two").unwrap();
        folder
    }

    #[test]
    fn bytes_have_their_published_digest() {
        assert_eq!(of_bytes(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn every_change_of_an_input_shows() {
        type Change = fn(&Path) -> io::Result<()>;
        let changes: [(&str, Change); 5] = [
            ("content", |root| fs::write(root.join("source/a.rs"), "changed")),
            ("name", |root| fs::rename(root.join("source/a.rs"), root.join("source/c.rs"))),
            ("new file", |root| fs::write(root.join("source/c.rs"), "")),
            ("lost file", |root| fs::remove_file(root.join("source/b.rs"))),
            ("single file", |root| fs::write(root.join("Cargo.lock"), "")),
        ];
        for (what, change) in changes {
            let folder = checkout();
            let before = digest(folder.path(), &["trunk 1"]);
            change(folder.path()).unwrap();
            assert_ne!(before, digest(folder.path(), &["trunk 1"]), "{what}");
        }
    }

    #[test]
    fn a_tools_version_is_an_input_too() {
        let folder = checkout();
        assert_ne!(digest(folder.path(), &["trunk 1"]), digest(folder.path(), &["trunk 2"]));
        assert_ne!(digest(folder.path(), &["ab", "c"]), digest(folder.path(), &["a", "bc"]));
    }

    #[test]
    fn what_a_build_makes_inside_its_inputs_does_not_count() {
        let folder = checkout();
        let before = digest(folder.path(), &[]);
        fs::write(folder.path().join("source/made/boot.js"), "made").unwrap();
        assert_eq!(before, digest(folder.path(), &[]));
    }
}
