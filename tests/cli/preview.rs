//! `khizana preview`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::{Archive, khizana, read_files};

const TABLE: &str = "id,title@ar,title@en,date\n\
    a,الأول,First,1900\n\
    b,الثاني,Second,15/03/1906\n\
    c,الثالث,Third,1907\n";

/// The longest time in which a preview reaches a state, also in a debug build on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(240);

/// A source in a temporary folder, whose table can be changed.
struct Source {
    archive: Archive,
    folder: PathBuf,
}

impl Source {
    fn new() -> Source {
        let archive = Archive::without_files();
        let folder = archive.sibling("letters");
        std::fs::create_dir_all(&folder).unwrap();
        let source = Source { archive, folder };
        source.write(TABLE);
        source
    }

    /// Replaces the table as a spreadsheet program does: with a new file.
    fn write(&self, table: &str) {
        let new = self.folder.join("new.tmp");
        std::fs::write(&new, table).unwrap();
        std::fs::rename(new, self.folder.join("metadata.csv")).unwrap();
    }
}

/// A preview, which is killed when the value is dropped.
struct Preview {
    child: Child,
    address: String,
    agent: ureq::Agent,
    /// The folder in which the preview makes its temporary folder.
    temporary: PathBuf,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Preview {
    fn start(source: &Source, arguments: &[&str]) -> Preview {
        let temporary = source.archive.sibling("temporary");
        std::fs::create_dir_all(&temporary).unwrap();
        let mut child = khizana()
            .arg("preview")
            .arg(&source.folder)
            .args(["--addr", "127.0.0.1:0", "--no-open"])
            .args(arguments)
            .env("TMPDIR", &temporary)
            .env("TEMP", &temporary)
            .env("TMP", &temporary)
            .stderr(Stdio::piped())
            .current_dir(source.archive.sibling(""))
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        stderr.read_line(&mut line).unwrap();
        let address = line
            .split_once("http://")
            .and_then(|(_, rest)| rest.split_once('/'))
            .unwrap_or_else(|| panic!("no address in {line:?}"))
            .0
            .to_owned();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // A condition that is never reached fails the test.
            .timeout_global(Some(TIMEOUT))
            .build()
            .into();
        Preview {
            child,
            address,
            agent,
            temporary,
        }
    }

    fn get(&self, path: &str) -> (u16, String) {
        let url = format!("http://{}{path}", self.address);
        let mut response = self.agent.get(url).call().unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), text)
    }

    fn content(&self, lang: &str) -> Value {
        let (status, text) = self.get(&format!("/.preview/content?lang={lang}"));
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Waits for events until `is_reached` accepts the content in a language, and returns it.
    fn wait_for(&self, lang: &str, is_reached: impl Fn(&Value) -> bool) -> Value {
        let url = format!("http://{}/.preview/events", self.address);
        let response = self.agent.get(url).call().unwrap();
        // The first event is sent at once, and another after each change.
        for line in BufReader::new(response.into_body().into_reader()).lines() {
            if !line.unwrap().starts_with("data: ") {
                continue;
            }
            let content = self.content(lang);
            if is_reached(&content) {
                return content;
            }
        }
        panic!("the preview has ended");
    }

    /// Waits until the page of an item contains a text and everything is up to date.
    fn wait_for_page(&self, path: &str, text: &str) {
        self.wait_for("en", |content| {
            is_ready(content) && self.get(path).1.contains(text)
        });
    }

    /// Returns the files and folders in the folder for temporary files.
    fn temporary_entries(&self) -> usize {
        std::fs::read_dir(&self.temporary).unwrap().count()
    }
}

fn is_ready(content: &Value) -> bool {
    content["is_ready"] == true && content["is_draft"] == false
}

fn problems(content: &Value) -> &str {
    content["problems"].as_str().unwrap()
}

#[test]
fn a_changed_cell_changes_the_page_and_the_problems() {
    let source = Source::new();
    let preview = Preview::start(&source, &["--lang", "fr"]);
    preview.wait_for_page("/en/item/a/", ">First</h1>");
    let before = read_files(&source.folder);
    assert_eq!(before.len(), 1, "the preview writes to the source");

    let (_, page) = preview.get("/.preview/");
    assert!(page.contains("<html lang=\"fr\" dir=\"ltr\">"), "{page}");
    for (lang, words) in [("fr", "Que faire"), ("ar", "ما العمل")] {
        let content = preview.content(lang);
        let listed = problems(&content);
        assert!(listed.contains(words), "{listed}");
        assert!(listed.contains("15/03/1906"), "{listed}");
        assert!(
            listed.contains(&format!("href=\"/{lang}/item/b/\"")),
            "{listed}"
        );
    }

    source.write(
        &TABLE
            .replace("First", "Changed")
            .replace("15/03/1906", "1906-03-15"),
    );
    preview.wait_for_page("/en/item/a/", ">Changed</h1>");
    let content = preview.content("fr");
    assert!(!problems(&content).contains("15/03/1906"), "{content}");
    // The pages of the site that a search reads have changed too.
    let (status, collection) = preview.get("/en/collection/letters/");
    assert_eq!(status, 200);
    assert!(collection.contains("Changed"), "{collection}");
    assert_eq!(read_files(&source.folder).len(), 1);
}

#[test]
fn a_row_can_be_added_and_removed() {
    let source = Source::new();
    let preview = Preview::start(&source, &[]);
    preview.wait_for_page("/en/item/a/", ">First</h1>");
    source.write(&format!("{TABLE}d,الرابع,Fourth,\n"));
    preview.wait_for_page("/en/item/d/", ">Fourth</h1>");
    source.write(&TABLE.replace("b,الثاني,Second,15/03/1906\n", ""));
    preview.wait_for("en", |content| {
        is_ready(content) && preview.get("/en/item/b/").0 == 404
    });
    assert_eq!(preview.get("/en/item/d/").0, 404);
}

#[test]
fn an_invalid_source_keeps_the_last_good_site() {
    let source = Source::new();
    let preview = Preview::start(&source, &[]);
    preview.wait_for_page("/en/item/a/", ">First</h1>");
    source.write("name,title\nx,y\n");
    let content = preview.wait_for("en", |content| {
        problems(content).contains("class=\"error\"")
    });
    assert!(
        content["status"]
            .as_str()
            .unwrap()
            .contains("last good site"),
        "{content}"
    );
    assert!(preview.get("/en/item/a/").1.contains(">First</h1>"));
    source.write(&TABLE.replace("First", "Good again"));
    preview.wait_for_page("/en/item/a/", ">Good again</h1>");
    assert!(!problems(&preview.content("en")).contains("class=\"error\""));
}

#[test]
fn an_item_with_an_error_is_left_out_until_it_is_corrected() {
    let source = Source::new();
    let file = "id,title@en,file\na,First,scan.png\nb,Second,\n";
    source.write(file);
    let preview = Preview::start(&source, &[]);
    let content = preview.wait_for("en", is_ready);
    assert!(problems(&content).contains("scan.png"), "{content}");
    assert_eq!(preview.get("/en/item/a/").0, 404);
    let fixture = crate::support::fixture("cabinet");
    let image = find_image(&fixture);
    std::fs::copy(image, source.folder.join("scan.png")).unwrap();
    preview.wait_for_page("/en/item/a/", ">First</h1>");
    assert!(!problems(&preview.content("en")).contains("scan.png"));
}

/// Returns the path of a PNG file in a folder.
fn find_image(folder: &Path) -> PathBuf {
    let files = read_files(folder);
    let name = files.keys().find(|name| name.ends_with(".png"));
    folder.join(name.expect("the fixture has an image"))
}

#[test]
fn an_archive_gives_its_configuration_and_the_pending_changes_and_is_not_written_to() {
    let source = Source::new();
    let archive = Archive::new();
    let path = archive.path();
    archive.ok(&["ingest", source.folder.to_str().unwrap()]);
    let settings = path.join("khizana.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, text.replace("My archive", "Of the archive")).unwrap();
    let before = read_files(&path);

    source.write(
        &TABLE
            .replace("First", "Changed")
            .replace("c,الثالث,Third,1907", "d,الرابع,Fourth,"),
    );
    let preview = Preview::start(&source, &["--archive", path.to_str().unwrap()]);
    preview.wait_for_page("/en/", "Of the archive");
    let content = preview.content("en");
    let changes = content["changes"].as_str().unwrap();
    for expected in [
        "New items: 1",
        "Changed items: 1",
        "Removed items: 1",
        "Unchanged items: 1",
    ] {
        assert!(changes.contains(expected), "{changes}");
    }
    assert!(
        read_files(&path) == before,
        "the preview writes to the archive"
    );

    // The configuration and the pages are watched too.
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, text.replace("Of the archive", "Renamed")).unwrap();
    preview.wait_for_page("/en/", "Renamed");
    std::fs::create_dir_all(path.join("pages")).unwrap();
    std::fs::write(path.join("pages/about.en.md"), "# About us\n\nText.").unwrap();
    preview.wait_for_page("/en/about/", "About us");
    std::fs::write(&settings, "title = 7").unwrap();
    preview.wait_for("en", |content| problems(content).contains("khizana.toml"));
    assert!(preview.get("/en/").1.contains("Renamed"));
}

#[test]
fn other_sites_cannot_read_the_source() {
    let source = Source::new();
    let preview = Preview::start(&source, &[]);
    let url = format!("http://{}/.preview/content", preview.address);
    let response = preview
        .agent
        .get(&url)
        .header("Host", "example.org")
        .call()
        .unwrap();
    assert_eq!(response.status().as_u16(), 403);
    let response = preview.agent.get(&url).call().unwrap();
    assert!(
        response
            .headers()
            .get("access-control-allow-origin")
            .is_none()
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
}

#[cfg(unix)]
#[test]
fn the_temporary_folder_is_removed_at_the_end() {
    for signal in ["-INT", "-TERM"] {
        let source = Source::new();
        let mut preview = Preview::start(&source, &[]);
        assert_eq!(preview.temporary_entries(), 1);
        let pid = preview.child.id().to_string();
        // The program for signals has the same path on all systems.
        let status = std::process::Command::new("/bin/kill")
            .args([signal, &pid])
            .status();
        assert!(status.unwrap().success());
        assert_eq!(preview.child.wait().unwrap().code(), Some(0));
        assert_eq!(preview.temporary_entries(), 0);
    }
}

#[test]
fn a_missing_source_or_archive_is_an_error() {
    let archive = Archive::without_files();
    let missing = archive.sibling("missing");
    for (arguments, code) in [
        (
            vec!["preview", missing.to_str().unwrap()],
            "source-not-found",
        ),
        (
            vec!["preview", ".", "--archive", missing.to_str().unwrap()],
            "archive-missing",
        ),
    ] {
        let output = khizana()
            .args(&arguments)
            .arg("--no-open")
            .current_dir(archive.sibling(""))
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains(&format!("error[{code}]")), "{stderr}");
    }
}
