//! What the stand-ins start with: two tenants, their people and customers, and the meetings of the day.
//!
//! Everything is drawn from the seed and dated relative to the start, so that "18 months back" stays true and two runs with the
//! same seed and time are alike. Nothing here changes after the start: the stand-ins copy what they let people change.

pub(crate) mod cast;
pub(crate) mod meetings;

use sidelight_domain::Timestamp;

use crate::StartError;
pub(crate) use cast::Member;
pub(crate) use meetings::Meeting;

/// The key of the tenant that offers the documented API only.
pub(crate) const LUMEN: &str = "lumen";
/// The key of the tenant that offers more.
pub(crate) const HARBOR: &str = "harbor";

/// The world at the start.
#[derive(Debug)]
pub(crate) struct World {
    /// When it began.
    pub(crate) started_at: Timestamp,
    /// What everything was drawn from.
    pub(crate) seed: u64,
    /// How many times the standard size.
    pub(crate) scale: u32,
    /// Everybody who works for one of the tenants.
    pub(crate) members: Vec<Member>,
    /// The meetings that run at the start.
    pub(crate) meetings: Vec<Meeting>,
}

impl World {
    /// Draws the world.
    pub(crate) fn new(seed: u64, scale: u32, now: Timestamp) -> Result<Self, StartError> {
        let members = cast::members();
        let meetings = meetings::of_the_day(seed, now);
        Ok(Self { started_at: now, seed, scale: scale.max(1), members, meetings })
    }

    /// Somebody who works for a tenant.
    pub(crate) fn member(&self, key: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.key == key)
    }
}
