//! Requests to other hosts.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use ureq::http::header::{self, HeaderMap, HeaderName};
use ureq::http::{Response, StatusCode};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body};
use url::{Host, Url};

use super::error::FetchError;
use super::settings::FetchSettings;

/// Maximum number of redirects from a URL.
const MAX_REDIRECTS: u32 = 5;

/// A client for requests to other hosts. It sends no cookies, no credentials and no referrer.
pub struct Client {
    agent: Agent,
}

/// The rest of a file, from an offset on.
pub struct Rest<'a> {
    /// Number of bytes that have been received.
    pub from: u64,
    /// The entity tag or the modification time of the file. If the file has changed, the server sends all
    /// of it.
    pub if_range: &'a str,
}

impl Client {
    pub fn new(settings: &FetchSettings) -> Client {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let timeout = Some(settings.timeout);
        // Redirects are followed here, because a redirect to another scheme or network is refused.
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections_per_host(settings.connections_per_host)
            .timeout_resolve(timeout)
            .timeout_connect(timeout)
            .timeout_recv_response(timeout)
            .timeout_per_read(timeout)
            .user_agent(concat!("Khizana/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .tls_config(tls)
            .build()
            .into();
        Client { agent }
    }

    /// Requests a URL, and follows its redirects. `rest` is the rest of the file that is requested, or
    /// `None` for the whole file.
    ///
    /// # Errors
    /// Returns an error if the server cannot be reached, if its redirects are refused, or if the status is
    /// neither 200 nor, for the rest of a file, 206 or 416.
    pub fn get(&self, url: &str, rest: Option<&Rest<'_>>) -> Result<Response<Body>, FetchError> {
        let first = Url::parse(url).map_err(|error| FetchError::Redirect(error.to_string()))?;
        let mut url = first.clone();
        for _ in 0..=MAX_REDIRECTS {
            let mut request = self.agent.get(url.as_str());
            if let Some(rest) = rest {
                request = request
                    .header(header::RANGE, format!("bytes={}-", rest.from))
                    .header(header::IF_RANGE, rest.if_range);
            }
            let response = request.call().map_err(FetchError::unreachable)?;
            let status = response.status();
            match status {
                StatusCode::OK => return Ok(response),
                StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE
                    if rest.is_some() =>
                {
                    return Ok(response);
                }
                _ if status.is_redirection() => url = target(&first, &url, response.headers())?,
                _ => return Err(refused(status, response.headers())),
            }
        }
        let reason = format!("the server redirects more than {MAX_REDIRECTS} times");
        Err(FetchError::Redirect(reason))
    }
}

/// Returns the target of a redirect from `url`, to which `first` led.
fn target(first: &Url, url: &Url, headers: &HeaderMap) -> Result<Url, FetchError> {
    let location = text(headers, header::LOCATION);
    let target = location.and_then(|location| url.join(location).ok());
    let Some(mut target) = target else {
        return Err(FetchError::Redirect(
            "the server redirects to no valid URL".to_owned(),
        ));
    };
    let _ = target.set_username("");
    let _ = target.set_password(None);
    let is_web = matches!(target.scheme(), "http" | "https") && target.has_host();
    // An encrypted request must not become readable on its way.
    if !is_web || (url.scheme() == "https" && target.scheme() == "http") {
        let scheme = target.scheme();
        let reason = format!("the server redirects from {} to {scheme}", url.scheme());
        return Err(FetchError::Redirect(reason));
    }
    // A public host must not make this machine request files of its network.
    if is_local(&target) && !is_local(first) {
        return Err(FetchError::Redirect(
            "the server redirects to an address of the local network".to_owned(),
        ));
    }
    Ok(target)
}

/// Returns `true` if the host of a URL is an address of this machine or of a local network.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(ip)) => is_local_v4(ip),
        Some(Host::Ipv6(ip)) => match ip.to_ipv4_mapped() {
            Some(ip) => is_local_v4(ip),
            None => {
                ip.is_loopback()
                    || ip.is_unspecified()
                    || matches!(ip.segments()[0] & 0xfe00, 0xfc00)
                    || ip.segments()[0] & 0xffc0 == 0xfe80
            }
        },
        None => true,
    }
}

fn is_local_v4(ip: Ipv4Addr) -> bool {
    ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified()
}

/// Returns the error for a status that is not the one of a file.
fn refused(status: StatusCode, headers: &HeaderMap) -> FetchError {
    let is_temporary = status.is_server_error()
        || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status);
    if !is_temporary {
        return FetchError::Status(status.as_u16());
    }
    // The other form, a date, is rare, and the clock of the server may be wrong.
    let seconds = text(headers, header::RETRY_AFTER).and_then(|text| text.trim().parse().ok());
    FetchError::Unreachable {
        reason: format!("the server answered with status {}", status.as_u16()),
        retry_after: seconds.map(Duration::from_secs),
    }
}

/// Returns the value of a header, if it is printable ASCII.
pub fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn redirects_keep_encryption_and_do_not_enter_the_local_network() {
        let redirect = |first: &str, location: &str| {
            let first = Url::parse(first).unwrap();
            let mut headers = HeaderMap::new();
            headers.insert(header::LOCATION, location.parse().unwrap());
            target(&first, &first, &headers).map(String::from)
        };
        let public = "https://a.example/x/1.jpg";
        for (location, expected) in [
            ("2.jpg", "https://a.example/x/2.jpg"),
            ("//b.example/2.jpg", "https://b.example/2.jpg"),
            ("https://u:p@b.example/2.jpg", "https://b.example/2.jpg"),
        ] {
            assert_eq!(redirect(public, location).unwrap(), expected);
        }
        for location in [
            "http://a.example/1.jpg",
            "file:///etc/passwd",
            "https://localhost/1.jpg",
            "https://127.0.0.1/1.jpg",
            "https://192.168.1.1/1.jpg",
            "https://169.254.169.254/1.jpg",
            "https://[::1]/1.jpg",
            "https://[fd00::1]/1.jpg",
            "https://[fe80::1]/1.jpg",
            "https://",
        ] {
            let error = redirect(public, location).unwrap_err();
            assert_eq!(error.code(), "fetch-redirect", "{location}");
        }
        assert!(redirect("http://10.0.0.1/1.jpg", "http://10.0.0.2/1.jpg").is_ok());
        assert!(redirect("http://a.example/1.jpg", "https://a.example/1.jpg").is_ok());
    }
}
