//! Reading of XML as a stream, within limits.

use khizana_model::message;
use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::cell::MAX_TEXT_BYTES;
use super::error::Fault;
use super::package::PartReader;

/// Size of the pieces that are read at once.
const PIECE: usize = 64 << 10;
/// Number of bytes without a tag after which a text is cut off.
const MAX_RUN: usize = MAX_TEXT_BYTES + PIECE;
/// The text that replaces what is cut off.
const FILLER: [u8; 1024] = [b'.'; 1024];
/// Maximum number of bytes between two events.
const MAX_EVENT_BYTES: usize = 8 << 20;
/// Maximum nesting depth of elements.
const MAX_DEPTH: u32 = 200;

/// A reader of XML events.
pub(super) struct Xml {
    reader: Reader<Bounded<PartReader>>,
    buffer: Vec<u8>,
    depth: u32,
}

impl std::fmt::Debug for Xml {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Xml").finish_non_exhaustive()
    }
}

impl Xml {
    pub(super) fn new(part: PartReader) -> Xml {
        Xml {
            reader: Reader::from_reader(Bounded::new(part)),
            buffer: Vec::new(),
            depth: 0,
        }
    }

    /// Returns the next event. Returns [`Event::Eof`] at the end of the part.
    pub(super) fn next(&mut self) -> Result<Event<'_>, Fault> {
        self.buffer.clear();
        self.reader.get_mut().event_bytes = 0;
        let event = self
            .reader
            .read_event_into(&mut self.buffer)
            .map_err(|error| match error {
                quick_xml::Error::Io(error) => Fault::damaged(error.to_string()),
                error => Fault::Damaged(message!(
                    "the XML of a part is malformed ({error})",
                    error = error.to_string()
                )),
            })?;
        match event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(Fault::damaged(message!(
                        "the XML of a part is nested too deeply"
                    )));
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => {
                return Err(Fault::damaged(message!("the XML of a part ends too early")));
            }
            _ => {}
        }
        Ok(event)
    }

    /// Skips the rest of the element whose start tag was the last event.
    pub(super) fn skip_element(&mut self) -> Result<(), Fault> {
        let outer = self.depth;
        while self.depth >= outer {
            if matches!(self.next()?, Event::Eof) {
                break;
            }
        }
        Ok(())
    }
}

/// Returns the value of an attribute, which is found by its name without a prefix.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    find_attribute(tag, |key| key.rsplit(':').next() == Some(name))
}

/// Returns the value of an attribute, which is found by its name with its prefix.
pub(super) fn prefixed_attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    find_attribute(tag, |key| key == name)
}

fn find_attribute(tag: &BytesStart<'_>, is_wanted: impl Fn(&str) -> bool) -> Option<String> {
    let mut attributes = tag.attributes();
    let attributes = attributes.with_checks(false).flatten();
    for attribute in attributes {
        if is_wanted(attribute.key.as_ref()) {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.unwrap_or(Cow::Borrowed(""));
            return Some(value.into_owned());
        }
    }
    None
}

/// Returns `true` if an attribute, which is found by its name without a prefix, is true.
pub(super) fn is_set(tag: &BytesStart<'_>, name: &str) -> bool {
    attribute(tag, name).is_some_and(|value| matches!(value.as_str(), "1" | "true" | "on"))
}

/// Appends the text of an event, if it is text, up to the maximum length of a text.
pub(super) fn push_text(text: &mut String, event: &Event<'_>) {
    let content = match event {
        Event::Text(content) => content.xml10_content(),
        Event::CData(content) => content.xml10_content(),
        Event::GeneralRef(reference) => match reference.resolve_char_ref() {
            Ok(Some(c)) => Cow::Owned(c.to_string()),
            _ => match quick_xml::escape::resolve_predefined_entity(&reference.xml10_content()) {
                Some(value) => Cow::Borrowed(value),
                None => Cow::Owned(format!("&{};", reference.xml10_content())),
            },
        },
        _ => return,
    };
    push_bounded(text, &content);
}

/// Appends a text up to the maximum length of a text.
pub(super) fn push_bounded(text: &mut String, more: &str) {
    let space = MAX_TEXT_BYTES.saturating_sub(text.len());
    match more.get(..space) {
        None if more.len() <= space => text.push_str(more),
        Some(start) => text.push_str(start),
        // The limit is inside a character.
        None => {
            let end = (0..space).rev().find(|end| more.is_char_boundary(*end));
            text.push_str(more.get(..end.unwrap_or(0)).unwrap_or_default());
        }
    }
}

/// A reader that cuts off long texts between tags, and fails at the end of long markup.
///
/// A text that was cut off ends with full stops that make it longer than a value may be, and is
/// therefore rejected later. References such as `&amp;` could otherwise hide its length.
struct Bounded<R> {
    input: R,
    piece: Vec<u8>,
    /// The part of the piece that has not been consumed.
    start: usize,
    end: usize,
    /// Number of bytes since the last `<`.
    run: usize,
    /// Number of full stops that are still to be returned.
    filler: usize,
    /// Number of bytes that were returned since the last event.
    event_bytes: usize,
}

impl<R: Read> Bounded<R> {
    fn new(input: R) -> Self {
        Bounded {
            input,
            piece: vec![0; PIECE],
            start: 0,
            end: 0,
            run: 0,
            filler: 0,
            event_bytes: 0,
        }
    }

    /// Reads the next piece. Leaves it empty at the end of the input.
    fn refill(&mut self) -> io::Result<()> {
        loop {
            let count = self.input.read(&mut self.piece)?;
            (self.start, self.end) = (0, count);
            let piece = self.piece.get(..count).unwrap_or_default();
            let Some(first) = memchr::memchr(b'<', piece) else {
                let was_within = self.run <= MAX_RUN;
                self.run = self.run.saturating_add(count);
                if count == 0 || self.run <= MAX_RUN {
                    return Ok(());
                }
                if was_within {
                    // The text is cut off after a complete character or reference.
                    self.end = safe_end(piece);
                    self.filler = MAX_TEXT_BYTES;
                    return Ok(());
                }
                continue;
            };
            if self.run > MAX_RUN {
                self.start = first;
            }
            let last = memchr::memrchr(b'<', piece).unwrap_or(first);
            self.run = count - last;
            return Ok(());
        }
    }
}

/// Returns the end of the first word of a piece of text, in which no character and no reference
/// such as `&amp;` is incomplete.
fn safe_end(piece: &[u8]) -> usize {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || *byte == b';';
    match piece.iter().position(is_end) {
        Some(position) => position + 1,
        // A continuation byte of UTF-8 begins with the bits 10.
        None => {
            let last = piece.iter().rposition(|byte| byte & 0xC0 != 0x80);
            last.unwrap_or(0)
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start >= self.end {
            if self.event_bytes > MAX_EVENT_BYTES {
                return Err(io::Error::other("a tag or comment of a part is too long"));
            }
            if self.filler > 0 {
                let count = self.filler.min(FILLER.len());
                return Ok(FILLER.get(..count).unwrap_or_default());
            }
            self.refill()?;
        }
        Ok(self.piece.get(self.start..self.end).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.event_bytes += count;
        if self.start >= self.end {
            self.filler = self.filler.saturating_sub(count);
        } else {
            self.start += count;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn bounded(text: &str) -> String {
        let mut bounded = Bounded::new(text.as_bytes());
        let mut out = String::new();
        bounded.read_to_string(&mut out).unwrap();
        out
    }

    #[test]
    fn cuts_off_long_texts_and_keeps_what_follows() {
        let short = format!("<a>{}</a><b/>", "x &amp; ".repeat(1000));
        assert_eq!(bounded(&short), short);
        for unit in ["x", "é", "&amp;", "خزانة ", "&#x628;"] {
            let long = format!("<a>{}</a><b>1</b>", unit.repeat((10 << 20) / unit.len()));
            let out = bounded(&long);
            assert!(
                out.len() < MAX_RUN + MAX_TEXT_BYTES + PIECE,
                "{unit}: {}",
                out.len()
            );
            assert!(
                out.starts_with("<a>") && out.ends_with("</a><b>1</b>"),
                "{unit}"
            );
            let text = out.strip_prefix("<a>").unwrap();
            let text = text.strip_suffix("</a><b>1</b>").unwrap();
            assert!(text.len() > MAX_TEXT_BYTES, "{unit}");
            // Nothing is cut off inside a reference.
            assert_eq!(
                text.matches('&').count(),
                text.matches(';').count(),
                "{unit}"
            );
        }
    }

    #[test]
    fn appends_texts_up_to_the_limit() {
        let mut text = "é".repeat(MAX_TEXT_BYTES / 2 - 1);
        push_bounded(&mut text, "aéé");
        assert_eq!(text.len(), MAX_TEXT_BYTES - 1);
        push_bounded(&mut text, "b");
        push_bounded(&mut text, "c");
        assert!(
            text.ends_with("aéb") || text.ends_with("ab"),
            "{}",
            &text[text.len() - 4..]
        );
    }
}
