//! Things of a made-up meeting, for tests.

use sidelight_api::entity::{CompanyName, Entity, Facts};
use sidelight_api::people::Attendee;
use sidelight_api::session::{Meeting, Panel, Standing, Tenant, View, Viewer};
use sidelight_api::timeline::{Activity, ActivitySummary};
use sidelight_domain::attendees::Group;
use sidelight_domain::ids::{Gsid, MeetingUuid, ParticipantId, TenantKey};
use sidelight_domain::roster::{Role, Source};
use sidelight_domain::{EntityKind, EntityRef, Licence, Timestamp};
use uuid::Uuid;

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_780_000_000_000 + millis)
}

pub(crate) fn signed_in(licence: Option<Licence>, is_active: bool) -> Standing {
    Standing::SignedIn { name: "Casey".to_owned(), email: "casey@vendor.test".parse().unwrap(), licence, is_active }
}

pub(crate) fn tenant(key: &str) -> Tenant {
    Tenant {
        key: TenantKey::new(key),
        name: key.to_owned(),
        host: format!("{key}.gainsight.test"),
        environment: "Production".to_owned(),
        is_sandbox: false,
        data_centre: "US1".to_owned(),
        standing: signed_in(Some(Licence::Full), true),
    }
}

pub(crate) fn panel() -> Panel {
    Panel {
        viewer: Viewer {
            name: "Casey".to_owned(),
            email: None,
            blocked: None,
            zoom_authorised: true,
            declined: Vec::new(),
            install_url: "https://sidelight.test/zoom/install".to_owned(),
        },
        meeting: Some(meeting()),
        tenants: vec![tenant("lumen")],
        view: View::default(),
        draft: None,
        writes: Vec::new(),
        sign_in: None,
        now: at(0),
    }
}

pub(crate) fn meeting() -> Meeting {
    Meeting {
        uuid: MeetingUuid::new("m"),
        topic: Some("Quarterly review".to_owned()),
        started_at: Some(at(-1_920_000)),
        ended_at: None,
        role: Role::Host,
        host_reports: true,
    }
}

pub(crate) fn company(name: &str) -> Entity {
    Entity {
        reference: EntityRef { tenant: TenantKey::new("lumen"), kind: EntityKind::Company, id: Gsid::new(name) },
        name: name.to_owned(),
        company: None,
        is_inactive: false,
        facts: Facts::default(),
    }
}

pub(crate) fn relationship(company_name: &str, name: &str) -> Entity {
    Entity {
        reference: EntityRef { tenant: TenantKey::new("lumen"), kind: EntityKind::Relationship, id: Gsid::new(name) },
        company: Some(CompanyName { id: Gsid::new(company_name), name: company_name.to_owned() }),
        ..company(name)
    }
}

pub(crate) fn attendee(number: u128, name: &str, group: Group) -> Attendee {
    let known = matches!(group, Group::Customer | Group::OtherCompany | Group::Colleague);
    Attendee {
        id: ParticipantId::new(Uuid::from_u128(number)),
        name: name.to_owned(),
        shown_as: None,
        group,
        email: (known || group == Group::NotInGainsight).then(|| format!("p{number}@n.test").parse().unwrap()),
        email_source: known.then_some(Source::HostWebhook),
        title: None,
        company_role: None,
        company: None,
        also_at: Vec::new(),
        tenant: known.then(|| TenantKey::new("lumen")),
        record: known.then(|| Gsid::new(format!("r{number}"))),
        role: None,
        devices: None,
        is_aside: false,
        joined_at: Some(at(0)),
        is_hint: false,
        untold: None,
        reply: None,
        ticked_by: None,
        corrected_by: None,
        corrected_in: None,
        is_viewer: false,
    }
}

/// An own activity, opened.
pub(crate) fn opened(id: &str, subject: &str, notes_html: &str) -> Activity {
    Activity {
        summary: ActivitySummary { subject: subject.to_owned(), is_own: true, ..activity(id, at(0)) },
        tenant: TenantKey::new("lumen"),
        notes_html: notes_html.to_owned(),
        internal_attendees: Vec::new(),
        external_attendees: Vec::new(),
        duration_minutes: None,
        fields: Vec::new(),
        link: None,
        modified_at: None,
        seen: "1".to_owned(),
        locked: None,
    }
}

pub(crate) fn activity(id: &str, held_at: Timestamp) -> ActivitySummary {
    ActivitySummary {
        id: Gsid::new(id),
        type_name: "Call".to_owned(),
        subject: format!("Subject of {id}"),
        preview: String::new(),
        held_at,
        author: "Casey".to_owned(),
        author_id: Some(Gsid::new("u")),
        is_own: false,
        is_ours: false,
        relationship: None,
    }
}
