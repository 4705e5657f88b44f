//! Elements that several views share.

use khizana_format::{Derivative, Image};
use yew::AttrValue;

use super::context::{Context, ratio_class, tone_class};
use super::el::{El, el};

/// Renders an arrow that points to the end of the line, in the direction of the text around it.
pub fn arrow(class: &'static str) -> El {
    let path = el("path")
        .attr("d", "M6 3l5 5-5 5")
        .attr("fill", "none")
        .attr("stroke", "currentColor")
        .attr("stroke-width", "1.5")
        .attr("stroke-linecap", "round");
    el("svg")
        .class(class)
        .attr("viewBox", "0 0 16 16")
        .attr("width", "16")
        .attr("height", "16")
        .attr("aria-hidden", "true")
        .attr("focusable", "false")
        .with(path)
}

/// Renders an icon, which decorates a control that has a text or a label. `path` is drawn on a canvas of
/// 22 × 22 units.
pub fn icon(path: &'static str) -> El {
    el("svg")
        .class("icon")
        .attr("viewBox", "0 0 22 22")
        .attr("width", "22")
        .attr("height", "22")
        .attr("aria-hidden", "true")
        .with(el("path").attr("d", path))
}

/// Renders a derivative of an image. The caller adds the attributes `alt` and `loading`.
pub fn derivative(cx: &Context, image: &Image, size: &Derivative) -> El {
    img(
        cx.file(&image.path(size)),
        &image.tone,
        size.width,
        size.height,
    )
}

/// Renders an image. The browser displays an area with its size and dominant colour until the image
/// has been loaded.
pub fn img(src: AttrValue, tone: &str, width: u32, height: u32) -> El {
    let class = format!(
        "picture {} {}",
        tone_class(tone),
        ratio_class(width, height)
    );
    el("img")
        .class(class)
        .attr("src", src)
        .attr("width", width)
        .attr("height", height)
        .attr("decoding", "async")
}

/// Returns the value of the attribute `srcset` for an image.
pub fn srcset(cx: &Context, image: &Image) -> String {
    let mut out = String::new();
    for size in &image.sizes {
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(&cx.file(&image.path(size)));
        out.push(' ');
        out.push_str(&size.width.to_string());
        out.push('w');
    }
    out
}
