//! The people of the selected company, to tick who is here where Zoom does not tell.

use sidelight_api::people::{Attendee, Contact, Contacts};
use sidelight_domain::roster::Source;
use sidelight_domain::{EntityRef, Timestamp};

use crate::state::trouble::Trouble;

/// The list and how it is looked at.
#[derive(Debug, Default)]
pub struct Ticks {
    /// Whether the viewer opened or closed it; else it lies open where nobody is known.
    pub is_open: Option<bool>,
    /// Who they are.
    pub people: Vec<Contact>,
    /// Whether that is known.
    pub is_loaded: bool,
    /// Since when they are known, if that is longer than it should be.
    pub old_since: Option<Timestamp>,
    /// Why it is not known who they are.
    pub trouble: Option<Trouble>,
    /// Counts up when there is something else to draw.
    pub revision: u32,
    query: String,
    /// Whose people.
    of: Option<EntityRef>,
}

impl Ticks {
    /// Begins to look at somebody else's people; tells whether they have to be asked for.
    pub fn begin(&mut self, of: &EntityRef) -> bool {
        let is_new = self.of.as_ref() != Some(of);
        if is_new {
            let (is_open, revision) = (self.is_open, self.revision + 1);
            *self = Self { is_open, revision, of: Some(of.clone()), ..Self::default() };
        }
        is_new
    }

    /// Asks again after a failure.
    pub fn forget(&mut self) {
        self.of = None;
    }

    /// Takes an answer, if it is still the one that is waited for.
    pub fn take(&mut self, of: &EntityRef, answer: Result<Contacts, Trouble>) {
        if self.of.as_ref() != Some(of) {
            return;
        }
        match answer {
            Ok(Contacts { people, as_of, is_stale }) => {
                (self.people, self.is_loaded, self.old_since) = (people, true, is_stale.then_some(as_of));
            }
            Err(trouble) => self.trouble = Some(trouble),
        }
        self.revision += 1;
    }

    /// Looks for somebody.
    pub fn ask(&mut self, query: String) {
        self.query = query;
        self.revision += 1;
    }

    /// What is looked for.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// Those whose name, title or address has what is looked for, as `folded` makes small letters of capitals: the browser can, and its
    /// tables need not be in the panel.
    #[must_use]
    pub fn found(&self, folded: fn(&str) -> String) -> Vec<&Contact> {
        let query = folded(self.query.trim());
        let has = |text: &str| folded(text).contains(&query);
        let fits = |person: &&Contact| {
            has(&person.name) || has(person.email.as_str()) || person.title.as_deref().is_some_and(has)
        };
        self.people.iter().filter(fits).collect()
    }
}

/// How this person is known to be here: not by a guess. `None` if he is not.
#[must_use]
pub fn presence<'a>(mut room: impl Iterator<Item = &'a Attendee>, person: &Contact) -> Option<Source> {
    let is_it = |attendee: &&Attendee| attendee.email.as_ref() == Some(&person.email);
    room.find(is_it)?.email_source.filter(|source| !source.is_guess())
}

#[cfg(test)]
mod tests {
    use sidelight_domain::attendees::Group;

    use super::*;
    use crate::state::samples::{at, attendee, company};

    fn contact(number: u32, name: &str, title: Option<&str>) -> Contact {
        let title = title.map(str::to_owned);
        Contact { email: format!("p{number}@n.test").parse().unwrap(), name: name.to_owned(), title, role: None }
    }

    fn contacts() -> Contacts {
        let people = vec![contact(1, "Ana Ruiz", Some("CTO")), contact(2, "Bo Ek", None)];
        Contacts { people, as_of: at(0), is_stale: false }
    }

    #[test]
    fn people_are_found_by_name_title_and_address() {
        let mut ticks = Ticks::default();
        let of = company("Northwind").reference;
        assert!(ticks.begin(&of) && !ticks.begin(&of));
        ticks.take(&of, Ok(contacts()));
        for (query, count) in [("", 2), ("  ana ", 1), ("cto", 1), ("p2@", 1), ("n.test", 2), ("zz", 0)] {
            ticks.ask(query.to_owned());
            assert_eq!(ticks.found(str::to_lowercase).len(), count, "{query}");
        }
    }

    #[test]
    fn an_answer_for_another_company_is_not_shown() {
        let mut ticks = Ticks::default();
        let (first, second) = (company("A").reference, company("B").reference);
        ticks.begin(&first);
        ticks.begin(&second);
        ticks.take(&first, Ok(contacts()));
        assert!(!ticks.is_loaded && ticks.people.is_empty());
        ticks.forget();
        assert!(ticks.begin(&second), "after a failure it is asked for again");
    }

    #[test]
    fn an_old_list_says_how_old_it_is() {
        let mut ticks = Ticks::default();
        let of = company("Northwind").reference;
        for (is_stale, old_since) in [(true, Some(at(0))), (false, None)] {
            ticks.forget();
            ticks.begin(&of);
            ticks.take(&of, Ok(Contacts { is_stale, ..contacts() }));
            assert_eq!(ticks.old_since, old_since);
        }
    }

    #[test]
    fn whoever_is_only_guessed_is_not_here_yet() {
        let mut ana = attendee(1, "Ana", Group::Customer);
        for (source, is) in [
            (Source::HostWebhook, Some(Source::HostWebhook)),
            (Source::Ticked, Some(Source::Ticked)),
            (Source::InvitedName, None),
        ] {
            ana.email_source = Some(source);
            assert_eq!(presence([&ana].into_iter(), &contact(1, "Ana", None)), is);
        }
        assert_eq!(presence([&ana].into_iter(), &contact(9, "Ana", None)), None);
    }
}
