//! What the reference leaves open about Salesforce (`salesforce.md`), playable both ways.

use crate::control::{Switch, Values};

macro_rules! switches {
    ($($name:ident = $spelled:literal, $section:literal, $about:literal, $values:expr;)*) => {
        $(pub(crate) static $name: Switch =
            Switch { name: $spelled, section: $section, about: $about, values: $values, differs: &[] };)*
        /// All of them.
        pub(crate) const ALL: &[&Switch] = &[$(&$name),*];
    };
}

switches! {
    ID_TOKEN_ALGORITHM = "salesforce.id_token_algorithm", "salesforce token answer",
        "How an id token is signed: with the published key, or with the client secret.",
        Values::OneOf(&["RS256", "HS256"]);
    PKCE = "salesforce.pkce", "salesforce flow",
        "Whether the connected app asks for a code challenge.",
        Values::OneOf(&["optional", "required"]);
    ID_FORM = "salesforce.id_form", "salesforce id forms",
        "In which form ids are told.",
        Values::OneOf(&["18", "15"]);
    CODE_SECONDS = "salesforce.code_seconds", "salesforce flow",
        "How long an authorization code lives.",
        Values::Number { default: 900, most: 3_600 };
    ACCESS_SECONDS = "salesforce.access_seconds", "salesforce token answer",
        "How long an access token lives; the answer does not say.",
        Values::Number { default: 7_200, most: 86_400 };
}
