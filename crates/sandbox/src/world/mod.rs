//! What the stand-ins start with: the tenants, their people and customers, and the meetings of the day.
//!
//! Everything is drawn from the seed and dated relative to the start, so that "18 months back" stays true and two runs with the
//! same seed and time are alike. Nothing here changes after the start: the stand-ins copy what they let people change.

pub(crate) mod book;
pub(crate) mod cast;
mod companies;
mod data;
mod fill;
mod hours;
pub(crate) mod meetings;
pub(crate) mod notes;
mod people;
mod positions;
pub(crate) mod salesforce;
mod stories;
mod team;
mod transcript;
mod vendors;

use std::sync::OnceLock;

use sidelight_domain::Timestamp;

use crate::StartError;
pub(crate) use book::Book;
pub(crate) use cast::Member;
pub(crate) use meetings::Meeting;
pub(crate) use salesforce::Organisation;
pub(crate) use vendors::{
    ALPENRAD, CORVANE_EU, CORVANE_US, Centre, Entry, HARBOR, KESTREL, LUMEN, OSTARA, OSTARA_SANDBOX, Size, VENDORS,
    Vendor, vendor_of_host,
};

/// How many customers a sandbox holds.
const COPIED: usize = 2;

/// The world at the start.
#[derive(Debug)]
pub(crate) struct World {
    /// When it began.
    pub(crate) started_at: Timestamp,
    /// What everything was drawn from.
    pub(crate) seed: u64,
    /// How many times the standard size.
    pub(crate) scale: u32,
    /// Everybody who works for one of the tenants.
    pub(crate) members: Vec<Member>,
    /// Salesforce organisations, in one of which somebody poses as a member.
    pub(crate) organisations: Vec<Organisation>,
    /// The meetings that run at the start.
    pub(crate) meetings: Vec<Meeting>,
    data: &'static data::Data,
    /// What each tenant knows about its customers, drawn when somebody asks.
    books: Vec<(Vendor, OnceLock<Book>)>,
}

impl World {
    /// Draws the world.
    pub(crate) fn new(seed: u64, scale: u32, now: Timestamp) -> Result<Self, StartError> {
        let data = data::load()?;
        let scale = scale.max(1);
        let members = cast::members();
        let books = VENDORS.iter().map(|vendor| (*vendor, OnceLock::new())).collect();
        let meetings = meetings::of_the_day(seed, now);
        let organisations = salesforce::organisations(&members);
        Ok(Self { started_at: now, seed, scale, members, organisations, meetings, data, books })
    }

    /// What a tenant knows about its customers.
    pub(crate) fn book(&self, tenant: &str) -> Option<&Book> {
        let (vendor, book) = self.books.iter().find(|(vendor, _)| vendor.key == tenant)?;
        Some(book.get_or_init(|| self.draw(*vendor)))
    }

    fn draw(&self, vendor: Vendor) -> Book {
        if let Size::CopyOf(original) = vendor.size {
            return self.book(original).map(|book| book.beginning(COPIED)).unwrap_or_default();
        }
        let companies = companies::companies(&self.data.companies, vendor.key, self.scale, self.seed);
        let people = people::people(self.data, &companies, vendor, self.seed);
        let author = stories::Author {
            vendor,
            data: self.data,
            members: &self.members,
            companies: &companies,
            people: &people,
            now: self.started_at,
            seed: self.seed,
        };
        let activities = author.activities();
        Book { companies, people, activities }
    }

    /// Somebody who works for a tenant.
    #[cfg(test)]
    fn member(&self, key: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.key == key)
    }
}

#[cfg(test)]
mod world_tests;
