//! What can be typed after `cargo xtask`.

use clap::{Args, Parser, Subcommand};

/// Sidelight's task runner. Every verb sets up what it needs by itself.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Install the tools, npm packages and programs that building and testing need.
    Setup,
    /// Build the front end, then the server.
    Build(Build),
    /// Build what is missing, then start the server with its stand-in world.
    Demo(Demo),
    /// Run all tests: units, contracts, integration, then end to end.
    Test(Test),
    /// Run the end-to-end tests in Chromium.
    E2e(EndToEnd),
    /// Measure what the design promises and print it as tables; fail when a floor is missed.
    ///
    /// Groups: `fidelity` of the stand-in world to the references; `people`, how rightly they and companies are recognised; `calls`
    /// to Gainsight for each thing a panel does;
    /// `latency` of the optimised server, its cold start and its memory; `refresh`, Zoom tokens lost; `kills`, notes lost or doubled by kill -9.
    Bench(Bench),
    /// Print what the panel weighs and fail when it weighs too much.
    Size,
    /// Format all Rust code.
    Fmt,
    /// Check formatting, lints, documentation, dependencies and house rules.
    Lint,
}

#[derive(Debug, Args)]
pub(crate) struct Build {
    /// Build the artefact that is deployed: optimised, without demo and stand-in world.
    #[arg(long)]
    pub(crate) release: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Do not open the meeting in a browser.
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// The server's port.
    #[arg(long, value_name = "N")]
    pub(crate) port: Option<u16>,
    /// The first of the stand-in world's ports.
    #[arg(long, value_name = "N")]
    pub(crate) sandbox_port: Option<u16>,
    /// Run an optimised server.
    #[arg(long)]
    pub(crate) release: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Passed on to `cargo test`; with any, only Rust tests run.
    #[arg(last = true)]
    pub(crate) runner_arguments: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct EndToEnd {
    /// Part of a file's name; if no file has it, part of a test's name.
    pub(crate) filter: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Measure this group only: fidelity, people, calls, hour, routing, latency, mirror, peers, refresh or kills.
    pub(crate) group: Option<String>,
    /// How often `kills` kills the server; 1,000 times take about half an hour.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) kills: u32,
    /// How many refreshes `refresh` lets happen.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) refreshes: u32,
    /// How many callers wait for one of them, at most.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) callers: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_bench_kills_a_thousand_times_unless_told_otherwise() {
        for (typed, kills) in [(&["xtask", "bench"][..], 1_000), (&["xtask", "bench", "kills", "--kills", "50"], 50)] {
            let Verb::Bench(bench) = Arguments::parse_from(typed).verb else { panic!("not the bench verb") };
            assert_eq!(bench.kills, kills);
        }
    }

    #[test]
    fn what_follows_two_dashes_belongs_to_the_runner() {
        let arguments = Arguments::parse_from(["xtask", "test", "--", "-p", "sidelight-domain", "--", "--nocapture"]);
        let Verb::Test(test) = arguments.verb else { panic!("not the test verb") };
        assert_eq!(test.runner_arguments, ["-p", "sidelight-domain", "--", "--nocapture"]);
    }
}
