//! Validation of items. The same rules apply in `check` and `ingest`.

use std::collections::BTreeMap;

use khizana_model::{Problem, RowPosition, sort_problems};
use khizana_source::SourceItem;

use super::file_problem::FileContext;
use super::inspect::{FileUses, Inspection, MediaFacts};
use super::tracks::{ends_late, misplaced, not_a_poster};
use super::{contents, embedded, has_errors, page_text};

/// The code of the warning about an item without a title.
pub const MISSING_TITLE: &str = "title-missing";

/// Validates an item whose files have been inspected. Returns its problems in the order of the
/// table. If one of them is an error, the item is rejected.
pub fn validate(
    item: &SourceItem,
    position: &RowPosition,
    uses: &BTreeMap<&str, FileUses<'_>>,
    inspections: &BTreeMap<&str, Inspection>,
) -> Vec<Problem> {
    let context = |file| FileContext {
        file,
        position,
        item: item.item.id.as_str(),
    };
    let mut problems = Vec::new();
    for (name, inspection) in inspections {
        problems.extend(inspection.problems.iter().cloned());
        if let Some(MediaFacts::Measured(facts)) = &inspection.media
            && uses.get(name).is_some_and(|uses| uses.is_poster)
        {
            problems.extend(not_a_poster(facts, context(name)));
        }
    }
    // The sum is `None` if a file could not be measured, because the number of pages is unknown in
    // this case.
    let mut canvases = Some(0u32);
    for file in &item.files {
        let inspection = |name: &str| inspections.get(name);
        let media = inspection(&file.name).and_then(|inspection| inspection.media.as_ref());
        canvases = canvases
            .zip(media)
            .map(|(sum, media)| sum.saturating_add(media.canvases()));
        let Some(media) = media else {
            continue;
        };
        problems.extend(misplaced(file, media.kind(), context(&file.name)));
        for track in &file.tracks {
            let name = &track.file.name;
            let facts = inspection(name).and_then(|inspection| inspection.track.as_ref());
            let late = facts.and_then(|facts| ends_late(facts, media.duration_ms(), context(name)));
            problems.extend(late);
        }
        if let Some(name) = file.text.as_ref().map(|text| &text.name)
            && let Some(text) = inspection(name).and_then(|inspection| inspection.text.as_ref())
        {
            problems.append(&mut page_text::warnings(text, media.size(), context(name)));
        }
    }
    // The number of pages of images that have not been fetched is unknown.
    let fetched = item.files.iter().filter(|file| file.url.is_some()).count();
    canvases = canvases.filter(|_| fetched == item.remote.len());
    problems
        .extend(canvases.and_then(|canvases| contents::beyond_last_page(item, position, canvases)));
    if !has_errors(&problems) {
        problems.extend(missing_title(item, position));
    }
    page_text::group(&mut problems);
    sort_problems(&mut problems);
    problems
}

/// Returns a warning if an item with files has no title, neither in the table nor in its first file. The
/// source reports items without files.
fn missing_title(item: &SourceItem, position: &RowPosition) -> Option<Problem> {
    let has_title = !item.item.title.is_empty() || item.fallback_title.is_some();
    if has_title || item.files.is_empty() || embedded::embedded_title(item).is_some() {
        return None;
    }
    let warning = Problem::warning(
        MISSING_TITLE,
        "The item has no title; its identifier is displayed instead.",
        "Write the title in the column `title`, or in one of the columns `title@ar`, `title@en` and so on.",
    );
    Some(warning.in_row(position).of_item(item.item.id.as_str()))
}
