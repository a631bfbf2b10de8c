//! The menu ⋯.

use sidelight_api::session::{Standing, Tenant, Theme, Viewer};
use sidelight_domain::words::Word;

use crate::app::{App, Overlay};
use crate::ui::follow::{shown, some};
use crate::ui::icon::icon;
use crate::ui::piece::{Piece, button, el, pieces};
use crate::zoom::PopOut;

const THEMES: [(Theme, &str, Word); 3] = [
    (Theme::System, "monitor", Word::MenuThemeSystem),
    (Theme::Light, "sun", Word::MenuThemeLight),
    (Theme::Dark, "moon", Word::MenuThemeDark),
];

/// The list of actions.
pub(super) fn menu(app: App) -> Piece {
    let refresh = move || {
        app.overlay.set(Overlay::None);
        app.refresh();
    };
    let moving = some(
        move || app.pop_out.get(),
        move |place| {
            let word = if *place == PopOut::Undocked { Word::MenuMerge } else { Word::MenuPopOut };
            item("pop-out", word, move || app.move_panel())
        },
    );
    let tenants = shown(move || app.tenants.get(), |tenants| tenants.iter().map(tenant_row).collect());
    let inviting = app.may_invite().then(|| item("users", Word::MenuInvite, move || app.invite()));
    pieces()
        .child(moving)
        .child(inviting)
        .child(item("refresh", Word::MenuRefresh, refresh))
        .child(el("hr"))
        .child(el("h3").child(Word::MenuTenants))
        .child(tenants)
        .child(item("sign-in", Word::MenuAddTenant, move || app.open_sign_in()))
        .child(shown(move || app.viewer.get(), move |viewer| zoom(app, viewer)))
        .child(el("hr"))
        .child(el("h3").id("menu-theme").child(Word::MenuTheme))
        .child(themes(app))
        .child(el("hr"))
        .child(item("keyboard", Word::MenuShortcuts, move || app.overlay.set(Overlay::Shortcuts)))
        .child(item("logout", Word::MenuLogout, move || app.begin_logout()))
}

/// What Zoom may be asked, where that is less than all of it.
fn zoom(app: App, viewer: &Viewer) -> Piece {
    let declined = viewer.declined.iter().map(|permission| el("p").class("hint").child(permission.missing()));
    let step = match (viewer.zoom_authorised, viewer.declined.is_empty()) {
        (true, true) => return pieces(),
        (true, false) => item("external", Word::MenuAllow, move || app.open_install()),
        (false, _) => item("shield", Word::ZoomAuthorise, move || app.authorize()),
    };
    pieces().child(el("hr")).child(el("h3").child(Word::MenuZoom)).child(declined.collect::<Piece>()).child(step)
}

fn item(picture: &str, word: Word, press: impl Fn() + 'static) -> Piece {
    button("menu-item").click(press).child(icon(picture)).child(word)
}

fn tenant_row(tenant: &Tenant) -> Piece {
    let (state, standing) = match &tenant.standing {
        Standing::SignedIn { name, .. } => ("is-on", Word::MenuSignedInAs.fill(&[("name", name)])),
        Standing::Expired { .. } => ("is-expired", Word::MenuExpired.text().to_owned()),
        Standing::SignedOut => ("is-off", Word::MenuSignedOut.text().to_owned()),
    };
    let name = el("span").child(el("b").child(tenant.name.as_str())).child(el("small").child(standing));
    el("div")
        .class(&format!("menu-tenant {state}"))
        .attr("title", &tenant.host)
        .child(el("span").class("dot").attr("aria-hidden", "true"))
        .child(name)
        .child(environment_tag(tenant))
        .child(el("span").class("tag").child(tenant.data_centre.as_str()))
}

/// The name of a tenant's environment; a Sandbox is unmistakable.
pub(super) fn environment_tag(tenant: &Tenant) -> Piece {
    el("span").class("tag").with_class("is-sandbox", tenant.is_sandbox).child(tenant.environment.as_str())
}

fn themes(app: App) -> Piece {
    let one = |(theme, picture, word): (Theme, &str, Word)| {
        el("button")
            .attr("type", "button")
            .attr("role", "radio")
            .says("aria-checked", move || app.view.with(|view| view.theme == theme))
            .click(move || app.switch_theme(theme))
            .child(icon(picture))
            .child(word)
    };
    let segments = el("div").class("segments").attr("role", "radiogroup").attr("aria-labelledby", "menu-theme");
    segments.child(THEMES.into_iter().map(one).collect::<Piece>())
}
