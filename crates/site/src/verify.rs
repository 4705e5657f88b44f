//! Verification of a published site: every file is compared with the manifest.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use khizana_format::{FetchError, ObjectError, ReadError, Root, hash_of, object_path};
use khizana_model::{Problem, Progress, Severity, StateId, printable};
use serde::Serialize;

use crate::manifest::{SiteFile, read_manifest};
use crate::site::hash_file;

/// The result of verifying a site. `verify --site --json` prints it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SiteReport {
    /// Number of files that were hashed.
    pub files: u64,
    /// Total size of these files in bytes.
    pub bytes: u64,
    /// The state of the store that the site was published from, if it is known.
    pub state: Option<StateId>,
    /// The problems that were found. File paths are relative to the site.
    pub problems: Vec<Problem>,
}

impl SiteReport {
    /// Returns `true` if no error was found.
    pub fn is_intact(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.all(|problem| problem.severity != Severity::Error)
    }
}

const HINT: &str = "Publish the archive again.";

/// Compares every file of the site in a folder with what was published: its size and its hash. Also reports
/// files that do not belong to the site.
pub fn verify_site(root: &Path, progress: &dyn Progress) -> SiteReport {
    let mut report = SiteReport::default();
    if let Err(problem) = check_root(root, &mut report) {
        report.problems.push(*problem);
        return report;
    }
    let manifest = match read_manifest(root) {
        Ok(Some(manifest)) => manifest,
        Ok(None) => {
            let message =
                "The site was published by a version of khizana that did not list its files.";
            let problem = Problem::error("site-manifest-missing", message, HINT);
            report.problems.push(problem.in_file("archive.json"));
            return report;
        }
        Err(error) => {
            report.problems.push(damaged_manifest(&error));
            damaged_objects(root, &mut report);
            return report;
        }
    };
    progress.begin("Files", Some(manifest.len() as u64));
    for (path, file) in &manifest {
        report.files += 1;
        report.bytes += file.bytes;
        report.problems.extend(check_file(root, path, file));
        progress.advance(1);
    }
    progress.end();
    let mut unknown = BTreeSet::new();
    collect_files(root, root, &mut unknown);
    for path in unknown {
        // The objects of the manifest are verified while it is read.
        let is_known =
            manifest.contains_key(&path) || path == "archive.json" || is_object(root, &path);
        if !is_known {
            let problem = Problem::warning(
                "site-file-unknown",
                "The file was not published by khizana.",
                "If the file is not needed, remove it.",
            );
            report.problems.push(problem.in_file(printable(&path)));
        }
    }
    report
}

/// Checks `archive.json` against its snapshot identifier.
fn check_root(root: &Path, report: &mut SiteReport) -> Result<(), Box<Problem>> {
    let damaged = |message: &str| {
        let problem = Problem::error("site-file-damaged", message, HINT);
        Box::new(problem.in_file("archive.json"))
    };
    let json = match fs::read(root.join("archive.json")) {
        Ok(json) => json,
        Err(error) => {
            let problem = Problem::error(
                "site-file-missing",
                format!("The file cannot be read: {error}."),
                HINT,
            );
            return Err(Box::new(problem.in_file("archive.json")));
        }
    };
    let parsed: Root = khizana_json::from_slice(&json)
        .map_err(|error| damaged(&format!("The file is malformed: {error}.")))?;
    report.state = parsed.state;
    let is_canonical = serde_json::to_vec(&parsed).is_ok_and(|canonical| canonical == json);
    let without_later_members = Root {
        snapshot: String::new(),
        state: None,
        files: None,
        ..parsed.clone()
    };
    let snapshot = serde_json::to_vec(&without_later_members).unwrap_or_default();
    if !is_canonical || hash_of(&snapshot).to_string() != parsed.snapshot {
        return Err(damaged(
            "The file was changed: it does not match its snapshot identifier.",
        ));
    }
    Ok(())
}

fn check_file(root: &Path, path: &str, file: &SiteFile) -> Option<Problem> {
    let (code, message) = match fs::symlink_metadata(root.join(path)) {
        Ok(metadata) if !metadata.is_file() => (
            "site-file-damaged",
            "The file was replaced by a link or a folder.".to_owned(),
        ),
        Ok(metadata) if metadata.len() != file.bytes => (
            "site-file-damaged",
            format!(
                "The file has {} bytes, and was published with {}.",
                metadata.len(),
                file.bytes
            ),
        ),
        Ok(_) => match hash_file(&root.join(path)) {
            Ok(found) if found == file.sha256 => return None,
            Ok(found) => (
                "site-file-damaged",
                format!("SHA-256 mismatch: expected {}, found {found}.", file.sha256),
            ),
            Err(error) => (
                "site-file-missing",
                format!("The file cannot be read: {error}."),
            ),
        },
        Err(error) => (
            "site-file-missing",
            format!("The file cannot be read: {error}."),
        ),
    };
    Some(Problem::error(code, message, HINT).in_file(printable(path)))
}

fn damaged_manifest(error: &ReadError) -> Problem {
    let path = match error {
        ReadError::Fetch(
            FetchError::NotFound(path)
            | FetchError::Status { path, .. }
            | FetchError::Unreachable { path, .. },
        ) => path.clone(),
        ReadError::Object(
            ObjectError::Damaged { expected: hash, .. } | ObjectError::Undecodable(hash),
        ) => object_path(hash),
        _ => "archive.json".to_owned(),
    };
    let message = format!("The list of the published files cannot be read: {error}.");
    Problem::error("site-file-damaged", message, HINT).in_file(path)
}

/// Reports the objects that differ from their names, which are known without the manifest.
fn damaged_objects(root: &Path, report: &mut SiteReport) {
    let mut files = BTreeSet::new();
    collect_files(root, &root.join("o"), &mut files);
    for path in files {
        let is_reported = report
            .problems
            .iter()
            .any(|problem| problem.file.as_deref() == Some(&path));
        if !is_reported && !is_object(root, &path) {
            let message = "The content of the object differs from its name.";
            let problem = Problem::error("site-file-damaged", message, HINT);
            report.problems.push(problem.in_file(printable(&path)));
        }
    }
}

/// Returns `true` if a file is an object whose name is its hash.
fn is_object(root: &Path, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("o/")
        && hash_file(&root.join(path)).is_ok_and(|found| found.to_string() == name)
}

fn collect_files(root: &Path, folder: &Path, files: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect_files(root, &path, files);
            continue;
        }
        let relative = path.strip_prefix(root).unwrap_or(&path);
        let parts: Vec<_> = relative
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        files.insert(parts.join("/"));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_compared_with_their_names_without_the_manifest() {
        let dir = tempfile::tempdir().unwrap();
        let paths = [b"one", b"two"].map(|content| object_path(&hash_of(content)));
        for path in &paths {
            let file = dir.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, b"two").unwrap();
        }
        let mut report = SiteReport::default();
        damaged_objects(dir.path(), &mut report);
        let files: Vec<_> = report
            .problems
            .into_iter()
            .map(|problem| problem.file)
            .collect();
        assert_eq!(files, [Some(paths[0].clone())]);
    }

    #[test]
    fn a_damaged_manifest_is_reported_with_the_path_of_its_object() {
        let path = object_path(&hash_of(b"one"));
        let missing = ReadError::Fetch(FetchError::NotFound(path.clone()));
        let undecodable = ReadError::Object(ObjectError::Undecodable(hash_of(b"one")));
        for error in [missing, undecodable] {
            assert_eq!(damaged_manifest(&error).file, Some(path.clone()));
        }
    }
}
