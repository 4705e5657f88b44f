//! The IIIF Presentation API 3.0: what other people's viewers read of an archive.
//!
//! A manifest for each item that has pictures, sound or film, a collection for each collection, and one
//! of all. They name things by address, so there are none where `khizana.toml` does not say where the archive is
//! published, and none where items have no pages of their own.

mod canvas;
mod collection;
mod contents;
pub(crate) mod image_info;
mod language;
mod linked;
mod manifest;
mod recording;
mod text;
pub(crate) mod tiles;

use khizana_format::{Record, Root};
use khizana_model::Pages;
use khizana_pages::{Site as SiteInfo, encode, manifest_path};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::PublishError;
use crate::texts;
use khizana_site::Site;

/// The first member of every document that stands alone.
const CONTEXT: &str = "http://iiif.io/api/presentation/3/context.json";

/// What all documents need to know of the archive.
struct Archive<'a> {
    root: &'a Root,
    /// Its address, with a closing slash.
    url: &'a str,
}

impl Archive<'_> {
    fn address(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

/// Writes every manifest and every collection. `json` are the records by the number of the
/// item.
pub(crate) fn write(
    site: &Site,
    root: &Root,
    info: &SiteInfo,
    json: &[Vec<u8>],
) -> Result<(), PublishError> {
    let Some(url) = info.url.as_deref().filter(|_| root.pages == Pages::Items) else {
        return Ok(());
    };
    let archive = Archive { root, url };
    let mut collections = Vec::new();
    for summary in &root.collections {
        let first = summary.first as usize;
        let own = json.get(first..first + summary.items as usize);
        let manifests: Vec<Option<Value>> = own
            .unwrap_or_default()
            .par_iter()
            .map(|json| {
                let record: Record =
                    khizana_json::from_slice(json).map_err(PublishError::Reread)?;
                let Some(manifest) = manifest::of(&archive, summary, &record) else {
                    return Ok(None);
                };
                let id = &record.item.id;
                put(site, &format!("manifests/item/{id}.json"), &manifest)?;
                for (place, canvas) in (1..).zip(&record.canvases) {
                    if let Some(lines) = text::lines(canvas) {
                        let lines = texts::read(site, lines)?;
                        let page = text::page(&archive, id.as_str(), place, canvas, &lines);
                        put(site, &format!("manifests/text/{id}/{place}.json"), &page)?;
                    }
                }
                site.put(&format!("manifests/record/{id}.json"), json)?;
                Ok(Some(collection::member(&manifest)))
            })
            .collect::<Result<_, PublishError>>()?;
        let members: Vec<Value> = manifests.into_iter().flatten().collect();
        if members.is_empty() {
            continue;
        }
        let document = collection::of(&archive, summary, members);
        let file = format!("manifests/collection/{}.json", summary.id);
        put(site, &file, &document)?;
        collections.push(collection::member(&document));
    }
    if collections.is_empty() {
        return Ok(());
    }
    put(site, ALL, &collection::all(&archive, collections))
}

/// Where the collection of all collections lies.
const ALL: &str = "manifests/all.json";

/// The address of a collection below the archive's.
fn collection_path(id: &str) -> String {
    format!("manifests/collection/{}.json", encode(id))
}

/// What the addresses of an item's canvases begin with: that of its manifest, but for its ending.
fn below(archive: &Archive<'_>, id: &str) -> String {
    let mut address = archive.address(&manifest_path(id));
    address.truncate(address.len() - ".json".len());
    address
}

/// The address of a canvas: the name of one, which leads nowhere.
fn canvas_address(archive: &Archive<'_>, id: &str, place: usize) -> String {
    format!("{}/canvas/{place}", below(archive, id))
}

/// The address of an item's record below the archive's.
fn record_path(id: &str) -> String {
    format!("manifests/record/{}.json", encode(id))
}

fn put(site: &Site, path: &str, document: &Value) -> Result<(), PublishError> {
    Ok(site.put(path, document.to_string().as_bytes())?)
}

/// A document that stands alone: what it is, its address, and what is said of it.
fn document(kind: &str, id: String, label: Value) -> Value {
    json!({ "@context": CONTEXT, "id": id, "type": kind, "label": label })
}

/// The root of an archive without records.
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
