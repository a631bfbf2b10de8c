//! Which activities the viewer wants to see, in the words of the screen.

use sidelight_api::timeline::Narrowing;
use sidelight_domain::Timestamp;
use sidelight_domain::words::Word;

use crate::state::locale::Locale;

/// Days back from today that are offered, with their words.
pub const PERIODS: [(u32, Word); 4] =
    [(7, Word::FilterDays7), (30, Word::FilterDays30), (90, Word::FilterDays90), (365, Word::FilterDays365)];

/// Whether anything is left out.
#[must_use]
pub fn is_narrowed(narrowing: &Narrowing) -> bool {
    *narrowing != Narrowing::default()
}

/// What is wanted, such as "“renewal” · Call · Mine".
#[must_use]
pub fn described(narrowing: &Narrowing, locale: &dyn Locale) -> String {
    let words = Some(narrowing.words.trim()).filter(|words| !words.is_empty()).map(|words| format!("“{words}”"));
    let flag = |is: bool, word: Word| is.then(|| word.text().to_owned());
    let parts = [
        words,
        narrowing.type_name.clone(),
        narrowing.author_name.clone(),
        narrowing.days.and_then(period),
        between(narrowing, locale),
        flag(narrowing.is_own, Word::FilterOwn),
        flag(narrowing.is_milestone, Word::FilterMilestones),
        flag(narrowing.is_of_meeting, Word::FilterMeeting),
        flag(narrowing.without_relationships, Word::FilterCompanyOnly),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn period(days: u32) -> Option<String> {
    PERIODS.iter().find(|(number, _)| *number == days).map(|(_, word)| word.text().to_owned())
}

/// "3 Jun – 9 Jun", with either side open.
fn between(narrowing: &Narrowing, locale: &dyn Locale) -> Option<String> {
    let day = |at: Option<Timestamp>| at.map(|at| locale.day(at)).unwrap_or_default();
    let is_bounded = narrowing.since.is_some() || narrowing.until.is_some();
    is_bounded.then(|| format!("{} – {}", day(narrowing.since), day(narrowing.until)).trim().to_owned())
}

/// The first or last moment of a day that a field of a date holds.
#[must_use]
pub fn edge_of_day(day: &str, is_end: bool, locale: &dyn Locale) -> Option<Timestamp> {
    let time = if is_end { "23:59:59" } else { "00:00:00" };
    if day.is_empty() { None } else { locale.read_field(&format!("{day}T{time}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::locale::tests::PlainLocale;

    #[test]
    fn what_is_wanted_is_said_in_a_few_words() {
        let at = |day: i64| Some(Timestamp::from_millis(day * 86_400_000));
        let cases = [
            (Narrowing::default(), ""),
            (Narrowing { words: " renewal ".to_owned(), is_own: true, ..Narrowing::default() }, "“renewal” · Mine"),
            (Narrowing { days: Some(30), is_milestone: true, ..Narrowing::default() }, "Last 30 days · Milestones"),
            (Narrowing { since: at(3), ..Narrowing::default() }, "day 3 –"),
            (Narrowing { since: at(3), until: at(5), ..Narrowing::default() }, "day 3 – day 5"),
        ];
        for (narrowing, expected) in cases {
            assert_eq!(described(&narrowing, &PlainLocale), expected);
            assert_eq!(is_narrowed(&narrowing), !expected.is_empty());
        }
    }
}
