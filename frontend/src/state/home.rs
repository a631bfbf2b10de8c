//! Rules of the home screen.

use sidelight_api::home::HomeMeeting;
use sidelight_api::session::ChosenBy;

use crate::state::entity;

/// Why a meeting is about this customer, where that is worth a line: a guess, or a choice of another day.
#[must_use]
pub fn reason(meeting: &HomeMeeting) -> Option<String> {
    let chosen_by = meeting.chosen_by.as_ref().filter(|chosen_by| !matches!(chosen_by, ChosenBy::Attendees { .. }));
    entity::reason(meeting.entity.as_ref()?, chosen_by)
}

#[cfg(test)]
mod tests {
    use sidelight_api::home::Stage;

    use super::*;
    use crate::state::samples::{at, company};

    #[test]
    fn guesses_and_earlier_choices_say_why() {
        let told = |chosen_by: ChosenBy| {
            reason(&HomeMeeting {
                entity: Some(company("Northwind")),
                chosen_by: Some(chosen_by),
                ..HomeMeeting::at(at(0), Stage::Ahead)
            })
        };
        let cases = [
            (ChosenBy::Viewer, None),
            (ChosenBy::Attendees { matched: 1, outsiders: 2 }, None),
            (ChosenBy::Topic, Some("Named in the topic")),
            (ChosenBy::Invited { matched: 3, outsiders: 4 }, Some("3 of 4 invited work there")),
            (ChosenBy::Before, Some("Chosen last time by you")),
            (ChosenBy::Colleague { name: Some("Tom Okafor".to_owned()) }, Some("Chosen last time by Tom Okafor")),
            (ChosenBy::Colleague { name: None }, Some("Chosen last time by a colleague")),
        ];
        for (chosen_by, expected) in cases {
            assert_eq!(told(chosen_by.clone()).as_deref(), expected, "{chosen_by:?}");
        }
    }
}
