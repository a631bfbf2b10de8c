//! A value that screens look at.

use std::cell::RefCell;

use leptos::prelude::{ArcTrigger, Notify, Track};

/// A signal that lives as long as the page. Leptos's own signals bring all their code once more for each type of value; here only
/// the news of a change is reactive, and that is one type (docs/adr/0006-panel-size.md).
#[derive(Default)]
pub struct Slot<T> {
    changed: ArcTrigger,
    value: RefCell<T>,
}

impl<T> Slot<T> {
    /// A slot that holds `value`.
    pub fn new(value: T) -> Self {
        Self { changed: ArcTrigger::new(), value: RefCell::new(value) }
    }

    /// Looks at the value; whoever looks is drawn again when it changes.
    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        track(&self.changed);
        self.with_untracked(look)
    }

    /// Looks at the value, once.
    pub fn with_untracked<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(&self.value.borrow())
    }

    /// Changes the value and tells whoever looked.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.value.borrow_mut());
        notify(&self.changed);
        result
    }

    /// Replaces the value and tells whoever looked.
    pub fn set(&self, value: T) {
        self.update(|old| *old = value);
    }
}

#[inline(never)]
fn track(changed: &ArcTrigger) {
    changed.track();
}

#[inline(never)]
fn notify(changed: &ArcTrigger) {
    changed.notify();
}

impl<T: Clone> Slot<T> {
    /// A copy of the value; whoever asks is drawn again when it changes.
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    /// A copy of the value.
    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T: PartialEq> Slot<T> {
    /// Replaces the value only if that changes something, so that nothing is drawn twice.
    pub fn put(&self, value: T) {
        if self.with_untracked(|old| *old != value) {
            self.set(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_keeps_what_was_put_last() {
        let slot = Slot::new(1);
        slot.set(2);
        slot.put(3);
        assert_eq!(slot.update(|value| std::mem::replace(value, 4)), 3);
        assert_eq!(slot.get_untracked(), 4);
    }
}
