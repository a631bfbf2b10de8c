//! Asking anew what changes often: one question at a time.

use std::time::Duration;

use sidelight_domain::Timestamp;

/// A connection may die without a word; what was asked over it is no longer waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Whose turn it is to ask.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Turn {
    asked: u32,
    since: Option<Timestamp>,
    is_wanted: bool,
}

impl Turn {
    /// Notes that there is something to ask. Whether to begin soon: not if that was said before, nor while a question is under way,
    /// whose end leads to the next. However fast news come, they never put the question off.
    pub fn want(&mut self, now: Timestamp) -> bool {
        if self.since.is_some_and(|since| now.since(since) > PATIENCE) {
            (self.since, self.is_wanted) = (None, false);
        }
        !std::mem::replace(&mut self.is_wanted, true) && self.since.is_none()
    }

    /// Begins a question; an answer to an earlier one comes too late.
    pub fn begin(&mut self, now: Timestamp) -> u32 {
        self.asked = self.asked.wrapping_add(1);
        (self.since, self.is_wanted) = (Some(now), false);
        self.asked
    }

    /// Ends a question: whether to ask once more, or `None` if its answer comes too late.
    pub fn end(&mut self, question: u32) -> Option<bool> {
        if question != self.asked {
            return None;
        }
        self.since = None;
        Some(std::mem::take(&mut self.is_wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::at;

    #[test]
    fn a_steady_stream_of_news_leads_to_one_question_after_another() {
        let mut turn = Turn::default();
        assert!(turn.want(at(0)));
        assert!(!turn.want(at(50)), "that one is to be asked already");
        let first = turn.begin(at(150));
        assert!(!turn.want(at(200)) && !turn.want(at(250)));
        assert_eq!(turn.end(first), Some(true));
        assert!(turn.want(at(300)));
        let second = turn.begin(at(450));
        assert_eq!(turn.end(second), Some(false));
    }

    #[test]
    fn an_answer_to_an_earlier_question_comes_too_late() {
        let mut turn = Turn::default();
        let (first, second) = (turn.begin(at(0)), turn.begin(at(1)));
        assert_eq!(turn.end(first), None);
        assert_eq!(turn.end(second), Some(false));
    }

    #[test]
    fn a_question_that_is_never_answered_stops_nothing_for_long() {
        let mut turn = Turn::default();
        turn.begin(at(0));
        assert!(!turn.want(at(30_000)));
        assert!(turn.want(at(30_001)));
        assert!(!turn.want(at(30_002)));
    }
}
