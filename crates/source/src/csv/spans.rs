//! Positions of the rows of a CSV file in memory.

use std::ops::Range;

use super::layout::Layout;
use super::rows::RowReader;

/// An iterator over the rows of a table in memory, including those above the column names.
#[derive(Debug)]
pub(crate) struct RowSpans<'a> {
    rows: RowReader<&'a [u8]>,
    table: &'a [u8],
    delimiter: u8,
}

/// A row and its position.
#[derive(Debug)]
pub(crate) struct RowSpan {
    /// The number of the row, as a spreadsheet counts rows.
    pub number: u64,
    /// The bytes of the row, without the line end.
    pub bytes: Range<usize>,
    pub delimiter: u8,
    pub cells: Vec<Vec<u8>>,
}

impl<'a> RowSpans<'a> {
    /// Detects the layout of a table. `delimiter` is the delimiter if the name of the file determines it.
    pub(crate) fn new(table: &'a [u8], delimiter: Option<u8>) -> RowSpans<'a> {
        let start = table.get(..128 * 1024).unwrap_or(table);
        let layout = Layout::detect(start, delimiter);
        let rest = table.get(layout.separator_line..).unwrap_or_default();
        let mut rows = RowReader::new(rest, layout.delimiter);
        rows.next_line += u64::from(layout.separator_line > 0);
        RowSpans {
            rows,
            table,
            delimiter: layout.delimiter,
        }
    }
}

impl Iterator for RowSpans<'_> {
    type Item = RowSpan;

    fn next(&mut self) -> Option<RowSpan> {
        let is_line_end = |byte: &&u8| matches!(byte, b'\n' | b'\r');
        let before = self.table.len() - self.rows.rest().len();
        // Reading from memory does not fail.
        self.rows.next().ok().flatten()?;
        let end = self.table.len() - self.rows.rest().len();
        let row = self.table.get(before..end).unwrap_or_default();
        let blank = row.iter().take_while(is_line_end).count();
        let ended = usize::from(row.last().as_ref().is_some_and(is_line_end));
        Some(RowSpan {
            number: self.rows.number,
            bytes: before + blank..end - ended,
            delimiter: self.delimiter,
            cells: self.rows.cells().map(<[u8]>::to_vec).collect(),
        })
    }
}
