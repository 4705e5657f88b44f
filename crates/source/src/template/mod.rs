//! The workbook to fill in, which `khizana init --workbook` writes.
//!
//! The sheet `Items` has the names of the columns, each with a note in Arabic, French and English, and
//! lists to choose from. All cells have the format Text, so that spreadsheet programs leave dates and
//! numbers such as 007 as they are typed.

mod contents;

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign,
    Formula, Note, Workbook, Worksheet,
};

pub use rust_xlsxwriter::XlsxError;

use self::contents::{COLUMNS, EXAMPLES, GUIDE, LANGUAGES, RIGHTS, TYPES};
use super::workbook::EXAMPLES_SHEET;

/// The name of the sheet that is filled in.
const ITEMS: &str = "Items";
/// The name of the sheet with the values to choose from.
const LISTS: &str = "Lists";
/// The name of the sheet with instructions.
const GUIDE_SHEET: &str = "Guide";
/// The last row with lists to choose from.
const LAST_ROW: u32 = 9_999;

/// An item of a source, as a row of the workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateItem {
    /// The identifier.
    pub id: String,
    /// The title, in an unknown language.
    pub title: String,
    /// The names of the files.
    pub files: Vec<String>,
}

/// Creates the workbook, with the given items.
///
/// # Errors
/// Returns an error if a value does not fit into a cell.
pub fn create(items: &[TemplateItem]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same workbook has the same bytes.
    let created = ExcelDateTime::from_ymd(2026, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let mut columns: Vec<&Column> = COLUMNS.iter().collect();
    // Titles in an unknown language have a separate column.
    if items.is_empty() {
        columns.retain(|column| column.name != "title");
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name(ITEMS)?;
    write_header(sheet, &columns)?;
    for (row, item) in (1..).zip(items) {
        for (column, name) in (0..).zip(columns.iter().map(|column| column.name)) {
            let files;
            let text = match name {
                "id" => &item.id,
                "title" => &item.title,
                "file" => {
                    files = item.files.join("|");
                    &files
                }
                _ => continue,
            };
            sheet.write_string_with_format(row, column, text, &text_format())?;
        }
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name(EXAMPLES_SHEET)?;
    columns.retain(|column| column.name != "title");
    write_header(sheet, &columns)?;
    for (row, values) in (1..).zip(EXAMPLES) {
        for (column, value) in (0..).zip(values) {
            sheet.write_string_with_format(row, column, *value, &text_format())?;
        }
    }
    write_lists(workbook.add_worksheet())?;
    write_guide(workbook.add_worksheet())?;
    workbook.save_to_buffer()
}

/// A column of the workbook.
struct Column {
    /// The name that is read.
    name: &'static str,
    width: f64,
    /// The note, in Arabic, French and English.
    note: [&'static str; 3],
    list: Option<List>,
}

/// A list of values to choose from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Languages,
    Types,
    Rights,
}

impl List {
    const ALL: [List; 3] = [List::Languages, List::Types, List::Rights];

    /// Returns the values, each with its name in Arabic, French and English.
    fn values(self) -> &'static [[&'static str; 4]] {
        match self {
            List::Languages => &LANGUAGES,
            List::Types => &TYPES,
            List::Rights => &RIGHTS,
        }
    }

    /// Returns the column of the values in the sheet of lists.
    fn column(self) -> u16 {
        match self {
            List::Languages => 0,
            List::Types => 5,
            List::Rights => 10,
        }
    }

    /// Returns the validation of a cell. Other values, and several values, are accepted too.
    fn validation(self) -> DataValidation {
        let letter = super::workbook::column_name(u32::from(self.column()));
        let last = self.values().len() + 1;
        DataValidation::new()
            .allow_list_formula(Formula::new(format!(
                "={LISTS}!${letter}$2:${letter}${last}"
            )))
            .set_error_style(DataValidationErrorStyle::Information)
            .show_error_message(false)
    }
}

fn text_format() -> Format {
    Format::new()
        .set_num_format("@")
        .set_align(FormatAlign::Top)
        .set_text_wrap()
}

fn header_format() -> Format {
    Format::new()
        .set_num_format("@")
        .set_bold()
        .set_background_color(0x00DD_E6E0)
}

/// Writes the names of the columns with their notes, and the lists to choose from.
fn write_header(sheet: &mut Worksheet, columns: &[&Column]) -> Result<(), XlsxError> {
    for (index, column) in (0..).zip(columns) {
        sheet.set_column_width(index, column.width)?;
        sheet.set_column_format(index, &text_format())?;
        sheet.write_string_with_format(0, index, column.name, &header_format())?;
        let note = Note::new(column.note.join("\n\n"))
            .add_author_prefix(false)
            .set_width(320)
            .set_height(200);
        sheet.insert_note(0, index, &note)?;
        if let Some(list) = column.list {
            sheet.add_data_validation(1, index, LAST_ROW, index, &list.validation())?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

/// Writes the values to choose from, with their names in three languages.
fn write_lists(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(LISTS)?;
    for list in List::ALL {
        let column = list.column();
        let heads = ["Value", "بالعربية", "En français", "In English"];
        for (offset, head) in (0..).zip(heads) {
            sheet.write_string_with_format(0, column + offset, head, &header_format())?;
            sheet.set_column_width(column + offset, if offset == 0 { 18 } else { 28 })?;
        }
        for (row, values) in (1..).zip(list.values()) {
            for (offset, value) in (0..).zip(values) {
                sheet.write_string_with_format(row, column + offset, *value, &text_format())?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// Writes the instructions.
fn write_guide(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name(GUIDE_SHEET)?;
    for column in 0..3 {
        sheet.set_column_width(column, 60)?;
    }
    for (column, head) in (0..).zip(["العربية", "Français", "English"]) {
        sheet.write_string_with_format(0, column, head, &header_format())?;
    }
    let columns = COLUMNS.iter().filter(|column| column.name != "title");
    let notes = columns.map(|column| column.note.map(|note| format!("{}: {note}", column.name)));
    let texts = GUIDE.map(|texts| texts.map(str::to_owned));
    for (row, texts) in (1..).zip(texts.into_iter().chain(notes)) {
        for (column, text) in (0..).zip(texts) {
            sheet.write_string_with_format(row, column, text, &text_format())?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(items: &[TemplateItem], sheet: Option<&str>) -> (Vec<String>, Vec<crate::Row>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("metadata.xlsx"), create(items).unwrap()).unwrap();
        for name in ["khizana.txt", "lam-alif.txt", "a.tif", "b.tif"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        if let Some(sheet) = sheet {
            let text = format!("sheet = \"{sheet}\"");
            std::fs::write(folder.path().join("collection.toml"), text).unwrap();
        }
        let source = crate::open(folder.path()).unwrap();
        let header = source.workbook.as_ref().unwrap().header().to_vec();
        let mut rows = source.rows().unwrap();
        let found: Vec<crate::Row> = rows.by_ref().collect();
        let mut problems = rows.finish();
        // Each sheet names some of the files.
        problems.retain(|problem| problem.code != "file-unused");
        assert_eq!(problems, []);
        (header, found)
    }

    #[test]
    fn the_empty_workbook_is_a_source_without_items() {
        let (header, rows) = read(&[], None);
        assert_eq!(header.first().map(String::as_str), Some("id"));
        assert!(header.contains(&"title@ar".to_owned()) && !header.contains(&"title".to_owned()));
        assert!(rows.is_empty());
        assert_eq!(create(&[]).unwrap(), create(&[]).unwrap());
    }

    #[test]
    fn the_examples_have_no_problems() {
        let (_, rows) = read(&[], Some(EXAMPLES_SHEET));
        assert_eq!(rows.len(), EXAMPLES.len());
        let items: Vec<_> = rows.into_iter().map(|row| row.item.unwrap().item).collect();
        assert_eq!(items[0].title.get("ar"), ["خزانة"]);
        assert_eq!(items[0].languages[0].as_str(), "ar");
        assert!(
            items
                .iter()
                .all(|item| item.rights.is_some() && item.date.is_some())
        );
    }

    #[test]
    fn items_become_rows() {
        let item = TemplateItem {
            id: "007".to_owned(),
            title: "Sept".to_owned(),
            files: vec!["a.tif".to_owned(), "b.tif".to_owned()],
        };
        let (_, rows) = read(&[item], None);
        let item = rows[0].item.as_ref().unwrap();
        assert_eq!(item.item.id.as_str(), "007");
        assert_eq!(item.item.title.get("und"), ["Sept"]);
        assert_eq!(item.files.len(), 2);
    }

    #[test]
    fn the_values_to_choose_from_are_read() {
        for [code, ..] in LANGUAGES {
            assert!(crate::language::parse_tag(code).is_some(), "{code}");
        }
        for [uri, ..] in RIGHTS {
            assert!(khizana_model::known_rights(uri).is_some(), "{uri}");
        }
        let names = COLUMNS.map(|column| column.name.to_owned());
        let columns = crate::column::columns(&names, crate::Dialect::Khizana);
        assert!(
            columns
                .iter()
                .all(|column| column.unknown_language.is_none())
        );
    }
}
