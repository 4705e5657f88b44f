//! PAGE XML (PRImA, Page Content 2013-07-15 to 2019-07-15): regions with lines, each with its text in
//! `TextEquiv` and its place in `Coords`.

use std::collections::BTreeSet;

use khizana_model::Direction;

use crate::build::{Builder, Draft, Manner, Part, only};
use crate::error::PageTextError;
use crate::model::{Format, PageText};
use crate::place::{Edges, number};
use crate::tree::Element;

pub(crate) fn read(root: &Element) -> Result<PageText, PageTextError> {
    let mut builder = Builder::new(Format::PageXml);
    let Some(page) = only(&root.named("Page").collect::<Vec<_>>())? else {
        return Ok(builder.finish());
    };
    let side = |name| page.get(name).and_then(number);
    builder.size(side("imageWidth"), side("imageHeight"));
    let manner = manner(&Manner::default(), page);
    let mut regions = Vec::new();
    gather(page, &manner, &mut regions);
    let mut order = Vec::new();
    for reading in page.named("ReadingOrder") {
        referred(reading, &mut order);
    }
    let mut done = BTreeSet::new();
    let said = order.iter().filter_map(|id| {
        regions
            .iter()
            .position(|(own, _)| own.get("id") == Some(id))
    });
    for place in said.chain(0..regions.len()) {
        if let Some((region, manner)) = regions.get(place)
            && done.insert(place)
        {
            builder.part();
            lines(&mut builder, region, manner)?;
        }
    }
    Ok(builder.finish())
}

fn manner(outer: &Manner, element: &Element) -> Manner {
    let direction = match element.get("readingDirection") {
        Some("right-to-left") => Some(Direction::Rtl),
        Some("left-to-right") => Some(Direction::Ltr),
        _ => None,
    };
    outer.within(element, &["primaryLanguage", "language"], direction)
}

/// All regions of text, one after the other, also those in tables and in one another.
fn gather<'a>(outer: &'a Element, of_outer: &Manner, regions: &mut Vec<(&'a Element, Manner)>) {
    for element in outer.elements() {
        if !element.name.ends_with("Region") {
            continue;
        }
        let own = manner(of_outer, element);
        if element.name == "TextRegion" {
            regions.push((element, own.clone()));
        }
        gather(element, &own, regions);
    }
}

/// The identifiers of regions in the order in which they are read.
fn referred<'a>(group: &'a Element, order: &mut Vec<&'a str>) {
    let mut members: Vec<&Element> = group.elements().collect();
    // Members without a number keep their place among themselves.
    members.sort_by_key(|member| {
        member
            .get("index")
            .and_then(|index| index.trim().parse::<u32>().ok())
    });
    for member in members {
        order.extend(member.get("regionRef"));
        referred(member, order);
    }
}

fn lines(builder: &mut Builder, region: &Element, of_region: &Manner) -> Result<(), PageTextError> {
    let mut any = false;
    for line in region.named("TextLine") {
        any = true;
        let words = line.named("Word").map(|word| Part {
            text: equivalent(word).unwrap_or_default(),
            apart: true,
            edges: coords(builder, word),
        });
        let draft = Draft {
            words: words.collect(),
            text: equivalent(line),
            edges: coords(builder, line),
        };
        builder.line(line, &manner(of_region, line), draft)?;
    }
    if !any {
        let draft = Draft {
            text: equivalent(region),
            words: Vec::new(),
            edges: coords(builder, region),
        };
        builder.line(region, of_region, draft)?;
    }
    Ok(())
}

/// The text of an element: of several readings that of the lowest number.
fn equivalent(element: &Element) -> Option<String> {
    let reading = element.named("TextEquiv").min_by_key(|reading| {
        reading
            .get("index")
            .and_then(|index| index.parse().ok())
            .unwrap_or(0u32)
    })?;
    Some(reading.named("Unicode").next()?.text())
}

fn coords(builder: &mut Builder, element: &Element) -> Option<Edges> {
    builder.points(element.named("Coords").next()?, "points")
}
