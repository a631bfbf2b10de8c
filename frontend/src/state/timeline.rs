//! The Timeline tab: pages that grow downwards, news that wait to be asked for.

use sidelight_api::timeline::{ActivitySummary, Narrowing, TimelinePage};
use sidelight_domain::ids::Gsid;
use sidelight_domain::words::Word;
use sidelight_domain::{EntityRef, Timestamp};

use crate::state::locale::Locale;
use crate::state::trouble::Trouble;

/// What is being fetched.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Load {
    /// The first page of a newly selected entity.
    #[default]
    First,
    /// A further page.
    More,
    /// Nothing.
    Idle,
    /// The last try failed.
    Failed(Trouble),
}

/// The activities of one entity, newest first.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Timeline {
    /// Whose; `None` before anything is selected.
    pub entity: Option<EntityRef>,
    /// Which of them are wanted.
    pub narrowing: Narrowing,
    /// What is shown.
    pub items: Vec<ActivitySummary>,
    /// What came since and waits behind the "n new" pill.
    pub news: Vec<ActivitySummary>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How far back it was looked through, where the tenant does not search.
    pub reach: Option<Timestamp>,
    /// Colleagues whose activities were seen.
    pub authors: Vec<(Gsid, String)>,
    /// When Gainsight was asked.
    pub as_of: Option<Timestamp>,
    /// Whether that is older than it should be.
    pub is_stale: bool,
    /// What is being fetched.
    pub load: Load,
}

/// One line of the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Line {
    /// A day begins.
    Day(String),
    /// An activity.
    Item(ActivitySummary),
}

impl Timeline {
    /// Begins with another entity.
    #[must_use]
    pub fn of(entity: Option<EntityRef>, narrowing: Narrowing) -> Self {
        let load = if entity.is_some() { Load::First } else { Load::Idle };
        Self { entity, narrowing, load, ..Self::default() }
    }

    /// Wants others. What is shown stays until they come.
    pub fn narrow(&mut self, narrowing: Narrowing) {
        self.news.clear();
        (self.narrowing, self.next, self.reach, self.load) = (narrowing, None, None, Load::First);
    }

    /// Whether what is shown is not what is wanted.
    #[must_use]
    pub fn is_turning(&self) -> bool {
        self.load == Load::First && self.as_of.is_some()
    }

    /// No first page came. What is shown stays if it is what is wanted.
    pub fn fail_first(&mut self, trouble: Trouble) {
        if self.as_of.is_none() || self.load == Load::First {
            self.items.clear();
            (self.as_of, self.load) = (None, Load::Failed(trouble));
        } else {
            self.is_stale |= trouble.is_of_gainsight();
        }
    }

    fn meet(&mut self, activities: &[ActivitySummary]) {
        for activity in activities.iter().filter(|activity| !activity.is_own) {
            if let Some(id) =
                activity.author_id.as_ref().filter(|id| self.authors.iter().all(|(known, _)| known != *id))
            {
                self.authors.push((id.clone(), activity.author.clone()));
            }
        }
    }

    /// Takes the first page: at once if nothing is shown yet, else changed entries in place and new ones behind the pill,
    /// so that nothing moves under a reading eye.
    pub fn take_first(&mut self, page: TimelinePage) {
        let is_first = self.as_of.is_none() || self.load == Load::First;
        (self.as_of, self.is_stale, self.load) = (Some(page.as_of), page.is_stale, Load::Idle);
        self.meet(&page.activities);
        if is_first || self.items.is_empty() {
            self.reach = page.reach;
        }
        if is_first {
            (self.items, self.next) = (page.activities, page.next);
            return;
        }
        self.news.clear();
        // Where the page speaks of everything, what it does not name is gone.
        let last = || page.activities.last().map_or(Timestamp::from_millis(i64::MAX), |last| last.held_at);
        let reach = page.next.as_ref().map(|_| last());
        let is_there = |item: &ActivitySummary| page.activities.iter().any(|activity| activity.id == item.id);
        self.items.retain(|item| reach.is_some_and(|reach| item.held_at <= reach) || is_there(item));
        for activity in page.activities {
            match self.items.iter_mut().find(|item| item.id == activity.id) {
                Some(item) => *item = activity,
                None => self.news.push(activity),
            }
        }
        // What the viewer has just logged himself is what he looks for.
        if self.items.is_empty() || self.news.iter().all(|activity| activity.is_own) {
            if self.items.is_empty() {
                self.next = page.next;
            }
            self.show_news();
        }
    }

    /// Appends a further page; entries that moved between two pages appear once.
    pub fn take_more(&mut self, page: TimelinePage) {
        self.meet(&page.activities);
        let known =
            |activity: &ActivitySummary, items: &[ActivitySummary]| items.iter().any(|item| item.id == activity.id);
        for activity in page.activities {
            if !known(&activity, &self.items) && !known(&activity, &self.news) {
                self.items.push(activity);
            }
        }
        (self.next, self.reach, self.load) = (page.next, page.reach, Load::Idle);
    }

    /// Moves what waits behind the pill into the list.
    pub fn show_news(&mut self) {
        for item in std::mem::take(&mut self.news) {
            let place = self.items.iter().position(|other| other.held_at <= item.held_at).unwrap_or(self.items.len());
            self.items.insert(place, item);
        }
    }

    /// The list with its day headings.
    #[must_use]
    pub fn lines(&self, now: Timestamp, locale: &dyn Locale) -> Vec<Line> {
        let today = locale.day_number(now);
        let mut lines = Vec::with_capacity(self.items.len() + self.items.len() / 2);
        let mut day = None;
        for item in &self.items {
            let number = locale.day_number(item.held_at);
            if day.replace(number) != Some(number) {
                lines.push(Line::Day(day_name(today - number, item.held_at, locale)));
            }
            lines.push(Line::Item(item.clone()));
        }
        lines
    }
}

impl Line {
    /// What makes a line the same line; a changed entry is drawn again.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Day(name) => name.clone(),
            Self::Item(item) => {
                format!("{} {} {} {}", item.id, item.held_at.as_millis(), item.subject.len(), item.preview.len())
            }
        }
    }
}

fn day_name(days_ago: i64, at: Timestamp, locale: &dyn Locale) -> String {
    match days_ago {
        0 => Word::TimelineToday.text().to_owned(),
        1 => Word::TimelineYesterday.text().to_owned(),
        _ => locale.day(at),
    }
}

/// The icon of an activity type. Types are the tenant's own words; the standard ones have their own picture
/// (`gainsight.md` 10.2), the others share one.
#[must_use]
pub fn type_icon(type_name: &str) -> &'static str {
    let name = type_name.to_ascii_lowercase();
    let pictures = [
        ("call", "phone"),
        ("meeting", "video"),
        ("email", "mail"),
        ("e-mail", "mail"),
        ("milestone", "flag"),
        ("update", "message"),
    ];
    pictures.into_iter().find(|(word, _)| name.contains(word)).map_or("dot", |(_, icon)| icon)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::locale::tests::PlainLocale;
    use crate::state::samples::{activity, at, company};

    fn page(activities: Vec<ActivitySummary>, next: Option<&str>) -> TimelinePage {
        TimelinePage { activities, next: next.map(str::to_owned), as_of: at(0), is_stale: false, reach: None }
    }

    fn shown(timeline: &Timeline) -> Vec<&str> {
        timeline.items.iter().map(|item| item.id.as_str()).collect()
    }

    fn loaded() -> Timeline {
        let mut timeline = Timeline::of(Some(company("n").reference), Narrowing::default());
        timeline.take_first(page(vec![activity("b", at(-1)), activity("a", at(-2))], Some("2")));
        timeline
    }

    #[test]
    fn news_wait_behind_the_pill() {
        let mut timeline = loaded();
        let changed = ActivitySummary { subject: "Changed".to_owned(), ..activity("b", at(-1)) };
        timeline.take_first(page(vec![activity("c", at(0)), changed, activity("a", at(-2))], Some("2")));
        assert_eq!(shown(&timeline), ["b", "a"]);
        assert_eq!(timeline.items[0].subject, "Changed");
        assert_eq!(timeline.news.len(), 1);
        timeline.show_news();
        assert_eq!(shown(&timeline), ["c", "b", "a"]);
        assert!(timeline.news.is_empty());
    }

    #[test]
    fn what_was_deleted_goes_and_what_lies_beyond_the_page_stays() {
        let mut timeline = loaded();
        timeline.take_more(page(vec![activity("z", at(-9))], None));
        timeline.take_first(page(vec![activity("a", at(-2))], Some("2")));
        assert_eq!(shown(&timeline), ["a", "z"]);
        timeline.take_first(page(Vec::new(), None));
        assert!(shown(&timeline).is_empty());
    }

    #[test]
    fn other_wishes_take_the_place_of_what_was_shown_when_they_come() {
        let mut timeline = loaded();
        timeline.narrow(Narrowing { is_own: true, ..Narrowing::default() });
        assert!(timeline.is_turning() && shown(&timeline) == ["b", "a"]);
        timeline.take_first(page(vec![activity("z", at(-9))], None));
        assert!(!timeline.is_turning() && shown(&timeline) == ["z"] && timeline.news.is_empty());
        assert_eq!(timeline.authors.len(), 1);
        timeline.narrow(Narrowing::default());
        timeline.fail_first(Trouble::offline());
        assert!(shown(&timeline).is_empty() && timeline.as_of.is_none(), "nothing is shown that is not wanted");
    }

    #[test]
    fn a_page_that_found_nothing_yet_takes_nothing_away() {
        let mut timeline = loaded();
        timeline.take_first(page(Vec::new(), Some("2")));
        assert_eq!(shown(&timeline), ["b", "a"]);
    }

    #[test]
    fn what_the_viewer_logged_himself_is_shown_at_once() {
        let mut timeline = loaded();
        let own = ActivitySummary { is_own: true, ..activity("c", at(0)) };
        timeline.take_first(page(vec![own, activity("b", at(-1)), activity("a", at(-2))], Some("2")));
        assert_eq!(shown(&timeline), ["c", "b", "a"]);
        assert_eq!(timeline.next.as_deref(), Some("2"));
    }

    #[test]
    fn an_entry_that_moved_between_pages_appears_once() {
        let mut timeline = loaded();
        timeline.take_more(page(vec![activity("a", at(-2)), activity("z", at(-9))], None));
        assert_eq!(shown(&timeline), ["b", "a", "z"]);
        assert_eq!(timeline.next, None);
    }

    #[test]
    fn the_first_activity_of_an_empty_timeline_needs_no_pill() {
        let mut timeline = Timeline::of(Some(company("n").reference), Narrowing::default());
        timeline.take_first(page(Vec::new(), None));
        timeline.take_first(page(vec![activity("a", at(0))], None));
        assert_eq!(shown(&timeline), ["a"]);
    }

    #[test]
    fn each_day_has_one_heading() {
        let day = 86_400_000;
        let now = Timestamp::from_millis(10 * day + 5);
        let held = |n: i64| Timestamp::from_millis(n * day + 1);
        let mut timeline = Timeline::of(Some(company("n").reference), Narrowing::default());
        let items =
            vec![activity("d", held(10)), activity("c", held(9)), activity("b", held(9)), activity("a", held(3))];
        timeline.take_first(page(items, None));
        let days: Vec<_> = timeline
            .lines(now, &PlainLocale)
            .into_iter()
            .filter_map(|line| if let Line::Day(name) = line { Some(name) } else { None })
            .collect();
        assert_eq!(days, ["Today", "Yesterday", "day 3"]);
    }

    #[test]
    fn a_tenants_own_types_get_a_fitting_icon() {
        for (name, icon) in [("Call", "phone"), ("Client Meeting", "video"), ("EMAIL", "mail"), ("QBR", "dot")] {
            assert_eq!(type_icon(name), icon, "{name}");
        }
    }
}
