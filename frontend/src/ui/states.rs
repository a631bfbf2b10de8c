//! The states that every screen shares: loading, nothing there, something went wrong.

use leptos::prelude::*;
use sidelight_domain::words::Word;

use crate::state::trouble::{NextStep, Trouble};
use crate::ui::icon::Icon;
use crate::ui::piece::handler;

/// Grey lines where rows will be; a screen reader hears "Loading…".
#[component]
pub(super) fn Loading(
    /// How many rows.
    rows: usize,
) -> impl IntoView {
    piece! {
        <div class="skeleton" role="status" aria-label=Word::StateLoading.text()>
            {(0..rows).map(|_| piece! { <div class="skeleton-row"><i></i><b></b><b></b></div> }).collect_view()}
        </div>
    }
}

/// Nothing is there, why, and what to do.
#[component]
pub(super) fn Empty(
    /// The name of a picture.
    icon: &'static str,
    /// What is not there.
    title: String,
    /// Why, or what to do.
    text: String,
    /// A next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    piece! {
        <div class="empty">
            <span class="empty-icon"><Icon name=icon /></span>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}

/// Something went wrong: what, what was kept, what to do, and the details for whoever helps.
#[component]
pub(super) fn TroubleNote(
    /// What went wrong.
    trouble: Trouble,
    /// Tries again, or signs in where that is the next step.
    on_step: impl Fn() + 'static,
) -> impl IntoView {
    let label = match trouble.step {
        NextStep::TryAgain => Some(Word::ActionTryAgain.text().to_owned()),
        NextStep::Wait(seconds) => Some(Word::ActionWait.fill(&[("count", &seconds.to_string())])),
        NextStep::SignIn => Some(Word::ActionSignIn.text().to_owned()),
        NextStep::Reopen => Some(Word::ActionReopen.text().to_owned()),
        NextStep::Nothing => None,
    };
    let step = trouble.step;
    let press = move |_| {
        if step == NextStep::Reopen
            && let Some(window) = web_sys::window()
        {
            // A page that cannot be loaded again shows its own error.
            drop(window.location().reload());
        } else {
            on_step();
        }
    };
    piece! {
        <div class="trouble" role="alert">
            <Icon name="alert" />
            <div>
                <p>{trouble.message.clone()}</p>
                {trouble.details.clone().map(|details| {
                    piece! {
                        <details>
                            <summary>{Word::TroubleDetails.text()}</summary>
                            <code>{details}</code>
                        </details>
                    }
                })}
                {label.map(|label| piece! { <button type="button" class="button small" on:click=handler(press)>{label}</button> })}
            </div>
        </div>
    }
}
