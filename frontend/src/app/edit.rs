//! Changing and deleting what is in Gainsight already.

use sidelight_api::ErrorCode;
use sidelight_api::activity::{PendingWrite, SettleWrite, WriteState};
use sidelight_api::timeline::Activity;
use sidelight_domain::IdSource;
use sidelight_domain::words::Word;

use crate::app::store::{App, Opened};
use crate::browser::BrowserIds;
use crate::state::edit::Edit;
use crate::state::trouble::Trouble;

impl App {
    /// Begins to change an activity.
    pub fn begin_edit(self, activity: Activity) {
        self.edit.set(Some(Edit::of(activity)));
    }

    /// Forgets the change.
    pub fn cancel_edit(self) {
        self.edit.set(None);
    }

    /// Saves it in Gainsight.
    pub fn save_edit(self) {
        let key = BrowserIds.uuid().to_string();
        let request = self.edit.update(|edit| edit.as_mut().and_then(|edit| edit.send(key)));
        let place = self.edit.with_untracked(|edit| {
            edit.as_ref().map(|edit| (edit.activity.tenant.clone(), edit.activity.summary.id.clone()))
        });
        let (Some(request), Some((tenant, id))) = (request, place) else { return };
        self.client().change_activity(&tenant, &id, &request, move |answer| self.end_edit(answer));
    }

    fn end_edit(self, answer: Result<PendingWrite, Trouble>) {
        match answer {
            Ok(write) => {
                let is_done = matches!(write.state, WriteState::Done { .. });
                self.announce(if is_done { Word::WriteDone.text() } else { Word::WriteSaved.text() });
                let edit = self.edit.update(Option::take);
                if let Some(old) = edit.and_then(|edit| edit.instead_of) {
                    self.settle(old.id, SettleWrite::Discard);
                }
                if is_done {
                    self.timeline_changed(&write.entity);
                    self.read_opened_again();
                } else {
                    self.put_write(write);
                    self.close_activity();
                }
            }
            Err(trouble) => {
                let is_conflict = trouble.code == Some(ErrorCode::ActivityConflict);
                self.announce(trouble.message.clone());
                self.edit.update(|edit| {
                    if let Some(edit) = edit {
                        edit.fail(trouble);
                    }
                });
                if is_conflict {
                    self.read_theirs();
                }
            }
        }
    }

    /// What stands there now, beside what was typed.
    fn read_theirs(self) {
        let place = self.edit.with_untracked(|edit| {
            edit.as_ref().map(|edit| (edit.activity.tenant.clone(), edit.activity.summary.id.clone()))
        });
        let Some((tenant, id)) = place else { return };
        self.client().activity(&tenant, &id, move |answer| {
            self.edit.update(|edit| match (edit, answer) {
                (Some(edit), Ok(theirs)) => edit.meet(theirs),
                (Some(edit), Err(trouble)) => edit.fail(trouble),
                (None, _) => {}
            });
        });
    }

    /// Keeps what somebody else made of it.
    pub fn take_theirs(self) {
        if let Some(edit) = self.edit.update(Option::take) {
            if let Some(old) = edit.instead_of {
                self.settle(old.id, SettleWrite::Discard);
            }
            if let Some(theirs) = edit.theirs {
                self.opened.set(Opened::Ready(theirs));
            }
        }
    }

    fn read_opened_again(self) {
        let summary = self.opened.with_untracked(|opened| match opened {
            Opened::Ready(activity) => Some(activity.summary.clone()),
            Opened::None | Opened::Loading(_) | Opened::Failed(..) => None,
        });
        if let Some(summary) = summary {
            self.open_activity(summary);
        }
    }

    /// Looks at a change that was refused while nobody was looking.
    pub fn look_at_change(self, write: PendingWrite) {
        let Some(id) = write.activity.clone() else { return };
        self.client().activity(&write.entity.tenant.clone(), &id, move |answer| match answer {
            Ok(activity) => {
                self.edit.set(Some(Edit::resumed(activity.clone(), write)));
                self.open_tab(sidelight_api::session::Tab::Timeline);
                self.opened.set(Opened::Ready(Box::new(activity)));
            }
            Err(trouble) => self.notice.set(Some(trouble)),
        });
    }

    /// Deletes an activity, after a moment in which that can be taken back.
    pub fn delete_activity(self, activity: &Activity) {
        let key = BrowserIds.uuid().to_string();
        self.client().delete_activity(&activity.tenant, &activity.summary.id, (&key, &activity.seen), move |answer| {
            match answer {
                Ok(write) => {
                    self.announce(Word::WriteDeleting.text());
                    self.put_write(write);
                    self.close_activity();
                }
                Err(trouble) => self.notice.set(Some(trouble)),
            }
        });
    }
}
