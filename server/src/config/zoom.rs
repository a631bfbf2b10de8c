//! `[zoom]`: our app at Zoom. Development and production have different credentials (`zoom.md` 2.1), hence `[[zoom.apps]]`.

use secrecy::SecretString;
use sidelight_domain::ids::{OrganisationKey, ZoomClientId};
use url::Url;

use super::Organisation;
use super::reader::Section;

/// Settled `[zoom]`.
#[derive(Clone, Debug)]
pub struct Zoom {
    /// Every client id under which Zoom may open us; the first one is offered for installation.
    pub apps: Vec<ZoomApp>,
    /// `https://zoom.us`, or a stand-in.
    pub oauth_url: Url,
    /// `https://api.zoom.us`, with or without `/v2`.
    pub api_url: Url,
}

/// One pair of Zoom credentials.
#[derive(Clone, Debug)]
pub struct ZoomApp {
    /// OAuth client id; `aud` of the app contexts.
    pub client_id: ZoomClientId,
    /// OAuth client secret; the app contexts are encrypted under it.
    pub client_secret: SecretString,
    /// Secret token of the event subscriptions.
    pub webhook_secret: SecretString,
    /// The organisation whose app this is. `None`: told by the person's Zoom account.
    pub organisation: Option<OrganisationKey>,
}

pub(super) fn read(section: &mut Section<'_>, organisations: &[Organisation]) -> Zoom {
    let mut apps = Vec::new();
    let is_listed = section.has("apps");
    section.each("apps", |section| apps.extend(app(section, organisations)));
    // The plain variables describe one more app, and are required unless the file lists some.
    if !is_listed || section_has_app(section) {
        apps.extend(app(section, organisations));
    }
    Zoom {
        apps,
        oauth_url: address(section, "oauth_url", "https://zoom.us/"),
        api_url: address(section, "api_url", "https://api.zoom.us/"),
    }
}

fn section_has_app(section: &Section<'_>) -> bool {
    ["client_id", "client_secret", "webhook_secret"].iter().any(|key| section.has(key))
}

fn app(section: &mut Section<'_>, organisations: &[Organisation]) -> Option<ZoomApp> {
    let client_id = section.required("client_id");
    let client_secret = section.required("client_secret").map(SecretString::from);
    let webhook_secret = section.required("webhook_secret").map(SecretString::from);
    let organisation = match (section.text("organisation"), organisations) {
        (Some(key), _) if organisations.iter().all(|known| known.key.as_str() != key) => {
            section.mistake("organisation", "is none of [[organisations]]");
            None
        }
        (Some(key), _) => Some(OrganisationKey::new(key)),
        (None, [only]) => Some(only.key.clone()),
        (None, _) => None,
    };
    Some(ZoomApp {
        client_id: ZoomClientId::new(client_id?),
        client_secret: client_secret?,
        webhook_secret: webhook_secret?,
        organisation,
    })
}

#[expect(clippy::expect_used, reason = "constant addresses parse")]
fn address(section: &mut Section<'_>, key: &str, default: &str) -> Url {
    let default = Url::parse(default).expect("a constant address is a URL");
    let Some(url) = section.parsed::<Url>(key, "a URL such as https://zoom.us") else { return default };
    if let Err(invalid) = sidelight_outbound::Origin::of(&url) {
        section.mistake(key, invalid.to_string());
    }
    url
}
