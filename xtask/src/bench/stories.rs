//! Numbers that the server's own stories measure: tests that print a line for each, `measure {"name": …}`. They have the stand-in
//! world at hand, and CI runs the same tests, only smaller.

use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::arguments::Bench;
use crate::table::{Bound, Measure, Unit};
use crate::{build, setup, step};

/// Behind it stands one number as JSON. The test runner may have begun the line with the test's name.
const MARK: &str = "measure ";
/// Requests of each kind over eight connections: the hundredth part of them still says something about the slowest.
const REQUESTS: &str = "4000";
const STARTS: &str = "20";
/// Turns of each of the servers that are compared.
const ROUNDS: &str = "5";
/// Panels of one tenant at the full hour, ten in a meeting.
const PANELS: &str = "200";
/// People in the largest meeting.
const CROWD: &str = "1000";

/// Draws the corpus that no test knows.
const UNSEEN_SEED: &str = "20261122";

/// One number, as a story tells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    name: String,
    value: f64,
    unit: Unit,
    floor: Option<f64>,
    aim: Option<f64>,
    /// Shares of what is right; everything else is better when it is less.
    #[serde(default)]
    more_is_better: bool,
}

/// What each thing that a panel does costs the tenant.
pub(super) fn calls(_: &Bench) -> Result<Vec<Measure>> {
    tell(
        "Count the calls to Gainsight",
        "one panel, a colleague, an hour",
        stories(&[]).args(["--", "--test-threads=1", "calls::", "news::news_cost", "shared::a_colleague"]),
    )
}

/// What the panels of a whole tenant cost when they open at the full hour.
pub(super) fn hour(_: &Bench) -> Result<Vec<Measure>> {
    let mut command = stories(&[]);
    command.envs([("SIDELIGHT_PANELS", PANELS), ("SIDELIGHT_MINUTE", "60")]);
    tell(
        "Open the panels of a full hour",
        "two hundred of one tenant, twenty companies, Gainsight's rate limits on",
        command.args(["--", "--test-threads=1", "hour::"]),
    )
}

/// How long a panel waits while one data centre is dead and one is slow.
pub(super) fn routing(_: &Bench) -> Result<Vec<Measure>> {
    let mut command = stories(&[]);
    tell("Ask three data centres", "one is dead, one takes 400 ms", command.args(["--", "routing::"]))
}

/// Whether people and companies are recognised rightly, in a corpus that the tests know and in one that they do not.
pub(super) fn people(_: &Bench) -> Result<Vec<Measure>> {
    let mut command = step::at_root("cargo");
    command
        .args(["test", "--package", "sidelight-sandbox", "--test", "corpus"])
        .env("SIDELIGHT_SECOND_SEED", UNSEEN_SEED);
    tell(
        "Recognise people and companies",
        "two corpora of 300 labelled meetings",
        command.args(["--", "--include-ignored", "--test-threads=1"]),
    )
}

/// How long the optimised server lets a panel wait.
pub(super) fn latency(_: &Bench) -> Result<Vec<Measure>> {
    // An optimised server is not built without its front end.
    build::panel()?;
    let mut command = stories(&["--release"]);
    command.envs([("SIDELIGHT_REQUESTS", REQUESTS), ("SIDELIGHT_STARTS", STARTS), ("SIDELIGHT_CROWD", CROWD)]);
    tell("Measure the latencies", "optimised, SQLite, eight connections", command.args(["--", "latency::"]))
}

/// What the mirror of a large tenant costs, and of one ten times as large.
pub(super) fn mirror(_: &Bench) -> Result<Vec<Measure>> {
    build::panel()?;
    let mut measures = Vec::new();
    for mirrored in ["100000", "1000000"] {
        let mut command = stories(&["--release"]);
        command.envs([("SIDELIGHT_MIRRORED", mirrored), ("SIDELIGHT_LOOK_UPS", "200")]);
        command.envs([("SIDELIGHT_REQUESTS", REQUESTS), ("SIDELIGHT_CROWD", CROWD)]);
        command.args(["--", "--test-threads=1", "memory::", "directory::a_thousand"]);
        let title = format!("Mirror a tenant of {mirrored} people");
        measures.extend(tell(&title, "optimised, SQLite, eight connections", &mut command)?);
    }
    Ok(measures)
}

/// How the optimised server compares with the same work in Node. Only the ratios are claimed: both run on this machine, in turns.
pub(super) fn peers(_: &Bench) -> Result<Vec<Measure>> {
    build::panel()?;
    setup::peers()?;
    let mut command = stories(&["--release"]);
    command.envs([("SIDELIGHT_REQUESTS", REQUESTS), ("SIDELIGHT_CROWD", CROWD), ("SIDELIGHT_ROUNDS", ROUNDS)]);
    command.args(["--", "--include-ignored", "--exact", "peers::node_does_the_same_work"]);
    tell("Compare with Node", "twins in Express and Fastify, in turns, SQLite, eight connections", &mut command)
}

/// Whether Zoom's rotating tokens survive what can happen to a refresh.
pub(super) fn refresh(options: &Bench) -> Result<Vec<Measure>> {
    let (refreshes, callers) = (options.refreshes.to_string(), options.callers.to_string());
    let why = format!("{refreshes} refreshes by up to {callers} callers, nine of ten faulted");
    let mut command = stories(&[]);
    command.envs([("SIDELIGHT_REFRESHES", &refreshes), ("SIDELIGHT_CALLERS", &callers)]);
    let test = "zoom_token::faulted_refreshes_lose_nothing_and_never_overlap";
    tell("Refresh Zoom's tokens", &why, command.args(["--", "--exact", test]))
}

/// Whether a killed server loses or doubles what it acknowledged.
pub(super) fn kills(options: &Bench) -> Result<Vec<Measure>> {
    let (kills, test) = (options.kills.to_string(), "crash::no_kill_loses_or_doubles_a_note");
    let why = format!("{kills} times kill -9 beside a note");
    tell("Kill the server", &why, stories(&[]).env("SIDELIGHT_KILLS", &kills).args(["--", "--exact", test]))
}

/// The stories' test runner, which is told to let their words through.
fn stories(profile: &[&str]) -> Command {
    let mut command = step::at_root("cargo");
    command.args(["test", "--package", "sidelight", "--test", "stories"]).args(profile);
    command
}

fn tell(title: &str, why: &str, command: &mut Command) -> Result<Vec<Measure>> {
    let (said, outcome) = step::listen(title, why, command.arg("--nocapture"))?;
    let measures = told(&said)?;
    // A story fails when its floor is missed, which the table says better.
    if !measures.iter().any(Measure::is_missed) {
        outcome?;
    }
    if measures.is_empty() {
        bail!("{title}: no story told a number");
    }
    Ok(measures)
}

fn told(said: &str) -> Result<Vec<Measure>> {
    let lines = said.lines().filter_map(|line| Some(line.split_once(MARK)?.1)).filter(|text| text.starts_with('{'));
    lines
        .map(|text| {
            let told: Told = serde_json::from_str(text).with_context(|| format!("no measure: {text}"))?;
            let bound = if told.more_is_better { Bound::AtLeast } else { Bound::AtMost };
            let (floor, aim) = (told.floor.map(bound), told.aim.map(bound));
            Ok(Measure { name: told.name, value: told.value, unit: told.unit, floor, aim })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_wherever_in_a_line_it_begins() {
        let said = "running 2 tests\ntest calls::a ... measure {\"name\":\"cold open\",\"value\":7,\"unit\":\"count\",\"floor\":8,\"aim\":5}\n\
                    measure {\"name\":\"p99\",\"value\":3.25,\"unit\":\"milliseconds\",\"floor\":null,\"aim\":null}\nok\nto measure is to know\n";
        let measures = told(said).unwrap();
        let shown: Vec<_> = measures
            .iter()
            .map(|measure| (measure.name.as_str(), measure.value, measure.unit, measure.is_missed()))
            .collect();
        assert_eq!(shown, [("cold open", 7.0, Unit::Count, false), ("p99", 3.25, Unit::Milliseconds, false)]);
        assert!(measures[1].floor.is_none() && measures[1].aim.is_none());
    }

    #[test]
    fn a_story_whose_floor_is_missed_is_a_missed_measure() {
        let lost =
            |count: u32| format!("measure {{\"name\":\"lost\",\"value\":{count},\"unit\":\"count\",\"floor\":0}}");
        for (count, is_missed) in [(0, false), (1, true)] {
            assert_eq!(told(&lost(count)).unwrap()[0].is_missed(), is_missed, "{count}");
        }
    }

    #[test]
    fn a_share_below_its_floor_is_missed() {
        let right = |share: f64| {
            format!(
                "measure {{\"name\":\"right\",\"value\":{share},\"unit\":\"percent\",\"floor\":98,\"more_is_better\":true}}"
            )
        };
        for (share, is_missed) in [(97.9, true), (98.0, false), (100.0, false)] {
            assert_eq!(told(&right(share)).unwrap()[0].is_missed(), is_missed, "{share}");
        }
    }

    #[test]
    fn a_number_in_another_form_is_an_error_rather_than_left_out() {
        let said = "measure {\"name\":\"cold open\",\"calls\":7}";
        assert!(told(said).unwrap_err().to_string().contains("cold open"));
    }

    #[test]
    fn a_run_without_a_number_fails_and_so_does_one_that_failed_before_it_told_any() {
        let said_nothing = tell("Say nothing", "a test", Command::new("true").current_dir("/"));
        assert!(said_nothing.unwrap_err().to_string().contains("no story told a number"));
        let failed = tell("Fail", "a test", Command::new("false").current_dir("/"));
        assert!(failed.unwrap_err().to_string().contains("exit status: 1"));
    }
}
