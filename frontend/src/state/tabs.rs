//! The tabs, named as in the product document.

use sidelight_api::session::Tab;
use sidelight_domain::words::Word;

/// In the order of the screen.
pub const TABS: [Tab; 5] = [Tab::Timeline, Tab::People, Tab::Scorecard, Tab::Summary, Tab::Attributes];

/// The name on the tab.
#[must_use]
pub const fn name(tab: Tab) -> Word {
    match tab {
        Tab::Timeline => Word::TabTimeline,
        Tab::People => Word::TabPeople,
        Tab::Scorecard => Word::TabScorecard,
        Tab::Summary => Word::TabSummary,
        Tab::Attributes => Word::TabAttributes,
    }
}

/// The part of an element id that names the tab.
#[must_use]
pub const fn id(tab: Tab) -> &'static str {
    match tab {
        Tab::Timeline => "timeline",
        Tab::People => "people",
        Tab::Scorecard => "scorecard",
        Tab::Summary => "summary",
        Tab::Attributes => "attributes",
    }
}

/// Where an arrow key leads (WAI-ARIA tabs pattern); `None` for other keys.
#[must_use]
pub fn after_key(tab: Tab, key: &str, right_to_left: bool) -> Option<Tab> {
    let here = TABS.iter().position(|other| *other == tab)?;
    let (next, previous) = if right_to_left { ("ArrowLeft", "ArrowRight") } else { ("ArrowRight", "ArrowLeft") };
    let there = match key {
        "Home" => 0,
        "End" => TABS.len() - 1,
        _ if key == next => (here + 1) % TABS.len(),
        _ if key == previous => (here + TABS.len() - 1) % TABS.len(),
        _ => return None,
    };
    TABS.get(there).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_in_reading_direction() {
        let cases = [
            (Tab::Timeline, "ArrowRight", false, Some(Tab::People)),
            (Tab::Timeline, "ArrowLeft", false, Some(Tab::Attributes)),
            (Tab::Timeline, "ArrowLeft", true, Some(Tab::People)),
            (Tab::Attributes, "ArrowRight", false, Some(Tab::Timeline)),
            (Tab::Summary, "Home", false, Some(Tab::Timeline)),
            (Tab::Timeline, "End", false, Some(Tab::Attributes)),
            (Tab::Timeline, "x", false, None),
        ];
        for (tab, key, right_to_left, expected) in cases {
            assert_eq!(after_key(tab, key, right_to_left), expected, "{tab:?} {key}");
        }
    }
}
