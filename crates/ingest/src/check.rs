//! `check`: reports every problem of a source and writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use khizana_media::PixelGate;
use khizana_model::{Id, Problem, Progress, RowPosition, sort_problems};
use khizana_source::{self as source, SourceError, SourceItem};
use khizana_store::Store;
use rayon::prelude::*;
use serde::Serialize;

use super::completeness::Completeness;
use super::file_problem::FileContext;
use super::has_errors;
use super::inspect::{Inspection, file_uses, inspect};
use super::validate::validate;

/// Number of rows that are validated as a batch.
const BATCH: usize = 64;

/// The result of checking a source. `check --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// Identifier of the collection that the source describes.
    pub collection: String,
    /// Number of items without errors.
    pub items: u64,
    /// Number of rows that are left out because of an error.
    pub rejected: u64,
    /// Numbers of items without errors that lack a part of their description.
    pub completeness: Completeness,
    /// Number of images on other hosts that are not in the store.
    pub remote_images: u64,
    /// All problems, in the order of the table.
    pub problems: Vec<Problem>,
}

impl CheckReport {
    /// Returns `true` if one of the problems is an error (exit status 1).
    pub fn has_errors(&self) -> bool {
        has_errors(&self.problems)
    }
}

/// Validates a source by the rules of [`ingest`](super::ingest()), without writing anything.
///
/// `archive` is only read to find out which images on other hosts are in its store. It need not be an
/// archive. Problems that only an archive reveals are not reported: an identifier that belongs to another
/// collection, and items that would be removed.
///
/// # Errors
/// Returns a [`SourceError`] if the source as a whole cannot be read.
pub fn check(
    path: &Path,
    archive: &Path,
    progress: &dyn Progress,
) -> Result<CheckReport, SourceError> {
    let source = source::open(path)?;
    let mut rows = source.rows()?;
    let gate = PixelGate::default();
    let collected = Mutex::new(Vec::new());
    let collect = |mut problems: Vec<Problem>| {
        let mut collected = collected.lock().unwrap_or_else(PoisonError::into_inner);
        collected.append(&mut problems);
    };
    let (mut items, mut rejected, mut remote_images) = (0, 0, 0);
    let mut completeness = Completeness::default();
    let mut stored = None;
    progress.begin("Items", Some(rows.total()));
    loop {
        let mut batch: Vec<(RowPosition, SourceItem)> = Vec::new();
        let mut count = 0;
        for row in rows.by_ref().take(BATCH) {
            count += 1;
            match row.item {
                Ok(item) => {
                    if !item.remote.is_empty() {
                        let stored = stored
                            .get_or_insert_with(|| stored_urls(archive, &source.collection.id));
                        let images = item.remote.iter();
                        let missing = images.filter(|file| !stored.contains(&file.image.url));
                        remote_images += missing.count() as u64;
                    }
                    batch.push((row.position, item));
                }
                Err(problems) => collect(problems),
            }
        }
        if count == 0 {
            break;
        }
        let accepted: Vec<Completeness> = batch
            .par_iter()
            .filter_map(|(position, item)| {
                let problems = check_item(item, position, &gate);
                let accepted = !has_errors(&problems);
                let completeness = accepted.then(|| Completeness::of(item, &problems));
                collect(problems);
                completeness
            })
            .collect();
        items += accepted.len() as u64;
        rejected += count - accepted.len() as u64;
        for item in accepted {
            completeness.add(item);
        }
        progress.advance(count);
    }
    progress.end();
    let mut problems = collected
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    problems.append(&mut rows.finish());
    sort_problems(&mut problems);
    Ok(CheckReport {
        collection: source.collection.id.to_string(),
        items,
        rejected,
        completeness,
        remote_images,
        problems,
    })
}

/// Returns the URLs from which the files of a collection were fetched. Records that cannot be read are
/// skipped, because a check of a source does not depend on the store.
fn stored_urls(archive: &Path, collection: &Id) -> BTreeSet<String> {
    let records = Store::open(archive).and_then(|store| store.records(collection));
    let records = records.into_iter().flatten().map_while(Result::ok);
    let media = records.flat_map(|record| record.media);
    media.filter_map(|media| media.source).collect()
}

/// Inspects the files of an item and validates it.
fn check_item(item: &SourceItem, position: &RowPosition, gate: &PixelGate) -> Vec<Problem> {
    let uses = file_uses(&item.files);
    let inspections: BTreeMap<&str, Inspection> = uses
        .par_iter()
        .map(|(name, uses)| {
            let context = FileContext {
                file: name,
                position,
                item: item.item.id.as_str(),
            };
            (*name, inspect(context, uses, gate))
        })
        .collect();
    validate(item, position, &uses, &inspections)
}
