//! The layout of a CSV file: its delimiter, and the row with the column names.

use super::rows::RowReader;
use crate::column::{HEADER_ROWS, header_columns};

/// The layout of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub delimiter: u8,
    /// Number of bytes of a line `sep=;`, which Excel reads and does not display.
    pub separator_line: usize,
    /// Number of rows above the column names.
    pub rows_above: usize,
}

impl Layout {
    /// Detects the layout from the beginning of a file. `delimiter` is the delimiter if the name of
    /// the file determines it.
    pub(super) fn detect(start: &[u8], delimiter: Option<u8>) -> Layout {
        let (declared, separator_line) = separator_line(start);
        let start = start.get(separator_line..).unwrap_or_default();
        let candidates = match declared.or(delimiter) {
            Some(delimiter) => vec![delimiter],
            None => vec![b',', b';', b'\t'],
        };
        let mut best: Option<(usize, u8, usize)> = None;
        for delimiter in candidates {
            let Some((known, rows_above)) = find_header(start, delimiter) else {
                continue;
            };
            if best.is_none_or(|(most, ..)| known > most) {
                best = Some((known, delimiter, rows_above));
            }
            if known > 1 && rows_above == 0 {
                break;
            }
        }
        let (delimiter, rows_above) = match best {
            Some((_, delimiter, rows_above)) => (delimiter, rows_above),
            None => (declared.or(delimiter).unwrap_or_else(|| guess(start)), 0),
        };
        Layout {
            delimiter,
            separator_line,
            rows_above,
        }
    }
}

/// Returns the delimiter that a first line `sep=;` declares, and the length of the line.
fn separator_line(start: &[u8]) -> (Option<u8>, usize) {
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    let text = line.trim_ascii_end();
    let text = text.strip_prefix(b"\"").unwrap_or(text);
    match text {
        [
            b's' | b'S',
            b'e' | b'E',
            b'p' | b'P',
            b'=',
            delimiter,
            rest @ ..,
        ] if matches!(rest, b"" | b"\"") => (Some(*delimiter), (line.len() + 1).min(start.len())),
        _ if text.eq_ignore_ascii_case(b"sep=") => (Some(b'\t'), (line.len() + 1).min(start.len())),
        _ => (None, 0),
    }
}

/// Finds the row with the column names. Returns the number of columns that are known, and the number
/// of rows above.
fn find_header(start: &[u8], delimiter: u8) -> Option<(usize, usize)> {
    let mut rows = RowReader::new(start, delimiter);
    let mut is_first = true;
    for above in 0..HEADER_ROWS {
        rows.next().ok()??;
        let cells: Vec<String> = rows
            .cells()
            .map(|cell| String::from_utf8_lossy(cell).into_owned())
            .collect();
        if let Some(known) = header_columns(&cells, is_first) {
            return Some((known, above));
        }
        is_first &= cells.iter().all(|cell| cell.trim().is_empty());
    }
    None
}

/// Guesses the delimiter of a table without known columns.
fn guess(start: &[u8]) -> u8 {
    let start = start.trim_ascii_start();
    let line = start.split(|b| *b == b'\n').next().unwrap_or_default();
    match (
        line.contains(&b','),
        line.contains(&b';'),
        line.contains(&b'\t'),
    ) {
        (false, true, _) => b';',
        (false, false, true) => b'\t',
        _ => b',',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(text: &str) -> (char, usize, usize) {
        let layout = Layout::detect(text.as_bytes(), None);
        (
            layout.delimiter as char,
            layout.separator_line,
            layout.rows_above,
        )
    }

    #[test]
    fn detects_delimiters_and_rows_above_the_header() {
        assert_eq!(layout("id,title\n"), (',', 0, 0));
        assert_eq!(layout("id;title, in full;date\n"), (';', 0, 0));
        assert_eq!(layout("id\ttitle\n"), ('\t', 0, 0));
        assert_eq!(layout("id\na\n"), (',', 0, 0));
        assert_eq!(layout("sep=;\nid;title\n"), (';', 6, 0));
        assert_eq!(layout("\"sep=,\"\r\nid,title\r\n"), (',', 9, 0));
        assert_eq!(
            layout("Catalogue; the manuscripts, maps\n\n;;\nCote;Titre\n"),
            (';', 0, 2)
        );
        assert_eq!(layout("a,b\n1,id\n"), (',', 0, 0));
        assert_eq!(layout("a;b\n"), (';', 0, 0));
        assert_eq!(layout(""), (',', 0, 0));
    }
}
