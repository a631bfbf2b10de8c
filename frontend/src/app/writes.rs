//! Writes on their way, and those that need their author.

use sidelight_api::activity::{PendingWrite, SettleWrite, WriteState};
use sidelight_domain::ids::WriteId;
use sidelight_domain::words::Word;

use crate::app::store::App;
use crate::state::composer::Height;

impl App {
    /// Puts one write into the list.
    pub(super) fn put_write(self, write: PendingWrite) {
        self.writes.update(|writes| {
            writes.retain(|other| other.id != write.id);
            writes.push(write);
        });
    }

    /// A write changed its state.
    pub(super) fn write_changed(self, id: WriteId) {
        self.client().writes(move |answer| {
            let Ok(writes) = answer else { return };
            let mut reached = None;
            self.composer.update(|composer| {
                // The line under the note follows the write that it speaks of.
                if let Some(logged) = composer.logged.as_mut().filter(|logged| logged.id == id) {
                    match writes.iter().find(|write| write.id == id) {
                        Some(write) => **logged = write.clone(),
                        None => logged.state = WriteState::Done { activity: None },
                    }
                    if matches!(logged.state, WriteState::Done { .. }) {
                        reached = Some(logged.entity.clone());
                    }
                }
            });
            self.writes.put(writes);
            if let Some(entity) = reached {
                self.announce(Word::WriteDone.text());
                self.timeline_changed(&entity);
            }
        });
    }

    /// Sends, reopens or forgets a write.
    pub fn settle(self, id: WriteId, settle: SettleWrite) {
        self.client().settle_write(id, settle, move |answer| {
            if let Err(trouble) = answer {
                self.notice.set(Some(trouble));
            } else if settle == SettleWrite::Reopen {
                self.load_draft();
                self.set_height(Height::Half);
            }
            self.write_changed(id);
        });
    }
}
