//! Tests that `check` and `ingest` report the same problems of a source.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use khizana_ingest::{Options, check, ingest};
use khizana_model::{NoProgress, Problem};

/// A table in which row 4 has a cell with a line break, so that row numbers and line numbers differ
/// after that row.
const TABLE: &str = "\
id,title@ar,date,file,text,parent,toc@en
good,مقبول,1906,good.txt,,,
,بلا معرّف,,,,,
damaged,\"سطر
ثان\",,damaged.png,latin1.txt,,
good,مكرر,,,,,
missing,غائب,,nothing.jpg,,,
table,جدول,1320 AH or so,data.csv,,,
orphan,يتيم,,,,nobody,
page,صفحة,some day,plate.png,page.xml,,
toc,فهرس,,good.txt,,,\"5 Chapter\"
captions,شرح,,plate.png,,,
a b,معرّف,,,,,
dated,مؤرخ,c. 1850 or so,,,,
";

fn write_source(folder: &Path) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let picture = fs::read(fixtures.join("cabinet/images/plate.png")).unwrap();
    let files: [(&str, &[u8]); 7] = [
        ("metadata.csv", TABLE.as_bytes()),
        ("good.txt", b"good"),
        ("damaged.png", &picture[..picture.len() / 2]),
        ("latin1.txt", b"first line\nd\xe9j\xe0 vu\n"),
        ("data.csv", b"a,b\n1,\xd8\xb9\xe9\n"),
        ("plate.png", &picture),
        ("page.xml", b"<alto>\n<Layout>\n</alto>"),
    ];
    for (name, content) in files {
        fs::write(folder.join(name), content).unwrap();
    }
}

fn codes(problems: &[Problem]) -> Vec<(&str, Option<u64>)> {
    let codes = problems.iter().map(|problem| (problem.code, problem.row));
    codes.collect()
}

#[test]
fn check_and_ingest_report_the_same_problems_in_the_order_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let (archive, path) = (folder.path().join("archive"), folder.path().join("source"));
    fs::create_dir(&archive).unwrap();
    fs::create_dir(&path).unwrap();
    fs::write(archive.join("khizana.toml"), "").unwrap();
    write_source(&path);

    let report = check(&path, &archive, &NoProgress).unwrap();
    let expected = [
        ("id-missing", Some(3)),
        ("image-truncated", Some(4)),
        ("text-not-utf8", Some(4)),
        ("id-duplicate", Some(5)),
        ("file-missing", Some(6)),
        ("date-not-edtf", Some(7)),
        ("text-not-shown", Some(7)),
        ("parent-unknown", Some(8)),
        ("text-xml-malformed", Some(9)),
        ("toc-invalid", Some(10)),
        ("id-derived", Some(12)),
    ];
    assert_eq!(codes(&report.problems), expected);
    let summary = ingest(&archive, &path, &Options::default(), &|_| (), &NoProgress).unwrap();
    assert_eq!(summary.problems, report.problems);
    assert_eq!(summary.added, report.items);

    // All problems are reported again, also the warnings about unchanged items.
    let again = ingest(&archive, &path, &Options::default(), &|_| (), &NoProgress).unwrap();
    assert_eq!(again.unchanged, report.items);
    assert_eq!(again.problems, report.problems);
}

#[test]
fn locations_name_the_file_and_the_row() {
    let folder = tempfile::tempdir().unwrap();
    write_source(folder.path());
    let report = check(folder.path(), folder.path(), &NoProgress).unwrap();
    let problem = |code: &str| {
        let mut problems = report.problems.iter();
        problems.find(|problem| problem.code == code).unwrap()
    };
    assert_eq!(problem("id-missing").location(), "metadata.csv, row 3");
    assert_eq!(
        problem("image-truncated").location(),
        "damaged.png (metadata.csv, row 4, item damaged)"
    );
    assert_eq!(
        problem("text-not-utf8").location(),
        "latin1.txt:2:2 (metadata.csv, row 4, item damaged)"
    );
    // Row 4 spans two lines.
    assert_eq!(
        problem("file-missing").location(),
        "metadata.csv:7 (row 6, item missing)"
    );
    // The invalid byte is in a CSV file that belongs to an item.
    assert_eq!(
        problem("text-not-shown").location(),
        "data.csv:2:4 (metadata.csv, row 7, item table)"
    );
    assert_eq!(
        problem("text-xml-malformed").location(),
        "page.xml:3 (metadata.csv, row 9, item page)"
    );
    // A merged warning lists all rows.
    assert_eq!(problem("date-not-edtf").rows, [7, 9, 13]);
}
