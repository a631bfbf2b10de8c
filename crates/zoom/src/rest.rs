//! Zoom's REST interface: who somebody is, and what is known about a meeting (`zoom.md` 7).

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sidelight_domain::ids::{MeetingNumber, MeetingUuid, ZoomAccountId, ZoomUserId};
use sidelight_domain::{EmailAddress, MeetingKind, Timestamp};
use sidelight_outbound::{Answer, Gate, Method, Request};
use url::{Url, form_urlencoded};

use crate::Error;
use crate::wire::{self, print_only, text, time};

/// The most that one page holds (`zoom.md` 7.3).
const PAGE_SIZE: &str = "300";
/// More pages than the largest meeting fills, even when everybody joins several times.
const MOST_PAGES: usize = 20;

/// The person behind a token. Prints neither name nor address.
#[derive(Clone, Eq, PartialEq)]
pub struct Me {
    /// The same as the app context's user.
    pub id: ZoomUserId,
    /// The account.
    pub account: Option<ZoomAccountId>,
    /// The login address: the strongest proof of an e-mail there is (`zoom.md` 7.6).
    pub email: Option<EmailAddress>,
    /// Whether Zoom verified that address.
    pub is_verified: bool,
    /// Display name.
    pub name: String,
    /// IANA name of the time zone.
    pub timezone: Option<String>,
    /// Such as `en-US`.
    pub language: Option<String>,
}
print_only!(Me: id, account);

/// A meeting as its host's token sees it. Prints neither topic nor addresses. Links that let anybody in are not kept.
#[derive(Clone, Eq, PartialEq)]
pub struct ScheduledMeeting {
    /// The instance, where there is one yet.
    pub uuid: Option<MeetingUuid>,
    /// The number people dial.
    pub number: MeetingNumber,
    /// Who hosts it.
    pub host: Option<ZoomUserId>,
    /// What it is called.
    pub topic: String,
    /// When it begins.
    pub starts_at: Option<Timestamp>,
    /// How long it is planned.
    pub duration: Option<Duration>,
    /// Whether it is running now.
    pub is_started: bool,
    /// Whether people register for it.
    pub has_registration: bool,
    /// Whom the host named to Zoom, each address once: invited, let in without signing in, or assigned to a breakout room. A hint, not the
    /// guest list (`zoom.md` 7.2, 7.6).
    pub invitees: Vec<Invitee>,
    /// Who may host instead.
    pub alternative_hosts: Vec<EmailAddress>,
}
print_only!(ScheduledMeeting: uuid, number, is_started);

/// Somebody whom the host named to Zoom ahead of a meeting. Prints nothing personal.
#[derive(Clone, Eq, PartialEq)]
pub struct Invitee {
    /// The address.
    pub email: EmailAddress,
    /// The name, where the host gave one.
    pub name: Option<String>,
}
print_only!(Invitee:);

/// A meeting in its host's own plan. Prints no topic.
#[derive(Clone, Eq, PartialEq)]
pub struct PlannedMeeting {
    /// The number people dial.
    pub number: MeetingNumber,
    /// Whether it is one of a series.
    pub kind: MeetingKind,
    /// What it is called.
    pub topic: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// How long it is planned.
    pub duration: Duration,
}
print_only!(PlannedMeeting: number, kind, starts_at);

/// Somebody who registered and was approved. Prints nothing personal.
#[derive(Clone, Eq, PartialEq)]
pub struct Registrant {
    /// The registration.
    pub id: String,
    /// The address it was made with.
    pub email: Option<EmailAddress>,
    /// First and last name.
    pub name: String,
    /// Employer, as typed.
    pub organisation: Option<String>,
    /// Job title, as typed.
    pub title: Option<String>,
}
print_only!(Registrant: id);

/// One stay in a meeting that is over; a person who joined twice has two. Prints nothing personal.
#[derive(Clone, Eq, PartialEq)]
pub struct PastStay {
    /// Zoom user, where signed in and disclosed.
    pub user: Option<ZoomUserId>,
    /// Registration, where there was one.
    pub registrant: Option<String>,
    /// The number of the join, which the webhooks have too.
    pub join_number: Option<String>,
    /// Display name.
    pub name: String,
    /// Address, where Zoom's rules disclose it (`zoom.md` 7.6).
    pub email: Option<EmailAddress>,
    /// When it began.
    pub joined_at: Option<Timestamp>,
    /// When it ended.
    pub left_at: Option<Timestamp>,
    /// Whether it ended in the waiting room, so that the person never was in the meeting.
    pub was_waiting: bool,
}
print_only!(PastStay: joined_at, left_at, was_waiting);

/// Zoom's REST interface, called with a token per call.
#[derive(Clone, Debug)]
pub struct Rest {
    gate: Gate,
    base: Url,
}

impl Rest {
    /// The interface at `base`, such as `https://api.zoom.us`, with or without `/v2`.
    #[must_use]
    pub fn new(gate: Gate, base: Url) -> Self {
        Self { gate, base }
    }

    /// Who the token belongs to (`zoom.md` 7.1).
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn me(&self, access: &SecretString) -> Result<Me, Error> {
        let answer = self.get(access, &["users", "me"], &[]).await?;
        let body = success(&answer)?;
        let id = text(&body, "id").ok_or_else(|| unreadable(&answer))?;
        let full_name = || joined([text(&body, "first_name"), text(&body, "last_name")]);
        Ok(Me {
            id: ZoomUserId::new(id),
            account: text(&body, "account_id").map(ZoomAccountId::new),
            email: email(&body, "email"),
            is_verified: body.get("verified").and_then(Value::as_i64) == Some(1),
            name: text(&body, "display_name").unwrap_or_else(full_name),
            timezone: text(&body, "timezone"),
            language: text(&body, "language"),
        })
    }

    /// A meeting by its number; `None` if there is none that this token sees: only the host's does (`zoom.md` 7.2).
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn meeting(
        &self,
        access: &SecretString,
        number: &MeetingNumber,
    ) -> Result<Option<ScheduledMeeting>, Error> {
        let Some(digits) = digits(number) else { return Ok(None) };
        let answer = self.get(access, &["meetings", &digits], &[]).await?;
        Ok(found(success(&answer))?.map(|body| scheduled(&body, number)))
    }

    /// The meetings that the token's person hosts. Those without a time, which recur when somebody feels like it, are left out.
    ///
    /// # Errors
    /// As told by [`Error`]; [`Error::MissingScopes`] if the person declined to let us list them.
    pub async fn planned_meetings(&self, access: &SecretString) -> Result<Vec<PlannedMeeting>, Error> {
        let rows = self.pages(access, &["users", "me", "meetings"], &[("type", "scheduled")], "meetings").await?;
        Ok(rows.iter().filter_map(planned).collect())
    }

    /// Who registered for a meeting and was approved; `None` if this token does not see the meeting.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn registrants(
        &self,
        access: &SecretString,
        number: &MeetingNumber,
    ) -> Result<Option<Vec<Registrant>>, Error> {
        let Some(digits) = digits(number) else { return Ok(None) };
        let path = ["meetings", &digits, "registrants"];
        let rows = self.pages(access, &path, &[("status", "approved")], "registrants").await;
        Ok(found(rows)?.map(|rows| rows.iter().filter_map(registrant).collect()))
    }

    /// Who was in a meeting, some minutes after it ended; `None` if this token does not see it (`zoom.md` 7.3).
    ///
    /// # Errors
    /// As told by [`Error`]; [`Error::Forbidden`] where the host's plan does not include it.
    pub async fn past_participants(
        &self,
        access: &SecretString,
        meeting: &MeetingUuid,
    ) -> Result<Option<Vec<PastStay>>, Error> {
        // Encoded here once, and by the address a second time: a UUID may begin with `/` or contain `//`.
        let uuid: String = form_urlencoded::byte_serialize(meeting.as_str().as_bytes()).collect();
        let rows = self.pages(access, &["past_meetings", &uuid, "participants"], &[], "participants").await;
        Ok(found(rows)?.map(|rows| rows.iter().map(past_stay).collect()))
    }

    /// An address that opens our app in the person's Zoom client (`zoom.md` 4.5).
    ///
    /// `action` comes back in the app context of whoever opens it, so it is a hint and holds no secret.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn deeplink(&self, access: &SecretString, action: Option<&str>) -> Result<Url, Error> {
        let body = action.map_or_else(|| json!({}), |action| json!({ "action": action }));
        let url = wire::endpoint(&self.base, "v2", &["zoomapp", "deeplink"]);
        let request = Request::new(Method::POST, url).bearer(access.expose_secret());
        // A map with texts for keys always serialises.
        let request = request.json(&body).map_err(|_| Error::Invalid(crate::Refusal::default()))?;
        let answer = self.gate.send(request).await?;
        let link = text(&success(&answer)?, "deeplink");
        link.and_then(|link| Url::parse(&link).ok()).ok_or_else(|| unreadable(&answer))
    }

    async fn get(&self, access: &SecretString, path: &[&str], query: &[(&str, &str)]) -> Result<Answer, Error> {
        let mut url = wire::endpoint(&self.base, "v2", path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(self.gate.send(Request::get(url).bearer(access.expose_secret())).await?)
    }

    /// All rows of a paged list.
    async fn pages(
        &self,
        access: &SecretString,
        path: &[&str],
        query: &[(&str, &str)],
        list: &str,
    ) -> Result<Vec<Value>, Error> {
        let (mut rows, mut token) = (Vec::new(), String::new());
        for _ in 0..MOST_PAGES {
            let mut query = query.to_vec();
            query.push(("page_size", PAGE_SIZE));
            if !token.is_empty() {
                query.push(("next_page_token", &token));
            }
            let answer = self.get(access, path, &query).await?;
            let mut body = success(&answer)?;
            let Some(Value::Array(page)) = body.get_mut(list).map(Value::take) else { return Err(unreadable(&answer)) };
            rows.extend(page);
            match text(&body, "next_page_token") {
                Some(next) if next != token => token = next,
                _ => break,
            }
        }
        Ok(rows)
    }
}

/// The body of a success. Status first, number second, text never (`zoom.md` 7.5).
fn success(answer: &Answer) -> Result<Value, Error> {
    if answer.status.is_success() {
        return answer.json().ok().filter(Value::is_object).ok_or_else(|| unreadable(answer));
    }
    let refusal = wire::refusal(answer);
    if let Some(error) = wire::common_error(answer, &refusal) {
        return Err(error);
    }
    Err(match (answer.status.as_u16(), refusal.number) {
        (401, _) | (400, Some(124 | 201)) => Error::Unauthorized(refusal),
        (400, Some(4700 | 4711)) => Error::MissingScopes(refusal),
        (400, Some(200)) | (403, _) => Error::Forbidden(refusal),
        (404, _) => Error::NotFound(refusal),
        _ => Error::Invalid(refusal),
    })
}

/// Not found is an answer, not a failure.
fn found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(body) => Ok(Some(body)),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn unreadable(answer: &Answer) -> Error {
    Error::Unreadable(wire::refusal(answer))
}

fn scheduled(body: &Value, number: &MeetingNumber) -> ScheduledMeeting {
    let settings = body.get("settings").unwrap_or(&Value::Null);
    let hosts = text(settings, "alternative_hosts").unwrap_or_default();
    let minutes = body.get("duration").and_then(Value::as_u64);
    ScheduledMeeting {
        uuid: text(body, "uuid").map(MeetingUuid::new),
        number: text(body, "id").map_or_else(|| number.clone(), MeetingNumber::new),
        host: text(body, "host_id").map(ZoomUserId::new),
        topic: text(body, "topic").unwrap_or_default(),
        starts_at: time(body, "start_time"),
        duration: minutes.map(|minutes| Duration::from_secs(minutes.saturating_mul(60))),
        is_started: text(body, "status").as_deref() == Some("started"),
        has_registration: settings.get("approval_type").and_then(Value::as_i64).is_some_and(|kind| kind != 2),
        invitees: invitees(settings),
        alternative_hosts: hosts.split(';').filter_map(|host| EmailAddress::parse(host).ok()).collect(),
    }
}

fn invitees(settings: &Value) -> Vec<Invitee> {
    let list = |of: &'static str| settings.get(of).and_then(Value::as_array).into_iter().flatten();
    let rooms = settings.pointer("/breakout_room/rooms").and_then(Value::as_array).into_iter().flatten();
    let assigned = rooms.filter_map(|room| room.get("participants")?.as_array()).flatten();
    let named =
        list("authentication_exception").filter_map(|entry| Some((email(entry, "email")?, text(entry, "name"))));
    let invited = list("meeting_invitees").filter_map(|invitee| email(invitee, "email"));
    let assigned = assigned.filter_map(|address| EmailAddress::parse(address.as_str()?).ok());
    let mut all: Vec<Invitee> = Vec::new();
    // Those with a name first: each address stands here once.
    for (email, name) in named.chain(invited.chain(assigned).map(|email| (email, None))) {
        if !all.iter().any(|known| known.email == email) {
            all.push(Invitee { email, name });
        }
    }
    all
}

fn planned(row: &Value) -> Option<PlannedMeeting> {
    let minutes = row.get("duration").and_then(Value::as_u64).unwrap_or_default();
    Some(PlannedMeeting {
        number: MeetingNumber::new(text(row, "id")?),
        kind: row.get("type").and_then(Value::as_i64).map_or(MeetingKind::Other, MeetingKind::of),
        topic: text(row, "topic").unwrap_or_default(),
        starts_at: time(row, "start_time")?,
        duration: Duration::from_secs(minutes.saturating_mul(60)),
    })
}

fn registrant(row: &Value) -> Option<Registrant> {
    Some(Registrant {
        id: text(row, "id")?,
        email: email(row, "email"),
        name: joined([text(row, "first_name"), text(row, "last_name")]),
        organisation: text(row, "org"),
        title: text(row, "job_title"),
    })
}

fn past_stay(row: &Value) -> PastStay {
    PastStay {
        user: text(row, "id").map(ZoomUserId::new),
        registrant: text(row, "registrant_id"),
        join_number: text(row, "user_id"),
        name: text(row, "name").unwrap_or_default(),
        email: email(row, "user_email"),
        joined_at: time(row, "join_time"),
        left_at: time(row, "leave_time"),
        was_waiting: text(row, "status").as_deref() == Some("in_waiting_room"),
    }
}

fn email(object: &Value, key: &str) -> Option<EmailAddress> {
    text(object, key).and_then(|email| EmailAddress::parse(&email).ok())
}

fn joined(names: [Option<String>; 2]) -> String {
    names.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The SDK writes numbers with blanks (`zoom.md` 11, 25). Without any digit there is no such meeting.
fn digits(number: &MeetingNumber) -> Option<String> {
    Some(number.as_str().chars().filter(char::is_ascii_digit).collect::<String>()).filter(|digits| !digits.is_empty())
}

#[cfg(test)]
#[path = "rest_tests.rs"]
mod tests;
