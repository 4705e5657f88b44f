//! Verification of a site in a folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::Path;

use khizana_model::{Problem, ProblemList, Progress, RateLimit, message, printable};

use super::{
    HINT, SiteReport, check_root, damaged_manifest, hash_reader, missing_manifest, other_content,
    other_size,
};
use crate::manifest::{SiteFile, read_manifest};
use crate::site::hash_file;

/// Compares every file of the site in a folder with what was published: its size and its hash. Also reports
/// files that do not belong to the site.
pub fn verify_site(root: &Path, rate: Option<&RateLimit>, progress: &dyn Progress) -> SiteReport {
    let mut report = SiteReport::default();
    let mut problems = ProblemList::default();
    verify(root, rate, progress, &mut report, &mut problems);
    (report.problems, report.omitted) = problems.into_sorted();
    report
}

fn verify(
    root: &Path,
    rate: Option<&RateLimit>,
    progress: &dyn Progress,
    report: &mut SiteReport,
    problems: &mut ProblemList,
) {
    let json = match fs::read(root.join("archive.json")) {
        Ok(json) => json,
        Err(error) => {
            let message = message!("The file cannot be read: {error}.", error);
            let problem = Problem::error("site-file-missing", message, HINT);
            return problems.push(problem.in_file("archive.json"));
        }
    };
    let (parsed, problem) = check_root(&json);
    if let Some(parsed) = parsed {
        report.state = parsed.state;
        report.title = parsed.title;
    }
    if let Some(problem) = problem {
        return problems.push(problem);
    }
    let manifest = match read_manifest(root) {
        Ok(Some(manifest)) => manifest,
        Ok(None) => return problems.push(missing_manifest()),
        Err(error) => {
            let problem = damaged_manifest(&error);
            let reported = problem.file.clone();
            problems.push(problem);
            return damaged_objects(root, reported.as_deref(), problems);
        }
    };
    progress.begin("Files", Some(manifest.len() as u64));
    for (path, file) in &manifest {
        report.files += 1;
        report.bytes += file.bytes;
        if let Some(problem) = check_file(root, path, file, rate) {
            problems.push(problem);
        }
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
            problems.push(problem.in_file(printable(&path)));
        }
    }
}

fn check_file(
    root: &Path,
    path: &str,
    file: &SiteFile,
    rate: Option<&RateLimit>,
) -> Option<Problem> {
    let unreadable = |error: std::io::Error| {
        let message = message!("The file cannot be read: {error}.", error);
        ("site-file-missing", message)
    };
    let full = root.join(path);
    let (code, message) = match fs::symlink_metadata(&full) {
        Ok(metadata) if !metadata.is_file() => (
            "site-file-damaged",
            message!("The file was replaced by a link or a folder."),
        ),
        Ok(metadata) if metadata.len() != file.bytes => {
            ("site-file-damaged", other_size(metadata.len(), file.bytes))
        }
        Ok(_) => {
            let hashed = File::open(&full).and_then(|open| hash_reader(open, file.bytes, rate));
            match hashed {
                Ok((_, found)) if found == file.sha256 => return None,
                Ok((_, found)) => ("site-file-damaged", other_content(&found, &file.sha256)),
                Err(error) => unreadable(error),
            }
        }
        Err(error) => unreadable(error),
    };
    Some(Problem::error(code, message, HINT).in_file(printable(path)))
}

/// Reports the objects that differ from their names, which are known without the manifest. Omits the path
/// `reported`.
fn damaged_objects(root: &Path, reported: Option<&str>, problems: &mut ProblemList) {
    let mut files = BTreeSet::new();
    collect_files(root, &root.join("o"), &mut files);
    for path in files {
        if reported != Some(&path) && !is_object(root, &path) {
            let message = "The content of the object differs from its name.";
            let problem = Problem::error("site-file-damaged", message, HINT);
            problems.push(problem.in_file(printable(&path)));
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
    use khizana_format::{FetchError, ObjectError, ReadError, hash_of, object_path};

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
        let mut problems = ProblemList::default();
        damaged_objects(dir.path(), None, &mut problems);
        let (problems, _) = problems.into_sorted();
        let files: Vec<_> = problems.into_iter().map(|problem| problem.file).collect();
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
