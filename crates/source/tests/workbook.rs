//! Tests of workbooks. `tests/workbooks/README.md` describes the files.
#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use khizana_model::{Problem, Severity};
use khizana_source::{SourceError, SourceItem, open};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A folder with a workbook and other files.
struct Folder(TempDir);

/// The items and problems of a source.
#[derive(Debug)]
struct Report {
    items: Vec<SourceItem>,
    rows: Vec<u64>,
    errors: Vec<Problem>,
    notes: Vec<Problem>,
}

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// Copies a workbook of this folder of tests.
    fn of(name: &str) -> Folder {
        let folder = Folder::new();
        let workbooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks");
        fs::copy(workbooks.join(name), folder.path().join(name)).unwrap();
        folder
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Folder {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Adds the two files of pages that the workbooks name.
    fn with_pages(self) -> Folder {
        self.with("pages/1.tif", "1").with("pages/2.tif", "2")
    }

    fn path(&self) -> PathBuf {
        self.0.path().to_owned()
    }

    fn read(&self) -> Report {
        let source = open(&self.path()).unwrap();
        let mut rows = source.rows().unwrap();
        let mut report = Report {
            items: Vec::new(),
            rows: Vec::new(),
            errors: Vec::new(),
            notes: Vec::new(),
        };
        for row in rows.by_ref() {
            report.rows.push(row.position.row);
            match row.item {
                Ok(item) => report.items.push(item),
                Err(problems) => report.errors.extend(problems),
            }
        }
        report.notes = rows.finish();
        report
    }

    /// Returns the error of a source that cannot be read.
    fn error(&self) -> SourceError {
        match open(&self.path()) {
            Err(error) => error,
            Ok(source) => source.rows().unwrap_err(),
        }
    }
}

impl Report {
    fn item(&self, id: &str) -> &SourceItem {
        let mut items = self.items.iter();
        items.find(|item| item.item.id.as_str() == id).unwrap()
    }

    fn ids(&self) -> Vec<&str> {
        self.items
            .iter()
            .map(|item| item.item.id.as_str())
            .collect()
    }

    fn title(&self, id: &str, language: &str) -> Vec<String> {
        self.item(id).item.title.get(language).to_vec()
    }

    fn date(&self, id: &str) -> &str {
        &self.item(id).item.date.as_ref().unwrap().written
    }

    fn field(&self, id: &str, name: &str) -> Vec<String> {
        let field = self.item(id).item.field(name);
        field.map_or(Vec::new(), |values| values.get("und").to_vec())
    }

    fn files(&self, id: &str) -> Vec<&str> {
        let files = self.item(id).files.iter();
        files.map(|file| file.name.as_str()).collect()
    }

    /// Returns the code and the location of each warning.
    fn warnings(&self) -> Vec<(&str, String)> {
        let mut notes: Vec<&Problem> = self.notes.iter().collect();
        notes.sort_by_key(|note| (note.row, note.cell.clone()));
        notes
            .into_iter()
            .inspect(|note| assert_eq!(note.severity, Severity::Warning))
            .map(|note| (note.code, note.location()))
            .collect()
    }

    fn note(&self, code: &str) -> &Problem {
        self.notes.iter().find(|note| note.code == code).unwrap()
    }
}

/// Returns the code, the message and the hint of an error.
fn parts(error: &SourceError) -> (&'static str, String, &'static str) {
    (error.code(), error.to_string(), error.hint())
}

#[test]
fn reads_a_workbook_of_excel_as_it_is_displayed() {
    let folder = Folder::of("excel.xlsx").with_pages();
    let source = open(&folder.path()).unwrap();
    assert_eq!(source.table_name, "excel.xlsx");
    let report = folder.read();
    assert_eq!(report.ids(), ["muq-1", "muq-2", "muq-3"]);
    // The header is in row 3, and row 6 is empty.
    assert_eq!(report.rows, [4, 5, 7]);
    assert_eq!(report.title("muq-1", "ar"), ["المقتبس"]);
    assert_eq!(report.title("muq-2", "ar"), ["المقتبس الثاني"]);
    assert_eq!(
        report.title("muq-3", "fr"),
        ["Numéro 3 & supplément <1>\nédition"]
    );
    assert_eq!(report.date("muq-1"), "1906-02-25");
    assert_eq!(report.date("muq-2"), "1906-03");
    assert_eq!(report.date("muq-3"), "1907");
    assert_eq!(report.field("muq-1", "number"), ["007"]);
    assert_eq!(report.field("muq-2", "number"), ["MS 12"]);
    assert_eq!(report.field("muq-3", "number"), ["TRUE"]);
    // The positions are displayed with two decimals, and read with all.
    let location = report.item("muq-1").item.location.unwrap();
    assert_eq!((location.latitude, location.longitude), (33.5138, 36.2765));
    // The texts of these cells are "page 1", "In Copyright" and "Catalogue".
    assert_eq!(report.files("muq-1"), ["pages/1.tif"]);
    assert_eq!(
        report.item("muq-1").item.rights.as_deref(),
        Some("http://rightsstatements.org/vocab/InC/1.0/")
    );
    assert_eq!(report.field("muq-1", "rights_text"), ["In Copyright"]);
    assert_eq!(
        report.field("muq-1", "relation"),
        ["Catalogue", "https://example.org/muq"]
    );
    assert_eq!(report.files("muq-2"), ["pages/1.tif", "pages/2.tif"]);
    assert_eq!(report.errors, []);
    assert_eq!(report.notes, []);
}

#[test]
fn reads_the_dates_of_the_system_of_1904() {
    let report = Folder::of("system-1904.xlsx").read();
    assert_eq!(report.date("a-1"), "1906-02-25");
    assert_eq!(report.notes, []);
}

#[test]
fn reports_the_cells_that_are_not_what_they_seem() {
    let report = Folder::of("faults.xlsx").read();
    assert_eq!(report.errors, []);
    assert_eq!(
        report.ids(),
        ["a-1", "a-2", "a-3", "a-4", "a-5", "2026-04-03"]
    );
    let at = |cell: &str| format!("faults.xlsx, Items!{cell}");
    assert_eq!(
        report.warnings(),
        [
            ("cells-merged", at("D2")),
            ("column-unnamed", at("F2") + " (item a-1)"),
            ("columns-hidden", at("G2")),
            ("date-year", at("C3")),
            ("formula-empty", at("D4")),
            ("image-pasted", at("H4")),
            ("cell-error", at("D5")),
            ("rows-hidden", "faults.xlsx, Items, row 6".to_owned()),
            ("link-ignored", at("B6")),
            ("workbook-external", at("E6")),
            ("cell-date", at("A7")),
        ]
    );
    for (code, message, hint) in [
        ("cells-merged", "D2:D3 are merged", "Unmerge"),
        (
            "date-year",
            "number 1906, which is displayed and read as the date 1905-03-20",
            "set the format of the cells to Text",
        ),
        ("formula-empty", "no stored result", "save it again"),
        ("image-pasted", "does not become a file", "column `file`"),
        ("cell-error", "`#REF!`", "Correct the formula"),
        ("link-ignored", "https://example.org/five", "`relation`"),
        ("rows-hidden", "is hidden", "Delete the row"),
        ("columns-hidden", "`note`", "Delete the column"),
        (
            "workbook-external",
            "another workbook",
            "paste them as values",
        ),
        ("cell-date", "2026-04-03", "Text"),
    ] {
        let note = report.note(code);
        assert!(note.message.contains(message), "{}", note.message);
        assert!(note.hint.contains(hint), "{}", note.hint);
    }
    assert_eq!(report.date("a-2"), "1905-03-20");
    assert_eq!(report.field("a-3", "subject"), [""; 0]);
    assert_eq!(report.field("a-4", "subject"), [""; 0]);
    assert_eq!(report.field("a-5", "subject"), ["coins"]);
    assert_eq!(report.field("a-5", "relation"), ["from elsewhere"]);
}

/// Asserts what all formats of the workbook of LibreOffice have in common.
fn assert_libreoffice(report: &Report) {
    assert_eq!(report.errors, []);
    assert_eq!(report.ids(), ["a-1", "a-2", "a-3", "a-4", "a-5"]);
    assert_eq!(report.rows, [2, 3, 4, 5, 7]);
    assert_eq!(report.title("a-2", "und"), ["Two\nlines & <more>"]);
    assert_eq!(report.date("a-1"), "1906-02-25");
    assert_eq!(report.date("a-3"), "1905-03-20");
    assert_eq!(report.field("a-1", "subject"), ["press"]);
    let location = report.item("a-1").item.location.unwrap();
    assert_eq!((location.latitude, location.longitude), (33.5138, 36.2765));
}

#[test]
fn reads_ods_and_xlsx_of_libreoffice_alike() {
    for name in ["libreoffice.ods", "libreoffice.xlsx"] {
        let report = Folder::of(name).with_pages().read();
        assert_libreoffice(&report);
        assert_eq!(
            report.title("a-1", "und"),
            ["Al-Muqtabas in Damascus"],
            "{name}"
        );
        assert_eq!(report.date("a-2"), "1906-03", "{name}");
        assert_eq!(report.field("a-1", "number"), ["007"], "{name}");
        assert_eq!(report.files("a-1"), ["pages/1.tif"], "{name}");
        assert_eq!(
            report.field("a-1", "relation"),
            ["Catalogue", "https://example.org/muq"],
            "{name}"
        );
        assert_eq!(report.field("a-3", "subject"), ["coins"], "{name}");
        let at = |cell: &str| format!("{name}, Items!{cell}");
        let expected = [
            // The second page.
            ("file-unused", name.to_owned()),
            ("columns-hidden", at("F2")),
            ("text-markup", at("B3") + " (item a-2)"),
            ("date-year", at("C4")),
            ("cell-error", at("D4")),
            ("cells-merged", at("I4")),
            ("rows-hidden", format!("{name}, Items, row 5")),
            // The title is an image.
            ("title-missing", at("B7") + " (item a-5)"),
            ("image-pasted", at("B7")),
        ];
        assert_eq!(report.warnings(), expected, "{name}");
    }
}

#[test]
fn reads_xls_and_reports_once_what_is_lost() {
    let report = Folder::of("libreoffice.xls").read();
    assert_eq!(report.errors[0].code, "file-missing");
    assert_eq!(
        report.errors[0].location(),
        "libreoffice.xls, Items!G2 (item a-1)"
    );
    let report = Folder::of("libreoffice.xls").with("page 1", "1").read();
    assert_libreoffice(&report);
    assert_eq!(report.field("a-1", "number"), ["7"]);
    let lost = report.note("xls-limited");
    assert_eq!(lost.location(), "libreoffice.xls, Items");
    assert!(lost.hint.contains(".xlsx"));
    let codes: Vec<&str> = report
        .warnings()
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(
        codes,
        [
            "xls-limited",
            "text-markup",
            "date-year",
            "cell-error",
            "cells-merged",
            "title-missing"
        ]
    );
    let old = Folder::of("xlwt.xls").read();
    assert_eq!(old.title("a-1", "und"), ["العنوان"]);
    assert_eq!(old.date("a-1"), "1906");
}

#[test]
fn does_not_guess_between_sheets() {
    let folder = Folder::of("several-sheets.xlsx");
    let (code, message, hint) = parts(&folder.error());
    assert_eq!(code, "workbook-several-sheets");
    assert!(message.starts_with("several-sheets.xlsx: "), "{message}");
    assert!(message.ends_with(": `Letters`, `Maps 2`"), "{message}");
    assert!(hint.contains("sheet = \"Items\""), "{hint}");
    for (name, id) in [("Maps 2", "maps-1"), ("maps 2", "maps-1"), ("Old", "old-1")] {
        let folder = Folder::of("several-sheets.xlsx");
        let folder = folder.with("collection.toml", format!("sheet = \"{name}\""));
        assert_eq!(folder.read().ids(), [id], "{name}");
    }
    let folder = folder.with("collection.toml", "sheet = \"Coins\"");
    let (code, message, _) = parts(&folder.error());
    assert_eq!(code, "workbook-no-sheet");
    assert!(message.contains("no sheet `Coins`"), "{message}");
    assert!(
        message.contains("`Letters`, `Maps 2`, `Notes`, `Old`, `Examples`"),
        "{message}"
    );
    let folder = folder.with("collection.toml", "sheet = \"Notes\"");
    let (code, message, _) = parts(&folder.error());
    assert_eq!(code, "workbook-no-sheet");
    assert!(
        message.starts_with("several-sheets.xlsx, Notes: "),
        "{message}"
    );
}

#[test]
fn hidden_sheets_and_examples_are_read_only_by_name() {
    let folder = Folder::of("no-sheet.xlsx");
    let (code, message, hint) = parts(&folder.error());
    assert_eq!(code, "workbook-no-sheet");
    assert!(
        message.ends_with("the sheets are `Notes`, `Old`, `Examples`"),
        "{message}"
    );
    assert!(hint.contains("hidden"), "{hint}");
}

#[test]
fn reports_why_a_workbook_cannot_be_read() {
    for (name, code, message) in [
        (
            "password.xlsx",
            "workbook-encrypted",
            "protected by a password",
        ),
        (
            "password.ods",
            "workbook-encrypted",
            "protected by a password",
        ),
        ("cut.xlsx", "workbook-damaged", "list of parts"),
        ("malformed.xlsx", "workbook-damaged", "XML"),
        ("far-cell.xls", "workbook-too-large", "16777216 cells"),
    ] {
        let (found, text, hint) = parts(&Folder::of(name).error());
        assert_eq!(found, code, "{name}: {text}");
        assert!(text.starts_with(name) && text.contains(message), "{text}");
        assert!(hint.ends_with('.'), "{hint}");
    }
    for (name, content, message) in [
        ("a.xlsx", &b"id,title\n1,a\n"[..], "text file"),
        ("a.xls", b"<html><table>", "HTML"),
        ("a.ods", b"", "empty"),
        ("a.xls", b"\x09\x08\x00\x00\xFF", "unknown format"),
    ] {
        let (code, text, hint) = parts(&Folder::new().with(name, content).error());
        assert_eq!(code, "workbook-format", "{text}");
        assert!(text.starts_with(name) && text.contains(message), "{text}");
        assert!(hint.contains(".xlsx"), "{hint}");
    }
}

#[test]
fn an_error_in_the_xml_names_the_last_cell() {
    let (_, message, _) = parts(&Folder::of("malformed.xlsx").error());
    assert!(message.starts_with("malformed.xlsx, Items!"), "{message}");
}

#[test]
fn ignores_files_that_programs_leave_behind() {
    let folder = Folder::of("system-1904.xlsx")
        .with("~$system-1904.xlsx", "owner")
        .with(".~lock.system-1904.ods#", "owner")
        .with("._system-1904.xlsx", "resource")
        .with("Thumbs.db", "thumbs");
    assert_eq!(folder.read().notes, []);
    let folder = Folder::new().with("~$a.xlsx", "owner").with("._a.csv", "x");
    assert_eq!(folder.error().code(), "source-no-table");
}

/// Parts of a small XLSX file. The sheet is written by the caller.
const PARTS: [(&str, &str); 4] = [
    ("[Content_Types].xml", "<Types/>"),
    (
        "_rels/.rels",
        r#"<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook><sheets><sheet name="Items" r:id="a"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
];

/// Writes an XLSX file whose sheet has a header with `id` and `title`, followed by `rows`.
fn xlsx(rows: impl Iterator<Item = String>, after: &str) -> Folder {
    let folder = Folder::new();
    let file = File::create(folder.path().join("a.xlsx")).unwrap();
    let mut zip = ZipWriter::new(file);
    for (name, text) in PARTS {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(b"<worksheet><sheetData>").unwrap();
    zip.write_all(row(1, &["id", "title"]).as_bytes()).unwrap();
    for row in rows {
        zip.write_all(row.as_bytes()).unwrap();
    }
    zip.write_all(format!("</sheetData>{after}</worksheet>").as_bytes())
        .unwrap();
    zip.finish().unwrap();
    folder
}

fn row(number: u64, texts: &[&str]) -> String {
    let cells: String = texts
        .iter()
        .map(|text| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>"))
        .collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

#[test]
fn many_empty_rows_and_distant_cells_are_bounded() {
    let empty = (2..100_000).map(|number| format!("<row r=\"{number}\"/>"));
    let far = "<row r=\"1048576\"><c r=\"A1048576\" t=\"inlineStr\"><is><t>a</t></is></c><c r=\"XFD1048576\"><v>1</v></c></row>";
    let report = xlsx(empty.chain([far.to_owned()]), "").read();
    assert_eq!(report.ids(), ["a"]);
    assert_eq!(report.rows, [1_048_576]);
    assert_eq!(
        report.warnings(),
        [
            (
                "title-missing",
                "a.xlsx, Items!B1048576 (item a)".to_owned()
            ),
            ("column-unnamed", "a.xlsx, Items!XFD1048576".to_owned())
        ]
    );
}

#[test]
fn a_cell_of_many_megabytes_rejects_only_its_row() {
    let text = "مخطوط &amp; ".repeat(1 << 20);
    let rows = [row(2, &["a", &text]), row(3, &["b", "B"])];
    let report = xlsx(rows.into_iter(), "").read();
    assert_eq!(report.ids(), ["b"]);
    assert_eq!(report.errors.len(), 1);
    assert_eq!(report.errors[0].code, "value-too-long");
    assert_eq!(report.errors[0].location(), "a.xlsx, Items!B2 (item a)");
}

#[test]
fn a_row_that_refers_to_a_long_text_many_times_is_refused() {
    let folder = Folder::new();
    let file = File::create(folder.path().join("a.xlsx")).unwrap();
    let mut zip = ZipWriter::new(file);
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let [types, main, book, (relationships, _)] = PARTS;
    for (name, text) in [types, main, book] {
        part(name, text);
    }
    part(
        relationships,
        r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="x/sharedStrings" Target="strings.xml"/></Relationships>"#,
    );
    let text = "x".repeat(1 << 20);
    part(
        "xl/strings.xml",
        &format!("<sst><si><t>{text}</t></si></sst>"),
    );
    let cells = "<c t=\"s\"><v>0</v></c>".repeat(16_384);
    part(
        "xl/worksheets/sheet1.xml",
        &format!(
            "<worksheet><sheetData>{}<row r=\"2\">{cells}</row></sheetData></worksheet>",
            row(1, &["id", "title"])
        ),
    );
    zip.finish().unwrap();
    let (code, message, _) = parts(&folder.error());
    assert_eq!(code, "workbook-too-large");
    assert!(message.starts_with("a.xlsx, Items!BM2: "), "{message}");
    assert!(message.contains("64 MB"), "{message}");
}

#[test]
fn impossible_sheets_are_errors_that_name_the_cell() {
    let error = |rows: &[String]| parts(&xlsx(rows.iter().cloned(), "").error());
    let (code, message, _) = error(&[row(2, &["a"]), row(1_048_577, &["b"])]);
    assert_eq!(code, "workbook-damaged");
    assert!(message.starts_with("a.xlsx, Items!A2: "), "{message}");
    let (code, message, _) = error(&["<row><c r=\"XFE2\"><v>1</v></c></row>".to_owned()]);
    assert_eq!(code, "workbook-damaged");
    assert!(message.contains("impossible name"), "{message}");
    let (code, message, _) = error(&["<row><c t=\"s\"><v>7</v></c></row>".to_owned()]);
    assert_eq!(code, "workbook-damaged");
    assert!(message.contains("text that does not exist"), "{message}");
    let (code, message, _) = error(&[format!("<row><!--{}--></row>", "<x>".repeat(4 << 20))]);
    assert_eq!(code, "workbook-damaged");
    assert!(message.contains("too long"), "{message}");
    let (code, message, _) = error(&["<a>".repeat(300)]);
    assert_eq!(code, "workbook-damaged");
    assert!(message.contains("too deeply"), "{message}");
}

#[test]
fn a_part_that_claims_another_size_is_damaged() {
    let folder = xlsx(std::iter::once(row(2, &["a", "A"])), "");
    let path = folder.path().join("a.xlsx");
    let intact = fs::read(&path).unwrap();
    // The last entry of the list of parts is that of the sheet. Its length is at byte 24.
    let entry = intact
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .unwrap();
    let size = u32::from_le_bytes(intact[entry + 24..entry + 28].try_into().unwrap());
    let checksum = u32::from_le_bytes(intact[entry + 16..entry + 20].try_into().unwrap());
    for (offset, number, message) in [
        (24, size + 1, "ends too early"),
        (24, size - 1, "longer than"),
        (16, checksum ^ 1, "wrong checksum"),
    ] {
        let mut bytes = intact.clone();
        bytes[entry + offset..entry + offset + 4].copy_from_slice(&number.to_le_bytes());
        fs::write(&path, &bytes).unwrap();
        let (code, text, _) = parts(&folder.error());
        assert_eq!(code, "workbook-damaged", "{text}");
        assert!(text.contains(message), "{text}");
    }
    let mut bytes = intact;
    bytes[entry + 24..entry + 28].copy_from_slice(&[0, 0, 0, 0xF0]);
    fs::write(&path, &bytes).unwrap();
    let (code, text, _) = parts(&folder.error());
    assert_eq!(code, "workbook-too-large");
    assert!(text.contains("sheet1.xml"), "{text}");
}

#[test]
fn binary_workbooks_and_other_zip_files_are_refused() {
    let write = |name: &str, parts: &[(&str, &str)]| {
        let folder = Folder::new();
        let mut zip = ZipWriter::new(File::create(folder.path().join(name)).unwrap());
        for (name, text) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        parts_of(folder)
    };
    let parts_of_binary = [
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>"#,
        ),
        ("xl/workbook.bin", "x"),
    ];
    let text = [
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", "<a/>"),
    ];
    for (name, parts, message) in [
        ("a.xlsb", &parts_of_binary[..], ".xlsb"),
        (
            "a.xlsx",
            &[("word/document.xml", "<a/>")][..],
            "without the parts of a workbook",
        ),
        ("a.ods", &text[..], "another kind"),
    ] {
        let (code, text, hint) = write(name, parts);
        assert_eq!(code, "workbook-format", "{text}");
        assert!(text.starts_with(name) && text.contains(message), "{text}");
        assert!(hint.contains(".xlsx"), "{hint}");
    }
}

fn parts_of(folder: Folder) -> (&'static str, String, &'static str) {
    parts(&folder.error())
}

/// Writes an ODS file with a sheet that contains `rows`.
fn ods(rows: &str) -> Folder {
    let folder = Folder::new();
    let file = File::create(folder.path().join("a.ods")).unwrap();
    let mut zip = ZipWriter::new(file);
    for (name, text) in [
        (
            "mimetype",
            "application/vnd.oasis.opendocument.spreadsheet".to_owned(),
        ),
        (
            "content.xml",
            format!(
                "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Items\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
            ),
        ),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    folder
}

const ODS_HEADER: &str = "<table:table-row><table:table-cell><text:p>id</text:p></table:table-cell><table:table-cell><text:p>title</text:p></table:table-cell></table:table-row>";

#[test]
fn repetitions_in_ods_are_bounded() {
    let rows = format!(
        "{ODS_HEADER}<table:table-row table:number-rows-repeated=\"3\"><table:table-cell/></table:table-row>\
         <table:table-row><table:table-cell table:number-columns-repeated=\"2\"><text:p>a</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"16382\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"2\"><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048568\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>"
    );
    let report = ods(&rows).read();
    assert_eq!(report.rows, [5, 6, 7]);
    assert_eq!(report.title("a", "und"), ["a"]);
    assert_eq!(report.errors[0].code, "id-duplicate");
    assert_eq!(report.errors[0].location(), "a.ods, Items!A7 (item b)");
    let many = format!(
        "{ODS_HEADER}<table:table-row table:number-rows-repeated=\"1048575\"><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>"
    );
    let (code, message, _) = parts(&ods(&many).error());
    assert_eq!(code, "workbook-too-large");
    assert!(message.starts_with("a.ods, Items!A2: "), "{message}");
    let wide = format!(
        "{ODS_HEADER}<table:table-row><table:table-cell table:number-columns-repeated=\"4000000000\"><text:p>{}</text:p></table:table-cell></table:table-row>",
        "x".repeat(100_000)
    );
    let (code, message, _) = parts(&ods(&wide).error());
    assert_eq!(code, "workbook-too-large");
    assert!(message.contains("16384 cells"), "{message}");
}

#[test]
fn ods_texts_have_their_spaces_lines_and_links_and_no_remarks() {
    let rows = format!(
        "{ODS_HEADER}<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell>\
         <office:annotation><text:p>remark</text:p></office:annotation>\
         <text:p>One <text:span>two</text:span>\n   three<text:s text:c=\"3\"/>four<text:line-break/>five &amp; six</text:p><text:p/><text:p>seven</text:p>\
         </table:table-cell></table:table-row>"
    );
    let report = ods(&rows).read();
    assert_eq!(
        report.title("a", "und"),
        ["One two three   four\nfive & six\n\nseven"]
    );
}

/// Writes a row of an ODS file.
fn ods_row(texts: &[&str]) -> String {
    let cells: String = texts
        .iter()
        .map(|text| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>"))
        .collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

/// Ends a sheet of an ODS file and begins another.
const NEXT_SHEET: &str = "</table:table><table:table table:name=\"Lists\">";

#[test]
fn headings_are_read_in_other_languages_below_titles() {
    let french = [
        ods_row(&["Catalogue des manuscrits"]),
        ods_row(&["", "Cote"]),
        ods_row(&["Cote", "Titre", "Auteur", "Date"]),
        ods_row(&["MS 1/2", "Lettres", "Kurd Ali", "1906-02-30"]),
        NEXT_SHEET.to_owned(),
        ods_row(&["URI", "Label"]),
        ods_row(&["https://example.org/1", "Domaine public"]),
    ];
    let report = ods(&french.concat()).read();
    assert_eq!(report.rows, [4]);
    assert_eq!(report.title("MS-1-2", "und"), ["Lettres"]);
    assert_eq!(report.field("MS-1-2", "creator"), ["Kurd Ali"]);
    assert_eq!(report.field("MS-1-2", "identifier"), ["MS 1/2"]);
    let at = |cell: &str| format!("a.ods, Items!{cell} (item MS 1/2)");
    assert_eq!(
        report.warnings(),
        [("id-derived", at("A4")), ("date-impossible", at("D4"))]
    );
    let arabic = [
        ods_row(&["رقم المخطوط", "العنوان", "المؤلف", "السنة"]),
        ods_row(&["م-1", "المقتبس", "كرد علي", "1906"]),
    ];
    let report = ods(&arabic.concat()).read();
    assert_eq!(report.title("م-1", "und"), ["المقتبس"]);
    assert_eq!(report.field("م-1", "creator"), ["كرد علي"]);
    assert_eq!(report.date("م-1"), "1906");
    assert_eq!(report.notes, []);
}

#[test]
fn lists_in_cells_are_read() {
    let rows = [
        ods_row(&["id", "title", "subject"]),
        ods_row(&["a", "A", "['press', 'Cairo']"]),
    ];
    let report = ods(&rows.concat()).read();
    assert_eq!(report.field("a", "subject"), ["press", "Cairo"]);
}

#[test]
fn several_tables_in_other_languages_are_not_guessed() {
    let rows = [
        ods_row(&["id", "title"]),
        NEXT_SHEET.to_owned(),
        ods_row(&["Cote", "Titre"]),
    ];
    let (code, message, _) = parts(&ods(&rows.concat()).error());
    assert_eq!(code, "workbook-several-sheets");
    assert!(message.ends_with(": `Items`, `Lists`"), "{message}");
}

#[test]
fn problems_of_values_from_another_column_name_its_cell() {
    let rows = [
        ods_row(&["id", "title", "date", "date_created", "image", "file_label"]),
        ods_row(&["a", "A", "", "unknown", "a.tif", ""]),
        ods_row(&["b", "B", "undated", "1906", "a.tif|a.tif", ""]),
    ];
    let report = ods(&rows.concat()).with("a.tif", "a").read();
    assert_eq!(report.files("a"), ["a.tif"]);
    assert_eq!(
        report.errors[0].location(),
        "a.ods, Items!E3 (item b)",
        "{}",
        report.errors[0]
    );
    let date = report.note("date-not-edtf");
    assert_eq!(date.location(), "a.ods, Items!D2 (item a)");
}

#[test]
fn a_link_of_an_image_is_its_file_and_its_text_is_kept() {
    let link = "<table:table-cell><text:p><text:a xlink:href=\"../a.tif\">page 1</text:a></text:p></table:table-cell>";
    let rows = format!(
        "{}<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>A</text:p></table:table-cell>{link}</table:table-row>",
        ods_row(&["id", "title", "image"])
    );
    let report = ods(&rows).with("a.tif", "a").read();
    assert_eq!(report.files("a"), ["a.tif"]);
    assert_eq!(report.field("a", "image"), ["page 1"]);
}
