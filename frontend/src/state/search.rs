//! The search overlay: what is listed, and which row Enter takes.

use sidelight_api::entity::{Entity, EntityList};
use sidelight_domain::EntityKind;
use sidelight_domain::words::Word;

use crate::state::trouble::Trouble;

/// From how many letters on we search.
pub const SHORTEST_QUERY: usize = 2;

/// A row of the overlay.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Row {
    /// A heading.
    Heading(Word),
    /// Something to choose.
    Choice(Box<Choice>),
}

/// A company or relationship to choose.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Choice {
    /// Its place among the choices, for arrow keys and element ids.
    pub index: usize,
    /// What it is.
    pub entity: Entity,
    /// Why it is offered.
    pub reason: Option<String>,
    /// Whether it stands under its company.
    pub is_nested: bool,
}

/// What the overlay knows.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Search {
    /// What is typed.
    pub query: String,
    /// Whether inactive ones are listed too.
    pub include_inactive: bool,
    /// Counts up with each question; an answer to an older one is dropped.
    pub generation: u32,
    /// The answer to the latest question.
    pub answer: Option<EntityList>,
    /// Why there is none.
    pub trouble: Option<Trouble>,
    /// Which choice is marked.
    pub active: usize,
}

impl Search {
    /// Notes a new question; tells what to ask for, or `None` while too little is typed to search.
    pub fn ask(&mut self, query: String, include_inactive: bool) -> Option<String> {
        let was_searching = self.searched().is_some();
        self.query = query;
        self.include_inactive = include_inactive;
        self.generation += 1;
        self.active = 0;
        self.trouble = None;
        let searched = self.searched();
        if searched.is_some() || was_searching {
            // What was found for other letters would be chosen by an early Enter.
            self.answer = self.answer.take().filter(|_| searched.is_some() && was_searching);
        }
        searched.or_else(|| (self.query.trim().is_empty() || was_searching).then(String::new))
    }

    /// What is searched for, if enough is typed.
    #[must_use]
    pub fn searched(&self) -> Option<String> {
        let query = self.query.trim();
        (query.chars().count() >= SHORTEST_QUERY).then(|| query.to_owned())
    }

    /// Takes an answer, unless a newer question was asked meanwhile.
    pub fn take(&mut self, generation: u32, answer: Result<EntityList, Trouble>) {
        if generation != self.generation {
            return;
        }
        match answer {
            Ok(list) => (self.answer, self.trouble) = (Some(list), None),
            Err(trouble) => (self.answer, self.trouble) = (None, Some(trouble)),
        }
        self.active = 0;
    }

    /// The rows in the order of the screen.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let Some(list) = &self.answer else { return Vec::new() };
        let mut rows = Vec::new();
        let mut index = 0;
        let mut choice = |entity: &Entity, reason, is_nested| {
            index += 1;
            Row::Choice(Box::new(Choice { index: index - 1, entity: entity.clone(), reason, is_nested }))
        };
        if !list.suggested.is_empty() {
            rows.push(Row::Heading(Word::SearchSuggested));
            rows.extend(list.suggested.iter().map(|suggested| {
                let word = match (suggested.matched, suggested.outsiders) {
                    (0, _) => Word::SearchAwaited,
                    (_, 1) => Word::SearchAttendsOne,
                    _ => Word::SearchAttends,
                };
                let counts =
                    [("matched", suggested.matched.to_string()), ("outsiders", suggested.outsiders.to_string())];
                let reason = word.fill(&counts.each_ref().map(|(name, count)| (*name, count.as_str())));
                choice(&suggested.entity, Some(reason), false)
            }));
        }
        // What the meeting suggests is offered already.
        let is_suggested = |entity: &&Entity| list.suggested.iter().any(|one| one.entity.reference == entity.reference);
        let mut recent = list.recent.iter().filter(|entity| !is_suggested(entity)).peekable();
        if recent.peek().is_some() {
            rows.push(Row::Heading(Word::SearchRecent));
            rows.extend(recent.map(|entity| choice(entity, None, false)));
        }
        let mut parent = None;
        for entity in &list.found {
            let is_nested = match entity.reference.kind {
                EntityKind::Company => {
                    parent = Some(&entity.reference.id);
                    false
                }
                EntityKind::Relationship => {
                    parent.is_some() && entity.company.as_ref().map(|company| &company.id) == parent
                }
            };
            rows.push(choice(entity, None, is_nested));
        }
        rows
    }

    /// Moves the mark; stays at the ends.
    pub fn step(&mut self, forward: bool) {
        let last = self.choices().count().saturating_sub(1);
        self.active = if forward { (self.active + 1).min(last) } else { self.active.saturating_sub(1) };
    }

    /// What Enter takes.
    #[must_use]
    pub fn chosen(&self) -> Option<Entity> {
        self.choices().nth(self.active).map(|choice| choice.entity)
    }

    fn choices(&self) -> impl Iterator<Item = Choice> {
        self.rows().into_iter().filter_map(|row| if let Row::Choice(choice) = row { Some(*choice) } else { None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::{company, relationship};
    use sidelight_api::entity::Suggested;

    fn list(found: Vec<Entity>) -> EntityList {
        EntityList { suggested: Vec::new(), recent: Vec::new(), found, more: 0, as_of: None }
    }

    #[test]
    fn nothing_is_searched_before_two_letters() {
        let mut search = Search::default();
        let cases = [
            ("", Some("")),
            ("n", None),
            ("no", Some("no")),
            (" no ", Some("no")),
            ("n", Some("")),
            ("ü b", Some("ü b")),
        ];
        for (query, asked) in cases {
            assert_eq!(search.ask(query.to_owned(), false).as_deref(), asked, "{query:?}");
        }
    }

    #[test]
    fn a_late_answer_is_dropped() {
        let mut search = Search::default();
        search.ask("no".to_owned(), false);
        let late = search.generation;
        search.ask("nor".to_owned(), false);
        search.take(late, Ok(list(vec![company("Old")])));
        assert_eq!(search.chosen(), None);
        search.take(search.generation, Ok(list(vec![company("New")])));
        assert_eq!(search.chosen().unwrap().name, "New");
    }

    #[test]
    fn enter_never_takes_what_was_listed_before_searching() {
        let mut search = Search::default();
        search.ask(String::new(), false);
        let recent = EntityList { recent: vec![company("Recent")], ..list(Vec::new()) };
        search.take(search.generation, Ok(recent));
        search.ask("no".to_owned(), false);
        assert_eq!(search.chosen(), None);
    }

    #[test]
    fn relationships_stand_under_their_own_company_only() {
        let mut search = Search::default();
        search.ask("fl".to_owned(), false);
        let found = vec![
            relationship("A", "Fleet of A"),
            company("B"),
            relationship("B", "Fleet"),
            relationship("C", "Fleet of C"),
        ];
        search.take(search.generation, Ok(list(found)));
        let nested: Vec<_> = search.choices().map(|choice| choice.is_nested).collect();
        assert_eq!(nested, [false, false, true, false]);
    }

    #[test]
    fn what_the_meeting_suggests_is_not_listed_again_as_recent() {
        let suggested = Suggested { entity: company("S"), matched: 4, outsiders: 6, is_clear: true };
        let answer = EntityList { suggested: vec![suggested], recent: vec![company("S")], ..list(Vec::new()) };
        let search = Search { answer: Some(answer), ..Search::default() };
        let choices: Vec<_> = search.choices().map(|choice| choice.entity.name).collect();
        assert_eq!((search.rows().len(), choices), (2, vec!["S".to_owned()]));
    }

    #[test]
    fn arrows_stay_inside_and_skip_headings() {
        let mut search = Search::default();
        search.ask(String::new(), false);
        let suggested = Suggested { entity: company("S"), matched: 4, outsiders: 6, is_clear: true };
        let answer = EntityList { suggested: vec![suggested], recent: vec![company("R")], ..list(Vec::new()) };
        search.take(search.generation, Ok(answer));
        assert_eq!(search.rows().len(), 4);
        let mut visited = Vec::new();
        for forward in [true, true, false, false] {
            search.step(forward);
            visited.push(search.chosen().unwrap().name);
        }
        assert_eq!(visited, ["R", "R", "S", "S"]);
    }
}
