//! `cargo xtask bench`: what the design promises in numbers. Each group measures one promise.

mod fidelity;

use anyhow::{Result, bail};

use crate::table::{self, Measure};

struct Group {
    name: &'static str,
    measure: fn() -> Result<Vec<Measure>>,
}

const GROUPS: &[Group] = &[Group { name: "fidelity", measure: fidelity::measure }];

/// Measures one group, or all of them.
///
/// # Errors
/// If there is no such group, it cannot be measured, or a floor was missed (after all groups were printed).
pub(crate) fn run(wanted: Option<&str>) -> Result<()> {
    let groups: Vec<&Group> = GROUPS.iter().filter(|group| wanted.is_none_or(|name| name == group.name)).collect();
    if groups.is_empty() {
        let names: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
        bail!("there is no such group; there are: {}", names.join(", "));
    }
    let mut misses = Vec::new();
    for group in groups {
        if let Err(miss) = table::print(group.name, &(group.measure)()?) {
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
        assert!(run(Some("speed")).unwrap_err().to_string().contains("fidelity"));
    }
}
