//! Logging out, and what becomes of writes that have not reached Gainsight.

use leptos::prelude::*;
use sidelight_api::session::WaitingWrites;
use sidelight_domain::words::Word;

use crate::app::{App, Overlay, Waiting};
use crate::ui::piece::{dynamic, handler, nothing};
use crate::ui::states::TroubleNote;

const CHOICES: [(WaitingWrites, Word, Word); 3] = [
    (WaitingWrites::SendNow, Word::LogoutSend, Word::LogoutSendWhy),
    (WaitingWrites::KeepAsDraft, Word::LogoutKeep, Word::LogoutKeepWhy),
    (WaitingWrites::Discard, Word::LogoutDiscard, Word::LogoutDiscardWhy),
];

/// The question before a logout.
#[component]
pub(super) fn Logout(app: App) -> impl IntoView {
    let waiting = app.waiting_writes();
    let choice = RwSignal::new(WaitingWrites::KeepAsDraft);
    let text = match waiting {
        0 => Word::LogoutText.text().to_owned(),
        1 => Word::LogoutWaitingOne.text().to_owned(),
        count => Word::LogoutWaiting.fill(&[("count", &count.to_string())]),
    };
    let log_out = move || app.log_out(choice.get_untracked());
    pieces! {
        <h2>{Word::LogoutTitle.text()}</h2>
        <p class="muted">{text}</p>
        {(waiting > 0).then(|| pieces! { <Choices choice /> })}
        {dynamic(move || match app.logout_waits.get() {
            Waiting::Failed(trouble) => pieces! { <TroubleNote trouble on_step=log_out /> },
            Waiting::No | Waiting::Yes => nothing(),
        })}
        <div class="actions">
            <button type="button" class="button" on:click=handler(move |_| app.overlay.set(Overlay::None))>
                {Word::ActionCancel.text()}
            </button>
            <button
                type="button"
                class="button primary"
                disabled=dynamic(move || app.logout_waits.get() == Waiting::Yes)
                on:click=handler(move |_| log_out())
            >
                {Word::MenuLogout.text()}
            </button>
        </div>
    }
}

#[component]
fn Choices(choice: RwSignal<WaitingWrites>) -> impl IntoView {
    piece! {
        <div class="choices" role="radiogroup" aria-label=Word::LogoutTitle.text()>
            {CHOICES
                .into_iter()
                .map(|(value, name, why)| {
                    piece! {
                        <label class="choice">
                            <input
                                type="radio"
                                name="waiting"
                                prop:checked=dynamic(move || choice.get() == value)
                                on:change=handler(move |_| choice.set(value))
                            />
                            <span><b>{name.text()}</b><small>{why.text()}</small></span>
                        </label>
                    }
                })
                .collect_view()}
        </div>
    }
}
