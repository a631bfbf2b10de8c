//! Saying who somebody really is.

use sidelight_api::people::{Attendee, CorrectionRequest};
use sidelight_domain::attendees::Group;
use sidelight_domain::words::Word;

use crate::app::App;
use crate::browser::text_of;
use crate::ui::follow::shown;
use crate::ui::piece::{Piece, button, el};

/// The value of the choice "Nobody in Gainsight".
const NOBODY: &str = "-";

/// Chooses another person of the customer, or none; or takes a correction back.
pub(super) fn correction(app: App, attendee: &Attendee) -> Option<Piece> {
    if let (Some(by), Some(tenant)) = (&attendee.corrected_by, &attendee.corrected_in) {
        let undone =
            CorrectionRequest { participant: attendee.id, tenant: tenant.clone(), email: None, is_undone: true };
        let undo = button("button small").click(move || app.correct(&undone));
        return Some(el("div").class("person-settle").child(undo.child(Word::CorrectionUndo.fill(&[("name", by)]))));
    }
    let is_open = !attendee.is_viewer && !matches!(attendee.group, Group::Colleague | Group::Device);
    let of = app.selected().filter(|_| is_open)?;
    app.load_contacts(of.clone());
    let (participant, own) = (attendee.id, attendee.email.clone());
    let options = shown(
        move || app.ticks.with(|ticks| ticks.revision),
        move |_| {
            let people = app.ticks.with_untracked(|ticks| ticks.people.clone());
            let one = |value: &str, text: &str| el("option").attr("value", value).child(text);
            let contacts = people.into_iter().filter(|person| own.as_ref() != Some(&person.email));
            let contacts = contacts.map(|person| {
                let text =
                    person.title.map_or_else(|| person.name.clone(), |title| format!("{}, {title}", person.name));
                one(person.email.as_str(), &text)
            });
            let all = [one("", Word::CorrectionChoose.text())].into_iter().chain(contacts);
            all.chain([one(NOBODY, Word::CorrectionNobody.text())]).collect()
        },
    );
    let choose = move |event| {
        let value = text_of(&event);
        let email = app.ticks.with_untracked(|ticks| {
            ticks.people.iter().find(|person| person.email.as_str() == value).map(|person| person.email.clone())
        });
        if email.is_some() || value == NOBODY {
            app.correct(&CorrectionRequest { participant, tenant: of.tenant.clone(), email, is_undone: false });
        }
    };
    let select = el("select").class("chip").label(Word::CorrectionLabel.text()).child(options).on("change", choose);
    Some(el("div").class("person-settle").child(select))
}
