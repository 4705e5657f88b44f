//! The views: functions from plain data to HTML.

mod book;
mod browse;
mod cards;
mod collection;
mod context;
mod details;
mod el;
mod home;
mod item;
mod pager;
mod parts;
pub(crate) mod player;
mod shell;
mod stage;
pub(crate) mod states;
mod title;

use yew::Html;

use crate::app::AppProps;
#[cfg(feature = "ssr")]
use crate::page::View;
use context::Context;
#[cfg(feature = "ssr")]
use el::IntoHtml;

/// A whole page: header, main part, footer.
pub fn page(shown: &AppProps) -> Html {
    shell::shell(&Context::of(shown), &shown.announcement)
}

/// All pages of a long book in small; nothing of any other page.
#[cfg(feature = "ssr")]
pub fn all_pages(shown: &AppProps) -> Html {
    let cx = Context::of(shown);
    match &shown.page.view {
        View::Item(view) => book::all_pages(&cx, view).into_html(),
        _ => Html::default(),
    }
}
