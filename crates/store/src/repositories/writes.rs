//! The outbox: writes on their way to Gainsight (design 4.5).
//!
//! `due_at` says when somebody should take the write up: the next try of a queued one, or the moment at which the sender of a
//! claimed one counts as dead. It is empty while nobody may send it. `tries` counts the claims, so a sender whose claim was taken
//! over cannot overwrite what the new one found.

use std::time::Duration;

use sidelight_domain::Timestamp;
use sidelight_domain::ids::{ExternalId, MeetingUuid, SessionId, TenantKey, WriteId};

use super::repository;
use super::write_state::WriteState;
use crate::debug::debug_by_ids;
use crate::keys::Column;
use crate::statement::{Row, Statement, sql};
use crate::{Digest, Error, PersonKey, Unit};

const PAYLOAD: Column = Column::new("writes.payload_sealed");
const ANSWER: Column = Column::new("writes.answer_sealed");
const COLUMNS: &str = "id, person, session, tenant, meeting, external_id, payload_sealed, state, decided, tries, in_doubt, \
    due_at, answer_sealed, stored_at, settled_at";

repository! {
    /// Writes on their way to Gainsight.
    Writes
}

/// One write.
#[derive(Clone, Eq, PartialEq)]
pub struct Write {
    /// Which one.
    pub id: WriteId,
    /// Its author.
    pub person: PersonKey,
    /// The session it was made in, if it still matters.
    pub session: Option<SessionId>,
    /// The tenant it goes to.
    pub tenant: TenantKey,
    /// The meeting it was made in, if any.
    pub meeting: Option<MeetingUuid>,
    /// Our mark on it in Gainsight.
    pub external_id: ExternalId,
    /// What to send, as JSON; empty once discarded.
    pub payload: String,
    /// How far it is.
    pub state: WriteState,
    /// What its author chose at a logout while it was being sent; that try is its last, unless it succeeds.
    pub decided: Option<WriteState>,
    /// How often it was taken up.
    pub tries: u32,
    /// Whether a try may have reached Gainsight without an answer, so that it may be there. Settling stores it.
    pub in_doubt: bool,
    /// When it is tried next, or when its sender counts as dead.
    pub due_at: Option<Timestamp>,
    /// What Gainsight last said, as JSON.
    pub answer: Option<String>,
    /// When it was stored.
    pub stored_at: Timestamp,
    /// When it came to rest: anything but queued or being sent.
    pub settled_at: Option<Timestamp>,
}

debug_by_ids!(Write {
    id,
    person,
    tenant,
    meeting,
    external_id,
    state,
    decided,
    tries,
    in_doubt,
    due_at,
    stored_at,
    settled_at
});

/// What a new write is made of.
pub struct NewWrite<'a> {
    /// Its author.
    pub person: PersonKey,
    /// The session it is made in.
    pub session: Option<SessionId>,
    /// The tenant it goes to.
    pub tenant: &'a TenantKey,
    /// The meeting it is made in.
    pub meeting: Option<&'a MeetingUuid>,
    /// The digest of the caller's idempotency key.
    pub key: Digest,
    /// What to send, as JSON.
    pub payload: &'a str,
    /// The mark under which the same note may be in Gainsight already; a new one if there is none.
    pub continues: Option<&'a ExternalId>,
}

debug_by_ids!(NewWrite<'_> { person, tenant, meeting });

/// What became of storing a write.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Added {
    /// It is stored and claimed by the caller, who should send it now.
    New(Write),
    /// The same author stored one under this key before: this.
    Known(Write),
}

impl Writes<'_> {
    /// Stores a write, once per author and key, and claims it for `hold`: whoever stores it sends it, and a job takes it up if he
    /// has not settled it by then.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn add(&mut self, new: NewWrite<'_>, hold: Duration) -> Result<Added, Error> {
        let id = WriteId::new(self.unit.uuid());
        let stored_at = self.unit.now();
        let insert =
            sql("INSERT INTO writes (organisation, id, person, session, tenant, meeting, key_digest, external_id, \
             payload_sealed, state, tries, in_doubt, due_at, stored_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $13) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(new.person)
            .bind(new.session)
            .bind(new.tenant)
            .bind(new.meeting)
            .bind(new.key)
            .bind(new.continues.unwrap_or(&ExternalId::of_write(id)))
            .bind(self.unit.seal(PAYLOAD, &id, new.payload)?)
            .bind(WriteState::Sending)
            .bind(new.continues.is_some())
            .bind(stored_at.after(hold))
            .bind(stored_at);
        let is_new = self.unit.run(insert).await? > 0;
        let stored = self.find_by_key(&new.person, &new.key).await?;
        let stored = stored.ok_or_else(|| Error::Unreadable { column: "writes.key_digest".to_owned() })?;
        Ok(if is_new { Added::New(stored) } else { Added::Known(stored) })
    }

    /// A write, whoever its author is: for jobs.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(&mut self, id: WriteId) -> Result<Option<Write>, Error> {
        let select = format!("SELECT {COLUMNS} FROM writes WHERE organisation = $1 AND id = $2");
        self.fetch(sql(select).bind(id).locking()).await
    }

    /// A write of this person.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find_of(&mut self, person: &PersonKey, id: WriteId) -> Result<Option<Write>, Error> {
        Ok(self.find(id).await?.filter(|write| write.person == *person))
    }

    /// The write that this person stored under a key.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find_by_key(&mut self, person: &PersonKey, key: &Digest) -> Result<Option<Write>, Error> {
        let select =
            format!("SELECT {COLUMNS} FROM writes WHERE organisation = $1 AND person = $2 AND key_digest = $3");
        self.fetch(sql(select).bind(person).bind(key).locking()).await
    }

    /// The writes of a person that are neither done nor discarded, the latest first.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list_open(&mut self, person: &PersonKey) -> Result<Vec<Write>, Error> {
        let select = format!(
            "SELECT {COLUMNS} FROM writes WHERE organisation = $1 AND person = $2 \
             AND state <> 'done' AND state <> 'discarded' ORDER BY stored_at DESC, id DESC"
        );
        self.fetch_all(sql(select).bind(person)).await
    }

    /// The meetings of which a person has written something down since, sent or still on its way.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list_meetings(&mut self, person: &PersonKey, since: Timestamp) -> Result<Vec<MeetingUuid>, Error> {
        let select = sql("SELECT meeting FROM writes WHERE organisation = $1 AND person = $2 AND stored_at >= $3 \
             AND meeting IS NOT NULL AND state <> 'discarded'")
        .bind(person)
        .bind(since);
        let rows = self.unit.all(select).await?;
        rows.iter().map(|row| row.get("meeting")).collect()
    }

    /// The tenants for which a write is due.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list_due_tenants(&mut self) -> Result<Vec<TenantKey>, Error> {
        let select = sql("SELECT DISTINCT tenant FROM writes WHERE organisation = $1 AND due_at <= $2 ORDER BY tenant")
            .bind(self.unit.now());
        self.unit.all(select).await?.iter().map(|row| row.get("tenant")).collect()
    }

    /// Claims up to `limit` writes to a tenant that are due, each for `hold`. No two callers get the same one. Of a sender who died
    /// nobody knows whether he had sent his.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn claim_due(&mut self, tenant: &TenantKey, limit: u32, hold: Duration) -> Result<Vec<Write>, Error> {
        let now = self.unit.now();
        let claim = self.unit.engine().row_claim();
        // Not a plain sub-select: PostgreSQL may run one anew for each row, and each time another `limit` rows are unlocked.
        let update = format!(
            "WITH due AS MATERIALIZED (SELECT id FROM writes WHERE organisation = $1 AND tenant = $5 AND due_at <= $2 \
             ORDER BY due_at LIMIT $4{claim}) UPDATE writes SET state = 'sending', tries = tries + 1, due_at = $3, \
             in_doubt = CASE state WHEN 'sending' THEN 1 ELSE in_doubt END \
             WHERE organisation = $1 AND id IN (SELECT id FROM due) RETURNING {COLUMNS}"
        );
        self.fetch_all(sql(update).bind(now).bind(now.after(hold)).bind(limit).bind(tenant).upkeep()).await
    }

    /// Claims one write for `hold`, unless it is done, discarded, or being sent by somebody else. Whoever does that wants it sent,
    /// whatever he chose before.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn claim(&mut self, id: WriteId, hold: Duration) -> Result<Option<Write>, Error> {
        let now = self.unit.now();
        let update = format!(
            "UPDATE writes SET state = 'sending', tries = tries + 1, due_at = $3, settled_at = NULL, decided = NULL, \
             in_doubt = CASE state WHEN 'sending' THEN 1 ELSE in_doubt END \
             WHERE organisation = $1 AND id = $2 AND state <> 'done' AND state <> 'discarded' \
             AND (state <> 'sending' OR due_at <= $4) RETURNING {COLUMNS}"
        );
        self.fetch(sql(update).bind(id).bind(now.after(hold)).bind(now).upkeep()).await
    }

    /// Writes down how sending a claimed write ended: [`WriteState::Done`], `Refused` or `NeedsSignIn`. Gives back how it stands now,
    /// which is what its author chose at a logout meanwhile, unless it is done. `None` if somebody else has taken it up since: then a
    /// refusal does not count, but what is in Gainsight is in Gainsight.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn settle(
        &mut self,
        claimed: &Write,
        state: WriteState,
        answer: Option<&str>,
    ) -> Result<Option<WriteState>, Error> {
        let update = if state == WriteState::Done {
            "UPDATE writes SET state = $3, decided = NULL, in_doubt = $4, due_at = NULL, answer_sealed = $5, \
             settled_at = $6 WHERE organisation = $1 AND id = $2 AND state <> 'done' RETURNING state"
        } else {
            "UPDATE writes SET state = COALESCE(decided, $3), decided = NULL, in_doubt = $4, due_at = NULL, \
             answer_sealed = $5, settled_at = $6 \
             WHERE organisation = $1 AND id = $2 AND state = 'sending' AND tries = $7 RETURNING state"
        };
        let mut update = sql(update)
            .bind(claimed.id)
            .bind(state)
            .bind(claimed.in_doubt)
            .bind(self.unit.seal_some(ANSWER, &claimed.id, answer)?)
            .bind(self.unit.now());
        if state != WriteState::Done {
            update = update.bind(claimed.tries);
        }
        let Some(row) = self.unit.one(update).await? else { return Ok(None) };
        let state = row.get("state")?;
        if state == WriteState::Discarded {
            let forget =
                "UPDATE writes SET payload_sealed = NULL, answer_sealed = NULL WHERE organisation = $1 AND id = $2";
            self.unit.run(sql(forget).bind(claimed.id)).await?;
        }
        Ok(Some(state))
    }

    /// Gives a claimed write back, to be tried again at `due_at`, or to be kept or forgotten if its author chose that at a logout
    /// meanwhile. Gives back how it stands now; `None` if the claim stood no longer.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn retry_later(
        &mut self,
        claimed: &Write,
        due_at: Timestamp,
        answer: Option<&str>,
    ) -> Result<Option<WriteState>, Error> {
        let update = sql("UPDATE writes SET state = 'queued', in_doubt = $3, due_at = $4, answer_sealed = $5 \
             WHERE organisation = $1 AND id = $2 AND state = 'sending' AND tries = $6 AND decided IS NULL")
        .bind(claimed.id)
        .bind(claimed.in_doubt)
        .bind(due_at)
        .bind(self.unit.seal_some(ANSWER, &claimed.id, answer)?)
        .bind(claimed.tries)
        .upkeep();
        if self.unit.run(update).await? > 0 {
            return Ok(Some(WriteState::Queued));
        }
        self.settle(claimed, WriteState::Kept, answer).await
    }

    /// Forgets what a write of this person says, unless it is done or being sent; tells whether it was.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn discard(&mut self, person: &PersonKey, id: WriteId) -> Result<bool, Error> {
        let update =
            sql("UPDATE writes SET state = 'discarded', due_at = NULL, payload_sealed = NULL, answer_sealed = NULL, \
             settled_at = $4 WHERE organisation = $1 AND id = $2 AND person = $3 \
             AND state <> 'done' AND state <> 'discarded' AND state <> 'sending'")
            .bind(id)
            .bind(person)
            .bind(self.unit.now());
        Ok(self.unit.run(update).await? > 0)
    }

    /// Parks the queued writes of a person until he signs in to the tenant again; tells how many.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn needs_sign_in(&mut self, person: &PersonKey, tenant: &TenantKey) -> Result<u64, Error> {
        let update = sql("UPDATE writes SET state = 'needs_sign_in', due_at = NULL, settled_at = $4 \
             WHERE organisation = $1 AND person = $2 AND tenant = $3 AND state = 'queued'")
        .bind(person)
        .bind(tenant)
        .bind(self.unit.now());
        self.unit.run(update).await
    }

    /// Queues the parked writes of a person who has signed in again; tells how many. Those he kept at a logout stay his to decide.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn revive(&mut self, person: &PersonKey, tenant: &TenantKey) -> Result<u64, Error> {
        // What is being sent is named too, unchanged: if its sender is parking it right now, this waits and sees it parked.
        let update = sql("UPDATE writes SET due_at = CASE state WHEN 'sending' THEN due_at ELSE $4 END, \
             settled_at = NULL, state = CASE state WHEN 'sending' THEN state ELSE 'queued' END \
             WHERE organisation = $1 AND person = $2 AND tenant = $3 AND state IN ('needs_sign_in', 'sending') \
             RETURNING state, decided")
        .bind(person)
        .bind(tenant)
        .bind(self.unit.now());
        self.count(update, WriteState::Queued).await
    }

    /// At a logout, keeps what has not been sent; tells how many. What is being sent is kept if that fails.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn keep_all(&mut self, person: &PersonKey) -> Result<u64, Error> {
        // One statement: a write whose try ends at this moment is met in the one state or the other.
        let update = sql("UPDATE writes SET decided = CASE state WHEN 'sending' THEN 'kept' END, \
             due_at = CASE state WHEN 'sending' THEN due_at END, \
             settled_at = CASE state WHEN 'sending' THEN settled_at ELSE $3 END, \
             state = CASE state WHEN 'sending' THEN state ELSE 'kept' END \
             WHERE organisation = $1 AND person = $2 AND state IN ('queued', 'needs_sign_in', 'sending') \
             RETURNING state, decided")
        .bind(person)
        .bind(self.unit.now());
        self.count(update, WriteState::Kept).await
    }

    /// At a logout, forgets what has not been sent; tells how many. What is being sent is forgotten if that fails.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn discard_all(&mut self, person: &PersonKey) -> Result<u64, Error> {
        let update = sql("UPDATE writes SET decided = CASE state WHEN 'sending' THEN 'discarded' END, \
             due_at = CASE state WHEN 'sending' THEN due_at END, \
             payload_sealed = CASE state WHEN 'sending' THEN payload_sealed END, \
             answer_sealed = CASE state WHEN 'sending' THEN answer_sealed END, \
             settled_at = CASE state WHEN 'sending' THEN settled_at ELSE $3 END, \
             state = CASE state WHEN 'sending' THEN state ELSE 'discarded' END \
             WHERE organisation = $1 AND person = $2 AND state <> 'done' AND state <> 'discarded' \
             RETURNING state, decided")
        .bind(person)
        .bind(self.unit.now());
        self.count(update, WriteState::Discarded).await
    }

    /// How many of the changed rows are in a state now, or will be.
    async fn count(&mut self, update: Statement, state: WriteState) -> Result<u64, Error> {
        let mut count = 0;
        for row in self.unit.all(update).await? {
            let (now, then) = (row.get::<WriteState>("state")?, row.get::<Option<WriteState>>("decided")?);
            count += u64::from(then.unwrap_or(now) == state);
        }
        Ok(count)
    }

    async fn fetch(&mut self, statement: Statement) -> Result<Option<Write>, Error> {
        let row = self.unit.one(statement).await?;
        row.map(|row| write(self.unit, &row)).transpose()
    }

    async fn fetch_all(&mut self, statement: Statement) -> Result<Vec<Write>, Error> {
        let rows = self.unit.all(statement).await?;
        rows.iter().map(|row| write(self.unit, row)).collect()
    }
}

fn write(unit: &Unit, row: &Row) -> Result<Write, Error> {
    let id: WriteId = row.get("id")?;
    Ok(Write {
        id,
        person: row.get("person")?,
        session: row.get("session")?,
        tenant: row.get("tenant")?,
        meeting: row.get("meeting")?,
        external_id: row.get("external_id")?,
        payload: unit.open_some(row, PAYLOAD, &id)?.unwrap_or_default(),
        state: row.get("state")?,
        decided: row.get("decided")?,
        tries: row.get("tries")?,
        in_doubt: row.get("in_doubt")?,
        due_at: row.get("due_at")?,
        answer: unit.open_some(row, ANSWER, &id)?,
        stored_at: row.get("stored_at")?,
        settled_at: row.get("settled_at")?,
    })
}
