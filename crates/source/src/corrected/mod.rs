//! Copies of tables with corrections.
//!
//! [`write()`] makes the corrections of [`Problem`](khizana_model::Problem)s in a copy of the table. In an
//! XLSX file, only the cells are changed, and all other parts are copied byte for byte. In a CSV file, only
//! the rows are changed. A copy of a workbook in another format is an XLSX file with the texts of the sheet.

mod csv;
mod error;
mod sheet;
mod xlsx;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use khizana_model::Correction;

pub use self::error::{CorrectionError, CorrectionFault};
use super::Source;
use super::reader::Format;

/// The number of corrections in a copy of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corrected {
    /// Number of corrections that were made.
    pub made: u64,
    /// Number of corrections that were not made, because a cell contains a formula, or the text several
    /// times.
    pub omitted: u64,
}

/// The corrections of each cell, by row and column.
type Corrections<'a> = BTreeMap<(u64, u32), Vec<&'a Correction>>;

/// Writes a copy of the table of a source with the corrections that are safe.
///
/// # Errors
/// Returns an error if the table is not a CSV file or a workbook, if `out` exists or has another extension
/// than the copy needs, or if a file cannot be read or written.
pub fn write(
    source: &Source,
    corrections: &[Correction],
    out: &Path,
) -> Result<Corrected, CorrectionError> {
    let error = |fault| CorrectionError {
        file: out.display().to_string(),
        fault: Box::new(fault),
    };
    let format = Format::of(&source.table).filter(|_| source.table.is_file());
    let extension = match format {
        Some(Format::Csv) => "csv",
        Some(Format::Tsv) => "tsv",
        Some(Format::Workbook) => "xlsx",
        _ => return Err(error(CorrectionFault::Unsupported)),
    };
    let has_extension = out
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case(extension));
    if !has_extension {
        return Err(error(CorrectionFault::Extension(extension)));
    }
    let mut cells = Corrections::new();
    for correction in corrections.iter().filter(|correction| correction.is_safe) {
        let cell = cells
            .entry((correction.row, correction.column))
            .or_default();
        if !cell.contains(&correction) {
            cell.push(correction);
        }
    }
    let (bytes, corrected) = match &source.workbook {
        Some(workbook) if workbook.is_xlsx() => xlsx::copy(&source.table, workbook, &cells),
        Some(workbook) => sheet::copy(workbook, &cells),
        None => csv::copy(
            &source.table,
            &source.table_name,
            format == Some(Format::Tsv),
            &cells,
        ),
    }
    .map_err(error)?;
    let write = || {
        let mut file = fs::File::create_new(out)?;
        file.write_all(&bytes)?;
        file.sync_all()
    };
    write().map_err(|fault| error(CorrectionFault::Write(fault)))?;
    Ok(corrected)
}

/// Makes the corrections of a cell. Returns the text of the cell, and counts the corrections.
fn correct(text: &str, corrections: &[&Correction], count: &mut Corrected) -> Option<String> {
    let mut corrected = text.to_owned();
    for correction in corrections {
        let is_whole = corrected.trim() == correction.from.trim();
        if is_whole {
            corrected.clone_from(&correction.to);
        } else if corrected.matches(&correction.from).count() == 1 {
            corrected = corrected.replacen(&correction.from, &correction.to, 1);
        } else {
            count.omitted += 1;
            continue;
        }
        count.made += 1;
    }
    (corrected != text).then_some(corrected)
}

impl Corrected {
    /// Returns the result before any correction was made.
    fn none() -> Corrected {
        Corrected {
            made: 0,
            omitted: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrects_a_value_among_several() {
        let correction = |from: &str, to: &str| Correction {
            row: 2,
            column: 0,
            from: from.to_owned(),
            to: to.to_owned(),
            is_safe: true,
        };
        let correct = |text: &str, corrections: &[&Correction]| {
            let mut count = Corrected::none();
            let corrected = correct(text, corrections, &mut count);
            (corrected, count.made, count.omitted)
        };
        let (a, b) = (correction("A.jpg", "a.jpg"), correction("B.jpg", "b.jpg"));
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(correct(" A.jpg", &[&a]), (text("a.jpg"), 1, 0));
        assert_eq!(
            correct("A.jpg|B.jpg|c", &[&a, &b]),
            (text("a.jpg|b.jpg|c"), 2, 0)
        );
        assert_eq!(correct("A.jpg|x/A.jpg", &[&a]), (None, 0, 1));
        assert_eq!(correct("c", &[&a]), (None, 0, 1));
    }
}
