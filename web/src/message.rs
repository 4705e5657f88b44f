//! The messages between the viewer and the worker that owns the archive.
//!
//! A message is a JavaScript array whose first element is the number of the request. The array of a
//! [`Request`] contains the route in the form that [`Route::address`] returns. The array of an
//! [`Answer`] contains its content, as JSON or as a bitmap, and the number of the request, so that
//! the viewer can drop an outdated answer.

use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use khizana_format::{Cue, PageLine};
use khizana_json::from_slice;
use khizana_pages::reference::{Access, Citations};
use khizana_pages::{CanvasText, Card, Cause, PageText, Route, TextMatches, View};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::ImageBitmap;

use crate::zoom::tiles::TilePosition;

/// A message to the worker.
#[derive(Debug, Clone)]
pub enum Request {
    /// Provides the URL of the site, and the state of the published page as JSON. This is the first
    /// message.
    Start {
        /// URL of the root of the site, with a trailing slash.
        root: String,
        /// The content of `#page-state`.
        state: String,
    },
    /// Requests the view of a route. Cancels earlier [`Show`](Request::Show) and
    /// [`Text`](Request::Text) requests. The answer is [`Answer::View`], followed by
    /// [`Answer::Cards`] if the route is a search.
    Show {
        /// The language of the interface.
        lang: String,
        /// The route.
        route: Route,
    },
    /// Requests the view of an item without navigating to it. The answer is [`Answer::View`].
    Item {
        /// The language of the interface.
        lang: String,
        /// The route of the item.
        route: Route,
    },
    /// Requests the text of a canvas. Cancels the same earlier requests as [`Show`](Request::Show).
    /// The answer is [`Answer::Text`].
    Text {
        /// The language of the interface.
        lang: String,
        /// The route of the item, with the canvas and the query whose matches are highlighted.
        route: Route,
        /// The selected track of a recording.
        track: Option<u32>,
    },
    /// Finds the canvas with a page number or label. The answer is [`Answer::Page`].
    FindPage {
        /// The route of the item.
        route: Route,
        /// The page number or label as typed.
        input: String,
    },
    /// Finds the cues that contain a text. The answer is [`Answer::Cues`].
    FindCues {
        /// The language of the interface.
        lang: String,
        /// The route of the item, with the canvas.
        route: Route,
        /// The displayed track, if it is not the default one.
        track: Option<u32>,
        /// The text as typed.
        input: String,
    },
    /// Requests the citations of an item. The answer is [`Answer::Citations`].
    Cite {
        /// The language of the interface.
        lang: String,
        /// The route of the item.
        route: Route,
        /// The displayed page and the day.
        access: Access,
    },
    /// Prepares for [`Tile`](Request::Tile) requests for a canvas. There is no answer.
    OpenTiles {
        /// The route of the item, with the canvas.
        route: Route,
        /// The beginning of the tile pack, if it was fetched before the worker started. The worker
        /// verifies it.
        prefetched: Option<Uint8Array>,
    },
    /// Requests a tile of a canvas. The answer is [`Answer::Bitmap`].
    Tile {
        /// The route of the item, with the canvas.
        route: Route,
        /// The position of the tile in the pyramid.
        position: TilePosition,
    },
    /// Cancels the request whose number is that of the message.
    Cancel,
}

impl Request {
    /// Returns the message as an array.
    pub fn to_array(&self, number: u32) -> Array {
        let text = |text: &str| JsValue::from_str(text);
        let address = |route: &Route| text(&route.address());
        let track = |track: &Option<u32>| track.map_or(JsValue::NULL, JsValue::from);
        let parts = match self {
            Request::Start { root, state } => vec![text("start"), text(root), text(state)],
            Request::Show { lang, route } => vec![text("show"), text(lang), address(route)],
            Request::Item { lang, route } => vec![text("item"), text(lang), address(route)],
            Request::Text {
                lang,
                route,
                track: selected,
            } => vec![text("text"), text(lang), address(route), track(selected)],
            Request::FindPage { route, input } => {
                vec![text("find-page"), address(route), text(input)]
            }
            Request::FindCues {
                lang,
                route,
                track: selected,
                input,
            } => vec![
                text("find-cues"),
                text(lang),
                address(route),
                track(selected),
                text(input),
            ],
            Request::Cite {
                lang,
                route,
                access,
            } => vec![text("cite"), text(lang), address(route), to_json(access)],
            Request::OpenTiles { route, prefetched } => vec![
                text("open-tiles"),
                address(route),
                prefetched.as_ref().map_or(JsValue::NULL, JsValue::from),
            ],
            Request::Tile { route, position } => {
                let (level, column, row) = *position;
                vec![
                    text("tile"),
                    address(route),
                    level.into(),
                    column.into(),
                    row.into(),
                ]
            }
            Request::Cancel => vec![text("cancel")],
        };
        message(number, parts)
    }

    /// Parses a message. Returns `None` if it is not a request.
    pub fn from_array(array: &Array) -> Option<(u32, Request)> {
        let number = array.get(0).as_f64()? as u32;
        let text = |at: u32| array.get(at).as_string();
        let route = |at: u32| text(at).map(|address| Route::from_address(&address));
        let integer = |at: u32| array.get(at).as_f64().map(|number| number as u32);
        let request = match text(1)?.as_str() {
            "start" => Request::Start {
                root: text(2)?,
                state: text(3)?,
            },
            "show" => Request::Show {
                lang: text(2)?,
                route: route(3)?,
            },
            "item" => Request::Item {
                lang: text(2)?,
                route: route(3)?,
            },
            "text" => Request::Text {
                lang: text(2)?,
                route: route(3)?,
                track: integer(4),
            },
            "find-page" => Request::FindPage {
                route: route(2)?,
                input: text(3)?,
            },
            "find-cues" => Request::FindCues {
                lang: text(2)?,
                route: route(3)?,
                track: integer(4),
                input: text(5)?,
            },
            "cite" => Request::Cite {
                lang: text(2)?,
                route: route(3)?,
                access: from_slice(text(4)?.as_bytes()).ok()?,
            },
            "open-tiles" => Request::OpenTiles {
                route: route(2)?,
                prefetched: array.get(3).dyn_into().ok(),
            },
            "tile" => Request::Tile {
                route: route(2)?,
                position: (integer(3)?, integer(4)?, integer(5)?),
            },
            "cancel" => Request::Cancel,
            _ => return None,
        };
        Some((number, request))
    }
}

/// A message from the worker.
#[derive(Debug)]
pub enum Answer {
    /// A view.
    View(Box<View>),
    /// The cards of a search, completed with excerpts and best pages.
    Cards(Vec<Card>),
    /// The text of a canvas, and its track if it is not the default one.
    Text(CanvasText, Option<u32>),
    /// The index of the canvas of the requested page, or `None` if no page matches.
    Page(Option<u32>),
    /// The indexes of cues.
    Cues(Vec<u32>),
    /// The citations of an item.
    Citations(Citations),
    /// A tile.
    Bitmap(ImageBitmap),
    /// The request failed.
    Failed(Cause),
}

impl Answer {
    /// Parses a message. Returns [`Answer::Failed`] if it is not a valid answer.
    pub fn from_array(array: &Array) -> (u32, Answer) {
        let number = array.get(0).as_f64().unwrap_or_default() as u32;
        let answer = Self::read(array).unwrap_or_else(|| {
            Answer::Failed(Cause::Unreadable(
                "invalid message from the worker".to_owned(),
            ))
        });
        (number, answer)
    }

    fn read(array: &Array) -> Option<Answer> {
        let content = array.get(2);
        let json = || content.as_string();
        Some(match array.get(1).as_string()?.as_str() {
            "view" => Answer::View(Box::new(from_slice(json()?.as_bytes()).ok()?)),
            "cards" => Answer::Cards(from_slice(json()?.as_bytes()).ok()?),
            "text" => {
                let text: TextJson = from_slice(json()?.as_bytes()).ok()?;
                let track = text.track;
                Answer::Text(text.into(), track)
            }
            "page" => Answer::Page(content.as_f64().map(|page| page as u32)),
            "cues" => Answer::Cues(from_slice(json()?.as_bytes()).ok()?),
            "citations" => Answer::Citations(from_slice(json()?.as_bytes()).ok()?),
            "bitmap" => Answer::Bitmap(content.dyn_into().ok()?),
            "offline" => Answer::Failed(Cause::Offline),
            "status" => Answer::Failed(Cause::Status(content.as_f64()? as u16)),
            "damaged" => Answer::Failed(Cause::Damaged(json()?)),
            "unreadable" => Answer::Failed(Cause::Unreadable(json()?)),
            _ => return None,
        })
    }

    /// Returns the message as an array, and an array of the objects in it whose ownership is
    /// transferred.
    pub fn to_array(&self, number: u32) -> (Array, Array) {
        let transferred = Array::new();
        let (kind, content) = match self {
            Answer::View(view) => ("view", to_json(view)),
            Answer::Cards(cards) => ("cards", to_json(cards)),
            Answer::Text(text, track) => ("text", to_json(&TextJson::new(text, *track))),
            Answer::Page(page) => ("page", page.map_or(JsValue::NULL, JsValue::from)),
            Answer::Cues(cues) => ("cues", to_json(cues)),
            Answer::Citations(citations) => ("citations", to_json(citations)),
            Answer::Bitmap(bitmap) => {
                transferred.push(bitmap);
                ("bitmap", bitmap.into())
            }
            Answer::Failed(cause) => match cause {
                Cause::Offline => ("offline", JsValue::NULL),
                Cause::Status(status) => ("status", JsValue::from(*status)),
                Cause::Damaged(detail) => ("damaged", JsValue::from_str(detail)),
                Cause::Unreadable(detail) => ("unreadable", JsValue::from_str(detail)),
            },
        };
        let array = message(number, vec![JsValue::from_str(kind), content]);
        (array, transferred)
    }
}

fn message(number: u32, parts: Vec<JsValue>) -> Array {
    let array = Array::of1(&JsValue::from(number));
    for part in parts {
        array.push(&part);
    }
    array
}

/// Serializes a value. The types of the messages are always serializable.
fn to_json(value: &impl Serialize) -> JsValue {
    JsValue::from_str(&serde_json::to_string(value).unwrap_or_default())
}

/// The JSON of a loaded [`CanvasText`].
#[derive(Default, Serialize)]
struct TextJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Rc<Vec<PageLine>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cues: Option<Rc<Vec<Cue>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<String>,
    /// For each match, the index of the line or cue, and the byte range in it.
    matches: Vec<[u32; 3]>,
    has_query: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    track: Option<u32>,
}

khizana_json::json_object!(TextJson {
    lines: optional,
    cues: optional,
    html: optional,
    matches,
    has_query,
    track: optional
});

impl TextJson {
    fn new(text: &CanvasText, track: Option<u32>) -> TextJson {
        let mut json = TextJson {
            track,
            ..TextJson::default()
        };
        match text {
            CanvasText::Lines(text) => json.lines = Some(text.lines.clone()),
            CanvasText::Cues(cues, _) => json.cues = Some(cues.clone()),
            CanvasText::Html(html) => json.html = Some(html.to_string()),
            CanvasText::NotLoaded | CanvasText::Loading | CanvasText::Failed(_) => {}
        }
        if let Some(matches) = text.matches() {
            let ranges = matches.ranges.iter();
            json.matches = ranges
                .map(|(index, range)| [*index as u32, range.start as u32, range.end as u32])
                .collect();
            json.has_query = matches.has_query;
        }
        json
    }
}

impl From<TextJson> for CanvasText {
    fn from(json: TextJson) -> CanvasText {
        let ranges = json.matches.into_iter();
        let matches = TextMatches {
            ranges: ranges
                .map(|[index, start, end]| (index as usize, start as usize..end as usize))
                .collect(),
            has_query: json.has_query,
        };
        match json {
            TextJson {
                lines: Some(lines), ..
            } => CanvasText::Lines(PageText { lines, matches }),
            TextJson {
                cues: Some(cues), ..
            } => CanvasText::Cues(cues, matches),
            TextJson {
                html: Some(html), ..
            } => CanvasText::Html(html.into()),
            _ => CanvasText::NotLoaded,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn round_trip(text: &CanvasText) -> CanvasText {
        let json = serde_json::to_string(&TextJson::new(text, Some(2))).unwrap();
        let read: TextJson = from_slice(json.as_bytes()).unwrap();
        assert_eq!(read.track, Some(2));
        read.into()
    }

    #[test]
    fn canvas_text_round_trips_through_json() {
        let matches = TextMatches {
            ranges: vec![(0, 3..9), (7, 0..4)],
            has_query: true,
        };
        let cues = Rc::new(vec![(1_500, "سلام".to_owned()), (2_000, "\"x\"".to_owned())]);
        for text in [
            CanvasText::NotLoaded,
            CanvasText::Html("<p>a&amp;b</p>".into()),
            CanvasText::Cues(cues, matches.clone()),
            CanvasText::Lines(PageText {
                lines: khizana_format::PageLines::from_plain_text("سطر\n\nline")
                    .lines
                    .into(),
                matches,
            }),
        ] {
            assert_eq!(round_trip(&text), text);
        }
    }
}
