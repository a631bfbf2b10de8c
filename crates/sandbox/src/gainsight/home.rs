//! A plain 360 view, so that somebody who logged a note can find it where it went (`gainsight.md` 7.2 for the addresses).

use std::sync::Arc;

use axum::extract::Query;
use axum::response::Response;
use http::{HeaderMap, Uri};
use maud::{Markup, html};
use serde::Deserialize;

use super::caller::Visit;
use super::oauth::{log_in_first, signed_in};
use super::pages;
use super::query::dates::spelled;
use super::store::{Cell, Row, Store};
use super::tenant::Tenant;
use super::view::{View, Who};

/// Most entries of the Timeline on one page.
const MOST_ENTRIES: usize = 100;

/// `GET /`: the companies that somebody sees.
pub(crate) async fn home(visit: Visit, headers: HeaderMap, uri: Uri) -> Response {
    show(&visit, &headers, &uri, |store, view| {
        let companies = store.table("Company")?;
        let mut rows: Vec<&Row> = companies.rows().iter().filter(|row| view.sees(companies, row)).collect();
        rows.sort_by_key(|row| text(companies.value(row, "Name")).to_lowercase());
        let content = html! {
            h1 { "Companies" }
            div.scroll { table {
                thead { tr { th { "Name" } th { "Stage" } th { "CSM" } th { "Renewal" } th { "Score" } } }
                tbody {
                    @for row in rows {
                        tr {
                            td {
                                a href={ "/v1/ui/customersuccess360?cid=" (companies.gsid(row)) } {
                                    (text(companies.value(row, "Name")))
                                }
                            }
                            td { (text(companies.value(row, "Stage"))) }
                            td { (named(store, "GsUser", companies.value(row, "Csm"))) }
                            td { (day(companies.value(row, "RenewalDate"))) }
                            td.number { (number(companies.value(row, "CurrentScore"))) }
                        }
                    }
                }
            } }
        };
        Some(("Companies".to_owned(), content))
    })
}

#[derive(Deserialize)]
pub(crate) struct Which {
    #[serde(alias = "rid")]
    cid: String,
}

/// `GET /v1/ui/customersuccess360?cid=…`: a company with its Timeline.
pub(crate) async fn company(visit: Visit, headers: HeaderMap, uri: Uri, Query(which): Query<Which>) -> Response {
    show(&visit, &headers, &uri, |store, view| entity(store, view, "Company", "GsCompanyId", &which.cid))
}

/// `GET /v1/ui/Relationship360?rid=…`: a relationship with its Timeline.
pub(crate) async fn relationship(visit: Visit, headers: HeaderMap, uri: Uri, Query(which): Query<Which>) -> Response {
    show(&visit, &headers, &uri, |store, view| entity(store, view, "relationship", "GsRelationshipId", &which.cid))
}

fn entity(store: &Store, view: &View, object: &str, link: &str, gsid: &str) -> Option<(String, Markup)> {
    let table = store.table(object)?;
    let row = table.get(gsid).filter(|row| view.sees(table, row))?;
    let name = text(table.value(row, "Name")).to_owned();
    let activities = store.table("activity_timeline")?;
    let mut entries: Vec<&Row> = activities.find(link, gsid).collect();
    entries.sort_by_key(|row| std::cmp::Reverse(activities.value(row, "ActivityDate").as_time()));
    let content = html! {
        h1 { (name) }
        ul.facts {
            li { b { "Stage" } (text(table.value(row, "Stage"))) }
            li { b { "CSM" } (named(store, "GsUser", table.value(row, "Csm"))) }
            li { b { "Renewal" } (day(table.value(row, "RenewalDate"))) }
            li { b { "Score" } (number(table.value(row, "CurrentScore"))) }
            li { b { "Activities" } (entries.len()) }
        }
        h2 { "Timeline" }
        @for row in entries.iter().take(MOST_ENTRIES) { (entry(store, row)) }
    };
    Some((name, content))
}

/// Notes as text only: what hostile mark-up does is the business of whoever reads it over the API.
fn entry(store: &Store, row: &Row) -> Markup {
    let Some(activities) = store.table("activity_timeline") else { return html! {} };
    let value = |field| activities.value(row, field);
    let attendees = [text(value("InternalAttendees")), text(value("ExternalAttendees"))];
    html! {
        article.entry {
            h3 { (text(value("Subject"))) }
            div.quiet {
                (text(value("TypeName"))) " · " (day(value("ActivityDate"))) " · "
                "by " (named(store, "GsUser", value("AuthorId")))
                @for (number, names) in attendees.iter().filter(|names| !names.is_empty()).enumerate() {
                    (if number == 0 { " · with " } else { ", " }) (names)
                }
            }
            p { (text(value("NotesPlainText"))) }
        }
    }
}

fn show(
    visit: &Visit,
    headers: &HeaderMap,
    uri: &Uri,
    content: impl FnOnce(&Store, &View) -> Option<(String, Markup)>,
) -> Response {
    let Some(tenant) = visit.tenant() else { return pages::no_such_host() };
    let Some(user) = signed_in(tenant, headers) else {
        let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        return log_in_first(visit, tenant, path);
    };
    let shown = {
        let state = tenant.state();
        let view = View::of(&state.store, &Who::User(Arc::clone(&user)));
        let name = text(&state.store.value("GsUser", &user, "Name")).to_owned();
        content(&state.store, &view).map(|(title, content)| (title, framed(tenant, &name, &content)))
    };
    match shown {
        Some((title, content)) => pages::page(&format!("{title} – {}", tenant.vendor.name), &content, &[]),
        None => pages::problem(tenant, "There is nothing here, or not for you."),
    }
}

fn framed(tenant: &Tenant, user: &str, content: &Markup) -> Markup {
    html! {
        header.bar {
            (pages::brand(tenant))
            a href="/" { "Companies" }
            span.quiet { (user) }
            a href="/v1/logout" { "Log out" }
        }
        main { (content) }
    }
}

fn text(cell: &Cell) -> &str {
    cell.as_text().unwrap_or_default()
}

fn number(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Null | Cell::Text(_) | Cell::Flag(_) | Cell::Time(_) | Cell::Items(_) => String::new(),
    }
}

fn day(cell: &Cell) -> String {
    cell.as_time().map(|millis| spelled(millis, false)).unwrap_or_default()
}

fn named(store: &Store, object: &str, gsid: &Cell) -> String {
    let gsid = gsid.as_text().unwrap_or_default();
    store.value(object, gsid, "Name").as_text().unwrap_or_default().to_owned()
}
