//! What the app asks for, as its Marketplace entry lists it (`zoom.md` 2.4, 2.5).

/// One permission.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope {
    /// The granular name.
    pub(crate) name: &'static str,
    /// What the consent page says.
    pub(crate) words: &'static str,
    /// Why the app asks for it, as its entry explains each (`zoom.md` 2.4).
    pub(crate) reason: &'static str,
    /// Whether a person may decline it alone.
    pub(crate) is_optional: bool,
}

const fn required(name: &'static str, words: &'static str, reason: &'static str) -> Scope {
    Scope { name, words, reason, is_optional: false }
}

const fn optional(name: &'static str, words: &'static str, reason: &'static str) -> Scope {
    Scope { name, words, reason, is_optional: true }
}

pub(crate) const RUN_IN_MEETING: Scope =
    required("zoomapp:inmeeting", "Be opened inside your meetings", "To stand beside the call.");
pub(crate) const READ_USER: Scope = required(
    "user:read:user",
    "View your name, account and time zone",
    "To know who you are and which organisation is yours.",
);
pub(crate) const READ_EMAIL: Scope = required(
    "user:read:email",
    "View your e-mail address",
    "To tie your Gainsight sign-in to you, without a code to type.",
);
pub(crate) const READ_MEETING: Scope =
    required("meeting:read:meeting", "View the meetings that you host", "To name the meeting and when it began.");
pub(crate) const LIST_MEETINGS: Scope = optional(
    "meeting:read:list_meetings",
    "View the list of your meetings",
    "To show the day's meetings on the home screen.",
);
pub(crate) const READ_INVITATION: Scope = optional(
    "meeting:read:invitation",
    "View the invitation text of your meetings",
    "To find whom the invitation names.",
);
pub(crate) const LIST_REGISTRANTS: Scope = optional(
    "meeting:read:list_registrants",
    "View who registered for your meetings",
    "To recognise guests by the address they registered with.",
);
pub(crate) const READ_PAST: Scope =
    optional("meeting:read:past_meeting", "View your past meetings", "To remind you of calls that were not logged.");
pub(crate) const LIST_INSTANCES: Scope = optional(
    "meeting:read:list_past_instances",
    "View the past instances of your recurring meetings",
    "To remember which customer a series is about.",
);
pub(crate) const LIST_PAST_PARTICIPANTS: Scope = optional(
    "meeting:read:list_past_participants",
    "View who took part in your past meetings",
    "To complete who was there after the call.",
);

/// All of them, in the order of the consent page.
pub(crate) const ALL: &[Scope] = &[
    RUN_IN_MEETING,
    READ_USER,
    READ_EMAIL,
    READ_MEETING,
    LIST_MEETINGS,
    READ_INVITATION,
    LIST_REGISTRANTS,
    READ_PAST,
    LIST_INSTANCES,
    LIST_PAST_PARTICIPANTS,
];
