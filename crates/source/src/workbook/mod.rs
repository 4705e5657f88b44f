//! Workbooks: XLSX, ODS and XLS files.
//!
//! [`Workbook::open`] detects the format by the content of the file, and finds the sheet and its header.
//! [`Workbook::rows`] then reads the rows of the sheet as often as needed. XLSX and ODS are read as
//! streams and within limits, since a small file can claim to contain a very large sheet.

mod cell;
mod choose;
mod error;
mod formula;
mod links;
mod notes;
mod number_format;
mod ods;
mod package;
mod rows;
mod serial;
mod sheet;
mod xls;
mod xlsx;
mod xml;

use khizana_model::message;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use cell::cell_name;
pub(crate) use cell::column_name;
pub(crate) use choose::EXAMPLES as EXAMPLES_SHEET;
pub use error::{Fault, WorkbookError};
pub(super) use rows::WorkbookRows;
pub(super) use xlsx::{position_of_cell, position_of_row};

use cell::{Content, SheetRow};
use choose::Header;
use links::linked_value;
use rows::number_text;
use sheet::{SheetBook, SheetReader};

use crate::Dialect;
use crate::column::columns;
use crate::reader::Value;

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SheetInfo {
    name: String,
    is_hidden: bool,
}

/// A workbook and the sheet that is its table.
#[derive(Debug)]
pub(crate) struct Workbook {
    /// The name of the file.
    file: String,
    /// The folder of the file.
    folder: PathBuf,
    book: SheetBook,
    /// The index of the sheet in the workbook.
    index: usize,
    sheet: String,
    header: Header,
}

impl Workbook {
    /// Opens a workbook. `sheet` is the name of the sheet, if `collection.toml` contains one.
    ///
    /// # Errors
    /// Returns an error if the workbook cannot be read, or if there is not exactly one sheet to read.
    pub(super) fn open(
        path: &Path,
        file: &str,
        sheet: Option<&str>,
    ) -> Result<Workbook, WorkbookError> {
        let in_file = |fault: Fault| fault.in_file(file);
        let book = SheetBook::open(path).map_err(in_file)?;
        let (index, header) = choose::sheet(&book, file, sheet)?;
        let (book, name) = book.into_sheet(index).map_err(in_file)?;
        Ok(Workbook {
            file: file.to_owned(),
            folder: path.parent().unwrap_or(Path::new("")).to_owned(),
            book,
            index,
            sheet: name,
            header,
        })
    }

    /// Returns the name of the sheet.
    pub(super) fn sheet(&self) -> &str {
        &self.sheet
    }

    /// Returns the names of the columns.
    pub(super) fn header(&self) -> &[String] {
        &self.header.names
    }

    /// Returns an iterator over the rows below the header.
    ///
    /// # Errors
    /// Returns an error if the sheet cannot be opened.
    pub(super) fn rows(self: &Arc<Self>) -> Result<WorkbookRows, WorkbookError> {
        WorkbookRows::new(self.clone())
    }

    /// Returns `true` if the workbook is an XLSX file.
    pub(super) fn is_xlsx(&self) -> bool {
        matches!(self.book, SheetBook::Xlsx(..))
    }

    /// Calls a function with the row, the column (counted from 0) and the text of each cell of the sheet
    /// that has a text. The texts are those that are read: numbers with all digits where they are measured,
    /// and the targets of links to files.
    ///
    /// # Errors
    /// Returns an error if the sheet cannot be read, and the first error of the function.
    pub(super) fn for_each_text<E: From<WorkbookError>>(
        &self,
        mut f: impl FnMut(u64, u32, &str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut reader = self.reader().map_err(|fault| self.error(None, fault))?;
        let mut row = SheetRow::default();
        let dialect = Dialect::detect(self.header()).unwrap_or(Dialect::Khizana);
        let columns = columns(self.header(), dialect);
        loop {
            let has_row = reader.next_row(&mut row);
            if !has_row.map_err(|fault| self.error(reader.position(), fault))? {
                return Ok(());
            }
            for cell in &row.cells {
                let column = columns.get(cell.column as usize);
                let text = match &cell.content {
                    Content::Number { shown, plain } => Some(number_text(column, shown, plain)),
                    content => content.text(),
                };
                let Some(text) = text else {
                    continue;
                };
                let linked = column
                    .zip(cell.link.as_deref())
                    .and_then(|(column, link)| linked_value(&self.folder, column, text, link));
                let linked = linked.as_ref().and_then(Value::single);
                f(row.number, cell.column, linked.unwrap_or(text))?;
            }
        }
    }

    /// Returns the name and the XML of the part with the cells, if the workbook is an XLSX file.
    pub(super) fn sheet_xml(&self) -> Result<(&str, String), WorkbookError> {
        let part = match &self.book {
            SheetBook::Xlsx(xlsx, _) => xlsx.sheet_xml(self.index),
            _ => Err(Fault::damaged("it is not an XLSX file")),
        };
        part.map_err(|fault| self.error(None, fault))
    }

    fn reader(&self) -> Result<SheetReader, Fault> {
        self.book.reader(self.index)
    }

    /// Creates an error in the sheet.
    fn error(&self, cell: Option<String>, fault: Fault) -> WorkbookError {
        WorkbookError {
            file: self.file.clone(),
            sheet: Some(self.sheet.clone()),
            cell,
            fault,
        }
    }
}

/// The formats of workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Xlsx,
    Ods,
    Xls,
}

impl Kind {
    /// Detects the format of a file by its content.
    fn detect(path: &Path) -> Result<Kind, Fault> {
        let mut start = Vec::new();
        let file = File::open(path).map_err(Fault::Io)?;
        file.take(512).read_to_end(&mut start).map_err(Fault::Io)?;
        if start.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            return Ok(Kind::Xls);
        }
        if start.starts_with(b"PK\x03\x04") {
            let package = package::Package::open(path)?;
            let is_ods = package.has("content.xml") && !package.has("[Content_Types].xml");
            return Ok(if is_ods { Kind::Ods } else { Kind::Xlsx });
        }
        let text = start.trim_ascii_start();
        Err(match text.first() {
            None => Fault::NotWorkbook(message!("it is empty")),
            Some(b'<') => Fault::NotWorkbook(message!(
                "it is an HTML or XML file with the name of a workbook"
            )),
            Some(_) if text.is_ascii() && !text.contains(&0) => {
                Fault::NotWorkbook(message!("it is a text file with the name of a workbook"))
            }
            Some(_) => Fault::NotWorkbook(message!("its content is in an unknown format")),
        })
    }
}
