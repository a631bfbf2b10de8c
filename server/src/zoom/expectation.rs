//! Whom the host awaits: read with his own authorisation while his panel opens, once for a meeting (`zoom.md` 7.2, 7.3).
//!
//! Nobody waits for it. What was declined is left out; what cannot be read is asked for again by a later panel.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::ids::{MeetingNumber, MeetingUuid, ZoomUserId};
use sidelight_domain::permission::{Permission, declined};
use sidelight_domain::recognition::Expected;
use sidelight_domain::roster::Role;
use sidelight_store::{Installation, Invitation, PersonKey, SeenMeeting};
use sidelight_zoom::Error;
use sidelight_zoom::rest::ScheduledMeeting;

use super::keeper::{KeeperError, access_token};
use crate::app::App;
use crate::http::Caller;
use crate::record::Record as _;

/// More than ever register for a call with a customer; the rest is recognised by Zoom's own reports.
const MOST_EXPECTED: usize = 2_000;
/// Nobody asks again with the same authorisation before this.
const PAUSE: Duration = Duration::from_mins(2);
/// Tries within one asking, and how long to wait where Zoom does not say.
const TRIES: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// Who wants to be left alone for longer is asked by a later panel.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Why Zoom could not be asked.
#[derive(Debug, thiserror::Error)]
enum ExpectationError {
    #[error("there is no token")]
    Keeper(#[from] KeeperError),
    #[error("Zoom does not say")]
    Zoom(#[from] Error),
    #[error("the database does not answer")]
    Store(#[from] sidelight_store::Error),
}

/// What is asked, and with whose authorisation.
struct Question {
    meeting: MeetingUuid,
    person: PersonKey,
    user: ZoomUserId,
    number: Number,
    scope: String,
}

enum Number {
    /// From Zoom's own report.
    Told(MeetingNumber),
    /// From a browser: it counts if Zoom says that this meeting has it.
    Claimed(MeetingNumber),
}

/// Asks in the background, if the caller is the host and authorised the app. `claimed` is the number as the client shows it.
pub fn expect(app: &App, caller: &Caller, claimed: Option<MeetingNumber>) {
    let (app, caller) = (app.clone(), caller.clone());
    app.tasks.clone().spawn(async move {
        if let Err(error) = asked(&app, &caller, claimed).await {
            tracing::info!(error = %error, "Zoom was not asked whom a host awaits.");
        }
    });
}

async fn asked(app: &App, caller: &Caller, claimed: Option<MeetingNumber>) -> Result<(), ExpectationError> {
    let Some(question) = question(app, caller, claimed).await? else { return Ok(()) };
    let mut unit = app.store.begin(caller.organisation).await?;
    unit.meetings().observe(SeenMeeting::new(question.meeting.clone())).await?;
    let is_claimed = unit.invitations().claim(&question.meeting, &question.person, PAUSE).await?;
    unit.commit().await?;
    if !is_claimed {
        return Ok(());
    }
    let (answer, scheduled) = patiently(app, caller, &question).await;
    let mut unit = app.store.begin(caller.organisation).await?;
    let is_news = unit.invitations().answer(&question.meeting, &question.person, &answer, PAUSE).await?;
    if let Some(scheduled) = scheduled {
        let (_, is_changed) = unit.meetings().observe(seen(&question.meeting, scheduled)).await?;
        if is_changed {
            unit.tell_meeting(&question.meeting, &Event::Meeting);
        }
    }
    if is_news {
        unit.note(Some(&question.person), "meeting.expected", &question.meeting, &json!({}));
        unit.tell_meeting(&question.meeting, &Event::People);
    }
    unit.commit().await?;
    Ok(())
}

async fn question(
    app: &App,
    caller: &Caller,
    claimed: Option<MeetingNumber>,
) -> Result<Option<Question>, ExpectationError> {
    let session = &caller.session;
    let (Some(meeting), Some(person), Some(user)) = (caller.meeting(), &session.person, &session.zoom_user) else {
        return Ok(None);
    };
    let mut unit = app.store.read(caller.organisation).await?;
    let known = unit.meetings().find(meeting).await?;
    let is_host = session.role == Role::Host
        || known.as_ref().and_then(|known| known.host.as_ref()).is_some_and(|host| host == user);
    let told = known.and_then(|known| known.number).map(Number::Told);
    let Some(number) = told.or(claimed.map(Number::Claimed)).filter(|_| is_host) else { return Ok(None) };
    if !unit.invitations().is_open(meeting, person).await? {
        return Ok(None);
    }
    let installation = unit.installations().find(person).await?;
    let Some(Installation { scope, .. }) = installation.filter(|held| held.tokens.is_some()) else { return Ok(None) };
    Ok(Some(Question { meeting: meeting.clone(), person: *person, user: user.clone(), number, scope }))
}

/// Asks a few times. What cannot be read is unknown, whatever the reason.
async fn patiently(app: &App, caller: &Caller, question: &Question) -> (Invitation, Option<ScheduledMeeting>) {
    let mut wait = FIRST_WAIT;
    for left in (0..TRIES).rev() {
        let error = match answered(app, caller, question).await {
            Ok(answer) => return answer,
            Err(error) => error,
        };
        let ExpectationError::Zoom(zoom) = &error else { break };
        if let Error::Busy { retry_after: Some(after) } = zoom {
            wait = wait.max(*after);
        }
        if left == 0 || !zoom.is_transient() || wait > LONGEST_WAIT {
            tracing::info!(error = %zoom, "Zoom does not say whom a host awaits.");
            break;
        }
        tokio::select! {
            () = app.shutdown.cancelled() => break,
            () = tokio::time::sleep(wait) => wait *= 3,
        }
    }
    (Invitation::Unknown, None)
}

async fn answered(
    app: &App,
    caller: &Caller,
    question: &Question,
) -> Result<(Invitation, Option<ScheduledMeeting>), ExpectationError> {
    let token = access_token(app, caller.organisation, &question.person).await?;
    let (Number::Told(number) | Number::Claimed(number)) = &question.number;
    let Some(scheduled) = app.zoom.meeting(&token, number).await? else {
        return Ok((Invitation::NotTheirs, None));
    };
    let is_claim = matches!(question.number, Number::Claimed(_));
    if is_claim && scheduled.uuid.as_ref() != Some(&question.meeting) {
        // Another meeting of the same host, whose people nobody here should see.
        return Ok((Invitation::Unknown, None));
    }
    if scheduled.host.as_ref().is_some_and(|host| *host != question.user) {
        return Ok((Invitation::NotTheirs, None));
    }
    let mut expected = registered(app, &token, question, &scheduled).await?;
    let invited = scheduled.invitees.iter().map(|one| (one.email.clone(), one.name.clone()));
    expected.extend(invited.map(|(email, name)| Expected { email, name, registrant: None }));
    expected.truncate(MOST_EXPECTED);
    Ok((Invitation::Known(expected), Some(scheduled)))
}

/// Who registered, where the host allowed us to know and his plan has it.
async fn registered(
    app: &App,
    token: &SecretString,
    question: &Question,
    scheduled: &ScheduledMeeting,
) -> Result<Vec<Expected>, ExpectationError> {
    let is_declined = declined(question.scope.split_whitespace()).contains(&Permission::Registrants);
    if is_declined || !scheduled.has_registration {
        return Ok(Vec::new());
    }
    let rows = match app.zoom.registrants(token, &scheduled.number).await {
        Err(Error::Forbidden(_) | Error::MissingScopes(_)) => None,
        rows => rows?,
    };
    let known = rows.into_iter().flatten().filter_map(|row| {
        let name = Some(row.name).filter(|name| !name.is_empty());
        Some(Expected { email: row.email?, name, registrant: Some(row.id) })
    });
    Ok(known.collect())
}

fn seen(meeting: &MeetingUuid, scheduled: ScheduledMeeting) -> SeenMeeting {
    SeenMeeting {
        number: Some(scheduled.number),
        topic: Some(scheduled.topic).filter(|topic| !topic.is_empty()),
        host: scheduled.host,
        ..SeenMeeting::new(meeting.clone())
    }
}
