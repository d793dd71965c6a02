//! Which addresses may be reached, and by which client.

use super::{Egress, PORTS, Refusal, is_public};
use crate::config::HostPort;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::IpAddr;
use url::{Host, Url};

impl Egress {
    /// The client that may connect to an address, if any may.
    pub(super) fn client_for(
        &self,
        url: &Url,
        trusted: &[HostPort],
    ) -> Result<&reqwest::Client, Refusal> {
        let refuse = |why: String| {
            Err(Refusal::NotAllowed(format!(
                "the guard on outgoing requests refuses this address: {why}"
            )))
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse(format!("`{}` is neither http nor https", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse(
                "it holds a user name or password; use the node's authentication instead"
                    .to_owned(),
            );
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return refuse("it has no host".to_owned());
        };
        let name = host.to_string();
        if self
            .allow
            .iter()
            .chain(trusted)
            .any(|allowed| allowed.port == port && allowed.host == name)
        {
            return Ok(&self.open);
        }
        let remedy = "an operator can allow it with PHLOEM_EGRESS_ALLOW";
        if !PORTS.contains(&port) {
            return refuse(format!("port {port} is not open to workflows; {remedy}"));
        }
        let is_public = match host {
            Host::Ipv4(address) => is_public(IpAddr::V4(address)),
            Host::Ipv6(address) => is_public(IpAddr::V6(address)),
            Host::Domain(_) => true,
        };
        if !is_public {
            return refuse(format!("{name} is not a public address; {remedy}"));
        }
        Ok(&self.guarded)
    }
}

/// Looks names up and gives only those addresses that anybody on the internet could reach.
pub(super) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0))
                .await?
                .filter(|address| is_public(address.ip()))
                .collect();
            if found.is_empty() {
                return Err(format!(
                    "the guard on outgoing requests refuses {}: it has no public address",
                    name.as_str()
                )
                .into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
