//! Gainsight's data centres with their tenants, told apart by host name (`gainsight.md` 1).

mod caller;
mod control;
mod envelope;
mod home;
mod limits;
mod metadata;
mod oauth;
mod objects;
mod pages;
mod people;
mod query;
mod seed;
mod store;
mod switches;
mod tenant;
mod timeline;
mod users;
mod view;
mod write;

use std::sync::Arc;

use axum::response::Response;
use axum::routing::{delete, get, post, put};
use axum::{Extension, Router};
use http::HeaderMap;
use http::header::HOST;

use crate::Shared;
use crate::control::Site;
use crate::world::{Centre, vendor_of_host};
use caller::Visit;
use envelope::Failure;
use oauth::single_sign_on::{self, is_sign_on_host};
use tenant::Cloud;
use write::records;

pub(crate) use oauth::secret;
pub(crate) use pages::{page, style};
pub(crate) use switches::ALL as SWITCHES;
pub(crate) use tenant::{access_key_of, application_of};

/// How the control sees these ports.
pub(crate) const SITE: Site = Site { realm, failure: envelope::failure };

fn realm(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let elsewhere = if is_sign_on_host(host) { "identity" } else { "unknown" };
    vendor_of_host(host).map_or(elsewhere, |vendor| vendor.key).to_owned()
}

/// The data centres: the routes of each, and what the control can do to all their tenants.
pub(crate) fn routers(shared: &Arc<Shared>) -> (impl Fn(Centre) -> Router, Router) {
    let cloud = Cloud::open(shared);
    let control = control::router(&cloud);
    (move |centre| router(&cloud).layer(Extension(centre)), control)
}

fn router(cloud: &Arc<Cloud>) -> Router {
    Router::new()
        .merge(browser_routes())
        .merge(object_routes())
        .route("/v1/users/oauth/token", post(oauth::token))
        .route("/v1/users/m2m/oauth/token", post(oauth::machine_token))
        .route("/v1/users/services/list", post(users::list))
        .route("/v1/users/me", get(users::me))
        .route("/v1/peoplemgmt/v1.0/people", put(people::upsert))
        .route("/v1/ant/es/activity", post(timeline::log).put(timeline::change).delete(timeline::delete))
        .route("/v1/ant/es/activity/deleted", post(timeline::deleted))
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_path)
        .with_state(Arc::clone(cloud))
}

/// Records and what is known about them.
fn object_routes() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/v1/data/objects/query/{object}", post(objects::query))
        .route("/v1/data/objects/{object}", post(records::insert).put(records::update))
        .route("/v1/data/objects/{object}/{gsid}", delete(records::delete))
        .route("/v1/meta/services/objects/list", get(metadata::list))
        .route("/v1/meta/services/objects/describe", post(metadata::describe))
        .route("/v1/meta/services/objects/{object}/describe", get(metadata::describe_one))
        .route("/v1/meta/services/dropdowns/{category}", get(metadata::dropdown))
}

/// What a person opens, rather than a program.
fn browser_routes() -> Router<Arc<Cloud>> {
    Router::new()
        .route("/", get(home::home))
        .route("/v1/ui/customersuccess360", get(home::company))
        .route("/v1/ui/Relationship360", get(home::relationship))
        .route("/_assets/tenant.css", get(pages::style))
        .route("/v1/authorize", get(oauth::authorize))
        .route("/v1/authorize/login", post(oauth::log_in))
        .route("/v1/authorize/consent", post(oauth::consent))
        .route("/v1/authorize/sso", get(single_sign_on::arrive))
        .route("/saml/sso", get(single_sign_on::provider))
        .route("/saml/login", post(single_sign_on::sign_in))
        .route("/login/callback", get(single_sign_on::consume))
        .route("/v1/logout", get(oauth::log_out))
}

async fn unknown_path(visit: Visit) -> Response {
    visit.refuse(Failure::unknown_path())
}
