//! Ticking who is here.

use sidelight_api::people::TickRequest;
use sidelight_domain::ids::TenantKey;
use sidelight_domain::{EmailAddress, EntityRef};

use crate::app::store::App;
use crate::browser::soon;

impl App {
    /// Asks for the people of a company, unless they are there.
    pub fn load_contacts(self, of: EntityRef) {
        // What is drawn asks for it, and must be drawn first.
        soon(move || {
            if self.ticks.update(|ticks| ticks.begin(&of)) {
                let asked = of.clone();
                self.client().contacts(&asked, move |answer| self.ticks.update(|ticks| ticks.take(&of, answer)));
            }
        });
    }

    /// Says that somebody is here, or takes it back.
    pub fn tick(self, tenant: TenantKey, email: EmailAddress, is_here: bool) {
        self.client().tick(&TickRequest { tenant, email, is_here }, move |answer| match answer {
            Ok(()) => self.people_changed(),
            Err(trouble) => {
                self.ticks.update(|ticks| ticks.revision += 1);
                self.announce(trouble.message.clone());
                self.notice.set(Some(trouble));
            }
        });
    }
}
