use sidelight_domain::EntityKind;

use super::*;
use crate::person::AskedOption;

fn asked(name: &str, kind: AskedKind, is_required: bool, options: &[&str]) -> AskedField {
    let option = |label: &&str| AskedOption { value: (*label).to_owned(), label: (*label).to_owned() };
    let (name, label, options) = (name.to_owned(), String::new(), options.iter().map(option).collect());
    AskedField { name, label, kind, is_required, options, preset: None }
}

fn form(duration_minutes: Option<u32>, fields: &[(&str, &str)]) -> ActivityForm {
    ActivityForm {
        entity: EntityRef { tenant: TenantKey::new("lumen"), kind: EntityKind::Company, id: Gsid::new("1P02") },
        type_name: "Meeting".to_owned(),
        subject: "Weekly sync".to_owned(),
        notes: "All well".to_owned(),
        format: NotesFormat::Plain,
        held_at: Timestamp::from_millis(0),
        duration_minutes,
        internal_attendees: Vec::new(),
        external_attendees: Vec::new(),
        fields: fields
            .iter()
            .map(|(name, value)| FilledField { name: (*name).to_owned(), value: (*value).to_owned() })
            .collect(),
    }
}

#[test]
fn what_a_form_asks_for_is_checked_before_it_is_sent() {
    let asked = [
        asked(DURATION_FIELD, AskedKind::Number, true, &[]),
        asked("Outcome", AskedKind::Choice, true, &["Good", "Bad"]),
        asked("Sponsor", AskedKind::Text, false, &[]),
        asked("Open", AskedKind::Choice, false, &[]),
    ];
    let long = "x".repeat(LONGEST_FIELD + 1);
    let cases: [(ActivityForm, Vec<(&str, Problem)>); 6] = [
        (form(Some(0), &[("Outcome", "Good")]), vec![]),
        (form(None, &[]), vec![(DURATION_FIELD, Problem::Missing), ("Outcome", Problem::Missing)]),
        (form(Some(30), &[("Outcome", " ")]), vec![("Outcome", Problem::Missing)]),
        (form(Some(30), &[("Outcome", "Ugly")]), vec![("Outcome", Problem::NotOffered)]),
        (form(Some(30), &[("Outcome", "Bad"), ("Open", "anything")]), vec![]),
        (form(Some(30), &[("Outcome", "Bad"), ("Sponsor", &long)]), vec![("Sponsor", Problem::TooMuch(LONGEST_FIELD))]),
    ];
    for (form, expected) in cases {
        assert_eq!(unfit(&form, &asked), expected, "{:?}", form.fields);
    }
}
