use sidelight_domain::Timestamp;

use super::*;

fn row(subject: &str, notes: &str) -> ActivityRow {
    ActivityRow {
        id: Gsid::new("1T01"),
        activity_id: None,
        external_id: None,
        type_name: Some("Meeting".to_owned()),
        subject: subject.to_owned(),
        notes_html: Some(notes.to_owned()),
        notes_plain: None,
        held_at: Timestamp::from_millis(1_790_000_000_000),
        created_at: None,
        modified_at: None,
        author: None,
        author_name: None,
        author_email: None,
        company: None,
        relationship: None,
        relationship_name: None,
        internal_attendees: Vec::new(),
        external_attendees: Vec::new(),
        duration_minutes: Some(30),
        context_name: None,
        own_fields: Vec::new(),
    }
}

fn changes(subject: Option<&str>, notes: Option<&str>) -> Changes {
    Changes { subject: subject.map(str::to_owned), notes: notes.map(str::to_owned), ..Changes::default() }
}

#[test]
fn what_was_seen_survives_its_text() {
    let seen = Seen::of(&row("s", "<p>n</p>"));
    assert_eq!(Seen::read(&seen.to_string()), seen);
    assert_ne!(Seen::of(&row("s", "<p>m</p>")), seen);
    assert!(!seen.to_string().contains("Meeting"));
}

#[test]
fn only_what_is_not_there_yet_is_sent() {
    let seen = Seen::of(&row("old", "<p>n</p>"));
    let both = changes(Some("new"), Some("<p><b>n</b></p>"));
    let sent = to_send(&both, &seen, &row("old", "<p>n</p>")).unwrap().unwrap();
    assert_eq!((sent.subject.as_deref(), sent.notes_html.as_deref()), (Some("new"), Some("<p><strong>n</strong></p>")));
    assert_eq!((sent.type_name, sent.held_at, sent.duration_minutes), (None, None, None));
    // An earlier try has arrived.
    assert!(to_send(&both, &seen, &row("new", "<p><strong>n</strong></p>")).unwrap().is_none());
}

#[test]
fn a_colleagues_change_is_a_conflict_where_it_would_be_overwritten_and_nowhere_else() {
    let seen = Seen::of(&row("old", "<p>n</p>"));
    let theirs = row("old", "<p>theirs</p>");
    assert_eq!(to_send(&changes(None, Some("<p>mine</p>")), &seen, &theirs), Err(ErrorCode::ActivityConflict));
    let sent = to_send(&changes(Some("mine"), None), &seen, &theirs).unwrap().unwrap();
    assert_eq!((sent.subject.as_deref(), sent.notes_html), (Some("mine"), None));
    // Who names nothing that anybody saw overwrites nothing.
    assert!(to_send(&changes(Some("mine"), None), &Seen::read("?"), &theirs).is_err());
}
