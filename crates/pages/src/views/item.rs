//! The page of an item: the object itself, its title and description, and its metadata.

use khizana_model::LangMap;
use yew::Html;

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::{book, details, map, neighbours, related, stage};
use crate::dates;
use crate::i18n;
use crate::page::ItemPage;
use crate::route::Route;

/// The number of characters above which a title is set in a smaller size.
const LONG_TITLE: usize = 100;

/// The maximum number of entries of a table of contents that is unfolded at first.
const MAX_UNFOLDED: u64 = 8;

pub fn item(cx: &Context, view: &ItemPage) -> Html {
    let item = &view.record.item;
    let title = cx.best(&item.title, item.id.as_str());
    let creator = item
        .field("creator")
        .map(|values| el("span").with(name_list(cx, values)));
    let date = item
        .date
        .as_ref()
        .map(|date| dates::short(date, &cx.page.lang))
        .filter(|date| !date.is_empty())
        .map(|date| el("bdi").with(date));
    // Zotero would take the text of an element with the class `byline` for the names of authors.
    let attribution = (creator.is_some() || date.is_some())
        .then(|| el("p").class("attribution").with(creator).with(date));
    let head = el("header")
        .class("label-head")
        .with(breadcrumb(cx, view))
        .with(
            el("h1")
                .class((title.text.chars().count() > LONG_TITLE).then_some("long"))
                .attr("tabindex", "-1")
                .lang_attrs(&title.lang, &title.text)
                .with(&title.text),
        )
        .with(attribution);
    let label = el("div")
        .class("label")
        .with(description(cx, item.field("description")))
        .with(details::other_languages(cx, view))
        .with(book::contents(cx, view))
        .with(parts(cx, view))
        .with(stage::text_of_page(cx, view))
        .with(details::details(cx, view))
        .with(map::map(cx, view));
    let object = stage::stage(cx, view);
    let (remote, more_remote) = match &object {
        Some(_) => (None, remote(cx, view)),
        None => (remote(cx, view), None),
    };
    let object = el("div")
        .class("object")
        .with(head)
        .with(object)
        .with(remote)
        .with(label);
    el("article")
        .class("item")
        .with(object)
        .with(more_remote)
        .with(details::colophon(cx, view))
        .with(related::related(cx, view))
        .with(neighbours::neighbours(cx, view))
        .into_html()
}

/// Renders the images that are displayed from other hosts, each with the name of its host. The request
/// does not reveal the page to the host.
fn remote(cx: &Context, view: &ItemPage) -> Option<El> {
    if view.record.remote.is_empty() {
        return None;
    }
    let alt = view.record.item.best_title(&cx.page.lang).1;
    let images = nodes(view.record.remote.iter().map(|url| {
        let host = url.split('/').nth(2).unwrap_or_default();
        let image = el("img")
            .attr("src", url)
            .attr("alt", alt)
            .attr("loading", "lazy")
            .attr("referrerpolicy", "no-referrer");
        el("figure")
            .with(image)
            .with(el("figcaption").with(i18n::remote_image(cx.lang, host)))
    }));
    Some(el("div").class("remote").with(images))
}

fn breadcrumb(cx: &Context, view: &ItemPage) -> El {
    let collection = cx.best(&view.collection.title, &view.collection.id);
    let route = Route::Collection {
        id: view.collection.id.clone(),
        page: 1,
    };
    let link = |href, name: Html| el("li").with(el("a").href(href).with(name));
    let parent = view.record.parent.as_ref().map(|parent| {
        let title = cx.best(&parent.title, parent.id.as_str());
        link(cx.item(parent.id.as_str(), 0), bdi(&title))
    });
    el("nav")
        .class("breadcrumb")
        .attr("aria-label", i18n::breadcrumb(cx.lang))
        .with(
            el("ol")
                .with(link(cx.href(&Route::Home), i18n::home(cx.lang).into_html()))
                .with(link(cx.href(&route), bdi(&collection)))
                .with(parent),
        )
}

fn name_list(cx: &Context, values: &LangMap) -> Html {
    let separator = cx.list_separator();
    let names = values
        .entities()
        .into_iter()
        .enumerate()
        .map(|(i, entity)| {
            let separator = (i > 0).then_some(separator);
            fragment(vec![separator.into_html(), bdi(&cx.best(&entity, ""))])
        });
    nodes(names)
}

fn description(cx: &Context, values: Option<&LangMap>) -> Html {
    let Some((tag, values)) = values.and_then(|values| values.best_values(&cx.page.lang)) else {
        return Html::default();
    };
    nodes(values.iter().map(|value| {
        el("p")
            .class("description")
            .lang_attrs(tag, value)
            .with(value)
    }))
}

/// Renders the parts of the item, which are items themselves, as a table of contents that can be folded.
fn parts(cx: &Context, view: &ItemPage) -> Option<El> {
    let children = &view.record.children;
    if children.is_empty() {
        return None;
    }
    let links = children.iter().map(|child| {
        let title = cx.best(&child.title, child.id.as_str());
        let pages = (!child.pages.is_empty()).then(|| {
            el("span")
                .class("page")
                .with(i18n::page_range(cx.lang, &child.pages))
        });
        let link = el("a")
            .href(cx.item(child.id.as_str(), 0))
            .with(
                el("span")
                    .class("entry")
                    .lang_attrs(&title.lang, &title.text)
                    .with(title.text),
            )
            .with(pages);
        el("li").with(link)
    });
    Some(fold(cx, i18n::parts(cx.lang), links.collect()).class("fold parts"))
}

/// Renders a table of contents that can be folded. A short one is unfolded at first.
pub fn fold(cx: &Context, title: &'static str, entries: Vec<El>) -> El {
    let count = u64::try_from(entries.len()).unwrap_or_default();
    let summary = el("summary")
        .with(title)
        .with(" ")
        .with(el("span").with(i18n::number(cx.lang, count)));
    el("details")
        .class("fold")
        .attr("open", (count <= MAX_UNFOLDED).then_some("open"))
        .with(summary)
        .with(el("ol").class("toc").with(nodes(entries)))
}
