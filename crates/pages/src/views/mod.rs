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
mod neighbours;
mod pager;
mod parts;
pub(crate) mod player;
mod related;
mod shell;
mod stage;
pub(crate) mod states;
mod title;
mod tools;

use yew::Html;

use crate::app::AppProps;
use crate::page::View;
use crate::reference::Access;
use context::Context;
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

/// Returns what is displayed and when, for the citations of an item. Returns `None` for other pages.
pub fn cite_access(props: &AppProps) -> Option<Access> {
    match &props.page.view {
        View::Item(view) => Some(cite::access(&Context::of(props), view)),
        _ => None,
    }
}
