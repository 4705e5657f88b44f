//! Small parts that several views share.

use khizana_format::{Derivative, Image};
use yew::AttrValue;

use super::context::{Context, ratio_class, tone_class};
use super::el::{El, el};

/// An arrow towards the end of the line it stands in; it follows `dir` of the element around it.
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

/// One size of a picture, with the room it will take; it still lacks its text and its way of loading.
pub fn picture(cx: &Context, image: &Image, size: &Derivative) -> El {
    img(
        cx.file(&image.path(size)),
        &image.tone,
        size.width,
        size.height,
    )
}

/// A picture at an address, of a tone and a size.
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

/// The sources of a picture for `srcset`.
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
