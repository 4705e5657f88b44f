//! The Yew component that renders a page.

use std::rc::Rc;

use khizana_model::Day;
use yew::{Callback, Component, Context, Html, Properties};

use crate::page::Page;
use crate::views;

/// The properties of [`App`].
#[derive(Clone, Properties)]
pub struct AppProps {
    /// The page that is rendered.
    pub page: Rc<Page>,
    /// `true` if the page has been hydrated. It is `false` during publishing and for the first
    /// rendering in the browser, which must produce the same HTML as publishing. Controls that need
    /// the viewer are rendered only if this is `true`.
    #[prop_or_default]
    pub is_hydrated: bool,
    /// The browser in which the page is displayed.
    #[prop_or_default]
    pub device: Device,
    /// Text of the live region that screen readers announce.
    #[prop_or_default]
    pub announcement: Rc<str>,
    /// Callback that is called after each rendering.
    #[prop_or_default]
    pub on_rendered: Callback<()>,
}

impl PartialEq for AppProps {
    /// Compares pages by address, because pages are immutable and a comparison of their content
    /// would only add code.
    fn eq(&self, other: &AppProps) -> bool {
        Rc::ptr_eq(&self.page, &other.page)
            && self.is_hydrated == other.is_hydrated
            && Rc::ptr_eq(&self.announcement, &other.announcement)
    }
}

impl AppProps {
    /// Returns the properties of a page as it is published.
    pub fn of(page: Page) -> AppProps {
        AppProps {
            page: Rc::new(page),
            is_hydrated: false,
            device: Device::default(),
            announcement: "".into(),
            on_rendered: Callback::noop(),
        }
    }
}

/// Properties of the browser, which are unknown during publishing.
#[derive(Debug, Clone, Default)]
pub struct Device {
    /// URL of the root of the site, with a trailing slash.
    pub root: Option<Rc<str>>,
    /// The current day in the time zone of the reader.
    pub today: Option<Day>,
    /// `true` if the browser can pass a link to other programs (Web Share API).
    pub can_share: bool,
}

/// The root component. The viewer sends it new properties as messages.
pub struct App(AppProps);

impl Component for App {
    type Message = AppProps;
    type Properties = AppProps;

    fn create(context: &Context<Self>) -> Self {
        App(context.props().clone())
    }

    fn update(&mut self, _: &Context<Self>, props: AppProps) -> bool {
        let has_changed = self.0 != props;
        self.0 = props;
        has_changed
    }

    fn view(&self, _: &Context<Self>) -> Html {
        views::page(&self.0)
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        self.0.on_rendered.emit(());
    }
}
