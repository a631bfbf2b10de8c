//! The ways in at Zoom: up the ladder from guest to authorised, and inviting others to it (`zoom.md` 4.3, 4.4).

use sidelight_domain::words::Word;

use crate::app::store::{App, Overlay};
use crate::browser::spawn;
use crate::state::phase::Phase;
use crate::state::sign_in::Question;
use crate::zoom::authorized;

/// Where somebody is who is on the way in.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Climb {
    /// Nowhere: in, or not interested.
    #[default]
    No,
    /// Zoom was asked to let him in.
    Prompted,
    /// The app is authorised; Gainsight is next.
    Authorised,
}

impl App {
    /// Asks Zoom to let a guest in. Each step of the ladder is a question of its own, which the client asks.
    pub fn prompt_authorize(self) {
        self.services().climb.set(Climb::Prompted);
        spawn(async move {
            if self.services().zoom.prompt_authorize().await.is_err() {
                self.open_install();
            }
        });
    }

    /// Whoever came up the ladder wants the rest of the way too: the authorisation, then Gainsight.
    pub(super) fn climb_on(self) {
        let phase = self.phase.get_untracked();
        let climb = &self.services().climb;
        if phase == Phase::Guest || climb.get() == Climb::No {
            return;
        }
        let is_authorised = self.viewer.with_untracked(|viewer| viewer.zoom_authorised);
        // Once only: an authorisation that the server took and does not show would be asked for again and again.
        let asks = climb.replace(Climb::No) == Climb::Prompted && !is_authorised;
        if asks {
            self.authorize();
        } else if matches!(phase, Phase::SignIn { .. }) {
            self.ask(Question::Account);
        }
    }

    /// Asks Zoom for the viewer's authorisation, in the client where it can, else in the browser.
    pub fn authorize(self) {
        self.overlay.set(Overlay::None);
        self.client().begin_authorization(move |answer| match answer {
            Ok(challenge) => spawn(async move {
                if self.services().zoom.authorize(&challenge).await.is_err() {
                    self.open_install();
                }
            }),
            Err(trouble) => self.notice.set(Some(trouble)),
        });
    }

    /// The person has agreed, or not. What came is worth nothing before the server has checked it.
    pub(super) fn authorized(self, event: &str) {
        let Some(code) = authorized(event) else { return self.announce(Word::ZoomDeclined.text()) };
        self.client().finish_authorization(&code, move |answer| match answer {
            Ok(()) => {
                self.announce(Word::ZoomAuthorised.text());
                self.services().climb.set(Climb::Authorised);
                self.standing_changed();
            }
            Err(trouble) => self.notice.set(Some(trouble)),
        });
    }

    /// Opens the page that adds the app, in the system browser.
    pub fn open_install(self) {
        self.overlay.set(Overlay::None);
        self.open_url(&self.viewer.with_untracked(|viewer| viewer.install_url.clone()));
    }

    /// Whether others in the meeting can be invited now.
    #[must_use]
    pub fn may_invite(self) -> bool {
        self.services().zoom.may_invite()
    }

    /// Invites others to the app. Zoom asks whom, and tells them.
    pub fn invite(self) {
        self.overlay.set(Overlay::None);
        spawn(async move {
            let (heading, message) = (Word::InviteHeading.text(), Word::InviteMessage.text());
            let outcome = self.services().zoom.invite(heading, message).await;
            self.announce(if outcome.is_ok() { Word::InviteAsked.text() } else { Word::InviteRefused.text() });
        });
    }
}
