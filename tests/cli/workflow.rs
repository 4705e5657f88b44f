//! The workflow of a curator: create an archive, check, ingest, publish, and update a source.

use percent_encoding::percent_decode_str;

use crate::support::{Archive, ProgramOutput, fixture, khizana, read_files};

#[test]
fn the_example_source_is_checked_ingested_and_published() {
    let archive = Archive::new();
    let example = archive.path().join("source");
    let example = example.to_str().unwrap();
    archive.ok(&["check", example]);
    archive.ok(&["ingest", example]);
    archive.ok(&["publish"]);
    assert!(archive.site().join("archive.json").is_file());
    archive.ok(&["verify"]);
}

#[test]
fn init_does_not_overwrite_an_archive() {
    let archive = Archive::new();
    let before = read_files(&archive.path());
    let output = khizana().arg("init").arg(archive.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("archive-exists"), "{stderr}");
    assert_eq!(read_files(&archive.path()), before);
}

#[test]
fn check_writes_nothing() {
    let archive = Archive::new();
    let before = read_files(&archive.path());
    archive.ok(&["check", fixture("cabinet").to_str().unwrap()]);
    assert_eq!(read_files(&archive.path()), before);
}

#[test]
fn ingesting_an_unchanged_source_adds_nothing() {
    let archive = Archive::new();
    let source = fixture("cabinet");
    let source = source.to_str().unwrap();
    assert_eq!(archive.json(0, &["ingest", source])["added"], 6);
    let before = read_files(&archive.path().join("store"));
    let again = archive.json(0, &["ingest", source]);
    assert_eq!(again["items"], 6);
    assert_eq!((&again["added"], &again["changed"]), (&0.into(), &0.into()));
    assert_eq!(again["unchanged"], 6);
    assert_eq!(again["bytes_in"], 0, "unchanged files are not read");
    assert_eq!(read_files(&archive.path().join("store")), before);
}

#[test]
fn iiif_manifests_are_published_if_the_archive_has_an_address() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    archive.ok(&["publish"]);
    let manifests = archive.site().join("manifests");
    assert!(!manifests.exists(), "manifests require an address");

    let settings = archive.path().join("khizana.toml");
    let before = std::fs::read_to_string(&settings).unwrap();
    let url = "https://example.org/archive/";
    std::fs::write(&settings, format!("url = \"{url}\"\n{before}")).unwrap();
    archive.ok(&["publish"]);
    let file = |address: &str| {
        let path = percent_decode_str(address.strip_prefix(url).unwrap());
        archive.site().join(path.decode_utf8().unwrap().as_ref())
    };
    let read = |address: &str| -> serde_json::Value {
        let text = std::fs::read_to_string(file(address)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let all = read(&format!("{url}manifests/all.json"));
    let cabinet = read(all["items"][0]["id"].as_str().unwrap());
    let members = cabinet["items"].as_array().unwrap();
    assert!(members.len() > 1, "{members:?}");
    for member in members {
        let id = member["id"].as_str().unwrap();
        let manifest = read(id);
        assert_eq!(manifest["id"], id);
        assert_eq!(manifest["partOf"][0]["id"], cabinet["id"]);
        for canvas in manifest["items"].as_array().unwrap() {
            let image = canvas["items"][0]["items"][0]["body"]["id"].as_str();
            assert!(file(image.unwrap()).is_file(), "{image:?}");
        }
        let page = manifest["homepage"][0]["id"].as_str().unwrap();
        let page = std::fs::read_to_string(file(page).join("index.html")).unwrap();
        let (head, body) = page.split_once("<body>").unwrap();
        // The page links to the manifest in its head and in its body.
        for part in [head, body] {
            assert!(part.contains(&format!("href=\"{id}\"")), "{id}");
        }
        let record = read(manifest["seeAlso"][0]["id"].as_str().unwrap());
        assert_eq!(record["item"]["title"], manifest["label"]);
        // The page state follows the content, and does not contain the hashes of derivatives.
        let (content, state) = body.split_once("id=\"page-state\">").unwrap();
        assert!(content.contains("</main>"));
        for canvas in record["canvases"].as_array().unwrap() {
            for size in canvas["image"]["sizes"].as_array().into_iter().flatten() {
                assert!(!state.contains(size["sha256"].as_str().unwrap()));
            }
        }
    }

    let book = read(&format!("{url}manifests/item/kitab-al-nujum.json"));
    let chapters = book["structures"].as_array().unwrap();
    assert_eq!(chapters.len(), 3);
    assert_eq!(chapters[1]["items"][0]["id"], book["items"][2]["id"]);

    std::fs::write(&settings, before).unwrap();
    archive.ok(&["publish"]);
    assert!(
        !manifests.exists(),
        "manifests are removed without an address"
    );
}

#[test]
fn a_changed_row_adds_one_version_and_rewrites_few_files() {
    let archive = Archive::new();
    let source = archive.copy_fixture("cabinet");
    let source_name = source.to_str().unwrap().to_owned();
    archive.ok(&["ingest", &source_name]);
    let first = archive.json(0, &["publish"]);

    let table = source.join("metadata.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    let changed = text.replacen("Plate for Cairo", "A plate for Cairo", 1);
    assert_ne!(text, changed);
    std::fs::write(&table, changed).unwrap();
    let again = archive.json(0, &["ingest", &source_name]);
    assert_eq!(
        (&again["changed"], &again["unchanged"]),
        (&1.into(), &5.into())
    );

    let second_versions = read_files(&archive.path().join("store"))
        .keys()
        .filter(|name| name.ends_with("v2/inventory.json"))
        .count();
    // The object of the item, the object of the collection, which contains all records, and the object of
    // the states.
    assert_eq!(second_versions, 3);

    let second = archive.json(0, &["publish"]);
    assert_eq!(second["items"], 6);
    let (all, rewritten) = (
        first["written"].as_u64().unwrap(),
        second["written"].as_u64().unwrap(),
    );
    assert!(
        0 < rewritten && rewritten < all / 2,
        "{rewritten} of {all} files were rewritten"
    );
    let unchanged = archive.json(0, &["publish"]);
    assert_eq!(unchanged["written"], 0);
    assert_eq!(unchanged["snapshot"], second["snapshot"]);
    let page = std::fs::read_to_string(archive.site().join("en/item/plate-cairo/index.html"));
    assert!(page.unwrap().contains("A plate for Cairo"));
}

#[test]
fn a_removed_item_leaves_the_site_and_stays_in_the_store() {
    let archive = Archive::new();
    let source = archive.copy_fixture("cabinet");
    let source_name = source.to_str().unwrap().to_owned();
    archive.ok(&["ingest", &source_name]);
    archive.ok(&["publish"]);
    let table = source.join("metadata.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    let without_item: String = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("plate-cairo"))
        .collect();
    std::fs::write(&table, without_item).unwrap();
    let again = archive.json(0, &["ingest", &source_name, "--remove", "1"]);
    assert_eq!((&again["items"], &again["removed"]), (&5.into(), &1.into()));
    archive.ok(&["publish"]);
    assert!(!archive.site().join("en/item/plate-cairo").exists());
    let is_stored = read_files(&archive.path().join("store"))
        .keys()
        .any(|name| name.ends_with("images/plate.png"));
    assert!(is_stored, "the object of a removed item is kept");
}

#[test]
fn an_original_is_published_unchanged() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    archive.ok(&["publish"]);
    let published = read_files(&archive.site());
    let sound = std::fs::read(fixture("cabinet").join("sounds/rast.wav")).unwrap();
    assert!(
        published
            .iter()
            .any(|(name, bytes)| name.ends_with("rast.wav") && *bytes == sound)
    );
}

#[test]
fn verify_finds_a_damaged_file() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    archive.ok(&["verify"]);
    let store = archive.path().join("store");
    let record = read_files(&store)
        .into_keys()
        .find(|name| name.ends_with("record.json"))
        .unwrap();
    let mut bytes = std::fs::read(store.join(&record)).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(store.join(&record), bytes).unwrap();
    let output = archive.run(&["verify"]);
    assert_eq!(output.status, Some(1));
    assert!(
        output.stderr.contains("fixity-mismatch"),
        "{}",
        output.stderr
    );
}

#[test]
fn a_deleted_catalogue_is_rebuilt_from_the_store() {
    let archive = Archive::new();
    let source = fixture("cabinet");
    let source = source.to_str().unwrap();
    archive.ok(&["ingest", source]);
    for entry in std::fs::read_dir(archive.path()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("catalogue.sqlite")
        {
            std::fs::remove_file(path).unwrap();
        }
    }
    let again = archive.json(0, &["ingest", source]);
    assert_eq!((&again["items"], &again["added"]), (&6.into(), &0.into()));
}

#[test]
fn pages_none_writes_the_same_items_in_fewer_files() {
    let archive = Archive::published();
    let with_pages = archive.json(0, &["publish"]);
    let out = archive.sibling("without-pages");
    let without_pages = archive.json(
        0,
        &["publish", "--out", out.to_str().unwrap(), "--pages", "none"],
    );
    assert_eq!(without_pages["items"], with_pages["items"]);
    assert!(without_pages["files"].as_u64().unwrap() + 300 < with_pages["files"].as_u64().unwrap());
    assert!(!out.join("en/item/plate-cairo").exists());
    assert!(out.join("en/item/index.html").is_file());
}

#[test]
fn search_finds_items_by_the_text_of_their_pages() {
    let archive = Archive::published();
    for (query, first) in [
        ("التناسل", "kitab-al-nujum"),
        ("astrolabe", "fasl-2"),
        ("étoiles", "kitab-al-nujum"),
        ("خزف", "قطعة-خزف"),
    ] {
        let results = archive.json(0, &["search", query]);
        assert_eq!(results["items"][0]["id"], first, "{query}: {results}");
    }
    assert_eq!(
        archive.json(0, &["search", "nothingofthiskind"])["total"],
        0
    );
    let limited = archive.json(0, &["search", "letter", "--limit", "3"]);
    assert_eq!(limited["total"], 120);
    assert_eq!(limited["items"].as_array().unwrap().len(), 3);
}

#[test]
fn errors_are_printed_to_standard_error_with_their_code() {
    let archive = Archive::new();
    let empty = tempfile::tempdir().unwrap();
    let archive_dir = archive.path();
    archive.ok(&["ingest", fixture("letters").to_str().unwrap()]);
    let cases: [(&[&str], &str); 5] = [
        (&["check", "no-such-folder"], "source-not-found"),
        (
            &["ingest", empty.path().to_str().unwrap()],
            "source-no-table",
        ),
        (&["search", "x"], "site-missing"),
        (&["serve", "--addr", "127.0.0.1:0"], "site-missing"),
        (
            &["publish", "--out", archive_dir.to_str().unwrap()],
            "site-not-ours",
        ),
    ];
    for (arguments, code) in cases {
        let ProgramOutput {
            status,
            stdout,
            stderr,
        } = archive.run(arguments);
        assert_eq!(status, Some(2), "{arguments:?}: {stdout}{stderr}");
        assert!(
            stderr.contains(&format!("error[{code}]")),
            "{arguments:?}: {stderr}"
        );
        assert!(stdout.is_empty(), "{stdout}");
        assert!(!stderr.contains("panicked"), "{stderr}");
    }
    let without_archive = khizana()
        .args(["publish", "--archive"])
        .arg(empty.path())
        .output()
        .unwrap();
    assert_eq!(without_archive.status.code(), Some(2));
    assert!(
        String::from_utf8(without_archive.stderr)
            .unwrap()
            .contains("error[archive-missing]")
    );
}

#[test]
fn alternative_texts_describe_images() {
    let archive = Archive::new();
    let source = archive.sibling("plates");
    std::fs::create_dir(&source).unwrap();
    for name in ["1.png", "2.png"] {
        std::fs::copy(
            fixture("cabinet").join("images/plate.png"),
            source.join(name),
        )
        .unwrap();
    }
    let table = "id,title@en,alt@en,alt@ar,file\n\
        one,One,A blue plate,طبق أزرق,1.png\n\
        two,Two,The front|The back,,1.png|2.png\n\
        three,Three,The front,,1.png|2.png\n";
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);
    let page = |path: &str| {
        let path = archive.site().join(path).join("index.html");
        std::fs::read_to_string(path).unwrap()
    };
    assert!(page("en/item/one").contains("alt=\"A blue plate\" lang=\"en\""));
    assert!(page("ar/item/one").contains("alt=\"طبق أزرق\" lang=\"ar\""));
    assert!(page("en/item/two").contains("alt=\"The front\" lang=\"en\""));
    assert!(page("en/item/three").contains("alt=\"Three: "));
}

#[test]
fn an_article_shows_its_page_in_the_issue() {
    let archive = Archive::new();
    let source = archive.sibling("journal");
    std::fs::create_dir(&source).unwrap();
    for name in ["1.png", "2.png", "3.png"] {
        std::fs::copy(
            fixture("cabinet").join("images/plate.png"),
            source.join(name),
        )
        .unwrap();
    }
    let table = "id,title@en,rights,file,parent,pages\n\
        issue,The issue,https://creativecommons.org/licenses/by-sa/4.0/,1.png|2.png|3.png,,\n\
        second,The second article,,,issue,3\n\
        first,The first article,,,issue,2-3\n";
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);
    let page = |path: &str| {
        let path = archive.site().join(path).join("index.html");
        std::fs::read_to_string(path).unwrap()
    };
    let article = page("en/item/first");
    assert!(article.contains("issue/?page=2"), "{article}");
    assert!(article.contains("class=\"part-link\""), "{article}");
    assert!(article.contains("Read on page 2–3"), "{article}");
    assert!(article.contains("CC BY-SA"), "{article}");
    assert!(page("ar/item/first").contains("اقرأ من الصفحة ٢–٣"));
    // The articles follow their issue in the order of their pages, as lines.
    for list in [page("en/collection/journal"), page("en/item/issue")] {
        let position = |title: &str| list.find(title).unwrap();
        assert!(position("The issue") < position("The first article"));
        assert!(position("The first article") < position("The second article"));
        assert!(list.contains(">2–3<"), "{list}");
    }
}
