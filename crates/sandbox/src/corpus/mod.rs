//! The labelled meeting corpus (design 7): three hundred meetings, what Zoom discloses of each attendee, what two tenants know, and what
//! is right. By its labels the rules that recognise people and companies are measured.
//!
//! A seed gives the same corpus each time. Who is known to Gainsight and yet disclosed by no channel is played in meetings of one
//! customer only: of what nobody discloses, no rule can tell which of two customers it belongs to.

mod cast;
mod ground;
mod kinds;

pub use ground::{Company, Employment, Human, Tenant};
pub use kinds::Kind;

/// How much Zoom tells of somebody (`zoom.md` 7.6).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Channel {
    /// Signed in to the host's account: address and Zoom user.
    OwnAccount,
    /// Invited through the host's calendar: address.
    Invitation,
    /// Registered for the meeting: address and registration.
    Registrant,
    /// Would tell his address if he were asked for it; the webhooks keep it back.
    Consent,
    /// A display name and nothing else.
    NameOnly,
    /// A telephone: its number stands for a name.
    Phone,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 6] =
        [Self::OwnAccount, Self::Invitation, Self::Registrant, Self::Consent, Self::NameOnly, Self::Phone];

    /// Whether the webhook carries the address.
    #[must_use]
    pub const fn discloses(self) -> bool {
        matches!(self, Self::OwnAccount | Self::Invitation | Self::Registrant)
    }
}

/// Somebody in a meeting.
#[derive(Clone, Debug)]
pub struct Attendee {
    /// The name he shows.
    pub name: String,
    /// The address he has here, spelt as he spells it. Zoom tells it only where the channel discloses it.
    pub email: String,
    /// How much Zoom tells.
    pub channel: Channel,
    /// How many devices he is here with.
    pub devices: usize,
    /// Whether he was cut off once and came back.
    pub rejoined: bool,
    /// The records that are his, by tenant; a link to any other is false.
    pub records: Vec<(&'static str, String)>,
}

/// A company, or a relationship of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Target {
    /// The tenant that knows it.
    pub tenant: &'static str,
    /// The company's id.
    pub company: String,
    /// The relationship's id, where the meeting is about one.
    pub relationship: Option<String>,
}

/// What a meeting is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Right {
    /// This.
    Only(Target),
    /// One of these, and the meeting does not tell which: whoever chooses without asking is wrong.
    Ask(Vec<Target>),
    /// Nothing that a tenant knows: any suggestion is wrong.
    Nothing,
}

/// A meeting with its label.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// What makes it hard.
    pub kind: Kind,
    /// Its topic.
    pub topic: String,
    /// Who is there.
    pub attendees: Vec<Attendee>,
    /// What it is about.
    pub right: Right,
}

/// The meetings of one seed, and what the tenants know.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// Two tenants in two data centres; the viewer is signed in to both.
    pub tenants: Vec<Tenant>,
    /// Three hundred meetings.
    pub meetings: Vec<Meeting>,
}

/// Draws the corpus of a seed.
#[must_use]
pub fn draw(seed: u64) -> Corpus {
    let mut ground = ground::Ground::new(seed);
    let meetings = kinds::meetings(seed, &mut ground);
    Corpus { tenants: ground.tenants, meetings }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corpus_has_three_hundred_meetings_of_all_kinds_and_repeats_itself() {
        let corpus = draw(1);
        assert_eq!(corpus.meetings.len(), 300);
        for (kind, share) in Kind::SHARES {
            assert_eq!(corpus.meetings.iter().filter(|meeting| meeting.kind == kind).count(), share, "{kind:?}");
        }
        let topics = |seed| draw(seed).meetings.into_iter().map(|meeting| meeting.topic).collect::<Vec<_>>();
        assert_eq!(topics(1), topics(1));
        assert_ne!(topics(1), topics(2));
    }

    #[test]
    fn every_channel_is_played_and_no_address_could_be_anybodys() {
        let attendees: Vec<_> = draw(1).meetings.into_iter().flat_map(|meeting| meeting.attendees).collect();
        for channel in Channel::ALL {
            assert!(attendees.iter().filter(|one| one.channel == channel).count() > 10, "{channel:?}");
        }
        assert!(attendees.iter().all(|one| one.email.to_lowercase().ends_with(".example")));
    }
}
