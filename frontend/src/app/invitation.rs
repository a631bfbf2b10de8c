//! Whom the calendar invitation names.

use sidelight_api::people::InvitationRequest;

use crate::app::store::{App, Waiting};

/// What the viewer is about to bring.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Invitation {
    /// Whether it lies open.
    pub is_open: bool,
    /// What was pasted.
    pub text: String,
    /// How the last answer turned out.
    pub waiting: Waiting,
}

impl App {
    /// Hands over what was pasted or chosen. It stays in its field until the server has taken it.
    pub fn bring_invitation(self) {
        let text = self.invitation.with_untracked(|invitation| invitation.text.clone());
        if text.trim().is_empty() {
            return;
        }
        self.invitation.update(|invitation| invitation.waiting = Waiting::Yes);
        self.client().bring_invitation(&InvitationRequest { text }, move |answer| match answer {
            Ok(()) => {
                self.invitation.put(Invitation::default());
                self.people_changed();
            }
            Err(trouble) => {
                self.announce(trouble.message.clone());
                self.invitation.update(|invitation| invitation.waiting = Waiting::Failed(trouble));
            }
        });
    }

    /// Takes it back.
    pub fn forget_invitation(self) {
        self.client().forget_invitation(move |answer| match answer {
            Ok(()) => self.people_changed(),
            Err(trouble) => self.notice.set(Some(trouble)),
        });
    }
}
