//! Field names in queries: `Name`, `Csm__gr.Email`, `Company_ID__gr.csm__gr.name` (`gainsight.md` 5.1).

use super::super::envelope::Failure;
use super::super::store::{Cell, Field, Object, Row, Store, Table};
use super::super::view::View;

/// The way from a record to a value, over look-ups.
#[derive(Debug)]
pub(crate) struct Path<'a> {
    hops: Vec<(usize, &'a Table)>,
    column: usize,
    pub(crate) field: &'static Field,
    /// Whether the asker may read what lies at the end and on the way.
    pub(crate) is_readable: bool,
}

impl<'a> Path<'a> {
    /// Finds the way that `name` describes, starting at `table`.
    ///
    /// # Errors
    /// The failure to answer if there is no such field.
    pub(crate) fn find(store: &'a Store, table: &'a Table, view: &View, name: &str) -> Result<Self, Failure> {
        let unknown = |object: &Object| unknown_field(object, name);
        let mut hops = Vec::new();
        let mut table = table;
        let mut is_readable = true;
        let mut rest = name;
        while let Some((relation, tail)) = rest.split_once('.') {
            let (column, target) = table.object.relation(relation).ok_or_else(|| unknown(table.object))?;
            is_readable &= table.object.fields.get(column).is_some_and(|field| view.reads(field));
            table = store.table(target).ok_or_else(|| unknown(table.object))?;
            hops.push((column, table));
            rest = tail;
        }
        let column = table.object.column(rest).ok_or_else(|| unknown(table.object))?;
        let field = table.object.fields.get(column).filter(|field| !field.is_internal());
        let field = field.ok_or_else(|| unknown(table.object))?;
        Ok(Self { hops, column, field, is_readable: is_readable && view.reads(field) })
    }

    /// The value at the end; nothing where a look-up is empty or leads to a record that the asker does not see.
    pub(crate) fn read<'r>(&self, row: &'r Row, view: &View) -> &'r Cell
    where
        'a: 'r,
    {
        let mut row = row;
        for (column, table) in &self.hops {
            let target = row.cells.get(*column).and_then(Cell::as_text).and_then(|gsid| table.get(gsid));
            match target.filter(|target| view.sees(table, target)) {
                Some(target) => row = target,
                None => return &Cell::Null,
            }
        }
        row.cells.get(self.column).unwrap_or(&Cell::Null)
    }
}

fn unknown_field(object: &Object, name: &str) -> Failure {
    // Seen when the name of a company person is selected (`gainsight.md` 4.2, 8.1).
    if object.name == "company_person" && name.eq_ignore_ascii_case("Name") {
        return Failure::invalid("P_5005", "Field Name is not supported on company_person.");
    }
    Failure::invalid("GSOBJ_1002", format!("Field {name} is not a valid field of {}.", object.name))
}
