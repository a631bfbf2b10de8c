//! Reading who there is and who works where, by ids: for a mirror (`gainsight.md` 8).

use sidelight_domain::Timestamp;
use sidelight_domain::ids::Gsid;

use crate::metadata::Column::{self, Needed, Usual};
use crate::people::{LINK, PERSON};
use crate::print::print_only;
use crate::query::MOST_RECORDS;
use crate::{Access, Error, Filter, Gainsight, Operator, Query, Record, Schema, Spelling};

const MODIFIED: &str = "ModifiedDate";
const PERSON_COLUMNS: &[Column] = &[Needed("Gsid"), Needed("Email"), Usual(MODIFIED)];
const LINK_COLUMNS: &[Column] = &[
    Needed("Gsid"),
    Needed("Person_ID"),
    Needed("Company_ID"),
    Usual("IsPrimaryCompany"),
    Usual("Active"),
    Usual(MODIFIED),
];

/// What is read of each object.
pub(crate) const READ: [(&str, &[Column]); 2] = [(PERSON, PERSON_COLUMNS), (LINK, LINK_COLUMNS)];

/// Somebody's record. Prints no address.
#[derive(Clone, Eq, PartialEq)]
pub struct DirectoryPerson {
    /// The record.
    pub id: Gsid,
    /// The address, as Gainsight spells it.
    pub email: Spelling,
}
print_only!(DirectoryPerson: id);

/// That somebody works at a company.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DirectoryLink {
    /// The link's own record.
    pub id: Gsid,
    /// Who.
    pub person: Gsid,
    /// Where.
    pub company: Gsid,
    /// Whether it is the person's main employer.
    pub is_primary: bool,
    /// Whether it is in force.
    pub is_active: bool,
}

/// Which part of the directory.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DirectoryPart {
    /// In the order of ids, behind this record; from the beginning without one.
    Behind(Option<Gsid>),
    /// What changed last comes first; so many rows are left out.
    Latest {
        /// Rows that were read before.
        offset: u32,
        /// Nothing that changed before this is given.
        since: Timestamp,
    },
}

/// A part of the directory.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DirectoryPage<T> {
    /// The rows that say something.
    pub rows: Vec<T>,
    /// How many there were altogether.
    pub count: u32,
    /// The last record, in the order of the part.
    pub last: Option<Gsid>,
    /// Whether nothing follows.
    pub is_last: bool,
}

impl Gainsight {
    /// A part of everybody whom the tenant knows, up to 5,000 at once.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn directory_people(
        &self,
        access: &Access<'_>,
        part: &DirectoryPart,
    ) -> Result<DirectoryPage<DirectoryPerson>, Error> {
        self.directory(access, PERSON, PERSON_COLUMNS, part, DirectoryPerson::read).await
    }

    /// A part of all links between people and companies, likewise.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn directory_links(
        &self,
        access: &Access<'_>,
        part: &DirectoryPart,
    ) -> Result<DirectoryPage<DirectoryLink>, Error> {
        self.directory(access, LINK, LINK_COLUMNS, part, DirectoryLink::read).await
    }

    async fn directory<T>(
        &self,
        access: &Access<'_>,
        object: &str,
        columns: &[Column],
        part: &DirectoryPart,
        read: fn(&Record) -> Option<T>,
    ) -> Result<DirectoryPage<T>, Error> {
        let columns = Schema::columns(access.schema, object, columns);
        let is_dated = columns.iter().any(|column| column == MODIFIED);
        let query = Query::select(columns).limit(MOST_RECORDS);
        let (query, since) = match part {
            DirectoryPart::Behind(None) => (query.ascending("Gsid"), None),
            DirectoryPart::Behind(Some(id)) => {
                (query.ascending("Gsid").only(Filter::field("Gsid", Operator::Greater, id)), None)
            }
            // Where describe shows no date of change, only a whole reading notices one.
            DirectoryPart::Latest { .. } if !is_dated => {
                return Ok(DirectoryPage { rows: Vec::new(), count: 0, last: None, is_last: true });
            }
            DirectoryPart::Latest { offset, since } => (query.descending(MODIFIED).offset(*offset), Some(*since)),
        };
        let found = self.query(access, object, &query).await?;
        let is_recent = |row: &&Record| since.is_none_or(|since| row.moment(MODIFIED).is_some_and(|at| at >= since));
        let is_short = found.len() < usize::try_from(MOST_RECORDS).unwrap_or(usize::MAX);
        Ok(DirectoryPage {
            rows: found.iter().filter(is_recent).filter_map(read).collect(),
            count: u32::try_from(found.len()).unwrap_or(u32::MAX),
            last: found.last().and_then(|row| row.gsid("Gsid")),
            is_last: is_short || found.last().is_some_and(|row| !is_recent(&row)),
        })
    }
}

impl DirectoryPerson {
    /// Whoever has no address is never looked for by one.
    fn read(row: &Record) -> Option<Self> {
        Some(Self { id: row.gsid("Gsid")?, email: Spelling::parse(&row.text("Email")?)? })
    }
}

impl DirectoryLink {
    fn read(row: &Record) -> Option<Self> {
        Some(Self {
            id: row.gsid("Gsid")?,
            person: row.gsid("Person_ID")?,
            company: row.gsid("Company_ID")?,
            is_primary: row.flag("IsPrimaryCompany").unwrap_or(false),
            is_active: row.flag("Active").unwrap_or(true),
        })
    }
}
