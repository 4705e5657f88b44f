//! The object itself: the image, pages, text or recording of an item.

use khizana_format::{Canvas, Image, Track};
use khizana_model::{Direction, LangTag, MediaKind};
use yew::Html;

use super::book;
use super::context::Context;
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::parts::{self, srcset};
use super::player;
use super::states::cause_message;
use super::tools;
use crate::i18n;
use crate::page::{CanvasText, ItemPage, PageText, TextMatches};
use crate::page_layout::PageLayout;

/// Returns the reading direction of an item. If the item does not specify one, returns the
/// direction of its first language or, if this is unknown, the direction of the language of the
/// interface.
pub fn reading_direction(cx: &Context, view: &ItemPage) -> &'static str {
    let item = &view.record.item;
    item.reading_direction
        .or_else(|| item.languages.first().and_then(LangTag::direction))
        .map_or(cx.lang.dir(), Direction::as_str)
}

/// Renders the object with its tools. Returns `None` if the item has no files.
pub fn stage(cx: &Context, view: &ItemPage) -> Option<El> {
    let Some(canvas) = view.current_canvas() else {
        return part(cx, view);
    };
    let has_pages = view.record.canvases.len() > 1;
    let is_text = is_text(canvas);
    let class = if is_text {
        "stage reading"
    } else if canvas.image.is_none() || canvas.recording.is_some() {
        "stage"
    } else if has_pages {
        "stage pages"
    } else {
        "stage single"
    };
    let label = if has_pages {
        book::position(cx, view)
    } else {
        canvas_label(cx, view, canvas)
    };
    let object = match view.layout {
        _ if is_text => text(cx, view, canvas).into_html(),
        PageLayout::Single => el("div")
            .class("stage-object")
            .key(view.canvas)
            .with(canvas_content(cx, view, view.canvas, canvas))
            .into_html(),
        _ => book::leaves(cx, view).into_html(),
    };
    Some(
        el("section")
            .class(class)
            .attr("aria-label", label)
            .with(object)
            .with(has_pages.then(|| book::page_navigation(cx, view)))
            .with(has_pages.then(|| book::toolbar(cx, view)))
            .with(has_pages.then(|| book::thumbnails(cx, view)))
            .with(tools::tools(cx, view, canvas.image.as_ref())),
    )
}

/// Renders the text of the current canvas next to the object. Returns `None` if there is no text or if
/// the text is the object.
pub fn text_of_page(cx: &Context, view: &ItemPage) -> Option<El> {
    let canvas = view.current_canvas().filter(|canvas| !is_text(canvas))?;
    text(cx, view, canvas)
}

/// Returns `true` if the object is a text or table and not an image or recording.
fn is_text(canvas: &Canvas) -> bool {
    let has_text = canvas.html.is_some() || canvas.text.is_some();
    has_text && canvas.image.is_none() && canvas.recording.is_none()
}

/// Renders the first page of an item without files, which opens its parent at that page.
fn part(cx: &Context, view: &ItemPage) -> Option<El> {
    let (part, parent) = (view.record.part.as_ref()?, view.record.parent.as_ref()?);
    let href = cx.item(parent.id.as_str(), part.canvas);
    let name = match part.pages.as_str() {
        "" => i18n::number(cx.lang, u64::from(part.canvas) + 1),
        pages => i18n::page_range(cx.lang, pages),
    };
    let label = i18n::read_part(cx.lang, &name);
    let image = part.image.as_ref().and_then(|image| {
        let size = image.derivative_for_width(1600)?;
        let img = parts::derivative(cx, image, size)
            .attr("srcset", srcset(cx, image))
            .attr("sizes", sizes(image.width, image.height, false))
            .attr("alt", view.record.item.best_title(&cx.page.lang).1)
            .attr("fetchpriority", "high");
        Some(el("a").class("part-link").href(href.clone()).with(img))
    });
    let link = el("a").class("button strong").href(href).with(&label);
    Some(
        el("section")
            .class(if image.is_some() {
                "stage single"
            } else {
                "stage"
            })
            .attr("aria-label", &label)
            .with(image.map(|image| el("div").class("stage-object").with(image)))
            .with(el("p").class("stage-part").with(link))
            .with(tools::tools(cx, view, None)),
    )
}

pub fn canvas_count(view: &ItemPage) -> u64 {
    u64::try_from(view.record.canvases.len()).unwrap_or_default()
}

/// Returns the label of a canvas, or the title of the item if the canvas has no label.
fn canvas_label(cx: &Context, view: &ItemPage, canvas: &Canvas) -> String {
    cx.best(&canvas.label, view.record.item.best_title(&cx.page.lang).1)
        .text
}

/// Renders a canvas: its image, player or file.
pub fn canvas_content(cx: &Context, view: &ItemPage, at: u32, canvas: &Canvas) -> Html {
    let original = canvas
        .original
        .as_ref()
        .map(|origin| (cx.file(&origin.path()), origin));
    let label = canvas_label(cx, view, canvas);
    let picture = canvas.image.as_ref().and_then(|image| {
        let picture = picture(cx, view, at, image, &label)?;
        Some(fragment(vec![picture.into_html(), lost_image(cx)]))
    });
    match (canvas.kind, original) {
        (MediaKind::Sound, Some((src, _))) => {
            let player = player::player(cx, canvas, src, &label);
            fragment(vec![picture.unwrap_or_default(), player.into_html()])
        }
        (MediaKind::Film, Some((src, _))) => player::player(cx, canvas, src, &label).into_html(),
        (MediaKind::Image, _) | (_, None) => match picture {
            Some(picture) => picture,
            None => el("p")
                .class("empty")
                .with(i18n::image_missing(cx.lang))
                .into_html(),
        },
        (_, Some((href, origin))) => {
            let size = i18n::file_size(cx.lang, origin.bytes);
            let file = el("a")
                .class("document")
                .href(href)
                .attr("download", origin.download_name())
                .attr("type", &canvas.media_type)
                .with(el("bdi").with(origin.download_name()))
                .with(el("span").class("quiet").with(size));
            fragment(vec![picture.unwrap_or_default(), file.into_html()])
        }
    }
}

/// Renders the message that `boot.js` displays if the image cannot be loaded.
fn lost_image(cx: &Context) -> Html {
    el("div")
        .class("lost")
        .attr("role", "alert")
        .flag("hidden")
        .with(el("p").with(i18n::failure_image(cx.lang)))
        .with(
            el("button")
                .attr("type", "button")
                .attr("data-retry-image", "")
                .with(i18n::try_again(cx.lang)),
        )
        .into_html()
}

fn picture(cx: &Context, view: &ItemPage, at: u32, image: &Image, label: &str) -> Option<El> {
    let (default, largest) = (image.derivative_for_width(1600)?, image.sizes.last()?);
    let canvases = view.record.canvases.len();
    // The nth alternative text describes the nth image.
    let written = view
        .record
        .item
        .field("alt")
        .and_then(|texts| texts.best_values(&cx.page.lang))
        .filter(|(_, texts)| texts.len() == canvases)
        .and_then(|(lang, texts)| Some((lang.as_str(), texts.get(at as usize)?.clone())));
    let (lang, alt) = match written {
        Some((lang, text)) => (Some(lang), text),
        None if canvases > 1 => {
            let page = i18n::page_of(cx.lang, u64::from(at) + 1, canvas_count(view));
            let title = view.record.item.best_title(&cx.page.lang).1;
            (None, format!("{title}: {page}"))
        }
        None => (None, label.to_owned()),
    };
    let pack = image
        .pack
        .as_ref()
        .filter(|pack| pack.part == 0 && at == view.canvas);
    let img = parts::derivative(cx, image, default)
        .attr("data-tiles", pack.map(|_| cx.file(&image.pack_path())))
        .attr("data-index", pack.map(|pack| pack.index))
        .attr("data-widest", pack.map(|_| largest.width))
        .attr("srcset", srcset(cx, image))
        .attr("sizes", sizes(image.width, image.height, canvases > 1))
        .attr("alt", alt)
        .attr(
            "lang",
            lang.filter(|lang| *lang != "und").map(str::to_owned),
        )
        .attr("loading", (at != view.canvas).then_some("lazy"))
        .attr("fetchpriority", (at == view.canvas).then_some("high"));
    Some(
        el("a")
            .class("stage-link")
            .href(cx.file(&image.path(largest)))
            .attr("title", i18n::open_image(cx.lang))
            .with(img)
            .with((at == view.canvas).then(|| text_areas(view, image))),
    )
}

/// Renders an overlay for the image with the areas of the lines of its text and of the matches in
/// these lines. The units of the overlay are the pixels of the image. Returns `None` if the areas
/// of the lines are unknown.
fn text_areas(view: &ItemPage, image: &Image) -> Option<El> {
    let text = view.page_text()?;
    let mut rects = Vec::new();
    for area in text.match_areas() {
        rects.push(rect(area).class("found").into_html());
    }
    let match_count = rects.len();
    for (i, line) in (0u32..).zip(text.lines.iter()) {
        if let Some(area) = line.area {
            rects.push(rect(area).attr("data-line", i).into_html());
        }
    }
    if rects.len() == match_count {
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
            .with(fragment(rects)),
    )
}

/// Renders a rectangle, given as x, y, width and height.
#[inline(never)]
fn rect([x, y, w, h]: [u32; 4]) -> El {
    el("rect")
        .attr("x", x)
        .attr("y", y)
        .attr("width", w)
        .attr("height", h)
}

/// Returns the value of the attribute `sizes`, which is the width at which the style sheet displays an
/// image. On a wide screen, the image fits into the stage, which is as high as the window. On a narrow one,
/// a page of a book fills the width, and a single picture half of the height.
fn sizes(width: u32, height: u32, is_page: bool) -> String {
    let width_for = |percent: u64| (u64::from(width) * percent).div_ceil(u64::from(height.max(1)));
    let wide = width_for(82);
    match is_page {
        true => format!("(min-width: 60rem) min(58vw, {wide}vh), 100vw"),
        false => {
            let narrow = width_for(46);
            format!("(min-width: 60rem) min(58vw, {wide}vh), min(96vw, {narrow}vh)")
        }
    }
}

fn displayed_track<'a>(cx: &Context, view: &ItemPage, canvas: &'a Canvas) -> Option<&'a Track> {
    let index = player::displayed_track(&cx.page.lang, canvas, view.track)?;
    canvas.recording.as_ref()?.tracks.get(index as usize)
}

/// Renders the text of a canvas or the transcript of a recording. Returns `None` if there is neither.
fn text(cx: &Context, view: &ItemPage, canvas: &Canvas) -> Option<El> {
    let has_pages = view.record.canvases.len() > 1;
    let track = displayed_track(cx, view, canvas);
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
        i18n::transcript(lang)
    } else if canvas.rows.is_some() {
        i18n::table(lang)
    } else if has_pages {
        i18n::text_of_page(lang)
    } else {
        i18n::text_of_item(lang)
    };
    let (state, body) = match &view.text {
        CanvasText::NotLoaded => {
            let link = el("a")
                .href(cx.file(&origin.path()))
                .attr("type", track.map_or(&*canvas.media_type, |_| "text/vtt"))
                .with(i18n::text_open(lang));
            ("unasked", el("p").with(link))
        }
        CanvasText::Cues(cues, matches) => {
            let track = track?;
            let tools = cx
                .is_hydrated
                .then(|| player::transcript_tools(cx, canvas, track));
            let list = player::cue_list(cx, track, cues, matches)
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
            el("p").class("waiting").with(i18n::text_loading(lang)),
        ),
        CanvasText::Lines(text) => ("ready", lines(text, &tag)),
        CanvasText::Failed(cause) => {
            let message = el("p")
                .with(i18n::failure_text(lang))
                .with(" ")
                .with(cause_message(lang, cause));
            let retry = el("button")
                .attr("type", "button")
                .attr("data-action", "retry-text")
                .with(i18n::try_again(lang));
            let body = el("div")
                .attr("role", "alert")
                .with(message)
                .with(el("p").with(retry));
            ("failed", body)
        }
    };
    let has_areas = |text: &PageText| text.lines.iter().any(|line| line.area.is_some());
    let hint = view.page_text().is_some_and(has_areas).then(|| {
        let hint = el("p").class("unseen").id("lines-hint");
        hint.with(i18n::lines_hint(lang))
    });
    Some(
        el("section")
            .class("stage-text")
            .attr("aria-labelledby", "text")
            .attr("aria-describedby", hint.is_some().then_some("lines-hint"))
            // A table is in a separate scroll container, which can be focused.
            .attr("tabindex", canvas.rows.is_none().then_some("0"))
            .attr("data-state", state)
            .key(view.canvas)
            .with(el("h2").id("text").class("rubric").with(heading))
            .with(match_count(cx, view))
            .with(hint)
            .with(row_count(cx, canvas))
            .with(body),
    )
}

/// Renders the number of rows of a table that are displayed. Returns `None` if all rows are
/// displayed.
fn row_count(cx: &Context, canvas: &Canvas) -> Option<El> {
    let (displayed, rows) = canvas.rows.filter(|(displayed, rows)| displayed < rows)?;
    let message = i18n::table_cut(cx.lang, u64::from(rows), u64::from(displayed));
    Some(el("p").class("quiet").with(message))
}

/// Renders the query, the number of its matches in the text, and a link that removes the
/// highlighting.
fn match_count(cx: &Context, view: &ItemPage) -> Option<El> {
    let matches = view.text.matches().filter(|matches| matches.has_query)?;
    let count = i18n::results_count(cx.lang, matches.ranges.len() as u64);
    let plain = cx.item(view.record.item.id.as_str(), view.canvas);
    Some(
        el("p")
            .class("found")
            .attr("role", "status")
            .with(el("bdi").with(el("mark").with(&view.query)))
            .with(el("span").with(count))
            .with(el("a").href(plain).with(i18n::found_clear(cx.lang))),
    )
}

/// Renders the paragraphs of a text. A line is rendered as a separate element if its area on the
/// image or its language is known.
fn lines(text: &PageText, tag: &LangTag) -> El {
    let first_line = text.lines.first().map_or("", |line| line.text.as_str());
    let mut paragraphs: Vec<El> = Vec::new();
    for (i, line) in text.lines.iter().enumerate() {
        let language = line.language.as_ref();
        let dir = line
            .direction
            .or_else(|| language.unwrap_or(tag).direction_of(&line.text));
        let dir = dir.map_or("auto", Direction::as_str);
        let content = highlighted(&text.matches, i, &line.text);
        let content = if line.area.is_some() || language.is_some() {
            el("span")
                .attr("lang", language.map(LangTag::as_str))
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
        .lang_attrs(tag, first_line)
        .with(nodes(paragraphs))
}

/// Renders the line or cue with the given index, with its matches highlighted.
pub fn highlighted(matches: &TextMatches, index: usize, line: &str) -> Html {
    let mut parts = Vec::new();
    let mut from = 0;
    let ranges = matches.ranges.iter().filter(|(other, _)| *other == index);
    let slice = |from, to| line.get(from..to).unwrap_or_default();
    for (_, range) in ranges {
        parts.push(slice(from, range.start).into_html());
        let word = slice(range.start, range.end);
        parts.push(el("mark").with(word).into_html());
        from = range.end;
    }
    parts.push(slice(from, line.len()).into_html());
    fragment(parts)
}

#[cfg(test)]
mod tests {
    use super::{highlighted, sizes};
    use crate::page::TextMatches;
    use crate::views::el::{IntoHtml, el, fragment};

    #[test]
    fn highlights_the_matches_of_a_line() {
        let matches = TextMatches {
            ranges: vec![(0, 0..4), (1, 5..15)],
            has_query: true,
        };
        let word = el("mark").with("سيكاه").into_html();
        let nodes = vec!["من ".into_html(), word, " المقام".into_html()];
        assert_eq!(highlighted(&matches, 1, "من سيكاه المقام"), fragment(nodes));
        let plain = fragment(vec!["كردان".into_html()]);
        assert_eq!(highlighted(&matches, 2, "كردان"), plain);
    }

    #[test]
    fn the_width_of_an_image_is_limited_by_its_height() {
        assert_eq!(
            sizes(1600, 2560, false),
            "(min-width: 60rem) min(58vw, 52vh), min(96vw, 29vh)"
        );
        assert_eq!(
            sizes(1600, 2560, true),
            "(min-width: 60rem) min(58vw, 52vh), 100vw"
        );
        assert!(sizes(1, 0, true).contains("82vh"));
        let css = include_str!("../../../../web/style/item.css");
        assert!(css.contains("block-size:46svh"));
    }
}
