//! Signing in, one question after the other, with the labels of the product document.

mod browser;
mod questions;

use leptos::prelude::*;
use sidelight_domain::words::Word;

use crate::app::{App, Waiting, seen};
use crate::state::sign_in::Question;
use crate::ui::icon::Icon;
use crate::ui::piece::{dynamic, handler, nothing};
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
    let question = seen(move || app.flow.with(|flow| flow.question.clone()));
    let has_way_back = move || question.with(|question| !matches!(question, Question::Intro | Question::Welcome));
    let has_note = move || app.composer.with(|composer| !composer.is_empty());
    piece! {
        <div class="sign-in">
            {dynamic(move || {
                has_way_back()
                    .then(|| {
                        piece! {
                            <button type="button" class="back" on:click=handler(move |_| app.back())>
                                <Icon name="back" />
                                {Word::ActionBack.text()}
                            </button>
                        }
                    })
            })}
            {dynamic(move || match question.get() {
                Question::Intro => pieces! { <Intro app expired /> },
                Question::Account => pieces! { <Account app /> },
                Question::Username => pieces! { <Username app /> },
                Question::Select(domains) => pieces! { <Select app domains /> },
                Question::Typed(data_centres) => pieces! { <Typed app data_centres /> },
                Question::Browser(sign_in) => pieces! { <Browser app sign_in=*sign_in /> },
                Question::Welcome => pieces! { <Welcome /> },
            })}
            {dynamic(move || match app.flow_waits.get() {
                Waiting::Failed(trouble) => {
                    pieces! { <TroubleNote trouble on_step=move || app.flow_waits.set(Waiting::No) /> }
                }
                Waiting::No | Waiting::Yes => nothing(),
            })}
            {dynamic(move || has_note().then(|| piece! { <p class="hint">{Word::SignInNoteKept.text()}</p> }))}
        </div>
    }
}

#[component]
fn Welcome() -> impl IntoView {
    piece! {
        <div class="welcome">
            <span class="empty-icon is-good"><Icon name="check" /></span>
            <h1>{Word::SignInWelcome.text()}</h1>
            <p class="muted">{Word::SignInWelcomeText.text()}</p>
        </div>
    }
}
