//! Request bodies and queries, refused in our own shape with the field that is wrong.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use sidelight_api::ErrorCode;

use super::Refusal;

/// A JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Input<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match Json::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            // Serde quotes the offending value in its text: the field's name is taken from it, the rest is dropped unlogged.
            Err(JsonRejection::JsonDataError(error)) => {
                let field = missing_field(&error.body_text()).unwrap_or_default();
                Err(Refusal::new(ErrorCode::UnreadableInput).with_fields(field))
            }
            Err(error) if error.status() == 413 => Err(ErrorCode::TooLarge.into()),
            Err(error) => Err(Refusal::new(ErrorCode::UnreadableInput).because(error)),
        }
    }
}

/// Finds the name in "missing field `subject` at line 1 column 2".
fn missing_field(text: &str) -> Option<Vec<sidelight_api::FieldError>> {
    let (_, rest) = text.split_once("missing field `")?;
    let (field, _) = rest.split_once('`')?;
    let message = sidelight_domain::words::Word::FieldMissing.text().to_owned();
    Some(vec![sidelight_api::FieldError { field: field.to_owned(), message }])
}

/// A query string.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        query
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|_: QueryRejection| ErrorCode::UnreadableInput.into())
    }
}
