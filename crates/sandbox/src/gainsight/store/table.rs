//! The records of one object.

use std::collections::HashMap;
use std::sync::Arc;

use super::cell::Cell;
use super::schema::Object;

/// A record: cells in the order of the object's fields.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    /// When queries begin to see it: reporting may lag behind a write.
    pub(crate) reported_from: i64,
}

/// All records of one object.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) object: &'static Object,
    rows: Vec<Row>,
    by_id: HashMap<Arc<str>, usize>,
}

impl Table {
    pub(crate) fn new(object: &'static Object) -> Self {
        Self { object, rows: Vec::new(), by_id: HashMap::new() }
    }

    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub(crate) fn get(&self, gsid: &str) -> Option<&Row> {
        self.by_id.get(gsid).and_then(|at| self.rows.get(*at))
    }

    pub(crate) fn get_mut(&mut self, gsid: &str) -> Option<&mut Row> {
        let at = *self.by_id.get(gsid)?;
        self.rows.get_mut(at)
    }

    /// A value by field name, for code that knows what it wants.
    pub(crate) fn value<'a>(&self, row: &'a Row, field: &str) -> &'a Cell {
        self.object.column(field).and_then(|column| row.cells.get(column)).unwrap_or(&Cell::Null)
    }

    /// The id of a record.
    pub(crate) fn gsid<'a>(&self, row: &'a Row) -> &'a str {
        self.value(row, "Gsid").as_text().unwrap_or_default()
    }

    /// Records whose `field` is this text, in any case.
    pub(crate) fn find<'a>(&'a self, field: &str, text: &'a str) -> impl Iterator<Item = &'a Row> {
        let column = self.object.column(field);
        self.rows.iter().filter(move |row| {
            let held = column.and_then(|column| row.cells.get(column)).and_then(Cell::as_text);
            held.is_some_and(|held| same_text(held, text))
        })
    }

    /// Adds a record made of named values; what is not named is empty. Names that the object does not have are ignored.
    pub(crate) fn insert(
        &mut self,
        gsid: &str,
        values: impl IntoIterator<Item = (&'static str, Cell)>,
        reported_from: i64,
    ) {
        let mut cells = vec![Cell::Null; self.object.fields.len()];
        for (name, cell) in [("Gsid", Cell::text(gsid))].into_iter().chain(values) {
            // Exactly this name: the search without case would be most of the time of a start.
            let column = self.object.fields.iter().position(|field| field.name == name);
            if let Some(slot) = column.and_then(|column| cells.get_mut(column)) {
                *slot = cell;
            }
        }
        self.push(gsid, Row { cells, reported_from });
    }

    /// Adds a complete record.
    pub(crate) fn push(&mut self, gsid: &str, row: Row) {
        self.by_id.insert(Arc::from(gsid), self.rows.len());
        self.rows.push(row);
    }

    /// Changes one value; tells whether the record was there.
    pub(crate) fn set(&mut self, gsid: &str, field: &str, cell: Cell) -> bool {
        let column = self.object.column(field);
        match self.get_mut(gsid).and_then(|row| row.cells.get_mut(column?)) {
            Some(slot) => {
                *slot = cell;
                true
            }
            None => false,
        }
    }

    /// Keeps only the records that pass.
    pub(crate) fn retain(&mut self, passes: impl Fn(&Self, &Row) -> bool) {
        let gone: Vec<String> =
            self.rows.iter().filter(|row| !passes(self, row)).map(|row| self.gsid(row).to_owned()).collect();
        for gsid in gone {
            self.remove(&gsid);
        }
    }

    /// Takes a record out. The last one takes its place, so pages by offset shift, as they may in the real system.
    pub(crate) fn remove(&mut self, gsid: &str) -> Option<Row> {
        let at = self.by_id.remove(gsid)?;
        let row = self.rows.swap_remove(at);
        if let Some(moved) = self.rows.get(at) {
            let id = Arc::from(self.gsid(moved));
            self.by_id.insert(id, at);
        }
        Some(row)
    }
}

/// Texts that are the same but for upper and lower case.
pub(crate) fn same_text(a: &str, b: &str) -> bool {
    // Most texts are plain, and lower case of others costs two copies.
    a.eq_ignore_ascii_case(b) || !(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase()
}
