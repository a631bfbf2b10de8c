//! The list of what is known about the outside systems and played here: `facts.toml`.

use serde::{Deserialize, Serialize};

/// One fact of a reference document.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What a contract test cites: `gs-…`, `zm-…` or `sf-…`.
    pub id: String,
    /// Document and section, such as `gainsight 5.1`.
    pub section: String,
    /// The fact in one sentence.
    pub text: String,
    /// How sure it is, in the document's own marks: `D`, `C`, `T`, `I`, `?`, …
    pub mark: String,
    /// The switch that plays the other possibility, for facts that nobody is sure of.
    #[serde(default)]
    pub switch: Option<String>,
}

#[derive(Deserialize)]
struct List {
    fact: Vec<Fact>,
}

/// All facts, in the order of the file.
///
/// # Errors
/// Where and why the shipped list is malformed.
pub fn all() -> Result<Vec<Fact>, toml::de::Error> {
    toml::from_str::<List>(include_str!("../facts.toml")).map(|list| list.fact)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_fact_has_an_id_of_its_own_and_says_where_it_comes_from() {
        let mut seen = HashSet::new();
        for fact in all().unwrap() {
            assert!(seen.insert(fact.id.clone()), "{} is listed twice", fact.id);
            let document = fact.section.split(' ').next();
            let expected = match fact.id.split('-').next() {
                Some("gs") => "gainsight",
                Some("sf") => "salesforce",
                _ => "zoom",
            };
            assert_eq!(document, Some(expected), "{}", fact.id);
            assert!(!fact.text.trim().is_empty() && !fact.mark.is_empty(), "{}", fact.id);
        }
    }

    #[test]
    fn what_nobody_is_sure_of_can_be_switched() {
        let known: HashSet<_> = [crate::gainsight::SWITCHES, crate::salesforce::SWITCHES, crate::zoom::SWITCHES]
            .iter()
            .flat_map(|switches| switches.iter().map(|switch| switch.name))
            .collect();
        for fact in all().unwrap() {
            match &fact.switch {
                Some(switch) => assert!(known.contains(switch.as_str()), "{} names no switch of ours", fact.id),
                None => assert_ne!(fact.mark, "?", "{} is unknown and needs a switch", fact.id),
            }
        }
    }
}
