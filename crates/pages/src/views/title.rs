//! The title, description and preview image of a page.

#[cfg(feature = "ssr")]
use khizana_model::LangMap;

use super::{book, browse};
use crate::card::LangText;
#[cfg(feature = "ssr")]
use crate::dates;
use crate::i18n::{self, Lang};
use crate::page::{Page, Site, View};

impl Site {
    /// Returns the title of the archive that is most suitable for readers of `lang`.
    pub fn title_in(&self, lang: &str) -> String {
        LangText::best(&self.title, lang, "Khizana").text
    }
}

impl Page {
    /// Returns the title of the archive in the language of the page.
    pub fn site_title(&self) -> String {
        self.site.title_in(&self.lang)
    }

    /// Returns the title of the document, which consists of the title of the page and the title of
    /// the archive.
    pub fn document_title(&self) -> String {
        let (title, site_title) = (self.view.title(self), self.site_title());
        if title == site_title {
            title
        } else {
            format!("{title} · {site_title}")
        }
    }
}

impl View {
    /// Returns the title of the page.
    pub fn title(&self, page: &Page) -> String {
        let lang = Lang::of(&page.lang);
        match self {
            View::Home(_) => page.site_title(),
            View::Collection(view) => {
                LangText::best(&view.collection.title, &page.lang, &view.collection.id).text
            }
            View::Browse(view) if view.query.text.is_empty() => {
                let filters = browse::filter_labels(view, &page.lang);
                let filters: Vec<String> = filters.into_iter().map(|label| label.text).collect();
                if filters.is_empty() {
                    i18n::browse_title(lang).to_owned()
                } else {
                    filters.join(" · ")
                }
            }
            View::Browse(view) => i18n::results_for(lang, &view.query.text),
            View::Item(view) => {
                let title = view.record.item.best_title(&page.lang).1.to_owned();
                match view.current_canvas().filter(|_| view.canvas > 0) {
                    Some(canvas) => {
                        let name = book::page_name(&page.lang, view.canvas, canvas);
                        format!(
                            "{title}{}{}",
                            lang.list_separator(),
                            i18n::cite_page(lang, &name)
                        )
                    }
                    None => title,
                }
            }
            View::Text(view) => view.title.text.clone(),
            View::NotFound(_) => i18n::not_found_title(lang).to_owned(),
            View::Failed(_) => i18n::failure_title(lang).to_owned(),
            View::Loading(view) => match view.route {
                crate::route::Route::Browse(_) => i18n::browse_title(lang).to_owned(),
                _ => page.site_title(),
            },
        }
    }

    /// Returns the beginning of the description of the page. Without a description, names the creators, the date
    /// and the collection of an item, or the number of items of the archive.
    #[cfg(feature = "ssr")]
    pub fn summary(&self, page: &Page) -> String {
        let empty = LangMap::new();
        let map = match self {
            View::Home(view) => &view.description,
            View::Collection(view) => &view.collection.description,
            View::Item(view) => view.record.item.field("description").unwrap_or(&empty),
            _ => &empty,
        };
        let text = match (self, LangText::best(map, &page.lang, "").text) {
            (View::Text(view), _) => without_tags(&view.prose.html),
            (_, text) if text.is_empty() => self.facts(page),
            (_, text) => text,
        };
        match text.char_indices().nth(300) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
            None => text,
        }
    }

    /// Returns the path of the page relative to the root of the site. Returns `None` for pages without a URL,
    /// such as messages.
    pub fn canonical_path(&self, page: &Page) -> Option<String> {
        match self {
            View::Loading(_) | View::Failed(_) | View::NotFound(_) => None,
            _ => Some(page.href(&page.lang, &self.route())),
        }
    }

    /// Returns the alternative text of the preview image.
    pub fn preview_alt(&self, page: &Page) -> String {
        let alt = match self {
            View::Item(view) => view.record.item.field("alt"),
            _ => None,
        };
        match alt {
            Some(alt) => LangText::best(alt, &page.lang, "").text,
            None => self.title(page),
        }
    }

    #[cfg(feature = "ssr")]
    fn facts(&self, page: &Page) -> String {
        let lang = page.lang.as_str();
        let mut facts = Vec::new();
        match self {
            View::Item(view) => {
                let item = &view.record.item;
                let creators = item
                    .field("creator")
                    .map(LangMap::entities)
                    .unwrap_or_default();
                facts.extend(
                    creators
                        .iter()
                        .map(|name| LangText::best(name, lang, "").text),
                );
                facts.extend(item.date.as_ref().map(|date| dates::short(date, lang)));
                let collection = &view.collection;
                facts.push(LangText::best(&collection.title, lang, &collection.id).text);
            }
            View::Home(_) | View::Collection(_) | View::Browse(_) => {
                facts.push(i18n::items_count(Lang::of(lang), page.site.items.into()));
            }
            _ => return String::new(),
        }
        facts.push(page.site_title());
        facts.retain(|fact| !fact.is_empty());
        facts.join(" · ")
    }

    /// Returns the path of the preview image relative to the root of the site, and the width and
    /// height of the image in pixels.
    pub fn preview_image(&self) -> Option<(String, u32, u32)> {
        let image = match self {
            View::Home(view) => view.collections.iter().find_map(|link| link.cover.as_ref()),
            View::Collection(view) => view.collection.cover.as_ref(),
            View::Item(view) => view.record.preview(),
            _ => None,
        }?;
        let size = image.derivative_for_width(1200)?;
        Some((image.path(size), size.width, size.height))
    }
}

/// Returns the text of sanitised HTML on one line.
#[cfg(feature = "ssr")]
fn without_tags(html: &str) -> String {
    let parts = html.split('<').map(|part| match part.split_once('>') {
        Some((_, text)) => text,
        None => part,
    });
    let text: String = parts.collect::<Vec<_>>().join(" ");
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
