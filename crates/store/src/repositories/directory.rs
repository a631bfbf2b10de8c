//! The directory mirror of a tenant: who has which address, and works for which companies, by ids alone (design 4.6, 5).

use std::collections::HashMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use sidelight_domain::ids::{Gsid, TenantKey};
use sidelight_domain::{EmailAddress, Timestamp};

use super::repository;
use crate::Error;
use crate::keys::Kind;
use crate::statement::{Row, listing, sql};

repository! {
    /// Directory mirrors.
    Directory
}

/// How far a mirror is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Mirror {
    /// The pass that is under way or came to its end last. A pass reads everything once.
    pub pass: u32,
    /// What it reads now; `None` if it came to its end.
    pub object: Option<String>,
    /// The last record that it read of that.
    pub last_read: Option<Gsid>,
    /// When it began.
    pub begun_at: Timestamp,
    /// When a pass came to its end last: before the first one did, nobody may conclude from a gap.
    pub completed_at: Option<Timestamp>,
    /// Up to when changes are in it.
    pub changed_until: Timestamp,
}

/// Somebody whom the tenant knows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MirroredPerson {
    /// The record.
    pub record: Gsid,
    /// His companies.
    pub links: Vec<MirroredLink>,
}

/// A company that somebody works for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MirroredLink {
    /// The company.
    pub company: Gsid,
    /// Whether it is the person's main one.
    pub is_primary: bool,
    /// Whether it is in force.
    pub is_active: bool,
}

/// A link as it is put into the mirror.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewMirroredLink {
    /// The record of the link.
    pub id: Gsid,
    /// Who.
    pub person: Gsid,
    /// Where, and how.
    pub link: MirroredLink,
}

const PLACE: &str = "WHERE organisation = $1 AND tenant = $2";

impl Directory<'_> {
    /// How far a tenant's mirror is; `None` if it was never begun.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn mirror(&mut self, tenant: &TenantKey) -> Result<Option<Mirror>, Error> {
        let select = sql(format!(
            "SELECT pass, object, last_read, begun_at, completed_at, changed_until FROM directory_mirrors {PLACE}"
        ));
        self.unit.one(select.bind(tenant)).await?.as_ref().map(mirror).transpose()
    }

    /// Takes over the work on a mirror that is due, for some time; `None` while another server has it, or nothing is due.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn claim(&mut self, tenant: &TenantKey, hold: Duration) -> Result<Option<Mirror>, Error> {
        let now = self.unit.now();
        let insert =
            sql("INSERT INTO directory_mirrors (organisation, tenant, pass, begun_at, changed_until, due_at) \
             VALUES ($1, $2, 0, 0, 0, 0) ON CONFLICT (organisation, tenant) DO NOTHING");
        self.unit.run(insert.bind(tenant)).await?;
        let update = sql(format!("UPDATE directory_mirrors SET due_at = $3 {PLACE} AND due_at <= $4"));
        let is_ours = self.unit.run(update.bind(tenant).bind(now.after(hold)).bind(now)).await? > 0;
        if is_ours { self.mirror(tenant).await } else { Ok(None) }
    }

    /// Writes down how far a mirror is, and when there is something to do again.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn save(&mut self, tenant: &TenantKey, mirror: &Mirror, wait: Duration) -> Result<(), Error> {
        let update = sql(format!(
            "UPDATE directory_mirrors SET pass = $3, object = $4, last_read = $5, begun_at = $6, completed_at = $7, \
             changed_until = $8, due_at = $9 {PLACE}"
        ));
        let due_at = self.unit.now().after(wait);
        let update = update
            .bind(tenant)
            .bind(mirror.pass)
            .bind(mirror.object.clone())
            .bind(mirror.last_read.as_ref().map(ToString::to_string))
            .bind(mirror.begun_at)
            .bind(mirror.completed_at)
            .bind(mirror.changed_until)
            .bind(due_at);
        self.unit.run(update).await.map(drop)
    }

    /// Puts people into a mirror, in one statement.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn put_people(
        &mut self,
        tenant: &TenantKey,
        pass: u32,
        people: &[(Gsid, EmailAddress)],
    ) -> Result<(), Error> {
        let rows = self.people_rows(people);
        let source = self.unit.engine().pick(
            "SELECT $1, $2, value ->> 'record', value ->> 'address', $3 FROM json_each($4) WHERE true",
            "SELECT $1, $2, r.record, r.address, $3 FROM jsonb_to_recordset(CAST($4 AS jsonb)) AS r (record TEXT, address TEXT)",
        );
        let upsert = format!(
            "INSERT INTO directory_people (organisation, tenant, record, address, pass) {source} \
             ON CONFLICT (organisation, tenant, record) DO UPDATE SET address = excluded.address, pass = excluded.pass"
        );
        self.unit.run(sql(upsert).bind(tenant).bind(pass).bind(rows)).await.map(drop)
    }

    fn people_rows(&self, people: &[(Gsid, EmailAddress)]) -> String {
        let row = |(record, address): &(Gsid, EmailAddress)| {
            let address = self.unit.blind(Kind::Directory, address.as_str()).to_string();
            json!({ "record": record, "address": address })
        };
        json!(people.iter().map(row).collect::<Vec<_>>()).to_string()
    }

    fn blind<'a>(&self, addresses: &'a [EmailAddress]) -> HashMap<String, &'a EmailAddress> {
        let blind = |address: &EmailAddress| self.unit.blind(Kind::Directory, address.as_str()).to_string();
        addresses.iter().map(|address| (blind(address), address)).collect()
    }

    /// Puts links into a mirror, in one statement.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn put_links(&mut self, tenant: &TenantKey, pass: u32, links: &[NewMirroredLink]) -> Result<(), Error> {
        let row = |new: &NewMirroredLink| {
            let MirroredLink { company, is_primary, is_active } = &new.link;
            let (is_primary, is_active) = (i64::from(*is_primary), i64::from(*is_active));
            json!({ "link": new.id, "record": new.person, "company": company, "is_primary": is_primary, "is_active": is_active })
        };
        let rows = json!(links.iter().map(row).collect::<Vec<_>>()).to_string();
        let source = self.unit.engine().pick(
            "SELECT $1, $2, value ->> 'link', value ->> 'record', value ->> 'company', value ->> 'is_primary', \
             value ->> 'is_active', $3 FROM json_each($4) WHERE true",
            "SELECT $1, $2, r.link, r.record, r.company, r.is_primary, r.is_active, $3 \
             FROM jsonb_to_recordset(CAST($4 AS jsonb)) \
             AS r (link TEXT, record TEXT, company TEXT, is_primary BIGINT, is_active BIGINT)",
        );
        let upsert = format!(
            "INSERT INTO directory_links (organisation, tenant, link, record, company, is_primary, is_active, pass) {source} \
             ON CONFLICT (organisation, tenant, link) DO UPDATE SET record = excluded.record, company = excluded.company, \
             is_primary = excluded.is_primary, is_active = excluded.is_active, pass = excluded.pass"
        );
        self.unit.run(sql(upsert).bind(tenant).bind(pass).bind(rows)).await.map(drop)
    }

    /// Deletes what the pass did not meet: it is gone from the tenant. Tells how much that was.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn forget_before(&mut self, tenant: &TenantKey, pass: u32) -> Result<u64, Error> {
        let mut gone = 0;
        for table in ["directory_people", "directory_links"] {
            let delete = sql(format!("DELETE FROM {table} {PLACE} AND pass < $3"));
            gone += self.unit.run(delete.bind(tenant).bind(pass)).await?;
        }
        Ok(gone)
    }

    /// Deletes the mirrors of all but these tenants: of those that were removed, or are no longer mirrored.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn keep_only(&mut self, tenants: &[TenantKey]) -> Result<(), Error> {
        let kept = json!(tenants.iter().map(TenantKey::as_str).collect::<Vec<_>>()).to_string();
        let kept_ones = self
            .unit
            .engine()
            .pick("SELECT value FROM json_each($2)", "SELECT jsonb_array_elements_text(CAST($2 AS jsonb))");
        for table in ["directory_people", "directory_links", "directory_mirrors"] {
            let delete = format!("DELETE FROM {table} WHERE organisation = $1 AND tenant NOT IN ({kept_ones})");
            self.unit.run(sql(delete).bind(kept.clone())).await?;
        }
        Ok(())
    }

    /// Who has these addresses, in one statement whatever their number.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn find(
        &mut self,
        tenant: &TenantKey,
        addresses: &[EmailAddress],
    ) -> Result<HashMap<EmailAddress, MirroredPerson>, Error> {
        let asked = self.blind(addresses);
        let engine = self.unit.engine();
        let source = engine.pick("json_each($3)", "jsonb_array_elements_text(CAST($3 AS jsonb)) AS json_each (value)");
        let columns = "p.record, l.link, p.address, l.company, l.is_primary, l.is_active";
        let rows = format!(
            "FROM {source} CROSS JOIN directory_people AS p \
             LEFT JOIN directory_links AS l ON l.organisation = $1 AND l.tenant = $2 AND l.record = p.record \
             WHERE p.organisation = $1 AND p.tenant = $2 AND p.address = json_each.value"
        );
        let wanted = json!(asked.keys().collect::<Vec<_>>()).to_string();
        let mut rows: Vec<Found> = self.unit.list(listing(engine, columns, &rows).bind(tenant).bind(wanted)).await?;
        // Of two records with one address the first counts, always.
        rows.sort_unstable();
        let mut found: HashMap<EmailAddress, MirroredPerson> = HashMap::new();
        for Found(record, _, address, company, is_primary, is_active) in rows {
            let Some(address) = asked.get(&address) else { continue };
            let person = found
                .entry((*address).clone())
                .or_insert_with(|| MirroredPerson { record: record.clone(), links: Vec::new() });
            if person.record == record {
                let link = |company| MirroredLink {
                    company,
                    is_primary: is_primary == Some(1),
                    is_active: is_active == Some(1),
                };
                person.links.extend(company.map(link));
            }
        }
        Ok(found)
    }
}

fn mirror(row: &Row) -> Result<Mirror, Error> {
    Ok(Mirror {
        pass: row.get("pass")?,
        object: row.get("object")?,
        last_read: row.get("last_read")?,
        begun_at: row.get("begun_at")?,
        completed_at: row.get("completed_at")?,
        changed_until: row.get("changed_until")?,
    })
}

/// Record, link, address and what the link says.
#[derive(Deserialize, Eq, Ord, PartialEq, PartialOrd)]
struct Found(Gsid, Option<String>, String, Option<Gsid>, Option<i64>, Option<i64>);
