//! One repository per table, or per tables that are never apart. A repository belongs to a [`Unit`](crate::Unit) and speaks for its
//! organisation alone.
//!
//! Names: `find…` gives an option, `add` makes a row, `save` replaces what may change, `list` gives many, `end` closes without deleting.

mod audit;
mod contexts;
mod corrections;
mod directory;
mod drafts;
mod events;
mod grants;
mod inbox;
mod inquiries;
mod installations;
mod invitations;
mod lease;
mod meetings;
mod people;
mod retention;
mod series;
mod sessions;
mod sign_ins;
mod ticks;
mod timelines;
mod views;
mod write_state;
mod writes;

pub use audit::{Audit, AuditEntry, AuditHead, AuditReport, BrokenAudit};
pub use contexts::{Contexts, Used};
pub use corrections::Corrections;
pub use directory::{Directory, Mirror, MirroredLink, MirroredPerson, NewMirroredLink};
pub use drafts::{BroughtBack, Draft, Drafts, Saved};
pub use events::{Audience, Events, Listener, StoredEvent};
pub use grants::{Grant, Grants, NewGrant};
pub use inbox::{Delivery, Inbox, NewDelivery};
pub use inquiries::Inquiries;
pub use installations::{Installation, Installations, NewInstallation};
pub use invitations::{Invitation, Invitations, Recall};
pub use lease::{Lease, Tokens};
pub use meetings::{Meeting, Meetings, SeenMeeting};
pub use people::{Erased, People};
pub use retention::{Purge, Purged, Retention};
pub use series::{Series, SeriesChoice};
pub use sessions::{NewSession, Session, Sessions};
pub use sign_ins::{NewSignIn, SignIn, SignIns};
pub use ticks::Ticks;
pub use timelines::{Timelines, WatchedTimeline};
pub use views::{RecentEntity, Views};
pub use write_state::{UnknownWriteState, WriteState};
pub use writes::{Added, NewWrite, Write, Writes};

use sidelight_domain::ids::MeetingUuid;

/// Declares a repository: a borrowed unit.
macro_rules! repository {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<'u> {
            unit: &'u mut crate::Unit,
        }

        impl<'u> $name<'u> {
            pub(crate) const fn new(unit: &'u mut crate::Unit) -> Self {
                Self { unit }
            }
        }
    };
}

use repository;

/// How "in no meeting" is stored where the meeting is part of a key; two absent values never count as equal in one.
fn place(meeting: Option<&MeetingUuid>) -> &str {
    meeting.map_or("", MeetingUuid::as_str)
}

fn meeting_at(place: String) -> Option<MeetingUuid> {
    Some(place).filter(|place| !place.is_empty()).map(MeetingUuid::new)
}
