//! The "log" form, filled in from the meeting until its author edits it (issue: what the composer proposes).

use sidelight_api::activity::{ActivityTypes, DraftContent, OtherAttendee};
use sidelight_api::entity::Entity;
use sidelight_api::people::Attendee;
use sidelight_api::person::AskedField;
use sidelight_api::session::Meeting;
use sidelight_domain::activity::{ActivityForm, DURATION_FIELD, LONGEST_SUBJECT};
use sidelight_domain::attendees::Group;
use sidelight_domain::person::FilledField;
use sidelight_domain::words::Word;
use sidelight_domain::{EmailAddress, Timestamp};

use crate::state::age::minutes_between;
use crate::state::people::{is_guess, recognised};

/// The activity type of a meeting, where the tenant has it (`gainsight.md` 10.2).
const MEETING_TYPE: &str = "Meeting";

/// What the meeting tells about the activity.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Suggestion {
    /// The type to begin with.
    pub type_name: String,
    /// The topic, else who the meeting is with.
    pub subject: String,
    /// When it began.
    pub held_at: Timestamp,
    /// How long it took so far.
    pub duration_minutes: Option<u32>,
    /// Who can be named in it.
    pub attendees: Vec<Named>,
    /// How many are in the meeting whom the tenant does not know.
    pub unknown: usize,
}

/// Somebody whom an activity can name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Named {
    /// The address that Gainsight knows.
    pub email: EmailAddress,
    /// The name for the screen.
    pub name: String,
    /// Whether this is a user of the tenant; else a person.
    pub is_internal: bool,
}

/// Reads a suggestion off the meeting.
#[must_use]
pub fn suggest<'a>(
    meeting: Option<&Meeting>,
    entity: &Entity,
    room: impl Iterator<Item = &'a Attendee>,
    types: Option<&ActivityTypes>,
    now: Timestamp,
) -> Suggestion {
    let room: Vec<_> = room.collect();
    let started_at = meeting.and_then(|meeting| meeting.started_at);
    let ended_at = meeting.and_then(|meeting| meeting.ended_at);
    let topic = meeting.and_then(|meeting| meeting.topic.clone()).filter(|topic| !topic.trim().is_empty());
    let subject = topic.unwrap_or_else(|| Word::ComposerSubjectFor.fill(&[("company", &entity.name)]));
    let named: Vec<_> = recognised(room.iter().copied())
        .into_iter()
        .filter(|attendee| attendee.tenant.as_ref().is_none_or(|tenant| *tenant == entity.reference.tenant))
        .filter_map(|attendee| {
            let email = attendee.email.clone()?;
            Some(Named { email, name: attendee.name.clone(), is_internal: attendee.group == Group::Colleague })
        })
        .collect();
    let is_unknown = |group| matches!(group, Group::NotLookedUp | Group::NotInGainsight | Group::NeedsEmail);
    let outsiders = room.iter().filter(|attendee| is_guess(attendee) || is_unknown(attendee.group));
    Suggestion {
        type_name: suggested_type(meeting.is_some(), types),
        subject: subject.chars().take(LONGEST_SUBJECT).collect(),
        held_at: started_at.unwrap_or(now),
        duration_minutes: started_at.map(|start| minutes_between(start, ended_at.unwrap_or(now))),
        unknown: outsiders.count(),
        attendees: named,
    }
}

fn suggested_type(in_meeting: bool, types: Option<&ActivityTypes>) -> String {
    let Some(types) = types else { return MEETING_TYPE.to_owned() };
    let meeting = types.types.iter().find(|name| in_meeting && name.eq_ignore_ascii_case(MEETING_TYPE));
    meeting.unwrap_or(&types.default_type).clone()
}

/// The form as it would be sent: what the author typed, else what the meeting suggests.
#[must_use]
pub fn form(
    content: &DraftContent,
    suggestion: &Suggestion,
    entity: &Entity,
    types: Option<&ActivityTypes>,
) -> ActivityForm {
    let type_name = content.type_name.clone().unwrap_or_else(|| suggestion.type_name.clone());
    let asked = types.map(|types| types.asked(&type_name)).unwrap_or_default();
    let filled = |asked: &AskedField| {
        let own = content.fields.iter().find(|filled| filled.name == asked.name).map(|filled| &filled.value);
        let value = own.or(asked.preset.as_ref()).filter(|value| !value.trim().is_empty())?;
        Some(FilledField { name: asked.name.clone(), value: value.clone() })
    };
    let own = asked.iter().filter(|asked| asked.name != DURATION_FIELD);
    let picked = |named: &&Named| content.attendees.as_ref().is_none_or(|picked| picked.contains(&named.email));
    let emails = |is_internal: bool| {
        let of_kind = suggestion.attendees.iter().filter(move |named| named.is_internal == is_internal);
        let others = others_of(content, suggestion).filter(move |other| other.is_internal == is_internal);
        of_kind.filter(picked).map(|named| &named.email).chain(others.map(|other| &other.email)).cloned().collect()
    };
    ActivityForm {
        entity: entity.reference.clone(),
        fields: own.filter_map(filled).collect(),
        type_name,
        subject: content.subject.clone().unwrap_or_else(|| suggestion.subject.clone()),
        notes: content.notes.clone(),
        format: content.format,
        held_at: content.held_at.unwrap_or(suggestion.held_at),
        duration_minutes: content.duration_minutes.or(suggestion.duration_minutes),
        internal_attendees: emails(true),
        external_attendees: emails(false),
    }
}

/// Those whom the author added, less those who are in the meeting.
pub fn others_of<'a>(content: &'a DraftContent, suggestion: &'a Suggestion) -> impl Iterator<Item = &'a OtherAttendee> {
    content.others.iter().filter(|other| suggestion.attendees.iter().all(|named| named.email != other.email))
}

/// Names somebody else; whoever is in the meeting is ticked there.
pub fn add_other(content: &mut DraftContent, suggestion: &Suggestion, other: OtherAttendee) {
    remove_other(content, &other.email);
    if suggestion.attendees.iter().all(|named| named.email != other.email) {
        content.others.push(other);
    } else if content.attendees.as_ref().is_some_and(|picked| !picked.contains(&other.email)) {
        content.attendees = Some(toggled(content, suggestion, &other.email));
    }
}

/// Takes somebody out again.
pub fn remove_other(content: &mut DraftContent, email: &EmailAddress) {
    content.others.retain(|other| other.email != *email);
}

/// Fills in a field of the tenant's form.
pub fn fill(content: &mut DraftContent, name: &str, value: String) {
    content.fields.retain(|filled| filled.name != name);
    content.fields.push(FilledField { name: name.to_owned(), value });
}

/// The picks after ticking somebody on or off.
#[must_use]
pub fn toggled(content: &DraftContent, suggestion: &Suggestion, email: &EmailAddress) -> Vec<EmailAddress> {
    let all = || suggestion.attendees.iter().map(|named| named.email.clone()).collect();
    let mut picks: Vec<EmailAddress> = content.attendees.clone().unwrap_or_else(all);
    match picks.iter().position(|picked| picked == email) {
        Some(index) => drop(picks.remove(index)),
        None => picks.push(email.clone()),
    }
    picks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::{at, attendee, company, meeting};
    use sidelight_api::activity::TypeForm;
    use sidelight_api::person::AskedKind;
    use sidelight_domain::ids::TenantKey;

    fn room() -> Vec<Attendee> {
        vec![
            attendee(1, "Ana", Group::Customer),
            attendee(2, "Consultant", Group::OtherCompany),
            attendee(3, "Casey", Group::Colleague),
            attendee(4, "New", Group::NotInGainsight),
            attendee(5, "Guest", Group::NeedsEmail),
            attendee(6, "+49", Group::Device),
        ]
    }

    fn suggestion(types: &[&str]) -> Suggestion {
        let types = ActivityTypes {
            tenant: TenantKey::new("lumen"),
            types: types.iter().map(|name| (*name).to_owned()).collect(),
            default_type: "Update".to_owned(),
            forms: Vec::new(),
        };
        suggest(Some(&meeting()), &company("Northwind"), room().iter(), Some(&types), at(0))
    }

    #[test]
    fn the_meeting_fills_the_form() {
        let form = form(&DraftContent::default(), &suggestion(&["Update", "Meeting"]), &company("Northwind"), None);
        assert_eq!(form.subject, "Quarterly review");
        assert_eq!(form.type_name, "Meeting");
        assert_eq!((form.held_at, form.duration_minutes), (at(-1_920_000), Some(32)));
        assert_eq!(form.internal_attendees.len(), 1);
        assert_eq!(form.external_attendees.len(), 2);
    }

    #[test]
    fn a_tenant_without_meetings_begins_with_its_own_default() {
        assert_eq!(suggestion(&["Update", "Call"]).type_name, "Update");
    }

    #[test]
    fn whoever_gainsight_does_not_know_is_counted_not_named() {
        let suggestion = suggestion(&["Meeting"]);
        assert_eq!((suggestion.attendees.len(), suggestion.unknown), (3, 2));
    }

    #[test]
    fn people_of_another_tenant_are_not_named() {
        let mut entity = company("Northwind");
        entity.reference.tenant = TenantKey::new("other");
        let suggestion = suggest(None, &entity, room().iter(), None, at(0));
        assert!(suggestion.attendees.is_empty());
    }

    #[test]
    fn what_the_author_typed_wins() {
        let suggestion = suggestion(&["Meeting"]);
        let ana = suggestion.attendees[0].email.clone();
        let content = DraftContent {
            subject: Some("Mine".to_owned()),
            held_at: Some(at(5)),
            duration_minutes: Some(7),
            attendees: Some(toggled(&DraftContent::default(), &suggestion, &ana)),
            ..DraftContent::default()
        };
        let form = form(&content, &suggestion, &company("Northwind"), None);
        assert_eq!((form.subject.as_str(), form.held_at, form.duration_minutes), ("Mine", at(5), Some(7)));
        assert!(!form.external_attendees.contains(&ana));
        assert_eq!(toggled(&content, &suggestion, &ana).len(), 3);
    }

    #[test]
    fn others_are_named_once_and_whoever_comes_is_ticked_where_he_is() {
        let suggestion = suggestion(&["Meeting"]);
        let ana = suggestion.attendees[0].clone();
        let other = |email: &str, is_internal| OtherAttendee {
            email: email.parse().unwrap(),
            name: email.to_owned(),
            is_internal,
        };
        let mut content = DraftContent::default();
        content.attendees = Some(toggled(&content, &suggestion, &ana.email));
        for added in
            [other("tom@vendor.test", true), other("erin@northwind.test", false), other("tom@vendor.test", true)]
        {
            add_other(&mut content, &suggestion, added);
        }
        let named = |content: &DraftContent| {
            let form = form(content, &suggestion, &company("Northwind"), None);
            (form.internal_attendees.len(), form.external_attendees.len())
        };
        assert_eq!((content.others.len(), named(&content)), (2, (2, 2)));
        add_other(&mut content, &suggestion, other(ana.email.as_str(), false));
        assert_eq!((content.others.len(), named(&content)), (2, (2, 3)));
        // A reopened note names everybody; whoever is in the meeting is not named twice.
        content.others.push(other(ana.email.as_str(), false));
        assert_eq!(named(&content), (2, 3));
        remove_other(&mut content, &"tom@vendor.test".parse().unwrap());
        assert_eq!(named(&content), (1, 3));
    }

    #[test]
    fn only_what_the_type_asks_for_goes_out_and_presets_stand_until_they_are_changed() {
        let asked = |name: &str, preset: Option<&str>| AskedField {
            name: name.to_owned(),
            label: name.to_owned(),
            kind: AskedKind::Text,
            is_required: true,
            options: Vec::new(),
            preset: preset.map(str::to_owned),
        };
        let fields = vec![asked(DURATION_FIELD, None), asked("A", Some("first")), asked("B", None)];
        let types = ActivityTypes {
            tenant: TenantKey::new("lumen"),
            types: vec!["Meeting".to_owned()],
            default_type: "Meeting".to_owned(),
            forms: vec![TypeForm { type_name: "Meeting".to_owned(), fields }],
        };
        let mut content = DraftContent::default();
        let filled = |content: &DraftContent| {
            let form = form(content, &suggestion(&["Meeting"]), &company("Northwind"), Some(&types));
            form.fields.into_iter().map(|filled| [filled.name, filled.value]).collect::<Vec<_>>()
        };
        assert_eq!(filled(&content), [["A", "first"]]);
        fill(&mut content, "B", "second".to_owned());
        fill(&mut content, "Of another type", "kept".to_owned());
        assert_eq!(filled(&content), [["A", "first"], ["B", "second"]]);
        fill(&mut content, "A", " ".to_owned());
        assert_eq!(filled(&content), [["B", "second"]]);
        assert_eq!(content.fields.len(), 3);
    }

    #[test]
    fn without_a_topic_the_subject_names_the_company() {
        let suggestion = suggest(None, &company("Northwind"), room().iter(), None, at(0));
        assert!(suggestion.subject.contains("Northwind"));
        assert_eq!(suggestion.duration_minutes, None);
    }
}
