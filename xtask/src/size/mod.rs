//! `cargo xtask size`: what a meeting's participant downloads before the panel shows something, and before it works.

mod files;

use std::fs;

use anyhow::{Context as _, Result, bail};
use files::{Built, Role};

use crate::table::{self, Bound, Measure, Unit};
use crate::{build, workspace};

const PAGE: &str = "panel";

/// Builds the panel if it is old, prints its sizes and checks its addresses.
///
/// # Errors
/// If a floor of the design is missed, or an address that browsers keep for ever could change its content.
pub(crate) fn run() -> Result<()> {
    build::panel()?;
    let built = files::read(&build::dist(PAGE), PAGE)?;
    print_files(&built);
    let catalogue = fs::read_to_string(workspace::root().join("assets/messages/en.txt"))
        .context("the message catalogue cannot be read")?;
    let within = table::print("panel, brotli", &measures(&built, build::brotli(&words(&catalogue))?.len()));
    let mistakes = files::mistakes(&built);
    if !mistakes.is_empty() {
        bail!("addresses that are kept for ever must change with their content:\n  {}", mistakes.join("\n  "));
    }
    println!("Each of the {} addresses is named after its content.", built.files.len());
    within
}

fn print_files(built: &Built) {
    for file in &built.files {
        println!("{:>9}  {}", file.compressed, file.path.file_name().unwrap_or_default().display());
    }
    println!("{:>9}  {PAGE}.html\n", built.page_compressed);
}

/// The floors and aims of the design's section 7; the catalogue's budget is that of its section 4.10.
fn measures(built: &Built, catalogue: usize) -> Vec<Measure> {
    let first = built.page_compressed + built.total(|role| role == Role::Style);
    let at_once = built.page_compressed + built.total(|role| !matches!(role, Role::Late | Role::Editor));
    let measure = |name: &str, bytes: usize, floor: f64, aim: Option<f64>| Measure {
        name: name.to_owned(),
        value: kilobytes(bytes),
        unit: Unit::Kilobytes,
        floor: Some(Bound::AtMost(floor)),
        aim: aim.map(Bound::AtMost),
    };
    vec![
        measure("first content: page and styles", first, 20.0, Some(12.0)),
        measure("until it is interactive: with program and Zoom's SDK", at_once, 200.0, Some(130.0)),
        measure("of it, all words of the message catalogue", catalogue, 5.0, None),
        measure("right after: dialogs, forms, home", built.total(|role| role == Role::Late), 120.0, Some(80.0)),
        measure(
            "later, when somebody writes: the note's editor",
            built.total(|role| role == Role::Editor),
            50.0,
            Some(40.0),
        ),
    ]
}

fn kilobytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1_000.0
}

/// The sentences without their keys, as the program carries them: the server's pages and the boot code keep theirs to themselves
/// (`crates/domain/build.rs`).
fn words(catalogue: &str) -> Vec<u8> {
    let is_elsewhere = |line: &&str| ["#", "page.", "start."].iter().any(|beginning| line.starts_with(beginning));
    let sentences = catalogue.lines().filter(|line| !is_elsewhere(line)).filter_map(|line| line.split_once(" = "));
    sentences.map(|(_, words)| words).collect::<Vec<_>>().join("\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use files::Asset;

    #[test]
    fn of_the_catalogue_only_the_panels_sentences_are_shipped() {
        let catalogue =
            "# Menu\nmenu.logout = Logout\n\npage.title = Title\nmenu.help = Help = good\nstart.wait = Wait\n";
        assert_eq!(words(catalogue), b"Logout\nHelp = good");
    }

    #[test]
    fn first_content_is_page_and_styles_and_what_comes_later_is_counted_by_itself() {
        let asset = |name: &str, compressed| Asset { path: name.into(), compressed, hash: String::new() };
        let built = Built {
            page: String::new(),
            page_compressed: 3_000,
            files: vec![
                asset("a.css", 4_000),
                asset("b.js", 20_000),
                asset("c.wasm", 80_000),
                asset("d.svg", 1_000),
                asset("editor-0123456789abcdef.js", 30_000),
                asset("late-0123456789abcdef.wasm", 60_000),
            ],
        };
        let values: Vec<String> =
            measures(&built, 2_500).iter().map(|measure| format!("{:.1}", measure.value)).collect();
        assert_eq!(values, ["7.0", "108.0", "2.5", "60.0", "30.0"]);
    }
}
