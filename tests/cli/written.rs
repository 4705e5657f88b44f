//! Markdown and tables from a source to their pages: read there, found by the search, and harmless.

use serde_json::Value;

use crate::support::{Archive, files, fixture};

fn page(archive: &Archive, lang: &str, item: &str) -> String {
    let path = archive.site().join(lang).join("item").join(item);
    std::fs::read_to_string(path.join("index.html")).unwrap()
}

fn published() -> Archive {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("written").to_str().unwrap()]);
    archive.ok(&["publish"]);
    archive
}

#[test]
fn a_text_in_markdown_is_read_on_its_page() {
    let archive = published();
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
        assert!(page.contains("/notes.md\""), "the file is offered");
        assert!(!page.contains("taken over'</script>") && !page.contains("ladder.png"));
    }
    // No style and no script of the file came with it: the policy is what it is without it.
    let headers = std::fs::read_to_string(archive.site().join("_headers")).unwrap();
    let without = Archive::published();
    let other = std::fs::read_to_string(without.site().join("_headers")).unwrap();
    let policy = |headers: &str| {
        let line = headers
            .lines()
            .find(|line| line.contains("Content-Security-Policy"));
        line.unwrap().to_owned()
    };
    assert_eq!(policy(&headers), policy(&other));
}

#[test]
fn a_table_is_a_table_with_its_first_rows() {
    let archive = published();
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
fn the_words_of_both_are_found_and_those_of_their_markup_are_not() {
    let archive = published();
    let found = |word: &str| -> Vec<String> {
        let found = archive.json(0, &["search", word]);
        let items = found["items"].as_array().unwrap().iter();
        let mut ids: Vec<String> = items
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(found("periwinkle"), ["both", "notes"]);
    assert_eq!(found("فيروزج"), ["both", "notes"]);
    assert_eq!(found("Hypatia"), ["both", "shelves"]);
    // Also in a row that is not shown.
    assert_eq!(found("٤٤٩"), ["long"]);
    assert_eq!(found("publicdomain"), Vec::<String>::new());
}

#[test]
fn what_cannot_be_read_is_offered_with_the_reason() {
    let archive = Archive::new();
    let source = archive.beside("written");
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
        "id,file\na,a.csv\nb,b.md\nc,c.md\nd,d.csv\nf,f.csv\n",
    )
    .unwrap();
    let told = |document: &Value| -> Vec<(String, String)> {
        let problems = document["problems"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        problems
            .inspect(|problem| assert_eq!(problem["severity"], "warning", "{problem}"))
            .map(|problem| (text(&problem["code"]), text(&problem["item"])))
            .collect()
    };
    let not_shown = |item: &str| ("text-not-shown".to_owned(), item.to_owned());
    let source = source.to_str().unwrap();
    let two = ["a", "b"].map(not_shown);
    assert_eq!(told(&archive.json(0, &["check", source])), two);
    assert_eq!(told(&archive.json(0, &["ingest", source])), two);
    let published = archive.json(0, &["publish"]);
    assert_eq!(told(&published), ["a", "b", "c"].map(not_shown));
    for (item, file) in [("a", "a.csv"), ("b", "b.md"), ("c", "c.md"), ("f", "f.csv")] {
        let page = page(&archive, "ar", item);
        assert!(page.contains(&format!("/{file}\"")), "{item} is offered");
        assert!(!page.contains("class=\"table\"") && !page.contains("class=\"prose\""));
    }
    assert!(page(&archive, "ar", "d").contains("<td dir=\"auto\">\u{fffd}</td>"));
    for (name, bytes) in files(&archive.site()) {
        let is_page = name.ends_with(".html");
        assert!(!is_page || !bytes.contains(&0), "{name}");
    }
}
