//! The frame of every page.

use yew::{Html, html};

use super::context::{Context, bdi, tongue};
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
    html! {
        <>
            <a class="skip" href="#content">{ words::skip_to_content(lang) }</a>
            <header class="site">
                <a class="site-name" href={cx.href(&Route::Home)}>{ bdi(&title) }</a>
                if !own_search { { search(cx, None, false) } }
                <nav class="site-nav" aria-label={words::language_choice(lang)}>
                    <a class="browse-link" href={cx.href(&Route::Browse(BrowseQuery::default()))}>{ words::browse(lang) }</a>
                    { languages(cx) }
                </nav>
            </header>
            <main id="content" tabindex="-1" data-view={name} data-state={state}>{ main }</main>
            <footer class="site"><p>{ words::footer_note(lang) }</p></footer>
            <div class="unseen" role="status" id="announcer">{ announcement }</div>
        </>
    }
}

fn ready(empty: bool) -> &'static str {
    if empty { "empty" } else { "ready" }
}

fn languages(cx: &Context) -> Html {
    let route = cx.page.view.route();
    let links = cx.page.site.languages.iter().map(|code| {
        let current = (*code == cx.page.lang).then_some("true");
        html! {
            <li><a href={cx.href_in(code, &route)} hreflang={code.clone()} lang={code.clone()} dir={Lang::of(code).dir()}
                aria-current={current}>{ words::own_name(code) }</a></li>
        }
    });
    html! { <ul class="languages">{ for links }</ul> }
}

/// The search box. Without the viewer it is a plain form. Where `text` is given the viewer keeps the
/// box in step with it; elsewhere the box is the reader's alone.
pub fn search(cx: &Context, text: Option<&str>, large: bool) -> Html {
    let lang = cx.lang;
    let action = cx.href(&Route::Browse(BrowseQuery::default()));
    let class = if large { "search large" } else { "search" };
    let dir = text
        .filter(|text| !text.is_empty())
        .map(|text| tongue(&khizana_model::LangTag::und(), text).1);
    html! {
        <form {class} role="search" {action} method="get">
            <label class="unseen" for="q">{ words::search_label(lang) }</label>
            <input id="q" name="q" type="search" autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="search"
                maxlength="200" {dir} placeholder={if large { words::search_hint(lang) } else { words::search_label(lang) }} value={text.map(str::to_owned)} />
            <button type="submit">{ words::search(lang) }</button>
        </form>
    }
}
