//! What people chose for series of meetings (ux 8): Zoom's number is the same for each of them.

use sidelight_domain::ids::MeetingNumber;
use sidelight_domain::{EntityRef, Timestamp};

use super::repository;
use crate::debug::debug_by_ids;
use crate::statement::{Row, sql};
use crate::{Error, PersonKey};

repository! {
    /// What people chose for series of meetings.
    Series
}

/// The company or relationship that somebody chose last.
#[derive(Clone, Eq, PartialEq)]
pub struct SeriesChoice {
    /// For which meetings.
    pub number: MeetingNumber,
    /// Who.
    pub person: PersonKey,
    /// What.
    pub entity: EntityRef,
    /// For a single meeting that was chosen for beforehand, when it begins: its number may be that of a room.
    pub planned_at: Option<Timestamp>,
    /// When.
    pub chosen_at: Timestamp,
}

debug_by_ids!(SeriesChoice { entity, planned_at, chosen_at });

impl Series<'_> {
    /// Remembers what a person chose; it takes the place of what he chose before.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn remember(
        &mut self,
        person: &PersonKey,
        number: &MeetingNumber,
        entity: &EntityRef,
        planned_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let upsert =
            sql("INSERT INTO series (organisation, number, person, tenant, kind, entity, planned_at, chosen_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organisation, number, person) \
             DO UPDATE SET tenant = excluded.tenant, kind = excluded.kind, entity = excluded.entity, \
             planned_at = excluded.planned_at, chosen_at = excluded.chosen_at")
            .bind(number)
            .bind(person)
            .bind(&entity.tenant)
            .bind(entity.kind)
            .bind(&entity.id)
            .bind(planned_at)
            .bind(self.unit.now());
        self.unit.run(upsert).await.map(drop)
    }

    /// What anybody chose for these numbers, the latest first.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list(&mut self, numbers: &[MeetingNumber]) -> Result<Vec<SeriesChoice>, Error> {
        let asked = self
            .unit
            .engine()
            .pick("SELECT value FROM json_each($2)", "SELECT jsonb_array_elements_text(CAST($2 AS jsonb))");
        let select = format!(
            "SELECT number, person, tenant, kind, entity, planned_at, chosen_at FROM series \
             WHERE organisation = $1 AND number IN ({asked}) ORDER BY chosen_at DESC"
        );
        let rows = self.unit.all(sql(select).bind(serde_json::json!(numbers).to_string())).await?;
        rows.iter().map(choice).collect()
    }
}

fn choice(row: &Row) -> Result<SeriesChoice, Error> {
    Ok(SeriesChoice {
        number: row.get("number")?,
        person: row.get("person")?,
        entity: EntityRef { tenant: row.get("tenant")?, kind: row.get("kind")?, id: row.get("entity")? },
        planned_at: row.get("planned_at")?,
        chosen_at: row.get("chosen_at")?,
    })
}
