//! Pages around the Zoom installation.

use axum::response::Response;
use maud::{Markup, html};
use sidelight_domain::permission::Permission;
use sidelight_domain::words::Word;
use url::Url;

use super::frame::page;

/// `GET /`: what this is, and how to add it to Zoom.
#[must_use]
pub fn home() -> Response {
    let content = html! {
        h1 { (Word::PageHomeTitle.text()) }
        p { (Word::PageHomeText.text()) }
        a.button href="/zoom/install" { (Word::PageHomeInstall.text()) }
        h2 { (Word::PageHomeOpenTitle.text()) }
        (ways_to_open())
    };
    crate::http::html(page(Word::PageHomeTitle.text(), &content))
}

/// After the consent page: where to go on, and what was not allowed.
#[must_use]
pub fn installed(deep_link: Option<&Url>, declined: &[Permission]) -> Response {
    let content = html! {
        h1 { (Word::PageInstalledTitle.text()) }
        @if let Some(link) = deep_link {
            p { (Word::PageInstalledText.text()) }
            a.button href=(link) { (Word::PageInstalledOpen.text()) }
        }
        h2 { (Word::PageInstalledOpenTitle.text()) }
        (ways_to_open())
        @if !declined.is_empty() {
            h2 { (Word::PageInstalledDeclinedTitle.text()) }
            p { (Word::PageInstalledDeclinedText.text()) }
            ul { @for permission in declined { li { (permission.missing().text()) } } }
            p { a href="/zoom/install" { (Word::PageInstalledAllow.text()) } }
        }
    };
    crate::http::html(page(Word::PageInstalledTitle.text(), &content))
}

/// The answer of Zoom's consent page came to a browser that did not ask for it, or no longer remembers.
#[must_use]
pub fn begin_again() -> Response {
    let content = html! {
        h1 { (Word::PageFailedTitle.text()) }
        p { (Word::PageInstallElsewhere.text()) }
        a.button href="/zoom/install" { (Word::PageHomeInstall.text()) }
    };
    crate::http::html(page(Word::PageFailedTitle.text(), &content))
}

/// In a meeting, in the main client, and where the button is hidden.
fn ways_to_open() -> Markup {
    html! {
        dl {
            dt { (Word::PageOpenMeeting.text()) }
            dd { (Word::PageOpenMeetingHow.text()) }
            dt { (Word::PageOpenMyApps.text()) }
            dd { (Word::PageOpenMyAppsHow.text()) }
            dt { (Word::PageOpenQuickLaunch.text()) }
            dd { (Word::PageOpenQuickLaunchHow.text()) }
        }
    }
}
