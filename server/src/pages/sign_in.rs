//! The two pages of a Gainsight sign-in in the system browser (design 4.3).

use axum::response::Response;
use maud::html;
use sidelight_domain::words::Word;
use url::Url;

use super::frame::page;

/// Who asks for a sign-in.
#[derive(Clone, Debug)]
pub struct Asking<'a> {
    /// Zoom name, with a remark where nobody but the panel vouches for it.
    pub name: &'a str,
    /// Address that Zoom verified, if any.
    pub email: Option<&'a str>,
    /// Name of the organisation.
    pub organisation: &'a str,
    /// Name of the tenant.
    pub tenant: &'a str,
    /// Host and environment of each tenant that it may be.
    pub domains: &'a [String],
}

/// `GET /signin/{one-time}`: who asks, and the way on. A person who did not begin this stops here.
#[must_use]
pub fn asking(asking: &Asking<'_>, ways: &[Url]) -> Response {
    let content = html! {
        h1 { (Word::PageSignInTitle.fill(&[("tenant", asking.tenant)])) }
        p { (Word::PageSignInAsks.text()) }
        dl {
            dt { (Word::PageSignInWho.text()) }
            dd { (asking.name) @if let Some(email) = asking.email { br; (email) } }
            dt { (Word::PageSignInOrganisation.text()) }
            dd { (asking.organisation) }
            dt { (Word::PageSignInDomain.text()) }
            @for domain in asking.domains { dd { (domain) } }
        }
        p.warning { (Word::PageSignInWarning.text()) }
        @for (number, way) in ways.iter().enumerate() {
            @let to = Word::PageSignInGoOn.fill(&[("host", way.host_str().unwrap_or_default())]);
            @if number == 0 {
                a.button href=(way) rel="noreferrer" { (to) }
            } @else {
                p { a href=(way) rel="noreferrer" { (to) } }
            }
        }
    };
    crate::http::html(page(&Word::PageSignInTitle.fill(&[("tenant", asking.tenant)]), &content))
}

/// After the tenant's own page: who signed in, and the code that ties this browser to the panel, if one is needed.
#[must_use]
pub fn signed_in(name: &str, tenant: &str, code: Option<&str>) -> Response {
    let content = html! {
        h1 { (Word::PageWelcomeTitle.text()) }
        p { (Word::PageWelcomeWho.fill(&[("name", name), ("tenant", tenant)])) }
        @if let Some(code) = code {
            p { (Word::PageWelcomeCode.text()) }
            p.code aria-label=(Word::PageWelcomeCodeLabel.text()) { (code) }
            p.warning { (Word::PageWelcomeCodeWarning.text()) }
        } @else {
            p { (Word::PageWelcomeBack.text()) }
        }
    };
    crate::http::html(page(Word::PageWelcomeTitle.text(), &content))
}
