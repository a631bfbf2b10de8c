//! The companies and relationships that somebody may see: read once, searched here, so that typing asks Gainsight nothing
//! (design 4.6).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use sidelight_api::entity::{CompanyName, Entity, Facts};
use sidelight_domain::ids::{Gsid, TenantKey};
use sidelight_domain::topic::relationship_in_topic;
use sidelight_domain::{EmailAddress, EntityKind, EntityRef};
use sidelight_gainsight::{Company, Error, Relationship, Standing};

use super::ask::{AskError, Asker, Turn, ask_knowing, state_of};
use super::budget::Urgency;
use super::pages::{MOST_RECORDS, PAGE, every_page};
use super::proof::{self, proof};
use super::shelf::Held;
use super::tenants::TenantState;
use crate::app::App;
use crate::http::{Reader, TenantAccess};

/// All companies and relationships of a tenant.
#[derive(Debug)]
pub struct Book {
    companies: Vec<Company>,
    relationships: Vec<Relationship>,
}

/// Everything somebody may choose from in one tenant.
#[derive(Debug)]
pub struct Portfolio {
    entities: Vec<Entry>,
    by_id: HashMap<Gsid, usize>,
}

#[derive(Debug)]
struct Entry {
    entity: Entity,
    /// Lower-case name, with the company's in front for relationships: typing a company's name finds its relationships too
    /// (`gainsight.md` 7.2).
    haystack: String,
    name_starts: usize,
}

/// Companies change seldom; whoever searches for a new one finds it within this time.
const FRESH_FOR: Duration = Duration::from_mins(15);
/// A panel that only shows what was chosen needs less: an hour beside a meeting reads the list once.
pub(super) const SHOWN_FOR: Duration = Duration::from_hours(1);
/// Past this age even a search waits for the new list.
pub(super) const TOLERATED_FOR: Duration = Duration::from_hours(2);

impl Book {
    /// The names of the companies.
    pub(super) fn company_names(&self) -> HashMap<&Gsid, &str> {
        self.companies.iter().map(|company| (&company.id, company.name.as_str())).collect()
    }
}

/// The viewer's portfolio: what is held, renewed in the background once it ages.
///
/// # Errors
/// [`AskError`] if nothing is held and Gainsight cannot be asked.
pub async fn portfolio(app: &App, access: &TenantAccess) -> Result<Held<Portfolio>, AskError> {
    held(app, access, FRESH_FOR).await
}

/// The same for somebody who shows what is in it and chooses nothing: it is renewed less often.
///
/// # Errors
/// [`AskError`] if nothing is held and Gainsight cannot be asked.
pub async fn portfolio_shown(app: &App, access: &TenantAccess) -> Result<Held<Portfolio>, AskError> {
    held(app, access, SHOWN_FOR).await
}

async fn held(app: &App, access: &TenantAccess, fresh_for: Duration) -> Result<Held<Portfolio>, AskError> {
    let state = state_of(app, access)?;
    let held = state.portfolios.peek(&access.grant.id).await;
    let age = held.as_ref().map(|held| app.clock.now().since(held.as_of));
    if let (Some(held), Some(age)) = (held, age)
        && age < TOLERATED_FOR
    {
        if age >= fresh_for {
            let (app, access) = (app.clone(), access.clone());
            app.tasks
                .clone()
                .spawn(async move { renew(&app, &access, FRESH_FOR, Urgency::Background).await.map(drop) });
        }
        return Ok(held);
    }
    renew(app, access, FRESH_FOR, Urgency::Interactive).await
}

/// Reads the portfolio anew unless it is younger than `fresh_for`.
///
/// # Errors
/// [`AskError`]
pub async fn renew(
    app: &App,
    access: &TenantAccess,
    fresh_for: Duration,
    urgency: Urgency,
) -> Result<Held<Portfolio>, AskError> {
    let state = state_of(app, access)?;
    state.portfolios.get(&access.grant.id, fresh_for, || Box::pin(read(app, access, fresh_for, urgency))).await
}

/// The viewer's own reading, or what is read for everybody as far as he proved that he may see it.
async fn read(app: &App, access: &TenantAccess, fresh_for: Duration, urgency: Urgency) -> Result<Portfolio, AskError> {
    let viewer = (&access.tenant.key, &access.grant.email);
    let state = state_of(app, access)?;
    if access.reader() != Reader::Everybody {
        let Book { companies, relationships } = book(app, Asker::Person(access), urgency).await?;
        return Ok(Portfolio::new(viewer, companies, relationships));
    }
    // Whoever looks for a company that was made a minute ago needs a new proof, too; otherwise one lasts for hours.
    let proof_fresh_for = if fresh_for < FRESH_FOR { fresh_for } else { proof::FRESH_FOR };
    let (book, proof) = tokio::try_join!(
        book_for_everybody(app, state, fresh_for, urgency),
        proof(app, state, access, proof_fresh_for, urgency)
    )?;
    let companies = book.value.companies.iter().filter(|company| proof.shows_company(&company.id));
    let relationships = book.value.relationships.iter().filter(|one| proof.shows_relationship(&one.id));
    Ok(Portfolio::new(viewer, companies.cloned().collect(), relationships.cloned().collect()))
}

/// The companies and relationships that everybody shares, renewed where they have aged.
pub(super) async fn book_for_everybody(
    app: &App,
    state: &TenantState,
    fresh_for: Duration,
    urgency: Urgency,
) -> Result<Held<Book>, AskError> {
    state.books.get(&Reader::Everybody, fresh_for, || book(app, Asker::Tenant(state), urgency)).await
}

async fn book(app: &App, asker: Asker<'_>, urgency: Urgency) -> Result<Book, AskError> {
    let (companies, relationships) =
        tokio::try_join!(companies(app, asker, urgency), relationships(app, asker, urgency))?;
    Ok(Book { companies, relationships })
}

async fn companies(app: &App, asker: Asker<'_>, urgency: Urgency) -> Result<Vec<Company>, AskError> {
    let read = |after: Option<Gsid>| async move {
        let after = after.as_ref();
        let call = |turn: Turn| async move { turn.gainsight.companies(&turn.access(), after, PAGE).await };
        ask_knowing(app, asker, urgency, call).await
    };
    every_page(|company: &Company| &company.id, read).await
}

async fn relationships(app: &App, asker: Asker<'_>, urgency: Urgency) -> Result<Vec<Relationship>, AskError> {
    let read = |after: Option<Gsid>| async move {
        let after = after.as_ref();
        let call = |turn: Turn| async move { turn.gainsight.relationships(&turn.access(), after, PAGE).await };
        ask_knowing(app, asker, urgency, call).await
    };
    match every_page(|relationship: &Relationship| &relationship.id, read).await {
        // Not every tenant has relationships.
        Err(AskError::Call(Error::UnknownObject(_))) => Ok(Vec::new()),
        all => all,
    }
}

impl Portfolio {
    fn new(
        (tenant, viewer): (&TenantKey, &EmailAddress),
        companies: Vec<Company>,
        relationships: Vec<Relationship>,
    ) -> Self {
        let mut below: HashMap<Gsid, Vec<Relationship>> = HashMap::new();
        for relationship in relationships {
            below.entry(relationship.company.clone()).or_default().push(relationship);
        }
        let mut companies = companies;
        companies.sort_by_cached_key(|company| company.name.to_lowercase());
        let mut entities = Vec::new();
        for company in companies {
            let mut own = below.remove(&company.id).unwrap_or_default();
            own.sort_by_cached_key(|relationship| relationship.name.to_lowercase());
            let name = CompanyName { id: company.id.clone(), name: company.name.clone() };
            entities.push(Entry::company(tenant, viewer, company));
            entities
                .extend(own.into_iter().map(|relationship| Entry::relationship(tenant, viewer, &name, relationship)));
        }
        let by_id =
            entities.iter().enumerate().map(|(index, entry)| (entry.entity.reference.id.clone(), index)).collect();
        Self { entities, by_id }
    }

    /// Whether there may be more than was read.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.entities.len() >= MOST_RECORDS
    }

    /// Whether the viewer may see a company.
    #[must_use]
    pub fn shows_company(&self, id: &Gsid) -> bool {
        self.entity(id).is_some_and(|entity| entity.reference.kind == EntityKind::Company)
    }

    /// The companies with their names.
    pub fn companies(&self) -> impl Iterator<Item = (&Gsid, &str)> {
        let entities = self.entities.iter().map(|entry| &entry.entity);
        let companies = entities.filter(|entity| entity.reference.kind == EntityKind::Company);
        companies.map(|entity| (&entity.reference.id, entity.name.as_str()))
    }

    fn entity(&self, id: &Gsid) -> Option<&Entity> {
        self.entities.get(*self.by_id.get(id)?).map(|entry| &entry.entity)
    }

    /// The company or relationship, if the viewer may see it.
    #[must_use]
    pub fn find(&self, reference: &EntityRef) -> Option<&Entity> {
        self.entity(&reference.id).filter(|entity| entity.reference.kind == reference.kind)
    }

    /// The company itself, or the one that the relationship belongs to, if the viewer may see it.
    #[must_use]
    pub fn company_behind(&self, reference: &EntityRef) -> Option<&Gsid> {
        self.find(reference)?.company_id()
    }

    /// The relationships of a company.
    pub fn relationships_of<'a>(&'a self, company: &'a Gsid) -> impl Iterator<Item = &'a Entity> {
        let belongs = move |entity: &&Entity| entity.company.as_ref().is_some_and(|parent| parent.id == *company);
        self.entities.iter().map(|entry| &entry.entity).filter(belongs)
    }

    /// The company, or the relationship of it that the topic names.
    #[must_use]
    pub fn meant(&self, company: &Gsid, topic: &str) -> Option<&Entity> {
        let company = self.entity(company)?;
        let relationships = self.relationships_of(&company.reference.id).filter(|entity| !entity.is_inactive);
        let names = relationships.map(|entity| (&entity.reference.id, entity.name.as_str()));
        relationship_in_topic(topic, &company.name, names).and_then(|id| self.entity(id)).or(Some(company))
    }

    /// What matches `query`, best first: names that begin with it, then words that do, then the rest. A company is followed by its
    /// relationships.
    #[must_use]
    pub fn search(&self, query: &str, include_inactive: bool) -> Vec<&Entity> {
        let words: Vec<String> = query.to_lowercase().split_whitespace().map(str::to_owned).collect();
        let mut hits: Vec<(u8, usize)> = self
            .entities
            .iter()
            .enumerate()
            .filter(|(_, entry)| include_inactive || !entry.entity.is_inactive)
            .filter_map(|(index, entry)| entry.rank(&words).map(|rank| (rank, index)))
            .collect();
        // Within a rank the list's own order holds: by company name, relationships behind their company.
        hits.sort_unstable();
        hits.into_iter().filter_map(|(_, index)| self.entities.get(index)).map(|entry| &entry.entity).collect()
    }
}

impl Entry {
    fn company(tenant: &TenantKey, viewer: &EmailAddress, company: Company) -> Self {
        let is_inactive = company.standing.is_inactive;
        let facts = facts(viewer, company.standing);
        let haystack = company.name.to_lowercase();
        let entity = Entity {
            reference: EntityRef { tenant: tenant.clone(), kind: EntityKind::Company, id: company.id },
            name: company.name,
            company: None,
            is_inactive,
            facts,
        };
        Self { entity, haystack, name_starts: 0 }
    }

    fn relationship(
        tenant: &TenantKey,
        viewer: &EmailAddress,
        company: &CompanyName,
        relationship: Relationship,
    ) -> Self {
        let is_inactive = relationship.standing.is_inactive;
        let facts = facts(viewer, relationship.standing);
        let haystack = format!("{} {}", company.name.to_lowercase(), relationship.name.to_lowercase());
        let entity = Entity {
            reference: EntityRef { tenant: tenant.clone(), kind: EntityKind::Relationship, id: relationship.id },
            name: relationship.name,
            company: Some(company.clone()),
            is_inactive,
            facts,
        };
        Self { entity, haystack, name_starts: company.name.to_lowercase().len() + 1 }
    }

    /// 0: begins with it, 1: a word does, 2: contains it; `None` if a word is missing.
    fn rank(&self, words: &[String]) -> Option<u8> {
        if !words.iter().all(|word| self.haystack.contains(word.as_str())) {
            return None;
        }
        let first = words.first()?;
        let own_name = self.haystack.get(self.name_starts..).unwrap_or_default();
        if self.haystack.starts_with(first.as_str()) || own_name.starts_with(first.as_str()) {
            return Some(0);
        }
        let begins = |word: &String| {
            self.haystack.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(word.as_str()))
        };
        Some(if words.iter().all(begins) { 1 } else { 2 })
    }
}

fn facts(viewer: &EmailAddress, standing: Standing) -> Facts {
    let csm_is_viewer =
        standing.csm.as_ref().and_then(|csm| csm.email.as_ref()).is_some_and(|email| email.address() == viewer);
    Facts {
        score: standing.score,
        renews_at: standing.renews_at,
        arr: standing.arr.map(whole),
        csm_is_viewer,
        csm: standing.csm.map(|csm| csm.name),
        stage: standing.stage,
    }
}

/// Money is shown in whole units.
#[expect(clippy::cast_possible_truncation, reason = "clamped to what both types hold exactly")]
fn whole(amount: f64) -> i64 {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    amount.round().clamp(-EXACT, EXACT) as i64
}

/// Shared by those who only need the portfolio if it is at hand.
pub async fn at_hand(app: &App, access: &TenantAccess) -> Option<Arc<Portfolio>> {
    let state = app.tenants.state(access.organisation, &access.tenant.key)?;
    state.portfolios.peek(&access.grant.id).await.map(|held| held.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portfolio() -> Portfolio {
        let company = |id: &str, name: &str, is_inactive| Company {
            id: Gsid::new(id),
            name: name.to_owned(),
            standing: Standing { is_inactive, ..Standing::default() },
        };
        let relationship = |id: &str, company: &str, name: &str| Relationship {
            id: Gsid::new(id),
            company: Gsid::new(company),
            name: name.to_owned(),
            company_name: None,
            type_name: None,
            standing: Standing::default(),
        };
        Portfolio::new(
            (&TenantKey::new("lumen"), &"maya@lumen.example".parse().unwrap()),
            vec![
                company("c3", "Great Northern Rail", false),
                company("c1", "Northwind Traders", false),
                company("c2", "Acme North", false),
                company("c4", "Northgate (closed)", true),
                company("c5", "Denorth", false),
            ],
            vec![
                relationship("r1", "c1", "Warehouse Suite"),
                relationship("r2", "c1", "Analytics pilot"),
                relationship("r9", "gone", "Orphan"),
            ],
        )
    }

    fn names(query: &str, include_inactive: bool) -> Vec<String> {
        portfolio().search(query, include_inactive).iter().map(|entity| entity.name.clone()).collect()
    }

    #[test]
    fn the_best_match_comes_first_and_relationships_follow_their_company() {
        assert_eq!(
            names("north", false),
            ["Northwind Traders", "Analytics pilot", "Warehouse Suite", "Acme North", "Great Northern Rail", "Denorth"]
        );
        assert_eq!(names("NORTHWIND ware", false), ["Warehouse Suite"]);
        assert_eq!(names("ware", false), ["Warehouse Suite"]);
        assert_eq!(names("zzz", false), Vec::<String>::new());
    }

    #[test]
    fn inactive_companies_are_found_only_when_asked_for() {
        assert!(!names("northgate", false).contains(&"Northgate (closed)".to_owned()));
        assert_eq!(names("northgate", true), ["Northgate (closed)"]);
    }

    #[test]
    fn a_relationship_without_a_visible_company_is_not_shown() {
        assert_eq!(names("orphan", true), Vec::<String>::new());
    }

    #[test]
    fn an_id_of_the_other_kind_finds_nothing() {
        let reference =
            EntityRef { tenant: TenantKey::new("lumen"), kind: EntityKind::Relationship, id: Gsid::new("c1") };
        assert!(portfolio().find(&reference).is_none());
    }
}
