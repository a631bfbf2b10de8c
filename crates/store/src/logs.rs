//! The end of each unit: what was done goes into the audit log, who should look again into the event log.
//!
//! Both are numbered without gaps, in the order in which readers can see them. On PostgreSQL a sequence would not do: number 7 may be
//! committed before number 6, and a reader who has seen 7 never asks for 6 again. So the last number is a row (`heads`) that a
//! unit locks until it commits. It does so as its very last act, for the time of a few inserts, and always after all its other locks, so that two
//! units cannot wait for each other.

use std::mem;

use sidelight_domain::Timestamp;
use sidelight_domain::ids::AuditId;

use crate::engine::Engine;
use crate::keys::Column;
use crate::statement::sql;
use crate::{Digest, Error, PersonKey, Unit};

/// What a unit will append when it is committed.
#[derive(Default)]
pub(crate) struct Pending {
    pub(crate) events: Vec<PendingEvent>,
    pub(crate) audit: Vec<PendingAudit>,
}

pub(crate) struct PendingEvent {
    pub(crate) audience: String,
    pub(crate) payload: String,
}

pub(crate) struct PendingAudit {
    pub(crate) actor: Option<PersonKey>,
    pub(crate) action: String,
    pub(crate) object: String,
    pub(crate) payload: String,
}

/// Sixteen bytes, written as hexadecimal digits.
const SALT_DIGITS: usize = 32;

pub(crate) const PAYLOAD: Column = Column::new("audit_payloads.payload_sealed");

/// A row of the audit log as its digest sees it.
pub(crate) struct AuditLine<'a> {
    pub(crate) previous: Digest,
    pub(crate) seq: u64,
    pub(crate) id: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) actor: Option<&'a str>,
    pub(crate) action: &'a str,
    pub(crate) object: &'a str,
    pub(crate) payload_digest: Digest,
}

struct Head {
    event_seq: u64,
    audit_seq: u64,
    audit_digest: Digest,
}

impl Unit {
    /// Appends what is pending and returns the number of events.
    pub(crate) async fn append_logs(&mut self) -> Result<i64, Error> {
        let Pending { events, audit } = mem::take(&mut self.pending);
        if events.is_empty() && audit.is_empty() {
            return Ok(0);
        }
        let mut head = self.lock_head().await?;
        for entry in audit {
            self.append_audit(&mut head, entry).await?;
        }
        let mut count = 0;
        for event in events {
            count += 1;
            head.event_seq += 1;
            self.append_event(head.event_seq, event).await?;
        }
        let update = sql("UPDATE heads SET event_seq = $2, audit_seq = $3, audit_digest = $4 WHERE organisation = $1")
            .bind(head.event_seq)
            .bind(head.audit_seq)
            .bind(head.audit_digest);
        self.run(update).await?;
        if count > 0 && self.engine() == Engine::Postgres {
            let notify = "SELECT pg_notify('sidelight_events', $2) FROM heads WHERE organisation = $1";
            let notify = sql(notify).bind(self.instance());
            self.run(notify).await?;
        }
        Ok(count)
    }

    async fn lock_head(&mut self) -> Result<Head, Error> {
        let select = sql("SELECT event_seq, audit_seq, audit_digest FROM heads WHERE organisation = $1").locking();
        let organisation = self.organisation();
        let row = self.one(select).await?.ok_or(Error::UnknownOrganisation(organisation))?;
        Ok(Head {
            event_seq: row.get("event_seq")?,
            audit_seq: row.get("audit_seq")?,
            audit_digest: row.get("audit_digest")?,
        })
    }

    async fn append_event(&mut self, seq: u64, event: PendingEvent) -> Result<(), Error> {
        let insert = sql("INSERT INTO events (organisation, seq, audience, payload, at) VALUES ($1, $2, $3, $4, $5)")
            .bind(seq)
            .bind(event.audience)
            .bind(event.payload)
            .bind(self.now());
        self.run(insert).await.map(drop)
    }

    async fn append_audit(&mut self, head: &mut Head, entry: PendingAudit) -> Result<(), Error> {
        head.audit_seq += 1;
        let seq = head.audit_seq;
        let (id, actor, at) =
            (AuditId::new(self.uuid()).to_string(), entry.actor.map(|actor| actor.to_string()), self.now());
        let payload = self.salted(&entry.payload);
        let payload_digest = self.payload_digest(&payload);
        head.audit_digest = self.line_digest(&AuditLine {
            previous: head.audit_digest,
            seq,
            id: &id,
            at,
            actor: actor.as_deref(),
            action: &entry.action,
            object: &entry.object,
            payload_digest,
        });
        let insert =
            sql("INSERT INTO audit (organisation, seq, id, at, actor, action, object, payload_digest, digest) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(seq)
            .bind(id)
            .bind(at)
            .bind(actor)
            .bind(entry.action)
            .bind(entry.object)
            .bind(payload_digest)
            .bind(head.audit_digest);
        self.run(insert).await?;
        let sealed = self.seal(PAYLOAD, &seq, payload)?;
        let insert = "INSERT INTO audit_payloads (organisation, seq, payload_sealed) VALUES ($1, $2, $3)";
        self.run(sql(insert).bind(seq).bind(sealed)).await.map(drop)
    }

    /// Payloads are short and easily guessed. The salt goes when the payload is erased, and then the digest that stays behind confirms
    /// no guess, not even to somebody with the key.
    fn salted(&self, payload: &str) -> String {
        let mut salt = [0; 16];
        self.fill(&mut salt);
        let salt = u128::from_be_bytes(salt);
        format!("{salt:032x}{payload}")
    }

    /// A payload as it was before it was salted.
    pub(crate) fn unsalted(salted: &str) -> &str {
        salted.get(SALT_DIGITS..).unwrap_or_default()
    }

    pub(crate) fn payload_digest(&self, salted: &str) -> Digest {
        Digest::from_bytes(self.keys().audit_digest(&[b"payload", salted.as_bytes()]))
    }

    pub(crate) fn line_digest(&self, line: &AuditLine<'_>) -> Digest {
        Digest::from_bytes(self.keys().audit_digest(&[
            b"line",
            line.previous.as_bytes(),
            &line.seq.to_be_bytes(),
            line.id.as_bytes(),
            &line.at.as_millis().to_be_bytes(),
            &[u8::from(line.actor.is_some())],
            line.actor.unwrap_or_default().as_bytes(),
            line.action.as_bytes(),
            line.object.as_bytes(),
            line.payload_digest.as_bytes(),
        ]))
    }
}
