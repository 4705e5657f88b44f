//! The check of SVG files. Browsers run no scripts in an SVG that an `img` element displays, but they do if the visitor
//! opens the file itself.

use khizana_model::{message, printable};
use roxmltree::{Document, Node};

use super::image::Refusal;

/// The size of an SVG without a size, in units.
const DEFAULT_SIZE: (u32, u32) = (300, 150);

/// Returns `true` if a file is probably SVG.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let start = String::from_utf8_lossy(start);
    let start = start.trim_start_matches('\u{feff}').trim_start();
    start.starts_with('<') && start.contains("<svg")
}

/// Checks that an SVG contains no scripts, HTML or references to other files. Returns its width and height.
pub(super) fn check(bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let document = Document::parse(text).map_err(|error| Refusal {
        code: "identity-image",
        message: message!(
            "The SVG is not well-formed: {error}.",
            error = error.to_string()
        ),
        hint: message!(
            "Export it again from a drawing program, as plain SVG in UTF-8 without a document type."
        ),
    })?;
    for node in document.descendants().filter(Node::is_element) {
        if let Some(found) = active_content(&node) {
            let line = document.text_pos_at(node.range().start).row;
            return Err(Refusal {
                code: "identity-script",
                message: message!(
                    "The SVG contains {found} on line {line}, which may run a script or load another file.",
                    found = printable(&found),
                    line = line
                ),
                hint: message!(
                    "Export it again from a drawing program as plain SVG, without scripts, links or embedded HTML."
                ),
            });
        }
    }
    Ok(size(&document.root_element()))
}

/// Returns a part of an element that can run a script or load a file.
fn active_content(node: &Node<'_, '_>) -> Option<String> {
    const FORBIDDEN: [&str; 8] = [
        "script",
        "foreignObject",
        "iframe",
        "object",
        "embed",
        "handler",
        "audio",
        "video",
    ];
    let name = node.tag_name().name();
    if FORBIDDEN
        .iter()
        .any(|forbidden| forbidden.eq_ignore_ascii_case(name))
    {
        return Some(format!("<{name}>"));
    }
    if name == "style" && node.text().is_some_and(loads_files) {
        return Some("<style>".to_owned());
    }
    let attribute = node.attributes().find(|attribute| {
        let (name, value) = (attribute.name(), attribute.value().trim());
        let is_handler = name.len() > 2 && name.to_ascii_lowercase().starts_with("on");
        let is_reference = name == "href" || name == "src";
        let is_internal = value.starts_with('#')
            || [
                "data:image/png",
                "data:image/jpeg",
                "data:image/webp",
                "data:image/gif",
            ]
            .iter()
            .any(|prefix| value.starts_with(prefix));
        // An animation can set the target of a link.
        let sets_link = name == "attributeName" && value.ends_with("href");
        is_handler || (is_reference && !is_internal) || sets_link || loads_files(value)
    });
    attribute.map(|attribute| format!("`{}`", attribute.name()))
}

/// Returns `true` if a style refers to another file.
fn loads_files(style: &str) -> bool {
    let lower = style.to_ascii_lowercase();
    let urls = lower.split("url(").skip(1);
    let mut urls = urls.map(|url| url.trim_start_matches(['"', '\'', ' ']));
    lower.contains("@import") || urls.any(|url| !url.starts_with('#'))
}

/// Returns the width and the height.
fn size(root: &Node<'_, '_>) -> (u32, u32) {
    let length = |name: &str| {
        let value = root.attribute(name)?;
        let digits = value
            .trim_end_matches(|c: char| c.is_ascii_alphabetic())
            .trim();
        digits.parse::<f64>().ok().filter(|length| *length > 0.0)
    };
    let view_box = root.attribute("viewBox").and_then(|view_box| {
        let numbers: Vec<f64> = view_box
            .split([' ', ',', '\n', '\t'])
            .filter_map(|number| number.parse().ok())
            .collect();
        match numbers[..] {
            [_, _, width, height] if width > 0.0 && height > 0.0 => Some((width, height)),
            _ => None,
        }
    });
    let size = length("width").zip(length("height")).or(view_box);
    let Some((width, height)) = size else {
        return DEFAULT_SIZE;
    };
    // Drawings may use units of any size, and the attributes of an image are whole numbers.
    let scale = if width.min(height) < 100.0 {
        100.0 / width.min(height)
    } else {
        1.0
    };
    let side = |side: f64| (side * scale).round().clamp(1.0, 100_000.0) as u32;
    (side(width), side(height))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn svg(inner: &str) -> String {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 400 200'>{inner}</svg>"
        )
    }

    #[test]
    fn accepts_drawings() {
        for inner in [
            "<path d='M0 0h9'/>",
            "<defs><linearGradient id='g'/></defs><rect fill='url(#g)' width='9' height='9'/>",
            "<style>.a{fill:url(#g)}</style>",
            "<use xlink:href='#a'/>",
            "<image href='data:image/png;base64,AA=='/>",
            "<text>onload</text>",
        ] {
            assert_eq!(
                check(svg(inner).as_bytes()).ok(),
                Some((400, 200)),
                "{inner}"
            );
        }
    }

    #[test]
    fn refuses_active_content() {
        for inner in [
            "<script>alert(1)</script>",
            "<SCRIPT/>",
            "<path onload='alert(1)'/>",
            "<g ONCLICK='x'/>",
            "<a href='javascript:alert(1)'><path/></a>",
            "<a xlink:href=' javascript:alert(1)'/>",
            "<image href='https://example.org/x.png'/>",
            "<image href='data:image/svg+xml;base64,AA=='/>",
            "<use href='other.svg#a'/>",
            "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
            "<style>@import 'x.css'</style>",
            "<rect fill='url(https://example.org/x)'/>",
            "<rect style='background:url(\"//example.org\")'/>",
            "<a href='#x'><animate attributeName='xlink:href' values='javascript:alert(1)'/></a>",
        ] {
            let refusal = check(svg(inner).as_bytes()).err().unwrap();
            assert_eq!(refusal.code, "identity-script", "{inner}");
        }
        for malformed in [
            "<svg",
            "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>",
            "<svg></a>",
        ] {
            assert_eq!(
                check(malformed.as_bytes()).err().unwrap().code,
                "identity-image",
                "{malformed}"
            );
        }
    }

    #[test]
    fn determines_the_size() {
        let size = |attributes: &str| {
            let svg = format!("<svg xmlns='http://www.w3.org/2000/svg' {attributes}/>");
            check(svg.as_bytes()).ok().unwrap()
        };
        assert_eq!(size("width='240px' height='120px'"), (240, 120));
        assert_eq!(size("viewBox='0 0 24 12'"), (200, 100));
        assert_eq!(
            size("width='100%' height='50%' viewBox='0,0,300,100'"),
            (300, 100)
        );
        assert_eq!(size(""), DEFAULT_SIZE);
    }
}
