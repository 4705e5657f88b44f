//! The player: keyboard shortcuts, playback speed, and the transcript that follows the playback.
//!
//! The player is the media element of the browser with its controls. Changes during playback are
//! made directly in the document, and not by rendering the view.

use std::rc::Rc;

use khizana_format::Cue;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, HtmlElement, HtmlInputElement, HtmlMediaElement};

use super::Viewer;
use super::location::scroll_text_to;
use crate::message::{Answer, Request};
use crate::zoom::number::clamp;
use khizana_pages::i18n::{self, Lang};
use khizana_pages::parse_time_fragment;
use khizana_pages::{CanvasText, TextMatches, View};

/// Seek step of the arrow keys, in seconds.
const ARROW_STEP: f64 = 5.0;
/// Seek step of the keys J and L, in seconds.
const JUMP_STEP: f64 = 10.0;
/// Seek step of the comma and full stop keys, in seconds: a frame at 25 frames per second.
const FRAME_STEP: f64 = 0.04;

/// Starts playback. Errors are ignored: the controls of the player display them, and a pause before
/// playback has started is not an error.
fn play(media: &HtmlMediaElement) {
    if let Ok(playing) = media.play() {
        spawn_local(async move {
            let _ = JsFuture::from(playing).await;
        });
    }
}

impl Viewer {
    /// Returns the media element of the page.
    fn media(&self) -> Option<HtmlMediaElement> {
        let element = self.document.query_selector(".player :is(audio, video)");
        Some(element.ok()??.unchecked_into())
    }

    /// Seeks to the time in a URL fragment. Returns `false` if there is no player or the fragment
    /// does not specify a time.
    pub(super) fn seek_to_fragment(&self, hash: &str, starts_playback: bool) -> bool {
        let (Some(media), Some(milliseconds)) = (self.media(), parse_time_fragment(hash)) else {
            return false;
        };
        media.set_current_time(milliseconds as f64 / 1_000.0);
        if starts_playback {
            play(&media);
        }
        true
    }

    /// Handles a key on a page with a player. `target` is the focused element. Returns `true` if
    /// the key was handled.
    pub(super) fn on_player_key(&self, code: &str, target: Option<&Element>) -> bool {
        let Some(media) = self.media() else {
            return false;
        };
        // A focused media element handles the space bar and the arrow keys itself. The space bar
        // also activates buttons and links, and the arrow keys turn the pages of a book.
        let is_on =
            |selector| target.is_some_and(|target| target.matches(selector).unwrap_or(false));
        let is_in_player = is_on(".player *, .stage-text, .stage-text *");
        let has_pages = self
            .document
            .query_selector(".turning")
            .ok()
            .flatten()
            .is_some();
        let step = match code {
            "Space" if !is_on("audio, video, a, button, summary") => 0.0,
            "KeyK" => 0.0,
            "ArrowLeft" | "ArrowRight" if is_on("audio, video") || (has_pages && !is_in_player) => {
                return false;
            }
            "ArrowLeft" => -ARROW_STEP,
            "ArrowRight" => ARROW_STEP,
            "KeyJ" => -JUMP_STEP,
            "KeyL" => JUMP_STEP,
            "Comma" => -FRAME_STEP,
            "Period" => FRAME_STEP,
            _ => return false,
        };
        if step != 0.0 {
            let duration = media.duration();
            // The duration of a stream may be NaN.
            let end = if duration > 0.0 { duration } else { f64::MAX };
            media.set_current_time(clamp(media.current_time() + step, 0.0, end));
        } else if media.paused() {
            play(&media);
        } else {
            let _ = media.pause();
        }
        true
    }

    /// Handles the selection of a playback speed or of a track for the transcript.
    pub(super) fn on_player_select(self: &Rc<Self>, select: &Element) {
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
        let mut view = match &self.props.borrow().page.view {
            View::Item(view) if select.id() == "track" => view.clone(),
            _ => return,
        };
        view.track = Some(value);
        view.text = CanvasText::NotLoaded;
        self.replace_view(View::Item(view));
        let viewer = self.clone();
        spawn_local(async move { viewer.load_text().await });
    }

    /// Hides the cues that do not contain the text of an input.
    pub(super) async fn filter_cues(&self, input: &HtmlInputElement) {
        let page = self.page();
        let View::Item(view) = &page.view else {
            return;
        };
        let typed = input.value();
        let request = Request::FindCues {
            lang: page.lang.clone(),
            route: page.view.route(),
            track: view.track,
            input: typed.clone(),
        };
        let Some(Answer::Cues(matching)) = self.archive.send(request).next().await else {
            return;
        };
        // The visitor may have continued typing, or navigated away.
        if input.value() != typed || self.page().view.route() != page.view.route() {
            return;
        }
        self.for_each_cue(|index, cue| {
            cue.set_hidden(!matching.contains(&(index as u32)));
        });
        let count = matching.len() as u64;
        self.announce(&i18n::results_count(Lang::of(&page.lang), count));
    }

    /// Calls a function with the index and the element of each cue of the transcript.
    fn for_each_cue(&self, mut call: impl FnMut(usize, &HtmlElement)) {
        let list = self.document.get_element_by_id("said");
        let mut next = list.and_then(|list| list.first_element_child());
        let mut index = 0;
        while let Some(cue) = next {
            call(index, cue.unchecked_ref());
            next = cue.next_element_sibling();
            index += 1;
        }
    }

    /// Highlights the current cue and chapter, and moves the cursor in the waveform.
    pub(super) fn on_time_update(&self) {
        let Some(media) = self.media() else {
            return;
        };
        let now = media.current_time();
        for list in ["#said", ".player .cues"] {
            if let Ok(Some(list)) = self.document.query_selector(list) {
                highlight_current(&list, (now * 1_000.0) as u64);
            }
        }
        if let Ok(Some(cursor)) = self.document.query_selector(".waveform span") {
            let cursor: HtmlElement = cursor.unchecked_into();
            let per_mille = (now * 1_000.0 / media.duration()) as u32;
            let _ = cursor.style().set_property("--at", &per_mille.to_string());
        }
    }

    /// Seeks to a position in the waveform. `x` is relative to the window, in CSS pixels.
    pub(super) fn seek_in_waveform(&self, waveform: &Element, x: f64) {
        let area = waveform.get_bounding_client_rect();
        if let Some(media) = self.media()
            && area.width() > 0.0
            && media.duration() > 0.0
        {
            let fraction = clamp((x - area.left()) / area.width(), 0.0, 1.0);
            media.set_current_time(fraction * media.duration());
        }
    }

    /// Reads cues or HTML from the published page before it is hydrated, because the JSON of the
    /// page does not contain them.
    pub(super) fn adopt_published_text(&self) {
        let mut cues: Vec<Cue> = Vec::new();
        self.for_each_cue(|_, cue| {
            let text = cue
                .last_element_child()
                .and_then(|text| text.text_content());
            if let (Some(start), Some(text)) = (start_time(cue), text) {
                cues.push((start, text));
            }
        });
        let html = self.document.get_element_by_id("html");
        let text = match html {
            Some(html) => CanvasText::Html(html.inner_html().into()),
            None if cues.is_empty() => return,
            None => CanvasText::Cues(Rc::new(cues), TextMatches::default()),
        };
        let page = self.page();
        if let View::Item(view) = &page.view {
            let mut view = view.clone();
            view.text = text;
            self.replace_view(View::Item(view));
        }
    }

    /// Seeks to the time in the URL fragment, if the fragment specifies one.
    pub(super) fn seek_to_url_time(&self) {
        let hash = self.window.location().hash().unwrap_or_default();
        self.seek_to_fragment(&hash, false);
    }
}

/// Returns the start time of a cue in milliseconds.
fn start_time(cue: &Element) -> Option<u64> {
    cue.get_attribute("data-t")?.parse().ok()
}

/// Marks the cue that is current at the given time, in milliseconds, and scrolls the list to it.
fn highlight_current(list: &Element, milliseconds: u64) {
    let mut current = None;
    let mut next = list.first_element_child();
    while let Some(cue) = next {
        if start_time(&cue).is_none_or(|start| start > milliseconds) {
            break;
        }
        next = cue.next_element_sibling();
        current = Some(cue);
    }
    let previous = list.query_selector("[aria-current]").ok().flatten();
    if previous == current {
        return;
    }
    if let Some(previous) = previous {
        let _ = previous.remove_attribute("aria-current");
    }
    if let Some(current) = current {
        let _ = current.set_attribute("aria-current", "true");
        // The list is not scrolled while the reader interacts with it.
        if !list.matches(":hover, :focus-within").unwrap_or(false) {
            scroll_text_to(&current);
        }
    }
}
