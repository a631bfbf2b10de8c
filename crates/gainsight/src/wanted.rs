//! Which entries of a Timeline somebody wants to see: as conditions for the tenant, and as a rule for what comes back
//! (`gainsight.md` 5.1, 5.2, 10.3).

use std::collections::BTreeSet;
use std::time::Duration;

use sidelight_domain::Timestamp;
use sidelight_domain::ids::Gsid;

use crate::print::print_only;
use crate::{ActivityRow, Filter, Operator};

/// Words that the tenant is asked for; further ones are looked for in what it tells.
const MOST_WORDS: usize = 4;
/// The same for names among the attendees.
const MOST_PEOPLE: usize = 12;

/// What an entry must be like; the default is content with any. Prints nothing that anybody wrote.
#[derive(Clone, Default, Eq, Hash, PartialEq)]
pub struct Wanted {
    /// Each of these stands in the subject or in the notes.
    pub words: Vec<String>,
    /// The type's name.
    pub type_name: Option<String>,
    /// Whether it has to be a milestone, whatever the tenant calls that.
    pub is_milestone: bool,
    /// Who wrote it.
    pub author: Option<Gsid>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Not after.
    pub until: Option<Timestamp>,
    /// One of these names stands among the customers who took part.
    pub people: Option<Vec<String>>,
    /// Whether entries of relationships are left out.
    pub without_relationships: bool,
}
print_only!(Wanted: since, until, is_milestone, without_relationships);

/// Kinds of conditions: a tenant that refuses some of them is not asked for those again.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Kinds(u8);

impl Kinds {
    /// Whether all of `others` are among these.
    #[must_use]
    pub const fn contain(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
}

impl Wanted {
    /// Whether anything is wanted.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// The kinds of conditions that this needs.
    #[must_use]
    pub fn kinds(&self) -> Kinds {
        let needed = [
            !self.words.is_empty(),
            self.type_name.is_some(),
            self.is_milestone,
            self.author.is_some(),
            self.since.is_some() || self.until.is_some(),
            self.people.is_some(),
            self.without_relationships,
        ];
        Kinds(needed.iter().enumerate().fold(0, |kinds, (place, is)| kinds | (u8::from(*is) << place)))
    }

    /// Whether an entry is wanted. Upper and lower case do not count.
    #[must_use]
    pub fn matches(&self, row: &ActivityRow) -> bool {
        let type_name = row.type_name.as_deref().unwrap_or_default();
        let text = if self.words.is_empty() { String::new() } else { text(row) };
        let took_part = |name: &String| row.external_attendees.iter().any(|one| holds(one, name));
        self.type_name.as_ref().is_none_or(|wanted| same(wanted, type_name))
            && (!self.is_milestone || holds(type_name, MILESTONE))
            && (self.author.is_none() || self.author == row.author)
            && self.since.is_none_or(|since| row.held_at >= since)
            && self.until.is_none_or(|until| row.held_at <= until)
            && (!self.without_relationships || row.relationship.is_none())
            && self.people.as_ref().is_none_or(|names| names.iter().any(took_part))
            && self.words.iter().all(|word| text.contains(&word.to_lowercase()))
    }

    /// Whether nothing as old as this is wanted.
    #[must_use]
    pub fn begins_after(&self, moment: Timestamp) -> bool {
        self.since.is_some_and(|since| moment < since)
    }

    /// What a tenant is asked for, wide enough for all that [`Wanted::matches`]; `None` if that takes a column that is not read:
    /// whoever may not read a field must not learn by asking what is in it.
    pub(crate) fn conditions(&self, columns: &[String], zone_margin: Duration) -> Option<Vec<Filter>> {
        let has = |column: &str| columns.iter().any(|read| read == column);
        let mut all = Vec::new();
        if let Some(name) = &self.type_name {
            has("TypeName").then(|| all.push(Filter::equal("TypeName", name.as_str())))?;
        }
        if self.is_milestone {
            has("TypeName").then(|| all.push(Filter::field("TypeName", Operator::Contains, MILESTONE)))?;
        }
        if let Some(author) = &self.author {
            has("AuthorId").then(|| all.push(Filter::equal("AuthorId", author)))?;
        }
        if let Some(since) = self.since {
            all.push(Filter::field("ActivityDate", Operator::GreaterOrEqual, since.before(zone_margin)));
        }
        if let Some(until) = self.until {
            all.push(Filter::field("ActivityDate", Operator::LessOrEqual, until.after(zone_margin)));
        }
        if self.without_relationships {
            let name = "GsRelationshipId".to_owned();
            has(&name).then(|| all.push(Filter::Field { name, operator: Operator::IsNull, values: Vec::new() }))?;
        }
        if let Some(names) = &self.people {
            let any = people(names).filter(|_| has("ExternalAttendees"))?;
            // More names than one question takes are looked for here alone.
            all.extend(Some(any).filter(|_| names.len() <= MOST_PEOPLE));
        }
        let notes = ["NotesPlainText", "Notes"].into_iter().find(|column| has(column));
        all.extend(self.words.iter().take(MOST_WORDS).map(|word| either(word, notes)));
        Some(all)
    }
}

/// What a tenant's word for a milestone holds: the standard type's name.
const MILESTONE: &str = "Milestone";

fn people(names: &[String]) -> Option<Filter> {
    let condition = |name: &String| Filter::field("ExternalAttendees", Operator::Contains, name.as_str());
    one_of(names.iter().map(condition).collect())
}

/// The word in the subject or in the notes, in the spellings that a tenant may hold which minds upper and lower case
/// (`gainsight.md` 19.6).
fn either(word: &str, notes: Option<&str>) -> Filter {
    let lower = word.to_lowercase();
    let mut letters = lower.chars();
    let capitalised = letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>());
    let spellings: BTreeSet<String> =
        [Some(word.to_owned()), capitalised, Some(word.to_uppercase()), Some(lower.clone())]
            .into_iter()
            .flatten()
            .collect();
    let columns = ["Subject"].into_iter().chain(notes);
    let terms = columns.flat_map(|column| {
        spellings.iter().map(move |spelling| Filter::field(column, Operator::Contains, spelling.as_str()))
    });
    Filter::Any(terms.collect())
}

fn one_of(mut terms: Vec<Filter>) -> Option<Filter> {
    if terms.len() > 1 { Some(Filter::Any(terms)) } else { terms.pop() }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn holds(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

/// Subject and notes as words are looked for in them: lower case, no mark-up.
fn text(row: &ActivityRow) -> String {
    let notes = match row.notes_plain.as_deref() {
        Some(plain) if !plain.trim().is_empty() => plain.to_owned(),
        _ => without_marks(row.notes_html.as_deref().unwrap_or_default()),
    };
    format!("{}\n{notes}", row.subject).to_lowercase()
}

fn without_marks(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let (before, tags) = html.split_once('<').unwrap_or((html, ""));
    text.push_str(before);
    for tag in tags.split('<') {
        text.push_str(tag.split_once('>').map_or("", |(_, behind)| behind));
    }
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
#[path = "wanted_tests.rs"]
mod tests;
