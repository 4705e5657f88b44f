//! Cells of a sheet.

use khizana_model::message;
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::strings::{read_rich_text, unescape};
use super::{Extras, Shared};
use crate::workbook::cell::{Cell, Content, MAX_COLUMNS, MAX_ROWS, SheetRow, parse_cell};
use crate::workbook::error::Fault;
use crate::workbook::formula::Formula;
use crate::workbook::number_format::NumberFormat;
use crate::workbook::serial::serial_of;
use crate::workbook::xml::{Xml, push_text};

/// A reader of the cells of a sheet.
#[derive(Debug)]
pub(in crate::workbook) struct SheetReader {
    xml: Xml,
    shared: Arc<Shared>,
    extras: Arc<Extras>,
    /// The number of the last row.
    row: u64,
    /// The column of the next cell, unless the cell names another.
    next_column: u32,
    /// The text of the current value, formula and inline text.
    value: String,
    formula: String,
    is_done: bool,
}

/// The attributes of a cell.
#[derive(Debug, Default)]
struct Attributes {
    kind: Kind,
    style: usize,
    has_rich_value: bool,
}

/// The type of the value of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Number,
    SharedText,
    InlineText,
    FormulaText,
    Boolean,
    Error,
    Date,
}

/// The kinds of children of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Child {
    Value,
    Formula,
    RichText,
    Other,
}

impl SheetReader {
    pub(super) fn new(xml: Xml, shared: Arc<Shared>, extras: Arc<Extras>) -> SheetReader {
        SheetReader {
            xml,
            shared,
            extras,
            row: 0,
            next_column: 0,
            value: String::new(),
            formula: String::new(),
            is_done: false,
        }
    }

    /// Returns the number of the row that is being read, and the number of the column.
    pub(in crate::workbook) fn position(&self) -> (u64, u32) {
        (self.row, self.next_column.saturating_sub(1))
    }

    /// Reads the next row that has cells. Returns `false` after the last row.
    pub(in crate::workbook) fn next_row(&mut self, row: &mut SheetRow) -> Result<bool, Fault> {
        row.clear();
        while !self.is_done {
            let attributes = match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "c" => cell_attributes(&tag, &mut self.next_column)?,
                    "row" => {
                        (row.number, row.is_hidden) = row_attributes(&tag, self.row)?;
                        self.row = row.number;
                        self.next_column = 0;
                        continue;
                    }
                    _ => continue,
                },
                Event::Empty(tag) => {
                    match tag.local_name().as_ref() {
                        "c" => {
                            cell_attributes(&tag, &mut self.next_column)?;
                            self.next_column += 1;
                        }
                        "row" => self.row = row_attributes(&tag, self.row)?.0,
                        "sheetData" => self.is_done = true,
                        _ => {}
                    }
                    continue;
                }
                Event::End(tag) => {
                    match tag.local_name().as_ref() {
                        "row" if !row.cells.is_empty() => {
                            row.cells.sort_by_key(|cell| cell.column);
                            return Ok(true);
                        }
                        "sheetData" => self.is_done = true,
                        _ => {}
                    }
                    continue;
                }
                Event::Eof => {
                    self.is_done = true;
                    continue;
                }
                _ => continue,
            };
            let column = self.next_column;
            self.next_column += 1;
            if let Some(cell) = self.cell(attributes, column)? {
                row.push(cell)?;
            }
        }
        // The rest of the part is read for its checksum only.
        while !matches!(self.xml.next()?, Event::Eof) {}
        Ok(false)
    }

    /// Reads the content of a cell. Returns `None` if it is empty.
    fn cell(&mut self, attributes: Attributes, column: u32) -> Result<Option<Cell>, Fault> {
        self.value.clear();
        self.formula.clear();
        let (mut has_value, mut has_formula) = (false, false);
        loop {
            let child = match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" => Child::Value,
                    "f" => Child::Formula,
                    "is" => Child::RichText,
                    _ => Child::Other,
                },
                Event::Empty(tag) => {
                    has_formula |= tag.local_name().as_ref() == "f";
                    continue;
                }
                Event::End(_) | Event::Eof => break,
                _ => continue,
            };
            has_value |= matches!(child, Child::Value | Child::RichText);
            has_formula |= child == Child::Formula;
            match child {
                Child::Value => read_text(&mut self.xml, &mut self.value)?,
                Child::Formula => read_text(&mut self.xml, &mut self.formula)?,
                Child::RichText => read_rich_text(&mut self.xml, "is", &mut self.value)?,
                Child::Other => self.xml.skip_element()?,
            }
        }
        let mut content = self.content(&attributes, has_value)?;
        let formula = Formula::parse(&self.formula);
        // A formula whose result is an empty text has the type of a text.
        if has_formula && content == Content::Empty && attributes.kind != Kind::FormulaText {
            content = Content::Uncomputed;
        }
        let mut cell = Cell::new(column, content);
        cell.has_image = formula.is_image
            || (attributes.has_rich_value && matches!(cell.content, Content::Error(_)));
        if cell.content == Content::Empty && !cell.has_image {
            return Ok(None);
        }
        cell.is_external = formula.is_external;
        let link = self.extras.link(self.row, column);
        cell.link = link.map(str::to_owned).or(formula.link);
        cell.merged = self
            .extras
            .merged(self.row, column)
            .map(|area| area.to_string());
        Ok(Some(cell))
    }

    fn content(&self, attributes: &Attributes, has_value: bool) -> Result<Content, Fault> {
        let text = |text: &str| match text {
            "" => Content::Empty,
            text => Content::Text(text.to_owned()),
        };
        if !has_value || self.value.is_empty() {
            return Ok(Content::Empty);
        }
        Ok(match attributes.kind {
            Kind::SharedText => {
                let index = self.value.trim().parse::<usize>().ok();
                let shared = index.and_then(|index| self.shared.strings.get(index));
                text(shared.ok_or_else(|| {
                    Fault::damaged(message!("a cell refers to a text that does not exist"))
                })?)
            }
            Kind::InlineText => text(&self.value),
            Kind::FormulaText => {
                let mut value = self.value.clone();
                unescape(&mut value);
                text(&value)
            }
            Kind::Boolean => text(if self.value.trim() == "1" {
                "TRUE"
            } else {
                "FALSE"
            }),
            Kind::Error => Content::Error(self.value.clone()),
            Kind::Date => {
                let date = self.value.trim();
                let is_midnight = |time: &str| time.starts_with("T00:00:00");
                let midnight = date.get(10..).is_some_and(is_midnight);
                let date = if midnight {
                    date.get(..10).unwrap_or(date)
                } else {
                    date
                };
                Content::Date {
                    serial: serial_of(date),
                    text: date.to_owned(),
                }
            }
            Kind::Number => match self.value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    let format = self.shared.formats.get(attributes.style);
                    let format = format.unwrap_or(&NumberFormat::General);
                    format.content(number, self.shared.epoch)
                }
                _ => text(&self.value),
            },
        })
    }
}

/// Reads the text to the end of the current element.
fn read_text(xml: &mut Xml, text: &mut String) -> Result<(), Fault> {
    loop {
        match xml.next()? {
            Event::End(_) | Event::Eof => return Ok(()),
            Event::Start(_) => {}
            event => {
                push_text(text, &event);
                continue;
            }
        }
        xml.skip_element()?;
    }
}

/// Returns the number of a row. `last` is the number of the row before it.
pub(crate) fn position_of_row(tag: &BytesStart<'_>, last: u64) -> Result<u64, Fault> {
    row_attributes(tag, last).map(|(number, _)| number)
}

/// Returns the column of a cell, counted from 0. `next` is the column after that of the cell before it.
pub(crate) fn position_of_cell(tag: &BytesStart<'_>, next: u32) -> Result<u32, Fault> {
    let mut column = next;
    cell_attributes(tag, &mut column)?;
    Ok(column)
}

/// Parses the attributes of a row. Returns its number, and `true` if it is hidden.
fn row_attributes(tag: &BytesStart<'_>, last: u64) -> Result<(u64, bool), Fault> {
    let (mut number, mut is_hidden) = (last + 1, false);
    for attribute in tag.attributes().with_checks(false).flatten() {
        match attribute.key.as_ref() {
            "r" => number = attribute.value.parse().unwrap_or(0),
            "hidden" => is_hidden = matches!(attribute.value.as_ref(), "1" | "true"),
            _ => {}
        }
    }
    if (1..=MAX_ROWS).contains(&number) {
        Ok((number, is_hidden))
    } else {
        Err(Fault::damaged(message!("a row has an impossible number")))
    }
}

/// Parses the attributes of a cell. Updates the column if the cell has a name.
fn cell_attributes(tag: &BytesStart<'_>, column: &mut u32) -> Result<Attributes, Fault> {
    let mut attributes = Attributes::default();
    for attribute in tag.attributes().with_checks(false).flatten() {
        let value = attribute.value.as_ref();
        match attribute.key.as_ref() {
            "r" => {
                let (named, _) = parse_cell(value)
                    .ok_or_else(|| Fault::damaged(message!("a cell has an impossible name")))?;
                *column = named;
            }
            "s" => attributes.style = value.parse().unwrap_or_default(),
            "t" => {
                attributes.kind = match value {
                    "s" => Kind::SharedText,
                    "inlineStr" => Kind::InlineText,
                    "str" => Kind::FormulaText,
                    "b" => Kind::Boolean,
                    "e" => Kind::Error,
                    "d" => Kind::Date,
                    _ => Kind::Number,
                }
            }
            "vm" => attributes.has_rich_value = true,
            _ => {}
        }
    }
    if *column < MAX_COLUMNS {
        Ok(attributes)
    } else {
        Err(Fault::damaged(message!("a row has more than 16,384 cells")))
    }
}
