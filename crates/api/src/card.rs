//! More about a person: `POST /people/card`.

use serde::{Deserialize, Serialize};
use sidelight_domain::ids::TenantKey;
use sidelight_domain::{EmailAddress, Timestamp};

use crate::timeline::ActivitySummary;

/// Whom it is about. The address goes in the body: addresses do not belong in what servers note down of a request.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CardRequest {
    /// The tenant that knows the person.
    pub tenant: TenantKey,
    /// The person's address there.
    pub email: EmailAddress,
}

/// What a tenant tells of a person, as far as the viewer may see it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Card {
    /// Where the person works, the main employer first, former ones last.
    pub jobs: Vec<Job>,
    /// The latest activities of the customer whose text names the person among those who took part, newest first; absent where they could not
    /// be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activities: Option<Vec<ActivitySummary>>,
    /// The latest call or meeting among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met_at: Option<Timestamp>,
    /// How much was logged for the customer since then, as far as the first page of the Timeline tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<u32>,
    /// A page in Gainsight that leads to the person's record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// What somebody is at a company.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// The company's name.
    pub company: String,
    /// Job title there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Role there, such as "Champion".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Whether it is the main employer, where there are several.
    #[serde(default)]
    pub is_primary: bool,
    /// Whether the person works there no more.
    #[serde(default)]
    pub is_former: bool,
}
