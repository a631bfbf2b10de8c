//! The binary `sidelight`.

use clap::Parser as _;
use sidelight::commands::{Cli, run};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    run(Cli::parse()).await
}
