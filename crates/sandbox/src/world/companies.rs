//! From the written list to companies, and more of them where the world is larger.

use super::book::{Colour, Company, Relationship};
use super::data::CompanyLine;
use super::hours::utc_offset;
use crate::chance::Chance;

/// The companies of a tenant, `scale` times as many as are written down.
pub(super) fn companies(lines: &[CompanyLine], tenant: &str, scale: u32, seed: u64) -> Vec<Company> {
    let mut chance = Chance::new(seed, &format!("companies of {tenant}"));
    let mut all = Vec::new();
    for round in 1..=scale {
        for line in lines.iter().filter(|line| line.tenant == tenant) {
            all.push(company(line, round, &mut chance));
        }
    }
    all
}

/// The written company, or in later rounds a branch of it that is a customer by itself.
fn company(line: &CompanyLine, round: u32, chance: &mut Chance) -> Company {
    let short = short(&line.name);
    let (name, short, domain) = if round == 1 {
        (line.name.clone(), short, line.domain.clone())
    } else {
        let (label, _) = line.domain.split_once('.').unwrap_or((&line.domain, ""));
        let branch = branch(round);
        (format!("{} {branch}", line.name), format!("{short} {branch}"), format!("{label}-{round}.example"))
    };
    let numbers = line.numbers;
    let drift = chance.between(-9, 9);
    let previous = i64::from(numbers.score).saturating_add(drift).clamp(5, 98);
    Company {
        relationships: relationships(line, &short, chance),
        name,
        short,
        domain,
        industry: line.industry.clone(),
        place: line.place.clone(),
        utc_offset: utc_offset(&line.timezone),
        csm: line.csm.clone(),
        employees: numbers.employees,
        arr: numbers.arr.saturating_mul(1_000),
        score: numbers.score,
        previous_score: u8::try_from(previous).unwrap_or(numbers.score),
        renews_in_days: numbers.renewal,
        months: numbers.months,
        stage: line.stage.clone(),
        status: line.status.clone(),
        tags: line.tags.clone(),
        shared_with: line.shared_with.clone(),
        summary: line.summary.clone(),
        colour: Colour {
            system: line.system.clone(),
            site: line.site.clone(),
            second_site: line.second_site.clone(),
            goal: line.goal.clone(),
            metric: line.metric.clone(),
        },
    }
}

fn relationships(line: &CompanyLine, short: &str, chance: &mut Chance) -> Vec<Relationship> {
    let count = u32::try_from(line.products.len()).unwrap_or(1).max(1);
    let share = line.numbers.arr.saturating_mul(1_000) / count;
    let relationship = |(at, product): (usize, &String)| {
        let drift = chance.between(-8, 8);
        let score = i64::from(line.numbers.score).saturating_add(drift).clamp(5, 98);
        Relationship {
            name: format!("{short}: {product}"),
            product: product.trim_end_matches(" pilot").to_owned(),
            // The first product is the larger one; together they are the company's ARR.
            arr: if count == 1 { share } else { share / 2 + if at == 0 { share } else { 0 } },
            score: u8::try_from(score).unwrap_or(line.numbers.score),
        }
    };
    line.products.iter().enumerate().map(relationship).collect()
}

/// `Northwind Traders` is `Northwind`, `Ferrous & Field` is `Ferrous`.
fn short(name: &str) -> String {
    name.rsplit_once(' ').map_or(name, |(before, _)| before.trim_end_matches(" &")).to_owned()
}

fn branch(round: u32) -> String {
    const REGIONS: &[&str] = &["North", "South", "East", "West", "Central", "Coastal", "International", "Holdings"];
    let number = usize::try_from(round).unwrap_or(0).saturating_sub(2);
    let region = REGIONS.get(number % REGIONS.len()).copied().unwrap_or_default();
    let lap = number / REGIONS.len();
    if lap == 0 { region.to_owned() } else { format!("{region} {}", lap + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_as_people_say_them() {
        let cases =
            [("Northwind Traders", "Northwind"), ("Ferrous & Field", "Ferrous"), ("Al Noor Facilities", "Al Noor")];
        for (name, expected) in cases {
            assert_eq!(short(name), expected);
        }
    }

    #[test]
    fn branches_of_a_larger_world_have_names_of_their_own() {
        let names: std::collections::HashSet<_> = (2..60).map(branch).collect();
        assert_eq!(names.len(), 58);
    }
}
