//! How often the product was right.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sidelight_sandbox::corpus::{Channel, Kind, Meeting, Right, Target};

use crate::play::Played;

/// Counts over a corpus.
#[derive(Default)]
pub(crate) struct Tally {
    /// Attendees who were linked to a record that is not theirs.
    pub(crate) false_links: u32,
    /// Meetings whose company was chosen without asking, and is not the right one, or should have been asked for.
    pub(crate) chosen_wrongly: u32,
    offered: u32,
    offered_rightly: u32,
    decidable: u32,
    chosen: u32,
    answerable: u32,
    /// By channel: those on record, and those of them who were linked.
    linked: BTreeMap<Channel, (u32, u32)>,
    /// Kinds with something wrong, for whoever looks for the reason.
    wrong: BTreeMap<(Kind, &'static str), u32>,
}

impl Tally {
    pub(crate) fn count(&mut self, meeting: &Meeting, played: &Played) {
        for (attendee, links) in meeting.attendees.iter().zip(&played.links) {
            let is_own = |link: &(String, String)| {
                attendee.records.iter().any(|(tenant, id)| *tenant == link.0 && *id == link.1)
            };
            let strange = links.iter().filter(|link| !is_own(link)).count();
            self.false_links += u32::try_from(strange).unwrap();
            self.note(meeting.kind, "false link", strange > 0);
            if !attendee.records.is_empty() {
                let (known, linked) = self.linked.entry(attendee.channel).or_default();
                *known += 1;
                *linked += u32::from(links.iter().any(is_own));
            }
        }
        self.count_suggestion(meeting, played);
    }

    fn count_suggestion(&mut self, meeting: &Meeting, played: &Played) {
        let right: &[Target] = match &meeting.right {
            Right::Only(target) => std::slice::from_ref(target),
            Right::Ask(targets) => targets,
            Right::Nothing => &[],
        };
        let first = played.suggested.first();
        let is_right = first.is_some_and(|first| right.contains(first));
        let is_decidable = matches!(meeting.right, Right::Only(_));
        self.offered += u32::from(first.is_some());
        self.offered_rightly += u32::from(is_right);
        self.answerable += u32::from(!right.is_empty());
        self.decidable += u32::from(is_decidable);
        self.chosen += u32::from(played.is_chosen && is_right && is_decidable);
        let is_wrong = played.is_chosen && !(is_right && is_decidable);
        self.chosen_wrongly += u32::from(is_wrong);
        self.note(meeting.kind, "chosen wrongly", is_wrong);
        self.note(meeting.kind, "offered wrongly", first.is_some() && !is_right);
        self.note(meeting.kind, "nothing offered", first.is_none() && !right.is_empty());
        self.note(meeting.kind, "only offered", is_right && is_decidable && !played.is_chosen);
    }

    fn note(&mut self, kind: Kind, what: &'static str, is_so: bool) {
        if is_so {
            *self.wrong.entry((kind, what)).or_default() += 1;
        }
    }

    /// Of the first suggestions, how many in a hundred are right.
    pub(crate) fn precision(&self) -> f64 {
        percent(self.offered_rightly, self.offered)
    }

    pub(crate) fn tell(&self, seed: u64) {
        let never = (Some(0.0), Some(0.0));
        let none = (None, None);
        tell(seed, "automatic false links", f64::from(self.false_links), never, false);
        tell(seed, "companies chosen wrongly", f64::from(self.chosen_wrongly), never, false);
        let share = |name: &str, part, whole, promise| {
            tell(seed, &format!("{name} ({part} of {whole})"), percent(part, whole), promise, true);
        };
        share("first suggestion right", self.offered_rightly, self.offered, (Some(98.0), Some(99.5)));
        share("right company suggested", self.offered_rightly, self.answerable, none);
        share("chosen without asking, where one is right", self.chosen, self.decidable, none);
        for channel in Channel::ALL {
            if let Some((known, linked)) = self.linked.get(&channel) {
                share(&format!("linked, {}", words(channel)), *linked, *known, none);
            }
        }
        for ((kind, what), times) in &self.wrong {
            println!("seed {seed}: {kind:?}, {what}: {times}");
        }
    }
}

const fn words(channel: Channel) -> &'static str {
    match channel {
        Channel::OwnAccount => "own account",
        Channel::Invitation => "calendar invitation",
        Channel::Registrant => "registrant",
        Channel::Consent => "would consent",
        Channel::NameOnly => "name only",
        Channel::Phone => "phone",
    }
}

fn percent(part: u32, whole: u32) -> f64 {
    100.0 * f64::from(part) / f64::from(whole)
}

/// One line for `cargo xtask bench`.
fn tell(seed: u64, name: &str, value: f64, (floor, aim): (Option<f64>, Option<f64>), is_share: bool) {
    let unit = if is_share { "percent" } else { "count" };
    let name = format!("seed {seed}: {name}");
    let told: Value =
        json!({ "name": name, "value": value, "unit": unit, "floor": floor, "aim": aim, "more_is_better": is_share });
    println!("measure {told}");
}
