//! Notices that are displayed if the viewer does not run.

use super::super::context::Context;
use super::super::el::{El, el};
use crate::i18n;
use crate::route::Route;

/// Renders the notices in a published page. The style sheet displays `.unscripted` if scripting is
/// disabled, and `boot.js` displays `.unstarted` if the viewer cannot be loaded.
pub fn notices(cx: &Context) -> Option<El> {
    if cx.is_hydrated {
        return None;
    }
    let lang = cx.lang;
    let collections = || {
        el("a")
            .href(cx.href(&Route::Home))
            .with(i18n::collections(lang))
    };
    let retry = el("button")
        .attr("type", "button")
        .class("strong")
        .attr("data-reload", "")
        .with(i18n::try_again(lang));
    let unscripted = el("p")
        .class("unscripted")
        .with(i18n::search_needs_script(lang))
        .with(" ")
        .with(collections());
    let unstarted = el("div")
        .class("unstarted")
        .flag("hidden")
        .with(
            el("p")
                .with(i18n::search_not_started(lang))
                .with(" ")
                .with(collections()),
        )
        .with(el("p").with(retry));
    Some(el("div").class("notices").with(unscripted).with(unstarted))
}
