//! Writes that are not in Gainsight: a line above the note that unfolds.

use leptos::prelude::*;
use sidelight_api::activity::{PendingWrite, SettleWrite, WriteState};
use sidelight_domain::words::Word;

use crate::app::{App, seen};
use crate::state::writes::{needs_attention, open_writes, sentence};
use crate::ui::icon::Icon;
use crate::ui::piece::{dynamic, handler};

/// How many are on their way or need attention; nothing while all is well.
#[component]
pub(super) fn Writes(app: App) -> impl IntoView {
    let open = seen(move || app.writes.with(|writes| open_writes(writes)));
    let unfolded = RwSignal::new(false);
    dynamic(move || {
        let writes = open.get();
        let urgent = writes.iter().any(needs_attention);
        let word = if urgent { Word::WriteAttention } else { Word::WriteOnTheWay };
        (!writes.is_empty()).then(|| {
            piece! {
                <section class="writes" class:is-urgent=urgent>
                    <button
                        type="button"
                        class="writes-head"
                        aria-expanded=dynamic(move || if unfolded.get() { "true" } else { "false" })
                        on:click=handler(move |_| unfolded.update(|unfolded| *unfolded = !*unfolded))
                    >
                        <Icon name=if urgent { "alert" } else { "cloud" } />
                        <span>{word.text()}</span>
                        <span class="count">{writes.len()}</span>
                        <Icon name="chevron" />
                    </button>
                    {dynamic(move || {
                        unfolded
                            .get()
                            .then(|| {
                                let rows = open.get().into_iter().map(|write| pieces! { <WriteRow app write /> });
                                piece! { <ul>{rows.collect_view()}</ul> }
                            })
                    })}
                </section>
            }
        })
    })
}

#[component]
fn WriteRow(app: App, write: PendingWrite) -> impl IntoView {
    let id = write.id;
    let may_reopen = matches!(write.state, WriteState::Refused { .. } | WriteState::Kept);
    let may_try = matches!(write.state, WriteState::Waiting { .. } | WriteState::Kept);
    let signed_out = write.state == WriteState::NeedsSignIn;
    let is_sure = RwSignal::new(false);
    let discard = move |_| {
        if is_sure.get_untracked() { app.settle(id, SettleWrite::Discard) } else { is_sure.set(true) }
    };
    let discard_label = move || if is_sure.get() { Word::WriteDiscardSure } else { Word::WriteDiscard }.text();
    let (subject, entity) = (write.subject.clone(), write.entity_name.clone());
    piece! {
        <li>
            <b>{subject}</b>
            <small>{entity}</small>
            <p>{dynamic(move || sentence(&write, app.now.get()))}</p>
            <div class="row-actions">
                {signed_out
                    .then(|| {
                        piece! {
                            <button type="button" class="button small primary" on:click=handler(move |_| app.open_sign_in())>
                                {Word::WriteSignIn.text()}
                            </button>
                        }
                    })}
                {may_try.then(|| pieces! { <Settle app write=id settle=SettleWrite::TryNow word=Word::WriteTryNow /> })}
                {may_reopen.then(|| pieces! { <Settle app write=id settle=SettleWrite::Reopen word=Word::WriteReopen /> })}
                <button type="button" class="button small quiet" on:click=handler(discard)>{discard_label}</button>
            </div>
        </li>
    }
}

#[component]
fn Settle(app: App, write: sidelight_domain::ids::WriteId, settle: SettleWrite, word: Word) -> impl IntoView {
    piece! {
        <button type="button" class="button small" on:click=handler(move |_| app.settle(write, settle))>
            {word.text()}
        </button>
    }
}
