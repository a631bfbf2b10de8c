//! The server's binary.

use std::path::PathBuf;

use anyhow::Result;

use crate::{environment, step, workspace};

/// What the binary is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// Quick to build; carries demo and stand-in world.
    Development,
    /// Optimised; carries demo and stand-in world.
    Demo,
    /// Optimised; what is deployed.
    Release,
}

impl Kind {
    const fn profile(self) -> &'static str {
        match self {
            Self::Development => "debug",
            Self::Demo | Self::Release => "release",
        }
    }

    const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Development => &[],
            Self::Demo => &["--release"],
            Self::Release => &["--release", "--no-default-features"],
        }
    }
}

/// Builds the binary, unless it is up to date, and says where it is.
pub(super) fn build(kind: Kind) -> Result<PathBuf> {
    let mut command = step::at_root("cargo");
    command.args(["build", "--package", "sidelight"]).args(kind.arguments());
    step::run("Build the server", kind.profile(), &mut command)?;
    Ok(environment::target_folder(workspace::root()).join(kind.profile()).join("sidelight"))
}
