//! Nobody is let in without a word: guests, strangers, organisations without a tenant, missing licences.

use leptos::prelude::*;
use sidelight_domain::access::Reason;
use sidelight_domain::words::Word;

use crate::app::App;
use crate::state::phase::Phase;
use crate::ui::icon::Icon;
use crate::ui::piece::handler;
use crate::ui::states::Empty;

/// Why the panel stays closed, who can change it, and the next step.
#[component]
pub(super) fn Blocked(app: App, phase: Phase) -> impl IntoView {
    let (icon, title, text) = match phase {
        Phase::NoOrganisation => ("building", Word::BlockedOrganisationTitle, Word::BlockedOrganisationText),
        Phase::NoTenants => ("cloud", Word::BlockedTenantsTitle, Word::BlockedTenantsText),
        Phase::Refused(Reason::Inactive) => ("shield", Word::BlockedInactiveTitle, Word::ErrorInactive),
        Phase::Refused(_) => ("shield", Word::BlockedLicenceTitle, Word::ErrorNoLicence),
        Phase::Guest | Phase::SignIn { .. } | Phase::Ready => {
            ("users", Word::BlockedGuestTitle, Word::BlockedGuestText)
        }
    };
    let is_refused = matches!(phase, Phase::Refused(_));
    piece! {
        <div class="app page">
            <Empty icon title=title.text().to_owned() text=text.text().to_owned()>
                <div class="stack">
                    {(phase == Phase::Guest).then(|| pieces! { <AddApp app /> })}
                    {is_refused
                        .then(|| {
                            pieces! {
                                <button type="button" class="button primary" on:click=handler(move |_| app.open_sign_in())>
                                    {Word::BlockedOtherAccount.text()}
                                </button>
                                <button type="button" class="button" on:click=handler(move |_| app.begin_logout())>
                                    {Word::MenuLogout.text()}
                                </button>
                            }
                        })}
                    <button type="button" class="button" on:click=handler(move |_| app.start_over())>
                        {Word::BlockedRefresh.text()}
                    </button>
                </div>
            </Empty>
        </div>
    }
}

#[component]
fn AddApp(app: App) -> impl IntoView {
    let url = move || app.viewer.with(|viewer| viewer.install_url.clone());
    pieces! {
        <button type="button" class="button primary" on:click=handler(move |_| app.prompt_authorize())>
            {Word::BlockedAdd.text()}
        </button>
        <button type="button" class="button" on:click=handler(move |_| app.open_url(url()))>
            <Icon name="external" />
            {Word::BlockedInstall.text()}
        </button>
    }
}
