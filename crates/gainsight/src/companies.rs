//! Companies and relationships (`gainsight.md` 7).

use sidelight_domain::Timestamp;
use sidelight_domain::ids::Gsid;

use crate::metadata::Column::{self, Described, Needed, Usual};
use crate::print::print_only;
use crate::{Access, Error, Filter, Gainsight, Operator, Query, Record, Schema, Spelling};

const COMPANY: &str = "Company";
const COMPANY_COLUMNS: &[Column] = &[
    Needed("Gsid"),
    Needed("Name"),
    Usual("Status"),
    Usual("Stage"),
    Usual("Arr"),
    Usual("RenewalDate"),
    Usual("CurrentScore"),
    Usual("Csm__gr.Name"),
    Usual("Csm__gr.Email"),
];

const RELATIONSHIP: &str = "relationship";
const RELATIONSHIP_COLUMNS: &[Column] = &[
    Needed("Gsid"),
    Needed("Name"),
    Needed("CompanyId"),
    Usual("CompanyId__gr.Name"),
    Usual("Status"),
    Usual("Stage"),
    Usual("Arr"),
    Usual("Csm__gr.Name"),
    Described("Csm__gr.Email"),
    Described("TypeId__gr.Name"),
    Described("RenewalDate"),
    Described("CurrentScore"),
];

/// What is read of each object.
pub(crate) const READ: [(&str, &[Column]); 2] = [(COMPANY, COMPANY_COLUMNS), (RELATIONSHIP, RELATIONSHIP_COLUMNS)];

/// What a CSM wants to know of a customer. Everything that the credential may not read is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// Such as "Active", in the tenant's words.
    pub status: Option<String>,
    /// Lifecycle stage, in the tenant's words.
    pub stage: Option<String>,
    /// Annual recurring revenue in the tenant's currency unit.
    pub arr: Option<f64>,
    /// Renewal date (a day, at midnight UTC).
    pub renews_at: Option<Timestamp>,
    /// The stored overall score, as text, since schemes differ (`gainsight.md` 12).
    pub score: Option<String>,
    /// The CSM who owns it.
    pub csm: Option<Csm>,
    /// Whether Gainsight's own searches leave it out (`gainsight.md` 7.1).
    pub is_inactive: bool,
}

/// The CSM of a customer. Prints neither name nor address.
#[derive(Clone, Eq, PartialEq)]
pub struct Csm {
    /// Full name.
    pub name: String,
    /// The address, as Gainsight spells it.
    pub email: Option<Spelling>,
}
print_only!(Csm:);

/// A customer.
#[derive(Clone, PartialEq)]
pub struct Company {
    /// The record.
    pub id: Gsid,
    /// Its name.
    pub name: String,
    /// How it is.
    pub standing: Standing,
}
print_only!(Company: id);

/// A product line, project or department of a customer.
#[derive(Clone, PartialEq)]
pub struct Relationship {
    /// The record.
    pub id: Gsid,
    /// Its name.
    pub name: String,
    /// The company it belongs to.
    pub company: Gsid,
    /// That company's name.
    pub company_name: Option<String>,
    /// The relationship type's name.
    pub type_name: Option<String>,
    /// How it is.
    pub standing: Standing,
}
print_only!(Relationship: id, company);

impl Gainsight {
    /// A page of all companies, in the order of their ids, beginning behind `after`. A page shorter than `limit` is the last.
    ///
    /// Paged by id and not by offset: a company that appears meanwhile moves no other (`gainsight.md` 5.1).
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn companies(
        &self,
        access: &Access<'_>,
        after: Option<&Gsid>,
        limit: u32,
    ) -> Result<Vec<Company>, Error> {
        let rows = self.page(access, COMPANY, COMPANY_COLUMNS, after, limit).await?;
        Ok(rows.iter().filter_map(|row| Company::read(row, access.schema)).collect())
    }

    /// A page of all relationships, like [`Gainsight::companies`].
    ///
    /// # Errors
    /// As told by [`Error`]; [`Error::UnknownObject`] where the tenant has no relationships.
    pub async fn relationships(
        &self,
        access: &Access<'_>,
        after: Option<&Gsid>,
        limit: u32,
    ) -> Result<Vec<Relationship>, Error> {
        let rows = self.page(access, RELATIONSHIP, RELATIONSHIP_COLUMNS, after, limit).await?;
        Ok(rows.iter().filter_map(|row| Relationship::read(row, access.schema)).collect())
    }

    /// A page of the record ids of an object that this credential sees, like [`Gainsight::companies`].
    ///
    /// # Errors
    /// As told by [`Error`]; [`Error::UnknownObject`] where the tenant has no such object.
    pub async fn ids(
        &self,
        access: &Access<'_>,
        object: &str,
        after: Option<&Gsid>,
        limit: u32,
    ) -> Result<Vec<Gsid>, Error> {
        let rows = self.page(access, object, &[Needed("Gsid")], after, limit).await?;
        Ok(rows.iter().filter_map(|row| row.gsid("Gsid")).collect())
    }

    /// A company; `None` if there is none that this credential sees.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn company(&self, access: &Access<'_>, id: &Gsid) -> Result<Option<Company>, Error> {
        let row = self.row(access, COMPANY, COMPANY_COLUMNS, id).await?;
        Ok(row.and_then(|row| Company::read(&row, access.schema)))
    }

    /// A relationship; `None` if there is none that this credential sees.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn relationship(&self, access: &Access<'_>, id: &Gsid) -> Result<Option<Relationship>, Error> {
        let row = self.row(access, RELATIONSHIP, RELATIONSHIP_COLUMNS, id).await?;
        Ok(row.and_then(|row| Relationship::read(&row, access.schema)))
    }

    async fn page(
        &self,
        access: &Access<'_>,
        object: &str,
        columns: &[Column],
        after: Option<&Gsid>,
        limit: u32,
    ) -> Result<Vec<Record>, Error> {
        let mut query = Query::select(Schema::columns(access.schema, object, columns)).ascending("Gsid").limit(limit);
        if let Some(after) = after {
            query = query.only(Filter::field("Gsid", Operator::Greater, after));
        }
        self.query(access, object, &query).await
    }

    async fn row(
        &self,
        access: &Access<'_>,
        object: &str,
        columns: &[Column],
        id: &Gsid,
    ) -> Result<Option<Record>, Error> {
        let columns = Schema::columns(access.schema, object, columns);
        let query = Query::select(columns).only(Filter::equal("Gsid", id)).limit(1);
        Ok(self.query(access, object, &query).await?.into_iter().next())
    }
}

impl Company {
    fn read(row: &Record, schema: Option<&Schema>) -> Option<Self> {
        Some(Self {
            id: row.gsid("Gsid")?,
            name: row.text("Name").unwrap_or_default(),
            standing: Standing::read(row, COMPANY, schema),
        })
    }
}

impl Relationship {
    fn read(row: &Record, schema: Option<&Schema>) -> Option<Self> {
        Some(Self {
            id: row.gsid("Gsid")?,
            name: row.text("Name").unwrap_or_default(),
            company: row.gsid("CompanyId")?,
            company_name: row.text("CompanyId__gr.Name"),
            type_name: row.text("TypeId__gr.Name"),
            standing: Standing::read(row, RELATIONSHIP, schema),
        })
    }
}

impl Standing {
    fn read(row: &Record, object: &str, schema: Option<&Schema>) -> Self {
        let option = |field: &str| {
            let value = row.text(field)?;
            Some((schema.and_then(|schema| schema.option(object, field, &value)).cloned(), value))
        };
        let label = |field: &str| option(field).map(|(option, value)| option.map_or(value, |option| option.label));
        // Labels are translated, system names are not; the rule of 7.1 is about the latter where there is one.
        let status = option("Status").map(|(option, value)| match option {
            Some(option) => option.system_name.unwrap_or(option.label),
            None => value,
        });
        let csm = |name| Csm { name, email: row.text("Csm__gr.Email").and_then(|email| Spelling::parse(&email)) };
        Self {
            status: label("Status"),
            stage: label("Stage"),
            arr: row.number("Arr"),
            renews_at: row.moment("RenewalDate"),
            score: label("CurrentScore"),
            csm: row.text("Csm__gr.Name").map(csm),
            is_inactive: status.is_some_and(|status| status.eq_ignore_ascii_case("inactive")),
        }
    }
}

#[cfg(test)]
#[path = "companies_tests.rs"]
mod tests;
