//! "Use the calendar invitation": addresses where Zoom tells none.

use sidelight_domain::words::Word;

use crate::app::{App, Waiting};
use crate::browser::{chosen_file, text_of};
use crate::ui::follow::{shown, some, when};
use crate::ui::icon::icon;
use crate::ui::late::{INVITATION, late};
use crate::ui::piece::{Piece, button, el, pieces, words};

/// A line that opens the field; and, once one was brought, how many it names.
pub(super) fn invitation(app: App) -> Piece {
    let is_open = move || app.invitation.with(|invitation| invitation.is_open);
    let line = button("tick-line")
        .says("aria-expanded", is_open)
        .click(move || app.invitation.update(|invitation| invitation.is_open = !invitation.is_open))
        .child(icon("calendar"))
        .child(el("span").child(Word::InvitationTitle))
        .child(icon("chevron"));
    let brought = some(move || app.people.with(|people| people.invited), move |count| names(app, *count));
    el("section").class("tick-list").child(line).child(when(is_open, move || late(app, &INVITATION, 1))).child(brought)
}

fn names(app: App, count: u32) -> Piece {
    let said = match count {
        1 => Word::InvitationOne.text().to_owned(),
        _ => Word::InvitationCount.fill(&[("count", &count.to_string())]),
    };
    let forget = button("button small").click(move || app.forget_invitation()).child(Word::InvitationForget);
    el("p").class("invitation-brought").child(el("span").child(said)).child(forget)
}

/// Where it is pasted or chosen.
pub(super) fn field(app: App) -> Piece {
    let typed = move |text| app.invitation.update(|invitation| invitation.text = text);
    let text = el("textarea")
        .label(Word::InvitationText.text())
        .attr("rows", "4")
        .attr("spellcheck", "false")
        .value_of(move || app.invitation.with(|invitation| invitation.text.clone()))
        .on("input", move |event| typed(text_of(&event)));
    let file = el("input").attr("type", "file").attr("accept", ".ics,text/calendar").on("change", move |event| {
        chosen_file(&event, typed);
    });
    let choose = el("label").class("button small").child(file).child(Word::InvitationFile);
    let bring = button("button small primary")
        .is("disabled", move || app.invitation.with(|it| it.waiting == Waiting::Yes || it.text.trim().is_empty()))
        .click(move || app.bring_invitation())
        .child(Word::InvitationUse);
    let refusal = shown(
        move || app.invitation.with(|invitation| invitation.waiting.clone()),
        |waiting| match waiting {
            Waiting::Failed(trouble) => {
                let message = trouble.fields.first().map_or(&trouble.message, |field| &field.message);
                el("p").class("field-error").attr("role", "alert").child(message.as_str())
            }
            Waiting::No | Waiting::Yes => pieces(),
        },
    );
    let why = el("p").class("hint").child(words(|| Word::InvitationWhy.text().to_owned()));
    pieces().child(why).child(text).child(refusal).child(el("div").class("invitation-steps").child(choose).child(bring))
}
