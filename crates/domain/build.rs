//! Turns the message catalogue into an enum, so that a word that does not exist does not compile.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

const CATALOGUE: &str = "../../assets/messages/en.txt";

#[expect(clippy::disallowed_methods, reason = "cargo tells build scripts their folder by environment only")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={CATALOGUE}");
    let text = fs::read_to_string(CATALOGUE)?;
    let (mut variants, mut texts, mut all) = (String::new(), String::new(), String::new());
    for (number, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, words) =
            line.split_once(" = ").ok_or_else(|| format!("{CATALOGUE}:{}: expected `key = text`", number + 1))?;
        let name: String = key.split(['.', '_']).map(capitalised).collect();
        // Pages in the system browser are the server's; boot code and the editor bring their own words: the program carries none.
        let is_elsewhere = ["page.", "start.", "editor."].iter().any(|start| key.starts_with(start));
        let only = if is_elsewhere { "#[cfg(feature = \"pages\")] " } else { "" };
        writeln!(variants, "    /// \u{201c}{words}\u{201d}\n    {only}{name},")?;
        writeln!(texts, "    {only}{words:?},")?;
        writeln!(all, "        {only}Self::{name},")?;
    }
    let code = format!(
        "/// One sentence of the catalogue.\n#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]\npub enum Word {{\n{variants}}}\n\n\
         impl Word {{\n    /// All of them.\n    pub const ALL: &[Self] = &[\n{all}    ];\n}}\n\n\
         const TEXTS: &[&str] = &[\n{texts}];\n"
    );
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("words.rs"), code)?;
    Ok(())
}

fn capitalised(part: &str) -> String {
    let mut letters = part.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
