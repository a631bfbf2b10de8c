use sidelight_api::person::{AskedField, AskedKind};
use sidelight_api::{
    ErrorBody,
    activity::{Task, WriteState as State},
};
use sidelight_domain::ids::{ExternalId, RequestId, WriteId};
use uuid::Uuid;

use super::*;
use crate::state::samples::{at, attendee, company, relationship, signed_in, tenant};

fn two() -> Adding {
    let row = |number, name: &str| attendee(number, name, Group::NotInGainsight);
    Adding::of(company("Northwind"), &[row(1, "Erin Walsh"), row(2, "Omar Haddad")])
}

fn person(email: &str, is_same_address: bool) -> FoundPerson {
    FoundPerson {
        email: email.parse().unwrap(),
        name: "Erin W.".to_owned(),
        companies: vec!["Fabrikam".to_owned()],
        is_same_address,
        is_linked: false,
        is_former: false,
    }
}

fn found(rows: Vec<Vec<FoundPerson>>) -> FoundPeople {
    let asked = AskedField {
        name: "Seats__gc".to_owned(),
        label: "Seats".to_owned(),
        kind: AskedKind::Number,
        is_required: true,
        options: Vec::new(),
        preset: None,
    };
    FoundPeople { found: rows, asked: vec![asked], is_cut_off: false }
}

fn reviewed() -> Adding {
    let mut adding = two();
    adding.take(0, Ok(found(vec![Vec::new(), Vec::new()])));
    adding
}

fn sent(adding: &mut Adding) -> Vec<AddPerson> {
    let mut number = 0;
    adding.send(|| {
        number += 1;
        format!("key {number}")
    });
    std::iter::from_fn(|| adding.take_turn().map(|(_, request)| request)).collect()
}

fn written(state: State) -> PendingWrite {
    let id = WriteId::new(Uuid::from_u128(1));
    PendingWrite {
        id,
        external_id: ExternalId::of_write(id),
        task: Task::default(),
        activity: None,
        entity: company("Northwind").reference,
        entity_name: "Northwind".to_owned(),
        subject: "Add Erin Walsh".to_owned(),
        stored_at: at(0),
        person: None,
        state,
    }
}

fn refusal(code: ErrorCode, field: Option<&str>) -> Trouble {
    let error = |field: &str| FieldError { field: field.to_owned(), message: "No.".to_owned() };
    Trouble::from(ErrorBody {
        code,
        message: "Refused.".to_owned(),
        request_id: RequestId::new("r"),
        fields: field.map(error).into_iter().collect(),
        remedy: None,
        retry_after_seconds: None,
    })
}

#[test]
fn whoever_has_the_address_is_meant_and_a_namesake_may_be_somebody_else() {
    let mut adding = two();
    let namesake = person("other@x.test", false);
    adding.take(0, Ok(found(vec![vec![person("erin@x.test", true)], vec![namesake]])));
    let linked: Vec<_> = adding.rows.iter().map(|row| row.look.linked.as_ref().map(ToString::to_string)).collect();
    assert_eq!(linked, [Some("erin@x.test".to_owned()), None]);
    let requests = sent(&mut adding);
    assert_eq!((requests[0].form.name.as_deref(), requests[0].form.email.as_str()), (None, "erin@x.test"));
    assert_eq!(requests[1].form.name.as_deref(), Some("Omar Haddad"));
}

#[test]
fn nobody_goes_before_he_was_looked_for_or_if_he_is_left_out_or_linked_already() {
    let mut adding = two();
    assert_eq!(adding.chosen().count(), 0);
    let linked = FoundPerson { is_linked: true, ..person("erin@x.test", true) };
    adding.take(0, Ok(found(vec![vec![linked], Vec::new()])));
    assert_eq!(adding.label(), "Add Omar Haddad");
    adding.rows[1].look.is_out = true;
    assert_eq!((adding.chosen().count(), adding.label().as_str()), (0, Word::AddNone.text()));
}

#[test]
fn who_cannot_be_looked_for_can_still_be_added() {
    let mut adding = two();
    adding.take(0, Err(Trouble::offline()));
    assert_eq!(adding.label(), "Add 2 people");
    assert!(adding.rows[0].look.trouble.is_some());
}

#[test]
fn an_unanswered_request_is_repeated_under_its_key_and_a_changed_one_under_another() {
    let mut adding = reviewed();
    let first = sent(&mut adding);
    adding.end(0, Err(Trouble::offline()));
    adding.end(1, Err(Trouble::offline()));
    adding.rows[1].fill("title", "Buyer".to_owned());
    let again = sent(&mut adding);
    assert_eq!(again[0], first[0]);
    assert_ne!(again[1].key, first[1].key);
    assert_eq!(again[1].form.title.as_deref(), Some("Buyer"));
}

#[test]
fn each_has_a_result_of_his_own_and_a_failure_keeps_what_was_typed() {
    let mut adding = reviewed();
    adding.rows[1].fill("Seats__gc", "4".to_owned());
    sent(&mut adding);
    assert!(adding.is_sending() && !adding.is_over());
    assert!(!adding.end(0, Ok(written(State::Done { activity: None }))));
    assert!(!adding.end(1, Err(refusal(ErrorCode::GainsightRefused, Some("Seats__gc")))));
    let steps: Vec<_> = adding.rows.iter().map(|row| row.look.step).collect();
    assert_eq!(steps, [Step::Done, Step::Open]);
    assert_eq!((adding.rows[1].look.errors.len(), adding.rows[1].value("Seats__gc")), (1, "4"));
    assert!(adding.rows[1].look.is_open && !adding.is_over());
    // A field that the form does not have is told as a whole.
    sent(&mut adding);
    adding.end(1, Err(refusal(ErrorCode::GainsightRefused, Some("Manager"))));
    assert!(adding.rows[1].look.errors.is_empty() && adding.rows[1].look.trouble.is_some());
    sent(&mut adding);
    adding.end(1, Ok(written(State::NeedsSignIn)));
    assert!(adding.is_over());
}

#[test]
fn an_address_that_is_taken_is_looked_for_again() {
    let mut adding = reviewed();
    sent(&mut adding);
    assert!(adding.end(0, Err(refusal(ErrorCode::PersonExists, None))));
    assert!(!adding.end(1, Err(refusal(ErrorCode::GainsightBusy, None))));
}

#[test]
fn the_same_people_in_the_same_place_find_what_was_typed() {
    let (adding, mut done) = (two(), reviewed());
    assert!(adding.is_same(&two()));
    assert!(!adding.is_same(&Adding { entity: company("Other"), ..two() }));
    sent(&mut done);
    assert!((0..2).all(|place| !done.end(place, Ok(written(State::Done { activity: None })))));
    assert!(!done.is_same(&two()), "what is over begins anew");
}

#[test]
fn a_refused_person_opens_with_his_form_and_its_mistakes() {
    let fields = vec![FieldError { field: "role".to_owned(), message: "Not on the list".to_owned() }];
    let state = State::Refused { message: "No.".to_owned(), fields, form: None };
    let form = PersonForm {
        entity: company("Northwind").reference,
        email: "erin@x.test".to_owned(),
        name: Some("Erin Walsh".to_owned()),
        title: None,
        role: Some("Boss".to_owned()),
        fields: Vec::new(),
    };
    let adding = Adding::of_write(&PendingWrite { person: Some(Box::new(form.clone())), ..written(state) }).unwrap();
    assert_eq!((adding.rows[0].value("role"), adding.rows[0].look.errors.len()), ("Boss", 1));
    assert_eq!(adding.rows[0].form(&adding.entity), form);
    assert_eq!(Adding::of_write(&written(State::Kept)), None);
}

#[test]
fn a_relationship_names_its_company_and_only_a_full_licence_adds() {
    let adding = Adding { entity: relationship("Northwind", "Fleet"), ..two() };
    assert_eq!(adding.company(), "Northwind");
    for licence in Licence::ALL {
        let tenant = Tenant { standing: signed_in(Some(licence), true), ..tenant("lumen") };
        assert_eq!(may_edit(&tenant), licence == Licence::Full, "{licence}");
    }
    assert!(!may_edit(&Tenant { standing: Standing::SignedOut, ..tenant("lumen") }));
}
