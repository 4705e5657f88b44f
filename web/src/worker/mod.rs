//! The Web Worker that owns the archive: it fetches, verifies, searches and decodes.
//!
//! Requests are handled concurrently. Requests that navigate ([`Request::Show`] and
//! [`Request::Text`]) supersede each other: a newer one cancels an older one, whose fetches are
//! aborted unless the newer one needs them, too.

mod fetch;
mod records;
mod search;
mod text;
mod tiles;

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use js_sys::Promise;
use khizana_format::{Archive, FetchError, ReadError, Record};
use khizana_json::from_slice;
use khizana_pages::{Cause, Page, Route, View, find_page};
use khizana_search::Results;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::message::{Answer, Request};
use fetch::{InFlight, WebFetch};
use tiles::Tiles;

/// Starts the worker: listens to messages, and posts `null` to signal that it is ready.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = Rc::new(Worker {
        scope: scope.clone(),
        root: RefCell::default(),
        archive: RefCell::new(None),
        in_flight: InFlight::default(),
        results: RefCell::new(None),
        records: RefCell::default(),
        navigation: Cell::new(0),
        tiles: Tiles::default(),
    });
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some((number, request)) = event.data().dyn_ref().and_then(Request::from_array) else {
            return;
        };
        let worker = worker.clone();
        spawn_local(async move { worker.handle(number, request).await });
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The listener is never removed.
    on_message.forget();
    let _ = scope.post_message(&JsValue::NULL);
}

/// The state of the worker.
struct Worker {
    scope: DedicatedWorkerGlobalScope,
    /// URL of the root of the site, with a trailing slash.
    root: RefCell<String>,
    archive: RefCell<Option<Rc<Archive<WebFetch>>>>,
    in_flight: InFlight,
    /// The query and the results of the latest search.
    results: RefCell<Option<(String, Rc<Results>)>>,
    /// Recently displayed records, the latest first.
    records: RefCell<Vec<Rc<Record>>>,
    /// Number of the latest request that navigates.
    navigation: Cell<u32>,
    tiles: Tiles,
}

impl Worker {
    async fn handle(self: &Rc<Self>, number: u32, request: Request) {
        let answer = match request {
            Request::Start { root, state } => {
                self.begin(root, &state);
                return;
            }
            Request::Show { lang, route } => return self.show(number, &lang, &route).await,
            Request::Item { lang, route } => match self.current_view(&lang, &route).await {
                Ok(view) => Answer::View(Box::new(view)),
                Err(cause) => self.failed(cause),
            },
            Request::Text { lang, route, track } => {
                self.begin_navigation(number);
                match self
                    .until_superseded(number, self.text(&lang, &route, track))
                    .await
                {
                    None => return,
                    Some(Ok((text, track))) => Answer::Text(text, track),
                    Some(Err(cause)) => self.failed(cause),
                }
            }
            Request::FindPage { route, input } => match self.record_of(&route).await {
                Ok(record) => {
                    let canvases = record.as_ref().map_or(&[][..], |record| &record.canvases);
                    Answer::Page(find_page(canvases, &input))
                }
                Err(cause) => self.failed(cause),
            },
            Request::FindCues {
                lang,
                route,
                track,
                input,
            } => match self.find_cues(&lang, &route, track, &input).await {
                Ok(cues) => Answer::Cues(cues),
                Err(cause) => self.failed(cause),
            },
            Request::Cite {
                lang,
                route,
                access,
            } => match self.citations(&lang, &route, &access).await {
                Ok(citations) => Answer::Citations(citations),
                Err(cause) => self.failed(cause),
            },
            Request::OpenTiles { route, prefetched } => {
                self.open_tiles(&route, prefetched).await;
                return;
            }
            Request::Tile { route, position } => match self.tile(number, &route, position).await {
                Ok(bitmap) => Answer::Bitmap(bitmap),
                Err(cause) => Answer::Failed(cause),
            },
            Request::Cancel => return self.cancel(number),
        };
        self.post(number, &answer);
    }

    /// Cancels a request. A request that navigates ends when it is next polled.
    fn cancel(&self, number: u32) {
        self.tiles.cancel(number);
        if self.navigation.get() == number {
            self.navigation.set(0);
            self.in_flight.mark_unneeded();
            self.in_flight.abort_unneeded();
        }
    }

    /// Sets the URL of the site, and adds the record of the published page to the cache, so that it
    /// need not be looked up.
    fn begin(&self, root: String, state: &str) {
        self.root.replace(root);
        if let Ok(Page {
            view: View::Item(view),
            ..
        }) = from_slice(state.as_bytes())
        {
            self.cache_record(view.record);
        }
    }

    /// Answers with the view of a route, and then, for a search, with the completed cards.
    async fn show(&self, number: u32, lang: &str, route: &Route) {
        self.begin_navigation(number);
        let view = match self
            .until_superseded(number, self.current_view(lang, route))
            .await
        {
            None => return,
            Some(Ok(view)) => view,
            Some(Err(cause)) => return self.post(number, &self.failed(cause)),
        };
        let answer = Answer::View(Box::new(view));
        self.post(number, &answer);
        if let Answer::View(view) = answer
            && let View::Browse(browse) = *view
        {
            let complete = self.complete(number, lang, &browse);
            self.until_superseded(number, complete).await;
        }
    }

    /// Returns the answer for a failure, and closes the archive: the site may have been published
    /// again since the archive was opened, so the next request opens it again.
    fn failed(&self, cause: Cause) -> Answer {
        self.archive.replace(None);
        Answer::Failed(cause)
    }

    fn post(&self, number: u32, answer: &Answer) {
        let (message, transferred) = answer.to_array(number);
        let _ = self
            .scope
            .post_message_with_transfer(&message, &transferred);
    }

    fn begin_navigation(&self, number: u32) {
        self.navigation.set(number);
        self.in_flight.mark_unneeded();
    }

    /// Awaits `work`, and returns its output, or `None` if a newer request that navigates
    /// supersedes this one. Aborts fetches of the previous request that `work` does not need.
    async fn until_superseded<T>(&self, number: u32, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        let mut rounds = 0;
        poll_fn(|context| {
            if self.navigation.get() != number {
                return Poll::Ready(None);
            }
            let requested = self.in_flight.requested();
            let result = work.as_mut().poll(context);
            rounds += u32::from(self.in_flight.requested() != requested);
            // The first round of fetches looks up terms. Which blocks of the previous request are
            // needed again is known only after the second round.
            if rounds > 1 || result.is_ready() {
                self.in_flight.abort_unneeded();
            }
            result.map(Some)
        })
        .await
    }

    /// Returns the view of a route. If an object does not exist because the site has been published
    /// again, opens the new archive, and tries once more.
    async fn current_view(&self, lang: &str, route: &Route) -> Result<View, Cause> {
        let mut is_repeated = false;
        loop {
            let before = self.archive.borrow().clone();
            let result = self.view(lang, route).await;
            let is_missing = matches!(result, Err(Cause::Status(404)));
            if !is_missing || is_repeated || !self.opens_newer_archive(before).await {
                return result;
            }
            is_repeated = true;
        }
    }

    /// Opens the archive again, unless another request has done so. Returns `true` if it was published
    /// since `before` was opened.
    async fn opens_newer_archive(&self, before: Option<Rc<Archive<WebFetch>>>) -> bool {
        let Some(used) = before.or_else(|| self.archive.borrow().clone()) else {
            return false;
        };
        let is_used = |archive: &Rc<Archive<WebFetch>>| Rc::ptr_eq(archive, &used);
        if self.archive.borrow().as_ref().is_some_and(is_used) {
            self.archive.replace(None);
        }
        let archive = self.archive().await;
        let is_newer = archive.is_ok_and(|new| new.root().snapshot != used.root().snapshot);
        if is_newer {
            self.results.replace(None);
            self.records.borrow_mut().clear();
        }
        is_newer
    }

    /// Returns the archive. Opens it if necessary.
    async fn archive(&self) -> Result<Rc<Archive<WebFetch>>, Cause> {
        if let Some(archive) = self.archive.borrow().as_ref() {
            return Ok(archive.clone());
        }
        let fetch = WebFetch {
            scope: self.scope.clone(),
            root: self.root.borrow().clone(),
            in_flight: self.in_flight.clone(),
        };
        let archive = Rc::new(Archive::open(fetch).await.map_err(cause)?);
        self.archive.replace(Some(archive.clone()));
        Ok(archive)
    }

    async fn sleep(&self, milliseconds: i32) {
        let promise = Promise::new(&mut |resolve, _| {
            let _ = self
                .scope
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        });
        let _ = JsFuture::from(promise).await;
    }
}

/// Converts an error of the reader into the cause that is displayed.
fn cause(error: ReadError) -> Cause {
    match error {
        ReadError::Fetch(FetchError::NotFound(_)) => Cause::Status(404),
        ReadError::Fetch(FetchError::Status { status, .. }) => Cause::Status(status),
        ReadError::Fetch(FetchError::Unreachable { .. }) => Cause::Offline,
        ReadError::Object(error) => Cause::Damaged(error.to_string()),
        error => Cause::Unreadable(error.to_string()),
    }
}
