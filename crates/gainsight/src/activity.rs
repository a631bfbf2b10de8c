//! Writing to the Timeline (`gainsight.md` 10.1, 10.2).

use serde_json::{Map, Value, json};
use sidelight_domain::Timestamp;
use sidelight_domain::ids::{ExternalId, Gsid};
use sidelight_outbound::Method;
use url::Url;

use crate::activity_fields::{is_custom, naming_fields};
use crate::client::{Stopped, address};
use crate::envelope::{Evidence, Failure};
use crate::print::print_only;
use crate::timeline::ActivityId;
use crate::{Access, Error, Gainsight, Record, Schema, Spelling, record};

/// What an activity is logged to. By id: two companies may share a name, and the first match would get the note.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Context {
    /// A company.
    Company(Gsid),
    /// A relationship, with its company where that is known.
    Relationship {
        /// The relationship.
        id: Gsid,
        /// The company it belongs to.
        company: Option<Gsid>,
    },
}

/// An activity to be logged. Prints nothing that anybody wrote.
#[derive(Clone, PartialEq)]
pub struct NewActivity {
    /// The idempotency key: the same one however often it is sent.
    pub external_id: ExternalId,
    /// Where it goes.
    pub context: Context,
    /// Who wrote it: a user of the tenant, in the spelling of his record.
    pub author: Spelling,
    /// What it says.
    pub content: Content,
}
print_only!(NewActivity: external_id, context);

/// What an activity says. Prints nothing of it.
#[derive(Clone, PartialEq)]
pub struct Content {
    /// One of the tenant's activity types, by name.
    pub type_name: String,
    /// One line.
    pub subject: String,
    /// HTML; plain line breaks would be lost (`gainsight.md` 10.4).
    pub notes_html: String,
    /// When it took place.
    pub held_at: Timestamp,
    /// How long it took. Kept only where [`Schema::duration_field`] finds a column that takes it.
    pub duration_minutes: Option<u32>,
    /// Colleagues, in the spelling of their records. Who is no user of the tenant is left out by Gainsight.
    pub internal_attendees: Vec<Spelling>,
    /// Customers, likewise.
    pub external_attendees: Vec<Spelling>,
    /// Where the customers are looked up.
    pub found_in: FoundIn,
    /// Fields of the tenant's own, by their names in the API (`Ant__…__c`). A type may demand some.
    pub custom_fields: Vec<(String, Value)>,
}
print_only!(Content: held_at);

/// What is changed in an activity; what is left out stays as it is. Prints nothing of it.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Change {
    /// Another type.
    pub type_name: Option<String>,
    /// Another line.
    pub subject: Option<String>,
    /// Other notes, as HTML.
    pub notes_html: Option<String>,
    /// Another time.
    pub held_at: Option<Timestamp>,
    /// Another duration. Kept only where [`Schema::duration_field`] finds a column that takes it.
    pub duration_minutes: Option<u32>,
}
print_only!(Change: held_at);

/// The object in which customers are looked up by address. No public sample shows it (`gainsight.md` 10.2), so whoever is refused with the
/// one tries the other, under the same `ExternalId`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum FoundIn {
    /// Among the companies' people, which is likelier.
    #[default]
    CompanyPerson,
    /// Among all people.
    Person,
}

impl FoundIn {
    const fn path_and_object(self) -> (&'static str, &'static str) {
        match self {
            Self::CompanyPerson => ("Person_ID__gr.Email", "company_person"),
            Self::Person => ("Email", "Person"),
        }
    }
}

/// What came of logging an activity.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Logged {
    /// The record, if the answer tells it. Otherwise ask by `ExternalId`.
    pub id: Option<Gsid>,
    /// Its number in the Timeline's own interface, if the answer tells it.
    pub activity_id: Option<ActivityId>,
    /// Whether the answer says that it was there already. A tenant may as well answer a repeat like a first time.
    pub was_known: bool,
}

/// Which activity is meant, by any of the three keys that an update takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ActivityKey {
    /// By the key it was logged under.
    External(ExternalId),
    /// By the Timeline's own number.
    Activity(ActivityId),
    /// By its record.
    Record(Gsid),
}

impl Gainsight {
    /// Logs an activity. Sent again with the same `ExternalId`, it is logged once: a duplicate is a success.
    ///
    /// One call; a second one looks the activity up if a refusal speaks of a duplicate without saying of what.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the fields; [`Error::Duplicate`] if such a refusal came and the look-up shows nothing, or nothing
    /// yet. Whenever [`Error::is_transient`], send it again unchanged.
    pub async fn log(&self, access: &Access<'_>, activity: &NewActivity) -> Result<Logged, Error> {
        let (url, external_id) = (endpoint(access.base), &activity.external_id);
        let logged = match self.send_json(access, Method::POST, url, &activity.body(access.schema)).await {
            Ok(data) => read_reply(&data, external_id),
            Err(Stopped::Failed(failure)) => judged(*failure, external_id),
            Err(stopped) => Err(stopped.into()),
        };
        let Err(Error::Duplicate(refusal)) = logged else {
            return logged.map_err(|error| naming_fields(error, access.schema));
        };
        let found = self.activity_by_external_id(access, external_id).await?.ok_or(Error::Duplicate(refusal))?;
        Ok(Logged { id: Some(found.id), activity_id: found.activity_id, was_known: true })
    }

    /// Replaces what an activity says.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the fields, [`Error::Forbidden`] for somebody else's entry, and what every call may meet.
    pub async fn update_activity(
        &self,
        access: &Access<'_>,
        key: &ActivityKey,
        content: &Content,
    ) -> Result<(), Error> {
        let (record, lookups) = content.parts(access.schema);
        self.put_activity(access, key, record, lookups).await
    }

    /// Changes some of what an activity says, and leaves the rest alone.
    ///
    /// # Errors
    /// As [`Self::update_activity`].
    pub async fn change_activity(&self, access: &Access<'_>, key: &ActivityKey, change: &Change) -> Result<(), Error> {
        self.put_activity(access, key, change.record(access.schema), Map::new()).await
    }

    async fn put_activity(
        &self,
        access: &Access<'_>,
        key: &ActivityKey,
        mut record: Map<String, Value>,
        lookups: Map<String, Value>,
    ) -> Result<(), Error> {
        let (identifier, field, value) = key.parts();
        let mut url = endpoint(access.base);
        url.query_pairs_mut().append_pair("identifier", identifier);
        record.insert(field.to_owned(), json!(value));
        let data =
            self.send_json(access, Method::PUT, url, &json!({ "records": [record], "lookups": lookups })).await?;
        match Failure::within(&data) {
            Some(failure) => Err(failure.into_error()),
            None => Ok(()),
        }
    }

    /// Deletes an activity. How its number is passed is not documented, so it stands in the address and in the body.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], and what every call may meet.
    pub async fn delete_activity(&self, access: &Access<'_>, id: &ActivityId) -> Result<(), Error> {
        let mut url = endpoint(access.base);
        url.query_pairs_mut().append_pair("activityId", id.as_str());
        self.send_json(access, Method::DELETE, url, &json!({ "activityIds": [id.as_str()] })).await?;
        Ok(())
    }
}

fn endpoint(base: &Url) -> Url {
    address(base, &["v1", "ant", "es", "activity"])
}

impl ActivityKey {
    /// The identifier's name, the field that carries it, and its value.
    fn parts(&self) -> (&'static str, &'static str, &str) {
        match self {
            Self::External(id) => ("externalid", "ExternalId", id.as_str()),
            Self::Activity(id) => ("activityid", "ActivityId", id.as_str()),
            Self::Record(id) => ("gsid", "Gsid", id.as_str()),
        }
    }
}

impl NewActivity {
    fn body(&self, schema: Option<&Schema>) -> Value {
        let (mut record, mut lookups) = self.content.parts(schema);
        let mut put = |key: &str, value: &str| record.insert(key.to_owned(), json!(value));
        put("ExternalId", self.external_id.as_str());
        put("Author", self.author.as_str());
        match &self.context {
            Context::Company(id) => {
                put("ContextName", "Company");
                put("GsCompanyId", id.as_str());
            }
            Context::Relationship { id, company } => {
                put("ContextName", "Relationship");
                put("GsRelationshipId", id.as_str());
                company.as_ref().map(|company| put("GsCompanyId", company.as_str()));
            }
        }
        lookups.insert("AuthorId".to_owned(), lookup("Author", "Email", "GsUser", "ERROR"));
        json!({ "records": [record], "lookups": lookups })
    }
}

impl Content {
    /// The record and its look-ups.
    fn parts(&self, schema: Option<&Schema>) -> (Map<String, Value>, Map<String, Value>) {
        let mut record = Map::from_iter([
            ("TypeName".to_owned(), json!(self.type_name)),
            ("Subject".to_owned(), json!(self.subject)),
            ("Notes".to_owned(), json!(self.notes_html)),
            ("ActivityDate".to_owned(), json!(record::write_text(self.held_at))),
        ]);
        let column = schema.and_then(Schema::duration_field).filter(|field| field.is_createable());
        if let Some((column, minutes)) = column.zip(self.duration_minutes) {
            record.insert(column.name.clone(), json!(minutes));
        }
        let mut lookups = Map::new();
        // An attendee who left the tenant meanwhile must not cost the whole note, hence NULLABLE.
        let (path, object) = self.found_in.path_and_object();
        for (people, field, target, path, object) in [
            (&self.internal_attendees, "internalAttendees", "InternalAttendees", "Email", "GsUser"),
            (&self.external_attendees, "externalAttendees", "ExternalAttendees", path, object),
        ] {
            if !people.is_empty() {
                record.insert(field.to_owned(), people.iter().map(Spelling::as_str).collect());
                lookups.insert(target.to_owned(), lookup(field, path, object, "NULLABLE"));
            }
        }
        let custom = self.custom_fields.iter().filter(|(name, _)| is_custom(name));
        record.extend(custom.cloned());
        (record, lookups)
    }
}

impl Change {
    /// The record without what stays.
    fn record(&self, schema: Option<&Schema>) -> Map<String, Value> {
        let column = schema.and_then(Schema::duration_field).filter(|field| field.is_editable());
        let minutes = column.zip(self.duration_minutes).map(|(column, minutes)| (column.name.as_str(), json!(minutes)));
        let fields = [
            self.type_name.as_ref().map(|name| ("TypeName", json!(name))),
            self.subject.as_ref().map(|subject| ("Subject", json!(subject))),
            self.notes_html.as_ref().map(|notes| ("Notes", json!(notes))),
            self.held_at.map(|at| ("ActivityDate", json!(record::write_text(at)))),
            minutes,
        ];
        fields.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// `gainsight.md` 5.4.
fn lookup(column: &str, field: &str, object: &str, on_no_match: &str) -> Value {
    json!({ "fields": { column: field }, "lookupField": "Gsid", "objectName": object,
        "multiMatchOption": "FIRSTMATCH", "onNoMatch": on_no_match })
}

/// A refusal is a success if it says that the note is there already.
fn judged(failure: Failure, external_id: &ExternalId) -> Result<Logged, Error> {
    let evidence = failure.duplicate_evidence(external_id.as_str());
    match (failure.into_error(), evidence) {
        (Error::Invalid { .. } | Error::Duplicate(_), Evidence::Sure) => {
            Ok(Logged { id: None, activity_id: None, was_known: true })
        }
        (Error::Invalid { refusal, .. }, Evidence::Possible) => Err(Error::Duplicate(refusal)),
        (error, _) => Err(error),
    }
}

/// The answer's shape is known from one fixture only (`gainsight.md` 10.2): what tells an id is used, whatever is missing is
/// left open, and a success that carries a problem instead of our record is none.
fn read_reply(data: &Value, external_id: &ExternalId) -> Result<Logged, Error> {
    let ours = data.get("success").and_then(|success| success.get(external_id.as_str()));
    if ours.is_none()
        && let Some(failure) = Failure::within(data)
    {
        return judged(failure, external_id);
    }
    // Object writes answer with `records` (5.4); a Timeline that does the same is understood too.
    let entry = ours.or_else(|| data.get("records")).unwrap_or(data);
    let entry = entry.get(0).unwrap_or(entry).as_object().cloned().map(Record::new);
    let text = |key: &str| entry.as_ref().and_then(|entry| entry.text(key));
    Ok(Logged {
        id: text("Gsid").map(Gsid::new),
        activity_id: text("ActivityId").map(ActivityId::new),
        was_known: false,
    })
}

#[cfg(test)]
#[path = "activity_tests.rs"]
mod tests;
