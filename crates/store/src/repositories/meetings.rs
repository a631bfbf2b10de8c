//! Meetings and who is in them. Facts come late, doubled and out of order (`zoom.md` 6.3), so they are merged, never just stored.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;
use sidelight_domain::ids::{MeetingNumber, MeetingUuid, ParticipantId, ZoomUserId};
use sidelight_domain::roster::{Participant, Roster};
use sidelight_domain::{MeetingKind, Timestamp};

use super::repository;
use crate::debug::debug_by_ids;
use crate::keys::Column;
use crate::statement::{Row, listing, sql};
use crate::{Error, PersonKey, Unit};

const TOPIC: Column = Column::new("meetings.topic_sealed");
const HOST: Column = Column::new("meetings.host_sealed");
const DETAIL: Column = Column::new("participants.detail_sealed");

repository! {
    /// Meetings and who is in them.
    Meetings
}

/// One instance of a meeting, as far as it is known.
#[derive(Clone, Eq, PartialEq)]
pub struct Meeting {
    /// Which one.
    pub uuid: MeetingUuid,
    /// The number people dial.
    pub number: Option<MeetingNumber>,
    /// Whether it is one of a series.
    pub kind: Option<MeetingKind>,
    /// Its topic.
    pub topic: Option<String>,
    /// Its host.
    pub host: Option<ZoomUserId>,
    /// When it began, as early as anybody saw it.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// When the host's webhooks began to reach us.
    pub host_reported_at: Option<Timestamp>,
}

debug_by_ids!(Meeting { uuid, started_at, ended_at, host_reported_at });

/// What somebody saw of a meeting. What he did not see stays as it is.
#[derive(Clone)]
pub struct SeenMeeting {
    /// Which one.
    pub uuid: MeetingUuid,
    /// The number people dial.
    pub number: Option<MeetingNumber>,
    /// Whether it is one of a series.
    pub kind: Option<MeetingKind>,
    /// Its topic.
    pub topic: Option<String>,
    /// Its host.
    pub host: Option<ZoomUserId>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whether the host's webhook told this.
    pub by_host: bool,
}

debug_by_ids!(SeenMeeting { uuid, started_at, ended_at, by_host });

impl SeenMeeting {
    /// That there is such a meeting, and nothing else.
    #[must_use]
    pub const fn new(uuid: MeetingUuid) -> Self {
        Self {
            uuid,
            number: None,
            kind: None,
            topic: None,
            host: None,
            started_at: None,
            ended_at: None,
            by_host: false,
        }
    }
}

impl Meeting {
    fn unseen(uuid: MeetingUuid) -> Self {
        Self {
            uuid,
            number: None,
            kind: None,
            topic: None,
            host: None,
            started_at: None,
            ended_at: None,
            host_reported_at: None,
        }
    }

    /// Adds what was seen: a meeting that ended never goes on, and it began when somebody first saw it.
    fn learn(&mut self, seen: SeenMeeting, now: Timestamp) {
        self.number = self.number.take().or(seen.number);
        self.kind = self.kind.or(seen.kind);
        self.topic = seen.topic.or_else(|| self.topic.take());
        self.host = seen.host.or_else(|| self.host.take());
        self.started_at = [self.started_at, seen.started_at].into_iter().flatten().min();
        self.ended_at = self.ended_at.or(seen.ended_at);
        self.host_reported_at = self.host_reported_at.or_else(|| seen.by_host.then_some(now));
    }
}

impl Meetings<'_> {
    /// Adds what was seen of a meeting; gives what is known now, and whether any of it is news.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn observe(&mut self, seen: SeenMeeting) -> Result<(Meeting, bool), Error> {
        let now = self.unit.now();
        let insert =
            sql("INSERT INTO meetings (organisation, uuid, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
                .bind(&seen.uuid)
                .bind(now);
        let is_new = self.unit.run(insert).await? > 0;
        let before = self.find(&seen.uuid).await?.unwrap_or_else(|| Meeting::unseen(seen.uuid.clone()));
        let mut meeting = before.clone();
        meeting.learn(seen, now);
        self.save(&meeting).await?;
        let is_news = is_new || meeting != before;
        Ok((meeting, is_news))
    }

    async fn save(&mut self, meeting: &Meeting) -> Result<(), Error> {
        let unit = &mut *self.unit;
        let update = sql("UPDATE meetings SET number = $3, topic_sealed = $4, host_sealed = $5, host_person = $6, \
             started_at = $7, ended_at = $8, host_reported_at = $9, seen_at = $10, kind = $11 WHERE organisation = $1 AND uuid = $2")
        .bind(&meeting.uuid)
        .bind(meeting.number.as_ref())
        .bind(unit.seal_some(TOPIC, &meeting.uuid, meeting.topic.as_ref())?)
        .bind(unit.seal_some(HOST, &meeting.uuid, meeting.host.as_ref().map(ZoomUserId::as_str))?)
        .bind(meeting.host.as_ref().map(|host| unit.person_key(host)))
        .bind(meeting.started_at)
        .bind(meeting.ended_at)
        .bind(meeting.host_reported_at)
        .bind(unit.now())
        .bind(meeting.kind.and_then(MeetingKind::number));
        unit.run(update).await.map(drop)
    }

    /// A meeting.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(&mut self, uuid: &MeetingUuid) -> Result<Option<Meeting>, Error> {
        let select =
            sql("SELECT uuid, number, kind, topic_sealed, host_sealed, started_at, ended_at, host_reported_at \
             FROM meetings WHERE organisation = $1 AND uuid = $2")
            .bind(uuid)
            .locking();
        let row = self.unit.one(select).await?;
        row.map(|row| meeting(self.unit, &row)).transpose()
    }

    /// The meetings that a person hosted, was seen in or chose something in, as long as anything was seen of them since; each with when
    /// that was. The latest come first.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list_of(
        &mut self,
        person: &PersonKey,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<(Meeting, Timestamp)>, Error> {
        let select = "SELECT uuid, number, kind, topic_sealed, host_sealed, started_at, ended_at, host_reported_at, seen_at \
             FROM meetings WHERE organisation = $1 AND seen_at >= $3 AND uuid IN (\
             SELECT uuid FROM meetings WHERE organisation = $1 AND host_person = $2 UNION \
             SELECT meeting FROM participants WHERE organisation = $1 AND person = $2 UNION \
             SELECT meeting FROM views WHERE organisation = $1 AND person = $2) ORDER BY seen_at DESC LIMIT $4";
        let rows = self.unit.all(sql(select).bind(person).bind(since).bind(limit)).await?;
        rows.iter().map(|row| Ok((meeting(self.unit, row)?, row.get("seen_at")?))).collect()
    }

    /// Whether a person hosted a meeting, was seen in it, or has something of his own there.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn concerns(&mut self, person: &PersonKey, uuid: &MeetingUuid) -> Result<bool, Error> {
        let select = "SELECT uuid FROM meetings WHERE organisation = $1 AND uuid = $3 AND host_person = $2 UNION ALL \
             SELECT meeting FROM participants WHERE organisation = $1 AND meeting = $3 AND person = $2 UNION ALL \
             SELECT meeting FROM views WHERE organisation = $1 AND person = $2 AND meeting = $3 UNION ALL \
             SELECT meeting FROM drafts WHERE organisation = $1 AND person = $2 AND meeting = $3";
        Ok(!self.unit.all(sql(select).bind(person).bind(uuid)).await?.is_empty())
    }

    /// Everybody who was ever seen in a meeting. In a unit opened for writing the meeting is locked first, so that what is changed and
    /// saved is what everybody else sees.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn roster(&mut self, meeting: &MeetingUuid) -> Result<Arc<Roster>, Error> {
        let lock = "SELECT roster_stamp FROM meetings WHERE organisation = $1 AND uuid = $2";
        let Some(row) = self.unit.one(sql(lock).bind(meeting).locking()).await? else { return Ok(Arc::default()) };
        let Some(stamp) = row.get::<Option<String>>("roster_stamp")? else {
            return self.stored_roster(meeting).await.map(Arc::new);
        };
        let organisation = self.unit.organisation();
        if let Some(roster) = self.unit.rosters().find(organisation, meeting, &stamp).await {
            return Ok(roster);
        }
        let roster = Arc::new(self.stored_roster(meeting).await?);
        self.unit.rosters().keep(organisation, meeting.clone(), stamp, Arc::clone(&roster)).await;
        Ok(roster)
    }

    async fn stored_roster(&mut self, meeting: &MeetingUuid) -> Result<Roster, Error> {
        let engine = self.unit.engine();
        let columns = engine.pick("place, id, hex(detail_sealed)", "place, id, encode(detail_sealed, 'hex')");
        let select = listing(engine, columns, "FROM participants WHERE organisation = $1 AND meeting = $2");
        let mut rows: Vec<(u64, ParticipantId, String)> = self.unit.list(select.bind(meeting)).await?;
        rows.sort_unstable_by_key(|(place, ..)| *place);
        let participants = rows.iter().map(|(_, id, sealed)| participant(self.unit, meeting, *id, sealed));
        Ok(Roster { participants: participants.collect::<Result<_, _>>()? })
    }

    /// Stores those participants of a roster that `changed`, in one statement. The meeting must have been observed before.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn save_roster(
        &mut self,
        meeting: &MeetingUuid,
        roster: &Roster,
        changed: &BTreeSet<ParticipantId>,
    ) -> Result<(), Error> {
        let rows = self.changed_rows(meeting, roster, changed)?;
        // One JSON text instead of thousands of bound values: five times as fast on SQLite.
        let source = self.unit.engine().pick(
            "SELECT $1, $2, value ->> 'id', value ->> 'place', value ->> 'person', unhex(value ->> 'detail') \
             FROM json_each($3) WHERE true",
            "SELECT $1, $2, r.id, r.place, r.person, decode(r.detail, 'hex') \
             FROM jsonb_to_recordset(CAST($3 AS jsonb)) AS r (id TEXT, place BIGINT, person TEXT, detail TEXT)",
        );
        let upsert = format!(
            "INSERT INTO participants (organisation, meeting, id, place, person, detail_sealed) {source} \
             ON CONFLICT (organisation, meeting, id) DO UPDATE SET place = excluded.place, person = excluded.person, \
             detail_sealed = excluded.detail_sealed"
        );
        self.unit.run(sql(upsert).bind(meeting).bind(rows)).await?;
        let touch = sql("UPDATE meetings SET seen_at = $3, roster_stamp = $4 WHERE organisation = $1 AND uuid = $2");
        let (now, stamp) = (self.unit.now(), self.unit.uuid().to_string());
        self.unit.run(touch.bind(meeting).bind(now).bind(stamp)).await.map(drop)
    }

    fn changed_rows(
        &self,
        meeting: &MeetingUuid,
        roster: &Roster,
        changed: &BTreeSet<ParticipantId>,
    ) -> Result<String, Error> {
        let mut rows = Vec::new();
        for (place, participant) in roster.participants.iter().enumerate() {
            if !changed.contains(&participant.id) {
                continue;
            }
            let unreadable = |_| Error::Unreadable { column: DETAIL.as_str().to_owned() };
            let detail = serde_json::to_vec(participant).map_err(unreadable)?;
            let sealed = self.unit.seal(DETAIL, &detail_row(meeting, participant.id), detail)?;
            let person = participant.zoom_user.as_ref().map(|user| self.unit.person_key(user).to_string());
            rows.push(json!({"id": participant.id, "place": place, "person": person, "detail": hex::encode(&sealed)}));
        }
        Ok(serde_json::Value::Array(rows).to_string())
    }
}

/// Names the row of a participant: the id alone would let a value be moved to another meeting.
fn detail_row(meeting: &MeetingUuid, id: ParticipantId) -> String {
    format!("{meeting}/{id}")
}

fn meeting(unit: &Unit, row: &Row) -> Result<Meeting, Error> {
    let uuid: MeetingUuid = row.get("uuid")?;
    Ok(Meeting {
        number: row.get("number")?,
        kind: row.get::<Option<i64>>("kind")?.map(MeetingKind::of),
        topic: unit.open_some(row, TOPIC, &uuid)?,
        host: unit.open_some(row, HOST, &uuid)?.map(ZoomUserId::new),
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
        host_reported_at: row.get("host_reported_at")?,
        uuid,
    })
}

fn participant(unit: &Unit, meeting: &MeetingUuid, id: ParticipantId, sealed: &str) -> Result<Participant, Error> {
    let unreadable = || Error::Unreadable { column: DETAIL.as_str().to_owned() };
    let sealed = hex::decode(sealed).map_err(|_| unreadable())?;
    let detail = unit.opened(DETAIL, &detail_row(meeting, id), &sealed)?;
    serde_json::from_str(&detail).map_err(|_| unreadable())
}
