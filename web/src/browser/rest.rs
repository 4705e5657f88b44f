//! The rest of the viewer, a module of its own that is fetched when it is first needed: [`super::load`],
//! and what only that needs. Nothing else calls into it.

use std::future::pending;

use js_sys::Promise;
use khizana_format::{Canvas, Track};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use super::{Viewer, load};
use khizana_pages::Route;
use khizana_pages::{CanvasText, Cause, ItemPage, View};

#[wasm_bindgen]
extern "C" {
    /// `boot.js` has it: a promise that the rest is there.
    fn rest() -> Promise;
}

/// Waits until the rest is there.
async fn here() -> Result<(), Cause> {
    match JsFuture::from(rest()).await {
        Ok(_) => Ok(()),
        Err(problem) => Err(match problem.as_f64() {
            Some(status) => Cause::Status(status as u16),
            None => Cause::Offline,
        }),
    }
}

/// Waits for the table by which words are folded, which is in the rest.
pub(super) async fn folds() -> Result<(), Cause> {
    here().await
}

impl Viewer {
    /// What is shown at a route.
    pub(super) async fn load(&self, lang: &str, route: &Route) -> Result<View, Cause> {
        match here().await {
            // The site has another viewer since; the other page brings it.
            Err(Cause::Status(404 | 410)) if !self.is_at(lang, route) => {
                let mut address = self.root.clone();
                address.push_str(&route.href(lang, self.shown().site.pages));
                let _ = self.window.location().assign(&address);
                pending().await
            }
            here => here?,
        }
        load::load(self, lang, route).await
    }

    /// What is read beside a canvas, and its track; `said` is the one that serves the reader best.
    pub(super) async fn text_of(
        &self,
        view: &ItemPage,
        canvas: &Canvas,
        said: Option<&Track>,
    ) -> Result<(CanvasText, Option<u32>), Cause> {
        here().await?;
        load::text(self, view, canvas, said).await
    }

    /// What a list of results lacks at first.
    pub(super) async fn complete(&self) -> Option<()> {
        here().await.ok()?;
        load::complete(self).await
    }
}
