//! What a page is called and about, for its head.

use khizana_model::LangMap;

use crate::card::Text;
use crate::page::{Page, Site, View};
use crate::words::{self, Lang};

impl Site {
    /// The name of the archive for a reader of `lang`.
    pub fn title_in(&self, lang: &str) -> String {
        Text::best(&self.title, lang, "Khizana").text
    }
}

impl Page {
    /// The name of the archive in the language of the page.
    pub fn site_title(&self) -> String {
        self.site.title_in(&self.lang)
    }

    /// The title of the document: the page's own, then the archive's.
    pub fn document_title(&self) -> String {
        let (own, site) = (self.view.title(self), self.site_title());
        if own == site {
            own
        } else {
            format!("{own} · {site}")
        }
    }
}

impl View {
    /// What the page is called.
    pub fn title(&self, page: &Page) -> String {
        let lang = Lang::of(&page.lang);
        match self {
            View::Home(_) => page.site_title(),
            View::Collection(view) => {
                Text::best(&view.collection.title, &page.lang, &view.collection.id).text
            }
            View::Browse(view) if view.query.text.is_empty() => {
                words::browse_title(lang).to_owned()
            }
            View::Browse(view) => words::results_for(lang, &view.query.text),
            View::Item(view) => view.record.item.best_title(&page.lang).1.to_owned(),
            View::NotFound(_) => words::not_found_title(lang).to_owned(),
            View::Failed(_) => words::failure_title(lang).to_owned(),
            View::Loading(view) => match view.route {
                crate::route::Route::Browse(_) => words::browse_title(lang).to_owned(),
                _ => page.site_title(),
            },
        }
    }

    /// A sentence or two about what is shown, where somebody wrote them.
    pub fn summary(&self, page: &Page) -> String {
        let empty = LangMap::new();
        let map = match self {
            View::Home(view) => &view.description,
            View::Collection(view) => &view.collection.description,
            View::Item(view) => view.record.item.field("description").unwrap_or(&empty),
            _ => &empty,
        };
        let text = Text::best(map, &page.lang, "").text;
        match text.char_indices().nth(300) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
            None => text,
        }
    }

    /// The picture that stands for the page: its path below the root, and its size.
    pub fn picture(&self) -> Option<(String, u32, u32)> {
        let image = match self {
            View::Home(view) => view.collections.iter().find_map(|link| link.cover.as_ref()),
            View::Collection(view) => view.collection.cover.as_ref(),
            View::Item(view) => view.record.cover(),
            _ => None,
        }?;
        let size = image.derivative_for_width(1200)?;
        Some((image.path(size), size.width, size.height))
    }
}
