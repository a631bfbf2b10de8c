//! What the browser keeps for ever: files named after their content, with compressed copies beside them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::digest;

/// Endings of files that shrink; pictures and fonts are compressed already.
const COMPRESSIBLE: [&str; 7] = ["css", "js", "json", "map", "svg", "txt", "wasm"];
const HASH_LENGTH: usize = 16;

/// Whether a file is a compressed copy of another.
pub(crate) fn is_copy(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "br" || ending == "gz")
}

/// The part of a file's address that changes with its content.
pub(crate) fn content_hash(content: &[u8]) -> String {
    digest::of_bytes(content)[..HASH_LENGTH].to_owned()
}

/// The smallest form a browser understands.
///
/// # Errors
/// Never for memory; the encoder's type allows for it.
pub(crate) fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: content.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
}

/// Names every file but the page after its content, tells the page the new names, and lays compressed copies beside them.
///
/// Trunk's own hash is of the program before its optimisation, so a new optimiser would change a file under an old name.
pub(super) fn finish(folder: &Path, page: &str) -> Result<()> {
    let page = folder.join(page);
    let mut html = fs::read_to_string(&page).with_context(|| format!("{} was not built", page.display()))?;
    let files: Vec<PathBuf> = digest::files_below(folder, &|path| path == page)?;
    let mut renamed = Vec::new();
    for file in &files {
        let (old, new) = (name_of(file)?, new_name(file)?);
        html = html.replace(&format!("/{old}"), &format!("/{new}"));
        fs::rename(file, file.with_file_name(&new))?;
        renamed.push((old, file.with_file_name(new)));
    }
    for (_, file) in &renamed {
        refuse_old_names(file, &renamed)?;
        compress(file)?;
    }
    Ok(fs::write(page, html)?)
}

fn name_of(file: &Path) -> Result<String> {
    let name = file.file_name().and_then(|name| name.to_str());
    Ok(name.with_context(|| format!("{} has no plain name", file.display()))?.to_owned())
}

fn new_name(file: &Path) -> Result<String> {
    let name = name_of(file)?;
    let (stem, ending) = name.split_once('.').with_context(|| format!("{name} has no ending"))?;
    // What Trunk put there, in the middle (`panel-82b36b744324eb8d_bg.wasm`) or at the end, has done its duty.
    let words: Vec<&str> = stem.split(['-', '_']).filter(|word| !is_hash(word)).collect();
    Ok(format!("{}-{}.{ending}", words.join("-"), content_hash(&fs::read(file)?)))
}

/// Trunk leaves out the noughts that its hash begins with.
fn is_hash(word: &str) -> bool {
    (HASH_LENGTH - 4..=HASH_LENGTH).contains(&word.len()) && word.bytes().all(|letter| letter.is_ascii_hexdigit())
}

fn refuse_old_names(file: &Path, renamed: &[(String, PathBuf)]) -> Result<()> {
    let content = String::from_utf8_lossy(&fs::read(file)?).into_owned();
    match renamed.iter().find(|(old, _)| content.contains(old.as_str())) {
        Some((old, _)) => bail!("{} asks for {old} by name; only the page may, since names change", file.display()),
        None => Ok(()),
    }
}

fn compress(file: &Path) -> Result<()> {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !COMPRESSIBLE.contains(&ending) {
        return Ok(());
    }
    let content = fs::read(file)?;
    fs::write(file.with_added_extension("br"), brotli(&content)?)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&content)?;
    Ok(fs::write(file.with_added_extension("gz"), gzip.finish()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn built(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    #[test]
    fn files_are_named_after_their_content_and_the_page_knows_the_names() {
        let (js, wasm) = ("panel-2b36b744324eb8d.js", "panel-82b36b744324eb8d_bg.wasm");
        let html = format!("<meta data-js=\"/assets/{js}\" data-wasm=\"/assets/{wasm}\">");
        let folder = built(&[("panel.html", &html), (js, "import"), (wasm, "\0asm")]);
        finish(folder.path(), "panel.html").unwrap();
        let (js, wasm) = (content_hash(b"import"), content_hash(b"\0asm"));
        let expected = format!("<meta data-js=\"/assets/panel-{js}.js\" data-wasm=\"/assets/panel-bg-{wasm}.wasm\">");
        assert_eq!(fs::read_to_string(folder.path().join("panel.html")).unwrap(), expected);
        assert!(folder.path().join(format!("panel-{js}.js")).is_file());
        assert!(folder.path().join(format!("panel-bg-{wasm}.wasm")).is_file());
    }

    #[test]
    fn copies_unpack_to_the_very_same_bytes() {
        let style = "body { color: CanvasText }\n".repeat(100);
        let folder = built(&[("panel.html", ""), ("style.css", &style), ("logo.png", "picture")]);
        finish(folder.path(), "panel.html").unwrap();
        let path = folder.path().join(format!("style-{}.css", content_hash(style.as_bytes())));
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &fs::read(path.with_added_extension("br")).unwrap()[..], &mut unpacked).unwrap();
        assert_eq!(unpacked, style.as_bytes());
        let mut text = String::new();
        flate2::read::GzDecoder::new(&fs::read(path.with_added_extension("gz")).unwrap()[..])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, style);
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            5,
            "page, style, two copies, and a picture without any"
        );
    }

    #[test]
    fn only_the_page_may_name_a_file() {
        let folder =
            built(&[("panel.html", ""), ("a.js", "import './b-0123456789abcdef.js'"), ("b-0123456789abcdef.js", "b")]);
        assert!(finish(folder.path(), "panel.html").unwrap_err().to_string().contains("asks for b-"));
    }

    #[test]
    fn a_page_that_was_not_built_is_an_error() {
        let folder = built(&[("panel.js", "")]);
        assert!(finish(folder.path(), "panel.html").unwrap_err().to_string().contains("was not built"));
    }
}
