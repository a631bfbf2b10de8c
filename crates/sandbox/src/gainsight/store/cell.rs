//! One value of one record.

use std::cmp::Ordering;
use std::sync::Arc;

/// A value as it is kept: dates and times as milliseconds, picklists as labels, look-ups as ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Cell {
    #[default]
    Null,
    Text(Arc<str>),
    Number(f64),
    Flag(bool),
    /// Milliseconds since the epoch; a date is its midnight in UTC.
    Time(i64),
    /// The labels of a multi-select, or ids that are not shown.
    Items(Vec<Arc<str>>),
}

impl Cell {
    pub(crate) fn text(value: impl AsRef<str>) -> Self {
        Self::Text(Arc::from(value.as_ref()))
    }

    /// Text, or nothing for nothing.
    pub(crate) fn maybe(value: Option<impl AsRef<str>>) -> Self {
        value.map_or(Self::Null, Self::text)
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Number(_) | Self::Flag(_) | Self::Time(_) | Self::Items(_) => None,
        }
    }

    pub(crate) fn as_flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            Self::Null | Self::Number(_) | Self::Text(_) | Self::Time(_) | Self::Items(_) => None,
        }
    }

    pub(crate) fn as_time(&self) -> Option<i64> {
        match self {
            Self::Time(millis) => Some(*millis),
            Self::Null | Self::Number(_) | Self::Text(_) | Self::Flag(_) | Self::Items(_) => None,
        }
    }

    pub(crate) fn items(&self) -> &[Arc<str>] {
        match self {
            Self::Items(items) => items,
            Self::Null | Self::Number(_) | Self::Text(_) | Self::Flag(_) | Self::Time(_) => &[],
        }
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The order of an `orderBy`; nothing comes last. Values of different kinds do not meet in one column.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Greater,
            (_, Self::Null) => Ordering::Less,
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Flag(a), Self::Flag(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Items(a), Self::Items(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}
