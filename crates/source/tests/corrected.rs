//! Tests of the copies of tables with corrections.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use khizana_model::Correction;
use khizana_source::corrected::{self, Corrected, CorrectionError};
use khizana_source::open;
use tempfile::TempDir;
use zip::ZipArchive;

fn correction(row: u64, column: u32, from: &str, to: &str) -> Correction {
    Correction {
        row,
        column,
        from: from.to_owned(),
        to: to.to_owned(),
        is_safe: true,
    }
}

/// A folder with a table.
struct Table {
    folder: TempDir,
    path: PathBuf,
}

impl Table {
    fn new(name: &str, content: impl AsRef<[u8]>) -> Table {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        Table { folder, path }
    }

    fn of(name: &str) -> Table {
        let workbooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks");
        Table::new(name, fs::read(workbooks.join(name)).unwrap())
    }

    /// Writes a copy, and returns its path.
    fn copy(
        &self,
        name: &str,
        corrections: &[Correction],
    ) -> Result<(PathBuf, Corrected), CorrectionError> {
        let out = self.folder.path().join("copies").join(name);
        fs::create_dir_all(out.parent().unwrap()).unwrap();
        let corrected = corrected::write(&open(&self.path).unwrap(), corrections, &out)?;
        Ok((out, corrected))
    }
}

/// Returns the identifiers and titles of the items of a table.
fn titles(path: &Path) -> BTreeMap<String, Vec<String>> {
    let source = open(path).unwrap();
    let rows = source.rows().unwrap();
    rows.filter_map(|row| row.item.ok())
        .map(|item| {
            let titles = item.item.title.iter().map(|(_, title)| title.to_owned());
            (item.item.id.to_string(), titles.collect())
        })
        .collect()
}

#[test]
fn changes_only_rows_of_a_csv_file_that_have_corrections() {
    let text = "\u{feff}sep=;\r\nid;title\r\n\r\na;\"A; x\"\r\nb; B \r\n\"c\";\"C\"\"\"";
    let table = Table::new("metadata.csv", text);
    let corrections = [
        correction(3, 1, "A; x", "A;\ny"),
        correction(5, 0, "c", "C"),
        correction(5, 0, "c", "C"),
        Correction {
            is_safe: false,
            ..correction(4, 1, "B", "x")
        },
    ];
    let (copy, corrected) = table.copy("a.csv", &corrections).unwrap();
    assert_eq!((corrected.made, corrected.omitted), (2, 0));
    assert_eq!(
        fs::read_to_string(copy).unwrap(),
        "\u{feff}sep=;\r\nid;title\r\n\r\na;\"A;\ny\"\r\nb; B \r\nC;\"C\"\"\""
    );
}

#[test]
fn a_csv_file_in_another_encoding_is_converted() {
    let (bytes, ..) = encoding_rs::WINDOWS_1256
        .encode("id,title\na,كتاب الأغاني في طبعته الأولى\nb,ديوان المتنبي مع شرح العكبري\n");
    let table = Table::new("metadata.csv", bytes);
    let (copy, _) = table.copy("a.csv", &[correction(3, 0, "b", "c")]).unwrap();
    assert_eq!(
        fs::read_to_string(copy).unwrap(),
        "\u{feff}id,title\na,كتاب الأغاني في طبعته الأولى\nc,ديوان المتنبي مع شرح العكبري\n"
    );
}

/// Returns the compressed bytes of the parts of a package, by name.
fn parts(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index_raw(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

#[test]
fn changes_only_cells_of_a_workbook() {
    for name in ["libreoffice.xlsx", "excel.xlsx"] {
        let table = Table::of(name);
        let before = titles(&table.path);
        let (id, title) = before
            .iter()
            .find(|(_, titles)| !titles.is_empty())
            .unwrap();
        let source = open(&table.path).unwrap();
        let row = source.rows().unwrap().find_map(|row| {
            let item = row.item.ok()?;
            (item.item.id.as_str() == id).then_some(row.position.row)
        });
        let correct = |column| correction(row.unwrap(), column, &title[0], "<كتاب> & more");
        let corrections: Vec<Correction> = (0..30).map(correct).collect();
        let (copy, corrected) = table.copy("a.xlsx", &corrections).unwrap();
        assert_eq!(corrected.made, 1, "{name}");
        let (old, new) = (parts(&table.path), parts(&copy));
        let changed: Vec<&String> = new
            .iter()
            .filter(|(part, bytes)| old.get(*part) != Some(bytes))
            .map(|(part, _)| part)
            .collect();
        assert_eq!(changed.len(), 1, "{name}: {changed:?}");
        assert!(changed[0].contains("worksheets/sheet"), "{changed:?}");
        assert_eq!(old.len(), new.len());
        let after = titles(&copy);
        assert!(
            after[id].contains(&"<كتاب> & more".to_owned()),
            "{name}: {after:?}"
        );
        assert_eq!(after.len(), before.len());
    }
}

#[test]
fn other_workbooks_are_copied_to_xlsx() {
    for name in ["libreoffice.ods", "libreoffice.xls"] {
        let table = Table::of(name);
        let before = titles(&table.path);
        let (copy, _) = table.copy("a.xlsx", &[]).unwrap();
        assert_eq!(titles(&copy), before, "{name}");
    }
}

#[test]
fn errors_name_the_copy_and_the_remedy() {
    let error = |table: &Table, name: &str| {
        let error = table.copy(name, &[]).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
        (error.code(), error.hint())
    };
    let csv = Table::new("metadata.csv", "id\na\n");
    let (code, hint) = error(&csv, "a.xlsx");
    assert_eq!(code, "fix-extension");
    assert!(hint.contains(".csv"), "{hint}");
    csv.copy("a.csv", &[]).unwrap();
    let (code, hint) = error(&csv, "a.csv");
    assert_eq!(code, "fix-not-written");
    assert!(hint.contains("never replaced"), "{hint}");
    let json = Table::new("metadata.json", "[{\"id\": 1}]");
    assert_eq!(error(&json, "a.json").0, "fix-unsupported");
}
