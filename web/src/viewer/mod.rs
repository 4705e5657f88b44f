//! The viewer: it hydrates the published page, listens to events, requests views from the worker and
//! displays them.
//!
//! Events are listened to at the document; the views have no listeners. A page is committed in one step:
//! its address, its title, its language and its content change together.

mod archive;
mod events;
mod lines;
mod location;
mod player;
mod zoom;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::rc::Rc;

use khizana_json as json;
use khizana_pages::{
    App, AppProps, Browse, BrowseQuery, CanvasText, Card, Cause, Failure, Loading, Page, Reading,
    Route, View, shown_track,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, HtmlElement, HtmlInputElement, Window};
use yew::{AppHandle, Callback, Renderer};

use crate::message::{Answer, Request};
use archive::ArchiveClient;
use location::Place;

/// How long a page may take before the old one gives way to a page that says it is loading.
const PATIENCE_MS: i32 = 250;
/// How long before it says that it takes long.
const SLOW_MS: i32 = 8_000;

thread_local! {
    static VIEWER: RefCell<Option<Rc<Viewer>>> = const { RefCell::new(None) };
}

/// How a page comes to be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Way {
    /// A link was followed: a new entry in the history.
    Push,
    /// The address changes under the reader: as they type, or where a page is completed.
    Replace,
    /// Back or forward: the address is there already, and so is the place in the page.
    Pop(f64),
}

/// What is done once the page is on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
enum After {
    Nothing,
    /// To the top, with the heading in focus.
    Top,
    /// To the results of a search, their heading in focus.
    Results,
    /// Where the focus is; to the results where what had it, such as a filter, is gone.
    Refined,
    /// To a place in the page.
    Scroll(f64),
    /// To the page of the book, where all lie one below the other.
    Leaf,
    /// The text, to what was looked for in it.
    Found,
}

/// The running viewer.
pub(crate) struct Viewer {
    app: RefCell<Option<AppHandle<App>>>,
    window: Window,
    document: Document,
    /// Where the site lies, with a closing slash.
    root: String,
    shown: RefCell<AppProps>,
    archive: Rc<ArchiveClient>,
    /// Counts navigations; what arrives for an older one is dropped.
    turn: Cell<u32>,
    after: Cell<After>,
    /// How the pages of books are laid out.
    reading: Cell<Reading>,
    /// The deep-zoom view, while it is open.
    zoom: RefCell<Option<Rc<zoom::Zoom>>>,
    /// The images that were open in it, the last one first: the names of their canvases, and labels.
    zoomed: RefCell<Vec<(String, String)>>,
}

/// Takes over the page that is in the document.
pub fn start() {
    if let Err(problem) = begin() {
        wasm_bindgen::throw_val(problem);
    }
}

fn begin() -> Result<(), JsValue> {
    let missing = |what: &str| JsValue::from_str(what);
    let window = web_sys::window().ok_or_else(|| missing("no window"))?;
    let document = window.document().ok_or_else(|| missing("no document"))?;
    let state = document
        .get_element_by_id("page-state")
        .ok_or_else(|| missing("no page state"))?;
    let state = state.text_content().unwrap_or_default();
    let page: Page =
        json::from_slice(state.as_bytes()).map_err(|_| missing("the page state cannot be read"))?;
    let element = document
        .get_element_by_id("viewer")
        .ok_or_else(|| missing("no viewer element"))?;
    let root = web_sys::Url::new_with_base(&page.base, &window.location().href()?)?.href();
    let typed = location::search_box(&document)
        .map(|input| input.value())
        .filter(|text| !text.is_empty());

    let viewer = Rc::new(Viewer {
        app: RefCell::new(None),
        window,
        document,
        archive: ArchiveClient::new(root.clone(), state),
        root,
        shown: RefCell::new(AppProps {
            on_rendered: Callback::from(|()| rendered()),
            ..AppProps::of(page)
        }),
        turn: Cell::new(0),
        after: Cell::new(After::Nothing),
        reading: Cell::new(Reading::default()),
        zoom: RefCell::new(None),
        zoomed: RefCell::default(),
    });
    viewer.take_said();
    let shown = viewer.shown.borrow().clone();
    VIEWER.with_borrow_mut(|slot| *slot = Some(viewer.clone()));
    let app = Renderer::<App>::with_root_and_props(element, shown).hydrate();
    *viewer.app.borrow_mut() = Some(app);
    viewer
        .window
        .history()?
        .set_scroll_restoration(web_sys::ScrollRestoration::Manual)?;
    events::listen(&viewer);
    spawn_local(async move { viewer.settle(typed).await });
    Ok(())
}

/// Called by the app each time the screen is up to date.
fn rendered() {
    let Some(viewer) = VIEWER.with_borrow(Clone::clone) else {
        return;
    };
    viewer.after_render();
    viewer.follow_hash();
    if let Some(zoom) = &*viewer.zoom.borrow() {
        zoom.redraw();
    }
}

impl Viewer {
    /// Once the published page is hydrated: completes it for its address.
    async fn settle(self: Rc<Self>, typed: Option<String>) {
        // Hydration ends in a task of its own; what follows must come after it.
        self.sleep(0).await;
        let _ = self
            .document
            .document_element()
            .map(|html| html.set_attribute("data-viewer", "running"));
        if let (Some(typed), Some(input)) = (typed, location::search_box(&self.document)) {
            input.set_value(&typed);
        }
        let mut shown = self.shown.borrow().clone();
        shown.live = true;
        let Some(Place { lang, mut route }) = self.place() else {
            return;
        };
        if let View::Item(view) = &shown.page.view
            && let Route::Item {
                canvas, ref query, ..
            } = route
        {
            let query = query.clone();
            let last = u32::try_from(view.record.canvases.len())
                .unwrap_or(u32::MAX)
                .saturating_sub(1);
            route = Route::Item {
                id: view.record.item.id.as_str().to_owned(),
                canvas: canvas.min(last),
                query,
            };
        }
        let complete =
            shown.page.view.route() == route && !matches!(shown.page.view, View::Loading(_));
        self.show(shown);
        if let Some(reading) = self.kept_reading() {
            self.read_as(reading);
        }
        let kept = self.kept_scroll();
        if !complete {
            self.go(lang, route, Way::Pop(kept.unwrap_or(0.0))).await;
            self.follow_moment();
        } else {
            if let Some(y) = kept {
                self.window.scroll_to_with_x_and_y(0.0, y);
            }
            self.follow_moment();
            self.load_text().await;
        }
    }

    /// Opens or closes the deep-zoom view, as the address says, once its page is on the screen.
    pub(crate) fn follow_hash(self: &Rc<Self>) {
        let shown = self.shown.borrow().clone();
        if !shown.live || !self.is_at(&shown.page.lang, &shown.page.view.route()) {
            return;
        }
        let hash = self.window.location().hash().unwrap_or_default();
        let open = self.zoom.borrow().clone();
        match (crate::zoom::address::is_view(&hash), open) {
            (true, None) => {
                self.zoom(Some(&hash));
            }
            (false, Some(zoom)) => zoom.leave(),
            _ => {}
        }
    }

    /// Opens the deep-zoom view on the picture of the page; says whether it could.
    pub(crate) fn zoom(self: &Rc<Self>, hash: Option<&str>) -> bool {
        let page = self.shown();
        let View::Item(view) = &page.view else {
            return false;
        };
        let Some(image) = view.shown().and_then(|canvas| canvas.image.as_ref()) else {
            return false;
        };
        let mut selector = String::from(".stage-link img");
        if view.reading != Reading::Single {
            selector.insert_str(0, "\"] ");
            selector.insert_str(0, &view.canvas.to_string());
            selector.insert_str(0, "[data-canvas=\"");
        }
        let picture = self.document.query_selector(&selector);
        let Ok(Some(Ok(picture))) = picture.map(|found| found.map(JsCast::dyn_into)) else {
            return false;
        };
        if self.zoom.borrow().is_some() {
            return true;
        }
        let opened = zoom::open(self, image, &picture, hash);
        let open = opened.is_some();
        *self.zoom.borrow_mut() = opened;
        open
    }

    /// Lays the pages of books out in another way.
    pub(crate) fn read_as(&self, reading: Reading) {
        self.reading.set(reading);
        let shown = self.shown();
        if let View::Item(view) = &shown.view {
            let mut view = view.clone();
            view.reading = reading;
            if reading == Reading::Scroll {
                self.after.set(After::Leaf);
            }
            self.replace_view(View::Item(view));
        }
    }

    /// Another of the pages on the screen is the one that is looked at.
    pub(crate) fn turn_to(self: &Rc<Self>, canvas: u32) {
        let shown = self.shown();
        let View::Item(view) = &shown.view else {
            return;
        };
        if view.canvas == canvas {
            return;
        }
        let mut view = view.clone();
        view.show(canvas);
        self.replace_view(View::Item(view));
        if let Ok(history) = self.window.history() {
            let address = self.address_of(&self.shown());
            let state = history.state().unwrap_or(JsValue::NULL);
            let _ = history.replace_state_with_url(&state, "", Some(&address));
        }
        let own = self.clone();
        spawn_local(async move { own.load_text().await });
    }

    pub(crate) fn forget_zoom(&self) {
        self.zoom.borrow_mut().take();
    }

    /// The address of a page.
    pub(crate) fn address_of(&self, page: &Page) -> String {
        let route = page.view.route();
        format!("{}{}", self.root, route.href(&page.lang, page.site.pages))
    }

    /// Shows a page at an address: at once where it can be, otherwise with a page that says that it
    /// is loading, and with one that says what failed.
    pub(crate) async fn go(self: &Rc<Self>, lang: String, route: Route, way: Way) {
        let turn = self.next_turn();
        if let Some(view) = self.same_item(&lang, &route) {
            self.commit(lang, view, way);
            self.load_text().await;
            return;
        }
        let waiting = self.clone();
        let (waiting_lang, waiting_route) = (lang.clone(), route.clone());
        spawn_local(async move { waiting.wait(turn, waiting_lang, waiting_route, way).await });
        let mut answers = self.archive.send(Request::Show {
            lang: lang.clone(),
            route: route.clone(),
        });
        let answer = answers.next().await;
        if self.turn.get() != turn {
            return;
        }
        // The loading page may have made the entry in the history already.
        let way = if way == Way::Push && self.is_at(&lang, &route) {
            Way::Replace
        } else {
            way
        };
        let turn = self.next_turn();
        match answer {
            Some(Answer::View(mut view)) => {
                // The query is not part of the view, since a published page has none.
                if let (View::Item(item), Route::Item { query, .. }) = (&mut *view, &route) {
                    item.query.clone_from(query);
                }
                let is_search = matches!(*view, View::Browse(_));
                self.commit(lang, *view, way);
                if !is_search {
                    self.load_text().await;
                } else if let Some(Answer::Cards(cards)) = answers.next().await
                    && self.turn.get() == turn
                {
                    self.replace_cards(cards);
                    // The worker goes on to fetch the next page until the request ends.
                    let _ = answers.next().await;
                }
            }
            Some(Answer::Failed(cause)) => {
                self.leave_if_outdated(&lang, &route, &cause).await;
                self.commit(lang, View::Failed(Failure { route, cause }), way);
            }
            // A newer request has superseded this one.
            _ => {}
        }
    }

    /// Completes the cards of the search on the screen.
    fn replace_cards(&self, cards: Vec<Card>) {
        let page = self.shown();
        if let View::Browse(view) = &page.view {
            self.replace_view(View::Browse(Box::new(Browse {
                cards,
                ..(**view).clone()
            })));
        }
    }

    /// Loads the route as a document if the worker's script is gone: the site has been published since
    /// with another viewer, which the document brings.
    async fn leave_if_outdated(&self, lang: &str, route: &Route, cause: &Cause) {
        let is_gone = matches!(cause, Cause::Status(404 | 410)) && !self.archive.has_started();
        if is_gone && !self.is_at(lang, route) {
            let href = route.href(lang, self.shown().site.pages);
            let _ = self
                .window
                .location()
                .assign(&format!("{}{href}", self.root));
            pending::<()>().await;
        }
    }

    /// The view of an item that is not navigated to; `None` if it cannot be loaded.
    pub(crate) async fn item(&self, lang: &str, route: Route) -> Option<View> {
        let request = Request::Item {
            lang: lang.to_owned(),
            route,
        };
        match self.archive.send(request).next().await? {
            Answer::View(view) => Some(*view),
            _ => None,
        }
    }

    /// While a request is under way: says so, and later that it takes long.
    async fn wait(self: Rc<Self>, turn: u32, lang: String, route: Route, way: Way) {
        self.sleep(PATIENCE_MS).await;
        if self.turn.get() != turn {
            return;
        }
        let searching = match (&self.shown.borrow().page.view, &route) {
            (View::Browse(view), Route::Browse(_)) => Some(view.clone()),
            _ => None,
        };
        if let Some(view) = searching {
            self.replace_view(View::Browse(Box::new(Browse {
                busy: true,
                ..*view
            })));
        } else {
            let loading = |slow| {
                View::Loading(Loading {
                    route: route.clone(),
                    collections: Vec::new(),
                    slow,
                })
            };
            self.commit(lang, loading(false), way);
            self.sleep(SLOW_MS).await;
            if self.turn.get() == turn {
                self.replace_view(loading(true));
            }
        }
    }

    /// The item on the screen, turned to another canvas: nothing needs to be fetched for it.
    fn same_item(&self, lang: &str, route: &Route) -> Option<View> {
        let Route::Item { id, canvas, query } = route else {
            return None;
        };
        let shown = self.shown.borrow();
        let View::Item(view) = &shown.page.view else {
            return None;
        };
        let inside =
            usize::try_from(*canvas).is_ok_and(|canvas| canvas < view.record.canvases.len());
        if !inside || shown.page.lang != lang || view.record.item.id.as_str() != id {
            return None;
        }
        let mut view = view.clone();
        view.show(*canvas);
        view.query.clone_from(query);
        Some(View::Item(view))
    }

    /// Puts a page on the screen, with its address, title and language.
    fn commit(&self, lang: String, mut view: View, way: Way) {
        if let View::Item(view) = &mut view {
            view.reading = self.reading.get();
        }
        let (from, site) = {
            let shown = self.shown.borrow();
            (shown.page.view.route(), shown.page.site.clone())
        };
        let to = view.route();
        let settled = !matches!(view, View::Loading(_));
        let page = Page {
            base: self.root.clone(),
            ..Page::new(&site, &lang, view)
        };
        // The view is of the page that was.
        let zoom = self.zoom.borrow().clone();
        if let Some(zoom) = zoom {
            zoom.leave();
        }
        let address = self.address_of(&page);
        if let Ok(history) = self.window.history() {
            let _ = match way {
                Way::Push => {
                    self.keep_scroll();
                    history.push_state_with_url(&JsValue::NULL, "", Some(&address))
                }
                Way::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(&address)),
                Way::Pop(_) => Ok(()),
            };
        }
        let title = page.document_title();
        self.document.set_title(&title);
        if let Some(html) = self.document.document_element() {
            let _ = html.set_attribute("lang", &lang);
            let _ = html.set_attribute("dir", khizana_pages::words::Lang::of(&lang).dir());
        }
        let after = match (way, &from, &to) {
            (Way::Pop(y), ..) => After::Scroll(y),
            (_, Route::Item { id: from, .. }, Route::Item { id: to, .. })
                if from == to && settled =>
            {
                match self.reading.get() {
                    Reading::Scroll => After::Leaf,
                    _ => After::Nothing,
                }
            }
            (_, Route::Browse(from), Route::Browse(to)) if from.page != to.page => After::Results,
            (_, Route::Browse(_), Route::Browse(_)) => After::Refined,
            (Way::Replace, ..) if from == to && !settled => After::Nothing,
            _ => After::Top,
        };
        self.after.set(after);
        let page_turned = matches!((&from, &to), (Route::Item { id: a, .. }, Route::Item { id: b, .. }) if a == b);
        let announcement = match &page.view {
            View::Item(view) if page_turned && view.record.canvases.len() > 1 => {
                let count = u64::try_from(view.record.canvases.len()).unwrap_or_default();
                khizana_pages::words::page_of(
                    khizana_pages::words::Lang::of(&lang),
                    u64::from(view.canvas) + 1,
                    count,
                )
            }
            // The count of the results, a status of its own, says enough.
            View::Browse(_) if matches!(from, Route::Browse(_)) => String::new(),
            View::Browse(view) => {
                let count = khizana_pages::words::results_count(
                    khizana_pages::words::Lang::of(&lang),
                    view.total.into(),
                );
                format!("{title}. {count}")
            }
            _ => title,
        };
        let on_rendered = self.shown.borrow().on_rendered.clone();
        self.show(AppProps {
            page: Rc::new(page),
            live: true,
            announcement: announcement.into(),
            on_rendered,
        });
    }

    /// Changes what is shown of the same page.
    pub(crate) fn replace_view(&self, view: View) {
        let shown = self.shown.borrow().clone();
        let page = Page {
            lang: shown.page.lang.clone(),
            base: shown.page.base.clone(),
            site: shown.page.site.clone(),
            view,
        };
        self.show(AppProps {
            page: Rc::new(page),
            ..shown
        });
    }

    fn show(&self, shown: AppProps) {
        self.shown.replace(shown.clone());
        if let Some(app) = self.app.borrow().as_ref() {
            app.send_message(shown);
        }
    }

    fn after_render(&self) {
        let focus = |selector: &str| {
            if let Ok(Some(element)) = self.document.query_selector(selector)
                && let Ok(element) = element.dyn_into::<HtmlElement>()
            {
                let _ = element.focus();
            }
        };
        match self.after.replace(After::Nothing) {
            After::Nothing => {}
            After::Top => {
                focus("main h1");
                self.window.scroll_to_with_x_and_y(0.0, 0.0);
            }
            After::Results => {
                self.window.scroll_to_with_x_and_y(0.0, 0.0);
                focus("#results");
            }
            After::Refined => {
                if self
                    .document
                    .active_element()
                    .is_none_or(|element| element.tag_name() == "BODY")
                {
                    focus("#results");
                }
            }
            After::Found => {
                if let Ok(Some(found)) = self.document.query_selector(".page-text mark") {
                    location::reveal_below(&found);
                }
            }
            After::Scroll(y) => self.window.scroll_to_with_x_and_y(0.0, y),
            After::Leaf => {
                if let Ok(Some(leaf)) = self.document.query_selector(".leaf.now") {
                    leaf.scroll_into_view();
                }
            }
        }
        if let Ok(Some(current)) = self.document.query_selector(".strip [aria-current]") {
            location::reveal(&current);
        }
    }

    /// Fetches the text of the canvas on the screen, if it has one, and marks in it what was looked for;
    /// of a recording what is said in it.
    pub(crate) async fn load_text(self: &Rc<Self>) {
        let page = self.shown();
        let View::Item(view) = &page.view else {
            return;
        };
        let Some(canvas) = view.shown() else {
            return;
        };
        let route = view.at(view.canvas);
        let track = shown_track(&page.lang, canvas, view.track);
        if track.is_none() && canvas.text.is_none() && canvas.html.is_none() {
            return;
        }
        match view.text.hits() {
            // Published with the page, and there is nothing to add.
            Some(hits) if canvas.lines.is_none() && !hits.searched && view.query.is_empty() => {
                return;
            }
            Some(_) => {}
            None if matches!(view.text, CanvasText::Html(_)) => return,
            None => self.set_text(&route, CanvasText::Loading, view.track),
        }
        let turn = self.turn.get();
        let mut answers = self.archive.send(Request::Text {
            lang: page.lang.clone(),
            route: route.clone(),
            track: view.track,
        });
        let answer = answers.next().await;
        if self.turn.get() != turn {
            return;
        }
        let (text, track) = match answer {
            Some(Answer::Text(text, track)) => (text, track),
            Some(Answer::Failed(cause)) => (CanvasText::Failed(cause), view.track),
            _ => return,
        };
        if text.hits().is_some_and(|hits| !hits.places.is_empty())
            && self.after.get() == After::Nothing
        {
            self.after.set(After::Found);
        }
        self.set_text(&route, text, track);
    }

    fn set_text(&self, route: &Route, text: CanvasText, track: Option<u32>) {
        let view = match &self.shown.borrow().page.view {
            View::Item(view) if self.shown.borrow().page.view.route() == *route => {
                Some(view.clone())
            }
            _ => None,
        };
        if let Some(mut view) = view {
            (view.text, view.track) = (text, track);
            self.replace_view(View::Item(view));
        }
    }

    /// What the reader has typed so far becomes part of the page, and is searched for after a pause.
    pub(crate) async fn typed(self: &Rc<Self>, input: &HtmlInputElement) {
        let text = input.value();
        let (view, query) = match &self.shown.borrow().page.view {
            View::Browse(view) => {
                let mut view = view.clone();
                view.query.text.clone_from(&text);
                view.query.page = 0;
                let query = view.query.clone();
                (View::Browse(view), query)
            }
            View::Loading(Loading {
                route: Route::Browse(query),
                slow,
                ..
            }) => {
                let query = BrowseQuery {
                    text,
                    ..query.clone()
                };
                let route = Route::Browse(query.clone());
                (
                    View::Loading(Loading {
                        route,
                        collections: Vec::new(),
                        slow: *slow,
                    }),
                    query,
                )
            }
            _ => return,
        };
        let turn = self.next_turn();
        self.replace_view(view);
        self.sleep(120).await;
        if self.turn.get() == turn {
            let lang = self.shown.borrow().page.lang.clone();
            self.go(lang, Route::Browse(query), Way::Replace).await;
        }
    }

    pub(crate) fn shown(&self) -> Rc<Page> {
        self.shown.borrow().page.clone()
    }

    fn next_turn(&self) -> u32 {
        self.turn.set(self.turn.get().wrapping_add(1));
        self.turn.get()
    }

    async fn sleep(&self, ms: i32) {
        let promise = js_sys::Promise::new(&mut |resolve, _| {
            let _ = self
                .window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        });
        let _ = JsFuture::from(promise).await;
    }
}
