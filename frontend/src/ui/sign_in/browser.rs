//! "Continue in your browser": what opens where, and how far it is.

use std::time::Duration;

use leptos::prelude::*;
use sidelight_api::sign_in::{Failure, SignIn, Step};
use sidelight_domain::ids::SignInId;
use sidelight_domain::words::Word;

use crate::app::{App, Waiting, seen};
use crate::browser::{copy, sleep, spawn};
use crate::state::sign_in::{CODE_LENGTH, Question, code_digits, failure, is_expired};
use crate::ui::icon::Icon;
use crate::ui::piece::{dynamic, handler};

/// How long "Copied" stays.
const COPIED: Duration = Duration::from_secs(2);

/// The wait for the browser, or how it ended.
#[component]
pub(super) fn Browser(app: App, sign_in: SignIn) -> impl IntoView {
    let (id, step) = (sign_in.id, sign_in.step.clone());
    let over = seen(move || is_expired(&sign_in, app.now.get()));
    dynamic(move || match step.clone() {
        _ if over.get() => pieces! { <Over app why=Failure::Expired /> },
        Step::Failed { why } => pieces! { <Over app why /> },
        Step::CodeNeeded { name, tries_left } => pieces! { <Code app id name tries_left /> },
        step @ (Step::LinkMade | Step::LinkOpened | Step::SignedIn) => {
            pieces! { <Open app is_opened=step != Step::LinkMade /> }
        }
    })
}

#[component]
fn Open(app: App, is_opened: bool) -> impl IntoView {
    let link = app.flow.with_untracked(|flow| flow.link.clone());
    let state = if is_opened { Word::SignInStepOpened } else { Word::SignInStepMade };
    pieces! {
        <h1>{Word::SignInBrowser.text()}</h1>
        <p class="muted">{Word::SignInBrowserText.text()}</p>
        {match link {
            Some(link) => pieces! { <Link app link is_opened /> },
            None => piece! { <p class="gap"><Icon name="hint" />{Word::SignInLinkElsewhere.text()}</p> },
        }}
        <p class="live" role="status"><span class="pulse" aria-hidden="true"></span>{state.text()}</p>
    }
}

#[component]
fn Link(app: App, link: String, is_opened: bool) -> impl IntoView {
    let copied = RwSignal::new(false);
    let (to_open, to_copy) = (link.clone(), link.clone());
    let copy_it = move |_| {
        let link = to_copy.clone();
        spawn(async move {
            copied.set(copy(&link).await);
            sleep(COPIED).await;
            copied.set(false);
        });
    };
    let label = if is_opened { Word::SignInOpenAgain } else { Word::SignInOpen };
    pieces! {
        <button
            type="button"
            class="button big"
            class:primary=!is_opened
            on:click=handler(move |_| app.open_url(to_open.clone()))
        >
            <Icon name="external" />
            {label.text()}
        </button>
        <label class="field">
            <span>{Word::SignInOrCopy.text()}</span>
            <span class="copy">
                <input type="text" readonly prop:value=link />
                <button type="button" class="button" on:click=handler(copy_it)>
                    <Icon name="copy" />
                    {dynamic(move || if copied.get() { Word::ActionCopied } else { Word::ActionCopy }.text())}
                </button>
            </span>
        </label>
        <p class="hint">{Word::SignInValid.fill(&[("count", "5")])}</p>
    }
}

#[component]
fn Code(app: App, id: SignInId, name: String, tries_left: u32) -> impl IntoView {
    let code = RwSignal::new(String::new());
    let is_whole = move || code.with(|code| code.len() == CODE_LENGTH);
    let confirm = move || {
        if is_whole() && app.flow_waits.get_untracked() != Waiting::Yes {
            app.confirm_code(id, code.get_untracked());
        }
    };
    let typed = move |event: leptos::ev::Event| {
        let digits = code_digits(&event_target_value(&event));
        let was_whole = is_whole();
        code.set(digits);
        if !was_whole {
            confirm();
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        confirm();
    };
    pieces! {
        <h1>{Word::SignInCode.text()}</h1>
        <p class="muted">{Word::SignInStepCode.fill(&[("name", &name)])}</p>
        <form class="ask" on:submit=handler(submit)>
            <input
                class="code"
                type="text"
                inputmode="numeric"
                autocomplete="one-time-code"
                id="sign-in-field"
                maxlength="9"
                aria-label=Word::SignInCode.text()
                aria-describedby="code-tries"
                prop:value=code
                on:input=handler(typed)
            />
            <p class="hint" id="code-tries">{Word::SignInTries.fill(&[("count", &tries_left.to_string())])}</p>
            <button type="submit" class="button primary big" disabled=dynamic(move || !is_whole() || app.flow_waits.get() == Waiting::Yes)>
                {Word::SignInConfirm.text()}
            </button>
        </form>
    }
}

#[component]
fn Over(app: App, why: Failure) -> impl IntoView {
    let label = if why == Failure::Expired { Word::SignInNewLink } else { Word::SignInStartAgain };
    pieces! {
        <span class="empty-icon is-bad"><Icon name="alert" /></span>
        <h1>{Word::SignInFailed.text()}</h1>
        <p class="muted" role="alert">{failure(why).text()}</p>
        <button type="button" class="button primary big" on:click=handler(move |_| app.ask(Question::Username))>
            {label.text()}
        </button>
    }
}
