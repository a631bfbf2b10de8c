//! Metadata: objects, their fields, picklists (`gainsight.md` 6).

use axum::body::Bytes;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::caller::{Caller, Outcome, read};
use super::envelope::Failure;
use super::objects::table;
use super::store::{Category, Field, Kind, Nature, OBJECTS, Object, RELATION, Readers, Store, Writer};
use super::view::{View, Who, edits_records};

/// `GET /v1/meta/services/objects/list`
pub(crate) async fn list(caller: Caller) -> Response {
    caller.answer(|_| {
        let entry = |object: &Object| {
            json!({
                "objectName": object.name.to_lowercase(), "label": object.label, "labelPlural": object.label_plural,
                "objectType": nature(object), "keyPrefix": object.key_prefix, "readable": true,
            })
        };
        Ok(Outcome::Data(OBJECTS.iter().map(entry).collect()))
    })
}

/// What of a describe body matters here; the other keys are accepted.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    object_names: Vec<String>,
    #[serde(default)]
    populate_pick_list_options: bool,
    #[serde(default)]
    remove_hidden: bool,
    #[serde(default)]
    honor_user_context: bool,
}

/// Most objects that are known to work in one describe.
const MOST_OBJECTS: usize = 25;

/// `POST /v1/meta/services/objects/describe`
pub(crate) async fn describe(caller: Caller, body: Bytes) -> Response {
    caller.answer(|tenant| {
        let request: Request = read(&body)?;
        if request.object_names.len() > MOST_OBJECTS {
            return Err(Failure::invalid("GSOBJ_1008", "At most 25 objects can be described at once."));
        }
        let state = tenant.state();
        let mut described = Vec::new();
        for name in &request.object_names {
            let object = table(&state.store, &caller.ways(), name)?.object;
            let asking = Asking {
                options: request.populate_pick_list_options,
                remove_hidden: request.remove_hidden,
                ..Asking::of(&state.store, &caller.who, request.honor_user_context)
            };
            described.push(asking.object(object));
        }
        Ok(Outcome::Data(described.into()))
    })
}

/// `GET /v1/meta/services/objects/{object}/describe`
pub(crate) async fn describe_one(caller: Caller, Path(object): Path<String>) -> Response {
    caller.answer(|tenant| {
        let state = tenant.state();
        let object = table(&state.store, &caller.ways(), &object)?.object;
        let asking = Asking::of(&state.store, &caller.who, true);
        Ok(Outcome::Data(json!([asking.object(object)])))
    })
}

/// `GET /v1/meta/services/dropdowns/{category}`
pub(crate) async fn dropdown(caller: Caller, Path(category): Path<String>) -> Response {
    caller.answer(|tenant| {
        let state = tenant.state();
        let found = state.store.categories.iter().find(|known| known.gsid == category);
        let category = found.ok_or_else(|| Failure::invalid("GSOBJ_1004", "No such category."))?;
        Ok(Outcome::Data(shown(category)))
    })
}

fn shown(category: &Category) -> Value {
    let item = |(at, item): (usize, &super::store::Item)| {
        json!({
            "gsid": item.gsid, "name": item.label, "systemName": item.label, "displayOrder": at + 1, "shortName": null,
            "color": null, "active": item.is_active, "default": false, "systemDefined": true,
            "categoryId": category.gsid,
        })
    };
    json!({
        "categoryDetails": {
            "gsid": category.gsid, "name": category.name, "systemName": category.name, "type": "SYSTEM",
            "variant": "SINGLE_SELECT", "count": category.items.len(), "limit": 500,
        },
        "childItems": category.items.iter().enumerate().map(item).collect::<Vec<_>>(),
    })
}

const fn nature(object: &Object) -> &'static str {
    match object.nature {
        Nature::Standard => "STANDARD",
        Nature::Custom => "CUSTOM",
        Nature::System => "SYSTEM",
    }
}

/// A describe under way.
struct Asking<'a> {
    store: &'a Store,
    view: View,
    may_write: bool,
    options: bool,
    remove_hidden: bool,
}

impl<'a> Asking<'a> {
    /// With all options and hidden fields; with the rights of the asker, or those of the tenant.
    fn of(store: &'a Store, who: &Who, honour_user: bool) -> Self {
        let who = if honour_user { who } else { &Who::Tenant };
        let (view, may_write) = (View::of(store, who), edits_records(store, who));
        Self { store, view, may_write, options: true, remove_hidden: false }
    }

    fn object(&self, object: &Object) -> Value {
        let is_shown = |field: &&Field| match field.readers {
            Readers::Itself => false,
            Readers::Nobody => !self.remove_hidden,
            Readers::Everybody | Readers::Editors => self.view.reads(field),
        };
        let fields: Vec<_> = object.fields.iter().filter(is_shown).map(|field| self.field(object, field)).collect();
        json!({
            "objectName": object.name.to_lowercase(), "label": object.label, "labelPlural": object.label_plural,
            "objectType": nature(object), "keyPrefix": object.key_prefix, "fields": fields,
        })
    }

    fn field(&self, object: &Object, field: &Field) -> Value {
        let mut described = json!({
            "fieldName": field.name, "label": field.label, "dataType": field.kind.data_type(),
            "objectName": object.name.to_lowercase(), "meta": self.meta(field),
        });
        let category = field.kind.category().and_then(|name| self.store.category(name));
        if let (true, Some(category), Some(fields)) = (self.options, category, described.as_object_mut()) {
            fields.insert("options".to_owned(), options(category));
        }
        described
    }

    fn meta(&self, field: &Field) -> Value {
        let is_writable = field.is_writable() && self.may_write;
        let group = match field {
            field if field.name.ends_with("__gc") || field.name.ends_with("__c") => "CUSTOM",
            field if field.writer == Writer::System => "SYSTEM",
            _ => "STANDARD",
        };
        json!({
            "properties": self.properties(field), "lookupDetail": lookup_detail(field),
            "filterable": true, "sortable": true, "groupable": true, "aggregatable": true,
            "createable": is_writable, "updateable": is_writable, "readOnly": !is_writable,
            "required": field.is_required, "nillable": !field.is_required,
            "formulaField": field.writer == Writer::Formula, "hasLookup": field.kind.target().is_some(),
            "selfLookup": false, "richText": field.kind == Kind::RichText, "indexed": false, "dependentPicklist": false,
            "decimalPlaces": field.decimals, "length": field.length, "hidden": field.readers == Readers::Nobody,
            "nameField": field.is_name,
            "fieldGroupType": group, "description": "",
        })
    }

    fn properties(&self, field: &Field) -> Value {
        if let Some(category) = field.kind.category().and_then(|name| self.store.category(name)) {
            return json!({
                "PICKLIST_CATEGORY": category.name, "PICKLIST_CATEGORY_ID": category.gsid, "sourceType": "PICKLIST",
                "inlineEditable": field.is_writable(), "massEditable": false,
            });
        }
        match field.kind.target() {
            Some(object) => json!({
                "SEARCH_CONTROLLER": "AUTO_SUGGEST",
                "autoSuggestDetails": {
                    "object": object.to_lowercase(), "searchOn": ["Name", "Email"], "columnsToList": ["Gsid"],
                },
            }),
            None => json!({ "inlineEditable": field.is_writable(), "massEditable": false }),
        }
    }
}

fn lookup_detail(field: &Field) -> Value {
    let Some(target) = field.kind.target() else { return Value::Null };
    let label = OBJECTS.iter().find(|object| object.name == target).map(|object| object.label);
    json!({
        "lookupName": format!("{}{RELATION}", field.name), "fieldName": "Gsid",
        "lookupObjects": [{
            "objectName": target.to_lowercase(), "label": label, "namedFieldDetails": { "fieldName": "Name" },
        }],
    })
}

/// Inactive items are listed too (`gainsight.md` 6).
fn options(category: &Category) -> Value {
    let option = |(at, item): (usize, &super::store::Item)| {
        json!({
            "active": item.is_active, "defaultValue": false, "label": item.label, "value": item.gsid,
            "displayOrder": at + 1,
            "group": null, "groupId": category.gsid, "color": null, "validFor": null, "controllerValues": null,
            "description": "", "systemName": item.label,
        })
    };
    category.items.iter().enumerate().map(option).collect()
}
