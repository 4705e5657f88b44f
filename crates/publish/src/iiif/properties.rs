//! Properties that several types of IIIF resources have.

use khizana_format::Image;
use khizana_model::LangMap;
use khizana_pages::{Route, field_name};
use serde_json::{Value, json};

use super::{Context, language_map};

/// Returns the `provider` property, which describes the archive.
pub(super) fn provider(context: &Context<'_>) -> Value {
    json!([{
        "id": context.base_url,
        "type": "Agent",
        "label": label_or(&context.root.title, context.base_url),
        "homepage": homepage(context, &Route::Home, &context.root.title, context.base_url),
    }])
}

/// Returns the `homepage` property of a resource: a page for each language of the user interface.
///
/// The label is the best title for the language of the page, or `default_label` if there is no
/// title.
pub(super) fn homepage(
    context: &Context<'_>,
    route: &Route,
    title: &LangMap,
    default_label: &str,
) -> Value {
    let pages = context.root.languages.iter().map(|lang| {
        let label = title
            .best(lang)
            .and_then(|(tag, title)| language_map::to_json(&LangMap::of(tag.clone(), title)));
        json!({
            "id": context.url(&context.info.href(lang, route)),
            "type": "Text",
            "label": label.unwrap_or_else(|| language_map::without_language(default_label)),
            "format": "text/html",
            "language": [lang],
        })
    });
    Value::Array(pages.collect())
}

/// Returns a `seeAlso` property that links to a JSON document.
pub(super) fn see_also(context: &Context<'_>, path: &str) -> Value {
    json!([{
        "id": context.url(path),
        "type": "Dataset",
        "label": interface_label(context, "record"),
        "format": "application/json",
    }])
}

/// Returns the label of a field in the languages of the user interface.
pub(super) fn interface_label(context: &Context<'_>, field: &str) -> Value {
    language_map::from_interface(&context.root.languages, |lang| field_name(lang, field))
        .unwrap_or_else(|| language_map::without_language(field))
}

/// Returns a label, or `default` if the label is empty.
pub(super) fn label_or(label: &LangMap, default: &str) -> Value {
    language_map::to_json(label).unwrap_or_else(|| language_map::without_language(default))
}

/// Returns the `thumbnail` property, which contains the smallest derivative of an image.
pub(super) fn thumbnail(context: &Context<'_>, image: &Image) -> Value {
    let thumbnail = image.sizes.first().map(|size| {
        json!({
            "id": context.url(&image.path(size)),
            "type": "Image",
            "format": size.file.media_type(),
            "width": size.width,
            "height": size.height,
            "service": image_service(context, image),
        })
    });
    Value::Array(thumbnail.into_iter().collect())
}

/// Returns the `service` property that refers to the image service of an image.
pub(super) fn image_service(context: &Context<'_>, image: &Image) -> Value {
    json!([{
        "id": context.url(&format!("iiif/{}", image.key)),
        "type": "ImageService3",
        "profile": "level0",
    }])
}
