//! The one component: it shows a page.

use std::rc::Rc;

use yew::{Callback, Component, Context, Html, Properties};

use crate::page::Page;
use crate::views;

/// What is on the screen.
#[derive(Clone, Properties)]
pub struct AppProps {
    /// The page.
    pub page: Rc<Page>,
    /// Whether the viewer runs: false in published pages and on the first rendering, which must
    /// equal the published one. What needs the viewer is shown only then.
    #[prop_or_default]
    pub live: bool,
    /// What a screen reader is told.
    #[prop_or_default]
    pub announcement: Rc<str>,
    /// Called each time the screen is up to date.
    #[prop_or_default]
    pub on_rendered: Callback<()>,
}

impl PartialEq for AppProps {
    /// A page is replaced, never changed: comparing its parts would only cost bytes.
    fn eq(&self, other: &AppProps) -> bool {
        Rc::ptr_eq(&self.page, &other.page)
            && self.live == other.live
            && Rc::ptr_eq(&self.announcement, &other.announcement)
    }
}

impl AppProps {
    /// A page as it is published.
    pub fn of(page: Page) -> AppProps {
        AppProps {
            page: Rc::new(page),
            live: false,
            announcement: "".into(),
            on_rendered: Callback::noop(),
        }
    }
}

/// The viewer.
pub struct App(AppProps);

impl Component for App {
    type Message = AppProps;
    type Properties = AppProps;

    fn create(context: &Context<Self>) -> Self {
        App(context.props().clone())
    }

    fn update(&mut self, _: &Context<Self>, shown: AppProps) -> bool {
        let changed = self.0 != shown;
        self.0 = shown;
        changed
    }

    fn view(&self, _: &Context<Self>) -> Html {
        views::page(&self.0)
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        self.0.on_rendered.emit(());
    }
}
