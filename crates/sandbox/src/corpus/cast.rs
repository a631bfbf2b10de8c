//! Who sits in a meeting of the corpus, and what Zoom tells of him.

use super::ground::{Ground, Human};
use super::{Attendee, Channel, Target};
use crate::chance::Chance;

/// Anybody can have an address here.
pub(super) const CONSUMER: &str = "postkasten.example";
/// Whose people work for many customers.
pub(super) const ADVISERS: &str = "clearsight-advisers.example";
/// Whose people no tenant knows.
pub(super) const PROSPECT: &str = "not-a-customer.example";

/// A meeting while it is drawn.
pub(super) struct Scene<'a> {
    pub(super) ground: &'a mut Ground,
    pub(super) chance: &'a mut Chance,
    /// The tenant that most of it happens in.
    pub(super) tenant: usize,
    pub(super) attendees: Vec<Attendee>,
}

impl Scene<'_> {
    /// Some customers, each of another group.
    pub(super) fn customers<const COUNT: usize>(&mut self) -> [usize; COUNT] {
        let all = self.ground.tenant(self.tenant).companies.len();
        let start = self.chance.below(all);
        // Groups stand in pairs, so that an even distance never leads from a group to its own subsidiary.
        std::array::from_fn(|step| (start + 2 * step).checked_rem(all).unwrap_or(0))
    }

    pub(super) fn at(&mut self, company: usize) -> Target {
        let tenant = self.ground.tenant(self.tenant).key;
        Target { tenant, company: self.ground.company(self.tenant, company).id, relationship: None }
    }

    pub(super) fn domain(&self, company: usize) -> String {
        self.ground.company(self.tenant, company).domain
    }

    pub(super) fn name(&self, company: usize) -> String {
        self.ground.company(self.tenant, company).name
    }

    /// Somebody on record; through any channel, for the meeting can be about one customer only.
    pub(super) fn comes(&mut self, human: &Human) {
        let channel = match self.chance.below(20) {
            0..=10 => Channel::Invitation,
            11..=14 => Channel::Registrant,
            15 => Channel::OwnAccount,
            16..=17 => Channel::Consent,
            _ => Channel::NameOnly,
        };
        self.comes_by(human, channel);
    }

    /// Somebody on record whose address Zoom tells.
    pub(super) fn comes_disclosed(&mut self, human: &Human) {
        let channels = [Channel::Invitation, Channel::Invitation, Channel::Registrant, Channel::OwnAccount];
        let channel = self.chance.pick(&channels).copied().unwrap_or(Channel::Invitation);
        self.comes_by(human, channel);
    }

    pub(super) fn comes_by(&mut self, human: &Human, channel: Channel) {
        let record = (self.ground.tenant(self.tenant).key, human.id.clone());
        self.sits(human, channel, vec![record]);
    }

    /// Several of a company's people, all disclosed.
    pub(super) fn staff(&mut self, company: usize, count: usize) {
        for human in self.ground.staff(self.tenant, company, count) {
            self.comes_disclosed(&human);
        }
    }

    /// Somebody whom no tenant knows, with an address that Zoom tells.
    pub(super) fn stranger(&mut self, domain: &str) {
        let human = self.ground.human(domain);
        self.sits(&human, Channel::Invitation, Vec::new());
    }

    /// People whom no tenant knows, without an address.
    pub(super) fn nameless(&mut self, most: usize) {
        for _ in 0..self.chance.below(most + 1) {
            let human = self.ground.human(PROSPECT);
            self.sits(&human, Channel::NameOnly, Vec::new());
        }
    }

    /// People of the vendor, and now and then a telephone.
    pub(super) fn colleagues(&mut self, count: usize) {
        let users = self.ground.tenant(self.tenant).users.clone();
        let start = self.chance.below(users.len());
        for user in users.iter().cycle().skip(start).take(count.min(users.len())) {
            self.comes_by(user, Channel::OwnAccount);
        }
        if self.chance.percent(15) {
            let line = self.ground.human("telephone.example");
            let number = Human { name: format!("+1 (415) 555-01{:02}", self.chance.below(100)), ..line };
            self.sits(&number, Channel::Phone, Vec::new());
        }
    }

    pub(super) fn sits(&mut self, human: &Human, channel: Channel, records: Vec<(&'static str, String)>) {
        self.attendees.push(Attendee {
            name: human.name.clone(),
            email: human.email.clone(),
            channel,
            devices: if self.chance.percent(10) { 2 } else { 1 },
            rejoined: self.chance.percent(10),
            records,
        });
    }
}
