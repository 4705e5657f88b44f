//! The views: functions that render a page to HTML.

mod book;
mod browse;
mod cards;
mod cite;
mod collection;
mod context;
mod details;
mod el;
mod home;
mod item;
mod map;
mod masthead;
mod neighbours;
mod pager;
mod parts;
pub(crate) mod player;
mod related;
mod shell;
mod stage;
pub(crate) mod states;
mod text;
mod title;
mod tools;

use yew::Html;

use crate::app::AppProps;
use crate::i18n::Lang;
use crate::page::View;
use crate::reference::{Access, Reference, Style};
#[cfg(feature = "ssr")]
pub(crate) use browse::field_label;
pub(crate) use context::Context;
#[cfg(feature = "ssr")]
pub(crate) use context::tone_class;
#[cfg(feature = "ssr")]
pub(crate) use details::coordinates;
#[cfg(feature = "ssr")]
use el::IntoHtml;

/// Renders a page with its header and footer.
pub fn page(props: &AppProps) -> Html {
    shell::shell(&Context::of(props), &props.announcement)
}

/// Renders the thumbnails of all pages of a long book. Returns empty HTML for other pages.
#[cfg(feature = "ssr")]
pub fn all_thumbnails(props: &AppProps) -> Html {
    let cx = Context::of(props);
    match &props.page.view {
        View::Item(view) => book::all_thumbnails(&cx, view).into_html(),
        _ => Html::default(),
    }
}

/// Renders a list of items on shelves or as lines.
#[cfg(feature = "ssr")]
pub fn list(props: &AppProps, list: &[crate::card::Card]) -> Html {
    cards::list(&Context::of(props), list, "", cards::suits_shelf(list))
}

/// Composes the citation of what the deep-zoom view displays, as plain text. `url` names the region. Returns `None`
/// for other pages than those of items.
pub fn detail_citation(props: &AppProps, url: Option<String>, is_detail: bool) -> Option<String> {
    let View::Item(view) = &props.page.view else {
        return None;
    };
    let access = Access {
        url,
        is_detail,
        ..cite_access(props)?
    };
    let reference = Reference::of(&props.page.site, &props.page.lang, view);
    let runs = crate::reference::cite(
        &reference,
        Style::Chicago,
        &access,
        Lang::of(&props.page.lang),
    );
    Some(runs.into_iter().map(|run| run.text).collect())
}

/// Returns what is displayed and when, for the citations of an item. Returns `None` for other pages.
pub fn cite_access(props: &AppProps) -> Option<Access> {
    match &props.page.view {
        View::Item(view) => Some(cite::access(&Context::of(props), view)),
        _ => None,
    }
}
