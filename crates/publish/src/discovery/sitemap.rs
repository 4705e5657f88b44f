//! Sitemaps (sitemaps.org protocol 0.9), with the images of items.

use std::fmt::Write as _;

use khizana_format::Record;
use khizana_model::Pages;
use khizana_pages::{BrowseQuery, Route, collection_pages};
use khizana_site::Site;

use super::{Contents, xml};
use crate::PublishError;

/// Maximum number of URLs in a sitemap.
const MAX_URLS: usize = 50_000;
/// Maximum size of a sitemap in bytes, below the 50 MiB of the protocol.
const MAX_BYTES: usize = 48 << 20;

const START: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
    xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">\n";
const END: &str = "</urlset>\n";

/// Writes `sitemap.xml`: the URLs of all pages or, if there are more than a sitemap may contain, an index of the
/// sitemaps in `sitemaps/`.
pub(super) struct Sitemaps<'a> {
    site: &'a Site,
    url: &'a str,
    /// Number of sitemaps that have been written.
    number: usize,
    /// The entries of the current sitemap.
    entries: String,
    /// Number of entries of the current sitemap.
    urls: usize,
}

impl<'a> Sitemaps<'a> {
    /// Adds the pages that are not those of items.
    pub(super) fn begin(
        site: &'a Site,
        contents: &Contents<'_>,
        url: &'a str,
    ) -> Result<Sitemaps<'a>, PublishError> {
        let mut sitemaps = Sitemaps {
            site,
            url,
            number: 0,
            entries: String::new(),
            urls: 0,
        };
        let root = contents.root;
        for lang in &root.languages {
            let mut add = |route: Route| sitemaps.add(&contents.info.href(lang, &route), None);
            add(Route::Home)?;
            add(Route::Browse(BrowseQuery::default()))?;
            let written = contents.written.iter();
            // A page in another language is the page of that language.
            for (_, page) in written.filter(|(of, page)| of == lang && !page.is_fallback(lang)) {
                add(Route::Text(page.name.clone()))?;
            }
            if root.pages != Pages::None {
                for summary in &root.collections {
                    for page in 1..=collection_pages(root.pages, summary.items) {
                        let id = summary.id.as_str().to_owned();
                        add(Route::Collection { id, page })?;
                    }
                }
            }
        }
        Ok(sitemaps)
    }

    /// Adds the pages of an item if it has some.
    pub(super) fn add_item(
        &mut self,
        contents: &Contents<'_>,
        record: &Record,
    ) -> Result<(), PublishError> {
        if !contents.info.has_page(record) {
            return Ok(());
        }
        let image = record.preview();
        let image = image.and_then(|image| Some(image.path(image.derivative_for_width(1200)?)));
        let route = Route::item(record.item.id.as_str(), 0);
        for lang in &contents.root.languages {
            self.add(&contents.info.href(lang, &route), image.as_deref())?;
        }
        Ok(())
    }

    /// Adds a page, and its image if it has one, by their paths.
    fn add(&mut self, path: &str, image: Option<&str>) -> Result<(), PublishError> {
        let is_full = self.urls == MAX_URLS || self.entries.len() > MAX_BYTES;
        if is_full {
            self.number += 1;
            self.put(&format!("sitemaps/{}.xml", self.number))?;
        }
        let url = self.url;
        let _ = write!(
            self.entries,
            "<url><loc>{}</loc>",
            xml(&format!("{url}{path}"))
        );
        if let Some(image) = image {
            let image = xml(&format!("{url}{image}"));
            let _ = write!(
                self.entries,
                "<image:image><image:loc>{image}</image:loc></image:image>"
            );
        }
        self.entries.push_str("</url>\n");
        self.urls += 1;
        Ok(())
    }

    /// Writes the current sitemap.
    fn put(&mut self, path: &str) -> Result<(), PublishError> {
        let text = format!("{START}{}{END}", self.entries);
        self.entries.clear();
        self.urls = 0;
        Ok(self.site.put(path, text.as_bytes())?)
    }

    /// Writes the last sitemap and the index.
    pub(super) fn finish(mut self) -> Result<(), PublishError> {
        if self.number == 0 {
            return self.put("sitemap.xml");
        }
        self.number += 1;
        self.put(&format!("sitemaps/{}.xml", self.number))?;
        let mut index = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        for number in 1..=self.number {
            let url = xml(&format!("{}sitemaps/{number}.xml", self.url));
            let _ = writeln!(index, "<sitemap><loc>{url}</loc></sitemap>");
        }
        index.push_str("</sitemapindex>\n");
        Ok(self.site.put("sitemap.xml", index.as_bytes())?)
    }
}
