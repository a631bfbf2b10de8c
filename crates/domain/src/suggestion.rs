//! Which company a meeting is about, told from the people in it (design 4.4, ux 1).
//!
//! Facts are counted: who works where, as each tenant says. Guesses (the topic, domains of addresses, which employer is the main one)
//! never add a company and never outweigh a fact; they put candidates in order, and make us ask where they speak against the first.

use std::collections::{BTreeMap, BTreeSet};

use crate::EmailAddress;
use crate::attendees::{Directory, is_device};
use crate::ids::{Gsid, TenantKey};
use crate::roster::Participant;
use crate::topic::{contains_name, is_named_after};

/// A company that some attendees work for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Candidate {
    /// The tenant that knows it.
    pub tenant: TenantKey,
    /// The company.
    pub company: Gsid,
    /// Its name.
    pub name: String,
    /// How many attendees work there.
    pub matched: u32,
    /// How many attendees are not colleagues or devices.
    pub outsiders: u32,
    /// Whether to choose it without asking.
    pub is_clear: bool,
}

/// What one tenant knows that tells whose meeting it is.
#[derive(Clone, Debug)]
pub struct TenantFacts<'a> {
    /// The tenant.
    pub tenant: &'a TenantKey,
    /// Its users and people among the attendees.
    pub directory: &'a Directory,
    /// Its companies that the topic names ([`companies_in_topic`](crate::topic::companies_in_topic)).
    pub named: Vec<(&'a Gsid, &'a str)>,
}

/// Who tells whose meeting it is.
#[derive(Clone, Copy, Debug)]
pub struct Guests<'a> {
    /// Who is in the room.
    pub present: &'a [Participant],
    /// Who was invited or registered, in the room or not. They put companies in order, and make none of them clear by themselves.
    pub expected: &'a [EmailAddress],
}

/// Below one in so many, those who are known say too little about the rest.
const FEWEST_KNOWN: usize = 4;

/// Ranks the companies of the present attendees over all tenants, most attendees first. A draw is put in order by the topic, then by
/// those who were invited and are not there yet, then by main employers; of equal tenants the earlier one comes first.
///
/// The first one is clear when no other company has as many attendees and nothing speaks against it: see `is_clear`.
#[must_use]
pub fn candidates<'a>(guests: Guests<'a>, tenants: &[TenantFacts<'a>]) -> Vec<Candidate> {
    let room = Room::of(guests, tenants);
    let mut ranked: Vec<_> = room.claims.iter().collect();
    ranked.sort_by(|((place_a, _), a), ((place_b, _), b)| {
        b.weight().cmp(&a.weight()).then_with(|| (a.name, place_a).cmp(&(b.name, place_b)))
    });
    let claims: Vec<&Claim<'_>> = ranked.iter().map(|(_, claim)| *claim).collect();
    let is_clear = is_clear(&claims, &room, tenants);
    let to_candidate = |(rank, ((place, company), claim)): (usize, (&(usize, &Gsid), &Claim<'_>))| {
        Some(Candidate {
            tenant: tenants.get(*place)?.tenant.clone(),
            company: (*company).clone(),
            name: claim.name.to_owned(),
            matched: crate::count(claim.matched),
            outsiders: crate::count(room.outsiders),
            is_clear: rank == 0 && is_clear,
        })
    };
    ranked.into_iter().enumerate().filter_map(to_candidate).collect()
}

/// What the attendees say for one company.
#[derive(Debug, Default)]
struct Claim<'a> {
    name: &'a str,
    matched: usize,
    /// How many of them have their main employer there.
    primary: usize,
    /// How many more are to come.
    expected: usize,
    is_named: bool,
    /// Domains of their addresses, with how many have each.
    domains: BTreeMap<&'a str, usize>,
}

impl Claim<'_> {
    const fn weight(&self) -> (usize, bool, usize, usize) {
        (self.matched, self.is_named, self.expected, self.primary)
    }

    /// Whether it is ahead of another one beyond doubt.
    fn leads(&self, other: &Self) -> bool {
        // "Northwind weekly" may well be said of "Northwind Retail".
        let by_topic = self.is_named && !other.is_named && !contains_name(other.name, self.name);
        // One consultant's main employer says little; that of several people who share a second one says what ties them.
        let by_employers = self.primary == self.matched && self.matched > 1 && other.primary == 0;
        // Whom the host invited is no guess; but a few who did not come may be of any company.
        let by_invitation = self.expected > 1 && other.expected == 0;
        let breaks_a_draw = by_topic || by_employers || by_invitation;
        self.matched > other.matched || (self.matched == other.matched && breaks_a_draw)
    }

    /// Whether strangers at this domain are most likely colleagues of those who are known.
    fn owns(&self, domain: &str) -> bool {
        self.domains.get(domain).is_some_and(|known| *known > 1 || is_named_after(domain, self.name))
    }
}

/// How somebody speaks for a company.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Sign {
    /// By being there.
    Presence,
    /// By being awaited.
    Expectation,
}

/// The attendees who could tell whose meeting it is.
#[derive(Debug, Default)]
struct Room<'a> {
    outsiders: usize,
    /// By place of the tenant and company.
    claims: BTreeMap<(usize, &'a Gsid), Claim<'a>>,
    /// How many people of no known company there are at each domain that has one owner.
    strangers: BTreeMap<&'a str, usize>,
}

impl<'a> Room<'a> {
    fn of(guests: Guests<'a>, tenants: &[TenantFacts<'a>]) -> Self {
        let mut room = Self::default();
        let mut here = BTreeSet::new();
        // A colleague in one tenant may well be a person of another: of a subsidiary, or of a test company.
        let is_colleague = |email| tenants.iter().any(|facts| facts.directory.users.contains_key(email));
        for participant in guests.present.iter().filter(|participant| participant.is_present()) {
            // A guess makes nobody known.
            let Some((email, _)) = participant.email.as_ref().filter(|(_, source)| !source.is_guess()) else {
                room.outsiders += usize::from(!is_device(participant));
                continue;
            };
            here.insert(email);
            if is_colleague(email) {
                continue;
            }
            let is_known = room.claim(email, tenants, Sign::Presence);
            if !is_known && is_device(participant) {
                continue;
            }
            room.outsiders += 1;
            if !is_known && !email.is_consumer() {
                *room.strangers.entry(email.domain()).or_default() += 1;
            }
        }
        for email in guests.expected.iter().filter(|email| !here.contains(email) && !is_colleague(email)) {
            room.claim(email, tenants, Sign::Expectation);
        }
        room
    }

    /// Counts somebody for each company that he works for now; false if there is none.
    fn claim(&mut self, email: &'a EmailAddress, tenants: &[TenantFacts<'a>], sign: Sign) -> bool {
        let mut is_known = false;
        for (place, facts) in tenants.iter().enumerate() {
            let mut counted = BTreeSet::new();
            let links = facts.directory.people.get(email).into_iter().flat_map(|person| &person.links);
            for link in links.filter(|link| link.is_active) {
                let claim = self.claims.entry((place, &link.company)).or_default();
                claim.name = &link.company_name;
                claim.is_named = facts.named.iter().any(|(company, _)| **company == link.company);
                is_known = true;
                if sign == Sign::Expectation {
                    claim.expected += usize::from(counted.insert((&link.company, false)));
                    continue;
                }
                // Two rows for one employer are still one attendee.
                if counted.insert((&link.company, false)) {
                    claim.matched += 1;
                    if !email.is_consumer() {
                        *claim.domains.entry(email.domain()).or_default() += 1;
                    }
                }
                claim.primary += usize::from(link.is_primary && counted.insert((&link.company, true)));
            }
        }
        is_known
    }
}

/// Whether the first claim may be chosen without asking: it leads every other one; the topic names no other company; no other
/// organisation, known by nothing but its domain, sends as many people; and those who are known are not a vanishing few.
fn is_clear(claims: &[&Claim<'_>], room: &Room<'_>, tenants: &[TenantFacts<'_>]) -> bool {
    let Some((first, others)) = claims.split_first() else { return false };
    let mut named = tenants.iter().flat_map(|facts| &facts.named);
    let is_own = |domain: &str| first.owns(domain) && !others.iter().any(|other| other.domains.contains_key(domain));
    let (own, foreign): (Vec<_>, Vec<_>) = room.strangers.iter().partition(|(domain, _)| is_own(domain));
    let largest = foreign.iter().map(|(_, count)| **count).max().unwrap_or(0);
    let likely = first.matched + own.iter().map(|(_, count)| **count).sum::<usize>();
    // Before anybody is there, an invitation may be for last year's customer.
    first.matched > 0
        && others.iter().all(|other| first.leads(other))
        && named.all(|(_, name)| contains_name(first.name, name))
        && largest < likely
        // The nameless may well be those who were invited.
        && (likely + first.expected) * FEWEST_KNOWN >= room.outsiders
}

#[cfg(test)]
#[path = "suggestion_tests.rs"]
mod tests;
