//! Who may do what: the one place that decides (design 4.8, `gainsight.md` 15).
//!
//! A route names the [`Action`] it performs; the server gathers the caller's [`Standing`]; [`decide`] answers. Whatever is
//! not known is denied: a right that could not be read is a right that nobody has.

use serde::{Deserialize, Serialize};

use crate::Licence;

/// Everything somebody can ask the panel's API to do.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Action {
    /// See that the panel is alive: shell, assets, sign-in pages, webhooks, health. Proven otherwise or not at all.
    VisitPublic,
    /// See one's own session: who am I, which meeting is this, what is missing.
    ReadSession,
    /// Receive live events.
    ListenToEvents,
    /// Hand over the own authorisation at Zoom, which may tell the organisation of somebody who has none yet.
    AuthoriseZoom,
    /// Add what the own client sees of the meeting (names only) to the roster.
    ReportRoster,
    /// Begin, watch, confirm or leave a Gainsight sign-in.
    SignIn,
    /// Keep panel state: selected entity, tab, theme.
    KeepView,
    /// Write and read the own draft.
    KeepDraft,
    /// See the own meetings of the day, notes and calls without a note, and choose what a meeting is about.
    ReadHome,
    /// See and settle the own writes that are on their way or were refused.
    ManageOwnWrites,
    /// See who is in the meeting, resolved against Gainsight.
    ReadPeople,
    /// Say who is in the meeting.
    TickPeople,
    /// Ask those in the meeting for their addresses.
    AskGuests,
    /// Search companies and relationships.
    SearchEntities,
    /// Read Timeline activities.
    ReadTimeline,
    /// Log a Timeline activity: the one write right that every panel licence has (`gainsight.md` 15.2).
    LogActivity,
    /// Change or delete an activity of one's own (`gainsight.md` 15.3).
    ChangeActivity,
    /// Look for somebody in Gainsight in order to add him, add him, link him to a company, change what he is there: Full only
    /// (`gainsight.md` 15.2).
    EditPeople,
}

/// What has to be proven before an action.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scope {
    /// Nothing.
    Public,
    /// A live panel session, which may be a guest's.
    Session,
    /// A session of a Zoom user who is known to an organisation.
    Organisation,
    /// That, and a live sign-in with a panel licence in the tenant concerned.
    Tenant,
    /// That, with a licence that changes records.
    Records,
}

impl Action {
    /// All actions, for tests and tables.
    pub const ALL: [Self; 18] = [
        Self::VisitPublic,
        Self::ReadSession,
        Self::ListenToEvents,
        Self::AuthoriseZoom,
        Self::ReportRoster,
        Self::SignIn,
        Self::KeepView,
        Self::KeepDraft,
        Self::ReadHome,
        Self::ManageOwnWrites,
        Self::ReadPeople,
        Self::TickPeople,
        Self::AskGuests,
        Self::SearchEntities,
        Self::ReadTimeline,
        Self::LogActivity,
        Self::ChangeActivity,
        Self::EditPeople,
    ];

    /// What this action requires.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::VisitPublic => Scope::Public,
            Self::ReadSession | Self::ListenToEvents | Self::AuthoriseZoom => Scope::Session,
            Self::ReportRoster
            | Self::SignIn
            | Self::KeepView
            | Self::KeepDraft
            | Self::ReadHome
            | Self::ManageOwnWrites => Scope::Organisation,
            Self::ReadPeople
            | Self::TickPeople
            | Self::AskGuests
            | Self::SearchEntities
            | Self::ReadTimeline
            | Self::LogActivity
            | Self::ChangeActivity => Scope::Tenant,
            Self::EditPeople => Scope::Records,
        }
    }
}

/// Who the session belongs to, as far as Zoom proved it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Identity {
    /// No session at all.
    Nobody,
    /// A context without `uid`: a guest, at times even a host (`zoom.md` 4.4).
    Guest,
    /// A Zoom user whose organisation is unknown here.
    Stranger,
    /// A Zoom user of an organisation.
    Member,
}

/// How the caller stands in the tenant that a request concerns.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TenantStanding {
    /// No grant, or it was revoked or expired for good.
    SignedOut,
    /// Signed in, but the user record is switched off.
    Inactive,
    /// Signed in, but without any licence that we know.
    Unlicensed,
    /// Signed in with this licence.
    Licensed(Licence),
}

/// What is known about a caller when an action is decided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Standing {
    /// Who.
    pub identity: Identity,
    /// How he stands in the tenant concerned, or in the best of his tenants where the action names none.
    pub tenant: TenantStanding,
}

/// Why an action was refused.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Reason {
    /// There is no session, or it ended.
    NoSession,
    /// Zoom did not say who this is: the app is open in guest mode.
    Guest,
    /// The Zoom user belongs to no organisation of this installation.
    NoOrganisation,
    /// Not signed in to the Gainsight tenant.
    SignedOut,
    /// The Gainsight user is inactive.
    Inactive,
    /// The Gainsight user has no licence, or one that does not open the panel.
    NoLicence,
    /// Somebody else wrote it, and Gainsight tells by no documented way who else may change it.
    NotAuthor,
    /// The licence opens the panel, but reads companies and people only.
    ReadsOnly,
}

/// Who can change a refusal.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Remedy {
    /// The caller: open the panel again.
    Reopen,
    /// The caller: add the app to the own Zoom account.
    AuthoriseZoom,
    /// The caller: sign in to Gainsight.
    SignIn,
    /// Somebody who administers this Sidelight.
    SidelightAdmin,
    /// Somebody who administers the Gainsight tenant.
    GainsightAdmin,
}

impl Reason {
    /// Who can change it.
    #[must_use]
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::NoSession => Remedy::Reopen,
            Self::Guest => Remedy::AuthoriseZoom,
            Self::NoOrganisation => Remedy::SidelightAdmin,
            Self::SignedOut => Remedy::SignIn,
            Self::Inactive | Self::NoLicence | Self::NotAuthor | Self::ReadsOnly => Remedy::GainsightAdmin,
        }
    }
}

/// Decides whether somebody of this standing may do this.
///
/// # Errors
/// The first [`Reason`] that stands in the way, from the outermost boundary inwards.
pub const fn decide(action: Action, standing: Standing) -> Result<(), Reason> {
    let scope = action.scope();
    if matches!(scope, Scope::Public) {
        return Ok(());
    }
    match (standing.identity, scope) {
        (Identity::Nobody, _) => Err(Reason::NoSession),
        (_, Scope::Session | Scope::Public) | (Identity::Member, Scope::Organisation) => Ok(()),
        (Identity::Guest, _) => Err(Reason::Guest),
        (Identity::Stranger, _) => Err(Reason::NoOrganisation),
        (Identity::Member, Scope::Tenant | Scope::Records) => match standing.tenant {
            TenantStanding::SignedOut => Err(Reason::SignedOut),
            TenantStanding::Inactive => Err(Reason::Inactive),
            TenantStanding::Licensed(licence) if !licence.may_sign_in() => Err(Reason::NoLicence),
            TenantStanding::Unlicensed => Err(Reason::NoLicence),
            TenantStanding::Licensed(licence) if matches!(scope, Scope::Records) && !licence.may_edit_records() => {
                Err(Reason::ReadsOnly)
            }
            TenantStanding::Licensed(_) => Ok(()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: TenantStanding = TenantStanding::Licensed(Licence::Full);

    fn asked(action: Action, identity: Identity, tenant: TenantStanding) -> Result<(), Reason> {
        decide(action, Standing { identity, tenant })
    }

    #[test]
    fn nobody_gets_past_the_public_door() {
        for action in Action::ALL {
            let expected = if action == Action::VisitPublic { Ok(()) } else { Err(Reason::NoSession) };
            assert_eq!(asked(action, Identity::Nobody, FULL), expected, "{action:?}");
        }
    }

    #[test]
    fn a_guest_sees_his_session_and_nothing_of_a_customer() {
        for action in Action::ALL {
            let allowed = asked(action, Identity::Guest, FULL).is_ok();
            assert_eq!(allowed, matches!(action.scope(), Scope::Public | Scope::Session), "{action:?}");
        }
    }

    #[test]
    fn customer_data_needs_a_live_licence() {
        let cases = [
            (TenantStanding::SignedOut, Err(Reason::SignedOut)),
            (TenantStanding::Inactive, Err(Reason::Inactive)),
            (TenantStanding::Unlicensed, Err(Reason::NoLicence)),
            (TenantStanding::Licensed(Licence::External), Err(Reason::NoLicence)),
            (TenantStanding::Licensed(Licence::InternalCollaborator), Err(Reason::NoLicence)),
            (TenantStanding::Licensed(Licence::Viewer), Ok(())),
            (TenantStanding::Licensed(Licence::ViewerAnalytics), Ok(())),
            (FULL, Ok(())),
        ];
        for action in Action::ALL.into_iter().filter(|action| action.scope() == Scope::Tenant) {
            for (tenant, expected) in cases {
                assert_eq!(asked(action, Identity::Member, tenant), expected, "{action:?} {tenant:?}");
            }
        }
    }

    #[test]
    fn only_a_full_licence_changes_records() {
        for licence in Licence::ALL {
            let expected = match licence {
                Licence::Full => Ok(()),
                Licence::Viewer | Licence::ViewerAnalytics => Err(Reason::ReadsOnly),
                Licence::InternalCollaborator | Licence::External => Err(Reason::NoLicence),
            };
            let found = asked(Action::EditPeople, Identity::Member, TenantStanding::Licensed(licence));
            assert_eq!(found, expected, "{licence}");
        }
        assert_eq!(asked(Action::EditPeople, Identity::Member, TenantStanding::SignedOut), Err(Reason::SignedOut));
        assert_eq!(Reason::ReadsOnly.remedy(), Remedy::GainsightAdmin);
    }

    #[test]
    fn drafts_and_waiting_writes_outlive_a_sign_out() {
        for action in [Action::KeepDraft, Action::ManageOwnWrites, Action::SignIn, Action::KeepView] {
            assert_eq!(asked(action, Identity::Member, TenantStanding::SignedOut), Ok(()));
            assert_eq!(asked(action, Identity::Stranger, FULL), Err(Reason::NoOrganisation));
        }
    }
}
