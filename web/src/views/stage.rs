//! The object itself: its picture, its pages, its text, its sound.

use khizana_format::{Canvas, Image};
use khizana_model::{Direction, LangTag, MediaKind};
use yew::{Html, html};

use super::context::{Context, bdi, tongue};
use super::parts::{arrow, picture_class, srcset};
use super::states::cause_text;
use crate::page::{CanvasText, ItemPage};
use crate::route::Route;
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
    html! {
        <section class={class} aria-label={if several { words::page_of(cx.lang, u64::from(view.canvas) + 1, count(view)) } else { own_label(cx, view, canvas) }}>
            <div class="stage-object" key={view.canvas}>{ object(cx, view, canvas) }</div>
            if several { { turning(cx, view) }{ strip(cx, view) } }
            { text(cx, view, canvas, several) }
        </section>
    }
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
        .map(|image| picture(cx, view, image, &label));
    match (canvas.kind, original) {
        (MediaKind::Sound, Some((src, _))) => html! {
            <>{ for picture }<audio controls=true preload="metadata" {src} aria-label={label}></audio></>
        },
        (MediaKind::Film, Some((src, _))) => html! {
            <video class="film" controls=true preload="metadata" playsinline=true {src} aria-label={label}></video>
        },
        (MediaKind::Image, _) | (_, None) => match picture {
            Some(picture) => picture,
            None => html! { <p class="empty">{ words::image_missing(cx.lang) }</p> },
        },
        (_, Some((href, origin))) => html! {
            <>
                { for picture }
                <a class="document" {href} download="" type={canvas.media_type.clone()}>
                    <bdi>{ &origin.name }</bdi>
                    <span class="quiet">{ words::file_size(cx.lang, origin.bytes) }</span>
                </a>
            </>
        },
    }
}

fn picture(cx: &Context, view: &ItemPage, image: &Image, label: &str) -> Html {
    let (Some(shown), Some(largest)) = (image.at_least(1600), image.sizes.last()) else {
        return Html::default();
    };
    let alt = if view.record.canvases.len() > 1 {
        let page = words::page_of(cx.lang, u64::from(view.canvas) + 1, count(view));
        format!("{}: {page}", view.record.item.best_title(&cx.page.lang).1)
    } else {
        label.to_owned()
    };
    html! {
        <a class="stage-link" href={cx.file(&image.path(largest))} title={words::open_image(cx.lang)}>
            <img class={picture_class(&image.tone, shown.width, shown.height)} src={cx.file(&image.path(shown))}
                srcset={srcset(cx, image)} sizes="(min-width: 64rem) 70vw, 100vw"
                width={shown.width.to_string()} height={shown.height.to_string()} {alt}
                fetchpriority="high" decoding="async" />
        </a>
    }
}

fn text(cx: &Context, view: &ItemPage, canvas: &Canvas, several: bool) -> Html {
    let Some(origin) = &canvas.text else {
        return Html::default();
    };
    let tag = origin.language.clone().unwrap_or_else(LangTag::und);
    let lang = cx.lang;
    let heading = if several {
        words::text_of_page(lang)
    } else {
        words::text_of_item(lang)
    };
    let body = match &view.text {
        CanvasText::Unasked => html! {
            <p><a href={cx.file(&origin.path())} type="text/plain">{ words::text_open(lang) }</a></p>
        },
        CanvasText::Loading => html! { <p class="waiting">{ words::text_loading(lang) }</p> },
        CanvasText::Here(text) => {
            let paragraphs = text
                .split("\n\n")
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| {
                    let (_, dir) = tongue(&tag, part);
                    html! { <p {dir}>{ part }</p> }
                });
            let (lang, dir) = tongue(&tag, text);
            html! { <div class="page-text" {lang} {dir}>{ for paragraphs }</div> }
        }
        CanvasText::Failed(cause) => html! {
            <div role="alert">
                <p>{ words::failure_text(lang) }{ " " }{ cause_text(lang, cause) }</p>
                <p><button type="button" data-action="retry-text">{ words::try_again(lang) }</button></p>
            </div>
        },
    };
    let state = match &view.text {
        CanvasText::Unasked => "unasked",
        CanvasText::Loading => "loading",
        CanvasText::Here(_) => "ready",
        CanvasText::Failed(_) => "failed",
    };
    html! {
        <section class="stage-text" aria-labelledby="text" tabindex="0" data-state={state} key={view.canvas}>
            <h2 id="text" class="rubric">{ heading }</h2>
            { body }
        </section>
    }
}

/// To the previous and the next page, laid out as the book is read.
fn turning(cx: &Context, view: &ItemPage) -> Html {
    let page = u64::from(view.canvas) + 1;
    let pages = count(view);
    if !cx.live {
        return Html::default();
    }
    let id = view.record.item.id.as_str();
    let route = |canvas: u32| {
        cx.href(&Route::Item {
            id: id.to_owned(),
            canvas,
        })
    };
    let before = view.canvas.checked_sub(1).map(|canvas| {
        html! { <a class="turn" rel="prev" href={route(canvas)} aria-label={words::page_previous(cx.lang)}>{ arrow("arrow back") }</a> }
    });
    let after = (page < pages).then(|| {
        html! { <a class="turn" rel="next" href={route(view.canvas.saturating_add(1))} aria-label={words::page_next(cx.lang)}>{ arrow("arrow") }</a> }
    });
    let none = || html! { <span class="turn" aria-hidden="true"></span> };
    html! {
        <nav class="turning" aria-label={words::pages(cx.lang)} dir={reading_direction(cx, view)}>
            { before.unwrap_or_else(none) }
            <p dir={cx.lang.dir()}>{ words::page_of(cx.lang, page, pages) }</p>
            { after.unwrap_or_else(none) }
        </nav>
    }
}

/// All pages in small. Without the viewer each leads to the page's own picture.
fn strip(cx: &Context, view: &ItemPage) -> Html {
    let id = view.record.item.id.as_str();
    let pages = (0u32..).zip(&view.record.canvases).map(|(i, canvas)| {
        let href = match (&canvas.image, cx.live) {
            (Some(image), false) => image.at_least(1600).map(|size| cx.file(&image.path(size))),
            _ => None,
        };
        let href = href.unwrap_or_else(|| cx.href(&Route::Item { id: id.to_owned(), canvas: i }));
        let number = u64::from(i) + 1;
        let thumbnail = canvas.image.as_ref().and_then(|image| {
            let size = image.sizes.first()?;
            Some(html! {
                <img class={picture_class(&image.tone, size.width, size.height)} src={cx.file(&image.path(size))} alt=""
                    width={size.width.to_string()} height={size.height.to_string()} loading="lazy" decoding="async" />
            })
        });
        let label = if canvas.label.is_empty() {
            html! { { words::number(cx.lang, number) } }
        } else {
            bdi(&cx.best(&canvas.label, ""))
        };
        let text = canvas.text.as_ref().filter(|_| !cx.live).map(|origin| {
            html! { <a class="strip-text" href={cx.file(&origin.path())} type="text/plain"
                aria-label={format!("{}: {}", words::text_open(cx.lang), words::page_number(cx.lang, number))}>{ words::text_of_item(cx.lang) }</a> }
        });
        let current = (cx.live && i == view.canvas).then_some("page");
        html! {
            <li><a {href} aria-current={current} aria-label={words::page_number(cx.lang, number)}>
                <span class="strip-image">{ for thumbnail }</span><span class="strip-label">{ label }</span></a>{ for text }</li>
        }
    });
    html! {
        <nav class="strip" aria-label={words::page_of(cx.lang, u64::from(view.canvas) + 1, count(view))} dir={reading_direction(cx, view)}>
            <ol>{ for pages }</ol>
        </nav>
    }
}
