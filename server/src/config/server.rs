//! `[server]`: where it listens and how it is reached.

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use tracing_subscriber::EnvFilter;
use url::{Host, Url};

use super::reader::Section;

/// Settled `[server]`.
#[derive(Clone, Debug)]
pub struct Server {
    /// Public listener: panel, API, webhooks.
    pub bind: SocketAddr,
    /// Listener for readiness and metrics; loopback unless told otherwise.
    pub ops_bind: SocketAddr,
    /// How browsers and Zoom reach us, without a path.
    pub public_url: Url,
    /// Proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpNet>,
    /// `frame-ancestors` of the panel's policy; left out by default (`zoom.md` 3.2).
    pub frame_ancestors: Option<String>,
    /// How long open requests may take to finish at shutdown.
    pub shutdown_grace: Duration,
    /// Requests of one person in a minute.
    pub requests_per_minute: u32,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Which log lines appear, such as `info` or `warn,sidelight=debug`.
    pub log_filter: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For collectors: one JSON object a line.
    Json,
}

impl FromStr for LogFormat {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

impl Server {
    /// Whether only this machine reaches us, so that development keys and plain http are tolerable.
    #[must_use]
    pub fn is_development(&self) -> bool {
        is_loopback(&self.public_url)
    }

    /// An address of ours.
    #[must_use]
    pub fn link(&self, path: &str) -> Url {
        self.public_url.join(path).unwrap_or_else(|_| self.public_url.clone())
    }
}

pub(super) fn read(section: &mut Section<'_>) -> Server {
    let bind =
        section.parsed("bind", "an address with port, such as 0.0.0.0:8080").unwrap_or(([127, 0, 0, 1], 8080).into());
    let ops_bind = section
        .parsed("ops_bind", "an address with port, such as 127.0.0.1:9080")
        .unwrap_or(([127, 0, 0, 1], 9080).into());
    Server {
        bind,
        ops_bind,
        public_url: public_url(section, bind),
        trusted_proxies: section.parsed_list("trusted_proxies", "networks such as 10.0.0.0/8, or addresses with /32"),
        frame_ancestors: frame_ancestors(section),
        shutdown_grace: Duration::from_secs(section.number("shutdown_grace_seconds", 0..=600, 20).into()),
        requests_per_minute: section.number("requests_per_minute", 1..=100_000, 600),
        log_format: section.parsed("log_format", "text or json").unwrap_or(LogFormat::Text),
        log_filter: log_filter(section),
    }
}

/// Anything else would end the directive or make a header that cannot be sent, and the panel would be without a policy.
fn frame_ancestors(section: &mut Section<'_>) -> Option<String> {
    let list = section.text("frame_ancestors")?;
    let is_source = |letter: char| letter.is_ascii_graphic() && !matches!(letter, ';' | ',');
    if !list.chars().all(|letter| letter == ' ' || is_source(letter)) {
        section
            .mistake("frame_ancestors", "must be sources with blanks between them, such as 'self' https://*.zoom.us");
        return None;
    }
    Some(list)
}

fn log_filter(section: &mut Section<'_>) -> String {
    let filter = section.text("log_filter").unwrap_or_else(|| "info".to_owned());
    if EnvFilter::builder().parse(&filter).is_err() {
        section.mistake("log_filter", "must be levels such as info, or warn,sidelight=debug");
    }
    filter
}

#[expect(clippy::expect_used, reason = "a constant address parses")]
fn public_url(section: &mut Section<'_>, bind: SocketAddr) -> Url {
    let here = || Url::parse(&format!("http://localhost:{}/", bind.port())).expect("a loopback address is a URL");
    let Some(text) = section.text("public_url") else {
        if !bind.ip().is_loopback() {
            section.mistake("public_url", "is required when others than this machine can connect");
        }
        return here();
    };
    match Url::parse(&text) {
        Ok(url) if url.host().is_none() || url.path() != "/" || url.query().is_some() || !url.username().is_empty() => {
            section.mistake("public_url", "must be an origin such as https://sidelight.example, without a path");
            here()
        }
        Ok(url) if url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)) => url,
        Ok(_) => {
            section.mistake("public_url", "must be https; plain http is for loopback addresses");
            here()
        }
        Err(_) => {
            section.mistake("public_url", "must be a URL such as https://sidelight.example");
            here()
        }
    }
}

/// Loopback by number or by name (RFC 6761, 6.3).
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_ancestors_that_would_break_the_policy_are_refused() {
        let cases = [
            ("'self' https://*.zoom.us https://*.zoom.com", true),
            ("'none'", true),
            ("'self'\nhttps://*.zoom.us", false),
            ("'self'\thttps://*.zoom.us", false),
            ("https://zööm.example", false),
            ("'self'; script-src *", false),
            ("'self', script-src *", false),
            ("'self'\u{0}", false),
        ];
        for (list, is_fine) in cases {
            let table = [("frame_ancestors".to_owned(), list.into())].into_iter().collect();
            let mut mistakes = Vec::new();
            let read = frame_ancestors(&mut Section::new("server", table, &mut mistakes));
            assert_eq!(
                (read.as_deref(), mistakes.len()),
                if is_fine { (Some(list), 0) } else { (None, 1) },
                "{list:?}"
            );
        }
    }
}
