//! The lines of a text and their places on the picture: each shows where the other is.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

use super::Viewer;
use super::events::target;
use khizana_pages::ItemPage;

/// What says of a line or its place that it is pointed at.
const AT: &str = "data-at";

fn find(viewer: &Viewer, selector: &str) -> Option<Element> {
    viewer.document.query_selector(selector).ok()?
}

/// The line of the text, or its place on the picture.
fn of(viewer: &Viewer, within: &str, line: &str) -> Option<Element> {
    let mut selector = String::from(within);
    selector.push_str(" [data-line=\"");
    selector.push_str(line);
    selector.push_str("\"]");
    find(viewer, &selector)
}

/// The pointer or the focus is elsewhere: the line under it is marked, in the text and on the picture;
/// otherwise the one in focus.
pub fn point(viewer: &Rc<Viewer>, event: &Event) {
    let focused = || {
        viewer
            .document
            .active_element()?
            .closest("[data-line]")
            .ok()?
    };
    let line = target(event, "[data-line]").or_else(focused);
    let line = line.and_then(|line| line.get_attribute("data-line"));
    while let Some(before) = find(viewer, "[data-at]") {
        let _ = before.remove_attribute(AT);
    }
    for within in [".page-text", ".places"] {
        if let Some(own) = line.as_ref().and_then(|line| of(viewer, within, line)) {
            let _ = own.set_attribute(AT, "");
        }
    }
}

/// A key in the text: up and down go from line to line, Enter looks closer. Says whether it did
/// anything.
pub fn key(viewer: &Rc<Viewer>, view: &ItemPage, event: &Event, key: &str) -> bool {
    let Some(text) = view.page_text() else {
        return false;
    };
    if target(event, ".stage-text").is_none() || target(event, "a, button").is_some() {
        return false;
    }
    let at = target(event, "[data-line]")
        .and_then(|line| line.get_attribute("data-line")?.parse::<u32>().ok())
        .map(|at| at as usize);
    let mut to = match (key, at) {
        ("ArrowDown", _) => at.map_or(0, |at| at + 1),
        ("ArrowUp", Some(at)) => at.wrapping_sub(1),
        ("Enter", Some(at)) => {
            let area = text.lines.get(at).and_then(|line| line.area);
            let mut hash = String::from("#xywh=");
            for number in area.unwrap_or_default() {
                hash.push_str(&number.to_string());
                hash.push(',');
            }
            hash.pop();
            // The view opens as the address says.
            return viewer.window.location().set_hash(&hash).is_ok();
        }
        _ => return false,
    };
    while let Some(line) = text.lines.get(to) {
        if line.area.is_some() {
            let line = of(viewer, ".page-text", &(to as u32).to_string());
            let line = line.and_then(|line| line.dyn_into::<HtmlElement>().ok());
            return line.is_some_and(|line| line.focus().is_ok());
        }
        to = if key == "ArrowUp" {
            to.wrapping_sub(1)
        } else {
            to + 1
        };
    }
    false
}
