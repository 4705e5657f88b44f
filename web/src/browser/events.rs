//! What the reader does, heard at the document.

use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, EventTarget, HtmlInputElement, KeyboardEvent, MouseEvent};

use super::place::{Place, search_box};
use super::{Viewer, Way};
use crate::page::View;
use crate::query::{BrowseQuery, year};
use crate::route::Route;
use crate::words::{self, Lang};

/// Begins to listen.
pub fn listen(viewer: &Rc<Viewer>) {
    let document: &EventTarget = viewer.document.as_ref();
    let window: &EventTarget = viewer.window.as_ref();
    on(viewer, document, "click", click);
    on(viewer, document, "submit", submit);
    on(viewer, document, "input", input);
    on(viewer, document, "keydown", keydown);
    on(viewer, window, "popstate", |viewer, _| popstate(viewer));
    on(viewer, window, "scrollend", |viewer, _| {
        viewer.keep_scroll()
    });
    on(viewer, window, "pagehide", |viewer, _| viewer.keep_scroll());
}

fn on(viewer: &Rc<Viewer>, target: &EventTarget, name: &str, handle: fn(&Rc<Viewer>, &Event)) {
    let viewer = viewer.clone();
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| handle(&viewer, &event));
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    // The viewer listens for as long as the page lives.
    closure.forget();
}

fn target(event: &Event, selector: &str) -> Option<Element> {
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
    let Some(link) = target(event, "a[href]").filter(|_| plain && !event.default_prevented())
    else {
        return;
    };
    let href = js_sys::Reflect::get(&link, &JsValue::from_str("href"))
        .ok()
        .and_then(|href| href.as_string());
    // The picture itself opens closer; where it cannot, the link leads to it.
    if target(event, ".stage-link").is_some() {
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
        Some("retry") => {
            let (lang, route) = (page.lang.clone(), page.view.route());
            spawn_local(async move { own.go(lang, route, Way::Replace).await });
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
    if input.id() == "q" {
        let viewer = viewer.clone();
        spawn_local(async move { viewer.typed(&input).await });
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
    if target(
        event,
        "input, textarea, select, audio, video, [contenteditable]",
    )
    .is_some()
    {
        return;
    }
    let page = viewer.shown();
    let View::Item(view) = &page.view else { return };
    let Ok(Some(turning)) = viewer.document.query_selector(".turning") else {
        return;
    };
    let backwards = turning.get_attribute("dir").as_deref() == Some("rtl");
    let forth = match key.key().as_str() {
        "ArrowRight" => !backwards,
        "ArrowLeft" => backwards,
        _ => return,
    };
    let canvas = if forth {
        view.canvas.checked_add(1)
    } else {
        view.canvas.checked_sub(1)
    };
    let count = u32::try_from(view.record.canvases.len()).unwrap_or(u32::MAX);
    if let Some(canvas) = canvas.filter(|canvas| *canvas < count) {
        event.prevent_default();
        let route = Route::Item {
            id: view.record.item.id.as_str().to_owned(),
            canvas,
        };
        follow(
            viewer,
            Place {
                lang: page.lang.clone(),
                route,
            },
        );
    }
}

fn popstate(viewer: &Rc<Viewer>) {
    let Some(Place { lang, route }) = viewer.place() else {
        return;
    };
    let page = viewer.shown();
    if page.lang == lang && page.view.route() == route {
        viewer.follow_hash();
        return;
    }
    let y = viewer.kept_scroll().unwrap_or(0.0);
    let viewer = viewer.clone();
    spawn_local(async move { viewer.go(lang, route, Way::Pop(y)).await });
}
