//! What all pages share.

use axum::response::Response;
use maud::{DOCTYPE, Markup, html};
use sidelight_domain::words::Word;

/// Wraps a page's content.
pub(super) fn page(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " · Sidelight" }
                link rel="icon" type="image/svg+xml" href="/assets/sidelight.svg";
                link rel="stylesheet" href="/assets/pages.css";
            }
            body {
                header { img src="/assets/sidelight.svg" alt="" width="24" height="24"; span { "Sidelight" } }
                main { (content) }
                footer { (Word::PageFooter.text()) }
            }
        }
    }
}

/// A page that says one thing, and what to do next.
#[must_use]
pub fn notice(title: Word, text: &str) -> Response {
    crate::http::html(page(title.text(), &html! { h1 { (title.text()) } p { (text) } }))
}
