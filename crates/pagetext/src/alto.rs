//! ALTO, versions 2 to 4 (Library of Congress): blocks, lines, and strings with their places.

use khizana_model::Direction;

use crate::build::{Builder, Draft, Manner, Part, only};
use crate::error::PageTextError;
use crate::model::{Format, PageText};
use crate::place::{Edges, number};
use crate::tree::Element;

pub(crate) fn read(root: &Element) -> Result<PageText, PageTextError> {
    let pages = root.named("Layout").flat_map(|layout| layout.named("Page"));
    let mut builder = Builder::new(Format::Alto);
    let Some(page) = only(&pages.collect::<Vec<_>>())? else {
        return Ok(builder.finish());
    };
    let side = |name| page.get(name).and_then(number);
    builder.size(side("WIDTH"), side("HEIGHT"));
    walk(&mut builder, page, &manner(&Manner::default(), page))?;
    Ok(builder.finish())
}

fn manner(outer: &Manner, element: &Element) -> Manner {
    let direction = match element.get("BASEDIRECTION") {
        Some("rtl") => Some(Direction::Rtl),
        Some("ltr") => Some(Direction::Ltr),
        _ => None,
    };
    outer.within(element, &["LANG", "language"], direction)
}

fn walk(builder: &mut Builder, outer: &Element, of_outer: &Manner) -> Result<(), PageTextError> {
    for element in outer.elements() {
        let own = manner(of_outer, element);
        match element.name.as_str() {
            "TextLine" => line(builder, element, &own)?,
            "TextBlock" => {
                builder.part();
                walk(builder, element, &own)?;
            }
            _ => walk(builder, element, &own)?,
        }
    }
    Ok(())
}

fn line(builder: &mut Builder, line: &Element, manner: &Manner) -> Result<(), PageTextError> {
    let mut words = Vec::new();
    let mut apart = false;
    for element in line.elements() {
        match element.name.as_str() {
            "SP" => apart = true,
            "String" => words.push(Part {
                text: element.get("CONTENT").unwrap_or_default().to_owned(),
                apart: std::mem::take(&mut apart),
                edges: place(builder, element),
            }),
            // The hyphen at the end of a line belongs to the word before it.
            "HYP" => {
                if let Some(last) = words.last_mut() {
                    last.text.push_str(element.get("CONTENT").unwrap_or("-"));
                }
            }
            _ => {}
        }
    }
    let draft = Draft {
        text: None,
        words,
        edges: place(builder, line),
    };
    builder.line(line, manner, draft)
}

fn place(builder: &mut Builder, element: &Element) -> Option<Edges> {
    builder.corners(element, ["HPOS", "VPOS", "WIDTH", "HEIGHT"], true)
}
