//! What we know of each registered tenant while we run.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use moka::future::Cache;
use sidelight_api::people::Contact;
use sidelight_domain::activity::MOST_FORM_FIELDS;
use sidelight_domain::ids::{GrantId, Gsid, OrganisationId, OrganisationKey, TenantKey};
use sidelight_domain::{Clock, EmailAddress, EntityRef, Timestamp};
use sidelight_gainsight::{ActivityRow, AddressFilter, FoundIn, Kinds, LinkKey, Schema, Search, Wanted};

use super::budget::Budget;
use super::halves::Halves;
use super::late::Arrears;
use super::machine::Machine;
use super::news::News;
use super::pace::LookUps;
use super::people::Known;
use super::portfolio::{Book, Portfolio};
use super::proof::Proof;
use super::shelf::Shelf;
use super::timeline::Page;
use super::users::Users;
use crate::config::Tenant;
use crate::http::Reader;

/// All tenants.
pub struct Tenants(HashMap<(OrganisationId, TenantKey), Arc<TenantState>>);

/// Which part of a Timeline: the activities that are wanted, from a cursor on.
pub(super) type Part = (Wanted, Option<String>);

/// One tenant: its registration, its budget, and what was read from it.
///
/// What a [`Reader`] read is kept under it. A person's own token: Gainsight applied his permissions, nobody else sees it, and a new
/// sign-in starts with empty shelves. The tenant's credential: everybody shares it, and each viewer is shown what his own token proved
/// (docs/adr/0003).
pub struct TenantState {
    /// As registered.
    pub tenant: Arc<Tenant>,
    /// Its call budget.
    pub budget: Budget,
    /// Which fields somebody may see.
    pub schemas: Shelf<Reader, Schema>,
    /// Companies and relationships, as the tenant's own credential reads them.
    pub books: Shelf<Reader, Book>,
    /// Users, as somebody sees them.
    pub users: Shelf<Reader, Users>,
    /// What a viewer's own token proved that he may see.
    pub proofs: Shelf<GrantId, Proof>,
    /// What of it was read while the rest had to wait.
    pub halves: Halves,
    /// Companies and relationships somebody may see.
    pub portfolios: Shelf<GrantId, Portfolio>,
    /// Who an address is.
    pub known: Shelf<(Reader, EmailAddress), Known>,
    /// The people of a company.
    pub contacts: Shelf<(Reader, Gsid), Vec<Contact>>,
    /// Pages of activities: newest first, those that are wanted, from a cursor on.
    pub pages: Shelf<(Reader, EntityRef, Part), Page>,
    /// Opened activities.
    pub activities: Shelf<(Reader, Gsid), Option<ActivityRow>>,
    /// Whether it turned out to refuse `IN` on addresses.
    pub refuses_in: AtomicBool,
    /// For which kinds of conditions it turned out not to search its Timelines.
    unsearched: Mutex<Vec<Kinds>>,
    /// Who went away without its answer.
    pub arrears: Arrears,
    /// How it turned out to take customers as attendees.
    customers: OnceLock<Customers>,
    /// Under which key it turned out to take the link of a person to a company.
    link_key: OnceLock<LinkKey>,
    /// Type and field, where a refusal told that the one demands the other.
    demanded: Mutex<BTreeSet<(String, String)>>,
    /// One batch of look-ups at a time for each reader: whoever comes second finds the answers of the first.
    pub look_ups: Cache<Reader, Arc<LookUps>>,
    /// Until when it is not asked to describe itself.
    undescribed_until: AtomicI64,
    /// The token of the tenant's own credential.
    pub machine: Machine,
    /// What changed in its Timelines.
    pub news: News,
}

/// How a tenant takes customers as attendees of an activity; nothing public says it (`gainsight.md` 10.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Customers {
    /// Looked up in an object.
    In(FoundIn),
    /// Not at all: they are named in the notes.
    InTheNotes,
}

impl Customers {
    /// In the order in which they are tried.
    pub const ALL: [Self; 3] = [Self::In(FoundIn::CompanyPerson), Self::In(FoundIn::Person), Self::InTheNotes];
}

impl std::fmt::Debug for TenantState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TenantState").field("key", &self.tenant.key).finish_non_exhaustive()
    }
}

impl TenantState {
    /// How it lets itself be asked for several addresses.
    #[must_use]
    pub fn address_filter(&self) -> AddressFilter {
        if self.refuses_in.load(Ordering::Relaxed) { AddressFilter::Chain } else { AddressFilter::In }
    }

    /// Who looks for activities under such conditions: the tenant, unless it refused some of them.
    #[must_use]
    pub fn search(&self, kinds: Kinds) -> Search {
        let unsearched = self.unsearched.lock().unwrap_or_else(PoisonError::into_inner);
        if unsearched.iter().any(|refused| kinds.contain(*refused)) { Search::Here } else { Search::Upstream }
    }

    /// Remembers that it does not search under such conditions.
    pub fn leave_unsearched(&self, kinds: Kinds) {
        self.unsearched.lock().unwrap_or_else(PoisonError::into_inner).push(kinds);
    }

    /// Whether it failed to describe itself a moment ago.
    #[must_use]
    pub fn rests_describing(&self, now: Timestamp) -> bool {
        now.as_millis() < self.undescribed_until.load(Ordering::Relaxed)
    }

    /// Does not ask it to describe itself before `until`.
    pub fn rest_describing(&self, until: Timestamp) {
        self.undescribed_until.fetch_max(until.as_millis(), Ordering::Relaxed);
    }

    /// Under which key it takes the link of a person to a company, once it took one.
    #[must_use]
    pub fn link_key(&self) -> Option<LinkKey> {
        self.link_key.get().copied()
    }

    /// Remembers the key that worked.
    pub fn remember_link_key(&self, key: LinkKey) {
        self.link_key.get_or_init(|| key);
    }

    /// What a type turned out to demand, besides what the operator said.
    #[must_use]
    pub fn demanded_of(&self, type_name: &str) -> Vec<String> {
        let demanded = self.demanded.lock().unwrap_or_else(PoisonError::into_inner);
        demanded.iter().filter(|(of, _)| of == type_name).map(|(_, field)| field.clone()).collect()
    }

    /// Remembers that a type demands a field. A form has few, so that a tenant that names ever new ones is not believed.
    pub fn demand(&self, type_name: &str, field: &str) {
        let mut demanded = self.demanded.lock().unwrap_or_else(PoisonError::into_inner);
        if demanded.iter().filter(|(of, _)| of == type_name).count() < MOST_FORM_FIELDS {
            demanded.insert((type_name.to_owned(), field.to_owned()));
        }
    }

    /// How it takes customers as attendees, once it took some.
    #[must_use]
    pub fn customers(&self) -> Option<Customers> {
        self.customers.get().copied()
    }

    /// Remembers the way that worked. Names in the notes always work, so that they prove nothing: the others are tried again.
    pub fn remember_customers(&self, way: Customers) {
        if way != Customers::InTheNotes {
            self.customers.get_or_init(|| way);
        }
    }
}

/// Bytes of notes that a tenant's Timelines may take in memory.
const MOST_TEXT: u64 = 32 * 1024 * 1024;

/// People of companies that are kept for those who tick.
const MOST_CONTACTS: u64 = 100_000;

fn contacts_weight(people: &[Contact]) -> u32 {
    u32::try_from(people.len()).unwrap_or(u32::MAX).saturating_add(1)
}

fn page_weight(page: &Page) -> u32 {
    page.activities.iter().map(row_weight).fold(1_000, u32::saturating_add)
}

/// About what a row takes: notes twice at most, and what goes with them.
fn row_weight(row: &ActivityRow) -> u32 {
    let notes = row.notes_html.as_ref().map_or(0, String::len) + row.notes_plain.as_ref().map_or(0, String::len);
    u32::try_from(notes + row.subject.len()).unwrap_or(u32::MAX).saturating_add(600)
}

impl Tenants {
    /// The registered tenants, with nothing read yet.
    #[must_use]
    pub fn new(
        tenants: &[Tenant],
        organisations: &HashMap<OrganisationKey, OrganisationId>,
        clock: &Arc<dyn Clock>,
    ) -> Self {
        let state = |tenant: &Tenant| {
            let organisation = *organisations.get(&tenant.organisation)?;
            let state = TenantState {
                budget: Budget::new(tenant.calls_per_minute),
                schemas: Shelf::new(2_000, Arc::clone(clock)),
                books: Shelf::new(1, Arc::clone(clock)),
                users: Shelf::weighing(MOST_CONTACTS, Users::weight, Arc::clone(clock)),
                proofs: Shelf::new(2_000, Arc::clone(clock)),
                halves: Halves::default(),
                portfolios: Shelf::new(2_000, Arc::clone(clock)),
                known: Shelf::new(200_000, Arc::clone(clock)),
                contacts: Shelf::weighing(MOST_CONTACTS, |people| contacts_weight(people), Arc::clone(clock)),
                pages: Shelf::weighing(MOST_TEXT, page_weight, Arc::clone(clock)),
                activities: Shelf::weighing(
                    MOST_TEXT / 4,
                    |row| row.as_ref().map_or(200, row_weight),
                    Arc::clone(clock),
                ),
                refuses_in: AtomicBool::new(false),
                unsearched: Mutex::default(),
                arrears: Arrears::default(),
                undescribed_until: AtomicI64::new(i64::MIN),
                customers: OnceLock::new(),
                link_key: OnceLock::new(),
                demanded: Mutex::default(),
                look_ups: Cache::new(10_000),
                machine: Machine::default(),
                news: News::default(),
                tenant: Arc::new(tenant.clone()),
            };
            Some(((organisation, tenant.key.clone()), Arc::new(state)))
        };
        Self(tenants.iter().filter_map(state).collect())
    }

    /// A tenant of this organisation.
    #[must_use]
    pub fn find(&self, organisation: OrganisationId, key: &TenantKey) -> Option<Arc<Tenant>> {
        self.state(organisation, key).map(|state| Arc::clone(&state.tenant))
    }

    /// Every tenant that has a credential of its own.
    pub fn shared(&self) -> impl Iterator<Item = &Arc<TenantState>> {
        self.0.values().filter(|state| state.tenant.shared.is_some())
    }

    /// Every tenant whose directory is mirrored, with whose it is.
    pub fn mirrored(&self) -> impl Iterator<Item = (OrganisationId, &Arc<TenantState>)> {
        let is_mirrored =
            |state: &Arc<TenantState>| state.tenant.shared.as_ref().is_some_and(|shared| shared.mirrors_directory);
        let own = self.0.iter().map(|((organisation, _), state)| (*organisation, state));
        own.filter(move |(_, state)| is_mirrored(state))
    }

    /// What is known of a tenant of this organisation.
    #[must_use]
    pub fn state(&self, organisation: OrganisationId, key: &TenantKey) -> Option<&Arc<TenantState>> {
        self.0.get(&(organisation, key.clone()))
    }

    /// The tenants of an organisation, by name.
    #[must_use]
    pub fn of(&self, organisation: OrganisationId) -> Vec<Arc<Tenant>> {
        let own = self.0.iter().filter(|((owner, _), _)| *owner == organisation);
        let mut tenants: Vec<_> = own.map(|(_, state)| Arc::clone(&state.tenant)).collect();
        tenants.sort_by(|a, b| a.name.cmp(&b.name));
        tenants
    }

    /// Forgets what was read under a sign-in that ended.
    pub fn forget(&self, grant: GrantId) {
        let own = Reader::Viewer(grant);
        for state in self.0.values() {
            state.proofs.forget_where(move |key| *key == grant);
            state.halves.forget(grant);
            state.portfolios.forget_where(move |key| *key == grant);
            state.schemas.forget_where(move |key| *key == own);
            state.users.forget_where(move |key| *key == own);
            state.known.forget_where(move |(owner, _)| *owner == own);
            state.contacts.forget_where(move |(owner, _)| *owner == own);
            state.pages.forget_where(move |(owner, ..)| *owner == own);
            state.activities.forget_where(move |(owner, _)| *owner == own);
        }
    }
}
