//! A tenant's book of business: companies, relationships, people, activities.

use std::collections::HashMap;

use sidelight_domain::Timestamp;

/// What one tenant knows about its customers.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) companies: Vec<Company>,
    pub(crate) people: Vec<Person>,
    pub(crate) activities: Vec<Activity>,
}

/// A customer.
#[derive(Clone, Debug)]
pub(crate) struct Company {
    pub(crate) name: String,
    /// The name as people say it: `Northwind`.
    pub(crate) short: String,
    pub(crate) domain: String,
    pub(crate) industry: String,
    pub(crate) place: String,
    /// Offset of its local time, in hours.
    pub(crate) utc_offset: i64,
    /// Key of the member who looks after it.
    pub(crate) csm: String,
    pub(crate) employees: u32,
    pub(crate) arr: u32,
    pub(crate) score: u8,
    pub(crate) previous_score: u8,
    /// Days from the start of the world.
    pub(crate) renews_in_days: i64,
    pub(crate) months: i64,
    pub(crate) stage: String,
    pub(crate) status: String,
    pub(crate) tags: Vec<String>,
    /// Keys of the members who alone see it; empty where everybody does.
    pub(crate) shared_with: Vec<String>,
    pub(crate) summary: String,
    pub(crate) relationships: Vec<Relationship>,
    /// What comes back in its notes.
    pub(crate) colour: Colour,
}

/// What makes a customer's notes its own.
#[derive(Clone, Debug)]
pub(crate) struct Colour {
    pub(crate) system: String,
    pub(crate) site: String,
    pub(crate) second_site: String,
    pub(crate) goal: String,
    pub(crate) metric: String,
}

/// A product line at a customer.
#[derive(Clone, Debug)]
pub(crate) struct Relationship {
    pub(crate) name: String,
    pub(crate) product: String,
    pub(crate) arr: u32,
    pub(crate) score: u8,
}

/// A human whom the tenant keeps as a person.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    /// As somebody typed it.
    pub(crate) email: String,
    pub(crate) location: String,
    /// Main employer first.
    pub(crate) employments: Vec<Employment>,
}

/// That somebody works for a company.
#[derive(Clone, Debug)]
pub(crate) struct Employment {
    /// Position in [`Book::companies`].
    pub(crate) company: usize,
    pub(crate) title: String,
    pub(crate) role: String,
    pub(crate) is_primary: bool,
    pub(crate) is_active: bool,
}

/// An entry of the Timeline.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    /// Position in [`Book::companies`].
    pub(crate) company: usize,
    /// Position in the company's relationships, for entries that belong to one.
    pub(crate) relationship: Option<usize>,
    /// Name of the activity type.
    pub(crate) kind: String,
    pub(crate) subject: String,
    /// HTML.
    pub(crate) notes: String,
    pub(crate) held_at: Timestamp,
    pub(crate) created_at: Timestamp,
    /// Key of the member who wrote it.
    pub(crate) author: String,
    /// Keys of the members who were there.
    pub(crate) members: Vec<String>,
    /// Positions in [`Book::people`].
    pub(crate) people: Vec<usize>,
    pub(crate) minutes: Option<u32>,
    pub(crate) sentiment: Option<String>,
    pub(crate) outcome: Option<String>,
}

impl Book {
    /// The first companies, with who works there and what happened with them.
    pub(crate) fn beginning(&self, companies: usize) -> Self {
        let mut places = HashMap::new();
        let mut people = Vec::new();
        for (at, person) in self.people.iter().enumerate() {
            let employments: Vec<_> =
                person.employments.iter().filter(|job| job.company < companies).cloned().collect();
            if !employments.is_empty() {
                places.insert(at, people.len());
                people.push(Person { employments, ..person.clone() });
            }
        }
        let kept = self.activities.iter().filter(|activity| activity.company < companies).cloned();
        let activities = kept.map(|activity| Activity {
            people: activity.people.iter().filter_map(|at| places.get(at).copied()).collect(),
            ..activity
        });
        Self {
            activities: activities.collect(),
            companies: self.companies.iter().take(companies).cloned().collect(),
            people,
        }
    }

    /// A company by name.
    #[cfg(test)]
    pub(crate) fn company(&self, name: &str) -> Option<&Company> {
        self.companies.iter().find(|company| company.name == name)
    }
}
