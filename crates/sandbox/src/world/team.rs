//! Who speaks for a customer in its stories.

use super::book::Person;

/// Who plays which part at a customer.
#[derive(Clone, Debug, Default)]
pub(super) struct Team {
    /// Slot → position of the person.
    parts: Vec<(&'static str, usize)>,
    names: Vec<(String, String)>,
    /// Somebody who left.
    pub(super) gone: Option<(usize, String)>,
}

impl Team {
    pub(super) fn of(staff: &[(usize, bool, &str)], people: &[Person]) -> Self {
        let mut parts = Vec::new();
        let wanted: [(&str, &[&str]); 5] = [
            ("a", &["Executive Sponsor", "Champion"]),
            ("b", &["Technical Contact"]),
            ("c", &["Champion", "Day-to-day Contact"]),
            ("money", &["Decision Maker"]),
            ("d", &["Day-to-day Contact", "End User", "Influencer"]),
        ];
        for (part, roles) in wanted {
            let is_free = |at: usize| parts.iter().all(|(_, taken)| *taken != at);
            let found = roles
                .iter()
                .find_map(|role| staff.iter().find(|(at, active, held)| *active && held == role && is_free(*at)));
            parts.extend(found.or_else(|| staff.first()).map(|(at, _, _)| (part, *at)));
        }
        let name = |at: usize| people.get(at).map(|person| (person.name.clone(), person.first_name.clone()));
        let names = parts.iter().map(|(_, at)| name(*at).unwrap_or_default()).collect();
        let gone = staff.iter().find(|(_, active, _)| !active).and_then(|(at, _, _)| Some((*at, name(*at)?.0)));
        Self { parts, names, gone }
    }

    pub(super) fn slots(&self) -> impl Iterator<Item = (String, String)> {
        self.parts.iter().zip(&self.names).flat_map(|((part, _), (name, first))| {
            [((*part).to_owned(), name.clone()), (format!("{part}1"), first.clone())]
        })
    }

    /// The positions of those whom a text names.
    pub(super) fn named_in(&self, text: &str) -> Vec<usize> {
        let mut present = Vec::new();
        for ((_, at), (_, first)) in self.parts.iter().zip(&self.names) {
            if text.contains(first.as_str()) && !present.contains(at) {
                present.push(*at);
            }
        }
        present
    }

    pub(super) fn lead(&self) -> Vec<usize> {
        self.parts.first().map(|(_, at)| *at).into_iter().collect()
    }
}
