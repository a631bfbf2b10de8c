//! What was chosen for a series of meetings, so that the next one begins with it (ux 8).
//!
//! Zoom's meeting number is the same for each meeting of a series. A personal room and a meeting begun on the spot have a number too, which
//! says nothing about what is talked of there (`zoom.md` 6.4), so nothing is remembered for them.

use std::time::Duration;

use sidelight_api::entity::Entity;
use sidelight_domain::ids::{MeetingNumber, MeetingUuid};
use sidelight_domain::{EntityRef, MeetingKind, Timestamp};
use sidelight_store::{Error, Meeting, PersonKey, SeriesChoice, Unit};

/// A single meeting may begin this much earlier or later than planned.
pub const SLACK: Duration = Duration::from_hours(12);

/// A meeting as far as it tells what was chosen for it.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// Its number.
    pub number: &'a MeetingNumber,
    /// Whether it is one of a series.
    pub kind: MeetingKind,
    /// When it begins or began.
    pub starts_at: Timestamp,
}

impl<'a> Occasion<'a> {
    /// A meeting that was seen; `None` for one whose number tells nothing.
    #[must_use]
    pub fn of(meeting: &'a Meeting, now: Timestamp) -> Option<Self> {
        let starts_at = meeting.started_at.unwrap_or(now);
        Some(Self { number: meeting.number.as_ref()?, kind: meeting.kind?, starts_at })
    }

    fn is_meant(&self, choice: &SeriesChoice) -> bool {
        choice.number == *self.number
            && match (self.kind, choice.planned_at) {
                (MeetingKind::Series, None) => true,
                (MeetingKind::Planned, Some(planned_at)) => {
                    planned_at.before(SLACK) <= self.starts_at && self.starts_at <= planned_at.after(SLACK)
                }
                (MeetingKind::Series | MeetingKind::Planned | MeetingKind::Other, _) => false,
            }
    }
}

/// Who chose, as far as the viewer is concerned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Chooser {
    /// The viewer himself, for an earlier meeting of the series.
    Viewer,
    /// The viewer himself, for this very meeting before it began.
    ViewerBeforehand,
    /// Somebody of his organisation.
    Colleague(PersonKey),
}

/// Remembers what a person chose in a meeting, if it is one of a series.
///
/// # Errors
/// What the store says.
pub async fn remember(
    unit: &mut Unit,
    person: &PersonKey,
    meeting: &MeetingUuid,
    entity: &EntityRef,
) -> Result<(), Error> {
    let meeting = unit.meetings().find(meeting).await?;
    let Some(Meeting { number: Some(number), kind: Some(MeetingKind::Series), .. }) = meeting else { return Ok(()) };
    unit.series().remember(person, &number, entity, None).await
}

/// The same for a meeting of the plan, which has not begun.
///
/// # Errors
/// What the store says.
pub async fn remember_planned(
    unit: &mut Unit,
    person: &PersonKey,
    occasion: Occasion<'_>,
    entity: &EntityRef,
) -> Result<(), Error> {
    match occasion.kind {
        MeetingKind::Series => unit.series().remember(person, occasion.number, entity, None).await,
        MeetingKind::Planned => unit.series().remember(person, occasion.number, entity, Some(occasion.starts_at)).await,
        MeetingKind::Other => Ok(()),
    }
}

/// What was chosen for this meeting before: by the viewer himself rather than by a colleague, the latest first; and of that only what
/// `find` knows, which is what this viewer may see.
#[must_use]
pub fn recall(
    occasion: Occasion<'_>,
    viewer: &PersonKey,
    choices: &[SeriesChoice],
    find: impl Fn(&EntityRef) -> Option<Entity>,
) -> Option<(Entity, Chooser)> {
    let meant = || choices.iter().filter(|choice| occasion.is_meant(choice));
    let own = meant().filter(|choice| choice.person == *viewer);
    let others = meant().filter(|choice| choice.person != *viewer && occasion.kind == MeetingKind::Series);
    own.chain(others).find_map(|choice| {
        let chooser = match (choice.person == *viewer, occasion.kind) {
            (true, MeetingKind::Series) => Chooser::Viewer,
            (true, MeetingKind::Planned | MeetingKind::Other) => Chooser::ViewerBeforehand,
            (false, _) => Chooser::Colleague(choice.person),
        };
        Some((find(&choice.entity)?, chooser))
    })
}

#[cfg(test)]
mod tests {
    use sidelight_api::entity::Facts;
    use sidelight_domain::EntityKind;
    use sidelight_domain::ids::{Gsid, TenantKey};

    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_780_000_000_000);

    fn person(digit: char) -> PersonKey {
        digit.to_string().repeat(32).parse().unwrap()
    }

    fn reference(id: &str) -> EntityRef {
        EntityRef { tenant: TenantKey::new("lumen"), kind: EntityKind::Company, id: Gsid::new(id) }
    }

    fn choice(who: char, id: &str, planned_at: Option<Timestamp>) -> SeriesChoice {
        SeriesChoice { number: "1".into(), person: person(who), entity: reference(id), planned_at, chosen_at: START }
    }

    fn recalled(kind: MeetingKind, choices: &[SeriesChoice]) -> Option<(String, Chooser)> {
        let number = "1".into();
        let shown = |reference: &EntityRef| {
            let (name, facts) = (reference.id.to_string(), Facts::default());
            let entity = Entity { reference: reference.clone(), name, company: None, is_inactive: false, facts };
            Some(entity).filter(|entity| entity.name != "hidden")
        };
        let occasion = Occasion { number: &number, kind, starts_at: START };
        recall(occasion, &person('a'), choices, shown).map(|(entity, chooser)| (entity.name, chooser))
    }

    #[test]
    fn the_own_choice_beats_a_colleagues_later_one_and_a_hidden_company_is_never_named() {
        let own = || Some(("own".to_owned(), Chooser::Viewer));
        let colleagues = || Some(("theirs".to_owned(), Chooser::Colleague(person('b'))));
        let (b, a, c) = (choice('b', "theirs", None), choice('a', "own", None), choice('c', "hidden", None));
        let series = MeetingKind::Series;
        assert_eq!(recalled(series, &[b.clone(), a.clone()]), own());
        assert_eq!(recalled(series, &[c.clone(), b.clone()]), colleagues());
        assert_eq!(recalled(series, &[choice('a', "hidden", None), b.clone()]), colleagues());
        assert_eq!(recalled(series, &[c]), None);
        assert_eq!(recalled(series, &[]), None);
        for kind in [MeetingKind::Planned, MeetingKind::Other] {
            assert_eq!(recalled(kind, &[b.clone(), a.clone()]), None, "{kind:?}");
        }
    }

    #[test]
    fn what_was_chosen_for_one_planned_meeting_counts_for_that_one_alone() {
        let before = |hours: u64| Some(START.before(Duration::from_hours(hours)));
        let beforehand = |hours| [choice('b', "theirs", before(hours)), choice('a', "own", before(hours))];
        let own = Some(("own".to_owned(), Chooser::ViewerBeforehand));
        assert_eq!(recalled(MeetingKind::Planned, &beforehand(1)), own);
        assert_eq!(recalled(MeetingKind::Planned, &beforehand(1)[..1]), None);
        assert!(recalled(MeetingKind::Planned, &beforehand(13)).is_none());
        assert!(recalled(MeetingKind::Series, &beforehand(1)).is_none());
        assert!(recalled(MeetingKind::Other, &beforehand(1)).is_none());
    }
}
