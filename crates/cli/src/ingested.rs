//! The output of `ingest` and `merge`.

use khizana_args::Args;
use khizana_ingest::{Changes, Summary};
use khizana_model::{Message, message, plural, printable};

use crate::failure::Failure;
use crate::output;

/// Prints what an ingest is going to change.
pub fn report(changes: &Changes) {
    if changes.added.is_empty() && changes.changed.is_empty() && changes.removed.is_empty() {
        return;
    }
    output::message(&message!(
        "{added} to add, {changed} to change, {removed} to remove",
        added = changes.added.len(),
        changed = changes.changed.len(),
        removed = changes.removed.len(),
    ));
}

/// Prints the result of an ingest. Returns `false` if items were rejected.
///
/// # Errors
/// Returns an error if the result cannot be written.
pub fn print(args: &Args, summary: &Summary) -> Result<bool, Failure> {
    output::problems(&summary.problems);
    if let Some(changes) = &summary.changes {
        let list = |ids: &[String], line: fn(String) -> Message| {
            for id in ids {
                output::message(&line(printable(id)));
            }
        };
        list(&changes.added, |id| message!("add {id}", id));
        list(&changes.changed, |id| message!("change {id}", id));
        list(&changes.reduced, |id| message!("reduce {id}", id));
        list(&changes.removed, |id| message!("remove {id}", id));
    }
    for file in &summary.restored {
        output::message(&message!("restored {file}", file = printable(file)));
    }
    output::result(args.json, summary, || {
        let items = message!(
            "{items} in the archive: {added} added, {changed} changed, {unchanged} unchanged, {removed} removed",
            items = output::items(summary.items),
            added = summary.added,
            changed = summary.changed,
            unchanged = summary.unchanged,
            removed = summary.removed
        );
        let ingested = match summary.bytes_in {
            0 => items,
            read => message!(
                "{items}; {read} read, {stored} stored",
                items,
                read = output::bytes(read),
                stored = output::bytes(summary.bytes_stored)
            ),
        };
        let ingested = match summary.fetched {
            0 => ingested,
            count => message!(
                "{ingested}; {images} fetched",
                ingested,
                images = plural!("{count} image", "{count} images", count)
            ),
        };
        vec![output::text(&ingested)]
    })?;
    Ok(!summary.has_errors())
}
