//! Parser that converts XML to a tree, within limits.

use khizana_model::message;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use crate::error::PageTextError;

/// Maximum size of an XML file in bytes. The file for a large newspaper page has about 10 MB.
pub const MAX_BYTES: u64 = 32 << 20;
/// Maximum nesting depth of elements.
const MAX_DEPTH: usize = 100;
/// Maximum total number of elements, attributes and text nodes.
const MAX_NODES: usize = 1_000_000;
/// Maximum number of attributes per element.
const MAX_ATTRIBUTES: usize = 64;

/// An XML element. The names of elements and attributes have no namespace prefix.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
    /// Line number of the start tag, starting at 1.
    pub(crate) line: u64,
}

/// A child of an element.
#[derive(Debug)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// Returns the value of the attribute with the given name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(attribute, _)| attribute == name)
            .map(|(_, value)| value.as_str())
    }

    /// Returns the child elements.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// Returns the child elements with the given name.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements().filter(move |element| element.name == name)
    }

    /// Returns the text of the element and all its descendants.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        self.append_text(&mut out);
        out
    }

    fn append_text(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Element(element) => element.append_text(out),
                Node::Text(text) => out.push_str(text),
            }
        }
    }

    /// Adds the descendants that satisfy the predicate to `matches`. The descendants of a match are
    /// not searched.
    pub(crate) fn find<'a>(
        &'a self,
        predicate: &impl Fn(&Element) -> bool,
        matches: &mut Vec<&'a Element>,
    ) {
        for element in self.elements() {
            if predicate(element) {
                matches.push(element);
            } else {
                element.find(predicate, matches);
            }
        }
    }
}

/// Returns the line number at the end of `bytes`, starting at 1.
pub(crate) fn line_number_after(bytes: &[u8]) -> u64 {
    1 + bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Returns `true` for the void elements of HTML, which have no end tag.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area" | "base" | "br" | "col" | "hr" | "img" | "input" | "link" | "meta" | "wbr"
    )
}

/// Returns `true` for elements that are skipped together with their content, namely the glyphs of a
/// word.
fn is_skipped(name: &str) -> bool {
    name == "Glyph"
}

/// Builds the element tree of a document.
struct TreeBuilder<'a> {
    text: &'a str,
    /// Byte offset for which a line number was last computed, and that line number.
    line_cache: (usize, u64),
    /// Elements whose end tag has not been reached yet, from the outermost to the innermost.
    open: Vec<Element>,
    root: Option<Element>,
    nodes: usize,
    /// Nesting depth inside a skipped element, or 0 outside such elements.
    skip_depth: usize,
    is_html: bool,
}

impl TreeBuilder<'_> {
    /// Returns the line number at a byte offset. Offsets should be ascending: for an offset that is
    /// before the previous one, the line number of the previous offset is returned.
    fn line_number(&mut self, offset: u64) -> u64 {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let (start, line) = self.line_cache;
        let between = self.text.as_bytes().get(start..offset).unwrap_or_default();
        let line = line + line_number_after(between) - 1;
        if offset > start {
            self.line_cache = (offset, line);
        }
        line
    }

    fn add_nodes(&mut self, line: u64, nodes: usize) -> Result<(), PageTextError> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            return Err(PageTextError::TooLarge {
                line,
                unit: message!("elements, attributes and texts"),
                max: MAX_NODES,
            });
        }
        Ok(())
    }

    fn create_element(
        &mut self,
        start: &BytesStart<'_>,
        line: u64,
    ) -> Result<Element, PageTextError> {
        let malformed = |reason: String| PageTextError::Malformed { line, reason };
        let name = start.local_name().as_ref().to_owned();
        if self.open.is_empty() && self.root.is_none() {
            self.is_html = name == "html";
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| malformed(error.to_string()))?;
            if attributes.len() >= MAX_ATTRIBUTES {
                return Err(PageTextError::TooLarge {
                    line,
                    unit: message!("attributes in one element"),
                    max: MAX_ATTRIBUTES,
                });
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| malformed(error.to_string()))?;
            let key = attribute.key.local_name();
            attributes.push((key.as_ref().to_owned(), value.into_owned()));
        }
        self.add_nodes(line, 1 + attributes.len())?;
        if self.open.len() >= MAX_DEPTH {
            return Err(PageTextError::TooDeep {
                line,
                max: MAX_DEPTH,
            });
        }
        Ok(Element {
            name,
            attributes,
            children: Vec::new(),
            line,
        })
    }

    fn append(&mut self, element: Element, line: u64) -> Result<(), PageTextError> {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None if self.root.is_none() => self.root = Some(element),
            None => {
                return Err(PageTextError::Malformed {
                    line,
                    reason: "an element follows the root element".to_owned(),
                });
            }
        }
        Ok(())
    }

    fn close_element(&mut self, name: &str, line: u64) -> Result<(), PageTextError> {
        if self.is_html && is_void(name) {
            return Ok(());
        }
        match self.open.pop() {
            Some(element) if element.name == name => self.append(element, line),
            Some(element) => Err(PageTextError::Malformed {
                line,
                reason: format!("`{}` is closed by the end tag of `{name}`", element.name),
            }),
            None => Err(PageTextError::Malformed {
                line,
                reason: format!("the end tag of `{name}` has no start tag"),
            }),
        }
    }

    fn append_text(&mut self, text: &str, line: u64) -> Result<(), PageTextError> {
        let Some(parent) = self.open.last_mut() else {
            if text.trim().is_empty() {
                return Ok(());
            }
            return Err(PageTextError::Malformed {
                line,
                reason: "it contains text outside the root element".to_owned(),
            });
        };
        if let Some(Node::Text(last)) = parent.children.last_mut() {
            last.push_str(text);
            return Ok(());
        }
        parent.children.push(Node::Text(text.to_owned()));
        self.add_nodes(line, 1)
    }
}

/// Resolves a character or entity reference.
fn resolve_reference(
    reference: &BytesRef<'_>,
    is_html: bool,
    line: u64,
) -> Result<String, PageTextError> {
    let unknown = || PageTextError::UnknownEntity {
        line,
        name: reference.chars().take(40).collect(),
    };
    if let Some(c) = reference.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(c.to_string());
    }
    let character = match &**reference {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        // OCR programs write these entities.
        "nbsp" if is_html => "\u{a0}",
        "shy" if is_html => "\u{ad}",
        "zwnj" if is_html => "\u{200c}",
        "lrm" if is_html => "\u{200e}",
        "rlm" if is_html => "\u{200f}",
        _ => return Err(unknown()),
    };
    Ok(character.to_owned())
}

/// Parses a document and returns its root element.
pub(crate) fn parse(text: &str) -> Result<Element, PageTextError> {
    if text.len() as u64 > MAX_BYTES {
        return Err(PageTextError::TooLarge {
            line: 1,
            unit: message!("bytes"),
            max: MAX_BYTES as usize,
        });
    }
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    // End tags are checked by `close_element`, which knows the void elements of HTML.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut builder = TreeBuilder {
        text,
        line_cache: (0, 1),
        open: Vec::new(),
        root: None,
        nodes: 0,
        skip_depth: 0,
        is_html: false,
    };
    loop {
        let line = builder.line_number(reader.buffer_position());
        let event = reader.read_event();
        let event = event.map_err(|error| {
            let line = builder.line_number(reader.error_position());
            PageTextError::Malformed {
                line,
                reason: error.to_string(),
            }
        })?;
        if builder.skip_depth > 0 {
            match event {
                Event::Start(_) => builder.skip_depth += 1,
                Event::End(_) => builder.skip_depth -= 1,
                Event::Eof => break,
                _ => {}
            }
            continue;
        }
        match event {
            Event::Start(start) if is_skipped(start.local_name().as_ref()) => {
                builder.skip_depth = 1;
            }
            Event::Start(start) => {
                let element = builder.create_element(&start, line)?;
                if builder.is_html && is_void(&element.name) {
                    builder.append(element, line)?;
                } else {
                    builder.open.push(element);
                }
            }
            Event::Empty(start) => {
                let element = builder.create_element(&start, line)?;
                builder.append(element, line)?;
            }
            Event::End(end) => builder.close_element(end.local_name().as_ref(), line)?,
            Event::Text(text) => builder.append_text(&text.xml10_content(), line)?,
            Event::CData(text) => builder.append_text(&text.xml10_content(), line)?,
            Event::GeneralRef(reference) => {
                let character = resolve_reference(&reference, builder.is_html, line)?;
                builder.append_text(&character, line)?;
            }
            Event::DocType(doctype) if doctype.contains('[') => {
                return Err(PageTextError::Dtd { line });
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
    }
    let end = line_number_after(text.as_bytes());
    let truncated = |reason: String| PageTextError::Malformed { line: end, reason };
    if let Some(open) = builder.open.last() {
        return Err(truncated(format!("`{}` has no end tag", open.name)));
    }
    builder
        .root
        .ok_or_else(|| truncated("it contains no element".to_owned()))
}
