//! Errors of single fields, in the shape in which a failed write lists them (`gainsight.md` 4.2).

use serde_json::{Value, json};

use super::super::envelope::Failure;

/// What is wrong with one field of one record.
#[derive(Clone, Debug)]
pub(crate) struct FieldError {
    pub(crate) code: &'static str,
    pub(crate) field: String,
    pub(crate) text: String,
    pub(crate) invalid: Value,
}

impl FieldError {
    pub(crate) fn new(code: &'static str, field: &str, text: impl Into<String>, invalid: &Value) -> Self {
        Self { code, field: field.to_owned(), text: text.into(), invalid: invalid.clone() }
    }

    fn shown(&self) -> Value {
        json!({
            "success": false,
            "parsedValue": self.invalid,
            "errors": [{
                "errorMessage": self.text, "errorCode": self.code, "fieldName": self.field,
                "invalidValue": self.invalid,
            }],
        })
    }
}

/// The answer to a write of which nothing was applied: per record the list of its errors.
pub(crate) fn rejected(errors: &[Vec<FieldError>]) -> Failure {
    let first = errors.iter().flatten().next();
    let code = first.map_or("GSOBJ_1008", |error| error.code);
    let text = first.map_or("Invalid records.", |error| error.text.as_str());
    let shown: Vec<Vec<Value>> = errors
        .iter()
        .map(|record| record.iter().map(FieldError::shown).collect())
        .filter(|record: &Vec<Value>| !record.is_empty())
        .collect();
    Failure::rejected(code, text, &json!(shown))
}
