//! Names to addresses, without a way into the own network.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::origin::{is_localhost, is_public};

/// Resolves public names to public addresses only; `*.localhost` to this machine, without asking anybody (RFC 6761, 6.3).
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            if is_localhost(name.as_str()) {
                let here: Vec<SocketAddr> = vec![(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
                return Ok(Box::new(here.into_iter()) as Addrs);
            }
            // Checked here rather than before the call: the name may be answered differently the second time.
            let found: Vec<_> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.filter(|address| is_public(address.ip())).collect();
            if found.is_empty() {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the name has no public address").into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
