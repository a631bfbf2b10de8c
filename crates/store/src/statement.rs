//! One SQL statement with its values, and the rows that come back.
//!
//! Portable types only (ADR 0001): texts, 64-bit integers, bytes. Every statement of a repository gets its organisation as `$1`, put there
//! by the [`Unit`](crate::Unit) that runs it; both engines refuse a statement that has no use for it.

use std::borrow::Cow;
use std::str::FromStr;

use sidelight_domain::ids::{
    DraftId, ExternalId, GrantId, Gsid, MeetingNumber, MeetingUuid, OrganisationId, OrganisationKey, ParticipantId,
    SessionId, SignInId, TenantKey, WriteId, ZoomClientId,
};
use sidelight_domain::roster::Role;
use sidelight_domain::{EntityKind, Licence, Timestamp};
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use crate::engine::{Engine, sqlite};
use crate::keys::BlindIndex;
use crate::{Digest, Error, PersonKey, WriteState};

/// A statement and the values for `$2` onwards.
#[derive(Debug)]
pub(crate) struct Statement {
    text: Cow<'static, str>,
    values: Vec<Value>,
    is_upkeep: bool,
    locks: bool,
}

/// Begins a statement.
pub(crate) fn sql(text: impl Into<Cow<'static, str>>) -> Statement {
    Statement { text: text.into(), values: Vec::new(), is_upkeep: false, locks: false }
}

/// Begins a statement whose rows come as one: see [`Unit::list`](crate::Unit::list). `rows` is what stands behind the columns.
pub(crate) fn listing(engine: Engine, columns: &str, rows: &str) -> Statement {
    let begin = engine.pick("SELECT json_group_array(json_array(", "SELECT CAST(json_agg(json_build_array(");
    let end = engine.pick("))", ")) AS TEXT)");
    sql(format!("{begin}{columns}{end} AS list {rows}"))
}

impl Statement {
    /// Adds the next value.
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Marks a change that is not the doing of any person, such as a lease: it needs no row in the audit log.
    pub(crate) const fn upkeep(mut self) -> Self {
        self.is_upkeep = true;
        self
    }

    /// In a unit opened for writing, keeps the rows found from being changed by others until the commit.
    pub(crate) const fn locking(mut self) -> Self {
        self.locks = true;
        self
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) const fn is_upkeep(&self) -> bool {
        self.is_upkeep
    }

    /// The driver's form: the text, with `suffix` added to a locking statement, and all values from `$1` on.
    pub(crate) fn into_parts(
        self,
        first: Option<OrganisationId>,
        suffix: &'static str,
    ) -> (Cow<'static, str>, Vec<Value>) {
        let text =
            if self.locks && !suffix.is_empty() { Cow::Owned(format!("{}{suffix}", self.text)) } else { self.text };
        let mut values = self.values;
        if let Some(organisation) = first {
            values.insert(0, organisation.into());
        }
        (text, values)
    }
}

/// What can be bound. An absent value keeps its type, which PostgreSQL wants to know.
#[derive(Debug)]
pub(crate) enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

impl Value {
    /// Its size in bytes.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(value) => value.as_ref().map_or(0, String::len),
            Self::Bytes(value) => value.as_ref().map_or(0, Vec::len),
            Self::Number(_) => size_of::<i64>(),
        }
    }
}

macro_rules! bound_as {
    ($variant:ident: $($type:ty => |$value:ident| $form:expr;)*) => { $(
        impl From<$type> for Value {
            fn from($value: $type) -> Self { Self::$variant(Some($form)) }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self { Self::$variant(value.map(|$value| $form)) }
        }
    )* };
}

bound_as! { Text:
    String => |value| value;
    &str => |value| value.to_owned();
    &String => |value| value.clone();
    SessionId => |value| value.to_string();
    SignInId => |value| value.to_string();
    GrantId => |value| value.to_string();
    ParticipantId => |value| value.to_string();
    DraftId => |value| value.to_string();
    WriteId => |value| value.to_string();
    OrganisationId => |value| value.to_string();
    PersonKey => |value| value.to_string();
    &PersonKey => |value| value.to_string();
    BlindIndex => |value| value.to_string();
    Digest => |value| value.to_string();
    &Digest => |value| value.to_string();
    &MeetingUuid => |value| value.as_str().to_owned();
    &MeetingNumber => |value| value.as_str().to_owned();
    &TenantKey => |value| value.as_str().to_owned();
    &OrganisationKey => |value| value.as_str().to_owned();
    &ZoomClientId => |value| value.as_str().to_owned();
    &Gsid => |value| value.as_str().to_owned();
    &ExternalId => |value| value.as_str().to_owned();
    EntityKind => |value| value.as_str().to_owned();
    Licence => |value| value.as_str().to_owned();
    Role => |value| role_as_text(value).to_owned();
    WriteState => |value| value.as_str().to_owned();
}

/// A spelling that [`Role::parse`] reads.
const fn role_as_text(role: Role) -> &'static str {
    match role {
        Role::Host => "host",
        Role::CoHost => "cohost",
        Role::Attendee => "attendee",
    }
}

bound_as! { Number:
    i64 => |value| value;
    u32 => |value| i64::from(value);
    u64 => |value| i64::try_from(value).unwrap_or(i64::MAX);
    bool => |value| i64::from(value);
    Timestamp => |value| value.as_millis();
}

bound_as! { Bytes:
    Vec<u8> => |value| value;
}

/// A row that came back.
pub(crate) enum Row {
    Sqlite(sqlite::Row),
    Postgres(PgRow),
}

impl Row {
    /// The value of a column, in whatever form the caller wants it.
    pub(crate) fn get<T: FromColumn>(&self, column: &str) -> Result<T, Error> {
        T::from_column(self, column).ok_or_else(|| Error::Unreadable { column: column.to_owned() })
    }
}

/// A type that can stand in a column.
pub(crate) trait FromColumn: Sized {
    fn from_column(row: &Row, column: &str) -> Option<Self>;
}

macro_rules! read_as {
    ($raw:ty, $read_raw:ident: $($type:ty => |$value:ident| $read:expr;)*) => {
        /// `None` if there is no such column, or something else stands in it; inside, if nothing does.
        fn $read_raw(row: &Row, column: &str) -> Option<Option<$raw>> {
            match row {
                Row::Sqlite(row) => row.$read_raw(column),
                Row::Postgres(row) => row.try_get(column).ok(),
            }
        }
        $(
            impl FromColumn for $type {
                fn from_column(row: &Row, column: &str) -> Option<Self> {
                    let $value = $read_raw(row, column)??;
                    $read
                }
            }
            impl FromColumn for Option<$type> {
                fn from_column(row: &Row, column: &str) -> Option<Self> {
                    match $read_raw(row, column)? {
                        Some($value) => $read.map(Some),
                        None => Some(None),
                    }
                }
            }
        )*
    };
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

read_as! { String, text:
    String => |value| Some(value);
    SessionId => |value| parsed(&value);
    SignInId => |value| parsed(&value);
    GrantId => |value| parsed(&value);
    ParticipantId => |value| parsed(&value);
    DraftId => |value| parsed(&value);
    WriteId => |value| parsed(&value);
    OrganisationId => |value| parsed(&value);
    PersonKey => |value| parsed(&value);
    Digest => |value| parsed(&value);
    EntityKind => |value| parsed(&value);
    Licence => |value| parsed(&value);
    WriteState => |value| parsed(&value);
    Role => |value| Some(Role::parse(&value));
    MeetingUuid => |value| Some(MeetingUuid::new(value));
    MeetingNumber => |value| Some(MeetingNumber::new(value));
    TenantKey => |value| Some(TenantKey::new(value));
    OrganisationKey => |value| Some(OrganisationKey::new(value));
    ZoomClientId => |value| Some(ZoomClientId::new(value));
    Gsid => |value| Some(Gsid::new(value));
    ExternalId => |value| Some(ExternalId::new(value));
}

read_as! { i64, number:
    i64 => |value| Some(value);
    u32 => |value| u32::try_from(value).ok();
    u64 => |value| u64::try_from(value).ok();
    bool => |value| Some(value != 0);
    Timestamp => |value| Some(Timestamp::from_millis(value));
}

read_as! { Vec<u8>, bytes:
    Vec<u8> => |value| Some(value);
}
