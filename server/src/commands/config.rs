//! `sidelight config …`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::documents::print;
use crate::config::{Config, environment, example as example_text, show as shown};

/// Where the configuration is read from.
pub(super) struct Source(Option<PathBuf>);

const DEFAULT_FILE: &str = "sidelight.toml";

impl Source {
    pub(super) const fn new(file: Option<PathBuf>) -> Self {
        Self(file)
    }

    pub(super) fn read(&self) -> anyhow::Result<Config> {
        let text = match &self.0 {
            Some(file) => std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?,
            None if Path::new(DEFAULT_FILE).exists() => {
                std::fs::read_to_string(DEFAULT_FILE).context("cannot read sidelight.toml")?
            }
            None => String::new(),
        };
        Ok(Config::read(&text, &environment())?)
    }
}

pub(super) fn check(source: &Source) -> anyhow::Result<()> {
    let config = source.read()?;
    print(&format!(
        "The configuration is usable: {} organisation(s), {} Zoom app(s), {} tenant(s).\n",
        config.organisations.len(),
        config.zoom.apps.len(),
        config.tenants.len()
    ))
}

pub(super) fn show(source: &Source) -> anyhow::Result<()> {
    print(&shown(&source.read()?))
}

pub(super) fn example() -> anyhow::Result<()> {
    print(&example_text())
}
