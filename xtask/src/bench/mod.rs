//! `cargo xtask bench`: what the design promises in numbers. Each group measures one promise.

mod fidelity;
mod stories;

use anyhow::{Result, bail};

use crate::arguments::Bench;
use crate::table::{self, Measure};

struct Group {
    name: &'static str,
    measure: fn(&Bench) -> Result<Vec<Measure>>,
}

/// Quick ones first: what is wrong shows early.
const GROUPS: &[Group] = &[
    Group { name: "fidelity", measure: fidelity::measure },
    Group { name: "people", measure: stories::people },
    Group { name: "calls", measure: stories::calls },
    Group { name: "hour", measure: stories::hour },
    Group { name: "routing", measure: stories::routing },
    Group { name: "latency", measure: stories::latency },
    Group { name: "mirror", measure: stories::mirror },
    Group { name: "peers", measure: stories::peers },
    Group { name: "refresh", measure: stories::refresh },
    Group { name: "kills", measure: stories::kills },
];

/// Measures one group, or all of them.
///
/// # Errors
/// If there is no such group, it cannot be measured, or a floor was missed (after all groups were printed).
pub(crate) fn run(options: &Bench) -> Result<()> {
    let is_wanted = |group: &&Group| options.group.as_deref().is_none_or(|name| name == group.name);
    let groups: Vec<&Group> = GROUPS.iter().filter(is_wanted).collect();
    if groups.is_empty() {
        let names: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
        bail!("there is no such group; there are: {}", names.join(", "));
    }
    let mut misses = Vec::new();
    for group in groups {
        if let Err(miss) = table::print(group.name, &(group.measure)(options)?) {
            misses.push(miss.to_string());
        }
        println!();
    }
    if misses.is_empty() { Ok(()) } else { bail!(misses.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_group_is_answered_with_the_known_ones() {
        let unknown = Bench { group: Some("speed".to_owned()), kills: 1, refreshes: 1, callers: 1 };
        assert!(
            run(&unknown)
                .unwrap_err()
                .to_string()
                .contains("fidelity, people, calls, hour, routing, latency, mirror, peers, refresh, kills")
        );
    }
}
