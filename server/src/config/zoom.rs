//! `[zoom]`: our app at Zoom. Development and production have different credentials (`zoom.md` 2.1), hence `[[zoom.apps]]`.

use secrecy::{ExposeSecret as _, SecretString};
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
    /// How the client compares the challenge of an authorisation that begins in it.
    pub in_client_pkce: InClientPkce,
}

/// How a code challenge is made from its verifier (RFC 7636, 4.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InClientPkce {
    /// They are the same: all that works inside Zoom's client today (`zoom.md` 4.3).
    Plain,
    /// By its digest, should Zoom change that.
    S256,
}

impl InClientPkce {
    /// As it stands in the file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::S256 => "S256",
        }
    }
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

/// What the demo signs contexts and webhooks with: printed in the source, hence refused as soon as others than this machine can connect.
const DEMO_SECRETS: [&str; 2] = ["sidelight-demo-secret-not-for-production", "sidelight-demo-webhook-secret"];

pub(super) fn read(section: &mut Section<'_>, organisations: &[Organisation], is_development: bool) -> Zoom {
    let app = |section: &mut Section<'_>| app(section, organisations, is_development);
    let mut apps = Vec::new();
    let is_listed = section.has("apps");
    section.each("apps", |section| apps.extend(app(section)));
    // The plain variables describe one more app, and are required unless the file lists some.
    if !is_listed || section_has_app(section) {
        apps.extend(app(section));
    }
    Zoom {
        apps,
        oauth_url: address(section, "oauth_url", "https://zoom.us/"),
        api_url: address(section, "api_url", "https://api.zoom.us/"),
        in_client_pkce: in_client_pkce(section),
    }
}

fn in_client_pkce(section: &mut Section<'_>) -> InClientPkce {
    match section.text("in_client_pkce").as_deref() {
        None | Some("plain") => InClientPkce::Plain,
        Some("S256") => InClientPkce::S256,
        Some(_) => {
            section.mistake("in_client_pkce", "is neither plain nor S256");
            InClientPkce::Plain
        }
    }
}

fn section_has_app(section: &Section<'_>) -> bool {
    ["client_id", "client_secret", "webhook_secret"].iter().any(|key| section.has(key))
}

fn app(section: &mut Section<'_>, organisations: &[Organisation], is_development: bool) -> Option<ZoomApp> {
    let client_id = section.required("client_id");
    let client_secret = secret(section, "client_secret", is_development);
    let webhook_secret = secret(section, "webhook_secret", is_development);
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

/// A secret that must be there, and that not everybody knows.
fn secret(section: &mut Section<'_>, key: &str, is_development: bool) -> Option<SecretString> {
    let secret = section.required(key).map(SecretString::from)?;
    if !is_development && DEMO_SECRETS.contains(&secret.expose_secret()) {
        section.mistake(key, "is the demo's, which everybody knows; it works with a loopback public URL only");
        return None;
    }
    Some(secret)
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

#[cfg(all(test, feature = "sandbox"))]
mod tests {
    use sidelight_sandbox::AppRegistration;

    use super::*;

    #[test]
    fn the_demos_secrets_are_refused_for_a_public_address() {
        let demo = AppRegistration::demo(&Url::parse("http://localhost:8080").unwrap());
        let cases = [
            ("own", "own", &[][..]),
            (&demo.client_secret, "own", &["zoom.client_secret"]),
            ("own", &demo.webhook_secret, &["zoom.webhook_secret"]),
            (&demo.client_secret, &demo.webhook_secret, &["zoom.client_secret", "zoom.webhook_secret"]),
        ];
        for (client_secret, webhook_secret, expected) in cases {
            let found = |is_development| {
                let settings =
                    [("client_id", "id"), ("client_secret", client_secret), ("webhook_secret", webhook_secret)];
                let table = settings.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect();
                let mut mistakes = Vec::new();
                read(&mut Section::new("zoom", table, &mut mistakes), &[], is_development);
                mistakes.into_iter().map(|mistake| mistake.key).collect::<Vec<_>>()
            };
            assert_eq!(found(false), expected);
            assert!(found(true).is_empty());
        }
    }
}
