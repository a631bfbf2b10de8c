//! Scheme, host and port: what a call is allowed to reach.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// An origin that somebody with access to the configuration registered.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Origin {
    scheme: &'static str,
    host: String,
    port: u16,
}

/// A text that cannot be registered.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidOrigin {
    /// Not a URL with a host.
    #[error("not an absolute http(s) address")]
    NotAbsolute,
    /// It carries a user name or password, which would end in a log.
    #[error("an address must not contain a user name or password")]
    UserInfo,
    /// Plain http to a host that is not this machine.
    #[error("only https is accepted; plain http is for loopback addresses in development")]
    PlainHttp,
}

impl Origin {
    /// The origin of `url`. Plain http is taken for loopback hosts only.
    ///
    /// # Errors
    /// [`InvalidOrigin`] for anything else.
    pub fn of(url: &Url) -> Result<Self, InvalidOrigin> {
        let host = url.host().ok_or(InvalidOrigin::NotAbsolute)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidOrigin::UserInfo);
        }
        let scheme = match url.scheme() {
            "https" => "https",
            "http" if is_loopback(&host) => "http",
            "http" => return Err(InvalidOrigin::PlainHttp),
            _ => return Err(InvalidOrigin::NotAbsolute),
        };
        let port = url.port_or_known_default().ok_or(InvalidOrigin::NotAbsolute)?;
        Ok(Self { scheme, host: host.to_string().trim_end_matches('.').to_ascii_lowercase(), port })
    }

    /// Whether this is the machine itself.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        Host::parse(&self.host).is_ok_and(|host| is_loopback(&host))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme, self.host, self.port)
    }
}

/// Loopback by name (RFC 6761, 6.3) or by number.
fn is_loopback<S: AsRef<str>>(host: &Host<S>) -> bool {
    match host {
        Host::Domain(name) => is_localhost(name.as_ref()),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// `localhost` and everything below it.
pub(crate) fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

/// Whether an address belongs to the public internet.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b); // RFC 6598
            let benchmark = a == 198 && (18..20).contains(&b); // RFC 2544
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || shared
                || benchmark)
        }
        IpAddr::V6(v6) => {
            if let Some(v4) = v6.to_ipv4_mapped() {
                return is_public(IpAddr::V4(v4));
            }
            let [first, second, ..] = v6.segments();
            let nat64 = first == 0x64 && second == 0xff9b; // RFC 6052: would reach private IPv4 hosts
            !(v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || nat64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Result<String, InvalidOrigin> {
        Url::parse(url)
            .map_err(|_| InvalidOrigin::NotAbsolute)
            .and_then(|url| Origin::of(&url))
            .map(|origin| origin.to_string())
    }

    #[test]
    fn only_https_or_this_machine_can_be_registered() {
        let cases = [
            ("https://acme.gainsightcloud.com/v1", Ok("https://acme.gainsightcloud.com:443")),
            ("https://ACME.gainsightcloud.com.:8443", Ok("https://acme.gainsightcloud.com:8443")),
            ("http://lumen.us1.localhost:8091", Ok("http://lumen.us1.localhost:8091")),
            ("http://127.0.0.1:8090", Ok("http://127.0.0.1:8090")),
            ("http://[::1]:8090", Ok("http://[::1]:8090")),
            ("http://acme.gainsightcloud.com", Err(InvalidOrigin::PlainHttp)),
            ("http://localhost.evil.example", Err(InvalidOrigin::PlainHttp)),
            ("https://key@acme.gainsightcloud.com", Err(InvalidOrigin::UserInfo)),
            ("ftp://acme.gainsightcloud.com", Err(InvalidOrigin::NotAbsolute)),
            ("acme", Err(InvalidOrigin::NotAbsolute)),
        ];
        for (url, expected) in cases {
            assert_eq!(origin(url), expected.map(str::to_owned), "{url}");
        }
    }

    #[test]
    fn addresses_inside_a_network_are_not_public() {
        for inside in [
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["93.184.216.34", "2606:2800:220:1::1", "100.128.0.1"] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
