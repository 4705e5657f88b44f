//! Requests to the web server of a site.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use khizana_format::{Fetch, FetchError};
use khizana_model::{Message, message, printable};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ureq::http::header::CONTENT_ENCODING;
use ureq::http::{HeaderMap, Response, StatusCode, Uri};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body};

/// Number of requests at the same time.
pub(super) const CONNECTIONS: usize = 4;

/// Maximum number of redirects from a file.
const MAX_REDIRECTS: u32 = 5;

/// Number of attempts to fetch a file.
const ATTEMPTS: u32 = 3;

/// The pause after the first attempt. It is four times as long after each further one.
const PAUSE: Duration = Duration::from_secs(1);

/// The time in which a server must accept a connection, send the headers of a response, or send a part of
/// its body.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Maximum length of `archive.json`, or of an object of the manifest.
const MAX_OBJECT_BYTES: u64 = 64 << 20;

/// Number of bytes that are read to recognise a page.
const MAX_INSPECTED_BYTES: u64 = 16 << 10;

/// Characters of a path that are not encoded.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// An error that prevents the verification of a site on a web server.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum HostError {
    /// The address is not one of a site.
    Address {
        /// The address.
        address: String,
    },
    /// The server cannot be reached, or does not answer the requests.
    Unreachable {
        /// The address of a file.
        url: String,
        /// A description of the error.
        reason: Message,
    },
}

impl HostError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            HostError::Address { address } => message!(
                "`{address}` is not the address of a folder on a web server",
                address = printable(address)
            ),
            HostError::Unreachable { url, reason } => {
                message!("{url}: {reason}", url = printable(url), reason)
            }
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            HostError::Address { .. } => "site-address",
            HostError::Unreachable { .. } => "site-unreachable",
        }
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> &'static str {
        match self {
            HostError::Address { .. } => {
                "Specify the address of the folder that contains archive.json, such as https://example.org/archive/."
            }
            HostError::Unreachable { .. } => {
                "Check the address, the network and the server, then run the command again."
            }
        }
    }
}

/// The web server of a site.
#[derive(Debug)]
pub struct Host {
    agent: Agent,
    /// The address of the site, with a slash at the end.
    base: String,
    /// The pause after the first attempt.
    pause: Duration,
}

/// The reason for which a file was not fetched.
pub(super) enum Refused {
    /// The server answered with a status that indicates an error of the request, such as 404.
    Status(StatusCode),
    /// The server cannot be reached, or answered with a status that indicates an error of the server.
    Unreachable(Message),
}

impl Host {
    /// Prepares requests to the site at an address.
    ///
    /// # Errors
    /// Returns [`HostError::Address`] if the address is not one of a folder.
    pub fn new(address: &str) -> Result<Self, HostError> {
        let uri = address.parse::<Uri>().ok();
        let is_folder = uri.as_ref().is_some_and(|uri| {
            uri.host().is_some_and(|host| !host.is_empty()) && uri.query().is_none()
        });
        if !is_folder || address.contains('#') {
            return Err(HostError::Address {
                address: address.to_owned(),
            });
        }
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .https_only(uri.is_some_and(|uri| uri.scheme_str() == Some("https")))
            .max_redirects(MAX_REDIRECTS)
            .max_idle_connections_per_host(CONNECTIONS)
            .timeout_resolve(Some(TIMEOUT))
            .timeout_connect(Some(TIMEOUT))
            .timeout_recv_response(Some(TIMEOUT))
            .timeout_per_read(Some(TIMEOUT))
            .user_agent(concat!("khizana/", env!("CARGO_PKG_VERSION")))
            .accept_encoding("identity")
            .tls_config(tls)
            .build()
            .into();
        Ok(Host {
            agent,
            base: format!("{}/", address.trim_end_matches('/')),
            pause: PAUSE,
        })
    }

    /// Returns the address of a file.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{}", self.base, utf8_percent_encode(path, PATH))
    }

    /// Fetches a file, and passes the response to `read`. Repeats requests that fail because of the server or
    /// the network.
    pub(super) fn fetch<T>(
        &self,
        path: &str,
        read: impl Fn(&mut dyn Read) -> std::io::Result<T>,
    ) -> Result<T, Refused> {
        let mut pause = self.pause;
        let mut attempt = 1;
        loop {
            match self.fetch_once(path, &read) {
                Err(Refused::Unreachable(_)) if attempt < ATTEMPTS => {
                    std::thread::sleep(pause);
                    pause *= 4;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    fn fetch_once<T>(
        &self,
        path: &str,
        read: &impl Fn(&mut dyn Read) -> std::io::Result<T>,
    ) -> Result<T, Refused> {
        let mut response = self.get(path)?;
        // Hosts that redirect `index.html` to the folder may not serve it under its own name.
        if response.status() == StatusCode::NOT_FOUND
            && let Some(folder) = path.strip_suffix("index.html")
        {
            response = self.get(folder)?;
        }
        let status = response.status();
        // Some hosts serve the page for unknown addresses with the status that it is for.
        let is_found =
            status.is_success() || (status == StatusCode::NOT_FOUND && path == "404.html");
        if is_found {
            // Some servers compress although that was not requested.
            let encoding = response.headers().get(CONTENT_ENCODING);
            let is_gzip = encoding.is_some_and(|encoding| encoding == "gzip");
            let mut body = response.body_mut().as_reader();
            let result = match is_gzip {
                true => read(&mut MultiGzDecoder::new(body)),
                false => read(&mut body),
            };
            return result.map_err(|error| Refused::Unreachable(error.to_string().into()));
        }
        let is_temporary = status.is_server_error()
            || [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS].contains(&status);
        Err(match is_temporary {
            true => Refused::Unreachable(message!(
                "the server responded with status {status}",
                status = status.to_string()
            )),
            false => Refused::Status(status),
        })
    }

    /// Requests a file once with the given headers. Returns the status, the headers and the first bytes of the body,
    /// or `None` if the server cannot be reached.
    pub(super) fn inspect(
        &self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Option<(u16, HeaderMap, String)> {
        let mut request = self.agent.get(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.call().ok()?;
        let mut body = Vec::new();
        let reader = response.body_mut().as_reader();
        reader
            .take(MAX_INSPECTED_BYTES)
            .read_to_end(&mut body)
            .ok()?;
        let body = String::from_utf8_lossy(&body).into_owned();
        Some((response.status().as_u16(), response.headers().clone(), body))
    }

    fn get(&self, path: &str) -> Result<Response<Body>, Refused> {
        let response = self.agent.get(self.url(path)).call();
        response.map_err(|error| Refused::Unreachable(error.to_string().into()))
    }

    /// Sets the pauses between the attempts to zero.
    #[cfg(test)]
    pub(super) fn without_pauses(self) -> Self {
        Host {
            pause: Duration::ZERO,
            ..self
        }
    }
}

impl Fetch for &Host {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let read = |body: &mut dyn Read| {
            let mut bytes = Vec::new();
            body.take(MAX_OBJECT_BYTES).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        self.fetch(path, read).map_err(|refused| match refused {
            Refused::Status(StatusCode::NOT_FOUND) => FetchError::NotFound(path.to_owned()),
            Refused::Status(status) => FetchError::Status {
                path: path.to_owned(),
                status: status.as_u16(),
            },
            Refused::Unreachable(reason) => FetchError::Unreachable {
                path: path.to_owned(),
                reason: reason.to_string(),
            },
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::*;

    /// Answers each request with the next response whose path fits. Returns the address.
    fn server(responses: Vec<(&'static str, impl Into<Vec<u8>> + Send + 'static)>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/site", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for (path, response) in responses {
                let (stream, _) = listener.accept().unwrap();
                let mut lines = BufReader::new(&stream).lines();
                let request = lines.next().unwrap().unwrap();
                let headers: Vec<String> = lines
                    .map(Result::unwrap)
                    .take_while(|line| !line.is_empty())
                    .map(|line| line.to_ascii_lowercase())
                    .collect();
                let is_expected = request == format!("GET {path} HTTP/1.1")
                    && headers
                        .iter()
                        .any(|line| line == "accept-encoding: identity");
                let response: Vec<u8> = match is_expected {
                    true => response.into(),
                    false => BAD.into(),
                };
                (&stream).write_all(&response).unwrap();
            }
        });
        address
    }

    fn fetch(host: &Host, path: &str) -> Result<Vec<u8>, Refused> {
        host.fetch(path, |body| {
            let mut bytes = Vec::new();
            body.read_to_end(&mut bytes)?;
            Ok(bytes)
        })
    }

    const BAD: &str = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    const OK: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    const CUT: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\ncut";
    const BUSY: &str =
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    const ABSENT: &str =
        "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 4\r\n\r\nnone";
    const MOVED: &str = "HTTP/1.1 301 Moved Permanently\r\nConnection: close\r\nLocation: ./\r\nContent-Length: 0\r\n\r\n";

    #[test]
    fn failed_requests_are_repeated() {
        let address = server(vec![
            ("/site/a%20%D8%A8", BUSY),
            ("/site/a%20%D8%A8", CUT),
            ("/site/a%20%D8%A8", OK),
            ("/site/b", BUSY),
            ("/site/b", BUSY),
            ("/site/b", BUSY),
        ]);
        let host = Host::new(&address).unwrap().without_pauses();
        assert_eq!(fetch(&host, "a ب").ok().unwrap(), b"ok");
        let refused = fetch(&host, "b").err().unwrap();
        assert!(matches!(refused, Refused::Unreachable(reason) if reason.contains("503")));
    }

    #[test]
    fn pages_are_found_behind_their_folders() {
        let address = server(vec![
            ("/site/en/index.html", MOVED),
            ("/site/en/", OK),
            ("/site/fr/index.html", ABSENT),
            ("/site/fr/", OK),
            ("/site/404.html", ABSENT),
            ("/site/x", ABSENT),
        ]);
        let host = Host::new(&format!("{address}/")).unwrap();
        assert_eq!(fetch(&host, "en/index.html").ok().unwrap(), b"ok");
        assert_eq!(fetch(&host, "fr/index.html").ok().unwrap(), b"ok");
        assert_eq!(fetch(&host, "404.html").ok().unwrap(), b"none");
        let refused = fetch(&host, "x").err().unwrap();
        assert!(matches!(refused, Refused::Status(StatusCode::NOT_FOUND)));
    }

    #[test]
    fn a_compressed_response_is_decoded() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"text").unwrap();
        let gzip = encoder.finish().unwrap();
        let head = format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
            gzip.len()
        );
        let response = [head.into_bytes(), gzip].concat();
        let host = Host::new(&server(vec![("/site/a", response)])).unwrap();
        assert_eq!(fetch(&host, "a").ok().unwrap(), b"text");
    }

    #[test]
    fn redirects_are_limited() {
        let mut responses = vec![("/site/en/", MOVED); 18];
        for attempt in 0..3 {
            responses[attempt * 6] = ("/site/en/x", MOVED);
        }
        let host = Host::new(&server(responses)).unwrap().without_pauses();
        let refused = fetch(&host, "en/x").err().unwrap();
        assert!(matches!(refused, Refused::Unreachable(_)));
    }

    #[test]
    fn rejects_addresses_that_are_not_of_a_folder() {
        for address in ["https://", "http://a/?q=1", "http://a/#b", "http://a b/"] {
            let error = Host::new(address).unwrap_err();
            assert_eq!(error.code(), "site-address", "{address}");
        }
        assert!(Host::new("https://example.org").is_ok());
    }
}
