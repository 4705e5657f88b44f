//! The report of `check`, as an HTML page or an Excel workbook.

mod excerpt;
mod html;
mod html_sheet;
mod message_text;
mod places;
mod sheet_copy;
mod texts;
mod xlsx;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use khizana_ingest::CheckReport;
use khizana_model::{Problem, Severity, message, printable};
use khizana_source::{Source, SourceError};
use khizana_store::ocfl::now;

use self::excerpt::Excerpt;
use self::places::Kind;
use crate::failure::Failure;
use crate::report::file;
use crate::report::text::Text;

/// The result of a check, as the report describes it.
struct Report<'a> {
    /// The path of the source, as it was passed.
    source: String,
    /// The time of the check (RFC 3339).
    time: String,
    /// The counts, or `None` if the source could not be read.
    checked: Option<&'a CheckReport>,
    problems: &'a [Problem],
    kinds: Vec<Kind<'a>>,
    /// The source, if it could be opened.
    opened: Option<Source>,
}

impl Report<'_> {
    /// Returns the number of problems with a severity.
    fn count(&self, severity: Severity) -> u64 {
        let problems = self.problems.iter();
        problems
            .filter(|problem| problem.severity == severity)
            .count() as u64
    }

    /// Reads the rows of the first places of each kind.
    fn excerpt(&self, max_places: usize) -> Excerpt {
        let places = self
            .kinds
            .iter()
            .flat_map(|kind| kind.places().into_iter().take(max_places));
        let rows: BTreeSet<u64> = places.filter_map(|place| place.row).collect();
        match &self.opened {
            Some(source) => Excerpt::read(source, &rows),
            None => Excerpt::default(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Html,
    Xlsx,
}

/// The file of a report.
#[derive(Debug)]
pub struct ReportFile {
    path: PathBuf,
    format: Format,
}

impl ReportFile {
    /// Checks the extension of the file, and that it can be written and is not a file of the source.
    ///
    /// # Errors
    /// Returns an error if the report cannot be written to this path.
    pub fn new(path: &Path, source: &Path) -> Result<ReportFile, Failure> {
        let shown = printable(&path.to_string_lossy());
        let extension = path.extension().map(|e| e.to_ascii_lowercase());
        let format = match extension.as_ref().and_then(|e| e.to_str()) {
            Some("html" | "htm") => Format::Html,
            Some("xlsx") => Format::Xlsx,
            _ => {
                return Err(Failure {
                    code: "report-format",
                    message: message!(
                        "`{shown}` is not the name of an HTML page or an Excel workbook",
                        shown
                    ),
                    hint: "Name the report for example report.html or report.xlsx.".into(),
                });
            }
        };
        if is_of_source(path, source) {
            return Err(Failure {
                code: "report-in-source",
                message: message!(
                    "`{shown}` is in the source, which would then contain the report",
                    shown
                ),
                hint: "Choose a path for the report outside of the folder of the source.".into(),
            });
        }
        file::prepare(folder_of(path))?;
        Ok(ReportFile {
            path: path.to_owned(),
            format,
        })
    }

    /// Returns the path for messages.
    pub fn shown_path(&self) -> String {
        printable(&self.path.to_string_lossy())
    }

    /// Writes the report about a source that was read.
    ///
    /// # Errors
    /// Returns an error if the report cannot be written.
    pub fn write(&self, source: &Path, checked: &CheckReport) -> Result<(), Failure> {
        self.write_report(source, &checked.problems, Some(checked))
    }

    /// Writes the report about a source that could not be read.
    ///
    /// # Errors
    /// Returns an error if the report cannot be written.
    pub fn write_failure(&self, source: &Path, error: &SourceError) -> Result<(), Failure> {
        let problem = Problem::error(error.code(), error.message(), error.hint());
        self.write_report(source, &[problem], None)
    }

    fn write_report(
        &self,
        source: &Path,
        problems: &[Problem],
        checked: Option<&CheckReport>,
    ) -> Result<(), Failure> {
        let report = Report {
            source: shown_source(source),
            time: now(),
            checked,
            problems,
            kinds: places::kinds(problems),
            opened: khizana_source::open(source).ok(),
        };
        let content = match self.format {
            Format::Html => html::page(&report).into_bytes(),
            Format::Xlsx => xlsx::workbook(&report)?,
        };
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        file::replace(folder_of(&self.path), &name, &content)
    }
}

/// Returns what the accepted items lack: labels and numbers of items.
fn missing(checked: &CheckReport) -> impl Iterator<Item = (Text, u64)> {
    let items = &checked.completeness;
    let missing = [
        (texts::WITHOUT_TITLE, items.without_title),
        (texts::WITHOUT_LANGUAGE, items.without_language),
        (texts::WITHOUT_RIGHTS, items.without_rights),
        (texts::WITHOUT_MEDIA, items.without_media),
        (texts::WITHOUT_DESCRIPTION, items.without_description),
        (texts::WITHOUT_DATE, items.without_date),
        (texts::WITHOUT_PLACE, items.without_place),
        (texts::REMOTE_IMAGES, checked.remote_images),
    ];
    missing.into_iter().filter(|(_, number)| *number > 0)
}

/// Returns the path of a source for people. The path may have been passed as `.`.
fn shown_source(source: &Path) -> String {
    let full = source.canonicalize();
    printable(&full.as_deref().unwrap_or(source).to_string_lossy())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Returns `true` if a file is the table or would be in the folder of the source, where it would be read as a
/// table.
pub fn is_of_source(path: &Path, source: &Path) -> bool {
    let folder = folder_of(path).canonicalize().unwrap_or_default();
    let path = match path.canonicalize() {
        Ok(path) => path,
        Err(_) => folder.join(path.file_name().unwrap_or_default()),
    };
    source
        .canonicalize()
        .is_ok_and(|source| path.starts_with(source))
}
