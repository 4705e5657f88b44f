//! The limits of the host of a site: number and size of its files.

use khizana_model::{ArchiveConfig, HostConfig, Pages, Problem, Progress, message, plural};
use khizana_pages::collection_pages;
use khizana_site::SiteManifest;
use khizana_store::config::CONFIG_FILE;

use crate::PublishError;
use crate::records::ItemPageQuota;
use crate::records::plan::Plan;

/// Number of files of a site in addition to those of its items: the viewer, feeds, and the pages of facet values.
const FIXED_FILES: u64 = 1_500;
/// Number of records per file of the records and the search index, rounded down.
const RECORDS_PER_FILE: u64 = 50;
/// Maximum number of files that a file of an item leads to: a text, its lines, and the original.
const FILES_PER_FILE: u64 = 3;

/// Returns the pages that are written: those of the configuration, or else the most that the host accepts.
///
/// # Errors
/// Returns [`PublishError::TooManyFiles`] if the configured pages alone exceed the number of files.
pub(crate) fn choose_pages(
    config: &ArchiveConfig,
    plan: &Plan,
    is_on_request: bool,
) -> Result<Pages, PublishError> {
    if is_on_request {
        return Ok(match config.pages {
            Some(Pages::None) => Pages::None,
            _ => Pages::Items,
        });
    }
    let [limit, ..] = config.host.limits();
    let Some(limit) = limit else {
        return Ok(config.pages.unwrap_or(Pages::Items));
    };
    let Some(pages) = config.pages else {
        let fits = planned_files(config, plan) <= limit;
        return Ok(if fits { Pages::Items } else { Pages::Lists });
    };
    let planned = planned_pages(config, plan, pages);
    if planned > limit {
        return Err(PublishError::TooManyFiles { planned, limit });
    }
    Ok(pages)
}

/// Returns the number of HTML pages of items and collections.
fn planned_pages(config: &ArchiveConfig, plan: &Plan, pages: Pages) -> u64 {
    let items = match pages {
        Pages::Items => u64::from(plan.items()),
        Pages::Lists => 0,
        Pages::None => return 0,
    };
    let collections = plan.collections.iter();
    let lists = collections.map(|planned| u64::from(collection_pages(pages, planned.items)));
    (items + lists.sum::<u64>()) * config.languages.len() as u64
}

/// Returns an estimate of the number of files with a page for each item, which is rather too high.
fn planned_files(config: &ArchiveConfig, plan: &Plan) -> u64 {
    let images = plan.source_pages.len() as u64;
    let derivatives = images * (config.widths.len() as u64 + 3);
    let with_files = plan.with_files.len() as u64;
    let descriptions = match config.url {
        Some(_) => images + with_files * (2 + config.languages.len() as u64),
        None => 0,
    };
    planned_pages(config, plan, Pages::Items) + derivatives + descriptions + other_files(plan)
}

/// Returns an estimate of the number of files that are neither pages nor derivatives.
fn other_files(plan: &Plan) -> u64 {
    let data = u64::from(plan.items()) / RECORDS_PER_FILE;
    FIXED_FILES + data + plan.files * FILES_PER_FILE
}

/// Announces which items have no pages, and what they lack therefore.
pub(crate) fn announce(config: &ArchiveConfig, plan: &Plan, pages: Pages, progress: &dyn Progress) {
    if pages != Pages::Lists {
        return;
    }
    let items = u64::from(plan.items());
    let with_files = plan.with_files.len() as u64;
    let without = items - with_files.min(items);
    let without = plural!(
        "{count} item has no files and gets no page: the page of its collection and the viewer display it, without preview card, citation tags, IIIF manifest and embedding",
        "{count} items have no files and get no page: the pages of their collections and the viewer display them, without preview cards, citation tags, IIIF manifests and embedding",
        count = without
    );
    let with = plural!(
        "{count} item with files gets a page if it fits",
        "{count} items with files get pages as long as they fit",
        count = with_files
    );
    let [limit, ..] = config.host.limits();
    progress.announce(&match limit {
        Some(limit) => message!(
            "The host accepts {limit} files. {without}; {with}.",
            limit = limit,
            without = without,
            with = with
        ),
        None => message!("{without}; {with}.", without = without, with = with),
    });
}

/// Returns the quota of the pages of items. `written` is the number of files that have been written so far. Returns
/// `None` if it is not limited.
pub(crate) fn item_page_quota<'a>(
    config: &ArchiveConfig,
    plan: &'a Plan,
    pages: Pages,
    written: u64,
) -> Option<ItemPageQuota<'a>> {
    if pages != Pages::Lists {
        return None;
    }
    let [limit, ..] = config.host.limits();
    let used = written + planned_pages(config, plan, pages) + other_files(plan);
    Some(ItemPageQuota {
        with_files: &plan.with_files,
        files: limit.map_or(u64::MAX, |limit| limit.saturating_sub(used)),
        languages: config.languages.len() as u64,
        has_url: config.url.is_some(),
    })
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
                "Leave out `pages`, remove `iiif.tiles`, publish fewer `widths` or languages, or choose another host."
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
