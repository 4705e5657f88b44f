//! A local web server for a site, with the headers it has on a static host.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

use khizana_site::headers::{ALWAYS_ASK, FOREVER, common, never_changes};

/// Why a site cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is nothing to serve.
    #[error("{} does not hold a published archive", .0.display())]
    NotASite(PathBuf),
    /// The address cannot be used.
    #[error("{address} cannot be listened on: {source}")]
    Address {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The server stopped.
    #[error("the server stopped: {0}")]
    Stopped(std::io::Error),
}

impl ServeError {
    /// A stable name for the error.
    pub fn code(&self) -> &'static str {
        match self {
            ServeError::NotASite(_) => "site-missing",
            ServeError::Address { .. } => "address-unusable",
            ServeError::Stopped(_) => "server-stopped",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ServeError::NotASite(_) => {
                "publish the archive first, or name the folder it was published to"
            }
            ServeError::Address { .. } => {
                "choose another with --addr, for instance 127.0.0.1:0 for any free port"
            }
            ServeError::Stopped(_) => "start it again",
        }
    }
}

/// A server that listens, and has not begun to answer.
pub struct Server {
    listener: std::net::TcpListener,
    app: Router,
    address: SocketAddr,
}

impl Server {
    /// Listens on an address for a site.
    ///
    /// # Errors
    /// Where the folder holds no site, or the address cannot be used.
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

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until the process ends.
    ///
    /// # Errors
    /// Where the system takes the listener away.
    pub fn run(self) -> Result<(), ServeError> {
        let runtime = tokio::runtime::Runtime::new().map_err(ServeError::Stopped)?;
        runtime.block_on(async {
            let listener =
                tokio::net::TcpListener::from_std(self.listener).map_err(ServeError::Stopped)?;
            axum::serve(listener, self.app)
                .await
                .map_err(ServeError::Stopped)
        })
    }
}

fn app(site: &Path) -> Router {
    let not_found = ServeFile::new(site.join("404.html"));
    let files = ServeDir::new(site).not_found_service(not_found);
    let styles = style_hashes(site);
    Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn(answer))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            let headers = common(&styles);
            async move {
                let mut response = next.run(request).await;
                for (name, value) in headers {
                    if let (Ok(name), Ok(value)) =
                        (name.parse::<HeaderName>(), HeaderValue::from_str(&value))
                    {
                        response.headers_mut().insert(name, value);
                    }
                }
                response
            }
        }))
}

/// The hashes of styles that stand in a page, as the site's own `_headers` names them.
fn style_hashes(site: &Path) -> Vec<String> {
    let headers = std::fs::read_to_string(site.join("_headers")).unwrap_or_default();
    headers
        .split('\'')
        .filter(|part| part.starts_with("sha256-"))
        .map(str::to_owned)
        .collect()
}

/// Sets the lifetime and an entity tag, and answers 304 to whoever has the file already.
async fn answer(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let immutable = never_changes(&path);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let mut response = next.run(request).await;
    if !response.status().is_success() {
        return response;
    }
    let lifetime = if immutable { FOREVER } else { ALWAYS_ASK };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static(lifetime));
    let header = |name| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let range = header(header::CONTENT_RANGE);
    // The length of the whole file, which a range names last.
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
    // Weak, since the same file may go out in several encodings.
    let tag = format!("W/\"{tag}\"");
    let is_known = known.is_some_and(|known| {
        known
            .to_str()
            .is_ok_and(|known| known.split(',').any(|own| own.trim() == tag))
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
    fn a_server_that_stopped_says_why() {
        let error = ServeError::Stopped(std::io::Error::other("the listener is gone"));
        assert_eq!(error.code(), "server-stopped");
        assert!(error.to_string().contains("the listener is gone"));
    }
}
