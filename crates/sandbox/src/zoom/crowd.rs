//! People for a meeting that is larger than anybody's list of customers.

use super::people::{Disclosure, Identity, Person};
use crate::chance::Chance;
use crate::world::cast::plain;

const FIRST: &str = "\
    Aaliyah Adrian Agnieszka Ahmed Alejandra Amara Andreas Anika Arturo Astrid Bianca Bogdan Camille Chen Clara \
    Daniel Deepa Dmitri Eleni Emeka Esther Fatima Felix Gabriela Giulia Hassan Helena Hiroshi Imani Isabel Ivan \
    Jamal Joanna Julian Kaito Karin Kavita Kwame Lars Laura Lucas Malik Marta Mei Milan Nadia Naveen Noemi Olga Omar \
    Paulo Petra Quentin Rania Ricardo Rosa Samir Saskia Sean Simone Tamara Theo Uma Viktor Wanjiru Xavier Yara Yusuf \
    Zoe";
const LAST: &str = "\
    Abara Almeida Andersson Baptiste Bauer Bianchi Castillo Chandra Cohen Costa Dimitrov Dubois Eriksen Farouk \
    Fischer Garcia Greene Gupta Hansen Horvat Ibrahim Ivanova Jensen Kaya Keller Kim Kovacs Kumar Lambert Larsen \
    Lopez Mancini Martinez Moreau Moreno Murphy Nakamura Nguyen Novak Ogawa Okoye Pereira Petrov Rossi Santos \
    Schmidt Silva Tan Torres Vargas Virtanen Walker Wang Yilmaz Zhang";
const DOMAINS: &str = "\
    alderworks.example bluefinlogistics.example cobaltretail.example deltaharbor.example evergreenfoods.example \
    fairmontmedia.example gridline.example hexagonhealth.example";

/// The `index`-th stranger, with an address on the invitation.
pub(crate) fn member(seed: u64, index: usize) -> Person {
    let mut chance = Chance::new(seed, &format!("crowd {index}"));
    let first = pick(&mut chance, FIRST);
    let last = pick(&mut chance, LAST);
    let domain = pick(&mut chance, DOMAINS);
    let identity = Identity {
        email: Some(format!("{}.{}.{index}@{domain}", plain(first), plain(last))),
        disclosure: Disclosure::CalendarInvitation,
        user: Some(format!("x-crowd-{index}")),
        account: Some("acc-elsewhere".to_owned()),
        ..Identity::default()
    };
    Person::named(&format!("{first} {last}"), identity)
}

/// How somebody comes: a third shows the address, a third hides it, a third only typed a name.
pub(crate) fn disguise(person: Person, index: usize) -> Person {
    let identity = match index % 3 {
        0 => person.identity,
        1 => Identity { disclosure: Disclosure::Hidden, ..person.identity },
        _ => Identity::default(),
    };
    Person { identity, ..person }
}

fn pick<'a>(chance: &mut Chance, words: &'a str) -> &'a str {
    let words: Vec<_> = words.split(' ').collect();
    chance.pick(&words).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crowd_is_the_same_each_time_and_mixed() {
        let crowd = || (0..300).map(|index| disguise(member(7, index), index));
        let names = |people: &mut dyn Iterator<Item = Person>| people.map(|person| person.name).collect::<Vec<_>>();
        assert_eq!(names(&mut crowd()), names(&mut crowd()));
        let shown = crowd().filter(|person| !person.identity.email_for("acc-lumen").is_empty()).count();
        let signed_in = crowd().filter(|person| person.identity.user.is_some()).count();
        assert_eq!((shown, signed_in), (100, 200));
    }
}
