//! Markdown files and tables that are displayed on the page of their item.

use serde_json::Value;

use crate::support::{Archive, fixture, read_files};

fn page(archive: &Archive, lang: &str, item: &str) -> String {
    let path = archive.site().join(lang).join("item").join(item);
    std::fs::read_to_string(path.join("index.html")).unwrap()
}

fn published_archive() -> Archive {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("rendered_text").to_str().unwrap()]);
    archive.ok(&["publish"]);
    archive
}

#[test]
fn markdown_is_displayed_without_active_content() {
    let archive = published_archive();
    for lang in ["ar", "en"] {
        let page = page(&archive, lang, "notes");
        assert_eq!(page.matches("<h1").count(), 1, "{lang}");
        for part in [
            "<div class=\"prose\" dir=\"rtl\">",
            "<h3 dir=\"auto\">ملاحظات على الخزانة</h3>",
            "<em>أربعة رفوف</em>",
            "href=\"https://creativecommons.org/publicdomain/zero/1.0/\" rel=\"noopener noreferrer\"",
            "<td dir=\"auto\">12</td>",
            "a ladder",
        ] {
            assert!(page.contains(part), "{lang}: {part}");
        }
        assert!(
            page.contains("/notes.md\""),
            "the file is offered for download"
        );
        assert!(!page.contains("taken over'</script>") && !page.contains("ladder.png"));
    }
    // The content security policy does not depend on the file.
    let headers = std::fs::read_to_string(archive.site().join("_headers")).unwrap();
    let other_archive = Archive::published();
    let other_headers = std::fs::read_to_string(other_archive.site().join("_headers")).unwrap();
    let policy = |headers: &str| {
        let line = headers
            .lines()
            .find(|line| line.contains("Content-Security-Policy"));
        line.unwrap().to_owned()
    };
    assert_eq!(policy(&headers), policy(&other_headers));
}

#[test]
fn tables_are_displayed_up_to_the_row_limit() {
    let archive = published_archive();
    let shelves = page(&archive, "ar", "shelves");
    for part in [
        "role=\"region\" tabindex=\"0\" aria-label=\"shelves.csv\" dir=\"rtl\"",
        "<caption><bdi>shelves.csv</bdi></caption>",
        "<th scope=\"col\" dir=\"auto\">العنوان</th>",
        "<td dir=\"auto\">A list, with a comma</td>",
        "&lt;b&gt;markup&lt;/b&gt;",
    ] {
        assert!(shelves.contains(part), "{part}");
    }
    assert!(!shelves.contains("الصفوف ١"));
    let long = page(&archive, "ar", "long");
    assert!(long.contains("تُعرض الصفوف ١–٢٠٠ من ٤٥٠"), "{long}");
    assert!(long.contains(">shelf 200<") && !long.contains(">shelf 201<"));
    let long = page(&archive, "en", "long");
    assert!(long.contains("Showing rows 1–200 of 450"), "{long}");
}

#[test]
fn the_text_is_searchable_without_its_markup() {
    let archive = published_archive();
    let search = |word: &str| -> Vec<String> {
        let results = archive.json(0, &["search", word]);
        let items = results["items"].as_array().unwrap().iter();
        let mut ids: Vec<String> = items
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(search("periwinkle"), ["both", "notes"]);
    assert_eq!(search("فيروزج"), ["both", "notes"]);
    assert_eq!(search("Hypatia"), ["both", "shelves"]);
    // Rows that are not displayed are searchable too.
    assert_eq!(search("٤٤٩"), ["long"]);
    assert_eq!(search("publicdomain"), Vec::<String>::new());
}

#[test]
fn unreadable_files_are_offered_for_download_with_a_warning() {
    let archive = Archive::new();
    let source = archive.sibling("unreadable");
    std::fs::create_dir(&source).unwrap();
    let windows_1256 = b"\xc7\xe1\xda\xe4\xe6\xc7\xe4,x\n1,2\n";
    let long = "# x\n".repeat(300_000);
    for (name, content) in [
        ("a.csv", &windows_1256[..]),
        ("b.md", b"# \xff\xfe\n"),
        ("c.md", long.as_bytes()),
        ("d.csv", b"a\0,b\n\0,2\n"),
        ("f.csv", b"\n"),
    ] {
        std::fs::write(source.join(name), content).unwrap();
    }
    std::fs::write(
        source.join("metadata.csv"),
        "id,title,file\na,A,a.csv\nb,B,b.md\nc,C,c.md\nd,D,d.csv\nf,F,f.csv\n",
    )
    .unwrap();
    let warnings = |document: &Value| -> Vec<(String, String)> {
        let problems = document["problems"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        problems
            .inspect(|problem| assert_eq!(problem["severity"], "warning", "{problem}"))
            .map(|problem| (text(&problem["code"]), text(&problem["item"])))
            .collect()
    };
    let not_shown = |item: &str| ("text-not-shown".to_owned(), item.to_owned());
    let source = source.to_str().unwrap();
    let expected = ["a", "b"].map(not_shown);
    assert_eq!(warnings(&archive.json(0, &["check", source])), expected);
    assert_eq!(warnings(&archive.json(0, &["ingest", source])), expected);
    let published = archive.json(0, &["publish"]);
    assert_eq!(warnings(&published), ["a", "b", "c"].map(not_shown));
    for (item, file) in [("a", "a.csv"), ("b", "b.md"), ("c", "c.md"), ("f", "f.csv")] {
        let page = page(&archive, "ar", item);
        assert!(
            page.contains(&format!("/{file}\"")),
            "{item} is offered for download"
        );
        assert!(!page.contains("class=\"table\"") && !page.contains("class=\"prose\""));
    }
    assert!(page(&archive, "ar", "d").contains("<td dir=\"auto\">\u{fffd}</td>"));
    for (name, bytes) in read_files(&archive.site()) {
        let is_page = name.ends_with(".html");
        assert!(!is_page || !bytes.contains(&0), "{name}");
    }
}
