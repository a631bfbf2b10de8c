//! From the written list to people, and everybody else by chance.

use std::collections::HashSet;

use super::book::{Company, Employment, Person};
use super::cast::plain;
use super::data::{Data, Names, PersonLine};
use super::positions::{CONSUMER_DOMAINS, POSITIONS};
use super::vendors::Vendor;
use crate::chance::Chance;

/// The people of a tenant: those written down, then drawn ones until every company has its share.
pub(super) fn people(data: &Data, companies: &[Company], vendor: Vendor, seed: u64) -> Vec<Person> {
    let tenant = vendor.key;
    let mut people: Vec<_> =
        data.people.iter().filter(|line| line.tenant == tenant).map(|line| written(line, companies)).collect();
    let chance = Chance::new(seed, &format!("people of {tenant}"));
    let mut draw = Draw { names: &data.names, chance, taken: HashSet::new() };
    draw.taken.extend(people.iter().map(|person| person.email.to_lowercase()));
    let wanted = companies.len().saturating_mul(vendor.size.people_per_company());
    let mut counts = vec![0_usize; companies.len()];
    for employment in people.iter().flat_map(|person| &person.employments) {
        if let Some(count) = counts.get_mut(employment.company) {
            *count += 1;
        }
    }
    // Round by round, so that each company gets its director before any gets a fourth planner.
    let mut company = 0;
    while people.len() < wanted && !companies.is_empty() {
        let position = counts.get(company).copied().unwrap_or_default();
        if position <= people.len() / companies.len() + 2 {
            people.push(draw.person(companies, company, position));
            if let Some(count) = counts.get_mut(company) {
                *count += 1;
            }
        }
        company = (company + 1) % companies.len();
    }
    people
}

fn written(line: &PersonLine, companies: &[Company]) -> Person {
    let (first_name, last_name) = line.name.split_once(' ').unwrap_or((&line.name, ""));
    let employment = |(at, job): (usize, &super::data::EmploymentLine)| {
        Some(Employment {
            company: companies.iter().position(|company| company.name == job.company)?,
            title: job.title.clone(),
            role: job.role.clone(),
            is_primary: at == 0,
            is_active: job.active,
        })
    };
    Person {
        name: line.name.clone(),
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        email: line.email.clone(),
        location: line.location.clone(),
        employments: line.at.iter().enumerate().filter_map(employment).collect(),
    }
}

struct Draw<'a> {
    names: &'a Names,
    chance: Chance,
    /// Addresses that somebody has, in lower case.
    taken: HashSet<String>,
}

impl Draw<'_> {
    fn person(&mut self, companies: &[Company], company: usize, position: usize) -> Person {
        let first = self.chance.pick(&self.names.first).map(String::as_str).unwrap_or_default();
        let last = self.chance.pick(&self.names.last).map(String::as_str).unwrap_or_default();
        let employer = companies.get(company);
        let (title, role) = self.position(position);
        let mut employments = vec![Employment {
            company,
            title: title.to_owned(),
            role: role.to_owned(),
            is_primary: true,
            // The first five carry the stories; further down, some have left.
            is_active: position < 5 || !self.chance.percent(9),
        }];
        if position >= 5 && self.chance.percent(7) {
            employments.extend(self.second_job(companies.len(), company));
        }
        Person {
            name: format!("{first} {last}"),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            email: self.email(first, last, employer.map_or("nowhere.example", |company| &company.domain)),
            location: employer.and_then(|company| company.place.split(',').next()).unwrap_or_default().to_owned(),
            employments,
        }
    }

    fn position(&mut self, position: usize) -> (&'static str, &'static str) {
        let standard = POSITIONS.get(position.min(POSITIONS.len() - 1)).copied().unwrap_or_default();
        if position < 5 { standard } else { self.chance.pick(&POSITIONS[5..]).copied().unwrap_or(standard) }
    }

    /// Consultants, part-timers, people who changed sides.
    fn second_job(&mut self, companies: usize, first: usize) -> Option<Employment> {
        let company = self.chance.below(companies);
        (company != first).then(|| Employment {
            company,
            title: self
                .chance
                .pick(&["External consultant", "Project advisor", "Interim manager"])
                .copied()
                .unwrap_or_default()
                .to_owned(),
            role: "Influencer".to_owned(),
            is_primary: false,
            is_active: self.chance.percent(75),
        })
    }

    fn email(&mut self, first: &str, last: &str, domain: &str) -> String {
        let (first, last) = (plain(first), plain(last).replace('-', ""));
        let domain =
            if self.chance.percent(3) { self.chance.pick(CONSUMER_DOMAINS).copied().unwrap_or(domain) } else { domain };
        let initial = first.get(..1).unwrap_or_default();
        let local = if self.chance.percent(15) { format!("{initial}{last}") } else { format!("{first}.{last}") };
        let mut email = format!("{local}@{domain}");
        let mut number = 2;
        while !self.taken.insert(email.clone()) {
            email = format!("{local}{number}@{domain}");
            number += 1;
        }
        // Some were typed by hand, and typed as a name is written.
        if self.chance.percent(8) { as_typed(&email) } else { email }
    }
}

fn as_typed(email: &str) -> String {
    let mut begins = true;
    email
        .chars()
        .map(|letter| {
            let typed = if begins { letter.to_ascii_uppercase() } else { letter };
            begins = letter == '.';
            typed
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_address_is_the_same_address() {
        assert_eq!(as_typed("ana.ruiz@x.example"), "Ana.Ruiz@x.Example");
    }
}
