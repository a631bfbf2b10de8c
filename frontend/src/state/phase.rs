//! Which of its big screens the panel shows, told from what the server says of the viewer.

use sidelight_api::session::{Panel, Standing, Tenant};
use sidelight_domain::Licence;
use sidelight_domain::access::Reason;

/// The big screens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Phase {
    /// Zoom did not say who this is.
    Guest,
    /// The Zoom user belongs to no organisation here.
    NoOrganisation,
    /// The organisation has no Gainsight tenant.
    NoTenants,
    /// Nobody is signed in to any tenant.
    SignIn {
        /// Whether there was a sign-in that Gainsight no longer accepts.
        expired: bool,
    },
    /// Signed in, but not let in.
    Refused(Reason),
    /// The shell with its tabs.
    Ready,
}

impl Phase {
    /// Whether the server takes nothing from this viewer.
    #[must_use]
    pub const fn is_stranger(self) -> bool {
        matches!(self, Self::Guest | Self::NoOrganisation)
    }
}

/// Tells the screen.
#[must_use]
pub fn phase(panel: &Panel) -> Phase {
    match panel.viewer.blocked {
        Some(Reason::Guest | Reason::NoSession) => return Phase::Guest,
        Some(Reason::NoOrganisation) => return Phase::NoOrganisation,
        Some(reason @ (Reason::Inactive | Reason::NoLicence)) => return Phase::Refused(reason),
        // That somebody else wrote something, or that records are for reading only, concerns that alone.
        Some(Reason::SignedOut | Reason::NotAuthor | Reason::ReadsOnly) | None => {}
    }
    if panel.tenants.is_empty() {
        return Phase::NoTenants;
    }
    if panel.tenants.iter().any(is_usable) {
        return Phase::Ready;
    }
    panel.tenants.iter().find_map(refusal).map_or_else(
        || Phase::SignIn {
            expired: panel.tenants.iter().any(|tenant| matches!(tenant.standing, Standing::Expired { .. })),
        },
        Phase::Refused,
    )
}

/// Whether the viewer may read and write in this tenant.
#[must_use]
pub fn is_usable(tenant: &Tenant) -> bool {
    matches!(
        tenant.standing,
        Standing::SignedIn { licence: Some(licence), is_active: true, .. } if Licence::may_sign_in(licence)
    )
}

/// Why a sign-in to this tenant does not let the viewer in, if so.
#[must_use]
pub fn refusal(tenant: &Tenant) -> Option<Reason> {
    match &tenant.standing {
        Standing::SignedIn { is_active: false, .. } => Some(Reason::Inactive),
        Standing::SignedIn { licence, .. } if !licence.is_some_and(Licence::may_sign_in) => Some(Reason::NoLicence),
        Standing::SignedIn { .. } | Standing::SignedOut | Standing::Expired { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::{panel, signed_in, tenant};

    fn standing_in(standings: Vec<Standing>) -> Phase {
        let mut panel = panel();
        panel.tenants = standings.into_iter().map(|standing| Tenant { standing, ..tenant("lumen") }).collect();
        phase(&panel)
    }

    #[test]
    fn the_best_tenant_decides() {
        let active = |licence| signed_in(Some(licence), true);
        let expired = || Standing::Expired { email: "c@v.test".parse().unwrap() };
        let cases = [
            (vec![], Phase::NoTenants),
            (vec![Standing::SignedOut], Phase::SignIn { expired: false }),
            (vec![expired(), Standing::SignedOut], Phase::SignIn { expired: true }),
            (vec![expired(), active(Licence::Viewer)], Phase::Ready),
            (vec![signed_in(None, true)], Phase::Refused(Reason::NoLicence)),
            (vec![active(Licence::External), Standing::SignedOut], Phase::Refused(Reason::NoLicence)),
            (vec![signed_in(Some(Licence::Full), false)], Phase::Refused(Reason::Inactive)),
            (vec![signed_in(Some(Licence::Full), false), active(Licence::Full)], Phase::Ready),
        ];
        for (standings, expected) in cases {
            assert_eq!(standing_in(standings.clone()), expected, "{standings:?}");
        }
    }

    #[test]
    fn a_guest_is_never_asked_to_sign_in() {
        let mut panel = panel();
        panel.tenants = vec![tenant("lumen")];
        for (reason, expected) in [(Reason::Guest, Phase::Guest), (Reason::NoOrganisation, Phase::NoOrganisation)] {
            panel.viewer.blocked = Some(reason);
            assert_eq!(phase(&panel), expected);
        }
    }
}
