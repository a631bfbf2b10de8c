//! `cargo xtask demo`: the product with its stand-in world, from nothing to addresses on the screen.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::{Context as _, Error, Result};

use crate::arguments::Demo;
use crate::build::{self, Kind};

/// Builds what is missing and becomes the server.
///
/// # Errors
/// If something cannot be built or the server cannot be started.
pub(crate) fn run(options: &Demo) -> Result<()> {
    let binary = build::product(if options.release { Kind::Demo } else { Kind::Development })?;
    // Returns only if it failed; otherwise the server takes this process over, signals and all.
    let failure = Command::new(&binary).args(arguments(options)).exec();
    Err(Error::from(failure)).with_context(|| format!("{} cannot be started", binary.display()))
}

fn arguments(options: &Demo) -> Vec<String> {
    let mut arguments = vec!["demo".to_owned()];
    if options.no_browser {
        arguments.push("--no-browser".to_owned());
    }
    for (name, port) in [("--port", options.port), ("--sandbox-port", options.sandbox_port)] {
        arguments.extend(port.into_iter().flat_map(|port| [name.to_owned(), port.to_string()]));
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_reaches_the_server() {
        let nothing = Demo { no_browser: false, port: None, sandbox_port: None, release: true };
        assert_eq!(arguments(&nothing), ["demo"]);
        let all = Demo { no_browser: true, port: Some(8081), sandbox_port: Some(9090), release: false };
        assert_eq!(arguments(&all), ["demo", "--no-browser", "--port", "8081", "--sandbox-port", "9090"]);
    }
}
