//! An item: the object first, then its label, then all that is known of it.

use khizana_model::LangMap;
use yew::Html;

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, all, each, el};
use super::{details, stage};
use crate::dates;
use crate::page::ItemPage;
use crate::route::Route;
use crate::words;

pub fn item(cx: &Context, view: &ItemPage) -> Html {
    let item = &view.record.item;
    let title = cx.best(&item.title, item.id.as_str());
    let creator = item
        .field("creator")
        .map(|values| el("span").with(line(cx, values)));
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
                .tongue(&title.lang, &title.text)
                .with(&title.text),
        )
        .with(other_titles(&item.title, &title.text))
        .with(byline)
        .with(description(cx, item.field("description")))
        .with(parts(cx, view));
    let label = el("div").class("label").with(head).with(
        el("div")
            .class("label-body")
            .with(details::details(cx, view)),
    );
    el("article")
        .class("item")
        .with(breadcrumb(cx, view))
        .with(stage::stage(cx, view))
        .with(label)
        .into_html()
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
        .attr("aria-label", words::breadcrumb(cx.lang))
        .with(
            el("ol")
                .with(link(
                    cx.href(&Route::Home),
                    words::home(cx.lang).into_html(),
                ))
                .with(link(cx.href(&route), bdi(&collection)))
                .with(parent),
        )
}

/// The titles in the other languages, each on its own line.
fn other_titles(titles: &LangMap, shown: &str) -> Html {
    let others = titles.iter().filter(|(_, title)| *title != shown);
    each(others.map(|(tag, title)| {
        let title = el("bdi").tongue(tag, title).with(title);
        el("p").class("other-title").with(title)
    }))
}

fn line(cx: &Context, values: &LangMap) -> Html {
    let separator = cx.comma();
    let names = values.things().into_iter().enumerate().map(|(i, thing)| {
        let separator = (i > 0).then_some(separator);
        all(vec![separator.into_html(), bdi(&cx.best(&thing, ""))])
    });
    each(names)
}

fn description(cx: &Context, values: Option<&LangMap>) -> Html {
    let Some((tag, values)) = values.and_then(|values| values.best_values(&cx.page.lang)) else {
        return Html::default();
    };
    each(
        values
            .iter()
            .map(|value| el("p").class("description").tongue(tag, value).with(value)),
    )
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
            .tongue(&title.lang, &title.text)
            .with(title.text);
        el("li").with(link)
    });
    let heading = el("h2")
        .id("parts")
        .class("rubric")
        .with(words::parts(cx.lang))
        .with(" ")
        .with(
            el("span")
                .class("quiet")
                .with(words::number(cx.lang, count)),
        );
    Some(
        el("section")
            .class("parts")
            .attr("aria-labelledby", "parts")
            .with(heading)
            .with(el("ol").with(each(links))),
    )
}
