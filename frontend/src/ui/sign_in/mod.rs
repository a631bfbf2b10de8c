//! Signing in, one question after the other, with the labels of the product document.

mod browser;
mod questions;

use leptos::prelude::*;
use sidelight_domain::words::Word;

use crate::app::{App, Waiting};
use crate::state::sign_in::Question;
use crate::ui::icon::Icon;
use crate::ui::sign_in::browser::Browser;
use crate::ui::sign_in::questions::{Account, Intro, Select, Typed, Username};
use crate::ui::states::TroubleNote;

/// The question on the screen.
#[component]
pub(super) fn SignIn(
    app: App,
    /// Whether Gainsight no longer accepts an earlier sign-in.
    expired: bool,
) -> impl IntoView {
    let question = Memo::new(move |_| app.flow.with(|flow| flow.question.clone()));
    let has_way_back = move || question.with(|question| !matches!(question, Question::Intro | Question::Welcome));
    let has_note = move || app.composer.with(|composer| !composer.is_empty());
    view! {
        <div class="sign-in">
            {move || {
                has_way_back()
                    .then(|| {
                        view! {
                            <button type="button" class="back" on:click=move |_| app.back()>
                                <Icon name="back" />
                                {Word::ActionBack.text()}
                            </button>
                        }
                    })
            }}
            {move || match question.get() {
                Question::Intro => view! { <Intro app expired /> }.into_any(),
                Question::Account => view! { <Account app /> }.into_any(),
                Question::Username => view! { <Username app /> }.into_any(),
                Question::Select(domains) => view! { <Select app domains /> }.into_any(),
                Question::Typed(data_centres) => view! { <Typed app data_centres /> }.into_any(),
                Question::Browser(sign_in) => view! { <Browser app sign_in=*sign_in /> }.into_any(),
                Question::Welcome => view! { <Welcome /> }.into_any(),
            }}
            {move || match app.flow_waits.get() {
                Waiting::Failed(trouble) => {
                    view! { <TroubleNote trouble on_step=move || app.flow_waits.set(Waiting::No) /> }.into_any()
                }
                Waiting::No | Waiting::Yes => ().into_any(),
            }}
            {move || has_note().then(|| view! { <p class="hint">{Word::SignInNoteKept.text()}</p> })}
        </div>
    }
}

#[component]
fn Welcome() -> impl IntoView {
    view! {
        <div class="welcome">
            <span class="empty-icon is-good"><Icon name="check" /></span>
            <h1>{Word::SignInWelcome.text()}</h1>
            <p class="muted">{Word::SignInWelcomeText.text()}</p>
        </div>
    }
}
