//! What a panel is about: a company or one of its relationships, in one tenant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::{Gsid, TenantKey};

/// The two kinds of entity that Gainsight has a 360 page for (`gainsight.md` 7).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EntityKind {
    /// A customer.
    Company,
    /// A product line, project or department of a customer, with a life of its own.
    Relationship,
}

impl EntityKind {
    /// The word used in our URLs and rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Relationship => "relationship",
        }
    }
}

impl fmt::Display for EntityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EntityKind {
    type Err = UnknownEntityKind;
    fn from_str(text: &str) -> Result<Self, UnknownEntityKind> {
        match text {
            "company" => Ok(Self::Company),
            "relationship" => Ok(Self::Relationship),
            _ => Err(UnknownEntityKind),
        }
    }
}

/// Neither `company` nor `relationship`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("expected company or relationship")]
pub struct UnknownEntityKind;

/// Points at a company or relationship in a tenant.
#[derive(Clone, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EntityRef {
    /// The tenant the record lives in.
    pub tenant: TenantKey,
    /// Company or relationship.
    pub kind: EntityKind,
    /// The record.
    pub id: Gsid,
}
