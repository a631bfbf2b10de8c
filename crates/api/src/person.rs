//! Adding people to Gainsight: `POST /people` and `POST /people/find`.

use serde::{Deserialize, Serialize};
use sidelight_domain::person::PersonForm;
use sidelight_domain::{EmailAddress, EntityRef};

/// `POST /people`: adds a person, or links one who is in Gainsight already.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddPerson {
    /// Chosen by the caller. The same key again is the same write: it is neither stored nor sent twice.
    #[cfg_attr(feature = "openapi", schema(example = "3f0c7f1e-6c1b-4b1e-9e3e-0c7f1e6c1b4b"))]
    pub key: String,
    /// Who, and where to.
    pub form: PersonForm,
}

/// `POST /people/find`: who of these is in Gainsight already. A `POST`, because addresses do not belong into a URL.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FindPeople {
    /// The company that they shall belong to, or a relationship of it.
    pub entity: EntityRef,
    /// Whom to look for; twenty at most.
    pub sought: Vec<Sought>,
}

/// Somebody who is looked for: a filled field finds, the other one too.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sought {
    /// The address, as typed.
    pub email: String,
    /// The name, or a part of it.
    pub name: String,
}

/// The answer to `POST /people/find`.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundPeople {
    /// For each who was looked for, in the same order, whoever may be meant: the one with the same address first.
    pub found: Vec<Vec<FoundPerson>>,
    /// What the tenant asks for, besides address and name.
    pub asked: Vec<AskedField>,
    /// Whether there may be more than were found.
    #[serde(default)]
    pub is_cut_off: bool,
}

/// Somebody who is in Gainsight.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FoundPerson {
    /// The address there.
    pub email: EmailAddress,
    /// Full name.
    pub name: String,
    /// The companies that he works for and that the viewer may see, the main one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub companies: Vec<String>,
    /// Whether he has the address that was looked for.
    #[serde(default)]
    pub is_same_address: bool,
    /// Whether he is linked to this company already.
    #[serde(default)]
    pub is_linked: bool,
    /// Whether he was linked to this company, and that is switched off.
    #[serde(default)]
    pub is_former: bool,
}

/// A field that the tenant asks for, when somebody is added or an activity logged.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskedField {
    /// Its name in Gainsight; `title`, `role` and `duration_minutes` for those that every tenant has.
    pub name: String,
    /// Its name on the screen, in the tenant's words.
    pub label: String,
    /// How it is filled in.
    pub kind: AskedKind,
    /// Whether it has to be.
    #[serde(default)]
    pub is_required: bool,
    /// What can be chosen, for a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<AskedOption>,
    /// What stands in it until somebody fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<String>,
}

/// How a field is filled in.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AskedKind {
    /// One line of text.
    Text,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// A day, as `2026-03-02`.
    Date,
    /// One of the options.
    Choice,
}

/// Something that can be chosen.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskedOption {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}
