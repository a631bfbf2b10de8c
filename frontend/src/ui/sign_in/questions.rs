//! The questions that are answered in the panel.

use leptos::prelude::*;
use sidelight_api::sign_in::{DataCentre, Domain};
use sidelight_domain::words::Word;

use crate::app::{App, Waiting};
use crate::state::sign_in::Question;
use crate::ui::icon::Icon;
use crate::ui::piece::{dynamic, handler};

/// What signing in is good for.
#[component]
pub(super) fn Intro(app: App, expired: bool) -> impl IntoView {
    piece! {
        <div class="intro">
            <span class="brand"><Icon name="sidelight" /></span>
            <h1>{Word::SignInIntro.text()}</h1>
            <p class="muted">{Word::SignInIntroText.text()}</p>
            {expired.then(|| piece! { <p class="gap"><Icon name="hint" />{Word::SignInExpiredBefore.text()}</p> })}
            <button type="button" class="button primary big" on:click=handler(move |_| app.ask(Question::Account))>
                {Word::SignInBegin.text()}
            </button>
        </div>
    }
}

/// Gainsight on its own, or from Salesforce.
#[component]
pub(super) fn Account(app: App) -> impl IntoView {
    pieces! {
        <h1>{Word::SignInAccount.text()}</h1>
        <div class="options">
            <button type="button" class="option" on:click=handler(move |_| app.ask(Question::Username))>
                <span><b>{Word::SignInGainsight.text()}</b><small>{Word::SignInGainsightWhy.text()}</small></span>
                <Icon name="forward" />
            </button>
            <button type="button" class="option" aria-disabled="true" aria-describedby="salesforce-why">
                <span>
                    <b>{Word::SignInSalesforce.text()}</b>
                    <small id="salesforce-why">{Word::SignInSalesforceWhy.text()}</small>
                </span>
            </button>
        </div>
    }
}

/// A form with one button that waits while the server is asked.
#[component]
fn Ask(app: App, on_submit: impl Fn() + 'static, can_go: Signal<bool>, children: Children) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if can_go.get_untracked() && app.flow_waits.get_untracked() != Waiting::Yes {
            on_submit();
        }
    };
    let is_waiting = move || app.flow_waits.get() == Waiting::Yes;
    piece! {
        <form class="ask" on:submit=handler(submit)>
            {children()}
            <button type="submit" class="button primary big" disabled=dynamic(move || is_waiting() || !can_go.get())>
                {dynamic(move || if is_waiting() { Word::StateLoading } else { Word::SignInNext }.text())}
            </button>
        </form>
    }
}

/// "Username", then "Next".
#[component]
pub(super) fn Username(app: App) -> impl IntoView {
    let username = RwSignal::new(app.flow.with_untracked(|flow| flow.username.clone()));
    let can_go = Signal::derive(move || !username.with(|name| name.trim().is_empty()));
    pieces! {
        <h1>{Word::SignInGainsight.text()}</h1>
        <Ask app can_go on_submit=move || app.look_up(username.get_untracked())>
            <label class="field">
                <span>{Word::SignInUsername.text()}</span>
                <input
                    type="text"
                    name="username"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    id="sign-in-field"
                    placeholder=Word::SignInUsernameHint.text()
                    prop:value=username
                    on:input=handler(move |event| username.set(event_target_value(&event)))
                />
            </label>
        </Ask>
    }
}

/// "Select domain".
#[component]
pub(super) fn Select(app: App, domains: Vec<Domain>) -> impl IntoView {
    let chosen = RwSignal::new(domains.first().map(|domain| domain.tenant.clone()));
    let can_go = Signal::derive(move || chosen.with(Option::is_some));
    let go = move || {
        let request = app.flow.with_untracked(|flow| flow.request(chosen.get_untracked(), None, None));
        app.make_link(request);
    };
    pieces! {
        <h1 id="select-domain">{Word::SignInSelect.text()}</h1>
        <Ask app can_go on_submit=go>
            <div class="choices" role="radiogroup" aria-labelledby="select-domain">
                {domains
                    .into_iter()
                    .map(|domain| {
                        let (mine, pick) = (domain.tenant.clone(), domain.tenant.clone());
                        let is_chosen = move || chosen.with(|chosen| chosen.as_ref() == Some(&mine));
                        piece! {
                            <label class="choice">
                                <input
                                    type="radio"
                                    name="domain"
                                    prop:checked=is_chosen
                                    on:change=handler(move |_| chosen.set(Some(pick.clone())))
                                />
                                <span><b>{domain.name}" · "{domain.environment}</b><small>{domain.host}</small></span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </Ask>
    }
}

/// "Gainsight Domain" and "Choose Data Center Location".
#[component]
pub(super) fn Typed(app: App, data_centres: Vec<DataCentre>) -> impl IntoView {
    let domain = RwSignal::new(String::new());
    let chosen = RwSignal::new(data_centres.first().map(|centre| centre.label.clone()));
    let can_go =
        Signal::derive(move || !domain.with(|domain| domain.trim().is_empty()) && chosen.with(Option::is_some));
    let go = move || {
        let host = domain.with_untracked(|domain| domain.trim().to_owned());
        let request = app.flow.with_untracked(|flow| flow.request(None, Some(host), chosen.get_untracked()));
        app.make_link(request);
    };
    pieces! {
        <h1>{Word::SignInGainsight.text()}</h1>
        <Ask app can_go on_submit=go>
            <label class="field">
                <span>{Word::SignInDomain.text()}</span>
                <input
                    type="text"
                    inputmode="url"
                    autocapitalize="none"
                    spellcheck="false"
                    id="sign-in-field"
                    placeholder=Word::SignInDomainHint.text()
                    on:input=handler(move |event| domain.set(event_target_value(&event)))
                />
            </label>
            <p class="field-label" id="data-centre">{Word::SignInDataCentre.text()}</p>
            <div class="choices" role="radiogroup" aria-labelledby="data-centre">
                {data_centres
                    .into_iter()
                    .map(|centre| {
                        let (mine, pick) = (centre.label.clone(), centre.label.clone());
                        let is_chosen = move || chosen.with(|chosen| chosen.as_ref() == Some(&mine));
                        piece! {
                            <label class="choice">
                                <input
                                    type="radio"
                                    name="data-centre"
                                    prop:checked=is_chosen
                                    on:change=handler(move |_| chosen.set(Some(pick.clone())))
                                />
                                <span><b>{centre.label}</b><small>{centre.description}</small></span>
                            </label>
                        }
                    })
                    .collect_view()}
            </div>
        </Ask>
    }
}
