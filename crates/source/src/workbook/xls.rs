//! Reading of XLS files.
//!
//! `calamine` reads all sheets into memory, and reserves a rectangle of cells for each of them. A
//! damaged or malicious file can claim 16 million cells per sheet, so the cells are counted before.

use khizana_model::message;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use calamine::{Data, Range, Reader, SheetVisible, Xls, XlsError};

use super::SheetInfo;
use super::cell::{Area, Cell, Content, SheetRow};
use super::error::Fault;
use super::number_format::general;
use super::serial::{DateParts, Epoch, date_text};

/// Maximum size of a file, in bytes.
const MAX_FILE_BYTES: u64 = 256 << 20;
/// Maximum number of cells in the rectangles of all sheets.
const MAX_CELLS: u64 = 4_000_000;

/// An XLS file.
#[derive(Debug)]
pub(super) struct XlsFile {
    sheets: Vec<Sheet>,
    epoch: Epoch,
}

#[derive(Debug, Clone)]
struct Sheet {
    info: SheetInfo,
    range: Arc<Range<Data>>,
    /// The merged ranges, by the row and the column of their first cell.
    merged: Arc<BTreeMap<(u64, u32), Area>>,
}

impl XlsFile {
    pub(super) fn open(path: &Path) -> Result<XlsFile, Fault> {
        count_cells(path)?;
        let file = BufReader::new(File::open(path).map_err(Fault::Io)?);
        let open = move || {
            let mut xls = Xls::new(file)?;
            let mut sheets = Vec::new();
            for sheet in xls.sheets_metadata().to_vec() {
                let Ok(range) = xls.worksheet_range(&sheet.name) else {
                    continue;
                };
                let merged = xls.merge_cells_by_sheet_name(&sheet.name);
                let merged = merged.unwrap_or_default().into_iter().map(|merged| {
                    let rows = (u64::from(merged.start.0) + 1, u64::from(merged.end.0) + 1);
                    let columns = (merged.start.1, merged.end.1);
                    ((rows.0, columns.0), Area { rows, columns })
                });
                sheets.push(Sheet {
                    range: Arc::new(range),
                    merged: Arc::new(merged.collect()),
                    info: SheetInfo {
                        is_hidden: sheet.visible != SheetVisible::Visible,
                        name: sheet.name,
                    },
                });
            }
            let is_1904 = xls.has_1904_epoch();
            let epoch = if is_1904 {
                Epoch::Of1904
            } else {
                Epoch::Of1900
            };
            Ok::<_, XlsError>(XlsFile { sheets, epoch })
        };
        match catch_unwind(AssertUnwindSafe(open)) {
            Ok(Ok(xls)) => Ok(xls),
            Ok(Err(XlsError::Password)) => Err(Fault::Encrypted),
            Ok(Err(error)) => Err(Fault::damaged(error.to_string())),
            Err(_) => Err(Fault::damaged(message!("its records cannot be read"))),
        }
    }

    pub(super) fn sheets(&self) -> Vec<SheetInfo> {
        self.sheets.iter().map(|sheet| sheet.info.clone()).collect()
    }

    /// Opens the cells of a sheet.
    pub(super) fn cells(&self, index: usize) -> Result<SheetReader, Fault> {
        let sheet = self.sheets.get(index);
        let sheet = sheet.ok_or_else(|| Fault::damaged(message!("a sheet is missing")))?;
        Ok(SheetReader {
            start: sheet.range.start().unwrap_or_default(),
            sheet: sheet.clone(),
            next: 0,
            epoch: self.epoch,
        })
    }
}

/// A reader of the rows of a sheet.
#[derive(Debug)]
pub(super) struct SheetReader {
    sheet: Sheet,
    /// The row and the column of the first cell, counted from 0.
    start: (u32, u32),
    /// The index of the next row in the range.
    next: usize,
    epoch: Epoch,
}

impl SheetReader {
    /// Returns the number of the row that is being read.
    pub(super) fn position(&self) -> (u64, u32) {
        (u64::from(self.start.0) + self.next as u64, self.start.1)
    }

    /// Reads the next row that has cells. Returns `false` after the last row.
    pub(super) fn next_row(&mut self, row: &mut SheetRow) -> Result<bool, Fault> {
        row.clear();
        let (height, width) = self.sheet.range.get_size();
        while self.next < height {
            let index = self.next;
            let number = u64::from(self.start.0) + index as u64 + 1;
            self.next += 1;
            for offset in 0..width {
                let content = match self.sheet.range.get((index, offset)) {
                    Some(data) => content(data, self.epoch),
                    None => Content::Empty,
                };
                if content != Content::Empty {
                    let column = self.start.1 + u32::try_from(offset).unwrap_or_default();
                    let merged = self.sheet.merged.get(&(number, column));
                    row.push(Cell {
                        merged: merged.map(|area| area.to_string()),
                        ..Cell::new(column, content)
                    })?;
                }
            }
            if !row.cells.is_empty() {
                row.number = number;
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn content(data: &Data, epoch: Epoch) -> Content {
    let text = |text: &str| match text {
        "" => Content::Empty,
        text => Content::Text(text.to_owned()),
    };
    let number = |number: f64| Content::Number {
        shown: general(number),
        plain: general(number),
    };
    match data {
        Data::Empty => Content::Empty,
        Data::Int(value) => number(*value as f64),
        Data::Float(value) => number(*value),
        Data::String(value) | Data::DurationIso(value) => text(value),
        Data::DateTimeIso(value) => Content::Date {
            text: value.clone(),
            serial: None,
        },
        Data::Bool(value) => text(if *value { "TRUE" } else { "FALSE" }),
        Data::Error(error) => Content::Error(error.to_string()),
        Data::DateTime(date) => {
            let value = date.as_f64();
            // A format that displays no date is a duration, or a time of day below one day.
            let is_day = !date.is_duration() && value >= 1.0;
            let parts = DateParts {
                year: is_day,
                month: is_day,
                day: is_day,
                time: true,
            };
            match date_text(value, epoch, parts) {
                Some(text) => Content::Date {
                    text,
                    serial: (is_day && value.fract() == 0.0).then_some(value as i64),
                },
                None => number(value),
            }
        }
    }
}

/// Counts the cells in the rectangles of all sheets.
///
/// # Errors
/// Returns an error if there are too many, or if the file is encrypted or damaged.
fn count_cells(path: &Path) -> Result<(), Fault> {
    let file = File::open(path).map_err(Fault::Io)?;
    let size = file.metadata().map_err(Fault::Io)?.len();
    if size > MAX_FILE_BYTES {
        return Err(Fault::TooLarge(message!(
            "the file has {size} MB; the limit of the old format is {limit} MB",
            size = size >> 20,
            limit = MAX_FILE_BYTES >> 20
        )));
    }
    let damaged = |error: std::io::Error| {
        Fault::Damaged(message!("its directory cannot be read ({error})", error))
    };
    let mut container = cfb::CompoundFile::open(file).map_err(damaged)?;
    if container.exists("/EncryptedPackage") || container.exists("/EncryptionInfo") {
        return Err(Fault::Encrypted);
    }
    let name = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"]
        .into_iter()
        .find(|name| container.is_stream(name))
        .ok_or(Fault::NotWorkbook(message!(
            "it is a file of another program in the old format of Microsoft Office"
        )))?;
    let mut bytes = Vec::new();
    let mut stream = container.open_stream(name).map_err(damaged)?;
    stream.read_to_end(&mut bytes).map_err(damaged)?;
    let claimed = claimed_cells(&bytes)?;
    if claimed > MAX_CELLS {
        return Err(Fault::TooLarge(message!(
            "its sheets span {count} cells; the limit of the old format is {limit}",
            count = claimed,
            limit = MAX_CELLS
        )));
    }
    Ok(())
}

/// Returns the number of cells in the rectangles that enclose the cells of each sheet.
fn claimed_cells(records: &[u8]) -> Result<u64, Fault> {
    let (mut claimed, mut rectangle) = (0, Rectangle::default());
    let mut rest = records;
    while let Some((header, after)) = rest.split_at_checked(4) {
        let number = |at: usize| u16::from_le_bytes([byte(header, at), byte(header, at + 1)]);
        let (kind, length) = (number(0), usize::from(number(2)));
        let Some((data, after)) = after.split_at_checked(length) else {
            break;
        };
        rest = after;
        match kind {
            // The encryption of the following records.
            0x2F if data.iter().any(|byte| *byte != 0) => return Err(Fault::Encrypted),
            // The beginning of a stream, and its end.
            0x0809 | 0x000A => {
                claimed += rectangle.area();
                rectangle = Rectangle::default();
            }
            // The size of the sheet as it was saved.
            0x0200 if length >= 14 => {
                let long = |at: usize| {
                    u64::from(u32::from_le_bytes([
                        byte(data, at),
                        byte(data, at + 1),
                        byte(data, at + 2),
                        byte(data, at + 3),
                    ]))
                };
                let short =
                    |at: usize| u64::from(u16::from_le_bytes([byte(data, at), byte(data, at + 1)]));
                rectangle.add(long(0), short(8));
                rectangle.add(long(4).saturating_sub(1), short(10).saturating_sub(1));
            }
            // Cells: BLANK, NUMBER, LABEL, BOOLERR, FORMULA, RK, LABELSST, RSTRING, MULRK, MULBLANK.
            0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x0006 | 0x0206 | 0x0406 | 0x027E | 0x00FD
            | 0x00D6 | 0x00BD | 0x00BE
                if length >= 6 =>
            {
                let short =
                    |at: usize| u64::from(u16::from_le_bytes([byte(data, at), byte(data, at + 1)]));
                rectangle.add(short(0), short(2));
                if matches!(kind, 0x00BD | 0x00BE) {
                    rectangle.add(short(0), short(length - 2));
                }
            }
            _ => {}
        }
    }
    Ok(claimed + rectangle.area())
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}

/// The rectangle that encloses the cells of a sheet.
#[derive(Debug, Default)]
struct Rectangle {
    rows: Option<(u64, u64)>,
    columns: (u64, u64),
}

impl Rectangle {
    fn add(&mut self, row: u64, column: u64) {
        match &mut self.rows {
            None => {
                self.rows = Some((row, row));
                self.columns = (column, column);
            }
            Some(rows) => {
                *rows = (rows.0.min(row), rows.1.max(row));
                self.columns = (self.columns.0.min(column), self.columns.1.max(column));
            }
        }
    }

    fn area(&self) -> u64 {
        match self.rows {
            Some(rows) => (rows.1 - rows.0 + 1).saturating_mul(self.columns.1 - self.columns.0 + 1),
            None => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap_or_default();
        [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
    }

    fn cell(row: u16, column: u16) -> Vec<u8> {
        let (row, column) = (row.to_le_bytes(), column.to_le_bytes());
        record(0x0201, &[&row[..], &column[..], &[0, 0]].concat())
    }

    #[test]
    fn counts_the_cells_between_distant_cells_of_each_sheet() {
        let start = record(0x0809, &[0; 8]);
        let far = [start.clone(), cell(0, 0), cell(65_535, 255)].concat();
        assert!(matches!(claimed_cells(&far), Ok(0x0100_0000)));
        let two = [&start[..], &cell(1, 1), &cell(2, 3), &start, &cell(9, 9)].concat();
        assert!(matches!(claimed_cells(&two), Ok(7)));
        let encrypted = [&start[..], &record(0x2F, &[1, 0])].concat();
        assert!(matches!(claimed_cells(&encrypted), Err(Fault::Encrypted)));
        assert!(matches!(claimed_cells(&start[..6]), Ok(0)));
    }
}
