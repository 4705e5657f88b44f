//! `robots.txt`, OpenSearch descriptions and web manifests.

use khizana_pages::LangText;
use khizana_pages::i18n::Lang;
use khizana_site::Site;
use serde_json::json;

use super::{Contents, home, xml};
use crate::PublishError;

/// The icon of the site.
const ICON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><path fill=\"#fff\" d=\"M0 0h32v32H0z\"/>\
    <path fill=\"none\" stroke=\"#a81c14\" stroke-width=\"2.5\" d=\"M8 27V15c0-5 5-6.500 8-10 3 3.500 8 5 8 10v12zM8 20h16\"/></svg>\n";

/// The number of characters in the short name of an OpenSearch description.
const MAX_SHORT_NAME: usize = 16;

/// Writes the web app manifest of each language, by which the site can be added to the home screen.
pub(super) fn write_web_manifests(
    site: &Site,
    contents: &Contents<'_>,
) -> Result<(), PublishError> {
    site.put("icon.svg", ICON.as_bytes())?;
    for lang in &contents.root.languages {
        let page = home(contents, lang);
        let name = page.site_title();
        let manifest = json!({
            "name": name,
            "short_name": name,
            "lang": lang,
            "dir": Lang::of(lang).dir(),
            "start_url": contents.info.folder_url("./"),
            "scope": "../",
            "display": "minimal-ui",
            "background_color": "#ffffff",
            "theme_color": "#ffffff",
            "icons": [{ "src": "../icon.svg", "sizes": "any", "type": "image/svg+xml" }],
        });
        site.put(
            &format!("{lang}/site.webmanifest"),
            manifest.to_string().as_bytes(),
        )?;
    }
    Ok(())
}

/// Writes `robots.txt`, which crawlers read if the site is at the root of its host.
pub(super) fn write_robots(site: &Site, url: &str) -> Result<(), PublishError> {
    let text = format!("User-agent: *\nAllow: /\n\nSitemap: {url}sitemap.xml\n");
    Ok(site.put("robots.txt", text.as_bytes())?)
}

/// Writes the description of the search in each language (OpenSearch 1.1), with which browsers add the search
/// to their address bar.
pub(super) fn write_search_descriptions(
    site: &Site,
    contents: &Contents<'_>,
    url: &str,
) -> Result<(), PublishError> {
    for lang in &contents.root.languages {
        let page = home(contents, lang);
        let name = page.site_title();
        let short: String = name.chars().take(MAX_SHORT_NAME).collect();
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n\
             <ShortName>{}</ShortName>\n<Description>{}</Description>\n<Language>{lang}</Language>\n\
             <InputEncoding>UTF-8</InputEncoding>\n<Image width=\"32\" height=\"32\" type=\"image/svg+xml\">{}icon.svg</Image>\n\
             <Url type=\"text/html\" template=\"{}{}?q={{searchTerms}}\"/>\n\
             <Query role=\"example\" searchTerms=\"{}\"/>\n\
             </OpenSearchDescription>\n",
            xml(short.trim()),
            xml(&name),
            xml(url),
            xml(url),
            xml(&contents.info.folder_url(&format!("{lang}/browse/"))),
            xml(&example(contents, lang)?),
        );
        site.put(&format!("{lang}/opensearch.xml"), text.as_bytes())?;
    }
    Ok(())
}

/// Returns the text of a query that has results: the title of the first item, or that of the first collection if the
/// items are not published as pages.
fn example(contents: &Contents<'_>, lang: &str) -> Result<String, PublishError> {
    if let Some(records) = &contents.records
        && let Some(record) = records.read(0..contents.root.items.min(1))?.first()
    {
        return Ok(record.item.best_title(lang).1.to_owned());
    }
    let title = contents
        .root
        .collections
        .first()
        .map(|collection| &collection.title);
    Ok(title.map_or_else(String::new, |title| LangText::best(title, lang, "").text))
}
