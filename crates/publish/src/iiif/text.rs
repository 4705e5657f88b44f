//! The text of a page, line by line, where it is known where the lines stand.
//!
//! Each such page has a document of its own, an annotation page, to which its canvas leads: a viewer
//! reads it when the page is opened, and not the text of a whole book with its manifest.

use khizana_format::{Canvas, PageLine, PageLines};
use khizana_model::Hash;
use khizana_pages::encode;
use serde_json::{Value, json};

use super::{Archive, CONTEXT, canvas_address};

/// Says of an annotation that it is a line (Text Granularity, an extension of the Presentation API).
const GRANULARITY: &str = "http://iiif.io/api/extension/text-granularity/context.json";

/// The lines of a canvas, where it has a picture on which they stand.
pub(super) fn lines(canvas: &Canvas) -> Option<&Hash> {
    canvas.lines.as_ref().filter(|_| canvas.image.is_some())
}

fn address(archive: &Archive<'_>, item: &str, place: usize) -> String {
    archive.address(&format!("manifests/text/{}/{place}.json", encode(item)))
}

/// What the canvas says of the document.
pub(super) fn reference(archive: &Archive<'_>, item: &str, place: usize) -> Value {
    json!([{ "id": address(archive, item, place), "type": "AnnotationPage" }])
}

/// The document: an annotation for each line, in the order in which they are read.
pub(super) fn page(
    archive: &Archive<'_>,
    item: &str,
    place: usize,
    canvas: &Canvas,
    page: &PageLines,
) -> Value {
    let on = canvas_address(archive, item, place);
    let language = canvas.text.as_ref().and_then(|text| text.language.as_ref());
    let lines = (1..)
        .zip(&page.lines)
        .map(|(number, line): (usize, &PageLine)| {
            let mut body = json!({
                "type": "TextualBody",
                "value": line.text,
                "format": "text/plain",
            });
            let tag = line.language.as_ref().or(language);
            if let Some(tag) = tag.filter(|tag| !tag.is_und()) {
                body["language"] = Value::from(tag.as_str());
            }
            let target = match line.area {
                Some([x, y, w, h]) => format!("{on}#xywh={x},{y},{w},{h}"),
                None => on.clone(),
            };
            json!({
                "id": format!("{on}/text/{number}"),
                "type": "Annotation",
                "motivation": "supplementing",
                "textGranularity": "line",
                "body": body,
                "target": target,
            })
        });
    json!({
        "@context": [GRANULARITY, CONTEXT],
        "id": address(archive, item, place),
        "type": "AnnotationPage",
        "items": lines.collect::<Vec<Value>>(),
    })
}
