//! The selected company or relationship: its name, why it is selected, the line of what matters now.

use std::time::Duration;

use sidelight_api::entity::{Entity, Facts};
use sidelight_api::session::{ChosenBy, Tenant};
use sidelight_domain::words::Word;
use sidelight_domain::{EntityKind, Timestamp};

use crate::state::locale::Locale;

/// One entry of the facts line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fact {
    /// What it is, such as "Renewal".
    pub label: &'static str,
    /// Its value, such as "84 d".
    pub value: String,
    /// The exact value, for titles.
    pub exact: Option<String>,
}

/// Lists what a CSM wants to see without asking; unknown facts are left out.
#[must_use]
pub fn facts(facts: &Facts, now: Timestamp, locale: &dyn Locale) -> Vec<Fact> {
    let fact = |word: Word, value: String, exact| Fact { label: word.text(), value, exact };
    let renewal = facts.renews_at.map(|at| {
        // A renewal is a day at midnight UTC, so its number does not depend on where the viewer sits.
        let days = at.as_millis().div_euclid(DAY) - now.as_millis().div_euclid(DAY);
        let word = if days < 0 { Word::FactsOverdue } else { Word::FactsDays };
        let noon = at.after(Duration::from_hours(12));
        fact(Word::FactsRenewal, word.fill(&[("count", &days.abs().to_string())]), Some(locale.day(noon)))
    });
    let arr = facts.arr.map(|arr| fact(Word::FactsArr, locale.compact(arr), Some(arr.to_string())));
    let csm = if facts.csm_is_viewer {
        Some(fact(Word::FactsCsm, Word::FactsYou.text().to_owned(), facts.csm.clone()))
    } else {
        facts.csm.clone().map(|name| fact(Word::FactsCsm, name, None))
    };
    let stage = facts.stage.clone().map(|stage| fact(Word::FactsStage, stage, None));
    [renewal, arr, csm, stage].into_iter().flatten().collect()
}

const DAY: i64 = 86_400_000;

/// The overall score as a share of a hundred, where it is a number on Gainsight's numeric scale (`gainsight.md` 12).
#[must_use]
pub fn score_share(score: &str) -> Option<u8> {
    // By hand: parsing any number would bring its tables into the program.
    let (whole, fraction) = score.trim().split_once('.').unwrap_or((score.trim(), "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // Bands and their colours belong to the tenant; without them the number alone is drawn.
    let share = whole.parse::<u8>().ok().filter(|_| is_number(whole) && is_number(fraction))?;
    (share < 100 || (share == 100 && fraction.bytes().all(|byte| byte == b'0'))).then_some(share)
}

/// Why this entity is selected, if we chose it.
#[must_use]
pub fn reason(entity: &Entity, chosen_by: Option<&ChosenBy>) -> Option<String> {
    let (matched, outsiders) = match chosen_by? {
        ChosenBy::Viewer => return None,
        ChosenBy::Before => return Some(Word::EntityBefore.text().to_owned()),
        ChosenBy::Colleague { name: None } => return Some(Word::EntityColleague.text().to_owned()),
        ChosenBy::Colleague { name: Some(name) } => return Some(Word::EntityColleagueNamed.fill(&[("name", name)])),
        ChosenBy::Topic => return Some(Word::EntityTopic.text().to_owned()),
        ChosenBy::Invited { matched, outsiders } => {
            let counts = [("matched", &*matched.to_string()), ("outsiders", &*outsiders.to_string())];
            return Some(Word::EntityInvited.fill(&counts));
        }
        ChosenBy::Attendees { matched, outsiders } => (matched, outsiders),
    };
    let company = entity.company.as_ref().map_or(&entity.name, |company| &company.name);
    let word = if *outsiders == 1 { Word::EntityReasonOne } else { Word::EntityReason };
    Some(word.fill(&[("matched", &matched.to_string()), ("outsiders", &outsiders.to_string()), ("company", company)]))
}

/// The names from the outside in: the company, and for a relationship its own.
#[must_use]
pub fn path(entity: &Entity) -> (String, Option<String>) {
    match (&entity.company, entity.reference.kind) {
        (Some(company), EntityKind::Relationship) => (company.name.clone(), Some(entity.name.clone())),
        (_, EntityKind::Company | EntityKind::Relationship) => (entity.name.clone(), None),
    }
}

/// Where a write would go: "Northwind Traders" and "Lumen Works (Production)".
#[must_use]
pub fn target(entity: &Entity, tenant: Option<&Tenant>) -> (String, String) {
    let (company, relationship) = path(entity);
    let name = relationship.map_or(company.clone(), |relationship| format!("{company} ▸ {relationship}"));
    (name, tenant.map(|tenant| format!("{} ({})", tenant.name, tenant.environment)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::locale::tests::PlainLocale;
    use crate::state::samples::{company, relationship, tenant};

    const NOW: Timestamp = Timestamp::from_millis(100 * DAY + 50_000_000);

    fn shown(change: impl FnOnce(&mut Facts)) -> Vec<String> {
        let mut known = Facts::default();
        change(&mut known);
        facts(&known, NOW, &PlainLocale).into_iter().map(|fact| format!("{} {}", fact.label, fact.value)).collect()
    }

    #[test]
    fn only_known_facts_are_told() {
        assert!(shown(|_| {}).is_empty());
        assert_eq!(shown(|facts| facts.arr = Some(410_000)), ["ARR 410K"]);
        assert_eq!(shown(|facts| facts.csm = Some("Kim".to_owned())), ["CSM Kim"]);
        assert_eq!(shown(|facts| facts.csm_is_viewer = true), ["CSM you"]);
    }

    #[test]
    fn a_renewal_counts_calendar_days() {
        let cases = [(100, "Renewal 0 d"), (184, "Renewal 84 d"), (95, "Renewal 5 d overdue")];
        for (day, text) in cases {
            assert_eq!(shown(|facts| facts.renews_at = Some(Timestamp::from_millis(day * DAY))), [text]);
        }
    }

    #[test]
    fn only_a_numeric_score_has_a_share() {
        for (score, share) in [
            ("72", Some(72)),
            ("72.9", Some(72)),
            ("0", Some(0)),
            ("100.0", Some(100)),
            ("B", None),
            ("101", None),
            ("100.5", None),
            ("-1", None),
        ] {
            assert_eq!(score_share(score), share, "{score}");
        }
    }

    #[test]
    fn our_own_choice_gives_its_reason_and_the_viewers_needs_none() {
        let attendees = ChosenBy::Attendees { matched: 4, outsiders: 6 };
        assert_eq!(
            reason(&company("Northwind"), Some(&attendees)).as_deref(),
            Some("4 of 6 attendees work at Northwind")
        );
        assert_eq!(reason(&company("Northwind"), Some(&ChosenBy::Viewer)), None);
        let line = reason(&relationship("Northwind", "Fleet"), Some(&attendees));
        assert!(line.unwrap().ends_with("Northwind"));
    }

    #[test]
    fn a_target_names_tenant_and_environment() {
        let (name, place) = target(&relationship("Northwind", "Fleet"), Some(&tenant("lumen")));
        assert_eq!((name.as_str(), place.as_str()), ("Northwind ▸ Fleet", "lumen (Production)"));
    }
}
