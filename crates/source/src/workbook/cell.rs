//! Cells of sheets, and their names.

use super::error::Fault;
use khizana_model::message;

/// The greatest number of rows of a sheet in Excel and LibreOffice.
pub(super) const MAX_ROWS: u64 = 1 << 20;
/// The greatest number of columns of a sheet in Excel and LibreOffice.
pub(super) const MAX_COLUMNS: u32 = 1 << 14;
/// Maximum length of a text that is kept. Longer texts are cut off here, and rejected later because
/// they are longer than a value may be.
pub(super) const MAX_TEXT_BYTES: usize = (1 << 20) + 1024;
/// Maximum total length of the texts of a row, in bytes.
const MAX_ROW_BYTES: usize = 64 << 20;

/// A row of a sheet.
#[derive(Debug, Default)]
pub(super) struct SheetRow {
    /// The number of the row, counted from 1.
    pub number: u64,
    pub is_hidden: bool,
    /// The cells that are not empty, from the first column to the last.
    pub cells: Vec<Cell>,
    /// The total length of the texts of the cells, in bytes.
    bytes: usize,
}

impl SheetRow {
    pub(super) fn clear(&mut self) {
        self.cells.clear();
        self.bytes = 0;
    }

    /// Adds a cell.
    ///
    /// # Errors
    /// Returns an error if the texts of the row become too long. A small file can contain a text once
    /// and refer to it from thousands of cells.
    pub(super) fn push(&mut self, cell: Cell) -> Result<(), Fault> {
        self.bytes += cell.text_bytes();
        if self.bytes > MAX_ROW_BYTES {
            return Err(Fault::TooLarge(message!(
                "a row contains more than {size} MB of text",
                size = MAX_ROW_BYTES >> 20
            )));
        }
        self.cells.push(cell);
        Ok(())
    }
}

/// A cell.
#[derive(Debug)]
pub(super) struct Cell {
    /// The column, counted from 0.
    pub column: u32,
    pub content: Content,
    /// The address to which the cell is linked.
    pub link: Option<String>,
    /// `true` if the content was computed from another workbook.
    pub is_external: bool,
    /// `true` if the cell contains an image.
    pub has_image: bool,
    /// The range of cells that are merged with this one, for example `A2:A5`.
    pub merged: Option<String>,
}

impl Cell {
    pub(super) fn new(column: u32, content: Content) -> Cell {
        Cell {
            column,
            content,
            link: None,
            is_external: false,
            has_image: false,
            merged: None,
        }
    }

    /// Returns the length of the texts of the cell, in bytes.
    fn text_bytes(&self) -> usize {
        let content = match &self.content {
            Content::Empty | Content::Uncomputed => 0,
            Content::Text(text) | Content::Date { text, .. } | Content::Error(text) => text.len(),
            Content::Number { shown, plain } => shown.len() + plain.len(),
        };
        content + self.link.as_ref().map_or(0, String::len)
    }
}

/// The content of a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Empty,
    Text(String),
    Number {
        /// The number as it is displayed.
        shown: String,
        /// The number with all digits.
        plain: String,
    },
    Date {
        /// The date as `1906`, `1906-02`, `1906-02-25` or `1906-02-25T10:30:00`.
        text: String,
        /// The number that a spreadsheet program stores for the date, if it is a whole number.
        serial: Option<i64>,
    },
    /// An error such as `#REF!`.
    Error(String),
    /// A formula whose result is not stored.
    Uncomputed,
}

impl Content {
    /// Returns the text as it is displayed.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Content::Text(text) | Content::Date { text, .. } => Some(text),
            Content::Number { shown, .. } => Some(shown),
            Content::Empty | Content::Error(_) | Content::Uncomputed => None,
        }
    }
}

/// Returns the name of a column: `A` for 0, `AA` for 26.
pub(crate) fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b'A' + u8::try_from(rest % 26).unwrap_or_default());
        rest /= 26;
    }
    letters.iter().rev().map(|byte| char::from(*byte)).collect()
}

/// Returns the name of a cell, such as `C17`. `column` is counted from 0, `row` from 1.
pub fn cell_name(column: u32, row: u64) -> String {
    format!("{}{row}", column_name(column))
}

/// Parses the name of a cell, such as `C17` or `$C$17`. Returns the column, counted from 0, and the
/// row, counted from 1.
pub(super) fn parse_cell(name: &str) -> Option<(u32, u64)> {
    let (mut column, mut row) = (0u32, 0u64);
    let mut bytes = name.bytes().filter(|byte| *byte != b'$').peekable();
    while let Some(byte) = bytes.next_if(u8::is_ascii_alphabetic) {
        let digit = u32::from(byte.to_ascii_uppercase() - b'A') + 1;
        column = column.checked_mul(26)?.checked_add(digit)?;
    }
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        row = row.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
    }
    let is_valid = (1..=MAX_COLUMNS).contains(&column) && (1..=MAX_ROWS).contains(&row);
    is_valid.then(|| (column - 1, row))
}

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    /// The first and the last row, counted from 1.
    pub rows: (u64, u64),
    /// The first and the last column, counted from 0.
    pub columns: (u32, u32),
}

impl Area {
    /// Parses a range such as `A2:C5`, or the name of a cell.
    pub(super) fn parse(range: &str) -> Option<Area> {
        let (from, to) = range.split_once(':').unwrap_or((range, range));
        let ((left, top), (right, bottom)) = (parse_cell(from)?, parse_cell(to)?);
        Some(Area {
            rows: (top.min(bottom), top.max(bottom)),
            columns: (left.min(right), left.max(right)),
        })
    }
}

impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let first = cell_name(self.columns.0, self.rows.0);
        write!(f, "{first}:{}", cell_name(self.columns.1, self.rows.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cells_are_those_of_spreadsheets() {
        for (column, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16383, "XFD"),
        ] {
            assert_eq!(column_name(column), name);
            assert_eq!(parse_cell(&format!("{name}17")), Some((column, 17)));
        }
        assert_eq!(parse_cell("$C$17"), Some((2, 17)));
        assert_eq!(parse_cell("XFD1048576"), Some((16383, 1_048_576)));
        for wrong in [
            "",
            "A",
            "7",
            "A0",
            "XFE1",
            "A1048577",
            "1A",
            "A1B",
            "AAAAAAAAAA1",
            "A99999999999999999999",
        ] {
            assert_eq!(parse_cell(wrong), None, "{wrong}");
        }
        let area = Area::parse("C5:A2");
        assert_eq!(area.map(|area| area.to_string()).as_deref(), Some("A2:C5"));
    }
}
