//! Tests of reading sources. Each test creates a source in a temporary folder.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use khizana_model::{Problem, Severity};
use khizana_source::{self as source, Dialect, Source, SourceError, SourceItem};
use tempfile::TempDir;

/// A source in a temporary folder.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::Builder::new().prefix("scans").tempdir().unwrap())
    }

    fn of(table: &str, content: impl AsRef<[u8]>) -> Self {
        Folder::new().with(table, content)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self) -> Report {
        Folder::read_source(&source::open(self.path()).unwrap())
    }

    fn read_source(source: &Source) -> Report {
        let mut rows = source.rows().unwrap();
        let total = rows.total();
        let mut report = Report::default();
        for row in rows.by_ref() {
            report.lines.push(row.position.line);
            match row.item {
                Ok(item) => report.items.push(item),
                Err(problems) => {
                    assert!(!problems.is_empty(), "a rejected row has no errors");
                    for problem in &problems {
                        assert_eq!(problem.severity, Severity::Error, "{problem}");
                        assert_eq!(problem.row, Some(row.position.row), "{problem}");
                        assert_eq!(problem.table.as_ref(), Some(&row.position.table));
                    }
                    report.errors.extend(problems);
                }
            }
        }
        assert_eq!(total, report.lines.len() as u64);
        report.notes = rows.finish();
        for problem in report.errors.iter().chain(&report.notes) {
            assert!(problem.message.ends_with(['.', ')']), "{problem}");
            assert!(problem.hint.ends_with('.'), "{problem}: {}", problem.hint);
            assert!(!problem.location().is_empty(), "{problem}");
        }
        report
    }

    fn error(&self) -> SourceError {
        match source::open(self.path()) {
            Ok(source) => source.rows().unwrap_err(),
            Err(error) => error,
        }
    }
}

#[derive(Default)]
struct Report {
    lines: Vec<u64>,
    items: Vec<SourceItem>,
    errors: Vec<Problem>,
    notes: Vec<Problem>,
}

impl Report {
    fn ids(&self) -> Vec<&str> {
        self.items
            .iter()
            .map(|item| item.item.id.as_str())
            .collect()
    }

    fn errors(&self) -> Vec<(&str, Option<u64>, Option<&str>)> {
        self.errors
            .iter()
            .map(|p| (p.code, p.row, p.item.as_deref()))
            .collect()
    }

    /// Returns the warnings. Most tables of these tests have no titles, which is not reported.
    fn notes(&self) -> Vec<(&str, Severity, Option<u64>)> {
        self.notes
            .iter()
            .filter(|p| p.code != "title-missing")
            .map(|p| (p.code, p.severity, p.row))
            .collect()
    }

    fn note(&self, code: &str) -> &Problem {
        self.notes
            .iter()
            .find(|p| p.code == code)
            .unwrap_or_else(|| panic!("no {code} in {:?}", self.notes))
    }

    fn item(&self, id: &str) -> &SourceItem {
        self.items
            .iter()
            .find(|d| d.item.id.as_str() == id)
            .unwrap_or_else(|| panic!("no {id}: {:?}", self.errors))
    }

    fn files(&self, id: &str) -> Vec<&str> {
        self.item(id)
            .files
            .iter()
            .map(|file| file.name.as_str())
            .collect()
    }

    fn field(&self, id: &str, name: &str, language: &str) -> Vec<String> {
        self.item(id)
            .item
            .field(name)
            .map(|values| values.get(language).to_vec())
            .unwrap_or_default()
    }
}

// Tables

#[test]
fn counts_lines_across_bom_crlf_quoted_newlines_and_empty_rows() {
    let report = Folder::of(
        "metadata.csv",
        "\u{feff}id,title\r\na,one\r\n\r\n\r\nb,\"two\r\nlines\"\r\n,,\r\n\r\nc,three\r\nd,four",
    )
    .read();
    assert_eq!(report.ids(), ["a", "b", "c", "d"]);
    assert_eq!(report.lines, [2, 5, 9, 10]);
    assert_eq!(report.item("b").item.title.get("und"), ["two\nlines"]);
    assert_eq!(report.notes(), []);
}

#[test]
fn reads_cr_line_ends_tabs_and_semicolons() {
    assert_eq!(
        Folder::of("metadata.csv", "id,title\ra,x\r\rb,y\r")
            .read()
            .lines,
        [2, 4]
    );
    let tsv = Folder::of("metadata.tsv", "id\ttitle@en\na\tOne, two\n").read();
    assert_eq!(tsv.item("a").item.title.get("en"), ["One, two"]);
    let semicolons = Folder::of("metadata.csv", "id;title\na;Un, deux\n").read();
    assert_eq!(semicolons.item("a").item.title.get("und"), ["Un, deux"]);
}

#[test]
fn reads_rows_longer_than_the_buffers() {
    let long = "كتاب ".repeat(20_000);
    let many = (0..300)
        .map(|i| format!("f{i}"))
        .collect::<Vec<_>>()
        .join(",");
    let cells = (0..300)
        .map(|i| format!("v{i}"))
        .collect::<Vec<_>>()
        .join(",");
    let report = Folder::of(
        "metadata.csv",
        format!("id,title,{many}\na,{long},{cells}\nb,x\n"),
    )
    .read();
    assert_eq!(report.lines, [2, 3]);
    assert_eq!(report.item("a").item.title.get("und"), [long.trim()]);
    assert_eq!(report.field("a", "f299", "und"), ["v299"]);
}

#[test]
fn rejects_rows_with_extra_cells_and_accepts_short_rows() {
    let report = Folder::of("metadata.csv", "id,title\na,Cairo, Egypt\nb\nc,x,,\n").read();
    assert_eq!(report.errors(), [("row-too-long", Some(2), None)]);
    assert_eq!(report.ids(), ["b", "c"]);
}

#[test]
fn reports_an_unclosed_quotation_mark() {
    let report = Folder::of("metadata.csv", "id,title\na,x\nb,\"y\nc,z\nd,w\n").read();
    assert_eq!(report.errors(), [("quote-open", Some(3), None)]);
    assert_eq!(report.ids(), ["a"]);
}

#[test]
fn rejects_a_row_that_is_too_long_for_another_reason_than_a_quotation_mark() {
    let long = "x".repeat(17 << 20);
    let report = Folder::of("metadata.csv", format!("id,title\na,x\nb,{long}\n")).read();
    assert_eq!(report.errors(), [("value-too-long", Some(3), None)]);
    assert_eq!(report.ids(), ["a"]);
    let report = Folder::of("metadata.csv", format!("id,title\na,x\nb,\"{long}\n")).read();
    assert_eq!(report.errors(), [("quote-open", Some(3), None)]);
}

#[test]
fn numbers_rows_as_spreadsheets_do() {
    // The table has a cell with line breaks, and a blank line.
    let report = Folder::of(
        "metadata.csv",
        "id,title\na,\"One\nTwo\nThree\"\n,x\n\n,y\n",
    )
    .read();
    assert_eq!(
        report.errors(),
        [("id-missing", Some(3), None), ("id-missing", Some(5), None)]
    );
    let lines = report.errors.iter().map(|problem| problem.line);
    assert!(lines.eq([Some(5), Some(7)]));
    assert_eq!(report.errors[0].location(), "metadata.csv:5 (row 3)");
    assert_eq!(report.errors[0].table.as_deref(), Some("metadata.csv"));
}

#[test]
fn rejects_only_the_row_that_is_not_utf8() {
    let report = Folder::of("metadata.csv", b"id,title\na,caf\xe9\nb,caf\xc3\xa9\n").read();
    assert_eq!(report.errors(), [("not-utf8", Some(2), None)]);
    assert!(
        report.errors[0].message.contains("byte 4 (0xE9)"),
        "{}",
        report.errors[0]
    );
    assert_eq!(report.ids(), ["b"]);
    let lines = Folder::of(
        "metadata.jsonl",
        b"{\"id\":\"a\",\"title\":\"caf\xe9\"}\n{\"id\":\"b\",\"title\":\"caf\xc3\xa9\"}\n",
    )
    .read();
    assert_eq!(lines.errors(), [("not-utf8", Some(1), None)]);
    assert_eq!(lines.ids(), ["b"]);
}

/// Encodes a text as UTF-16.
fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

#[test]
fn reads_other_encodings_and_shows_how() {
    let table = "id,title@ar,note\nw-1,المقتبس,قصيدة جديدة\nw-2,plain,x\n";
    let encoded =
        |encoding: &'static encoding_rs::Encoding, text: &str| encoding.encode(text).0.into_owned();
    for (content, name) in [
        (
            encoded(encoding_rs::WINDOWS_1256, table),
            "Windows-1256 (Arabic)",
        ),
        (utf16(table, u16::to_le_bytes), "UTF-16LE"),
        (utf16(table, u16::to_be_bytes), "UTF-16BE"),
        (
            utf16(&format!("\u{feff}{table}"), u16::to_le_bytes),
            "UTF-16LE",
        ),
        (
            utf16(&format!("\u{feff}{table}"), u16::to_be_bytes),
            "UTF-16BE",
        ),
    ] {
        let report = Folder::of("metadata.csv", content).read();
        assert_eq!(
            report.item("w-1").item.title.get("ar"),
            ["المقتبس"],
            "{name}"
        );
        assert_eq!(
            report.notes(),
            [("table-encoding", Severity::Warning, None)]
        );
        let note = report.note("table-encoding");
        assert_eq!(note.location(), "metadata.csv");
        assert!(note.message.contains(name), "{note}");
        assert!(note.message.contains("`المقتبس`, `قصيدة`"), "{note}");
        assert!(note.hint.contains("save the table as CSV UTF-8"));
    }
    let french = "id,title\na,Évolution du théâtre français\nb,Élève\n";
    let report = Folder::of("metadata.csv", encoded(encoding_rs::WINDOWS_1252, french)).read();
    assert_eq!(report.item("b").item.title.get("und"), ["Élève"]);
    assert!(
        report
            .note("table-encoding")
            .message
            .contains("Windows-1252 (Western European)")
    );
    let json = encoded(
        encoding_rs::WINDOWS_1256,
        "[{\"id\": 1, \"title\": \"المقتبس مجلة\"}]",
    );
    let report = Folder::of("metadata.json", json).read();
    assert_eq!(report.item("1").item.title.get("und"), ["المقتبس مجلة"]);
}

#[test]
fn reads_long_tables_in_other_encodings() {
    let rows: String = (0..6000).map(|n| format!("i{n},كتاب {n}\n")).collect();
    let table = utf16(&format!("id,title\n{rows}"), u16::to_le_bytes);
    let report = Folder::of("metadata.csv", table).read();
    assert_eq!(report.items.len(), 6000);
    assert_eq!(report.item("i5999").item.title.get("und"), ["كتاب 5999"]);
}

#[test]
fn rejects_malformed_lines_of_json_lines() {
    let report = Folder::of(
        "metadata.jsonl",
        "{\"id\": \"a\", \"title\": {\"ar\": \"خزانة\", \"en\": [\"One\", \"Two\"]}, \"n\": 1.5, \"t\": true, \"o\": null}\n\n{\"id\": \"b\"\n[1]\n{\"id\": 7, \"subject\": [\"x|y\", \"z\"]}\n",
    )
    .read();
    assert_eq!(
        report.errors(),
        [
            ("json-malformed", Some(2), None),
            ("json-malformed", Some(3), None)
        ]
    );
    assert_eq!(report.errors[0].location(), "metadata.jsonl:3:10 (row 2)");
    assert_eq!(report.ids(), ["a", "7"]);
    assert_eq!(report.item("a").item.title.get("en"), ["One", "Two"]);
    assert_eq!(report.field("a", "n", "und"), ["1.5"]);
    assert_eq!(report.field("a", "t", "und"), ["true"]);
    assert!(report.item("a").item.field("o").is_none());
    assert_eq!(report.field("7", "subject", "und"), ["x|y", "z"]);
}

#[test]
fn reports_the_lines_of_objects_in_a_json_array() {
    let report =
        Folder::of("metadata.json", "[\n  {\n    \"id\": \"a\"\n  },\n  3,\n  {\"id\": \"b\",\n   \"title\": \"x\"}, {\"id\": \"a\"}\n]\n").read();
    assert_eq!(report.lines, [2, 5, 6, 7]);
    assert_eq!(
        report.errors(),
        [
            ("json-malformed", Some(2), None),
            ("id-duplicate", Some(4), Some("a"))
        ]
    );
    assert_eq!(report.errors[0].line, Some(5));
    assert_eq!(report.errors[1].line, Some(7));
}

#[test]
fn reads_yaml_scalars_without_interpretation() {
    let report = Folder::of(
        "metadata.yaml",
        "- id: 007\n  date: 1906-02-25\n  title:\n    ar: خزانة\n- text\n- id: b\n",
    )
    .read();
    assert_eq!(report.ids(), ["007", "b"]);
    assert_eq!(report.item("007").item.title.get("ar"), ["خزانة"]);
    assert_eq!(report.errors(), [("yaml-malformed", Some(2), None)]);
    assert_eq!(report.errors[0].line, Some(5));
}

#[test]
fn prefers_tables_named_metadata_then_the_order_of_formats() {
    let report = Folder::of("b.json", "[{\"id\":\"json\"}]")
        .with("z.csv", "id\ncsv\n")
        .with(".a.csv", "id\nhidden\n")
        .read();
    assert_eq!(report.ids(), ["csv"]);
    assert!(
        report
            .note("source-several-tables")
            .message
            .contains("b.json")
    );
    let named = Folder::of("metadata.jsonl", "{\"id\":\"m\"}")
        .with("a.csv", "id\nx\n")
        .read();
    assert_eq!((named.ids(), named.notes()), (vec!["m"], vec![]));
}

#[test]
fn reports_why_a_source_cannot_be_read() {
    let code = |folder: Folder| {
        let error = folder.error();
        assert!(!error.hint().is_empty());
        (error.code(), error.line())
    };
    assert_eq!(
        source::open("no/such/folder".as_ref()).unwrap_err().code(),
        "source-not-found"
    );
    assert_eq!(code(Folder::new()), ("source-no-table", None));
    // A folder of sources is none, even if one of them has images.
    let sources = Folder::new()
        .with("maps/metadata.csv", "id,title\n")
        .with("letters/metadata.csv", "id,title\n")
        .with("letters/1.png", "");
    let error = source::open(sources.path()).unwrap_err();
    assert_eq!(error.code(), "source-no-table");
    assert!(error.to_string().ends_with("letters, maps"), "{error}");
    let excel = Folder::of("table.docx", "PK");
    assert_eq!(
        source::open(&excel.path().join("table.docx"))
            .unwrap_err()
            .code(),
        "source-format"
    );
    assert_eq!(
        code(Folder::of("metadata.csv", b"id,caf\xe9\na,caf\xc3\xa9\n")),
        ("source-not-utf8", Some(1))
    );
    assert_eq!(
        code(Folder::of("metadata.json", b"[\"\xc3\xa9\",\n\"\xe9\"]")),
        ("source-not-utf8", Some(2))
    );
    for empty in [
        "metadata.csv",
        "metadata.json",
        "metadata.jsonl",
        "metadata.yaml",
    ] {
        assert_eq!(
            code(Folder::of(empty, "\n\n")),
            ("source-empty", None),
            "{empty}"
        );
    }
    assert_eq!(
        code(Folder::of("metadata.csv", "name,title\na,b\n")),
        ("source-no-id", Some(1))
    );
    assert_eq!(
        code(Folder::of("metadata.json", "[{\"id\":1},\n{]")),
        ("source-malformed", Some(2))
    );
    assert_eq!(
        code(Folder::of("metadata.json", "{\"id\":1}")),
        ("source-malformed", Some(1))
    );
    assert_eq!(
        code(Folder::of("metadata.json", "[{\"id\":1}\n{\"id\":2}]")),
        ("source-malformed", Some(2))
    );
    assert_eq!(
        code(Folder::of("metadata.json", "[{\"id\":1}")),
        ("source-malformed", Some(1))
    );
    assert_eq!(
        code(Folder::of("metadata.json", "[{\"id\":1}]\n[]")),
        ("source-malformed", Some(2))
    );
    assert_eq!(
        code(Folder::of("metadata.yaml", "- id: 1\n- id: [\n")).0,
        "source-malformed"
    );
    let folder = Folder::of("metadata.csv", "id\na\n").with("collection.toml/x", "");
    assert_eq!(code(folder), ("source-unreadable", None));
    let wide = format!("id{}\na\n", ",c".repeat(16_384));
    assert_eq!(
        code(Folder::of("metadata.csv", wide)),
        ("source-too-wide", Some(1))
    );
}

#[test]
fn reads_a_folder_with_one_file_per_record() {
    let folder = Folder::of("works/a/2.json", "{\"id\": 2, \"title\": \"Two\"}")
        .with(
            "works/a/10.json",
            "\u{feff}{\"id\": 10, \"date\": \"1906-02-30\"}",
        )
        .with("works/b/1.json", "{\n\"id\": }")
        .with("works/b/2.json", "[1]")
        .with("works/b/3.json", "{\"title\": \"x\"}")
        .with(
            "works/b/4.json",
            "{\"tags\": [1, {\"a\": [true]}, 3], \"id\": [\"10\"]}",
        )
        .with("works/b/5.json", "{\"id\": {\"x\": 1}}")
        .with("works/._1.json", "{}")
        .with("works/a/2.txt", "x");
    let source = source::open(&folder.path().join("works")).unwrap();
    assert_eq!(source.collection.id.as_str(), "works");
    let report = Folder::read_source(&source);
    assert_eq!(report.ids(), ["2", "10"]);
    let places: Vec<_> = report
        .errors
        .iter()
        .map(|p| (p.code, p.location()))
        .collect();
    assert_eq!(
        places,
        [
            ("json-malformed", "b/1.json:2:7 (row 3)".to_owned()),
            ("json-malformed", "b/2.json:1 (row 4)".to_owned()),
            ("id-missing", "b/3.json:1 (row 5)".to_owned()),
            ("id-duplicate", "b/4.json:1 (row 6, item 10)".to_owned()),
            ("id-invalid", "b/5.json:1 (row 7)".to_owned()),
        ]
    );
    assert_eq!(report.errors[0].hint, "Write one complete object in UTF-8.");
    let note = report.note("date-impossible");
    assert_eq!(note.location(), "a/10.json:1 (row 2, item 10)");
    // A table takes precedence over records.
    let table = folder.with("works/metadata.csv", "id\nx\n");
    let source = source::open(&table.path().join("works")).unwrap();
    assert_eq!(source.table_name, "metadata.csv");
}

// collection.toml

#[test]
fn reads_collection_toml() {
    let folder = Folder::of("metadata.csv", "id,title\na,x\n").with(
        "collection.toml",
        "id = \"plates\"\nlanguage = \"eng\"\ncover = \"b\"\nfacets = [\"place\"]\n[title]\nar = \"صفائح\"\nen = [\"Plates\"]\n[description]\nen = \"All.\"\n[fields.medium.label]\nar = \"المادة\"\n",
    );
    let source = source::open(folder.path()).unwrap();
    assert_eq!(source.collection.id.as_str(), "plates");
    assert_eq!(source.collection.title.get("ar"), ["صفائح"]);
    assert_eq!(
        source.collection.fields["medium"].label.get("ar"),
        ["المادة"]
    );
    assert_eq!(source.language.as_str(), "en");
    let report = folder.read();
    assert_eq!(report.item("a").item.title.get("en"), ["x"]);
    assert_eq!(
        report.note("cover-unknown").file.as_deref(),
        Some("collection.toml")
    );
}

#[test]
fn reports_the_line_of_errors_in_collection_toml() {
    for (toml, line) in [
        ("id = \"a\"\ncolour = 3\n", 2),
        ("id = \"a b\"\n", 1),
        ("\n\nlanguage = \"xx\"\n", 3),
        ("id = \n", 1),
    ] {
        let error = Folder::of("metadata.csv", "id\na\n")
            .with("collection.toml", toml)
            .error();
        assert_eq!(
            (error.code(), error.line()),
            ("collection-invalid", Some(line)),
            "{toml}: {error}"
        );
    }
    let error = Folder::of("metadata.csv", "id\na\n")
        .with("collection.toml", "[title]\nklingon = \"x\"\n")
        .error();
    assert_eq!(error.code(), "collection-invalid");
}

#[test]
fn sections_name_items_of_the_source_once_and_in_all_languages() {
    let folder = Folder::of("metadata.csv", "id,title\na,x\nb,y\n").with(
        "collection.toml",
        "[[sections]]\nheading.ar = \"نجوم\"\nheading.en = \"Stars\"\nitems = [\"a\", \"c\"]\n\
         [[sections]]\nheading.en = \"Others\"\ntext.en = \"The rest.\"\nitems = [\n  \"b\",\n  \"a\",\n]\n\
         [[sections]]\nheading.ar = \"رسائل\"\nheading.en = \"Letters\"\nfield = \"type\"\nvalue = \"Letter\"\n",
    );
    let source = source::open(folder.path()).unwrap();
    let sections = &source.collection.sections;
    assert_eq!(sections.len(), 3);
    assert_eq!(sections[1].heading.get("en"), ["Others"]);
    assert_eq!(sections[1].text.get("en"), ["The rest."]);
    let value = ("type".to_owned(), "Letter".to_owned());
    assert_eq!(sections[2].value, Some(value));
    let report = folder.read();
    for (code, line) in [
        ("section-item", 4),
        ("section-heading", 5),
        ("section-twice", 10),
    ] {
        let note = report.note(code);
        assert_eq!(note.file.as_deref(), Some("collection.toml"), "{code}");
        assert_eq!(note.line, Some(line), "{code}");
    }
    assert_eq!(report.item("a").item.title.get("und"), ["x"]);
}

#[test]
fn sections_without_a_heading_or_items_are_errors() {
    for (toml, line) in [
        ("[[sections]]\nitems = [\"a\"]\n", 1),
        ("\n[[sections]]\nheading.en = \"A\"\n", 2),
        ("\n[[sections]]\nheading.en = \"A\"\nfield = \"type\"\n", 2),
        ("\n[[sections]]\nheading.en = \"A\"\nitem = [\"a\"]\n", 4),
        ("\n[[sections]]\nheading.en = \"A\"\nitems = [\"a b\"]\n", 4),
    ] {
        let error = Folder::of("metadata.csv", "id\na\n")
            .with("collection.toml", toml)
            .error();
        assert_eq!(
            (error.code(), error.line()),
            ("collection-invalid", Some(line)),
            "{toml}: {error}"
        );
    }
}

#[test]
fn derives_the_collection_id_from_the_folder_or_the_table() {
    let folder =
        Folder::of("my scans/metadata.csv", "id\na\n").with("my scans/second sheet.csv", "id\nb\n");
    let id = |path: &str| {
        source::open(&folder.path().join(path))
            .unwrap()
            .collection
            .id
            .to_string()
    };
    assert_eq!(id("my scans"), "my-scans");
    assert_eq!(id("my scans/metadata.csv"), "my-scans");
    assert_eq!(id("my scans/second sheet.csv"), "second-sheet");
}

// Columns and values

#[test]
fn assigns_the_language_of_a_column_to_its_values() {
    let report = Folder::of(
        "metadata.csv",
        "id,Title@ar,title @ar-latn,dcterms:title @en,creator/fr,Own Field,artist\na,خزانة| كتب ,Khizāna,Cabinet,Inconnu,x|y,z\n",
    )
    .read();
    let item = &report.item("a").item;
    assert_eq!(item.title.get("ar"), ["خزانة", "كتب"]);
    assert_eq!(item.title.get("ar-Latn"), ["Khizāna"]);
    assert_eq!(item.title.get("en"), ["Cabinet"]);
    assert_eq!(report.field("a", "creator", "fr"), ["Inconnu"]);
    let names: Vec<_> = item
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(names, ["creator", "own_field", "artist"]);
    assert_eq!(report.field("a", "own_field", "und"), ["x", "y"]);
}

#[test]
fn adds_the_values_of_repeated_columns() {
    let report = Folder::of(
        "metadata.csv",
        "id,title@ar,dc:title @ar,subject,Dublin Core:Subject,dpi,dpi,الموضوع\na,x,y,s,t,300,400,s\nb,z,z,u,,,,\n",
    )
    .read();
    assert_eq!(report.item("a").item.title.get("ar"), ["x", "y"]);
    assert_eq!(report.item("b").item.title.get("ar"), ["z"]);
    assert_eq!(report.field("a", "subject", "und"), ["s", "t"]);
    assert_eq!(report.item("a").item.dpi, Some(300));
    assert_eq!(
        report.notes(),
        [("column-twice", Severity::Warning, Some(1))]
    );
    let note = report.note("column-twice");
    assert!(note.message.contains("`dpi`"), "{note}");
    assert_eq!(note.hint, "Rename or remove one of the columns.");
}

#[test]
fn proposes_the_name_of_a_misspelt_column() {
    let report = Folder::of("metadata.csv", "id,titel@fr,rigths,plate\na,x,free,3\n").read();
    assert_eq!(report.item("a").item.title.get("fr"), ["x"]);
    assert_eq!(report.field("a", "rigths", "und"), ["free"]);
    assert_eq!(
        report.notes(),
        [("column-misspelt", Severity::Warning, Some(1))]
    );
    let note = report.note("column-misspelt");
    assert_eq!(note.location(), "metadata.csv, row 1");
    assert!(
        note.message.contains("`rigths`") && note.message.contains("`rights`"),
        "{note}"
    );
    assert_eq!(
        note.hint,
        "If the column contains the field `rights`, call it `rights`."
    );
    let report = Folder::of("metadata.csv", "id,tilte@fr\na,x\n").read();
    assert_eq!(report.field("a", "tilte", "fr"), ["x"]);
    assert!(
        report
            .note("column-misspelt")
            .message
            .contains("`title@fr`")
    );
}

#[test]
fn reads_headings_in_other_languages_and_notations() {
    let report = Folder::of(
        "metadata.csv",
        "الرقم,العنوان,Titre,title_en,creator-arabic,dil-/-language,medium\n١,كتاب,Livre,Book,كاتب,Türkçe,X 1\n",
    )
    .read();
    assert_eq!(report.ids(), ["١"]);
    let item = &report.items[0].item;
    assert_eq!(item.title.get("und"), ["كتاب", "Livre"]);
    assert_eq!(item.title.get("en"), ["Book"]);
    assert_eq!(report.field("١", "creator", "ar"), ["كاتب"]);
    assert_eq!(item.languages[0].as_str(), "tr");
    assert_eq!(report.field("١", "medium", "und"), ["X 1"]);
    assert_eq!(report.notes(), []);
}

#[test]
fn uses_another_column_for_an_item_without_a_value() {
    let report = Folder::of(
        "metadata.csv",
        "id,date,date-created,creation-date,rights,license,text-language\na,1900,1901,1902,,CC,eng\nb,,1901,1902,x,CC,\nc,,,1902,,,\n",
    )
    .read();
    let date = |id: &str| report.item(id).item.date.clone().unwrap().written;
    assert_eq!([date("a"), date("b"), date("c")], ["1900", "1901", "1902"]);
    assert_eq!(report.field("a", "date-created", "und"), ["1901"]);
    assert_eq!(report.field("b", "creation-date", "und"), ["1902"]);
    assert_eq!(report.field("a", "rights_text", "und"), ["CC"]);
    assert_eq!(report.field("b", "rights_text", "und"), ["x"]);
    assert_eq!(report.field("b", "license", "und"), ["CC"]);
    assert_eq!(report.item("a").item.languages[0].as_str(), "en");
}

#[test]
fn reads_separator_lines_and_rows_above_the_header() {
    let report = Folder::of("metadata.csv", "sep=;\r\nid;title\r\na;x, y\r\na;z\r\n").read();
    assert_eq!(report.item("a").item.title.get("und"), ["x, y"]);
    // Excel does not count the line that declares the separator.
    assert_eq!(report.errors(), [("id-duplicate", Some(3), Some("a"))]);
    assert_eq!(report.errors[0].line, Some(4));
    let report = Folder::of(
        "metadata.csv",
        "Library of Tunis,,\n\n2024,,\nCote,Titre,Auteur\nMS 1,Livre,X\n",
    )
    .read();
    assert_eq!(report.ids(), ["MS-1"]);
    assert_eq!(report.field("MS-1", "creator", "und"), ["X"]);
    let note = report.note("rows-above-header");
    assert_eq!(note.location(), "metadata.csv:4");
    assert!(note.message.contains("in row 4") && note.message.contains("`Library of Tunis`"));
    assert!(note.hint.contains("column names"));
}

#[test]
fn rejects_quotation_marks_that_hide_rows() {
    let report = Folder::of(
        "metadata.csv",
        "id,title,note\no-1,One,fine\no-2,\"Two,text\no-3,Three,fine\no-4,\"Four\",fine\nq,\"quoted\"tail,x\no-5,6\" disc,\"\"\"a\"\"\"\np,\"x\np-1,a,b\np-2,c,d\ne\",z\nv,\"12 Main St, Cairo\nEgypt, Africa\nx\",y\n",
    )
    .read();
    assert_eq!(report.ids(), ["o-1", "o-5", "v"]);
    assert_eq!(report.item("o-5").item.title.get("und"), ["6\" disc"]);
    assert_eq!(
        report.errors(),
        [
            ("quote-text", Some(3), None),
            ("quote-text", Some(4), None),
            ("quote-rows", Some(6), None)
        ]
    );
    let messages: Vec<_> = report.errors.iter().map(|p| p.message.as_str()).collect();
    assert!(
        messages[0].contains("opens in row 3 closes in row 5"),
        "{}",
        messages[0]
    );
    assert!(
        messages[0].contains("rows 3 to 5 cannot be read"),
        "{}",
        messages[0]
    );
    assert!(
        messages[1].contains("text follows a closing quotation mark"),
        "{}",
        messages[1]
    );
    assert!(
        messages[2].contains("rows 6 to 9 cannot be read"),
        "{}",
        messages[2]
    );
    assert!(
        report
            .errors
            .iter()
            .all(|p| p.hint.contains("double each quotation mark"))
    );
    assert_eq!(report.errors[0].location(), "metadata.csv, row 3");
}

#[test]
fn reads_quotation_marks_after_spaces() {
    let report = Folder::of(
        "metadata.csv",
        "id, \"title@ar\", creator\nos-2, \"عنوان، بين علامتين, و\", \"A. Author\"\n",
    )
    .read();
    assert_eq!(
        report.item("os-2").item.title.get("ar"),
        ["عنوان، بين علامتين, و"]
    );
    assert_eq!(report.field("os-2", "creator", "und"), ["A. Author"]);
}

#[test]
fn uses_images_of_other_columns_if_there_are_no_files() {
    let report = Folder::of(
        "metadata.csv",
        "id,file,thumbnail,resource,image,identifier,iiif_format\n\
         a,1.jpg,https://example.org/t.jpg,https://example.org/r,1.jpg,,x\n\
         b,,https://example.org/t.jpg,https://example.org/r,,https://example.org/i.jpg,x\n\
         c,,https://example.org/t.jpg,,none.jpg,,x\n\
         d,,,a clay jar,,https://example.org/i.jpg,x\n\
         e,,,,1.jpg,https://example.org/page,x\n",
    )
    .with("1.jpg", "x")
    .read();
    assert_eq!(report.errors(), []);
    assert_eq!(
        (report.files("a"), report.files("e")),
        (vec!["1.jpg"], vec!["1.jpg"])
    );
    let links = |id: &str| report.item(id).item.links.clone();
    assert_eq!(links("a"), [""; 0]);
    assert_eq!(
        links("b"),
        ["https://example.org/r", "https://example.org/t.jpg"]
    );
    let images = |id: &str| -> Vec<String> {
        let images = report.item(id).item.remote.iter();
        images.map(|image| image.url.clone()).collect()
    };
    assert_eq!(images("a"), [""; 0]);
    assert_eq!(images("b"), ["https://example.org/t.jpg"]);
    assert_eq!(images("c"), ["https://example.org/t.jpg"]);
    assert_eq!(images("d"), ["https://example.org/i.jpg"]);
    assert_eq!(images("e"), [""; 0]);
    assert_eq!(links("c"), ["https://example.org/t.jpg"]);
    assert_eq!(report.field("c", "image", "und"), ["none.jpg"]);
    assert_eq!(links("d"), ["https://example.org/i.jpg"]);
    assert_eq!(report.field("d", "resource", "und"), ["a clay jar"]);
    assert_eq!(
        report.field("d", "identifier", "und"),
        ["https://example.org/i.jpg"]
    );
    assert_eq!(links("e"), [""; 0]);
    assert!(report.item("a").item.field("iiif_format").is_none());
    let codes: Vec<_> = report.notes().iter().map(|p| p.0).collect();
    assert_eq!(codes, ["derivative-ignored", "file-remote", "file-remote"]);
}

#[test]
fn lists_images_on_other_hosts_with_their_places_and_labels() {
    let report = Folder::of(
        "metadata.csv",
        "id,file,file_label\n\
         a,https://example.org/1.jpg|x.jpg|https://example.org/3.jpg,one|two|three\n\
         b,https://example.org/1.jpg|x.jpg,two\n\
         c,https://example.org/iiif/2/c/info.json|https://example.org/v,\n\
         d,https://user:secret@example.org/d.jpg,\n\
         e,https://example.org/1.jpg,one|two\n",
    )
    .with("x.jpg", "x")
    .read();
    let remote = |id: &str| -> Vec<(String, usize, String)> {
        let remote = report.item(id).remote.iter();
        let label = |label: &khizana_model::LangMap| label.get("und").join("|");
        remote
            .map(|file| (file.image.url.clone(), file.position, label(&file.label)))
            .collect()
    };
    let file = |url: &str, position, label: &str| (url.to_owned(), position, label.to_owned());
    assert_eq!(
        remote("a"),
        [
            file("https://example.org/1.jpg", 0, "one"),
            file("https://example.org/3.jpg", 1, "three")
        ]
    );
    assert_eq!(report.item("a").files[0].label.get("und"), ["two"]);
    assert_eq!(remote("b"), [file("https://example.org/1.jpg", 0, "")]);
    assert_eq!(report.item("b").files[0].label.get("und"), ["two"]);
    assert_eq!(remote("c"), [file("https://example.org/iiif/2/c", 0, "")]);
    assert_eq!(
        report.item("c").item.links,
        [
            "https://example.org/iiif/2/c/info.json",
            "https://example.org/v"
        ]
    );
    assert_eq!(remote("d"), [file("https://example.org/d.jpg", 0, "")]);
    assert_eq!(report.item("d").item.links, ["https://example.org/d.jpg"]);
    let note = report.note("url-credentials");
    assert_eq!(note.row, Some(5));
    assert!(!format!("{:?}", report.notes).contains("secret"));
    assert_eq!(report.errors(), [("label-count", Some(6), Some("e"))]);
}

#[test]
fn reads_languages_in_words_and_keeps_other_values() {
    let report = Folder::of(
        "metadata.csv",
        "id,title@romulan,language\na,x,ar|fre\nb,y,Arabic\nc,z,\"turkish, ottoman (1500-1928)\"\nd,w,Glagolitic runes\ne,v,French; doodles\n",
    )
    .read();
    assert_eq!(report.errors(), []);
    assert_eq!(
        report.notes(),
        [
            ("language-unknown", Severity::Warning, Some(1)),
            ("language-unknown", Severity::Warning, Some(5))
        ]
    );
    assert_eq!(report.item("a").item.title.get("und"), ["x"]);
    let languages = |id: &str| -> Vec<String> {
        let tags = report.item(id).item.languages.iter();
        tags.map(ToString::to_string).collect()
    };
    assert_eq!(languages("a"), ["ar", "fr"]);
    assert_eq!(languages("b"), ["ar"]);
    assert_eq!(languages("c"), ["ota"]);
    assert_eq!(languages("d"), ["und"]);
    assert_eq!(report.field("d", "language", "und"), ["Glagolitic runes"]);
    assert_eq!(languages("e"), ["fr"]);
    assert_eq!(report.field("e", "language", "und"), ["doodles"]);
    let mut notes = report.notes.iter();
    let value = notes.find(|p| p.code == "language-unknown" && p.row == Some(5));
    let value = value.unwrap();
    assert_eq!(value.rows, [5, 6]);
    assert!(
        value
            .message
            .starts_with("`Glagolitic runes` in `language` is not a language")
    );
    assert!(value.hint.contains("BCP 47"));
}

#[test]
fn warns_about_unnamed_columns_and_unused_languages() {
    let report = Folder::of(
        "metadata.csv",
        "id,file_label,latitude@ar,,\na,,,,x\nb,,,y,\n",
    )
    .read();
    assert_eq!(
        report.notes(),
        [
            ("column-language", Severity::Warning, Some(1)),
            ("column-unnamed", Severity::Warning, Some(2))
        ]
    );
    assert_eq!(report.ids(), ["a", "b"]);
}

#[test]
fn rejects_control_characters_and_warns_once_about_bidi_and_markup() {
    let report = Folder::of(
        "metadata.csv",
        "id,title\na,x\0y\nb,\u{202e}evil\nc,<script>alert(1)</script>\nd,<b>bold</b>\ne,\u{1b}[2J\n",
    )
    .read();
    assert_eq!(
        report.errors(),
        [
            ("text-control", Some(2), Some("a")),
            ("text-control", Some(6), Some("e"))
        ]
    );
    assert_eq!(
        report.notes(),
        [
            ("text-bidi", Severity::Warning, Some(3)),
            ("text-markup", Severity::Warning, Some(4))
        ]
    );
    assert_eq!(report.item("b").item.title.get("und"), ["evil"]);
    assert_eq!(
        report.item("c").item.title.get("und"),
        ["<script>alert(1)</script>"]
    );
    let markup = report.note("text-markup");
    assert!(
        markup.message.contains("2 times") && markup.item.as_deref() == Some("c"),
        "{markup}"
    );
}

#[test]
fn interprets_dates_or_keeps_them_as_written() {
    let report = Folder::of(
        "metadata.csv",
        "id,date,date_hijri\na,1906-02-25,١٣٢٤-٠١-٠١\nb,1906-02-30,\nc,c.1785,\nd,date not known,\ne,,1324-13-01\nf,,1324-01\ng,,محرم ١٣٢٤\nh,1951-06-00,\ni,1828/1819,\n",
    )
    .read();
    assert_eq!(report.errors(), []);
    let date = |id: &str| report.item(id).item.date.clone().unwrap();
    assert_eq!(date("a").hijri.as_deref(), Some("١٣٢٤-٠١-٠١"));
    assert!(date("a").edtf.is_some());
    let circa = date("c");
    assert!(circa.written == "c.1785" && circa.edtf.unwrap().approximate);
    assert_eq!(date("d").edtf, None);
    assert_eq!(date("f").hijri.as_deref(), Some("1324-01"));
    assert_eq!(date("e").written, "1324-13-01");
    assert_eq!(date("h").written, "1951-06-00");
    assert!(date("h").edtf.is_some());
    assert_eq!((date("b").edtf, date("i").edtf), (None, None));
    assert_eq!(date("i").written, "1828/1819");
    assert_eq!(
        report.notes(),
        [
            ("date-impossible", Severity::Warning, Some(3)),
            ("date-read", Severity::Warning, Some(4)),
            ("date-not-edtf", Severity::Warning, Some(5)),
            ("date-impossible", Severity::Warning, Some(6)),
            ("date-not-edtf", Severity::Warning, Some(8)),
        ]
    );
    let impossible = report.note("date-impossible");
    assert_eq!(impossible.rows, [3, 10]);
    assert!(
        impossible
            .message
            .starts_with("`1906-02-30` in `date` is not a valid date")
    );
    assert!(impossible.hint.contains("Write a date that exists"));
}

#[test]
fn dates_in_words_have_the_calendars_that_they_name() {
    let report = Folder::of(
        "metadata.csv",
        "id,date,date_hijri\na,Ramaḍān 1221 AH,\nb,١٣٢٤ هـ / ١٩٠٦ م,\nc,XVIIe siècle,\nd,1059/1649,\ne,1171 AH (1757 CE),1171-02\nf,1171 AH (1800 CE),\ng,ca. 1221 AH,\n",
    )
    .read();
    assert_eq!(report.errors(), []);
    let date = |id: &str| report.item(id).item.date.clone().unwrap();
    let years = |id: &str| date(id).gregorian().map(|edtf| edtf.years());
    let hijri = |id: &str| date(id).hijri;
    // A date that is only Hijri is displayed as such.
    assert_eq!(date("a").edtf, None);
    assert_eq!(hijri("a").as_deref(), Some("1221-09"));
    assert_eq!(years("a"), Some((Some(1806), Some(1806))));
    assert_eq!(date("a").written, "Ramaḍān 1221 AH");
    assert!(date("b").edtf.is_some());
    assert_eq!(hijri("b").as_deref(), Some("1324"));
    assert_eq!(years("b"), Some((Some(1906), Some(1906))));
    assert_eq!(years("c"), Some((Some(1600), Some(1699))));
    assert_eq!(hijri("c"), None);
    assert_eq!(years("d"), Some((Some(1649), Some(1649))));
    assert_eq!(hijri("d").as_deref(), Some("1059"));
    // The column of the Hijri date has priority.
    assert_eq!(hijri("e").as_deref(), Some("1171-02"));
    assert_eq!((years("f"), hijri("f")), (None, None));
    assert!(date("g").gregorian().unwrap().approximate);
    assert_eq!(
        report.notes(),
        [
            ("date-read", Severity::Warning, Some(2)),
            ("date-not-edtf", Severity::Warning, Some(7)),
        ]
    );
}

#[test]
fn rights_are_a_uri_or_text() {
    let report = Folder::of(
        "metadata.csv",
        "id,rights,rights@ar\na,https://creativecommons.org/licenses/by/4.0/,حر\nb,Public domain,\nc,https://example.org/own,\n",
    )
    .read();
    assert_eq!(
        report.item("a").item.rights.as_deref(),
        Some("https://creativecommons.org/licenses/by/4.0/")
    );
    assert_eq!(report.field("a", "rights_text", "ar"), ["حر"]);
    assert_eq!(report.item("b").item.rights, None);
    assert_eq!(report.field("b", "rights_text", "und"), ["Public domain"]);
    assert_eq!(
        report.item("c").item.rights.as_deref(),
        Some("https://example.org/own")
    );
    assert_eq!(
        report.notes(),
        [("rights-not-uri", Severity::Warning, Some(3))]
    );
}

#[test]
fn keeps_invalid_directions_positions_and_resolutions_as_text() {
    let report = Folder::of(
        "metadata.csv",
        "id,reading_direction,latitude,longitude,dpi\na,RTL,٣٣٫٣١,44.36,٤٠٠\nb,up,,,\nc,,95,10,\nd,,33.3,,\ne,,1|2,3,\nf,,,,fine\ng,,,,9\nh,,\"47,65,\",\"117° 25' 12\"\" W\",\n",
    )
    .read();
    assert_eq!(report.errors(), []);
    assert_eq!(report.item("a").item.location.unwrap().latitude, 33.31);
    assert_eq!(report.item("a").item.dpi, Some(400));
    let place = report.item("h").item.location.unwrap();
    assert_eq!((place.latitude, place.longitude), (47.65, -117.42));
    assert_eq!(
        report.notes(),
        [
            ("value-invalid", Severity::Warning, Some(3)),
            ("value-invalid", Severity::Warning, Some(4)),
            ("value-invalid", Severity::Warning, Some(7)),
        ]
    );
    let mut notes = report.notes.iter();
    let note = notes.find(|p| p.code == "value-invalid" && p.row == Some(4));
    let note = note.unwrap();
    assert_eq!(note.rows, [4, 5, 6]);
    assert!(note.message.starts_with(
        "`95` in `latitude` and `10` in `longitude` are not a valid geographic position"
    ));
    assert!(note.hint.contains("decimal degrees"));
    assert_eq!(report.field("b", "reading_direction", "und"), ["up"]);
    assert_eq!(report.field("c", "latitude", "und"), ["95"]);
    assert_eq!(report.field("e", "latitude", "und"), ["1|2"]);
    assert_eq!(report.field("f", "dpi", "und"), ["fine"]);
}

#[test]
fn names_the_columns_that_may_contain_missing_titles() {
    let report = Folder::of(
        "metadata.csv",
        "id,title@en,name,native_title,file\na,x,,,\nb,,y,,\nc,,,,\nd,,,,1.jpg\n",
    )
    .with("1.jpg", "x")
    .read();
    assert_eq!(report.ids(), ["a", "b", "c", "d"]);
    let note = report.note("title-missing");
    assert_eq!((note.row, note.rows.as_slice()), (Some(3), &[3, 4][..]));
    assert_eq!(note.location(), "metadata.csv, row 3 (item b)");
    assert!(note.message.starts_with("The item has no title"), "{note}");
    assert!(
        note.hint.contains("`name`, `native_title`"),
        "{}",
        note.hint
    );
    let report = Folder::of("metadata.csv", "id,title@ar,title@en\na,x,\nb,,\n").read();
    let note = report.note("title-missing");
    assert_eq!(
        note.hint,
        "Write the title in the column `title@ar`, `title@en`."
    );
    // Without a column for titles, names are titles.
    let report = Folder::of("metadata.csv", "id,name\na,x\n").read();
    assert_eq!(report.item("a").item.title.get("und"), ["x"]);
}

#[test]
fn reads_lists_in_cells() {
    let report = Folder::of(
        "metadata.csv",
        "id,title,subject,language,note\na,['Kitāb'],\"['x|y', \"\"it's\"\"]\",\"['Arabic', 'eng']\",[1906]\nb,[View],[],,\"{'ar': ['أ'], 'en': 'b'}\"\n['c'],x,,,\n",
    )
    .read();
    assert_eq!(report.ids(), ["a", "b", "c"]);
    assert_eq!(report.item("a").item.title.get("und"), ["Kitāb"]);
    assert_eq!(report.field("a", "subject", "und"), ["x|y", "it's"]);
    assert_eq!(report.item("a").item.languages.len(), 2);
    assert_eq!(report.field("a", "note", "und"), ["[1906]"]);
    assert_eq!(report.item("b").item.title.get("und"), ["[View]"]);
    assert!(report.item("b").item.field("subject").is_none());
    assert_eq!(report.field("b", "note", "ar"), ["أ"]);
    assert_eq!(report.notes(), []);
}

#[test]
fn reads_the_names_of_objects() {
    let report = Folder::of(
        "metadata.jsonl",
        "{\"id\":\"a\",\"creator\":[{\"artist_id\":\"p/1\",\"full_name\":\"Jane Doe\"}],\"extent\":{\"height\":3,\"width\":4}}\n{\"id\":\"b\",\"creator\":{\"role\":\"painter\",\"name\":\"X\"}}\n",
    )
    .read();
    assert_eq!(report.field("a", "creator", "und"), ["Jane Doe"]);
    assert_eq!(report.field("a", "extent_height", "und"), ["3"]);
    assert_eq!(report.field("a", "extent_width", "und"), ["4"]);
    assert_eq!(report.field("b", "creator", "und"), ["X"]);
    assert_eq!(
        report.notes(),
        [("members-ignored", Severity::Warning, Some(1))]
    );
    let note = report.note("members-ignored");
    assert_eq!(note.rows, [1, 2]);
    assert!(
        note.message.contains("`creator`") && note.message.contains("artist_id"),
        "{note}"
    );
    assert!(note.hint.contains("separate column"));
}

#[test]
fn reads_c1_controls_as_windows_1252() {
    let report = Folder::of(
        "metadata.jsonl",
        "{\"id\":\"a\",\"title\":\"Boys\u{92} Division\"}\n{\"id\":\"b\",\"title\":\"x\u{81}\"}\n",
    )
    .read();
    assert_eq!(report.item("a").item.title.get("und"), ["Boys’ Division"]);
    assert_eq!(
        report.notes(),
        [("text-windows-1252", Severity::Warning, Some(1))]
    );
    assert!(
        report
            .note("text-windows-1252")
            .message
            .contains("`Boys’ Division`")
    );
    assert_eq!(report.errors(), [("text-control", Some(2), Some("b"))]);
}

// Identifiers and parents

#[test]
fn validates_identifiers() {
    let report = Folder::of(
        "metadata.csv",
        "id,title\na,x\n,no id\na,again\nA,case\nالمقتبس,y\nMS\u{a0}4,z\nMS 4,hidden\n",
    )
    .read();
    assert_eq!(report.ids(), ["a", "المقتبس", "MS-4"]);
    assert_eq!(
        report.errors(),
        [
            ("id-missing", Some(3), None),
            ("id-duplicate", Some(4), Some("a")),
            ("id-case", Some(5), Some("A")),
            ("id-invisible", Some(8), Some("MS 4")),
        ]
    );
    assert!(report.errors[1].message.contains("Row 2"));
    assert!(report.errors[3].message.contains("row 7"));
    assert!(
        report.errors[3]
            .hint
            .starts_with("Remove the invisible characters.")
    );
}

#[test]
fn derives_an_identifier_and_keeps_the_original() {
    let report = Folder::of(
        "metadata.csv",
        "id,title,identifier,parent\nhttps://example.org/ms/1,x,,\noai:x:2,y,oai:x:2|B 7,https://example.org/ms/1\nplain,z,,oai-x-2\n\u{200e}MS-3,w,,\n",
    )
    .read();
    assert_eq!(
        report.ids(),
        ["https-example.org-ms-1", "oai-x-2", "plain", "MS-3"]
    );
    assert_eq!(
        report.field("https-example.org-ms-1", "identifier", "und"),
        ["https://example.org/ms/1"]
    );
    assert_eq!(
        report.field("oai-x-2", "identifier", "und"),
        ["oai:x:2", "B 7"]
    );
    assert!(report.item("plain").item.field("identifier").is_none());
    // A parent is either the original or the identifier of the item.
    let parent = |id: &str| report.item(id).item.parent.clone().unwrap().to_string();
    assert_eq!(parent("oai-x-2"), "https-example.org-ms-1");
    assert_eq!(parent("plain"), "oai-x-2");
    assert_eq!(report.notes(), [("id-derived", Severity::Warning, Some(2))]);
    let note = report.note("id-derived");
    assert_eq!(note.rows, [2, 3, 5]);
    assert_eq!(note.item.as_deref(), Some("https://example.org/ms/1"));
    assert!(
        note.message.starts_with(
            "The item is called `https-example.org-ms-1`, because the identifier \
             `https://example.org/ms/1` contains `:`, which is not allowed."
        ),
        "{note}"
    );
    assert!(note.hint.contains("write an `id` of letters"));
}

#[test]
fn detects_duplicate_identifiers_in_lists() {
    let report = Folder::of(
        "metadata.jsonl",
        "{\"id\":[\"a\"]}\n{\"id\":\"a\"}\n{\"id\":[\"b\",\"c\"]}\n",
    )
    .read();
    assert_eq!(report.ids(), ["a"]);
    assert_eq!(report.errors[0].code, "id-duplicate");
    assert_eq!(report.errors[1].code, "id-invalid");
}

#[test]
fn rejects_values_that_are_too_long() {
    let long = "x".repeat((1 << 20) + 1);
    let table = format!(
        "[{{\"id\": \"a\", \"title\": [\"short\", \"{long}\"]}}, {{\"id\": \"b\", \"title\": \"{}\"}}]",
        &long[1..]
    );
    let report = Folder::of("metadata.json", &table).read();
    assert_eq!(report.ids(), ["b"]);
    assert_eq!(report.errors(), [("value-too-long", Some(1), Some("a"))]);
}

#[test]
fn rejects_unknown_parents_and_cycles() {
    let report = Folder::of(
        "metadata.csv",
        "id,parent\nchild,book\nbook,\nlost,nobody\nnear,Book\nself,self\nx,y\ny,x\nbelow,x\n",
    )
    .read();
    assert_eq!(report.ids(), ["child", "book", "below"]);
    assert_eq!(
        report.item("child").item.parent.as_ref().unwrap().as_str(),
        "book"
    );
    assert_eq!(
        report.errors(),
        [
            ("parent-unknown", Some(4), Some("lost")),
            ("parent-unknown", Some(5), Some("near")),
            ("parent-cycle", Some(6), Some("self")),
            ("parent-cycle", Some(7), Some("x")),
            ("parent-cycle", Some(8), Some("y")),
        ]
    );
    assert!(report.errors[1].hint.contains("`book`"));
}

// Files

#[test]
fn finds_files_in_any_normal_form_and_pages_in_folders() {
    let folder = Folder::of(
        "metadata.csv",
        "id,file\na,صور/أ.jpg\nb,./pages/\nc,pages/10.JPG|pages/2.png\n",
    )
    // The name contains an alef with hamza above, decomposed as on macOS.
    .with("صور/ا\u{654}.jpg", "x")
    .with("pages/10.JPG", "x")
    .with("pages/2.png", "x")
    .with("pages/notes.txt", "x")
    .with("pages/.hidden.jpg", "x");
    let report = folder.read();
    assert_eq!(report.files("a"), ["صور/أ.jpg"]);
    assert!(report.item("a").files[0].path.is_file());
    assert_eq!(report.files("b"), ["pages/2.png", "pages/10.JPG"]);
    assert_eq!(report.files("c"), ["pages/10.JPG", "pages/2.png"]);
}

#[test]
fn rejects_missing_empty_and_duplicate_files() {
    let report = Folder::of(
        "metadata.csv",
        "id,file\na,none.jpg\nb,Scan.jpg\nc,empty.jpg\nd,folder\ne,scan.jpg|scan.jpg\nf,scan.jpg/x\ng,scan.jpg\n",
    )
    .with("scan.jpg", "x")
    .with("empty.jpg", "")
    .with("folder/notes.txt", "x")
    .read();
    assert_eq!(
        report.errors(),
        [
            ("file-missing", Some(2), Some("a")),
            ("file-missing", Some(3), Some("b")),
            ("file-empty", Some(4), Some("c")),
            ("file-missing", Some(5), Some("d")),
            ("file-twice", Some(6), Some("e")),
            ("file-missing", Some(7), Some("f")),
        ]
    );
    assert!(report.errors[1].hint.contains("`scan.jpg`"));
    assert_eq!(report.ids(), ["g"]);
}

#[test]
fn rejects_paths_outside_the_source() {
    let folder = Folder::of("outside.jpg", "x").with(
        "source/metadata.csv",
        "id,file\na,../outside.jpg\nb,/etc/passwd\nc,C:\\x.jpg\nd,pages\\..\\..\\outside.jpg\ne,file:///etc/passwd\nf,pages/../../outside.jpg\ng,.\n",
    );
    let source = source::open(&folder.path().join("source")).unwrap();
    for row in source.rows().unwrap() {
        let problems = row.item.unwrap_err();
        assert_eq!(
            problems.iter().map(|p| p.code).collect::<Vec<_>>(),
            ["file-outside"],
            "line {}",
            row.position.line
        );
    }
    assert_eq!(source.rows().unwrap().count(), 7);
}

#[cfg(unix)]
#[test]
fn rejects_symbolic_links_and_special_files() {
    use std::os::unix::fs::symlink;
    let folder = Folder::of(
        "metadata.csv",
        "id,file\na,link.jpg\nb,linked/x.jpg\nc,pages\nd,socket\ne,real/x.jpg\n",
    )
    .with("real/x.jpg", "x")
    .with("pages/1.jpg", "x");
    symlink("real/x.jpg", folder.path().join("link.jpg")).unwrap();
    symlink("real", folder.path().join("linked")).unwrap();
    symlink("../real/x.jpg", folder.path().join("pages/2.jpg")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
    let report = folder.read();
    assert_eq!(
        report.errors(),
        [
            ("file-is-link", Some(2), Some("a")),
            ("file-is-link", Some(3), Some("b")),
            ("file-is-link", Some(4), Some("c")),
            ("file-special", Some(5), Some("d")),
        ]
    );
    assert_eq!(report.ids(), ["e"]);
}

#[test]
fn reads_backslashes_as_slashes() {
    let report = Folder::of("metadata.csv", "id,file\na,pages\\1.jpg\nb,pages\\2.jpg\n")
        .with("pages/1.jpg", "x")
        .read();
    assert_eq!(report.files("a"), ["pages/1.jpg"]);
    assert_eq!(report.errors(), [("file-missing", Some(3), Some("b"))]);
}

#[test]
fn encodes_spaces_in_urls() {
    let report = Folder::of(
        "metadata.csv",
        "id,file,rights\na,https://example.org/a b.jpg,\nb,https://example.org/1 https://example.org/2,CC BY http://creativecommons.org/licenses/by/4.0/\n",
    )
    .read();
    assert_eq!(report.errors(), []);
    assert_eq!(
        report.item("a").item.links,
        ["https://example.org/a%20b.jpg"]
    );
    assert_eq!(
        report.item("b").item.links,
        ["https://example.org/1", "https://example.org/2"]
    );
    assert_eq!(
        report.item("b").item.rights.as_deref(),
        Some("http://creativecommons.org/licenses/by/4.0/")
    );
    assert_eq!(
        report.field("b", "rights_text", "und"),
        ["CC BY http://creativecommons.org/licenses/by/4.0/"]
    );
}

#[test]
fn keeps_urls_as_links() {
    let report = Folder::of(
        "metadata.csv",
        "id,file\na,https://example.org/a|x.jpg\nb,HTTP://example.org/b\n",
    )
    .with("x.jpg", "x")
    .read();
    assert_eq!(report.item("a").item.links, ["https://example.org/a"]);
    assert_eq!(report.files("a"), ["x.jpg"]);
    assert_eq!(
        report.notes(),
        [("file-remote", Severity::Warning, Some(2))]
    );
    assert!(report.note("file-remote").message.contains("2 times"));
}

#[test]
fn reads_tables_of_contents() {
    let report = Folder::of(
        "metadata.csv",
        "id,file,toc@ar,toc@en\na,1.tif|2.tif,١ المقدمة|٢ الباب,2 Chapter|1 Preface\nb,1.tif,,Chapter\nc,,1 x,\n",
    )
    .with("1.tif", "x")
    .with("2.tif", "x")
    .read();
    let contents = &report.item("a").item.contents;
    let titles: Vec<_> = contents
        .iter()
        .map(|section| {
            (
                section.file,
                section.title.get("ar")[0].as_str(),
                section.title.get("en")[0].as_str(),
            )
        })
        .collect();
    assert_eq!(titles, [(0, "المقدمة", "Preface"), (1, "الباب", "Chapter")]);
    assert_eq!(
        report.errors(),
        [
            ("toc-invalid", Some(3), Some("b")),
            ("toc-invalid", Some(4), Some("c"))
        ]
    );
    // In tables made for other programs, `toc` is a descriptive field.
    let report = Folder::of("metadata.csv", "pid,toc\na,Chapter\n").read();
    assert!(report.item("a").item.field("toc").is_some());
}

#[test]
fn assigns_the_nth_text_and_label_to_the_nth_file() {
    let report = Folder::of(
        "metadata.csv",
        "id,file,text,file_label@ar,language\na,1.tif|2.tif|3.tif,1.txt||3.txt,١||٣,fa\nb,1.tif|2.tif,1.txt,,\nc,,1.txt|3.txt,,\nd,1.tif|2.tif|3.tif,1.txt|3.txt,,\ne,1.tif|2.tif,,١,\n",
    )
    .with("1.tif", "x")
    .with("2.tif", "x")
    .with("3.tif", "x")
    .with("1.txt", "x")
    .with("3.txt", "x")
    .read();
    let texts: Vec<_> = report
        .item("a")
        .files
        .iter()
        .map(|f| f.text.as_ref().map(|t| t.name.as_str()))
        .collect();
    assert_eq!(texts, [Some("1.txt"), None, Some("3.txt")]);
    assert_eq!(
        report.item("a").files[0]
            .text
            .as_ref()
            .unwrap()
            .language
            .as_str(),
        "fa"
    );
    assert_eq!(report.item("a").files[2].label.get("ar"), ["٣"]);
    assert!(report.item("a").files[1].label.is_empty());
    // A single text for several files, and the texts of an item without files, become files.
    assert_eq!(report.files("b"), ["1.tif", "2.tif", "1.txt"]);
    assert_eq!(report.files("c"), ["1.txt", "3.txt"]);
    assert_eq!(
        report.errors(),
        [
            ("text-count", Some(5), Some("d")),
            ("label-count", Some(6), Some("e"))
        ]
    );
}

// Dialects

#[test]
fn reads_tables_of_collection_builder() {
    let folder = Folder::of(
        "demo.csv",
        "objectid,parentid,title,subject,location,language,rights,rightsstatement,object_location,image_thumb,image_alt_text,object_transcript\n\
         a,,\"One; two\",x; y,\"Moscow, Idaho\",eng,Ask us.,http://rightsstatements.org/vocab/InC-EDU/1.0/,/objects/a.jpg,/thumbs/a.jpg,A house,Words spoken.\n\
         b,a,,,,English,,,https://example.org/v,,,/objects/b.txt\n\
         c,,,,,,,,/objects/none.jpg,,,\n",
    )
    .with("objects/a.jpg", "x")
    .with("objects/b.txt", "x");
    assert_eq!(
        source::open(folder.path()).unwrap().dialect,
        Dialect::CollectionBuilder
    );
    let report = folder.read();
    assert_eq!(report.item("a").item.title.get("und"), ["One; two"]);
    assert_eq!(report.field("a", "subject", "und"), ["x", "y"]);
    assert_eq!(report.field("a", "place", "und"), ["Moscow, Idaho"]);
    assert_eq!(report.field("a", "rights_text", "und"), ["Ask us."]);
    assert_eq!(report.field("a", "alt", "und"), ["A house"]);
    assert_eq!(report.field("a", "transcript", "und"), ["Words spoken."]);
    assert_eq!(
        report.item("a").item.rights.as_deref(),
        Some("http://rightsstatements.org/vocab/InC-EDU/1.0/")
    );
    assert_eq!(report.item("a").item.languages[0].as_str(), "en");
    assert_eq!(report.files("a"), ["objects/a.jpg"]);
    assert_eq!(report.files("b"), ["objects/b.txt"]);
    assert_eq!(report.item("b").item.links, ["https://example.org/v"]);
    assert_eq!(report.item("b").item.languages[0].as_str(), "en");
    assert_eq!(report.errors(), [("file-missing", Some(4), Some("c"))]);
    let codes: Vec<_> = report.notes().iter().map(|p| (p.0, p.1)).collect();
    assert_eq!(
        codes,
        [
            ("derivative-ignored", Severity::Warning),
            ("file-remote", Severity::Warning)
        ]
    );
}

#[test]
fn finds_files_of_wax_items_by_pid() {
    let folder = Folder::of(
        "items.csv",
        "pid,label,_date,thumbnail\n1,One,1906,/img/t.jpg\n2,Two,,\n3,Three,,\n4,None,,\n",
    )
    .with("images/all/1.jpg", "x")
    .with("images/all/2/10.jpg", "x")
    .with("images/all/2/9.jpg", "x")
    .with("images/all/3.pdf", "x")
    .with("images/all/left.jpeg", "x")
    .with("images/all/.DS_Store", "x");
    assert_eq!(source::open(folder.path()).unwrap().dialect, Dialect::Wax);
    let report = folder.read();
    assert_eq!(report.files("1"), ["images/all/1.jpg"]);
    assert_eq!(
        report.files("2"),
        ["images/all/2/9.jpg", "images/all/2/10.jpg"]
    );
    assert_eq!(report.files("3"), ["images/all/3.pdf"]);
    assert_eq!(report.files("4"), [""; 0]);
    assert_eq!(report.item("1").item.title.get("und"), ["One"]);
    assert_eq!(report.item("1").item.date.as_ref().unwrap().written, "1906");
    assert!(
        report
            .note("file-unclaimed")
            .message
            .contains("images/all/left.jpeg")
    );
    assert_eq!(
        report.note("derivative-ignored").severity,
        Severity::Warning
    );
    assert_eq!(report.errors(), []);
}

#[test]
fn reads_the_folder_of_a_wax_site() {
    let folder = Folder::of(
        "_config.yml",
        "title: Site\ncollections:\n  exhibits:\n    output: true\n  qatar:\n    metadata:\n      source: \"qatar.csv\"\n    images:\n      source: \"raw_images/qatar\"\n",
    )
    .with("_data/qatar.csv", "pid,label,_date,layout\nobj1,Book,1801,item\nobj2,Map,,\n")
    .with("_data/raw_images/qatar/obj1.jpg", "x")
    .with("_data/raw_images/qatar/obj2/00.jpg", "x")
    .with("_data/raw_images/qatar/obj2/01.jpg", "x")
    .with("index.csv", "id\nx\n");
    for path in ["", "_data/qatar.csv"] {
        let source = source::open(&folder.path().join(path)).unwrap();
        assert_eq!(source.dialect, Dialect::Wax);
        let report = Folder::read_source(&source);
        assert_eq!(
            report.files("obj1"),
            ["_data/raw_images/qatar/obj1.jpg"],
            "{path}"
        );
        assert_eq!(report.files("obj2").len(), 2);
        assert!(report.item("obj1").item.field("layout").is_none());
        assert_eq!(report.notes(), []);
    }
}

#[test]
fn reads_the_folder_of_a_collection_builder_site() {
    let config = "# Settings\nurl:\nmetadata: demo \npage_gen:\n  - &a {data: x}\n  - *a\n";
    let folder = Folder::of("_config.yml", config)
        .with(
            "_data/demo.csv",
            "objectid,parentid,title,display_template,object_location,image_alt_text\n\
             a,,Postcard,multiple,,\nb,a,Front,image,/objects/b.jpg,A house\n",
        )
        .with("_data/theme.yml", "x: 1\n")
        .with("_data/config-nav.csv", "display_name,stub\n")
        .with("objects/b.jpg", "x");
    let report = folder.read();
    assert_eq!(report.files("b"), ["objects/b.jpg"]);
    assert_eq!(report.item("b").item.parent.as_ref().unwrap().as_str(), "a");
    assert_eq!(report.field("b", "alt", "und"), ["A house"]);
    assert!(report.item("b").item.field("display_template").is_none());
    assert_eq!((report.errors(), report.notes()), (vec![], vec![]));
    // Without a name in the configuration, the table is the one that has items.
    let config = "title: Cartes postales\ndescription:\nlang: fr\n";
    let folder = folder.with("_config.yml", config);
    assert_eq!(folder.read().ids(), ["a", "b"]);
    let collection = source::open(folder.path()).unwrap().collection;
    assert_eq!(collection.title.get("fr"), ["Cartes postales"]);
    assert!(collection.description.is_empty());
    // A folder with an invalid configuration is not a site.
    let folder = folder.with("_config.yml", "- [\n");
    assert_eq!(folder.error().code(), "source-malformed");
}

#[test]
fn proposes_similar_file_names() {
    let report = Folder::of(
        "metadata.csv",
        "id,file\na,pages/scan 001.jpg\nb,scan-2.jpg\nc,pages/facade.jpg\nd,pages/scan-3.jpg\ne,pages/x.jpg\n",
    )
    .with("pages/scan-1.tif", "x")
    .with("pages/scan-2.jpg", "x")
    .with("pages/façade.jpg", "x")
    .read();
    let hints: Vec<&str> = report.errors.iter().map(|p| p.hint.as_str()).collect();
    assert!(report.errors.iter().all(|p| p.code == "file-missing"));
    assert!(hints[0].contains("`scan-1.tif`"), "{}", hints[0]);
    assert!(hints[1].contains("`pages/scan-2.jpg`"), "{}", hints[1]);
    assert!(hints[2].contains("`façade.jpg`"), "{}", hints[2]);
    assert!(hints[3].starts_with("Add the file"), "{}", hints[3]);
    assert!(hints[4].starts_with("Add the file"), "{}", hints[4]);
}

#[test]
fn reads_objects_with_common_field_names() {
    let report = Folder::of(
        "art.jsonl",
        "{\"id\":\"t1\",\"title\":\"Study\",\"artist\":\"R. Blake\",\"date\":\"?c.1785\",\"medium\":\"Graphite\",\"subjects\":[\"man, old\",\"group\"]}\n{\"id\":\"t2\",\"keywords\":[\"sea\"],\"author\":\"X\",\"creator\":\"Y\"}\n",
    )
    .read();
    assert_eq!(report.field("t1", "creator", "und"), ["R. Blake"]);
    assert_eq!(report.field("t1", "subject", "und"), ["man, old", "group"]);
    assert_eq!(report.field("t2", "subject", "und"), ["sea"]);
    assert_eq!(report.field("t2", "author", "und"), ["X"]);
    assert_eq!(report.field("t2", "creator", "und"), ["Y"]);
}

// Changes

#[test]
fn hash_changes_with_the_row() {
    let hash = |table: &str| {
        let folder = Folder::of("metadata.csv", table)
            .with("1.jpg", "x")
            .with("2.jpg", "x")
            .with("1.txt", "x");
        folder.read().items[0].hash
    };
    let first = hash("id,title,file\na,x,1.jpg\n");
    assert_eq!(
        first,
        hash("\u{feff}id,title,file\r\n\r\n\"a\", x ,1.jpg\r\nb,y,\r\n")
    );
    assert_ne!(first, hash("id,title,file\na,y,1.jpg\n"));
    assert_ne!(first, hash("id,title@en,file\na,x,1.jpg\n"));
    assert_ne!(first, hash("id,title,file\na,x,2.jpg\n"));
    assert_ne!(first, hash("id,title,file,text\na,x,1.jpg,1.txt\n"));
    assert_ne!(first, hash("id,title,file,file_label\na,x,1.jpg,recto\n"));
}

#[test]
fn reports_lists_with_semicolons() {
    let table = "id,title,subject,note\na,A,press; Cairo,x; y\nb,B,press;|Cairo,\nc,C,a;,\n";
    let report = Folder::of("metadata.csv", table).read();
    assert_eq!(report.field("a", "subject", "und"), ["press; Cairo"]);
    let [note] = report.notes.as_slice() else {
        panic!("{:?}", report.notes);
    };
    assert_eq!(
        (note.code, note.cell.as_deref()),
        ("value-semicolons", Some("C2"))
    );
    assert!(note.hint.contains("`|`"), "{}", note.hint);
    assert_eq!(note.corrections[0].to, "press|Cairo");
    assert!(!note.corrections[0].is_safe);
}

#[test]
fn proposes_what_to_write_instead() {
    let table = "id,title,date,rights,file,parent,descripton@fr\n\
        a,A,15/03/1906,CC BY 4.0,SCAN.jpg|b.jpg,,x\n\
        b,B\u{B}C,1951-06-00,,,A,\n\
        c,C,c.1785,,scam1.jpg,,\n\
        d,D,,,C:\\Users\\x\\pages\\b.jpg,,\n";
    let report = Folder::of("metadata.csv", table)
        .with("scan.jpg", "x")
        .with("b.jpg", "x")
        .with("scan1.jpg", "x")
        .with("pages/b.jpg", "x")
        .read();
    let mut corrections: Vec<_> = report
        .errors
        .iter()
        .chain(&report.notes)
        .flat_map(|problem| {
            let code = problem.code;
            let corrections = problem.corrections.iter();
            corrections.map(move |c| {
                (
                    c.row,
                    c.column,
                    code,
                    c.from.as_str(),
                    c.to.as_str(),
                    c.is_safe,
                )
            })
        })
        .collect();
    corrections.sort_unstable();
    assert_eq!(
        corrections,
        [
            (
                1,
                6,
                "column-misspelt",
                "descripton@fr",
                "description@fr",
                false
            ),
            (2, 2, "date-not-edtf", "15/03/1906", "1906-03-15", true),
            (
                2,
                3,
                "rights-not-uri",
                "CC BY 4.0",
                "https://creativecommons.org/licenses/by/4.0/",
                true
            ),
            (2, 4, "file-missing", "SCAN.jpg", "scan.jpg", true),
            (3, 1, "text-control", "B\u{B}C", "B\nC", true),
            (3, 2, "date-read", "1951-06-00", "1951-06", true),
            (3, 5, "parent-unknown", "A", "a", true),
            (4, 2, "date-read", "c.1785", "1785~", false),
            (4, 4, "file-missing", "scam1.jpg", "scan1.jpg", false),
            (
                5,
                4,
                "file-outside",
                "C:\\Users\\x\\pages\\b.jpg",
                "pages/b.jpg",
                true
            ),
        ]
    );
    let misspelt = report
        .notes
        .iter()
        .find(|note| note.code == "column-misspelt");
    assert_eq!(misspelt.unwrap().cell.as_deref(), Some("G1"));
}
