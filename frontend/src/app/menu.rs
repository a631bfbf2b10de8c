//! What the menu does.

use crate::browser::{keep, spawn};
use sidelight_api::session::{LogoutRequest, WaitingWrites};

use crate::app::store::{App, Overlay, Waiting};
use crate::state::writes::open_writes;
use crate::zoom::PopOut;

impl App {
    /// Moves the panel to its own window or back to the meeting.
    pub fn move_panel(self) {
        let Some(from) = self.pop_out.get_untracked() else { return };
        let to = from.other();
        self.overlay.set(Overlay::None);
        // A client may load the page anew instead of answering.
        keep_place(to);
        spawn(async move {
            // The event tells when it happened; some clients are silent and only answer.
            let place = self.services().zoom.pop_out(to).await;
            self.moved(place.unwrap_or(from));
        });
    }

    /// The panel stands somewhere now.
    pub(super) fn moved(self, to: PopOut) {
        keep_place(to);
        self.pop_out.put(Some(to));
    }

    /// Asks what becomes of waiting writes, then logs out.
    pub fn begin_logout(self) {
        self.logout_waits.set(Waiting::No);
        self.overlay.set(Overlay::Logout);
    }

    /// How many writes have not reached Gainsight.
    #[must_use]
    pub fn waiting_writes(self) -> usize {
        self.writes.with_untracked(|writes| open_writes(writes).len())
    }

    /// Logs out of Gainsight.
    pub fn log_out(self, waiting_writes: WaitingWrites) {
        self.logout_waits.set(Waiting::Yes);
        self.client().log_out(LogoutRequest { waiting_writes }, move |answer| match answer {
            Ok(_) => {
                self.forget_customer();
                self.overlay.set(Overlay::None);
                self.reopen();
            }
            Err(trouble) => {
                self.logout_waits.set(Waiting::Failed(trouble));
                // For what went unheard meanwhile.
                self.load_panel();
                self.people_changed();
            }
        });
    }

    /// Whether this session is about to end by its owner's will, so that nothing is asked in it any more.
    pub(super) fn is_leaving(self) -> bool {
        self.logout_waits.with_untracked(|waits| *waits == Waiting::Yes)
    }
}

/// Where the page finds out, once it is loaded again, where it stands.
pub(super) const PLACE: &str = "place";

fn keep_place(place: PopOut) {
    keep(PLACE, place.action());
}
