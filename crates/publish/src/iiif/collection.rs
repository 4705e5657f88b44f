//! Collections of manifests.

use khizana_format::CollectionSummary;
use khizana_model::LangMap;
use khizana_pages::Route;
use serde_json::{Value, json};

use super::linked::{homepage, provider, see_also, thumbnail};
use super::{ALL, Archive, collection_path, document, language};

/// A collection and its members.
pub(super) fn of(archive: &Archive<'_>, summary: &CollectionSummary, members: Vec<Value>) -> Value {
    let id = archive.address(&collection_path(summary.id.as_str()));
    let route = Route::Collection {
        id: summary.id.as_str().to_owned(),
        page: 1,
    };
    let mut out = described(
        archive,
        id,
        (&summary.title, &summary.description),
        summary.id.as_str(),
        &route,
    );
    if let Some(cover) = &summary.cover {
        out["thumbnail"] = thumbnail(archive, cover);
    }
    out["partOf"] = json!([{ "id": archive.address(ALL), "type": "Collection" }]);
    out["items"] = Value::Array(members);
    out
}

/// All collections.
pub(super) fn all(archive: &Archive<'_>, members: Vec<Value>) -> Value {
    let root = archive.root;
    let about = (&root.title, &root.description);
    let mut out = described(
        archive,
        archive.address(ALL),
        about,
        "Khizana",
        &Route::Home,
    );
    let cover = root.collections.iter().find_map(|own| own.cover.as_ref());
    if let Some(cover) = cover {
        out["thumbnail"] = thumbnail(archive, cover);
    }
    out["seeAlso"] = see_also(archive, "archive.json");
    out["items"] = Value::Array(members);
    out
}

/// A collection with its title, its description, and its pages.
fn described(
    archive: &Archive<'_>,
    id: String,
    (title, description): (&LangMap, &LangMap),
    otherwise: &str,
    route: &Route,
) -> Value {
    let label = language::map(title).unwrap_or_else(|| language::none(otherwise));
    let mut out = document("Collection", id, label);
    if let Some(summary) = language::map(description) {
        out["summary"] = summary;
    }
    out["provider"] = provider(archive);
    out["homepage"] = homepage(archive, route, title, otherwise);
    out
}

/// What a collection says of a manifest or of another collection.
pub(super) fn member(document: &Value) -> Value {
    let mut out = json!({});
    for name in ["id", "type", "label", "thumbnail"] {
        if let Some(value) = document.get(name) {
            out[name] = value.clone();
        }
    }
    out
}
