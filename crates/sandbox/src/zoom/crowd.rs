//! People for a meeting that is larger than anybody's list of customers.

use super::people::{Disclosure, Identity};
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

/// The `index`-th of the crowd: a third is invited with an address, a third shows none, a third only typed a name.
pub(crate) fn member(seed: u64, index: usize) -> (String, Identity) {
    let mut chance = Chance::new(seed, &format!("crowd {index}"));
    let first = pick(&mut chance, FIRST);
    let last = pick(&mut chance, LAST);
    let domain = pick(&mut chance, DOMAINS);
    let name = format!("{first} {last}");
    if index % 3 == 2 {
        return (name, Identity::default());
    }
    let user = format!("x-crowd-{index}");
    let identity = Identity {
        email: Some(format!("{}.{}.{index}@{domain}", plain(first), plain(last))),
        disclosure: if index.is_multiple_of(3) { Disclosure::CalendarInvitation } else { Disclosure::Hidden },
        user: Some(user),
        account: Some("acc-elsewhere".to_owned()),
        ..Identity::default()
    };
    (name, identity)
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
        let crowd: Vec<_> = (0..300).map(|index| member(7, index)).collect();
        assert_eq!(crowd[5], member(7, 5));
        let shown = crowd.iter().filter(|(_, identity)| !identity.email_for("acc-lumen").is_empty()).count();
        let signed_in = crowd.iter().filter(|(_, identity)| identity.user.is_some()).count();
        assert_eq!((shown, signed_in), (100, 200));
    }
}
