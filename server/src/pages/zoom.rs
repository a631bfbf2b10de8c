//! Pages around the Zoom installation.

use axum::response::Response;
use maud::html;
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
        p { (Word::PageHomeOpenText.text()) }
    };
    crate::http::html(page(Word::PageHomeTitle.text(), &content))
}

/// After the consent page: where to go on.
#[must_use]
pub fn installed(deep_link: Option<&Url>) -> Response {
    let content = html! {
        h1 { (Word::PageInstalledTitle.text()) }
        p { (Word::PageInstalledText.text()) }
        @if let Some(link) = deep_link {
            a.button href=(link) { (Word::PageInstalledOpen.text()) }
        }
    };
    crate::http::html(page(Word::PageInstalledTitle.text(), &content))
}
