//! The query language of objects (`gainsight.md` 5.1 to 5.3): parsing, filtering, ordering, rendering. Nothing here knows HTTP.

pub(crate) mod condition;
pub(crate) mod dates;
mod expression;
mod ordering;
mod path;
pub(crate) mod render;

use serde::Deserialize;
use serde_json::{Map, Value};

use self::condition::{Dialect, Test};
use self::expression::Expression;
use self::ordering::OrderBy;
use self::path::Path;
use self::render::Style;
use super::envelope::Failure;
use super::store::{Row, Store, Table};
use super::view::View;

/// Most records of one answer.
pub(crate) const LARGEST_PAGE: usize = 5_000;

/// The body of a query.
#[derive(Debug, Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    select: Vec<String>,
    #[serde(default, rename = "where")]
    filter: Option<Filter>,
    #[serde(default, rename = "orderBy")]
    order_by: OrderBy,
    #[serde(default)]
    limit: Option<usize>,
    #[serde(default)]
    offset: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct Filter {
    #[serde(default)]
    conditions: Vec<Condition>,
    #[serde(default)]
    expression: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Condition {
    name: String,
    alias: String,
    operator: String,
    /// Always an array.
    #[serde(default)]
    value: Vec<Value>,
}

/// What a tenant makes of the parts that nobody is sure of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) dialect: Dialect,
    pub(crate) style: Style,
    pub(crate) parentheses: bool,
    pub(crate) caps_limit: bool,
    pub(crate) hidden_field: HiddenField,
}

/// What selecting an unreadable field does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum HiddenField {
    Null,
    Absent,
    Error,
}

/// Whose records, as of when.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) store: &'a Store,
    pub(crate) table: &'a Table,
    pub(crate) view: &'a View,
    pub(crate) now: i64,
}

impl Query {
    /// The same query without its page, for lists that page in their own way.
    pub(crate) fn unpaged(mut self) -> Self {
        (self.limit, self.offset) = (None, None);
        self
    }

    /// The records that the asker may see, filtered, in order, cut to the page.
    ///
    /// # Errors
    /// The failure to answer to a query that is not one.
    pub(crate) fn run(&self, scope: Scope<'_>, manner: Manner) -> Result<Vec<Value>, Failure> {
        let limit = self.limit.unwrap_or(LARGEST_PAGE);
        if self.select.is_empty() {
            return Err(Failure::invalid("GSOBJ_1008", "A query needs at least one field to select."));
        }
        if limit > LARGEST_PAGE && !manner.caps_limit {
            return Err(Failure::invalid("GSOBJ_1008", "limit must not be above 5000."));
        }
        let columns = self.columns(scope, manner)?;
        let filter = self.filter(scope, manner)?;
        let order = self.order_by.compile(|name| readable(scope, name))?;
        let is_wanted = |row: &&Row| {
            row.reported_from <= scope.now
                && scope.view.sees(scope.table, row)
                && filter.as_ref().is_none_or(|filter| filter.passes(row, scope.view))
        };
        let mut rows: Vec<&Row> = scope.table.rows().iter().filter(is_wanted).collect();
        order.sort(&mut rows, scope.view);
        let page = rows.into_iter().skip(self.offset.unwrap_or(0)).take(limit.min(LARGEST_PAGE));
        Ok(page.map(|row| record(&columns, row, scope, manner)).collect())
    }

    fn columns<'a>(&'a self, scope: Scope<'a>, manner: Manner) -> Result<Vec<(&'a str, Path<'a>)>, Failure> {
        let mut columns = Vec::with_capacity(self.select.len());
        for name in &self.select {
            let path = Path::find(scope.store, scope.table, scope.view, name)?;
            if !path.is_readable && manner.hidden_field == HiddenField::Error {
                return Err(Failure::forbidden(format!("Field {name} is not accessible.")));
            }
            if path.is_readable || manner.hidden_field == HiddenField::Null {
                columns.push((name.as_str(), path));
            }
        }
        Ok(columns)
    }

    fn filter<'a>(&self, scope: Scope<'a>, manner: Manner) -> Result<Option<Compiled<'a>>, Failure> {
        let Some(filter) = self.filter.as_ref().filter(|filter| !filter.conditions.is_empty()) else {
            return Ok(None);
        };
        let mut tests = Vec::with_capacity(filter.conditions.len());
        let mut aliases: Vec<&str> = Vec::with_capacity(filter.conditions.len());
        for condition in &filter.conditions {
            if aliases.contains(&condition.alias.as_str()) {
                return Err(Failure::invalid("GSOBJ_1008", format!("Alias {} is used twice.", condition.alias)));
            }
            aliases.push(&condition.alias);
            let path = readable(scope, &condition.name)?;
            let category = path.field.kind.category().and_then(|name| scope.store.category(name));
            let test = Test::parse(path.field, category, &condition.operator, &condition.value, manner.dialect)?;
            tests.push((path, test));
        }
        let expression = match filter.expression.as_deref().filter(|text| !text.trim().is_empty()) {
            Some(text) => Expression::parse(text, &aliases, manner.parentheses)?,
            None => Expression::All((0..tests.len()).map(Expression::Term).collect()),
        };
        Ok(Some(Compiled { tests, expression }))
    }
}

/// A field to filter or order by: what somebody may not read, he may not probe either.
fn readable<'a>(scope: Scope<'a>, name: &str) -> Result<Path<'a>, Failure> {
    let path = Path::find(scope.store, scope.table, scope.view, name)?;
    if path.is_readable { Ok(path) } else { Err(Failure::forbidden(format!("Field {name} is not accessible."))) }
}

struct Compiled<'a> {
    tests: Vec<(Path<'a>, Test)>,
    expression: Expression,
}

impl Compiled<'_> {
    fn passes(&self, row: &Row, view: &View) -> bool {
        self.expression.holds(&|at| self.tests.get(at).is_some_and(|(path, test)| test.passes(path.read(row, view))))
    }
}

/// Reply keys are spelt as they were asked for (`gainsight.md` 5.1).
fn record(columns: &[(&str, Path<'_>)], row: &Row, scope: Scope<'_>, manner: Manner) -> Value {
    let mut record = Map::with_capacity(columns.len());
    for (name, path) in columns {
        let value = if path.is_readable {
            manner.style.render(scope.store, path.field, path.read(row, scope.view))
        } else {
            Value::Null
        };
        record.insert((*name).to_owned(), value);
    }
    Value::Object(record)
}

#[cfg(test)]
#[path = "query_tests.rs"]
mod tests;
