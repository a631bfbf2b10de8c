//! Tenants that keep a viewer waiting: how long anybody waits for them, and what he is told meanwhile (design 7).
//!
//! Whoever has answered is shown at once. What comes later is told to the viewer's panels, which ask again; so is that nothing will come.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use sidelight_api::event::Event;
use sidelight_domain::ids::GrantId;
use sidelight_domain::{EmailAddress, Timestamp};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, timeout_at};

use super::ask::{AskError, Echo};
use super::contribution::{Contribution, contribution, from_hand};
use super::people::Freshness;
use super::tenants::TenantState;
use crate::app::App;
use crate::http::TenantAccess;
use crate::record::tell_alone;

/// How long anybody waits while nobody has answered.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long those who have answered wait for the others.
const GRACE: Duration = Duration::from_millis(25);
/// Whoever has not answered by then is no longer said to be asked: he does not answer. His answer counts all the same when it comes.
const OVERDUE: Duration = Duration::from_secs(4);
/// Somebody whose late answer was a failure is not asked again at once by the panels that were told so.
const FAILED_FOR: Duration = Duration::from_secs(2);

/// Whom a tenant owes an answer, by their sign-ins.
#[derive(Debug, Default)]
pub struct Arrears(Mutex<HashMap<GrantId, Owed>>);

#[derive(Clone, Copy, Debug)]
enum Owed {
    /// It has not answered since then.
    Since(Timestamp),
    /// It said then that it will not.
    Failed(Timestamp, Echo),
}

/// How an answer stands that did not come in time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Lateness {
    /// It may come any moment.
    Expected,
    /// It has been waited for too long.
    Overdue,
}

impl Arrears {
    fn owed(&self) -> MutexGuard<'_, HashMap<GrantId, Owed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the last late answer failed, if that was just now.
    fn failed(&self, grant: GrantId, now: Timestamp) -> Option<Echo> {
        match self.owed().get(&grant) {
            Some(Owed::Failed(at, echo)) if now.since(*at) < FAILED_FOR => Some(*echo),
            _ => None,
        }
    }

    /// Notes that somebody went away without an answer. Gives since when he has none, and whether that was not noted before.
    fn begin(&self, grant: GrantId, now: Timestamp) -> (Timestamp, bool) {
        let mut owed = self.owed();
        if let Some(Owed::Since(since)) = owed.get(&grant) {
            return (*since, false);
        }
        owed.insert(grant, Owed::Since(now));
        (now, true)
    }

    /// Notes that there is an answer, or a failure. Tells whether somebody has to be told.
    fn end(&self, grant: GrantId, now: Timestamp, failure: Option<Echo>) -> bool {
        let mut owed = self.owed();
        let is_awaited = matches!(owed.get(&grant), Some(Owed::Since(_)));
        match failure.filter(|_| is_awaited) {
            Some(echo) => owed.insert(grant, Owed::Failed(now, echo)),
            None if is_awaited || failure.is_none() => owed.remove(&grant),
            None => None,
        };
        is_awaited
    }

    fn is_owed_since(&self, grant: GrantId, since: Timestamp) -> bool {
        matches!(self.owed().get(&grant), Some(Owed::Since(other)) if *other == since)
    }
}

/// Asks every tenant about the addresses beside it, all at once, and gives what they said in time, in their order.
pub(super) async fn asked(
    app: &App,
    questions: Vec<(TenantAccess, BTreeSet<EmailAddress>)>,
    freshness: Freshness,
) -> Vec<Contribution> {
    let mut tasks: Vec<_> = questions.iter().map(|question| begun(app, question, freshness)).collect();
    let mut answers = in_time(&mut tasks).await;
    let mut contributions = Vec::with_capacity(questions.len());
    for (place, (access, addresses)) in questions.into_iter().enumerate() {
        let task = tasks.get_mut(place).and_then(Option::as_mut);
        contributions.push(match (answers.remove(&place), task) {
            (Some(Ok(answer)), _) => answer,
            // It broke off, and nothing will come.
            (Some(Err(_)), _) => {
                Contribution { lateness: Some(Lateness::Overdue), ..from_hand(app, access, &addresses).await }
            }
            (None, Some(task)) => late(app, access, &addresses, task).await,
            (None, None) => failed(app, access, &addresses).await,
        });
    }
    contributions
}

/// Begins to ask, unless the tenant has just failed.
fn begun(
    app: &App,
    (access, addresses): &(TenantAccess, BTreeSet<EmailAddress>),
    freshness: Freshness,
) -> Option<JoinHandle<Contribution>> {
    if freshness == Freshness::Cached && last_failure(app, access).is_some() {
        return None;
    }
    let (app, access, addresses) = (app.clone(), access.clone(), addresses.clone());
    Some(app.tasks.clone().spawn(async move {
        let contribution = contribution(&app, access, &addresses, freshness).await;
        settle(&app, &contribution).await;
        contribution
    }))
}

/// Waits for the first who answers, then a moment longer. A failure is no answer: it gives the others no less time.
async fn in_time(tasks: &mut [Option<JoinHandle<Contribution>>]) -> HashMap<usize, Result<Contribution, JoinError>> {
    let tasks = tasks.iter_mut().enumerate().filter_map(|(place, task)| Some((place, task.as_mut()?)));
    let mut running: FuturesUnordered<_> = tasks.map(|(place, task)| async move { (place, task.await) }).collect();
    let (mut answers, mut until) = (HashMap::new(), Instant::now() + PATIENCE);
    while let Ok(Some((place, answer))) = timeout_at(until, running.next()).await {
        if answer.as_ref().is_ok_and(|answer| answer.gap().is_none()) {
            until = until.min(Instant::now() + GRACE);
        }
        answers.insert(place, answer);
    }
    answers
}

/// What is at hand of a tenant that has not answered.
async fn late(
    app: &App,
    access: TenantAccess,
    addresses: &BTreeSet<EmailAddress>,
    task: &mut JoinHandle<Contribution>,
) -> Contribution {
    let (grant, now) = (access.grant.id, app.clock.now());
    let Some(state) = state(app, &access) else { return from_hand(app, access, addresses).await };
    let (since, is_new) = state.arrears.begin(grant, now);
    // What came in this very moment has perhaps told nobody. Others may count on being told.
    if task.is_finished()
        && let Ok(answer) = task.await
    {
        if is_new && state.arrears.end(grant, now, None) {
            tell(app, &access).await;
        }
        return answer;
    }
    if is_new {
        tell_when_overdue(app, &access, since);
    }
    let lateness = if now.since(since) >= OVERDUE { Lateness::Overdue } else { Lateness::Expected };
    Contribution { lateness: Some(lateness), ..from_hand(app, access, addresses).await }
}

/// What is at hand of a tenant whose late answer was that there is none.
async fn failed(app: &App, access: TenantAccess, addresses: &BTreeSet<EmailAddress>) -> Contribution {
    let failure = last_failure(app, &access).map(AskError::Echo);
    let mut contribution = from_hand(app, access, addresses).await;
    contribution.resolved.failure = failure;
    contribution.tell_when_worth_it(app).await;
    contribution
}

/// Notes an answer, and tells whoever went away without it.
async fn settle(app: &App, contribution: &Contribution) {
    contribution.tell_when_worth_it(app).await;
    let access = &contribution.access;
    let Some(state) = state(app, access) else { return };
    let failure = contribution.resolved.failure.as_ref().map(AskError::echo);
    if state.arrears.end(access.grant.id, app.clock.now(), failure) {
        tell(app, access).await;
    }
}

fn tell_when_overdue(app: &App, access: &TenantAccess, since: Timestamp) {
    let (app, access) = (app.clone(), access.clone());
    app.tasks.clone().spawn(async move {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(OVERDUE) => {}
        }
        if state(&app, &access).is_some_and(|state| state.arrears.is_owed_since(access.grant.id, since)) {
            tell(&app, &access).await;
        }
    });
}

/// The viewer's panels ask again: there is more to see or to say now.
async fn tell(app: &App, access: &TenantAccess) {
    if let Err(error) = tell_alone(app, access.organisation, &access.grant.person, &Event::People).await {
        tracing::warn!(error = %error, "A late answer could not be told.");
    }
}

fn last_failure(app: &App, access: &TenantAccess) -> Option<Echo> {
    state(app, access)?.arrears.failed(access.grant.id, app.clock.now())
}

fn state<'a>(app: &'a App, access: &TenantAccess) -> Option<&'a TenantState> {
    app.tenants.state(access.organisation, &access.tenant.key).map(std::convert::AsRef::as_ref)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

    fn echo() -> Echo {
        AskError::Unproven.echo()
    }

    #[test]
    fn whoever_went_away_without_an_answer_is_told_once() {
        let (arrears, grant) = (Arrears::default(), GrantId::new(uuid::Uuid::nil()));
        assert!(!arrears.end(grant, NOW, None), "nobody waits");
        assert_eq!(arrears.begin(grant, NOW), (NOW, true));
        let later = NOW.after(OVERDUE);
        assert_eq!(arrears.begin(grant, later), (NOW, false), "it is still the same answer");
        assert!(arrears.is_owed_since(grant, NOW));
        assert!(arrears.end(grant, later, None) && !arrears.end(grant, later, None));
        assert_eq!(arrears.begin(grant, later), (later, true));
    }

    #[test]
    fn a_late_failure_is_known_for_a_moment() {
        let (arrears, grant) = (Arrears::default(), GrantId::new(uuid::Uuid::nil()));
        assert!(!arrears.end(grant, NOW, Some(echo())));
        assert!(arrears.failed(grant, NOW).is_none(), "nobody waited for it: the next one asks");
        arrears.begin(grant, NOW);
        assert!(arrears.end(grant, NOW, Some(echo())));
        assert!(arrears.failed(grant, NOW).is_some());
        assert!(arrears.failed(grant, NOW.after(FAILED_FOR)).is_none());
        arrears.end(grant, NOW, None);
        assert!(arrears.failed(grant, NOW).is_none(), "it has answered since");
    }
}
