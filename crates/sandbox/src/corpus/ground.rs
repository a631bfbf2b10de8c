//! What the two tenants of the corpus know: companies, people, and who works where.

use crate::chance::Chance;

const FIRST: &[&str] = &[
    "Ada", "Bruno", "Chidi", "Dara", "Elif", "Femi", "Greta", "Hugo", "Inés", "Jonas", "Kaya", "Lena", "Mateo",
    "Nadia", "Omar", "Petra", "Quinn", "Rosa", "Søren", "Tariq", "Uma", "Vera", "Wei", "Yara", "Zoë",
];
const LAST: &[&str] = &[
    "Abel", "Brandt", "Castro", "Diaz", "Eriksen", "Fontaine", "Grant", "Haas", "Ito", "Jensen", "Kowalski", "Lopez",
    "Mbeki", "Novak", "Okafor", "Park", "Quist", "Rossi", "Silva", "Tanaka", "Ulrich", "Varga", "Weber", "Yilmaz",
];
const STEMS: &[&str] = &[
    "Alderbrook",
    "Birchfield",
    "Copperleaf",
    "Driftwood",
    "Eastgate",
    "Fernhollow",
    "Goldcrest",
    "Harborline",
    "Ironwood",
    "Juniper",
    "Kingsford",
    "Larkspur",
    "Meadowlark",
    "Northwind",
    "Oakhaven",
    "Pinecrest",
    "Quarrystone",
    "Ridgeway",
    "Silverbay",
    "Thornbury",
    "Umberfield",
    "Valecrest",
    "Westbrook",
    "Yellowtail",
];
const TRADES: &[&str] =
    &["Foods", "Logistics", "Energy", "Health", "Robotics", "Textiles", "Software", "Analytics", "Marine", "Paper"];
const FORMS: &[&str] = &["", "", " Inc", " Ltd", " GmbH"];
/// What a relationship is called behind its company's name.
pub(super) const PRODUCTS: &[&str] = &["Warehouse Suite", "Route Planner", "Insight Hub", "Field Service"];
const PEOPLE: usize = 6;

/// A tenant that the viewer is signed in to.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Its key.
    pub key: &'static str,
    /// Who works there: `GsUser` records.
    pub users: Vec<Human>,
    /// Its customers' people.
    pub people: Vec<Human>,
    /// Its customers.
    pub companies: Vec<Company>,
}

/// A record of somebody.
#[derive(Clone, Debug)]
pub struct Human {
    /// The record's id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// The address as the tenant spells it.
    pub email: String,
    /// Where he works or worked.
    pub employments: Vec<Employment>,
}

/// A `Company_Person` row.
#[derive(Clone, Debug)]
pub struct Employment {
    /// The company's place in its tenant.
    pub company: usize,
    /// Whether it is the main employer.
    pub is_primary: bool,
    /// Whether he still works there.
    pub is_active: bool,
}

/// A customer.
#[derive(Clone, Debug)]
pub struct Company {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where its people have their addresses.
    pub domain: String,
    /// Ids and names of its relationships.
    pub relationships: Vec<(String, String)>,
}

/// The tenants while they are drawn. Meetings add the people that they need.
pub(super) struct Ground {
    pub(super) tenants: Vec<Tenant>,
    chance: Chance,
    records: usize,
}

impl Ground {
    pub(super) fn new(seed: u64) -> Self {
        let mut ground = Self { tenants: Vec::new(), chance: Chance::new(seed, "corpus ground"), records: 0 };
        // The same trades under other stems: no company of one tenant is one of the other.
        let (west, east) = STEMS.split_at(STEMS.len() / 2);
        for (key, stems) in [("lumen", west), ("kestrel", east)] {
            ground.tenants.push(Tenant { key, users: Vec::new(), people: Vec::new(), companies: Vec::new() });
            let place = ground.tenants.len() - 1;
            for stem in stems {
                ground.found(place, stem);
            }
            for _ in 0..PEOPLE {
                let user = ground.human(&format!("{key}.example"));
                ground.tenant(place).users.push(user);
            }
        }
        ground
    }

    /// A group and its subsidiary, each with people and products.
    fn found(&mut self, tenant: usize, stem: &str) {
        let trade = self.any(TRADES);
        for (name, domain) in [
            (format!("{stem}{}", self.any(FORMS)), format!("{}.example", stem.to_lowercase())),
            (
                format!("{stem} {trade}{}", self.any(FORMS)),
                format!("{}-{}.example", stem.to_lowercase(), trade.to_lowercase()),
            ),
        ] {
            let id = self.id("1P02");
            let products = PRODUCTS.iter().map(|product| (self.id("1P03"), format!("{name}: {product}"))).collect();
            let company = Company { id, name, domain: domain.clone(), relationships: products };
            self.tenant(tenant).companies.push(company);
            let company = self.tenant(tenant).companies.len() - 1;
            for _ in 0..PEOPLE {
                self.hire(tenant, &domain, &[(company, true, true)]);
            }
        }
    }

    /// Records a new person who works or worked at these companies: place, main employer, still.
    pub(super) fn hire(&mut self, tenant: usize, domain: &str, at: &[(usize, bool, bool)]) -> Human {
        let mut human = self.human(domain);
        let employment = |(company, is_primary, is_active): &(usize, bool, bool)| Employment {
            company: *company,
            is_primary: *is_primary,
            is_active: *is_active,
        };
        human.employments = at.iter().map(employment).collect();
        self.tenant(tenant).people.push(human.clone());
        human
    }

    /// Somebody whom nobody has on record yet.
    pub(super) fn human(&mut self, domain: &str) -> Human {
        let (first, last) = (self.any(FIRST), self.any(LAST));
        let id = self.id("1P01");
        let local = format!("{}.{}{}", first.to_lowercase(), last.to_lowercase(), self.records);
        Human { id, name: format!("{first} {last}"), email: format!("{local}@{domain}"), employments: Vec::new() }
    }

    /// People who work at a company and nowhere else, each at most once.
    pub(super) fn staff(&mut self, tenant: usize, company: usize, count: usize) -> Vec<Human> {
        let works_there = |human: &&Human| matches!(human.employments.as_slice(), [only] if only.company == company && only.is_active);
        let domain = self.company(tenant, company).domain;
        let all = self.tenant(tenant).people.iter().filter(works_there);
        let mut staff: Vec<_> = all.filter(|human| human.email.ends_with(&format!("@{domain}"))).cloned().collect();
        let start = self.chance.below(staff.len());
        staff.rotate_left(start);
        staff.truncate(count);
        staff
    }

    pub(super) fn company(&self, tenant: usize, company: usize) -> Company {
        self.tenants[tenant].companies[company].clone()
    }

    pub(super) fn tenant(&mut self, place: usize) -> &mut Tenant {
        &mut self.tenants[place]
    }

    fn any<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.chance.pick(of).copied().unwrap_or_default()
    }

    fn id(&mut self, prefix: &str) -> String {
        self.records += 1;
        format!("{prefix}{:032}", self.records)
    }
}
