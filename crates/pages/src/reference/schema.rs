//! Structured data in the vocabulary of schema.org, as JSON-LD.

use khizana_format::Record;
use khizana_model::{ItemDate, LangMap, known_rights};
use serde_json::{Map, Value, json};

use super::date::iso;
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
            let mut out = object("WebSite");
            add_url(&mut out, page, &Route::Home);
            add(&mut out, "name", texts(&page.site.title));
            add(&mut out, "description", texts(&view.description));
            add(&mut out, "inLanguage", json!(page.lang));
            if let Some(root) = &page.site.url {
                let target = format!(
                    "{root}{}?q={{search_term_string}}",
                    page.site.folder_url(&format!("{}/browse/", page.lang))
                );
                let action = json!({
                    "@type": "SearchAction",
                    "target": { "@type": "EntryPoint", "urlTemplate": target },
                });
                add(&mut out, "potentialAction", action);
            }
            add(&mut out, "publisher", archive(page));
            out
        }
        _ => return None,
    };
    let mut document = Map::new();
    document.insert("@context".to_owned(), json!("https://schema.org"));
    document.extend(data);
    Some(Value::Object(document).to_string())
}

fn collection(page: &Page, view: &CollectionPage) -> Map<String, Value> {
    let route = Route::Collection {
        id: view.collection.id.clone(),
        page: 1,
    };
    let mut out = object("Collection");
    add_url(&mut out, page, &route);
    add(&mut out, "name", texts(&view.collection.title));
    add(&mut out, "description", texts(&view.collection.description));
    add(&mut out, "collectionSize", json!(view.collection.items));
    add(&mut out, "provider", archive(page));
    out
}

/// Returns the JSON-LD of a page of a collection that contains the whole `records` of its items: a graph of the
/// collection and of the items, which have only the most important properties.
pub fn graph(page: &Page, records: &[Record]) -> String {
    let mut graph = Vec::with_capacity(records.len() + 1);
    let mut part_of = Value::Null;
    if let View::Collection(view) = &page.view {
        let collection = collection(page, view);
        if let Some(id) = collection.get("@id") {
            part_of = json!({ "@id": id });
        }
        graph.push(Value::Object(collection));
    }
    graph.extend(records.iter().map(|record| listed(page, record, &part_of)));
    json!({ "@context": "https://schema.org", "@graph": graph }).to_string()
}

/// Returns an item of a [`graph`]. `part_of` refers to the collection.
fn listed(page: &Page, record: &Record, part_of: &Value) -> Value {
    let item = &record.item;
    let kind = Kind::of(record);
    let mut out = object(kind.names().schema);
    if let Some(root) = &page.site.url {
        let url = page.href(&page.lang, &Route::item(item.id.as_str(), 0));
        add(&mut out, "@id", json!(format!("{root}{url}")));
    }
    let name = match item.title.is_empty() {
        true => json!(item.id.as_str()),
        false => texts(&item.title),
    };
    add(&mut out, "name", name);
    add(&mut out, "identifier", json!(item.id.as_str()));
    let creators = names(item, "creator", &page.lang);
    add(&mut out, "creator", creators.iter().map(agent).collect());
    if let Some(date) = &item.date {
        let name = match kind.is_published() {
            true => "datePublished",
            false => "dateCreated",
        };
        add(&mut out, name, json!(iso_date(date)));
    }
    let mut field = |property: &str, name: &str| {
        if let Some(values) = item.field(name) {
            add(&mut out, property, texts(values));
        }
    };
    field("description", "description");
    field("keywords", "subject");
    field("material", "medium");
    add_rights(&mut out, item.rights.as_deref());
    add(&mut out, "isPartOf", part_of.clone());
    Value::Object(out)
}

fn item(page: &Page, view: &ItemPage) -> Map<String, Value> {
    let reference = Reference::of(&page.site, &page.lang, view);
    let record = &view.record;
    let item = &record.item;
    let kind = reference.kind;
    let mut out = object(kind.names().schema);
    add_url(&mut out, page, &Route::item(&reference.id, 0));
    let title = match item.title.is_empty() {
        true => json!(reference.title.text),
        false => texts(&item.title),
    };
    add(&mut out, "name", title);
    add(&mut out, "identifier", json!(reference.id));
    let creators = reference.creators.iter().map(agent);
    add(&mut out, "creator", creators.collect());
    if let Some(date) = &reference.date {
        let name = if kind.is_published() {
            "datePublished"
        } else {
            "dateCreated"
        };
        add(&mut out, name, json!(iso_date(date)));
    }
    let empty = LangMap::new();
    let field = |name: &str| texts(item.field(name).unwrap_or(&empty));
    add(&mut out, "description", field("description"));
    add(&mut out, "keywords", field("subject"));
    add(&mut out, "material", field("medium"));
    if let Some(publisher) = &reference.publisher {
        add(
            &mut out,
            "publisher",
            json!({ "@type": "Organization", "name": text(publisher) }),
        );
    }
    let languages: Vec<&str> = reference.languages.iter().map(|tag| tag.as_str()).collect();
    add(&mut out, "inLanguage", json!(languages));
    if kind.has_container() {
        add(&mut out, "pagination", json!(reference.pages));
    }
    if kind == Kind::Book && record.canvases.len() > 1 {
        add(&mut out, "numberOfPages", json!(record.canvases.len()));
    }
    add_rights(&mut out, reference.rights.as_deref());
    add_place(&mut out, view);
    if let (Some(root), Some((path, width, height))) = (&page.site.url, page.view.preview_image()) {
        let image = json!({
            "@type": "ImageObject",
            "contentUrl": format!("{root}{path}"),
            "width": pixels(width),
            "height": pixels(height),
        });
        add(&mut out, "image", image);
    }
    if let Some(url) = page.site.manifest_url(record) {
        let manifest = json!({
            "@type": "MediaObject",
            "contentUrl": url,
            "encodingFormat": "application/ld+json;profile=\"http://iiif.io/api/presentation/3/context.json\"",
        });
        add(&mut out, "associatedMedia", manifest);
    }
    add(&mut out, "isPartOf", works(page, view, &reference));
    add(&mut out, "provider", archive(page));
    out
}

/// Returns a length in pixels. `E37` is the code of the pixel in UN/CEFACT Recommendation 20.
fn pixels(value: u32) -> Value {
    json!({ "@type": "QuantitativeValue", "value": value, "unitCode": "E37" })
}

/// Returns the works and the collection of which an item is a part.
fn works(page: &Page, view: &ItemPage, reference: &Reference) -> Value {
    let mut works = Vec::new();
    if let (Some(container), Some(parent)) = (&reference.container, &view.record.parent) {
        let class = match reference.kind {
            Kind::Chapter => "Book",
            _ => "PublicationIssue",
        };
        let mut work = object(class);
        add_url(&mut work, page, &Route::item(parent.id.as_str(), 0));
        add(&mut work, "name", text(container));
        if class == "PublicationIssue" {
            add(&mut work, "issueNumber", json!(reference.issue));
        }
        works.push(Value::Object(work));
    }
    let mut collection = object("Collection");
    let route = Route::Collection {
        id: view.collection.id.clone(),
        page: 1,
    };
    add_url(&mut collection, page, &route);
    add(&mut collection, "name", text(&reference.collection));
    works.push(Value::Object(collection));
    Value::Array(works)
}

fn add_rights(out: &mut Map<String, Value>, rights: Option<&str>) {
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
    add(out, name, json!(rights));
}

fn add_place(out: &mut Map<String, Value>, view: &ItemPage) {
    let item = &view.record.item;
    let empty = LangMap::new();
    let name = texts(item.field("place").unwrap_or(&empty));
    let mut place = object("Place");
    add(&mut place, "name", name);
    if let Some(location) = item.location {
        let geo = json!({
            "@type": "GeoCoordinates",
            "latitude": location.latitude,
            "longitude": location.longitude,
        });
        add(&mut place, "geo", geo);
    }
    if place.len() > 1 {
        out.insert("locationCreated".to_owned(), Value::Object(place));
    }
}

/// Returns the archive as an organisation.
fn archive(page: &Page) -> Value {
    let mut out = object("ArchiveOrganization");
    add(&mut out, "name", texts(&page.site.title));
    if let Some(root) = &page.site.url {
        add(&mut out, "url", json!(root));
    }
    Value::Object(out)
}

fn agent(name: &Name) -> Value {
    let class = if name.is_institution() {
        "Organization"
    } else {
        "Person"
    };
    let mut out = object(class);
    let direct = LangText {
        lang: name.text.lang.clone(),
        text: name.direct(),
    };
    add(&mut out, "name", text(&direct));
    if let Some((family, given)) = name.parts() {
        add(&mut out, "familyName", json!(family));
        add(&mut out, "givenName", json!(given));
    }
    Value::Object(out)
}

/// Returns a date in ISO 8601, as an interval if it is longer than a year, or as it was written.
fn iso_date(date: &ItemDate) -> String {
    let iso = date.gregorian().map(|edtf| iso(&edtf));
    iso.unwrap_or_else(|| date.written.clone())
}

fn object(class: &str) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("@type".to_owned(), json!(class));
    out
}

/// Adds a member, unless it is empty.
fn add(out: &mut Map<String, Value>, name: &str, value: Value) {
    let is_empty = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    };
    if !is_empty {
        out.insert(name.to_owned(), value);
    }
}

fn add_url(out: &mut Map<String, Value>, page: &Page, route: &Route) {
    if let Some(root) = &page.site.url {
        let url = format!("{root}{}", page.href(&page.lang, route));
        out.insert("@id".to_owned(), json!(url));
        out.insert("url".to_owned(), json!(url));
    }
}

/// Returns all values of a language map, each with its language if it is known.
fn texts(map: &LangMap) -> Value {
    let values = map.iter().map(|(tag, value)| {
        if tag.is_und() {
            json!(value)
        } else {
            json!({ "@value": value, "@language": tag.as_str() })
        }
    });
    let mut values: Vec<Value> = values.collect();
    match values.len() {
        1 => values.remove(0),
        _ => Value::Array(values),
    }
}

fn text(text: &LangText) -> Value {
    texts(&LangMap::of(text.lang.clone(), text.text.as_str()))
}
