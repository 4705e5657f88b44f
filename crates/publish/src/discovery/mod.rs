//! Files by which other programs find the site and its items: sitemaps, feeds, `robots.txt`, descriptions of the
//! search, and web manifests.
//!
//! Except for the web manifests, they require absolute URLs, so they are only published if `khizana.toml`
//! configures the address of the archive.

mod embed;
mod feed;
mod site_files;
mod sitemap;

use feed::Feed;
use khizana_format::Root;
use khizana_pages::{Page, Site as SiteInfo, View, escape};
use khizana_site::Site;
use khizana_store::{Store, ocfl::States};

use crate::PublishError;
use crate::pages::RecordReader;
use sitemap::Sitemaps;

/// The archive that the files describe.
pub(crate) struct Contents<'a> {
    pub(crate) root: &'a Root,
    pub(crate) info: &'a SiteInfo,
    /// The pages that the institution has written, each with the language of the interface.
    pub(crate) written: &'a [(String, khizana_pages::TextPage)],
    /// The records, if items have HTML pages.
    pub(crate) records: Option<RecordReader<'a>>,
    pub(crate) store: &'a Store,
    pub(crate) states: &'a States,
}

/// Writes the files.
pub(crate) fn write(site: &Site, contents: &Contents<'_>) -> Result<(), PublishError> {
    site_files::write_web_manifests(site, contents)?;
    let Some(url) = contents.info.url.as_deref() else {
        return Ok(());
    };
    site_files::write_robots(site, url)?;
    site_files::write_search_descriptions(site, contents, url)?;
    let mut sitemaps = Sitemaps::begin(site, contents, url)?;
    let mut feed = Feed::begin(contents)?;
    if let Some(records) = &contents.records {
        records.for_each_in_order(|record| {
            sitemaps.add_item(contents, &record)?;
            feed.add(record);
            Ok(())
        })?;
    }
    sitemaps.finish()?;
    feed.write(site, contents, url)?;
    embed::write(site, contents, url)
}

/// Returns the page of the archive in a language.
fn home(contents: &Contents<'_>, lang: &str) -> Page {
    Page::new(contents.info, lang, View::home(contents.root))
}

/// Escapes text for XML, and removes characters that XML does not allow.
fn xml(text: &str) -> String {
    let is_allowed = |c: &char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
    let is_character = |c: &char| !matches!(c, '\u{fffe}' | '\u{ffff}');
    let text: String = text
        .chars()
        .filter(is_allowed)
        .filter(is_character)
        .collect();
    escape(&text)
}
