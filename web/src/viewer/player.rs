//! The player: keys, speed, the words that follow what is heard.
//!
//! The browser's own player stays, with its controls; this hears what it says of itself and moves it.
//! What changes while it plays is changed in the document itself: the views know nothing of time.

use std::rc::Rc;

use khizana_format::Cue;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlMediaElement};

use super::Viewer;
use super::location::reveal_below;
use crate::message::{Answer, Request};
use crate::zoom::number::clamp;
use khizana_pages::read_moment;
use khizana_pages::words::{self, Lang};
use khizana_pages::{CanvasText, Hits, View};

/// How far an arrow key moves, in seconds.
const STEP: f64 = 5.0;
/// How far J and L move.
const LEAP: f64 = 10.0;
/// How far the comma and the full stop move: one picture of film.
const PICTURE: f64 = 0.04;

/// Lets it play. Where it cannot, its own controls say so; that it was paused before it began is no error.
fn set_going(media: &HtmlMediaElement) {
    if let Ok(playing) = media.play() {
        spawn_local(async move {
            let _ = JsFuture::from(playing).await;
        });
    }
}

impl Viewer {
    /// The player on the page.
    fn media(&self) -> Option<HtmlMediaElement> {
        let found = self.document.query_selector(".player :is(audio, video)");
        Some(found.ok()??.unchecked_into())
    }

    /// Goes to the moment that an address names and, where the reader asked for it, plays from there.
    pub(super) fn to_moment(&self, hash: &str, play: bool) -> bool {
        let (Some(media), Some(moment)) = (self.media(), read_moment(hash)) else {
            return false;
        };
        media.set_current_time(moment as f64 / 1_000.0);
        if play {
            set_going(&media);
        }
        true
    }

    /// A key that was pressed on a page with a player; whether it was one of the player's.
    pub(super) fn player_key(&self, code: &str, on: Option<&Element>) -> bool {
        let Some(media) = self.media() else {
            return false;
        };
        // The player has the space bar and the arrows where it has the focus itself, and buttons and
        // links have the space bar; where there are pages, the arrows turn them.
        let is = |selector| on.is_some_and(|on| on.matches(selector).unwrap_or(false));
        let inside = is(".player *, .stage-text, .stage-text *");
        let turns = self
            .document
            .query_selector(".turning")
            .ok()
            .flatten()
            .is_some();
        let step = match code {
            "Space" if !is("audio, video, a, button, summary") => 0.0,
            "KeyK" => 0.0,
            "ArrowLeft" | "ArrowRight" if is("audio, video") || (turns && !inside) => return false,
            "ArrowLeft" => -STEP,
            "ArrowRight" => STEP,
            "KeyJ" => -LEAP,
            "KeyL" => LEAP,
            "Comma" => -PICTURE,
            "Period" => PICTURE,
            _ => return false,
        };
        if step != 0.0 {
            let end = media.duration();
            // Of a stream whose end is not known, NaN, there is no end.
            let end = if end > 0.0 { end } else { f64::MAX };
            media.set_current_time(clamp(media.current_time() + step, 0.0, end));
        } else if media.paused() {
            set_going(&media);
        } else {
            let _ = media.pause();
        }
        true
    }

    /// The reader chose a speed, or the language of what is said.
    pub(super) fn chosen(self: &Rc<Self>, select: &Element) {
        let value = js_sys::Reflect::get(select, &JsValue::from_str("value"));
        let value = value.ok().and_then(|value| value.as_string());
        let Some(value) = value.and_then(|value| value.parse::<u32>().ok()) else {
            return;
        };
        if select.id() == "speed" {
            if let Some(media) = self.media() {
                media.set_playback_rate(f64::from(value) / 100.0);
            }
            return;
        }
        let mut view = match &self.shown.borrow().page.view {
            View::Item(view) if select.id() == "track" => view.clone(),
            _ => return,
        };
        view.track = Some(value);
        view.text = CanvasText::Unasked;
        self.replace_view(View::Item(view));
        let own = self.clone();
        spawn_local(async move { own.load_text().await });
    }

    /// Shows only the cues that contain the text of an input.
    pub(super) async fn find_said(&self, input: &HtmlInputElement) {
        let page = self.shown();
        let View::Item(view) = &page.view else {
            return;
        };
        let typed = input.value();
        let request = Request::FindCues {
            lang: page.lang.clone(),
            route: page.view.route(),
            track: view.track,
            typed: typed.clone(),
        };
        let Some(Answer::Cues(found)) = self.archive.send(request).next().await else {
            return;
        };
        // The visitor has typed on, or has left the page.
        if input.value() != typed || self.shown().view.route() != page.view.route() {
            return;
        }
        let count = found.len() as u64;
        self.each_said(|number, line| {
            line.set_hidden(!found.contains(&(number as u32)));
        });
        let mut shown = self.shown.borrow().clone();
        shown.announcement = words::results_count(Lang::of(&page.lang), count).into();
        self.show(shown);
    }

    fn each_said(&self, mut each: impl FnMut(usize, &HtmlElement)) {
        let list = self.document.get_element_by_id("said");
        let mut next = list.and_then(|list| list.first_element_child());
        let mut at = 0;
        while let Some(line) = next {
            each(at, line.unchecked_ref());
            next = line.next_element_sibling();
            at += 1;
        }
    }

    /// What the player says of itself: marks what is being said, the chapter, and the place in the
    /// waveform.
    pub(super) fn played(&self) {
        let Some(media) = self.media() else {
            return;
        };
        let now = media.current_time();
        for list in ["#said", ".player .cues"] {
            if let Ok(Some(list)) = self.document.query_selector(list) {
                follow(&list, (now * 1_000.0) as u64);
            }
        }
        if let Ok(Some(cursor)) = self.document.query_selector(".waveform span") {
            let cursor: HtmlElement = cursor.unchecked_into();
            let per_mille = (now * 1_000.0 / media.duration()) as u32;
            let _ = cursor.style().set_property("--at", &per_mille.to_string());
        }
    }

    /// A click on the waveform.
    pub(super) fn touch_waveform(&self, waveform: &Element, x: f64) {
        let area = waveform.get_bounding_client_rect();
        if let Some(media) = self.media()
            && area.width() > 0.0
            && media.duration() > 0.0
        {
            let part = clamp((x - area.left()) / area.width(), 0.0, 1.0);
            media.set_current_time(part * media.duration());
        }
    }

    /// Takes what is said, or read of a file, from the published page, before the page is taken over: the
    /// state of the page does not have it.
    pub(super) fn take_said(&self) {
        let mut cues: Vec<Cue> = Vec::new();
        self.each_said(|_, line| {
            let text = line
                .last_element_child()
                .and_then(|said| said.text_content());
            if let (Some(start), Some(text)) = (start(line), text) {
                cues.push((start, text));
            }
        });
        let html = self.document.get_element_by_id("html");
        let text = match html {
            Some(html) => CanvasText::Html(html.inner_html().into()),
            None if cues.is_empty() => return,
            None => CanvasText::Said(Rc::new(cues), Hits::default()),
        };
        let page = self.shown();
        if let View::Item(view) = &page.view {
            let mut view = view.clone();
            view.text = text;
            self.replace_view(View::Item(view));
        }
    }

    /// Goes to the moment that the address names, if it names one.
    pub(super) fn follow_moment(&self) {
        let hash = self.window.location().hash().unwrap_or_default();
        self.to_moment(&hash, false);
    }
}

/// When a line begins, in milliseconds.
fn start(line: &Element) -> Option<u64> {
    line.get_attribute("data-t")?.parse().ok()
}

/// Highlighter the line of a list that is being said, and brings it into sight.
fn follow(list: &Element, moment: u64) {
    let mut current = None;
    let mut next = list.first_element_child();
    while let Some(line) = next {
        if start(&line).is_none_or(|start| start > moment) {
            break;
        }
        next = line.next_element_sibling();
        current = Some(line);
    }
    let before = list.query_selector("[aria-current]").ok().flatten();
    if before == current {
        return;
    }
    if let Some(before) = before {
        let _ = before.remove_attribute("aria-current");
    }
    if let Some(current) = current {
        let _ = current.set_attribute("aria-current", "true");
        // Who reads elsewhere in the list, or is about to choose, is not moved away.
        if !list.matches(":hover, :focus-within").unwrap_or(false) {
            reveal_below(&current);
        }
    }
}
