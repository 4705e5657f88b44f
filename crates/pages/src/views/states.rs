//! Pages that say that there is nothing, that something failed, or that something is on its way.

use yew::Html;

use super::context::{Context, bdi};
use super::el::{El, IntoHtml, all, each, el};
use super::shell::search;
use crate::page::{Cause, CollectionLink, Loading};
use crate::route::Route;
use crate::words::{self, Lang};

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
        .with(words::collections(lang));
    el("div")
        .class("opening")
        .with(heading(words::not_found_title(lang)))
        .with(el("p").class("lede").with(words::not_found_help(lang)))
        .with(search(cx, None, true))
        .with(el("p").class("facts").with(home))
        .into_html()
}

pub fn failed(cx: &Context, cause: &Cause) -> Html {
    let lang = cx.lang;
    let facts = el("p")
        .class("facts")
        .with(button(words::try_again(lang)).attr("data-action", "retry"))
        .with(el("a").href(cx.href(&Route::Home)).with(words::home(lang)));
    el("div")
        .class("opening")
        .with(heading(words::failure_title(lang)))
        .with(
            el("p")
                .class("lede")
                .attr("role", "alert")
                .with(cause_text(lang, cause)),
        )
        .with(cause_detail(lang, cause))
        .with(facts)
        .into_html()
}

/// What happened, and what a reader can do.
pub fn cause_text(lang: Lang, cause: &Cause) -> String {
    match cause {
        Cause::Offline => words::failure_offline(lang).to_owned(),
        Cause::Status(status) => {
            words::failure_status(lang, &words::digits(lang, &status.to_string()))
        }
        Cause::Damaged(_) => words::failure_damaged(lang).to_owned(),
        Cause::Unreadable(_) => words::failure_unreadable(lang).to_owned(),
    }
}

/// What to tell the institution: in English, for those who mend it.
fn cause_detail(lang: Lang, cause: &Cause) -> Option<El> {
    let (Cause::Damaged(detail) | Cause::Unreadable(detail)) = cause else {
        return None;
    };
    let lang = if lang == Lang::Ar { Lang::En } else { lang };
    let said = el("bdi")
        .attr("lang", "en")
        .attr("dir", "ltr")
        .with(words::failure_detail(lang, detail));
    Some(el("p").class("quiet detail").with(said))
}

pub fn loading(cx: &Context, view: &Loading) -> Html {
    let lang = cx.lang;
    let (class, title, query) = match &view.route {
        Route::Browse(query) => ("opening slim", words::browse_title(lang), Some(query)),
        _ => ("opening", words::loading(lang), None),
    };
    let waiting = if view.slow {
        words::loading_slow(lang)
    } else {
        words::loading(lang)
    };
    // Shown by the stylesheet where scripts do not run, and by the start-up script where the viewer
    // could not be loaded.
    let unscripted = (!cx.live).then(|| {
        el("p")
            .class("lede unscripted")
            .with(words::script_needed(lang))
    });
    let unstarted = (!cx.live).then(|| {
        el("div")
            .class("lede unstarted")
            .flag("hidden")
            .with(el("p").with(words::failure_start(lang)))
            .with(el("p").with(button(words::try_again(lang)).attr("data-reload", "")))
    });
    let opening = el("div")
        .class(class)
        .with(heading(title))
        .with(query.map(|query| search(cx, Some(&query.text), true)))
        .with(el("p").class("waiting").with(waiting))
        .with(unscripted)
        .with(unstarted);
    let skeleton = el("div")
        .class("skeleton")
        .attr("aria-hidden", "true")
        .with(each((0..4).map(|_| el("span"))));
    let collections = (!cx.live && !view.collections.is_empty()).then(|| {
        el("ul").class("lines fallback").with(each(
            view.collections.iter().map(|link| collection(cx, link)),
        ))
    });
    all(vec![
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
    let count = words::items_count(cx.lang, link.items.into());
    el("li")
        .class("card")
        .with(name)
        .with(el("p").class("quiet").with(count))
}
