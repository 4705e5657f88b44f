//! Parser for PAGE XML (PRImA, Page Content 2013-07-15 to 2019-07-15). Regions contain lines, whose
//! text is in `TextEquiv` and whose position is in `Coords`.

use std::collections::BTreeSet;

use khizana_model::Direction;

use crate::build::{DraftLine, DraftWord, Inherited, PageBuilder, single_page};
use crate::error::PageTextError;
use crate::model::{Format, PageText};
use crate::position::{BoundingBox, parse_number};
use crate::tree::Element;

pub(crate) fn parse(root: &Element) -> Result<PageText, PageTextError> {
    let mut builder = PageBuilder::new(Format::PageXml);
    let Some(page) = single_page(&root.named("Page").collect::<Vec<_>>())? else {
        return Ok(builder.finish());
    };
    let side = |name| page.get(name).and_then(parse_number);
    builder.set_size(side("imageWidth"), side("imageHeight"));
    let inherited = inherited_within(&Inherited::default(), page);
    let mut regions = Vec::new();
    collect_regions(page, &inherited, &mut regions);
    let mut ordered_ids = Vec::new();
    for reading_order in page.named("ReadingOrder") {
        collect_ids(reading_order, &mut ordered_ids);
    }
    let ordered = ordered_ids.iter().filter_map(|id| {
        regions
            .iter()
            .position(|(region, _)| region.get("id") == Some(id))
    });
    // Regions that are not part of the reading order follow in document order.
    let mut added = BTreeSet::new();
    for index in ordered.chain(0..regions.len()) {
        if let Some((region, inherited)) = regions.get(index)
            && added.insert(index)
        {
            builder.start_paragraph();
            add_lines(&mut builder, region, inherited)?;
        }
    }
    Ok(builder.finish())
}

fn inherited_within(outer: &Inherited, element: &Element) -> Inherited {
    let direction = match element.get("readingDirection") {
        Some("right-to-left") => Some(Direction::Rtl),
        Some("left-to-right") => Some(Direction::Ltr),
        _ => None,
    };
    outer.within(element, &["primaryLanguage", "language"], direction)
}

/// Collects all text regions in document order, including nested ones.
fn collect_regions<'a>(
    parent: &'a Element,
    inherited: &Inherited,
    regions: &mut Vec<(&'a Element, Inherited)>,
) {
    for element in parent.elements() {
        if !element.name.ends_with("Region") {
            continue;
        }
        let inherited = inherited_within(inherited, element);
        if element.name == "TextRegion" {
            regions.push((element, inherited.clone()));
        }
        collect_regions(element, &inherited, regions);
    }
}

/// Collects the identifiers of regions in reading order.
fn collect_ids<'a>(group: &'a Element, ids: &mut Vec<&'a str>) {
    let mut members: Vec<&Element> = group.elements().collect();
    // Sorting is stable, so members without an index stay in document order.
    members.sort_by_key(|member| {
        member
            .get("index")
            .and_then(|index| index.trim().parse::<u32>().ok())
    });
    for member in members {
        ids.extend(member.get("regionRef"));
        collect_ids(member, ids);
    }
}

/// Adds the lines of a region. If a region has no lines, its own text is added as a line.
fn add_lines(
    builder: &mut PageBuilder,
    region: &Element,
    inherited: &Inherited,
) -> Result<(), PageTextError> {
    let mut has_lines = false;
    for line in region.named("TextLine") {
        has_lines = true;
        let words = line.named("Word").map(|word| DraftWord {
            text: text_equivalent(word).unwrap_or_default(),
            has_space_before: true,
            bounds: coords(builder, word),
        });
        let draft = DraftLine {
            words: words.collect(),
            text: text_equivalent(line),
            bounds: coords(builder, line),
        };
        builder.add_line(line, &inherited_within(inherited, line), draft)?;
    }
    if !has_lines {
        let draft = DraftLine {
            text: text_equivalent(region),
            words: Vec::new(),
            bounds: coords(builder, region),
        };
        builder.add_line(region, inherited, draft)?;
    }
    Ok(())
}

/// Returns the text of an element. If there are several alternatives, returns the one with the
/// lowest index.
fn text_equivalent(element: &Element) -> Option<String> {
    let alternative = element.named("TextEquiv").min_by_key(|alternative| {
        alternative
            .get("index")
            .and_then(|index| index.parse().ok())
            .unwrap_or(0u32)
    })?;
    Some(alternative.named("Unicode").next()?.text())
}

fn coords(builder: &mut PageBuilder, element: &Element) -> Option<BoundingBox> {
    builder.bounds_of_points(element.named("Coords").next()?, "points")
}
