//! Asking guests for their addresses.

use std::time::Duration;

use sidelight_api::people::InquiryAnswer;
use sidelight_domain::words::Word;

use crate::app::store::App;
use crate::browser::{sleep, spawn};
use crate::zoom::told;

/// How often an answer is handed on that our server did not hear: whoever agreed is not asked again.
const MOST_TRIES: u32 = 8;
/// After which time it is handed on again.
const RETRY: Duration = Duration::from_secs(3);

/// How far the viewer is with asking.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Inquiring {
    /// Not at it.
    #[default]
    Closed,
    /// Reads what the guests will be shown.
    Open,
    /// On its way.
    Sending,
    /// Nobody was asked, for this reason.
    Failed(String),
}

impl App {
    /// Has Zoom ask everybody in the room. Our server notes it first, so that nobody is asked twice.
    pub fn ask_guests(self, reason: String) {
        self.inquiring.put(Inquiring::Sending);
        spawn(async move {
            if !self.services().zoom.can_ask_now().await {
                return self.inquiring.put(Inquiring::Failed(Word::AskNotHere.text().to_owned()));
            }
            self.client().begin_inquiry(move |answer| match answer {
                Ok(()) => self.have_asked(reason),
                Err(trouble) => {
                    self.inquiring.put(Inquiring::Failed(trouble.message.clone()));
                    self.people_changed();
                }
            });
        });
    }

    fn have_asked(self, reason: String) {
        spawn(async move {
            let Err(refusal) = self.services().zoom.ask_for_emails(&reason).await else {
                self.inquiring.put(Inquiring::Closed);
                return self.people_changed();
            };
            // Where the client fell silent, they may have been asked: then nobody asks again.
            if !refusal.is_certain() {
                self.inquiring.put(Inquiring::Closed);
                return self.people_changed();
            }
            self.inquiring.put(Inquiring::Failed(Word::AskRefused.fill(&[("code", refusal.real_code())])));
            self.client().take_back_inquiry(move |_| self.people_changed());
        });
    }

    /// What Zoom tells of one who was asked. Our server knows whether it was this viewer who asked.
    pub(super) fn guest_answered(self, event: &str) {
        if let Some(answer) = told(event) {
            self.hand_on(answer, MOST_TRIES);
        }
    }

    fn hand_on(self, answer: InquiryAnswer, tries: u32) {
        self.client().hand_on(&answer.clone(), move |outcome| match outcome {
            Ok(()) if !self.is_connected.get_untracked() => self.people_changed(),
            Err(trouble) if tries > 1 && trouble.leaves_in_doubt(false) => spawn(async move {
                sleep(RETRY).await;
                self.hand_on(answer, tries - 1);
            }),
            Ok(()) | Err(_) => {}
        });
    }
}
