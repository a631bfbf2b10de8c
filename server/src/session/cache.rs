//! Live sessions, remembered for a second: long enough for a burst of requests, short enough for a logout elsewhere to count.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use sidelight_domain::ids::SessionId;
use sidelight_store::PersonKey;

use crate::app::App;
use crate::http::{Answered, Caller};

/// Remembers callers.
#[derive(Clone, Debug)]
pub struct SessionCache(Cache<SessionId, Caller>);

/// "Ended by event within a second" (design 4.1), also when another server ended it.
const REMEMBERED_FOR: Duration = Duration::from_secs(1);

impl SessionCache {
    /// An empty cache.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "made in one place, where `default` would say less")]
    pub fn new() -> Self {
        Self(Cache::builder().max_capacity(20_000).time_to_live(REMEMBERED_FOR).support_invalidation_closures().build())
    }

    /// The caller behind a session, if it is live.
    ///
    /// # Errors
    /// A refusal if the database does not answer.
    pub async fn find(&self, app: &App, id: SessionId) -> Answered<Option<Caller>> {
        let known = self.0.get(&id).await;
        let caller = match known {
            Some(caller) => caller,
            None => match read(app, id).await? {
                Some(caller) => {
                    self.0.insert(id, caller.clone()).await;
                    caller
                }
                None => return Ok(None),
            },
        };
        Ok(Some(caller).filter(|caller| caller.session.is_live(app.clock.now())))
    }

    /// Makes a change of this person's sessions or sign-ins count at once in this process.
    pub fn forget_person(&self, person: &PersonKey) {
        let person = *person;
        // Fails only without the support that `new` switches on.
        let _ = self.0.invalidate_entries_if(move |_, caller| caller.session.person.as_ref() == Some(&person));
    }
}

async fn read(app: &App, id: SessionId) -> Answered<Option<Caller>> {
    let Some(organisation) = app.store.locate_session(id).await? else { return Ok(None) };
    let mut unit = app.store.read(organisation).await?;
    let Some(session) = unit.sessions().find(id).await? else { return Ok(None) };
    let grants = match &session.person {
        Some(person) => unit.grants().list(person).await?,
        None => Vec::new(),
    };
    Ok(Some(Caller { session: Arc::new(session), organisation, grants: Arc::new(grants), visiting: None }))
}
