//! Pages that say that there is nothing, that something failed, or that something is on its way.

use yew::{Html, html};

use super::context::{Context, bdi};
use super::shell::search;
use crate::page::{Cause, Loading};
use crate::route::Route;
use crate::words::{self, Lang};

pub fn not_found(cx: &Context) -> Html {
    let lang = cx.lang;
    html! {
        <div class="opening">
            <h1 tabindex="-1">{ words::not_found_title(lang) }</h1>
            <p class="lede">{ words::not_found_help(lang) }</p>
            { search(cx, None, true) }
            <p class="facts"><a href={cx.href(&Route::Home)}>{ words::collections(lang) }</a></p>
        </div>
    }
}

pub fn failed(cx: &Context, cause: &Cause) -> Html {
    let lang = cx.lang;
    html! {
        <div class="opening">
            <h1 tabindex="-1">{ words::failure_title(lang) }</h1>
            <p class="lede" role="alert">{ cause_text(lang, cause) }</p>
            { cause_detail(lang, cause) }
            <p class="facts">
                <button type="button" class="strong" data-action="retry">{ words::try_again(lang) }</button>
                <a href={cx.href(&Route::Home)}>{ words::home(lang) }</a>
            </p>
        </div>
    }
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
fn cause_detail(lang: Lang, cause: &Cause) -> Html {
    match cause {
        Cause::Damaged(detail) | Cause::Unreadable(detail) => html! {
            <p class="quiet detail"><bdi lang="en" dir="ltr">{ words::failure_detail(if lang == Lang::Ar { Lang::En } else { lang }, detail) }</bdi></p>
        },
        _ => Html::default(),
    }
}

pub fn loading(cx: &Context, view: &Loading) -> Html {
    let lang = cx.lang;
    let browse = matches!(view.route, Route::Browse(_));
    let heading = if browse {
        words::browse_title(lang)
    } else {
        words::loading(lang)
    };
    html! {
        <>
            <div class={if browse { "opening slim" } else { "opening" }}>
                <h1 tabindex="-1">{ heading }</h1>
                if let Route::Browse(query) = &view.route { { search(cx, Some(&query.text), true) } }
                <p class="waiting">{ if view.slow { words::loading_slow(lang) } else { words::loading(lang) } }</p>
                if !cx.live {
                    // Shown by the stylesheet where scripts do not run, and by the start-up script
                    // where the viewer could not be loaded.
                    <p class="lede unscripted">{ words::script_needed(lang) }</p>
                    <div class="lede unstarted" hidden=true>
                        <p>{ words::failure_start(lang) }</p>
                        <p><button type="button" class="strong" data-reload="">{ words::try_again(lang) }</button></p>
                    </div>
                }
            </div>
            <div class="skeleton" aria-hidden="true"><span></span><span></span><span></span><span></span></div>
            if !cx.live && !view.collections.is_empty() {
                <ul class="lines fallback">{ for view.collections.iter().map(|link| {
                    let title = cx.best(&link.title, &link.id);
                    let route = Route::Collection { id: link.id.clone(), page: 1 };
                    html! {
                        <li class="card"><a class="card-link" href={cx.href(&route)}><span class="card-title">{ bdi(&title) }</span></a>
                            <p class="quiet">{ words::items_count(lang, link.items.into()) }</p></li>
                    }
                }) }</ul>
            }
        </>
    }
}
