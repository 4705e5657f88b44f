//! An estimate of the work on a source: a part of its files is processed, and the rest is extrapolated.

use std::path::Path;
use std::time::Instant;

use khizana_model::{Problem, Progress, Severity};
use khizana_store::config;
use serde::Serialize;

use crate::derive::derive;
use crate::plan::{Fixed, Plan};
use crate::{ShardsError, files};

/// Number of files in the part that is processed. Larger parts give better estimates.
const SAMPLE_FILES: u64 = 24;
/// Maximum number of parts.
const MAX_SHARDS: u64 = 100_000;

/// Number of items per page of a collection.
const ITEMS_PER_LIST: u64 = 24;
/// Size of the page of an item in one language, in bytes.
const PAGE_BYTES: u64 = 13_000;
/// Size of a record in the index and in the records, in bytes.
const RECORD_BYTES: u64 = 320;
/// Number of records per file of the records and the index.
const RECORDS_PER_FILE: u64 = 60;
/// Number and size of the files that every site has.
const VIEWER: (u64, u64) = (40, 2_000_000);
/// Processor time for the record and the pages of an item, in seconds per language.
const SECONDS_PER_PAGE: f64 = 0.000_2;

/// An estimate of the work on a source. Its JSON members are stable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// Number of items.
    pub items: u64,
    /// Number of files of the source.
    pub source_files: u64,
    /// Their total size in bytes, about which the store grows.
    pub source_bytes: u64,
    /// Number of files that were processed for the estimate.
    pub sample_files: u64,
    /// Their total size in bytes.
    pub sample_bytes: u64,
    /// The time that this took on this machine, in seconds.
    pub sample_seconds: f64,
    /// Estimated number of files of the site, with a page for each item.
    pub site_files: u64,
    /// Estimated size of the site in bytes.
    pub site_bytes: u64,
    /// Estimated time of the ingest and the publication on this machine, in seconds.
    pub seconds: f64,
    /// The problems of the table.
    pub problems: Vec<Problem>,
}

impl Estimate {
    /// Returns `true` if one of the problems is an error (exit status 1).
    pub fn has_errors(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.any(|problem| problem.severity == Severity::Error)
    }
}

/// Estimates the work on a source. `program` is the version of the program. Writes only to a temporary folder.
///
/// # Errors
/// Returns an error if the archive or the source cannot be read, or if a file of the sample cannot be processed.
pub fn estimate(
    archive: &Path,
    source: &Path,
    program: &str,
    progress: &dyn Progress,
) -> Result<Estimate, ShardsError> {
    let languages = config::load(archive)?.languages.len() as u64;
    let make = |shards: u32| {
        let fixed = Fixed {
            program: program.to_owned(),
            created: "1970-01-01T00:00:00Z".to_owned(),
            shards,
        };
        Plan::of(archive, source, fixed, progress)
    };
    let (mut plan, problems) = make(1)?;
    let source_files = plan.files.len() as u64;
    let shards = (source_files / SAMPLE_FILES).clamp(1, MAX_SHARDS);
    plan.distribute(u32::try_from(shards).unwrap_or(u32::MAX));
    let source_bytes: u64 = plan.files.iter().map(|file| file.bytes).sum();
    let folder = tempfile::tempdir().map_err(ShardsError::io("create", &std::env::temp_dir()))?;
    let path = folder.path().join("plan.json");
    plan.write(&path)?;
    let start = Instant::now();
    let sample = derive(&path, 1, program, progress)?;
    let sample_seconds = start.elapsed().as_secs_f64();
    let (derived_files, derived_bytes) =
        files::count(&sample.folder).map_err(ShardsError::io("read", &sample.folder))?;

    // The sample contains files of all sizes, but not of all kinds.
    let ratio = source_bytes as f64 / sample.bytes.max(1) as f64;
    let whole = |part: u64| (part as f64 * ratio) as u64;
    let items = plan.head.items;
    let lists = items.div_ceil(ITEMS_PER_LIST);
    let data = items / RECORDS_PER_FILE;
    let pages = (items + lists) * languages;
    Ok(Estimate {
        items,
        source_files,
        source_bytes,
        sample_files: sample.files,
        sample_bytes: sample.bytes,
        sample_seconds,
        site_files: whole(derived_files) + pages + data + VIEWER.0,
        site_bytes: whole(derived_bytes) + pages * PAGE_BYTES + items * RECORD_BYTES + VIEWER.1,
        seconds: sample_seconds * ratio + (items * languages) as f64 * SECONDS_PER_PAGE,
        problems,
    })
}
