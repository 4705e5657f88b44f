//! XML as a tree, within limits.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use crate::error::PageTextError;

/// The longest file in XML that is read, in bytes. A large sheet of a newspaper takes ten million.
pub const MOST_BYTES: u64 = 32 << 20;
/// How deep elements may lie within one another.
const DEPTH: usize = 100;
/// The most elements, attributes and texts, together.
const MOST_NODES: usize = 1_000_000;
/// The most attributes of an element.
const MOST_ATTRIBUTES: usize = 64;

/// An element. Names are without their prefixes.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
    /// The line in the file, from 1.
    pub(crate) line: u64,
}

/// What lies in an element.
#[derive(Debug)]
pub(crate) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// The elements in it.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements in it of one name.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements().filter(move |element| element.name == name)
    }

    /// All text in it.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        self.gather(&mut out);
        out
    }

    fn gather(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Element(element) => element.gather(out),
                Node::Text(text) => out.push_str(text),
            }
        }
    }

    /// Adds to `found` the elements for which `is` holds, and does not look into them.
    pub(crate) fn find<'a>(&'a self, is: &impl Fn(&Element) -> bool, found: &mut Vec<&'a Element>) {
        for element in self.elements() {
            if is(element) {
                found.push(element);
            } else {
                element.find(is, found);
            }
        }
    }
}

/// The number of the line behind some bytes, from 1.
pub(crate) fn lines_to(bytes: &[u8]) -> u64 {
    1 + bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Elements that HTML does not close.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area" | "base" | "br" | "col" | "hr" | "img" | "input" | "link" | "meta" | "wbr"
    )
}

/// Elements of which nothing is read: the letters of a word.
fn is_passed_over(name: &str) -> bool {
    name == "Glyph"
}

/// A document being read.
struct Growing<'a> {
    text: &'a str,
    /// Where the line was counted last, and which it was.
    counted: (usize, u64),
    open: Vec<Element>,
    root: Option<Element>,
    nodes: usize,
    /// How deep inside an element that is passed over.
    passing: usize,
    html: bool,
}

impl Growing<'_> {
    fn line(&mut self, position: u64) -> u64 {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let (from, line) = self.counted;
        let between = self.text.as_bytes().get(from..position).unwrap_or_default();
        let line = line + lines_to(between) - 1;
        if position > from {
            self.counted = (position, line);
        }
        line
    }

    fn count(&mut self, line: u64, nodes: usize) -> Result<(), PageTextError> {
        self.nodes += nodes;
        if self.nodes > MOST_NODES {
            return Err(PageTextError::TooLarge {
                line,
                what: "elements, attributes and texts",
                most: MOST_NODES,
            });
        }
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'_>, line: u64) -> Result<Element, PageTextError> {
        let malformed = |reason: String| PageTextError::Malformed { line, reason };
        let name = start.local_name().as_ref().to_owned();
        if self.open.is_empty() && self.root.is_none() {
            self.html = name == "html";
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| malformed(error.to_string()))?;
            if attributes.len() >= MOST_ATTRIBUTES {
                return Err(PageTextError::TooLarge {
                    line,
                    what: "attributes of an element",
                    most: MOST_ATTRIBUTES,
                });
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| malformed(error.to_string()))?;
            let key = attribute.key.local_name();
            attributes.push((key.as_ref().to_owned(), value.into_owned()));
        }
        self.count(line, 1 + attributes.len())?;
        if self.open.len() >= DEPTH {
            return Err(PageTextError::TooDeep { line, most: DEPTH });
        }
        Ok(Element {
            name,
            attributes,
            children: Vec::new(),
            line,
        })
    }

    fn place(&mut self, element: Element, line: u64) -> Result<(), PageTextError> {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None if self.root.is_none() => self.root = Some(element),
            None => {
                return Err(PageTextError::Malformed {
                    line,
                    reason: "something follows its end".to_owned(),
                });
            }
        }
        Ok(())
    }

    fn end(&mut self, name: &str, line: u64) -> Result<(), PageTextError> {
        if self.html && is_void(name) {
            return Ok(());
        }
        match self.open.pop() {
            Some(element) if element.name == name => self.place(element, line),
            Some(element) => Err(PageTextError::Malformed {
                line,
                reason: format!("`{}` is closed by `{name}`", element.name),
            }),
            None => Err(PageTextError::Malformed {
                line,
                reason: format!("`{name}` is closed and was never opened"),
            }),
        }
    }

    fn text(&mut self, text: &str, line: u64) -> Result<(), PageTextError> {
        let Some(parent) = self.open.last_mut() else {
            if text.trim().is_empty() {
                return Ok(());
            }
            return Err(PageTextError::Malformed {
                line,
                reason: "there is text outside of its elements".to_owned(),
            });
        };
        if let Some(Node::Text(last)) = parent.children.last_mut() {
            last.push_str(text);
            return Ok(());
        }
        parent.children.push(Node::Text(text.to_owned()));
        self.count(line, 1)
    }
}

/// The character or characters of a reference.
fn resolved(reference: &BytesRef<'_>, html: bool, line: u64) -> Result<String, PageTextError> {
    let unknown = || PageTextError::Entity {
        line,
        name: reference.chars().take(40).collect(),
    };
    if let Some(c) = reference.resolve_char_ref().map_err(|_| unknown())? {
        return Ok(c.to_string());
    }
    let known = match &**reference {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        // Those that programs write of their own accord.
        "nbsp" if html => "\u{a0}",
        "shy" if html => "\u{ad}",
        "zwnj" if html => "\u{200c}",
        "lrm" if html => "\u{200e}",
        "rlm" if html => "\u{200f}",
        _ => return Err(unknown()),
    };
    Ok(known.to_owned())
}

/// Reads a document.
pub(crate) fn read(text: &str) -> Result<Element, PageTextError> {
    if text.len() as u64 > MOST_BYTES {
        return Err(PageTextError::TooLarge {
            line: 1,
            what: "bytes",
            most: MOST_BYTES as usize,
        });
    }
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    // The names of tags are compared here, where those are known that HTML does not close.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut growing = Growing {
        text,
        counted: (0, 1),
        open: Vec::new(),
        root: None,
        nodes: 0,
        passing: 0,
        html: false,
    };
    loop {
        let line = growing.line(reader.buffer_position());
        let event = reader.read_event();
        let event = event.map_err(|error| {
            let line = growing.line(reader.error_position());
            PageTextError::Malformed {
                line,
                reason: error.to_string(),
            }
        })?;
        if growing.passing > 0 {
            match event {
                Event::Start(_) => growing.passing += 1,
                Event::End(_) => growing.passing -= 1,
                Event::Eof => break,
                _ => {}
            }
            continue;
        }
        match event {
            Event::Start(start) if is_passed_over(start.local_name().as_ref()) => {
                growing.passing = 1;
            }
            Event::Start(start) => {
                let element = growing.start(&start, line)?;
                if growing.html && is_void(&element.name) {
                    growing.place(element, line)?;
                } else {
                    growing.open.push(element);
                }
            }
            Event::Empty(start) => {
                let element = growing.start(&start, line)?;
                growing.place(element, line)?;
            }
            Event::End(end) => growing.end(end.local_name().as_ref(), line)?,
            Event::Text(text) => growing.text(&text.xml10_content(), line)?,
            Event::CData(text) => growing.text(&text.xml10_content(), line)?,
            Event::GeneralRef(reference) => {
                let character = resolved(&reference, growing.html, line)?;
                growing.text(&character, line)?;
            }
            Event::DocType(declared) if declared.contains('[') => {
                return Err(PageTextError::Dtd { line });
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
    }
    let end = lines_to(text.as_bytes());
    let cut_short = |reason: String| PageTextError::Malformed { line: end, reason };
    if let Some(open) = growing.open.last() {
        return Err(cut_short(format!("`{}` is never closed", open.name)));
    }
    growing
        .root
        .ok_or_else(|| cut_short("it has no element".to_owned()))
}
