//! Parser for ALTO, versions 2 to 4 (Library of Congress).

use khizana_model::Direction;

use crate::build::{DraftLine, DraftWord, Inherited, PageBuilder, single_page};
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
    for element in line.elements() {
        match element.name.as_str() {
            "SP" => has_space_before = true,
            "String" => words.push(DraftWord {
                text: element.get("CONTENT").unwrap_or_default().to_owned(),
                has_space_before: std::mem::take(&mut has_space_before),
                bounds: bounds(builder, element),
            }),
            // The hyphen at the end of a line is part of the preceding word.
            "HYP" => {
                if let Some(last) = words.last_mut() {
                    last.text.push_str(element.get("CONTENT").unwrap_or("-"));
                }
            }
            _ => {}
        }
    }
    let draft = DraftLine {
        text: None,
        words,
        bounds: bounds(builder, line),
    };
    builder.add_line(line, inherited, draft)
}

fn bounds(builder: &mut PageBuilder, element: &Element) -> Option<BoundingBox> {
    builder.bounds_in_attributes(element, ["HPOS", "VPOS", "WIDTH", "HEIGHT"], true)
}
