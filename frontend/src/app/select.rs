//! Choosing an entity, a tab, a theme: at once here, then kept by the server for reloads and other windows.

use sidelight_api::entity::Entity;
use sidelight_api::session::{ChosenBy, Tab, Theme, ViewChange};
use sidelight_api::timeline::Narrowing;

use crate::app::store::{App, Overlay, Place};
use crate::browser::set_theme;
use crate::state::entity::path;

impl App {
    /// Selects a company or relationship.
    pub fn select(self, entity: Entity) {
        self.overlay.set(Overlay::None);
        if self.place.get_untracked() == Place::Home {
            return self.select_at_home(entity);
        }
        let (company, relationship) = path(&entity);
        self.announce(relationship.unwrap_or(company));
        let change = ViewChange { select: Some(entity.reference.clone()), ..ViewChange::default() };
        let before = self.view.with_untracked(|view| (view.selected.clone(), view.chosen_by.clone()));
        self.view.update(|view| (view.selected, view.chosen_by) = (Some(entity), Some(ChosenBy::Viewer)));
        self.view.update(|view| view.narrowing = Narrowing::default());
        self.load_selection();
        self.client().change_view(&change, move |answer| match answer {
            Ok(view) => {
                self.adopt_view(view);
                self.load_people(false);
            }
            Err(trouble) => {
                self.view.update(|view| (view.selected, view.chosen_by) = before);
                self.load_selection();
                self.notice.set(Some(trouble));
            }
        });
    }

    /// Opens a tab.
    pub fn open_tab(self, tab: Tab) {
        if self.view.with_untracked(|view| view.tab != tab) {
            self.close_activity();
            self.view.update(|view| view.tab = tab);
            self.keep_view(&ViewChange { tab: Some(tab), ..ViewChange::default() });
        }
    }

    /// Switches the colour scheme.
    pub fn switch_theme(self, theme: Theme) {
        set_theme(theme);
        self.view.update(|view| view.theme = theme);
        self.keep_view(&ViewChange { theme: Some(theme), ..ViewChange::default() });
    }

    pub(super) fn keep_view(self, change: &ViewChange) {
        // What is not kept is chosen again with one tap.
        self.client().change_view(change, drop);
    }
}
