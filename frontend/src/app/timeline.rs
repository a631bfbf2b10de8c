//! The activities of the selection.

use std::time::Duration;

use sidelight_api::session::ViewChange;
use sidelight_api::timeline::{Activity, ActivitySummary, Narrowing};
use sidelight_domain::EntityRef;

use crate::app::late::{LOAD_TYPES, READ_ACTIVITY};
use crate::app::store::{App, Opened};
use crate::browser::{copy_rich, spawn};
use crate::state::mail::as_mail;
use crate::state::timeline::{Load, Timeline};

/// Whoever types on is not searched for letter by letter.
const TYPING: Duration = Duration::from_millis(450);
/// A single letter finds everything.
const SHORTEST: usize = 2;

impl App {
    /// Asks for the first page: what is new waits behind the pill.
    pub fn load_timeline(self, refresh: bool) {
        let Some(entity) = self.selected() else {
            self.is_refreshing.set(false);
            return;
        };
        let asked = (entity, self.wanted());
        self.client().timeline(&asked.0.clone(), &asked.1.clone(), (None, refresh), move |answer| {
            self.is_refreshing.set(false);
            self.take_page(&asked, |timeline| match answer {
                Ok(page) => timeline.take_first(page),
                Err(trouble) => timeline.fail_first(trouble),
            });
        });
    }

    fn wanted(self) -> Narrowing {
        self.timeline.with_untracked(|timeline| timeline.narrowing.clone())
    }

    /// Shows other activities of the same entity.
    pub fn narrow(self, change: impl FnOnce(&mut Narrowing)) {
        let mut narrowing = self.wanted();
        change(&mut narrowing);
        self.narrow_to(narrowing);
    }

    fn narrow_to(self, narrowing: Narrowing) {
        if narrowing == self.wanted() {
            return;
        }
        self.view.update(|view| view.narrowing = narrowing.clone());
        self.timeline.update(|timeline| timeline.narrow(narrowing.clone()));
        self.keep_view(&ViewChange { narrowing: Some(narrowing), ..ViewChange::default() });
        self.load_timeline(false);
    }

    /// Looks for words: once nobody types on, or at once.
    pub fn seek(self, text: String, is_now: bool) {
        let is_short = (1..SHORTEST).contains(&text.trim().chars().count());
        let seek = move || self.narrow(|narrowing| narrowing.words = text);
        match (is_short, is_now) {
            (true, _) => self.services().timers.words.clear(),
            (false, true) => seek(),
            (false, false) => self.services().timers.words.set(TYPING, seek),
        }
    }

    /// Copies an activity as an e-mail has it.
    pub fn copy_as_mail(self, activity: &Activity, then: impl FnOnce(bool) + 'static) {
        let (html, plain) = as_mail(activity, self.locale());
        spawn(async move { then(copy_rich(&html, &plain).await) });
    }

    /// Asks for the next page, unless one is on its way.
    pub fn load_more(self) {
        let (Some(entity), Some(cursor)) = (self.selected(), self.next_page()) else { return };
        self.timeline.update(|timeline| timeline.load = Load::More);
        let asked = (entity, self.wanted());
        self.client().timeline(&asked.0.clone(), &asked.1.clone(), (Some(&cursor), false), move |answer| {
            self.take_page(&asked, |timeline| match answer {
                Ok(page) => timeline.take_more(page),
                Err(trouble) => timeline.load = Load::Failed(trouble),
            });
        });
    }

    /// Takes what came, if that is still selected and wanted.
    fn take_page(self, (entity, narrowing): &(EntityRef, Narrowing), take: impl FnOnce(&mut Timeline)) {
        if self.selected().as_ref() == Some(entity) && self.wanted() == *narrowing {
            self.timeline.update(take);
        }
    }

    fn next_page(self) -> Option<String> {
        self.timeline.with_untracked(|timeline| {
            let is_free = matches!(timeline.load, Load::Idle | Load::Failed(_));
            timeline.next.clone().filter(|_| is_free)
        })
    }

    /// Something was logged for an entity.
    pub(super) fn timeline_changed(self, entity: &EntityRef) {
        // A company's Timeline shows its relationships' entries too, and only the server knows which belong together.
        if self.selected().is_some_and(|selected| selected.tenant == entity.tenant) {
            self.load_timeline(false);
        }
    }

    /// Moves what is new into the list.
    pub fn show_news(self) {
        self.timeline.update(Timeline::show_news);
    }

    /// Opens an activity.
    pub fn open_activity(self, summary: ActivitySummary) {
        self.opened.set(Opened::Loading(Box::new(summary.clone())));
        self.when_here(&READ_ACTIVITY, summary);
    }

    pub(super) fn read_activity(self, summary: ActivitySummary) {
        let Some(entity) = self.selected() else { return };
        self.client().activity(&entity.tenant, &summary.id.clone(), move |answer| {
            let is_current =
                self.opened.with_untracked(|opened| matches!(opened, Opened::Loading(open) if open.id == summary.id));
            if is_current {
                self.opened.set(match answer {
                    Ok(activity) => Opened::Ready(Box::new(activity)),
                    Err(trouble) => Opened::Failed(Box::new(summary), trouble),
                });
            }
        });
    }

    /// Closes the open activity.
    pub fn close_activity(self) {
        self.opened.set(Opened::None);
    }

    /// Asks what can be logged for the selection.
    pub(super) fn load_types(self) {
        self.if_here(&LOAD_TYPES, ());
    }

    pub(super) fn load_types_here(self, (): ()) {
        let Some(entity) = self.selected() else { return };
        let asked = entity.clone();
        self.client().activity_types(&entity, move |answer| {
            // Without the tenant's list the composer offers the types that every tenant has, and the server checks.
            if let Ok(types) = answer
                && self.selected() == Some(asked)
            {
                self.types.set(Some(types));
            }
        });
    }

    /// Opens a page in the system browser.
    pub fn open_url(self, url: &str) {
        self.services().zoom.open_url(url);
    }
}
