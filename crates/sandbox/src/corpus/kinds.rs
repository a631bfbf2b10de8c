//! The kinds of meetings, in stated shares. Each kind has variants, which take turns.

use super::cast::{ADVISERS, CONSUMER, PROSPECT, Scene};
use super::ground::{Ground, Human, PRODUCTS};
use super::{Channel, Meeting, Right};
use crate::chance::Chance;

/// What makes a meeting hard.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// Nothing: a few people of one customer.
    Plain,
    /// Somebody joins under an address that is not the one on record.
    SecondAddress,
    /// Two people have one name.
    SharedName,
    /// Addresses of a provider where anybody can have one.
    ConsumerAddress,
    /// Somebody works for two customers.
    TwoEmployers,
    /// Somebody left a customer.
    FormerEmployee,
    /// Somebody works for many customers, or brings people whom nobody knows.
    Consultant,
    /// A group and its subsidiary with a similar name.
    Subsidiary,
    /// People of two customers.
    TwoCustomers,
    /// Nobody but the vendor's own people.
    ColleaguesOnly,
    /// Somebody whom only the other data centre knows, or knows better.
    OtherDataCentre,
    /// Odd case, blanks, plus-addressing.
    Spelling,
    /// New people at a customer's domain.
    NewPeople,
    /// The topic names something.
    Topic,
}

impl Kind {
    /// How many meetings of each kind there are.
    pub const SHARES: [(Self, usize); 14] = [
        (Self::Plain, 60),
        (Self::SecondAddress, 20),
        (Self::SharedName, 20),
        (Self::ConsumerAddress, 20),
        (Self::TwoEmployers, 20),
        (Self::FormerEmployee, 20),
        (Self::Consultant, 20),
        (Self::Subsidiary, 20),
        (Self::TwoCustomers, 20),
        (Self::ColleaguesOnly, 10),
        (Self::OtherDataCentre, 25),
        (Self::Spelling, 15),
        (Self::NewPeople, 10),
        (Self::Topic, 20),
    ];

    const fn play(self) -> fn(&mut Scene<'_>, usize) -> (String, Right) {
        match self {
            Self::Plain => plain,
            Self::SecondAddress => second_address,
            Self::SharedName => shared_name,
            Self::ConsumerAddress => consumer_address,
            Self::TwoEmployers => two_employers,
            Self::FormerEmployee => former_employee,
            Self::Consultant => consultant,
            Self::Subsidiary => subsidiary,
            Self::TwoCustomers => two_customers,
            Self::ColleaguesOnly => colleagues_only,
            Self::OtherDataCentre => other_data_centre,
            Self::Spelling => spelling,
            Self::NewPeople => new_people,
            Self::Topic => topic,
        }
    }
}

pub(super) fn meetings(seed: u64, ground: &mut Ground) -> Vec<Meeting> {
    let mut chance = Chance::new(seed, "corpus meetings");
    let mut meetings = Vec::new();
    for (kind, share) in Kind::SHARES {
        for turn in 0..share {
            let tenant = usize::from(kind == Kind::OtherDataCentre);
            let mut scene = Scene { ground: &mut *ground, chance: &mut chance, tenant, attendees: Vec::new() };
            let colleagues = 1 + scene.chance.below(2);
            scene.colleagues(colleagues);
            let (topic, right) = kind.play()(&mut scene, turn);
            meetings.push(Meeting { kind, topic, attendees: scene.attendees, right });
        }
    }
    meetings
}

/// A topic that names no company.
fn neutral(scene: &mut Scene<'_>) -> String {
    let topics = ["Weekly sync", "Quarterly review", "Kick-off", "Renewal", "Catch-up", ""];
    scene.chance.pick(&topics).copied().unwrap_or_default().to_owned()
}

fn plain(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [customer] = scene.customers();
    for human in scene.ground.staff(scene.tenant, customer, 1 + turn % 4) {
        scene.comes(&human);
    }
    for _ in 0..scene.chance.below(3) {
        let domain = scene.domain(customer);
        scene.stranger(&domain);
    }
    if scene.chance.percent(10) {
        scene.stranger("interpreters.example");
    }
    scene.nameless(2);
    let topic = if turn.is_multiple_of(3) { format!("{}: monthly", scene.name(customer)) } else { neutral(scene) };
    (topic, Right::Only(scene.at(customer)))
}

fn second_address(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [customer] = scene.customers();
    let domain = if turn.is_multiple_of(2) { scene.domain(customer) } else { CONSUMER.to_owned() };
    for (place, human) in scene.ground.staff(scene.tenant, customer, 2).into_iter().enumerate() {
        let alias = format!("alias.{}@{domain}", human.id.trim_start_matches("1P01").trim_start_matches('0'));
        let human = if place == 0 { Human { email: alias, ..human } } else { human };
        scene.comes_disclosed(&human);
    }
    (neutral(scene), Right::Only(scene.at(customer)))
}

fn shared_name(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [customer, other] = scene.customers();
    let elsewhere = scene.domain(other);
    let namesake = scene.ground.hire(scene.tenant, &elsewhere, &[(other, true, true)]);
    for human in scene.ground.staff(scene.tenant, customer, 2) {
        scene.comes_disclosed(&human);
    }
    // A guest who happens to be called like a person of another customer, or like somebody in the room.
    let name =
        if turn.is_multiple_of(2) { Some(namesake.name) } else { scene.attendees.last().map(|one| one.name.clone()) };
    let guest = scene.ground.human(PROSPECT);
    let guest = Human { name: name.unwrap_or_default(), ..guest };
    let channel = if turn % 4 < 2 { Channel::NameOnly } else { Channel::Registrant };
    scene.sits(&guest, channel, Vec::new());
    (neutral(scene), Right::Only(scene.at(customer)))
}

fn consumer_address(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [customer] = scene.customers();
    let human = scene.ground.hire(scene.tenant, CONSUMER, &[(customer, true, true)]);
    scene.comes_disclosed(&human);
    scene.staff(customer, turn % 3);
    for _ in 0..turn % 2 {
        scene.stranger(CONSUMER);
    }
    (neutral(scene), Right::Only(scene.at(customer)))
}

fn two_employers(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [main, second] = scene.customers();
    let domain = scene.domain(main);
    let both = [(main, true, true), (second, false, true)];
    let several = if turn % 3 == 2 { 2 + turn % 2 } else { 1 };
    for _ in 0..several {
        let human = scene.ground.hire(scene.tenant, &domain, &both);
        scene.comes_disclosed(&human);
    }
    let right = match turn % 3 {
        0 => Right::Ask(vec![scene.at(main), scene.at(second)]),
        1 => {
            scene.staff(second, 1);
            Right::Only(scene.at(second))
        }
        // A subsidiary's people who are on the parent's list, too.
        _ => Right::Only(scene.at(main)),
    };
    (neutral(scene), right)
}

fn former_employee(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [left, customer] = scene.customers();
    let domain = scene.domain(left);
    let moved = [(left, true, false), (customer, true, true)];
    let at = if turn.is_multiple_of(2) { &moved[..] } else { &moved[..1] };
    let human = scene.ground.hire(scene.tenant, &domain, at);
    scene.comes_disclosed(&human);
    let right = match turn % 4 {
        3 => Right::Nothing,
        variant => {
            scene.staff(customer, variant);
            Right::Only(scene.at(customer))
        }
    };
    (neutral(scene), right)
}

fn consultant(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let customers: [usize; 4] = scene.customers();
    let [first, ..] = customers;
    let right = match turn % 10 {
        // The one time in ten that a partner brings people whom no tenant knows: what is offered is wrong then.
        9 => {
            let human = scene.ground.hire(scene.tenant, ADVISERS, &[(first, true, true)]);
            scene.comes_disclosed(&human);
            for _ in 0..3 {
                scene.stranger(if turn > 10 { PROSPECT } else { ADVISERS });
            }
            Right::Nothing
        }
        variant => {
            let human = scene.ground.hire(scene.tenant, ADVISERS, &customers.map(|one| (one, one == first, true)));
            scene.comes_disclosed(&human);
            if variant % 3 == 0 {
                Right::Ask(customers.map(|one| scene.at(one)).to_vec())
            } else {
                let [.., last] = customers;
                scene.staff(last, 2 - variant % 2);
                Right::Only(scene.at(last))
            }
        }
    };
    (neutral(scene), right)
}

fn subsidiary(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [any] = scene.customers();
    let (group, daughter) = (any - any % 2, any - any % 2 + 1);
    let is_mixed = turn % 5 > 1;
    scene.staff(daughter, if is_mixed { 1 } else { 2 });
    scene.staff(group, usize::from(is_mixed));
    let topic = match turn % 5 {
        1 | 3 => format!("{} kick-off", scene.name(daughter)),
        0 | 4 => format!("{} weekly", scene.name(group)),
        _ => neutral(scene),
    };
    let right = match turn % 5 {
        2 | 4 => Right::Ask(vec![scene.at(group), scene.at(daughter)]),
        _ => Right::Only(scene.at(daughter)),
    };
    (topic, right)
}

fn two_customers(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [one, other] = scene.customers();
    let (ones, others) = [(1, 1), (3, 1), (2, 2), (2, 2), (2, 1)][turn % 5];
    scene.staff(one, ones);
    scene.staff(other, others);
    let topic = match turn % 5 {
        2 => format!("{} / {}", scene.name(one), scene.name(other)),
        3 => format!("{} weekly", scene.name(one)),
        4 => format!("{} weekly", scene.name(other)),
        _ => neutral(scene),
    };
    let right = match turn % 5 {
        1 | 3 => Right::Only(scene.at(one)),
        _ => Right::Ask(vec![scene.at(one), scene.at(other)]),
    };
    (topic, right)
}

fn colleagues_only(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [customer] = scene.customers();
    // An internal meeting about a customer is still one that no customer is in.
    let topic = if turn.is_multiple_of(2) { format!("{} preparation", scene.name(customer)) } else { neutral(scene) };
    (topic, Right::Nothing)
}

fn other_data_centre(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [customer, other] = scene.customers();
    let domain = scene.domain(customer);
    let right = match turn % 5 {
        0 => {
            scene.staff(customer, 2);
            Right::Only(scene.at(customer))
        }
        1 => {
            // A user of the first tenant who stands among the second one's people, for a test company.
            let user = scene.ground.tenant(0).users[turn % 6].clone();
            let tested =
                Human { id: format!("{}T{turn}", user.id), ..scene.ground.hire(1, &domain, &[(other, true, true)]) };
            scene.ground.tenant(1).people.retain(|human| human.email != tested.email && human.email != user.email);
            scene.ground.tenant(1).people.push(Human { email: user.email.clone(), ..tested });
            scene.attendees.retain(|one| one.email != user.email);
            scene.sits(&user, Channel::OwnAccount, vec![("lumen", user.id.clone())]);
            scene.staff(customer, 1);
            Right::Only(scene.at(customer))
        }
        variant => {
            let known = scene.ground.hire(1, &domain, &[(customer, true, true)]);
            let in_first = scene.ground.hire(0, &domain, &[(other, true, variant == 3)]);
            // One human, and the first tenant has him as a former employee, or as an employee, of one of its own customers.
            scene.ground.tenant(0).people.retain(|human| human.id != in_first.id);
            let email = if variant == 4 { in_first.email.clone() } else { known.email.clone() };
            scene.ground.tenant(0).people.push(Human { email, ..in_first.clone() });
            let mut records = vec![("kestrel", known.id.clone())];
            records.extend((variant == 3).then(|| ("lumen", in_first.id.clone())));
            scene.sits(&known, Channel::Invitation, records);
            if variant == 3 {
                Right::Ask(vec![in_tenant(scene, 0, other), scene.at(customer)])
            } else {
                Right::Only(scene.at(customer))
            }
        }
    };
    (neutral(scene), right)
}

fn in_tenant(scene: &mut Scene<'_>, tenant: usize, company: usize) -> super::Target {
    let before = std::mem::replace(&mut scene.tenant, tenant);
    let target = scene.at(company);
    scene.tenant = before;
    target
}

fn spelling(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [customer] = scene.customers();
    let domain = scene.domain(customer);
    let mut human = scene.ground.hire(scene.tenant, &domain, &[(customer, true, true)]);
    human.email = match turn % 3 {
        0 => human.email.to_uppercase(),
        1 => format!(" {}", human.email),
        _ => human.email.replacen('@', "+zoom@", 1),
    };
    scene.comes_disclosed(&human);
    scene.staff(customer, 1);
    (neutral(scene), Right::Only(scene.at(customer)))
}

fn new_people(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [customer] = scene.customers();
    scene.staff(customer, usize::from(!turn.is_multiple_of(5)));
    let domain = scene.domain(customer);
    for _ in 0..=turn % 3 {
        scene.stranger(&domain);
    }
    (neutral(scene), Right::Only(scene.at(customer)))
}

fn topic(scene: &mut Scene<'_>, turn: usize) -> (String, Right) {
    let [customer, other] = scene.customers();
    scene.staff(customer, 2);
    let products = scene.ground.company(scene.tenant, customer).relationships;
    let place = turn % PRODUCTS.len();
    let product = PRODUCTS[place];
    let mut target = scene.at(customer);
    if turn % 5 < 2 {
        target.relationship = products.get(place).map(|(id, _)| id.clone());
    }
    let topic = match turn % 5 {
        0 => format!("{}: {product} review", scene.name(customer)),
        1 => format!("{} go-live", product.to_uppercase()),
        2 => format!("{} renewal", scene.name(other)),
        3 => "Suite of tests for the new warehouse".to_owned(),
        _ => format!("{} and {}", PRODUCTS[0], PRODUCTS[1]),
    };
    let right = if turn % 5 == 2 { Right::Ask(vec![target, scene.at(other)]) } else { Right::Only(target) };
    (topic, right)
}
