//! Structured data in the vocabulary of schema.org, as JSON-LD.

use khizana_format::Record;
use khizana_model::{Item, ItemDate, LangMap, known_rights};

use super::date::iso;
use super::object_writer::ObjectWriter;
use super::{Kind, Name, Reference, names};
use crate::card::LangText;
use crate::page::{CollectionPage, ItemPage, Page, View};
use crate::route::Route;

/// Returns the JSON-LD of a page. Returns `None` for pages that describe nothing, such as search results.
///
/// URLs must be absolute, so everything that is a URL is omitted if that of the archive is unknown.
pub fn json_ld(page: &Page) -> Option<String> {
    let data = match &page.view {
        View::Item(view) => item(page, view),
        View::Collection(view) => collection(page, view),
        View::Home(view) => {
            let mut out = ObjectWriter::of_class("WebSite");
            add_url(&mut out, page, &Route::Home);
            out.texts("name", &page.site.title);
            out.texts("description", &view.description);
            out.text("inLanguage", &page.lang);
            if let Some(root) = &page.site.url {
                let target = format!(
                    "{root}{}?q={{search_term_string}}",
                    page.site.folder_url(&format!("{}/browse/", page.lang))
                );
                let mut entry_point = ObjectWriter::of_class("EntryPoint");
                entry_point.text("urlTemplate", &target);
                let mut action = ObjectWriter::of_class("SearchAction");
                action.object("target", entry_point);
                out.object("potentialAction", action);
            }
            out.object("publisher", archive(page));
            out
        }
        _ => return None,
    };
    let mut document = document();
    document.members(data);
    Some(document.finish())
}

/// Returns an object with the context of a document.
fn document() -> ObjectWriter {
    let mut out = ObjectWriter::new();
    out.text("@context", "https://schema.org");
    out
}

fn collection(page: &Page, view: &CollectionPage) -> ObjectWriter {
    let mut out = ObjectWriter::of_class("Collection");
    let route = Route::Collection {
        id: view.collection.id.clone(),
        page: 1,
    };
    add_url(&mut out, page, &route);
    out.texts("name", &view.collection.title);
    out.texts("description", &view.collection.description);
    out.value("collectionSize", &view.collection.items);
    out.object("provider", archive(page));
    out
}

/// Returns the JSON-LD of a page of a collection that contains the whole `records` of its items: the collection and the
/// items, which have only the most important properties.
pub fn graph(page: &Page, records: &[Record]) -> String {
    let mut out = document();
    if let View::Collection(view) = &page.view {
        out.members(collection(page, view));
    }
    let listed = records.iter().map(|record| listed(page, record));
    out.objects("hasPart", listed);
    out.finish()
}

/// Returns an item of a [`graph`].
fn listed(page: &Page, record: &Record) -> ObjectWriter {
    let item = &record.item;
    let kind = Kind::of(record);
    let mut out = ObjectWriter::of_class(kind.names().schema);
    if let Some(url) = url(page, &Route::item(item.id.as_str(), 0)) {
        out.text("@id", &url);
    }
    match item.title.is_empty() {
        true => out.text("name", item.id.as_str()),
        false => out.texts("name", &item.title),
    }
    out.text("identifier", item.id.as_str());
    let creators = names(item, "creator", &page.lang);
    out.objects("creator", creators.iter().map(agent));
    add_date(&mut out, kind, item.date.as_ref());
    add_fields(&mut out, item);
    add_rights(&mut out, item.rights.as_deref());
    out
}

fn item(page: &Page, view: &ItemPage) -> ObjectWriter {
    let reference = Reference::of(&page.site, &page.lang, view);
    let record = &view.record;
    let item = &record.item;
    let kind = reference.kind;
    let mut out = ObjectWriter::of_class(kind.names().schema);
    add_url(&mut out, page, &Route::item(&reference.id, 0));
    match item.title.is_empty() {
        true => out.text("name", &reference.title.text),
        false => out.texts("name", &item.title),
    }
    out.text("identifier", &reference.id);
    out.objects("creator", reference.creators.iter().map(agent));
    add_date(&mut out, kind, reference.date.as_ref());
    add_fields(&mut out, item);
    if let Some(publisher) = &reference.publisher {
        let mut organization = ObjectWriter::of_class("Organization");
        add_text(&mut organization, "name", publisher);
        out.object("publisher", organization);
    }
    let languages: Vec<&str> = reference.languages.iter().map(|tag| tag.as_str()).collect();
    if !languages.is_empty() {
        out.value("inLanguage", &languages);
    }
    if kind.has_container() {
        out.text("pagination", &reference.pages);
    }
    if kind == Kind::Book && record.canvases.len() > 1 {
        out.value("numberOfPages", &record.canvases.len());
    }
    add_rights(&mut out, reference.rights.as_deref());
    add_place(&mut out, view);
    if let (Some(root), Some((path, width, height))) = (&page.site.url, page.view.preview_image()) {
        let mut image = ObjectWriter::of_class("ImageObject");
        image.text("contentUrl", &format!("{root}{path}"));
        image.object("width", pixels(width));
        image.object("height", pixels(height));
        out.object("image", image);
    }
    if let Some(url) = page.site.manifest_url(record) {
        let mut manifest = ObjectWriter::of_class("MediaObject");
        manifest.text("contentUrl", &url);
        manifest.text("encodingFormat", MANIFEST_TYPE);
        out.object("associatedMedia", manifest);
    }
    out.objects("isPartOf", works(page, view, &reference));
    out.object("provider", archive(page));
    out
}

/// The media type of a IIIF manifest.
const MANIFEST_TYPE: &str =
    "application/ld+json;profile=\"http://iiif.io/api/presentation/3/context.json\"";

/// Adds the fields that have a property of the same meaning.
fn add_fields(out: &mut ObjectWriter, item: &Item) {
    for (property, name) in [
        ("description", "description"),
        ("keywords", "subject"),
        ("material", "medium"),
    ] {
        if let Some(values) = item.field(name) {
            out.texts(property, values);
        }
    }
}

fn add_date(out: &mut ObjectWriter, kind: Kind, date: Option<&ItemDate>) {
    if let Some(date) = date {
        let name = match kind.is_published() {
            true => "datePublished",
            false => "dateCreated",
        };
        out.text(name, &iso_date(date));
    }
}

/// Returns a length in pixels. `E37` is the code of the pixel in UN/CEFACT Recommendation 20.
fn pixels(value: u32) -> ObjectWriter {
    let mut out = ObjectWriter::of_class("QuantitativeValue");
    out.value("value", &value);
    out.text("unitCode", "E37");
    out
}

/// Returns the works and the collection of which an item is a part.
fn works(page: &Page, view: &ItemPage, reference: &Reference) -> Vec<ObjectWriter> {
    let mut works = Vec::new();
    if let (Some(container), Some(parent)) = (&reference.container, &view.record.parent) {
        let class = match reference.kind {
            Kind::Chapter => "Book",
            _ => "PublicationIssue",
        };
        let mut work = ObjectWriter::of_class(class);
        add_url(&mut work, page, &Route::item(parent.id.as_str(), 0));
        add_text(&mut work, "name", container);
        if class == "PublicationIssue" {
            work.text("issueNumber", &reference.issue);
        }
        works.push(work);
    }
    let mut collection = ObjectWriter::of_class("Collection");
    let route = Route::Collection {
        id: view.collection.id.clone(),
        page: 1,
    };
    add_url(&mut collection, page, &route);
    add_text(&mut collection, "name", &reference.collection);
    works.push(collection);
    works
}

fn add_rights(out: &mut ObjectWriter, rights: Option<&str>) {
    let Some(rights) = rights else {
        return;
    };
    // Rights statements are no licences.
    let name = match known_rights(rights) {
        Some(_) if rights.contains("creativecommons.org") => "license",
        Some(_) => "usageInfo",
        None if rights.starts_with("https://") || rights.starts_with("http://") => "usageInfo",
        None => "copyrightNotice",
    };
    out.text(name, rights);
}

fn add_place(out: &mut ObjectWriter, view: &ItemPage) {
    let item = &view.record.item;
    let name = item.field("place").filter(|name| !name.is_empty());
    if name.is_none() && item.location.is_none() {
        return;
    }
    let mut place = ObjectWriter::of_class("Place");
    if let Some(name) = name {
        place.texts("name", name);
    }
    if let Some(location) = item.location {
        let mut geo = ObjectWriter::of_class("GeoCoordinates");
        geo.value("latitude", &location.latitude);
        geo.value("longitude", &location.longitude);
        place.object("geo", geo);
    }
    out.object("locationCreated", place);
}

/// Returns the archive as an organisation.
fn archive(page: &Page) -> ObjectWriter {
    let mut out = ObjectWriter::of_class("ArchiveOrganization");
    out.texts("name", &page.site.title);
    if let Some(root) = &page.site.url {
        out.text("url", root);
    }
    out
}

fn agent(name: &Name) -> ObjectWriter {
    let class = if name.is_institution() {
        "Organization"
    } else {
        "Person"
    };
    let mut out = ObjectWriter::of_class(class);
    let direct = LangText {
        lang: name.text.lang.clone(),
        text: name.direct(),
    };
    add_text(&mut out, "name", &direct);
    if let Some((family, given)) = name.parts() {
        out.text("familyName", family);
        out.text("givenName", given);
    }
    out
}

/// Returns a date in ISO 8601, as an interval if it is longer than a year, or as it was written.
fn iso_date(date: &ItemDate) -> String {
    let iso = date.gregorian().map(|edtf| iso(&edtf));
    iso.unwrap_or_else(|| date.written.clone())
}

/// Returns the URL of a route. Returns `None` if that of the archive is unknown.
fn url(page: &Page, route: &Route) -> Option<String> {
    let root = page.site.url.as_ref()?;
    Some(format!("{root}{}", page.href(&page.lang, route)))
}

fn add_url(out: &mut ObjectWriter, page: &Page, route: &Route) {
    if let Some(url) = url(page, route) {
        out.text("@id", &url);
        out.text("url", &url);
    }
}

fn add_text(out: &mut ObjectWriter, name: &str, text: &LangText) {
    out.texts(name, &LangMap::of(text.lang.clone(), text.text.as_str()));
}
