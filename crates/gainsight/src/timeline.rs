//! Reading the Timeline (`gainsight.md` 10.3).

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use sidelight_domain::ids::{ExternalId, Gsid};
use sidelight_domain::{EmailAddress, Timestamp};

use crate::metadata::Column::{self, Described, Needed, Usual};
use crate::metadata::{DataType, FieldDescription};
use crate::print::print_only;
use crate::query::MOST_RECORDS;
use crate::wanted::Wanted;
use crate::{Access, Error, Filter, Gainsight, Operator, Query, Record, Schema};

pub(crate) const OBJECT: &str = "activity_timeline";
const COLUMNS: &[Column] = &[
    Needed("Gsid"),
    Needed("ActivityDate"),
    Needed("Subject"),
    Usual("CreatedDate"),
    Usual("ModifiedDate"),
    Usual("ExternalId"),
    Usual("TypeName"),
    Usual("ContextName"),
    Usual("AuthorId"),
    Usual("AuthorId__gr.Name"),
    Usual("AuthorId__gr.Email"),
    Usual("GsCompanyId"),
    Usual("GsRelationshipId"),
    Usual("InternalAttendees"),
    Usual("ExternalAttendees"),
    Described("ActivityId"),
    Described("GsRelationshipId__gr.Name"),
];
const NOTES: &[Column] = &[Usual("Notes"), Described("NotesPlainText")];

/// What is read of each object.
pub(crate) const READ: [(&str, &[Column]); 2] = [(OBJECT, COLUMNS), (OBJECT, NOTES)];

/// In which zone a filter's date is read is not documented (`gainsight.md` 5.3), so a page reaches a day further than it
/// shows, and what is too new is left out here.
const ZONE_MARGIN: Duration = Duration::from_hours(24);
/// How many rows are asked for beyond those that are shown, to cover that day and rows of the same moment.
const EXTRA_ROWS: u32 = 50;
/// How many rows are looked through at once where the tenant does not look for us.
const SIFTED_ROWS: u32 = 300;
/// How many calls a page of what is wanted may take: what Gainsight finds by other rules than ours would lead us through all of it.
const MOST_CALLS: u32 = 2;

/// Whose Timeline.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Scope {
    /// A company's, with those entries of its relationships that the tenant rolls up.
    Company(Gsid),
    /// A relationship's.
    Relationship(Gsid),
}

/// Who looks for what is wanted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Search {
    /// The tenant.
    #[default]
    Upstream,
    /// We do, among what the tenant tells without conditions: a part of the Timeline with each page.
    Here,
}

/// Which page of a Timeline.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TimelineFilter {
    /// Whose.
    pub scope: Scope,
    /// Which entries.
    pub wanted: Wanted,
    /// Who looks for them.
    pub search: Search,
    /// Only entries older than this one; the last one of the page before.
    pub before: Option<(Timestamp, Gsid)>,
    /// How many at most.
    pub limit: u32,
}

/// A page of a Timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityPage {
    /// Newest first; what happened at the same moment, by id.
    pub activities: Vec<ActivityRow>,
    /// Whether nothing older follows.
    pub is_last: bool,
    /// The last entry that was looked at: the next page begins behind it.
    pub reached: Option<(Timestamp, Gsid)>,
}

/// What changed in a tenant lately.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// Latest change first, without their notes.
    pub activities: Vec<ActivityRow>,
    /// Whether these are all. Otherwise more changed than was asked for, and whoever follows the changes begins anew.
    pub is_complete: bool,
}

/// The number of an activity in the Timeline's own interface; not its record id.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct ActivityId(String);

impl ActivityId {
    /// Takes the text as it came.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ActivityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An activity as queries return it. Prints nothing that anybody wrote.
#[derive(Clone, PartialEq)]
pub struct ActivityRow {
    /// The record.
    pub id: Gsid,
    /// Its number in the Timeline's own interface, where describe shows it.
    pub activity_id: Option<ActivityId>,
    /// The idempotency key of whoever logged it by API; ours have a prefix of their own.
    pub external_id: Option<ExternalId>,
    /// The tenant's name of its type.
    pub type_name: Option<String>,
    /// One line.
    pub subject: String,
    /// The notes as HTML, as somebody wrote them: not safe to show before it was sanitised.
    pub notes_html: Option<String>,
    /// The notes without mark-up, where the tenant has them.
    pub notes_plain: Option<String>,
    /// When it took place; when it was logged, if that is not said.
    pub held_at: Timestamp,
    /// When it was logged.
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    pub modified_at: Option<Timestamp>,
    /// Who wrote it, if that user is still there.
    pub author: Option<Gsid>,
    /// The author's name.
    pub author_name: Option<String>,
    /// The author's address.
    pub author_email: Option<EmailAddress>,
    /// The company it belongs to.
    pub company: Option<Gsid>,
    /// The relationship it belongs to, if any.
    pub relationship: Option<Gsid>,
    /// That relationship's name, where describe shows it.
    pub relationship_name: Option<String>,
    /// Colleagues, as Gainsight's text: names, not ids.
    pub internal_attendees: Vec<String>,
    /// Customers, likewise.
    pub external_attendees: Vec<String>,
    /// How long it took, where describe shows such a column.
    pub duration_minutes: Option<u32>,
    /// `Company`, `Relationship`, `CTA`, …
    pub context_name: Option<String>,
    /// What stands in the tenant's own fields; read with a single activity only.
    pub own_fields: Vec<OwnField>,
}
/// What stands in a field that the tenant defined. Prints nothing of it.
#[derive(Clone, PartialEq)]
pub struct OwnField {
    /// The tenant's word for it.
    pub label: String,
    /// The value, as somebody reads it.
    pub value: String,
    /// The same, if it is a moment.
    pub at: Option<Timestamp>,
}
print_only!(OwnField: at);
print_only!(ActivityRow: id, external_id, held_at, company, relationship);

impl Gainsight {
    /// A page of a Timeline.
    ///
    /// Pages follow each other by date and id, not by offset: an entry that a colleague logs meanwhile moves every offset, so
    /// that one row would come twice and another never. Mostly one call; more where very many entries share a day.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn activities(&self, access: &Access<'_>, filter: &TimelineFilter) -> Result<ActivityPage, Error> {
        let columns = columns(access.schema, true);
        let Some(conditions) = filter.conditions(&columns) else { return Ok(ActivityPage::nothing()) };
        let mut query = Query::select(columns)
            .only(conditions)
            .descending("ActivityDate")
            .descending("Gsid")
            .limit(filter.first_rows());
        let (mut gathered, mut calls) = (Gathered::default(), 0);
        loop {
            let rows = self.read_activities(access, &query).await?;
            calls += 1;
            let is_full = rows.len() >= usize::try_from(query.row_limit()).unwrap_or(usize::MAX);
            let may_continue = gathered.add(rows) && is_full;
            let page = gathered.page(filter, may_continue);
            if !may_continue {
                return Ok(page);
            }
            let is_filled = page.activities.len() >= usize::try_from(filter.limit).unwrap_or(usize::MAX);
            if is_filled || (page.reached.is_some() && calls >= filter.most_calls()) {
                // What is older than anything wanted need not be looked at.
                let is_last = page.reached.as_ref().is_some_and(|(held_at, _)| filter.wanted.begins_after(*held_at));
                return Ok(ActivityPage { is_last, ..page });
            }
            let rows = if filter.wanted.is_all() { MOST_RECORDS } else { SIFTED_ROWS };
            query = query.offset(gathered.row_count()).limit(rows);
        }
    }

    /// One activity; `None` if there is none that this credential sees.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn activity(&self, access: &Access<'_>, id: &Gsid) -> Result<Option<ActivityRow>, Error> {
        self.only_activity(access, Filter::equal("Gsid", id)).await
    }

    /// The activity that was logged under this key. Queries may lag behind writes, so `None` is no proof that it is not
    /// there (design 4.5).
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn activity_by_external_id(
        &self,
        access: &Access<'_>,
        external_id: &ExternalId,
    ) -> Result<Option<ActivityRow>, Error> {
        self.only_activity(access, Filter::equal("ExternalId", external_id.as_str())).await
    }

    /// What changed in the whole tenant since a moment, at most `limit` activities.
    ///
    /// Asks for the latest changes without naming a date, since a filter's zone is not documented. Where describe shows no
    /// date of change, only new entries are noticed.
    ///
    /// # Errors
    /// As told by [`Error`].
    pub async fn changed_since(&self, access: &Access<'_>, since: Timestamp, limit: u32) -> Result<Changes, Error> {
        let columns = columns(access.schema, false);
        let is_dated = columns.iter().any(|column| column == "ModifiedDate");
        let order = if is_dated { "ModifiedDate" } else { "CreatedDate" };
        let query = Query::select(columns).descending(order).limit(limit);
        let rows = self.read_activities(access, &query).await?;
        let changed_at = |row: &ActivityRow| if is_dated { row.modified_at } else { row.created_at };
        let reaches_back = rows.iter().filter_map(changed_at).any(|at| at < since);
        let is_complete = reaches_back || rows.len() < usize::try_from(query.row_limit()).unwrap_or(usize::MAX);
        let is_new = |row: &ActivityRow| changed_at(row).is_some_and(|at| at >= since);
        Ok(Changes { activities: rows.into_iter().filter(is_new).collect(), is_complete })
    }

    async fn only_activity(&self, access: &Access<'_>, filter: Filter) -> Result<Option<ActivityRow>, Error> {
        let own: Vec<_> = access.schema.into_iter().flat_map(Schema::readable_own_fields).collect();
        let names = own.iter().map(|field| field.name.clone());
        let query = Query::select(columns(access.schema, true).into_iter().chain(names)).only(filter).limit(1);
        let rows = self.query(access, OBJECT, &query).await?;
        let Some((row, schema)) = rows.first().zip(access.schema) else {
            return Ok(rows.first().and_then(|row| ActivityRow::read(row, None)));
        };
        let read = ActivityRow::read(row, duration(access.schema));
        Ok(read.map(|read| ActivityRow {
            own_fields: own.into_iter().filter_map(|field| OwnField::read(schema, field, row)).collect(),
            ..read
        }))
    }

    async fn read_activities(&self, access: &Access<'_>, query: &Query) -> Result<Vec<ActivityRow>, Error> {
        let duration = duration(access.schema);
        let rows = self.query(access, OBJECT, query).await?;
        Ok(rows.iter().filter_map(|row| ActivityRow::read(row, duration)).collect())
    }
}

fn duration(schema: Option<&Schema>) -> Option<&str> {
    schema.and_then(Schema::readable_duration).map(|field| field.name.as_str())
}

fn columns(schema: Option<&Schema>, with_notes: bool) -> Vec<String> {
    let mut columns = Schema::columns(schema, OBJECT, COLUMNS);
    columns.extend(schema.and_then(Schema::readable_duration).map(|field| field.name.clone()));
    if with_notes {
        columns.extend(Schema::columns(schema, OBJECT, NOTES));
    }
    columns
}

impl ActivityPage {
    const fn nothing() -> Self {
        Self { activities: Vec::new(), is_last: true, reached: None }
    }
}

impl TimelineFilter {
    /// What the tenant is asked for; `None` if nothing that may be read can be what is wanted.
    fn conditions(&self, columns: &[String]) -> Option<Filter> {
        let mut all = vec![match &self.scope {
            Scope::Company(id) => Filter::equal("GsCompanyId", id),
            Scope::Relationship(id) => Filter::equal("GsRelationshipId", id),
        }];
        if let Some((held_at, _)) = &self.before {
            let reach = held_at.after(ZONE_MARGIN);
            all.push(Filter::field("ActivityDate", Operator::LessOrEqual, reach));
        }
        let wanted = self.wanted.conditions(columns, ZONE_MARGIN)?;
        if self.search == Search::Upstream {
            all.extend(wanted);
        }
        Some(if all.len() > 1 { Filter::All(all) } else { all.remove(0) })
    }

    fn first_rows(&self) -> u32 {
        match self.search {
            Search::Upstream => self.limit.saturating_add(EXTRA_ROWS),
            Search::Here => SIFTED_ROWS.max(self.limit),
        }
    }

    fn most_calls(&self) -> u32 {
        match self.search {
            Search::Here => 1,
            Search::Upstream if self.wanted.is_all() => u32::MAX,
            Search::Upstream => MOST_CALLS,
        }
    }

    fn shows(&self, row: &ActivityRow) -> bool {
        self.before.as_ref().is_none_or(|(held_at, id)| (row.held_at, &row.id) < (*held_at, id))
    }
}

/// Rows of one page, in our own order: whether Gainsight sorts by a second field is not proven.
#[derive(Default)]
struct Gathered {
    rows: BTreeMap<Reverse<(Timestamp, Gsid)>, ActivityRow>,
    count: u32,
}

impl Gathered {
    /// Takes in what came. Tells whether any of it was new: a tenant that ignores the offset must not keep us here for ever.
    fn add(&mut self, rows: Vec<ActivityRow>) -> bool {
        self.count = self.count.saturating_add(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        let before = self.rows.len();
        self.rows.extend(rows.into_iter().map(|row| (Reverse((row.held_at, row.id.clone())), row)));
        self.rows.len() > before
    }

    /// How many rows came, repeated ones included.
    const fn row_count(&self) -> u32 {
        self.count
    }

    /// The page so far. If more may follow, the rows of the oldest moment wait for the others of that moment: among rows of
    /// one moment the cut is arbitrary.
    fn page(&self, filter: &TimelineFilter, may_continue: bool) -> ActivityPage {
        let oldest = self.rows.values().next_back().map(|row| row.held_at);
        let is_settled = |row: &&ActivityRow| !may_continue || Some(row.held_at) > oldest;
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let mut rows = self.rows.values().filter(|row| filter.shows(row)).filter(is_settled);
        let (mut activities, mut reached) = (Vec::new(), None);
        while activities.len() < limit {
            let Some(row) = rows.next() else { break };
            reached = Some((row.held_at, row.id.clone()));
            if filter.wanted.matches(row) {
                activities.push(row.clone());
            }
        }
        let is_last = !rows.any(|row| filter.wanted.matches(row));
        ActivityPage { activities, is_last, reached }
    }
}

impl OwnField {
    /// A field that says something; a flag that is not set says nothing.
    fn read(schema: &Schema, field: &FieldDescription, row: &Record) -> Option<Self> {
        let at =
            matches!(field.data_type, DataType::Date | DataType::DateTime).then(|| row.moment(&field.name)).flatten();
        let label_of = |value: &String| schema.label_of(OBJECT, &field.name, value);
        let value = match field.data_type {
            DataType::Boolean => row.flag(&field.name).filter(|is| *is).map(|_| "✓".to_owned())?,
            DataType::Picklist => label_of(&row.text(&field.name)?),
            DataType::MultiSelect => row.texts(&field.name).iter().map(label_of).collect::<Vec<_>>().join(", "),
            DataType::Text
            | DataType::RichText
            | DataType::Number
            | DataType::Percentage
            | DataType::Currency
            | DataType::Date
            | DataType::DateTime
            | DataType::Email
            | DataType::Url
            | DataType::Lookup
            | DataType::Gsid
            | DataType::Other(_) => row.text(&field.name)?,
        };
        Some(Self { label: field.label.clone(), value, at }).filter(|own| !own.value.is_empty())
    }
}

impl ActivityRow {
    pub(crate) fn read(row: &Record, duration: Option<&str>) -> Option<Self> {
        let created_at = row.moment("CreatedDate");
        // Minutes are small and whole; what is not is somebody else's idea of a duration.
        let minutes =
            |number: f64| (0.0..=1e6).contains(&number).then(|| format!("{number:.0}").parse().ok()).flatten();
        Some(Self {
            id: row.gsid("Gsid")?,
            activity_id: row.text("ActivityId").map(ActivityId),
            external_id: row.text("ExternalId").map(ExternalId::new),
            type_name: row.text("TypeName"),
            subject: row.text("Subject").unwrap_or_default(),
            notes_html: row.text("Notes"),
            notes_plain: row.text("NotesPlainText"),
            held_at: row.moment("ActivityDate").or(created_at).unwrap_or_default(),
            created_at,
            modified_at: row.moment("ModifiedDate"),
            author: row.gsid("AuthorId"),
            author_name: row.text("AuthorId__gr.Name"),
            author_email: row.email("AuthorId__gr.Email"),
            company: row.gsid("GsCompanyId"),
            relationship: row.gsid("GsRelationshipId"),
            relationship_name: row.text("GsRelationshipId__gr.Name"),
            internal_attendees: row.texts("InternalAttendees"),
            external_attendees: row.texts("ExternalAttendees"),
            duration_minutes: duration.and_then(|column| row.number(column)).and_then(minutes),
            context_name: row.text("ContextName"),
            own_fields: Vec::new(),
        })
    }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
