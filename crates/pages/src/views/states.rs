//! Pages that are displayed if the requested page does not exist, could not be loaded, or is being
//! loaded.

use yew::Html;

use super::browse;
use super::context::{Context, bdi};
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::shell::search;
use crate::i18n::{self, Lang};
use crate::page::{Cause, CollectionLink, Loading};
use crate::route::Route;

fn heading(text: &'static str) -> El {
    el("h1").attr("tabindex", "-1").with(text)
}

fn button(text: &'static str) -> El {
    el("button")
        .attr("type", "button")
        .class("strong")
        .with(text)
}

pub fn not_found(cx: &Context) -> Html {
    let lang = cx.lang;
    let home = el("a")
        .href(cx.href(&Route::Home))
        .with(i18n::collections(lang));
    el("div")
        .class("opening")
        .with(heading(i18n::not_found_title(lang)))
        .with(el("p").class("lede").with(i18n::not_found_help(lang)))
        .with(search(cx, None, true))
        .with(el("p").class("facts").with(home))
        .into_html()
}

pub fn failed(cx: &Context, cause: &Cause) -> Html {
    let lang = cx.lang;
    let facts = el("p")
        .class("facts")
        .with(button(i18n::try_again(lang)).attr("data-action", "retry"))
        .with(el("a").href(cx.href(&Route::Home)).with(i18n::home(lang)));
    el("div")
        .class("opening")
        .with(heading(i18n::failure_title(lang)))
        .with(
            el("p")
                .class("lede")
                .attr("role", "alert")
                .with(cause_message(lang, cause)),
        )
        .with(cause_detail(lang, cause))
        .with(facts)
        .into_html()
}

/// Returns the message for the cause of a failure.
pub fn cause_message(lang: Lang, cause: &Cause) -> String {
    match cause {
        Cause::Offline => i18n::failure_offline(lang).to_owned(),
        Cause::Status(status) => {
            i18n::failure_status(lang, &i18n::digits(lang, &status.to_string()))
        }
        Cause::Damaged(_) => i18n::failure_damaged(lang).to_owned(),
        Cause::Unreadable(_) => i18n::failure_unreadable(lang).to_owned(),
    }
}

/// Renders the technical description of a failure, which is in English.
fn cause_detail(lang: Lang, cause: &Cause) -> Option<El> {
    let (Cause::Damaged(detail) | Cause::Unreadable(detail)) = cause else {
        return None;
    };
    let lang = if lang == Lang::Ar { Lang::En } else { lang };
    let text = el("bdi")
        .attr("lang", "en")
        .attr("dir", "ltr")
        .with(i18n::failure_detail(lang, detail));
    Some(el("p").class("quiet detail").with(text))
}

pub fn loading(cx: &Context, view: &Loading) -> Html {
    let lang = cx.lang;
    let waiting = if view.is_slow {
        i18n::loading_slow(lang)
    } else {
        i18n::loading(lang)
    };
    if let Route::Browse(query) = &view.route {
        let waiting = el("p").class("waiting").with(waiting);
        return browse::loading(cx, query, waiting.into_html());
    }
    // The style sheet displays `.unscripted` if scripting is disabled, and `boot.js` displays
    // `.unstarted` if the viewer cannot be loaded.
    let unscripted = (!cx.is_hydrated).then(|| {
        el("p")
            .class("lede unscripted")
            .with(i18n::script_needed(lang))
    });
    let unstarted = (!cx.is_hydrated).then(|| {
        el("div")
            .class("lede unstarted")
            .flag("hidden")
            .with(el("p").with(i18n::failure_start(lang)))
            .with(el("p").with(button(i18n::try_again(lang)).attr("data-reload", "")))
    });
    let opening = el("div")
        .class("opening")
        .with(heading(i18n::loading(lang)))
        .with(el("p").class("waiting").with(waiting))
        .with(unscripted)
        .with(unstarted);
    let skeleton = el("div")
        .class("skeleton")
        .attr("aria-hidden", "true")
        .with(nodes((0..4).map(|_| el("span"))));
    let collections = (!cx.is_hydrated && !view.collections.is_empty()).then(|| {
        el("ul").class("lines fallback").with(nodes(
            view.collections.iter().map(|link| collection(cx, link)),
        ))
    });
    fragment(vec![
        opening.into_html(),
        skeleton.into_html(),
        collections.into_html(),
    ])
}

fn collection(cx: &Context, link: &CollectionLink) -> El {
    let title = cx.best(&link.title, &link.id);
    let route = Route::Collection {
        id: link.id.clone(),
        page: 1,
    };
    let name = el("a")
        .class("card-link")
        .href(cx.href(&route))
        .with(el("span").class("card-title").with(bdi(&title)));
    let count = i18n::items_count(cx.lang, link.items.into());
    el("li")
        .class("card")
        .with(name)
        .with(el("p").class("quiet").with(count))
}
