//! Small parts that several views share.

use khizana_format::Image;
use yew::{AttrValue, Html, html};

use super::context::{Context, ratio_class, tone_class};

/// An arrow towards the end of the line it stands in; it follows `dir` of the element around it.
pub fn arrow(class: &'static str) -> Html {
    html! {
        <svg {class} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d="M6 3l5 5-5 5" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" />
        </svg>
    }
}

/// The sources of a picture for `srcset`.
pub fn srcset(cx: &Context, image: &Image) -> AttrValue {
    let sources: Vec<String> = image
        .sizes
        .iter()
        .map(|size| format!("{} {}w", cx.file(&image.path(size)), size.width))
        .collect();
    sources.join(", ").into()
}

/// The classes of a picture: the tone that stands in for it while it loads, and its proportion.
pub fn picture_class(tone: &str, width: u32, height: u32) -> String {
    format!(
        "picture {} {}",
        tone_class(tone),
        ratio_class(width, height)
    )
}
