//! What every page of the simulator has in common: its policy, and its frame.

use axum::response::{Html, IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use maud::{Markup, html};
use url::Url;

use crate::AppRegistration;

/// A page under a policy that lets in nothing but the simulator's own files, and the panel where it is framed.
pub(crate) struct Page {
    markup: Markup,
    frames: String,
    forms: String,
}

impl Page {
    pub(crate) fn new(markup: Markup) -> Self {
        Self { markup, frames: "'none'".to_owned(), forms: "'self'".to_owned() }
    }

    /// Lets the app's panel be framed, wherever it is reached.
    pub(crate) fn framing(self, panels: [&Url; 2]) -> Self {
        Self { frames: panels.map(origin).join(" "), ..self }
    }

    /// Lets an answered form end at the app: browsers check the target of the redirect too.
    pub(crate) fn sending_forms_to(self, app: Option<&AppRegistration>) -> Self {
        match app {
            Some(app) => Self { forms: format!("'self' {}", origin(&app.redirect_url)), ..self },
            None => self,
        }
    }
}

pub(super) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
             frame-src {}; form-action {}; base-uri 'none'; frame-ancestors 'none'",
            self.frames, self.forms
        );
        let mut answer = Html(self.markup.into_string()).into_response();
        let headers = answer.headers_mut();
        headers.extend(HeaderValue::from_str(&policy).ok().map(|policy| (CONTENT_SECURITY_POLICY, policy)));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }
}

/// The style sheets of the windows that hold the panel.
pub(super) const STYLES: &[&str] = &["tokens.css", "window.css", "stage.css", "dock.css", "overlays.css", "drawer.css"];

/// An icon of the sprite.
pub(super) fn icon(name: &str) -> Markup {
    html! {
        svg.icon aria-hidden="true" { use href={ "/simulator/icons.svg#" (name) } {} }
    }
}

/// One of the twelve colours of `elements.mjs`, by the same rule, so that a face keeps its colour across pages.
pub(super) fn colour_of(key: &str) -> u32 {
    key.chars().fold(7, |hash: u32, letter| (hash * 31 + u32::from(letter)) % 9_973) % 12
}

/// The letters in somebody's circle.
fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = letters.next();
    first.into_iter().chain(letters.next_back()).flat_map(char::to_uppercase).collect()
}

/// The circle that stands for somebody.
pub(crate) fn avatar(key: &str, name: &str) -> Markup {
    html! {
        span class={ "avatar colour-" (colour_of(key)) } aria-hidden="true" { (initials(name)) }
    }
}

/// The head of a page with these style sheets.
pub(crate) fn head(title: &str, styles: &[&str], script: Option<&str>) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) }
            link rel="icon" href="/simulator/icon.svg";
            @for style in styles {
                link rel="stylesheet" href={ "/simulator/" (style) };
            }
            @if let Some(script) = script {
                script type="module" src={ "/simulator/" (script) } {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_panel_may_be_framed_and_only_the_app_gets_forms() {
        let app = AppRegistration::demo(&Url::parse("http://localhost:8080").unwrap());
        let policy = |page: Page| {
            let answer = page.into_response();
            answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
        };
        let plain = policy(Page::new(html! {}));
        assert!(plain.contains("frame-src 'none'") && plain.contains("form-action 'self';"), "{plain}");
        let native = Url::parse("http://maya.client.localhost:8097/panel").unwrap();
        let framing = policy(Page::new(html! {}).framing([&app.home_url, &native]));
        assert!(framing.contains("frame-src http://localhost:8080 http://maya.client.localhost:8097;"), "{framing}");
        let sending = policy(Page::new(html! {}).sending_forms_to(Some(&app)));
        assert!(sending.contains("form-action 'self' http://localhost:8080;"), "{sending}");
    }

    #[test]
    fn initials_are_the_first_and_the_last_letter() {
        let cases =
            [("Maya Lindqvist", "ML"), ("Sam", "S"), ("+1 (415) 555-0142", "15"), ("Ana de la Ruiz", "AR"), ("", "")];
        for (name, expected) in cases {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn colours_are_those_of_the_scripts() {
        // The values that `colourOf` in elements.mjs gives; its own test has the same list.
        assert_eq!(["maya-lindqvist", "ana-ruiz", "sam", ""].map(colour_of), [4, 7, 8, 7]);
    }
}
