//! Sheets, independent of the format of the workbook.

use khizana_model::message;
use std::path::Path;
use std::sync::Arc;

use super::cell::{Content, SheetRow, cell_name};
use super::error::Fault;
use super::ods::{self, Ods};
use super::xls::{self, XlsFile};
use super::xlsx::{self, Extras, Xlsx};
use super::{Kind, SheetInfo};

/// Maximum total length of the texts of a sheet, in bytes.
const MAX_TOTAL_BYTES: u64 = 2 << 30;

/// The sheets of a workbook.
#[derive(Debug)]
pub(super) enum SheetBook {
    /// The extras are those of the sheet that is read.
    Xlsx(Xlsx, Arc<Extras>),
    Ods(Ods),
    Xls(XlsFile),
}

impl SheetBook {
    pub(super) fn open(path: &Path) -> Result<SheetBook, Fault> {
        Ok(match Kind::detect(path)? {
            Kind::Xlsx => SheetBook::Xlsx(Xlsx::open(path)?, Arc::default()),
            Kind::Ods => SheetBook::Ods(Ods::open(path)?),
            Kind::Xls => SheetBook::Xls(XlsFile::open(path)?),
        })
    }

    pub(super) fn sheets(&self) -> Vec<SheetInfo> {
        match self {
            SheetBook::Xlsx(xlsx, _) => xlsx.sheets(),
            SheetBook::Ods(ods) => ods.sheets(),
            SheetBook::Xls(xls) => xls.sheets(),
        }
    }

    /// Reads what belongs to a sheet and is not stored with its cells. Returns the name of the sheet.
    pub(super) fn into_sheet(self, index: usize) -> Result<(SheetBook, String), Fault> {
        let name = self.sheets().into_iter().nth(index);
        let name = name
            .ok_or_else(|| Fault::damaged(message!("a sheet is missing")))?
            .name;
        let book = match self {
            SheetBook::Xlsx(xlsx, _) => {
                let extras = Arc::new(xlsx.extras(index)?);
                SheetBook::Xlsx(xlsx, extras)
            }
            other => other,
        };
        Ok((book, name))
    }

    /// Opens the cells of a sheet.
    pub(super) fn reader(&self, index: usize) -> Result<SheetReader, Fault> {
        let rows = match self {
            SheetBook::Xlsx(xlsx, extras) => {
                RowReader::Xlsx(Box::new(xlsx.cells(index, extras.clone())?))
            }
            SheetBook::Ods(ods) => RowReader::Ods(Box::new(ods.cells(index)?)),
            SheetBook::Xls(xls) => RowReader::Xls(Box::new(xls.cells(index)?)),
        };
        Ok(SheetReader { rows, bytes: 0 })
    }

    /// Returns the cells over which an image lies, as far as they are known before the cells are
    /// read.
    pub(super) fn images(&self) -> &[(u64, u32)] {
        match self {
            SheetBook::Xlsx(_, extras) => &extras.images,
            _ => &[],
        }
    }

    pub(super) fn is_xls(&self) -> bool {
        matches!(self, SheetBook::Xls(_))
    }
}

/// A reader of the rows of a sheet.
#[derive(Debug)]
pub(super) struct SheetReader {
    rows: RowReader,
    /// The total length of the texts that have been read.
    bytes: u64,
}

#[derive(Debug)]
enum RowReader {
    Xlsx(Box<xlsx::SheetReader>),
    Ods(Box<ods::SheetReader>),
    Xls(Box<xls::SheetReader>),
}

impl SheetReader {
    /// Reads the next row that has cells. Returns `false` after the last row.
    pub(super) fn next_row(&mut self, row: &mut SheetRow) -> Result<bool, Fault> {
        let has_row = match &mut self.rows {
            RowReader::Xlsx(reader) => reader.next_row(row)?,
            RowReader::Ods(reader) => reader.next_row(row)?,
            RowReader::Xls(reader) => reader.next_row(row)?,
        };
        for cell in &row.cells {
            if let Content::Text(text) = &cell.content {
                self.bytes += text.len() as u64;
            }
        }
        if self.bytes > MAX_TOTAL_BYTES {
            return Err(Fault::TooLarge(message!(
                "its cells contain more than {size} GB of text",
                size = MAX_TOTAL_BYTES >> 30
            )));
        }
        Ok(has_row)
    }

    /// Returns the name of the last cell that was read.
    pub(super) fn position(&self) -> Option<String> {
        let (row, column) = match &self.rows {
            RowReader::Xlsx(reader) => reader.position(),
            RowReader::Ods(reader) => reader.position(),
            RowReader::Xls(reader) => reader.position(),
        };
        (row > 0).then(|| cell_name(column, row))
    }

    /// Returns the ranges of hidden columns that have been found so far.
    pub(super) fn hidden_columns<'a>(&'a self, book: &'a SheetBook) -> &'a [(u32, u32)] {
        match (&self.rows, book) {
            (RowReader::Ods(reader), _) => &reader.hidden_columns,
            (_, SheetBook::Xlsx(_, extras)) => &extras.hidden_columns,
            _ => &[],
        }
    }

    /// Returns `true` if an image lies on the sheet and belongs to no cell.
    pub(super) fn has_image(&self) -> bool {
        matches!(&self.rows, RowReader::Ods(reader) if reader.has_image)
    }
}
