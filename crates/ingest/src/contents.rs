//! Validation of tables of contents.

use khizana_model::{Problem, RowPosition, message};
use khizana_source::SourceItem;

/// Returns a problem if a section begins after the last page of an item. The number of pages is
/// known only after the files have been inspected.
pub fn beyond_last_page(item: &SourceItem, position: &RowPosition, pages: u32) -> Option<Problem> {
    let sections = &item.item.contents;
    let section = sections.iter().find(|section| section.file >= pages)?;
    let problem = Problem::error(
        "toc-invalid",
        message!(
            "A section in `toc` begins on page {from}, but the last page of the item is page {pages}.",
            from = u64::from(section.file) + 1,
            pages
        ),
        "Number the pages continuously across all files of the item. A file without pages counts as one page.",
    );
    Some(problem.in_row(position).of_item(item.item.id.as_str()))
}
