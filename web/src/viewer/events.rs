//! The event listeners of the document.

use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Element, Event, EventTarget, HtmlElement, HtmlInputElement, KeyboardEvent, MouseEvent,
};

use super::lines;
use super::location::{Location, search_box};
use super::{HistoryAction, Viewer};
use crate::message::{Answer, Request};
use khizana_pages::i18n::{self, Lang};
use khizana_pages::{BrowseQuery, ItemPage, PageLayout, Route, View, cause_message, encode};

/// Adds the event listeners to the document and the window.
pub fn listen(viewer: &Rc<Viewer>) {
    let document: &EventTarget = viewer.document.as_ref();
    let window: &EventTarget = viewer.window.as_ref();
    on(viewer, document, "click", on_click);
    on(viewer, document, "submit", on_submit);
    on(viewer, document, "input", on_input);
    on(viewer, document, "change", on_change);
    on(viewer, document, "keydown", on_keydown);
    on(viewer, document, "pointerover", lines::highlight);
    on(viewer, document, "focusin", lines::highlight);
    // Media events do not bubble, so they are handled in the capture phase.
    add_listener(viewer, document, "timeupdate", true, |viewer, _| {
        viewer.on_time_update()
    });
    on(viewer, window, "popstate", |viewer, _| on_popstate(viewer));
    on(viewer, window, "scrollend", |viewer, _| {
        on_scroll_end(viewer)
    });
    on(viewer, window, "pagehide", |viewer, _| viewer.save_scroll());
}

fn on(viewer: &Rc<Viewer>, target: &EventTarget, name: &str, handle: fn(&Rc<Viewer>, &Event)) {
    add_listener(viewer, target, name, false, handle);
}

fn add_listener(
    viewer: &Rc<Viewer>,
    target: &EventTarget,
    name: &str,
    is_capture: bool,
    handle: fn(&Rc<Viewer>, &Event),
) {
    let viewer = viewer.clone();
    let closure = Closure::<dyn FnMut(Event)>::new(move |event: Event| handle(&viewer, &event));
    let _ = target.add_event_listener_with_callback_and_bool(
        name,
        closure.as_ref().unchecked_ref(),
        is_capture,
    );
    // The listeners are never removed.
    closure.forget();
}

/// Returns the innermost element that matches a selector: the target of an event or an ancestor of
/// it.
pub fn target(event: &Event, selector: &str) -> Option<Element> {
    event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest(selector)
        .ok()?
}

fn follow(viewer: &Rc<Viewer>, location: Location) {
    let viewer = viewer.clone();
    spawn_local(async move {
        viewer
            .navigate(location.lang, location.route, HistoryAction::Push)
            .await;
    });
}

fn on_click(viewer: &Rc<Viewer>, event: &Event) {
    close_other_menus(viewer, event);
    if let Some(button) = target(event, "[data-action]") {
        run_action(viewer, &button);
        return;
    }
    if target(event, ".citations > summary").is_some() {
        let viewer = viewer.clone();
        spawn_local(async move { viewer.load_citations().await });
        return;
    }
    let Some(mouse) = event.dyn_ref::<MouseEvent>() else {
        return;
    };
    let is_plain = mouse.button() == 0
        && !(mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key());
    if let Some(waveform) = target(event, ".waveform") {
        viewer.seek_in_waveform(&waveform, f64::from(mouse.client_x()));
        return;
    }
    let Some(link) = target(event, "a[href]").filter(|_| is_plain && !event.default_prevented())
    else {
        return;
    };
    let href = js_sys::Reflect::get(&link, &JsValue::from_str("href"))
        .ok()
        .and_then(|href| href.as_string());
    // A time link seeks and plays. Its fragment becomes part of the URL, so that it can be copied.
    if let Some(fragment) = link
        .get_attribute("href")
        .filter(|href| href.starts_with("#t="))
        && viewer.seek_to_fragment(&fragment, true)
    {
        event.prevent_default();
        if let Ok(history) = viewer.window.history() {
            let state = history.state().unwrap_or_default();
            let _ = history.replace_state_with_url(&state, "", Some(&fragment));
        }
        return;
    }
    // A click on an image opens the deep-zoom view. If that fails, the browser follows the link to
    // the file.
    if target(event, ".stage-link, .enlarge").is_some() {
        if let Some(canvas) = target(event, "[data-canvas]").and_then(|leaf| canvas_of(&leaf)) {
            viewer.set_canvas(canvas);
        }
        if viewer.open_zoom(None) {
            event.prevent_default();
        }
        return;
    }
    // The browser handles links within the page, and downloads.
    let Some(href) = href.filter(|href| !href.contains('#') && !link.has_attribute("download"))
    else {
        return;
    };
    if let Some(location) = viewer.location_of(&href) {
        event.prevent_default();
        // The menu covers the results of the choice. A link to more values is none.
        if target(event, ".more").is_none() {
            close_menu(event);
        }
        follow(viewer, location);
    }
}

/// Toggles the attribute `aria-expanded` of a button.
pub fn toggle_expanded(button: &Element) {
    let is_expanded = button.get_attribute("aria-expanded").as_deref() == Some("true");
    let _ = button.set_attribute("aria-expanded", if is_expanded { "false" } else { "true" });
}

/// Runs the action that the attribute `data-action` of a button names.
fn run_action(viewer: &Rc<Viewer>, button: &Element) {
    let page = viewer.page();
    match button.get_attribute("data-action").as_deref() {
        Some("toggle") => toggle_expanded(button),
        Some("overview") => {
            if let View::Item(view) = &page.view {
                let mut view = view.clone();
                view.has_all_thumbnails = !view.has_all_thumbnails;
                viewer.replace_view(View::Item(view));
            }
        }
        Some("retry") => {
            let (lang, route) = (page.lang.clone(), page.view.route());
            let viewer = viewer.clone();
            spawn_local(async move { viewer.navigate(lang, route, HistoryAction::Replace).await });
        }
        Some("reading") => {
            let name = button.get_attribute("data-reading").unwrap_or_default();
            viewer.save_layout(&name);
            viewer.set_layout(PageLayout::from_name(&name).unwrap_or_default());
        }
        Some("retry-text") => {
            let viewer = viewer.clone();
            spawn_local(async move { viewer.load_text().await });
        }
        Some("copy") => copy_citation(viewer, button),
        Some("share") => {
            let viewer = viewer.clone();
            spawn_local(async move {
                share_or_copy(&viewer).await;
            });
        }
        Some("copy-link") => {
            let url = viewer.window.location().href().unwrap_or_default();
            let element = viewer.document.query_selector(".pop a").ok().flatten();
            copy(viewer, &url, element);
        }
        Some("copy-embed") => copy_embed_code(viewer),
        Some("compare") => {
            if viewer.open_zoom(None)
                && let Some(zoom) = viewer.zoom()
            {
                zoom.open_comparison();
            }
        }
        _ => {}
    }
}

/// Copies the citation that precedes a button.
fn copy_citation(viewer: &Rc<Viewer>, button: &Element) {
    let citation = button.previous_element_sibling();
    let text = citation
        .as_ref()
        .and_then(|citation| citation.text_content());
    copy(viewer, &text.unwrap_or_default(), citation);
}

/// Copies the HTML with which other sites display the item and its current page.
fn copy_embed_code(viewer: &Rc<Viewer>) {
    let page = viewer.page();
    let (View::Item(view), Some(root)) = (&page.view, &page.site.url) else {
        return;
    };
    let id = encode(view.record.item.id.as_str());
    let mut url = format!("{root}embed/?id={id}&amp;lang={}", page.lang);
    if view.canvas > 0 {
        url.push_str(&format!("&amp;page={}", view.canvas + 1));
    }
    let code = format!(
        "<iframe src=\"{url}\" width=\"640\" height=\"480\" loading=\"lazy\" allow=\"fullscreen\" style=\"border:0;max-width:100%\"></iframe>"
    );
    let element = viewer.document.query_selector(".pop a").ok().flatten();
    copy(viewer, &code, element);
}

/// Passes the title and the URL of what is displayed to a program that the visitor chooses. If the browser
/// cannot do that, copies the URL. Returns `true` if the URL was copied.
pub async fn share_or_copy(viewer: &Viewer) -> bool {
    let url = viewer.window.location().href().unwrap_or_default();
    let navigator = viewer.window.navigator();
    let share = js_sys::Reflect::get(&navigator, &JsValue::from_str("share"));
    if let Ok(Ok(share)) = share.map(JsCast::dyn_into::<js_sys::Function>) {
        let data = js_sys::Object::new();
        for (name, value) in [("title", viewer.document.title()), ("url", url)] {
            let (name, value) = (JsValue::from_str(name), JsValue::from_str(&value));
            let _ = js_sys::Reflect::set(&data, &name, &value);
        }
        // The promise is rejected if the visitor changes their mind.
        if let Ok(promise) = share.call1(&navigator, &data) {
            let _ = JsFuture::from(js_sys::Promise::from(promise)).await;
        }
        return false;
    }
    write_to_clipboard(viewer, &url).await
}

/// Copies a text to the clipboard. Returns `false` if that fails, as browsers provide the clipboard only over
/// HTTPS.
pub async fn write_to_clipboard(viewer: &Viewer, text: &str) -> bool {
    let clipboard = viewer.window.navigator().clipboard();
    !clipboard.is_undefined() && JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Copies a text to the clipboard. Browsers provide the clipboard only over HTTPS; otherwise, the text of
/// `element` is selected.
fn copy(viewer: &Rc<Viewer>, text: &str, element: Option<Element>) {
    let clipboard = viewer.window.navigator().clipboard();
    if clipboard.is_undefined() {
        let selection = viewer.window.get_selection().ok().flatten();
        if let (Some(selection), Some(element)) = (selection, element) {
            let _ = selection.select_all_children(&element);
        }
        return;
    }
    let promise = clipboard.write_text(text);
    let viewer = viewer.clone();
    spawn_local(async move {
        if JsFuture::from(promise).await.is_ok() {
            let lang = Lang::of(&viewer.page().lang);
            viewer.announce(i18n::copied(lang));
        }
    });
}

fn on_submit(viewer: &Rc<Viewer>, event: &Event) {
    if let Some(form) = target(event, "form.years, form.span") {
        event.prevent_default();
        select_years(viewer, &form);
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
    let page = viewer.page();
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
        Location {
            lang: page.lang.clone(),
            route: Route::Browse(query),
        },
    );
}

/// Navigates to the results of the years that are selected in a form: in a pair of number inputs, or
/// with the marks of the histogram.
fn select_years(viewer: &Rc<Viewer>, form: &Element) {
    let page = viewer.page();
    let Route::Browse(mut query) = page.view.route() else {
        return;
    };
    (query.from, query.to, query.page) = (None, None, 0);
    let mut text = query.to_query();
    for name in ["from", "to", "scale", "left", "right"] {
        let input = form.query_selector(&format!("[name={name}]"));
        if let Ok(Some(input)) = input
            && let Ok(input) = input.dyn_into::<HtmlInputElement>()
        {
            text.push('&');
            text.push_str(name);
            text.push('=');
            text.push_str(&input.value());
        }
    }
    let lang = page.lang.clone();
    let route = Route::Browse(BrowseQuery::parse(&text));
    if route != page.view.route() {
        follow(viewer, Location { lang, route });
    }
}

/// Closes the open menus that do not contain the target of an event.
fn close_other_menus(viewer: &Rc<Viewer>, event: &Event) {
    let clicked = target(event, "details.facet");
    let Ok(open) = viewer.document.query_selector_all("details.facet[open]") else {
        return;
    };
    for index in 0..open.length() {
        if let Some(Ok(menu)) = open.get(index).map(|menu| menu.dyn_into::<Element>())
            && clicked.as_ref() != Some(&menu)
        {
            let _ = menu.remove_attribute("open");
        }
    }
}

/// Closes the menu that contains the target of an event, and focuses its heading. Returns `true` if
/// there is one.
fn close_menu(event: &Event) -> bool {
    let Some(menu) = target(event, "details.facet[open]") else {
        return false;
    };
    let _ = menu.remove_attribute("open");
    if let Ok(Some(summary)) = menu.query_selector("summary")
        && let Ok(summary) = summary.dyn_into::<HtmlElement>()
    {
        let _ = summary.focus();
    }
    true
}

fn on_input(viewer: &Rc<Viewer>, event: &Event) {
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
        spawn_local(async move { viewer.filter_cues(&input).await });
    }
    if input.id() == "q" {
        let viewer = viewer.clone();
        spawn_local(async move { viewer.on_search_input(&input).await });
    }
}

fn on_change(viewer: &Rc<Viewer>, event: &Event) {
    if let Some(select) = target(event, ".player select, .cue-tools select") {
        viewer.on_player_select(&select);
    }
    if let Some(form) = target(event, "form.span") {
        select_years(viewer, &form);
    }
}

/// Handles a key: first as a shortcut of the player, then as one of the text. Otherwise, the left
/// and right arrow keys turn the pages in the reading direction.
fn on_keydown(viewer: &Rc<Viewer>, event: &Event) {
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
    if key.key() == "Escape" && close_menu(event) {
        event.prevent_default();
        return;
    }
    if target(event, "input, textarea, select, [contenteditable]").is_some() {
        return;
    }
    if viewer.on_player_key(&key.code(), target(event, "*").as_ref()) {
        event.prevent_default();
        return;
    }
    if target(event, "audio, video").is_some() {
        return;
    }
    let page = viewer.page();
    let View::Item(view) = &page.view else { return };
    if lines::on_key(viewer, view, event, &key.key()) {
        event.prevent_default();
        return;
    }
    let Ok(Some(turning)) = viewer.document.query_selector(".turning") else {
        return;
    };
    let is_rtl = turning.get_attribute("dir").as_deref() == Some("rtl");
    let is_forward = match key.key().as_str() {
        "ArrowRight" => !is_rtl,
        "ArrowLeft" => is_rtl,
        _ => return,
    };
    if let Some(canvas) = view.adjacent_canvas(is_forward) {
        event.prevent_default();
        navigate_to_canvas(viewer, view, canvas);
    }
}

/// Navigates to a canvas of the displayed item.
fn navigate_to_canvas(viewer: &Rc<Viewer>, view: &ItemPage, canvas: u32) {
    let lang = viewer.page().lang.clone();
    let route = view.route_at(canvas);
    follow(viewer, Location { lang, route });
}

/// Navigates to the page with the entered number or label. The field reports an error if there is
/// no such page.
async fn go_to_page(viewer: &Rc<Viewer>, form: &Element) {
    let Ok(Some(input)) = form.query_selector("input") else {
        return;
    };
    let Ok(input) = input.dyn_into::<HtmlInputElement>() else {
        return;
    };
    let request = Request::FindPage {
        route: viewer.page().view.route(),
        input: input.value(),
    };
    let answer = viewer.archive.send(request).next().await;
    let page = viewer.page();
    let View::Item(view) = &page.view else { return };
    let lang = Lang::of(&page.lang);
    let error = match answer {
        Some(Answer::Page(Some(canvas))) => {
            input.set_value("");
            input.set_custom_validity("");
            navigate_to_canvas(viewer, view, canvas);
            return;
        }
        Some(Answer::Page(None)) => i18n::page_none(lang).to_owned(),
        Some(Answer::Failed(cause)) => cause_message(lang, &cause),
        _ => return,
    };
    input.set_custom_validity(&error);
    input.report_validity();
}

/// Returns the index of the canvas of a leaf.
fn canvas_of(leaf: &Element) -> Option<u32> {
    leaf.get_attribute("data-canvas")?.parse().ok()
}

/// Saves the scroll position. In the layout [`PageLayout::Scroll`], the page in the middle of the
/// window becomes the current one.
fn on_scroll_end(viewer: &Rc<Viewer>) {
    viewer.save_scroll();
    let page = viewer.page();
    let View::Item(view) = &page.view else { return };
    if view.layout != PageLayout::Scroll {
        return;
    }
    let Ok(leaves) = viewer.document.query_selector_all(".leaf") else {
        return;
    };
    let height = viewer.window.inner_height().ok();
    let middle = height.and_then(|height| height.as_f64()).unwrap_or(0.0) / 2.0;
    let current = (0..leaves.length()).find_map(|index| {
        let leaf: Element = leaves.get(index)?.dyn_into().ok()?;
        let ends_below_middle = leaf.get_bounding_client_rect().bottom() > middle;
        ends_below_middle.then(|| canvas_of(&leaf)).flatten()
    });
    if let Some(canvas) = current {
        viewer.set_canvas(canvas);
    }
}

fn on_popstate(viewer: &Rc<Viewer>) {
    let Some(Location { lang, route }) = viewer.location() else {
        return;
    };
    let page = viewer.page();
    if page.lang == lang && page.view.route() == route {
        viewer.apply_zoom_fragment();
        viewer.seek_to_url_time();
        return;
    }
    if page.site.identity.is_document(&route) {
        let _ = viewer.window.location().reload();
        return;
    }
    let y = viewer.saved_scroll().unwrap_or(0.0);
    let viewer = viewer.clone();
    spawn_local(async move { viewer.navigate(lang, route, HistoryAction::Pop(y)).await });
}
