//! The object itself: its picture, its pages, its text, its sound.

use khizana_format::{Canvas, Image};
use khizana_model::{Direction, LangTag, MediaKind};
use yew::Html;

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, all, each, el};
use super::parts::{self, arrow, srcset};
use super::states::cause_text;
use crate::page::{CanvasText, ItemPage};
use crate::words;

/// The direction in which an item is read: as it says, else that of its language, else of the page.
pub fn reading_direction(cx: &Context, view: &ItemPage) -> &'static str {
    let item = &view.record.item;
    item.reading_direction
        .or_else(|| item.languages.first().and_then(LangTag::direction))
        .map_or(cx.lang.dir(), Direction::as_str)
}

pub fn stage(cx: &Context, view: &ItemPage) -> Html {
    let canvases = &view.record.canvases;
    let at = usize::try_from(view.canvas).unwrap_or_default();
    let Some(canvas) = canvases.get(at).or(canvases.first()) else {
        return Html::default();
    };
    let several = canvases.len() > 1;
    let class = if canvas.text.is_some() {
        "stage with-text"
    } else {
        "stage"
    };
    let label = if several {
        words::page_of(cx.lang, u64::from(view.canvas) + 1, count(view))
    } else {
        own_label(cx, view, canvas)
    };
    el("section")
        .class(class)
        .attr("aria-label", label)
        .with(
            el("div")
                .class("stage-object")
                .key(view.canvas)
                .with(object(cx, view, canvas)),
        )
        .with((several && cx.live).then(|| turning(cx, view)))
        .with(several.then(|| strip(cx, view)))
        .with(text(cx, view, canvas, several))
        .into_html()
}

fn count(view: &ItemPage) -> u64 {
    u64::try_from(view.record.canvases.len()).unwrap_or_default()
}

fn own_label(cx: &Context, view: &ItemPage, canvas: &Canvas) -> String {
    cx.best(&canvas.label, view.record.item.best_title(&cx.page.lang).1)
        .text
}

fn object(cx: &Context, view: &ItemPage, canvas: &Canvas) -> Html {
    let original = canvas
        .original
        .as_ref()
        .map(|origin| (cx.file(&origin.path()), origin));
    let label = own_label(cx, view, canvas);
    let picture = canvas
        .image
        .as_ref()
        .and_then(|image| picture(cx, view, image, &label));
    let player = |kind: &'static str, src| {
        el(kind)
            .flag("controls")
            .attr("preload", "metadata")
            .attr("src", src)
            .attr("aria-label", label.as_str())
    };
    match (canvas.kind, original) {
        (MediaKind::Sound, Some((src, _))) => {
            all(vec![picture.into_html(), player("audio", src).into_html()])
        }
        (MediaKind::Film, Some((src, _))) => player("video", src)
            .class("film")
            .flag("playsinline")
            .into_html(),
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

fn picture(cx: &Context, view: &ItemPage, image: &Image, label: &str) -> Option<El> {
    let (shown, largest) = (image.at_least(1600)?, image.sizes.last()?);
    let alt = if view.record.canvases.len() > 1 {
        let page = words::page_of(cx.lang, u64::from(view.canvas) + 1, count(view));
        format!("{}: {page}", view.record.item.best_title(&cx.page.lang).1)
    } else {
        label.to_owned()
    };
    let img = parts::picture(cx, image, shown)
        .attr("srcset", srcset(cx, image))
        .attr("sizes", sizes(image.width, image.height))
        .attr("alt", alt)
        .attr("fetchpriority", "high");
    Some(
        el("a")
            .class("stage-link")
            .href(cx.file(&image.path(largest)))
            .attr("title", words::open_image(cx.lang))
            .with(img),
    )
}

/// How wide the stylesheet shows a picture: as wide as there is room, and no higher than `--stage`.
/// Without the height, a book's page would be fetched twice as wide as it is seen.
fn sizes(width: u32, height: u32) -> String {
    let of_height = (u64::from(width) * 78).div_ceil(u64::from(height.max(1)));
    format!("(min-width: 64rem) min(70vw, {of_height}vh), min(100vw, {of_height}vh)")
}

fn text(cx: &Context, view: &ItemPage, canvas: &Canvas, several: bool) -> Option<El> {
    let origin = canvas.text.as_ref()?;
    let tag = origin.language.clone().unwrap_or_else(LangTag::und);
    let lang = cx.lang;
    let heading = if several {
        words::text_of_page(lang)
    } else {
        words::text_of_item(lang)
    };
    let (state, body) = match &view.text {
        CanvasText::Unasked => {
            let link = el("a")
                .href(cx.file(&origin.path()))
                .attr("type", "text/plain")
                .with(words::text_open(lang));
            ("unasked", el("p").with(link))
        }
        CanvasText::Loading => (
            "loading",
            el("p").class("waiting").with(words::text_loading(lang)),
        ),
        CanvasText::Here(text) => {
            let paragraphs = paragraphs(text).into_iter().map(|part| {
                let dir = tag.direction_of(&part).map_or("auto", |dir| dir.as_str());
                el("p").attr("dir", dir).with(part)
            });
            let body = el("div")
                .class("page-text")
                .tongue(&tag, text)
                .with(each(paragraphs));
            ("ready", body)
        }
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
    Some(
        el("section")
            .class("stage-text")
            .attr("aria-labelledby", "text")
            .attr("tabindex", "0")
            .attr("data-state", state)
            .key(view.canvas)
            .with(el("h2").id("text").class("rubric").with(heading))
            .with(body),
    )
}

/// The paragraphs of a text: what stands between empty lines, whatever ends its lines.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match paragraphs.last_mut() {
            Some(last) if !line.is_empty() => {
                if !last.is_empty() {
                    last.push('\n');
                }
                last.push_str(line);
            }
            Some(last) if last.is_empty() => {}
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// To the previous and the next page, laid out as the book is read.
fn turning(cx: &Context, view: &ItemPage) -> El {
    let page = u64::from(view.canvas) + 1;
    let pages = count(view);
    let id = view.record.item.id.as_str();
    let turn = |to: Option<u32>, rel: &'static str, label: &'static str, class| match to {
        Some(canvas) => el("a")
            .class("turn")
            .attr("rel", rel)
            .href(cx.item(id, canvas))
            .attr("aria-label", label)
            .with(arrow(class)),
        None => el("span").class("turn").attr("aria-hidden", "true"),
    };
    let before = view.canvas.checked_sub(1);
    let after = (page < pages).then(|| view.canvas.saturating_add(1));
    el("nav")
        .class("turning")
        .attr("aria-label", words::pages(cx.lang))
        .attr("dir", reading_direction(cx, view))
        .with(turn(
            before,
            "prev",
            words::page_previous(cx.lang),
            "arrow back",
        ))
        .with(
            el("p")
                .attr("dir", cx.lang.dir())
                .with(words::page_of(cx.lang, page, pages)),
        )
        .with(turn(after, "next", words::page_next(cx.lang), "arrow"))
}

/// All pages in small. Without the viewer each leads to the page's own picture.
fn strip(cx: &Context, view: &ItemPage) -> El {
    let pages = (0u32..).zip(&view.record.canvases);
    el("nav")
        .class("strip")
        .attr(
            "aria-label",
            words::page_of(cx.lang, u64::from(view.canvas) + 1, count(view)),
        )
        .attr("dir", reading_direction(cx, view))
        .with(el("ol").with(each(
            pages.map(|(i, canvas)| small_page(cx, view, i, canvas)),
        )))
}

fn small_page(cx: &Context, view: &ItemPage, i: u32, canvas: &Canvas) -> El {
    let href = match (&canvas.image, cx.live) {
        (Some(image), false) => image.at_least(1600).map(|size| cx.file(&image.path(size))),
        _ => None,
    };
    let href = href.unwrap_or_else(|| cx.item(view.record.item.id.as_str(), i));
    let number = u64::from(i) + 1;
    let thumbnail = canvas.image.as_ref().and_then(|image| {
        let img = parts::picture(cx, image, image.sizes.first()?)
            .attr("alt", "")
            .attr("loading", "lazy");
        Some(img)
    });
    let label = if canvas.label.is_empty() {
        words::number(cx.lang, number).into_html()
    } else {
        bdi(&cx.best(&canvas.label, ""))
    };
    let text = canvas.text.as_ref().filter(|_| !cx.live).map(|origin| {
        let page = words::page_number(cx.lang, number);
        el("a")
            .class("strip-text")
            .href(cx.file(&origin.path()))
            .attr("type", "text/plain")
            .attr(
                "aria-label",
                format!("{}: {page}", words::text_open(cx.lang)),
            )
            .with(words::text_of_item(cx.lang))
    });
    let link = el("a")
        .href(href)
        .attr(
            "aria-current",
            (cx.live && i == view.canvas).then_some("page"),
        )
        .attr("aria-label", words::page_number(cx.lang, number))
        .with(el("span").class("strip-image").with(thumbnail))
        .with(el("span").class("strip-label").with(label));
    el("li").with(link).with(text)
}

#[cfg(test)]
mod tests {
    use super::{paragraphs, sizes};

    #[test]
    fn a_page_is_fetched_no_wider_than_its_height_allows() {
        assert_eq!(
            sizes(1600, 2560),
            "(min-width: 64rem) min(70vw, 49vh), min(100vw, 49vh)"
        );
        assert!(sizes(1, 0).contains("78vh"));
        let css = include_str!("../../style/viewer.css");
        assert!(css.contains("--stage:78svh"));
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        assert_eq!(
            paragraphs("\n\nأول\r\nثان\r\n\r\n \n third \n\n"),
            ["أول\nثان", "third"]
        );
        assert!(paragraphs(" \r\n\n").is_empty());
    }
}
