//! Companies and relationships to choose from: `GET /entities`.

use serde::{Deserialize, Serialize};
use sidelight_domain::ids::Gsid;
use sidelight_domain::{EntityKind, EntityRef, Timestamp};

/// A company or relationship as the switch and the search show it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entity {
    /// Which one.
    #[serde(flatten)]
    pub reference: EntityRef,
    /// Its name.
    pub name: String,
    /// For relationships: the company it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<CompanyName>,
    /// Whether Gainsight hides it from search unless asked (`gainsight.md` 7.1).
    #[serde(default)]
    pub is_inactive: bool,
    /// The line of what matters now.
    #[serde(default)]
    pub facts: Facts,
}

impl Entity {
    /// A company or relationship of which nothing but its name is known.
    #[must_use]
    pub fn named(reference: EntityRef, name: String) -> Self {
        Self { reference, name, company: None, is_inactive: false, facts: Facts::default() }
    }

    /// The company that it is or belongs to, as far as known.
    #[must_use]
    pub fn company_id(&self) -> Option<&Gsid> {
        match self.reference.kind {
            EntityKind::Company => Some(&self.reference.id),
            EntityKind::Relationship => self.company.as_ref().map(|company| &company.id),
        }
    }
}

/// The company of a relationship.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CompanyName {
    /// The record.
    pub id: Gsid,
    /// Its name.
    pub name: String,
}

/// What a CSM wants to see of a customer without asking. Everything the viewer may not read is left out.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Facts {
    /// The stored overall score, as text, since schemes differ (`gainsight.md` 12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// Renewal date (a day, at midnight UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews_at: Option<Timestamp>,
    /// Annual recurring revenue in the tenant's currency unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arr: Option<i64>,
    /// Name of the CSM who owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csm: Option<String>,
    /// Whether that is the viewer.
    #[serde(default)]
    pub csm_is_viewer: bool,
    /// Lifecycle stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
}

/// The answer to `GET /entities?q=…&include_inactive=…`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntityList {
    /// From the attendees of this meeting, likeliest first. Only without a query.
    pub suggested: Vec<Suggested>,
    /// Chosen lately by this viewer. Only without a query.
    pub recent: Vec<Entity>,
    /// What matches the query, best first; a company is followed by its relationships.
    pub found: Vec<Entity>,
    /// How many more match.
    pub more: u32,
    /// When the viewer's list of companies was read from Gainsight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
}

/// A company that attendees of the meeting work for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Suggested {
    /// The company.
    pub entity: Entity,
    /// How many attendees work there.
    pub matched: u32,
    /// How many attendees are not colleagues or devices.
    pub outsiders: u32,
    /// Whether no other company has as many and nothing speaks against it, so that it may be chosen without asking.
    pub is_clear: bool,
}
