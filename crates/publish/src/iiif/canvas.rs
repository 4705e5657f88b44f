//! IIIF canvases.

use khizana_format::{Canvas, FileRef, Image};
use khizana_model::Item;
use serde_json::{Value, json};

use super::properties::{image_service, interface_label, label_or, thumbnail};
use super::{Context, canvas_uri, recording, text};

/// Returns the canvas of an image and its text, or of a recording. `number` starts at 1.
///
/// The URIs of the canvas and of its annotations are only identifiers and cannot be dereferenced.
pub(super) fn canvas(
    context: &Context<'_>,
    item: &Item,
    number: usize,
    canvas: &Canvas,
) -> Option<Value> {
    let (dpi, item) = (item.dpi, item.id.as_str());
    let id = canvas_uri(context, item, number);
    let mut out = match recording::canvas(context, &id, canvas) {
        Some(recording) => recording,
        None => {
            let mut out = image_canvas(context, &id, canvas.image.as_ref()?)?;
            if let Some(dpi) = dpi {
                out["service"] = physical_dimensions(&id, dpi);
            }
            out
        }
    };
    out["label"] = label_or(&canvas.label, &number.to_string());
    if let Some(image) = &canvas.image {
        out["thumbnail"] = thumbnail(context, image);
    }
    let mut files = recording::transcripts(context, canvas);
    if let Some(file) = &canvas.text {
        let mut text = text_file(context, file);
        if text::lines(canvas).is_some() {
            out["annotations"] = text::reference(context, item, number);
        } else if out.get("annotations").is_none() {
            out["annotations"] = annotation_page(&id, "text", "supplementing", text.clone());
        }
        text["label"] = interface_label(context, "text");
        files.insert(0, text);
    }
    // `language` is a string in the body of an annotation, but a list in a linked resource.
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

/// Returns a canvas that has the size of an image, with the image painted on it.
pub(super) fn image_canvas(context: &Context<'_>, id: &str, image: &Image) -> Option<Value> {
    let largest = image.largest_jpeg().or(image.sizes.last())?;
    let body = json!({
        "id": context.url(&image.path(largest)),
        "type": "Image",
        "format": largest.file.media_type(),
        "width": largest.width,
        "height": largest.height,
        "service": image_service(context, image),
    });
    Some(json!({
        "id": id,
        "type": "Canvas",
        "width": image.width,
        "height": image.height,
        "items": annotation_page(id, "picture", "painting", body),
    }))
}

/// Returns the Physical Dimensions service for an image with a known resolution.
///
/// The service is defined in an annex to Presentation API 2, with its own context and the property
/// names of that version.
fn physical_dimensions(canvas: &str, dpi: u32) -> Value {
    json!([{
        "@context": "http://iiif.io/api/annex/services/physdim/1/context.json",
        "@id": format!("{canvas}/dimensions"),
        "@type": "Service",
        "profile": "http://iiif.io/api/annex/services/physdim",
        "physicalScale": 1.0 / f64::from(dpi),
        "physicalUnits": "in",
    }])
}

/// Returns the annotation pages of a canvas: one page with a single annotation.
pub(super) fn annotation_page(canvas: &str, name: &str, motivation: &str, body: Value) -> Value {
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

fn text_file(context: &Context<'_>, text: &FileRef) -> Value {
    let mut out = json!({
        "id": context.url(&text.path()),
        "type": "Text",
        "format": "text/plain",
    });
    if let Some(tag) = text.language.as_ref().filter(|tag| !tag.is_und()) {
        out["language"] = Value::from(tag.as_str());
    }
    out
}
