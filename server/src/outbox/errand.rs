//! What a write is to do in Gainsight: the outbox keeps, sends and repeats all kinds alike.

use serde_json::json;
use sidelight_api::event::Event;
use sidelight_api::{ErrorCode, FieldError};
use sidelight_domain::access::Action;
use sidelight_domain::ids::OrganisationId;
use sidelight_store::{Error as StoreError, Unit, Write};

use super::change::{Changed, change};
use super::log::log;
use super::payload::{Payload, PersonPayload, Verdict};
use super::{note, person};
use crate::app::App;
use crate::gainsight::{AskError, Urgency};
use crate::http::TenantAccess;
use crate::record::Record as _;

/// One kind each, with what was stored of it.
#[derive(Clone)]
pub(super) enum Errand {
    /// Log an activity, change one, or delete one.
    Log(Box<Payload>),
    /// Add a person, or link one.
    Add(Box<PersonPayload>),
}

/// How it went, where Gainsight answered.
pub(super) enum Ran {
    /// It is done.
    Done(Verdict),
    /// It was left alone, and why.
    Left(ErrorCode),
    /// Gainsight took it, but does not show it yet.
    NotShown,
}

impl Errand {
    /// What was stored; `None` if it says nothing that we know.
    pub(super) fn of(write: &Write) -> Option<Self> {
        let person = || serde_json::from_str(&write.payload).ok().map(|payload| Self::Add(Box::new(payload)));
        serde_json::from_str(&write.payload).ok().map(|payload| Self::Log(Box::new(payload))).or_else(person)
    }

    /// What its author must be allowed to do, also when it goes out.
    pub(super) const fn action(&self) -> Action {
        match self {
            Self::Log(payload) if payload.task.target().is_some() => Action::ChangeActivity,
            Self::Log(_) => Action::LogActivity,
            Self::Add(_) => Action::EditPeople,
        }
    }

    /// Its name in the audit log.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Log(payload) if payload.task.target().is_some() => "activity_change",
            Self::Log(_) => "activity",
            Self::Add(_) => "person",
        }
    }

    /// Does it, or finds it done.
    pub(super) async fn run(
        &self,
        app: &App,
        access: &TenantAccess,
        write: &Write,
        urgency: Urgency,
    ) -> Result<Ran, AskError> {
        let done = |activity| Ran::Done(Verdict { activity, ..Verdict::default() });
        match self {
            Self::Log(payload) => match payload.task.target() {
                None => Ok(done(log(app, access, write, &payload.form, urgency).await?.id)),
                Some((activity, _)) => Ok(match change(app, access, &payload.task, urgency).await? {
                    Changed::Done => done(Some(activity.clone())),
                    Changed::Left(code) => Ran::Left(code),
                }),
            },
            Self::Add(payload) => {
                let verdict = person::add(app, access, write, payload, urgency).await?;
                Ok(verdict.map_or(Ran::NotShown, Ran::Done))
            }
        }
    }

    /// Gainsight names its own fields; the form that the author sees has others.
    pub(super) const fn in_our_words(&self) -> fn(FieldError) -> FieldError {
        match self {
            Self::Log(_) => note::in_our_words,
            Self::Add(_) => person::in_our_words,
        }
    }

    /// Tells those who look at what changed.
    pub(super) async fn record(&self, unit: &mut Unit, write: &Write) -> Result<(), StoreError> {
        match self {
            Self::Log(payload) => {
                let entity = &payload.form.entity;
                let logged = Event::Timeline { entity: entity.clone() };
                unit.tell(&write.person, &logged);
                // Colleagues elsewhere, too; and nobody who may not see it.
                unit.tell_watchers(entity, &logged);
                unit.timelines().note_changed(entity).await
            }
            Self::Add(payload) => {
                let details = json!({ "company": payload.company, "is_new": payload.person.name.is_some() });
                unit.note(Some(&write.person), "person.added", &write.id, &details);
                unit.tell(&write.person, &Event::People);
                if let Some(meeting) = &payload.meeting {
                    unit.tell_meeting(meeting, &Event::People);
                }
                Ok(())
            }
        }
    }

    /// Whoever looks next reads anew.
    pub(super) fn forget(&self, app: &App, organisation: OrganisationId) {
        match self {
            Self::Log(payload) => {
                let entity = payload.form.entity.clone();
                if let Some(state) = app.tenants.state(organisation, &entity.tenant) {
                    state.pages.forget_where(move |(_, shown, _)| *shown == entity);
                }
            }
            Self::Add(payload) => {
                let company = payload.company.clone();
                if let Some(state) = app.tenants.state(organisation, &payload.person.entity.tenant) {
                    state.contacts.forget_where(move |(_, of)| *of == company);
                }
            }
        }
    }
}
