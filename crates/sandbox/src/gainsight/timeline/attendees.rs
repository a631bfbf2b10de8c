//! Who took part: kept by id, shown by name (`gainsight.md` 10.3).

use std::sync::Arc;

use super::super::caller::Ways;
use super::super::envelope::Failure;
use super::super::store::{Cell, Store};
use super::super::switches;

/// Ids and names of those who took part; `None` where the write does not speak of them.
#[derive(Debug, Default)]
pub(super) struct Attendees {
    internal: Option<Vec<(Arc<str>, String)>>,
    external: Option<Vec<(Arc<str>, String)>>,
}

impl Attendees {
    pub(super) fn merge(&mut self, other: Self) {
        self.internal = other.internal.or(self.internal.take());
        self.external = other.external.or(self.external.take());
    }

    /// The values to keep: names for queries, ids for ourselves.
    pub(super) fn values(&self) -> Vec<(&'static str, Cell)> {
        let mut values = Vec::new();
        for (people, names, ids) in [
            (&self.internal, "InternalAttendees", "internal_attendee_ids"),
            (&self.external, "ExternalAttendees", "external_attendee_ids"),
        ] {
            if let Some(people) = people {
                let shown: Vec<_> = people.iter().map(|(_, name)| name.as_str()).collect();
                values.push((names, Cell::text(shown.join(", "))));
                values.push((ids, Cell::Items(people.iter().map(|(id, _)| Arc::clone(id)).collect())));
            }
        }
        values
    }
}

/// Names for the records that a look-up of attendees found.
///
/// # Errors
/// If the look-up goes to an object that this tenant does not take for attendees: for external ones nobody knows (10.2).
pub(super) fn attendees(
    store: &Store,
    ways: &Ways<'_>,
    target: &str,
    object: &str,
    ids: &[String],
) -> Result<Attendees, Failure> {
    let is_internal = target == "InternalAttendees";
    let expected = if is_internal { "GsUser" } else { ways.choice(&switches::EXTERNAL_LOOKUP) };
    if !object.eq_ignore_ascii_case(expected) {
        return Err(Failure::invalid("GSOBJ_1008", format!("Lookup of {target}: object {object} is not supported.")));
    }
    let person = |id: &String| {
        let name = if object.eq_ignore_ascii_case("company_person") {
            let person = store.value("company_person", id, "Person_ID");
            store.value("Person", person.as_text().unwrap_or_default(), "Name")
        } else {
            store.value(object, id, "Name")
        };
        (Arc::from(id.as_str()), name.as_text().unwrap_or_default().to_owned())
    };
    let people = Some(ids.iter().map(person).collect());
    Ok(if is_internal {
        Attendees { internal: people, external: None }
    } else {
        Attendees { internal: None, external: people }
    })
}
