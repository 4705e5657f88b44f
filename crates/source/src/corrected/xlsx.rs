//! Copies of XLSX files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Write as _};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{Corrected, CorrectionFault, Corrections, correct};
use crate::workbook::{Fault, Workbook, position_of_cell, position_of_row};

/// Returns a copy of an XLSX file with corrections. The parts other than that of the sheet are the same
/// bytes.
pub(super) fn copy(
    path: &Path,
    workbook: &Workbook,
    corrections: &Corrections,
) -> Result<(Vec<u8>, Corrected), CorrectionFault> {
    let mut corrected = Corrected::none();
    let mut texts = BTreeMap::new();
    workbook.for_each_text(|row, column, text| {
        if let Some(corrections) = corrections.get(&(row, column)) {
            let new = correct(text, corrections, &mut corrected);
            texts.extend(new.map(|new| ((row, column), new)));
        }
        Ok::<(), CorrectionFault>(())
    })?;
    let (part, xml) = workbook.sheet_xml()?;
    let (xml, omitted) = replace_cells(&xml, &texts)?;
    corrected.made -= omitted;
    corrected.omitted += omitted;
    let copy = replace_part(path, part, xml.as_bytes()).map_err(|error| {
        CorrectionFault::Part(Fault::damaged(format!(
            "its parts cannot be copied ({error})"
        )))
    })?;
    Ok((copy, corrected))
}

/// Returns the XML of a sheet with other texts in cells, and the number of texts that were not changed
/// because their cells contain a formula.
fn replace_cells(
    xml: &str,
    texts: &BTreeMap<(u64, u32), String>,
) -> Result<(String, u64), CorrectionFault> {
    // The positions of the reader do not count the byte order mark.
    let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml);
    let malformed = |error: quick_xml::Error| {
        Fault::damaged(format!("the XML of the sheet is malformed ({error})"))
    };
    let outside = || Fault::damaged("a position is outside of the XML of the sheet");
    let mut reader = Reader::from_str(xml);
    let mut copy = String::with_capacity(xml.len());
    let (mut copied, mut row, mut column, mut omitted) = (0, 0, 0, 0);
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(malformed)?;
        let tag = match &event {
            Event::Start(tag) | Event::Empty(tag) => tag,
            Event::Eof => break,
            _ => continue,
        };
        match tag.local_name().as_ref() {
            "row" => {
                row = position_of_row(tag, row)?;
                column = 0;
            }
            "c" => {
                let at = position_of_cell(tag, column)?;
                column = at + 1;
                let (Event::Start(tag), Some(text)) = (&event, texts.get(&(row, at))) else {
                    continue;
                };
                let name = tag.name();
                let content = reader.read_text(name).map_err(malformed)?;
                if has_formula(&content)? {
                    omitted += 1;
                    continue;
                }
                copy.push_str(xml.get(copied..start).ok_or_else(outside)?);
                push_cell(&mut copy, tag, text);
                copied = position(&reader);
            }
            _ => {}
        }
    }
    copy.push_str(xml.get(copied..).ok_or_else(outside)?);
    Ok((copy, omitted))
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// Returns `true` if the content of a cell contains a formula.
fn has_formula(content: &str) -> Result<bool, Fault> {
    let mut reader = Reader::from_str(content);
    loop {
        let event = reader.read_event();
        match event.map_err(|error| Fault::damaged(format!("a cell is malformed ({error})")))? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "f" => {
                return Ok(true);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// Adds a cell with a text. It has the attributes of the cell that it replaces, except those of the type
/// of its content.
fn push_cell(copy: &mut String, tag: &BytesStart<'_>, text: &str) {
    let name = tag.name();
    let name = name.as_ref();
    let prefix = name.strip_suffix('c').unwrap_or_default();
    copy.push('<');
    copy.push_str(name);
    let mut attributes = tag.attributes();
    for attribute in attributes.with_checks(false).flatten() {
        let key = attribute.key.as_ref();
        if !matches!(key, "t" | "vm" | "cm") {
            let value = attribute.value.replace('"', "&quot;");
            copy.push_str(&format!(" {key}=\"{value}\""));
        }
    }
    copy.push_str(&format!(
        " t=\"inlineStr\"><{prefix}is><{prefix}t xml:space=\"preserve\">{}</{prefix}t></{prefix}is></{name}>",
        escape(text)
    ));
}

/// Copies a zip package. The part `part` has another content.
fn replace_part(path: &Path, part: &str, content: &[u8]) -> io::Result<Vec<u8>> {
    let mut archive = ZipArchive::new(BufReader::new(File::open(path)?))?;
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let file = archive.by_index_raw(index)?;
        let name = file.name()?.into_owned();
        let is_replaced = name.replace('\\', "/").trim_start_matches('/') == part;
        if is_replaced {
            let mut options = SimpleFileOptions::default();
            if let Some(time) = file.last_modified() {
                options = options.last_modified_time(time);
            }
            copy.start_file(name, options)?;
            copy.write_all(content)?;
        } else {
            copy.raw_copy_file(file)?;
        }
    }
    Ok(copy.finish()?.into_inner())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn replaces_only_the_content_of_a_cell() {
        let xml = "<x:worksheet><x:sheetData ><x:row r=\"1\"><x:c s='2' t=\"s\"><x:v>0</x:v></x:c>\
            <x:c r=\"C1\"/><x:c><x:v>7</x:v></x:c></x:row>\n<x:row><x:c><x:f>A1</x:f><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>";
        let texts = [((1, 0), "a < b"), ((1, 3), "x"), ((2, 0), "y")];
        let texts = texts.map(|(cell, text)| (cell, text.to_owned())).into();
        let (copy, omitted) = replace_cells(xml, &texts).unwrap();
        let text = |text: &str| {
            format!("t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">{text}</x:t></x:is></x:c>")
        };
        let expected = xml
            .replace(
                "s='2' t=\"s\"><x:v>0</x:v></x:c>",
                &format!("s=\"2\" {}", text("a &lt; b")),
            )
            .replace("<x:c><x:v>7</x:v></x:c>", &format!("<x:c {}", text("x")));
        assert_eq!(copy, expected);
        assert_eq!(omitted, 1);
        assert_eq!(replace_cells(xml, &BTreeMap::new()).unwrap().0, xml);
        let marked = format!("\u{feff}{xml}");
        assert_eq!(replace_cells(&marked, &texts).unwrap().0, expected);
    }
}
