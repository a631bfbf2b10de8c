//! What a tenant's objects look like: describe (`gainsight.md` 6).

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};
use sidelight_outbound::Method;

use crate::activity_fields::is_custom;
use crate::client::address;
use crate::{Access, Error, Gainsight, Record, Refusal, companies, directory, people, record, timeline, users};

/// How an administrator approves the column of minutes, whatever its name in the API.
const DURATION: &str = "Duration";

/// An object of the tenant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ObjectDescription {
    /// Its name in the API; the case may differ from the one asked for.
    pub name: String,
    /// Its name on the screen.
    pub label: String,
    /// Its fields, in the order of the answer.
    pub fields: Vec<FieldDescription>,
}

/// A field of an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldDescription {
    /// Its name in the API.
    pub name: String,
    /// Its name on the screen.
    pub label: String,
    /// What it holds.
    pub data_type: DataType,
    /// The choices of a picklist, inactive ones included, in their order on the screen.
    pub options: Vec<PicklistOption>,
    /// The object that a look-up leads to.
    pub target: Option<String>,
    /// The longest text.
    pub length: Option<u32>,
    /// Digits behind the point.
    pub decimal_places: u32,
    /// Whether it may be cleared.
    pub may_be_empty: bool,
    /// When it may be written.
    pub writing: Writing,
    /// Whether it is hidden, from screens or from this credential.
    pub is_hidden: bool,
}

/// When a field may be written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Writing {
    /// Never: the system or a formula fills it.
    Never,
    /// When the record is made.
    OnInsert,
    /// Later on.
    OnUpdate,
    /// At any time.
    Always,
}

impl FieldDescription {
    /// Whether somebody may change it on a screen (`gainsight.md` 6).
    #[must_use]
    pub const fn is_editable(&self) -> bool {
        !self.is_hidden && matches!(self.writing, Writing::OnUpdate | Writing::Always)
    }

    /// Whether a new record may bring it.
    #[must_use]
    pub const fn is_createable(&self) -> bool {
        matches!(self.writing, Writing::OnInsert | Writing::Always)
    }
}

/// What a field holds. About nineteen exist; what we do not know is shown as text and never written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DataType {
    /// `STRING`
    Text,
    /// `RICHTEXTAREA`
    RichText,
    /// `NUMBER`
    Number,
    /// `PERCENTAGE`
    Percentage,
    /// `CURRENCY`
    Currency,
    /// `BOOLEAN`
    Boolean,
    /// `DATE`
    Date,
    /// `DATETIME`
    DateTime,
    /// `EMAIL`
    Email,
    /// `URL`
    Url,
    /// `PICKLIST`
    Picklist,
    /// `MULTISELECTDROPDOWNLIST`
    MultiSelect,
    /// `LOOKUP`
    Lookup,
    /// `GSID`
    Gsid,
    /// Something newer than this code.
    Other(String),
}

/// A choice of a picklist.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PicklistOption {
    /// What a record holds: the item's GSID.
    pub value: String,
    /// What the screen shows.
    pub label: String,
    /// The label's spelling that no translation changes, where the tenant gives one.
    pub system_name: Option<String>,
    /// Whether it can still be chosen.
    pub is_active: bool,
}

/// What one credential may see of a tenant's objects. Valid for hours; whoever calls keeps it.
/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// By lower-case name: the case of object names is unproven (`gainsight.md` 5.1).
    objects: Arc<HashMap<String, ObjectDescription>>,
    /// Where nobody's permissions apply, only these are read, besides what nothing works without.
    approved: Option<Arc<BTreeSet<FieldName>>>,
}

/// A field of an object, such as `Company.Arr`; the case does not count.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct FieldName(String);

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FieldName {
    /// The field of an object; of a look-up's path, the look-up itself.
    #[must_use]
    pub fn new(object: &str, path: &str) -> Self {
        let field = path.split_once("__gr.").map_or(path, |(lookup, _)| lookup);
        Self(format!("{object}.{field}").to_lowercase())
    }

    /// Whether it is a field that a tenant gave its activities: which there are, only the tenant knows.
    #[must_use]
    pub fn is_own_of_timeline(&self) -> bool {
        self.0.split_once('.').is_some_and(|(object, field)| object == timeline::OBJECT && is_custom(field))
    }

    /// `Object.Field`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (object, field) = text.trim().split_once('.')?;
        let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        (is_name(object) && is_name(field)).then(|| Self::new(object, field))
    }
}

impl Schema {
    /// The objects that this client reads, to be described together in one call.
    pub const OBJECTS: [&'static str; 6] =
        ["Company", "relationship", "Person", "company_person", "GsUser", "activity_timeline"];

    /// Collects descriptions.
    #[must_use]
    pub fn of(descriptions: impl IntoIterator<Item = ObjectDescription>) -> Self {
        let objects = descriptions.into_iter().map(|object| (object.name.to_lowercase(), object)).collect();
        Self { objects: Arc::new(objects), approved: None }
    }

    /// The same for a credential that applies nobody's permissions: of what [`Schema::choices`] lists, only these fields are read.
    #[must_use]
    pub fn approving(self, fields: Arc<BTreeSet<FieldName>>) -> Self {
        Self { approved: Some(fields), ..self }
    }

    /// What an administrator can approve: every field that this client reads and can do without, as `Object.Field`.
    #[must_use]
    pub fn choices() -> BTreeSet<String> {
        let read =
            [companies::READ.as_slice(), &directory::READ, &people::READ, &users::READ, &timeline::READ].concat();
        let optional = read.into_iter().flat_map(|(object, columns)| {
            let paths = columns.iter().filter(|column| !matches!(column, Column::Needed(_))).map(Column::path);
            paths.map(move |path| format!("{object}.{}", path.split_once("__gr.").map_or(path, |(lookup, _)| lookup)))
        });
        optional.chain([format!("{}.{DURATION}", timeline::OBJECT)]).collect()
    }

    /// An object, by its name in any case.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<&ObjectDescription> {
        self.objects.get(&name.to_lowercase())
    }

    /// A field, by names in any case.
    #[must_use]
    pub fn field(&self, object: &str, field: &str) -> Option<&FieldDescription> {
        self.object(object)?.fields.iter().find(|described| described.name.eq_ignore_ascii_case(field))
    }

    /// The label of a picklist's value. Answers hold item ids, at times labels (`gainsight.md` 6): the latter stay as they are.
    #[must_use]
    pub fn label_of(&self, object: &str, field: &str, value: &str) -> String {
        self.option(object, field, value).map_or_else(|| value.to_owned(), |option| option.label.clone())
    }

    /// The choice that a record's value stands for, whether it comes as id, label or system name.
    #[must_use]
    pub fn option(&self, object: &str, field: &str, value: &str) -> Option<&PicklistOption> {
        let options = &self.field(object, field)?.options;
        let by_id = options.iter().find(|option| option.value == value);
        by_id.or_else(|| {
            options.iter().find(|option| option.label == value || option.system_name.as_deref() == Some(value))
        })
    }

    /// The column of the Timeline that holds minutes: its name in the API is nowhere documented, its label is
    /// (`gainsight.md` 10.3). Without it, a duration cannot be kept.
    #[must_use]
    pub fn duration_field(&self) -> Option<&FieldDescription> {
        let is_duration = |field: &&FieldDescription| {
            let label = field.label.to_lowercase();
            !field.is_hidden && (label == "duration" || label.starts_with("duration (in min"))
        };
        self.object(timeline::OBJECT)?.fields.iter().find(is_duration)
    }

    /// That column, if it may be read.
    pub(crate) fn readable_duration(&self) -> Option<&FieldDescription> {
        self.duration_field().filter(|_| self.approves(timeline::OBJECT, DURATION))
    }

    /// The fields that the tenant gave its activities (`gainsight.md` 10.2).
    pub(crate) fn own_fields(&self) -> impl Iterator<Item = &FieldDescription> {
        let fields = self.object(timeline::OBJECT).map(|object| object.fields.as_slice()).unwrap_or_default();
        fields.iter().filter(|field| is_custom(&field.name))
    }

    /// Those of them that may be read.
    pub(crate) fn readable_own_fields(&self) -> impl Iterator<Item = &FieldDescription> {
        self.own_fields().filter(|field| !field.is_hidden && self.approves(timeline::OBJECT, &field.name))
    }

    fn approves(&self, object: &str, path: &str) -> bool {
        self.approved.as_ref().is_none_or(|approved| approved.contains(&FieldName::new(object, path)))
    }

    /// Whether describe shows a field to this credential, at the end of however many look-ups. What a look-up leads to is
    /// taken on trust where that object is not described.
    fn shows(&self, object: &str, path: &str) -> bool {
        let is_shown = |name: &str| self.field(object, name).filter(|field| !field.is_hidden);
        match path.split_once("__gr.") {
            None => is_shown(path).is_some(),
            Some((lookup, rest)) => is_shown(lookup).is_some_and(|field| {
                let target = field.target.as_deref().filter(|target| self.object(target).is_some());
                target.is_none_or(|target| self.shows(target, rest))
            }),
        }
    }

    /// Those columns that this credential can be expected to read.
    pub(crate) fn columns(schema: Option<&Self>, object: &str, columns: &[Column]) -> Vec<String> {
        let described = schema.filter(|schema| schema.object(object).is_some());
        let is_approved = |path: &str| schema.is_none_or(|schema| schema.approves(object, path));
        let is_wanted = |column: &&Column| match (described, column) {
            (_, Column::Usual(path) | Column::Described(path)) if !is_approved(path) => false,
            (None, Column::Usual(_)) | (_, Column::Needed(_)) => true,
            (None, Column::Described(_)) => false,
            (Some(schema), Column::Usual(path) | Column::Described(path)) => schema.shows(object, path),
        };
        columns.iter().filter(is_wanted).map(|column| column.path().to_owned()).collect()
    }
}

/// A field that a query would like to have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column {
    /// Nothing works without it.
    Needed(&'static str),
    /// Every tenant is known to have it; left out only where describe says that this credential does not see it.
    Usual(&'static str),
    /// Asked for only where describe shows it.
    Described(&'static str),
}

impl Column {
    const fn path(&self) -> &'static str {
        match self {
            Self::Needed(path) | Self::Usual(path) | Self::Described(path) => path,
        }
    }
}

impl Gainsight {
    /// Describes objects as this credential sees them, 25 at most. An object that the tenant lacks is missing from the
    /// answer, or makes the whole call fail.
    ///
    /// # Errors
    /// [`Error::UnknownObject`], and what every call may meet.
    pub async fn describe(&self, access: &Access<'_>, objects: &[&str]) -> Result<Vec<ObjectDescription>, Error> {
        let body = json!({
            "objectNames": objects, "populatePickListOptions": true, "removeDeleted": true, "honorUserContext": true,
        });
        let url = address(access.base, &["v1", "meta", "services", "objects", "describe"]);
        match self.send_json(access, Method::POST, url, &body).await? {
            Value::Array(objects) => Ok(objects.iter().filter_map(object).collect()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                Err(Error::Unreadable(Refusal { status: 200, ..Refusal::default() }))
            }
        }
    }
}

/// Reads one entry of the answer.
pub(crate) fn object(value: &Value) -> Option<ObjectDescription> {
    let row = Record::new(value.as_object()?.clone());
    let name = row.text("objectName")?;
    let fields = row.get("fields").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Some(ObjectDescription {
        label: row.text("label").unwrap_or_else(|| name.clone()),
        fields: fields.iter().filter_map(field).collect(),
        name,
    })
}

fn field(value: &Value) -> Option<FieldDescription> {
    let name = record::text(value.get("fieldName"))?;
    let meta = value.get("meta").unwrap_or(&Value::Null);
    // What is missing is taken for the stricter answer.
    let is = |key: &str| meta.get(key).and_then(Value::as_bool) == Some(true);
    let number = |key: &str| meta.get(key).and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
    let is_filled_by_system = is("readOnly") || is("formulaField");
    Some(FieldDescription {
        label: record::text(value.get("label")).unwrap_or_else(|| name.clone()),
        data_type: if is("richText") { DataType::RichText } else { record::text(value.get("dataType")).into() },
        options: value.get("options").and_then(Value::as_array).map(|items| options(items)).unwrap_or_default(),
        target: record::text(meta.pointer("/lookupDetail/lookupObjects/0/objectName")),
        length: number("length").filter(|length| *length > 0),
        decimal_places: number("decimalPlaces").unwrap_or_default(),
        may_be_empty: !is("required") && is("nillable"),
        writing: match (is("createable"), is("updateable")) {
            _ if is_filled_by_system => Writing::Never,
            (false, false) => Writing::Never,
            (true, false) => Writing::OnInsert,
            (false, true) => Writing::OnUpdate,
            (true, true) => Writing::Always,
        },
        is_hidden: is("hidden") || meta.get("accessible").and_then(Value::as_bool) == Some(false),
        name,
    })
}

/// In `displayOrder`; options without one keep their place behind those that have one.
fn options(items: &[Value]) -> Vec<PicklistOption> {
    let mut ordered: Vec<_> = items
        .iter()
        .filter_map(|item| {
            let (value, label) = (record::text(item.get("value"))?, record::text(item.get("label")));
            let order = item.get("displayOrder").and_then(Value::as_i64).unwrap_or(i64::MAX);
            let option = PicklistOption {
                label: label.unwrap_or_else(|| value.clone()),
                system_name: record::text(item.get("systemName")),
                is_active: item.get("active").and_then(Value::as_bool).unwrap_or(true),
                value,
            };
            Some((order, option))
        })
        .collect();
    ordered.sort_by_key(|(order, _)| *order);
    ordered.into_iter().map(|(_, option)| option).collect()
}

impl From<Option<String>> for DataType {
    fn from(text: Option<String>) -> Self {
        let text = text.unwrap_or_default();
        // Browser answers spell types in lower case.
        match text.to_uppercase().as_str() {
            "STRING" => Self::Text,
            "RICHTEXTAREA" => Self::RichText,
            "NUMBER" => Self::Number,
            "PERCENTAGE" => Self::Percentage,
            "CURRENCY" => Self::Currency,
            "BOOLEAN" => Self::Boolean,
            "DATE" => Self::Date,
            "DATETIME" => Self::DateTime,
            "EMAIL" => Self::Email,
            "URL" => Self::Url,
            "PICKLIST" => Self::Picklist,
            "MULTISELECTDROPDOWNLIST" => Self::MultiSelect,
            "LOOKUP" => Self::Lookup,
            "GSID" => Self::Gsid,
            _ => Self::Other(text),
        }
    }
}

#[cfg(test)]
#[path = "metadata_tests.rs"]
mod tests;
