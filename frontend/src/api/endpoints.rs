//! One function per endpoint.

use sidelight_api::ErrorCode;
use sidelight_api::activity::{ActivityTypes, Draft, DraftConflict, LogActivity, PendingWrite, SaveDraft, SettleWrite};
use sidelight_api::entity::EntityList;
use sidelight_api::people::People;
use sidelight_api::session::{LogoutAnswer, LogoutRequest, Panel, RosterReport, View, ViewChange};
use sidelight_api::sign_in::{Branch, CodeRequest, LookUp, SignIn, SignInRequest};
use sidelight_api::timeline::{Activity, TimelinePage};
use sidelight_domain::EntityRef;
use sidelight_domain::ids::{Gsid, SignInId, TenantKey, WriteId};

use crate::api::client::{Client, accepted, decode};
use crate::api::transport::Method::{Delete, Get, Post, Put};
use crate::json;
use crate::state::composer::SaveAnswer;
use crate::state::trouble::Trouble;

type Answer<T> = Result<T, Trouble>;

impl Client {
    /// `GET /panel`
    pub(crate) async fn panel(&self) -> Answer<Panel> {
        self.json(Get, "/panel".to_owned()).await
    }

    /// `PUT /view`
    pub(crate) async fn change_view(&self, change: &ViewChange) -> Answer<View> {
        self.json_with(Put, "/view".to_owned(), change).await
    }

    /// `POST /roster`
    pub(crate) async fn report_roster(&self, report: &RosterReport) -> Answer<()> {
        self.send(Post, "/roster".to_owned(), Some(json::write(report))).await.map(drop)
    }

    /// `POST /logout`
    pub(crate) async fn log_out(&self, request: LogoutRequest) -> Answer<LogoutAnswer> {
        self.json_with(Post, "/logout".to_owned(), &request).await
    }

    /// `GET /entities`
    pub(crate) async fn entities(&self, query: &str, include_inactive: bool) -> Answer<EntityList> {
        let query = Query::new("/entities").text("q", query).flag("include_inactive", include_inactive);
        self.json(Get, query.0).await
    }

    /// `GET /people`
    pub(crate) async fn people(&self, refresh: bool) -> Answer<People> {
        self.json(Get, Query::new("/people").flag("refresh", refresh).0).await
    }

    /// `GET /timeline`
    pub(crate) async fn timeline(
        &self,
        entity: &EntityRef,
        cursor: Option<&str>,
        refresh: bool,
    ) -> Answer<TimelinePage> {
        let query = Query::new("/timeline").entity(entity).text("cursor", cursor.unwrap_or_default());
        self.json(Get, query.flag("refresh", refresh).0).await
    }

    /// `GET /timeline/{tenant}/{id}`
    pub(crate) async fn activity(&self, tenant: &TenantKey, id: &Gsid) -> Answer<Activity> {
        self.json(Get, format!("/timeline/{}/{}", escaped(tenant.as_str()), escaped(id.as_str()))).await
    }

    /// `GET /activity-types`
    pub(crate) async fn activity_types(&self, entity: &EntityRef) -> Answer<ActivityTypes> {
        self.json(Get, Query::new("/activity-types").entity(entity).0).await
    }

    /// `GET /draft`
    pub(crate) async fn draft(&self) -> Answer<Option<Draft>> {
        let answer = self.send(Get, "/draft".to_owned(), None).await?;
        if answer.status == 204 { Ok(None) } else { decode(&answer).map(Some) }
    }

    /// `PUT /draft`
    pub(crate) async fn save_draft(&self, draft: &SaveDraft) -> SaveAnswer {
        let saved = async {
            let answer = self.answer(Put, "/draft".to_owned(), Some(json::write(draft))).await?;
            // The same status with another code carries no other text.
            match decode::<DraftConflict>(&answer) {
                Ok(conflict) if answer.status == ErrorCode::DraftConflict.status() => {
                    Ok(SaveAnswer::Conflict(conflict.current))
                }
                _ => decode(&accepted(answer)?).map(SaveAnswer::Saved),
            }
        };
        saved.await.unwrap_or_else(SaveAnswer::Failed)
    }

    /// `DELETE /draft`
    pub(crate) async fn delete_draft(&self, version: u32) -> Answer<()> {
        self.send(Delete, format!("/draft?version={version}"), None).await.map(drop)
    }

    /// `POST /activities`
    pub(crate) async fn log_activity(&self, activity: &LogActivity) -> Answer<PendingWrite> {
        self.json_with(Post, "/activities".to_owned(), activity).await
    }

    /// `GET /writes`
    pub(crate) async fn writes(&self) -> Answer<Vec<PendingWrite>> {
        self.json(Get, "/writes".to_owned()).await
    }

    /// `POST /writes/{id}`
    pub(crate) async fn settle_write(&self, id: WriteId, settle: SettleWrite) -> Answer<()> {
        self.send(Post, format!("/writes/{id}"), Some(json::write(&settle))).await.map(drop)
    }

    /// `POST /sign-in/look-up`
    pub(crate) async fn look_up(&self, username: String) -> Answer<Branch> {
        self.json_with(Post, "/sign-in/look-up".to_owned(), &LookUp { username }).await
    }

    /// `POST /sign-in`
    pub(crate) async fn begin_sign_in(&self, request: &SignInRequest) -> Answer<SignIn> {
        self.json_with(Post, "/sign-in".to_owned(), request).await
    }

    /// `GET /sign-in/{id}`
    pub(crate) async fn sign_in(&self, id: SignInId) -> Answer<SignIn> {
        self.json(Get, format!("/sign-in/{id}")).await
    }

    /// `POST /sign-in/{id}/code`
    pub(crate) async fn confirm_sign_in(&self, id: SignInId, code: String) -> Answer<SignIn> {
        self.json_with(Post, format!("/sign-in/{id}/code"), &CodeRequest { code }).await
    }

    /// `DELETE /sign-in/{id}`
    pub(crate) async fn leave_sign_in(&self, id: SignInId) -> Answer<()> {
        self.send(Delete, format!("/sign-in/{id}"), None).await.map(drop)
    }
}

/// A path with a query, put together; empty texts and `false` are left out.
struct Query(String);

impl Query {
    fn new(path: &str) -> Self {
        Self(path.to_owned())
    }

    fn text(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            let mark = if self.0.contains('?') { '&' } else { '?' };
            self.0.extend([&mark.to_string(), name, "=", &escaped(value)]);
        }
        self
    }

    fn flag(self, name: &str, value: bool) -> Self {
        self.text(name, if value { "true" } else { "" })
    }

    fn entity(self, entity: &EntityRef) -> Self {
        self.text("tenant", entity.tenant.as_str()).text("kind", entity.kind.as_str()).text("id", entity.id.as_str())
    }
}

/// Percent-encodes everything but the unreserved characters (RFC 3986, 2.3).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push('%');
            escaped
                .extend([byte >> 4, byte & 15].into_iter().filter_map(|digit| char::from_digit(u32::from(digit), 16)));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::company;

    #[test]
    fn a_query_escapes_what_people_type() {
        assert_eq!(Query::new("/entities").text("q", "").flag("include_inactive", false).0, "/entities");
        let query = Query::new("/entities").text("q", "Ä&B ?#%").flag("include_inactive", true).0;
        assert_eq!(query, "/entities?q=%c3%84%26B%20%3f%23%25&include_inactive=true");
    }

    #[test]
    fn an_entity_is_named_by_its_three_parts() {
        let query = Query::new("/timeline").entity(&company("a/b").reference).text("cursor", "2").0;
        assert_eq!(query, "/timeline?tenant=lumen&kind=company&id=a%2fb&cursor=2");
    }
}
