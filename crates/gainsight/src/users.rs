//! The tenant's users: colleagues in the meeting, and what they may do (`gainsight.md` 9).

use sidelight_domain::ids::Gsid;
use sidelight_domain::{EmailAddress, Licence};

use crate::addresses::{AddressFilter, Addresses, Spelling};
use crate::metadata::Column::{self, Needed, Usual};
use crate::print::print_only;
use crate::{Access, Error, Filter, Gainsight, Operator, Query, Record, Schema};

const OBJECT: &str = "GsUser";
const COLUMNS: &[Column] = &[
    Needed("Gsid"),
    Needed("Name"),
    Needed("Email"),
    Needed("IsActiveUser"),
    Needed("LicenseType"),
    Usual("IsSuperAdmin"),
    Usual("Timezone"),
    Usual("Locale"),
    Usual("Title"),
    Usual("SfdcUserId"),
];

/// What is read of each object.
pub(crate) const READ: [(&str, &[Column]); 1] = [(OBJECT, COLUMNS)];

/// A user of the tenant. Prints neither name nor address.
#[derive(Clone, Eq, PartialEq)]
pub struct User {
    /// The `GsUser` record.
    pub id: Gsid,
    /// Full name.
    pub name: String,
    /// The address, as Gainsight spells it.
    pub email: Option<Spelling>,
    /// The licence; `None` if there is none, or one that we do not know.
    pub licence: Option<Licence>,
    /// Whether the user may sign in at all. What is not said counts as no.
    pub is_active: bool,
    /// Whether the user may do everything.
    pub is_super_admin: bool,
    /// IANA name of the time zone.
    pub timezone: Option<String>,
    /// Such as `en_US`.
    pub locale: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// The same person in Salesforce, for tenants that are entered from there.
    pub salesforce_user_id: Option<String>,
}
print_only!(User: id, licence, is_active, is_super_admin);

impl User {
    /// Reads a row. A licence may come as the picklist's item id: then describe has to say what it stands for.
    pub(crate) fn read(row: &Record, schema: Option<&Schema>) -> Option<Self> {
        let licence = |text: String| {
            let option = schema.and_then(|schema| schema.option(OBJECT, "LicenseType", &text));
            let names = option.into_iter().flat_map(|option| [option.system_name.clone(), Some(option.label.clone())]);
            [Some(text.clone())].into_iter().chain(names).flatten().find_map(|name| name.parse().ok())
        };
        Some(Self {
            id: row.gsid("Gsid")?,
            name: row.text("Name").unwrap_or_default(),
            email: row.text("Email").and_then(|email| Spelling::parse(&email)),
            licence: row.text("LicenseType").and_then(licence),
            is_active: row.flag("IsActiveUser").unwrap_or(false),
            is_super_admin: row.flag("IsSuperAdmin").unwrap_or(false),
            timezone: row.text("Timezone"),
            locale: row.text("Locale"),
            title: row.text("Title"),
            salesforce_user_id: row.text("SfdcUserId"),
        })
    }
}

impl Gainsight {
    /// The users among these addresses, active or not.
    ///
    /// # Errors
    /// As told by [`Error`]; [`Error::Invalid`] where the tenant does not take the filter.
    pub async fn users_by_email(&self, access: &Access<'_>, addresses: &Addresses) -> Result<Vec<User>, Error> {
        let users = self.users_where(access, addresses.filter("Email")).await?;
        Ok(users.into_iter().filter(|user| user.email.as_ref().is_some_and(|email| addresses.has(email))).collect())
    }

    /// The user with this address. If several have it, an active one goes first.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn user_by_email(&self, access: &Access<'_>, email: &EmailAddress) -> Result<Option<User>, Error> {
        let mut users = self.users_by_email(access, &Addresses::one(email)).await?;
        users.sort_by_key(|user| !user.is_active);
        Ok(users.into_iter().next())
    }

    /// The user with this record id.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn user(&self, access: &Access<'_>, id: &Gsid) -> Result<Option<User>, Error> {
        Ok(self.users_where(access, Filter::equal("Gsid", id)).await?.into_iter().next())
    }

    /// The user with this Salesforce id.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn user_by_salesforce_id(&self, access: &Access<'_>, id: &str) -> Result<Option<User>, Error> {
        Ok(self.users_where(access, Filter::equal("SfdcUserId", id)).await?.into_iter().next())
    }

    /// How this tenant lets itself be asked for several addresses (`gainsight.md` 5.2). One call, or two where `IN` is refused.
    ///
    /// # Errors
    /// As told by [`Error`]; a tenant that refuses both ways gives [`Error::Invalid`].
    pub async fn probe_address_filter(&self, access: &Access<'_>) -> Result<AddressFilter, Error> {
        let nobody = ["nobody@sidelight.invalid", "noone@sidelight.invalid"];
        let ask =
            async |filter: Filter| self.query(access, OBJECT, &Query::select(["Gsid"]).only(filter).limit(1)).await;
        match ask(Filter::is_in("Email", nobody)).await {
            Ok(_) => Ok(AddressFilter::In),
            Err(refused @ Error::Invalid { .. }) => {
                let chain = Filter::Any(nobody.map(|address| Filter::equal("Email", address)).to_vec());
                ask(chain).await.map(|_| AddressFilter::Chain).map_err(|_| refused)
            }
            Err(error) => Err(error),
        }
    }

    /// A page of all users, in the order of their ids, beginning behind `after`. A page shorter than `limit` is the last.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn users(&self, access: &Access<'_>, after: Option<&Gsid>, limit: u32) -> Result<Vec<User>, Error> {
        let mut query = Query::select(Schema::columns(access.schema, OBJECT, COLUMNS)).ascending("Gsid").limit(limit);
        if let Some(after) = after {
            query = query.only(Filter::field("Gsid", Operator::Greater, after));
        }
        self.read_users(access, &query).await
    }

    async fn users_where(&self, access: &Access<'_>, filter: Filter) -> Result<Vec<User>, Error> {
        let query = Query::select(Schema::columns(access.schema, OBJECT, COLUMNS)).only(filter).ascending("Gsid");
        self.read_users(access, &query).await
    }

    async fn read_users(&self, access: &Access<'_>, query: &Query) -> Result<Vec<User>, Error> {
        let rows = self.query(access, OBJECT, query).await?;
        Ok(rows.iter().filter_map(|row| User::read(row, access.schema)).collect())
    }
}

#[cfg(test)]
#[path = "users_tests.rs"]
mod tests;
