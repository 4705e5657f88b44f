//! TEI: a text whose elements and line beginnings point with `facs` to zones of a facsimile, or an
//! embedded transcription (`sourceDoc`), whose lines are zones themselves.

use std::collections::BTreeMap;

use crate::build::{Builder, Draft, Manner, Part, only};
use crate::error::PageTextError;
use crate::model::{Format, PageText};
use crate::place::{Edges, number};
use crate::tree::{Element, Node};

pub(crate) fn read(root: &Element) -> Result<PageText, PageTextError> {
    let mut builder = Builder::new(Format::Tei);
    let mut surfaces = Vec::new();
    let mut beginnings = Vec::new();
    for part in root.elements() {
        match part.name.as_str() {
            "facsimile" | "sourceDoc" => {
                part.find(&|element| element.name == "surface", &mut surfaces);
            }
            "text" => part.find(&|element| element.name == "pb", &mut beginnings),
            _ => {}
        }
    }
    let surface = only(&surfaces)?;
    only(&beginnings)?;
    let mut zones = BTreeMap::new();
    if let Some(surface) = surface {
        measure(&mut builder, surface);
        gather(&mut builder, surface, &mut zones);
    }
    let of_root = manner(&Manner::default(), root);
    let mut running = Running {
        builder,
        zones,
        text: String::new(),
        words: Vec::new(),
        edges: None,
        block: None,
        apart: false,
    };
    for part in root.elements() {
        if matches!(part.name.as_str(), "text" | "sourceDoc") {
            running.walk(part, &manner(&of_root, part))?;
            running.end(part, &of_root)?;
        }
    }
    Ok(running.builder.finish())
}

fn manner(outer: &Manner, element: &Element) -> Manner {
    outer.within(element, &["lang"], None)
}

/// The size of a surface: its own corners, or those of its picture.
fn measure(builder: &mut Builder, surface: &Element) {
    let side = |element: &Element, name| element.get(name).and_then(number);
    let corner = |name| side(surface, name).unwrap_or(0.0);
    if corner("ulx") == 0.0 && corner("uly") == 0.0 {
        builder.size(side(surface, "lrx"), side(surface, "lry"));
    }
    let mut graphics = Vec::new();
    surface.find(&|element| element.name == "graphic", &mut graphics);
    if !builder.is_measured()
        && let Some(graphic) = graphics.first()
    {
        builder.size(side(graphic, "width"), side(graphic, "height"));
    }
}

/// The places of zones, by their identifiers.
fn gather(builder: &mut Builder, outer: &Element, zones: &mut BTreeMap<String, Edges>) {
    for element in outer.elements() {
        let edges = place(builder, element);
        if let (Some(id), Some(edges)) = (element.get("id"), edges) {
            zones.insert(id.to_owned(), edges);
        }
        gather(builder, element, zones);
    }
}

fn place(builder: &mut Builder, element: &Element) -> Option<Edges> {
    let corners = builder.corners(element, ["ulx", "uly", "lrx", "lry"], false);
    corners.or_else(|| builder.points(element, "points"))
}

/// A line being gathered while the text is walked through.
struct Running {
    builder: Builder,
    zones: BTreeMap<String, Edges>,
    text: String,
    words: Vec<Part>,
    /// The place of the line, and that of the element which begins on a line of its own.
    edges: Option<Edges>,
    block: Option<Edges>,
    apart: bool,
}

impl Running {
    /// The zone to which an element points.
    fn zone(&self, element: &Element) -> Option<Edges> {
        let pointers = element.get("facs")?.split_whitespace();
        let mut zones = pointers.filter_map(|pointer| self.zones.get(pointer.strip_prefix('#')?));
        zones.next().copied()
    }

    fn walk(&mut self, outer: &Element, of_outer: &Manner) -> Result<(), PageTextError> {
        for node in &outer.children {
            match node {
                Node::Text(text) => {
                    self.apart |= text.contains(char::is_whitespace);
                    self.text.push_str(text);
                }
                Node::Element(element) => self.element(outer, of_outer, element)?,
            }
        }
        Ok(())
    }

    fn element(
        &mut self,
        outer: &Element,
        of_outer: &Manner,
        element: &Element,
    ) -> Result<(), PageTextError> {
        let own = manner(of_outer, element);
        match element.name.as_str() {
            // What an editor has put beside what stands on the page.
            "corr" | "reg" | "expan" | "facsimile" | "graphic" => {}
            "lb" => {
                self.end(element, of_outer)?;
                self.edges = self.zone(element).or(self.block);
            }
            "w" | "pc" => {
                let text = element.text();
                self.words.push(Part {
                    apart: std::mem::take(&mut self.apart),
                    edges: self.zone(element),
                    text: text.clone(),
                });
                self.text.push_str(&text);
            }
            "pb" | "cb" | "gb" => self.end(outer, of_outer)?,
            name if is_block(name) => {
                self.end(outer, of_outer)?;
                if !matches!(name, "l" | "line") {
                    self.builder.part();
                }
                let edges = self.zone(element).or_else(|| match name {
                    "line" | "zone" => place(&mut self.builder, element),
                    _ => None,
                });
                let outside = std::mem::replace(&mut self.block, edges);
                self.edges = edges;
                self.walk(element, &own)?;
                self.end(element, &own)?;
                self.block = outside;
                self.edges = outside;
                if !matches!(name, "l" | "line") {
                    self.builder.part();
                }
            }
            _ => self.walk(element, &own)?,
        }
        Ok(())
    }

    /// Closes the line.
    fn end(&mut self, element: &Element, manner: &Manner) -> Result<(), PageTextError> {
        let text = crate::build::clean(&std::mem::take(&mut self.text));
        let words = std::mem::take(&mut self.words);
        self.apart = false;
        if text.is_empty() {
            return Ok(());
        }
        let draft = Draft {
            text: Some(text),
            words,
            edges: self.edges,
        };
        self.builder.line(element, manner, draft)
    }
}

/// Elements that begin on a line of their own.
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
