//! The canvases of an item.

use khizana_format::{Canvas, FileRef, Image};
use khizana_model::Item;
use serde_json::{Value, json};

use super::linked::{label, name, service, thumbnail};
use super::{Archive, canvas_address, recording, text};

/// A picture of an item with what is written on it, or a recording. Its address, and those of what it
/// has, are names below the manifest's and lead nowhere.
pub(super) fn of(
    archive: &Archive<'_>,
    item: &Item,
    place: usize,
    canvas: &Canvas,
) -> Option<Value> {
    let (dpi, item) = (item.dpi, item.id.as_str());
    let id = canvas_address(archive, item, place);
    let mut out = match recording::of(archive, &id, canvas) {
        Some(recording) => recording,
        None => {
            let mut out = picture(archive, &id, canvas.image.as_ref()?)?;
            if let Some(dpi) = dpi {
                out["service"] = dimensions(&id, dpi);
            }
            out
        }
    };
    out["label"] = label(&canvas.label, &place.to_string());
    if let Some(image) = &canvas.image {
        out["thumbnail"] = thumbnail(archive, image);
    }
    let mut files = recording::transcripts(archive, canvas);
    if let Some(file) = &canvas.text {
        let mut text = text_file(archive, file);
        if text::lines(canvas).is_some() {
            out["annotations"] = text::reference(archive, item, place);
        } else if out.get("annotations").is_none() {
            out["annotations"] = page(&id, "text", "supplementing", text.clone());
        }
        text["label"] = name(archive, "text");
        files.insert(0, text);
    }
    // The body of an annotation says its language as a text, a file that is linked as a list.
    for file in &mut files {
        if let Some(tag) = file.get("language").cloned() {
            file["language"] = json!([tag]);
        }
    }
    if !files.is_empty() {
        out["rendering"] = Value::Array(files);
    }
    Some(out)
}

/// A canvas of the size of an image, on which that is painted.
pub(super) fn picture(archive: &Archive<'_>, id: &str, image: &Image) -> Option<Value> {
    let largest = image.sizes.last()?;
    let body = json!({
        "id": archive.address(&image.path(largest)),
        "type": "Image",
        "format": "image/jpeg",
        "width": largest.width,
        "height": largest.height,
        "service": service(archive, image),
    });
    Some(json!({
        "id": id,
        "type": "Canvas",
        "width": image.width,
        "height": image.height,
        "items": page(id, "picture", "painting", body),
    }))
}

/// How large the object is, of which so many pixels are an inch. A service of an annex, which is older
/// than Presentation 3: so it has the names of its time, and a context of its own.
fn dimensions(canvas: &str, dpi: u32) -> Value {
    json!([{
        "@context": "http://iiif.io/api/annex/services/physdim/1/context.json",
        "@id": format!("{canvas}/dimensions"),
        "@type": "Service",
        "profile": "http://iiif.io/api/annex/services/physdim",
        "physicalScale": 1.0 / f64::from(dpi),
        "physicalUnits": "in",
    }])
}

/// One annotation of a canvas, on a page of its own.
pub(super) fn page(canvas: &str, name: &str, motivation: &str, body: Value) -> Value {
    json!([{
        "id": format!("{canvas}/{name}"),
        "type": "AnnotationPage",
        "items": [{
            "id": format!("{canvas}/{name}/1"),
            "type": "Annotation",
            "motivation": motivation,
            "body": body,
            "target": canvas,
        }],
    }])
}

fn text_file(archive: &Archive<'_>, text: &FileRef) -> Value {
    let mut out = json!({
        "id": archive.address(&text.path()),
        "type": "Text",
        "format": "text/plain",
    });
    if let Some(tag) = text.language.as_ref().filter(|tag| !tag.is_und()) {
        out["language"] = Value::from(tag.as_str());
    }
    out
}
