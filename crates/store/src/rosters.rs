//! Rosters in memory, so that a thousand sealed rows are not opened for each panel that asks who is there (ADR 0009).

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use sidelight_domain::ids::{MeetingUuid, OrganisationId};
use sidelight_domain::roster::Roster;

/// All rosters together; some 5 MB.
const MOST_PEOPLE: u64 = 10_000;
/// Nobody asks any more: what was opened does not lie about.
const UNUSED_FOR: Duration = Duration::from_mins(5);

/// The roster of each meeting as it was read last, with the stamp that it had then.
pub(crate) struct Rosters(Cache<(OrganisationId, MeetingUuid), (String, Arc<Roster>)>);

impl Rosters {
    pub(crate) fn new() -> Self {
        let people = |(_, roster): &(String, Arc<Roster>)| u32::try_from(roster.participants.len()).unwrap_or(u32::MAX);
        let cache = Cache::builder()
            .weigher(move |_, held| people(held).max(1))
            .max_capacity(MOST_PEOPLE)
            .time_to_idle(UNUSED_FOR)
            .build();
        Self(cache)
    }

    pub(crate) async fn find(
        &self,
        organisation: OrganisationId,
        meeting: &MeetingUuid,
        stamp: &str,
    ) -> Option<Arc<Roster>> {
        let (held, roster) = self.0.get(&(organisation, meeting.clone())).await?;
        (held == stamp).then_some(roster)
    }

    pub(crate) async fn keep(
        &self,
        organisation: OrganisationId,
        meeting: MeetingUuid,
        stamp: String,
        roster: Arc<Roster>,
    ) {
        self.0.insert((organisation, meeting), (stamp, roster)).await;
    }
}
