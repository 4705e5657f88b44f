//! IIIF collections.

use khizana_format::CollectionSummary;
use khizana_model::LangMap;
use khizana_pages::Route;
use serde_json::{Value, json};

use super::properties::{homepage, label_or, provider, see_also, thumbnail};
use super::{Context, TOP_COLLECTION, collection_path, document, language_map, section_path};
use crate::records::sections::Section;

/// Returns a collection of manifests.
pub(super) fn collection(
    context: &Context<'_>,
    summary: &CollectionSummary,
    members: Vec<Value>,
) -> Value {
    let id = context.url(&collection_path(summary.id.as_str()));
    let route = Route::Collection {
        id: summary.id.as_str().to_owned(),
        page: 1,
    };
    let mut out = collection_document(
        context,
        id,
        (&summary.title, &summary.description),
        summary.id.as_str(),
        &route,
    );
    if let Some(cover) = &summary.cover {
        out["thumbnail"] = thumbnail(context, cover);
    }
    out["partOf"] = json!([{ "id": context.url(TOP_COLLECTION), "type": "Collection" }]);
    out["items"] = Value::Array(members);
    out
}

/// Returns the collection of the manifests of a section, whose number starts at 1.
pub(super) fn section(
    context: &Context<'_>,
    summary: &CollectionSummary,
    (number, section): (u32, &Section),
    members: Vec<Value>,
) -> Value {
    let id = summary.id.as_str();
    let route = Route::Collection {
        id: id.to_owned(),
        page: 1,
    };
    let mut out = collection_document(
        context,
        context.url(&section_path(id, number)),
        (&section.heading, &section.text),
        id,
        &route,
    );
    let collection = context.url(&collection_path(id));
    out["partOf"] = json!([{ "id": collection, "type": "Collection" }]);
    out["items"] = Value::Array(members);
    out
}

/// Returns the top collection, which contains all other collections.
pub(super) fn top_collection(context: &Context<'_>, members: Vec<Value>) -> Value {
    let root = context.root;
    let title_and_description = (&root.title, &root.description);
    let mut out = collection_document(
        context,
        context.url(TOP_COLLECTION),
        title_and_description,
        "Khizana",
        &Route::Home,
    );
    let cover = root
        .collections
        .iter()
        .find_map(|summary| summary.cover.as_ref());
    if let Some(cover) = cover {
        out["thumbnail"] = thumbnail(context, cover);
    }
    out["seeAlso"] = see_also(context, "archive.json");
    out["items"] = Value::Array(members);
    out
}

/// Returns a collection without its members. `default_label` is used if the title is empty.
fn collection_document(
    context: &Context<'_>,
    id: String,
    (title, description): (&LangMap, &LangMap),
    default_label: &str,
    route: &Route,
) -> Value {
    let mut out = document("Collection", id, label_or(title, default_label));
    if let Some(summary) = language_map::to_json(description) {
        out["summary"] = summary;
    }
    out["provider"] = provider(context);
    out["homepage"] = homepage(context, route, title, default_label);
    out
}

/// Returns the properties of a document that a collection repeats in its list of members.
pub(super) fn member(document: &Value) -> Value {
    let mut out = json!({});
    for name in ["id", "type", "label", "thumbnail"] {
        if let Some(value) = document.get(name) {
            out[name] = value.clone();
        }
    }
    out
}
