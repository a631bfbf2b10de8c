//! Webhooks: stored under their digest before they are acknowledged, worked on by a job (`zoom.md` 6.3).

use std::time::Duration;

use sidelight_domain::Timestamp;

use super::repository;
use crate::debug::debug_by_ids;
use crate::keys::Column;
use crate::statement::{Row, sql};
use crate::{Digest, Error, Unit};

const BODY: Column = Column::new("inbox.body_sealed");

repository! {
    /// Webhooks that were received.
    Inbox
}

/// A webhook whose signature was checked.
#[derive(Clone, Eq, PartialEq)]
pub struct NewDelivery {
    /// What makes two deliveries the same.
    pub digest: Digest,
    /// Its event, such as `meeting.participant_joined`.
    pub event: String,
    /// The body as it came.
    pub body: String,
    /// When it happened.
    pub event_at: Timestamp,
}

debug_by_ids!(NewDelivery { digest, event, event_at });

/// A webhook that waits to be worked on.
#[derive(Clone, Eq, PartialEq)]
pub struct Delivery {
    /// What makes two deliveries the same.
    pub digest: Digest,
    /// Its event.
    pub event: String,
    /// The body as it came.
    pub body: String,
    /// When it happened.
    pub event_at: Timestamp,
    /// When it came.
    pub received_at: Timestamp,
    /// How often it was taken up, this time included.
    pub tries: u32,
}

debug_by_ids!(Delivery { digest, event, event_at, received_at, tries });

impl Inbox<'_> {
    /// Stores a webhook, to be worked on at once; `false` for one that came before.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn add(&mut self, new: NewDelivery) -> Result<bool, Error> {
        let now = self.unit.now();
        let insert =
            sql("INSERT INTO inbox (organisation, digest, event, body_sealed, event_at, received_at, tries, due_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, $6) ON CONFLICT DO NOTHING")
            .bind(new.digest)
            .bind(new.event)
            .bind(self.unit.seal(BODY, &new.digest, new.body)?)
            .bind(new.event_at)
            .bind(now);
        Ok(self.unit.run(insert).await? > 0)
    }

    /// Claims up to `limit` webhooks that are due, each for `hold`, in the order in which they happened. No two callers get the same one.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn claim(&mut self, limit: u32, hold: Duration) -> Result<Vec<Delivery>, Error> {
        let now = self.unit.now();
        let claim = self.unit.engine().row_claim();
        // Not a plain sub-select: see the outbox.
        let update = format!(
            "WITH due AS MATERIALIZED (SELECT digest FROM inbox WHERE organisation = $1 AND due_at <= $2 \
             ORDER BY due_at LIMIT $4{claim}) UPDATE inbox SET tries = tries + 1, due_at = $3 \
             WHERE organisation = $1 AND digest IN (SELECT digest FROM due) \
             RETURNING digest, event, body_sealed, event_at, received_at, tries"
        );
        let rows = self.unit.all(sql(update).bind(now).bind(now.after(hold)).bind(limit)).await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            match delivery(self.unit, row) {
                Ok(delivery) => claimed.push(delivery),
                // It stays due: with the right key it can be read again. The others must not wait for it.
                Err(error) => tracing::error!(error = %error, "A received webhook cannot be opened."),
            }
        }
        claimed.sort_by_key(|delivery| delivery.event_at);
        Ok(claimed)
    }

    /// Closes a webhook and forgets its body; the digest stays for a while, so that a late repeat is still one.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn done(&mut self, digest: &Digest) -> Result<(), Error> {
        let update = sql("UPDATE inbox SET body_sealed = NULL, due_at = NULL, done_at = $3 \
             WHERE organisation = $1 AND digest = $2")
        .bind(digest)
        .bind(self.unit.now());
        self.unit.run(update).await.map(drop)
    }

    /// How many are not worked off yet: unread, being worked on, or put off.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn waiting(&mut self) -> Result<i64, Error> {
        let count = "SELECT COUNT(*) AS number FROM inbox WHERE organisation = $1 AND due_at IS NOT NULL";
        self.unit.number(sql(count)).await
    }

    /// Gives a webhook back, to be taken up again at `retry_at`.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn failed(&mut self, digest: &Digest, retry_at: Timestamp) -> Result<(), Error> {
        let update = sql("UPDATE inbox SET due_at = $3 WHERE organisation = $1 AND digest = $2 AND done_at IS NULL")
            .bind(digest)
            .bind(retry_at);
        self.unit.run(update).await.map(drop)
    }
}

fn delivery(unit: &Unit, row: &Row) -> Result<Delivery, Error> {
    let digest: Digest = row.get("digest")?;
    Ok(Delivery {
        digest,
        event: row.get("event")?,
        body: unit.open(row, BODY, &digest)?,
        event_at: row.get("event_at")?,
        received_at: row.get("received_at")?,
        tries: row.get("tries")?,
    })
}
