//! Content of a cell: its attributes and paragraphs.

use quick_xml::events::{BytesStart, Event};

use super::styles::Styles;
use crate::workbook::cell::{Area, Cell, Content, MAX_COLUMNS, MAX_ROWS};
use crate::workbook::error::Fault;
use crate::workbook::formula::Formula;
use crate::workbook::number_format::general;
use crate::workbook::serial::{DateParts, serial_of};
use crate::workbook::xml::{Xml, prefixed_attribute, push_bounded, push_text};

/// The attributes of a cell.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    kind: String,
    is_error: bool,
    number: Option<String>,
    date: Option<String>,
    text: Option<String>,
    formula: String,
    pub style: Option<String>,
    pub repeated: u64,
    spanned: (u64, u64),
}

impl Attributes {
    pub(super) fn read(tag: &BytesStart<'_>) -> Attributes {
        let mut attributes = Attributes {
            repeated: 1,
            spanned: (1, 1),
            ..Attributes::default()
        };
        for attribute in tag.attributes().with_checks(false).flatten() {
            let text = || {
                let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
                value.map(|value| value.into_owned()).unwrap_or_default()
            };
            let count = || attribute.value.parse().unwrap_or(1).max(1);
            match attribute.key.as_ref() {
                "office:value-type" => attributes.kind = text(),
                "calcext:value-type" => attributes.is_error = attribute.value == "error",
                "office:value" => attributes.number = Some(text()),
                "office:date-value" => attributes.date = Some(text()),
                "office:string-value" => attributes.text = Some(text()),
                "table:formula" => attributes.formula = text(),
                "table:style-name" => attributes.style = Some(text()),
                "table:number-columns-repeated" => attributes.repeated = count(),
                "table:number-columns-spanned" => attributes.spanned.0 = count(),
                "table:number-rows-spanned" => attributes.spanned.1 = count(),
                _ => {}
            }
        }
        attributes
    }

    /// Returns the cell. `shown` is the text of its paragraphs.
    pub(super) fn cell(
        self,
        (row, column): (u64, u32),
        body: Body,
        styles: &Styles,
        default_style: Option<&str>,
    ) -> Cell {
        let formula = Formula::parse(&self.formula);
        let shown = match body.text {
            text if text.is_empty() => self.text.unwrap_or_default(),
            text => text,
        };
        let style = self.style.as_deref().or(default_style).unwrap_or_default();
        let content = if self.is_error {
            Content::Error(shown)
        } else {
            match (self.kind.as_str(), self.date, self.number) {
                ("date", Some(date), _) => date_content(&date, styles.date_parts(style)),
                ("float" | "currency" | "percentage", _, Some(number)) => {
                    let plain = number.parse().map_or(number, general);
                    Content::Number {
                        shown: if shown.is_empty() {
                            plain.clone()
                        } else {
                            shown
                        },
                        plain,
                    }
                }
                ("", ..) if shown.is_empty() && !self.formula.is_empty() => Content::Uncomputed,
                _ if shown.is_empty() => Content::Empty,
                _ => Content::Text(shown),
            }
        };
        let (columns, rows) = self.spanned;
        let merged = (columns > 1 || rows > 1).then(|| {
            let right = u64::from(column).saturating_add(columns - 1);
            Area {
                rows: (row, row.saturating_add(rows - 1).min(MAX_ROWS)),
                columns: (
                    column,
                    u32::try_from(right)
                        .unwrap_or(MAX_COLUMNS)
                        .min(MAX_COLUMNS - 1),
                ),
            }
        });
        Cell {
            link: body.link.or(formula.link),
            is_external: formula.is_external,
            has_image: body.has_image || formula.is_image,
            merged: merged.map(|area| area.to_string()),
            ..Cell::new(column, content)
        }
    }
}

/// Returns a date such as `1906-02-25T00:00:00` with the precision of its format.
fn date_content(date: &str, parts: DateParts) -> Content {
    let (day, time) = date.split_once('T').unwrap_or((date, ""));
    let has_time = !time.is_empty() && !time.starts_with("00:00:00");
    // The year may be negative, or have more than four digits.
    let mut dashes = day
        .match_indices('-')
        .map(|(at, _)| at)
        .filter(|at| *at > 0);
    let (month, end) = (dashes.next(), dashes.next());
    let until = |end: Option<usize>| day.get(..end.unwrap_or(day.len())).unwrap_or(day);
    let text = match parts {
        DateParts { day: true, .. } if has_time && parts.time => {
            format!("{day}T{}", time.get(..8).unwrap_or(time))
        }
        DateParts {
            day: false,
            month: true,
            year: true,
            ..
        } => until(end).to_owned(),
        DateParts {
            day: false,
            month: false,
            year: true,
            ..
        } => until(month).to_owned(),
        _ => day.to_owned(),
    };
    Content::Date {
        text,
        serial: serial_of(day).filter(|_| !has_time),
    }
}

/// The content of the element of a cell.
#[derive(Debug, Default)]
pub(super) struct Body {
    text: String,
    link: Option<String>,
    has_image: bool,
}

/// The kinds of elements in a cell.
enum Child {
    Skipped,
    Drawing,
    None,
}

impl Body {
    /// Reads the content of a cell to its end tag.
    pub(super) fn read(xml: &mut Xml) -> Result<Body, Fault> {
        let mut body = Body::default();
        let (mut depth, mut paragraphs, mut is_in_paragraph) = (1u32, 0u32, 0u32);
        loop {
            let child = match xml.next()? {
                Event::Start(tag) => {
                    depth += 1;
                    match tag.name().as_ref() {
                        "text:p" | "text:h" => {
                            if paragraphs > 0 {
                                push_bounded(&mut body.text, "\n");
                            }
                            paragraphs += 1;
                            is_in_paragraph += 1;
                            Child::None
                        }
                        "office:annotation" | "text:ruby-text" | "text:note" => Child::Skipped,
                        name if name.starts_with("draw:") => Child::Drawing,
                        _ => {
                            body.read_inline(&tag);
                            Child::None
                        }
                    }
                }
                Event::Empty(tag) => {
                    match tag.name().as_ref() {
                        "text:p" | "text:h" => {
                            if paragraphs > 0 {
                                push_bounded(&mut body.text, "\n");
                            }
                            paragraphs += 1;
                        }
                        _ => body.read_inline(&tag),
                    }
                    Child::None
                }
                Event::End(tag) => {
                    depth -= 1;
                    if matches!(tag.name().as_ref(), "text:p" | "text:h") {
                        is_in_paragraph = is_in_paragraph.saturating_sub(1);
                    }
                    if depth == 0 {
                        break;
                    }
                    Child::None
                }
                Event::Eof => break,
                event => {
                    if is_in_paragraph > 0 {
                        let mut text = String::new();
                        push_text(&mut text, &event);
                        body.push_collapsed(&text);
                    }
                    Child::None
                }
            };
            match child {
                Child::None => {}
                Child::Skipped => {
                    xml.skip_element()?;
                    depth -= 1;
                }
                Child::Drawing => {
                    body.has_image |= contains_image(xml)?;
                    depth -= 1;
                }
            }
        }
        Ok(body)
    }

    /// Reads an element within a paragraph.
    fn read_inline(&mut self, tag: &BytesStart<'_>) {
        match tag.name().as_ref() {
            "text:a" => {
                let target = prefixed_attribute(tag, "xlink:href");
                // A path is relative to the workbook as if it were a folder.
                let target = target.map(|target| match target.strip_prefix("../") {
                    Some(path) => path.to_owned(),
                    None => target,
                });
                self.link = self.link.take().or(target);
            }
            "text:s" => {
                let count = super::repetitions(tag, "text:c").min(1000);
                for _ in 0..count {
                    push_bounded(&mut self.text, " ");
                }
            }
            "text:tab" => push_bounded(&mut self.text, "\t"),
            "text:line-break" => push_bounded(&mut self.text, "\n"),
            _ => {}
        }
    }

    /// Appends text, in which a sequence of white space stands for one space.
    fn push_collapsed(&mut self, text: &str) {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        if !text.contains(is_space) {
            push_bounded(&mut self.text, text);
            return;
        }
        let mut collapsed = String::with_capacity(text.len());
        for c in text.chars() {
            let last = collapsed
                .chars()
                .next_back()
                .or_else(|| self.text.chars().next_back());
            if !is_space(c) {
                collapsed.push(c);
            } else if !last.is_some_and(is_space) {
                collapsed.push(' ');
            }
        }
        push_bounded(&mut self.text, &collapsed);
    }
}

/// Reads a drawing to its end tag. Returns `true` if it is an image, and not a chart.
pub(super) fn contains_image(xml: &mut Xml) -> Result<bool, Fault> {
    let (mut depth, mut has_image, mut has_object) = (1u32, false, false);
    while depth > 0 {
        match xml.next()? {
            Event::Start(tag) => {
                depth += 1;
                has_image |= tag.name().as_ref() == "draw:image";
                has_object |= tag.name().as_ref() == "draw:object";
            }
            Event::Empty(tag) => {
                has_image |= tag.name().as_ref() == "draw:image";
                has_object |= tag.name().as_ref() == "draw:object";
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(has_image && !has_object)
}
