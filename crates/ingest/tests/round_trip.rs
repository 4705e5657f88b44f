//! Tests of ingest, repeated ingest, retrieval of originals, and verification of the store.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use khizana_ingest::{Options, Removal, Summary, check, ingest};
use khizana_model::NoProgress;
use khizana_model::{Item, Storage};
use khizana_store::catalogue::CATALOGUE_FILE;
use khizana_store::init::{EXAMPLE_SOURCE, init};
use khizana_store::ocfl::{ObjectId, Store};
use khizana_store::verify::verify;
use tempfile::TempDir;

struct Archive(TempDir);

impl Archive {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("khizana.toml"), "").unwrap();
        Archive(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn source(&self, name: &str, table: &str) -> PathBuf {
        let source = self.path().join(name);
        fs::create_dir_all(&source).unwrap();
        fs::write(source.join("metadata.csv"), table).unwrap();
        source
    }

    fn ingest(&self, source: &Path) -> Summary {
        let options = Options {
            removal: Some(Removal::All),
            ..Options::default()
        };
        ingest(self.path(), source, &options, &|_| (), &NoProgress).unwrap()
    }

    fn store(&self) -> Store {
        Store::open(self.path()).unwrap()
    }

    fn records(&self, collection: &str) -> Vec<Item> {
        let records = self.store().records(&collection.parse().unwrap()).unwrap();
        records.map(Result::unwrap).collect()
    }

    fn head(&self, id: ObjectId) -> u64 {
        let object = self.store().object(&id).unwrap();
        object.map_or(0, |object| object.inventory.head_number())
    }

    fn item_head(&self, id: &str) -> u64 {
        self.head(ObjectId::Item(id.parse().unwrap()))
    }

    fn collection_head(&self, id: &str) -> u64 {
        self.head(ObjectId::Collection(id.parse().unwrap()))
    }

    fn codes(&self) -> Vec<&'static str> {
        let report = verify(self.path(), &NoProgress).unwrap();
        report.problems.iter().map(|problem| problem.code).collect()
    }
}

/// Returns the numbers of added, changed, unchanged and removed items, and the total number of
/// items in the archive.
fn counts(summary: &Summary) -> [u64; 5] {
    [
        summary.added,
        summary.changed,
        summary.unchanged,
        summary.removed,
        summary.items,
    ]
}

fn codes(summary: &Summary) -> Vec<&'static str> {
    summary
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect()
}

const TABLE: &str = "id,title@ar,file\na,أ,a.txt\nb,ب,b.txt\nc,ج,\n";

/// Creates a source with `TABLE` and two text files. The first file is compressible.
fn source_with_texts(archive: &Archive) -> PathBuf {
    let source = archive.source("s", TABLE);
    fs::write(source.join("a.txt"), "نص طويل يتكرر ".repeat(200)).unwrap();
    fs::write(source.join("b.txt"), "b").unwrap();
    source
}

#[test]
fn ingests_the_example_source_of_init() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("new");
    init(&archive, None).unwrap();
    let summary = ingest(
        &archive,
        &archive.join(EXAMPLE_SOURCE),
        &Options::default(),
        &|_| (),
        &NoProgress,
    )
    .unwrap();
    assert_eq!(counts(&summary), [2, 0, 0, 0, 2]);
    assert_eq!(summary.problems, []);
    assert_eq!(init(&archive, None).unwrap_err().code(), "archive-exists");

    fs::remove_file(archive.join("khizana.toml")).unwrap();
    fs::remove_dir_all(archive.join("store")).unwrap();
    fs::remove_file(archive.join(CATALOGUE_FILE)).unwrap();
    assert_eq!(init(&archive, None).unwrap_err().code(), "file-exists");
}

#[test]
fn restores_raw_and_compressed_originals_bit_for_bit() {
    let archive = Archive::new();
    let source = source_with_texts(&archive);
    archive.ingest(&source);
    let records = archive.records("s");
    let forms: Vec<_> = records[..2]
        .iter()
        .map(|item| item.media[0].storage)
        .collect();
    assert_eq!(forms, [Storage::Zstd, Storage::Raw]);
    for item in &records[..2] {
        let media = &item.media[0];
        let mut original = Vec::new();
        let mut reader = archive.store().open_original(&item.id, media).unwrap();
        reader.read_to_end(&mut original).unwrap();
        assert_eq!(original, fs::read(source.join(&media.name)).unwrap());
        let target = archive.path().join(format!("{}.back", item.id));
        archive
            .store()
            .copy_original(&item.id, media, &target)
            .unwrap();
        assert_eq!(fs::read(target).unwrap(), original);
    }
    assert_eq!(archive.codes(), [""; 0]);
}

#[test]
fn repeated_ingest_adds_no_versions() {
    let archive = Archive::new();
    let source = source_with_texts(&archive);
    let first = archive.ingest(&source);
    assert_eq!(counts(&first), [3, 0, 0, 0, 3]);
    assert!(first.bytes_in > first.bytes_stored && first.bytes_stored > 0);
    let second = archive.ingest(&source);
    assert_eq!(counts(&second), [0, 0, 3, 0, 3]);
    assert_eq!((second.bytes_in, second.bytes_stored), (0, 0));
    assert_eq!(archive.collection_head("s"), 1);
    assert_eq!(archive.item_head("a"), 1);
}

#[test]
fn changed_rows_or_files_add_versions_of_their_items_only() {
    let archive = Archive::new();
    let source = source_with_texts(&archive);
    archive.ingest(&source);

    fs::write(source.join("metadata.csv"), TABLE.replace("a,أ", "a,ألف")).unwrap();
    let summary = archive.ingest(&source);
    assert_eq!(counts(&summary), [0, 1, 2, 0, 3]);
    assert_eq!(
        summary.bytes_in, 0,
        "only the row has changed, so the file is not read"
    );
    assert_eq!((archive.item_head("a"), archive.item_head("b")), (2, 1));

    fs::write(source.join("b.txt"), "longer").unwrap();
    let before = archive.records("s").remove(1);
    let summary = archive.ingest(&source);
    assert_eq!(counts(&summary), [0, 1, 2, 0, 3]);
    assert_eq!(summary.bytes_in, 6);
    assert_eq!((archive.item_head("a"), archive.item_head("b")), (2, 2));
    assert_eq!(archive.collection_head("s"), 3);

    // Originals of older records are still available.
    let mut original = String::new();
    let mut reader = archive
        .store()
        .open_original(&before.id, &before.media[0])
        .unwrap();
    reader.read_to_string(&mut original).unwrap();
    assert_eq!(original, "b");
    assert_eq!(archive.codes(), [""; 0]);
}

#[test]
fn restores_compressed_originals_of_older_versions() {
    let archive = Archive::new();
    let source = source_with_texts(&archive);
    archive.ingest(&source);
    let before = archive.records("s").remove(0);
    fs::write(source.join("a.txt"), "نص آخر ".repeat(300)).unwrap();
    archive.ingest(&source);
    let mut original = String::new();
    let mut reader = archive
        .store()
        .open_original(&before.id, &before.media[0])
        .unwrap();
    reader.read_to_string(&mut original).unwrap();
    assert_eq!(original, "نص طويل يتكرر ".repeat(200));
}

#[test]
fn items_removed_from_the_source_leave_the_collection_but_not_the_store() {
    let archive = Archive::new();
    let source = source_with_texts(&archive);
    archive.ingest(&source);
    fs::write(
        source.join("metadata.csv"),
        "id,title@ar,file\nb,ب,b.txt\nc,ج,\n",
    )
    .unwrap();
    assert_eq!(counts(&archive.ingest(&source)), [0, 0, 2, 1, 2]);
    assert_eq!(archive.records("s").len(), 2);
    assert_eq!(archive.item_head("a"), 1);
    // When the item returns to the source, its object is unchanged.
    fs::write(source.join("metadata.csv"), TABLE).unwrap();
    assert_eq!(counts(&archive.ingest(&source)), [1, 0, 2, 0, 3]);
    assert_eq!(archive.item_head("a"), 1);
    let order: Vec<_> = archive
        .records("s")
        .iter()
        .map(|i| i.id.to_string())
        .collect();
    assert_eq!(order, ["a", "b", "c"]);
}

#[test]
fn keeps_the_existing_version_of_a_rejected_item() {
    let archive = Archive::new();
    let source = source_with_texts(&archive);
    archive.ingest(&source);
    fs::remove_file(source.join("a.txt")).unwrap();
    let summary = archive.ingest(&source);
    assert_eq!(codes(&summary), ["file-missing"]);
    assert!(summary.has_errors());
    assert_eq!(counts(&summary), [0, 0, 2, 0, 3]);
    assert_eq!(archive.records("s").len(), 3);
}

#[test]
fn removes_nothing_while_rows_have_no_readable_identifier() {
    let archive = Archive::new();
    let source = source_with_texts(&archive);
    archive.ingest(&source);
    fs::write(source.join("metadata.csv"), TABLE.replace("a,أ", ",أ")).unwrap();
    let summary = archive.ingest(&source);
    assert_eq!(codes(&summary), ["removal-postponed", "id-missing"]);
    assert_eq!(counts(&summary), [0, 0, 2, 0, 3]);
}

#[test]
fn rejects_identifiers_of_another_collection() {
    let archive = Archive::new();
    archive.ingest(&archive.source("one", "id,title\nx,X\n"));
    let summary = archive.ingest(&archive.source("two", "id,title\nx,Y\ny,Y\n"));
    assert_eq!(codes(&summary), ["id-taken"]);
    assert_eq!(summary.problems[0].line, Some(2));
    assert_eq!(summary.problems[0].item.as_deref(), Some("x"));
    assert_eq!(counts(&summary), [1, 0, 0, 0, 2]);
}

#[test]
fn rejects_only_items_with_bad_files() {
    let archive = Archive::new();
    let table = "id,file,text\npicture,cut.png,\npage,good.txt,latin1.txt\ngood,good.txt,\n";
    let source = archive.source("s", table);
    // The file consists of the signature and the header of a PNG, without image data.
    let png: &[u8] = &[
        0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0, 0, 9, 0,
        0, 0, 9, 8, 0, 0, 0, 0, 0xe4, 0xb3, 0xc0, 0x4c,
    ];
    fs::write(source.join("cut.png"), png).unwrap();
    fs::write(source.join("latin1.txt"), [b'a', 0xe9, b'b']).unwrap();
    fs::write(source.join("good.txt"), "good").unwrap();
    let report = check(&source, archive.path(), &NoProgress).unwrap();
    assert_eq!(report.items, 1);
    assert!(!archive.path().join("store").exists());
    let summary = archive.ingest(&source);
    assert_eq!(counts(&summary), [1, 0, 0, 0, 1]);
    assert_eq!(summary.problems, report.problems);
    let codes = codes(&summary);
    assert!(codes[0].starts_with("image-"), "{codes:?}");
    assert_eq!(codes[1], "text-not-utf8");
    let problem = &summary.problems[1];
    assert_eq!(
        problem.location(),
        "latin1.txt:1:2 (metadata.csv, row 3, item page)"
    );
    assert_eq!(archive.item_head("picture"), 0);
    assert_eq!(archive.codes(), [""; 0]);
}

#[test]
fn stores_files_whose_logical_paths_would_collide() {
    let archive = Archive::new();
    let source = archive.source(
        "s",
        "id,title,file\nx,X,a.txt|a.txt.zst|b.txt|b.txt.zst/c.txt\n",
    );
    fs::create_dir(source.join("b.txt.zst")).unwrap();
    for (name, letter) in [
        ("a.txt", "a"),
        ("a.txt.zst", "z"),
        ("b.txt", "b"),
        ("b.txt.zst/c.txt", "c"),
    ] {
        fs::write(source.join(name), letter.repeat(1000)).unwrap();
    }
    assert_eq!(archive.ingest(&source).problems, []);
    let item = archive.records("s").remove(0);
    for media in &item.media {
        let mut original = Vec::new();
        let mut reader = archive.store().open_original(&item.id, media).unwrap();
        reader.read_to_end(&mut original).unwrap();
        assert_eq!(original, fs::read(source.join(&media.name)).unwrap());
    }
}

#[test]
fn rebuilds_the_catalogue_from_the_store() {
    let archive = Archive::new();
    let source = source_with_texts(&archive);
    archive.ingest(&source);
    let damages: [fn(&Path); 2] = [
        |path| fs::remove_file(path).unwrap(),
        |path| fs::write(path, "not a database".repeat(100)).unwrap(),
    ];
    for damage in damages {
        damage(&archive.path().join(CATALOGUE_FILE));
        let summary = archive.ingest(&source);
        assert_eq!(counts(&summary), [0, 0, 3, 0, 3]);
        assert!(summary.bytes_in > 0, "the times of the files are unknown");
        assert_eq!(summary.bytes_stored, 0);
        assert_eq!(archive.collection_head("s"), 1);
        assert_eq!(archive.ingest(&source).bytes_in, 0);
    }
}

#[test]
fn a_catalogue_of_a_newer_version_is_left_alone() {
    let archive = Archive::new();
    let source = source_with_texts(&archive);
    archive.ingest(&source);
    let path = archive.path().join(CATALOGUE_FILE);
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    let result = ingest(
        archive.path(),
        &source,
        &Options::default(),
        &|_| (),
        &NoProgress,
    );
    let error = result.unwrap_err();
    assert_eq!(error.code(), "catalogue-newer");
    assert!(error.to_string().contains("999"), "{error}");
}

#[test]
fn verify_reports_damaged_missing_and_unknown_files() {
    let archive = Archive::new();
    archive.ingest(&source_with_texts(&archive));
    let object = |id: &str| {
        let id = ObjectId::Item(id.parse().unwrap());
        archive.store().object(&id).unwrap().unwrap()
    };
    let b = object("b").file("files/b.txt").unwrap();
    fs::write(&b, "x").unwrap();
    assert_eq!(archive.codes(), ["fixity-mismatch"]);
    let item = archive.records("s").remove(1);
    let mut reader = archive
        .store()
        .open_original(&item.id, &item.media[0])
        .unwrap();
    assert!(reader.read_to_end(&mut Vec::new()).is_err());

    fs::remove_file(&b).unwrap();
    assert_eq!(archive.codes(), ["file-lost"]);
    let error = archive.store().open_original(&item.id, &item.media[0]);
    assert_eq!(error.err().unwrap().code(), "file-lost");
    fs::write(&b, "b").unwrap();

    let extra = b.with_file_name("extra.txt");
    fs::write(&extra, "x").unwrap();
    let stray = archive.path().join("store/stray");
    fs::write(&stray, "x").unwrap();
    assert_eq!(archive.codes(), ["file-unknown", "file-unknown"]);
    fs::remove_file(extra).unwrap();
    fs::remove_file(stray).unwrap();
    assert_eq!(archive.codes(), [""; 0]);

    let path = object("a").path;
    let inventory = path.join("v1/inventory.json");
    let text = fs::read(&inventory).unwrap();
    fs::write(&inventory, "{}").unwrap();
    assert_eq!(archive.codes(), ["fixity-mismatch"]);
    fs::write(&inventory, text).unwrap();

    fs::remove_dir_all(&path).unwrap();
    assert_eq!(archive.codes(), ["file-lost"]);
}

#[test]
fn reports_why_a_run_cannot_start() {
    let archive = Archive::new();
    let source = source_with_texts(&archive);
    let nowhere = archive.path().join("nowhere");
    let code = |archive: &Path, source: &Path| {
        ingest(archive, source, &Options::default(), &|_| (), &NoProgress)
            .unwrap_err()
            .code()
    };
    assert_eq!(code(&nowhere, &source), "archive-missing");
    assert_eq!(code(archive.path(), &nowhere), "source-not-found");
    fs::create_dir(archive.path().join("store")).unwrap();
    assert_eq!(code(archive.path(), &source), "store-unknown");
}

#[test]
fn counts_pages_and_validates_tables_of_contents() {
    let archive = Archive::new();
    let table = "id,title,file,toc\na,A,mixed-pages.tif|pages.tif,3 Map|4 Index\nb,B,mixed-pages.tif,4 Index\nc,C,cover.png,2 x\n";
    let source = archive.source("s", table);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../media/fixtures");
    for (from, to) in [
        ("mixed-pages.tif", "mixed-pages.tif"),
        ("pages.tif", "pages.tif"),
        ("palette.png", "cover.png"),
    ] {
        fs::copy(fixtures.join(from), source.join(to)).unwrap();
    }
    let checked = check(&source, archive.path(), &NoProgress).unwrap();
    let summary = archive.ingest(&source);
    for problems in [&checked.problems, &summary.problems] {
        let locations: Vec<_> = problems
            .iter()
            .map(|problem| (problem.code, problem.line, problem.item.as_deref()))
            .collect();
        assert_eq!(
            locations,
            [
                ("toc-invalid", Some(3), Some("b")),
                ("toc-invalid", Some(4), Some("c"))
            ]
        );
        assert!(
            problems[0]
                .message
                .contains("page 4, but the last page of the item is page 3")
        );
    }
    let records = archive.records("s");
    let pages: Vec<_> = records[0].media.iter().map(|media| media.pages).collect();
    assert_eq!(pages, [Some(3), Some(3)]);
    assert_eq!(records.len(), 1);
}

#[test]
fn rejects_items_with_a_damaged_page_and_names_the_page() {
    let archive = Archive::new();
    let source = archive.source("s", "id,file\na,mixed-pages.tif\n");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../media/fixtures/mixed-pages.tif");
    let mut bytes = fs::read(fixture).unwrap();
    // Increases the height of the grey page, so that it has more rows than its only strip.
    let at = bytes
        .windows(12)
        .position(|entry| entry == [1, 1, 3, 0, 1, 0, 0, 0, 30, 0, 0, 0])
        .unwrap();
    bytes[at + 9] = 0x40;
    fs::write(source.join("mixed-pages.tif"), bytes).unwrap();
    let summary = archive.ingest(&source);
    assert_eq!(codes(&summary), ["image-undecodable"]);
    assert!(
        summary.problems[0].message.starts_with("Page 2: "),
        "{summary:?}"
    );
}
