//! What the panel reads (`crates/api`), field by field.

use sidelight_api::activity::{
    ActivityTypes, Draft, DraftConflict, DraftContent, OtherAttendee, PendingWrite, Task, TypeForm, WriteState,
};
use sidelight_api::card::{Card, Job};
use sidelight_api::entity::{CompanyName, Entity, EntityList, Facts, Suggested};
use sidelight_api::event::Event;
use sidelight_api::home::{Home, HomeMeeting, Plan, Stage};
use sidelight_api::people::{Attendee, Contact, Contacts, Gap, InquiryState, People};
use sidelight_api::person::{AskedField, AskedKind, AskedOption, FoundPeople, FoundPerson};
use sidelight_api::session::{
    AuthorizationChallenge, ChosenBy, LogoutAnswer, Meeting, Panel, SessionAnswer, Standing, Tab, Tenant, Theme, View,
    Viewer,
};
use sidelight_api::sign_in::{Branch, DataCentre, Domain, Failure, SignIn, Step};
use sidelight_api::timeline::{Activity, ActivitySummary, Narrowing, OwnField, TimelinePage};
use sidelight_api::{ErrorBody, ErrorCode, FieldError};
use sidelight_domain::access::{Reason, Remedy};
use sidelight_domain::activity::ActivityForm;
use sidelight_domain::attendees::Group;
use sidelight_domain::ids::{
    DraftId, ExternalId, Gsid, MeetingNumber, MeetingUuid, ParticipantId, RequestId, SignInId, TenantKey, WriteId,
};
use sidelight_domain::inquiry::{Reply, Untold};
use sidelight_domain::permission::Permission;
use sidelight_domain::person::{FilledField, PersonForm};
use sidelight_domain::roster::{Role, Source};
use sidelight_domain::{EmailAddress, EntityKind, EntityRef, Licence, NotesFormat, Timestamp};
use uuid::Uuid;

use crate::json::{FromJson, Value};

/// A field stands under its own name. An `optional` one may be left out where its type knows a default; a `shared` one has its
/// fields among those around it.
macro_rules! read_by_field {
    ($($type:ident { $($field:ident $(: $how:ident)?),+ })+) => { $(
        impl FromJson for $type {
            fn from_json(value: Value<'_>) -> Self {
                Self { $($field: read_by_field!(value $field $($how)?)),+ }
            }
        }
    )+ };
    ($value:ident $field:ident) => { $value.field(stringify!($field)) };
    ($value:ident $field:ident optional) => { $value.field_or_default(stringify!($field)) };
    ($value:ident $field:ident shared) => { FromJson::from_json($value) };
}

read_by_field! {
    Activity {
        summary: shared, tenant, notes_html, internal_attendees: optional, external_attendees: optional, duration_minutes, fields: optional, link,
        modified_at, seen: optional, locked
    }
    ActivityForm {
        entity, type_name, subject, notes, format: optional, held_at, duration_minutes, internal_attendees: optional, external_attendees: optional,
        fields: optional
    }
    ActivitySummary { id, type_name, subject, preview, held_at, author, author_id, is_own: optional, is_ours: optional, relationship }
    ActivityTypes { tenant, types, default_type, forms: optional }
    AskedField { name, label, kind, is_required: optional, options: optional, preset }
    AskedOption { value, label }
    Attendee {
        id, name, shown_as, group, email, email_source, title, company_role, company, also_at: optional, tenant, record, role, devices,
        is_aside: optional, joined_at, is_hint: optional, untold, reply, ticked_by, corrected_by, corrected_in, is_viewer: optional
    }
    Card { jobs, activities, met_at, since, link }
    CompanyName { id, name }
    Contact { email, name, title, role }
    Contacts { people, as_of, is_stale: optional }
    DataCentre { label, description }
    Domain { tenant, name, host, environment }
    Draft { id, version, content, saved_at }
    DraftConflict { error: shared, current }
    DraftContent {
        entity, type_name, subject, notes: optional, format: optional, held_at, duration_minutes, attendees, others: optional,
        fields: optional
    }
    Entity { reference: shared, name, company, is_inactive: optional, facts: optional }
    EntityList { suggested, recent, found, more, as_of }
    EntityRef { tenant, kind, id }
    ErrorBody { code, message, request_id, fields: optional, remedy, retry_after_seconds }
    Facts { score, renews_at, arr, csm, csm_is_viewer: optional, stage }
    FieldError { field, message }
    FilledField { name, value }
    FoundPeople { found, asked, is_cut_off: optional }
    FoundPerson {
        email, name, companies: optional, is_same_address: optional, is_linked: optional, is_former: optional
    }
    Home { meetings, plan, plan_as_of, unlogged, set_aside: optional, drafts }
    HomeMeeting {
        uuid, number, topic, starts_at, ends_at, stage, entity, chosen_by, note, has_draft: optional, is_logged: optional
    }
    OtherAttendee { email, name, is_internal: optional }
    InquiryState { is_open: optional, asked_by }
    LogoutAnswer { sent, kept, discarded }
    Job { company, title, role, is_primary: optional, is_former: optional }
    Meeting { uuid, topic, started_at, ended_at, role, host_reports }
    Narrowing {
        words: optional, type_name, author, author_name, days, since, until, is_own: optional, is_milestone: optional, is_of_meeting: optional,
        without_relationships: optional
    }
    OwnField { label, value, at }
    Panel { viewer, meeting, tenants, view, draft, writes, sign_in, now }
    PendingWrite {
        id, external_id, task: optional, activity, entity, entity_name, subject, stored_at, person, state
    }
    People { attendees, suggested, view, as_of, gaps: optional, silent: optional, asking: optional, invited, inquiry }
    PersonForm { entity, email, name, title, role, fields: optional }
    SessionAnswer { token, expires_in, panel }
    SignIn { id, tenant, link, expires_at, step }
    Suggested { entity, matched, outsiders, is_clear }
    Tenant { key, name, host, environment, is_sandbox, data_centre, standing }
    TypeForm { type_name, fields }
    TimelinePage { activities, next, as_of, is_stale: optional, reach }
    View { selected, chosen_by, tab: optional, theme: optional, narrowing: optional }
    Viewer { name, email, blocked, zoom_authorised, declined: optional, install_url }
    AuthorizationChallenge { state, code_challenge }
}

/// A name of a variant; another one does not fit.
macro_rules! read_by_name {
    ($($type:ident { $first:ident = $first_name:literal $(, $variant:ident = $name:literal)+ })+) => { $(
        impl FromJson for $type {
            fn from_json(value: Value<'_>) -> Self {
                let _every_variant_has_a_name = |variant| match variant { Self::$first $(| Self::$variant)+ => {} };
                let position = value.position(&[$first_name, $($name),+]);
                let variant = position.and_then(|position| [Self::$first, $(Self::$variant),+].get(position).copied());
                variant.unwrap_or(Self::$first)
            }
        }
    )+ };
}

read_by_name! {
    AskedKind { Text = "text", Number = "number", Flag = "flag", Date = "date", Choice = "choice" }
    EntityKind { Company = "company", Relationship = "relationship" }
    Failure {
        Expired = "expired", Declined = "declined", ApplicationRefused = "application_refused", TenantDown = "tenant_down",
        IdentityUnproven = "identity_unproven", UnknownUser = "unknown_user", Inactive = "inactive", NoLicence = "no_licence",
        WrongCode = "wrong_code", Replaced = "replaced"
    }
    Gap {
        GainsightDown = "gainsight_down", GainsightBusy = "gainsight_busy", StillAsking = "still_asking",
        NotApproved = "not_approved",
        HostNotReporting = "host_not_reporting", HostUnauthorised = "host_unauthorised", HostAbsent = "host_absent",
        OtherOwner = "other_owner"
    }
    Group {
        Customer = "customer", OtherCompany = "other_company", NotLookedUp = "not_looked_up",
        NotInGainsight = "not_in_gainsight", NeedsEmail = "needs_email", Colleague = "colleague", Device = "device"
    }
    Licence {
        Full = "full", ViewerAnalytics = "viewer_analytics", Viewer = "viewer",
        InternalCollaborator = "internal_collaborator", External = "external"
    }
    NotesFormat { Plain = "plain", Html = "html" }
    Permission {
        ListMeetings = "list_meetings", Registrants = "registrants", PastParticipants = "past_participants"
    }
    Plan { Known = "known", NotAuthorised = "not_authorised", Declined = "declined", Busy = "busy", Down = "down" }
    Reason {
        NoSession = "no_session", Guest = "guest", NoOrganisation = "no_organisation", SignedOut = "signed_out",
        Inactive = "inactive", NoLicence = "no_licence", NotAuthor = "not_author", ReadsOnly = "reads_only"
    }
    Remedy {
        Reopen = "reopen", AuthoriseZoom = "authorise_zoom", SignIn = "sign_in", SidelightAdmin = "sidelight_admin",
        GainsightAdmin = "gainsight_admin"
    }
    Role { Host = "host", CoHost = "co_host", Attendee = "attendee" }
    Reply { Waiting = "waiting", Declined = "declined" }
    Untold {
        Unreported = "unreported", Registered = "registered", OtherAccount = "other_account", SignedOut = "signed_out"
    }
    Source {
        SdkList = "sdk_list", InvitedName = "invited_name", RegisteredName = "registered_name", Ticked = "ticked",
        Consented = "consented",
        Remembered = "remembered", RememberedName = "remembered_name",
        Registration = "registration", PastList = "past_list", HostWebhook = "host_webhook", OwnOauth = "own_oauth"
    }
    Task { Log = "log", Change = "change", Delete = "delete" }
    Stage { Ahead = "ahead", Running = "running", Over = "over" }
    Tab {
        Timeline = "timeline", People = "people", Scorecard = "scorecard", Summary = "summary", Attributes = "attributes"
    }
    Theme { System = "system", Light = "light", Dark = "dark" }
}

/// Ids of other systems are any text; ours have to look like ours.
macro_rules! read_as_id {
    (foreign $($foreign:ident)+, own $($own:ident)+) => {
        $(impl FromJson for $foreign {
            fn from_json(value: Value<'_>) -> Self {
                Self::new(value.text())
            }
        })+
        $(impl FromJson for $own {
            fn from_json(value: Value<'_>) -> Self {
                value.text().parse().unwrap_or_else(|_| value.misfit(Self::new(Uuid::nil())))
            }
        })+
    };
}

read_as_id! {
    foreign ExternalId Gsid MeetingNumber MeetingUuid RequestId TenantKey,
    own DraftId ParticipantId SignInId WriteId
}

impl FromJson for Timestamp {
    fn from_json(value: Value<'_>) -> Self {
        Self::from_millis(value.whole())
    }
}

impl FromJson for EmailAddress {
    fn from_json(value: Value<'_>) -> Self {
        Self::from_checked(value.text())
    }
}

impl FromJson for ErrorCode {
    fn from_json(value: Value<'_>) -> Self {
        let name = value.text();
        let code = Self::ALL.iter().copied().find(|code| code.as_str() == name);
        code.unwrap_or_else(|| value.misfit(Self::Internal))
    }
}

/// Which variant an object is stands in one of its fields; another name there does not fit.
macro_rules! read_by_tag {
    ($($type:ident by $tag:literal {
        $($variant:ident = $name:literal { $($field:ident $(: $how:ident)?),* })+
        _ = $other:expr
    })+) => { $(
        impl FromJson for $type {
            fn from_json(value: Value<'_>) -> Self {
                let _every_variant_has_a_name = |variant: &Self| match variant { $(Self::$variant { .. } => {})+ };
                match value.tag($tag) {
                    $($name => Self::$variant { $($field: read_by_field!(value $field $($how)?)),* },)+
                    _ => value.misfit($other),
                }
            }
        }
    )+ };
}

read_by_tag! {
    Branch by "branch" {
        Single = "single" { domain }
        Environments = "environments" { domains }
        Typed = "typed" { data_centres }
        _ = Self::Typed { data_centres: Vec::new() }
    }
    ChosenBy by "by" {
        Viewer = "viewer" {}
        Attendees = "attendees" { matched, outsiders }
        Before = "before" {}
        Invited = "invited" { matched, outsiders }
        Topic = "topic" {}
        Colleague = "colleague" { name }
        _ = Self::Viewer
    }
    Event by "type" {
        People = "people" {}
        Meeting = "meeting" {}
        View = "view" {}
        Draft = "draft" {}
        Write = "write" { id }
        Timeline = "timeline" { entity }
        SignIn = "sign_in" { id }
        Standing = "standing" {}
        SessionEnded = "session_ended" {}
        _ = Self::People
    }
    Standing by "state" {
        SignedOut = "signed_out" {}
        Expired = "expired" { email }
        SignedIn = "signed_in" { name, email, licence, is_active }
        _ = Self::SignedOut
    }
    Step by "state" {
        LinkMade = "link_made" {}
        LinkOpened = "link_opened" {}
        CodeNeeded = "code_needed" { name, tries_left }
        SignedIn = "signed_in" {}
        Failed = "failed" { why }
        _ = Self::LinkMade
    }
    WriteState by "state" {
        Done = "done" { activity }
        Waiting = "waiting" { next_try_at, tries }
        NeedsSignIn = "needs_sign_in" {}
        Kept = "kept" {}
        Refused = "refused" { message, fields: optional, form }
        _ = Self::NeedsSignIn
    }
}

#[cfg(test)]
#[path = "answers_tests.rs"]
mod tests;
