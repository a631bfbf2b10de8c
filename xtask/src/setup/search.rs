//! Where the machine's programs are.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::{environment, step};

/// The first major version with a test runner that reads as ours are written.
const OLDEST_NODE: u32 = 20;

/// Node, if it is young enough and has npm.
pub(super) fn node() -> Option<PathBuf> {
    let (node, _npm) = (environment::program("node")?, environment::program("npm")?);
    let version = step::answer(Command::new(&node).arg("--version")).ok()?;
    (major(&version)? >= OLDEST_NODE).then_some(node)
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// A Chromium that can be driven: the one that the environment names, or the first known one that is no snap.
pub(super) fn chromium() -> Result<Option<PathBuf>> {
    const NAMES: [&str; 4] = ["chromium", "google-chrome-stable", "google-chrome", "chromium-browser"];
    if let Some(named) = environment::variable(environment::CHROMIUM) {
        let path = PathBuf::from(named);
        if !path.is_file() {
            bail!("{} names {}, which is no program", environment::CHROMIUM, path.display());
        }
        return Ok(Some(path));
    }
    Ok(NAMES.iter().filter_map(|name| environment::program(name)).find(|path| !is_snap(path)))
}

/// A snap, or the stub that only says where to get the snap. Either is useless here: a snap sees no temporary folder.
fn is_snap(path: &Path) -> bool {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if real.starts_with("/snap") || real.file_name().is_some_and(|name| name == "snap") {
        return true;
    }
    // A real browser is not text, so that reading it as text fails.
    fs::read_to_string(real).is_ok_and(|script| script.starts_with("#!") && script.contains("/snap/"))
}

/// The folder of `PostgreSQL`'s server programs: the one that the environment names, one on the search path, or the newest
/// that Debian keeps off it.
pub(super) fn postgres() -> Result<Option<PathBuf>> {
    if let Some(named) = environment::variable(environment::POSTGRES) {
        let folder = PathBuf::from(named);
        if !has_server(&folder) {
            bail!("{} names {}, which holds no initdb and postgres", environment::POSTGRES, folder.display());
        }
        return Ok(Some(folder));
    }
    let on_path = environment::program_folders().into_iter().find(|folder| has_server(folder));
    Ok(on_path.or_else(|| newest_server(Path::new("/usr/lib/postgresql"))))
}

fn newest_server(versions: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(versions).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let servers = folders.filter_map(|folder| {
        let version: u32 = folder.file_name()?.to_str()?.parse().ok()?;
        let programs = folder.join("bin");
        has_server(&programs).then_some((version, programs))
    });
    servers.max().map(|(_, programs)| programs)
}

fn has_server(folder: &Path) -> bool {
    ["initdb", "postgres", "pg_isready"].iter().all(|program| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn the_major_version_of_node_is_read_from_its_answer() {
        for (answer, version) in [("v20.20.2\n", Some(20)), ("v8.0.0", Some(8)), ("20", None), ("", None)] {
            assert_eq!(major(answer), version, "{answer:?}");
        }
    }

    #[test]
    fn snaps_and_their_stubs_are_told_from_browsers() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        fs::write(place("debian"), "#!/bin/sh\nexec /usr/lib/chromium/chromium \"$@\"\n").unwrap();
        fs::write(place("elf"), [0x7f, b'E', b'L', b'F', 0xff, 0xfe]).unwrap();
        fs::write(place("stub"), "#!/bin/sh\nif ! [ -x /snap/bin/chromium ]; then echo install the snap; exit 1; fi\n")
            .unwrap();
        fs::write(place("snap"), [0x7f, b'E', b'L', b'F', 0xff]).unwrap();
        symlink(place("snap"), place("link")).unwrap();
        for (name, expected) in [("debian", false), ("elf", false), ("stub", true), ("link", true)] {
            assert_eq!(is_snap(&place(name)), expected, "{name}");
        }
    }

    #[test]
    fn the_newest_complete_server_wins() {
        let folder = tempfile::tempdir().unwrap();
        for (version, programs) in [("9", 3), ("15", 3), ("17", 1), ("notes", 3)] {
            let place = folder.path().join(version).join("bin");
            fs::create_dir_all(&place).unwrap();
            for program in &["initdb", "postgres", "pg_isready"][..programs] {
                fs::write(place.join(program), "").unwrap();
            }
        }
        assert_eq!(newest_server(folder.path()), Some(folder.path().join("15/bin")));
        assert_eq!(newest_server(&folder.path().join("none")), None);
    }
}
