//! Nobody is let in without a word: guests, strangers, organisations without a tenant, missing licences.

use sidelight_domain::access::Reason;
use sidelight_domain::words::Word;

use crate::app::App;
use crate::state::phase::Phase;
use crate::ui::follow::shown;
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces};
use crate::ui::states::empty_page;

/// Why the panel stays closed, who can change it, and the next step. A guest's screen follows him up the ladder.
pub(super) fn blocked(app: App) -> Piece {
    let phase = app.phase.get_untracked();
    shown(move || rung(app, phase), move |rung| closed(app, phase, *rung))
}

/// How far a guest is (`zoom.md` 4.4).
#[derive(Clone, Copy, Eq, PartialEq)]
enum Rung {
    /// Not signed in to Zoom.
    Unknown,
    /// Signed in; the app is not added.
    SignedIn,
    /// Has the app, or the client does not say: only its context names nobody.
    Unnamed,
}

fn rung(app: App, phase: Phase) -> Rung {
    app.zoom_status.with(|status| match status.as_str() {
        "unauthenticated" if phase == Phase::Guest => Rung::Unknown,
        "authenticated" if phase == Phase::Guest => Rung::SignedIn,
        _ => Rung::Unnamed,
    })
}

fn closed(app: App, phase: Phase, rung: Rung) -> Piece {
    let (picture, title, text) = match phase {
        Phase::Guest if rung == Rung::Unknown => ("sign-in", Word::BlockedUnknownTitle, Word::BlockedUnknownText),
        Phase::Guest if rung == Rung::SignedIn => ("users", Word::BlockedSignedInTitle, Word::BlockedSignedInText),
        Phase::NoOrganisation => ("building", Word::BlockedOrganisationTitle, Word::BlockedOrganisationText),
        Phase::NoTenants => ("cloud", Word::BlockedTenantsTitle, Word::BlockedTenantsText),
        Phase::Refused(Reason::Inactive) => ("shield", Word::BlockedInactiveTitle, Word::ErrorInactive),
        Phase::Refused(_) => ("shield", Word::BlockedLicenceTitle, Word::ErrorNoLicence),
        Phase::Guest | Phase::SignIn { .. } | Phase::Ready => {
            ("users", Word::BlockedGuestTitle, Word::BlockedGuestText)
        }
    };
    let steps = el("div")
        .class("stack")
        .child((phase == Phase::Guest).then(|| add_app(app, rung)))
        .child((phase == Phase::NoOrganisation).then(|| authorise(app)))
        .child(matches!(phase, Phase::Refused(_)).then(|| change_account(app)))
        .child(button("button").click(move || app.start_over()).child(Word::BlockedRefresh));
    el("main").class("app page").child(empty_page(picture, title, text).child(steps))
}

fn change_account(app: App) -> Piece {
    pieces()
        .child(button("button primary").click(move || app.open_sign_in()).child(Word::BlockedOtherAccount))
        .child(button("button").click(move || app.begin_logout()).child(Word::MenuLogout))
}

/// The account that the authorisation names may be one that is connected.
fn authorise(app: App) -> Piece {
    button("button primary").click(move || app.authorize()).child(Word::ZoomAuthorise)
}

fn add_app(app: App, rung: Rung) -> Piece {
    let step = if rung == Rung::Unknown { Word::BlockedSignInToZoom } else { Word::BlockedAdd };
    pieces()
        .child(button("button primary").click(move || app.prompt_authorize()).child(step))
        .child(button("button").click(move || app.open_install()).child(icon("external")).child(Word::BlockedInstall))
}
