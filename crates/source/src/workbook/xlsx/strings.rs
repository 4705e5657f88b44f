//! Texts of cells.

use khizana_model::message;
use quick_xml::events::Event;

use crate::workbook::cell::MAX_TEXT_BYTES;
use crate::workbook::error::Fault;
use crate::workbook::xml::{Xml, push_text};

/// Maximum total length of the texts, in bytes.
const MAX_BYTES: usize = 256 << 20;
/// Maximum number of texts.
const MAX_STRINGS: usize = 16 << 20;

/// The texts to which cells refer by their index.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    /// The end of each text in `text`.
    ends: Vec<u32>,
}

impl Strings {
    pub(super) fn read(mut xml: Xml) -> Result<Strings, Fault> {
        let mut strings = Strings::default();
        let mut text = String::new();
        loop {
            let (is_item, is_empty) = match xml.next()? {
                Event::Start(tag) => (tag.local_name().as_ref() == "si", false),
                Event::Empty(tag) => (tag.local_name().as_ref() == "si", true),
                Event::Eof => return Ok(strings),
                _ => continue,
            };
            if !is_item {
                continue;
            }
            text.clear();
            if !is_empty {
                read_rich_text(&mut xml, "si", &mut text)?;
            }
            strings.text.push_str(&text);
            let end = u32::try_from(strings.text.len()).unwrap_or(u32::MAX);
            strings.ends.push(end);
            if strings.text.len() > MAX_BYTES || strings.ends.len() > MAX_STRINGS {
                return Err(Fault::TooLarge(message!(
                    "its cells contain more than {size} MB of text",
                    size = MAX_BYTES >> 20
                )));
            }
        }
    }

    /// Returns a text by its index.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start as usize..end as usize)
    }
}

/// Reads a text that may consist of several runs, to the end tag with the name `end`. Phonetic
/// guides are left out.
pub(super) fn read_rich_text(xml: &mut Xml, end: &str, text: &mut String) -> Result<(), Fault> {
    let mut is_text = false;
    loop {
        let is_phonetic = match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "t" => {
                    is_text = true;
                    false
                }
                name => name == "rPh",
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "t" => {
                    is_text = false;
                    false
                }
                name if name == end => break,
                _ => false,
            },
            Event::Eof => break,
            event => {
                if is_text {
                    push_text(text, &event);
                }
                false
            }
        };
        if is_phonetic {
            xml.skip_element()?;
        }
    }
    unescape(text);
    Ok(())
}

/// Replaces the escapes of control characters, such as `_x000D_`.
pub(super) fn unescape(text: &mut String) {
    if !text.contains("_x") || text.len() > MAX_TEXT_BYTES {
        return;
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("_x") {
        plain.push_str(before);
        let code = after
            .get(..4)
            .filter(|_| after.as_bytes().get(4) == Some(&b'_'));
        let c = code
            .filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|code| u32::from_str_radix(code, 16).ok())
            .and_then(char::from_u32);
        match c {
            Some(c) => {
                plain.push(c);
                rest = after.get(5..).unwrap_or_default();
            }
            None => {
                plain.push_str("_x");
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    *text = plain;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_escapes_of_control_characters() {
        for (text, plain) in [
            ("a_x000D_\nb", "a\r\nb"),
            ("_x005F_x000D_", "_x000D_"),
            ("my_xbox", "my_xbox"),
            ("_x00", "_x00"),
            ("_xD800_", "_xD800_"),
            ("_x0628__x0628_", "بب"),
            ("خ_xخخ", "خ_xخخ"),
        ] {
            let mut unescaped = text.to_owned();
            unescape(&mut unescaped);
            assert_eq!(unescaped, plain);
        }
    }
}
