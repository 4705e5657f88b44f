//! Rows of a sheet.

use khizana_model::message;
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::cell::{Attributes, Body, contains_image};
use super::repetitions;
use super::styles::Styles;
use crate::workbook::cell::{Cell, Content, MAX_COLUMNS, MAX_ROWS, MAX_TEXT_BYTES, SheetRow};
use crate::workbook::error::Fault;
use crate::workbook::xml::{Xml, prefixed_attribute};

/// Maximum number of times that a row with content is repeated.
const MAX_REPEATED_ROWS: u64 = 1000;

/// A reader of the rows of a sheet.
#[derive(Debug)]
pub(in crate::workbook) struct SheetReader {
    xml: Xml,
    styles: Arc<Styles>,
    /// The default style of the columns up to a column.
    column_styles: Vec<(u32, Option<String>)>,
    /// The number of the last row.
    row: u64,
    column: u32,
    /// Number of times that the last row is still to be returned.
    repeated: u64,
    /// The first and the last column of each range of hidden columns.
    pub hidden_columns: Vec<(u32, u32)>,
    /// `true` if an image lies on the sheet and belongs to no cell.
    pub has_image: bool,
    is_done: bool,
}

/// The attributes of a row.
#[derive(Debug, Default)]
struct RowAttributes {
    repeated: u64,
    is_hidden: bool,
    default_style: Option<String>,
}

/// The elements of a sheet.
enum Element {
    Row(RowAttributes),
    Drawing,
    Skipped,
}

impl SheetReader {
    pub(super) fn new(xml: Xml, styles: Arc<Styles>) -> SheetReader {
        SheetReader {
            xml,
            styles,
            column_styles: Vec::new(),
            row: 0,
            column: 0,
            repeated: 0,
            hidden_columns: Vec::new(),
            has_image: false,
            is_done: false,
        }
    }

    /// Returns the number of the row that is being read, and the number of the column.
    pub(in crate::workbook) fn position(&self) -> (u64, u32) {
        (self.row, self.column.saturating_sub(1))
    }

    /// Reads the next row that has cells into `row`, which contains the last row. Returns `false`
    /// after the last row.
    pub(in crate::workbook) fn next_row(&mut self, row: &mut SheetRow) -> Result<bool, Fault> {
        if self.repeated > 0 {
            self.repeated -= 1;
            self.row += 1;
            row.number = self.row;
            return Ok(true);
        }
        row.clear();
        while !self.is_done {
            let element = match self.xml.next()? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "table:table-row" => Element::Row(row_attributes(&tag)),
                    "table:table-column" => {
                        read_column(&tag, &mut self.column_styles, &mut self.hidden_columns);
                        continue;
                    }
                    "table:shapes" => Element::Drawing,
                    // Groups of rows and columns.
                    name if name.starts_with("table:table-") => continue,
                    _ => Element::Skipped,
                },
                Event::Empty(tag) => {
                    match tag.name().as_ref() {
                        "table:table-row" => self.row += row_attributes(&tag).repeated,
                        "table:table-column" => {
                            read_column(&tag, &mut self.column_styles, &mut self.hidden_columns);
                        }
                        _ => {}
                    }
                    continue;
                }
                Event::End(tag) => {
                    self.is_done = tag.name().as_ref() == "table:table";
                    continue;
                }
                Event::Eof => {
                    self.is_done = true;
                    continue;
                }
                _ => continue,
            };
            match element {
                Element::Skipped => self.xml.skip_element()?,
                Element::Drawing => self.has_image |= contains_image(&mut self.xml)?,
                Element::Row(attributes) => {
                    self.row += 1;
                    self.cells(row, attributes.default_style.as_deref())?;
                    let others = attributes.repeated - 1;
                    if row.cells.is_empty() {
                        self.row = self.row.saturating_add(others);
                        continue;
                    }
                    if self.row.saturating_add(others) > MAX_ROWS {
                        return Err(Fault::damaged(message!("a row has an impossible number")));
                    }
                    if others > MAX_REPEATED_ROWS {
                        return Err(Fault::TooLarge(message!(
                            "the row is repeated {count} times",
                            count = others
                        )));
                    }
                    row.number = self.row;
                    row.is_hidden = attributes.is_hidden;
                    self.repeated = others;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Reads the cells of a row to its end tag.
    fn cells(&mut self, row: &mut SheetRow, default_style: Option<&str>) -> Result<(), Fault> {
        self.column = 0;
        loop {
            let (attributes, is_covered, is_open) = match self.xml.next()? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "table:table-cell" => (Attributes::read(&tag), false, true),
                    "table:covered-table-cell" => (Attributes::read(&tag), true, true),
                    _ => (Attributes::default(), true, true),
                },
                Event::Empty(tag) => match tag.name().as_ref() {
                    "table:table-cell" => (Attributes::read(&tag), false, false),
                    "table:covered-table-cell" => (Attributes::read(&tag), true, false),
                    _ => continue,
                },
                Event::End(_) | Event::Eof => return Ok(()),
                _ => continue,
            };
            let repeated = attributes.repeated;
            let column = self.column;
            self.column = u32::try_from(u64::from(column).saturating_add(repeated))
                .unwrap_or(MAX_COLUMNS)
                .min(MAX_COLUMNS);
            if is_covered {
                // The cell is hidden behind a merged one.
                if is_open {
                    self.xml.skip_element()?;
                }
                continue;
            }
            let body = if is_open {
                Body::read(&mut self.xml)?
            } else {
                Body::default()
            };
            let style = default_style.or_else(|| self.column_style(column));
            let cell = attributes.cell((self.row, column), body, &self.styles, style);
            if cell.content == Content::Empty && !cell.has_image {
                continue;
            }
            if column >= MAX_COLUMNS {
                return Err(Fault::damaged(message!("a row has more than 16,384 cells")));
            }
            push_repeated(row, cell, self.column)?;
        }
    }

    /// Returns the default style of a column.
    fn column_style(&self, column: u32) -> Option<&str> {
        let mut styles = self.column_styles.iter();
        styles.find(|(end, _)| column < *end)?.1.as_deref()
    }
}

/// Adds a cell to a row, and its repetitions up to the column `end`.
fn push_repeated(row: &mut SheetRow, cell: Cell, end: u32) -> Result<(), Fault> {
    let text = match &cell.content {
        Content::Text(text) => text.len(),
        _ => 0,
    };
    let count = end.saturating_sub(cell.column) as usize;
    if text.saturating_mul(count) > 16 * MAX_TEXT_BYTES {
        return Err(Fault::TooLarge(message!(
            "a long text is repeated in {count} cells",
            count
        )));
    }
    let (first, content, link) = (cell.column, cell.content.clone(), cell.link.clone());
    row.push(cell)?;
    for column in first + 1..end {
        row.push(Cell {
            link: link.clone(),
            ..Cell::new(column, content.clone())
        })?;
    }
    Ok(())
}

fn row_attributes(tag: &BytesStart<'_>) -> RowAttributes {
    let visibility = prefixed_attribute(tag, "table:visibility").unwrap_or_default();
    RowAttributes {
        repeated: repetitions(tag, "table:number-rows-repeated"),
        is_hidden: matches!(visibility.as_str(), "collapse" | "filter"),
        default_style: prefixed_attribute(tag, "table:default-cell-style-name"),
    }
}

/// Reads the description of one or more columns.
fn read_column(
    tag: &BytesStart<'_>,
    styles: &mut Vec<(u32, Option<String>)>,
    hidden: &mut Vec<(u32, u32)>,
) {
    let start = styles.last().map_or(0, |(end, _)| *end);
    let count = repetitions(tag, "table:number-columns-repeated");
    let end = u64::from(start).saturating_add(count);
    let end = u32::try_from(end).unwrap_or(MAX_COLUMNS).min(MAX_COLUMNS);
    let visibility = prefixed_attribute(tag, "table:visibility").unwrap_or_default();
    if matches!(visibility.as_str(), "collapse" | "filter") && end > start {
        hidden.push((start, end - 1));
    }
    if styles.len() < MAX_COLUMNS as usize {
        let style = prefixed_attribute(tag, "table:default-cell-style-name");
        styles.push((end, style));
    }
}
