//! The activities of the selection.

use sidelight_api::timeline::ActivitySummary;
use sidelight_domain::EntityRef;

use crate::app::store::{App, Opened};
use crate::state::timeline::{Load, Timeline};

impl App {
    /// Asks for the first page: what is new waits behind the pill.
    pub fn load_timeline(self, refresh: bool) {
        let Some(entity) = self.selected() else {
            self.is_refreshing.set(false);
            return;
        };
        let asked = entity.clone();
        self.client().timeline(&entity, None, refresh, move |answer| {
            self.is_refreshing.set(false);
            self.take_page(&asked, |timeline| match answer {
                Ok(page) => timeline.take_first(page),
                // What is shown stays; only an empty tab says what went wrong.
                Err(trouble) if timeline.as_of.is_none() => timeline.load = Load::Failed(trouble),
                Err(trouble) => timeline.is_stale |= trouble.is_of_gainsight(),
            });
        });
    }

    /// Asks for the next page, unless one is on its way.
    pub fn load_more(self) {
        let (Some(entity), Some(cursor)) = (self.selected(), self.next_page()) else { return };
        self.timeline.update(|timeline| timeline.load = Load::More);
        let asked = entity.clone();
        self.client().timeline(&entity, Some(&cursor), false, move |answer| {
            self.take_page(&asked, |timeline| match answer {
                Ok(page) => timeline.take_more(page),
                Err(trouble) => timeline.load = Load::Failed(trouble),
            });
        });
    }

    /// Takes what came for `entity`, if that is still selected.
    fn take_page(self, entity: &EntityRef, take: impl FnOnce(&mut Timeline)) {
        if self.selected().as_ref() == Some(entity) {
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
        let Some(entity) = self.selected() else { return };
        self.opened.set(Opened::Loading(Box::new(summary.clone())));
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
