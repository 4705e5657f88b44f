//! The object itself: its picture, its pages, its text, its sound.

use khizana_format::{Canvas, Image, Track};
use khizana_model::{Direction, LangTag, MediaKind};
use yew::Html;

use super::book;
use super::context::Context;
use super::el::{El, IntoHtml, all, each, el};
use super::parts::{self, srcset};
use super::player;
use super::states::cause_text;
use crate::book::Reading;
use crate::page::{CanvasText, Hits, ItemPage, PageText};
use crate::words;

/// The direction in which an item is read: as it says, else that of its language, else of the page.
pub fn reading_direction(cx: &Context, view: &ItemPage) -> &'static str {
    let item = &view.record.item;
    item.reading_direction
        .or_else(|| item.languages.first().and_then(LangTag::direction))
        .map_or(cx.lang.dir(), Direction::as_str)
}

pub fn stage(cx: &Context, view: &ItemPage) -> Html {
    let Some(canvas) = view.shown() else {
        return Html::default();
    };
    let several = view.record.canvases.len() > 1;
    let track = player::shown_track(&cx.page.lang, canvas, view.track)
        .and_then(|number| canvas.recording.as_ref()?.tracks.get(number as usize));
    let class = if canvas.html.is_some() {
        "stage written"
    } else if canvas.text.is_some() || track.is_some() {
        "stage with-text"
    } else {
        "stage"
    };
    let label = if several {
        book::place(cx, view)
    } else {
        own_label(cx, view, canvas)
    };
    el("section")
        .class(class)
        .attr("aria-label", label)
        .with(match view.reading {
            Reading::Single => el("div")
                .class("stage-object")
                .key(view.canvas)
                .with(object(cx, view, view.canvas, canvas)),
            _ => book::leaves(cx, view),
        })
        .with((several && cx.live).then(|| book::turning(cx, view)))
        .with((several && cx.live).then(|| book::tools(cx, view)))
        .with(several.then(|| book::strip(cx, view)))
        .with(several.then(|| book::contents(cx, view)).flatten())
        .with(text(cx, view, canvas, several, track))
        .into_html()
}

pub fn count(view: &ItemPage) -> u64 {
    u64::try_from(view.record.canvases.len()).unwrap_or_default()
}

fn own_label(cx: &Context, view: &ItemPage, canvas: &Canvas) -> String {
    cx.best(&canvas.label, view.record.item.best_title(&cx.page.lang).1)
        .text
}

/// What is shown of canvas `at`.
pub fn object(cx: &Context, view: &ItemPage, at: u32, canvas: &Canvas) -> Html {
    let original = canvas
        .original
        .as_ref()
        .map(|origin| (cx.file(&origin.path()), origin));
    let label = own_label(cx, view, canvas);
    let picture = canvas
        .image
        .as_ref()
        .and_then(|image| picture(cx, view, at, image, &label));
    match (canvas.kind, original) {
        (MediaKind::Sound, Some((src, _))) => {
            let player = player::player(cx, canvas, src, &label);
            all(vec![picture.into_html(), player.into_html()])
        }
        (MediaKind::Film, Some((src, _))) => player::player(cx, canvas, src, &label).into_html(),
        (MediaKind::Image, _) | (_, None) => match picture {
            Some(picture) => picture.into_html(),
            None => el("p")
                .class("empty")
                .with(words::image_missing(cx.lang))
                .into_html(),
        },
        (_, Some((href, origin))) => {
            let size = words::file_size(cx.lang, origin.bytes);
            let file = el("a")
                .class("document")
                .href(href)
                .attr("download", "")
                .attr("type", &canvas.media_type)
                .with(el("bdi").with(&origin.name))
                .with(el("span").class("quiet").with(size));
            all(vec![picture.into_html(), file.into_html()])
        }
    }
}

fn picture(cx: &Context, view: &ItemPage, at: u32, image: &Image, label: &str) -> Option<El> {
    let (shown, largest) = (image.derivative_for_width(1600)?, image.sizes.last()?);
    let alt = if view.record.canvases.len() > 1 {
        let page = words::page_of(cx.lang, u64::from(at) + 1, count(view));
        format!("{}: {page}", view.record.item.best_title(&cx.page.lang).1)
    } else {
        label.to_owned()
    };
    let pack = image
        .pack
        .as_ref()
        .filter(|pack| pack.part == 0 && at == view.canvas);
    let img = parts::picture(cx, image, shown)
        .attr("data-tiles", pack.map(|_| cx.file(&image.pack_path())))
        .attr("data-index", pack.map(|pack| pack.index))
        .attr("data-widest", pack.map(|_| largest.width))
        .attr("srcset", srcset(cx, image))
        .attr("sizes", sizes(image.width, image.height))
        .attr("alt", alt)
        .attr("loading", (at != view.canvas).then_some("lazy"))
        .attr("fetchpriority", (at == view.canvas).then_some("high"));
    Some(
        el("a")
            .class("stage-link")
            .href(cx.file(&image.path(largest)))
            .attr("title", words::open_image(cx.lang))
            .with(img)
            .with((at == view.canvas).then(|| places(view, image))),
    )
}

/// Where on the picture the lines of its text stand, and in them what was looked for. It lies over the
/// picture, in the picture's own pixels; what it says stands beside it as text.
fn places(view: &ItemPage, image: &Image) -> Option<El> {
    let text = view.page_text()?;
    let mut rects = Vec::new();
    for area in text.places() {
        rects.push(rect(area).class("found").into_html());
    }
    let found = rects.len();
    for (i, line) in (0u32..).zip(text.lines.iter()) {
        if let Some(area) = line.area {
            rects.push(rect(area).attr("data-line", i).into_html());
        }
    }
    if rects.len() == found {
        return None;
    }
    let mut size = String::from("0 0 ");
    size.push_str(&image.width.to_string());
    size.push(' ');
    size.push_str(&image.height.to_string());
    Some(
        el("svg")
            .class("places")
            .attr("viewBox", size)
            .attr("aria-hidden", "true")
            .with(all(rects)),
    )
}

/// A box in pixels of a picture.
#[inline(never)]
fn rect([x, y, w, h]: [u32; 4]) -> El {
    el("rect")
        .attr("x", x)
        .attr("y", y)
        .attr("width", w)
        .attr("height", h)
}

/// How wide the stylesheet shows a picture: as wide as there is room, and no higher than `--stage`.
/// Without the height, a book's page would be fetched twice as wide as it is seen.
fn sizes(width: u32, height: u32) -> String {
    let of_height = (u64::from(width) * 78).div_ceil(u64::from(height.max(1)));
    format!("(min-width: 64rem) min(70vw, {of_height}vh), min(100vw, {of_height}vh)")
}

fn text(
    cx: &Context,
    view: &ItemPage,
    canvas: &Canvas,
    several: bool,
    track: Option<&Track>,
) -> Option<El> {
    let origin = match track {
        Some(track) => &track.file,
        None => match &canvas.html {
            Some(_) => canvas.original.as_ref()?,
            None => canvas.text.as_ref()?,
        },
    };
    let tag = origin.language.clone().unwrap_or_else(LangTag::und);
    let lang = cx.lang;
    let heading = if track.is_some() {
        words::transcript(lang)
    } else if canvas.rows.is_some() {
        words::table(lang)
    } else if several {
        words::text_of_page(lang)
    } else {
        words::text_of_item(lang)
    };
    let (state, body) = match &view.text {
        CanvasText::Unasked => {
            let link = el("a")
                .href(cx.file(&origin.path()))
                .attr("type", track.map_or(&*canvas.media_type, |_| "text/vtt"))
                .with(words::text_open(lang));
            ("unasked", el("p").with(link))
        }
        CanvasText::Said(cues, hits) => {
            let track = track?;
            let tools = cx.live.then(|| player::tools(cx, canvas, track));
            let list = player::list(cx, track, cues, hits)
                .id("said")
                .class("cues page-text");
            ("ready", el("div").with(tools).with(list))
        }
        CanvasText::Html(html) => (
            "ready",
            el("div")
                .id("html")
                .with(Html::from_html_unchecked(html.clone())),
        ),
        CanvasText::Loading => (
            "loading",
            el("p").class("waiting").with(words::text_loading(lang)),
        ),
        CanvasText::Here(text) => ("ready", lines(text, &tag)),
        CanvasText::Failed(cause) => {
            let said = el("p")
                .with(words::failure_text(lang))
                .with(" ")
                .with(cause_text(lang, cause));
            let again = el("button")
                .attr("type", "button")
                .attr("data-action", "retry-text")
                .with(words::try_again(lang));
            let body = el("div")
                .attr("role", "alert")
                .with(said)
                .with(el("p").with(again));
            ("failed", body)
        }
    };
    let is_placed = |text: &PageText| text.lines.iter().any(|line| line.area.is_some());
    let hint = view.page_text().is_some_and(is_placed);
    let hint = hint.then(|| {
        let hint = el("p").class("unseen").id("lines-hint");
        hint.with(words::lines_hint(lang))
    });
    Some(
        el("section")
            .class("stage-text")
            .attr("aria-labelledby", "text")
            .attr("aria-describedby", hint.is_some().then_some("lines-hint"))
            // A table scrolls itself, and is a stop of its own.
            .attr("tabindex", canvas.rows.is_none().then_some("0"))
            .attr("data-state", state)
            .key(view.canvas)
            .with(el("h2").id("text").class("rubric").with(heading))
            .with(found(cx, view))
            .with(hint)
            .with(cut(cx, canvas))
            .with(body),
    )
}

/// How much of a table is shown, where that is not all of it.
fn cut(cx: &Context, canvas: &Canvas) -> Option<El> {
    let (shown, rows) = canvas.rows.filter(|(shown, rows)| shown < rows)?;
    let said = words::table_cut(cx.lang, u64::from(rows), u64::from(shown));
    Some(el("p").class("quiet").with(said))
}

/// How much of what was looked for is in the text, and the way to the text without marks.
fn found(cx: &Context, view: &ItemPage) -> Option<El> {
    let hits = view.text.hits().filter(|hits| hits.searched)?;
    let count = words::results_count(cx.lang, hits.places.len() as u64);
    let plain = cx.item(view.record.item.id.as_str(), view.canvas);
    Some(
        el("p")
            .class("found")
            .attr("role", "status")
            .with(el("bdi").with(el("mark").with(&view.query)))
            .with(el("span").with(count))
            .with(el("a").href(plain).with(words::found_clear(cx.lang))),
    )
}

/// The paragraphs of a text, each line of it an element where it has a place on the picture.
fn lines(text: &PageText, tag: &LangTag) -> El {
    let whole = text.lines.first().map_or("", |line| line.text.as_str());
    let mut paragraphs: Vec<El> = Vec::new();
    for (i, line) in text.lines.iter().enumerate() {
        let own = line.language.as_ref();
        let dir = line
            .direction
            .or_else(|| own.unwrap_or(tag).direction_of(&line.text));
        let dir = dir.map_or("auto", Direction::as_str);
        let content = marked(&text.hits, i, &line.text);
        let content = if line.area.is_some() || own.is_some() {
            el("span")
                .attr("lang", own.map(LangTag::as_str))
                .attr("data-line", line.area.map(|_| i as u32))
                .attr("tabindex", line.area.map(|_| "-1"))
                .with(content)
                .into_html()
        } else {
            content
        };
        match paragraphs.pop() {
            Some(last) if !line.starts => paragraphs.push(last.with("\n").with(content)),
            last => {
                paragraphs.extend(last);
                paragraphs.push(el("p").attr("dir", dir).with(content));
            }
        }
    }
    el("div")
        .class("page-text")
        .tongue(tag, whole)
        .with(each(paragraphs))
}

/// A line of a text, or what is said at a moment, with what was looked for marked.
pub fn marked(hits: &Hits, number: usize, line: &str) -> Html {
    let mut nodes = Vec::new();
    let mut from = 0;
    let found = hits.places.iter().filter(|(own, _)| *own == number);
    let piece = |from, to| line.get(from..to).unwrap_or_default();
    for (_, range) in found {
        nodes.push(piece(from, range.start).into_html());
        let word = piece(range.start, range.end);
        nodes.push(el("mark").with(word).into_html());
        from = range.end;
    }
    nodes.push(piece(from, line.len()).into_html());
    all(nodes)
}

#[cfg(test)]
mod tests {
    use super::{marked, sizes};
    use crate::page::Hits;
    use crate::views::el::{IntoHtml, all, el};

    #[test]
    fn what_was_looked_for_is_marked_in_its_own_line() {
        let hits = Hits {
            places: vec![(0, 0..4), (1, 5..15)],
            searched: true,
        };
        let word = el("mark").with("سيكاه").into_html();
        let nodes = vec!["من ".into_html(), word, " المقام".into_html()];
        assert_eq!(marked(&hits, 1, "من سيكاه المقام"), all(nodes));
        let plain = all(vec!["كردان".into_html()]);
        assert_eq!(marked(&hits, 2, "كردان"), plain);
    }

    #[test]
    fn a_page_is_fetched_no_wider_than_its_height_allows() {
        assert_eq!(
            sizes(1600, 2560),
            "(min-width: 64rem) min(70vw, 49vh), min(100vw, 49vh)"
        );
        assert!(sizes(1, 0).contains("78vh"));
        let css = include_str!("../../../../web/style/viewer.css");
        assert!(css.contains("--stage:78svh"));
    }
}
