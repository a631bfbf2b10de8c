//! The pages of the authorisation flow.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::authorize::BadRequest;
use super::people::Person;
use super::scopes;
use crate::AppRegistration;
use crate::simulator::{Page, avatar, head};

fn page(title: &str, body: &Markup, app: Option<&AppRegistration>) -> Page {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            (head(title, &["tokens.css", "pages.css"], None))
            body.narrow { main.sheet { (body) } }
        }
    };
    Page::new(markup).sending_forms_to(app)
}

/// Who is signed in to Zoom in this browser?
pub(crate) fn picker(people: &[Person], query: &str) -> Page {
    let body = html! {
        p.brand { "Zoom stand-in" }
        h1 { "Sign in" }
        p.quiet { "This is a sandbox: choose whose Zoom account this browser is signed in to." }
        ul.choices {
            @for person in people {
                li {
                    a.choice href={ "/oauth/authorize?" (with_person(query, &person.key)) } {
                        (avatar(&person.key, &person.name))
                        span.who {
                            strong { (person.name) }
                            span.quiet { (person.identity.email.as_deref().unwrap_or_default()) }
                        }
                    }
                }
            }
        }
    };
    page("Sign in", &body, None)
}

/// What the app wants, and whether the person agrees.
pub(crate) fn consent(person: &Person, ticket: &str, query: &str, app: &AppRegistration) -> Page {
    let body = html! {
        p.brand { "Zoom stand-in" }
        h1 { "Add Sidelight?" }
        p.account {
            (avatar(&person.key, &person.name))
            span.who {
                strong { (person.name) }
                span.quiet { (person.identity.email.as_deref().unwrap_or_default()) }
            }
            a href={ "/oauth/authorize?" (with_person(query, "")) } { "Not you?" }
        }
        form method="post" action="/oauth/authorize" {
            input type="hidden" name="ticket" value=(ticket);
            p { "Sidelight, served from " strong { (app.redirect_url.host_str().unwrap_or_default()) } ", will be able to:" }
            ul.scopes {
                @for scope in scopes::ALL {
                    li {
                        label {
                            input type="checkbox" name="scope" value=(scope.name) checked disabled[!scope.is_optional];
                            span { (scope.words) @if scope.is_optional { span.quiet { " · optional" } } }
                        }
                        p.quiet { (scope.reason) }
                        code { (scope.name) }
                    }
                }
            }
            div.buttons {
                button.secondary type="submit" name="decision" value="decline" { "Decline" }
                button.primary type="submit" name="decision" value="allow" { "Allow" }
            }
        }
        p.quiet { "You can remove the app at any time in the App Marketplace, under My Apps." }
    };
    page("Add Sidelight?", &body, Some(app))
}

/// The request is wrong; the app hears nothing of it.
pub(crate) fn refusal(reason: BadRequest) -> Page {
    let body = html! {
        p.brand { "Zoom stand-in" }
        h1 { "This link does not work" }
        p { (reason) "." }
        p.quiet { "The app that sent you here asked in a way that Zoom does not accept. Tell its operator the text above." }
    };
    page("This link does not work", &body, None)
}

/// The page was answered before.
pub(crate) fn outdated() -> Page {
    let body = html! {
        p.brand { "Zoom stand-in" }
        h1 { "This page is out of date" }
        p { "It was answered before, or the sandbox was started again. Go back to the app and begin anew." }
    };
    page("This page is out of date", &body, None)
}

/// The same question with somebody else.
fn with_person(query: &str, key: &str) -> PreEscaped<String> {
    let kept = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "as");
    let mut serializer = url::form_urlencoded::Serializer::new(String::new());
    serializer.extend_pairs(kept).append_pair("as", key);
    // Percent-encoded by now: `&` is the only character left that HTML knows.
    PreEscaped(serializer.finish().replace('&', "&amp;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_queries_cannot_break_out_of_the_page() {
        assert_eq!(with_person("state=\"><script>&as=x", "a b").into_string(), "state=%22%3E%3Cscript%3E&amp;as=a+b");
    }
}
