//! An item: the object first, then its label, then all that is known of it.

use khizana_model::LangMap;
use yew::{Html, html};

use super::context::{Context, bdi, tongue};
use super::{details, stage};
use crate::dates;
use crate::page::ItemPage;
use crate::route::Route;
use crate::words;

pub fn item(cx: &Context, view: &ItemPage) -> Html {
    let item = &view.record.item;
    let title = cx.best(&item.title, item.id.as_str());
    let (title_lang, dir) = tongue(&title.lang, &title.text);
    let creator = item.field("creator").map(|values| line(cx, values));
    let date = item
        .date
        .as_ref()
        .map(|date| dates::short(date, &cx.page.lang))
        .filter(|date| !date.is_empty());
    html! {
        <article class="item">
            { breadcrumb(cx, view) }
            { stage::stage(cx, view) }
            <div class="label">
                <header class="label-head">
                    <h1 tabindex="-1" lang={title_lang} {dir}>{ &title.text }</h1>
                    { other_titles(&item.title, &title.text) }
                    if creator.is_some() || date.is_some() {
                        <p class="byline">
                            if let Some(creator) = creator { <span>{ creator }</span> }
                            if let Some(date) = date { <bdi>{ date }</bdi> }
                        </p>
                    }
                    { description(cx, item.field("description")) }
                    { parts(cx, view) }
                </header>
                <div class="label-body">
                    { details::details(cx, view) }
                </div>
            </div>
        </article>
    }
}

fn breadcrumb(cx: &Context, view: &ItemPage) -> Html {
    let collection = cx.best(&view.collection.title, &view.collection.id);
    let route = Route::Collection {
        id: view.collection.id.clone(),
        page: 1,
    };
    let parent = view.record.parent.as_ref().map(|parent| {
        let title = cx.best(&parent.title, parent.id.as_str());
        let route = Route::Item {
            id: parent.id.as_str().to_owned(),
            canvas: 0,
        };
        html! { <li><a href={cx.href(&route)}>{ bdi(&title) }</a></li> }
    });
    html! {
        <nav class="breadcrumb" aria-label={words::breadcrumb(cx.lang)}>
            <ol>
                <li><a href={cx.href(&Route::Home)}>{ words::home(cx.lang) }</a></li>
                <li><a href={cx.href(&route)}>{ bdi(&collection) }</a></li>
                { for parent }
            </ol>
        </nav>
    }
}

/// The titles in the other languages, each on its own line.
fn other_titles(titles: &LangMap, shown: &str) -> Html {
    let lines = titles
        .iter()
        .filter(|(_, title)| *title != shown)
        .map(|(tag, title)| {
            let (lang, dir) = tongue(tag, title);
            html! { <p class="other-title"><bdi {lang} {dir}>{ title }</bdi></p> }
        });
    html! { <>{ for lines }</> }
}

fn line(cx: &Context, values: &LangMap) -> Html {
    let separator = if cx.lang == words::Lang::Ar {
        "، "
    } else {
        ", "
    };
    let names = values.things().into_iter().enumerate().map(|(i, thing)| {
        html! { <>if i > 0 { { separator } }{ bdi(&cx.best(&thing, "")) }</> }
    });
    html! { <>{ for names }</> }
}

fn description(cx: &Context, values: Option<&LangMap>) -> Html {
    let Some((tag, values)) = values.and_then(|values| values.best_values(&cx.page.lang)) else {
        return Html::default();
    };
    let paragraphs = values.iter().map(|value| {
        let (lang, dir) = tongue(tag, value);
        html! { <p class="description" {lang} {dir}>{ value }</p> }
    });
    html! { <>{ for paragraphs }</> }
}

fn parts(cx: &Context, view: &ItemPage) -> Html {
    let children = &view.record.children;
    if children.is_empty() {
        return Html::default();
    }
    let count = u64::try_from(children.len()).unwrap_or_default();
    let links = children.iter().map(|child| {
        let title = cx.best(&child.title, child.id.as_str());
        let (lang, dir) = tongue(&title.lang, &title.text);
        let route = Route::Item {
            id: child.id.as_str().to_owned(),
            canvas: 0,
        };
        html! { <li><a href={cx.href(&route)} {lang} {dir}>{ title.text }</a></li> }
    });
    html! {
        <section class="parts" aria-labelledby="parts">
            <h2 id="parts" class="rubric">{ words::parts(cx.lang) }{ " " }<span class="quiet">{ words::number(cx.lang, count) }</span></h2>
            <ol>{ for links }</ol>
        </section>
    }
}
