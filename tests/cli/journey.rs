//! The way a curator goes: a new archive, a source checked, taken in, published, changed.

use percent_encoding::percent_decode_str;

use crate::support::{Archive, Ran, files, fixture, khizana};

#[test]
fn the_example_of_a_new_archive_goes_all_the_way() {
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
fn an_archive_is_never_made_over_another() {
    let archive = Archive::new();
    let before = files(&archive.path());
    let output = khizana().arg("init").arg(archive.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("archive-exists"), "{said}");
    assert_eq!(files(&archive.path()), before);
}

#[test]
fn check_writes_nothing() {
    let archive = Archive::new();
    let before = files(&archive.path());
    archive.ok(&["check", fixture("cabinet").to_str().unwrap()]);
    assert_eq!(files(&archive.path()), before);
}

#[test]
fn an_unchanged_source_adds_nothing() {
    let archive = Archive::new();
    let source = fixture("cabinet");
    let source = source.to_str().unwrap();
    assert_eq!(archive.json(0, &["ingest", source])["added"], 6);
    let before = files(&archive.path().join("store"));
    let again = archive.json(0, &["ingest", source]);
    assert_eq!(again["items"], 6);
    assert_eq!((&again["added"], &again["changed"]), (&0.into(), &0.into()));
    assert_eq!(again["unchanged"], 6);
    assert_eq!(
        again["bytes_in"], 0,
        "files that did not change are not read"
    );
    assert_eq!(files(&archive.path().join("store")), before);
}

#[test]
fn an_archive_with_an_address_has_iiif_manifests() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    archive.ok(&["publish"]);
    let manifests = archive.site().join("manifests");
    assert!(!manifests.exists(), "a manifest names things by address");

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
            let picture = canvas["items"][0]["items"][0]["body"]["id"].as_str();
            assert!(file(picture.unwrap()).is_file(), "{picture:?}");
        }
        let page = manifest["homepage"][0]["id"].as_str().unwrap();
        let page = std::fs::read_to_string(file(page).join("index.html")).unwrap();
        let (head, body) = page.split_once("<body>").unwrap();
        // For programs, and for people.
        for part in [head, body] {
            assert!(part.contains(&format!("href=\"{id}\"")), "{id}");
        }
        let record = read(manifest["seeAlso"][0]["id"].as_str().unwrap());
        assert_eq!(record["item"]["title"], manifest["label"]);
        // What is seen comes before what the viewer reads, which is kept short.
        let (seen, state) = body.split_once("id=\"page-state\">").unwrap();
        assert!(seen.contains("</main>"));
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
        "without an address there are none again"
    );
}

#[test]
fn a_changed_row_makes_one_new_version_and_touches_little_of_the_site() {
    let archive = Archive::new();
    let source = archive.source("cabinet");
    let source_name = source.to_str().unwrap().to_owned();
    archive.ok(&["ingest", &source_name]);
    let whole = archive.json(0, &["publish"]);

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

    let second_versions = files(&archive.path().join("store"))
        .keys()
        .filter(|name| name.ends_with("v2/inventory.json"))
        .count();
    // The item's object, and the collection's, which carries all records.
    assert_eq!(second_versions, 2);

    let part = archive.json(0, &["publish"]);
    assert_eq!(part["items"], 6);
    let (all, written) = (
        whole["written"].as_u64().unwrap(),
        part["written"].as_u64().unwrap(),
    );
    assert!(
        0 < written && written < all / 2,
        "{written} of {all} files written again"
    );
    let unchanged = archive.json(0, &["publish"]);
    assert_eq!(unchanged["written"], 0);
    assert_eq!(unchanged["snapshot"], part["snapshot"]);
    let page = std::fs::read_to_string(archive.site().join("en/item/plate-cairo/index.html"));
    assert!(page.unwrap().contains("A plate for Cairo"));
}

#[test]
fn what_the_source_no_longer_has_leaves_the_site_and_stays_in_the_store() {
    let archive = Archive::new();
    let source = archive.source("cabinet");
    let source_name = source.to_str().unwrap().to_owned();
    archive.ok(&["ingest", &source_name]);
    archive.ok(&["publish"]);
    let table = source.join("metadata.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    let fewer: String = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("plate-cairo"))
        .collect();
    std::fs::write(&table, fewer).unwrap();
    let again = archive.json(0, &["ingest", &source_name]);
    assert_eq!((&again["items"], &again["removed"]), (&5.into(), &1.into()));
    archive.ok(&["publish"]);
    assert!(!archive.site().join("en/item/plate-cairo").exists());
    let kept = files(&archive.path().join("store"))
        .keys()
        .any(|name| name.ends_with("images/plate.png"));
    assert!(kept, "the object of a removed item stays");
}

#[test]
fn an_original_comes_back_bit_for_bit() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    archive.ok(&["publish"]);
    let published = files(&archive.site());
    let sound = std::fs::read(fixture("cabinet").join("sounds/rast.wav")).unwrap();
    assert!(
        published
            .iter()
            .any(|(name, bytes)| name.ends_with("rast.wav") && *bytes == sound)
    );
}

#[test]
fn a_damaged_store_is_found() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    archive.ok(&["verify"]);
    let store = archive.path().join("store");
    let victim = files(&store)
        .into_keys()
        .find(|name| name.ends_with("record.json"))
        .unwrap();
    let mut bytes = std::fs::read(store.join(&victim)).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(store.join(&victim), bytes).unwrap();
    let ran = archive.run(&["verify"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.err.contains("fixity-mismatch"), "{}", ran.err);
}

#[test]
fn a_catalogue_that_was_deleted_is_rebuilt_from_the_store() {
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
fn pages_none_writes_few_files_and_the_same_records() {
    let archive = Archive::published();
    let each = archive.json(0, &["publish"]);
    let out = archive.beside("few");
    let few = archive.json(
        0,
        &["publish", "--out", out.to_str().unwrap(), "--pages", "none"],
    );
    assert_eq!(few["items"], each["items"]);
    assert!(few["files"].as_u64().unwrap() + 300 < each["files"].as_u64().unwrap());
    assert!(!out.join("en/item/plate-cairo").exists());
    assert!(out.join("en/item/index.html").is_file());
}

#[test]
fn words_of_a_page_find_the_item_it_belongs_to() {
    let archive = Archive::published();
    for (query, first) in [
        ("التناسل", "kitab-al-nujum"),
        ("astrolabe", "fasl-2"),
        ("étoiles", "kitab-al-nujum"),
        ("خزف", "قطعة-خزف"),
    ] {
        let found = archive.json(0, &["search", query]);
        assert_eq!(found["items"][0]["id"], first, "{query}: {found}");
    }
    assert_eq!(
        archive.json(0, &["search", "nothingofthiskind"])["total"],
        0
    );
    let few = archive.json(0, &["search", "letter", "--limit", "3"]);
    assert_eq!(few["total"], 120);
    assert_eq!(few["items"].as_array().unwrap().len(), 3);
}

#[test]
fn a_command_that_cannot_run_says_why_and_what_to_do() {
    let archive = Archive::new();
    let empty = tempfile::tempdir().unwrap();
    let own_folder = archive.path();
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
            &["publish", "--out", own_folder.to_str().unwrap()],
            "site-not-ours",
        ),
    ];
    for (arguments, code) in cases {
        let Ran { status, out, err } = archive.run(arguments);
        assert_eq!(status, Some(2), "{arguments:?}: {out}{err}");
        assert!(
            err.contains(&format!("error[{code}]")),
            "{arguments:?}: {err}"
        );
        assert!(out.is_empty(), "{out}");
        assert!(!err.contains("panicked"), "{err}");
    }
    let nowhere = khizana()
        .args(["publish", "--archive"])
        .arg(empty.path())
        .output()
        .unwrap();
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(
        String::from_utf8(nowhere.stderr)
            .unwrap()
            .contains("error[archive-missing]")
    );
}
