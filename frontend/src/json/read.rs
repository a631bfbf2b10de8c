//! Taking values out of a tree.

use std::cell::Cell;

use crate::json::tree::{Json, parse};

/// A text that is no JSON, or not of the expected kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("unreadable")]
pub struct Unreadable;

/// What can be read.
pub trait FromJson: Sized {
    /// Takes itself out of a value. What does not fit is noted there and replaced by anything: a reader that never stops half-way
    /// has no half-built value to clear away.
    fn from_json(value: Value<'_>) -> Self;
}

/// Reads a text; an answer that does not fit is just unreadable, since nobody would be shown more than that.
///
/// # Errors
/// [`Unreadable`] if the text is no JSON or not of this kind.
pub fn read<T: FromJson>(text: &str) -> Result<T, Unreadable> {
    let json = parse(text);
    let fits = Cell::new(true);
    let read = T::from_json(Value { json: json.as_ref(), fits: &fits });
    if fits.get() { Ok(read) } else { Err(Unreadable) }
}

/// A place in the tree, which may be empty.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    json: Option<&'a Json>,
    /// Shared by the whole tree: whether everything asked for was there so far.
    fits: &'a Cell<bool>,
}

impl<'a> Value<'a> {
    /// Notes that this does not fit, and goes on with something else.
    pub(crate) fn misfit<T>(self, instead: T) -> T {
        self.fits.set(false);
        instead
    }

    /// The value of a field.
    pub(crate) fn field<T: FromJson>(self, name: &str) -> T {
        T::from_json(self.at(name))
    }

    /// The value of a field that may be left out.
    pub(crate) fn field_or_default<T: FromJson + Default>(self, name: &str) -> T {
        let value = self.at(name);
        if value.json.is_none() { T::default() } else { T::from_json(value) }
    }

    fn at(self, name: &str) -> Self {
        let entries = if let Some(Json::Object(entries)) = self.json { entries } else { self.misfit([].as_slice()) };
        // As everywhere, the last of several equal names counts.
        let json = entries.iter().rev().find(|(key, _)| key == name).map(|(_, json)| json);
        Self { json, ..self }
    }

    /// A text as it stands in the tree.
    pub(crate) fn text(self) -> &'a str {
        if let Some(Json::Text(text)) = self.json { text } else { self.misfit("") }
    }

    /// A whole number.
    pub(crate) fn whole(self) -> i64 {
        if let Some(Json::Whole(number)) = self.json { *number } else { self.misfit(0) }
    }

    /// What says which variant of an enum the object is.
    pub(crate) fn tag(self, name: &str) -> &'a str {
        self.at(name).text()
    }

    /// The position of this text among `names`.
    pub(crate) fn position(self, names: &[&str]) -> Option<usize> {
        let text = self.text();
        let found = names.iter().position(|name| *name == text);
        if found.is_none() { self.misfit(None) } else { found }
    }
}

impl FromJson for String {
    fn from_json(value: Value<'_>) -> Self {
        value.text().to_owned()
    }
}

impl FromJson for bool {
    fn from_json(value: Value<'_>) -> Self {
        if let Some(Json::Bool(answer)) = value.json { *answer } else { value.misfit(false) }
    }
}

impl FromJson for i64 {
    fn from_json(value: Value<'_>) -> Self {
        value.whole()
    }
}

impl FromJson for u32 {
    fn from_json(value: Value<'_>) -> Self {
        Self::try_from(value.whole()).unwrap_or_else(|_| value.misfit(0))
    }
}

/// Absent or null is nothing.
impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Value<'_>) -> Self {
        if matches!(value.json, None | Some(Json::Null)) { None } else { Some(T::from_json(value)) }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value<'_>) -> Self {
        let items = if let Some(Json::List(items)) = value.json { items } else { value.misfit([].as_slice()) };
        items.iter().map(|json| T::from_json(Value { json: Some(json), ..value })).collect()
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(value: Value<'_>) -> Self {
        Self::new(T::from_json(value))
    }
}
