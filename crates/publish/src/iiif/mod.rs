//! Documents of the IIIF Presentation API 3.0 and the Image API 3.0.
//!
//! Each item with images, sound or film has a manifest. Each collection is published as a IIIF
//! collection, and a top collection contains all of them. IIIF requires absolute URIs, so these
//! documents are only published if `khizana.toml` configures the address of the archive and items
//! have HTML pages.

mod canvas;
mod collection;
pub(crate) mod image_info;
mod language_map;
mod manifest;
mod properties;
mod ranges;
mod recording;
mod text;
pub(crate) mod tiles;

use std::collections::BTreeMap;

use khizana_format::{CollectionSummary, Root};
use khizana_model::Id;
use khizana_pages::{Site as SiteInfo, encode, manifest_path};
use serde_json::{Value, json};

use crate::PublishError;
use crate::pages::RecordReader;
use crate::records::sections::Section;
use crate::texts;
use khizana_site::Site;

/// The JSON-LD context of every Presentation API document.
const PRESENTATION_CONTEXT: &str = "http://iiif.io/api/presentation/3/context.json";

/// The path of the top collection.
const TOP_COLLECTION: &str = "manifests/all.json";

/// The properties of the archive that are needed for all documents.
struct Context<'a> {
    root: &'a Root,
    info: &'a SiteInfo,
    /// The address of the archive, with a trailing slash.
    base_url: &'a str,
}

impl Context<'_> {
    /// Returns the absolute URL of a path in the site.
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }
}

/// Writes the manifests of the items that have pages, and the collections. `sections` are those of the collections that
/// have some.
pub(crate) fn write(
    site: &Site,
    root: &Root,
    info: &SiteInfo,
    (records, sections): (&RecordReader<'_>, &BTreeMap<Id, Vec<Section>>),
) -> Result<(), PublishError> {
    let Some(url) = info.url.as_deref() else {
        return Ok(());
    };
    let context = Context {
        root,
        info,
        base_url: url,
    };
    let mut collections = Vec::new();
    for summary in &root.collections {
        let numbers = summary.first..summary.first.saturating_add(summary.items);
        let members: Vec<Option<Value>> = records.map(numbers, |record| {
            if !info.has_page(&record) {
                return Ok(None);
            }
            let Some(manifest) = manifest::manifest(&context, summary, &record) else {
                return Ok(None);
            };
            let id = &record.item.id;
            put(site, &format!("manifests/item/{id}.json"), &manifest)?;
            for (number, canvas) in (1..).zip(&record.canvases) {
                if let Some(lines) = text::lines(canvas) {
                    let lines = texts::read_lines(site, lines)?;
                    let page = text::annotation_page(&context, id.as_str(), number, canvas, &lines);
                    put(site, &format!("manifests/text/{id}/{number}.json"), &page)?;
                }
            }
            let json = serde_json::to_vec(&record).map_err(PublishError::serialize(id))?;
            site.put(&format!("manifests/record/{id}.json"), &json)?;
            Ok(Some(collection::member(&manifest)))
        })?;
        let sections = sections.get(&summary.id).map_or(&[][..], Vec::as_slice);
        let members = with_sections(site, &context, (summary, sections), members)?;
        if members.is_empty() {
            continue;
        }
        let document = collection::collection(&context, summary, members);
        let path = format!("manifests/collection/{}.json", summary.id);
        put(site, &path, &document)?;
        collections.push(collection::member(&document));
    }
    if collections.is_empty() {
        return Ok(());
    }
    put(
        site,
        TOP_COLLECTION,
        &collection::top_collection(&context, collections),
    )
}

/// Writes a collection for each section that has manifests. Returns the members of the collection: its sections, and the
/// manifests of the items that are in none. `manifests` are those of all items.
fn with_sections(
    site: &Site,
    context: &Context<'_>,
    (summary, sections): (&CollectionSummary, &[Section]),
    mut manifests: Vec<Option<Value>>,
) -> Result<Vec<Value>, PublishError> {
    let mut members = Vec::new();
    for (number, section) in (1..).zip(sections) {
        let positions = section.numbers.iter();
        let in_section: Vec<Value> = positions
            .filter_map(|item| manifests.get_mut((item - summary.first) as usize)?.take())
            .collect();
        if in_section.is_empty() {
            continue;
        }
        let document = collection::section(context, summary, (number, section), in_section);
        let path = format!("manifests/collection/{}/{number}.json", summary.id);
        put(site, &path, &document)?;
        members.push(collection::member(&document));
    }
    members.extend(manifests.into_iter().flatten());
    Ok(members)
}

/// Returns the URL of a collection, relative to the address of the archive.
fn collection_path(id: &str) -> String {
    format!("manifests/collection/{}.json", encode(id))
}

/// Returns the URL of a section of a collection, relative to the address of the archive.
fn section_path(id: &str, number: u32) -> String {
    format!("manifests/collection/{}/{number}.json", encode(id))
}

/// Returns the prefix of the URIs of the canvases and ranges of an item: the URL of its manifest
/// without the file extension.
fn uri_prefix(context: &Context<'_>, id: &str) -> String {
    let mut url = context.url(&manifest_path(id));
    url.truncate(url.len() - ".json".len());
    url
}

/// Returns the URI of a canvas, which cannot be dereferenced. `number` starts at 1.
fn canvas_uri(context: &Context<'_>, id: &str, number: usize) -> String {
    format!("{}/canvas/{number}", uri_prefix(context, id))
}

/// Returns the URL of the record of an item, relative to the address of the archive.
fn record_path(id: &str) -> String {
    format!("manifests/record/{}.json", encode(id))
}

fn put(site: &Site, path: &str, document: &Value) -> Result<(), PublishError> {
    Ok(site.put(path, document.to_string().as_bytes())?)
}

/// Returns a document with its context, type, URI and label.
fn document(kind: &str, id: String, label: Value) -> Value {
    json!({ "@context": PRESENTATION_CONTEXT, "id": id, "type": kind, "label": label })
}

/// Returns the root of an archive without records.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
fn empty_root() -> Root {
    let tree = r#"{"height":0,"entries":0}"#;
    let json = format!(
        r#"{{"format":"khizana/1","snapshot":"","languages":["ar","en"],"pages":"items","viewer":"v/",
        "items":1,"collections":[],"records":{tree},"ids":{tree},"search":{{"terms":{tree},
        "positions":{tree},"pairs":{tree},"spelling":{tree},"fields":[],"years":{tree}}}}}"#
    );
    khizana_json::from_slice(json.as_bytes()).unwrap()
}
