//! What is kept for a while only (docs/data-inventory.md).

use std::ops::AddAssign;
use std::time::Duration;

use super::repository;
use crate::statement::{Value, sql};
use crate::{Error, Store, VISITORS};

repository! {
    /// What is kept for a while only.
    Purge
}

const DAY: Duration = Duration::from_hours(24);

/// How long rows stay after they served their purpose. The defaults are those of the data inventory.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Retention {
    /// Sessions and sign-ins after they expired.
    pub sessions: Duration,
    /// Digests of webhooks that were worked on.
    pub webhooks: Duration,
    /// Meetings and their rosters after anything was last seen of them.
    pub meetings: Duration,
    /// Addresses that guests told who were asked, where nobody reports the end of the meeting.
    pub told: Duration,
    /// Writes that are in Gainsight or were discarded, closed drafts, and ended grants.
    pub settled: Duration,
    /// Writes that wait for their author, open drafts, views, and who somebody is as colleagues said.
    pub abandoned: Duration,
    /// Timelines after somebody looked at them, or they changed, last.
    pub timelines: Duration,
    /// Events.
    pub events: Duration,
    /// Payloads of the audit log; its rows stay.
    pub audit_payloads: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            sessions: DAY,
            webhooks: DAY * 7,
            meetings: DAY * 30,
            told: DAY,
            settled: DAY * 30,
            abandoned: DAY * 180,
            timelines: DAY,
            events: DAY * 7,
            audit_payloads: DAY * 365,
        }
    }
}

/// How many rows were deleted, for the log.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Purged {
    /// App contexts that could not be used any more anyway.
    pub contexts: u64,
    /// Panels.
    pub sessions: u64,
    /// Tries to sign in.
    pub sign_ins: u64,
    /// Webhooks.
    pub webhooks: u64,
    /// Meetings, with their rosters.
    pub meetings: u64,
    /// What guests told who were asked for their addresses.
    pub told: u64,
    /// Ended sign-ins on tenants.
    pub grants: u64,
    /// Notes.
    pub drafts: u64,
    /// Writes.
    pub writes: u64,
    /// What was chosen.
    pub views: u64,
    /// Timelines that nobody looks at.
    pub timelines: u64,
    /// Events.
    pub events: u64,
    /// Payloads of the audit log.
    pub audit_payloads: u64,
}

impl AddAssign for Purged {
    fn add_assign(&mut self, other: Self) {
        self.contexts += other.contexts;
        self.sessions += other.sessions;
        self.sign_ins += other.sign_ins;
        self.webhooks += other.webhooks;
        self.meetings += other.meetings;
        self.told += other.told;
        self.grants += other.grants;
        self.drafts += other.drafts;
        self.writes += other.writes;
        self.views += other.views;
        self.timelines += other.timelines;
        self.events += other.events;
        self.audit_payloads += other.audit_payloads;
    }
}

impl Store {
    /// Deletes what has been kept long enough, in every organisation, one after the other.
    ///
    /// # Errors
    /// [`Error`]; what was deleted before it stays deleted.
    pub async fn purge(&self, retention: &Retention) -> Result<Purged, Error> {
        let mut purged = Purged::default();
        let organisations = self.organisations().await?.into_iter().map(|organisation| organisation.id);
        for organisation in organisations.chain([VISITORS]) {
            let mut unit = self.begin(organisation).await?;
            let deleted = unit.retention().purge(retention).await?;
            unit.commit().await?;
            purged += deleted;
        }
        Ok(purged)
    }
}

impl Purge<'_> {
    /// Deletes what has been kept long enough.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn purge(&mut self, retention: &Retention) -> Result<Purged, Error> {
        let now = self.unit.now();
        let (sessions, settled) = (now.before(retention.sessions), now.before(retention.settled));
        let abandoned = now.before(retention.abandoned);
        Ok(Purged {
            contexts: self.delete("DELETE FROM contexts WHERE organisation = $1 AND expires_at <= $2", now).await?,
            sessions: self
                .delete("DELETE FROM sessions WHERE organisation = $1 AND expires_at <= $2", sessions)
                .await?,
            sign_ins: self
                .delete("DELETE FROM sign_ins WHERE organisation = $1 AND expires_at <= $2", sessions)
                .await?,
            webhooks: self.delete(WEBHOOKS, now.before(retention.webhooks)).await?,
            meetings: self.delete(MEETINGS, now.before(retention.meetings)).await?,
            told: self.delete(TOLD, now.before(retention.told)).await?,
            grants: self.delete("DELETE FROM grants WHERE organisation = $1 AND ended_at <= $2", settled).await?,
            drafts: self.delete("DELETE FROM drafts WHERE organisation = $1 AND closed_at <= $2", settled).await?
                + self.delete("DELETE FROM drafts WHERE organisation = $1 AND saved_at <= $2", abandoned).await?,
            writes: self.delete(SETTLED_WRITES, settled).await?
                + self.delete("DELETE FROM writes WHERE organisation = $1 AND settled_at <= $2", abandoned).await?,
            views: self.delete("DELETE FROM views WHERE organisation = $1 AND saved_at <= $2", abandoned).await?
                + self.delete("DELETE FROM recents WHERE organisation = $1 AND chosen_at <= $2", abandoned).await?
                + self.delete("DELETE FROM series WHERE organisation = $1 AND chosen_at <= $2", abandoned).await?
                + self.delete(CORRECTIONS, abandoned).await?,
            timelines: self.delete(TIMELINES, now.before(retention.timelines)).await?,
            events: self.delete_events(now.before(retention.events)).await?,
            audit_payloads: self.delete(AUDIT_PAYLOADS, now.before(retention.audit_payloads)).await?,
        })
    }

    async fn delete_events(&mut self, before: impl Into<Value>) -> Result<u64, Error> {
        let delete = "DELETE FROM events WHERE organisation = $1 AND at <= $2 RETURNING seq";
        let rows = self.unit.all(sql(delete).bind(before)).await?;
        let mut highest = 0_i64;
        for row in &rows {
            highest = highest.max(row.get("seq")?);
        }
        // Whoever comes back with a lower cursor has missed something and must be told.
        let update = "UPDATE heads SET event_purged_seq = $2 WHERE organisation = $1 AND event_purged_seq < $2";
        self.unit.run(sql(update).bind(highest)).await?;
        Ok(rows.len() as u64)
    }

    async fn delete(&mut self, statement: &'static str, before: impl Into<Value>) -> Result<u64, Error> {
        self.unit.run(sql(statement).bind(before).upkeep()).await
    }
}

const TIMELINES: &str = "DELETE FROM timelines WHERE organisation = $1 AND watched_until <= $2 \
    AND (changed_at IS NULL OR changed_at <= $2)";
const CORRECTIONS: &str = "DELETE FROM corrections WHERE organisation = $1 AND corrected_at <= $2";
const TOLD: &str =
    "UPDATE inquiries SET told_sealed = NULL WHERE organisation = $1 AND asked_at <= $2 AND told_sealed IS NOT NULL";
const WEBHOOKS: &str = "DELETE FROM inbox WHERE organisation = $1 AND done_at <= $2";
const MEETINGS: &str = "DELETE FROM meetings WHERE organisation = $1 AND seen_at <= $2";
const SETTLED_WRITES: &str = "DELETE FROM writes WHERE organisation = $1 AND settled_at <= $2 \
    AND state IN ('done', 'discarded')";
const AUDIT_PAYLOADS: &str = "DELETE FROM audit_payloads WHERE organisation = $1 AND seq IN \
    (SELECT seq FROM audit WHERE organisation = $1 AND at <= $2)";
