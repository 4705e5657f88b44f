//! What the reader does, heard at the document.

use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, EventTarget, HtmlInputElement, KeyboardEvent, MouseEvent};

use super::lines;
use super::location::{Place, search_box};
use super::{Viewer, Way};
use crate::message::{Answer, Request};
use khizana_pages::Reading;
use khizana_pages::Route;
use khizana_pages::cause_text;
use khizana_pages::words::{self, Lang};
use khizana_pages::{BrowseQuery, year};
use khizana_pages::{ItemPage, View};

/// Begins to listen.
pub fn listen(viewer: &Rc<Viewer>) {
    let document: &EventTarget = viewer.document.as_ref();
    let window: &EventTarget = viewer.window.as_ref();
    on(viewer, document, "click", click);
    on(viewer, document, "submit", submit);
    on(viewer, document, "input", input);
    on(viewer, document, "change", change);
    on(viewer, document, "keydown", keydown);
    on(viewer, document, "pointerover", lines::point);
    on(viewer, document, "focusin", lines::point);
    // A player's events do not rise: they are heard on their way down.
    on_way(viewer, document, "timeupdate", true, |viewer, _| {
        viewer.played()
    });
    on(viewer, window, "popstate", |viewer, _| popstate(viewer));
    on(viewer, window, "scrollend", |viewer, _| scrolled(viewer));
    on(viewer, window, "pagehide", |viewer, _| viewer.keep_scroll());
}

fn on(viewer: &Rc<Viewer>, target: &EventTarget, name: &str, handle: fn(&Rc<Viewer>, &Event)) {
    on_way(viewer, target, name, false, handle);
}

fn on_way(
    viewer: &Rc<Viewer>,
    target: &EventTarget,
    name: &str,
    down: bool,
    handle: fn(&Rc<Viewer>, &Event),
) {
    let viewer = viewer.clone();
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| handle(&viewer, &event));
    let _ = target.add_event_listener_with_callback_and_bool(
        name,
        closure.as_ref().unchecked_ref(),
        down,
    );
    // The viewer listens for as long as the page lives.
    closure.forget();
}

/// The element at which an event was, or the first around it, that a selector fits.
pub fn target(event: &Event, selector: &str) -> Option<Element> {
    event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest(selector)
        .ok()?
}

fn follow(viewer: &Rc<Viewer>, place: Place) {
    let viewer = viewer.clone();
    spawn_local(async move { viewer.go(place.lang, place.route, Way::Push).await });
}

fn click(viewer: &Rc<Viewer>, event: &Event) {
    if let Some(button) = target(event, "[data-action]") {
        act(viewer, &button);
        return;
    }
    let Some(mouse) = event.dyn_ref::<MouseEvent>() else {
        return;
    };
    let plain = mouse.button() == 0
        && !(mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key());
    if let Some(waveform) = target(event, ".waveform") {
        viewer.touch_waveform(&waveform, f64::from(mouse.client_x()));
        return;
    }
    let Some(link) = target(event, "a[href]").filter(|_| plain && !event.default_prevented())
    else {
        return;
    };
    let href = js_sys::Reflect::get(&link, &JsValue::from_str("href"))
        .ok()
        .and_then(|href| href.as_string());
    // A moment is heard at once, and is in the address for who copies it.
    if let Some(moment) = link
        .get_attribute("href")
        .filter(|href| href.starts_with("#t="))
        && viewer.to_moment(&moment, true)
    {
        event.prevent_default();
        if let Ok(history) = viewer.window.history() {
            let state = history.state().unwrap_or_default();
            let _ = history.replace_state_with_url(&state, "", Some(&moment));
        }
        return;
    }
    // The picture itself opens closer; where it cannot, the link leads to it.
    if target(event, ".stage-link").is_some() {
        if let Some(at) = target(event, "[data-canvas]").and_then(|leaf| canvas_of(&leaf)) {
            viewer.turn_to(at);
        }
        if viewer.zoom(None) {
            event.prevent_default();
        }
        return;
    }
    // A link into the page itself, and a file to keep, are the browser's business.
    let Some(href) = href.filter(|href| !href.contains('#') && !link.has_attribute("download"))
    else {
        return;
    };
    if let Some(place) = viewer.place_of(&href) {
        event.prevent_default();
        follow(viewer, place);
    }
}

/// Says of a button that what it opens is open, or no longer.
pub fn toggle(button: &Element) {
    let open = button.get_attribute("aria-expanded").as_deref() == Some("true");
    let _ = button.set_attribute("aria-expanded", if open { "false" } else { "true" });
}

fn act(viewer: &Rc<Viewer>, button: &Element) {
    let page = viewer.shown();
    let own = viewer.clone();
    match button.get_attribute("data-action").as_deref() {
        Some("toggle") => toggle(button),
        Some("overview") => {
            if let View::Item(view) = &page.view {
                let mut view = view.clone();
                view.overview = !view.overview;
                viewer.replace_view(View::Item(view));
            }
        }
        Some("retry") => {
            let (lang, route) = (page.lang.clone(), page.view.route());
            spawn_local(async move { own.go(lang, route, Way::Replace).await });
        }
        Some("reading") => {
            let name = button.get_attribute("data-reading").unwrap_or_default();
            viewer.keep_reading(&name);
            viewer.read_as(Reading::of(&name).unwrap_or_default());
        }
        Some("retry-text") => spawn_local(async move { own.load_text().await }),
        Some("copy") => {
            let text = |id: &str| {
                viewer
                    .document
                    .get_element_by_id(id)
                    .and_then(|element| element.text_content())
            };
            let link = viewer.document.get_element_by_id("permanent");
            let href = link.and_then(|link| {
                js_sys::Reflect::get(&link, &JsValue::from_str("href"))
                    .ok()?
                    .as_string()
            });
            let citation = format!(
                "{} {}",
                text("citation").unwrap_or_default(),
                href.unwrap_or_default()
            );
            let clipboard = viewer.window.navigator().clipboard();
            // Browsers have none where the site is not served over HTTPS.
            if clipboard.is_undefined() {
                let selection = viewer.window.get_selection().ok().flatten();
                if let (Some(selection), Some(citation)) =
                    (selection, viewer.document.get_element_by_id("citation"))
                {
                    let _ = selection.select_all_children(&citation);
                }
                return;
            }
            let promise = clipboard.write_text(&citation);
            spawn_local(async move {
                if JsFuture::from(promise).await.is_ok() {
                    let mut shown = own.shown.borrow().clone();
                    shown.announcement = words::copied_announcement(Lang::of(&page.lang)).into();
                    own.show(shown);
                }
            });
        }
        _ => {}
    }
}

fn submit(viewer: &Rc<Viewer>, event: &Event) {
    if let Some(form) = target(event, "form.years") {
        event.prevent_default();
        let page = viewer.shown();
        let Route::Browse(mut query) = page.view.route() else {
            return;
        };
        let typed = |name: &str| {
            let input = form.query_selector(name).ok()??;
            year(&input.dyn_into::<HtmlInputElement>().ok()?.value())
        };
        (query.from, query.to, query.page) = (typed("[name=from]"), typed("[name=to]"), 0);
        // The first of the two may be the later one: the address puts them in order.
        let route = Route::Browse(BrowseQuery::parse(&query.to_query()));
        let lang = page.lang.clone();
        follow(viewer, Place { lang, route });
        return;
    }
    if let Some(form) = target(event, "form.page-go") {
        event.prevent_default();
        let viewer = viewer.clone();
        spawn_local(async move { go_to_page(&viewer, &form).await });
        return;
    }
    let Some(input) = target(event, "form[role=search]").and_then(|_| search_box(&viewer.document))
    else {
        return;
    };
    event.prevent_default();
    let page = viewer.shown();
    let text = input.value();
    let query = match page.view.route() {
        Route::Browse(query) => BrowseQuery {
            text,
            page: 0,
            ..query
        },
        _ => BrowseQuery {
            text,
            ..BrowseQuery::default()
        },
    };
    follow(
        viewer,
        Place {
            lang: page.lang.clone(),
            route: Route::Browse(query),
        },
    );
}

fn input(viewer: &Rc<Viewer>, event: &Event) {
    let Some(input) = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
    else {
        return;
    };
    if input.id() == "page" {
        input.set_custom_validity("");
    }
    if input.id() == "find" {
        let (viewer, input) = (viewer.clone(), input.clone());
        spawn_local(async move { viewer.find_said(&input).await });
    }
    if input.id() == "q" {
        let viewer = viewer.clone();
        spawn_local(async move { viewer.typed(&input).await });
    }
}

fn change(viewer: &Rc<Viewer>, event: &Event) {
    if let Some(select) = target(event, ".player select, .cue-tools select") {
        viewer.chosen(&select);
    }
}

/// The arrow keys turn the pages in the direction in which the book is read.
fn keydown(viewer: &Rc<Viewer>, event: &Event) {
    let Some(key) = event.dyn_ref::<KeyboardEvent>() else {
        return;
    };
    if key.ctrl_key()
        || key.meta_key()
        || key.shift_key()
        || key.alt_key()
        || event.default_prevented()
    {
        return;
    }
    if target(event, "input, textarea, select, [contenteditable]").is_some() {
        return;
    }
    if viewer.player_key(&key.code(), target(event, "*").as_ref()) {
        event.prevent_default();
        return;
    }
    if target(event, "audio, video").is_some() {
        return;
    }
    let page = viewer.shown();
    let View::Item(view) = &page.view else { return };
    if lines::key(viewer, view, event, &key.key()) {
        event.prevent_default();
        return;
    }
    let Ok(Some(turning)) = viewer.document.query_selector(".turning") else {
        return;
    };
    let backwards = turning.get_attribute("dir").as_deref() == Some("rtl");
    let forth = match key.key().as_str() {
        "ArrowRight" => !backwards,
        "ArrowLeft" => backwards,
        _ => return,
    };
    if let Some(canvas) = view.turned(forth) {
        event.prevent_default();
        leaf_to(viewer, view, canvas);
    }
}

/// Turns to a canvas of the item on the screen.
fn leaf_to(viewer: &Rc<Viewer>, view: &ItemPage, canvas: u32) {
    let lang = viewer.shown().lang.clone();
    let route = view.at(canvas);
    follow(viewer, Place { lang, route });
}

/// To the page whose number was typed; where there is none, or it cannot be known, the field says so.
async fn go_to_page(viewer: &Rc<Viewer>, form: &Element) {
    let Ok(Some(input)) = form.query_selector("input") else {
        return;
    };
    let Ok(input) = input.dyn_into::<HtmlInputElement>() else {
        return;
    };
    let request = Request::FindPage {
        route: viewer.shown().view.route(),
        typed: input.value(),
    };
    let answer = viewer.archive.send(request).next().await;
    let page = viewer.shown();
    let View::Item(view) = &page.view else { return };
    let lang = Lang::of(&page.lang);
    let wrong = match answer {
        Some(Answer::Page(Some(canvas))) => {
            input.set_value("");
            input.set_custom_validity("");
            leaf_to(viewer, view, canvas);
            return;
        }
        Some(Answer::Page(None)) => words::page_none(lang).to_owned(),
        Some(Answer::Failed(cause)) => cause_text(lang, &cause),
        _ => return,
    };
    input.set_custom_validity(&wrong);
    input.report_validity();
}

/// The canvas that a leaf shows.
fn canvas_of(leaf: &Element) -> Option<u32> {
    leaf.get_attribute("data-canvas")?.parse().ok()
}

/// Where all pages lie one below the other, the address follows the one that is in the middle.
fn scrolled(viewer: &Rc<Viewer>) {
    viewer.keep_scroll();
    let page = viewer.shown();
    let View::Item(view) = &page.view else { return };
    if view.reading != Reading::Scroll {
        return;
    }
    let Ok(leaves) = viewer.document.query_selector_all(".leaf") else {
        return;
    };
    let height = viewer.window.inner_height().ok();
    let middle = height.and_then(|height| height.as_f64()).unwrap_or(0.0) / 2.0;
    let seen = (0..leaves.length()).find_map(|place| {
        let leaf: Element = leaves.get(place)?.dyn_into().ok()?;
        let below = leaf.get_bounding_client_rect().bottom() > middle;
        below.then(|| canvas_of(&leaf)).flatten()
    });
    if let Some(at) = seen {
        viewer.turn_to(at);
    }
}

fn popstate(viewer: &Rc<Viewer>) {
    let Some(Place { lang, route }) = viewer.place() else {
        return;
    };
    let page = viewer.shown();
    if page.lang == lang && page.view.route() == route {
        viewer.follow_hash();
        viewer.follow_moment();
        return;
    }
    let y = viewer.kept_scroll().unwrap_or(0.0);
    let viewer = viewer.clone();
    spawn_local(async move { viewer.go(lang, route, Way::Pop(y)).await });
}
