//! The menu ⋯.

use leptos::prelude::*;
use sidelight_api::session::{Standing, Tenant, Theme};
use sidelight_domain::words::Word;

use crate::app::{App, Overlay};
use crate::ui::icon::Icon;
use crate::ui::piece::{dynamic, handler};
use crate::zoom::PopOut;

const THEMES: [(Theme, &str, Word); 3] = [
    (Theme::System, "monitor", Word::MenuThemeSystem),
    (Theme::Light, "sun", Word::MenuThemeLight),
    (Theme::Dark, "moon", Word::MenuThemeDark),
];

/// The list of actions.
#[component]
pub(super) fn Menu(app: App) -> impl IntoView {
    let move_label = move || match app.pop_out.get() {
        Some(PopOut::Undocked) => Word::MenuMerge,
        Some(PopOut::Docked) | None => Word::MenuPopOut,
    };
    let refresh = move || {
        app.overlay.set(Overlay::None);
        app.refresh();
    };
    pieces! {
        {dynamic(move || {
            app.pop_out
                .get()
                .map(|_| pieces! { <Item icon="pop-out" word=move_label() on_press=move || app.move_panel() /> })
        })}
        <Item icon="refresh" word=Word::MenuRefresh on_press=refresh />
        <hr />
        <h3>{Word::MenuTenants.text()}</h3>
        {dynamic(move || app.tenants.get().into_iter().map(|tenant| pieces! { <TenantRow tenant /> }).collect_view())}
        <Item icon="sign-in" word=Word::MenuAddTenant on_press=move || app.open_sign_in() />
        <hr />
        <h3 id="menu-theme">{Word::MenuTheme.text()}</h3>
        <Themes app />
        <hr />
        <Item icon="keyboard" word=Word::MenuShortcuts on_press=move || app.overlay.set(Overlay::Shortcuts) />
        <Item icon="logout" word=Word::MenuLogout on_press=move || app.begin_logout() />
    }
}

#[component]
fn Item(icon: &'static str, word: Word, on_press: impl Fn() + 'static) -> impl IntoView {
    piece! {
        <button type="button" class="menu-item" on:click=handler(move |_| on_press())>
            <Icon name=icon />
            {word.text()}
        </button>
    }
}

#[component]
fn TenantRow(tenant: Tenant) -> impl IntoView {
    let standing = match &tenant.standing {
        Standing::SignedIn { name, .. } => Word::MenuSignedInAs.fill(&[("name", name)]),
        Standing::Expired { .. } => Word::MenuExpired.text().to_owned(),
        Standing::SignedOut => Word::MenuSignedOut.text().to_owned(),
    };
    let state = match tenant.standing {
        Standing::SignedIn { .. } => "is-on",
        Standing::Expired { .. } => "is-expired",
        Standing::SignedOut => "is-off",
    };
    let sandbox = tenant.is_sandbox;
    piece! {
        <div class=format!("menu-tenant {state}") title=tenant.host>
            <span class="dot" aria-hidden="true"></span>
            <span>
                <b>{tenant.name}</b>
                <small>{standing}</small>
            </span>
            <span class="tag" class:is-sandbox=sandbox>{tenant.environment}</span>
            <span class="tag">{tenant.data_centre}</span>
        </div>
    }
}

#[component]
fn Themes(app: App) -> impl IntoView {
    piece! {
        <div class="segments" role="radiogroup" aria-labelledby="menu-theme">
            {THEMES
                .into_iter()
                .map(|(theme, icon, word)| {
                    let is_current = move || app.view.with(|view| view.theme == theme);
                    piece! {
                        <button
                            type="button"
                            role="radio"
                            aria-checked=dynamic(move || if is_current() { "true" } else { "false" })
                            on:click=handler(move |_| app.switch_theme(theme))
                        >
                            <Icon name=icon />
                            {word.text()}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
