//! The place of an item on an outline map.

use khizana_format::MAP_SIZE;

use super::context::Context;
use super::details::coordinates;
use super::el::{El, el};
use crate::i18n;
use crate::page::ItemPage;

/// Radius of the spot in units of the map.
const SPOT: u32 = 11;

/// Renders a map with a spot where the item is, and its coordinates behind a disclosure. Returns `None` if
/// the item has no map.
pub fn map(cx: &Context, view: &ItemPage) -> Option<El> {
    let lang = cx.lang;
    let file = view.record.map.as_ref()?;
    let (x, y) = view.record.spot?;
    let (width, height) = MAP_SIZE;
    let item = &view.record.item;
    let coordinates = coordinates(cx, item.location?);
    let place = item.field("place").map(|place| cx.best(place, "").text);
    let name = i18n::map_of(lang, place.as_deref().unwrap_or(&coordinates));
    let image = el("img")
        .attr("src", cx.file(&file.path()))
        .attr("alt", "")
        .attr("width", width)
        .attr("height", height)
        .attr("loading", "lazy");
    let spot = el("svg")
        .attr("viewBox", format!("0 0 {width} {height}"))
        .attr("aria-hidden", "true")
        .attr("focusable", "false")
        .with(el("circle").attr("cx", x).attr("cy", y).attr("r", SPOT));
    let digits = el("details")
        .with(el("summary").with(i18n::location(lang)))
        .with(el("p").with(coordinates));
    Some(
        el("figure")
            .class("map")
            .with(
                el("div")
                    .attr("role", "img")
                    .attr("aria-label", name)
                    .with(image)
                    .with(spot),
            )
            .with(el("figcaption").with(digits)),
    )
}
