//! One condition of a filter: which operators fit which type, and what they mean (`gainsight.md` 5.2).

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value;

use super::super::envelope::Failure;
use super::super::store::{Category, Cell, Field, Kind};
use super::dates::{Reading, Span};

/// How a tenant reads filters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    pub(crate) dates: Reading,
    pub(crate) minds_case: bool,
    pub(crate) in_on_text: bool,
}

/// What a value must be like.
#[derive(Debug)]
pub(crate) enum Test {
    IsNull,
    IsNotNull,
    Flag { is: bool },
    Number(Compare, f64),
    NumberIn { values: Vec<f64>, is_in: bool },
    Time(Compare, Span),
    Between(i64, i64),
    Text { compare: TextCompare, with: Text },
    TextIn { values: HashSet<String>, minds_case: bool },
    Items { values: Vec<String>, is_in: bool },
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Compare {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum TextCompare {
    Eq,
    Ne,
    Gt,
    Lt,
    StartsWith,
    EndsWith,
    Contains,
    Lacks,
}

/// A text to compare with, already in the case that counts.
#[derive(Debug)]
pub(crate) struct Text {
    folded: String,
    minds_case: bool,
}

impl Text {
    fn new(text: &str, minds_case: bool) -> Self {
        Self { folded: fold(text, minds_case).into_owned(), minds_case }
    }
}

fn fold(text: &str, minds_case: bool) -> Cow<'_, str> {
    if minds_case { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// The operators of each type, in the spelling of the documentation.
pub(crate) const fn operators(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Text | Kind::RichText | Kind::Email | Kind::Url | Kind::Gsid | Kind::Lookup(_) => &[
            "EQ",
            "NE",
            "GT",
            "LT",
            "STARTS_WITH",
            "ENDS_WITH",
            "CONTAINS",
            "DOES_NOT_CONTAINS",
            "IS_NULL",
            "IS_NOT_NULL",
            "IN",
        ],
        Kind::Number => &["EQ", "NE", "GT", "GTE", "LT", "LTE", "IN", "NOT_IN", "IS_NULL", "IS_NOT_NULL"],
        Kind::Currency | Kind::Percentage => &["EQ", "NE", "GT", "GTE", "LT", "LTE", "IS_NULL", "IS_NOT_NULL"],
        Kind::Flag => &["EQ", "NE"],
        Kind::Date | Kind::DateTime => &["EQ", "NE", "GT", "GTE", "LT", "LTE", "BTW", "IS_NULL", "IS_NOT_NULL"],
        Kind::Picklist(_) => {
            &["EQ", "NE", "INCLUDES", "EXCLUDES", "IN", "STARTS_WITH", "CONTAINS", "IS_NULL", "IS_NOT_NULL"]
        }
        Kind::MultiSelect(_) => &["INCLUDES", "EXCLUDES", "IS_NULL", "IS_NOT_NULL"],
    }
}

impl Test {
    /// Reads a condition on `field`.
    ///
    /// # Errors
    /// The failure to answer if the operator or the values do not fit the type.
    pub(crate) fn parse(
        field: &Field,
        category: Option<&Category>,
        operator: &str,
        values: &[Value],
        dialect: Dialect,
    ) -> Result<Self, Failure> {
        let known = operators(field.kind).iter().find(|known| known.eq_ignore_ascii_case(operator));
        let operator = known.copied().ok_or_else(|| misfit(field, operator))?;
        match operator {
            "IS_NULL" => return Ok(Self::IsNull),
            "IS_NOT_NULL" => return Ok(Self::IsNotNull),
            _ => {}
        }
        if values.is_empty() {
            return Err(Failure::invalid("GSOBJ_1008", format!("{operator} on {} needs a value.", field.name)));
        }
        match field.kind {
            Kind::Flag => flag(field, operator, values),
            Kind::Number | Kind::Currency | Kind::Percentage => number(field, operator, values),
            Kind::Date | Kind::DateTime => time(field, operator, values, dialect.dates),
            Kind::Picklist(_) | Kind::MultiSelect(_) => items(field, category, operator, values),
            Kind::Gsid | Kind::Lookup(_) => text(field, operator, values, Dialect { minds_case: true, ..dialect }),
            Kind::Text | Kind::RichText | Kind::Email | Kind::Url => {
                if operator == "IN" && !dialect.in_on_text {
                    return Err(misfit(field, operator));
                }
                text(field, operator, values, dialect)
            }
        }
    }

    /// Whether a value passes. Nothing passes only what asks for nothing or for something else.
    pub(crate) fn passes(&self, cell: &Cell) -> bool {
        match (self, cell) {
            (Self::IsNull, cell) => cell.is_null() || matches!(cell, Cell::Items(items) if items.is_empty()),
            (Self::IsNotNull, cell) => !Self::IsNull.passes(cell),
            (Self::Flag { is }, Cell::Flag(flag)) => flag == is,
            (Self::Number(compare, wanted), Cell::Number(number)) => compare.holds(number.total_cmp(wanted)),
            (Self::NumberIn { values, is_in }, Cell::Number(number)) => {
                values.iter().any(|value| value.total_cmp(number).is_eq()) == *is_in
            }
            (Self::Time(compare, span), Cell::Time(time)) => compare.holds_in(*time, *span),
            (Self::Between(from, to), Cell::Time(time)) => from <= time && time <= to,
            (Self::Text { compare, with }, Cell::Text(text)) => compare.holds(text, with),
            (Self::TextIn { values, minds_case }, Cell::Text(text)) => values.contains(&*fold(text, *minds_case)),
            (Self::Items { values, is_in }, Cell::Text(item)) => values.iter().any(|value| **value == **item) == *is_in,
            (Self::Items { values, is_in }, Cell::Items(items)) => has_any(items, values) == *is_in,
            (test, _) => test.passes_nothing(),
        }
    }

    const fn passes_nothing(&self) -> bool {
        match self {
            Self::NumberIn { is_in, .. } | Self::Items { is_in, .. } => !*is_in,
            Self::Number(compare, _) | Self::Time(compare, _) => matches!(compare, Compare::Ne),
            Self::Text { compare, .. } => matches!(compare, TextCompare::Ne | TextCompare::Lacks),
            Self::Flag { .. } | Self::Between(..) | Self::TextIn { .. } | Self::IsNull | Self::IsNotNull => false,
        }
    }
}

fn has_any(items: &[Arc<str>], values: &[String]) -> bool {
    items.iter().any(|item| values.iter().any(|value| **value == **item))
}

impl Compare {
    fn parse(operator: &str) -> Self {
        match operator {
            "NE" => Self::Ne,
            "GT" => Self::Gt,
            "GTE" => Self::Gte,
            "LT" => Self::Lt,
            "LTE" => Self::Lte,
            _ => Self::Eq,
        }
    }

    const fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Gt => order.is_gt(),
            Self::Gte => order.is_ge(),
            Self::Lt => order.is_lt(),
            Self::Lte => order.is_le(),
        }
    }

    /// A mere date is the whole day: equal is within, later is after its end.
    const fn holds_in(self, time: i64, span: Span) -> bool {
        let end = span.from.saturating_add(if span.length > 0 { span.length - 1 } else { 0 });
        match self {
            Self::Eq => span.from <= time && time <= end,
            Self::Ne => time < span.from || end < time,
            Self::Gt => time > end,
            Self::Gte => time >= span.from,
            Self::Lt => time < span.from,
            Self::Lte => time <= end,
        }
    }
}

impl TextCompare {
    fn parse(operator: &str) -> Self {
        match operator {
            "NE" => Self::Ne,
            "GT" => Self::Gt,
            "LT" => Self::Lt,
            "STARTS_WITH" => Self::StartsWith,
            "ENDS_WITH" => Self::EndsWith,
            "CONTAINS" => Self::Contains,
            "DOES_NOT_CONTAINS" => Self::Lacks,
            _ => Self::Eq,
        }
    }

    fn holds(self, text: &str, with: &Text) -> bool {
        let folded = fold(text, with.minds_case);
        let wanted = with.folded.as_str();
        match self {
            Self::Eq => *folded == *wanted,
            Self::Ne => *folded != *wanted,
            Self::Gt => *folded > *wanted,
            Self::Lt => *folded < *wanted,
            Self::StartsWith => folded.starts_with(wanted),
            Self::EndsWith => folded.ends_with(wanted),
            Self::Contains => folded.contains(wanted),
            Self::Lacks => !folded.contains(wanted),
        }
    }
}

fn misfit(field: &Field, operator: &str) -> Failure {
    let text = format!("Operator {operator} is not supported for {} of type {}.", field.name, field.kind.data_type());
    Failure::invalid("GSOBJ_1008", text)
}

fn mistyped(field: &Field) -> Failure {
    let text = format!("A value for {} does not fit the type {}.", field.name, field.kind.data_type());
    Failure::invalid("GSOBJ_1002", text)
}

fn flag(field: &Field, operator: &str, values: &[Value]) -> Result<Test, Failure> {
    let wanted = values.first().and_then(Value::as_bool).ok_or_else(|| mistyped(field))?;
    Ok(Test::Flag { is: wanted == (operator == "EQ") })
}

fn number(field: &Field, operator: &str, values: &[Value]) -> Result<Test, Failure> {
    let numbers: Option<Vec<f64>> = values.iter().map(Value::as_f64).collect();
    let numbers = numbers.ok_or_else(|| mistyped(field))?;
    match operator {
        "IN" | "NOT_IN" => Ok(Test::NumberIn { values: numbers, is_in: operator == "IN" }),
        _ => numbers.first().map(|first| Test::Number(Compare::parse(operator), *first)).ok_or_else(|| mistyped(field)),
    }
}

fn time(field: &Field, operator: &str, values: &[Value], reading: Reading) -> Result<Test, Failure> {
    let code = if field.kind == Kind::Date { "GSOBJ_1006" } else { "GSOBJ_1005" };
    let unreadable =
        || Failure::invalid(code, format!("A filter value for {} is not a date that can be parsed.", field.name));
    let spans: Option<Vec<Span>> = values.iter().map(|value| reading.filter(value)).collect();
    let spans = spans.ok_or_else(unreadable)?;
    match (operator, spans.as_slice()) {
        ("BTW", [from, to]) => Ok(Test::Between(from.from, to.from.saturating_add((to.length - 1).max(0)))),
        ("BTW", _) => Err(Failure::invalid("GSOBJ_1008", format!("BTW on {} needs two values.", field.name))),
        (_, [first, ..]) => Ok(Test::Time(Compare::parse(operator), *first)),
        (_, []) => Err(unreadable()),
    }
}

fn texts(field: &Field, values: &[Value]) -> Result<Vec<String>, Failure> {
    let texts: Option<Vec<String>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
    texts.ok_or_else(|| mistyped(field))
}

fn text(field: &Field, operator: &str, values: &[Value], dialect: Dialect) -> Result<Test, Failure> {
    let texts = texts(field, values)?;
    let minds_case = dialect.minds_case;
    if operator == "IN" {
        let values = texts.iter().map(|text| fold(text, minds_case).into_owned()).collect();
        return Ok(Test::TextIn { values, minds_case });
    }
    let first = texts.first().ok_or_else(|| mistyped(field))?;
    Ok(Test::Text { compare: TextCompare::parse(operator), with: Text::new(first, minds_case) })
}

/// Filters on picklists name items by label or by id (`gainsight.md` 6).
fn items(field: &Field, category: Option<&Category>, operator: &str, values: &[Value]) -> Result<Test, Failure> {
    let texts = texts(field, values)?;
    match operator {
        "STARTS_WITH" | "CONTAINS" => {
            let first = texts.first().ok_or_else(|| mistyped(field))?;
            Ok(Test::Text { compare: TextCompare::parse(operator), with: Text::new(first, false) })
        }
        _ => {
            let label = |text: String| match category.and_then(|category| category.item(&text)) {
                Some(item) => item.label.to_owned(),
                None => text,
            };
            Ok(Test::Items {
                values: texts.into_iter().map(label).collect(),
                is_in: !matches!(operator, "NE" | "EXCLUDES"),
            })
        }
    }
}
