//! A page that the institution has written.

use yew::Html;

use super::context::Context;
use super::el::{El, IntoHtml, el, fragment};
use crate::i18n;
use crate::text_page::{Prose, TextPage};

pub fn text(cx: &Context, view: &TextPage) -> Html {
    let title = &view.title;
    let notice = view.is_fallback(&cx.page.lang).then(|| {
        let tag = view.prose.lang.primary();
        let name = i18n::language(cx.lang, tag).unwrap_or(tag);
        el("p")
            .class("notice")
            .with(i18n::page_in_other_language(cx.lang, name))
    });
    let opening = el("div").class("opening").with(
        el("h1")
            .attr("tabindex", "-1")
            .lang_attrs(&title.lang, &title.text)
            .with(&title.text),
    );
    fragment(vec![
        opening.with(notice).into_html(),
        prose(&view.prose).into_html(),
    ])
}

/// Renders a text of the institution.
pub fn prose(prose: &Prose) -> El {
    el("div")
        .class("written")
        .lang_attrs(&prose.lang, "")
        .with(Html::from_html_unchecked(prose.html.clone().into()))
}
