//! Adding people to Gainsight: a form for each, looked up before anything is sent, with what became of it.

use std::borrow::Borrow;

use sidelight_api::ErrorCode;
use sidelight_api::FieldError;
use sidelight_api::activity::{PendingWrite, WriteState};
use sidelight_api::entity::Entity;
use sidelight_api::people::Attendee;
use sidelight_api::person::{AddPerson, AskedField, FindPeople, FoundPeople, FoundPerson, Sought};
use sidelight_api::session::{Standing, Tenant};
use sidelight_domain::attendees::Group;
use sidelight_domain::ids::ParticipantId;
use sidelight_domain::person::{FilledField, PersonForm};
use sidelight_domain::words::Word;
use sidelight_domain::{EmailAddress, Licence};

use crate::state::people::is_guess;
use crate::state::trouble::Trouble;

/// As many as the server looks for at once.
pub const MOST_SOUGHT: usize = 12;

/// The sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Adding {
    /// Where they are added to.
    pub entity: Entity,
    /// Who.
    pub rows: Vec<Candidate>,
    /// What the tenant asks for, besides address and name.
    pub asked: Vec<AskedField>,
}

/// Somebody who may be added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Candidate {
    /// Who this is in the meeting.
    pub id: Option<ParticipantId>,
    /// The address, as it stands in its field.
    pub email: String,
    /// The name, likewise.
    pub name: String,
    /// The tenant's fields, likewise.
    pub values: Vec<FilledField>,
    /// What is to be decided about him, and what became of it.
    pub look: Look,
    /// Chosen anew whenever the form changes: what is sent twice under one key is one person.
    key: String,
}

/// What is drawn of a candidate besides his fields' contents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// Whether he is left out.
    pub is_out: bool,
    /// Whether his fields lie open.
    pub is_open: bool,
    /// Whether the address is a guess by the name.
    pub is_guess: bool,
    /// Who may be meant.
    pub found: Vec<FoundPerson>,
    /// Who is linked instead of adding somebody.
    pub linked: Option<EmailAddress>,
    /// How far it is.
    pub step: Step,
    /// What is wrong with his fields.
    pub errors: Vec<FieldError>,
    /// Why it failed as a whole.
    pub trouble: Option<Trouble>,
}

/// How far somebody is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Step {
    /// Being looked for.
    #[default]
    Looking,
    /// To be reviewed.
    Open,
    /// To be sent when it is his turn.
    Queued,
    /// On the way.
    Sending,
    /// In Gainsight.
    Done,
    /// Kept by the server, which goes on trying.
    Waiting,
}

impl Adding {
    /// Opens the sheet for some attendees.
    #[must_use]
    pub fn of(entity: Entity, attendees: impl IntoIterator<Item: Borrow<Attendee>>) -> Self {
        let rows = attendees.into_iter().map(|attendee| Candidate::of(attendee.borrow())).collect();
        Self { entity, rows, asked: Vec::new() }.unfolded()
    }

    /// Opens it for somebody who was refused, or kept at a logout.
    #[must_use]
    pub fn of_write(write: &PendingWrite) -> Option<Self> {
        let form = write.person.as_deref()?;
        let text = |name: &str, value: &Option<String>| {
            value.clone().map(|value| FilledField { name: name.to_owned(), value })
        };
        let given = [text("title", &form.title), text("role", &form.role)];
        let mut row = Candidate {
            email: form.email.clone(),
            name: form.name.clone().unwrap_or_default(),
            values: given.into_iter().flatten().chain(form.fields.clone()).collect(),
            ..Candidate::default()
        };
        if form.name.is_none() {
            row.look.linked = form.address();
        }
        if let WriteState::Refused { fields, .. } = &write.state {
            row.look.errors.clone_from(fields);
        }
        let entity = Entity::named(write.entity.clone(), write.entity_name.clone());
        Some(Self { entity, rows: vec![row], asked: Vec::new() }.unfolded())
    }

    /// Somebody alone lies open.
    fn unfolded(mut self) -> Self {
        if let [only] = self.rows.as_mut_slice() {
            only.look.is_open = true;
        }
        self
    }

    /// Whether this is about the same people in the same place, so that what was typed still counts.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let ids = |adding: &Self| adding.rows.iter().map(|row| row.id).collect::<Vec<_>>();
        self.entity.reference == other.entity.reference && ids(self) == ids(other) && !self.is_over()
    }

    /// What to ask the server, for rows from `first` on.
    #[must_use]
    pub fn question(&self, first: usize) -> Option<FindPeople> {
        let sought: Vec<_> = self.rows.iter().skip(first).take(MOST_SOUGHT).map(Candidate::sought).collect();
        (!sought.is_empty()).then(|| FindPeople { entity: self.entity.reference.clone(), sought })
    }

    /// Takes what was found for rows from `first` on. Whoever cannot be looked for can still be added: the server looks again.
    pub fn take(&mut self, first: usize, answer: Result<FoundPeople, Trouble>) {
        let rows = self.rows.iter_mut().skip(first).take(MOST_SOUGHT);
        match answer {
            Ok(people) => {
                self.asked = people.asked;
                rows.zip(people.found).for_each(|(row, found)| row.take(found));
            }
            Err(trouble) => rows.for_each(|row| {
                row.look.step = Step::Open;
                row.look.trouble = Some(trouble.clone());
            }),
        }
    }

    /// The rows that go when the button is pressed.
    pub fn chosen(&self) -> impl Iterator<Item = &Candidate> {
        self.rows.iter().filter(|row| row.is_chosen())
    }

    /// Whether somebody is on the way.
    #[must_use]
    pub fn is_sending(&self) -> bool {
        self.rows.iter().any(|row| matches!(row.look.step, Step::Queued | Step::Sending))
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.rows.iter().all(|row| row.look.is_out || row.look.step.is_over())
            && self.rows.iter().any(|row| row.look.step.is_over())
    }

    /// Queues everybody who was chosen; `key` makes a key for each.
    pub fn send(&mut self, mut key: impl FnMut() -> String) {
        for row in self.rows.iter_mut().filter(|row| row.is_chosen()) {
            (row.look.step, row.look.trouble) = (Step::Queued, None);
            row.look.errors.clear();
            if row.key.is_empty() {
                row.key = key();
            }
        }
    }

    /// The next one to send, with his place.
    pub fn take_turn(&mut self) -> Option<(usize, AddPerson)> {
        let place = self.rows.iter().position(|row| row.look.step == Step::Queued)?;
        let form = self.rows[place].form(&self.entity);
        let row = &mut self.rows[place];
        row.look.step = Step::Sending;
        Some((place, AddPerson { key: row.key.clone(), form }))
    }

    /// Takes what became of one. Tells whether somebody with this address was there already, so that he has to be looked for again.
    pub fn end(&mut self, place: usize, answer: Result<PendingWrite, Trouble>) -> bool {
        let Some(row) = self.rows.get_mut(place) else { return false };
        match answer {
            Ok(write) => {
                let is_done = matches!(write.state, WriteState::Done { .. });
                row.look.step = if is_done { Step::Done } else { Step::Waiting };
                row.look.is_open = false;
                false
            }
            Err(trouble) => row.refuse(trouble, &self.asked),
        }
    }

    /// What the button that writes says.
    #[must_use]
    pub fn label(&self) -> String {
        let chosen: Vec<_> = self.chosen().collect();
        match chosen.as_slice() {
            [] => Word::AddNone.text().to_owned(),
            [only] => {
                let word = if only.look.linked.is_some() { Word::AddGoLink } else { Word::AddGoOne };
                word.fill(&[("name", only.shown_name())])
            }
            many => Word::AddGo.fill(&[("count", &many.len().to_string())]),
        }
    }

    /// The company behind the entity.
    #[must_use]
    pub fn company(&self) -> &str {
        self.entity.company.as_ref().map_or(&self.entity.name, |company| &company.name)
    }
}

impl Step {
    const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Waiting)
    }
}

impl Candidate {
    fn of(attendee: &Attendee) -> Self {
        let look = Look { is_guess: is_guess(attendee), ..Look::default() };
        let email = attendee.email.as_ref().map(ToString::to_string).unwrap_or_default();
        Self { id: Some(attendee.id), email, name: attendee.name.clone(), look, ..Self::default() }
    }

    fn sought(&self) -> Sought {
        Sought { email: self.email.clone(), name: self.name.clone() }
    }

    /// The one with the same address is meant; with another address it may be somebody else.
    fn take(&mut self, found: Vec<FoundPerson>) {
        self.look.step = Step::Open;
        self.look.trouble = None;
        let same = found.iter().find(|person| person.is_same_address);
        let still = |email: &EmailAddress| found.iter().any(|person| person.email == *email);
        self.look.linked = same.map(|person| person.email.clone()).or(self.look.linked.take().filter(still));
        self.look.found = found;
    }

    fn refuse(&mut self, trouble: Trouble, asked: &[AskedField]) -> bool {
        self.look.step = Step::Open;
        self.look.is_open = true;
        if trouble.is_unanswered() {
            // Sent again word by word, it is the same person.
            self.look.trouble = Some(trouble);
            return false;
        }
        self.key.clear();
        let is_field = |error: &FieldError| {
            matches!(error.field.as_str(), "email" | "name") || asked.iter().any(|field| field.name == error.field)
        };
        self.look.errors = trouble.fields.iter().filter(|error| is_field(error)).cloned().collect();
        let is_taken = matches!(trouble.code, Some(ErrorCode::PersonExists | ErrorCode::PersonLinked));
        if self.look.errors.is_empty() {
            self.look.trouble = Some(trouble);
        }
        is_taken
    }

    /// Whether he goes when the button is pressed.
    #[must_use]
    pub fn is_chosen(&self) -> bool {
        let is_linked = self.look.linked.as_ref().and_then(|linked| self.found(linked)).is_some_and(|it| it.is_linked);
        !self.look.is_out && self.look.step == Step::Open && !is_linked
    }

    fn found(&self, email: &EmailAddress) -> Option<&FoundPerson> {
        self.look.found.iter().find(|person| person.email == *email)
    }

    /// What a field holds.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        match name {
            "email" => &self.email,
            "name" => &self.name,
            name => self.values.iter().find(|field| field.name == name).map_or("", |field| &field.value),
        }
    }

    /// Fills in a field.
    pub fn fill(&mut self, name: &str, value: String) {
        self.key.clear();
        match name {
            "email" => self.email = value,
            "name" => self.name = value,
            name => {
                self.values.retain(|field| field.name != name);
                self.values.push(FilledField { name: name.to_owned(), value });
            }
        }
    }

    /// Decides who is meant: somebody who was found, or somebody new.
    pub fn mean(&mut self, linked: Option<EmailAddress>) {
        self.key.clear();
        self.look.linked = linked;
        self.look.errors.clear();
        self.look.trouble = None;
    }

    /// Who he is called while it is decided about him.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        let linked = self.look.linked.as_ref().and_then(|linked| self.found(linked)).map(|person| person.name.as_str());
        let typed = if self.name.trim().is_empty() { &self.email } else { &self.name };
        linked.unwrap_or(typed)
    }

    fn form(&self, entity: &Entity) -> PersonForm {
        let filled = |name: &str| Some(self.value(name).trim().to_owned()).filter(|value| !value.is_empty());
        let is_own = |field: &&FilledField| !matches!(field.name.as_str(), "title" | "role") && !field.value.is_empty();
        PersonForm {
            entity: entity.reference.clone(),
            email: self.look.linked.as_ref().map_or_else(|| self.email.trim().to_owned(), ToString::to_string),
            name: self.look.linked.is_none().then(|| self.name.trim().to_owned()),
            title: filled("title"),
            role: filled("role"),
            fields: self.values.iter().filter(is_own).cloned().collect(),
        }
    }
}

/// Whether somebody of this group may be added or linked.
#[must_use]
pub const fn is_addable(attendee: &Attendee) -> bool {
    matches!(attendee.group, Group::NotInGainsight | Group::OtherCompany) && attendee.email.is_some()
}

/// Whether the viewer's licence changes people (`gainsight.md` 15.2). The server decides; here it is said beforehand.
#[must_use]
pub fn may_edit(tenant: &Tenant) -> bool {
    matches!(&tenant.standing, Standing::SignedIn { licence, .. } if licence.is_some_and(Licence::may_edit_records))
}

#[cfg(test)]
#[path = "adding_tests.rs"]
mod tests;
