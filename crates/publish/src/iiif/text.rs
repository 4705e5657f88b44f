//! Annotation pages with the lines of a page and their positions.
//!
//! The annotation page is a separate document to which the canvas refers. A viewer fetches it when
//! the canvas is opened. If it were embedded into the manifest, a viewer would have to fetch the
//! text of a whole book.

use khizana_format::{Canvas, PageLine, PageLines};
use khizana_model::Hash;
use khizana_pages::encode;
use serde_json::{Value, json};

use super::{Context, PRESENTATION_CONTEXT, canvas_uri};

/// The context of the Text Granularity extension, which defines `textGranularity`.
const TEXT_GRANULARITY_CONTEXT: &str = "http://iiif.io/api/extension/text-granularity/context.json";

/// Returns the hash of the object with the lines of a canvas, if the canvas has an image.
pub(super) fn lines(canvas: &Canvas) -> Option<&Hash> {
    canvas.lines.as_ref().filter(|_| canvas.image.is_some())
}

fn url(context: &Context<'_>, item: &str, number: usize) -> String {
    context.url(&format!("manifests/text/{}/{number}.json", encode(item)))
}

/// Returns the `annotations` property of the canvas, which refers to the annotation page.
pub(super) fn reference(context: &Context<'_>, item: &str, number: usize) -> Value {
    json!([{ "id": url(context, item, number), "type": "AnnotationPage" }])
}

/// Returns the annotation page, which contains an annotation for each line, in reading order.
pub(super) fn annotation_page(
    context: &Context<'_>,
    item: &str,
    number: usize,
    canvas: &Canvas,
    page: &PageLines,
) -> Value {
    let canvas_uri = canvas_uri(context, item, number);
    let language = canvas.text.as_ref().and_then(|text| text.language.as_ref());
    let lines = (1..)
        .zip(&page.lines)
        .map(|(line_number, line): (usize, &PageLine)| {
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
                Some([x, y, w, h]) => format!("{canvas_uri}#xywh={x},{y},{w},{h}"),
                None => canvas_uri.clone(),
            };
            json!({
                "id": format!("{canvas_uri}/text/{line_number}"),
                "type": "Annotation",
                "motivation": "supplementing",
                "textGranularity": "line",
                "body": body,
                "target": target,
            })
        });
    json!({
        "@context": [TEXT_GRANULARITY_CONTEXT, PRESENTATION_CONTEXT],
        "id": url(context, item, number),
        "type": "AnnotationPage",
        "items": lines.collect::<Vec<Value>>(),
    })
}
