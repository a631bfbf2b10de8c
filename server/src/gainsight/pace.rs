//! How often newcomers are asked about: a thousand people who come within a minute must not use up what the whole tenant may ask
//! (design 4.6).

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use sidelight_api::event::Event;
use sidelight_domain::Timestamp;
use sidelight_store::PersonKey;
use tokio::sync::{Mutex, MutexGuard};

use super::ask::{AskError, Echo};
use crate::app::App;
use crate::http::TenantAccess;
use crate::record::tell_alone;

/// So many look-ups follow each other at once: people come in small groups to most meetings.
const AT_ONCE: u32 = 4;
/// With each further one the rest before it grows by this much,
const STEP: Duration = Duration::from_secs(2);
/// up to this much.
const LONGEST_REST: Duration = Duration::from_secs(10);
/// After so long without one, the next comes at once again.
const QUIET: Duration = Duration::from_mins(1);
/// When somebody asks again who was told that the tenant is busy, and not until when.
const UNTOLD_REST: Duration = Duration::from_secs(2);
/// Two calls of a minute's sixty.
const TURN: Duration = Duration::from_secs(2);
/// By then somebody may well have given up.
const LONGEST_TURN: Duration = Duration::from_mins(2);

/// The look-ups of one reader: one at a time, and ever less often while new people keep coming.
#[derive(Debug, Default)]
pub struct LookUps {
    pace: Mutex<Pace>,
    ended: AtomicU64,
    /// Who is told when it is worth asking again.
    waiting: std::sync::Mutex<HashSet<PersonKey>>,
}

/// When the last one was, and how it went.
#[derive(Debug, Default)]
pub struct Pace {
    last: Option<Timestamp>,
    in_a_row: u32,
    failure: Option<Echo>,
}

/// What somebody waits for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Lacks {
    /// What one question brings for everybody who waits.
    Shared,
    /// What has to be asked for him alone: those who wait take turns, since together they would be told that the tenant is busy again.
    Own,
}

impl Lacks {
    fn turn(self, before: u32) -> Duration {
        match self {
            Self::Shared => Duration::ZERO,
            Self::Own => TURN.saturating_mul(before).min(LONGEST_TURN),
        }
    }
}

impl LookUps {
    /// Waits for the turn. Whoever was waited for may have failed: asking again at once would only make the next one wait as long.
    pub async fn turn(&self) -> (MutexGuard<'_, Pace>, Option<Echo>) {
        let ended = self.ended.load(Ordering::Acquire);
        let pace = self.pace.lock().await;
        let has_ended = self.ended.load(Ordering::Acquire) != ended;
        let failure = pace.failure.filter(|_| has_ended);
        (pace, failure)
    }

    /// Notes that one is over.
    pub fn end(&self, pace: &mut Pace, now: Timestamp, failure: Option<&AskError>) {
        let is_quiet = pace.last.is_none_or(|last| now.since(last) >= QUIET);
        pace.in_a_row = if is_quiet { 1 } else { pace.in_a_row.saturating_add(1) };
        pace.last = Some(now);
        pace.failure = failure.map(AskError::echo);
        self.ended.fetch_add(1, Ordering::Release);
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, HashSet<PersonKey>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pace {
    /// How long newcomers wait for the next look-up.
    pub fn rest(&self, now: Timestamp) -> Option<Duration> {
        let further = self.in_a_row.checked_sub(AT_ONCE - 1)?;
        let rest = (STEP * further).min(LONGEST_REST);
        let left = rest.checked_sub(now.since(self.last?))?;
        (!left.is_zero()).then_some(left)
    }
}

/// Has the viewer's panels ask again when that is worth it.
pub(super) fn tell_when_worth_it(
    app: &App,
    access: &TenantAccess,
    look_ups: &Arc<LookUps>,
    failure: &AskError,
    lacks: Lacks,
) {
    let person = access.grant.person;
    if !failure.is_busy() {
        return;
    }
    let mut waiting = look_ups.waiting();
    let before = u32::try_from(waiting.len()).unwrap_or(u32::MAX);
    if !waiting.insert(person) {
        return;
    }
    drop(waiting);
    let rest = failure.rest().unwrap_or(UNTOLD_REST) + lacks.turn(before);
    let (app, look_ups, organisation) = (app.clone(), Arc::clone(look_ups), access.organisation);
    app.tasks.clone().spawn(async move {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            () = tokio::time::sleep(rest) => {}
        }
        look_ups.waiting().remove(&person);
        // If the database is away, the panel has other worries, and asks again when it is back.
        let _ = tell_alone(&app, organisation, &person, &Event::People).await;
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gainsight::KeeperError;

    const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

    #[tokio::test]
    async fn a_minute_of_arrivals_is_asked_about_a_dozen_times() {
        let look_ups = LookUps::default();
        let (mut pace, _) = look_ups.turn().await;
        let mut asked = Vec::new();
        for second in 0..60 {
            let now = NOW.after(Duration::from_secs(second));
            if pace.rest(now).is_none() {
                look_ups.end(&mut pace, now, None);
                asked.push(second);
            }
        }
        assert_eq!(asked, [0, 1, 2, 3, 5, 9, 15, 23, 33, 43, 53]);
        assert_eq!(pace.rest(NOW.after(Duration::from_mins(3))), None);
        look_ups.end(&mut pace, NOW.after(Duration::from_mins(3)), None);
        assert_eq!(pace.rest(NOW.after(Duration::from_mins(3))), None, "after a quiet minute they are few again");
    }

    #[test]
    fn those_who_wait_for_something_of_their_own_take_turns() {
        let cases = [(Lacks::Shared, 200, 0), (Lacks::Own, 0, 0), (Lacks::Own, 5, 10), (Lacks::Own, u32::MAX, 120)];
        for (lacks, before, seconds) in cases {
            assert_eq!(lacks.turn(before), Duration::from_secs(seconds), "{lacks:?} {before}");
        }
    }

    #[tokio::test]
    async fn those_who_waited_share_the_failure_and_the_next_one_asks_again() {
        let look_ups = LookUps::default();
        let (mut pace, _) = look_ups.turn().await;
        let waiting = look_ups.turn();
        let failing = async {
            look_ups.end(&mut pace, NOW, Some(&KeeperError::Contended.into()));
            drop(pace);
        };
        let ((pace, shared), ()) = tokio::join!(waiting, failing);
        assert!(shared.is_some());
        drop(pace);
        assert!(look_ups.turn().await.1.is_none());
    }
}
