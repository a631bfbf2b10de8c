//! `orderBy`: field → direction, in the order in which they were written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::super::envelope::Failure;
use super::super::store::Row;
use super::super::view::View;
use super::path::Path;

/// Fields and directions as they came. A map of the JSON library would have sorted them by name.
#[derive(Debug, Default)]
pub(crate) struct OrderBy(Vec<(String, String)>);

impl<'de> Deserialize<'de> for OrderBy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(InOrder)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = OrderBy;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of field names and directions")
    }

    fn visit_unit<E>(self) -> Result<OrderBy, E> {
        Ok(OrderBy::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OrderBy, A::Error> {
        let mut fields = Vec::new();
        while let Some(entry) = map.next_entry()? {
            fields.push(entry);
        }
        Ok(OrderBy(fields))
    }
}

/// What to sort by.
pub(crate) struct Order<'a>(Vec<(Path<'a>, bool)>);

impl OrderBy {
    /// Finds the fields.
    pub(crate) fn compile<'a>(&self, find: impl Fn(&str) -> Result<Path<'a>, Failure>) -> Result<Order<'a>, Failure> {
        let mut keys = Vec::with_capacity(self.0.len());
        for (name, direction) in &self.0 {
            let is_descending = match direction.to_lowercase().as_str() {
                "asc" => false,
                "desc" => true,
                _ => return Err(Failure::invalid("GSOBJ_1008", format!("{name} cannot be ordered {direction}."))),
            };
            keys.push((find(name)?, is_descending));
        }
        Ok(Order(keys))
    }
}

impl Order<'_> {
    /// Sorts; records that are alike stay in their order.
    pub(crate) fn sort(&self, rows: &mut [&Row], view: &View) {
        if self.0.is_empty() {
            return;
        }
        rows.sort_by(|a, b| {
            let orders = self.0.iter().map(|(path, is_descending)| {
                let (a, b) = (path.read(a, view), path.read(b, view));
                // Nothing stays last in both directions.
                if *is_descending && !a.is_null() && !b.is_null() { b.order(a) } else { a.order(b) }
            });
            orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
    }
}
