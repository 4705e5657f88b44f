//! Styles of cells and sheets.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::events::Event;

use crate::workbook::error::Fault;
use crate::workbook::serial::DateParts;
use crate::workbook::xml::{Xml, prefixed_attribute};

/// The styles, as far as they decide how dates are displayed and which sheets are hidden.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// The parts of a date that a data style displays.
    formats: BTreeMap<String, DateParts>,
    /// The data style of each cell style.
    data_styles: BTreeMap<String, String>,
    /// The parts of a date that a cell style displays.
    dates: BTreeMap<String, DateParts>,
    hidden_tables: BTreeSet<String>,
    /// The name of the style and of the date format that are being read.
    style: String,
    format: Option<String>,
}

/// The styles that were read.
#[derive(Debug)]
pub(super) enum Step {
    /// The start of a sheet. Its content has been skipped.
    Table {
        name: String,
        style: String,
    },
    Other,
    /// The end of the part.
    End,
}

impl Step {
    pub(super) fn is_end(&self) -> bool {
        matches!(self, Step::End)
    }
}

impl Styles {
    /// Reads the next event of a part.
    pub(super) fn read_next(&mut self, xml: &mut Xml) -> Result<Step, Fault> {
        let event = xml.next()?;
        let is_open = matches!(event, Event::Start(_));
        let tag = match event {
            Event::Start(tag) | Event::Empty(tag) => tag,
            Event::End(tag) => {
                if tag.name().as_ref() == "number:date-style" {
                    self.format = None;
                }
                return Ok(Step::Other);
            }
            Event::Eof => return Ok(Step::End),
            _ => return Ok(Step::Other),
        };
        let get = |name: &str| prefixed_attribute(&tag, name).unwrap_or_default();
        match tag.name().as_ref() {
            "style:style" => {
                self.style = get("style:name");
                let data_style = get("style:data-style-name");
                if !data_style.is_empty() {
                    self.data_styles.insert(self.style.clone(), data_style);
                }
            }
            "style:table-properties" if get("table:display") == "false" => {
                self.hidden_tables.insert(self.style.clone());
            }
            "number:date-style" => self.format = Some(get("style:name")),
            "number:year" => self.part(|parts| parts.year = true),
            "number:month" => self.part(|parts| parts.month = true),
            "number:day" => self.part(|parts| parts.day = true),
            "number:hours" => self.part(|parts| parts.time = true),
            "table:table" => {
                let (name, style) = (get("table:name"), get("table:style-name"));
                drop(tag);
                if is_open {
                    xml.skip_element()?;
                }
                return Ok(Step::Table { name, style });
            }
            _ => {}
        }
        Ok(Step::Other)
    }

    fn part(&mut self, set: impl FnOnce(&mut DateParts)) {
        if let Some(format) = &self.format {
            set(self.formats.entry(format.clone()).or_default());
        }
    }

    /// Connects the cell styles with the date formats.
    pub(super) fn finish(&mut self) {
        let styles = self.data_styles.iter();
        self.dates = styles
            .filter_map(|(style, format)| Some((style.clone(), *self.formats.get(format)?)))
            .collect();
    }

    /// Returns the parts of a date that a cell style displays. Without a date format, a cell that
    /// contains a date displays the whole date.
    pub(super) fn date_parts(&self, style: &str) -> DateParts {
        let whole = DateParts {
            year: true,
            month: true,
            day: true,
            time: true,
        };
        self.dates.get(style).copied().unwrap_or(whole)
    }

    pub(super) fn is_hidden(&self, table_style: &str) -> bool {
        self.hidden_tables.contains(table_style)
    }
}
