//! How many calls a minute we allow ourselves in a tenant: its limit is shared with everybody else's integrations (design 4.6,
//! `gainsight.md` 4.3).

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use sidelight_domain::Timestamp;

/// Who waits for a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Urgency {
    /// A person.
    Interactive,
    /// Nobody: renewal of what is cached.
    Background,
}

/// The budget is used up, or Gainsight told us to wait.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the tenant's call budget is used up")]
pub struct UsedUp {
    /// When a call may be made again.
    pub wait: Duration,
}

/// One tenant's budget.
#[derive(Debug)]
pub struct Budget {
    all: DefaultDirectRateLimiter,
    background: DefaultDirectRateLimiter,
    paused_until: AtomicI64,
    /// A person waits no longer than this for his turn; then he sees what we have, with its age.
    longest_wait: Duration,
    clock: DefaultClock,
}

/// So long a person waits at least, where there is nothing to be had at once,
const WAITS_AT_LEAST: Duration = Duration::from_secs(2);
/// and at most.
const WAITS_AT_MOST: Duration = Duration::from_secs(8);
/// So many calls belong to one question: who waits for less than all of them waits in vain, and has wasted the others.
const CALLS_OF_A_QUESTION: u32 = 3;

/// Long enough for all calls of a question, also where they come just in time.
fn longest_wait(per_minute: u32) -> Duration {
    let needed = Duration::from_mins(1) * CALLS_OF_A_QUESTION / per_minute.max(1);
    (needed + needed / 4).clamp(WAITS_AT_LEAST, WAITS_AT_MOST)
}

/// Windows are one minute (`gainsight.md` 4.3): whoever says much more is mistaken, and must not shut a tenant until the next restart.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

impl Budget {
    /// `per_minute` calls, half of which may come at once: with Gainsight's fixed windows a full burst on both sides of a
    /// minute's end would otherwise count double. A third of them is the most that background work may use.
    #[must_use]
    pub fn new(per_minute: u32) -> Self {
        let quota = |calls: u32| {
            let calls = NonZeroU32::new(calls).unwrap_or(NonZeroU32::MIN);
            let burst = NonZeroU32::new(calls.get() / 2).unwrap_or(NonZeroU32::MIN);
            Quota::per_minute(calls).allow_burst(burst)
        };
        Self {
            all: RateLimiter::direct(quota(per_minute)),
            background: RateLimiter::direct(quota(per_minute / 3)),
            paused_until: AtomicI64::new(i64::MIN),
            longest_wait: longest_wait(per_minute),
            clock: DefaultClock::default(),
        }
    }

    /// Takes one call out of the budget, waiting a moment for it if a person asks.
    ///
    /// # Errors
    /// [`UsedUp`], at once for background work.
    pub async fn take(&self, urgency: Urgency, now: Timestamp) -> Result<(), UsedUp> {
        let paused = Timestamp::from_millis(self.paused_until.load(Ordering::Relaxed)).since(now);
        if !paused.is_zero() {
            return Err(UsedUp { wait: paused });
        }
        if urgency == Urgency::Background {
            self.check(&self.background)?;
        }
        let mut waited = Duration::ZERO;
        loop {
            match self.check(&self.all) {
                // Several may have waited for the same call: whoever was too late waits for the next. A question of two calls at once
                // would otherwise never get both.
                Err(UsedUp { wait }) if urgency == Urgency::Interactive && waited + wait <= self.longest_wait => {
                    tokio::time::sleep(wait).await;
                    waited += wait;
                }
                taken => return taken,
            }
        }
    }

    /// Gainsight answered 429: nobody calls before it wants to hear from us again, or before its longest window is over.
    pub fn pause(&self, now: Timestamp, wait: Duration) {
        let until = now.after(wait.min(LONGEST_PAUSE));
        self.paused_until.fetch_max(until.as_millis(), Ordering::Relaxed);
    }

    fn check(&self, limiter: &DefaultDirectRateLimiter) -> Result<(), UsedUp> {
        limiter.check().map_err(|until| UsedUp { wait: until.wait_time_from(self.clock.now()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);

    #[tokio::test]
    async fn background_work_leaves_room_for_people() {
        let budget = Budget::new(60);
        let mut background = 0;
        while budget.take(Urgency::Background, NOW).await.is_ok() {
            background += 1;
        }
        assert_eq!(background, 10);
        for _ in 0..20 {
            assert_eq!(budget.take(Urgency::Interactive, NOW).await, Ok(()));
        }
    }

    #[tokio::test]
    async fn two_who_wait_for_their_turn_both_get_one() {
        let budget = Budget::new(600);
        while budget.check(&budget.all).is_ok() {}
        let take = || budget.take(Urgency::Interactive, NOW);
        assert_eq!(tokio::join!(take(), take()), (Ok(()), Ok(())));
    }

    #[test]
    fn a_person_waits_long_enough_for_all_calls_of_his_question() {
        let cases = [(60, 3_750), (600, 2_000), (100, 2_250), (1, 8_000)];
        for (per_minute, millis) in cases {
            assert_eq!(longest_wait(per_minute), Duration::from_millis(millis), "{per_minute}");
        }
    }

    #[tokio::test]
    async fn a_429_stops_everybody_until_its_time() {
        let budget = Budget::new(60);
        budget.pause(NOW, Duration::from_secs(30));
        assert_eq!(budget.take(Urgency::Interactive, NOW).await, Err(UsedUp { wait: Duration::from_secs(30) }));
        assert_eq!(budget.take(Urgency::Interactive, NOW.after(Duration::from_secs(30))).await, Ok(()));
    }

    #[tokio::test]
    async fn a_tenant_that_wants_years_of_rest_gets_minutes() {
        let budget = Budget::new(60);
        budget.pause(NOW, Duration::from_secs(99_999_999));
        assert!(budget.take(Urgency::Interactive, NOW).await.is_err());
        assert_eq!(budget.take(Urgency::Interactive, NOW.after(LONGEST_PAUSE)).await, Ok(()));
    }

    #[tokio::test]
    async fn a_burst_never_exceeds_the_tenants_window() {
        let budget = Budget::new(60);
        let mut burst = 0;
        while budget.check(&budget.all).is_ok() {
            burst += 1;
        }
        assert!(burst + 60 <= 100, "{burst}");
    }
}
