//! Highlighting of a line in the text and on the image, and keyboard navigation between lines.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

use super::Viewer;
use super::events::target;
use khizana_pages::ItemPage;

/// The attribute of a highlighted line and of its area on the image.
const AT: &str = "data-at";

fn find(viewer: &Viewer, selector: &str) -> Option<Element> {
    viewer.document.query_selector(selector).ok()?
}

/// Finds the element of a line in the text or on the image. `within` is the selector of either.
fn find_line(viewer: &Viewer, within: &str, line: &str) -> Option<Element> {
    let mut selector = String::from(within);
    selector.push_str(" [data-line=\"");
    selector.push_str(line);
    selector.push_str("\"]");
    find(viewer, &selector)
}

/// Highlights the line under the pointer, or else the focused line, in the text and on the image.
pub fn highlight(viewer: &Rc<Viewer>, event: &Event) {
    let focused = || {
        viewer
            .document
            .active_element()?
            .closest("[data-line]")
            .ok()?
    };
    let line = target(event, "[data-line]").or_else(focused);
    let line = line.and_then(|line| line.get_attribute("data-line"));
    while let Some(highlighted) = find(viewer, "[data-at]") {
        let _ = highlighted.remove_attribute(AT);
    }
    for within in [".page-text", ".places"] {
        let element = line
            .as_ref()
            .and_then(|line| find_line(viewer, within, line));
        if let Some(element) = element {
            let _ = element.set_attribute(AT, "");
        }
    }
}

/// Handles a key in the text: the up and down arrows move between lines, and Enter zooms in on a
/// line. Returns `true` if the key was handled.
pub fn on_key(viewer: &Rc<Viewer>, view: &ItemPage, event: &Event, key: &str) -> bool {
    let Some(text) = view.page_text() else {
        return false;
    };
    if target(event, ".stage-text").is_none() || target(event, "a, button").is_some() {
        return false;
    }
    let current = target(event, "[data-line]")
        .and_then(|line| line.get_attribute("data-line")?.parse::<u32>().ok())
        .map(|index| index as usize);
    let mut next = match (key, current) {
        ("ArrowDown", _) => current.map_or(0, |index| index + 1),
        ("ArrowUp", Some(index)) => index.wrapping_sub(1),
        ("Enter", Some(index)) => {
            let area = text.lines.get(index).and_then(|line| line.area);
            let mut hash = String::from("#xywh=");
            for number in area.unwrap_or_default() {
                hash.push_str(&number.to_string());
                hash.push(',');
            }
            hash.pop();
            // The change of the fragment opens the deep-zoom view.
            return viewer.window.location().set_hash(&hash).is_ok();
        }
        _ => return false,
    };
    while let Some(line) = text.lines.get(next) {
        if line.area.is_some() {
            let element = find_line(viewer, ".page-text", &(next as u32).to_string());
            let element = element.and_then(|element| element.dyn_into::<HtmlElement>().ok());
            return element.is_some_and(|element| element.focus().is_ok());
        }
        next = if key == "ArrowUp" {
            next.wrapping_sub(1)
        } else {
            next + 1
        };
    }
    false
}
