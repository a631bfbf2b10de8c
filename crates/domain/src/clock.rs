//! Time and chance as arguments: nobody below `main` reads the system clock or draws an id by himself.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A point in time in milliseconds since the Unix epoch, UTC.
///
/// Zoom's app context and webhooks, Gainsight's query answers and both databases use this very unit, so nothing is
/// ever converted on the way (`zoom.md` 5.3, `gainsight.md` 5.3).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = i64, example = 1_780_000_000_000_i64))]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `millis` milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, as JWT claims want them (RFC 7519, 2).
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment, `by` later; stays at the end of time instead of overflowing.
    #[must_use]
    pub fn after(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// This moment, `by` earlier.
    #[must_use]
    pub fn before(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How long ago `earlier` was, or zero if it lies in the future.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// Draws ids and secrets.
pub trait IdSource: Send + Sync {
    /// A fresh UUIDv7 (RFC 9562, 5.7): its first bits are the time, so keys arrive in index order.
    fn uuid(&self) -> Uuid;

    /// Fills `bytes` with unpredictable bytes, for secrets, nonces and one-time links.
    fn fill(&self, bytes: &mut [u8]);
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Ids that count up from one, and "random" bytes that follow a fixed sequence: for tests and snapshots only.
#[derive(Debug, Default)]
pub struct CountingIds(AtomicU64);

impl IdSource for CountingIds {
    fn uuid(&self) -> Uuid {
        let n = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | u128::from(n))
    }

    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        for byte in bytes {
            // splitmix64: spreads a counter over all bits, so that no two secrets of one test are alike.
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            *byte = mixed.to_le_bytes()[7];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_does_not_overflow_at_its_ends() {
        let end = Timestamp::from_millis(i64::MAX);
        assert_eq!(end.after(Duration::from_secs(1)), end);
        assert_eq!(Timestamp::from_millis(0).since(end), Duration::ZERO);
    }

    #[test]
    fn seconds_round_down_before_the_epoch_too() {
        assert_eq!(Timestamp::from_millis(-1).as_seconds(), -1);
        assert_eq!(Timestamp::from_millis(1_999).as_seconds(), 1);
    }

    #[test]
    fn counted_ids_are_valid_and_in_order() {
        let ids = CountingIds::default();
        let (first, second) = (ids.uuid(), ids.uuid());
        assert!(first < second);
        assert_eq!(first.get_version_num(), 7);
    }
}
