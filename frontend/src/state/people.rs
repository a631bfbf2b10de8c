//! The People tab: rows that stay where they are while others come and go.

use std::collections::HashSet;

use sidelight_api::people::Attendee;
use sidelight_domain::Timestamp;
use sidelight_domain::attendees::Group;
use sidelight_domain::inquiry::{Reply, Untold};
use sidelight_domain::roster::Source;
use sidelight_domain::words::Word;

/// The groups in the order of the screen.
pub const GROUPS: [Group; 7] = [
    Group::Customer,
    Group::OtherCompany,
    Group::NotLookedUp,
    Group::NotInGainsight,
    Group::NeedsEmail,
    Group::Colleague,
    Group::Device,
];

/// How long somebody who left stays visible, so that a list does not jump under a finger.
const LINGERS_MILLIS: i64 = 4_000;

/// How many soft colours avatars have (`assets/styles/people.css`).
const COLOURS: u32 = 8;

/// One line of the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// Who.
    pub attendee: Attendee,
    /// Counts up when something about him changed, so that only his row is drawn again.
    pub revision: u32,
    /// When he left, while he still lingers.
    pub left_at: Option<Timestamp>,
}

/// Who came and who went since the last list.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Movement {
    /// Names of those who came.
    pub joined: Vec<String>,
    /// Names of those who went.
    pub left: Vec<String>,
}

/// Everybody in the meeting.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Room {
    rows: Vec<Row>,
    is_known: bool,
}

impl Room {
    /// All rows, by group, then by arrival.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many are present.
    #[must_use]
    pub fn present(&self) -> usize {
        self.rows.iter().filter(|row| row.left_at.is_none()).count()
    }

    /// How many of a group are present, whether shown or not.
    #[must_use]
    pub fn present_in(&self, group: Group) -> usize {
        self.attendees().filter(|attendee| attendee.group == group).count()
    }

    /// Whether anybody present has no address, or one that nobody confirmed.
    #[must_use]
    pub fn has_unknown(&self) -> bool {
        self.attendees().any(|attendee| attendee.group == Group::NeedsEmail || is_guess(attendee))
    }

    /// Whether nobody but the viewer is known to be there.
    #[must_use]
    pub fn is_lonely(&self) -> bool {
        self.attendees().all(|attendee| attendee.is_viewer)
    }

    /// Everybody present.
    pub fn attendees(&self) -> impl Iterator<Item = &Attendee> {
        self.rows.iter().filter(|row| row.left_at.is_none()).map(|row| &row.attendee)
    }

    /// Takes the server's list. Whoever is missing in it lingers for a moment in his place.
    pub fn take(&mut self, attendees: Vec<Attendee>, now: Timestamp) -> Movement {
        let mut movement = Movement::default();
        // Backwards, because lists change little: each look-up ends at the last entry, and taking that one out moves nothing.
        let mut known = std::mem::take(&mut self.rows);
        known.reverse();
        let mut rows: Vec<Row> = Vec::with_capacity(attendees.len());
        for attendee in attendees {
            let place = known.iter().rposition(|row| row.attendee.id == attendee.id);
            let before = place.map(|place| known.remove(place));
            if self.is_known && before.as_ref().is_none_or(|row| row.left_at.is_some()) {
                movement.joined.push(attendee.name.clone());
            }
            let same = before.as_ref().is_some_and(|row| row.attendee == attendee && row.left_at.is_none());
            let revision = before.map_or(0, |row| row.revision + u32::from(!same));
            rows.push(Row { attendee, revision, left_at: None });
        }
        for row in known.into_iter().rev() {
            if row.left_at.is_none() {
                movement.left.push(row.attendee.name.clone());
            }
            let left_at = row.left_at.or(Some(now));
            let gone = Row { left_at, revision: row.revision + u32::from(row.left_at.is_none()), ..row };
            // The server's order decides among those present; those who left keep their place by arrival.
            let place = |row: &Row| (row.attendee.group, row.attendee.joined_at);
            let after = rows.iter().position(|row| place(row) > place(&gone)).unwrap_or(rows.len());
            rows.insert(after, gone);
        }
        self.rows = rows;
        self.is_known = true;
        self.forget_gone(now);
        movement
    }

    /// Drops those who left a while ago; tells whether any are still lingering.
    pub fn forget_gone(&mut self, now: Timestamp) -> bool {
        let lingers = |left_at: Timestamp| now.as_millis() - left_at.as_millis() < LINGERS_MILLIS;
        self.rows.retain(|row| row.left_at.is_none_or(lingers));
        self.rows.iter().any(|row| row.left_at.is_some())
    }
}

/// A section of the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Section<'a> {
    /// Which group.
    pub group: Group,
    /// The rows shown.
    pub rows: Vec<&'a Row>,
}

/// Cuts the rows into sections, at most `limit` rows in all: a thousand rows are drawn as they are scrolled to.
#[must_use]
pub fn sections(room: &Room, limit: usize) -> Vec<Section<'_>> {
    let mut room_left = limit;
    let mut sections = Vec::new();
    for group in GROUPS {
        let rows: Vec<_> = room.rows.iter().filter(|row| row.attendee.group == group).take(room_left).collect();
        room_left -= rows.len();
        if !rows.is_empty() {
            sections.push(Section { group, rows });
        }
    }
    sections
}

/// The heading of a group.
#[must_use]
pub fn heading(group: Group, company: Option<&str>) -> String {
    match (group, company) {
        (Group::Customer, Some(company)) => Word::GroupAtCompany.fill(&[("company", company)]),
        (Group::Customer, None) => Word::GroupCustomer.text().to_owned(),
        (Group::OtherCompany, Some(_)) => Word::GroupOtherCompany.text().to_owned(),
        (Group::OtherCompany, None) => Word::GroupCustomers.text().to_owned(),
        (Group::NotLookedUp, _) => Word::GroupNotLookedUp.text().to_owned(),
        (Group::NotInGainsight, _) => Word::GroupNotInGainsight.text().to_owned(),
        (Group::NeedsEmail, _) => Word::GroupNeedsEmail.text().to_owned(),
        (Group::Colleague, _) => Word::GroupColleague.text().to_owned(),
        (Group::Device, _) => Word::GroupDevice.text().to_owned(),
    }
}

/// Why a group is what it is, where that is not plain from its name.
#[must_use]
pub fn explanation(group: Group, host_reports: bool) -> Option<Word> {
    match group {
        Group::NotLookedUp => Some(Word::GroupNotLookedUpWhy),
        Group::NotInGainsight => Some(Word::GroupNotInGainsightWhy),
        Group::NeedsEmail if host_reports => Some(Word::GroupNeedsEmailWhy),
        Group::NeedsEmail => Some(Word::GroupNeedsEmailNoHost),
        Group::Customer | Group::OtherCompany | Group::Colleague | Group::Device => None,
    }
}

/// The second line of a row: title and role, else the company, else why nothing is known.
#[must_use]
pub fn second_line(attendee: &Attendee) -> String {
    let elsewhere = if attendee.group == Group::OtherCompany { attendee.company.clone() } else { None };
    let parts = [attendee.title.clone(), attendee.company_role.clone(), elsewhere];
    let line = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    if !line.is_empty() {
        return line;
    }
    match (attendee.group, &attendee.email) {
        (Group::Colleague, _) => Word::PersonColleague.text().to_owned(),
        (Group::Device, _) => Word::PersonDevice.text().to_owned(),
        (_, Some(email)) => email.to_string(),
        (_, None) => match attendee.reply {
            Some(Reply::Waiting) => Word::AskWaiting,
            Some(Reply::Declined) => Word::AskDeclined,
            None => Word::PersonNoEmail,
        }
        .text()
        .to_owned(),
    }
}

/// Why Zoom tells no address of somebody, and what to do about it.
#[must_use]
pub const fn advice(why: Untold) -> Word {
    match why {
        Untold::Unreported => Word::UntoldUnreported,
        Untold::Registered => Word::UntoldRegistered,
        Untold::OtherAccount => Word::UntoldOtherAccount,
        Untold::SignedOut => Word::UntoldSignedOut,
    }
}

/// How sure we are of who this is.
#[must_use]
pub fn certainty(attendee: &Attendee) -> Option<String> {
    let word = match attendee.email_source {
        Some(Source::OwnOauth) => Word::SourceOwnOauth,
        Some(Source::HostWebhook) => Word::SourceHostWebhook,
        Some(Source::Registration) => Word::SourceRegistration,
        Some(Source::RegisteredName) => Word::SourceRegisteredName,
        Some(Source::InvitedName) => Word::SourceInvitedName,
        Some(Source::PastList) => Word::SourcePastList,
        Some(Source::Consented) => Word::SourceConsented,
        Some(Source::Ticked) => Word::SourceTicked,
        Some(Source::Remembered) => Word::SourceRemembered,
        Some(Source::RememberedName) => Word::SourceRememberedName,
        Some(Source::SdkList) => Word::SourceSdkList,
        None if attendee.is_hint => Word::SourceSdkList,
        None => return None,
    };
    let by = attendee.corrected_by.as_deref().or(attendee.ticked_by.as_deref());
    Some(word.fill(&[("name", by.unwrap_or_default())]))
}

/// Whether somebody has to confirm who this is.
#[must_use]
pub fn is_guess(attendee: &Attendee) -> bool {
    attendee.email_source.is_some_and(Source::is_guess)
}

/// "Ana joined", "3 people joined", with those who left; `None` if nobody moved.
#[must_use]
pub fn announcement(movement: &Movement) -> Option<String> {
    let say = |names: &[String], one: Word, many: Word| match names {
        [] => None,
        [name] => Some(one.fill(&[("name", name)])),
        names => Some(many.fill(&[("count", &names.len().to_string())])),
    };
    let joined = say(&movement.joined, Word::PeopleJoinedOne, Word::PeopleJoined);
    let left = say(&movement.left, Word::PeopleLeftOne, Word::PeopleLeft);
    let both: Vec<_> = joined.into_iter().chain(left).collect();
    (!both.is_empty()).then(|| both.join(". "))
}

/// A letter or a digit of any script, near enough for a name: what Unicode puts apart as signs is none. Its tables would weigh more than all
/// that is drawn with them.
const fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(letter, '\u{aa}' | '\u{b5}' | '\u{ba}' | '\u{c0}'..='\u{1fff}' | '\u{2c00}'..='\u{2dff}')
        || matches!(letter, '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{fdff}' | '\u{fe70}'..='\u{1efff}' | '\u{1fbf0}'..)
}

/// At most two letters for an avatar; the style sheet makes them capitals.
#[must_use]
pub fn initials(name: &str) -> String {
    let first_letter = |word: &str| word.chars().find(|letter| is_letter(*letter));
    let letters: Vec<char> = name.split_whitespace().filter_map(first_letter).collect();
    match letters.as_slice() {
        [] => "?".to_owned(),
        [only] => only.to_string(),
        [first, .., last] => [first, last].into_iter().collect(),
    }
}

/// The number of an avatar's colour: stable over reloads and the same for every viewer.
#[must_use]
pub fn colour(attendee: &Attendee) -> u32 {
    let key = attendee.email.as_ref().map_or_else(|| attendee.name.clone(), ToString::to_string);
    key.bytes().fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619)) % COLOURS
}

/// The addresses of those who can be named in an activity of this tenant: colleagues, and people it knows.
#[must_use]
pub fn recognised<'a>(attendees: impl IntoIterator<Item = &'a Attendee>) -> Vec<&'a Attendee> {
    let mut seen = HashSet::new();
    let is_known = |attendee: &&Attendee| {
        let known = matches!(attendee.group, Group::Customer | Group::OtherCompany | Group::Colleague);
        known && !is_guess(attendee) && attendee.email.as_ref().is_some_and(|email| seen.insert(email.clone()))
    };
    attendees.into_iter().filter(is_known).collect()
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
