//! The command line: `sidelight <command>` (design 6).

mod config;
mod documents;
mod manifest;
mod serve;

#[cfg(feature = "sandbox")]
pub(crate) use documents::print;
#[cfg(feature = "sandbox")]
pub(crate) use serve::{open, stop_signal};

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// A customer's whole story beside a Zoom call.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// Configuration file; variables such as `SIDELIGHT_SERVER__BIND` are laid over it. Without it, `sidelight.toml` if it is there.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server. It brings the database up to date by itself.
    Serve,
    /// Run the server against the sandbox: a stand-in Gainsight, Zoom and meeting, all on this machine.
    #[cfg(feature = "sandbox")]
    Demo(crate::demo::DemoOptions),
    /// Run the stand-ins alone, so that the server can be stopped beside them.
    #[cfg(feature = "sandbox")]
    Sandbox(crate::demo::SandboxOptions),
    /// Bring the database up to date and say what was done.
    Migrate,
    /// Look at the configuration.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print the OpenAPI 3.1 description of the panel's API.
    Openapi,
    /// Print the Zoom Marketplace manifest for this installation.
    Manifest,
}

/// What about the configuration.
#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Report all mistakes at once.
    Check,
    /// Print the settled values; secrets appear as "(set)".
    Show,
    /// Print a file with every setting, its meaning and its default.
    Example,
}

/// Does what the command line says.
///
/// # Errors
/// A message for the operator.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    let source = config::Source::new(cli.config);
    match cli.command {
        Command::Serve => serve::serve(source.read()?).await,
        #[cfg(feature = "sandbox")]
        Command::Demo(options) => crate::demo::demo(options).await,
        #[cfg(feature = "sandbox")]
        Command::Sandbox(options) => crate::demo::sandbox(options).await,
        Command::Migrate => serve::migrate(&source.read()?).await,
        Command::Config { command: ConfigCommand::Check } => config::check(&source),
        Command::Config { command: ConfigCommand::Show } => config::show(&source),
        Command::Config { command: ConfigCommand::Example } => config::example(),
        Command::Openapi => documents::openapi(),
        Command::Manifest => manifest::print(&source.read()?),
    }
}
