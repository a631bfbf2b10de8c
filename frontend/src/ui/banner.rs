//! Lines over everything: no connection, the meeting ended, a failure that belongs to no one place.

use sidelight_domain::words::Word;

use crate::app::App;
use crate::state::trouble::NextStep;
use crate::ui::follow::{some, when};
use crate::ui::icon::{icon, icon_button};
use crate::ui::piece::{Piece, button, el, pieces};
use crate::ui::states::trouble_note;

/// The lines that apply now.
pub(super) fn banners(app: App) -> Piece {
    let is_over = move || app.meeting.with(|meeting| meeting.as_ref().is_some_and(|m| m.ended_at.is_some()));
    let notice = some(
        move || app.notice.get(),
        move |trouble| {
            let step = trouble.step;
            let act = move || {
                app.notice.set(None);
                if step == NextStep::SignIn { app.open_sign_in() } else { app.refresh() }
            };
            let close = icon_button("close", Word::ActionClose.text(), move || app.notice.set(None));
            el("div").class("notice").child(trouble_note(trouble, act)).child(close)
        },
    );
    let is_unauthorised = move || !app.hides_reminder.get() && app.viewer.with(|viewer| !viewer.zoom_authorised);
    pieces()
        .child(when(is_unauthorised, move || reminder(app)))
        .child(when(move || !app.is_connected.get(), || line("offline", Word::BannerOffline, true)))
        .child(when(is_over, || line("video", Word::BannerEnded, false)))
        .child(notice)
}

/// What is missing as long as the app is not authorised, and the one step.
fn reminder(app: App) -> Piece {
    let close = icon_button("close", Word::ActionClose.text(), move || app.hides_reminder.set(true));
    let words = el("p").child(Word::ZoomAuthoriseWhy);
    let step = button("button small").click(move || app.authorize()).child(Word::ZoomAuthorise);
    el("div").class("banner reminder").child(icon("shield")).child(words.child(step)).child(close)
}

fn line(picture: &str, word: Word, is_urgent: bool) -> Piece {
    let line = el("p").class("banner").with_class("is-urgent", is_urgent).attr("role", "status");
    line.child(icon(picture)).child(word)
}
