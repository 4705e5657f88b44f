//! Work on many machines: the store, the catalogue and the site are those of one machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::support::{Archive, ProgramOutput, copy_dir, fixture, khizana, read_files};

/// The time of all versions, so that stores can be compared.
const TIME: &str = "1764590000";

/// The number of items of the source without errors.
const ITEMS: u64 = 10;

/// An archive whose configuration requires every kind of derivative, and a source with every kind of file.
struct Example {
    archive: Archive,
    source: PathBuf,
}

impl Example {
    /// Creates the archive. The source is that of another example, or a new one.
    fn new(other: Option<&Example>) -> Example {
        let archive = Archive::new();
        let config = "widths = [100, 1600]\nurl = \"https://example.org/a/\"\n";
        std::fs::write(archive.path().join("khizana.toml"), config).unwrap();
        let source = match other {
            Some(other) => other.source.clone(),
            None => write_source(&archive.sibling("source")),
        };
        Example { archive, source }
    }

    fn plan_path(&self) -> PathBuf {
        self.archive.path().join("plan.json")
    }

    fn shard_folder(&self, shard: u32) -> PathBuf {
        self.archive
            .path()
            .join("plan.shards")
            .join(shard.to_string())
    }

    /// Runs a command at the fixed time, and checks the exit status.
    fn run(&self, status: i32, arguments: &[&str]) -> ProgramOutput {
        let mut command = khizana();
        command.env("SOURCE_DATE_EPOCH", TIME);
        command.args(arguments).arg("--archive");
        let output = command.arg(self.archive.path()).output().unwrap();
        let output = ProgramOutput::new(output);
        assert_eq!(
            output.status,
            Some(status),
            "{arguments:?}\n{}{}",
            output.stdout,
            output.stderr
        );
        output
    }

    fn plan(&self, shards: u32) {
        let source = self.source.to_str().unwrap();
        // An item with a damaged file is no problem of the plan.
        self.run(0, &["plan", source, "--shards", &shards.to_string()]);
    }

    fn derive(&self, shard: u32) -> ProgramOutput {
        let plan = self.plan_path();
        let plan = plan.to_str().unwrap();
        self.run(
            0,
            &["derive", "--plan", plan, "--shard", &shard.to_string()],
        )
    }

    fn merge(&self) {
        // One item is rejected, because its image is damaged.
        self.run(1, &["merge", "--plan", self.plan_path().to_str().unwrap()]);
    }

    /// Returns the files of the store and of the site, and the rows of the catalogue.
    fn contents(&self) -> Contents {
        let store = read_files(&self.archive.path().join("store"));
        let site = read_files(&self.archive.site());
        let catalogue = rows(&self.archive.path().join("catalogue.sqlite"));
        assert!(store.len() > 40 && site.len() > 100 && catalogue.len() > 20);
        Contents {
            store,
            site,
            catalogue,
        }
    }

    /// Runs a command that must fail, and returns its message.
    fn fail(&self, arguments: &[&str], code: &str) -> String {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        let error = self.run(2, &arguments).json()["error"].take();
        assert_eq!(error["code"], code, "{error}");
        assert!(!error["hint"].as_str().unwrap().is_empty());
        format!("{} {}", error["message"], error["hint"])
    }

    fn fail_derive(&self, shard: &str, code: &str) -> String {
        let plan = self.plan_path();
        self.fail(
            &["derive", "--plan", plan.to_str().unwrap(), "--shard", shard],
            code,
        )
    }

    /// Runs a merge that must fail before it writes anything.
    fn fail_merge(&self, code: &str) -> String {
        let plan = self.plan_path();
        let message = self.fail(&["merge", "--plan", plan.to_str().unwrap()], code);
        assert!(!self.archive.path().join("store").exists());
        assert!(!self.archive.path().join("cache").exists());
        message
    }
}

struct Contents {
    store: BTreeMap<String, Vec<u8>>,
    site: BTreeMap<String, Vec<u8>>,
    catalogue: Vec<String>,
}

fn assert_same(found: &Contents, expected: &Contents) {
    for (found, expected) in [
        (&found.store, &expected.store),
        (&found.site, &expected.site),
    ] {
        let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(found), names(expected));
        for (name, content) in expected {
            assert!(found.get(name) == Some(content), "{name} differs");
        }
    }
    for (found, expected) in found.catalogue.iter().zip(&expected.catalogue) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.catalogue.len(), expected.catalogue.len());
}

/// Returns all rows of a catalogue. The numbers of items depend on the order in which they were completed, so
/// their identifiers are returned instead.
fn rows(path: &Path) -> Vec<String> {
    let database = rusqlite::Connection::open(path).unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let mut tables = database.prepare(tables).unwrap();
    let tables = tables.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut rows = Vec::new();
    for table in tables {
        let table = table.unwrap();
        let query = match table.as_str() {
            "files" => "SELECT items.id, files.* FROM files JOIN items ON items.n = files.item",
            table => &format!("SELECT '', * FROM \"{table}\""),
        };
        let mut query = database.prepare(query).unwrap();
        let is_numbered = matches!(table.as_str(), "files" | "items");
        let columns: Vec<usize> = (0..query.column_count())
            .filter(|column| *column != 1 || !is_numbered)
            .collect();
        let mut found = query.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values = columns.iter().map(|column| row.get_ref(*column).unwrap());
            rows.push(format!("{table}: {:?}", values.collect::<Vec<_>>()));
        }
    }
    rows.sort();
    rows
}

/// Writes a source with every kind of file, and returns its path.
fn write_source(source: &Path) -> PathBuf {
    copy_dir(&fixture("cabinet"), source);
    copy_dir(&fixture("recordings"), &source.join("recordings"));
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let copy = |from: PathBuf, to: &str| {
        std::fs::copy(&from, source.join(to)).unwrap_or_else(|_| panic!("{}", from.display()))
    };
    copy(crates.join("pdf/fixtures/book.pdf"), "book.pdf");
    copy(crates.join("pdf/fixtures/book.pdf"), "same-book.pdf");
    copy(crates.join("media/fixtures/pages.tif"), "pages.tif");
    copy(crates.join("media/fixtures/scene.heic"), "not-shown.heic");
    copy(source.join("images/plate.png"), "same-plate.png");
    let drawing = crate::line_alignment::page_svg_and_text();
    std::fs::write(source.join("lines.svg"), drawing.0).unwrap();
    std::fs::write(source.join("lines.txt"), drawing.1).unwrap();
    std::fs::write(source.join("map.bmp"), crate::tile_packs::bmp(0)).unwrap();
    std::fs::write(source.join("damaged.jpg"), b"\xFF\xD8\xFF\xE0 no image").unwrap();
    let table = "id,title@en,language,rights,file,text,captions@en,poster
pages,Pages,ar,,pages/page-1.png|pages/page-2.png|pages/page-4.png,texts/page-1.txt|texts/page-2.xml|texts/page-4.html,,
plate,Plate,,,images/plate.png,,,
two,Two,,,same-plate.png|images/shard.png,,,
map,Map,,,map.bmp,,,
book,Book,ar,,book.pdf,,,
same-book,The same,ar,,same-book.pdf,,,
multi,Two in one,,,pages.tif,,,
not-shown,Not shown,,,not-shown.heic,,,
tone,Tone,en,,recordings/tone.wav,,recordings/tone.en.vtt,recordings/plate.png
lines,Lines,en,,lines.svg,lines.txt,,
damaged,Damaged,,,damaged.jpg,,,
";
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    let collection = "id = \"all\"\n[title]\nen = \"All\"\n[iiif]\ntiles = true\n";
    std::fs::write(source.join("collection.toml"), collection).unwrap();
    source.to_owned()
}

/// Ingests and publishes the source of the example on one machine.
fn on_one_machine(example: &Example) -> Contents {
    example.run(1, &["ingest", example.source.to_str().unwrap()]);
    example.run(0, &["publish"]);
    example.contents()
}

#[test]
fn any_number_of_shards_makes_the_same_archive_as_one_machine() {
    let one = Example::new(None);
    let expected = on_one_machine(&one);
    let items = one.archive.json(0, &["publish"])["items"].as_u64();
    assert_eq!(items, Some(ITEMS));

    let single = Example::new(Some(&one));
    single.plan(1);
    single.derive(1);
    single.merge();
    single.run(0, &["publish"]);
    assert_same(&single.contents(), &expected);

    let two = Example::new(Some(&one));
    two.plan(2);
    // A process that was killed in the middle of a write has left a part of its results.
    let rest = two
        .shard_folder(1)
        .with_file_name("1.Xy12Zw")
        .join("results");
    std::fs::create_dir_all(rest.join("site")).unwrap();
    std::fs::write(rest.join("facts.jsonl"), "{\"name\":").unwrap();
    two.derive(2);
    two.derive(1);
    let again = two.derive(1).stdout;
    assert!(again.contains("complete already"), "{again}");
    two.merge();
    // A merge can be repeated. Items with warnings about missing programs are read again.
    two.merge();
    two.run(0, &["publish"]);
    assert_same(&two.contents(), &expected);
    assert!(!two.archive.path().join("cache/prepared").exists());

    let seven = Example::new(Some(&one));
    seven.plan(7);
    for shard in [4, 7, 1, 3, 6, 2, 5] {
        kill_derive(&seven, shard);
        seven.derive(shard);
    }
    seven.merge();
    seven.run(0, &["publish"]);
    assert_same(&seven.contents(), &expected);
}

/// Runs a shard, and kills the process after a moment.
fn kill_derive(example: &Example, shard: u32) {
    let mut child = khizana()
        .args(["derive", "--shard", &shard.to_string(), "--plan"])
        .arg(example.plan_path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(20 * u64::from(shard)));
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn nothing_is_decoded_again_after_the_shards() {
    let one = Example::new(None);
    let expected = on_one_machine(&one);
    let example = Example::new(Some(&one));
    example.plan(2);
    example.derive(1);
    example.derive(2);
    example.merge();
    // The originals of the images cannot be decoded any more, and nobody notices. Only those documents whose
    // content has two names are drawn again.
    let mut destroyed = 0;
    let store = example.archive.path().join("store");
    for (name, content) in read_files(&store) {
        if [".png", ".png.zst", ".bmp.zst", ".tif", ".tif.zst"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            std::fs::write(store.join(name), vec![0; content.len()]).unwrap();
            destroyed += 1;
        }
    }
    assert!(destroyed > 6, "{destroyed}");
    let published = example.run(0, &["publish", "--json"]).json();
    let codes = published["problems"].as_array().unwrap().iter();
    let codes: Vec<_> = codes.map(|problem| problem["code"].clone()).collect();
    let original = one.archive.json(0, &["publish"]);
    let expected_codes = original["problems"].as_array().unwrap().iter();
    let expected_codes: Vec<_> = expected_codes
        .map(|problem| problem["code"].clone())
        .collect();
    assert_eq!(codes, expected_codes);
    let site = read_files(&example.archive.site());
    let images = |files: &BTreeMap<String, Vec<u8>>| {
        let names = files.keys().filter(|name| name.starts_with("iiif/"));
        names.cloned().collect::<Vec<_>>()
    };
    assert_eq!(images(&site), images(&expected.site));
}

#[test]
fn a_merge_refuses_what_does_not_belong_to_its_plan() {
    let example = Example::new(None);
    let source = example.source.to_str().unwrap();
    example.plan(3);
    let exists = ["plan", source, "--shards", "2"];
    assert!(example.fail(&exists, "plan-exists").contains("plan.json"));
    for number in ["0", "4"] {
        let message = example.fail_derive(number, "shard-number");
        assert!(message.contains("1 to 3"), "{message}");
    }
    example.derive(2);
    let missing = example.fail_merge("shards-missing");
    assert!(missing.contains("2 of 3 shards are missing: 1,3"));
    assert!(missing.contains("--shard 1") && missing.contains("--array=1,3"));
    example.derive(1);
    example.derive(3);

    // The results of the same shard of another plan.
    let folder = example.shard_folder(2);
    let other = example.archive.sibling("other.json");
    let out = other.to_str().unwrap();
    example.run(0, &["plan", source, "--shards", "3", "--out", out]);
    let text = std::fs::read_to_string(&other).unwrap();
    std::fs::write(&other, text.replace("2025-", "2024-")).unwrap();
    example.run(0, &["derive", "--plan", out, "--shard", "2"]);
    let kept = example.archive.sibling("kept");
    std::fs::rename(&folder, &kept).unwrap();
    copy_dir(&example.archive.sibling("other.shards").join("2"), &folder);
    example.fail_merge("shard-foreign");
    // The shard is made again.
    example.derive(2);

    let description = folder.join("shard.json");
    let text = std::fs::read_to_string(&description).unwrap();
    let version = format!("\"program\": \"{}", env!("CARGO_PKG_VERSION"));
    let newer = text.replace(&version, "\"program\": \"99.0.0");
    assert_ne!(newer, text);
    std::fs::write(&description, newer).unwrap();
    let message = example.fail_merge("shard-version");
    assert!(message.contains("99.0.0"), "{message}");
    std::fs::write(&description, &text).unwrap();

    let damage = |name: &Path| {
        let bytes = std::fs::read(name).unwrap();
        let mut damaged = bytes.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 1;
        std::fs::write(name, damaged).unwrap();
        let message = example.fail_merge("shard-damaged");
        assert!(message.contains("--shard 2"), "{message}");
        std::fs::write(name, bytes).unwrap();
    };
    let image = read_files(&folder).into_keys();
    let image = image
        .into_iter()
        .find(|name| name.ends_with(".jpg"))
        .unwrap();
    for name in [image.as_str(), "facts.jsonl", "files.sha256"] {
        damage(&folder.join(name));
    }
    std::fs::write(&description, "{").unwrap();
    example.fail_merge("shard-damaged");
    std::fs::write(&description, &text).unwrap();
    std::fs::remove_file(folder.join(&image)).unwrap();
    example.fail_merge("shard-damaged");
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::rename(&kept, &folder).unwrap();
    example.merge();
}

#[test]
fn a_merge_refuses_another_version_source_or_configuration() {
    let example = Example::new(None);
    example.plan(1);
    example.derive(1);
    let plan = std::fs::read_to_string(example.plan_path()).unwrap();
    let write_plan = |text: &str| std::fs::write(example.plan_path(), text).unwrap();
    let version = format!("\"program\": \"{}", env!("CARGO_PKG_VERSION"));
    write_plan(&plan.replace(&version, "\"program\": \"99.0.0"));
    assert!(example.fail_merge("plan-version").contains("99.0.0"));
    assert!(example.fail_derive("1", "plan-version").contains("99.0.0"));
    write_plan("{}");
    example.fail_merge("plan-invalid");
    write_plan(&plan);

    let config = example.archive.path().join("khizana.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("1600", "1400")).unwrap();
    example.fail_merge("plan-configuration");
    // The title of the archive does not change any derivative.
    std::fs::write(&config, format!("{text}[title]\nen = \"Other\"\n")).unwrap();

    let table = example.source.join("metadata.csv");
    let rows = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, rows.replace("Two in one", "Several in one")).unwrap();
    let message = example.fail_merge("plan-outdated");
    assert!(message.contains("descriptions"), "{message}");
    std::fs::write(&table, rows).unwrap();

    let image = example.source.join("images/plate.png");
    let (bytes, time) = (
        std::fs::read(&image).unwrap(),
        std::fs::metadata(&image).unwrap().modified().unwrap(),
    );
    let set_time = |time| {
        let file = std::fs::File::options().write(true).open(&image);
        file.unwrap().set_modified(time).unwrap();
    };
    set_time(time + Duration::from_secs(1));
    let message = example.fail_merge("plan-outdated");
    assert!(message.contains("images/plate.png"), "{message}");
    std::fs::rename(example.shard_folder(1), example.archive.sibling("kept")).unwrap();
    let message = example.fail_derive("1", "plan-outdated");
    assert!(message.contains("images/plate.png"), "{message}");
    std::fs::rename(example.archive.sibling("kept"), example.shard_folder(1)).unwrap();

    // A change that keeps the size and the time is noticed when the file is stored.
    let mut changed = bytes;
    *changed.last_mut().unwrap() ^= 1;
    std::fs::write(&image, changed).unwrap();
    set_time(time);
    let plan_path = example.plan_path();
    let merge = ["merge", "--json", "--plan", plan_path.to_str().unwrap()];
    let problems = example.run(1, &merge).json()["problems"].take();
    let problems = problems.as_array().unwrap();
    let changed = problems
        .iter()
        .find(|problem| problem["code"] == "file-changed");
    assert_eq!(changed.unwrap()["item"], "plate");
}

#[test]
fn the_time_of_the_environment_must_be_a_number() {
    let archive = Archive::new();
    let output = khizana()
        .env("SOURCE_DATE_EPOCH", "yesterday")
        .args(["--json", "ingest"])
        .arg(fixture("letters"))
        .arg("--archive")
        .arg(archive.path())
        .output()
        .unwrap();
    let output = ProgramOutput::new(output);
    assert_eq!(output.status, Some(2));
    assert_eq!(output.json()["error"]["code"], "time-invalid");
}
