//! The query language of objects (`gainsight.md` 5.1, 5.2).

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use sidelight_domain::Timestamp;
use sidelight_domain::ids::Gsid;
use sidelight_outbound::Method;

use crate::client::{Stopped, address};
use crate::{Access, Error, Gainsight, Record, Refusal, record};

/// The most rows that one call returns.
pub const MOST_RECORDS: u32 = 5_000;

/// How a field is compared. Which types take which operator is the table of `gainsight.md` 5.2; there is no `LIKE`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operator {
    /// `EQ`
    Equal,
    /// `NE`
    NotEqual,
    /// `GT`
    Greater,
    /// `GTE`; numbers and dates only.
    GreaterOrEqual,
    /// `LT`
    Less,
    /// `LTE`; numbers and dates only.
    LessOrEqual,
    /// `BTW`, with two values; dates only.
    Between,
    /// `IN`; on texts and addresses some tenants refuse it.
    In,
    /// `NOT_IN`; numbers only.
    NotIn,
    /// `STARTS_WITH`
    StartsWith,
    /// `ENDS_WITH`
    EndsWith,
    /// `CONTAINS`
    Contains,
    /// `DOES_NOT_CONTAINS`, spelt so.
    DoesNotContain,
    /// `INCLUDES`; picklists only.
    Includes,
    /// `EXCLUDES`; picklists only.
    Excludes,
    /// `IS_NULL`, without values.
    IsNull,
    /// `IS_NOT_NULL`, without values.
    IsNotNull,
}

impl Operator {
    /// The spelling on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "EQ",
            Self::NotEqual => "NE",
            Self::Greater => "GT",
            Self::GreaterOrEqual => "GTE",
            Self::Less => "LT",
            Self::LessOrEqual => "LTE",
            Self::Between => "BTW",
            Self::In => "IN",
            Self::NotIn => "NOT_IN",
            Self::StartsWith => "STARTS_WITH",
            Self::EndsWith => "ENDS_WITH",
            Self::Contains => "CONTAINS",
            Self::DoesNotContain => "DOES_NOT_CONTAINS",
            Self::Includes => "INCLUDES",
            Self::Excludes => "EXCLUDES",
            Self::IsNull => "IS_NULL",
            Self::IsNotNull => "IS_NOT_NULL",
        }
    }
}

/// A value that a field is compared with.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Operand(Value);

impl From<&str> for Operand {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Operand {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&Gsid> for Operand {
    fn from(id: &Gsid) -> Self {
        id.as_str().into()
    }
}

impl From<i64> for Operand {
    fn from(number: i64) -> Self {
        Self(number.into())
    }
}

impl From<bool> for Operand {
    fn from(flag: bool) -> Self {
        Self(flag.into())
    }
}

impl From<Timestamp> for Operand {
    /// In UTC. In which zone Gainsight reads it is not documented: widen a range by a day and look again at what comes back
    /// (`gainsight.md` 5.3).
    fn from(moment: Timestamp) -> Self {
        record::filter_text(moment).into()
    }
}

/// Which rows are wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Rows whose field compares so.
    Field {
        /// The field; a look-up is followed with `<Lookup>__gr.<Field>`.
        name: String,
        /// How it is compared.
        operator: Operator,
        /// With what.
        values: Vec<Operand>,
    },
    /// Rows that meet all of these.
    All(Vec<Filter>),
    /// Rows that meet any of these.
    Any(Vec<Filter>),
}

impl Filter {
    /// Rows whose field compares so with one value.
    #[must_use]
    pub fn field(name: impl Into<String>, operator: Operator, value: impl Into<Operand>) -> Self {
        Self::Field { name: name.into(), operator, values: vec![value.into()] }
    }

    /// Rows whose field equals a value.
    #[must_use]
    pub fn equal(name: impl Into<String>, value: impl Into<Operand>) -> Self {
        Self::field(name, Operator::Equal, value)
    }

    /// Rows whose field equals one of these values. A call carries a few hundred; chunking is the caller's.
    #[must_use]
    pub fn is_in<V: Into<Operand>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        Self::Field { name: name.into(), operator: Operator::In, values: values.into_iter().map(Into::into).collect() }
    }
}

/// A query of one object.
#[derive(Clone, Debug)]
pub struct Query {
    fields: Vec<String>,
    filter: Option<Filter>,
    order: Vec<(String, &'static str)>,
    limit: u32,
    offset: u32,
}

impl Query {
    /// Asks for these fields of the first 5,000 rows.
    pub fn select<F: Into<String>>(fields: impl IntoIterator<Item = F>) -> Self {
        let fields = fields.into_iter().map(Into::into).collect();
        Self { fields, filter: None, order: Vec::new(), limit: MOST_RECORDS, offset: 0 }
    }

    /// Asks for these rows only.
    #[must_use]
    pub fn only(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Sorts by a field, smallest first; further fields break ties.
    #[must_use]
    pub fn ascending(mut self, field: impl Into<String>) -> Self {
        self.order.push((field.into(), "asc"));
        self
    }

    /// Sorts by a field, largest first; further fields break ties.
    #[must_use]
    pub fn descending(mut self, field: impl Into<String>) -> Self {
        self.order.push((field.into(), "desc"));
        self
    }

    /// Asks for at most so many rows, and never more than [`MOST_RECORDS`].
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit.min(MOST_RECORDS);
        self
    }

    /// How many rows come at most.
    #[must_use]
    pub const fn row_limit(&self) -> u32 {
        self.limit
    }

    /// Leaves out the first rows. Rows that change meanwhile may be skipped or repeated: page by `Gsid` for full lists.
    #[must_use]
    pub fn offset(mut self, offset: u32) -> Self {
        self.offset = offset;
        self
    }
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("select", &self.fields)?;
        if let Some(filter) = &self.filter {
            let mut conditions = Vec::new();
            let expression = express(filter, &mut conditions, false);
            map.serialize_entry("where", &Where { conditions, expression })?;
        }
        if !self.order.is_empty() {
            map.serialize_entry("orderBy", &Order(&self.order))?;
        }
        map.serialize_entry("limit", &self.limit)?;
        map.serialize_entry("offset", &self.offset)?;
        map.end()
    }
}

#[derive(Serialize)]
struct Where<'a> {
    conditions: Vec<Condition<'a>>,
    expression: String,
}

#[derive(Serialize)]
struct Condition<'a> {
    name: &'a str,
    alias: String,
    operator: &'static str,
    value: &'a [Operand],
}

/// An object whose keys keep their order: the first one sorts first.
struct Order<'a>(&'a [(String, &'static str)]);

impl Serialize for Order<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(field, direction)| (field, direction)))
    }
}

/// Turns a filter into conditions and the expression that joins them.
///
/// Parentheses are unproven (`gainsight.md` 5.1), so they stand only where AND and OR really meet.
fn express<'a>(filter: &'a Filter, conditions: &mut Vec<Condition<'a>>, is_nested: bool) -> String {
    let (parts, word) = match filter {
        Filter::Field { name, operator, values } => {
            let alias = alias(conditions.len());
            conditions.push(Condition { name, alias: alias.clone(), operator: operator.as_str(), value: values });
            return alias;
        }
        Filter::All(parts) => (parts, " AND "),
        Filter::Any(parts) => (parts, " OR "),
    };
    let is_same =
        |part: &Filter| matches!((filter, part), (Filter::All(_), Filter::All(_)) | (Filter::Any(_), Filter::Any(_)));
    let nested = parts.len() > 1;
    let terms = parts.iter().map(|part| express(part, conditions, nested && !is_same(part)));
    let terms: Vec<_> = terms.filter(|term| !term.is_empty()).collect();
    let joined = terms.join(word);
    if is_nested && terms.len() > 1 { format!("({joined})") } else { joined }
}

/// A, B, … Z, then AA, AB, …; never a word of the language.
fn alias(number: usize) -> String {
    let letters = |number: usize| {
        let mut text = String::new();
        let mut rest = number + 1;
        while rest > 0 {
            rest -= 1;
            text.insert(0, char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
            rest /= 26;
        }
        text
    };
    // "OR" comes after 407 others and "AND" after 1,043; everything behind them moves up by one.
    letters([407, 1_043].into_iter().fold(number, |number, word| if number >= word { number + 1 } else { number }))
}

impl Gainsight {
    /// The rows of `object` that a query asks for; none is a success, in whichever of its three forms it comes.
    ///
    /// # Errors
    /// [`Error::UnknownObject`], [`Error::Invalid`] for an unknown field, and what every call may meet.
    pub async fn query(&self, access: &Access<'_>, object: &str, query: &Query) -> Result<Vec<Record>, Error> {
        let url = address(access.base, &["v1", "data", "objects", "query", object]);
        match self.send_json(access, Method::POST, url, query).await {
            Ok(data) => rows(data),
            Err(Stopped::Failed(failure)) if failure.is_empty_result() => Ok(Vec::new()),
            Err(stopped) => Err(stopped.into()),
        }
    }
}

/// `data` is a list of rows, an object with `records`, or null (`gainsight.md` 5.1).
fn rows(data: Value) -> Result<Vec<Record>, Error> {
    let unreadable = || Error::Unreadable(Refusal { status: 200, ..Refusal::default() });
    let list = match data {
        Value::Null => return Ok(Vec::new()),
        Value::Array(list) => list,
        Value::Object(mut data) => match data.remove("records") {
            Some(Value::Array(list)) => list,
            Some(Value::Null) => return Ok(Vec::new()),
            _ => return Err(unreadable()),
        },
        Value::Bool(_) | Value::Number(_) | Value::String(_) => return Err(unreadable()),
    };
    list.into_iter().map(|row| object(row).map(Record::new).ok_or_else(unreadable)).collect()
}

fn object(row: Value) -> Option<Map<String, Value>> {
    if let Value::Object(row) = row { Some(row) } else { None }
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
