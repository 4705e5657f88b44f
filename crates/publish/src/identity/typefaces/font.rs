//! Font files: their formats, and the tables that are read before they are published.

use std::collections::BTreeSet;

use khizana_model::message;
use read_fonts::tables::cmap::Cmap;
use read_fonts::types::Tag;
use read_fonts::{FontData, FontRead, FontRef};

use super::super::image::Refusal;
use super::woff2;

/// The formats of font files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// TrueType outlines, of which subsets can be made.
    TrueType,
    /// Other outlines in the same container, such as those of PostScript.
    OpenType,
    /// Already compressed for the web.
    Woff2,
}

/// A font file with the tables that every font has.
pub(super) struct Font<'a> {
    pub(super) format: Format,
    tables: Tables<'a>,
}

enum Tables<'a> {
    Plain(FontRef<'a>),
    Compressed(woff2::Tables),
}

impl<'a> Font<'a> {
    /// Reads a font file.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Font<'a>, Refusal> {
        let start = bytes.get(..4).unwrap_or_default();
        let (format, tables) = match start {
            woff2::SIGNATURE => {
                let tables = woff2::Tables::read(bytes).ok_or_else(damaged)?;
                (Format::Woff2, Tables::Compressed(tables))
            }
            b"\0\x01\0\0" | b"true" | b"OTTO" => {
                let tables = FontRef::new(bytes).map_err(|_| damaged())?;
                let mut records = tables.table_directory().table_records().iter();
                let is_inside = |at: u32, length: u32| {
                    let end = u64::from(at) + u64::from(length);
                    end <= bytes.len() as u64
                };
                if !records.all(|record| is_inside(record.offset(), record.length())) {
                    return Err(damaged());
                }
                let is_true_type = tables.table_data(Tag::new(b"glyf")).is_some();
                let format = match is_true_type {
                    true => Format::TrueType,
                    false => Format::OpenType,
                };
                (format, Tables::Plain(tables))
            }
            b"ttcf" => {
                return Err(Refusal {
                    code: "typeface-format",
                    message: message!("The file contains several fonts."),
                    hint: message!("Extract the font, and save it as a separate TTF or OTF file."),
                });
            }
            _ => {
                return Err(Refusal {
                    code: "typeface-format",
                    message: message!("The file is not a font that browsers display."),
                    hint: message!("Use a font file in the format TTF, OTF or WOFF2."),
                });
            }
        };
        let font = Font { format, tables };
        let required = ["cmap", "head", "hhea", "hmtx", "maxp"];
        let has = |tag: &str| font.has(tag);
        let is_complete = required.into_iter().all(has);
        let has_outlines = has("CFF ") || has("CFF2") || (has("glyf") && has("loca"));
        match is_complete && has_outlines {
            true => Ok(font),
            false => Err(damaged()),
        }
    }

    /// Returns a table that WOFF2 does not transform.
    pub(super) fn table(&self, tag: &str) -> Option<&[u8]> {
        let tag: [u8; 4] = tag.as_bytes().try_into().ok()?;
        match &self.tables {
            Tables::Plain(font) => font.table_data(Tag::new(&tag)).map(|data| data.as_bytes()),
            Tables::Compressed(tables) => tables.get(tag),
        }
    }

    fn has(&self, tag: &str) -> bool {
        match &self.tables {
            Tables::Compressed(tables) => tables.has(tag.as_bytes()),
            Tables::Plain(_) => self.table(tag).is_some_and(|table| !table.is_empty()),
        }
    }

    /// Returns the tables, if the file is not compressed.
    pub(super) fn plain(&self) -> Option<&FontRef<'a>> {
        match &self.tables {
            Tables::Plain(font) => Some(font),
            Tables::Compressed(_) => None,
        }
    }

    /// Returns those of `characters` that the font has.
    pub(super) fn characters(&self, characters: impl Iterator<Item = char>) -> BTreeSet<char> {
        let cmap = self.table("cmap");
        let Some(Ok(cmap)) = cmap.map(|table| Cmap::read(FontData::new(table))) else {
            return BTreeSet::new();
        };
        let has_glyph = |c: &char| {
            let glyph = cmap.map_codepoint(*c);
            glyph.is_some_and(|glyph| glyph.to_u32() != 0)
        };
        characters.filter(has_glyph).collect()
    }
}

pub(super) fn damaged() -> Refusal {
    Refusal {
        code: "typeface-format",
        message: message!("The font is damaged or incomplete."),
        hint: message!("Obtain the font file again from its maker."),
    }
}
