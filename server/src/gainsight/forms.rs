//! What a tenant's activity types ask for: what the operator said, what the tenant describes, and what it turned out to demand.

use std::time::Duration;

use serde_json::{Value, json};
use sidelight_api::activity::TypeForm;
use sidelight_api::person::{AskedField, AskedKind, AskedOption};
use sidelight_domain::activity::{ActivityForm, DURATION_FIELD};
use sidelight_domain::words::Word;
use sidelight_gainsight::metadata::FieldDescription;
use sidelight_gainsight::{Error, Kind, Schema, is_custom};

use super::ask::{AskError, Asker, schema, state_of};
use super::budget::Urgency;
use super::persons::asked_kind;
use super::tenants::TenantState;
use crate::app::App;
use crate::config::{FormField, Tenant};
use crate::http::TenantAccess;

/// How long a tenant is waited for that describes itself; then what the operator said has to do.
const DESCRIBING: Duration = Duration::from_secs(2);

/// The forms of a tenant, as far as they are known.
#[derive(Debug)]
pub struct Forms {
    /// Of the types that ask for something.
    pub forms: Vec<TypeForm>,
    /// Whether the tenant described its fields, so that there are no others.
    pub is_whole: bool,
}

/// What each type asks for, required fields first.
///
/// # Errors
/// None in practice: only `Caller::enter` makes an access, and only for a registered tenant.
pub async fn forms(app: &App, access: &TenantAccess) -> Result<Forms, AskError> {
    let (state, asker) = (state_of(app, access)?, Asker::writing(app, access)?);
    let described = tokio::time::timeout(DESCRIBING, schema(app, asker, Urgency::Interactive)).await;
    let schema = described.ok().flatten();
    let form = |type_name: &String| {
        let fields = fields_of(state, type_name, schema.as_deref());
        (!fields.is_empty()).then(|| TypeForm { type_name: type_name.clone(), fields })
    };
    let forms = state.tenant.activity_types.iter().filter_map(form).collect();
    Ok(Forms { forms, is_whole: schema.is_some() })
}

fn fields_of(state: &TenantState, type_name: &str, schema: Option<&Schema>) -> Vec<AskedField> {
    let mut fields: Vec<FormField> = settings(&state.tenant, type_name).to_vec();
    let required = schema.into_iter().flat_map(Schema::required_of_activities).map(|field| field.name.clone());
    // What a refusal named counts once the tenant describes such a field: nobody can fill in what is not there.
    let is_there =
        |name: &String| name == DURATION_FIELD || schema.is_some_and(|schema| schema.activity_field(name).is_some());
    for name in required.chain(state.demanded_of(type_name).into_iter().filter(is_there)) {
        match fields.iter_mut().find(|field| field.name.eq_ignore_ascii_case(&name)) {
            Some(field) => field.is_required = true,
            None => fields.push(FormField { name, is_required: true, ..FormField::default() }),
        }
    }
    // Required ones first, otherwise in the form's order.
    fields.sort_by_key(|field| !field.is_required);
    fields.iter().map(|field| asked(field, schema.and_then(|schema| schema.activity_field(&field.name)))).collect()
}

fn settings<'a>(tenant: &'a Tenant, type_name: &str) -> &'a [FormField] {
    let form = tenant.activity_forms.iter().find(|form| form.type_name == type_name);
    form.map(|form| form.fields.as_slice()).unwrap_or_default()
}

/// A choice is kept by its label, which the operator, the panel and the author read, and which stays when a tenant cannot be asked for ids.
fn asked(field: &FormField, described: Option<&FieldDescription>) -> AskedField {
    let is_duration = field.name == DURATION_FIELD;
    let fallback = if field.options.is_empty() { Kind::Text } else { Kind::Choice };
    let kind = field.kind.or_else(|| described.and_then(FieldDescription::kind)).unwrap_or(fallback);
    let active = described.map(|described| described.options.iter().filter(|option| option.is_active));
    let mut labels: Vec<String> = match active {
        Some(active) if !described.is_some_and(|described| described.options.is_empty()) => {
            active.map(|option| option.label.clone()).collect()
        }
        _ => field.options.clone(),
    };
    labels.retain(|label| field.options.is_empty() || field.options.contains(label));
    let label = field.label.clone().or_else(|| described.map(|described| described.label.clone()));
    AskedField {
        name: described.map_or_else(|| field.name.clone(), |described| described.name.clone()),
        label: label
            .unwrap_or_else(|| if is_duration { Word::ComposerDuration.text().to_owned() } else { plain(&field.name) }),
        kind: if is_duration { AskedKind::Number } else { asked_kind(kind) },
        is_required: field.is_required,
        preset: field.preset.clone().filter(|preset| kind != Kind::Choice || labels.contains(preset)),
        options: labels.into_iter().map(|label| AskedOption { value: label.clone(), label }).collect(),
    }
}

/// The name of a field in words, where nobody says how it is called.
fn plain(name: &str) -> String {
    let bare = name.get(5..name.len().saturating_sub(3)).filter(|_| is_custom(name)).unwrap_or(name);
    bare.replace('_', " ")
}

/// What was filled in, as it is sent. What cannot be such a value is sent as it is: then Gainsight names the field, and nothing is dropped
/// in silence.
#[must_use]
pub fn filled_in(tenant: &Tenant, schema: Option<&Schema>, form: &ActivityForm) -> Vec<(String, Value)> {
    let value = |name: &str, text: &str| {
        if let Some(field) = schema.and_then(|schema| schema.activity_field(name)) {
            return (field.name.clone(), field.value_of(text).unwrap_or_else(|| json!(text)));
        }
        let told = settings(tenant, &form.type_name).iter().find(|field| field.name == name);
        let value = match told.and_then(|field| field.kind) {
            Some(Kind::Number) => text.parse::<f64>().ok().map(|number| json!(number)),
            Some(Kind::Flag) => text.parse::<bool>().ok().map(Value::Bool),
            Some(Kind::Text | Kind::Date | Kind::Choice) | None => None,
        };
        (name.to_owned(), value.unwrap_or_else(|| json!(text)))
    };
    form.fields.iter().map(|filled| value(&filled.name, filled.value.trim())).collect()
}

/// Remembers what a refusal says of a type's form: a field that was left out is demanded, and what the tenant described is out of date.
pub fn learn_from(state: &TenantState, form: &ActivityForm, error: &AskError) {
    let AskError::Call(Error::Invalid { fields, .. }) = error else { return };
    let named = fields.iter().filter_map(|problem| problem.field.as_deref());
    let of_form = |name: &&str| is_custom(name) || name.eq_ignore_ascii_case("duration");
    for name in named.filter(of_form) {
        let is_filled = form.fields.iter().any(|filled| filled.name.eq_ignore_ascii_case(name));
        if is_custom(name) && !is_filled {
            state.demand(&form.type_name, name);
        } else if !is_custom(name) && form.duration_minutes.is_none() {
            state.demand(&form.type_name, DURATION_FIELD);
        }
        state.schemas.forget_where(|_| true);
    }
}
