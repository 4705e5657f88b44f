//! The frame of every page.

use yew::Html;

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, all, each, el};
use super::{browse, collection, home, item, states};
use crate::page::View;
use crate::query::BrowseQuery;
use crate::route::Route;
use crate::words::{self, Lang};

pub fn shell(cx: &Context, announcement: &str) -> Html {
    let lang = cx.lang;
    let (name, state, main) = match &cx.page.view {
        View::Home(view) => ("home", "ready", home::home(cx, view)),
        View::Collection(view) => (
            "collection",
            ready(view.cards.is_empty()),
            collection::collection(cx, view),
        ),
        View::Browse(view) if view.busy => ("browse", "loading", browse::browse(cx, view)),
        View::Browse(view) => ("browse", ready(view.total == 0), browse::browse(cx, view)),
        View::Item(view) => ("item", "ready", item::item(cx, view)),
        View::NotFound(_) => ("not-found", "ready", states::not_found(cx)),
        View::Failed(failure) => ("failed", "failed", states::failed(cx, &failure.cause)),
        View::Loading(loading) => ("loading", "loading", states::loading(cx, loading)),
    };
    let own_search = matches!(
        &cx.page.view,
        View::Home(_) | View::Browse(_) | View::NotFound(_)
    ) || matches!(&cx.page.view, View::Loading(loading) if matches!(loading.route, Route::Browse(_)));
    let title = cx.best(&cx.page.site.title, "Khizana");
    let browse = cx.href(&Route::Browse(BrowseQuery::default()));
    let nav = el("nav")
        .class("site-nav")
        .with(
            el("a")
                .class("browse-link")
                .href(browse)
                .with(words::browse(lang)),
        )
        .with(languages(cx));
    let header = el("header")
        .class("site")
        .with(
            el("a")
                .class("site-name")
                .href(cx.href(&Route::Home))
                .with(bdi(&title)),
        )
        .with((!own_search).then(|| search(cx, None, false)))
        .with(nav);
    let main = el("main")
        .id("content")
        .attr("tabindex", "-1")
        .attr("data-view", name)
        .attr("data-state", state)
        .with(main);
    let footer = el("footer")
        .class("site")
        .with(el("p").with(words::footer_note(lang)));
    let announcer = el("div")
        .class("unseen")
        .attr("role", "status")
        .id("announcer")
        .with(announcement);
    let skip = el("a")
        .class("skip")
        .attr("href", "#content")
        .with(words::skip_to_content(lang));
    all(vec![
        skip.into_html(),
        header.into_html(),
        main.into_html(),
        footer.into_html(),
        announcer.into_html(),
    ])
}

fn ready(empty: bool) -> &'static str {
    if empty { "empty" } else { "ready" }
}

fn languages(cx: &Context) -> El {
    let route = cx.page.view.route();
    let links = cx.page.site.languages.iter().map(|code| {
        let link = el("a")
            .href(cx.href_in(code, &route))
            .attr("hreflang", code)
            .attr("lang", code)
            .attr("dir", Lang::of(code).dir())
            .attr("aria-current", (*code == cx.page.lang).then_some("true"))
            .with(words::own_name(code));
        el("li").with(link)
    });
    el("ul")
        .class("languages")
        .attr("aria-label", words::language_choice(cx.lang))
        .with(each(links))
}

/// The search box. Without the viewer it is a plain form. Where `text` is given the viewer keeps the
/// box in step with it; elsewhere the box is the reader's alone.
pub fn search(cx: &Context, text: Option<&str>, large: bool) -> El {
    let lang = cx.lang;
    let (class, hint) = if large {
        ("search large", words::search_hint(lang))
    } else {
        ("search", words::search_label(lang))
    };
    let dir = text.filter(|text| !text.is_empty()).map(|text| {
        khizana_model::LangTag::und()
            .direction_of(text)
            .map_or("auto", |dir| dir.as_str())
    });
    let input = el("input")
        .id("q")
        .attr("name", "q")
        .attr("type", "search")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .attr("enterkeyhint", "search")
        .attr("maxlength", "200")
        .attr("dir", dir)
        .attr("placeholder", hint)
        .value(text);
    el("form")
        .class(class)
        .attr("role", "search")
        .attr("action", cx.href(&Route::Browse(BrowseQuery::default())))
        .attr("method", "get")
        .with(
            el("label")
                .class("unseen")
                .attr("for", "q")
                .with(words::search_label(lang)),
        )
        .with(input)
        .with(
            el("button")
                .attr("type", "submit")
                .with(words::search(lang)),
        )
}
