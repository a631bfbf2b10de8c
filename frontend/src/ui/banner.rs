//! Lines over everything: no connection, the meeting ended, a failure that belongs to no one place.

use leptos::prelude::*;
use sidelight_domain::words::Word;

use crate::app::{App, seen};
use crate::state::trouble::NextStep;
use crate::ui::icon::{Icon, IconButton};
use crate::ui::piece::dynamic;
use crate::ui::states::TroubleNote;

/// The lines that apply now.
#[component]
pub(super) fn Banners(app: App) -> impl IntoView {
    let is_over = seen(move || app.meeting.with(|meeting| meeting.as_ref().is_some_and(|m| m.ended_at.is_some())));
    pieces! {
        {dynamic(move || (!app.is_connected.get()).then(|| pieces! { <Line icon="offline" word=Word::BannerOffline is_urgent=true /> }))}
        {dynamic(move || is_over.get().then(|| pieces! { <Line icon="video" word=Word::BannerEnded is_urgent=false /> }))}
        {dynamic(move || {
            app.notice
                .get()
                .map(|trouble| {
                    let step = trouble.step;
                    let act = move || {
                        app.notice.set(None);
                        if step == NextStep::SignIn { app.open_sign_in() } else { app.refresh() }
                    };
                    piece! {
                        <div class="notice">
                            <TroubleNote trouble on_step=act />
                            <IconButton
                                name="close"
                                label=Word::ActionClose.text()
                                on_press=move || app.notice.set(None)
                            />
                        </div>
                    }
                })
        })}
    }
}

#[component]
fn Line(icon: &'static str, word: Word, is_urgent: bool) -> impl IntoView {
    piece! {
        <p class="banner" class:is-urgent=is_urgent role="status">
            <Icon name=icon />
            {word.text()}
        </p>
    }
}
