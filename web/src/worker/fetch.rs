//! Fetching of the files of the site over HTTP.
//!
//! Concurrent requests for the same file share one fetch. When the visitor navigates, fetches that
//! the new page does not need are aborted.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use khizana_format::{Fetch, FetchError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortController, DedicatedWorkerGlobalScope, RequestCache, RequestInit, Response};

/// Fetches files below the root of the site.
pub struct WebFetch {
    pub scope: DedicatedWorkerGlobalScope,
    pub root: String,
    pub in_flight: InFlight,
}

/// A pending fetch.
struct PendingFetch {
    path: String,
    answer: Promise,
    abort: AbortController,
    is_needed: bool,
}

/// The pending fetches.
#[derive(Clone, Default)]
pub struct InFlight {
    pending: Rc<RefCell<Vec<PendingFetch>>>,
    requested: Rc<Cell<u32>>,
}

impl InFlight {
    /// Marks all fetches as unneeded until they are requested again.
    pub fn mark_unneeded(&self) {
        for fetch in self.pending.borrow_mut().iter_mut() {
            fetch.is_needed = false;
        }
    }

    /// Returns the number of requests so far, including those that joined a pending fetch.
    pub fn requested(&self) -> u32 {
        self.requested.get()
    }

    /// Aborts the fetches that are marked as unneeded.
    pub fn abort_unneeded(&self) {
        self.pending.borrow_mut().retain(|fetch| {
            if !fetch.is_needed {
                fetch.abort.abort();
            }
            fetch.is_needed
        });
    }

    /// Returns the promise of a pending fetch, and marks the fetch as needed.
    fn join(&self, path: &str) -> Option<Promise> {
        let mut pending = self.pending.borrow_mut();
        let fetch = pending.iter_mut().find(|fetch| fetch.path == path)?;
        fetch.is_needed = true;
        Some(fetch.answer.clone())
    }

    fn remove(&self, answered: &AbortController) {
        self.pending
            .borrow_mut()
            .retain(|fetch| fetch.abort != *answered);
    }
}

impl WebFetch {
    /// Requests a file. The promise resolves to the content of the file. It rejects with the HTTP
    /// status or with a network error.
    fn request(&self, path: &str) -> Result<Promise, JsValue> {
        let requested = &self.in_flight.requested;
        requested.set(requested.get().wrapping_add(1));
        if let Some(answer) = self.in_flight.join(path) {
            return Ok(answer);
        }
        let controller = AbortController::new()?;
        let url = format!("{}{path}", self.root);
        let is_mutable = path == "archive.json";
        let (scope, in_flight, abort) = (
            self.scope.clone(),
            self.in_flight.clone(),
            controller.clone(),
        );
        let answer = future_to_promise(async move {
            let fetch = async |cache| {
                let init = RequestInit::new();
                init.set_signal(Some(&abort.signal()));
                init.set_cache(cache);
                let response = JsFuture::from(scope.fetch_with_str_and_init(&url, &init)).await?;
                let response: Response = response.dyn_into()?;
                match response.status() {
                    200..=299 => JsFuture::from(response.array_buffer()?).await,
                    status => Err(status.into()),
                }
            };
            // The names of all other files depend on their content, so the browser may use its
            // cache.
            let mut cache = if is_mutable {
                RequestCache::NoCache
            } else {
                RequestCache::Default
            };
            let answer = loop {
                let answer = fetch(cache).await;
                let is_unreachable = answer.as_ref().is_err_and(|error| error.as_f64().is_none());
                if cache != RequestCache::NoCache || !is_unreachable || abort.signal().aborted() {
                    break answer;
                }
                // Without a connection, a cached root can still refer to cached objects.
                cache = RequestCache::ForceCache;
            };
            in_flight.remove(&abort);
            answer
        });
        self.in_flight.pending.borrow_mut().push(PendingFetch {
            path: path.to_owned(),
            answer: answer.clone(),
            abort: controller,
            is_needed: true,
        });
        Ok(answer)
    }
}

impl Fetch for WebFetch {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let answer = match self.request(path) {
            Ok(answer) => JsFuture::from(answer).await,
            Err(error) => Err(error),
        };
        answer
            .map(|buffer| Uint8Array::new(&buffer).to_vec())
            .map_err(|error| match error.as_f64() {
                Some(404.0 | 410.0) => FetchError::NotFound(path.to_owned()),
                Some(status) => FetchError::Status {
                    path: path.to_owned(),
                    status: status as u16,
                },
                None => FetchError::Unreachable {
                    path: path.to_owned(),
                    reason: "no answer".to_owned(),
                },
            })
    }
}
