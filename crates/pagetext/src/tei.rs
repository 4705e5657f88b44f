//! Parser for TEI with a facsimile or an embedded transcription. In the first case, the elements
//! and line beginnings of the text refer to zones of the facsimile with `facs`. In the second case,
//! the lines of the transcription (`sourceDoc`) have positions.

use std::collections::BTreeMap;

use crate::build::{
    DraftLine, DraftWord, Inherited, PageBuilder, mark_divided_word, normalise_text, single_page,
};
use crate::error::PageTextError;
use crate::model::{Format, PageText};
use crate::position::{BoundingBox, parse_number};
use crate::tree::{Element, Node};

pub(crate) fn parse(root: &Element) -> Result<PageText, PageTextError> {
    let mut builder = PageBuilder::new(Format::Tei);
    let mut surfaces = Vec::new();
    let mut page_beginnings = Vec::new();
    for part in root.elements() {
        match part.name.as_str() {
            "facsimile" | "sourceDoc" => {
                part.find(&|element| element.name == "surface", &mut surfaces);
            }
            "text" => part.find(&|element| element.name == "pb", &mut page_beginnings),
            _ => {}
        }
    }
    let surface = single_page(&surfaces)?;
    single_page(&page_beginnings)?;
    let mut zones = BTreeMap::new();
    if let Some(surface) = surface {
        set_size(&mut builder, surface);
        collect_zones(&mut builder, surface, &mut zones);
    }
    let inherited = inherited_within(&Inherited::default(), root);
    let mut parser = Parser {
        builder,
        zones,
        text: String::new(),
        words: Vec::new(),
        line_bounds: None,
        block_bounds: None,
        has_space: false,
    };
    for part in root.elements() {
        if matches!(part.name.as_str(), "text" | "sourceDoc") {
            parser.parse_content(part, &inherited_within(&inherited, part))?;
            parser.end_line(part, &inherited)?;
        }
    }
    Ok(parser.builder.finish())
}

fn inherited_within(outer: &Inherited, element: &Element) -> Inherited {
    outer.within(element, &["lang"], None)
}

/// Sets the size of the page to the size of a surface or, if the surface has no coordinates, to the
/// size of its graphic.
fn set_size(builder: &mut PageBuilder, surface: &Element) {
    let side = |element: &Element, name| element.get(name).and_then(parse_number);
    let origin = |name| side(surface, name).unwrap_or(0.0);
    if origin("ulx") == 0.0 && origin("uly") == 0.0 {
        builder.set_size(side(surface, "lrx"), side(surface, "lry"));
    }
    let mut graphics = Vec::new();
    surface.find(&|element| element.name == "graphic", &mut graphics);
    if !builder.has_size()
        && let Some(graphic) = graphics.first()
    {
        builder.set_size(side(graphic, "width"), side(graphic, "height"));
    }
}

/// Collects the positions of all elements inside `parent`, such as zones, by their identifiers.
fn collect_zones(
    builder: &mut PageBuilder,
    parent: &Element,
    zones: &mut BTreeMap<String, BoundingBox>,
) {
    for element in parent.elements() {
        let bounds = bounds(builder, element);
        if let (Some(id), Some(bounds)) = (element.get("id"), bounds) {
            zones.insert(id.to_owned(), bounds);
        }
        collect_zones(builder, element, zones);
    }
}

fn bounds(builder: &mut PageBuilder, element: &Element) -> Option<BoundingBox> {
    let bounds = builder.bounds_in_attributes(element, ["ulx", "uly", "lrx", "lry"], false);
    bounds.or_else(|| builder.bounds_of_points(element, "points"))
}

/// A parser for the text, with the state of the current line.
struct Parser {
    builder: PageBuilder,
    zones: BTreeMap<String, BoundingBox>,
    text: String,
    words: Vec<DraftWord>,
    /// Position of the current line.
    line_bounds: Option<BoundingBox>,
    /// Position of the enclosing block element.
    block_bounds: Option<BoundingBox>,
    /// `true` if white space follows the last word.
    has_space: bool,
}

impl Parser {
    /// Returns the zone to which an element refers.
    fn zone(&self, element: &Element) -> Option<BoundingBox> {
        let pointers = element.get("facs")?.split_whitespace();
        let mut zones = pointers.filter_map(|pointer| self.zones.get(pointer.strip_prefix('#')?));
        zones.next().copied()
    }

    fn parse_content(
        &mut self,
        parent: &Element,
        inherited: &Inherited,
    ) -> Result<(), PageTextError> {
        for node in &parent.children {
            match node {
                Node::Text(text) => {
                    self.has_space |= text.contains(char::is_whitespace);
                    self.text.push_str(text);
                }
                Node::Element(element) => self.parse_element(parent, inherited, element)?,
            }
        }
        Ok(())
    }

    /// Parses an element. `outer` contains the attributes that apply to the content of its parent.
    fn parse_element(
        &mut self,
        parent: &Element,
        outer: &Inherited,
        element: &Element,
    ) -> Result<(), PageTextError> {
        let inherited = inherited_within(outer, element);
        let is_milestone = matches!(element.name.as_str(), "lb" | "pb" | "cb" | "gb");
        if is_milestone && element.get("break") == Some("no") {
            mark_divided_word(&mut self.text);
        }
        match element.name.as_str() {
            // These elements contain editorial readings or images, which are not text on the page.
            "corr" | "reg" | "expan" | "facsimile" | "graphic" => {}
            "lb" => {
                self.end_line(element, outer)?;
                self.line_bounds = self.zone(element).or(self.block_bounds);
            }
            "w" | "pc" => {
                let text = element.text();
                self.words.push(DraftWord {
                    has_space_before: std::mem::take(&mut self.has_space),
                    bounds: self.zone(element),
                    text: text.clone(),
                });
                self.text.push_str(&text);
            }
            "pb" | "cb" | "gb" => self.end_line(parent, outer)?,
            name if is_block(name) => {
                self.end_line(parent, outer)?;
                let is_line = matches!(name, "l" | "line");
                if !is_line {
                    self.builder.start_paragraph();
                }
                let bounds = self.zone(element).or_else(|| match name {
                    "line" | "zone" => bounds(&mut self.builder, element),
                    _ => None,
                });
                let outer_bounds = std::mem::replace(&mut self.block_bounds, bounds);
                self.line_bounds = bounds;
                self.parse_content(element, &inherited)?;
                self.end_line(element, &inherited)?;
                self.block_bounds = outer_bounds;
                self.line_bounds = outer_bounds;
                if !is_line {
                    self.builder.start_paragraph();
                }
            }
            _ => self.parse_content(element, &inherited)?,
        }
        Ok(())
    }

    /// Adds the current line, unless it is empty.
    fn end_line(&mut self, element: &Element, inherited: &Inherited) -> Result<(), PageTextError> {
        let text = normalise_text(&std::mem::take(&mut self.text));
        let words = std::mem::take(&mut self.words);
        self.has_space = false;
        if text.is_empty() {
            return Ok(());
        }
        let draft = DraftLine {
            text: Some(text),
            words,
            bounds: self.line_bounds,
        };
        self.builder.add_line(element, inherited, draft)
    }
}

/// Returns `true` if an element starts a new line.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "ab" | "argument"
            | "byline"
            | "cell"
            | "closer"
            | "dateline"
            | "div"
            | "docTitle"
            | "epigraph"
            | "figDesc"
            | "fw"
            | "head"
            | "imprimatur"
            | "item"
            | "l"
            | "label"
            | "lg"
            | "line"
            | "note"
            | "opener"
            | "p"
            | "quote"
            | "salute"
            | "signed"
            | "sp"
            | "speaker"
            | "surface"
            | "titlePart"
            | "trailer"
            | "zone"
    )
}
