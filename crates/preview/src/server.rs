//! The web server of a preview: its page, the events, and the site.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Query, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use khizana_pages::i18n::Lang;
use khizana_publish::{Documents, Drafts, NoDrafts, PublishError};
use khizana_site::headers::{Policy, is_immutable};
use serde::Deserialize;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};

use crate::draft_images::DraftImages;
use crate::page::{self, Content};
use crate::state::Shared;

/// The path of the page of the preview. No page of a site has such a name.
pub(crate) const PAGE: &str = "/.preview/";

const STYLE: &str = include_str!("preview.css");
const SCRIPT: &str = include_str!("preview.js");

/// The content security policy of the page of the preview.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; \
    img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The values that the responses need.
pub(crate) struct Context {
    pub(crate) shared: Arc<Shared>,
    pub(crate) images: Arc<DraftImages>,
    /// The folder of the temporary site.
    pub(crate) site: PathBuf,
    pub(crate) address: SocketAddr,
    /// The language of the page if the URL does not name one.
    pub(crate) language: String,
}

/// The query of the page and of its content.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parameters {
    lang: Option<String>,
    kind: String,
}

impl Context {
    fn lang(&self, parameters: &Parameters) -> Lang {
        Lang::of(parameters.lang.as_deref().unwrap_or(&self.language))
    }

    fn documents(&self) -> Option<Arc<Documents>> {
        self.shared.lock().documents.clone()
    }
}

/// Returns the router of the server.
pub(crate) fn app(context: Arc<Context>) -> Router {
    let for_policy = context.clone();
    let headers = move || {
        let policy = match for_policy.documents() {
            Some(documents) => documents.policy().clone(),
            None => Policy::new(&[], &[], &[]),
        };
        Arc::new(khizana_serve::common_headers(&policy))
    };
    let site = khizana_serve::router(&context.site, headers)
        .layer(middleware::from_fn_with_state(context.clone(), render));
    Router::new()
        .route(PAGE, get(preview_page))
        .route("/.preview/preview.css", get(|| text("text/css", STYLE)))
        .route(
            "/.preview/preview.js",
            get(|| text("text/javascript", SCRIPT)),
        )
        .route("/.preview/content", get(content))
        .route("/.preview/events", get(events))
        .fallback_service(site)
        .layer(middleware::from_fn_with_state(context.clone(), protect))
        .with_state(context)
}

/// Rejects requests that another site makes under its name, lets no other site read the source, and lets the browser
/// keep only files whose names contain a hash.
async fn protect(
    State(context): State<Arc<Context>>,
    mut request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    if context.address.ip().is_loopback() && !is_local(host) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let is_kept = is_immutable(request.uri().path());
    if !is_kept {
        // Two versions of a file may have the same size and time.
        request.headers_mut().remove(header::IF_NONE_MATCH);
        request.headers_mut().remove(header::IF_MODIFIED_SINCE);
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    if !is_kept {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Returns `true` if a host name is that of this machine.
fn is_local(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "[::1]") || name.starts_with("127.")
}

/// Responds with a page that is rendered on request, or an image of the source. Passes other requests on.
async fn render(State(context): State<Arc<Context>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let is_page = path.is_empty() || path.ends_with('/') || path.ends_with("index.html");
    if is_page {
        let found = tokio::task::spawn_blocking(move || document(&context, &path, &query)).await;
        return match found {
            Ok(Ok(Some(html))) => html_response(html),
            Ok(Ok(None)) => next.run(request).await,
            Ok(Err(error)) => failed(&error.to_string()),
            Err(error) => failed(&error.to_string()),
        };
    }
    if path.starts_with("iiif/") {
        let scaled = tokio::task::spawn_blocking(move || context.images.scaled(&path)).await;
        return match scaled {
            Ok(Some(Ok((bytes, media_type)))) => {
                ([(header::CONTENT_TYPE, media_type)], bytes).into_response()
            }
            Ok(Some(Err(error))) => failed(&error.to_string()),
            Ok(None) => next.run(request).await,
            Err(error) => failed(&error.to_string()),
        };
    }
    let with_slash = format!("{path}/");
    let response = next.run(request).await;
    if response.status() != StatusCode::NOT_FOUND {
        return response;
    }
    let target = format!("/{with_slash}");
    let found = tokio::task::spawn_blocking(move || document(&context, &with_slash, "")).await;
    match found {
        Ok(Ok(Some(_))) => Redirect::permanent(&target).into_response(),
        _ => response,
    }
}

fn document(context: &Context, path: &str, query: &str) -> Result<Option<String>, PublishError> {
    let (documents, drafts) = {
        let state = context.shared.lock();
        (state.documents.clone(), state.drafts.clone())
    };
    let Some(documents) = documents else {
        return Ok(None);
    };
    let drafts: &dyn Drafts = match &drafts {
        Some(drafts) => &**drafts,
        None => &NoDrafts,
    };
    documents.document((path, query), drafts)
}

fn html_response(html: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

fn failed(message: &str) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, message.to_owned()).into_response()
}

async fn text(media_type: &'static str, content: &'static str) -> Response {
    let media_type = format!("{media_type}; charset=utf-8");
    ([(header::CONTENT_TYPE, media_type)], content).into_response()
}

async fn preview_page(
    State(context): State<Arc<Context>>,
    Query(parameters): Query<Parameters>,
) -> Response {
    let lang = context.lang(&parameters);
    let documents = context.documents();
    let languages = documents.as_ref().map(|documents| documents.languages());
    let languages = languages.unwrap_or_default();
    let home = match languages.iter().find(|code| *code == lang.code()) {
        Some(code) => format!("/{code}/"),
        None => languages
            .first()
            .map_or_else(|| "/".to_owned(), |code| format!("/{code}/")),
    };
    let mut response = html_response(page::document(lang, &home));
    let policy = HeaderValue::from_static(POLICY);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

async fn content(
    State(context): State<Arc<Context>>,
    Query(parameters): Query<Parameters>,
) -> Response {
    let lang = context.lang(&parameters);
    let made =
        tokio::task::spawn_blocking(move || Content::new(&context.shared, lang, &parameters.kind));
    match made.await {
        Ok(content) => Json(content).into_response(),
        Err(error) => failed(&error.to_string()),
    }
}

/// Sends an event with the numbers of the newest state and site at once and after each change.
async fn events(
    State(context): State<Arc<Context>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let revisions = WatchStream::new(context.shared.subscribe());
    let events = revisions.map(|revision| {
        let json = serde_json::to_string(&revision).unwrap_or_default();
        Ok(Event::default().data(json))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in [
            "127.0.0.1:8090",
            "localhost:8090",
            "localhost",
            "[::1]:8090",
            "127.0.0.1",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "example.org",
            "example.org:8090",
            "",
            "localhost.example.org:80",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }
}
