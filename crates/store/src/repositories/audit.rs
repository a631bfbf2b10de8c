//! The audit log: who did what to what. Each row carries a keyed digest of itself and of the row before, so that a row that was changed,
//! inserted or taken out shows. What was said about an action stands apart and can be erased without breaking the chain.

use sidelight_domain::Timestamp;

use super::repository;
use crate::logs::{AuditLine, PAYLOAD, PendingAudit};
use crate::organisations::NO_DIGEST;
use crate::statement::{Row, sql};
use crate::{Digest, Error, PersonKey, Unit};

repository! {
    /// The audit log.
    Audit
}

/// How many rows are verified at once.
const PAGE: u32 = 1_000;

/// The end of the log at some moment. Kept and signed outside the database, it shows later whether the log was cut or rewritten.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditHead {
    /// How many rows there were.
    pub seq: u64,
    /// The digest of the last one.
    pub digest: Digest,
}

/// The first row that is not as it was written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BrokenAudit {
    /// Its number.
    pub seq: u64,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// What a verification found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditReport {
    /// How many rows are as they were written, up to the first that is not.
    pub intact: u64,
    /// How many of them had their payload erased.
    pub erased: u64,
    /// The first row that is not as it was written.
    pub broken: Option<BrokenAudit>,
}

/// One row of the log, for whoever asks what happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditEntry {
    /// Its number.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What was done.
    pub action: String,
    /// What was said about it, as JSON; `None` once that was erased.
    pub payload: Option<String>,
}

impl Audit<'_> {
    /// Notes that `actor`, or the system, did `action` to `object`; written with the commit of the unit.
    ///
    /// `action` is a word of ours such as `draft.save`, `object` an id. Everything personal belongs into `payload`, which is sealed
    /// and can be erased.
    pub fn add(
        &mut self,
        actor: Option<&PersonKey>,
        action: &str,
        object: impl std::fmt::Display,
        payload: impl Into<String>,
    ) {
        let (actor, action) = (actor.copied(), action.to_owned());
        self.unit.pending.audit.push(PendingAudit {
            actor,
            action,
            object: object.to_string(),
            payload: payload.into(),
        });
    }

    /// What was done to `object`, oldest first.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn about(&mut self, object: impl std::fmt::Display) -> Result<Vec<AuditEntry>, Error> {
        let select = sql("SELECT a.seq, a.at, a.action, p.payload_sealed \
             FROM audit a LEFT JOIN audit_payloads p ON p.organisation = a.organisation AND p.seq = a.seq \
             WHERE a.organisation = $1 AND a.object = $2 ORDER BY a.seq LIMIT $3")
        .bind(object.to_string())
        .bind(PAGE);
        let rows = self.unit.all(select).await?;
        let entry = |row: &Row| {
            let seq: u64 = row.get("seq")?;
            let payload = self.unit.open_some(row, PAYLOAD, &seq)?;
            let payload = payload.map(|salted| Unit::unsalted(&salted).to_owned());
            Ok(AuditEntry { seq, at: row.get("at")?, action: row.get("action")?, payload })
        };
        rows.iter().map(entry).collect()
    }

    /// The end of the log.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn head(&mut self) -> Result<AuditHead, Error> {
        let organisation = self.unit.organisation();
        let select = sql("SELECT audit_seq, audit_digest FROM heads WHERE organisation = $1");
        let row = self.unit.one(select).await?.ok_or(Error::UnknownOrganisation(organisation))?;
        Ok(AuditHead { seq: row.get("audit_seq")?, digest: row.get("audit_digest")? })
    }

    /// Reads the whole log and compares it with itself, with its end and with earlier ends that were kept elsewhere.
    ///
    /// # Errors
    /// [`Error`] if it cannot be read; a log that was tampered with is a report, not an error.
    pub async fn verify(&mut self, kept: &[AuditHead]) -> Result<AuditReport, Error> {
        let head = self.head().await?;
        let mut report = AuditReport { intact: 0, erased: 0, broken: None };
        let mut last = NO_DIGEST;
        loop {
            let rows = self.page(report.intact).await?;
            for row in &rows {
                match self.check(row, report.intact + 1, last, kept) {
                    Ok(line) => {
                        last = line.digest;
                        report.intact += 1;
                        report.erased += u64::from(line.is_erased);
                    }
                    Err(reason) => return Ok(report.broken_by(reason)),
                }
            }
            if rows.is_empty() {
                break;
            }
        }
        let is_whole = head.seq == report.intact && head.digest == last && kept.iter().all(|kept| kept.seq <= head.seq);
        Ok(if is_whole { report } else { report.broken_by("the end of the log is missing") })
    }

    async fn page(&mut self, after: u64) -> Result<Vec<Row>, Error> {
        let select =
            sql("SELECT a.seq, a.id, a.at, a.actor, a.action, a.object, a.payload_digest, a.digest, p.payload_sealed \
             FROM audit a LEFT JOIN audit_payloads p ON p.organisation = a.organisation AND p.seq = a.seq \
             WHERE a.organisation = $1 AND a.seq > $2 ORDER BY a.seq LIMIT $3")
            .bind(after)
            .bind(PAGE);
        self.unit.all(select).await
    }

    fn check(&self, row: &Row, seq: u64, previous: Digest, kept: &[AuditHead]) -> Result<CheckedLine, &'static str> {
        let stored = StoredLine::read(row).map_err(|_| "the row cannot be read")?;
        if stored.seq != seq {
            return Err("a row is missing");
        }
        if self.unit.line_digest(&stored.as_line(previous)) != stored.digest {
            return Err("the row was changed, or one before it");
        }
        if kept.iter().any(|kept| kept.seq == seq && kept.digest != stored.digest) {
            return Err("the log was rewritten since its end was kept");
        }
        let payload = self.unit.open_some(row, PAYLOAD, &seq).map_err(|_| "the payload was changed")?;
        if payload.as_ref().is_some_and(|payload| self.unit.payload_digest(payload) != stored.payload_digest) {
            return Err("the payload was changed");
        }
        Ok(CheckedLine { digest: stored.digest, is_erased: payload.is_none() })
    }
}

impl AuditReport {
    fn broken_by(self, reason: &'static str) -> Self {
        Self { broken: Some(BrokenAudit { seq: self.intact + 1, reason }), ..self }
    }
}

struct StoredLine {
    seq: u64,
    id: String,
    at: Timestamp,
    actor: Option<String>,
    action: String,
    object: String,
    payload_digest: Digest,
    digest: Digest,
}

impl StoredLine {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            seq: row.get("seq")?,
            id: row.get("id")?,
            at: row.get("at")?,
            actor: row.get("actor")?,
            action: row.get("action")?,
            object: row.get("object")?,
            payload_digest: row.get("payload_digest")?,
            digest: row.get("digest")?,
        })
    }

    fn as_line(&self, previous: Digest) -> AuditLine<'_> {
        AuditLine {
            previous,
            seq: self.seq,
            id: &self.id,
            at: self.at,
            actor: self.actor.as_deref(),
            action: &self.action,
            object: &self.object,
            payload_digest: self.payload_digest,
        }
    }
}

struct CheckedLine {
    digest: Digest,
    is_erased: bool,
}
