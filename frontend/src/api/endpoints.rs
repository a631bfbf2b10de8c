//! One function per endpoint.

use sidelight_api::ErrorCode;
use sidelight_api::activity::{
    ActivityTypes, Draft, DraftConflict, FindAttendees, LogActivity, OtherAttendee, PendingWrite, SaveDraft,
    SettleWrite,
};
use sidelight_api::card::{Card, CardRequest};
use sidelight_api::entity::EntityList;
use sidelight_api::home::{ChooseCompany, NoteNeed};
use sidelight_api::people::{Contacts, CorrectionRequest, InquiryAnswer, InvitationRequest, People, TickRequest};
use sidelight_api::person::{AddPerson, FindPeople, FoundPeople};
use sidelight_api::session::{
    AuthorizationChallenge, AuthorizationCode, LogoutAnswer, LogoutRequest, Panel, RosterReport, View, ViewChange,
};
use sidelight_api::sign_in::{Branch, CodeRequest, LookUp, SignIn, SignInRequest};
use sidelight_api::timeline::{Activity, ChangeActivity, Narrowing, TimelinePage};
use sidelight_domain::ids::{Gsid, SignInId, TenantKey, WriteId};
use sidelight_domain::{EntityRef, Timestamp};

use crate::api::client::{Client, accepted, decode};
use crate::api::transport::Method::{Delete, Get, Post, Put};
use crate::api::transport::{Request, Response};
use crate::state::composer::SaveAnswer;
use crate::state::trouble::Trouble;

type Answer<T> = Result<T, Trouble>;

impl Client {
    /// `GET /panel`
    pub(crate) fn panel(&self, then: impl FnOnce(Answer<Panel>) + 'static) {
        self.json(Request::new(Get, "/panel"), then);
    }

    /// `GET /home`
    pub(crate) fn home(&self, (from, to): (Timestamp, Timestamp), then: impl FnOnce(Answer<Response>) + 'static) {
        let path = format!("/home?from={}&to={}", from.as_millis(), to.as_millis());
        self.send(Request::new(Get, path), Box::new(then));
    }

    /// `PUT /home/company`
    pub(crate) fn choose_company(&self, choice: &ChooseCompany, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Put, "/home/company").json(choice), then);
    }

    /// `PUT /home/note`
    pub(crate) fn need_note(&self, need: &NoteNeed, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Put, "/home/note").json(need), then);
    }

    /// `PUT /view`
    pub(crate) fn change_view(&self, change: &ViewChange, then: impl FnOnce(Answer<View>) + 'static) {
        self.json(Request::new(Put, "/view").json(change).outliving_the_page(), then);
    }

    /// `POST /zoom/authorization`
    pub(crate) fn begin_authorization(&self, then: impl FnOnce(Answer<AuthorizationChallenge>) + 'static) {
        self.json(Request::new(Post, "/zoom/authorization"), then);
    }

    /// `PUT /zoom/authorization`
    pub(crate) fn finish_authorization(&self, code: &AuthorizationCode, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Put, "/zoom/authorization").json(code), then);
    }

    /// `POST /roster`
    pub(crate) fn report_roster(&self, report: &RosterReport, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Post, "/roster").json(report), then);
    }

    /// `POST /logout`
    pub(crate) fn log_out(&self, request: LogoutRequest, then: impl FnOnce(Answer<LogoutAnswer>) + 'static) {
        self.json(Request::new(Post, "/logout").json(&request), then);
    }

    /// `GET /entities`
    pub(crate) fn entities(
        &self,
        query: &str,
        include_inactive: bool,
        then: impl FnOnce(Answer<EntityList>) + 'static,
    ) {
        let query = Query::new("/entities").text("q", query).flag("include_inactive", include_inactive);
        self.json(Request::new(Get, query.0), then);
    }

    /// `GET /people`
    pub(crate) fn people(&self, refresh: bool, then: impl FnOnce(Answer<People>) + 'static) {
        self.json(Request::new(Get, Query::new("/people").flag("refresh", refresh).0), then);
    }

    /// `GET /contacts`
    pub(crate) fn contacts(&self, entity: &EntityRef, then: impl FnOnce(Answer<Contacts>) + 'static) {
        self.json(Request::new(Get, Query::new("/contacts").entity(entity).0), then);
    }

    /// `PUT /ticks`
    pub(crate) fn tick(&self, tick: &TickRequest, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Put, "/ticks").json(tick), then);
    }

    /// `POST /people/card`
    pub(crate) fn card(&self, person: &CardRequest, then: impl FnOnce(Answer<Card>) + 'static) {
        self.json(Request::new(Post, "/people/card").json(person), then);
    }

    /// `PUT /corrections`
    pub(crate) fn correct(&self, correction: &CorrectionRequest, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Put, "/corrections").json(correction), then);
    }

    /// `PUT /invitation`
    pub(crate) fn bring_invitation(&self, invitation: &InvitationRequest, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Put, "/invitation").json(invitation), then);
    }

    /// `DELETE /invitation`
    pub(crate) fn forget_invitation(&self, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Delete, "/invitation"), then);
    }

    /// `POST /inquiry`
    pub(crate) fn begin_inquiry(&self, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Post, "/inquiry"), then);
    }

    /// `DELETE /inquiry`
    pub(crate) fn take_back_inquiry(&self, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Delete, "/inquiry"), then);
    }

    /// `POST /inquiry/answers`
    pub(crate) fn hand_on(&self, answer: &InquiryAnswer, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Post, "/inquiry/answers").json(answer), then);
    }

    /// `GET /timeline`
    pub(crate) fn timeline(
        &self,
        entity: &EntityRef,
        narrowing: &Narrowing,
        (cursor, refresh): (Option<&str>, bool),
        then: impl FnOnce(Answer<TimelinePage>) + 'static,
    ) {
        let query = Query::new("/timeline").entity(entity).narrowing(narrowing);
        let query = query.text("cursor", cursor.unwrap_or_default());
        self.json(Request::new(Get, query.flag("refresh", refresh).0), then);
    }

    /// `GET /timeline/{tenant}/{id}`
    pub(crate) fn activity(&self, tenant: &TenantKey, id: &Gsid, then: impl FnOnce(Answer<Activity>) + 'static) {
        let path = format!("/timeline/{}/{}", escaped(tenant.as_str()), escaped(id.as_str()));
        self.json(Request::new(Get, path), then);
    }

    /// `PUT /timeline/{tenant}/{id}`
    pub(crate) fn change_activity(
        &self,
        tenant: &TenantKey,
        id: &Gsid,
        change: &ChangeActivity,
        then: impl FnOnce(Answer<PendingWrite>) + 'static,
    ) {
        let path = format!("/timeline/{}/{}", escaped(tenant.as_str()), escaped(id.as_str()));
        self.json(Request::new(Put, path).json(change), then);
    }

    /// `DELETE /timeline/{tenant}/{id}`
    pub(crate) fn delete_activity(
        &self,
        tenant: &TenantKey,
        id: &Gsid,
        (key, seen): (&str, &str),
        then: impl FnOnce(Answer<PendingWrite>) + 'static,
    ) {
        let path = format!("/timeline/{}/{}", escaped(tenant.as_str()), escaped(id.as_str()));
        self.json(Request::new(Delete, Query::new(&path).text("key", key).text("seen", seen).0), then);
    }

    /// `GET /activity-types`
    pub(crate) fn activity_types(&self, entity: &EntityRef, then: impl FnOnce(Answer<ActivityTypes>) + 'static) {
        self.json(Request::new(Get, Query::new("/activity-types").entity(entity).0), then);
    }

    /// `GET /draft`
    pub(crate) fn draft(&self, then: impl FnOnce(Answer<Option<Draft>>) + 'static) {
        let read = |answer: Response| if answer.status == 204 { Ok(None) } else { decode(&answer).map(Some) };
        self.send(Request::new(Get, "/draft"), Box::new(move |answer| then(answer.and_then(read))));
    }

    /// `PUT /draft`
    pub(crate) fn save_draft(&self, draft: &SaveDraft, then: impl FnOnce(SaveAnswer) + 'static) {
        let taken = move |answer: Answer<Response>| {
            then(answer.and_then(save_answer).unwrap_or_else(SaveAnswer::Failed));
        };
        self.answer(Request::new(Put, "/draft").json(draft).outliving_the_page(), Box::new(taken));
    }

    /// `DELETE /draft`
    pub(crate) fn delete_draft(&self, version: u32, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Delete, format!("/draft?version={version}")).outliving_the_page(), then);
    }

    /// `POST /activities`
    pub(crate) fn log_activity(&self, activity: &LogActivity, then: impl FnOnce(Answer<PendingWrite>) + 'static) {
        self.json(Request::new(Post, "/activities").json(activity), then);
    }

    /// `POST /attendees/find`
    pub(crate) fn find_attendees(
        &self,
        question: &FindAttendees,
        then: impl FnOnce(Answer<Vec<OtherAttendee>>) + 'static,
    ) {
        self.json(Request::new(Post, "/attendees/find").json(question), then);
    }

    /// `POST /people/find`
    pub(crate) fn find_people(&self, question: &FindPeople, then: impl FnOnce(Answer<FoundPeople>) + 'static) {
        self.json(Request::new(Post, "/people/find").json(question), then);
    }

    /// `POST /people`
    pub(crate) fn add_person(&self, person: &AddPerson, then: impl FnOnce(Answer<PendingWrite>) + 'static) {
        self.json(Request::new(Post, "/people").json(person), then);
    }

    /// `GET /writes`
    pub(crate) fn writes(&self, then: impl FnOnce(Answer<Vec<PendingWrite>>) + 'static) {
        self.json(Request::new(Get, "/writes"), then);
    }

    /// `POST /writes/{id}`
    pub(crate) fn settle_write(&self, id: WriteId, settle: SettleWrite, then: impl FnOnce(Answer<()>) + 'static) {
        self.done(Request::new(Post, format!("/writes/{id}")).json(&settle), then);
    }

    /// `POST /sign-in/look-up`
    pub(crate) fn look_up(&self, username: String, then: impl FnOnce(Answer<Branch>) + 'static) {
        self.json(Request::new(Post, "/sign-in/look-up").json(&LookUp { username }), then);
    }

    /// `POST /sign-in`
    pub(crate) fn begin_sign_in(&self, request: &SignInRequest, then: impl FnOnce(Answer<SignIn>) + 'static) {
        self.json(Request::new(Post, "/sign-in").json(request), then);
    }

    /// `GET /sign-in/{id}`
    pub(crate) fn sign_in(&self, id: SignInId, then: impl FnOnce(Answer<SignIn>) + 'static) {
        self.json(Request::new(Get, format!("/sign-in/{id}")), then);
    }

    /// `POST /sign-in/{id}/code`
    pub(crate) fn confirm_sign_in(&self, id: SignInId, code: String, then: impl FnOnce(Answer<SignIn>) + 'static) {
        self.json(Request::new(Post, format!("/sign-in/{id}/code")).json(&CodeRequest { code }), then);
    }

    /// `DELETE /sign-in/{id}`
    pub(crate) fn leave_sign_in(&self, id: SignInId) {
        // A link that is not withdrawn dies by itself after five minutes.
        self.done(Request::new(Delete, format!("/sign-in/{id}")), drop);
    }

    /// Sends a request whose answer has no body.
    fn done(&self, request: Request, then: impl FnOnce(Answer<()>) + 'static) {
        self.send(request, Box::new(move |answer| then(answer.map(drop))));
    }
}

/// Reads the answer to a save.
fn save_answer(answer: Response) -> Answer<SaveAnswer> {
    // The same status with another code carries no other text.
    match decode::<DraftConflict>(&answer) {
        Ok(conflict) if answer.status == ErrorCode::DraftConflict.status() => {
            Ok(SaveAnswer::Conflict(conflict.current))
        }
        _ => match accepted(answer) {
            Ok(answer) => decode(&answer).map(SaveAnswer::Saved),
            Err(trouble) if trouble.code == Some(ErrorCode::WriteSettled) => Ok(SaveAnswer::Settled(trouble)),
            Err(trouble) => Err(trouble),
        },
    }
}

/// A path with a query, put together; empty texts and `false` are left out.
struct Query(String);

impl Query {
    fn new(path: &str) -> Self {
        Self(path.to_owned())
    }

    fn text(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            let mark = if self.0.contains('?') { '&' } else { '?' };
            self.0.extend([&mark.to_string(), name, "=", &escaped(value)]);
        }
        self
    }

    fn flag(self, name: &str, value: bool) -> Self {
        self.text(name, if value { "true" } else { "" })
    }

    fn number(self, name: &str, value: Option<i64>) -> Self {
        self.text(name, &value.map(|value| value.to_string()).unwrap_or_default())
    }

    fn narrowing(self, narrowing: &Narrowing) -> Self {
        self.text("words", narrowing.words.trim())
            .text("type_name", narrowing.type_name.as_deref().unwrap_or_default())
            .text("author", narrowing.author.as_ref().map(Gsid::as_str).unwrap_or_default())
            .number("days", narrowing.days.map(i64::from))
            .number("since", narrowing.since.map(Timestamp::as_millis))
            .number("until", narrowing.until.map(Timestamp::as_millis))
            .flag("is_own", narrowing.is_own)
            .flag("is_milestone", narrowing.is_milestone)
            .flag("is_of_meeting", narrowing.is_of_meeting)
            .flag("without_relationships", narrowing.without_relationships)
    }

    fn entity(self, entity: &EntityRef) -> Self {
        self.text("tenant", entity.tenant.as_str()).text("kind", entity.kind.as_str()).text("id", entity.id.as_str())
    }
}

/// Percent-encodes everything but the unreserved characters (RFC 3986, 2.3).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped
                .extend([byte >> 4, byte & 15].into_iter().filter_map(|digit| char::from_digit(u32::from(digit), 16)));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::company;

    #[test]
    fn a_query_escapes_what_people_type() {
        assert_eq!(Query::new("/entities").text("q", "").flag("include_inactive", false).0, "/entities");
        let query = Query::new("/entities").text("q", "Ä&B ?#%").flag("include_inactive", true).0;
        assert_eq!(query, "/entities?q=%c3%84%26B%20%3f%23%25&include_inactive=true");
    }

    #[test]
    fn an_entity_is_named_by_its_three_parts() {
        let query = Query::new("/timeline").entity(&company("a/b").reference).text("cursor", "2").0;
        assert_eq!(query, "/timeline?tenant=lumen&kind=company&id=a%2fb&cursor=2");
    }

    #[test]
    fn only_what_is_wanted_is_asked_for() {
        assert_eq!(Query::new("/timeline").narrowing(&Narrowing::default()).0, "/timeline");
        let narrowing = Narrowing { words: " a b ".to_owned(), days: Some(7), is_own: true, ..Narrowing::default() };
        assert_eq!(Query::new("/timeline").narrowing(&narrowing).0, "/timeline?words=a%20b&days=7&is_own=true");
    }
}
