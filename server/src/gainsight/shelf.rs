//! A cache that rather shows something old with its age than nothing (design 4.6).

use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use moka::ops::compute::{CompResult, Op};
use sidelight_domain::{Clock, Timestamp};

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

/// Values of one kind, each read by one caller at a time while the others wait for him (single-flight).
///
/// Keys begin with the sign-in that a value was read under: what one person may see is never shown to another.
#[derive(Clone)]
pub struct Shelf<K, V> {
    cache: Cache<K, Held<V>>,
    clock: Arc<dyn Clock>,
}

/// How long an old value may stand in when reading fails.
const KEPT_FOR: Duration = Duration::from_hours(4);

impl<K, V> Shelf<K, V>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Holds at most `capacity` values.
    #[must_use]
    pub fn new(capacity: u64, clock: Arc<dyn Clock>) -> Self {
        let cache =
            Cache::builder().max_capacity(capacity).time_to_live(KEPT_FOR).support_invalidation_closures().build();
        Self { cache, clock }
    }

    /// What is held, whatever its age.
    pub async fn peek(&self, key: &K) -> Option<Held<V>> {
        self.cache.get(key).await
    }

    /// The value, read anew if it is older than `fresh_for`. If reading fails, an old value is given out as stale.
    ///
    /// # Errors
    /// What `read` says, if there is no old value.
    pub async fn get<E, F>(&self, key: &K, fresh_for: Duration, read: impl Fn() -> F) -> Result<Held<V>, E>
    where
        F: Future<Output = Result<V, E>> + Send,
        E: Send + Sync + 'static,
    {
        let (clock, read) = (&self.clock, &read);
        loop {
            let computed = self.cache.entry_by_ref(key).and_try_compute_with(|old| async move {
                let age = old.map(|entry| clock.now().since(entry.value().as_of));
                if age.is_some_and(|age| age < fresh_for) {
                    return Ok(Op::Nop);
                }
                let value = Arc::new(read().await?);
                Ok(Op::Put(Held { value, as_of: clock.now(), is_stale: false }))
            });
            match computed.await.map(CompResult::into_entry) {
                Ok(Some(entry)) => return Ok(entry.into_value()),
                Ok(None) => {}
                Err(error) => return self.peek(key).await.map(|held| Held { is_stale: true, ..held }).ok_or(error),
            }
        }
    }

    /// Puts a value that came by another way.
    pub async fn put(&self, key: K, value: V) {
        self.cache.insert(key, Held { value: Arc::new(value), as_of: self.clock.now(), is_stale: false }).await;
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

    #[tokio::test]
    async fn many_callers_read_once() {
        let (shelf, _) = shelf();
        let reads = AtomicUsize::new(0);
        let read = || async {
            tokio::task::yield_now().await;
            Ok::<_, ()>(reads.fetch_add(1, Ordering::SeqCst))
        };
        let (a, b, c) =
            tokio::join!(shelf.get(&1, FRESH, read), shelf.get(&1, FRESH, read), shelf.get(&1, FRESH, read));
        assert_eq!([*a.unwrap().value, *b.unwrap().value, *c.unwrap().value], [0, 0, 0]);
        assert_eq!(reads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn an_old_value_stands_in_when_reading_fails_and_says_so() {
        let (shelf, clock) = shelf();
        shelf.get(&1, FRESH, || async { Ok::<_, ()>(7) }).await.unwrap();
        clock.advance(FRESH);
        let held = shelf.get(&1, FRESH, || async { Err(()) }).await.unwrap();
        assert_eq!((*held.value, held.is_stale), (7, true));
        let held = shelf.get(&1, FRESH, || async { Ok::<_, ()>(8) }).await.unwrap();
        assert_eq!((*held.value, held.is_stale), (8, false));
    }

    #[tokio::test]
    async fn without_an_old_value_the_failure_is_told_and_not_kept() {
        let (shelf, _) = shelf();
        assert!(shelf.get(&1, FRESH, || async { Err::<usize, _>("down") }).await.is_err());
        assert_eq!(*shelf.get(&1, FRESH, || async { Ok::<_, &str>(9) }).await.unwrap().value, 9);
    }
}
