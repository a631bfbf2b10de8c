//! Who signed in at the tenant: told by the tenant, or proven by Zoom; never taken from what somebody typed alone.

use serde::{Deserialize, Serialize};
use sidelight_api::sign_in::Failure;
use sidelight_domain::ids::Gsid;
use sidelight_domain::{EmailAddress, Licence};
use sidelight_gainsight::{Access, AddressFilter, Addresses, Error, Schema, Spelling, User};
use sidelight_store::SignIn;

use crate::app::App;

/// The object that users are.
const USERS: &str = "GsUser";

/// A user of a tenant, as far as a sign-in needs him.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Identity {
    pub(super) user: Gsid,
    pub(super) email: EmailAddress,
    pub(super) email_spelling: String,
    pub(super) name: String,
    pub(super) licence: Option<Licence>,
    pub(super) is_active: bool,
    /// Whether the tenant said whose token it is. Otherwise it is whom the person who asked claimed to be, and that whoever logged in is
    /// the same person is not known yet.
    pub(super) is_told: bool,
}

impl Identity {
    /// The name in a sign-in that waits for its code.
    pub(super) fn name_in(row: &SignIn) -> String {
        let identity = row.identity.as_deref().and_then(|text| serde_json::from_str::<Self>(text).ok());
        identity.map(|identity| identity.name).unwrap_or_default()
    }

    pub(super) fn of(user: User) -> Option<Self> {
        let User { id, email, name, licence, is_active, .. } = user;
        let email = email?;
        let email_spelling = email.as_str().to_owned();
        Some(Self {
            user: id,
            email: email.address().clone(),
            email_spelling,
            name,
            licence,
            is_active,
            is_told: false,
        })
    }

    /// Whether the browser that logged in and the panel that asked belong to one person for certain: the tenant named the user, and Zoom
    /// the same address. What the panel's own side claimed proves nothing about the browser.
    pub(super) fn is_proven_for(&self, zoom_email: Option<&EmailAddress>) -> bool {
        self.is_told && zoom_email == Some(&self.email)
    }
}

/// Finds out whose token this is.
///
/// The documented API has no call for it. A tenant that offers `/v1/users/me` tells (`gainsight.md` 9). Elsewhere the typed
/// username counts only if Zoom verified the very same address for the person who asks (docs/adr/0004).
pub(super) async fn identify(
    app: &App,
    gainsight: &Access<'_>,
    username: &str,
    zoom_email: Option<&EmailAddress>,
) -> Result<Result<Identity, Failure>, Error> {
    if let Some(user) = app.gainsight.current_user(gainsight).await? {
        let told = Identity::of(user).map(|identity| Identity { is_told: true, ..identity });
        return Ok(told.ok_or(Failure::UnknownUser).and_then(admitted));
    }
    let typed = Spelling::parse(username).filter(|typed| Some(typed.address()) == zoom_email);
    let Some(typed) = typed else {
        return Ok(Err(Failure::IdentityUnproven));
    };
    // Some tenants answer with picklist ids: without the labels a licence could not be read, and everybody would be refused.
    let schema = app.gainsight.describe(gainsight, &[USERS]).await.map(Schema::of).ok();
    let gainsight = schema.as_ref().map_or(*gainsight, |schema| gainsight.knowing(schema));
    // In the typed spelling too: a tenant that compares letter by letter finds its user by that one only.
    let mut found = Vec::new();
    for addresses in Addresses::of([typed], AddressFilter::Chain) {
        found.extend(app.gainsight.users_by_email(&gainsight, &addresses).await?);
    }
    found.sort_by_key(|user| !user.is_active);
    let found = found.into_iter().next().and_then(Identity::of);
    Ok(found.ok_or(Failure::UnknownUser).and_then(admitted))
}

/// Refuses whom the panel is not for (`gainsight.md` 9, 15.1).
pub(super) fn admitted(identity: Identity) -> Result<Identity, Failure> {
    match identity.licence {
        _ if !identity.is_active => Err(Failure::Inactive),
        Some(licence) if licence.may_sign_in() => Ok(identity),
        Some(_) | None => Err(Failure::NoLicence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_active_users_with_a_panel_licence_are_admitted() {
        let identity = |licence, is_active| Identity {
            user: Gsid::new("1P01"),
            email: "ana@lumen.example".parse().unwrap(),
            email_spelling: "Ana@Lumen.example".to_owned(),
            name: "Ana".to_owned(),
            licence,
            is_active,
            is_told: true,
        };
        for licence in Licence::ALL {
            assert_eq!(admitted(identity(Some(licence), true)).is_ok(), licence.may_sign_in());
            assert_eq!(admitted(identity(Some(licence), false)).unwrap_err(), Failure::Inactive);
        }
        assert_eq!(admitted(identity(None, true)).unwrap_err(), Failure::NoLicence);
    }

    #[test]
    fn a_claimed_name_ties_no_browser_to_a_panel() {
        let ana: EmailAddress = "ana@lumen.example".parse().unwrap();
        let identity = |is_told| Identity {
            user: Gsid::new("1P01"),
            email: ana.clone(),
            email_spelling: ana.to_string(),
            name: "Ana".to_owned(),
            licence: None,
            is_active: true,
            is_told,
        };
        let other = "tom@lumen.example".parse().unwrap();
        assert!(identity(true).is_proven_for(Some(&ana)));
        for (is_told, zoom) in [(false, Some(&ana)), (true, Some(&other)), (true, None), (false, None)] {
            assert!(!identity(is_told).is_proven_for(zoom), "{is_told}, {zoom:?}");
        }
    }
}
