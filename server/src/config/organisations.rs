//! `[[organisations]]`: the outermost boundary (design 4.8). A self-hosted installation has one and never mentions it.

use sidelight_domain::ids::{OrganisationKey, ZoomAccountId};

use super::reader::Section;

/// An organisation as the operator registered it.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Stable short name.
    pub key: OrganisationKey,
    /// Name on the screen.
    pub name: String,
    /// Zoom accounts that belong to it, where several organisations share one Zoom app.
    pub zoom_accounts: Vec<ZoomAccountId>,
}

/// Name of the only organisation of an installation that registers none.
pub(super) const DEFAULT: &str = "default";

pub(super) fn read(root: &mut Section<'_>) -> Vec<Organisation> {
    let mut organisations: Vec<Organisation> = Vec::new();
    root.each("organisations", |section| {
        let Some(key) = section.required("key") else { return };
        if organisations.iter().any(|known| known.key.as_str() == key) {
            section.mistake("key", "is used twice");
        }
        let name = section.text("name").unwrap_or_else(|| key.clone());
        let zoom_accounts = section.list("zoom_accounts").into_iter().map(ZoomAccountId::new).collect();
        organisations.push(Organisation { key: OrganisationKey::new(key), name, zoom_accounts });
    });
    if organisations.is_empty() {
        let key = OrganisationKey::new(DEFAULT);
        organisations.push(Organisation { key, name: "Sidelight".to_owned(), zoom_accounts: Vec::new() });
    }
    organisations
}
