//! What a person chose: in each meeting, and lately.

use sidelight_domain::ids::MeetingUuid;
use sidelight_domain::{EntityRef, Timestamp};

use super::{place, repository};
use crate::debug::debug_by_ids;
use crate::keys::Column;
use crate::statement::{Row, sql};
use crate::{Error, PersonKey, Unit};

const CONTENT: Column = Column::new("views.content_sealed");
const NAME: Column = Column::new("recents.name_sealed");

/// How many entities are remembered for each person.
const MOST_RECENTS: u32 = 50;

repository! {
    /// What people chose.
    Views
}

/// A company or relationship that somebody chose.
#[derive(Clone, Eq, PartialEq)]
pub struct RecentEntity {
    /// Which one.
    pub entity: EntityRef,
    /// Its name at that time.
    pub name: String,
    /// When it was chosen last.
    pub chosen_at: Timestamp,
}

debug_by_ids!(RecentEntity { entity, chosen_at });

impl Views<'_> {
    /// What a person chose in a meeting, or outside of any, as JSON.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(&mut self, person: &PersonKey, meeting: Option<&MeetingUuid>) -> Result<Option<String>, Error> {
        let select = "SELECT content_sealed FROM views WHERE organisation = $1 AND person = $2 AND meeting = $3";
        let row = self.unit.one(sql(select).bind(person).bind(place(meeting)).locking()).await?;
        row.map(|row| self.unit.open(&row, CONTENT, &view_row(person, meeting))).transpose()
    }

    /// What everybody chose in a meeting.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list_in(&mut self, meeting: &MeetingUuid) -> Result<Vec<(PersonKey, String)>, Error> {
        let select = "SELECT person, content_sealed FROM views WHERE organisation = $1 AND meeting = $2";
        let rows = self.unit.all(sql(select).bind(meeting)).await?;
        let read = |row: &Row| {
            let person = row.get("person")?;
            Ok((person, self.unit.open(row, CONTENT, &view_row(&person, Some(meeting)))?))
        };
        rows.iter().map(read).collect()
    }

    /// What a person chose in each of these meetings.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list_of(
        &mut self,
        person: &PersonKey,
        meetings: &[MeetingUuid],
    ) -> Result<Vec<(MeetingUuid, String)>, Error> {
        let asked = self
            .unit
            .engine()
            .pick("SELECT value FROM json_each($3)", "SELECT jsonb_array_elements_text(CAST($3 AS jsonb))");
        let select = format!(
            "SELECT meeting, content_sealed FROM views WHERE organisation = $1 AND person = $2 AND meeting IN ({asked})"
        );
        let rows = self.unit.all(sql(select).bind(person).bind(serde_json::json!(meetings).to_string())).await?;
        let read = |row: &Row| {
            let meeting = row.get("meeting")?;
            let content = self.unit.open(row, CONTENT, &view_row(person, Some(&meeting)))?;
            Ok((meeting, content))
        };
        rows.iter().map(read).collect()
    }

    /// Stores what a person chose.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn save(
        &mut self,
        person: &PersonKey,
        meeting: Option<&MeetingUuid>,
        content: &str,
    ) -> Result<(), Error> {
        let upsert = sql("INSERT INTO views (organisation, person, meeting, content_sealed, saved_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, person, meeting) \
             DO UPDATE SET content_sealed = excluded.content_sealed, saved_at = excluded.saved_at")
        .bind(person)
        .bind(place(meeting))
        .bind(self.unit.seal(CONTENT, &view_row(person, meeting), content)?)
        .bind(self.unit.now());
        self.unit.run(upsert).await.map(drop)
    }

    /// Remembers that a person chose a company or relationship.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn note_chosen(&mut self, person: &PersonKey, entity: &EntityRef, name: &str) -> Result<(), Error> {
        let upsert = sql("INSERT INTO recents (organisation, person, tenant, kind, entity, name_sealed, chosen_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organisation, person, tenant, kind, entity) \
             DO UPDATE SET name_sealed = excluded.name_sealed, chosen_at = excluded.chosen_at")
        .bind(person)
        .bind(&entity.tenant)
        .bind(entity.kind)
        .bind(&entity.id)
        .bind(self.unit.seal(NAME, &recent_row(person, entity), name)?)
        .bind(self.unit.now());
        self.unit.run(upsert).await?;
        let trim = sql("DELETE FROM recents WHERE organisation = $1 AND person = $2 AND chosen_at < \
             (SELECT MIN(chosen_at) FROM (SELECT chosen_at FROM recents WHERE organisation = $1 AND person = $2 \
             ORDER BY chosen_at DESC LIMIT $3) AS latest)")
        .bind(person)
        .bind(MOST_RECENTS)
        .upkeep();
        self.unit.run(trim).await.map(drop)
    }

    /// What a person chose lately, the latest first.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn recent(&mut self, person: &PersonKey, limit: u32) -> Result<Vec<RecentEntity>, Error> {
        let select = sql("SELECT tenant, kind, entity, name_sealed, chosen_at FROM recents \
             WHERE organisation = $1 AND person = $2 ORDER BY chosen_at DESC LIMIT $3")
        .bind(person)
        .bind(limit);
        let rows = self.unit.all(select).await?;
        rows.iter().map(|row| recent(self.unit, person, row)).collect()
    }
}

fn view_row(person: &PersonKey, meeting: Option<&MeetingUuid>) -> String {
    format!("{person}/{}", place(meeting))
}

fn recent_row(person: &PersonKey, entity: &EntityRef) -> String {
    format!("{person}/{}/{}/{}", entity.tenant, entity.kind, entity.id)
}

fn recent(unit: &Unit, person: &PersonKey, row: &Row) -> Result<RecentEntity, Error> {
    let entity = EntityRef { tenant: row.get("tenant")?, kind: row.get("kind")?, id: row.get("entity")? };
    let name = unit.open(row, NAME, &recent_row(person, &entity))?;
    Ok(RecentEntity { entity, name, chosen_at: row.get("chosen_at")? })
}
