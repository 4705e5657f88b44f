//! The identity of an institution: its files are published and stored, and whatever cannot be used is reported with
//! its line, while everything else is published.

use std::fs;

use crate::support::{Archive, copy_dir, fixture, read_files};
use crate::trust::{failure, text};

/// Returns an archive with the identity of the fixture.
fn archive() -> Archive {
    let archive = Archive::new();
    for name in ["cabinet", "letters"] {
        archive.ok(&["ingest", text(&fixture(name))]);
    }
    copy_dir(&fixture("institution"), &archive.path());
    archive
}

fn page(archive: &Archive, path: &str) -> String {
    fs::read_to_string(archive.site().join(path)).unwrap()
}

#[test]
fn what_cannot_be_used_is_reported_and_the_rest_is_published() {
    let archive = archive();
    let report = archive.json(0, &["publish"]);
    let found: Vec<(String, String, u64)> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|problem| {
            let code = problem["code"].as_str().unwrap();
            ["identity", "page", "colour"]
                .iter()
                .any(|prefix| code.starts_with(prefix))
        })
        .map(|problem| {
            let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
            (
                text("code"),
                text("file"),
                problem["line"].as_u64().unwrap_or_default(),
            )
        })
        .collect();
    let line = |needle: &str| {
        let config = fs::read_to_string(fixture("institution/khizana.toml")).unwrap();
        let before = config.split(needle).next().unwrap();
        1 + before.matches('\n').count() as u64
    };
    let config =
        |code: &str, needle: &str| (code.to_owned(), "khizana.toml".to_owned(), line(needle));
    let in_page =
        |code: &str, file: &str, line: u64| (code.to_owned(), format!("pages/{file}"), line);
    for expected in [
        config("identity-script", "identity/script.svg"),
        config("identity-file", "identity/missing.svg"),
        config("colour-contrast", "quiet ="),
        config("identity-target", "page = \"abuot\""),
        config("identity-target", "featured ="),
        in_page("page-html", "about.fr.md", 3),
        in_page("page-target", "about.fr.md", 5),
        in_page("page-target", "about.fr.md", 7),
        in_page("page-block", "about.fr.md", 9),
        in_page("page-image", "about.fr.md", 11),
        in_page("page-collection", "collection-nowhere.en.md", 0),
    ] {
        assert!(
            found.contains(&expected),
            "{expected:?} is not in {found:#?}"
        );
    }
    // Two links in one paragraph are wrong.
    assert_eq!(found.len(), 12, "{found:#?}");

    let about = page(&archive, "ar/about/index.html");
    for part in [
        "<h1 tabindex=\"-1\" lang=\"ar\" dir=\"rtl\">عن الدار</h1>",
        "href=\"../../ar/item/kitab-al-nujum/\"",
        "href=\"../../ar/visit/\"",
        "href=\"../../ar/item/kitab-al-nujum/?page=2\"",
        "viewBox=\"5 5 40 30\"",
        "#xywh=5,5,40,30",
        "<td dir=\"auto\">١٩٠٦</td>",
        "alt=\"شعار الدار\"",
    ] {
        assert!(about.contains(part), "{part}");
    }
    let french = page(&archive, "fr/about/index.html");
    assert!(!french.contains("onclick") && french.contains("maison"));
    assert!(!page(&archive, "fr/index.html").contains("site-logo\" src=\"../f/script"));
    // The pages of all languages exist, and say so if they are in another one.
    assert!(page(&archive, "ar/visit/index.html").contains("class=\"notice\""));
    assert!(!page(&archive, "en/visit/index.html").contains("class=\"notice\""));
    assert!(page(&archive, "en/collection/letters/index.html").contains("An introduction to the"));
    assert!(page(&archive, "en/index.html").contains("Welcome."));
    assert!(page(&archive, "en/item/plate-cairo/index.html").contains("Topic"));
    let style = read_files(&archive.site())
        .into_iter()
        .find(|(name, _)| name.ends_with("viewer.css"))
        .unwrap();
    let style = String::from_utf8(style.1).unwrap();
    assert!(style.contains("--rubric:#0b5d3b") && !style.contains("#cccccc"));
}

#[test]
fn rebuild_restores_pages_and_logos() {
    let archive = archive();
    archive.ok(&["publish"]);
    archive.ok(&["verify"]);
    let other = Archive::without_files();
    copy_dir(&archive.path().join("store"), &other.path().join("store"));
    other.ok(&["rebuild"]);
    for name in ["pages/about.ar.md", "pages/mark.svg", "identity/logo.svg"] {
        let read = |archive: &Archive| fs::read(archive.path().join(name)).unwrap();
        assert_eq!(read(&other), read(&archive), "{name}");
    }
    // A file that nothing refers to is not part of the configuration.
    assert!(!other.path().join("identity/unused.svg").exists());
    other.ok(&["publish"]);
    assert!(
        read_files(&other.site()) == read_files(&archive.site()),
        "the sites are different"
    );
}

#[test]
fn a_misspelt_key_is_reported_with_the_nearest_one() {
    let archive = Archive::new();
    let path = archive.path().join("khizana.toml");
    fs::write(&path, "\n[identity]\nlgo = \"identity/logo.svg\"\n").unwrap();
    let (code, message) = failure(&archive, &["publish"]);
    assert_eq!(code, "config-invalid");
    assert!(
        message.contains("khizana.toml:3") && message.contains("did you mean `logo`?"),
        "{message}"
    );
}
