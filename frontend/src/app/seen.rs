//! A value worked out of others; whoever looks is drawn again only when it comes out different.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use leptos::prelude::{GetUntracked, Memo, Track};

/// Leptos's memo brings all its code once more for each type of value; here it holds one type (docs/adr/0006-panel-size.md).
pub struct Seen<T> {
    memo: Memo<Value>,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Seen<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Seen<T> {}

#[derive(Clone)]
struct Value(Arc<dyn Comparable>);

trait Comparable: Send + Sync {
    fn is_same(&self, other: &dyn Comparable) -> bool;
    fn as_any(&self) -> &dyn Any;
}

impl<T: PartialEq + Send + Sync + 'static> Comparable for T {
    fn is_same(&self, other: &dyn Comparable) -> bool {
        other.as_any().downcast_ref::<T>().is_some_and(|other| self == other)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_same(other.0.as_ref())
    }
}

/// Works out a value, and again whenever what it looked at changes.
pub fn seen<T: PartialEq + Send + Sync + 'static>(work_out: impl Fn() -> T + Send + Sync + 'static) -> Seen<T> {
    let work_out: Box<dyn Fn() -> Value + Send + Sync> = Box::new(move || Value(Arc::new(work_out())));
    Seen { memo: remember(work_out), of: PhantomData }
}

#[inline(never)]
fn now(memo: Memo<Value>) -> Value {
    memo.get_untracked()
}

#[inline(never)]
fn track(memo: Memo<Value>) {
    memo.track();
}

#[inline(never)]
fn remember(work_out: Box<dyn Fn() -> Value + Send + Sync>) -> Memo<Value> {
    Memo::new(move |_| work_out())
}

impl<T> Seen<T> {
    /// Lets whoever asks be drawn again when the value comes out different.
    pub fn track(self) {
        track(self.memo);
    }
}

impl<T: Clone + 'static> Seen<T> {
    /// Looks at the value; whoever looks is drawn again when it comes out different.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        track(self.memo);
        look(&self.get_untracked())
    }

    /// A copy of the value; whoever asks is drawn again when it comes out different.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// A copy of the value.
    ///
    /// # Panics
    /// Never: what was put in as a `T` comes out as one.
    pub fn get_untracked(self) -> T {
        let value = now(self.memo);
        match value.0.as_any().downcast_ref::<T>() {
            Some(value) => value.clone(),
            None => unreachable!("a memo changed its type"),
        }
    }
}
