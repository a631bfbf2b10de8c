//! Programs that belong to the machine: looked for first, installed through the system's package manager by its
//! administrator, and asked for in one message by everybody else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::search;
use crate::{environment, step};

/// A program of the machine that Sidelight's tasks use.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Need {
    Node,
    Chromium,
    Postgres,
}

impl Need {
    const fn name(self) -> &'static str {
        match self {
            Self::Node => "Node 20 or newer, with npm",
            Self::Chromium => "Chromium",
            Self::Postgres => "PostgreSQL",
        }
    }

    const fn why(self) -> &'static str {
        match self {
            Self::Node => "bundles the panel's JavaScript",
            Self::Chromium => "the end-to-end tests click through the panel in it",
            Self::Postgres => "the store's contract is tested on it, besides SQLite",
        }
    }

    /// The packages of Debian and Ubuntu that bring a usable one.
    const fn packages(self, system: System) -> &'static [&'static str] {
        match self {
            // Debian 12 packages Node 18.
            Self::Node => &[],
            _ if !system.has_apt => &[],
            // Ubuntu's packages are snaps, which see no temporary folder. Without a font, pages show no text.
            Self::Chromium if system.is_ubuntu => &[],
            Self::Chromium => &["chromium", "fonts-liberation"],
            Self::Postgres => &["postgresql"],
        }
    }

    /// What to do where no package helps.
    const fn advice(self) -> &'static str {
        match self {
            Self::Node => "install it as its makers or your version manager say",
            Self::Chromium => {
                "install Google Chrome or another Chromium that is no snap, or name one in SIDELIGHT_CHROMIUM"
            }
            Self::Postgres => "install its server, or name the folder of initdb and postgres in SIDELIGHT_POSTGRES_BIN",
        }
    }

    /// Where the tests read the program's place.
    const fn variable(self) -> Option<&'static str> {
        match self {
            Self::Node => None,
            Self::Chromium => Some(environment::CHROMIUM),
            Self::Postgres => Some(environment::POSTGRES),
        }
    }

    fn find(self) -> Result<Option<PathBuf>> {
        match self {
            Self::Node => Ok(search::node()),
            Self::Chromium => search::chromium(),
            Self::Postgres => search::postgres(),
        }
    }
}

/// What decides how a missing program can be had.
#[derive(Clone, Copy, Debug)]
struct System {
    is_administrator: bool,
    has_apt: bool,
    is_ubuntu: bool,
}

/// A machine on which everything that was asked for is there.
#[derive(Debug)]
pub(crate) struct Machine {
    programs: BTreeMap<Need, PathBuf>,
}

impl Machine {
    /// What tells the tests where the programs are.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        self.programs.iter().filter_map(|(need, path)| Some((need.variable()?, path.as_path())))
    }
}

/// Finds the programs, and installs the missing ones where that is possible.
///
/// # Errors
/// If one is missing and has to be installed by somebody else: the one message lists all of them.
pub(super) fn prepare(needs: &[Need]) -> Result<Machine> {
    let mut missing = look_for(needs)?.1;
    if !missing.is_empty() {
        match remedy(&missing, System::of_this_machine()?) {
            Remedy::Install(packages) => install(&packages)?,
            Remedy::Tell(message) => bail!(message),
        }
    }
    let (programs, still) = look_for(needs)?;
    missing.retain(|need| still.contains(need));
    if missing.is_empty() {
        return Ok(Machine { programs });
    }
    let names: Vec<_> = missing.iter().map(|need| format!("{} ({})", need.name(), need.advice())).collect();
    bail!("the packages were installed and yet something is missing: {}", names.join("; "))
}

fn look_for(needs: &[Need]) -> Result<(BTreeMap<Need, PathBuf>, Vec<Need>)> {
    let (mut found, mut missing) = (BTreeMap::new(), Vec::new());
    for &need in needs {
        match need.find()? {
            Some(path) => {
                found.insert(need, path);
            }
            None => missing.push(need),
        }
    }
    Ok((found, missing))
}

impl System {
    fn of_this_machine() -> Result<Self> {
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        Ok(Self {
            is_administrator: step::answer(Command::new("id").arg("-u"))?.trim() == "0",
            has_apt: environment::program("apt-get").is_some(),
            is_ubuntu: release.lines().any(|line| line == "ID=ubuntu"),
        })
    }
}

#[derive(Debug, Eq, PartialEq)]
enum Remedy {
    Install(Vec<&'static str>),
    Tell(String),
}

fn remedy(missing: &[Need], system: System) -> Remedy {
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages(system)).copied().collect();
    let by_hand: Vec<Need> = missing.iter().copied().filter(|need| need.packages(system).is_empty()).collect();
    if system.is_administrator && by_hand.is_empty() {
        return Remedy::Install(packages);
    }
    Remedy::Tell(message(missing, &packages, &by_hand, system))
}

fn message(missing: &[Need], packages: &[&str], by_hand: &[Need], system: System) -> String {
    let mut lines = vec!["This machine lacks:".to_owned()];
    lines.extend(missing.iter().map(|need| format!("  {} \u{2013} {}", need.name(), need.why())));
    if !packages.is_empty() {
        let command = format!("apt-get update && {0}apt-get install --yes {1}", sudo(system), packages.join(" "));
        lines.push(format!("Install it with:\n  {}{command}", sudo(system)));
    }
    lines.extend(by_hand.iter().map(|need| format!("{}: {}", need.name(), need.advice())));
    lines.push("Then start the same command again.".to_owned());
    lines.join("\n")
}

const fn sudo(system: System) -> &'static str {
    if system.is_administrator { "" } else { "sudo " }
}

fn install(packages: &[&str]) -> Result<()> {
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    step::run("Update the list of system packages", "something is missing", apt().arg("update"))?;
    let why = format!("the tests need {}", packages.join(", "));
    step::run(
        "Install system packages",
        &why,
        apt().args(["install", "--yes", "--no-install-recommends"]).args(packages),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEBIAN_ROOT: System = System { is_administrator: true, has_apt: true, is_ubuntu: false };
    const DEBIAN_USER: System = System { is_administrator: false, ..DEBIAN_ROOT };
    const UBUNTU_ROOT: System = System { is_ubuntu: true, ..DEBIAN_ROOT };
    const OTHER_ROOT: System = System { has_apt: false, ..DEBIAN_ROOT };

    fn told(missing: &[Need], system: System) -> String {
        match remedy(missing, system) {
            Remedy::Tell(message) => message,
            Remedy::Install(packages) => panic!("would install {packages:?}"),
        }
    }

    #[test]
    fn the_administrator_of_a_debian_machine_is_not_asked() {
        let packages = vec!["chromium", "fonts-liberation", "postgresql"];
        assert_eq!(remedy(&[Need::Chromium, Need::Postgres], DEBIAN_ROOT), Remedy::Install(packages));
    }

    #[test]
    fn a_user_is_told_once_what_is_missing_why_and_the_whole_command_line() {
        let message = told(&[Need::Chromium, Need::Postgres], DEBIAN_USER);
        for part in [
            "Chromium \u{2013} the end-to-end tests",
            "PostgreSQL \u{2013} the store's contract",
            "  sudo apt-get update && sudo apt-get install --yes chromium fonts-liberation postgresql",
            "start the same command again",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn ubuntus_snap_is_never_installed() {
        let message = told(&[Need::Chromium, Need::Postgres], UBUNTU_ROOT);
        assert!(message.contains("install --yes postgresql\n") && message.contains("no snap"), "{message}");
        assert_eq!(remedy(&[Need::Postgres], UBUNTU_ROOT), Remedy::Install(vec!["postgresql"]));
    }

    #[test]
    fn without_a_known_package_manager_every_program_comes_with_advice() {
        let message = told(&[Need::Postgres, Need::Node], OTHER_ROOT);
        assert!(!message.contains("apt-get"), "{message}");
        assert!(message.contains("SIDELIGHT_POSTGRES_BIN") && message.contains("version manager"), "{message}");
    }

    #[test]
    fn an_old_node_is_never_replaced_by_debians_older_one() {
        assert!(told(&[Need::Node], DEBIAN_ROOT).contains("Node 20"));
    }
}
