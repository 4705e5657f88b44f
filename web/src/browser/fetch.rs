//! Files of the site, over HTTP.
//!
//! A request is never cancelled: objects are small and kept once they are here, so that an answer
//! nobody waits for any longer still serves the next search.

use khizana_format::{Fetch, FetchError};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestCache, RequestInit, Response, Window};

/// Fetches from where the site lies.
pub struct WebFetch {
    pub window: Window,
    pub root: String,
}

impl Fetch for WebFetch {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let unreachable = || FetchError::Unreachable {
            path: path.to_owned(),
            reason: "no answer".to_owned(),
        };
        let init = RequestInit::new();
        if path == "archive.json" {
            // The only file that changes under its name.
            init.set_cache(RequestCache::NoCache);
        }
        let url = format!("{}{path}", self.root);
        let response = JsFuture::from(self.window.fetch_with_str_and_init(&url, &init))
            .await
            .ok()
            .and_then(|response| response.dyn_into::<Response>().ok())
            .ok_or_else(unreachable)?;
        match response.status() {
            200..=299 => {}
            404 | 410 => return Err(FetchError::NotFound(path.to_owned())),
            status => {
                return Err(FetchError::Status {
                    path: path.to_owned(),
                    status,
                });
            }
        }
        let buffer = response.array_buffer().map_err(|_| unreachable())?;
        let buffer = JsFuture::from(buffer).await.map_err(|_| unreachable())?;
        Ok(js_sys::Uint8Array::new(&buffer).to_vec())
    }
}
