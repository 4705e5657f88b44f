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
mod states;
mod title;

use yew::Html;

use crate::app::AppProps;
use context::Context;

/// A whole page: header, main part, footer.
pub fn page(shown: &AppProps) -> Html {
    shell::shell(&Context::of(shown), &shown.announcement)
}
