//! Signing in to a Gainsight tenant with the protected link of design 4.3: `/sign-in`.

use serde::{Deserialize, Serialize};
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{SignInId, TenantKey};

/// `POST /sign-in/look-up`: which way leads in for a username.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookUp {
    /// What the person typed under "Username".
    pub username: String,
}

/// The answer: the branches of the product document (`gainsight.md` 3). Known and unknown usernames get the same shape.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "branch", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Branch {
    /// One domain: straight on to its login window.
    Single {
        /// Where.
        domain: Domain,
    },
    /// One domain with several environments: "Select domain".
    Environments {
        /// What can be selected.
        domains: Vec<Domain>,
    },
    /// None or several: type the domain and choose its data centre.
    Typed {
        /// The data centres on offer.
        data_centres: Vec<DataCentre>,
    },
}

/// A registered tenant that a username may belong to.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Domain {
    /// The operator's short name.
    pub tenant: TenantKey,
    /// The name on the screen.
    pub name: String,
    /// Its host.
    pub host: String,
    /// "Production", "Sandbox", …
    pub environment: String,
}

/// An entry of "Choose Data Center Location".
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataCentre {
    /// "US1", …
    pub label: String,
    /// The product document's sentence about it.
    pub description: String,
}

/// "Gainsight Account" or "Salesforce Account" (`gainsight.md` 3).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Account {
    /// The person's login at the tenant.
    #[default]
    Gainsight,
    /// The login in the Salesforce organisation from which the tenant is entered.
    Salesforce,
}

impl Account {
    /// The name in our JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gainsight => "gainsight",
            Self::Salesforce => "salesforce",
        }
    }
}

/// `POST /sign-in`: makes a one-time link.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInRequest {
    /// With which account. Salesforce asks for the username itself, and its answer tells the tenant.
    #[serde(default)]
    pub account: Account,
    /// What the person typed under "Username".
    #[serde(default)]
    pub username: String,
    /// The tenant, from [`Branch::Single`] or [`Branch::Environments`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantKey>,
    /// The typed domain, from [`Branch::Typed`]. It selects among registered tenants and never opens a new host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The chosen data centre, from [`Branch::Typed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_centre: Option<String>,
}

/// A sign-in under way, as the panel that began it sees it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// Which one.
    pub id: SignInId,
    /// Where to.
    pub tenant: TenantKey,
    /// The one-time link. Told once, to the panel that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// When the link dies.
    pub expires_at: Timestamp,
    /// How far it is.
    pub step: Step,
}

/// How far a sign-in is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Step {
    /// Nobody opened the link yet.
    LinkMade,
    /// Somebody did, in some browser.
    LinkOpened,
    /// Gainsight said who it is; the code from the browser page must be typed.
    CodeNeeded {
        /// Who signed in there.
        name: String,
        /// How often a wrong code may still be typed.
        tries_left: u32,
    },
    /// Done.
    SignedIn,
    /// Over, without a sign-in.
    Failed {
        /// Why.
        why: Failure,
    },
}

/// Why a sign-in came to nothing.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Failure {
    /// Five minutes passed.
    Expired,
    /// The person declined on the tenant's page.
    Declined,
    /// The tenant refused our application; its administrator has to look.
    ApplicationRefused,
    /// The tenant did not answer.
    TenantDown,
    /// Gainsight does not tell us who signed in, and Zoom's verified address is not the username.
    IdentityUnproven,
    /// The tenant knows no such user.
    UnknownUser,
    /// The user is inactive.
    Inactive,
    /// The user has no licence for the panel.
    NoLicence,
    /// The wrong code was typed too often.
    WrongCode,
    /// A newer sign-in took its place.
    Replaced,
}

/// `POST /sign-in/{id}/code`: ties the browser's sign-in to this panel.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeRequest {
    /// What the browser page shows.
    pub code: String,
}
