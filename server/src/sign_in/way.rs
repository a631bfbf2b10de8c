//! Where the one-time page leads on to, and what ties the way back to the browser that went.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use sidelight_api::sign_in::Account;
use sidelight_gainsight::oauth::authorize_url;
use sidelight_outbound::Pkce;
use sidelight_store::{Digest, SignIn};
use url::Url;

use super::step::LINK_OPENED;
use crate::app::App;
use crate::config::{Salesforce, Tenant};
use crate::gainsight::application;

/// Ties the callback to the browser that opened the link.
pub(super) const COOKIE: &str = "__Host-sidelight-signin";

/// Makes the row ready for the way on. State and cookie are one secret, so that a reload finds the state without our keeping it.
pub(super) fn prepare(app: &App, tenant: &Tenant, row: &mut SignIn, cookie: &str) {
    let pkce = (tenant.pkce || is_salesforce(row)).then(|| {
        let mut entropy = [0; 32];
        app.ids.fill(&mut entropy);
        Pkce::s256(entropy)
    });
    row.state = Some(Digest::of(state_of(cookie)));
    row.verifier = pkce.map(|pkce| pkce.verifier);
    LINK_OPENED.clone_into(&mut row.step);
}

/// Where to go on, the usual way first. The PKCE challenge is made again from the kept verifier.
pub(super) fn ways(app: &App, tenant: &Tenant, row: &SignIn, cookie: &str) -> Vec<Url> {
    let state = state_of(cookie);
    let verifier = row.verifier.as_ref();
    let challenge = verifier.map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose_secret())));
    if !is_salesforce(row) {
        return vec![authorize_url(&tenant.base, &application(app, tenant), &state, challenge.as_deref())];
    }
    let (Some(salesforce), Some(challenge)) = (&app.config.salesforce, challenge) else { return Vec::new() };
    let (client, nonce) = (connected_app(app, salesforce), nonce_of(cookie));
    let to = |(number, host): (usize, &Url)| {
        let state = format!("{state}{HOST}{number}");
        sidelight_salesforce::authorize_url(host, &client, &state, &nonce, &challenge)
    };
    salesforce.hosts.iter().enumerate().map(to).collect()
}

/// Between a state and the number of the host that it was sent to.
const HOST: char = '.';

/// The state without the host, and the host. Whoever changes the number has the code sent to another host of Salesforce's, which does
/// not know it.
pub(super) fn host_in<'a>(salesforce: &'a Salesforce, state: &str) -> Option<(String, &'a Url)> {
    let (state, number) = state.split_once(HOST)?;
    Some((state.to_owned(), salesforce.hosts.get(number.parse::<usize>().ok()?)?))
}

/// Our registration at Salesforce.
pub(super) fn connected_app(app: &App, salesforce: &Salesforce) -> sidelight_salesforce::Application {
    sidelight_salesforce::Application {
        client_id: salesforce.client_id.clone(),
        client_secret: salesforce.client_secret.clone(),
        redirect: app.config.server.link("/salesforce/callback"),
    }
}

/// Whether the login is at Salesforce.
pub(super) fn is_salesforce(row: &SignIn) -> bool {
    row.account == Account::Salesforce.as_str()
}

/// The OAuth `state` that belongs to a cookie: nobody who sees the one can tell the other.
pub(super) fn state_of(cookie: &str) -> String {
    derived("sidelight-state:", cookie)
}

/// The nonce of an id token (`OpenID` Connect Core, 15.5.2), likewise.
pub(super) fn nonce_of(cookie: &str) -> String {
    derived("sidelight-nonce:", cookie)
}

fn derived(purpose: &str, cookie: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::new().chain_update(purpose).chain_update(cookie).finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_and_nonce_tell_nothing_about_the_cookie_and_differ_for_each() {
        assert_ne!(state_of("a"), state_of("b"));
        assert_ne!(state_of("a"), nonce_of("a"));
        assert!(!state_of("cookie").contains("cookie") && !state_of("cookie").contains(HOST));
        assert_eq!((state_of("a").len(), nonce_of("a").len()), (43, 43));
    }

    #[test]
    fn a_state_leads_back_to_the_host_that_it_was_sent_to_or_nowhere() {
        let hosts =
            ["https://login.salesforce.com/", "https://acme.my.salesforce.com/"].map(|host| Url::parse(host).unwrap());
        let salesforce =
            Salesforce { client_id: String::new(), client_secret: String::new().into(), hosts: hosts.to_vec() };
        let host = |state: &str| host_in(&salesforce, state).map(|(state, host)| (state, host.as_str().to_owned()));
        assert_eq!(host("abc.1"), Some(("abc".to_owned(), "https://acme.my.salesforce.com/".to_owned())));
        for state in ["abc", "abc.", "abc.2", "abc.-1", "abc.0.1", ""] {
            assert_eq!(host(state), None, "{state}");
        }
    }
}
