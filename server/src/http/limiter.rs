//! So many requests a minute for each person, and for each address where nobody is known yet.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sidelight_api::ErrorCode;

use super::Refusal;

/// A token bucket for each key.
#[derive(Debug)]
pub struct Limiter<K: Hash + Eq + Clone> {
    buckets: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    /// `per_minute` requests, all of which may come at once.
    #[must_use]
    pub fn per_minute(per_minute: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        Self { buckets: RateLimiter::keyed(quota), clock: DefaultClock::default() }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// `slow_down` with the time until the next one.
    pub fn take(&self, key: &K) -> Result<(), Refusal> {
        self.buckets.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            Refusal::new(ErrorCode::SlowDown).retry_after(wait.max(Duration::from_secs(1)))
        })
    }

    /// Forgets whoever has a full bucket again, so that memory does not grow with every address ever seen.
    pub fn forget_idle(&self) {
        self.buckets.retain_recent();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_persons_flood_does_not_touch_another() {
        let limiter = Limiter::per_minute(3);
        for _ in 0..3 {
            assert!(limiter.take(&"ana").is_ok());
        }
        assert_eq!(limiter.take(&"ana").unwrap_err().code(), ErrorCode::SlowDown);
        assert!(limiter.take(&"ben").is_ok());
    }
}
