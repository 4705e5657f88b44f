//! The sections of a collection: on its page, as IIIF collections, and problems with their lines.

use std::fs;

use crate::support::{Archive, copy_dir, fixture};
use crate::trust::text;

const SECTIONS: &str = r#"
[[sections]]
heading.ar = "السماء"
heading.en = "The sky"
heading.fr = "Le ciel"
text.ar = "كتاب وصفيحة."
text.en = "A book & a plate."
items = ["plate-cairo", "kitab-al-nujum"]

[[sections]]
heading.ar = "فصول"
heading.en = "Chapters"
heading.fr = "Chapitres"
field = "type"
value = "Chapter"

[[sections]]
heading.en = "Nothing"
items = ["removed", "plate-cairo"]
"#;

/// Returns an archive, and the source with the sections.
fn archive(sections: &str) -> (Archive, std::path::PathBuf) {
    let archive = Archive::new();
    let source = archive.path().join("cabinet");
    copy_dir(&fixture("cabinet"), &source);
    let settings = source.join("collection.toml");
    let before = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{before}{sections}")).unwrap();
    let config = archive.path().join("khizana.toml");
    let before = fs::read_to_string(&config).unwrap();
    fs::write(config, format!("url = \"https://example.org/\"\n{before}")).unwrap();
    (archive, source)
}

fn page(archive: &Archive, path: &str) -> String {
    fs::read_to_string(archive.site().join(path)).unwrap()
}

#[test]
fn sections_are_on_the_page_of_the_collection() {
    let (archive, source) = archive(SECTIONS);
    archive.json(0, &["ingest", text(&source)]);
    archive.json(0, &["publish"]);
    let html = page(&archive, "ar/collection/cabinet/index.html");
    let at = |part: &str| {
        let at = html.find(part);
        at.unwrap_or_else(|| panic!("{part} is not in {html}"))
    };
    // The table of contents, the sections in order, the named items in their order, and all items.
    let order = [
        at("<nav class=\"section-list\" aria-label=\"أقسام المجموعة\">"),
        at("<a href=\"#section-1\"><bdi lang=\"ar\" dir=\"rtl\">السماء</bdi></a>"),
        at("<a href=\"#all-items\">"),
        at("<section id=\"section-1\" aria-labelledby=\"heading-1\">"),
        at("كتاب وصفيحة."),
        at("href=\"../../../ar/item/plate-cairo/\""),
        at("href=\"../../../ar/item/kitab-al-nujum/\""),
        at("<section id=\"section-2\""),
        at("href=\"../../../ar/item/fasl-1/\""),
        at("href=\"../../../ar/item/fasl-2/\""),
        at("<h2 id=\"all-items\">"),
    ];
    assert!(order.is_sorted(), "{order:?}");
    assert!(!html.contains("section-3"));
    let english = page(&archive, "en/collection/cabinet/index.html");
    assert!(
        english.contains("A book &amp; a plate.") && english.contains("dir=\"ltr\">The sky</bdi>")
    );
    // The viewer loads the published page.
    assert!(page(&archive, "ar/index.html").contains("collection/cabinet/"));
    // Sections are IIIF collections, followed by the other manifests.
    let json =
        |path: &str| -> serde_json::Value { serde_json::from_str(&page(&archive, path)).unwrap() };
    let collection = json("manifests/collection/cabinet.json");
    let first = &collection["items"][0];
    assert_eq!(first["type"], "Collection");
    assert_eq!(
        first["id"],
        "https://example.org/manifests/collection/cabinet/1.json"
    );
    let members = collection["items"].as_array().unwrap();
    let manifest = "https://example.org/manifests/item/plate-cairo.json";
    assert!(members.iter().all(|member| member["id"] != manifest));
    let section = json("manifests/collection/cabinet/1.json");
    assert_eq!(section["label"]["fr"][0], "Le ciel");
    assert_eq!(section["summary"]["en"][0], "A book & a plate.");
    assert_eq!(section["items"][0]["id"], manifest);
    assert_eq!(section["partOf"][0]["id"], collection["id"]);
}

#[test]
fn problems_of_sections_have_their_lines() {
    let (archive, source) = archive(SECTIONS);
    let settings = fs::read_to_string(source.join("collection.toml")).unwrap();
    let line = |needle: &str| {
        let before = settings.split(needle).next().unwrap();
        1 + before.matches('\n').count() as u64
    };
    let found = |report: &serde_json::Value| -> Vec<(String, String, u64)> {
        let problems = report["problems"].as_array().unwrap().iter();
        let problems = problems.map(|problem| {
            let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
            (
                text("code"),
                text("file"),
                problem["line"].as_u64().unwrap_or_default(),
            )
        });
        problems
            .filter(|(code, _, _)| code.starts_with("section-"))
            .collect()
    };
    let expected =
        |code: &str, needle: &str| (code.to_owned(), "collection.toml".to_owned(), line(needle));
    // The third section begins two lines before its items.
    let (code, file, last) = expected("section-heading", "heading.en = \"Nothing\"");
    let ingested = archive.json(0, &["ingest", text(&source)]);
    assert_eq!(
        found(&ingested),
        [
            (code.clone(), file.clone(), last - 1),
            (code, file, last - 1),
            expected("section-item", "\"removed\""),
            expected("section-twice", "\"removed\""),
        ]
    );
    // The section has no items, because the only one that exists is in the first section.
    let published = archive.json(0, &["publish"]);
    assert_eq!(
        found(&published),
        [("section-empty".to_owned(), String::new(), 0)]
    );
}

#[test]
fn sections_with_all_items_take_the_place_of_the_list() {
    let all = "[[sections]]\nheading.en = \"A\"\nitems = [\"a\", \"b\"]\n";
    let archive = Archive::new();
    let source = archive.path().join("small");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("metadata.csv"), "id,title\na,First\nb,Second\n").unwrap();
    fs::write(source.join("collection.toml"), all).unwrap();
    archive.ok(&["ingest", text(&source)]);
    archive.ok(&["publish"]);
    let html = page(&archive, "en/collection/small/index.html");
    assert!(!html.contains("all-items") && html.contains("data-state=\"ready\""));
    assert_eq!(
        html.matches("href=\"../../../en/item/a/\"").count(),
        1,
        "{html}"
    );
    archive.ok(&["verify"]);
}
