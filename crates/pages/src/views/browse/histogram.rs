//! The histogram of the years, with two marks that select a range.

use std::ops::Range;

use super::super::context::Context;
use super::super::el::{El, el};
use super::hidden_inputs::hidden_inputs;
use crate::dates;
use crate::i18n;
use crate::page::Browse;
use crate::query::BrowseQuery;
use crate::route::Route;
use crate::timeline::{Slot, Timeline};

/// Minimum distance between labels on a narrow screen and on other screens, in thousandths of the
/// width.
const DISTANCES: [usize; 2] = [290, 100];

/// Renders the histogram. Returns `None` if the results have no timeline.
///
/// The style sheet lays the two range inputs over the bars. Without the viewer, the form submits
/// their positions and the scale, from which [`BrowseQuery::parse`] computes the years.
pub fn histogram(cx: &Context, view: &Browse) -> Option<El> {
    let timeline = timeline(view)?;
    let lang = cx.lang;
    let query = &view.query;
    let (left, right) = timeline.marks(query.from, query.to);
    let count = timeline.slots.len();
    let max = u32::try_from(count).unwrap_or(u32::MAX);
    let mark = |name: &'static str, label: &'static str, position: usize, year: i32| {
        el("input")
            .attr("type", "range")
            .attr("name", name)
            .attr("min", "0")
            .attr("max", max)
            .attr("aria-label", label)
            .attr("aria-valuetext", dates::year(year, lang))
            .value(Some(&position.to_string()))
    };
    let first = timeline.years_around(left).0;
    let last = timeline.years_around(right - 1).1;
    let brush = el("div")
        .class("brush")
        .with(mark("left", i18n::year_first(lang), left, first))
        .with(mark("right", i18n::year_last(lang), right, last));
    let scale = el("input")
        .attr("type", "hidden")
        .attr("name", "scale")
        .attr("value", timeline.scale());
    let selected = query.year_range().map(|_| left..right).unwrap_or_default();
    let chart = el("div")
        .class("chart")
        .with(bars(cx, &timeline, selected))
        .with(brush)
        .with(axis(cx, &timeline));
    Some(
        el("form")
            .class("span")
            .attr("action", cx.href(&Route::Browse(BrowseQuery::default())))
            .attr("aria-label", i18n::years(lang))
            .with(hidden_inputs(&query.without_years()))
            .with(scale)
            .with(chart)
            .with(
                el("button")
                    .attr("type", "submit")
                    .with(i18n::years_narrow(lang)),
            ),
    )
}

/// Returns the timeline of the results.
pub fn timeline(view: &Browse) -> Option<Timeline> {
    let mut facets = view.facets.iter();
    facets.find_map(|facet| Timeline::of(&facet.field, &facet.values))
}

/// Width of a slot in the units of the image.
const SLOT: u32 = 10;

/// Renders the bars as an image that is stretched to the width of the page. Their heights are
/// proportional to the square roots of the numbers, so that a single decade with most of the items
/// does not flatten all others.
fn bars(cx: &Context, timeline: &Timeline, selected: Range<usize>) -> El {
    let numbers = timeline.slots.iter().map(|slot| match slot {
        Slot::Period(_, number) => *number,
        Slot::Cut => 0,
    });
    let max = f64::from(numbers.max().unwrap_or_default().max(1));
    let width = timeline.slots.len() as u32 * SLOT;
    let mut image = el("svg")
        .class("bars")
        .attr("viewBox", format!("0 0 {width} 1000"))
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .attr("focusable", "false");
    for (slot, i) in timeline.slots.iter().zip(0u32..) {
        let x = if is_rtl(cx) {
            width - (i + 1) * SLOT
        } else {
            i * SLOT
        };
        let Slot::Period(_, number) = *slot else {
            let lines = format!("M{} 1060l3-120M{} 1060l3-120", x + 2, x + 5);
            image = image.with(el("path").attr("d", lines));
            continue;
        };
        // At least 2.5 %, so that a single item is visible. A square root is exact on all machines.
        let height = match number {
            0 => 0,
            number => 25 + ((f64::from(number) / max).sqrt() * 975.0) as u32,
        };
        let is_selected = selected.contains(&(i as usize));
        let bar = el("rect")
            .attr("class", is_selected.then_some("on"))
            .attr("x", x)
            .attr("y", 1_000 - height)
            .attr("width", SLOT)
            .attr("height", height);
        image = image.with(bar);
    }
    image
}

/// Renders the years below the bars. The style sheet hides the minor ones on narrow screens.
fn axis(cx: &Context, timeline: &Timeline) -> El {
    let mut image = el("svg")
        .class("axis")
        .attr("aria-hidden", "true")
        .attr("focusable", "false");
    for (position, year, is_minor) in labels(timeline) {
        let anchor = match position {
            0 => "start",
            1_000 => "end",
            _ => "middle",
        };
        let x = if is_rtl(cx) {
            1_000 - position
        } else {
            position
        };
        let label = el("text")
            .attr("class", is_minor.then_some("minor"))
            .attr("x", format!("{}.{}%", x / 10, x % 10))
            .attr("y", "1em")
            .attr("text-anchor", anchor)
            .with(dates::year(year, cx.lang));
        image = image.with(label);
    }
    image
}

/// Returns the positions in thousandths, the years, and whether each label is minor. Round years
/// are preferred.
fn labels(timeline: &Timeline) -> Vec<(usize, i32, bool)> {
    let count = timeline.slots.len();
    let mut labels: Vec<(usize, i32, bool)> = vec![
        (0, timeline.years_around(0).0, false),
        (1_000, timeline.years_around(count - 1).0, false),
    ];
    for distance in DISTANCES {
        for step in [1_000, 500, 100, 50, 20, 10] {
            for (i, slot) in timeline.slots.iter().enumerate() {
                let position = i * 1_000 / count;
                let is_free = labels
                    .iter()
                    .all(|(other, _, _)| other.abs_diff(position) >= distance);
                if let Slot::Period(year, _) = slot
                    && year % step == 0
                    && is_free
                {
                    labels.push((position, *year, distance < DISTANCES[0]));
                }
            }
        }
    }
    labels
}

fn is_rtl(cx: &Context) -> bool {
    cx.lang.dir() == "rtl"
}
