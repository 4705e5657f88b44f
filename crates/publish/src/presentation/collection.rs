//! Collections of manifests.

use khizana_format::CollectionSummary;
use serde_json::{Value, json};

use super::{ALL, Archive, collection_path, document, language};

/// A collection and its members.
pub(super) fn of(archive: &Archive<'_>, summary: &CollectionSummary, members: Vec<Value>) -> Value {
    let id = archive.address(&collection_path(summary.id.as_str()));
    let label = language::map(&summary.title);
    let label = label.unwrap_or_else(|| language::none(summary.id.as_str()));
    let mut out = document("Collection", id, label);
    if let Some(summary) = language::map(&summary.description) {
        out["summary"] = summary;
    }
    out["partOf"] = json!([{ "id": archive.address(ALL), "type": "Collection" }]);
    out["items"] = Value::Array(members);
    out
}

/// All collections.
pub(super) fn all(archive: &Archive<'_>, members: Vec<Value>) -> Value {
    let label = language::map(&archive.root.title);
    let label = label.unwrap_or_else(|| language::none("Khizana"));
    let mut out = document("Collection", archive.address(ALL), label);
    if let Some(summary) = language::map(&archive.root.description) {
        out["summary"] = summary;
    }
    out["items"] = Value::Array(members);
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
