//! The header and footer of every page.

use yew::Html;

use super::context::Context;
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::parts::icon;
use super::{browse, collection, home, item, masthead, states, text};
use crate::i18n::{self, Lang};
use crate::page::View;
use crate::query::BrowseQuery;
use crate::route::Route;

pub fn shell(cx: &Context, announcement: &str) -> Html {
    let lang = cx.lang;
    let (view_name, state, main) = match &cx.page.view {
        View::Home(view) => ("home", "ready", home::home(cx, view)),
        View::Collection(view) => (
            "collection",
            list_state(view.is_empty()),
            collection::collection(cx, view),
        ),
        View::Browse(view) if view.is_busy => ("browse", "loading", browse::browse(cx, view)),
        View::Browse(view) => (
            "browse",
            list_state(view.total == 0),
            browse::browse(cx, view),
        ),
        View::Item(view) => ("item", "ready", item::item(cx, view)),
        View::Text(view) => ("text", "ready", text::text(cx, view)),
        View::NotFound(_) => ("not-found", "ready", states::not_found(cx)),
        View::Failed(failure) => ("failed", "failed", states::failed(cx, &failure.cause)),
        View::Loading(loading) => ("loading", "loading", states::loading(cx, loading)),
    };
    let has_large_search = matches!(
        &cx.page.view,
        View::Home(_) | View::Browse(_) | View::NotFound(_)
    ) || matches!(&cx.page.view, View::Loading(loading) if matches!(loading.route, Route::Browse(_)));
    let browse = cx.href(&Route::Browse(BrowseQuery::default()));
    let nav = el("nav")
        .class("site-nav")
        .with(
            el("a")
                .class("browse-link")
                .href(browse.clone())
                .attr("aria-current", (view_name == "browse").then_some("page"))
                .with(i18n::browse(lang)),
        )
        .with(languages(cx));
    let header = el("header")
        .class("site")
        .with(masthead::site_name(cx))
        .with(masthead::menu(cx))
        .with((!has_large_search).then(|| search(cx, None, false)))
        .with(nav);
    let main = el("main")
        .id("content")
        .attr("tabindex", "-1")
        .attr("data-view", view_name)
        .attr("data-state", state)
        .with(main);
    let link = |href, text: &'static str| el("a").href(href).with(text);
    let footer = el("footer")
        .class("site")
        .with(masthead::institution(cx))
        .with(
            el("nav")
                .attr("aria-label", i18n::footer(lang))
                .with(link(cx.href(&Route::Home), i18n::collections(lang)))
                .with(link(browse, i18n::browse_all(lang))),
        )
        .with(el("p").with(i18n::footer_note(lang)));
    let announcer = el("div")
        .class("unseen")
        .attr("role", "status")
        .id("announcer")
        .with(announcement);
    let skip = el("a")
        .class("skip")
        .attr("href", "#content")
        .with(i18n::skip_to_content(lang));
    fragment(vec![
        skip.into_html(),
        header.into_html(),
        main.into_html(),
        footer.into_html(),
        announcer.into_html(),
    ])
}

fn list_state(is_empty: bool) -> &'static str {
    if is_empty { "empty" } else { "ready" }
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
            .with(i18n::native_name(code));
        el("li").with(link)
    });
    el("ul")
        .class("languages")
        .attr("aria-label", i18n::language_choice(cx.lang))
        .with(nodes(links))
}

/// Renders the search form. If `text` is `Some`, each rendering sets the value of the search box.
/// Otherwise, the value is not changed.
pub fn search(cx: &Context, text: Option<&str>, is_large: bool) -> El {
    let lang = cx.lang;
    let class = if is_large { "search large" } else { "search" };
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
        .attr("placeholder", i18n::search_hint(lang))
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
                .with(i18n::search_label(lang)),
        )
        .with(input)
        .with(
            el("button")
                .attr("type", "submit")
                .attr("aria-label", i18n::search(lang))
                .with(icon(
                    "M16 9.5a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0zM14.5 14.5l5 5",
                )),
        )
}
