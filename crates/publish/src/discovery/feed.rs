//! Atom feeds of new items (RFC 4287).

use std::collections::BTreeMap;
use std::fmt::Write as _;

use khizana_format::Record;
use khizana_pages::{LangText, Page, Route, View};
use khizana_site::Site;

use super::{Contents, home, xml};
use crate::PublishError;

/// Maximum number of entries.
const MAX_ENTRIES: usize = 50;

/// Writes `feed.xml` in each language: the newest items with files, the latest first. The times are those at
/// which the items were stored. Items without files are not stored as objects, so their times are unknown.
pub(super) struct Feed {
    /// The time of each of the newest items, by identifier.
    times: BTreeMap<String, String>,
    /// The records of these items, each with its time.
    records: Vec<(String, Record)>,
}

impl Feed {
    /// Looks up the newest items.
    pub(super) fn begin(contents: &Contents<'_>) -> Result<Feed, PublishError> {
        let newest = contents
            .states
            .recently_added(contents.store, MAX_ENTRIES)?;
        Ok(Feed {
            times: newest.into_iter().collect(),
            records: Vec::new(),
        })
    }

    /// Adds an item if it is one of the newest.
    pub(super) fn add(&mut self, record: Record) {
        if let Some(time) = self.times.remove(record.item.id.as_str()) {
            self.records.push((time, record));
        }
    }

    /// Writes the feeds.
    pub(super) fn write(
        mut self,
        site: &Site,
        contents: &Contents<'_>,
        url: &str,
    ) -> Result<(), PublishError> {
        self.records.sort_by(|(a, _), (b, _)| b.cmp(a));
        let newest = self.records.first().map(|(time, _)| time.as_str());
        // Stores of earlier versions have no times.
        let updated = match newest.unwrap_or(contents.states.newest_created()) {
            "" => "1970-01-01T00:00:00Z",
            updated => updated,
        };
        for lang in &contents.root.languages {
            let page = home(contents, lang);
            let feed = feed(contents, &page, url, updated, &self.records);
            site.put(&format!("{lang}/feed.xml"), feed.as_bytes())?;
        }
        Ok(())
    }
}

fn feed(
    contents: &Contents<'_>,
    home: &Page,
    url: &str,
    updated: &str,
    records: &[(String, Record)],
) -> String {
    let lang = &home.lang;
    let title = xml(&home.site_title());
    let home_url = xml(&format!("{url}{}", contents.info.href(lang, &Route::Home)));
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{lang}\">\n\
         <id>{home_url}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n\
         <link href=\"{home_url}\"/>\n<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>\n\
         <author><name>{title}</name></author>\n",
        xml(&format!("{url}{lang}/feed.xml")),
    );
    for (time, record) in records {
        let view = View::item(contents.root, record.clone(), 0);
        let page = Page::new(contents.info, lang, view);
        let route = Route::item(record.item.id.as_str(), 0);
        let item_url = xml(&format!("{url}{}", contents.info.href(lang, &route)));
        let _ = write!(
            out,
            "<entry><id>{item_url}</id><title>{}</title><updated>{time}</updated><link href=\"{item_url}\"/>",
            xml(&page.view.title(&page)),
        );
        if let Some(creators) = record.item.field("creator") {
            for entity in creators.entities() {
                let name = LangText::best(&entity, lang, "").text;
                let _ = write!(out, "<author><name>{}</name></author>", xml(&name));
            }
        }
        let summary = page.view.summary(&page);
        if !summary.is_empty() {
            let _ = write!(out, "<summary>{}</summary>", xml(&summary));
        }
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    out
}
