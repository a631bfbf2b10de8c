//! Who is in a meeting, as colleagues said who know them.

use serde::{Deserialize, Serialize};
use sidelight_domain::ids::{MeetingUuid, ParticipantId, TenantKey};
use sidelight_domain::recognition::Tick;
use sidelight_domain::{EmailAddress, Timestamp};

use super::repository;
use crate::keys::{Column, Kind};
use crate::statement::{Row, sql};
use crate::{Error, PersonKey, Unit};

const DETAIL: Column = Column::new("ticks.detail_sealed");

repository! {
    /// Who is in a meeting, as colleagues said.
    Ticks
}

#[derive(Deserialize, Serialize)]
struct Detail {
    id: ParticipantId,
    email: EmailAddress,
    by: String,
}

impl Ticks<'_> {
    /// Stores that `person` said who is there; tells whether nobody had said so before. The meeting must have been observed.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn add(&mut self, meeting: &MeetingUuid, person: &PersonKey, tick: &Tick) -> Result<bool, Error> {
        let index = self.unit.blind(Kind::Email, tick.email.as_str()).to_string();
        let detail = Detail { id: tick.id, email: tick.email.clone(), by: tick.by.clone() };
        let unreadable = |_| Error::Unreadable { column: DETAIL.as_str().to_owned() };
        let detail = serde_json::to_vec(&detail).map_err(unreadable)?;
        let insert =
            sql("INSERT INTO ticks (organisation, meeting, tenant, email_index, person, detail_sealed, ticked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING")
            .bind(meeting)
            .bind(&tick.tenant)
            .bind(&index)
            .bind(person)
            .bind(self.unit.seal(DETAIL, &row_of(meeting, &tick.tenant, &index), detail)?)
            .bind(tick.at);
        Ok(self.unit.run(insert).await? > 0)
    }

    /// Takes back that somebody is there, whoever said so; tells whether anybody had.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn remove(
        &mut self,
        meeting: &MeetingUuid,
        tenant: &TenantKey,
        email: &EmailAddress,
    ) -> Result<bool, Error> {
        let index = self.unit.blind(Kind::Email, email.as_str()).to_string();
        let delete = "DELETE FROM ticks WHERE organisation = $1 AND meeting = $2 AND tenant = $3 AND email_index = $4";
        Ok(self.unit.run(sql(delete).bind(meeting).bind(tenant).bind(index)).await? > 0)
    }

    /// Who is said to be there, in the order in which it was said.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn list(&mut self, meeting: &MeetingUuid) -> Result<Vec<Tick>, Error> {
        let select = "SELECT tenant, email_index, detail_sealed, ticked_at FROM ticks \
             WHERE organisation = $1 AND meeting = $2 ORDER BY ticked_at, email_index";
        let rows = self.unit.all(sql(select).bind(meeting)).await?;
        rows.iter().map(|row| tick(self.unit, meeting, row)).collect()
    }
}

fn row_of(meeting: &MeetingUuid, tenant: &TenantKey, email_index: &str) -> String {
    format!("{meeting}/{tenant}/{email_index}")
}

fn tick(unit: &Unit, meeting: &MeetingUuid, row: &Row) -> Result<Tick, Error> {
    let tenant: TenantKey = row.get("tenant")?;
    let index: String = row.get("email_index")?;
    let at: Timestamp = row.get("ticked_at")?;
    let detail = unit.open(row, DETAIL, &row_of(meeting, &tenant, &index))?;
    let Detail { id, email, by } =
        serde_json::from_str(&detail).map_err(|_| Error::Unreadable { column: DETAIL.as_str().to_owned() })?;
    Ok(Tick { id, tenant, email, by, at })
}
