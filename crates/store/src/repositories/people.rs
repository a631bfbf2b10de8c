//! What belongs to one person, altogether: so that it can be taken out when he uninstalls the app (`zoom.md` 6.5).

use serde::Serialize;

use super::repository;
use crate::statement::sql;
use crate::{Audience, Error, PersonKey};

repository! {
    /// What belongs to one person, altogether.
    People
}

/// How many rows were deleted: the proof in the audit log, which says nothing of the person himself.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Erased {
    /// Authorisations of our app at Zoom.
    pub installations: u64,
    /// Panels.
    pub sessions: u64,
    /// Tries to sign in.
    pub sign_ins: u64,
    /// Sign-ins on tenants.
    pub grants: u64,
    /// What was chosen: in meetings, lately, and for series.
    pub views: u64,
    /// Notes.
    pub drafts: u64,
    /// Writes, sent or not.
    pub writes: u64,
    /// Appearances in meetings.
    pub participants: u64,
    /// Meetings that named him as their host.
    pub meetings: u64,
    /// What his authorisation showed of meetings, and whom he said to be there, and who they are.
    pub recognitions: u64,
    /// Events that were meant for him.
    pub events: u64,
    /// Payloads of the audit log.
    pub audit_payloads: u64,
}

impl People<'_> {
    /// Deletes everything personal of a person: what was kept for him, what he wrote and has not been sent, where he was seen.
    ///
    /// The audit log keeps its rows, in which he stands as a keyed digest, and loses what they said; but for actions that begin with
    /// `erased.`, which prove an erasure by numbers alone.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn erase(&mut self, person: &PersonKey) -> Result<Erased, Error> {
        self.unit.run(sql(FORGET_ROSTERS).bind(person)).await?;
        let erased = Erased {
            installations: self
                .delete("DELETE FROM installations WHERE organisation = $1 AND person = $2", person)
                .await?,
            sessions: self.delete("DELETE FROM sessions WHERE organisation = $1 AND person = $2", person).await?,
            sign_ins: self.delete("DELETE FROM sign_ins WHERE organisation = $1 AND person = $2", person).await?,
            grants: self.delete("DELETE FROM grants WHERE organisation = $1 AND person = $2", person).await?,
            views: self.delete("DELETE FROM views WHERE organisation = $1 AND person = $2", person).await?
                + self.delete("DELETE FROM recents WHERE organisation = $1 AND person = $2", person).await?
                + self.delete("DELETE FROM series WHERE organisation = $1 AND person = $2", person).await?,
            drafts: self.delete("DELETE FROM drafts WHERE organisation = $1 AND person = $2", person).await?,
            writes: self.delete("DELETE FROM writes WHERE organisation = $1 AND person = $2", person).await?,
            participants: self
                .delete("DELETE FROM participants WHERE organisation = $1 AND person = $2", person)
                .await?,
            meetings: self.delete(FORGET_HOST, person).await?,
            recognitions: self
                .delete("DELETE FROM invitations WHERE organisation = $1 AND person = $2", person)
                .await?
                + self
                    .delete("DELETE FROM brought_invitations WHERE organisation = $1 AND person = $2", person)
                    .await?
                + self.delete("DELETE FROM ticks WHERE organisation = $1 AND person = $2", person).await?
                + self.delete("DELETE FROM corrections WHERE organisation = $1 AND person = $2", person).await?
                + self.delete(FORGET_ASKER, person).await?,
            events: self.delete_events(person).await?,
            audit_payloads: self.delete(ERASE_BY_ACTOR, person).await? + self.delete(ERASE_BY_OBJECT, person).await?,
        };
        Ok(erased)
    }

    async fn delete_events(&mut self, person: &PersonKey) -> Result<u64, Error> {
        let delete = sql("DELETE FROM events WHERE organisation = $1 AND audience = $2");
        self.unit.run(delete.bind(Audience::Person(*person).to_string())).await
    }

    async fn delete(&mut self, statement: &'static str, person: &PersonKey) -> Result<u64, Error> {
        self.unit.run(sql(statement).bind(person)).await
    }
}

/// Rosters that some server has in memory do not count any more.
const FORGET_ROSTERS: &str = "UPDATE meetings SET roster_stamp = NULL WHERE organisation = $1 AND uuid IN \
    (SELECT meeting FROM participants WHERE organisation = $1 AND person = $2)";
const FORGET_HOST: &str =
    "UPDATE meetings SET host_sealed = NULL, host_person = NULL WHERE organisation = $1 AND host_person = $2";
// That the guests were asked stays, so that nobody asks them again.
const FORGET_ASKER: &str = "UPDATE inquiries SET person = NULL, asker_sealed = NULL, told_sealed = NULL \
    WHERE organisation = $1 AND person = $2";
const ERASE_BY_ACTOR: &str = "DELETE FROM audit_payloads WHERE organisation = $1 AND seq IN \
    (SELECT seq FROM audit WHERE organisation = $1 AND actor = $2)";
const ERASE_BY_OBJECT: &str = "DELETE FROM audit_payloads WHERE organisation = $1 AND seq IN \
    (SELECT seq FROM audit WHERE organisation = $1 AND object = $2 AND action NOT LIKE 'erased.%')";
