//! Fidelity of the stand-in world: how many of the facts that the product relies on a contract test of the sandbox cites,
//! and how many of the unknown ones can be played both ways.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::arguments::Bench;
use crate::table::{Bound, Measure, Unit};
use crate::{digest, workspace};

/// The sandbox's mark for a fact that nobody could find out.
const UNKNOWN: &str = "?";

#[derive(Debug, Deserialize)]
struct Facts {
    fact: Vec<Fact>,
}

#[derive(Debug, Deserialize)]
struct Fact {
    id: String,
    /// The reference and its section: `gainsight 5.1`.
    section: String,
    mark: String,
    switch: Option<String>,
}

/// Counts per reference.
pub(super) fn measure(_: &Bench) -> Result<Vec<Measure>> {
    let sandbox = workspace::root().join("crates/sandbox");
    let text = fs::read_to_string(sandbox.join("facts.toml")).context("the sandbox lists no facts")?;
    let facts: Facts = toml::from_str(&text).context("facts.toml is not a list of facts")?;
    let cited = citations_below(&sandbox.join("tests"))?;
    let measures = count(&facts.fact, &cited)?;
    let forgotten: Vec<&str> =
        facts.fact.iter().map(|fact| fact.id.as_str()).filter(|id| !cited.contains(*id)).collect();
    if !forgotten.is_empty() {
        println!("cited by no contract test: {}", forgotten.join(", "));
    }
    Ok(measures)
}

fn citations_below(folder: &Path) -> Result<BTreeSet<String>> {
    let mut cited = BTreeSet::new();
    for file in digest::files_below(folder, &|_| false)? {
        cited.extend(citations(&fs::read_to_string(&file).unwrap_or_default()));
    }
    Ok(cited)
}

/// Every text literal inside the parentheses of a `cites(…)`.
fn citations(source: &str) -> Vec<String> {
    let calls = source.split("cites(").skip(1).filter_map(|rest| rest.split(')').next());
    calls.flat_map(|call| call.split('"').skip(1).step_by(2)).map(ToOwned::to_owned).collect()
}

#[derive(Default)]
struct Count {
    listed: u32,
    cited: u32,
    unknown: u32,
    switchable: u32,
}

fn count(facts: &[Fact], cited: &BTreeSet<String>) -> Result<Vec<Measure>> {
    let mut known = BTreeSet::new();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for fact in facts {
        if !known.insert(fact.id.clone()) {
            bail!("facts.toml lists {} twice", fact.id);
        }
        let reference = fact.section.split(' ').next().unwrap_or_default();
        let count = counts.entry(reference).or_default();
        let is_unknown = fact.mark == UNKNOWN;
        count.listed += 1;
        count.cited += u32::from(cited.contains(&fact.id));
        count.unknown += u32::from(is_unknown);
        count.switchable += u32::from(is_unknown && fact.switch.is_some());
    }
    let invented: Vec<&str> = cited.difference(&known).map(String::as_str).collect();
    if !invented.is_empty() {
        bail!("tests cite facts that facts.toml does not list: {}", invented.join(", "));
    }
    Ok(counts.iter().flat_map(|(reference, count)| measures(reference, count)).collect())
}

fn measures(reference: &str, count: &Count) -> Vec<Measure> {
    let share = |what: &str, part: u32, whole: u32, floor: f64| Measure {
        name: format!("{reference}: {what} ({part} of {whole})"),
        value: 100.0 * f64::from(part) / f64::from(whole),
        unit: Unit::Percent,
        floor: Some(Bound::AtLeast(floor)),
        aim: Some(Bound::AtLeast(100.0)),
    };
    let mut measures = vec![share("facts cited by a contract test", count.cited, count.listed, 90.0)];
    if count.unknown > 0 {
        // The design leaves no room here: what is unknown has to be playable both ways.
        measures.push(share("unknown facts with a switch", count.switchable, count.unknown, 100.0));
    }
    measures
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(id: &str, section: &str, mark: &str, switch: Option<&str>) -> Fact {
        let switch = switch.map(ToOwned::to_owned);
        Fact { id: id.to_owned(), section: section.to_owned(), mark: mark.to_owned(), switch }
    }

    fn cited(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().map(|&id| id.to_owned()).collect()
    }

    #[test]
    fn a_test_cites_one_fact_or_several() {
        let source = "fn a() { cites(\"gs-1\"); x(\"no\"); cites(&[\"gs-2\",\n \"zm-3\"]) }\nfn cites(id: &str) {}";
        assert_eq!(citations(source), ["gs-1", "gs-2", "zm-3"]);
    }

    #[test]
    fn facts_are_counted_per_reference_and_unknown_ones_need_a_switch() {
        let facts = [
            fact("gs-1", "gainsight 1", "D", None),
            fact("gs-2", "gainsight 5.1", "?", Some("gainsight.x")),
            fact("gs-3", "gainsight 5.2", "?", None),
            fact("zm-1", "zoom 4", "C", None),
        ];
        let measures = count(&facts, &cited(&["gs-1", "zm-1"])).unwrap();
        let shown: Vec<String> =
            measures.iter().map(|measure| format!("{}: {:.0}", measure.name, measure.value)).collect();
        assert_eq!(
            shown,
            [
                "gainsight: facts cited by a contract test (1 of 3): 33",
                "gainsight: unknown facts with a switch (1 of 2): 50",
                "zoom: facts cited by a contract test (1 of 1): 100",
            ]
        );
    }

    #[test]
    fn an_invented_fact_and_one_listed_twice_are_errors() {
        let facts = [fact("gs-1", "gainsight 1", "D", None)];
        assert!(count(&facts, &cited(&["gs-9"])).unwrap_err().to_string().contains("gs-9"));
        let twice = [fact("gs-1", "gainsight 1", "D", None), fact("gs-1", "gainsight 2", "D", None)];
        assert!(count(&twice, &cited(&[])).unwrap_err().to_string().contains("twice"));
    }
}
