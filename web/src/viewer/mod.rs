//! The viewer: it hydrates the published page, listens to events, requests views from the worker
//! and displays them.
//!
//! The event listeners are attached to the document and the window, not to the elements of the
//! views. A new page is displayed in one step: its URL, title, language and content change at the
//! same time.

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
use khizana_model::Day;
use khizana_pages::{
    App, AppProps, Browse, BrowseQuery, CanvasText, Card, Cause, Device, Failure, Loading, Page,
    PageLayout, Route, View, cite_access, displayed_track,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Document, HtmlElement, HtmlInputElement, Window};
use yew::{AppHandle, Callback, Renderer};

use crate::message::{Answer, Request};
use archive::ArchiveClient;
use khizana_pages::i18n::{self, Lang};
use location::Location;

/// Delay before a loading page is displayed, in milliseconds.
const LOADING_DELAY_MS: i32 = 250;
/// Additional delay before the loading page says that loading takes long, in milliseconds.
const SLOW_DELAY_MS: i32 = 8_000;
/// Delay between the last keystroke and the search, in milliseconds.
const TYPING_DELAY_MS: i32 = 120;

thread_local! {
    static VIEWER: RefCell<Option<Rc<Viewer>>> = const { RefCell::new(None) };
}

/// The effect of a navigation on the history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum HistoryAction {
    /// Adds an entry, for example for a link.
    Push,
    /// Replaces the current entry, while the reader types or when a page is completed.
    Replace,
    /// Leaves the history unchanged, for navigation back and forward. The number is the scroll
    /// position to restore, in CSS pixels.
    Pop(f64),
}

/// The change of scroll position and focus after the next rendering.
#[derive(Debug, Clone, Copy, PartialEq)]
enum AfterRender {
    /// No change.
    Nothing,
    /// Scrolls to the top, and focuses the heading.
    FocusHeading,
    /// Scrolls to the top, and focuses the heading of the results.
    FocusResults,
    /// Keeps the focus. If the focused element, such as a filter, was removed, focuses the heading
    /// of the results.
    KeepFocus,
    /// Restores a scroll position, in CSS pixels.
    ScrollTo(f64),
    /// Scrolls to the current page, in the layout [`PageLayout::Scroll`].
    ScrollToPage,
    /// Scrolls the text to the first match.
    ScrollToMatch,
}

/// The running viewer.
pub(crate) struct Viewer {
    app: RefCell<Option<AppHandle<App>>>,
    window: Window,
    document: Document,
    /// URL of the root of the site, with a trailing slash.
    root: String,
    /// The displayed page.
    props: RefCell<AppProps>,
    archive: Rc<ArchiveClient>,
    /// Number of the latest navigation. Answers to older ones are dropped.
    navigation: Cell<u32>,
    after_render: Cell<AfterRender>,
    /// Layout of the pages of books.
    layout: Cell<PageLayout>,
    /// The dialog of the deep-zoom view, while it is open.
    zoom: RefCell<Option<Rc<zoom::ZoomDialog>>>,
}

/// Starts the viewer on the page in the document.
pub fn start() {
    if let Err(error) = hydrate() {
        wasm_bindgen::throw_val(error);
    }
}

fn hydrate() -> Result<(), JsValue> {
    let error = |message: &str| JsValue::from_str(message);
    let window = web_sys::window().ok_or_else(|| error("no window"))?;
    let document = window.document().ok_or_else(|| error("no document"))?;
    let state = document
        .get_element_by_id("page-state")
        .ok_or_else(|| error("no page state"))?;
    let state = state.text_content().unwrap_or_default();
    let page: Page = json::from_slice(state.as_bytes()).map_err(|_| error("invalid page state"))?;
    let element = document
        .get_element_by_id("viewer")
        .ok_or_else(|| error("no viewer element"))?;
    let root = web_sys::Url::new_with_base(&page.base, &window.location().href()?)?.href();
    let typed = location::search_box(&document)
        .map(|input| input.value())
        .filter(|text| !text.is_empty());

    let device = device(&root, &window);
    let viewer = Rc::new(Viewer {
        app: RefCell::new(None),
        window,
        document,
        archive: ArchiveClient::new(root.clone(), state),
        root,
        props: RefCell::new(AppProps {
            on_rendered: Callback::from(|()| on_rendered()),
            device,
            ..AppProps::of(page)
        }),
        navigation: Cell::new(0),
        after_render: Cell::new(AfterRender::Nothing),
        layout: Cell::new(PageLayout::default()),
        zoom: RefCell::new(None),
    });
    viewer.adopt_published_text();
    let props = viewer.props.borrow().clone();
    VIEWER.with_borrow_mut(|slot| *slot = Some(viewer.clone()));
    let app = Renderer::<App>::with_root_and_props(element, props).hydrate();
    *viewer.app.borrow_mut() = Some(app);
    viewer
        .window
        .history()?
        .set_scroll_restoration(web_sys::ScrollRestoration::Manual)?;
    events::listen(&viewer);
    spawn_local(async move { viewer.complete_page(typed).await });
    Ok(())
}

/// Returns what the pages display of the browser.
fn device(root: &str, window: &web_sys::Window) -> Device {
    let now = js_sys::Date::new_0();
    let year = i32::try_from(now.get_full_year()).unwrap_or_default();
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    Device {
        root: Some(root.into()),
        today: Day::new(year, part(now.get_month() + 1), part(now.get_date())),
        can_share: js_sys::Reflect::has(&window.navigator(), &"share".into()).unwrap_or_default(),
    }
}

/// Updates the scroll position, the focus and the deep-zoom view. The app calls it after each
/// rendering.
fn on_rendered() {
    let Some(viewer) = VIEWER.with_borrow(Clone::clone) else {
        return;
    };
    viewer.apply_after_render();
    viewer.apply_zoom_fragment();
    if let Some(zoom) = &*viewer.zoom.borrow() {
        zoom.request_redraw();
    }
}

impl Viewer {
    /// Completes the hydrated page according to its URL. `typed` is the text that the visitor typed
    /// into the search box before the page was hydrated.
    async fn complete_page(self: Rc<Self>, typed: Option<String>) {
        // Hydration is completed in another task, which must run first.
        self.sleep(0).await;
        let _ = self
            .document
            .document_element()
            .map(|html| html.set_attribute("data-viewer", "running"));
        let mut typed_into = None;
        if let (Some(typed), Some(input)) = (typed, location::search_box(&self.document)) {
            input.set_value(&typed);
            typed_into = Some(input);
        }
        let mut props = self.props.borrow().clone();
        props.is_hydrated = true;
        let Some(Location { lang, mut route }) = self.location() else {
            return;
        };
        if let View::Item(view) = &props.page.view
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
        if let View::Browse(view) = &props.page.view {
            // The routes of queries do not depend on the published pages.
            let mut view = view.clone();
            view.has_page = false;
            props.page = Rc::new(Page {
                view: View::Browse(view),
                ..(*props.page).clone()
            });
        }
        let is_complete =
            props.page.view.route() == route && !matches!(props.page.view, View::Loading(_));
        if let (false, View::Browse(view), Route::Browse(query)) =
            (is_complete, &props.page.view, &route)
        {
            let mut view = view.clone();
            (view.query, view.is_busy) = (query.clone(), true);
            props.page = Rc::new(Page {
                view: View::Browse(view),
                ..(*props.page).clone()
            });
        } else {
            self.reveal_results();
        }
        self.render(props);
        if let Some(layout) = self.saved_layout() {
            self.set_layout(layout);
        }
        let scroll = self.saved_scroll();
        if !is_complete {
            let action = HistoryAction::Pop(scroll.unwrap_or(0.0));
            self.navigate(lang, route, action).await;
            self.seek_to_url_time();
        } else {
            if let Some(y) = scroll {
                self.window.scroll_to_with_x_and_y(0.0, y);
            }
            self.seek_to_url_time();
            self.load_text().await;
            if let Some(input) = typed_into {
                self.on_search_input(&input).await;
            }
        }
    }

    /// Reveals the results that `query.js` has hidden, because the published ones are not those of
    /// the query.
    fn reveal_results(&self) {
        if let Some(html) = self.document.document_element() {
            let _ = html.remove_attribute("data-query");
        }
    }

    /// Opens or closes the deep-zoom view according to the URL fragment. Does nothing until the
    /// page at the URL has been rendered.
    pub(crate) fn apply_zoom_fragment(self: &Rc<Self>) {
        let props = self.props.borrow().clone();
        if !props.is_hydrated || !self.is_at(&props.page.lang, &props.page.view.route()) {
            return;
        }
        let hash = self.window.location().hash().unwrap_or_default();
        let dialog = self.zoom.borrow().clone();
        match (crate::zoom::address::is_zoom_fragment(&hash), dialog) {
            (true, None) => {
                self.open_zoom(Some(&hash));
            }
            (false, Some(dialog)) => dialog.remove(),
            _ => {}
        }
    }

    /// Opens the deep-zoom view on the current canvas. Returns `true` if it is open.
    pub(crate) fn open_zoom(self: &Rc<Self>, hash: Option<&str>) -> bool {
        let page = self.page();
        let View::Item(view) = &page.view else {
            return false;
        };
        let canvas = view.current_canvas();
        let Some(image) = canvas.and_then(|canvas| canvas.image.as_ref()) else {
            return false;
        };
        let mut selector = String::from(".stage-link img");
        if view.layout != PageLayout::Single {
            selector.insert_str(0, "\"] ");
            selector.insert_str(0, &view.canvas.to_string());
            selector.insert_str(0, "[data-canvas=\"");
        }
        let element = self.document.query_selector(&selector);
        let Ok(Some(Ok(element))) = element.map(|element| element.map(JsCast::dyn_into)) else {
            return false;
        };
        if self.zoom.borrow().is_some() {
            return true;
        }
        let dialog = zoom::open(self, image, &element, hash);
        let is_open = dialog.is_some();
        *self.zoom.borrow_mut() = dialog;
        is_open
    }

    /// Changes the layout of the pages of books.
    pub(crate) fn set_layout(&self, layout: PageLayout) {
        self.layout.set(layout);
        let page = self.page();
        if let View::Item(view) = &page.view {
            let mut view = view.clone();
            view.layout = layout;
            if layout == PageLayout::Scroll {
                self.after_render.set(AfterRender::ScrollToPage);
            }
            self.replace_view(View::Item(view));
        }
    }

    /// Makes a canvas the current one and updates the URL, without navigating.
    pub(crate) fn set_canvas(self: &Rc<Self>, canvas: u32) {
        let page = self.page();
        let View::Item(view) = &page.view else {
            return;
        };
        if view.canvas == canvas {
            return;
        }
        let mut view = view.clone();
        view.set_canvas(canvas);
        self.replace_view(View::Item(view));
        if let Ok(history) = self.window.history() {
            let url = self.url_of(&self.page());
            let state = history.state().unwrap_or(JsValue::NULL);
            let _ = history.replace_state_with_url(&state, "", Some(&url));
        }
        let viewer = self.clone();
        spawn_local(async move { viewer.load_text().await });
    }

    /// Returns the deep-zoom dialog if it is open.
    pub(crate) fn zoom(&self) -> Option<Rc<zoom::ZoomDialog>> {
        self.zoom.borrow().clone()
    }

    /// Drops the deep-zoom dialog, which has removed itself from the page.
    pub(crate) fn release_zoom(&self) {
        self.zoom.borrow_mut().take();
    }

    /// Returns the absolute URL of a page.
    pub(crate) fn url_of(&self, page: &Page) -> String {
        let route = page.view.route();
        format!("{}{}", self.root, page.href(&page.lang, &route))
    }

    /// Navigates to a route. Displays a loading page if loading takes long, and an error page if it
    /// fails.
    pub(crate) async fn navigate(
        self: &Rc<Self>,
        lang: String,
        route: Route,
        action: HistoryAction,
    ) {
        let navigation = self.next_navigation();
        if let Some(view) = self.other_canvas(&lang, &route) {
            self.commit(lang, view, action);
            self.load_text().await;
            return;
        }
        let viewer = self.clone();
        let (loading_lang, loading_route) = (lang.clone(), route.clone());
        spawn_local(async move {
            viewer
                .show_loading(navigation, loading_lang, loading_route, action)
                .await;
        });
        let mut answers = self.archive.send(Request::Show {
            lang: lang.clone(),
            route: route.clone(),
        });
        let answer = answers.next().await;
        if self.navigation.get() != navigation {
            return;
        }
        // The loading page may have added the entry to the history.
        let action = if action == HistoryAction::Push && self.is_at(&lang, &route) {
            HistoryAction::Replace
        } else {
            action
        };
        let navigation = self.next_navigation();
        match answer {
            Some(Answer::View(mut view)) => {
                // The view lacks the query of the route, because a published page has none.
                if let (View::Item(item), Route::Item { query, .. }) = (&mut *view, &route) {
                    item.query.clone_from(query);
                }
                let is_search = matches!(*view, View::Browse(_));
                self.commit(lang, *view, action);
                if !is_search {
                    self.load_text().await;
                } else if let Some(Answer::Cards(cards)) = answers.next().await
                    && self.navigation.get() == navigation
                {
                    self.replace_cards(cards);
                    // The worker prefetches the next page as long as the request is pending.
                    let _ = answers.next().await;
                }
            }
            Some(Answer::Failed(cause)) => {
                self.reload_if_outdated(&lang, &route, &cause).await;
                self.commit(lang, View::Failed(Failure { route, cause }), action);
            }
            // A newer request has superseded this one.
            _ => {}
        }
    }

    /// Replaces the cards of the displayed search.
    fn replace_cards(&self, cards: Vec<Card>) {
        let page = self.page();
        if let View::Browse(view) = &page.view {
            self.replace_view(View::Browse(Box::new(Browse {
                cards,
                ..(**view).clone()
            })));
        }
    }

    /// Loads the route as a document if the script of the worker no longer exists: the site has
    /// been published again with another version of the viewer.
    async fn reload_if_outdated(&self, lang: &str, route: &Route, cause: &Cause) {
        let is_gone = matches!(cause, Cause::Status(404 | 410)) && !self.archive.has_started();
        if is_gone && !self.is_at(lang, route) {
            let href = self.page().href(lang, route);
            let _ = self
                .window
                .location()
                .assign(&format!("{}{href}", self.root));
            pending::<()>().await;
        }
    }

    /// Loads the view of an item without navigating to it. Returns `None` if it fails.
    pub(crate) async fn load_item(&self, lang: &str, route: Route) -> Option<View> {
        let request = Request::Item {
            lang: lang.to_owned(),
            route,
        };
        match self.archive.send(request).next().await? {
            Answer::View(view) => Some(*view),
            _ => None,
        }
    }

    /// Displays a loading page if a navigation takes long. For a search, marks the previous results
    /// as outdated instead.
    async fn show_loading(
        self: Rc<Self>,
        navigation: u32,
        lang: String,
        route: Route,
        action: HistoryAction,
    ) {
        self.sleep(LOADING_DELAY_MS).await;
        if self.navigation.get() != navigation {
            return;
        }
        let previous_results = match (&self.props.borrow().page.view, &route) {
            (View::Browse(view), Route::Browse(_)) => Some(view.clone()),
            _ => None,
        };
        if let Some(view) = previous_results {
            self.replace_view(View::Browse(Box::new(Browse {
                is_busy: true,
                ..*view
            })));
        } else {
            let loading = |is_slow| {
                View::Loading(Loading {
                    route: route.clone(),
                    collections: Vec::new(),
                    is_slow,
                })
            };
            self.commit(lang, loading(false), action);
            self.sleep(SLOW_DELAY_MS).await;
            if self.navigation.get() == navigation {
                self.replace_view(loading(true));
            }
        }
    }

    /// Returns the view of a route that leads to another canvas of the displayed item and therefore
    /// needs no request. Returns `None` for other routes.
    fn other_canvas(&self, lang: &str, route: &Route) -> Option<View> {
        let Route::Item { id, canvas, query } = route else {
            return None;
        };
        let props = self.props.borrow();
        let View::Item(view) = &props.page.view else {
            return None;
        };
        let exists =
            usize::try_from(*canvas).is_ok_and(|canvas| canvas < view.record.canvases.len());
        if !exists || props.page.lang != lang || view.record.item.id.as_str() != id {
            return None;
        }
        let mut view = view.clone();
        view.set_canvas(*canvas);
        view.query.clone_from(query);
        Some(View::Item(view))
    }

    /// Displays a page, and sets its URL, title and language.
    fn commit(&self, lang: String, mut view: View, action: HistoryAction) {
        if let View::Item(view) = &mut view {
            view.layout = self.layout.get();
        }
        let (from, was_loaded, site) = {
            let page = &self.props.borrow().page;
            let was_loaded = !matches!(page.view, View::Loading(_) | View::Failed(_));
            (page.view.route(), was_loaded, page.site.clone())
        };
        let to = view.route();
        let is_loaded = !matches!(view, View::Loading(_));
        // `false` if the item replaces the loading page.
        let is_same_item = was_loaded
            && is_loaded
            && matches!((&from, &to), (Route::Item { id: a, .. }, Route::Item { id: b, .. }) if a == b);
        let page = Page {
            base: self.root.clone(),
            ..Page::new(&site, &lang, view)
        };
        // The dialog displays an image of the previous page.
        let zoom = self.zoom.borrow().clone();
        if let Some(zoom) = zoom {
            zoom.remove();
        }
        let url = self.url_of(&page);
        if let Ok(history) = self.window.history() {
            let _ = match action {
                HistoryAction::Push => {
                    self.save_scroll();
                    history.push_state_with_url(&JsValue::NULL, "", Some(&url))
                }
                HistoryAction::Replace => {
                    history.replace_state_with_url(&JsValue::NULL, "", Some(&url))
                }
                HistoryAction::Pop(_) => Ok(()),
            };
        }
        self.reveal_results();
        let title = page.document_title();
        self.document.set_title(&title);
        if let Some(html) = self.document.document_element() {
            let _ = html.set_attribute("lang", &lang);
            let _ = html.set_attribute("dir", Lang::of(&lang).dir());
        }
        let after_render = match (action, &from, &to) {
            (HistoryAction::Pop(y), ..) => AfterRender::ScrollTo(y),
            _ if is_same_item => match self.layout.get() {
                PageLayout::Scroll => AfterRender::ScrollToPage,
                _ => AfterRender::Nothing,
            },
            (_, Route::Browse(from), Route::Browse(to)) if from.page != to.page => {
                AfterRender::FocusResults
            }
            (_, Route::Browse(_), Route::Browse(_)) => AfterRender::KeepFocus,
            (HistoryAction::Replace, ..) if from == to && !is_loaded => AfterRender::Nothing,
            _ => AfterRender::FocusHeading,
        };
        self.after_render.set(after_render);
        let announcement = match &page.view {
            View::Item(view) if is_same_item && view.record.canvases.len() > 1 => {
                let count = u64::try_from(view.record.canvases.len()).unwrap_or_default();
                i18n::page_of(Lang::of(&lang), u64::from(view.canvas) + 1, count)
            }
            View::Browse(view) => {
                let count = i18n::results_count(Lang::of(&lang), view.total.into());
                match from {
                    Route::Browse(_) => count,
                    _ => format!("{title}. {count}"),
                }
            }
            _ => title,
        };
        let props = self.props.borrow().clone();
        self.render(AppProps {
            page: Rc::new(page),
            is_hydrated: true,
            announcement: announcement.into(),
            ..props
        });
    }

    /// Requests the citations of the displayed item, and displays them.
    pub(crate) async fn load_citations(self: &Rc<Self>) {
        let props = self.props.borrow().clone();
        let (View::Item(view), Some(access)) = (&props.page.view, cite_access(&props)) else {
            return;
        };
        if view.citations.is_some() {
            return;
        }
        let request = Request::Cite {
            lang: props.page.lang.clone(),
            route: props.page.view.route(),
            access,
        };
        let mut answers = self.archive.send(request);
        let Some(Answer::Citations(citations)) = answers.next().await else {
            return;
        };
        let page = self.page();
        if let View::Item(current) = &page.view
            && current.canvas == view.canvas
            && current.record.item.id == view.record.item.id
        {
            let mut view = current.clone();
            view.citations = Some(Rc::new(citations));
            self.replace_view(View::Item(view));
        }
    }

    /// Replaces the view of the displayed page.
    pub(crate) fn replace_view(&self, view: View) {
        let props = self.props.borrow().clone();
        let page = Page {
            lang: props.page.lang.clone(),
            base: props.page.base.clone(),
            site: props.page.site.clone(),
            view,
        };
        self.render(AppProps {
            page: Rc::new(page),
            ..props
        });
    }

    fn render(&self, props: AppProps) {
        self.props.replace(props.clone());
        if let Some(app) = self.app.borrow().as_ref() {
            app.send_message(props);
        }
    }

    /// Announces a text to screen readers.
    pub(crate) fn announce(&self, text: &str) {
        let mut props = self.props.borrow().clone();
        props.announcement = text.into();
        self.render(props);
    }

    /// Sets scroll position and focus after a rendering.
    fn apply_after_render(&self) {
        let focus = |selector: &str| {
            if let Ok(Some(element)) = self.document.query_selector(selector)
                && let Ok(element) = element.dyn_into::<HtmlElement>()
            {
                let _ = element.focus();
            }
        };
        match self.after_render.replace(AfterRender::Nothing) {
            AfterRender::Nothing => {}
            AfterRender::FocusHeading => {
                focus("main h1");
                self.window.scroll_to_with_x_and_y(0.0, 0.0);
            }
            AfterRender::FocusResults => {
                self.window.scroll_to_with_x_and_y(0.0, 0.0);
                focus("#results");
            }
            AfterRender::KeepFocus => {
                if self
                    .document
                    .active_element()
                    .is_none_or(|element| element.tag_name() == "BODY")
                {
                    focus("#results");
                }
            }
            AfterRender::ScrollToMatch => {
                if let Ok(Some(mark)) = self.document.query_selector(".page-text mark") {
                    location::scroll_text_to(&mark);
                }
            }
            AfterRender::ScrollTo(y) => self.window.scroll_to_with_x_and_y(0.0, y),
            AfterRender::ScrollToPage => {
                if let Ok(Some(leaf)) = self.document.query_selector(".leaf.now") {
                    leaf.scroll_into_view();
                }
            }
        }
        if let Ok(Some(current)) = self.document.query_selector(".strip [aria-current]") {
            location::scroll_strip_to(&current);
        }
    }

    /// Loads the text or transcript of the current canvas, with the matches of the query.
    pub(crate) async fn load_text(self: &Rc<Self>) {
        let page = self.page();
        let View::Item(view) = &page.view else {
            return;
        };
        let Some(canvas) = view.current_canvas() else {
            return;
        };
        let route = view.route_at(view.canvas);
        let track = displayed_track(&page.lang, canvas, view.track);
        if track.is_none() && canvas.text.is_none() && canvas.html.is_none() {
            return;
        }
        match view.text.matches() {
            // The published page contains the text, and there is nothing to add.
            Some(matches)
                if canvas.lines.is_none() && !matches.has_query && view.query.is_empty() =>
            {
                return;
            }
            Some(_) => {}
            None if matches!(view.text, CanvasText::Html(_)) => return,
            None => self.set_text(&route, CanvasText::Loading, view.track),
        }
        let navigation = self.navigation.get();
        let mut answers = self.archive.send(Request::Text {
            lang: page.lang.clone(),
            route: route.clone(),
            track: view.track,
        });
        let answer = answers.next().await;
        if self.navigation.get() != navigation {
            return;
        }
        let (text, track) = match answer {
            Some(Answer::Text(text, track)) => (text, track),
            Some(Answer::Failed(cause)) => (CanvasText::Failed(cause), view.track),
            _ => return,
        };
        let has_matches = text
            .matches()
            .is_some_and(|matches| !matches.ranges.is_empty());
        if has_matches && self.after_render.get() == AfterRender::Nothing {
            self.after_render.set(AfterRender::ScrollToMatch);
        }
        self.set_text(&route, text, track);
    }

    fn set_text(&self, route: &Route, text: CanvasText, track: Option<u32>) {
        let view = match &self.props.borrow().page.view {
            View::Item(view) if view.route_at(view.canvas) == *route => Some(view.clone()),
            _ => None,
        };
        if let Some(mut view) = view {
            (view.text, view.track) = (text, track);
            self.replace_view(View::Item(view));
        }
    }

    /// Handles input in the search box of the browse page: updates the query, and searches after a
    /// delay.
    pub(crate) async fn on_search_input(self: &Rc<Self>, input: &HtmlInputElement) {
        let text = input.value();
        let (view, query) = match &self.props.borrow().page.view {
            View::Browse(view) => {
                let mut view = view.clone();
                view.query.text.clone_from(&text);
                view.query.page = 0;
                let query = view.query.clone();
                (View::Browse(view), query)
            }
            View::Loading(Loading {
                route: Route::Browse(query),
                is_slow,
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
                        is_slow: *is_slow,
                    }),
                    query,
                )
            }
            _ => return,
        };
        let navigation = self.next_navigation();
        self.replace_view(view);
        self.sleep(TYPING_DELAY_MS).await;
        if self.navigation.get() == navigation {
            let lang = self.page().lang.clone();
            self.navigate(lang, Route::Browse(query), HistoryAction::Replace)
                .await;
        }
    }

    /// Returns the displayed page.
    pub(crate) fn page(&self) -> Rc<Page> {
        self.props.borrow().page.clone()
    }

    /// Starts a navigation, and returns its number.
    fn next_navigation(&self) -> u32 {
        self.navigation.set(self.navigation.get().wrapping_add(1));
        self.navigation.get()
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
