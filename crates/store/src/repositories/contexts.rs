//! App contexts that were used: the replay rule of design 4.1.

use std::time::Duration;

use sidelight_domain::Timestamp;
use sidelight_domain::ids::SessionId;

use super::repository;
use crate::statement::sql;
use crate::{Digest, Error};

repository! {
    /// App contexts that were used.
    Contexts
}

/// What became of an attempt to use a context.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Used {
    /// Nobody used it before.
    First,
    /// The same page did, a moment ago: it gets this session again.
    SamePage(SessionId),
    /// Somebody did.
    Replay,
}

impl Contexts<'_> {
    /// Uses a context for `session`, once: of two servers that try at the same time one is told [`Used::First`].
    ///
    /// `page` is the digest of the page's own random text; the page that used the context first may ask again within `grace`.
    /// The row is kept until `expires_at`, when the context itself has expired.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn use_up(
        &mut self,
        context: &Digest,
        page: Option<&Digest>,
        session: SessionId,
        expires_at: Timestamp,
        grace: Duration,
    ) -> Result<Used, Error> {
        let now = self.unit.now();
        let insert = sql("INSERT INTO contexts (organisation, digest, page_digest, session, used_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING")
        .bind(context)
        .bind(page)
        .bind(session)
        .bind(now)
        .bind(expires_at);
        if self.unit.run(insert).await? > 0 {
            return Ok(Used::First);
        }
        let select = "SELECT page_digest, session, used_at FROM contexts WHERE organisation = $1 AND digest = $2";
        let Some(row) = self.unit.one(sql(select).bind(context)).await? else {
            // It was used in another organisation.
            return Ok(Used::Replay);
        };
        let (user, used_at): (Option<Digest>, Timestamp) = (row.get("page_digest")?, row.get("used_at")?);
        let same_page = page.is_some() && user.as_ref() == page;
        if same_page && now.since(used_at) <= grace {
            Ok(Used::SamePage(row.get("session")?))
        } else {
            Ok(Used::Replay)
        }
    }
}
