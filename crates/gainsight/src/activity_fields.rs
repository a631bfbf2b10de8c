//! What a tenant's own forms ask of an activity (`gainsight.md` 10.2, 10.5).
//!
//! Which type asks for which field, and which of them it demands, no documented call tells; what a column is called and holds, describe
//! does. So the operator names the fields, and the tenant says the rest.

use crate::metadata::FieldDescription;
use crate::{Error, FieldProblem, Schema, timeline};

/// How the one refusal begins that was seen for a field which a type demands (`gainsight.md` 10.2); it names labels in quotes.
const DEMANDS: &str = "missing required custom field";

/// Whether a name is one of the fields that a tenant adds to the Timeline: `Ant__…__c`. The others have ways of their own.
#[must_use]
pub fn is_custom(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_word && name.strip_prefix("ant__").and_then(|rest| rest.strip_suffix("__c")).is_some_and(|rest| !rest.is_empty())
}

impl Schema {
    /// A field of the tenant's own that a new activity may bring, by its name in any case.
    #[must_use]
    pub fn activity_field(&self, name: &str) -> Option<&FieldDescription> {
        let field = self.field(timeline::OBJECT, name).filter(|_| is_custom(name))?;
        (field.is_createable() && !field.is_hidden).then_some(field)
    }

    /// The fields of the tenant's own that no activity may go without, whatever its type.
    pub fn required_of_activities(&self) -> impl Iterator<Item = &FieldDescription> {
        self.own_fields().filter(|field| field.is_createable() && !field.is_hidden && !field.may_be_empty)
    }
}

/// A refusal that names fields by their labels alone names them by their names, so that they can be shown at their places.
pub(crate) fn naming_fields(error: Error, schema: Option<&Schema>) -> Error {
    let Some(schema) = schema else { return error };
    let Error::Invalid { fields, refusal } = error else { return error };
    Error::Invalid { fields: fields.into_iter().flat_map(|problem| named(problem, schema)).collect(), refusal }
}

/// A problem for each field that it speaks of, or the problem as it is.
fn named(problem: FieldProblem, schema: &Schema) -> Vec<FieldProblem> {
    if problem.field.is_some() || !problem.message.to_lowercase().starts_with(DEMANDS) {
        return vec![problem];
    }
    let meant = schema.own_fields().filter(|field| problem.message.contains(&format!("'{}'", field.label)));
    let named: Vec<_> =
        meant.map(|field| FieldProblem { field: Some(field.name.clone()), ..problem.clone() }).collect();
    if named.is_empty() { vec![problem] } else { named }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Refusal, metadata};

    fn schema() -> Schema {
        let field = |name: &str, label: &str, is_writable: bool, is_required: bool| {
            json!({"fieldName": name, "label": label, "dataType": "STRING",
                "meta": {"createable": is_writable, "updateable": is_writable, "required": is_required, "nillable": !is_required}})
        };
        let fields = [
            field("Subject", "Subject", true, true),
            field("Ant__Outcome__c", "Outcome", true, false),
            field("Ant__Sponsor__c", "Executive sponsor", true, true),
            field("Ant__Score__c", "Score", false, true),
        ];
        Schema::of(metadata::object(&json!({"objectName": "Activity_Timeline", "fields": fields})))
    }

    #[test]
    fn a_field_of_the_tenant_s_own_is_known_by_its_name() {
        let cases = [
            ("Ant__Outcome__c", true),
            ("ANT__outcome__C", true),
            ("Ant____c", false),
            ("Ant__Out come__c", false),
            ("AuthorId", false),
            ("Outcome__gc", false),
        ];
        for (name, is_one) in cases {
            assert_eq!(is_custom(name), is_one, "{name}");
        }
    }

    #[test]
    fn only_what_a_new_activity_may_bring_is_offered() {
        let schema = schema();
        let offered =
            ["ant__outcome__c", "Subject", "Ant__Score__c", "Ant__Nothing__c"].map(|name| schema.activity_field(name));
        assert_eq!(
            offered.map(|field| field.map(|field| field.name.as_str())),
            [Some("Ant__Outcome__c"), None, None, None]
        );
        assert_eq!(
            schema.required_of_activities().map(|field| field.name.as_str()).collect::<Vec<_>>(),
            ["Ant__Sponsor__c"]
        );
    }

    #[test]
    fn a_refusal_that_names_labels_is_put_at_its_fields() {
        let name = |field: Option<&str>, message: &str| {
            let problem = FieldProblem { field: field.map(str::to_owned), code: None, message: message.to_owned() };
            let error = Error::Invalid { fields: vec![problem], refusal: Refusal::default() };
            let Error::Invalid { fields, .. } = naming_fields(error, Some(&schema())) else { return Vec::new() };
            fields.into_iter().map(|problem| problem.field.unwrap_or_default()).collect::<Vec<_>>()
        };
        let text =
            "Missing required custom fields: 'Outcome' (type: PICKLIST, allowed values: [a]), 'Executive sponsor'";
        assert_eq!(name(None, text), ["Ant__Outcome__c", "Ant__Sponsor__c"]);
        assert_eq!(name(Some("Notes"), text), ["Notes"]);
        assert_eq!(name(None, "Missing required custom fields: 'Else'"), [""]);
        assert_eq!(name(None, "'Outcome' is odd"), [""]);
    }
}
