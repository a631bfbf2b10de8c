//! People and where they work (`gainsight.md` 8).

use serde_json::{Map, Value, json};
use sidelight_domain::EmailAddress;
use sidelight_domain::ids::Gsid;
use sidelight_outbound::Method;

use crate::client::address;
use crate::metadata::Column::{self, Needed, Usual};
use crate::print::print_only;
use crate::{Access, Addresses, Error, Filter, Gainsight, Operator, Query, Record, Schema, Spelling};

pub(crate) const LINK: &str = "company_person";
/// `Name` is not among them: whoever selects it here meets `P_5005` (`gainsight.md` 8.1).
const LINK_COLUMNS: &[Column] = &[
    Needed("Gsid"),
    Needed("Person_ID"),
    Needed("Person_ID__gr.Email"),
    Usual("Person_ID__gr.FirstName"),
    Usual("Person_ID__gr.LastName"),
    Usual("Person_ID__gr.Name"),
    Needed("Company_ID"),
    Usual("Company_ID__gr.Name"),
    Usual("Title"),
    Usual("Role"),
    Usual("IsPrimaryCompany"),
    Usual("Active"),
];
const LINK_EMAIL: &str = "Person_ID__gr.Email";

pub(crate) const PERSON: &str = "Person";
const PERSON_COLUMNS: &[Column] =
    &[Needed("Gsid"), Needed("Email"), Usual("Name"), Usual("FirstName"), Usual("LastName")];

/// What is read of each object.
pub(crate) const READ: [(&str, &[Column]); 2] = [(LINK, LINK_COLUMNS), (PERSON, PERSON_COLUMNS)];

/// That somebody works at a company. Prints neither name nor address.
#[derive(Clone, Eq, PartialEq)]
pub struct CompanyPerson {
    /// The link's own record.
    pub id: Gsid,
    /// The person.
    pub person: Gsid,
    /// The person's full name.
    pub name: String,
    /// The person's address, as Gainsight spells it.
    pub email: Spelling,
    /// The company.
    pub company: Gsid,
    /// The company's name.
    pub company_name: Option<String>,
    /// Job title there.
    pub title: Option<String>,
    /// Role there, such as "Champion".
    pub role: Option<String>,
    /// Whether it is the person's main employer.
    pub is_primary: bool,
    /// Whether the link is switched on. Tenants that do not say so have only live links.
    pub is_active: bool,
}
print_only!(CompanyPerson: id, person, company, is_primary, is_active);

/// A human, whom any number of companies may know. Prints neither name nor address.
#[derive(Clone, Eq, PartialEq)]
pub struct Person {
    /// The record.
    pub id: Gsid,
    /// Full name.
    pub name: String,
    /// The address, as Gainsight spells it.
    pub email: Spelling,
}
print_only!(Person: id);

/// A person to be added, or brought up to date: the address decides which (`gainsight.md` 8.3). Prints nothing personal.
#[derive(Clone, Eq, PartialEq)]
pub struct PersonUpsert {
    /// The key. If Gainsight knows another spelling of the address, send that one.
    pub email: Spelling,
    /// Full name; `None` leaves somebody who is there as he is.
    pub name: Option<String>,
    /// Further fields of the person, by their names in Gainsight.
    pub fields: Map<String, Value>,
    /// The company to link to. Read the links before: linking twice is refused.
    pub company: Option<CompanyRole>,
    /// Where the link stands.
    pub key: LinkKey,
}
print_only!(PersonUpsert: company, key);

/// Under which key an upsert carries the link to a company: two code bases agree on the first, one summary shows the second
/// (`gainsight.md` 8.3).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum LinkKey {
    /// `companies`
    #[default]
    Companies,
    /// `associations.companyPerson`
    Associations,
}

impl LinkKey {
    /// In the order in which they are tried.
    pub const ALL: [Self; 2] = [Self::Companies, Self::Associations];
}

/// What somebody is at a company.
#[derive(Clone, Eq, PartialEq)]
pub struct CompanyRole {
    /// The company.
    pub company: Gsid,
    /// Job title there.
    pub title: Option<String>,
    /// Role there.
    pub role: Option<String>,
    /// Whether the link is switched on, where that is to change.
    pub is_active: Option<bool>,
    /// Further fields of the link, by their names in Gainsight.
    pub fields: Map<String, Value>,
}
print_only!(CompanyRole: company, is_active);

impl Gainsight {
    /// Every link of the people with these addresses, at whichever company.
    ///
    /// # Errors
    /// As told by [`Error`]; [`Error::Invalid`] where the tenant does not take the filter.
    pub async fn links_by_email(
        &self,
        access: &Access<'_>,
        addresses: &Addresses,
    ) -> Result<Vec<CompanyPerson>, Error> {
        let links = self.links(access, addresses.filter(LINK_EMAIL), None).await?;
        Ok(links.into_iter().filter(|link| addresses.has(&link.email)).collect())
    }

    /// A page of a company's links, in the order of their ids, beginning behind `after`; at most 5,000, and fewer on the last.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn links_of_company(
        &self,
        access: &Access<'_>,
        company: &Gsid,
        after: Option<&Gsid>,
    ) -> Result<Vec<CompanyPerson>, Error> {
        self.links(access, Filter::equal("Company_ID", company), after).await
    }

    /// The people with these addresses, linked to a company or not.
    ///
    /// # Errors
    /// As told by [`Error`]; [`Error::Invalid`] where the tenant does not take the filter.
    pub async fn persons_by_email(&self, access: &Access<'_>, addresses: &Addresses) -> Result<Vec<Person>, Error> {
        let columns = Schema::columns(access.schema, PERSON, PERSON_COLUMNS);
        let query = Query::select(columns).only(addresses.filter("Email")).ascending("Gsid");
        let people = self.query(access, PERSON, &query).await?;
        Ok(people.iter().filter_map(Person::read).filter(|person| addresses.has(&person.email)).collect())
    }

    /// The people with one of these addresses or with one of these texts in their names, at most `most` (`gainsight.md` 14.4: what is filled
    /// in is combined with `OR`).
    ///
    /// # Errors
    /// As told by [`Error`]; [`Error::Invalid`] where the tenant does not take the filter.
    pub async fn find_persons(
        &self,
        access: &Access<'_>,
        addresses: Option<&Addresses>,
        names: &[String],
        most: u32,
    ) -> Result<Vec<Person>, Error> {
        // Flat: parentheses are unproven (`gainsight.md` 5.1).
        let mut filters = match addresses.map(|addresses| addresses.filter("Email")) {
            Some(Filter::Any(terms)) => terms,
            filter => filter.into_iter().collect(),
        };
        filters.extend(names.iter().map(|name| Filter::field("Name", Operator::Contains, name.as_str())));
        let columns = Schema::columns(access.schema, PERSON, PERSON_COLUMNS);
        let query = Query::select(columns).only(Filter::Any(filters)).ascending("Gsid").limit(most);
        let people = self.query(access, PERSON, &query).await?;
        Ok(people.iter().filter_map(Person::read).collect())
    }

    /// Adds a person or brings him up to date, and links him to a company.
    ///
    /// What the answer says is not documented (`gainsight.md` 8.3): read the links by address afterwards.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the fields; [`Error::Duplicate`] when the link is there already.
    pub async fn upsert_person(&self, access: &Access<'_>, person: &PersonUpsert) -> Result<(), Error> {
        let url = address(access.base, &["v1", "peoplemgmt", "v1.0", "people"]);
        self.send_json(access, Method::PUT, url, &person.body()).await?;
        Ok(())
    }

    async fn links(
        &self,
        access: &Access<'_>,
        filter: Filter,
        after: Option<&Gsid>,
    ) -> Result<Vec<CompanyPerson>, Error> {
        let filter = match after {
            Some(after) => Filter::All(vec![filter, Filter::field("Gsid", Operator::Greater, after)]),
            None => filter,
        };
        let columns = Schema::columns(access.schema, LINK, LINK_COLUMNS);
        let rows = self.query(access, LINK, &Query::select(columns).only(filter).ascending("Gsid")).await?;
        Ok(rows.iter().filter_map(CompanyPerson::read).collect())
    }
}

impl CompanyPerson {
    /// A link without an address or company links nobody to nothing.
    fn read(row: &Record) -> Option<Self> {
        let email = Spelling::parse(&row.text(LINK_EMAIL)?)?;
        Some(Self {
            id: row.gsid("Gsid")?,
            person: row.gsid("Person_ID")?,
            name: full_name(row, "Person_ID__gr.", email.address()),
            email,
            company: row.gsid("Company_ID")?,
            company_name: row.text("Company_ID__gr.Name"),
            title: row.text("Title"),
            role: row.text("Role"),
            is_primary: row.flag("IsPrimaryCompany").unwrap_or(false),
            is_active: row.flag("Active").unwrap_or(true),
        })
    }
}

impl Person {
    fn read(row: &Record) -> Option<Self> {
        let email = Spelling::parse(&row.text("Email")?)?;
        Some(Self { id: row.gsid("Gsid")?, name: full_name(row, "", email.address()), email })
    }
}

/// The stored name, else its parts, else the address: nobody is nameless on the screen.
fn full_name(row: &Record, path: &str, email: &EmailAddress) -> String {
    let part = |name: &str| row.text(&format!("{path}{name}"));
    let parts = || [part("FirstName"), part("LastName")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    part("Name").or_else(|| Some(parts()).filter(|name| !name.is_empty())).unwrap_or_else(|| email.to_string())
}

impl PersonUpsert {
    /// What is not known is left out rather than sent as null, which would clear it.
    fn body(&self) -> Value {
        let mut body = Map::new();
        let mut put = |key: &str, value: Option<&String>| {
            if let Some(value) = value {
                body.insert(key.to_owned(), json!(value));
            }
        };
        put("Email", Some(&self.email.as_str().to_owned()));
        put("Name", self.name.as_ref());
        body.extend(self.fields.clone());
        if let Some(role) = &self.company {
            let (key, links) = match self.key {
                LinkKey::Companies => ("companies", json!([role.body()])),
                LinkKey::Associations => ("associations", json!({ "companyPerson": role.body() })),
            };
            body.insert(key.to_owned(), links);
        }
        Value::Object(body)
    }
}

impl CompanyRole {
    fn body(&self) -> Map<String, Value> {
        let mut link = Map::from_iter([("Company_ID".to_owned(), json!(self.company))]);
        link.extend(self.title.as_ref().map(|title| ("Title".to_owned(), json!(title))));
        link.extend(self.role.as_ref().map(|role| ("Role".to_owned(), json!(role))));
        link.extend(self.is_active.map(|is_active| ("Active".to_owned(), json!(is_active))));
        link.extend(self.fields.clone());
        link
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
