//! Opens what Gainsight wraps its answers in (`gainsight.md` 4.1).
//!
//! There are two envelopes, a third form for failures of Data Management, and pages of HTML from whatever stands in between. A
//! failed call may still be a 200, so `result` is looked at before the status.

use std::time::Duration;

use serde_json::{Map, Value};
use sidelight_outbound::Answer;

use crate::error::{FieldProblem, Refusal};
use crate::{Error, record};

/// More problems than a form has fields are of no use to anybody.
const MOST_PROBLEMS: usize = 50;

/// An answer that is no success, before anybody decided what it means for the call.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) refusal: Refusal,
    /// What is said of single fields.
    pub(crate) fields: Vec<FieldProblem>,
    /// What is said of the whole.
    text: String,
    retry_after: Option<Duration>,
    /// Whether the body was JSON at all.
    is_json: bool,
}

/// The `data` of a success.
pub(crate) fn open(answer: &Answer) -> Result<Value, Box<Failure>> {
    let body = answer.json::<Value>().ok();
    let Some(Value::Object(mut body)) = body else { return Err(Failure::of(answer, None).into()) };
    let has_failed = body.get("result").and_then(Value::as_bool) == Some(false);
    let is_ours = body.contains_key("result") || body.contains_key("data");
    if has_failed || !answer.status.is_success() {
        return Err(Failure::of(answer, Some(&body)).into());
    }
    if !is_ours {
        // Somebody's JSON, but neither of the envelopes.
        return Err(Failure::of(answer, None).into());
    }
    Ok(body.remove("data").unwrap_or_default())
}

impl Failure {
    /// Reads whatever can be read of a failure.
    pub(crate) fn of(answer: &Answer, body: Option<&Map<String, Value>>) -> Self {
        let said = |key: &str| body.and_then(|body| body.get(key)).and_then(Value::as_str).map(str::trim);
        let said = |keys: &[&str]| keys.iter().filter_map(|key| said(key)).find(|text| !text.is_empty());
        let mut fields = Vec::new();
        if let Some(body) = body {
            ["data", "errors"]
                .into_iter()
                .filter_map(|key| body.get(key))
                .for_each(|value| collect(value, &mut fields));
        }
        let code = said(&["errorCode", "code", "title"]).and_then(short_code);
        let first_code = || fields.iter().find_map(|problem| problem.code.clone());
        Self {
            refusal: Refusal {
                status: answer.status.as_u16(),
                code: code.or_else(first_code),
                request_id: said(&["requestId"]).and_then(short_id),
            },
            text: said(&["errorDesc", "detail", "message", "localizedErrorDesc", "localizedMessage"])
                .unwrap_or_default()
                .to_owned(),
            fields,
            retry_after: answer.retry_after(),
            is_json: body.is_some(),
        }
    }

    /// The problems in the `data` of what came as a success.
    pub(crate) fn within(data: &Value) -> Option<Self> {
        let mut fields = Vec::new();
        collect(data, &mut fields);
        let code = fields.first()?.code.clone();
        let refusal = Refusal { status: 200, code, request_id: None };
        Some(Self { refusal, fields, text: String::new(), retry_after: None, is_json: true })
    }

    /// Whether this means that nothing matches, in either of its forms (`gainsight.md` 5.1).
    pub(crate) fn is_empty_result(&self) -> bool {
        self.refusal.code.as_deref() == Some("GSOBJ_1011") || self.text.to_lowercase().contains("no data found")
    }

    /// How surely this says that a record with this `ExternalId` is there already.
    ///
    /// No code for it is documented. A message may echo what the author wrote, so the word alone is no proof: it has to stand
    /// at the field `ExternalId`, or beside the id itself.
    pub(crate) fn duplicate_evidence(&self, external_id: &str) -> Evidence {
        if self.refusal.status == 409 {
            return Evidence::Sure;
        }
        let of_field = |problem: &FieldProblem| {
            problem.field.as_deref().is_some_and(|field| field.eq_ignore_ascii_case("ExternalId"))
        };
        let named = self.fields.iter().filter(|problem| problem.field.is_some());
        if named.clone().next().is_some() {
            let is_sure = named.clone().any(|problem| of_field(problem) && speaks_of_duplicate(&problem.message));
            return if is_sure { Evidence::Sure } else { Evidence::None };
        }
        let texts = || self.fields.iter().map(|problem| &problem.message).chain([&self.text]);
        let speaking = || texts().filter(|text| speaks_of_duplicate(text));
        if speaking().any(|text| text.contains(external_id)) {
            Evidence::Sure
        } else if speaking().next().is_some() || self.refusal.code.as_deref().is_some_and(speaks_of_duplicate) {
            Evidence::Possible
        } else {
            Evidence::None
        }
    }

    /// What the failure means where nothing special is expected.
    pub(crate) fn into_error(mut self) -> Error {
        let refusal = self.refusal.clone();
        match (refusal.code.as_deref().unwrap_or_default(), refusal.status) {
            ("GS_APIG_2401" | "GSOBJ_1024", _) => Error::Unauthorized(refusal),
            ("GU_2400", _) | (_, 429) => Error::Busy { retry_after: self.retry_after, refusal },
            ("OBJECT_NOT_FOUND", _) => Error::UnknownObject(refusal),
            ("GSOBJ_1023", _) => Error::NotOffered(refusal),
            ("GSOBJ_1011", _) => Error::NotFound(refusal),
            ("GU_1101" | "GSOBJ_1003", _) => Error::Unavailable(refusal),
            (code, _) if is_form_error(code) => self.invalid(),
            (_, 401) => Error::Unauthorized(refusal),
            (_, 403) => Error::Forbidden(refusal),
            (_, 404) => Error::NotFound(refusal),
            (_, 409) => Error::Duplicate(refusal),
            (_, 500..) => Error::Unavailable(refusal),
            _ if !self.is_json => Error::Unreadable(refusal),
            _ => self.invalid(),
        }
    }

    fn invalid(&mut self) -> Error {
        let mut fields = std::mem::take(&mut self.fields);
        if fields.is_empty() && !self.text.is_empty() {
            let message = std::mem::take(&mut self.text);
            fields.push(FieldProblem { field: None, code: self.refusal.code.clone(), message });
        }
        Error::Invalid { fields, refusal: self.refusal.clone() }
    }
}

/// What a failure says about a record that may be there already.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Evidence {
    /// Nothing.
    None,
    /// It speaks of a duplicate, without saying of what.
    Possible,
    /// It is there.
    Sure,
}

/// The codes of 4.2 that speak of the request's contents, and every `GSOBJ_…` that we do not know.
fn is_form_error(code: &str) -> bool {
    let known = ["GU_2401", "GU_2402", "GU_2403", "GU_2409", "GU_2410", "GU_2411", "COCKPIT_5101", "P_5005"];
    known.contains(&code) || code.starts_with("GSOBJ_")
}

fn speaks_of_duplicate(text: &str) -> bool {
    let text = text.to_lowercase();
    ["duplicate", "already exist", "already present", "not unique", "must be unique"]
        .iter()
        .any(|word| text.contains(word))
}

/// Finds the problems in an array per record of arrays (`gainsight.md` 4.2), however deep they lie.
fn collect(value: &Value, found: &mut Vec<FieldProblem>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(object) if found.len() < MOST_PROBLEMS => {
            if let Some(message) = object.get("errorMessage").and_then(Value::as_str) {
                found.push(FieldProblem {
                    field: record::text(object.get("fieldName")),
                    code: record::text(object.get("errorCode")).as_deref().and_then(short_code),
                    message: message.to_owned(),
                });
            }
            object.values().for_each(|value| collect(value, found));
        }
        Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Codes end in logs, so nothing that could be a person's text passes for one.
fn short_code(text: &str) -> Option<String> {
    let is_code = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    (text.len() <= 40 && !text.is_empty() && text.chars().all(is_code)).then(|| text.to_owned())
}

fn short_id(text: &str) -> Option<String> {
    let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    (text.len() <= 100 && text.chars().all(is_id)).then(|| text.to_owned())
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
