//! Signing in.

use std::time::Duration;

use sidelight_api::sign_in::{Account, SignIn, SignInRequest};
use sidelight_domain::ids::SignInId;
use sidelight_domain::words::Word;

use crate::app::late::FOLLOW_SIGN_IN;
use crate::app::store::{App, Overlay, Waiting};
use crate::browser::focus;
use crate::state::sign_in::{Flow, Question};
use crate::state::trouble::Trouble;

/// How often the server is asked while no live events arrive.
const POLL: Duration = Duration::from_secs(3);

impl App {
    /// Shows a question.
    pub fn ask(self, question: Question) {
        self.flow_waits.set(Waiting::No);
        self.flow.update(|flow| flow.question = question);
        focus_field();
    }

    /// Opens the sign-in to a further domain over the panel.
    pub fn open_sign_in(self) {
        self.flow.update(|flow| {
            if flow.under_way().is_none() {
                *flow = Flow { question: Question::Account, ..Flow::default() };
            }
        });
        self.flow_waits.set(Waiting::No);
        self.overlay.set(Overlay::SignIn);
    }

    /// Takes the username; asks which way leads in.
    pub fn look_up(self, username: &str) {
        self.flow.update(|flow| username.clone_into(&mut flow.username));
        self.flow_waits.set(Waiting::Yes);
        self.client().look_up(username.trim().to_owned(), move |answer| match answer {
            Ok(branch) => {
                if let Some(request) = self.flow.update(|flow| flow.branch(branch)) {
                    return self.make_link(&request);
                }
                self.flow_waits.set(Waiting::No);
                focus_field();
            }
            Err(trouble) => self.flow_waits.set(Waiting::Failed(trouble)),
        });
    }

    /// Asks for a link to Salesforce, which asks for the username itself.
    pub fn enter_from_salesforce(self) {
        if self.flow_waits.get_untracked() != Waiting::Yes {
            self.flow.update(|flow| flow.username.clear());
            let request = Flow::default().request(None, None, None);
            self.make_link(&SignInRequest { account: Account::Salesforce, ..request });
        }
    }

    /// Asks for a one-time link.
    pub fn make_link(self, request: &SignInRequest) {
        self.flow_waits.set(Waiting::Yes);
        self.client().begin_sign_in(request, move |answer| {
            self.take_sign_in(answer);
            self.watch_sign_in();
        });
    }

    /// Sends the code that the browser shows.
    pub fn confirm_code(self, id: SignInId, code: String) {
        self.flow_waits.set(Waiting::Yes);
        self.client().confirm_sign_in(id, code, move |answer| {
            let is_wrong = answer.is_err();
            self.take_sign_in(answer);
            if is_wrong {
                // The server counts the tries.
                self.sign_in_changed(id);
            }
        });
    }

    /// The sign-in took a step.
    pub(super) fn sign_in_changed(self, id: SignInId) {
        if self.flow.with_untracked(Flow::under_way) != Some(id) {
            return;
        }
        self.if_here(&FOLLOW_SIGN_IN, id);
    }

    pub(super) fn follow_sign_in(self, id: SignInId) {
        self.client().sign_in(id, move |answer| {
            if let Ok(sign_in) = answer {
                self.progress(sign_in);
            }
        });
    }

    fn take_sign_in(self, answer: Result<SignIn, Trouble>) {
        match answer {
            Ok(sign_in) => {
                self.flow_waits.set(Waiting::No);
                self.progress(sign_in);
            }
            Err(trouble) => self.flow_waits.set(Waiting::Failed(trouble)),
        }
    }

    fn progress(self, sign_in: SignIn) {
        self.flow.update(|flow| flow.progress(sign_in));
        if self.flow.with_untracked(|flow| flow.question == Question::Welcome) {
            self.announce(Word::SignInWelcome.text());
            self.signed_in();
        } else {
            focus_field();
        }
    }

    /// Goes on to the panel behind the welcome page.
    fn signed_in(self) {
        self.client().panel(move |answer| match answer {
            Ok(panel) => {
                self.adopt_panel(panel);
                if self.overlay.get_untracked() == Overlay::SignIn {
                    self.overlay.set(Overlay::None);
                    self.load_people(false);
                }
            }
            Err(trouble) => self.flow_waits.set(Waiting::Failed(trouble)),
        });
    }

    /// Asks the server now and then while no live events arrive, for as long as the sign-in is under way.
    pub(super) fn watch_sign_in(self) {
        if let Some(id) = self.flow.with_untracked(Flow::under_way) {
            if !self.is_connected.get_untracked() {
                self.sign_in_changed(id);
            }
            self.services().timers.sign_in.set(POLL, move || self.watch_sign_in());
        }
    }

    /// One question back; a sign-in under way is ended.
    pub fn back(self) {
        self.flow_waits.set(Waiting::No);
        let under_way = self.flow.with_untracked(Flow::under_way);
        let leaves = self.overlay.get_untracked() == Overlay::SignIn
            && self.flow.with_untracked(|flow| matches!(flow.question, Question::Account | Question::Intro));
        self.flow.update(Flow::back);
        if leaves {
            self.overlay.set(Overlay::None);
        }
        if let Some(id) = under_way {
            self.client().leave_sign_in(id);
        }
    }
}

/// Puts the caret where the question is answered, once it is on the screen.
fn focus_field() {
    leptos::prelude::request_animation_frame(|| focus("sign-in-field"));
}
