//! Files of the site, over HTTP.
//!
//! What is on its way is asked for once, whoever waits for it. When another page is asked for, requests
//! that it does not need as well are cancelled; an answer that came serves every later search.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Promise;
use khizana_format::{Fetch, FetchError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortController, RequestCache, RequestInit, Response, Window};

/// Fetches from where the site lies.
pub struct WebFetch {
    pub window: Window,
    pub root: String,
    pub flights: Flights,
}

/// A request that is on its way.
struct Flight {
    path: String,
    answer: Promise,
    stop: AbortController,
    wanted: bool,
}

/// What is on its way.
#[derive(Clone, Default)]
pub struct Flights(Rc<RefCell<Vec<Flight>>>, Rc<Cell<u32>>);

impl Flights {
    /// From now on only that is wanted which is asked for again.
    pub fn forsake(&self) {
        for flight in self.0.borrow_mut().iter_mut() {
            flight.wanted = false;
        }
    }

    /// How often something was asked for.
    pub fn asked(&self) -> u32 {
        self.1.get()
    }

    /// Cancels what is not wanted.
    pub fn cancel(&self) {
        self.0.borrow_mut().retain(|flight| {
            if !flight.wanted {
                flight.stop.abort();
            }
            flight.wanted
        });
    }

    /// The answer to a request that is on its way already.
    fn join(&self, path: &str) -> Option<Promise> {
        let mut flights = self.0.borrow_mut();
        let flight = flights.iter_mut().find(|flight| flight.path == path)?;
        flight.wanted = true;
        Some(flight.answer.clone())
    }

    fn land(&self, answered: &AbortController) {
        self.0
            .borrow_mut()
            .retain(|flight| flight.stop != *answered);
    }
}

impl WebFetch {
    /// Asks for a file; the answer is its bytes or, where they could not be had, the status.
    fn request(&self, path: &str) -> Result<Promise, JsValue> {
        let asked = &self.flights.1;
        asked.set(asked.get().wrapping_add(1));
        if let Some(answer) = self.flights.join(path) {
            return Ok(answer);
        }
        let stop = AbortController::new()?;
        let url = format!("{}{path}", self.root);
        let changes = path == "archive.json";
        let (window, flights, own) = (self.window.clone(), self.flights.clone(), stop.clone());
        let answer = future_to_promise(async move {
            let fetch = async |cache| {
                let init = RequestInit::new();
                init.set_signal(Some(&own.signal()));
                init.set_cache(cache);
                let response = JsFuture::from(window.fetch_with_str_and_init(&url, &init)).await?;
                let response: Response = response.dyn_into()?;
                match response.status() {
                    200..=299 => JsFuture::from(response.array_buffer()?).await,
                    status => Err(status.into()),
                }
            };
            // The only file that changes under its name is asked for again.
            let mut cache = if changes {
                RequestCache::NoCache
            } else {
                RequestCache::Default
            };
            let answer = loop {
                let answer = fetch(cache).await;
                let unanswered = answer.as_ref().is_err_and(|error| error.as_f64().is_none());
                if cache != RequestCache::NoCache || !unanswered || own.signal().aborted() {
                    break answer;
                }
                // Without a connection what is kept of it leads to what is kept of the rest.
                cache = RequestCache::ForceCache;
            };
            flights.land(&own);
            answer
        });
        self.flights.0.borrow_mut().push(Flight {
            path: path.to_owned(),
            answer: answer.clone(),
            stop,
            wanted: true,
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
            .map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec())
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
