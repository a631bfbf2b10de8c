//! What the panel writes (`crates/api`), field by field.

use sidelight_api::activity::{DraftContent, FindAttendees, LogActivity, OtherAttendee, SaveDraft, SettleWrite};
use sidelight_api::card::CardRequest;
use sidelight_api::home::{ChooseCompany, NoteNeed};
use sidelight_api::people::{CorrectionRequest, InquiryAnswer, InvitationRequest, TickRequest};
use sidelight_api::person::{AddPerson, FindPeople, Sought};
use sidelight_api::session::{
    AuthorizationCode, ListedParticipant, LogoutRequest, RosterReport, SessionRequest, Tab, Theme, ViewChange,
    WaitingWrites,
};
use sidelight_api::sign_in::{Account, CodeRequest, LookUp, SignInRequest};
use sidelight_api::timeline::{ChangeActivity, Narrowing};
use sidelight_domain::activity::ActivityForm;
use sidelight_domain::ids::{DraftId, Gsid, MeetingNumber, MeetingUuid, ParticipantId, ParticipantUuid, TenantKey};
use sidelight_domain::person::{FilledField, PersonForm};
use sidelight_domain::{EmailAddress, EntityKind, EntityRef, NotesFormat, Timestamp};

use crate::json::{ToJson, object};

macro_rules! written_by_field {
    ($($type:ident { $($field:ident),+ })+) => { $(
        impl ToJson for $type {
            fn to_json(&self, json: &mut String) {
                object(json, &[$((stringify!($field), &self.$field),)+]);
            }
        }
    )+ };
}

written_by_field! {
    ActivityForm {
        entity, type_name, subject, notes, format, held_at, duration_minutes, internal_attendees, external_attendees,
        fields
    }
    AddPerson { key, form }
    CardRequest { tenant, email }
    CorrectionRequest { participant, tenant, email, is_undone }
    AuthorizationCode { code, state, redirect_uri }
    ChangeActivity { key, seen, type_name, subject, notes, held_at, duration_minutes }
    ChooseCompany { number, starts_at, select }
    CodeRequest { code }
    DraftContent { entity, type_name, subject, notes, format, held_at, duration_minutes, attendees, others, fields }
    EntityRef { tenant, kind, id }
    FilledField { name, value }
    FindAttendees { entity, query }
    FindPeople { entity, sought }
    ListedParticipant { uuid, name, role }
    LogActivity { key, form, draft }
    InquiryAnswer { participant, email }
    InvitationRequest { text }
    OtherAttendee { email, name, is_internal }
    LogoutRequest { waiting_writes }
    LookUp { username }
    Narrowing {
        words, type_name, author, author_name, days, since, until, is_own, is_milestone, is_of_meeting, without_relationships
    }
    NoteNeed { meeting, is_needed }
    PersonForm { entity, email, name, title, role, fields }
    RosterReport { participants, topic, number, is_of_breakout }
    SaveDraft { based_on, content }
    SessionRequest { context, page, screen_name }
    SignInRequest { account, username, tenant, domain, data_centre }
    Sought { email, name }
    TickRequest { tenant, email, is_here }
    ViewChange { select, tab, theme, narrowing }
}

macro_rules! written_as_text {
    ($($type:ty: $text:expr;)+) => { $(
        impl ToJson for $type {
            fn to_json(&self, json: &mut String) {
                let text: fn(&$type) -> &str = $text;
                text(self).to_json(json);
            }
        }
    )+ };
}

written_as_text! {
    EmailAddress: |email| email.as_str();
    Account: |account| account.as_str();
    EntityKind: |kind| kind.as_str();
    Gsid: |id| id.as_str();
    NotesFormat: |format| match format {
        NotesFormat::Plain => "plain",
        NotesFormat::Html => "html",
    };
    MeetingNumber: |number| number.as_str();
    MeetingUuid: |uuid| uuid.as_str();
    ParticipantUuid: |uuid| uuid.as_str();
    TenantKey: |key| key.as_str();
    Tab: |tab| match tab {
        Tab::Timeline => "timeline",
        Tab::People => "people",
        Tab::Scorecard => "scorecard",
        Tab::Summary => "summary",
        Tab::Attributes => "attributes",
    };
    Theme: |theme| match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    WaitingWrites: |choice| match choice {
        WaitingWrites::SendNow => "send_now",
        WaitingWrites::KeepAsDraft => "keep_as_draft",
        WaitingWrites::Discard => "discard",
    };
}

impl ToJson for ParticipantId {
    fn to_json(&self, json: &mut String) {
        self.to_string().to_json(json);
    }
}

impl ToJson for DraftId {
    fn to_json(&self, json: &mut String) {
        self.to_string().to_json(json);
    }
}

impl ToJson for Timestamp {
    fn to_json(&self, json: &mut String) {
        self.as_millis().to_json(json);
    }
}

impl ToJson for SettleWrite {
    fn to_json(&self, json: &mut String) {
        let settle = match self {
            Self::TryNow => "try_now",
            Self::Reopen => "reopen",
            Self::Discard => "discard",
        };
        object(json, &[("settle", &settle)]);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;
    use crate::json::write;
    use crate::state::samples::{at, relationship};

    /// The server reads what was meant, from a text that differs in nothing from what it would write, or in a null left out.
    #[track_caller]
    fn arrives<T: ToJson + Serialize + DeserializeOwned + PartialEq + Debug>(request: &T) {
        let json = write(request);
        assert_eq!(serde_json::from_str::<T>(&json).as_ref().ok(), Some(request), "{json}");
        let expected = serde_json::to_string(request).unwrap().replace(r#","duration_minutes":null"#, "");
        assert_eq!(json, expected);
    }

    fn text(text: &str) -> String {
        text.to_owned()
    }

    #[test]
    fn opening_arrives_as_it_was_meant() {
        let context = "a\"b\\c\n\u{1f}é".to_owned();
        arrives(&SessionRequest { context: context.clone(), page: None, screen_name: None });
        arrives(&SessionRequest { context, page: Some(text("p")), screen_name: Some(text("Ana")) });
        let listed = |role: &str| ListedParticipant {
            uuid: ParticipantUuid::new("A+/="),
            name: "Ana".to_owned(),
            role: role.to_owned(),
        };
        arrives(&RosterReport { participants: Vec::new(), topic: None, number: None, is_of_breakout: true });
        let number = Some(MeetingNumber::new("812 3456"));
        let participants = vec![listed("host"), listed("")];
        arrives(&RosterReport { participants, topic: Some(text("Review")), number, is_of_breakout: false });
        arrives(&InvitationRequest { text: "Ana <ana@n.test>;\n\"Ek, Bo\"".to_owned() });
        let told = InquiryAnswer { participant: ParticipantUuid::new("p"), email: "ana@n.test".parse().ok() };
        arrives(&InquiryAnswer { email: None, ..told.clone() });
        arrives(&told);
        for is_here in [true, false] {
            let email = "ana@n.test".parse().unwrap();
            arrives(&TickRequest { tenant: TenantKey::new("lumen"), email, is_here });
        }
        let select = Some(relationship("N", "F").reference);
        for tab in [Tab::Timeline, Tab::People, Tab::Scorecard, Tab::Summary, Tab::Attributes] {
            arrives(&ViewChange { select: select.clone(), tab: Some(tab), ..ViewChange::default() });
        }
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            arrives(&ViewChange { theme: Some(theme), ..ViewChange::default() });
        }
        let narrowing = Narrowing { words: "renewal".to_owned(), days: Some(7), is_own: true, ..Narrowing::default() };
        arrives(&ViewChange { narrowing: Some(narrowing), ..ViewChange::default() });
        arrives(&ViewChange::default());
    }

    #[test]
    fn notes_arrive_as_they_were_meant() {
        let email: EmailAddress = "änne@northwind.test".parse().unwrap();
        let entity = relationship("N", "F").reference;
        let content = DraftContent {
            entity: Some(entity.clone()),
            type_name: Some(text("Call")),
            subject: Some(text("")),
            notes: "\t\u{2028}".to_owned(),
            format: NotesFormat::Html,
            held_at: Some(at(-1)),
            duration_minutes: Some(u32::MAX),
            attendees: Some(vec![email.clone()]),
            others: vec![OtherAttendee { email: email.clone(), name: text("Änne"), is_internal: true }],
            fields: vec![FilledField { name: text("Ant__A__c"), value: text("x") }],
        };
        arrives(&SaveDraft { based_on: 0, content: DraftContent::default() });
        arrives(&SaveDraft { based_on: 7, content });
        let form = |duration_minutes| ActivityForm {
            entity: entity.clone(),
            type_name: "Call".to_owned(),
            subject: "S".to_owned(),
            notes: "N".to_owned(),
            format: NotesFormat::Plain,
            held_at: at(0),
            duration_minutes,
            internal_attendees: Vec::new(),
            external_attendees: vec![email.clone(), email.clone()],
            fields: duration_minutes
                .map(|_| FilledField { name: text("Ant__A__c"), value: text("x") })
                .into_iter()
                .collect(),
        };
        let draft = Some("dra_00000000000000000000000000000001".parse().unwrap());
        arrives(&LogActivity { key: "k".to_owned(), form: form(Some(30)), draft });
        arrives(&LogActivity { key: "k".to_owned(), form: form(None), draft: None });
        arrives(&ChangeActivity { key: "k".to_owned(), notes: Some("<p>".to_owned()), ..ChangeActivity::default() });
        [SettleWrite::TryNow, SettleWrite::Reopen, SettleWrite::Discard].iter().for_each(arrives);
    }

    #[test]
    fn people_arrive_as_they_were_meant() {
        let entity = relationship("N", "F").reference;
        let form = |name: Option<&str>| PersonForm {
            entity: entity.clone(),
            email: "erin@n.test".to_owned(),
            name: name.map(text),
            title: name.map(text),
            role: name.map(text),
            fields: name.map(|name| FilledField { name: text(name), value: text("3") }).into_iter().collect(),
        };
        arrives(&AddPerson { key: text("k"), form: form(None) });
        arrives(&AddPerson { key: text("k"), form: form(Some("Erin \"W\"")) });
        let sought = vec![Sought { email: text("erin@n.test"), name: text("") }];
        arrives(&FindAttendees { entity: entity.clone(), query: text("er") });
        arrives(&FindPeople { entity: entity.clone(), sought });
        arrives(&FindPeople { entity, sought: Vec::new() });
    }

    #[test]
    fn signing_in_and_out_arrives_as_it_was_meant() {
        arrives(&LookUp { username: "casey@vendor.test".to_owned() });
        let username = "casey".to_owned();
        for account in [Account::Gainsight, Account::Salesforce] {
            let username = username.clone();
            arrives(&SignInRequest { account, username, tenant: None, domain: None, data_centre: None });
        }
        let account = Account::Gainsight;
        let tenant = Some(TenantKey::new("lumen"));
        arrives(&SignInRequest {
            account,
            username,
            tenant,
            domain: Some(text("lumen")),
            data_centre: Some(text("US1")),
        });
        arrives(&CodeRequest { code: "123456".to_owned() });
        for waiting_writes in [WaitingWrites::SendNow, WaitingWrites::KeepAsDraft, WaitingWrites::Discard] {
            arrives(&LogoutRequest { waiting_writes });
        }
    }
}
