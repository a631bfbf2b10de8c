//! A cache that rather shows something old with its age than nothing (design 4.6).

use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use moka::ops::compute::{CompResult, Op};
use sidelight_domain::{Clock, Timestamp};

use super::ask::{AskError, Echo};

/// Something read from a tenant, with its age.
#[derive(Debug)]
pub struct Held<V> {
    /// What was read.
    pub value: Arc<V>,
    /// When.
    pub as_of: Timestamp,
    /// Whether it is older than it should be, because reading it again failed.
    pub is_stale: bool,
}

impl<V> Clone for Held<V> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), ..*self }
    }
}

/// Values of one kind, each read by one caller at a time while the others wait for him (single-flight). They share his failure, too:
/// a tenant that does not answer is not asked by one after another.
///
/// Keys begin with the reader that a value was read by: what one person may see is never shown to another.
#[derive(Clone)]
pub struct Shelf<K, V> {
    cache: Cache<K, Held<V>>,
    /// How often reading failed, and how the last time.
    failures: Cache<K, (u64, Echo)>,
    clock: Arc<dyn Clock>,
}

/// How long an old value may stand in when reading fails.
pub(super) const KEPT_FOR: Duration = Duration::from_hours(4);
/// Longer than anybody waits for a reading.
const FAILURES_KEPT_FOR: Duration = Duration::from_mins(5);

impl<K, V> Shelf<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Holds at most `capacity` values.
    #[must_use]
    pub fn new(capacity: u64, clock: Arc<dyn Clock>) -> Self {
        Self::weighing(capacity, |_| 1, clock)
    }

    /// Holds values of at most `capacity` together, each weighed by `weight`.
    #[must_use]
    pub fn weighing(capacity: u64, weight: fn(&V) -> u32, clock: Arc<dyn Clock>) -> Self {
        let cache = Cache::builder()
            .max_capacity(capacity)
            .weigher(move |_, held: &Held<V>| weight(&held.value))
            .time_to_live(KEPT_FOR)
            .support_invalidation_closures()
            .build();
        let failures = Cache::builder().max_capacity(10_000).time_to_live(FAILURES_KEPT_FOR).build();
        Self { cache, failures, clock }
    }

    /// What is held, whatever its age.
    pub async fn peek(&self, key: &K) -> Option<Held<V>> {
        self.cache.get(key).await
    }

    /// The value, read anew if it is older than `fresh_for`. If reading fails, an old value is given out as stale.
    ///
    /// # Errors
    /// What `read` says, here or to the caller who was waited for, if there is no old value.
    pub async fn get<F>(&self, key: &K, fresh_for: Duration, read: impl Fn() -> F) -> Result<Held<V>, AskError>
    where
        F: Future<Output = Result<V, AskError>> + Send,
    {
        let failed_before = self.failures.get(key).await.map(|(count, _)| count);
        let (this, read) = (self, &read);
        loop {
            let computed = self.cache.entry_by_ref(key).and_try_compute_with(|old| async move {
                let age = old.map(|entry| this.clock.now().since(entry.value().as_of));
                if age.is_some_and(|age| age < fresh_for) {
                    return Ok(Op::Nop);
                }
                this.share_failure(key, failed_before).await?;
                // What changes while it is being read may not be in it.
                let as_of = this.clock.now();
                let value = Arc::new(this.remember_failure(key, read().await).await?);
                Ok(Op::Put(Held { value, as_of, is_stale: false }))
            });
            match computed.await.map(CompResult::into_entry) {
                Ok(Some(entry)) => return Ok(entry.into_value()),
                Ok(None) => {}
                Err(error) => return self.peek(key).await.map(|held| Held { is_stale: true, ..held }).ok_or(error),
            }
        }
    }

    /// Whoever was waited for has failed meanwhile: asking again at once would only make the next one wait as long.
    async fn share_failure(&self, key: &K, before: Option<u64>) -> Result<(), AskError> {
        match self.failures.get(key).await {
            Some((count, echo)) if Some(count) != before => Err(AskError::Echo(echo)),
            _ => Ok(()),
        }
    }

    async fn remember_failure<T>(&self, key: &K, read: Result<T, AskError>) -> Result<T, AskError> {
        if let Err(error) = &read {
            let count = self.failures.get(key).await.map_or(0, |(count, _)| count);
            self.failures.insert(key.clone(), (count.wrapping_add(1), error.echo())).await;
        }
        read
    }

    /// Puts a value that came by another way.
    pub async fn put(&self, key: K, value: V) {
        self.put_as_of(key, value, self.clock.now()).await;
    }

    /// The same for one that was begun to be read then.
    pub async fn put_as_of(&self, key: K, value: V, as_of: Timestamp) {
        self.cache.insert(key, Held { value: Arc::new(value), as_of, is_stale: false }).await;
    }

    /// Forgets one value.
    pub async fn forget(&self, key: &K) {
        self.cache.invalidate(key).await;
    }

    /// Forgets everything that `concerns` says.
    pub fn forget_where(&self, concerns: impl Fn(&K) -> bool + Send + Sync + 'static) {
        // Fails only without the support that `new` switches on.
        let _ = self.cache.invalidate_entries_if(move |key, _| concerns(key));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use sidelight_domain::ManualClock;

    use super::*;

    const FRESH: Duration = Duration::from_mins(1);

    fn shelf() -> (Shelf<u8, usize>, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_780_000_000_000)));
        (Shelf::new(10, clock.clone()), clock)
    }

    fn down() -> AskError {
        AskError::Unproven
    }

    #[tokio::test]
    async fn many_callers_read_once() {
        let (shelf, _) = shelf();
        let reads = AtomicUsize::new(0);
        let read = || async {
            tokio::task::yield_now().await;
            Ok(reads.fetch_add(1, Ordering::SeqCst))
        };
        let (a, b, c) =
            tokio::join!(shelf.get(&1, FRESH, read), shelf.get(&1, FRESH, read), shelf.get(&1, FRESH, read));
        assert_eq!([*a.unwrap().value, *b.unwrap().value, *c.unwrap().value], [0, 0, 0]);
        assert_eq!(reads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn those_who_waited_share_the_failure_and_the_next_one_asks_again() {
        let (shelf, _) = shelf();
        let reads = AtomicUsize::new(0);
        let read = || async {
            tokio::task::yield_now().await;
            reads.fetch_add(1, Ordering::SeqCst);
            Err(down())
        };
        let (a, b, c) =
            tokio::join!(shelf.get(&1, FRESH, read), shelf.get(&1, FRESH, read), shelf.get(&1, FRESH, read));
        assert!(a.is_err() && b.is_err() && c.is_err());
        assert_eq!(reads.load(Ordering::SeqCst), 1);
        assert_eq!(*shelf.get(&1, FRESH, || async { Ok(9) }).await.unwrap().value, 9);
    }

    #[tokio::test]
    async fn an_old_value_stands_in_when_reading_fails_and_says_so() {
        let (shelf, clock) = shelf();
        shelf.get(&1, FRESH, || async { Ok(7) }).await.unwrap();
        clock.advance(FRESH);
        let held = shelf.get(&1, FRESH, || async { Err(down()) }).await.unwrap();
        assert_eq!((*held.value, held.is_stale), (7, true));
        let held = shelf.get(&1, FRESH, || async { Ok(8) }).await.unwrap();
        assert_eq!((*held.value, held.is_stale), (8, false));
    }

    #[tokio::test]
    async fn heavy_values_push_each_other_out() {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_780_000_000_000)));
        let shelf: Shelf<u8, usize> = Shelf::weighing(100, |value| u32::try_from(*value).unwrap_or(u32::MAX), clock);
        shelf.put(1, 60).await;
        shelf.put(2, 1_000).await;
        shelf.cache.run_pending_tasks().await;
        assert!(shelf.peek(&1).await.is_some() && shelf.peek(&2).await.is_none());
    }
}
