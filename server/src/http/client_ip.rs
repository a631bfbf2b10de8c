//! Where a request came from; forwarded addresses count only from configured proxies (design 4.8).

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::app::App;

/// The caller's address.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// Walks the chain of forwarders from our own peer outwards as long as each is a configured proxy.
    ///
    /// Where we listen on `[::]`, an IPv4 peer arrives as `::ffff:10.0.0.1` (RFC 4291, 2.5.5.2): addresses are compared in their plain form.
    #[must_use]
    pub fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
        let forwarded: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        let mut client = peer.to_canonical();
        for hop in forwarded.iter().rev() {
            if !is_trusted(client) {
                break;
            }
            // Whatever stands left of an unreadable hop was written by nobody we trust.
            let Ok(address) = hop.parse::<IpAddr>() else { break };
            client = address.to_canonical();
        }
        Self(client)
    }
}

impl FromRequestParts<App> for ClientIp {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let peer =
            parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
        Ok(Self::behind(peer, &parts.headers, &app.config.server.trusted_proxies))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_configured_proxies_are_believed() {
        let proxies: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let cases = [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),
            ("10.0.0.1", "nonsense", "10.0.0.1"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("::ffff:10.0.0.1", "198.51.100.1, ::ffff:10.0.0.2", "198.51.100.1"),
            ("::ffff:203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("2001:db8::1", "198.51.100.1", "2001:db8::1"),
        ];
        for (peer, forwarded, client) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            assert_eq!(
                ClientIp::behind(peer.parse().unwrap(), &headers, &proxies).0,
                client.parse::<IpAddr>().unwrap(),
                "{forwarded}"
            );
        }
    }
}
