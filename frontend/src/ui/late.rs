//! Screens, dialogs and forms that come with the late part of the program: each way to one of them, and what is shown until then.

use std::rc::Rc;

use sidelight_api::activity::PendingWrite;
use sidelight_api::people::Attendee;

use crate::app::{App, Arrival, Late};
use crate::state::trouble::Trouble;
use crate::ui::activity::open_activity;
use crate::ui::adding::adding;
use crate::ui::blocked::blocked;
use crate::ui::composer_fields::{above, below};
use crate::ui::follow::shown;
use crate::ui::home::home;
use crate::ui::logout::logout;
use crate::ui::menu::menu;
use crate::ui::piece::{Piece, pieces};
use crate::ui::search::search;
use crate::ui::shortcuts::shortcuts;
use crate::ui::sign_in::sign_in;
use crate::ui::states::{loading, trouble_note};
use crate::ui::unbuilt::unbuilt;
use crate::ui::{inquiry, invitation, person, ticks, writes};

/// A part of the screen.
pub(super) type Screen = Late<fn(App) -> Piece>;
/// A part of the screen about something.
pub(super) type ScreenOf<T> = Late<fn(App, &T) -> Piece>;

pub(super) static ACTIVITY: Screen = Late::to(open_activity);
pub(super) static ADDING: Screen = Late::to(adding);
pub(super) static BLOCKED: Screen = Late::to(blocked);
pub(super) static HOME: Screen = Late::to(home);
pub(super) static INQUIRY: Screen = Late::to(inquiry::preview);
pub(super) static INVITATION: Screen = Late::to(invitation::field);
pub(super) static LOGOUT: Screen = Late::to(logout);
pub(super) static MENU: Screen = Late::to(menu);
pub(super) static NOTE_ABOVE: Screen = Late::to(above);
pub(super) static NOTE_BELOW: Screen = Late::to(below);
pub(super) static PERSON: ScreenOf<Attendee> = Late::to(person::detail);
pub(super) static SEARCH: Screen = Late::to(search);
pub(super) static SHORTCUTS: Screen = Late::to(shortcuts);
pub(super) static SIGN_IN: Screen = Late::to(sign_in);
pub(super) static TICKS: Screen = Late::to(ticks::list_of_selected);
pub(super) static UNBUILT: Screen = Late::to(unbuilt);
pub(super) static WRITES: ScreenOf<Rc<[PendingWrite]>> = Late::to(writes::rows);

/// A late part of the screen; until it is here, so many grey rows in its place.
pub(super) fn late(app: App, screen: &'static Screen, rows: usize) -> Piece {
    drawn(app, rows, Rc::new(move || Some(screen.get(app)?(app))))
}

/// The same about something.
pub(super) fn late_of<T: 'static>(app: App, screen: &'static ScreenOf<T>, of: T) -> Piece {
    drawn(app, 1, Rc::new(move || Some(screen.get(app)?(app, &of))))
}

fn drawn(app: App, rows: usize, draw: Rc<dyn Fn() -> Option<Piece>>) -> Piece {
    if let Some(piece) = draw() {
        return piece;
    }
    shown(move || app.arrival.get(), move |arrival| draw().unwrap_or_else(|| instead(app, *arrival, rows)))
}

fn instead(app: App, arrival: Arrival, rows: usize) -> Piece {
    match arrival {
        // Its neighbour says it.
        _ if rows == 0 => pieces(),
        Arrival::Missing => trouble_note(&Trouble::no_late_part(), move || app.fetch_late_part()),
        Arrival::Coming | Arrival::Here => loading(rows),
    }
}
