//! Parser for ALTO, versions 2 to 4 (Library of Congress).

use khizana_model::Direction;

use crate::build::{DraftLine, DraftWord, Inherited, PageBuilder, mark_divided_word, single_page};
use crate::error::PageTextError;
use crate::model::{Format, PageText};
use crate::position::{BoundingBox, parse_number};
use crate::tree::Element;

pub(crate) fn parse(root: &Element) -> Result<PageText, PageTextError> {
    let pages = root.named("Layout").flat_map(|layout| layout.named("Page"));
    let mut builder = PageBuilder::new(Format::Alto);
    let Some(page) = single_page(&pages.collect::<Vec<_>>())? else {
        return Ok(builder.finish());
    };
    let side = |name| page.get(name).and_then(parse_number);
    builder.set_size(side("WIDTH"), side("HEIGHT"));
    let inherited = inherited_within(&Inherited::default(), page);
    add_content(&mut builder, page, &inherited)?;
    Ok(builder.finish())
}

fn inherited_within(outer: &Inherited, element: &Element) -> Inherited {
    let direction = match element.get("BASEDIRECTION") {
        Some("rtl") => Some(Direction::Rtl),
        Some("ltr") => Some(Direction::Ltr),
        _ => None,
    };
    outer.within(element, &["LANG", "language"], direction)
}

/// Adds all lines inside an element.
fn add_content(
    builder: &mut PageBuilder,
    parent: &Element,
    inherited: &Inherited,
) -> Result<(), PageTextError> {
    for element in parent.elements() {
        let inherited = inherited_within(inherited, element);
        match element.name.as_str() {
            "TextLine" => add_line(builder, element, &inherited)?,
            "TextBlock" => {
                builder.start_paragraph();
                add_content(builder, element, &inherited)?;
            }
            _ => add_content(builder, element, &inherited)?,
        }
    }
    Ok(())
}

fn add_line(
    builder: &mut PageBuilder,
    line: &Element,
    inherited: &Inherited,
) -> Result<(), PageTextError> {
    let mut words: Vec<DraftWord> = Vec::new();
    let mut has_space_before = false;
    let mut is_divided = false;
    for element in line.elements() {
        match element.name.as_str() {
            "SP" => has_space_before = true,
            "String" => {
                is_divided = element.get("SUBS_TYPE") == Some("HypPart1");
                words.push(DraftWord {
                    text: element.get("CONTENT").unwrap_or_default().to_owned(),
                    has_space_before: std::mem::take(&mut has_space_before),
                    bounds: bounds(builder, element),
                });
            }
            // The hyphen at the end of a line is part of the preceding word. Some programs write it
            // in both places.
            "HYP" => {
                let hyphen = element.get("CONTENT").unwrap_or("-").trim();
                if let Some(last) = words.last_mut()
                    && !last.text.ends_with(hyphen)
                {
                    last.text.push_str(hyphen);
                }
            }
            _ => {}
        }
    }
    if let Some(last) = words.last_mut().filter(|_| is_divided) {
        mark_divided_word(&mut last.text);
    }
    let draft = DraftLine {
        text: None,
        words,
        bounds: bounds(builder, line),
    };
    builder.add_line(line, inherited, draft)
}

/// Returns the position of an element. A rectangle is preferred to a shape, because all versions
/// have it; programs that segment pages into polygons omit it, or leave it empty.
fn bounds(builder: &mut PageBuilder, element: &Element) -> Option<BoundingBox> {
    let rectangle =
        builder.bounds_in_attributes(element, ["HPOS", "VPOS", "WIDTH", "HEIGHT"], true);
    rectangle
        .filter(|rectangle| !rectangle.is_empty())
        .or_else(|| shape_bounds(builder, element))
        .or(rectangle)
}

/// Returns the bounding box of the polygon, circle or ellipse of an element.
fn shape_bounds(builder: &mut PageBuilder, element: &Element) -> Option<BoundingBox> {
    let shape = element.named("Shape").flat_map(Element::elements).next()?;
    if shape.name == "Polygon" {
        return builder.bounds_of_points(shape, "POINTS");
    }
    let number = |name| shape.get(name).and_then(parse_number);
    let radii = match shape.name.as_str() {
        "Circle" => (number("RADIUS"), number("RADIUS")),
        // The axes of a rotated ellipse are not those of the page.
        "Ellipse" if number("ROTATION").is_none_or(|angle| angle == 0.0) => {
            (number("HLENGTH"), number("VLENGTH"))
        }
        _ => return None,
    };
    let (Some(x), Some(y), (Some(horizontal), Some(vertical))) =
        (number("HPOS"), number("VPOS"), radii)
    else {
        builder.report_invalid_position(shape);
        return None;
    };
    Some(BoundingBox(
        x - horizontal,
        y - vertical,
        x + horizontal,
        y + vertical,
    ))
}
