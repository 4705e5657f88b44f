//! The metadata in the head of a page: for search engines, link previews, reference managers and feed readers.

use khizana_format::Record;

use crate::document::escape_script;
use crate::head::Head;
use crate::i18n::og_locale;
use crate::page::{Page, View};
use crate::reference::{Kind, Reference, schema, tags};
use crate::route::encode;

/// Adds the metadata of a page. They follow the links to the style sheet and the scripts, because browsers do not
/// need them.
pub(crate) fn add(head: &mut Head, page: &Page) {
    let description = page.view.summary(page);
    head.meta("description", &description);
    add_alternates(head, page);
    add_manifest(head, page);
    add_site_links(head, page);
    add_card(head, page, &description);
    if let View::Item(view) = &page.view {
        let reference = Reference::of(&page.site, &page.lang, view);
        head.link("schema.DC", "http://purl.org/dc/elements/1.1/");
        head.link("schema.dcterms", "http://purl.org/dc/terms/");
        head.link("schema.z", "http://www.zotero.org/namespaces/export#");
        for (name, content) in tags::meta(&reference) {
            head.meta(name, &content);
        }
        let manifest = page.site.manifest_url(&view.record);
        // Only items with an image are described.
        let cover = manifest.as_ref().and(view.record.cover());
        if let (Some(_), Some(root)) = (cover, &page.site.url) {
            let id = encode(view.record.item.id.as_str());
            let attributes = [
                ("rel", "alternate"),
                ("type", "application/json+oembed"),
                ("title", &*page.view.title(page)),
                ("href", &*format!("{root}oembed/{}/{id}.json", page.lang)),
            ];
            head.tag("link", &attributes, None);
        }
        for (relation, url) in tags::signposts(&reference, manifest.as_deref()) {
            head.link(relation, &url);
        }
    }
}

/// Renders the structured data of a page. Returns an empty string if there is none.
pub(crate) fn structured_data(page: &Page) -> String {
    schema::json_ld(page).map_or_else(String::new, |json| {
        let json = escape_script(&json);
        format!("<script type=\"application/ld+json\">{json}</script>\n")
    })
}

/// Renders the structured data of a page of a collection that contains the whole `records` of its items.
pub(crate) fn record_list_data(page: &Page, records: &[Record]) -> String {
    let json = escape_script(&schema::graph(page, records));
    format!("<script type=\"application/ld+json\">{json}</script>\n")
}

/// Adds the links to the files that describe the whole site.
fn add_site_links(head: &mut Head, page: &Page) {
    let base = &page.base;
    head.link("manifest", &format!("{base}{}/site.webmanifest", page.lang));
    if page.site.url.is_none() {
        return;
    }
    let title = page.site_title();
    for (relation, media_type, file) in [
        (
            "search",
            "application/opensearchdescription+xml",
            "opensearch.xml",
        ),
        ("alternate", "application/atom+xml", "feed.xml"),
    ] {
        let href = format!("{base}{}/{file}", page.lang);
        let attributes = [
            ("rel", relation),
            ("type", media_type),
            ("title", title.as_str()),
            ("href", &href),
        ];
        head.tag("link", &attributes, None);
    }
}

/// Adds the card that is displayed if the page is shared: Open Graph, and that of Twitter.
fn add_card(head: &mut Head, page: &Page, description: &str) {
    let kind = match &page.view {
        View::Item(view) => match Kind::of(&view.record) {
            Kind::Article | Kind::MagazineArticle | Kind::NewspaperArticle => "article",
            Kind::Book => "book",
            _ => "website",
        },
        _ => "website",
    };
    head.property("og:type", kind);
    head.property("og:title", &page.view.title(page));
    head.property("og:site_name", &page.site_title());
    head.property("og:description", description);
    head.property("og:locale", og_locale(&page.lang));
    // Consumers do not resolve relative URLs.
    let Some(root) = &page.site.url else {
        return;
    };
    if let Some(path) = page.view.canonical_path(page) {
        head.property("og:url", &format!("{root}{path}"));
    }
    let Some((path, width, height)) = page.view.preview_image() else {
        head.meta("twitter:card", "summary");
        return;
    };
    head.property("og:image", &format!("{root}{path}"));
    head.property("og:image:width", &width.to_string());
    head.property("og:image:height", &height.to_string());
    head.property("og:image:alt", &page.view.preview_alt(page));
    head.meta("twitter:card", "summary_large_image");
}

/// Adds the canonical link and the alternate links to the page in each language.
fn add_alternates(head: &mut Head, page: &Page) {
    if page.view.canonical_path(page).is_none() {
        return;
    }
    let route = page.view.route();
    let root = page.site.url.as_deref().unwrap_or(&page.base);
    let href = |lang: &str| format!("{root}{}", page.href(lang, &route));
    head.link("canonical", &href(&page.lang));
    for lang in &page.site.languages {
        head.tag(
            "link",
            &[
                ("rel", "alternate"),
                ("hreflang", lang),
                ("href", &href(lang)),
            ],
            None,
        );
    }
    if let Some(first) = page.site.languages.first() {
        head.tag(
            "link",
            &[
                ("rel", "alternate"),
                ("hreflang", "x-default"),
                ("href", &href(first)),
            ],
            None,
        );
    }
}

/// Adds the link to the IIIF manifest of an item if the item has one.
fn add_manifest(head: &mut Head, page: &Page) {
    let View::Item(view) = &page.view else {
        return;
    };
    if let Some(url) = page.site.manifest_url(&view.record) {
        let attributes = [
            ("rel", "alternate"),
            ("type", MANIFEST_TYPE),
            ("href", &url),
        ];
        head.tag("link", &attributes, None);
    }
}

/// Media type of a IIIF manifest (Presentation API 3.0, section 5.6).
const MANIFEST_TYPE: &str =
    "application/ld+json;profile=\"http://iiif.io/api/presentation/3/context.json\"";
