//! Our reader against the one that the server uses: on what the server writes, and on every way of spoiling it.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, json};
use sidelight_domain::activity::STANDARD_TYPES;

use super::*;
use crate::json::{Unreadable, read};
use crate::state::samples::{activity, at, attendee, company, panel, relationship, signed_in, tenant};

/// The same document with one place changed, for each place and each way to change it. The list is none that serde, which takes
/// lists for records too, would find the right fields in.
fn spoilt(document: &serde_json::Value) -> Vec<serde_json::Value> {
    let mut variants =
        vec![json!(null), json!(true), json!(-1), json!(1.5), json!("who@elsewhere.test"), json!([true]), json!({})];
    match document {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                let rest: Map<_, _> = fields.clone().into_iter().filter(|(other, _)| other != name).collect();
                variants.push(rest.clone().into());
                for variant in spoilt(value) {
                    let mut fields = rest.clone();
                    fields.insert(name.clone(), variant);
                    variants.push(fields.into());
                }
            }
            let mut more = fields.clone();
            more.insert("of_a_later_server".to_owned(), json!([1.5, { "a": null }]));
            variants.push(more.into());
        }
        serde_json::Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                for variant in spoilt(item) {
                    let mut items = items.clone();
                    items[position] = variant;
                    variants.push(items.into());
                }
            }
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
    variants
}

/// Both readers make the same of it, and of whatever becomes of it.
#[track_caller]
fn agrees<T: Serialize + DeserializeOwned + FromJson + PartialEq + Debug>(value: &T) {
    let document = serde_json::to_value(value).unwrap();
    assert_eq!(read::<T>(&document.to_string()).as_ref(), Ok(value), "{document}");
    for variant in spoilt(&document) {
        let text = variant.to_string();
        assert_eq!(read::<T>(&text).ok(), serde_json::from_str(&text).ok(), "{text}");
    }
}

fn own<T: std::str::FromStr<Err: Debug>>(prefix: &str) -> T {
    format!("{prefix}_00000000000000000000000000000001").parse().unwrap()
}

fn form() -> ActivityForm {
    ActivityForm {
        entity: company("Northwind").reference,
        type_name: STANDARD_TYPES[0].to_owned(),
        subject: "Größe \"L\"".to_owned(),
        notes: "first\n\tsecond \\ third".to_owned(),
        format: NotesFormat::Html,
        held_at: at(-5),
        duration_minutes: Some(30),
        internal_attendees: vec!["casey@vendor.test".parse().unwrap()],
        external_attendees: vec!["ana@northwind.test".parse().unwrap(), "änne@northwind.test".parse().unwrap()],
        fields: vec![FilledField { name: "Ant__A__c".to_owned(), value: "x".to_owned() }],
    }
}

fn draft() -> Draft {
    let content = DraftContent {
        entity: Some(relationship("Northwind", "Fleet").reference),
        type_name: Some("Call".to_owned()),
        subject: Some(String::new()),
        notes: "n".to_owned(),
        format: NotesFormat::Plain,
        held_at: Some(at(1)),
        duration_minutes: Some(u32::MAX),
        attendees: Some(Vec::new()),
        others: vec![OtherAttendee {
            email: "tom@vendor.test".parse().unwrap(),
            name: "Tom".to_owned(),
            is_internal: true,
        }],
        fields: vec![FilledField { name: "Ant__A__c".to_owned(), value: "x".to_owned() }],
    };
    Draft { id: own("dra"), version: 3, content, saved_at: at(2) }
}

fn asked(kind: AskedKind) -> AskedField {
    let option = AskedOption { value: "1".to_owned(), label: "One".to_owned() };
    AskedField {
        name: "Seats__gc".to_owned(),
        label: "Seats".to_owned(),
        kind,
        is_required: kind == AskedKind::Number,
        preset: (kind == AskedKind::Choice).then(|| option.value.clone()),
        options: if kind == AskedKind::Choice { vec![option] } else { Vec::new() },
    }
}

fn write(state: WriteState) -> PendingWrite {
    PendingWrite {
        id: own("wri"),
        external_id: ExternalId::new("sidelight-1"),
        task: Task::Change,
        activity: Some(Gsid::new("1T01")),
        entity: company("Northwind").reference,
        entity_name: "Northwind".to_owned(),
        subject: "Call".to_owned(),
        stored_at: at(0),
        person: None,
        state,
    }
}

fn write_states() -> Vec<WriteState> {
    let fields = vec![FieldError { field: "subject".to_owned(), message: "Too long.".to_owned() }];
    let refused = |fields| WriteState::Refused { message: "No.".to_owned(), fields, form: Some(Box::new(form())) };
    vec![
        WriteState::Done { activity: Some(Gsid::new("a")) },
        WriteState::Done { activity: None },
        WriteState::Waiting { next_try_at: at(1), tries: 3 },
        WriteState::NeedsSignIn,
        WriteState::Kept,
        refused(fields),
        refused(Vec::new()),
        WriteState::Refused { message: "No.".to_owned(), fields: Vec::new(), form: None },
    ]
}

fn steps() -> Vec<Step> {
    let failures = [
        Failure::Expired,
        Failure::Declined,
        Failure::ApplicationRefused,
        Failure::TenantDown,
        Failure::IdentityUnproven,
        Failure::UnknownUser,
        Failure::Inactive,
        Failure::NoLicence,
        Failure::WrongCode,
        Failure::Replaced,
    ];
    let asked = Step::CodeNeeded { name: "Casey".to_owned(), tries_left: 4 };
    let others = [Step::LinkMade, Step::LinkOpened, asked, Step::SignedIn];
    others.into_iter().chain(failures.map(|why| Step::Failed { why })).collect()
}

fn sign_in(step: Step, link: Option<&str>) -> SignIn {
    let link = link.map(str::to_owned);
    SignIn { id: own("sgn"), tenant: TenantKey::new("lumen"), link, expires_at: at(9), step }
}

fn full_entity() -> Entity {
    let facts = Facts {
        score: Some("87".to_owned()),
        renews_at: Some(Timestamp::from_millis(-5)),
        arr: Some(i64::MIN),
        csm: Some("Casey".to_owned()),
        csm_is_viewer: true,
        stage: Some("Adoption".to_owned()),
    };
    Entity { is_inactive: true, facts, ..relationship("Northwind", "Fleet") }
}

#[test]
fn the_panel_is_read_as_the_server_wrote_it() {
    agrees(&panel());
    let mut full = panel();
    full.viewer.email = Some("casey@vendor.test".parse().unwrap());
    full.viewer.blocked = Some(Reason::Guest);
    full.draft = Some(draft());
    full.writes = vec![write(WriteState::NeedsSignIn)];
    full.sign_in = Some(sign_in(Step::LinkMade, Some("https://sidelight.test/s/1")));
    full.view = View {
        selected: Some(full_entity()),
        chosen_by: Some(ChosenBy::Attendees { matched: 2, outsiders: 3 }),
        tab: Tab::People,
        theme: Theme::Dark,
        narrowing: sidelight_api::timeline::Narrowing {
            words: "renewal".to_owned(),
            author: Some(Gsid::new("u")),
            since: Some(at(1)),
            is_milestone: true,
            ..Default::default()
        },
    };
    agrees(&full);
    agrees(&SessionAnswer { token: "t".to_owned(), expires_in: 900, panel: panel() });
}

#[test]
fn a_standing_is_read_as_the_server_wrote_it() {
    let licences = Licence::ALL.map(|licence| signed_in(Some(licence), true));
    let others =
        [Standing::SignedOut, Standing::Expired { email: "c@v.test".parse().unwrap() }, signed_in(None, false)];
    for standing in licences.into_iter().chain(others) {
        agrees(&Tenant { standing, ..tenant("lumen") });
    }
}

#[test]
fn writes_and_drafts_are_read_as_the_server_wrote_them() {
    for state in write_states() {
        agrees(&write(state));
    }
    agrees(&vec![write(WriteState::NeedsSignIn)]);
    let field = FilledField { name: "Seats__gc".to_owned(), value: "3".to_owned() };
    let form = |name: Option<&str>, fields| PersonForm {
        entity: company("Northwind").reference,
        email: "erin@n.test".to_owned(),
        name: name.map(str::to_owned),
        title: name.map(str::to_owned),
        role: name.map(str::to_owned),
        fields,
    };
    for form in [form(None, Vec::new()), form(Some("Erin"), vec![field])] {
        agrees(&PendingWrite { person: Some(Box::new(form)), ..write(WriteState::Kept) });
    }
    agrees(&draft());
    agrees(&DraftContent::default());
    agrees(&DraftConflict { error: error(ErrorCode::DraftConflict), current: draft() });
    let types = STANDARD_TYPES.map(str::to_owned).to_vec();
    let [with, without] = [vec![asked(AskedKind::Choice), asked(AskedKind::Text)], Vec::new()]
        .map(|fields| TypeForm { type_name: "Call".to_owned(), fields });
    for forms in [vec![with, without], Vec::new()] {
        let (tenant, types) = (TenantKey::new("lumen"), types.clone());
        agrees(&ActivityTypes { tenant, types, default_type: "Update".to_owned(), forms });
    }
}

#[test]
fn a_sign_in_is_read_as_the_server_wrote_it() {
    for step in steps() {
        agrees(&sign_in(step, None));
    }
    let text = str::to_owned;
    let domain = Domain {
        tenant: TenantKey::new("lumen"),
        name: text("Lumen"),
        host: text("lumen.test"),
        environment: text("Sandbox"),
    };
    agrees(&Branch::Single { domain: domain.clone() });
    agrees(&Branch::Environments { domains: vec![domain.clone(), domain] });
    agrees(&Branch::Typed { data_centres: vec![DataCentre { label: text("US1"), description: text("Most") }] });
    agrees(&LogoutAnswer { sent: 1, kept: 2, discarded: 3 });
}

fn every_gap() -> Vec<Gap> {
    vec![
        Gap::GainsightDown,
        Gap::GainsightBusy,
        Gap::StillAsking,
        Gap::NotApproved,
        Gap::HostNotReporting,
        Gap::HostUnauthorised,
        Gap::HostAbsent,
        Gap::OtherOwner,
    ]
}

/// Every role, every reason for a missing address, and every reply of somebody who was asked for it.
fn unheard(attendees: &mut [Attendee]) {
    let reasons = [Untold::Unreported, Untold::Registered, Untold::OtherAccount, Untold::SignedOut];
    for (attendee, why) in attendees.iter_mut().zip(reasons) {
        attendee.untold = Some(why);
    }
    for (attendee, role) in attendees.iter_mut().zip([Role::Host, Role::CoHost, Role::Attendee]) {
        attendee.role = Some(role);
    }
    (attendees[0].reply, attendees[1].reply) = (Some(Reply::Waiting), Some(Reply::Declined));
}

#[test]
fn people_are_read_as_the_server_wrote_them() {
    let groups = [
        Group::Customer,
        Group::OtherCompany,
        Group::NotLookedUp,
        Group::NotInGainsight,
        Group::NeedsEmail,
        Group::Colleague,
        Group::Device,
    ];
    let mut attendees: Vec<_> = groups.map(|group| attendee(1, "Ana", group)).to_vec();
    let sources = [
        Source::SdkList,
        Source::InvitedName,
        Source::RegisteredName,
        Source::Ticked,
        Source::Consented,
        Source::Remembered,
        Source::RememberedName,
        Source::Registration,
        Source::PastList,
        Source::HostWebhook,
        Source::OwnOauth,
    ];
    attendees.extend(sources.map(|source| Attendee { email_source: Some(source), ..attendees[0].clone() }));
    let first = &mut attendees[0];
    (first.shown_as, first.title) = (Some("A".to_owned()), Some("CTO".to_owned()));
    (first.company_role, first.company) = (Some("Champion".to_owned()), Some("Northwind".to_owned()));
    (first.also_at, first.devices) = (vec!["Fabrikam".to_owned()], Some(2));
    (first.is_hint, first.is_viewer, first.ticked_by) = (true, true, Some("Kim".to_owned()));
    (first.corrected_by, first.corrected_in) = (Some("Tom".to_owned()), Some(TenantKey::new("lumen")));
    first.is_aside = true;
    unheard(&mut attendees);
    let suggested = vec![Suggested { entity: company("Northwind"), matched: 2, outsiders: 3, is_clear: true }];
    let gaps = every_gap();
    let (silent, asking) = (vec![TenantKey::new("harbor")], vec![TenantKey::new("lumen")]);
    let view = View::default();
    let nobody = People {
        attendees: Vec::new(),
        suggested: Vec::new(),
        view: view.clone(),
        as_of: None,
        gaps: Vec::new(),
        silent: Vec::new(),
        asking: Vec::new(),
        invited: None,
        inquiry: None,
    };
    agrees(&nobody);
    let (invited, inquiry) = (Some(3), Some(InquiryState { is_open: true, asked_by: Some("Tom".to_owned()) }));
    agrees(&People { attendees, suggested, view, as_of: Some(at(0)), gaps, silent, asking, invited, inquiry });
    let contact = |title: Option<&str>| Contact {
        email: "ana@n.test".parse().unwrap(),
        name: "Ana".to_owned(),
        title: title.map(str::to_owned),
        role: title.map(str::to_owned),
    };
    let people = vec![contact(None), contact(Some("CTO"))];
    agrees(&Contacts { people, as_of: at(0), is_stale: true });
}

#[test]
fn whoever_was_found_is_read_as_the_server_wrote_it() {
    let person = FoundPerson {
        email: "erin@n.test".parse().unwrap(),
        name: "Erin".to_owned(),
        companies: vec!["Northwind".to_owned()],
        is_same_address: true,
        is_linked: true,
        is_former: true,
    };
    let bare = FoundPerson {
        companies: Vec::new(),
        is_same_address: false,
        is_linked: false,
        is_former: false,
        ..person.clone()
    };
    let kinds = [AskedKind::Text, AskedKind::Number, AskedKind::Flag, AskedKind::Date, AskedKind::Choice];
    let asked = kinds.map(asked);
    agrees(&FoundPeople::default());
    agrees(&FoundPeople { found: vec![vec![person, bare], Vec::new()], asked: asked.to_vec(), is_cut_off: true });
}

#[test]
fn entities_and_activities_are_read_as_the_server_wrote_them() {
    let (recent, found) = (vec![full_entity()], vec![company("Northwind")]);
    agrees(&EntityList { suggested: Vec::new(), recent, found, more: 7, as_of: Some(at(0)) });
    let own =
        ActivitySummary { is_own: true, is_ours: true, relationship: Some("Fleet".to_owned()), ..activity("1", at(0)) };
    let opened = Activity {
        summary: own.clone(),
        tenant: TenantKey::new("lumen"),
        notes_html: "<p>a</p>".to_owned(),
        internal_attendees: Vec::new(),
        external_attendees: vec!["Ana Ruiz".to_owned()],
        duration_minutes: Some(30),
        modified_at: Some(at(1)),
        seen: "1.2".to_owned(),
        locked: Some(Reason::NotAuthor),
        fields: vec![OwnField { label: "Sentiment".to_owned(), value: "Positive".to_owned(), at: Some(at(3)) }],
        link: Some("https://x.test".to_owned()),
    };
    agrees(&Activity { external_attendees: Vec::new(), duration_minutes: None, modified_at: None, ..opened.clone() });
    agrees(&opened);
    let next = Some("2".to_owned());
    agrees(&TimelinePage {
        activities: vec![own, activity("2", at(1))],
        next,
        as_of: at(2),
        is_stale: true,
        reach: Some(at(0)),
    });
}

fn error(code: ErrorCode) -> ErrorBody {
    ErrorBody {
        code,
        message: "No.".to_owned(),
        request_id: RequestId::new("r1"),
        fields: vec![FieldError { field: "subject".to_owned(), message: "Fill this in.".to_owned() }],
        remedy: Some(Remedy::SignIn),
        retry_after_seconds: Some(30),
    }
}

#[test]
fn refusals_are_read_as_the_server_wrote_them() {
    for code in ErrorCode::ALL {
        agrees(&error(*code));
    }
    let remedies =
        [Remedy::Reopen, Remedy::AuthoriseZoom, Remedy::SignIn, Remedy::SidelightAdmin, Remedy::GainsightAdmin];
    agrees(&remedies.to_vec());
    let reasons = [
        Reason::NoSession,
        Reason::Guest,
        Reason::NoOrganisation,
        Reason::SignedOut,
        Reason::Inactive,
        Reason::NoLicence,
        Reason::NotAuthor,
        Reason::ReadsOnly,
    ];
    agrees(&reasons.to_vec());
}

#[test]
fn events_are_read_as_the_server_wrote_them() {
    let plain = [Event::People, Event::Meeting, Event::View, Event::Draft, Event::Standing, Event::SessionEnded];
    plain.iter().for_each(agrees);
    agrees(&Event::Write { id: own("wri") });
    agrees(&Event::Timeline { entity: relationship("N", "F").reference });
    agrees(&Event::SignIn { id: own("sgn") });
}

#[test]
fn names_of_a_later_server_are_unreadable() {
    assert_eq!(read::<ErrorCode>("\"invented\""), Err(Unreadable));
    assert_eq!(read::<Event>(r#"{"type":"invented"}"#), Err(Unreadable));
    assert_eq!(read::<Step>(r#"{"state":"invented"}"#), Err(Unreadable));
    assert_eq!(read::<Panel>("<html>").map(|_| ()), Err(Unreadable));
}
