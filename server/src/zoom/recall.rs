//! Who took part: when a meeting is over, Zoom's own list completes what was seen of it (`zoom.md` 7.3). Late, and if it can be had.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use sidelight_api::event::Event;
use sidelight_domain::ids::{MeetingUuid, OrganisationId, ParticipantId};
use sidelight_domain::permission::{Permission, declined};
use sidelight_domain::recall::PastStay;
use sidelight_store::{PersonKey, Recall, Unit};
use sidelight_zoom::Error;
use sidelight_zoom::rest;

use super::keeper::access_token;
use crate::app::App;
use crate::record::Record as _;

/// Zoom makes the list some minutes after the end.
pub(super) const FIRST: Duration = Duration::from_mins(1);
/// Each wait doubles: the last try is about an hour after the end.
const MOST_TRIES: u32 = 6;
const HOLD: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_secs(20);

/// What came of a try.
enum Outcome {
    /// Done, or never to be had.
    Over,
    /// The list is not there yet, or Zoom does not answer; it may have said for how long.
    Later(Option<Duration>),
}

/// Works until the shutdown.
pub async fn run(app: App) {
    loop {
        for organisation in app.organisation_ids() {
            if let Err(error) = drain(&app, organisation).await {
                tracing::warn!(error = %error, "Lists of past meetings wait for the database.");
            }
        }
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Asks about everything that is due in one organisation.
///
/// # Errors
/// What the store says; what was not done stays due.
pub async fn drain(app: &App, organisation: OrganisationId) -> Result<(), sidelight_store::Error> {
    let mut unit = app.store.read(organisation).await?;
    if !unit.invitations().is_recall_due().await? {
        return Ok(());
    }
    drop(unit);
    let mut unit = app.store.begin(organisation).await?;
    let due = unit.invitations().claim_recalls(HOLD).await?;
    unit.commit().await?;
    for recall in due {
        let outcome = asked(app, organisation, &recall.meeting).await?;
        let mut unit = app.store.begin(organisation).await?;
        settle(&mut unit, &recall, &outcome).await?;
        unit.commit().await?;
    }
    Ok(())
}

async fn settle(unit: &mut Unit, recall: &Recall, outcome: &Outcome) -> Result<(), sidelight_store::Error> {
    match outcome {
        Outcome::Later(wanted) if recall.tries < MOST_TRIES => {
            let wait = FIRST.saturating_mul(1 << recall.tries);
            unit.invitations().put_off_recall(&recall.meeting, wanted.map_or(wait, |wanted| wait.max(wanted))).await
        }
        Outcome::Later(_) | Outcome::Over => unit.invitations().end_recall(&recall.meeting).await,
    }
}

async fn asked(
    app: &App,
    organisation: OrganisationId,
    meeting: &MeetingUuid,
) -> Result<Outcome, sidelight_store::Error> {
    let Some(host) = host(app, organisation, meeting).await? else { return Ok(Outcome::Over) };
    let token = match access_token(app, organisation, &host).await {
        Ok(token) => token,
        Err(error) if error.needs_authorisation() => return Ok(Outcome::Over),
        Err(_) => return Ok(Outcome::Later(None)),
    };
    match app.zoom.past_participants(&token, meeting).await {
        // Before the list is made there is none, or an empty one.
        Ok(None) => Ok(Outcome::Later(None)),
        Ok(Some(stays)) if stays.is_empty() => Ok(Outcome::Later(None)),
        Ok(Some(stays)) => complete(app, organisation, meeting, &stays).await.map(|()| Outcome::Over),
        Err(Error::Busy { retry_after }) => Ok(Outcome::Later(retry_after)),
        Err(error) if error.is_transient() || matches!(error, Error::Unauthorized(_)) => Ok(Outcome::Later(None)),
        Err(error) => {
            tracing::info!(error = %error, "Zoom does not say who took part in a meeting.");
            Ok(Outcome::Over)
        }
    }
}

/// The host, if he allowed us to ask.
async fn host(
    app: &App,
    organisation: OrganisationId,
    meeting: &MeetingUuid,
) -> Result<Option<PersonKey>, sidelight_store::Error> {
    let mut unit = app.store.read(organisation).await?;
    let Some(host) = unit.meetings().find(meeting).await?.and_then(|meeting| meeting.host) else { return Ok(None) };
    let installation = unit.installations().find_by_zoom_user(&host).await?;
    let allows = |scope: &str| !declined(scope.split_whitespace()).contains(&Permission::PastParticipants);
    let allowed = installation.filter(|held| held.tokens.is_some() && allows(&held.scope));
    Ok(allowed.map(|held| held.person))
}

async fn complete(
    app: &App,
    organisation: OrganisationId,
    meeting: &MeetingUuid,
    stays: &[rest::PastStay],
) -> Result<(), sidelight_store::Error> {
    let mut unit = app.store.begin(organisation).await?;
    let mut roster = Arc::unwrap_or_clone(unit.meetings().roster(meeting).await?);
    let mut changed = std::collections::BTreeSet::new();
    for stay in stays.iter().filter(|stay| !stay.was_waiting) {
        changed.extend(roster.recall(&past(stay), || ParticipantId::new(app.ids.uuid())));
    }
    if changed.is_empty() {
        return Ok(());
    }
    unit.meetings().save_roster(meeting, &roster, &changed).await?;
    unit.note(None, "roster.completed", meeting, &json!({ "changed": changed.len() }));
    unit.tell_meeting(meeting, &Event::People);
    unit.commit().await
}

fn past(stay: &rest::PastStay) -> PastStay {
    PastStay {
        join_number: stay.join_number.clone(),
        name: stay.name.clone(),
        email: stay.email.clone(),
        zoom_user: stay.user.clone(),
        registrant: stay.registrant.clone(),
        joined_at: stay.joined_at,
        left_at: stay.left_at,
    }
}
