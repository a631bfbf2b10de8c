//! Hiding everything about customers while the screen is shared, and whenever the viewer likes (ux 7).

use crate::app::store::App;
use crate::browser::{keep, spawn};
use crate::zoom::Sharing;

/// Where the page finds out, once it is loaded again, whether it is covered.
pub(super) const COVER: &str = "cover";
/// Covered because the screen is shared.
pub(super) const SHARED: &str = "shared";
/// Covered because the viewer wanted it.
const BY_HAND: &str = "hand";

impl App {
    /// Covers the panel because the viewer wants it.
    pub fn cover(self) {
        self.set_cover(BY_HAND);
    }

    /// Shows it again.
    pub fn uncover(self) {
        self.set_cover("");
    }

    /// Whether the panel is covered because the screen is shared.
    #[must_use]
    pub fn is_shared(self) -> bool {
        self.services().is_shared.get()
    }

    fn set_cover(self, why: &str) {
        keep(COVER, why);
        self.services().is_shared.set(why == SHARED);
        self.is_covered.put(!why.is_empty());
    }

    /// Somebody began or stopped sharing. Covered first and asked then: a moment too much is better than one too few.
    pub(super) fn sharing_changed(self, event: &str) {
        let Sharing { uuid, action } = Sharing::read(event);
        if action == "stop" && self.is_shared() {
            return self.uncover();
        }
        if action != "start" || self.is_covered.get_untracked() {
            return;
        }
        self.set_cover(SHARED);
        spawn(async move {
            let own = self.services().zoom.user().await.uuid;
            let is_other = !own.is_empty() && !uuid.is_empty() && own != uuid;
            if is_other && self.is_shared() {
                self.uncover();
            }
        });
    }
}
