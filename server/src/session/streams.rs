//! How many event streams a session has open: a panel needs one, and each costs a look at the database every second.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sidelight_domain::ids::{OrganisationId, SessionId};
use tokio_util::sync::CancellationToken;

/// A panel that reconnects may leave an old stream or two behind for a moment.
const MOST: usize = 4;

type Open = HashMap<(OrganisationId, SessionId), VecDeque<Arc<CancellationToken>>>;

/// The streams that are open in this process.
#[derive(Clone, Debug, Default)]
pub struct Streams(Arc<Mutex<Open>>);

/// One stream's place among those of its session; given back when dropped.
#[derive(Debug)]
pub struct Turn {
    streams: Streams,
    session: (OrganisationId, SessionId),
    token: Arc<CancellationToken>,
}

impl Streams {
    /// Begins a stream. If its session has too many then, the oldest is over.
    #[must_use]
    pub fn begin(&self, organisation: OrganisationId, session: SessionId) -> Turn {
        let session = (organisation, session);
        let token = Arc::new(CancellationToken::new());
        let mut open = self.open();
        let streams = open.entry(session).or_default();
        streams.push_back(Arc::clone(&token));
        if streams.len() > MOST
            && let Some(oldest) = streams.pop_front()
        {
            oldest.cancel();
        }
        drop(open);
        Turn { streams: self.clone(), session, token }
    }

    /// How many streams a session has open.
    #[must_use]
    pub fn count(&self, session: SessionId) -> usize {
        self.open().iter().filter(|((_, open), _)| *open == session).map(|(_, streams)| streams.len()).sum()
    }

    /// The organisations that have a stream open.
    #[must_use]
    pub fn organisations(&self) -> BTreeSet<OrganisationId> {
        self.open().keys().map(|(organisation, _)| *organisation).collect()
    }

    /// The sessions of an organisation that have one open.
    #[must_use]
    pub fn sessions_of(&self, organisation: OrganisationId) -> Vec<SessionId> {
        self.open().keys().filter(|(owner, _)| *owner == organisation).map(|(_, session)| *session).collect()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// Waits until newer streams have taken the place.
    pub async fn is_over(&self) {
        self.token.cancelled().await;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        if let Some(streams) = open.get_mut(&self.session) {
            streams.retain(|token| !Arc::ptr_eq(token, &self.token));
            if streams.is_empty() {
                open.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use sidelight_store::VISITORS;

    use super::*;

    #[test]
    fn the_oldest_of_too_many_streams_is_over() {
        let (streams, session) = (Streams::default(), SessionId::new(uuid::Uuid::nil()));
        let mut turns: Vec<_> = (0..=MOST).map(|_| streams.begin(VISITORS, session)).collect();
        let over: Vec<_> = turns.iter().map(|turn| turn.token.is_cancelled()).collect();
        assert_eq!(over, [true, false, false, false, false]);
        turns.pop();
        assert_eq!(streams.count(session), MOST - 1);
        assert_eq!(streams.sessions_of(VISITORS), [session]);
        let newest = streams.begin(VISITORS, session);
        assert!(!turns[1].token.is_cancelled(), "there was room again");
        drop((turns, newest));
        assert!(streams.open().is_empty(), "nothing is kept of what ended");
    }
}
