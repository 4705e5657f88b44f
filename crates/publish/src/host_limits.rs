//! The limits of the host of a site: number and size of its files.

use khizana_model::{HostConfig, Pages, Problem, message};
use khizana_pages::collection_pages;
use khizana_site::SiteManifest;
use khizana_store::config::CONFIG_FILE;

use crate::PublishError;
use crate::records::plan::Plan;

/// Returns the number of HTML pages of items and collections that will be written, which is less than the number of all
/// files.
fn planned_pages(plan: &Plan, pages: Pages, languages: usize) -> u64 {
    if pages == Pages::None {
        return 0;
    }
    let collections = plan.collections.iter();
    let lists: u64 = collections
        .map(|planned| u64::from(collection_pages(planned.items)))
        .sum();
    (u64::from(plan.items()) + lists) * languages as u64
}

/// Compares the pages that will be written with the limits of the host.
///
/// # Errors
/// Returns [`PublishError::TooManyFiles`] if the pages alone exceed the number of files.
pub(crate) fn check_plan(
    host: &HostConfig,
    plan: &Plan,
    pages: Pages,
    languages: usize,
) -> Result<(), PublishError> {
    let planned = planned_pages(plan, pages, languages);
    match host.limits() {
        [Some(limit), ..] if planned > limit => Err(PublishError::TooManyFiles { planned, limit }),
        _ => Ok(()),
    }
}

/// Compares the published files with the limits of the host.
pub(crate) fn check_files(host: &HostConfig, files: &SiteManifest) -> Vec<Problem> {
    let [max_files, max_bytes, max_file_bytes] = host.limits();
    let mut problems = Vec::new();
    let mut report = |code, message, hint| {
        problems.push(Problem::warning(code, message, hint).in_file(CONFIG_FILE));
    };
    let count = files.len() as u64;
    if let Some(limit) = max_files.filter(|limit| count > *limit) {
        report(
            "host-files",
            message!(
                "The site has {count} files, but the host accepts {limit}.",
                count = count,
                limit = limit
            ),
            message!(
                "Set `pages = \"none\"`, remove `iiif.tiles`, publish fewer languages, or choose another host."
            ),
        );
    }
    let bytes: u64 = files.values().map(|file| file.bytes).sum();
    if let Some(limit) = max_bytes.filter(|limit| bytes > *limit) {
        report(
            "host-bytes",
            message!(
                "The site has {bytes} bytes, but the host accepts {limit}.",
                bytes = bytes,
                limit = limit
            ),
            message!(
                "Publish smaller images with `widths`, set `originals = \"needed\"`, or choose another host."
            ),
        );
    }
    let largest = files.iter().max_by_key(|(_, file)| file.bytes);
    if let (Some(limit), Some((path, file))) = (max_file_bytes, largest)
        && file.bytes > limit
    {
        report(
            "host-file-bytes",
            message!(
                "The file {path} has {bytes} bytes, but the host accepts {limit} for a file.",
                path = path,
                bytes = file.bytes,
                limit = limit
            ),
            message!(
                "Set `host.ranges = false`, which splits the tiles of large images, provide smaller recordings, or choose another host."
            ),
        );
    }
    problems
}
