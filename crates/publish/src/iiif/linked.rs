//! What documents link to: pages, files, pictures, and who provides them.

use khizana_format::Image;
use khizana_model::LangMap;
use khizana_pages::{Route, field_name};
use serde_json::{Value, json};

use super::{Archive, language};

/// The institution that speaks: the archive itself.
pub(super) fn provider(archive: &Archive<'_>) -> Value {
    let label = language::map(&archive.root.title).unwrap_or_else(|| language::none(archive.url));
    json!([{
        "id": archive.url,
        "type": "Agent",
        "label": label,
        "homepage": homepage(archive, &Route::Home, &archive.root.title, archive.url),
    }])
}

/// The pages of something with this title, one for each language of the interface.
pub(super) fn homepage(
    archive: &Archive<'_>,
    route: &Route,
    title: &LangMap,
    otherwise: &str,
) -> Value {
    let pages = archive.root.languages.iter().map(|lang| {
        let own = title.best(lang);
        let own = own.and_then(|(tag, title)| language::map(&LangMap::of(tag.clone(), title)));
        json!({
            "id": archive.address(&route.href(lang, archive.root.pages)),
            "type": "Text",
            "label": own.unwrap_or_else(|| language::none(otherwise)),
            "format": "text/html",
            "language": [lang],
        })
    });
    Value::Array(pages.collect())
}

/// The same thing for programs: a file of JSON.
pub(super) fn see_also(archive: &Archive<'_>, path: &str) -> Value {
    json!([{
        "id": archive.address(path),
        "type": "Dataset",
        "label": name(archive, "record"),
        "format": "application/json",
    }])
}

/// What the interface calls something, in each of its languages.
pub(super) fn name(archive: &Archive<'_>, field: &str) -> Value {
    language::each(&archive.root.languages, |lang| field_name(lang, field))
        .unwrap_or_else(|| language::none(field))
}

/// What something is called; its number or its name where nobody called it anything.
pub(super) fn label(texts: &LangMap, otherwise: &str) -> Value {
    language::map(texts).unwrap_or_else(|| language::none(otherwise))
}

/// The smallest picture of an image.
pub(super) fn thumbnail(archive: &Archive<'_>, image: &Image) -> Value {
    let all = image.sizes.first().map(|size| {
        json!({
            "id": archive.address(&image.path(size)),
            "type": "Image",
            "format": "image/jpeg",
            "width": size.width,
            "height": size.height,
            "service": service(archive, image),
        })
    });
    Value::Array(all.into_iter().collect())
}

/// Where the other sizes of an image are told of.
pub(super) fn service(archive: &Archive<'_>, image: &Image) -> Value {
    json!([{
        "id": archive.address(&format!("iiif/{}", image.key)),
        "type": "ImageService3",
        "profile": "level0",
    }])
}
