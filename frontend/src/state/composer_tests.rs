use super::*;
use crate::state::samples::{at, company};
use crate::state::suggestion::{Suggestion, form};
use sidelight_api::ErrorCode;
use sidelight_api::activity::{SaveDraft, WriteState};
use sidelight_api::person::AskedKind;
use sidelight_domain::ids::{ExternalId, WriteId};
use uuid::Uuid;

fn draft(version: u32, notes: &str) -> Draft {
    Draft {
        id: DraftId::new(Uuid::from_u128(1)),
        version,
        content: DraftContent { notes: notes.to_owned(), ..DraftContent::default() },
        saved_at: at(0),
    }
}

fn asked(name: &str) -> [AskedField; 1] {
    let (name, label, kind) = (name.to_owned(), name.to_owned(), AskedKind::Text);
    [AskedField { name, label, kind, is_required: true, options: Vec::new(), preset: None }]
}

fn typing(notes: &str) -> Composer {
    let mut composer = Composer::default();
    composer.edit(at(0), |content| content.notes = notes.to_owned());
    composer
}

fn sent(composer: &mut Composer) -> Option<LogActivity> {
    let suggestion =
        Suggestion { type_name: "Call".to_owned(), subject: "S".to_owned(), held_at: at(0), ..Suggestion::default() };
    let form = form(&composer.content, &suggestion, &company("N"), None);
    composer.begin_log(form, (&["Call".to_owned()], &[]), "key-1".to_owned(), at(0))
}

fn write(state: WriteState) -> PendingWrite {
    let id = WriteId::new(Uuid::from_u128(9));
    PendingWrite {
        id,
        external_id: ExternalId::of_write(id),
        task: sidelight_api::activity::Task::Log,
        activity: None,
        entity: company("N").reference,
        entity_name: "N".to_owned(),
        subject: "S".to_owned(),
        stored_at: at(1),
        person: None,
        state,
    }
}

fn refused(code: ErrorCode, field: &str) -> Trouble {
    let body = sidelight_api::ErrorBody {
        code,
        message: String::new(),
        request_id: "r".into(),
        fields: vec![FieldError { field: field.to_owned(), message: "No.".to_owned() }],
        remedy: None,
        retry_after_seconds: None,
    };
    body.into()
}

#[test]
fn what_was_typed_before_the_start_joins_the_draft() {
    let cases = [
        (None, "early", "early"),
        (Some(draft(3, "saved")), "early", "saved\nearly"),
        (Some(draft(3, "saved early")), "early", "saved early"),
        (Some(draft(3, "saved")), "  ", "saved"),
        (None, "", ""),
    ];
    for (draft, typed, notes) in cases {
        assert_eq!(Composer::opened(draft, typed, at(0)).content.notes, notes, "{typed:?}");
    }
}

#[test]
fn another_windows_save_is_taken_only_when_nothing_is_unsaved() {
    let mut composer = Composer::opened(Some(draft(1, "a")), "", at(0));
    composer.adopt(Some(draft(2, "b")));
    assert_eq!((composer.content.notes.as_str(), composer.version), ("b", 2));
    composer.edit(at(1), |content| content.notes = "mine".to_owned());
    composer.adopt(Some(draft(3, "c")));
    assert_eq!((composer.content.notes.as_str(), composer.version), ("mine", 2));
}

#[test]
fn an_older_version_never_overwrites_a_newer_one() {
    let mut composer = Composer::opened(Some(draft(5, "new")), "", at(0));
    composer.adopt(Some(draft(4, "old")));
    assert_eq!(composer.content.notes, "new");
}

#[test]
fn a_draft_that_a_refusal_reopened_is_no_other_window_s() {
    let mut composer = Composer::opened(Some(draft(3, "saved")), "", at(0));
    composer.edit(at(1), |content| content.notes = "typed on".to_owned());
    composer.take_back(Some(draft(4, "saved")));
    let Save::Put(save) = composer.begin_save() else { panic!("a text is put") };
    assert_eq!((save.based_on, save.content.notes.as_str()), (4, "typed on"));
    // Two versions on, somebody else has saved.
    let mut composer = Composer::opened(Some(draft(3, "saved")), "", at(0));
    composer.take_back(Some(draft(5, "theirs")));
    assert_eq!((composer.version, composer.content.notes.as_str()), (5, "theirs"));
}

#[test]
fn a_conflict_keeps_both_texts_until_the_author_decides() {
    type Case = (fn(&mut Composer), &'static str);
    let settle: [Case; 3] = [
        (|composer| composer.keep_both(at(9)), "theirs\n\nmine"),
        (|composer| composer.keep_mine(at(9)), "mine"),
        (Composer::take_theirs, "theirs"),
    ];
    for (settle, notes) in settle {
        let mut composer = typing("mine");
        composer.begin_save();
        composer.end_save(SaveAnswer::Conflict(draft(7, "theirs")), at(1));
        assert_eq!(composer.status(), Status::Conflict);
        assert_eq!(composer.content.notes, "mine");
        settle(&mut composer);
        assert_eq!((composer.content.notes.as_str(), composer.version), (notes, 7));
        assert_ne!(composer.status(), Status::Conflict);
    }
}

#[test]
fn a_lost_answer_to_our_own_save_is_no_conflict() {
    let mut composer = typing("mine");
    composer.begin_save();
    composer.end_save(SaveAnswer::Failed(Trouble::offline()), at(1));
    assert_eq!(composer.status(), Status::Offline);
    composer.begin_save();
    composer.end_save(SaveAnswer::Conflict(draft(1, "mine")), at(2));
    assert_eq!((composer.version, composer.conflict), (1, None));
}

fn settled() -> SaveAnswer {
    SaveAnswer::Settled(refused(ErrorCode::WriteSettled, ""))
}

#[test]
fn what_was_typed_after_another_window_logged_the_draft_becomes_a_draft_of_its_own() {
    let mut composer = Composer::opened(Some(draft(3, "logged")), "", at(0));
    composer.edit(at(1), |content| content.notes = "logged, and more".to_owned());
    composer.begin_save();
    composer.end_save(settled(), at(2));
    assert_eq!((composer.content.notes.as_str(), composer.draft), ("logged, and more", None));
    assert_eq!(composer.save.due_at(), Some(at(2)));
    let Save::Put(anew) = composer.begin_save() else { panic!("a text is put") };
    assert_eq!((anew.based_on, anew.content.notes.as_str()), (0, "logged, and more"));
}

#[test]
fn a_text_that_another_window_logged_as_it_stands_is_not_kept_twice() {
    let mut composer = typing("logged");
    composer.begin_save();
    composer.end_save(SaveAnswer::Saved(draft(1, "logged")), at(1));
    composer.edit(at(2), |content| content.notes = "logged!".to_owned());
    composer.edit(at(3), |content| content.notes = "logged".to_owned());
    composer.begin_save();
    composer.end_save(settled(), at(4));
    assert!(composer.is_empty() && composer.save.due_at().is_none());
    assert_eq!((composer.draft, composer.version), (None, 0));
}

#[test]
fn a_settled_draft_that_nobody_knew_is_a_refusal_and_not_tried_for_ever() {
    let mut composer = typing("mine");
    composer.begin_save();
    composer.end_save(settled(), at(1));
    assert_eq!((composer.status(), composer.save.due_at()), (Status::Refused, None));
}

#[test]
fn the_last_letters_go_out_as_the_page_does() {
    let mut composer = Composer::opened(Some(draft(3, "note")), "", at(0));
    assert_eq!(composer.last_save(), None);
    composer.edit(at(1), |content| content.notes = "note!".to_owned());
    let put = |save| {
        if let Some(Save::Put(draft)) = save { (draft.based_on, draft.content.notes) } else { (0, String::new()) }
    };
    assert_eq!(put(composer.last_save()), (3, "note!".to_owned()));
    // Behind a save on its way, which counts the version up.
    composer.begin_save();
    composer.edit(at(2), |content| content.notes = "note!?".to_owned());
    assert_eq!(put(composer.last_save()), (4, "note!?".to_owned()));
}

#[test]
fn a_page_that_lives_on_finds_its_own_last_letters() {
    let mut composer = typing("mine");
    composer.last_save().unwrap();
    composer.begin_save();
    composer.end_save(SaveAnswer::Conflict(draft(1, "mine")), at(2));
    assert_eq!((composer.version, composer.conflict.is_none()), (1, true));
}

#[test]
fn a_discarded_note_is_discarded_as_the_page_goes() {
    let mut composer = Composer::opened(Some(draft(3, "note")), "", at(0));
    composer.discard(at(1));
    assert_eq!(composer.last_save(), Some(Save::Delete(3)));
}

#[test]
fn a_form_with_problems_is_not_sent_and_keeps_its_text() {
    let mut composer = typing("  ");
    assert_eq!(sent(&mut composer), None);
    assert_eq!(composer.error_at(Field::Notes.as_str()), Some(Word::FieldMissing.text()));
    composer.edit(at(1), |content| content.notes = "x".to_owned());
    assert_eq!(composer.error_at(Field::Notes.as_str()), None);
}

#[test]
fn a_refusal_leaves_text_and_marks_fields() {
    let mut composer = typing("note");
    sent(&mut composer).unwrap();
    composer.end_log(Err(refused(ErrorCode::GainsightRefused, "subject")), &[]);
    assert_eq!(composer.content.notes, "note");
    assert!(composer.is_editable());
    assert!(composer.error_at(Field::Subject.as_str()).is_some());
}

#[test]
fn what_a_refusal_says_of_a_field_that_is_not_in_the_form_stands_beside_it() {
    let mut composer = typing("note");
    sent(&mut composer).unwrap();
    composer.end_log(Err(refused(ErrorCode::GainsightRefused, "Ant__Sentiment__c")), &[]);
    assert_eq!(composer.errors, []);
    let refusal = composer.refusal.clone().unwrap();
    assert!(refusal.message.contains("Ant__Sentiment__c: "), "{}", refusal.message);
    // Once the tenant's form is known to have it, it stands at its place.
    sent(&mut composer).unwrap();
    let asked = asked("Ant__Sentiment__c");
    composer.end_log(Err(refused(ErrorCode::GainsightRefused, "ant__sentiment__c")), &asked);
    assert_eq!(composer.error_at("Ant__Sentiment__c"), Some("No."));
    assert!(!composer.refusal.unwrap().message.contains("sentiment"));
}

#[test]
fn what_the_tenant_asks_for_is_required_before_anything_is_sent() {
    let mut composer = typing("note");
    let suggestion = Suggestion { type_name: "Call".to_owned(), subject: "S".to_owned(), ..Suggestion::default() };
    let form = ActivityForm { held_at: at(0), ..form(&composer.content, &suggestion, &company("N"), None) };
    let asked = asked("Ant__Outcome__c");
    assert_eq!(composer.begin_log(form, (&["Call".to_owned()], &asked), "key-1".to_owned(), at(0)), None);
    assert_eq!(composer.error_at("Ant__Outcome__c"), Some(Word::FieldMissing.text()));
    assert!(composer.is_editable());
}

#[test]
fn fields_are_found_by_the_head_of_their_path() {
    let mut composer = typing("note");
    for (path, field) in [
        ("subject", Field::Subject),
        ("internal_attendees[3]", Field::Attendees),
        ("external_attendees", Field::Attendees),
        ("held_at", Field::HeldAt),
    ] {
        composer.end_log(Err(refused(ErrorCode::InvalidInput, path)), &[]);
        assert_eq!(composer.error_at(field.as_str()), Some("No."), "{path}");
    }
}

#[test]
fn a_request_in_doubt_is_repeated_word_by_word() {
    let mut composer = typing("note");
    let request = sent(&mut composer).unwrap();
    composer.end_log(Err(Trouble::offline()), &[]);
    assert!(!composer.is_editable());
    assert_eq!(composer.repeat_log(), Some(request));
    composer.end_log(Ok(write(WriteState::Done { activity: None })), &[]);
    assert!(composer.is_empty() && composer.is_editable() && composer.logged.is_some());
}

#[test]
fn a_doubt_ends_only_with_an_answer_to_the_very_request() {
    let mut composer = typing("note");
    let request = sent(&mut composer).unwrap();
    // Stored, and then the database went away; then the repeat is turned away at the door.
    for code in [ErrorCode::StorageDown, ErrorCode::Internal, ErrorCode::SlowDown, ErrorCode::SignedOut] {
        composer.end_log(Err(refused(code, "")), &[]);
        assert_eq!(composer.repeat_log().as_ref(), Some(&request), "{code:?} ended it");
    }
    composer.end_log(Err(refused(ErrorCode::GainsightRefused, "subject")), &[]);
    assert!(composer.is_editable(), "now it is known");
    assert!(sent(&mut composer).is_some());
    composer.end_log(Err(refused(ErrorCode::SlowDown, "")), &[]);
    assert!(composer.is_editable(), "turned away at first, it was never stored");
}

#[test]
fn a_discarded_note_can_be_brought_back() {
    let mut composer = typing("note");
    composer.discard(at(1));
    assert!(composer.is_empty());
    assert_eq!(composer.begin_save(), Save::Put(Box::new(SaveDraft { based_on: 0, content: DraftContent::default() })));
    composer.version = 4;
    assert_eq!(composer.begin_save(), Save::Delete(4));
    composer.end_save(SaveAnswer::Deleted, at(2));
    assert_eq!((composer.version, composer.draft), (0, None));
    composer.restore(at(3));
    assert_eq!(composer.content.notes, "note");
    assert!(composer.save.is_unsaved());
}
