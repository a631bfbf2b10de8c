//! The viewer's own plan, as Zoom tells it: kept for a minute, so that looking at it often asks Zoom seldom (`zoom.md` 7.3, 7.4).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use secrecy::SecretString;
use sidelight_api::home::Plan;
use sidelight_domain::ids::{MeetingNumber, OrganisationId};
use sidelight_domain::permission::{Permission, declined};
use sidelight_domain::{EmailAddress, Timestamp};
use sidelight_store::{Error as StoreError, PersonKey};
use sidelight_zoom::Error as ZoomError;
use sidelight_zoom::rest::PlannedMeeting;
use tokio::sync::{Mutex, MutexGuard};

use crate::app::App;
use crate::http::{Answered, Caller};
use crate::zoom::{KeeperError, access_token};

/// How old the plan may be.
const FRESH_FOR: Duration = Duration::from_mins(1);
/// How long Zoom is left alone after a failure, unless it says itself.
const PAUSE: Duration = Duration::from_secs(15);
/// The longest that it may ask for: a plan is worth another try after this.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);
/// Whom a meeting was planned with changes seldom.
const INVITEES_FRESH_FOR: Duration = Duration::from_hours(1);
/// At most so many meetings are asked about at one opening; the others follow at the next one.
const MOST_ASKED: usize = 8;
const MOST_PEOPLE: u64 = 10_000;

/// The plans of those who looked lately. Cheap to clone.
#[derive(Clone)]
pub struct Plans(Cache<(OrganisationId, PersonKey), Arc<Mutex<Kept>>>);

/// What is kept of one person's plan. Whoever holds the lock asks for everybody who waits for it.
#[derive(Default)]
struct Kept {
    meetings: Arc<Vec<PlannedMeeting>>,
    plan: Option<Plan>,
    as_of: Option<Timestamp>,
    ask_again_at: Timestamp,
    invitees: HashMap<MeetingNumber, (Timestamp, Vec<EmailAddress>)>,
}

/// What Zoom told of a plan, now or before.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// The meetings, in no order.
    pub meetings: Arc<Vec<PlannedMeeting>>,
    /// How the last question went.
    pub plan: Plan,
    /// When they were told.
    pub as_of: Option<Timestamp>,
}

impl Plans {
    /// No plans yet.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "made in one place, where `default` would say less")]
    pub fn new() -> Self {
        Self(Cache::builder().max_capacity(MOST_PEOPLE).time_to_idle(INVITEES_FRESH_FOR).build())
    }

    /// Forgets what was told to somebody.
    pub async fn forget(&self, organisation: OrganisationId, person: &PersonKey) {
        self.0.invalidate(&(organisation, *person)).await;
    }

    async fn of(&self, organisation: OrganisationId, person: &PersonKey) -> Arc<Mutex<Kept>> {
        self.0.get_with((organisation, *person), async { Arc::default() }).await
    }
}

/// The caller's plan. What he did not allow is not asked for.
///
/// # Errors
/// A refusal of the database. Whatever Zoom says is an answer.
pub(super) async fn told(app: &App, caller: &Caller) -> Answered<Told> {
    Ok(told_before(app, caller.organisation, caller.person()?, Duration::ZERO).await?)
}

/// Somebody's plan, which is not asked for anew while it is not older than this.
///
/// # Errors
/// What the database says.
pub(super) async fn told_before(
    app: &App,
    organisation: OrganisationId,
    person: &PersonKey,
    tolerated: Duration,
) -> Result<Told, StoreError> {
    let installation = app.store.read(organisation).await?.installations().find(person).await?;
    let installation = installation.filter(|held| held.removed_at.is_none() && held.tokens.is_some());
    let nothing = |plan| Told { meetings: Arc::default(), plan, as_of: None };
    let Some(installation) = installation else { return Ok(nothing(Plan::NotAuthorised)) };
    if declined(installation.scope.split_whitespace()).contains(&Permission::ListMeetings) {
        return Ok(nothing(Plan::Declined));
    }
    let kept = app.plans.of(organisation, person).await;
    let mut kept = kept.lock().await;
    let now = app.clock.now();
    let is_tolerable = kept.as_of.is_some_and(|as_of| now.since(as_of) < tolerated);
    if now >= kept.ask_again_at && !is_tolerable {
        ask(app, organisation, person, &mut kept).await;
    }
    Ok(Told { meetings: Arc::clone(&kept.meetings), plan: kept.plan.unwrap_or(Plan::Down), as_of: kept.as_of })
}

async fn ask(app: &App, organisation: OrganisationId, person: &PersonKey, kept: &mut MutexGuard<'_, Kept>) {
    let answer = match access_token(app, organisation, person).await {
        Ok(token) => app.zoom.planned_meetings(&token).await.map_err(KeeperError::Zoom),
        Err(error) => Err(error),
    };
    let now = app.clock.now();
    let (plan, wait) = match answer {
        Ok(meetings) => {
            (kept.meetings, kept.as_of) = (Arc::new(meetings), Some(now));
            (Plan::Known, FRESH_FOR)
        }
        Err(error) => {
            tracing::info!(error = %error, "Zoom told no plan.");
            failed(&error)
        }
    };
    if matches!(plan, Plan::NotAuthorised | Plan::Declined) {
        (kept.meetings, kept.as_of) = (Arc::default(), None);
    }
    (kept.plan, kept.ask_again_at) = (Some(plan), now.after(wait));
}

/// What a failure means for the viewer, and how long Zoom is left alone.
fn failed(error: &KeeperError) -> (Plan, Duration) {
    if error.needs_authorisation() {
        return (Plan::NotAuthorised, Duration::ZERO);
    }
    let KeeperError::Zoom(error) = error else { return (Plan::Down, PAUSE) };
    if let ZoomError::Busy { retry_after } = error {
        return (Plan::Busy, retry_after.unwrap_or(PAUSE).min(LONGEST_PAUSE));
    }
    let is_refused = matches!(error, ZoomError::Unauthorized(_)) || error.needs_authorisation();
    match (matches!(error, ZoomError::MissingScopes(_)), is_refused) {
        (true, _) => (Plan::Declined, PAUSE),
        (false, true) => (Plan::NotAuthorised, PAUSE),
        (false, false) => (Plan::Down, PAUSE),
    }
}

/// Whom Zoom's own scheduling invited to these meetings: a hint, often empty (`zoom.md` 7.2). What cannot be asked now is left out.
///
/// # Errors
/// A refusal of the database.
pub(super) async fn invitees(
    app: &App,
    caller: &Caller,
    numbers: &[MeetingNumber],
) -> Answered<HashMap<MeetingNumber, Vec<EmailAddress>>> {
    let kept = app.plans.of(caller.organisation, caller.person()?).await;
    let mut kept = kept.lock().await;
    let now = app.clock.now();
    let is_fresh = |asked_at: Timestamp| now.since(asked_at) < INVITEES_FRESH_FOR;
    kept.invitees.retain(|_, (asked_at, _)| is_fresh(*asked_at));
    let missing: Vec<_> =
        numbers.iter().filter(|number| !kept.invitees.contains_key(*number)).take(MOST_ASKED).collect();
    if !missing.is_empty()
        && kept.plan == Some(Plan::Known)
        && let Ok(token) = access_token(app, caller.organisation, caller.person()?).await
    {
        for number in missing {
            let Some(invited) = invited(app, &token, number).await else { break };
            kept.invitees.insert(number.clone(), (now, invited));
        }
    }
    let known = |number: &MeetingNumber| Some((number.clone(), kept.invitees.get(number)?.1.clone()));
    Ok(numbers.iter().filter_map(known).collect())
}

/// `None` if Zoom does not answer, so that nothing more is asked now. What a person did not allow is nobody invited.
async fn invited(app: &App, token: &SecretString, number: &MeetingNumber) -> Option<Vec<EmailAddress>> {
    match app.zoom.meeting(token, number).await {
        Ok(meeting) => {
            Some(meeting.into_iter().flat_map(|meeting| meeting.invitees).map(|invitee| invitee.email).collect())
        }
        Err(error) if error.is_transient() => None,
        Err(_) => Some(Vec::new()),
    }
}
