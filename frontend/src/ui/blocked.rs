//! Nobody is let in without a word: guests, strangers, organisations without a tenant, missing licences.

use sidelight_domain::access::Reason;
use sidelight_domain::words::Word;

use crate::app::App;
use crate::state::phase::Phase;
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces};
use crate::ui::states::empty_page;

/// Why the panel stays closed, who can change it, and the next step.
pub(super) fn blocked(app: App, phase: Phase) -> Piece {
    let (picture, title, text) = match phase {
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
        .child((phase == Phase::Guest).then(|| add_app(app)))
        .child(matches!(phase, Phase::Refused(_)).then(|| change_account(app)))
        .child(button("button").click(move || app.start_over()).child(Word::BlockedRefresh));
    el("main").class("app page").child(empty_page(picture, title, text).child(steps))
}

fn change_account(app: App) -> Piece {
    pieces()
        .child(button("button primary").click(move || app.open_sign_in()).child(Word::BlockedOtherAccount))
        .child(button("button").click(move || app.begin_logout()).child(Word::MenuLogout))
}

fn add_app(app: App) -> Piece {
    let install = move || app.open_url(&app.viewer.with_untracked(|viewer| viewer.install_url.clone()));
    pieces()
        .child(button("button primary").click(move || app.prompt_authorize()).child(Word::BlockedAdd))
        .child(button("button").click(install).child(icon("external")).child(Word::BlockedInstall))
}
