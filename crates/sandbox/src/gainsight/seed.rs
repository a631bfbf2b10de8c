//! From the book of business to the records of a tenant.

use std::collections::HashMap;
use std::sync::Arc;

use crate::chance::Chance;
use crate::world::book::{Activity, Book, Company, Person};
use crate::world::notes::plain_text;
use crate::world::{Member, World};

use super::store::{Cell, Store, gsid};

/// The records of a tenant at the start.
pub(crate) fn seeded(world: &World, tenant: &str) -> Store {
    let mut chance = Chance::new(world.seed, &format!("records of {tenant}"));
    let mut seeding = Seeding {
        store: Store::new(&mut chance),
        chance,
        started_at: world.started_at.as_millis(),
        members: HashMap::new(),
        companies: Vec::new(),
        relationships: Vec::new(),
        people: Vec::new(),
        links: HashMap::new(),
    };
    let members: Vec<_> = world.members.iter().filter(|member| member.works_in(tenant)).collect();
    seeding.users(&members);
    if let Some(book) = world.book(tenant) {
        seeding.companies(book);
        seeding.people(book);
        seeding.usage(book);
        let names: HashMap<_, _> = members.iter().map(|member| (member.key.as_str(), member.name())).collect();
        for activity in &book.activities {
            seeding.activity(activity, book, &names);
        }
    }
    seeding.store
}

const DAY: i64 = 86_400_000;
/// Before anything in the book: when users and types were made.
const FOUNDED: i64 = 900 * DAY;

struct Seeding {
    store: Store,
    chance: Chance,
    started_at: i64,
    /// Key → id of the user.
    members: HashMap<String, Arc<str>>,
    companies: Vec<Arc<str>>,
    relationships: Vec<Vec<Arc<str>>>,
    people: Vec<Arc<str>>,
    /// Person and company by position → id of the link.
    links: HashMap<(usize, usize), Arc<str>>,
}

impl Seeding {
    fn put(&mut self, object: &str, values: Vec<(&'static str, Cell)>) -> Arc<str> {
        let Some(table) = self.store.table_mut(object) else { return Arc::from("") };
        let id = gsid(table.object.key_prefix, &mut self.chance);
        table.insert(&id, values, 0);
        Arc::from(id)
    }

    fn member(&self, key: &str) -> Cell {
        self.members.get(key).map_or(Cell::Null, |id| Cell::Text(Arc::clone(id)))
    }

    fn midnight(&self, days_from_now: i64) -> i64 {
        (self.started_at.div_euclid(DAY) + days_from_now) * DAY
    }

    fn users(&mut self, members: &[&Member]) {
        for member in members {
            let created = self.started_at - FOUNDED;
            let drawn = format!("0055g00000{:08X}", self.chance.below(0xFFFF_FFFF));
            let values = vec![
                ("Name", Cell::text(member.name())),
                ("FirstName", Cell::text(member.first_name)),
                ("LastName", Cell::text(member.last_name)),
                ("Email", Cell::text(&member.email)),
                ("SFDCUserName", Cell::text(&member.email)),
                ("SfdcUserId", Cell::text(member.salesforce_user.as_ref().unwrap_or(&drawn))),
                ("IsActiveUser", Cell::Flag(member.is_active)),
                ("IsSuperAdmin", Cell::Flag(member.is_super_admin)),
                ("Timezone", Cell::text(member.timezone)),
                ("Locale", Cell::text("en_US")),
                ("Title", Cell::text(member.title)),
                ("SystemType", Cell::text(if member.licence == Some("External") { "External" } else { "Internal" })),
                ("LicenseType", Cell::maybe(member.licence)),
                ("CreatedDate", Cell::Time(created)),
                ("ModifiedDate", Cell::Time(created)),
                ("edits_timeline", Cell::Flag(member.edits_timeline)),
            ];
            let id = self.put("GsUser", values);
            self.members.insert(member.key.clone(), id);
        }
    }

    fn companies(&mut self, book: &Book) {
        for company in &book.companies {
            let id = self.company(company);
            self.companies.push(Arc::clone(&id));
            let mut relationships = Vec::new();
            for (at, relationship) in company.relationships.iter().enumerate() {
                let kind = self.relationship_type(&relationship.product);
                relationships.push(self.relationship(company, at, &id, kind));
            }
            self.relationships.push(relationships);
        }
    }

    /// One type per product, made when it is first needed.
    fn relationship_type(&mut self, product: &str) -> Arc<str> {
        let known = self
            .store
            .table("relationship_type")
            .and_then(|types| types.find("Name", product).next().map(|row| Arc::<str>::from(types.gsid(row))));
        known.unwrap_or_else(|| {
            let founded = Cell::Time(self.started_at - FOUNDED);
            let values =
                vec![("Name", Cell::text(product)), ("CreatedDate", founded.clone()), ("ModifiedDate", founded)];
            self.put("relationship_type", values)
        })
    }

    fn company(&mut self, company: &Company) -> Arc<str> {
        let created = self.started_at - company.months * 30 * DAY;
        let arr = f64::from(company.arr);
        let shared_with = company.shared_with.iter().filter_map(|key| self.members.get(key).cloned()).collect();
        let months = f64::from(i32::try_from(company.months).unwrap_or(0));
        let trend = match company.score.cmp(&company.previous_score) {
            std::cmp::Ordering::Less => "Down",
            std::cmp::Ordering::Equal => "Same",
            std::cmp::Ordering::Greater => "Up",
        };
        let values = vec![
            ("Name", Cell::text(&company.name)),
            ("Status", Cell::text(&company.status)),
            ("Stage", Cell::text(&company.stage)),
            ("CompanyType", Cell::text("Customer")),
            ("Industry", Cell::text(&company.industry)),
            ("Arr", Cell::Number(arr)),
            ("Mrr", Cell::Number((arr / 12.0 * 100.0).round() / 100.0)),
            ("Users", Cell::Number(f64::from(company.employees / 8 + 5))),
            ("Employees", Cell::Number(f64::from(company.employees))),
            ("RenewalDate", Cell::Time(self.midnight(company.renews_in_days))),
            ("OriginalContractDate", Cell::Time(self.midnight(-company.months * 30))),
            ("CustomerlifetimeInMonths", Cell::Number(months)),
            ("LifecycleInWeeks", Cell::Number((months * 4.3).round())),
            ("Csm", self.member(&company.csm)),
            ("BillingAddress", Cell::text(&company.place)),
            ("Summary", Cell::text(&company.summary)),
            ("Tags", Cell::Items(company.tags.iter().map(|tag| Arc::from(tag.as_str())).collect())),
            ("SfdcAccountId", Cell::text(format!("0015g00000{:08X}", self.chance.below(0xFFFF_FFFF)))),
            ("Website__gc", Cell::text(format!("https://www.{}", company.domain))),
            ("CurrentScore", Cell::Number(f64::from(company.score))),
            ("PreviousScore", Cell::Number(f64::from(company.previous_score))),
            ("Trend", Cell::text(trend)),
            ("Nps", Cell::Number(f64::from(company.score / 10))),
            ("CreatedDate", Cell::Time(created)),
            ("ModifiedDate", Cell::Time(self.started_at - self.chance.between(1, 40) * DAY)),
            ("shared_with", Cell::Items(shared_with)),
        ];
        self.put("Company", values)
    }

    fn relationship(&mut self, company: &Company, at: usize, id: &Arc<str>, kind: Arc<str>) -> Arc<str> {
        let Some(relationship) = company.relationships.get(at) else { return Arc::from("") };
        let values = vec![
            ("Name", Cell::text(&relationship.name)),
            ("CompanyId", Cell::Text(Arc::clone(id))),
            ("TypeId", Cell::Text(kind)),
            ("Status", Cell::text(&company.status)),
            ("Stage", Cell::text(&company.stage)),
            ("Arr", Cell::Number(f64::from(relationship.arr))),
            ("RenewalDate", Cell::Time(self.midnight(company.renews_in_days))),
            ("Csm", self.member(&company.csm)),
            ("CurrentScore", Cell::Number(f64::from(relationship.score))),
            ("Trend", Cell::text("Same")),
            ("CreatedDate", Cell::Time(self.started_at - company.months * 30 * DAY)),
            ("ModifiedDate", Cell::Time(self.started_at - self.chance.between(1, 40) * DAY)),
        ];
        self.put("relationship", values)
    }

    fn people(&mut self, book: &Book) {
        for (at, person) in book.people.iter().enumerate() {
            let id = self.person(person);
            self.people.push(Arc::clone(&id));
            for job in &person.employments {
                let Some(company) = self.companies.get(job.company).cloned() else { continue };
                let created = self.started_at - self.chance.between(5, 500) * DAY;
                let values = vec![
                    ("Person_ID", Cell::Text(Arc::clone(&id))),
                    ("Company_ID", Cell::Text(Arc::clone(&company))),
                    ("Title", Cell::text(&job.title)),
                    ("Role", Cell::text(&job.role)),
                    ("IsPrimaryCompany", Cell::Flag(job.is_primary)),
                    ("Active", Cell::Flag(job.is_active)),
                    ("CreatedDate", Cell::Time(created)),
                    ("ModifiedDate", Cell::Time(created)),
                ];
                let link = self.put("company_person", values);
                self.links.insert((at, job.company), link);
                self.relationship_people(job.company, &id, &company, &job.title, created);
            }
        }
    }

    fn person(&mut self, person: &Person) -> Arc<str> {
        let created = self.started_at - self.chance.between(5, 500) * DAY;
        let values = vec![
            ("Email", Cell::text(&person.email)),
            ("Name", Cell::text(&person.name)),
            ("FirstName", Cell::text(&person.first_name)),
            ("LastName", Cell::text(&person.last_name)),
            ("Location", Cell::text(&person.location)),
            ("EmailOptOut", Cell::Flag(false)),
            ("CreatedDate", Cell::Time(created)),
            ("ModifiedDate", Cell::Time(created)),
        ];
        self.put("Person", values)
    }

    /// A third of the people at a customer are linked to one of its product lines as well.
    fn relationship_people(&mut self, company: usize, person: &Arc<str>, id: &Arc<str>, title: &str, created: i64) {
        let relationships = self.relationships.get(company).cloned().unwrap_or_default();
        if !self.chance.percent(33) {
            return;
        }
        if let Some(relationship) = self.chance.pick(&relationships) {
            let values = vec![
                ("Person_ID", Cell::Text(Arc::clone(person))),
                ("Company_ID", Cell::Text(Arc::clone(id))),
                ("Relationship_ID", Cell::Text(Arc::clone(relationship))),
                ("Title", Cell::text(title)),
                ("Active", Cell::Flag(true)),
                ("CreatedDate", Cell::Time(created)),
                ("ModifiedDate", Cell::Time(created)),
            ];
            self.put("relationship_person", values);
        }
    }

    /// Four weeks of usage per customer, in the custom object.
    fn usage(&mut self, book: &Book) {
        for (at, company) in book.companies.iter().enumerate() {
            for week in 1..=4 {
                let monday = self.midnight(-7 * week);
                let adoption = i64::from(company.score).saturating_add(self.chance.between(-6, 6)).clamp(1, 100);
                let id = self.companies.get(at).map_or(Cell::Null, |id| Cell::Text(Arc::clone(id)));
                let values = vec![
                    ("Name", Cell::text(format!("{}, week -{week}", company.short))),
                    ("UsageKey__gc", Cell::text(format!("{}/{week}", company.domain))),
                    ("Company__gc", id),
                    ("WeekOf__gc", Cell::Time(monday)),
                    ("ActiveUsers__gc", Cell::Number(f64::from(company.employees / 10))),
                    ("Adoption__gc", Cell::Number(f64::from(i32::try_from(adoption).unwrap_or(0)))),
                    ("CreatedDate", Cell::Time(monday)),
                    ("ModifiedDate", Cell::Time(monday)),
                ];
                self.put("product_usage__gc", values);
            }
        }
    }

    fn activity(&mut self, activity: &Activity, book: &Book, names: &HashMap<&str, String>) {
        let Some(company) = self.companies.get(activity.company).cloned() else { return };
        let relationship = activity
            .relationship
            .and_then(|at| self.relationships.get(activity.company).and_then(|held| held.get(at)).cloned());
        let context = relationship.clone().unwrap_or_else(|| Arc::clone(&company));
        let internal = activity.members.iter().filter_map(|key| names.get(key.as_str()).cloned());
        let external = activity.people.iter().filter_map(|at| book.people.get(*at)).map(|person| person.name.clone());
        let external_ids = activity.people.iter().filter_map(|at| self.links.get(&(*at, activity.company)).cloned());
        let internal_ids = activity.members.iter().filter_map(|key| self.members.get(key).cloned());
        let created = activity.created_at.as_millis();
        let author = self.member(&activity.author);
        let own_id = gsid("ACT1", &mut self.chance);
        let values = vec![
            ("ActivityId", Cell::text(own_id)),
            ("ContextName", Cell::text(if relationship.is_some() { "Relationship" } else { "Company" })),
            ("ContextId", Cell::Text(context)),
            ("TypeName", Cell::text(&activity.kind)),
            ("Subject", Cell::text(&activity.subject)),
            ("Notes", Cell::text(&activity.notes)),
            ("NotesPlainText", Cell::text(plain_text(&activity.notes))),
            ("ActivityDate", Cell::Time(activity.held_at.as_millis())),
            ("Duration", activity.minutes.map_or(Cell::Null, |minutes| Cell::Number(f64::from(minutes)))),
            ("AuthorId", author.clone()),
            ("GsCompanyId", Cell::Text(company)),
            ("GsRelationshipId", relationship.map_or(Cell::Null, Cell::Text)),
            ("InternalAttendees", Cell::text(internal.collect::<Vec<_>>().join(", "))),
            ("ExternalAttendees", Cell::text(external.collect::<Vec<_>>().join(", "))),
            ("ReportingCategory", Cell::text(reporting_category(&activity.kind))),
            ("Source", Cell::text("Company")),
            ("Ant__Sentiment__c", Cell::maybe(activity.sentiment.as_ref())),
            ("Ant__Outcome__c", Cell::maybe(activity.outcome.as_ref())),
            ("CreatedDate", Cell::Time(created)),
            ("CreatedBy", author.clone()),
            ("ModifiedDate", Cell::Time(created)),
            ("ModifiedBy", author),
            ("internal_attendee_ids", Cell::Items(internal_ids.collect())),
            ("external_attendee_ids", Cell::Items(external_ids.collect())),
        ];
        self.put("activity_timeline", values);
    }
}

/// The category that reports group a type by (`gainsight.md` 10.5).
pub(crate) fn reporting_category(kind: &str) -> &'static str {
    match kind {
        "Call" => "Call",
        "Meeting" | "In-Person Meeting" | "Executive Business Review" => "Meeting",
        "Email" => "Email",
        "Milestone" => "Milestone",
        _ => "Update",
    }
}

#[cfg(test)]
#[path = "seed_tests.rs"]
mod tests;
