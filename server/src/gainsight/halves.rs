//! Halves of proofs: what of a proof was read while the other half has to wait for a call.
//!
//! A proof takes two calls. At the full hour many ask for theirs at once, and most have a call for one half only. Thrown away, those
//! calls would be spent again and again, and nobody's proof would ever be whole.

use std::collections::HashSet;
use std::time::Duration;

use moka::future::Cache;
use sidelight_domain::ids::{GrantId, Gsid};
use sidelight_domain::{EntityKind, Timestamp};

/// Longer than it takes until a viewer has a call for the second half, also where hundreds wait.
const KEPT_FOR: Duration = Duration::from_mins(10);
const MOST: u64 = 2_000;

/// One tenant's halves.
#[derive(Clone, Debug)]
pub struct Halves(Cache<(GrantId, EntityKind), (Timestamp, HashSet<Gsid>)>);

impl Default for Halves {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(MOST).time_to_live(KEPT_FOR).support_invalidation_closures().build())
    }
}

impl Halves {
    /// Takes out the half that was read not longer ago than that.
    pub(super) async fn take(
        &self,
        grant: GrantId,
        kind: EntityKind,
        now: Timestamp,
        fresh_for: Duration,
    ) -> Option<HashSet<Gsid>> {
        // Not `remove` alone, which gives out what is forgotten but not swept up yet.
        let (read_at, shown) = self.0.get(&(grant, kind)).await?;
        self.0.invalidate(&(grant, kind)).await;
        (now.since(read_at) < fresh_for.min(KEPT_FOR)).then_some(shown)
    }

    /// Keeps a half until the other one is there.
    pub(super) async fn put(&self, grant: GrantId, kind: EntityKind, now: Timestamp, shown: HashSet<Gsid>) {
        self.0.insert((grant, kind), (now, shown)).await;
    }

    /// Forgets what was read under a sign-in that ended.
    pub(super) fn forget(&self, grant: GrantId) {
        // Fails only without the support that `default` switches on.
        let _ = self.0.invalidate_entries_if(move |(owner, _), _| *owner == grant);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_780_000_000_000);
    const LONG: Duration = Duration::from_hours(2);

    #[tokio::test]
    async fn a_half_is_there_once_for_its_own_viewer_as_long_as_it_is_young() {
        let (halves, grant, other) = (Halves::default(), GrantId::new(Uuid::nil()), GrantId::new(Uuid::max()));
        let shown = || HashSet::from([Gsid::new("c1")]);
        halves.put(grant, EntityKind::Company, NOW, shown()).await;
        assert_eq!(halves.take(other, EntityKind::Company, NOW, LONG).await, None);
        assert_eq!(halves.take(grant, EntityKind::Relationship, NOW, LONG).await, None);
        assert_eq!(halves.take(grant, EntityKind::Company, NOW, LONG).await, Some(shown()));
        assert_eq!(halves.take(grant, EntityKind::Company, NOW, LONG).await, None);

        for (age, fresh_for) in [(KEPT_FOR, LONG), (Duration::from_secs(5), Duration::from_secs(5))] {
            halves.put(grant, EntityKind::Company, NOW, shown()).await;
            assert_eq!(halves.take(grant, EntityKind::Company, NOW.after(age), fresh_for).await, None, "{age:?}");
        }

        halves.put(grant, EntityKind::Company, NOW, shown()).await;
        halves.forget(grant);
        assert_eq!(halves.take(grant, EntityKind::Company, NOW, LONG).await, None);
    }
}
