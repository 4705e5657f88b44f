//! The report as an Excel workbook.
//!
//! A sheet per language lists the problems, and a copy of the table has marked cells with notes. All texts
//! are written as strings, so that a value such as `=1+1` is not computed.

use khizana_model::Severity;
use khizana_pages::i18n::{Lang, number};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Url, Workbook, Worksheet, XlsxError,
};

use super::excerpt::Excerpt;
use super::message_text::Shown;
use super::places::{self, Place};
use super::sheet_copy::{self, TableCopy};
use super::{Report, missing, texts};
use crate::report::text::{self, LANGUAGE, LANGUAGES, Text, labelled, language};

/// Maximum number of places that are listed for a kind of problem.
const MAX_PLACES: usize = 5_000;
/// Maximum number of places that are listed in a sheet. A sheet of Excel has 1,048,576 rows.
const MAX_LISTED: usize = 50_000;
/// Maximum number of links in a sheet. Excel opens at most 65,530.
const MAX_LINKS: usize = 20_000;
/// Maximum number of items that are listed as left out.
const MAX_LEFT_OUT: usize = 200;

/// Background of cells with an error, and of those with a warning.
pub(super) const ERROR: Color = Color::RGB(0x00FF_C7CE);
pub(super) const WARNING: Color = Color::RGB(0x00FF_EB9C);

/// The columns of a list: their headings and widths.
const COLUMNS: [(Text, f64); 10] = [
    (texts::PROBLEM, 60.0),
    (text::REMEDY, 50.0),
    (texts::ROW_NUMBER, 8.0),
    (texts::PLACE, 16.0),
    (text::ITEM, 18.0),
    (texts::WRITTEN, 28.0),
    (texts::INSTEAD, 28.0),
    (text::FILE, 24.0),
    (texts::SEVERITY, 10.0),
    (text::CODE, 18.0),
];

/// Returns the bytes of the workbook.
///
/// # Errors
/// Returns an error if the workbook cannot be created.
pub(super) fn workbook(report: &Report<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    if let Ok(created) = ExcelDateTime::parse_from_str(report.time.trim_end_matches('Z')) {
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    }
    let excerpt = report.excerpt(MAX_PLACES);
    let copy = TableCopy::new(report);
    for (_, lang) in LANGUAGES {
        let sheet = workbook.add_worksheet();
        sheet.set_name(LANGUAGE.in_language(lang))?;
        write_list(sheet, report, &excerpt, copy.as_ref(), lang)?;
    }
    if let Some(copy) = &copy {
        let sheet = workbook.add_worksheet();
        sheet.set_name(copy.name())?;
        sheet_copy::write(sheet, report, copy)?;
    }
    workbook.save_to_buffer()
}

/// Returns the format of texts.
pub(super) fn text_format() -> Format {
    Format::new()
        .set_num_format("@")
        .set_align(FormatAlign::Top)
        .set_text_wrap()
}

/// Returns the format of the names of columns.
pub(super) fn header_format() -> Format {
    text_format()
        .set_bold()
        .set_background_color(Color::RGB(0x00DD_E6E0))
}

/// Returns a text that fits into a cell, which Excel limits to 32,767 units of UTF-16.
pub(super) fn fitting(text: &str, max: usize) -> String {
    let mut units = 0;
    let mut fitting = String::new();
    for c in text.chars() {
        units += c.len_utf16();
        if units >= max {
            fitting.push('…');
            break;
        }
        fitting.push(c);
    }
    fitting
}

/// Maximum length of the text of a cell, with a reserve for characters that the file format escapes.
pub(super) const MAX_CELL: usize = 30_000;

fn write(
    sheet: &mut Worksheet,
    at: (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    sheet.write_string_with_format(at.0, at.1, fitting(text, MAX_CELL), format)?;
    Ok(())
}

fn write_list(
    sheet: &mut Worksheet,
    report: &Report<'_>,
    excerpt: &Excerpt,
    copy: Option<&TableCopy>,
    lang: Lang,
) -> Result<(), XlsxError> {
    sheet.set_right_to_left(lang == Lang::Ar);
    let title = Format::new().set_bold().set_font_size(14);
    let summary = summary(report, lang);
    sheet.write_string_with_format(0, 0, texts::HEADING.in_language(lang), &title)?;
    for (row, line) in (1..).zip(&summary) {
        sheet.write_string(row, 0, fitting(line, MAX_CELL))?;
    }
    let header_row = u32::try_from(summary.len()).unwrap_or(0) + 1;
    for (column, (heading, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        write(
            sheet,
            (header_row, column),
            heading.in_language(lang),
            &header_format(),
        )?;
    }
    sheet.set_freeze_panes(header_row + 1, 0)?;
    let kinds = report.kinds.iter();
    let places = kinds.flat_map(|kind| kind.places().into_iter().take(MAX_PLACES));
    let mut row = header_row;
    for (index, place) in places.take(MAX_LISTED).enumerate() {
        row += 1;
        let link = copy.filter(|_| index < MAX_LINKS);
        write_place(sheet, row, &place, excerpt, link, lang)?;
    }
    if row > header_row {
        sheet.autofilter(header_row, 0, row, COLUMNS.len() as u16 - 1)?;
    }
    let all: usize = report.kinds.iter().map(|kind| kind.places().len()).sum();
    let listed = (row - header_row) as usize;
    if all > listed {
        let more = number(lang, (all - listed) as u64);
        let more = labelled(lang, texts::MORE_PLACES, &more);
        write(sheet, (row + 1, 0), &more, &text_format())?;
    }
    Ok(())
}

/// Returns the lines above the list.
fn summary(report: &Report<'_>, lang: Lang) -> Vec<String> {
    let line = |label, value: &str| labelled(lang, label, value);
    let mut lines = vec![line(texts::SOURCE, &report.source)];
    let time = report.time.replace('T', " ").replace('Z', " UTC");
    let version = line(text::VERSION, env!("CARGO_PKG_VERSION"));
    lines.push(format!("{} · {version}", line(texts::DATE, &time)));
    let mut counts = Vec::new();
    if let Some(checked) = report.checked {
        counts.push((texts::ROWS, checked.items + checked.rejected));
        counts.push((texts::ITEMS, checked.items));
        counts.push((texts::LEFT_OUT, checked.rejected));
        counts.extend(missing(checked));
    }
    counts.push((text::ERRORS, report.count(Severity::Error)));
    counts.push((text::WARNINGS, report.count(Severity::Warning)));
    let counts = counts.into_iter();
    let counts: Vec<String> = counts
        .map(|(label, count)| line(label, &number(lang, count)))
        .collect();
    lines.push(counts.join(" · "));
    let left_out = places::left_out(report.problems);
    let row = texts::ROW.in_language(lang);
    let names = left_out.iter().take(MAX_LEFT_OUT).map(|left_out| {
        let row = format!("{row} {}", left_out.row);
        match left_out.item {
            Some(item) => format!("{item} ({row})"),
            None => row,
        }
    });
    let mut names = names.collect::<Vec<_>>();
    if left_out.len() > MAX_LEFT_OUT {
        let more = number(lang, (left_out.len() - MAX_LEFT_OUT) as u64);
        names.push(line(texts::MORE_ITEMS, &more));
    }
    if !names.is_empty() {
        let comma = if lang == Lang::Ar { "، " } else { ", " };
        lines.push(line(texts::LEFT_OUT, &names.join(comma)));
    }
    lines
}

fn write_place(
    sheet: &mut Worksheet,
    row: u32,
    place: &Place<'_>,
    excerpt: &Excerpt,
    copy: Option<&TableCopy>,
    lang: Lang,
) -> Result<(), XlsxError> {
    let problem = place.problem;
    let plain = text_format();
    let (severity, color) = match problem.severity {
        Severity::Error => (texts::ERROR, ERROR),
        Severity::Warning => (texts::WARNING, WARNING),
    };
    let marked = text_format().set_background_color(color);
    let message = Shown::of_place(place, excerpt).text(lang);
    write(sheet, (row, 0), &message, &plain)?;
    let hint = problem.hint.in_language(language(lang));
    write(sheet, (row, 1), &hint, &plain)?;
    if let Some(row_of_table) = place.row {
        sheet.write_number_with_format(row, 2, row_of_table as f64, &top_format())?;
    }
    if let Some(cell) = place.cell() {
        let target = copy.and_then(|copy| copy.link(place));
        match target {
            Some(target) => {
                let link = Url::new(target).set_text(&cell);
                sheet.write_url_with_format(row, 3, link, &link_format())?;
            }
            None => write(sheet, (row, 3), &cell, &plain)?,
        }
    }
    let item = excerpt.item(place);
    write(sheet, (row, 4), item.unwrap_or_default(), &plain)?;
    let cell = place.row.zip(place.column);
    let written = cell.and_then(|(row, column)| excerpt.cell(row, column));
    write(sheet, (row, 5), written.unwrap_or_default(), &plain)?;
    let instead = place
        .corrections()
        .map(|correction| match correction.is_safe {
            true => correction.to.clone(),
            false => format!("{} {}", correction.to, texts::UNCERTAIN.in_language(lang)),
        });
    write(
        sheet,
        (row, 6),
        &instead.collect::<Vec<_>>().join("\n"),
        &plain,
    )?;
    write(sheet, (row, 7), &place.file().unwrap_or_default(), &plain)?;
    write(sheet, (row, 8), severity.in_language(lang), &marked)?;
    write(sheet, (row, 9), problem.code, &plain)
}

fn top_format() -> Format {
    Format::new().set_align(FormatAlign::Top)
}

fn link_format() -> Format {
    Format::new()
        .set_align(FormatAlign::Top)
        .set_font_color(Color::Blue)
        .set_underline(rust_xlsxwriter::FormatUnderline::Single)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_shortened_to_units_of_utf16() {
        assert_eq!(fitting("abc", 4), "abc");
        assert_eq!(fitting("abcd", 4), "abc…");
        assert_eq!(fitting("𐤀𐤁𐤂", 5), "𐤀𐤁…");
        let long = fitting(&"𐤀".repeat(40_000), MAX_CELL);
        assert!(long.encode_utf16().count() <= MAX_CELL);
    }
}
