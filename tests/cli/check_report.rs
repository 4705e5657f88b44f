//! Reports of `check` as HTML pages and Excel workbooks.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx, open_workbook};
use khizana_source::template::{TemplateItem, create};

use crate::support::Archive;

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A source with errors and warnings, and with values that are code elsewhere.
const TABLE: &str = "id,title@en,date,file,rights\n\
    whole,A whole item,1906,,\n\
    whole,<script>alert(1)</script>,1907,,\n\
    lost,Lost,=1+1,\"<img src=x>.png\",@free\n\
    dated,Dated,le 3 mars 1906 au soir,,free\n";

fn write_table(archive: &Archive) -> PathBuf {
    let source = archive.sibling("source");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("metadata.csv"), TABLE).unwrap();
    source
}

/// Returns the part of a page in a language.
fn section<'a>(page: &'a str, tag: &str) -> &'a str {
    let start = page.find(&format!("<section class=\"language\" id=\"{tag}\""));
    let section = &page[start.unwrap()..];
    section.split("</section>").next().unwrap()
}

#[test]
fn a_page_has_the_problems_with_their_rows_in_three_languages() {
    let archive = Archive::without_files();
    let source = write_table(&archive);
    let report = archive.sibling("reports/check.html");
    let check = ["check", text(&source), "--report", text(&report)];
    let document = archive.json(1, &check);
    assert_eq!(document["rejected"], 2);

    let page = fs::read_to_string(&report).unwrap();
    assert!(
        !page.contains("<script") && !page.contains("<img"),
        "{page}"
    );
    let parts = ["ar", "fr", "en"].map(|tag| section(&page, tag));
    for (part, [accepted, missing, remedy, date, left_out]) in parts.into_iter().zip([
        [
            "<dt>المواد المقبولة</dt><dd>٢</dd>",
            "الملف <code dir=\"auto\"><bdi>&lt;img src=x&gt;.png</bdi></code> غير موجود.",
            "<strong>ما العمل: </strong>أضف الملف إلى المصدر",
            "القيمة <code dir=\"auto\"><bdi>…</bdi></code> في <code dir=\"auto\">date</code> ليست تاريخًا",
            "<bdi>whole</bdi> (الصف 3)، <bdi>lost</bdi> (الصف 4)",
        ],
        [
            "<dt>Objets acceptés</dt><dd>2</dd>",
            "Le fichier <code dir=\"auto\"><bdi>&lt;img src=x&gt;.png</bdi></code> n’existe pas.",
            "<strong>Que faire\u{a0}: </strong>Ajoutez le fichier à la source",
            "<code dir=\"auto\"><bdi>…</bdi></code> dans <code dir=\"auto\">date</code> n’est pas une date EDTF",
            "<bdi>whole</bdi> (ligne 3), <bdi>lost</bdi> (ligne 4)",
        ],
        [
            "<dt>Items accepted</dt><dd>2</dd>",
            "The file <code dir=\"auto\"><bdi>&lt;img src=x&gt;.png</bdi></code> does not exist.",
            "<strong>What to do: </strong>Add the file to the source",
            "<code dir=\"auto\"><bdi>…</bdi></code> in <code dir=\"auto\">date</code> is not an EDTF date",
            "<bdi>whole</bdi> (row 3), <bdi>lost</bdi> (row 4)",
        ],
    ]) {
        for expected in [accepted, missing, remedy, date, left_out] {
            assert!(part.contains(expected), "{expected}\n{part}");
        }
        // The cell of the missing file, in its row.
        let row = part.split("<tr>").find(|row| row.contains("D4</bdi>"));
        let marked = "<td class=\"mark\" dir=\"auto\">&lt;img src=x&gt;.png</td>";
        assert!(row.unwrap().contains(marked), "{part}");
        // The errors come first.
        assert!(part.find("class=\"kind error\"") < part.find("class=\"kind warning\""));
        for cell in ["A3", "C4", "C5", "E4", "E5"] {
            assert!(part.contains(&format!("{cell}</bdi>")), "{cell}");
        }
    }
    assert!(page.contains("<td class=\"mark\" dir=\"auto\">le 3 mars 1906 au soir</td>"));

    // A report is replaced by the next one.
    fs::write(source.join("metadata.csv"), "id,title\na,A\n").unwrap();
    archive.ok(&check);
    let page = fs::read_to_string(&report).unwrap();
    assert!(section(&page, "en").contains("All items are accepted, and there are no problems."));
}

/// Returns the text of a part of a workbook.
fn part(path: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    let mut part = archive.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

/// Returns the colour of the background of a cell.
fn background(path: &Path, sheet: &str, cell: &str) -> Option<String> {
    let sheet = part(path, sheet);
    let (_, after) = sheet.split_once(&format!("<c r=\"{cell}\" s=\""))?;
    let style: usize = after.split('"').next()?.parse().ok()?;
    let styles = part(path, "xl/styles.xml");
    let (_, formats) = styles.split_once("<cellXfs")?;
    let format = formats.split("<xf ").nth(style + 1)?;
    let (_, fill) = format.split_once("fillId=\"")?;
    let fill: usize = fill.split('"').next()?.parse().ok()?;
    let (_, fills) = styles.split_once("<fills")?;
    let fill = fills.split("<fill>").nth(fill + 1)?;
    let (_, color) = fill.split_once("<fgColor rgb=\"")?;
    color.split('"').next().map(str::to_owned)
}

#[test]
fn a_workbook_has_a_copy_of_the_table_with_marked_cells() {
    let archive = Archive::without_files();
    let source = archive.sibling("source");
    fs::create_dir(&source).unwrap();
    let item = |id: &str, title: &str, file: &str| TemplateItem {
        id: id.to_owned(),
        title: title.to_owned(),
        files: vec![file.to_owned()],
    };
    fs::write(source.join("1.txt"), "text").unwrap();
    let items = [
        item("a", "=1+1", "1.txt"),
        item("b", "@home", "lost.tif"),
        item("a", "Again", "1.txt"),
    ];
    fs::write(source.join("metadata.xlsx"), create(&items).unwrap()).unwrap();
    let report = archive.sibling("report.xlsx");
    let document = archive.json(1, &["check", text(&source), "--report", text(&report)]);
    assert_eq!(document["rejected"], 2);

    let mut workbook: Xlsx<_> = open_workbook(&report).unwrap();
    assert_eq!(
        workbook.sheet_names(),
        ["العربية", "Français", "English", "Items"]
    );
    let list = workbook.worksheet_range("English").unwrap();
    let lists: Vec<Vec<String>> = list
        .rows()
        .map(|row| row.iter().map(Data::to_string).collect())
        .collect();
    let head = lists.iter().position(|row| row[0] == "Problem").unwrap();
    assert!(
        lists[..head]
            .iter()
            .any(|row| row[0].contains("Items accepted: 1 · Items left out: 2"))
    );
    let lost = lists.iter().find(|row| row[9] == "file-missing").unwrap();
    assert_eq!(lost[0], "The file `lost.tif` does not exist.");
    assert_eq!((&*lost[2], &*lost[4], &*lost[5]), ("3", "b", "lost.tif"));
    let mut problems = document["problems"].as_array().unwrap().iter();
    let missing = problems.find(|p| p["code"] == "file-missing").unwrap();
    let cell = missing["cell"].as_str().unwrap();
    assert_eq!(lost[3], cell);
    let arabic = workbook.worksheet_range("العربية").unwrap();
    let has_arabic = |text: &str| arabic.used_cells().any(|cell| cell.2 == text);
    assert!(has_arabic("الملف `\u{2068}lost.tif\u{2069}` غير موجود."));

    // The copy has the same rows, and its texts are not computed.
    let copy = workbook.worksheet_range("Items").unwrap();
    let original: Xlsx<_> = open_workbook(source.join("metadata.xlsx")).unwrap();
    let original = { original }.worksheet_range("Items").unwrap();
    for (row, column, value) in original.used_cells() {
        assert_eq!(copy.get((row, column)), Some(value), "{row} {column}");
    }
    let sheet = part(&report, "xl/worksheets/sheet4.xml");
    assert!(!sheet.contains("<f>"), "{sheet}");
    assert_eq!(
        background(&report, "xl/worksheets/sheet4.xml", cell).as_deref(),
        Some("FFFFC7CE")
    );
    assert_eq!(
        background(&report, "xl/worksheets/sheet4.xml", "A4").as_deref(),
        Some("FFFFC7CE")
    );
    let notes = part(&report, "xl/comments1.xml");
    let note = notes
        .split("<comment ")
        .find(|note| note.starts_with(&format!("ref=\"{cell}\"")));
    let note = note.unwrap();
    for language in ["غير موجود", "n’existe pas", "does not exist"] {
        assert!(note.contains(language), "{note}");
    }
}

#[test]
fn long_values_and_large_numbers_of_columns_fit_into_a_workbook() {
    let archive = Archive::without_files();
    let source = archive.sibling("source");
    fs::create_dir(&source).unwrap();
    let long = "𐤀".repeat(40_000);
    let table = format!("id,title,date\na,{long},{long}\na,\"{long}\n\",'=x\n");
    fs::write(source.join("metadata.csv"), table).unwrap();
    let report = archive.sibling("report.xlsx");
    archive.json(1, &["check", text(&source), "--report", text(&report)]);
    let mut workbook: Xlsx<_> = open_workbook(&report).unwrap();
    let copy = workbook.worksheet_range("metadata").unwrap();
    let value = copy.get((1, 1)).unwrap().to_string();
    assert!(value.starts_with("𐤀𐤀") && value.ends_with('…'));
    assert!(value.encode_utf16().count() <= 32_767);
}

#[test]
fn a_source_that_cannot_be_read_has_a_report() {
    let archive = Archive::without_files();
    let source = archive.sibling("source");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("metadata.csv"), "name,place\na,b\n").unwrap();
    let report = archive.sibling("report.html");
    let document = archive.json(2, &["check", text(&source), "--report", text(&report)]);
    assert_eq!(document["error"]["code"], "source-no-id");
    let page = fs::read_to_string(&report).unwrap();
    let french = section(&page, "fr");
    assert!(french.contains("La source n’a pas pu être lue"), "{french}");
    assert!(french.contains("le tableau n’a pas de colonne"), "{french}");
}

#[test]
fn a_report_is_an_html_page_or_a_workbook_and_no_file_of_the_source() {
    let archive = Archive::without_files();
    // The name is checked before the source is read.
    let check = |source: &Path, report: &Path| {
        let document = archive.json(2, &["check", text(source), "--report", text(report)]);
        let error = &document["error"];
        assert!(
            error["hint"].as_str().unwrap().contains("report"),
            "{error}"
        );
        error["code"].as_str().unwrap().to_owned()
    };
    let missing = archive.sibling("missing");
    for name in ["report.pdf", "report", "report.csv"] {
        let report = archive.sibling(name);
        assert_eq!(check(&missing, &report), "report-format");
        assert!(!report.exists());
    }
    let source = write_table(&archive);
    let page = source.join("page.html");
    fs::write(&page, "A page of the source.").unwrap();
    assert_eq!(check(&source, &page), "report-in-source");
    assert_eq!(fs::read(&page).unwrap(), b"A page of the source.");
    let workbook = source.join("table.xlsx");
    fs::write(&workbook, "x").unwrap();
    assert_eq!(check(&workbook, &workbook), "report-in-source");
    let folder = archive.sibling("file");
    fs::write(&folder, "x").unwrap();
    let report = folder.join("report.html");
    assert_eq!(check(&source, &report), "report-unwritable");
}
