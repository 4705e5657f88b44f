//! The commands `plan`, `derive` and `merge`.

use std::path::Path;

use khizana_args::Args;
use khizana_model::{Progress, message, plural};
use khizana_shards::MergeOptions;

use crate::failure::Failure;
use crate::{LONG_VERSION, ingested, output};

/// The name of the default plan in the folder of an archive.
const PLAN: &str = "plan.json";

/// Makes a plan. Returns `false` if rows of the table are left out.
///
/// # Errors
/// Returns an error if the plan cannot be made.
pub fn plan(
    args: &Args,
    source: &Path,
    shards: u32,
    out: Option<&Path>,
    progress: &dyn Progress,
) -> Result<bool, Failure> {
    let default = args.archive.join(PLAN);
    let out = out.unwrap_or(&default);
    let archive = &args.archive;
    let summary = khizana_shards::plan(archive, source, shards, out, LONG_VERSION, progress)?;
    output::problems(&summary.problems);
    output::result(args.json, &summary, || {
        let path = out.display();
        let planned = message!(
            "planned {items}: {files}, {bytes}, in {shards} of at most {largest}. Now run, on any machines:",
            items = output::items(summary.items),
            files = output::files(summary.files),
            bytes = output::bytes(summary.bytes),
            shards = plural!("{count} shard", "{count} shards", count = summary.shards),
            largest = output::bytes(summary.largest_shard)
        );
        let each = message!("the same for each shard to {last}", last = summary.shards);
        let mut lines = vec![
            output::text(&planned),
            format!("  khizana derive --plan {path} --shard 1"),
        ];
        if summary.shards > 1 {
            lines.push(format!("  … ({})", output::text(&each)));
        }
        let archive = args.archive.display();
        lines.push(format!("  khizana --archive {archive} merge --plan {path}"));
        lines
    })?;
    Ok(!summary.has_errors())
}

/// Does the work for one shard.
///
/// # Errors
/// Returns an error if the shard cannot be completed.
pub fn derive(
    args: &Args,
    plan: &Path,
    shard: u32,
    progress: &dyn Progress,
) -> Result<bool, Failure> {
    let summary = khizana_shards::derive(plan, shard, LONG_VERSION, progress)?;
    output::result(args.json, &summary, || {
        let (shard, shards) = (summary.shard, summary.shards);
        let path = summary.folder.display();
        let done = match summary.existed {
            true => message!(
                "shard {shard} of {shards} is complete already: {path}",
                shard,
                shards,
                path
            ),
            false => message!(
                "shard {shard} of {shards} is complete: {files}, {bytes} read; the results are in {path}",
                shard,
                shards,
                files = output::files(summary.files),
                bytes = output::bytes(summary.bytes),
                path
            ),
        };
        vec![output::text(&done)]
    })?;
    Ok(true)
}

/// Merges all shards into the archive. Returns `false` if items were rejected.
///
/// # Errors
/// Returns an error if a shard is missing or the ingest fails.
pub fn merge(
    args: &Args,
    plan: &Path,
    options: &MergeOptions,
    progress: &dyn Progress,
) -> Result<bool, Failure> {
    let summary = khizana_shards::merge(
        &args.archive,
        plan,
        LONG_VERSION,
        options,
        &ingested::report,
        progress,
    )?;
    ingested::print(args, &summary)
}
