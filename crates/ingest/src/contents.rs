//! Whether the table of contents of an item names pages that it has.

use super::facts::Place;
use khizana_model::Problem;
use khizana_source::Described;

/// A section that begins behind the last of an item's pages. How many pages a file has is known only
/// once it has been looked at.
pub fn beyond(described: &Described, line: u64, pages: u32) -> Option<Problem> {
    let sections = &described.item.contents;
    let wrong = sections.iter().find(|section| section.file >= pages)?;
    let name = described
        .files
        .first()
        .map_or("", |file| file.name.as_str());
    let place = Place {
        name,
        line,
        item: described.item.id.as_str(),
    };
    Some(place.problem(
        "toc-invalid",
        format!(
            "A section in `toc` begins with page {}, and the item has {pages}.",
            u64::from(wrong.file) + 1
        ),
        "Count the pages through all files of the item, a file without pages as one.",
    ))
}
