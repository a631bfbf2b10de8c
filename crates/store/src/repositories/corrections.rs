//! Who somebody in a room really is, as colleagues said.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sidelight_domain::EmailAddress;
use sidelight_domain::correction::Correction;
use sidelight_domain::ids::{MeetingUuid, TenantKey};

use super::repository;
use crate::keys::{Column, Kind};
use crate::statement::sql;
use crate::{Error, PersonKey};

const DETAIL: Column = Column::new("corrections.detail_sealed");

/// More than an organisation's people ever correct; the latest count.
const MOST: u32 = 5_000;

repository! {
    /// Who somebody in a room really is, as colleagues said.
    Corrections
}

#[derive(Deserialize, Serialize)]
struct Detail {
    email: Option<EmailAddress>,
    meeting: MeetingUuid,
    by: String,
}

impl Corrections<'_> {
    /// Stores who somebody is, in the place of what was said before. The subject says what he is recognised by.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn save(&mut self, person: &PersonKey, subject: &str, correction: &Correction) -> Result<(), Error> {
        let index = self.unit.blind(Kind::Subject, subject).to_string();
        let detail =
            Detail { email: correction.email.clone(), meeting: correction.meeting.clone(), by: correction.by.clone() };
        let detail = serde_json::to_vec(&detail).map_err(|_| unreadable())?;
        let upsert = sql("INSERT INTO corrections (organisation, tenant, subject_index, person, detail_sealed, corrected_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation, tenant, subject_index) DO UPDATE \
             SET person = excluded.person, detail_sealed = excluded.detail_sealed, corrected_at = excluded.corrected_at")
        .bind(&correction.tenant)
        .bind(&index)
        .bind(person)
        .bind(self.unit.seal(DETAIL, &row_of(&correction.tenant, &index), detail)?)
        .bind(correction.at);
        self.unit.run(upsert).await.map(drop)
    }

    /// Forgets what was said of somebody; tells whether there was anything.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn remove(&mut self, tenant: &TenantKey, subject: &str) -> Result<bool, Error> {
        let index = self.unit.blind(Kind::Subject, subject).to_string();
        let delete = "DELETE FROM corrections WHERE organisation = $1 AND tenant = $2 AND subject_index = $3";
        Ok(self.unit.run(sql(delete).bind(tenant).bind(index)).await? > 0)
    }

    /// What was said of those who are recognised so, each with the place among `subjects`; of several tenants, several.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn of(&mut self, subjects: &[String]) -> Result<Vec<(usize, Correction)>, Error> {
        let select = "SELECT tenant, subject_index, detail_sealed, corrected_at FROM corrections \
             WHERE organisation = $1 ORDER BY corrected_at DESC LIMIT $2";
        let rows = self.unit.all(sql(select).bind(MOST)).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let index = |subject: &String| self.unit.blind(Kind::Subject, subject).to_string();
        let places: HashMap<String, usize> =
            subjects.iter().enumerate().map(|(place, subject)| (index(subject), place)).collect();
        let mut found = Vec::new();
        for row in &rows {
            let (tenant, index): (TenantKey, String) = (row.get("tenant")?, row.get("subject_index")?);
            let Some(place) = places.get(&index) else { continue };
            let detail = self.unit.open(row, DETAIL, &row_of(&tenant, &index))?;
            let Detail { email, meeting, by } = serde_json::from_str(&detail).map_err(|_| unreadable())?;
            found.push((*place, Correction { tenant, email, meeting, by, at: row.get("corrected_at")? }));
        }
        Ok(found)
    }
}

fn row_of(tenant: &TenantKey, index: &str) -> String {
    format!("{tenant}/{index}")
}

fn unreadable() -> Error {
    Error::Unreadable { column: DETAIL.as_str().to_owned() }
}
