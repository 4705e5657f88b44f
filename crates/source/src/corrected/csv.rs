//! Copies of CSV files.

use std::path::Path;

use super::{Corrected, CorrectionFault, Corrections, correct};
use crate::csv::RowSpans;
use crate::reader::{Input, unreadable};

/// Returns a copy of a CSV file with corrections. The rows without corrections are the same bytes. A file
/// in another encoding than UTF-8 is converted.
pub(super) fn copy(
    path: &Path,
    name: &str,
    is_tsv: bool,
    corrections: &Corrections,
) -> Result<(Vec<u8>, Corrected), CorrectionFault> {
    let input = Input::open(path, name)?;
    // Excel reads a file without a byte order mark in the encoding of the system.
    let has_mark = input.is_converted() || starts_with_mark(path, name)?;
    let table = input
        .into_bytes()
        .map_err(|error| unreadable(name, error))?;
    let mut copy = Vec::with_capacity(table.len() + 1024);
    if has_mark {
        copy.extend_from_slice("\u{feff}".as_bytes());
    }
    let mut corrected = Corrected::none();
    let mut end = 0;
    for row in RowSpans::new(&table, is_tsv.then_some(b'\t')) {
        let is_corrected = corrections
            .range((row.number, 0)..=(row.number, u32::MAX))
            .next()
            .is_some();
        if !is_corrected {
            continue;
        }
        copy.extend_from_slice(table.get(end..row.bytes.start).unwrap_or_default());
        for (column, cell) in (0..).zip(row.cells) {
            if column > 0 {
                copy.push(row.delimiter);
            }
            let text = String::from_utf8_lossy(&cell);
            let corrections = corrections.get(&(row.number, column));
            let text = corrections
                .and_then(|corrections| correct(&text, corrections, &mut corrected))
                .unwrap_or_else(|| text.into_owned());
            push_cell(&mut copy, &text, row.delimiter);
        }
        end = row.bytes.end;
    }
    copy.extend_from_slice(table.get(end..).unwrap_or_default());
    Ok((copy, corrected))
}

/// Adds a cell, in quotation marks if it needs them (RFC 4180).
fn push_cell(copy: &mut Vec<u8>, text: &str, delimiter: u8) {
    let is_special = |byte: &u8| *byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
    let has_edge = text.starts_with(' ') || text.ends_with(' ');
    if !has_edge && !text.as_bytes().iter().any(is_special) {
        copy.extend_from_slice(text.as_bytes());
        return;
    }
    copy.push(b'"');
    copy.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    copy.push(b'"');
}

fn starts_with_mark(path: &Path, name: &str) -> Result<bool, CorrectionFault> {
    let start = || {
        let mut start = Vec::new();
        let file = std::fs::File::open(path)?;
        std::io::Read::read_to_end(&mut std::io::Read::take(file, 3), &mut start)?;
        Ok(start)
    };
    let start: Vec<u8> = start().map_err(|error| unreadable(name, error))?;
    Ok(start == "\u{feff}".as_bytes())
}
