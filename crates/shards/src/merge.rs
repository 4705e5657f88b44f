//! The merge of all shards into the archive.

use std::fs;
use std::path::{Path, PathBuf};

use khizana_ingest::{Changes, Prepared, Removal, Summary, ingest_prepared};
use khizana_model::{Hash, NoProgress, Progress};
use khizana_publish::prepare::{self, add_to_cache};
use rayon::prelude::*;

use crate::plan::{Fixed, Plan};
use crate::shard::{FACTS, Shard};
use crate::{ShardsError, files};

/// Options of [`merge()`].
#[derive(Debug, Clone, Copy, Default)]
pub struct MergeOptions {
    /// The number of items that may be removed or reduced, as for an ingest.
    pub removal: Option<Removal>,
    /// The number of the newest state of the store, as for an ingest.
    pub accept_state: Option<u64>,
}

/// Ingests a source with the results of the shards of its plan, and gives the derivatives to the cache of the
/// archive. `program` is the version of the program. Calls `report` with the changes before the store is written.
///
/// The shards remain. If the merge is interrupted, it can be repeated.
///
/// # Errors
/// Returns an error before anything is written if the plan cannot be used, the source or the configuration has
/// changed since, or a shard is missing or damaged. Returns another error if the ingest fails.
pub fn merge(
    archive: &Path,
    plan_path: &Path,
    program: &str,
    options: &MergeOptions,
    report: &dyn Fn(&Changes),
    progress: &dyn Progress,
) -> Result<Summary, ShardsError> {
    let (plan, hash) = Plan::read(plan_path, program)?;
    let fixed = Fixed {
        program: program.to_owned(),
        created: plan.head.created.clone(),
        shards: plan.head.shards,
    };
    let (now, _) = Plan::of(archive, &plan.head.source, fixed, &NoProgress)?;
    plan.check_same(&now)?;
    drop(now);
    let shards = open_shards(plan_path, (&plan, hash))?;
    let mut prepared = Prepared {
        created: Some(plan.head.created.clone()),
        ..Prepared::default()
    };
    let count = shards.iter().map(|shard| shard.files.len() as u64).sum();
    progress.begin("Files", Some(count));
    // All shards are checked before the first file is linked.
    for shard in &shards {
        check(shard, progress)?;
        read_facts(shard, &plan, &mut prepared)?;
    }
    progress.end();
    let target = prepare::folder_of(archive);
    for shard in &shards {
        link_files(shard, &target)?;
    }
    let folders: Vec<PathBuf> = shards.into_iter().map(|shard| shard.folder).collect();
    add_to_cache(archive, &folders)?;
    let options = khizana_ingest::Options {
        removal: options.removal,
        accept_state: options.accept_state,
        ..khizana_ingest::Options::default()
    };
    let source = &plan.head.source;
    let summary = ingest_prepared(archive, source, &options, &prepared, report, progress)?;
    Ok(summary)
}

/// Opens the results of all shards.
fn open_shards(plan_path: &Path, plan: (&Plan, Hash)) -> Result<Vec<Shard>, ShardsError> {
    let folder = Plan::shards_folder(plan_path);
    let mut shards = Vec::new();
    let mut missing = Vec::new();
    for number in 1..=plan.0.head.shards {
        match Shard::open(&folder.join(number.to_string()), plan, number)? {
            Some(shard) => shards.push(shard),
            None => missing.push(number),
        }
    }
    match missing.is_empty() {
        true => Ok(shards),
        false => Err(ShardsError::ShardsMissing {
            plan: plan_path.to_owned(),
            shards: plan.0.head.shards,
            missing,
        }),
    }
}

/// Checks the hashes of all files of a shard.
fn check(shard: &Shard, progress: &dyn Progress) -> Result<(), ShardsError> {
    shard.files.par_iter().try_for_each(|(name, hash)| {
        progress.advance(1);
        shard.check(name, *hash)
    })
}

/// Reads the facts about the files of a shard.
fn read_facts(shard: &Shard, plan: &Plan, prepared: &mut Prepared) -> Result<(), ShardsError> {
    let json = fs::read_to_string(shard.folder.join(FACTS));
    let json = json.map_err(|_| shard.damaged(FACTS))?;
    let mut planned = plan.files_of(shard.number);
    for line in json.lines() {
        let facts = prepared.files.add(line).map_err(|_| shard.damaged(FACTS))?;
        if planned.next().map(|file| &file.name) != Some(&facts.name) {
            return Err(shard.damaged(FACTS));
        }
    }
    match planned.next() {
        None => Ok(()),
        Some(_) => Err(shard.damaged(FACTS)),
    }
}

/// Links the derivatives of a shard into another folder, or copies them if the folder is on another disk.
fn link_files(shard: &Shard, target: &Path) -> Result<(), ShardsError> {
    let from = shard.folder.join(prepare::FILES);
    let prefix = format!("{}/", prepare::FILES);
    let names = shard.files.par_iter();
    let names = names.filter_map(|(name, _)| name.strip_prefix(&prefix));
    names.try_for_each(|name| {
        let (from, to) = (from.join(name), target.join(name));
        if let Some(parent) = to.parent() {
            files::make_folder(parent)?;
        }
        // An earlier merge may have left the file.
        let _ = fs::remove_file(&to);
        fs::hard_link(&from, &to)
            .or_else(|_| fs::copy(&from, &to).map(|_| ()))
            .map_err(ShardsError::io("write", &to))
    })
}
