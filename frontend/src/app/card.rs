//! More about a person, and who he really is.

use sidelight_api::card::CardRequest;
use sidelight_api::people::CorrectionRequest;
use sidelight_api::session::Tab;
use sidelight_api::timeline::ActivitySummary;
use sidelight_domain::EmailAddress;
use sidelight_domain::ids::TenantKey;
use sidelight_domain::words::Word;

use crate::app::store::{App, CardState};
use crate::browser::soon;

impl App {
    /// Asks for more about somebody whose row was opened.
    pub fn load_card(self, tenant: &TenantKey, email: &EmailAddress) {
        let request = CardRequest { tenant: tenant.clone(), email: email.clone() };
        // What is drawn asks for it, and must be drawn first.
        soon(move || {
            self.card.set(CardState::None);
            self.client().card(&request.clone(), move |answer| self.card.set(CardState::Of(request.email, answer)));
        });
    }

    /// Opens an activity that a card names.
    pub fn open_from_card(self, activity: ActivitySummary) {
        self.open_tab(Tab::Timeline);
        self.open_activity(activity);
    }

    /// Says who somebody is, or takes it back.
    pub fn correct(self, correction: &CorrectionRequest) {
        let is_undone = correction.is_undone;
        self.client().correct(correction, move |answer| match answer {
            Ok(()) => {
                if !is_undone {
                    self.announce(Word::CorrectionKept.text());
                }
                self.people_changed();
            }
            Err(trouble) => {
                self.announce(trouble.message.clone());
                self.notice.set(Some(trouble));
            }
        });
    }
}
