//! A local web server for a site. It sends the same headers as a static host.

mod small_file;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::serve::{Listener, ListenerExt};
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

use khizana_model::{Message, message};
use khizana_site::headers::{Policy, cache_control, common, disposition, framing, media_type};

/// An error that prevents a site from being served.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum ServeError {
    /// The folder does not contain a published archive.
    NotASite(PathBuf),
    /// The server cannot listen on the requested address.
    Address {
        /// The requested address.
        address: SocketAddr,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The server stopped because of an error.
    Stopped(std::io::Error),
}

impl ServeError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            ServeError::NotASite(path) => message!(
                "{path} does not contain a published archive",
                path = path.display()
            ),
            ServeError::Address { address, source } => message!(
                "cannot listen on {address}: {error}",
                address,
                error = source
            ),
            ServeError::Stopped(error) => message!("the server stopped: {error}", error),
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            ServeError::NotASite(_) => "site-missing",
            ServeError::Address { .. } => "address-unusable",
            ServeError::Stopped(_) => "server-stopped",
        }
    }

    /// Returns the hint for the user.
    pub fn hint(&self) -> &'static str {
        match self {
            ServeError::NotASite(_) => {
                "Publish the archive first, or specify the folder of the site."
            }
            ServeError::Address { .. } => {
                "Choose another address with --addr. Port 0 selects a free port, as in 127.0.0.1:0."
            }
            ServeError::Stopped(_) => "Start the server again.",
        }
    }
}

/// A server that is listening but does not respond to requests yet.
pub struct Server {
    listener: std::net::TcpListener,
    app: Router,
    address: SocketAddr,
}

impl Server {
    /// Creates a server that listens on `address` and serves the site in the folder `site`.
    ///
    /// # Errors
    /// Returns an error if the folder does not contain a site or the address cannot be used.
    pub fn bind(site: &Path, address: SocketAddr) -> Result<Server, ServeError> {
        if !site.join("archive.json").is_file() {
            return Err(ServeError::NotASite(site.to_owned()));
        }
        let unusable = |source| ServeError::Address { address, source };
        let listener = std::net::TcpListener::bind(address).map_err(unusable)?;
        listener.set_nonblocking(true).map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;
        Ok(Server {
            listener,
            app: app(site),
            address,
        })
    }

    /// Returns the address on which the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Responds to requests until the process ends.
    ///
    /// # Errors
    /// Returns an error if the runtime cannot be started or the listener fails.
    pub fn run(self) -> Result<(), ServeError> {
        let runtime = tokio::runtime::Runtime::new().map_err(ServeError::Stopped)?;
        runtime.block_on(async {
            let listener = listener(self.listener).map_err(ServeError::Stopped)?;
            axum::serve(listener, self.app)
                .await
                .map_err(ServeError::Stopped)
        })
    }
}

fn app(site: &Path) -> Router {
    let headers = Arc::new(common_headers(&policy(site)));
    router(site, move || headers.clone())
}

/// Returns a listener whose connections send each response at once.
///
/// Otherwise, the end of a response waits until the client has acknowledged the rest, for which clients take 40 ms.
///
/// # Errors
/// Returns an error if the listener cannot be registered with the runtime.
pub fn listener(
    listener: std::net::TcpListener,
) -> std::io::Result<impl Listener<Addr = SocketAddr>> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    Ok(listener.tap_io(|connection| {
        // A connection without the option is only slower.
        let _ = connection.set_nodelay(true);
    }))
}

/// Returns the headers that all responses have.
pub fn common_headers(policy: &Policy) -> HeaderMap {
    let headers = common(policy).into_iter();
    let parsed = headers.filter_map(|(name, value)| {
        let name = name.parse::<HeaderName>().ok()?;
        Some((name, HeaderValue::from_str(&value).ok()?))
    });
    parsed.collect()
}

/// Returns a router for the files of a site, with the headers of a static host. `headers` returns the
/// [`common_headers`] at the time of a request.
pub fn router(
    site: &Path,
    headers: impl Fn() -> Arc<HeaderMap> + Clone + Send + Sync + 'static,
) -> Router {
    let not_found = ServeFile::new(site.join("404.html"));
    let files = ServeDir::new(site).not_found_service(not_found);
    let site = Arc::new(site.to_owned());
    Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn_with_state(site, small_file::respond))
        .layer(middleware::from_fn(add_cache_headers))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            let common = headers();
            let framing = framing(request.uri().path());
            async move {
                let mut response = next.run(request).await;
                for (name, value) in common.iter() {
                    response.headers_mut().append(name, value.clone());
                }
                if let Some((name, value)) = framing {
                    response
                        .headers_mut()
                        .append(name, HeaderValue::from_static(value));
                }
                response
            }
        }))
}

/// Returns the content security policy in the `_headers` file of the site.
fn policy(site: &Path) -> Policy {
    let headers = std::fs::read_to_string(site.join("_headers")).unwrap_or_default();
    Policy::read(&headers).unwrap_or_else(|| Policy::new(&[], &[], &[]))
}

/// Sets `Cache-Control` and `ETag`, and responds with status 304 to a request with the current
/// entity tag.
async fn add_cache_headers(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let mut response = next.run(request).await;
    if !response.status().is_success() {
        return response;
    }
    // Originals do not run scripts. Browsers do not display a PDF in a sandbox.
    if path.starts_with("/f/") && !path.ends_with(".pdf") {
        response.headers_mut().append(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox"),
        );
    }
    if let Some(disposition) = disposition(&path) {
        response.headers_mut().insert(
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static(disposition),
        );
    }
    if let Ok(media_type) = HeaderValue::from_str(&media_type(&path)) {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, media_type);
    }
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(cache_control(&path)),
    );
    let header = |name| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let range = header(header::CONTENT_RANGE);
    // The length of the file is the last part of `Content-Range`.
    let length = range
        .rsplit('/')
        .next()
        .filter(|length| !length.is_empty())
        .unwrap_or(header(header::CONTENT_LENGTH));
    let mut tag = khizana_format::hash_of(
        format!("{path} {length} {}", header(header::LAST_MODIFIED)).as_bytes(),
    )
    .to_string();
    tag.truncate(20);
    // The tag is weak, because the same file can be sent with different encodings.
    let tag = format!("W/\"{tag}\"");
    let is_known = known.is_some_and(|known| {
        known
            .to_str()
            .is_ok_and(|known| known.split(',').any(|known| known.trim() == tag))
    });
    if range.is_empty() && is_known {
        *response.status_mut() = axum::http::StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    if let Ok(value) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_server_reports_the_cause() {
        let error = ServeError::Stopped(std::io::Error::other("the listener failed"));
        assert_eq!(error.code(), "server-stopped");
        assert!(error.to_string().contains("the listener failed"));
    }
}
