//! Who is asking, and what he may see and do (`gainsight.md` 2.1, 13.1, 15).

use std::collections::HashSet;
use std::sync::Arc;

use super::store::{Cell, Field, Readers, Row, Store, Table};

/// Whose credential it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Who {
    /// The access key or an M2M token: the tenant itself, to which no person's permission applies.
    Tenant,
    /// A user's OAuth token, with the id of the user.
    User(Arc<str>),
}

/// What somebody sees of a tenant.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    hidden_companies: HashSet<Arc<str>>,
    misses_confidential: bool,
}

impl View {
    pub(crate) fn of(store: &Store, who: &Who) -> Self {
        let Who::User(user) = who else { return Self::default() };
        let flag = |field: &str| store.value("GsUser", user, field).as_flag() == Some(true);
        if flag("IsSuperAdmin") {
            return Self::default();
        }
        let hidden_companies = store.table("Company").map(|table| hidden_from(table, user)).unwrap_or_default();
        Self { hidden_companies, misses_confidential: licence(store, user).as_deref() != Some("Full") }
    }

    /// Whether a record is there at all for this person.
    pub(crate) fn sees(&self, table: &Table, row: &Row) -> bool {
        if self.hidden_companies.is_empty() {
            return true;
        }
        let Some(field) = table.object.company_field else { return true };
        table.value(row, field).as_text().is_none_or(|company| !self.hidden_companies.contains(company))
    }

    /// Whether a field is readable for this person.
    pub(crate) const fn reads(&self, field: &Field) -> bool {
        match field.readers {
            Readers::Everybody => true,
            Readers::Editors => !self.misses_confidential,
            Readers::Nobody | Readers::Itself => false,
        }
    }
}

fn hidden_from(companies: &Table, user: &str) -> HashSet<Arc<str>> {
    let is_hidden = |row: &&Row| {
        let shared_with = companies.value(row, "shared_with").items();
        !shared_with.is_empty() && shared_with.iter().all(|who| **who != *user)
    };
    companies.rows().iter().filter(is_hidden).map(|row| Arc::from(companies.gsid(row))).collect()
}

/// The licence of a user.
pub(crate) fn licence(store: &Store, user: &str) -> Option<String> {
    match store.value("GsUser", user, "LicenseType") {
        Cell::Text(licence) => Some(licence.to_string()),
        Cell::Null | Cell::Number(_) | Cell::Flag(_) | Cell::Time(_) | Cell::Items(_) => None,
    }
}

/// Whether somebody may change companies, relationships and people: Full only (`gainsight.md` 15.2).
pub(crate) fn edits_records(store: &Store, who: &Who) -> bool {
    match who {
        Who::Tenant => true,
        Who::User(user) => licence(store, user).as_deref() == Some("Full"),
    }
}

/// Whether somebody may log to the Timeline: everybody who can sign in (`gainsight.md` 15.2).
pub(crate) fn logs_activities(store: &Store, who: &Who) -> bool {
    match who {
        Who::Tenant => true,
        Who::User(user) => {
            matches!(licence(store, user).as_deref(), Some("Full" | "Viewer" | "Viewer_Analytics"))
        }
    }
}

/// Whether somebody may change this author's entry: the author, a Super Admin, or a holder of the permission (15.3).
pub(crate) fn edits_activity_of(store: &Store, who: &Who, author: &str) -> bool {
    match who {
        Who::Tenant => true,
        Who::User(user) if **user == *author => logs_activities(store, who),
        Who::User(user) => ["IsSuperAdmin", "edits_timeline"]
            .iter()
            .any(|field| store.value("GsUser", user, field).as_flag() == Some(true)),
    }
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
