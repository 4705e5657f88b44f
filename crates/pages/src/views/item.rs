//! The page of an item: the object itself, its title and description, and its metadata.

use khizana_model::LangMap;
use yew::Html;

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::{details, map, neighbours, related, stage};
use crate::dates;
use crate::i18n;
use crate::page::ItemPage;
use crate::route::Route;

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
    let byline = (creator.is_some() || date.is_some())
        .then(|| el("p").class("byline").with(creator).with(date));
    let head = el("header")
        .class("label-head")
        .with(
            el("h1")
                .attr("tabindex", "-1")
                .lang_attrs(&title.lang, &title.text)
                .with(&title.text),
        )
        .with(other_titles(&item.title, &title.text))
        .with(byline)
        .with(description(cx, item.field("description")))
        .with(parts(cx, view));
    let label = el("div").class("label").with(head).with(
        el("div")
            .class("label-body")
            .with(details::details(cx, view))
            .with(map::map(cx, view)),
    );
    el("article")
        .class("item")
        .with(breadcrumb(cx, view))
        .with(stage::stage(cx, view))
        .with(remote(cx, view))
        .with(label)
        .with(related::related(cx, view))
        .with(neighbours::neighbours(cx, view))
        .into_html()
}

/// Renders the images that are displayed from other hosts, each with the name of its host. The request
/// does not reveal the page to the host.
fn remote(cx: &Context, view: &ItemPage) -> Html {
    let alt = view.record.item.best_title(&cx.page.lang).1;
    nodes(view.record.remote.iter().map(|url| {
        let host = url.split('/').nth(2).unwrap_or_default();
        let image = el("img")
            .attr("src", url)
            .attr("alt", alt)
            .attr("loading", "lazy")
            .attr("referrerpolicy", "no-referrer");
        el("figure")
            .class("remote")
            .with(image)
            .with(el("figcaption").with(i18n::remote_image(cx.lang, host)))
    }))
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

/// Renders the titles other than `displayed`, one per paragraph.
fn other_titles(titles: &LangMap, displayed: &str) -> Html {
    let others = titles.iter().filter(|(_, title)| *title != displayed);
    nodes(others.map(|(tag, title)| {
        let title = el("bdi").lang_attrs(tag, title).with(title);
        el("p").class("other-title").with(title)
    }))
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

fn parts(cx: &Context, view: &ItemPage) -> Option<El> {
    let children = &view.record.children;
    if children.is_empty() {
        return None;
    }
    let count = u64::try_from(children.len()).unwrap_or_default();
    let links = children.iter().map(|child| {
        let title = cx.best(&child.title, child.id.as_str());
        let link = el("a")
            .href(cx.item(child.id.as_str(), 0))
            .lang_attrs(&title.lang, &title.text)
            .with(title.text);
        let pages = (!child.pages.is_empty()).then(|| {
            el("span")
                .class("quiet")
                .with(i18n::pages_of_part(cx.lang, &child.pages))
        });
        el("li").with(link).with(" ").with(pages)
    });
    let heading = el("h2")
        .id("parts")
        .class("rubric")
        .with(i18n::parts(cx.lang))
        .with(" ")
        .with(el("span").class("quiet").with(i18n::number(cx.lang, count)));
    Some(
        el("section")
            .class("parts")
            .attr("aria-labelledby", "parts")
            .with(heading)
            .with(el("ol").with(nodes(links))),
    )
}
