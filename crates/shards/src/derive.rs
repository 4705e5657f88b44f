//! The work on the files of one shard.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use khizana_ingest::FileFacts;
use khizana_media::PixelGate;
use khizana_model::{Hash, Progress, Storage, TextFile};
use khizana_publish::prepare::{self, Original, prepare};
use khizana_store::ocfl::hash_file;
use rayon::prelude::*;
use serde::Serialize;

use crate::plan::{Plan, PlannedFile, Use};
use crate::shard::{FACTS, Shard};
use crate::{ShardsError, files};

/// The name of the folder of the results in a temporary folder.
const RESULTS: &str = "results";

/// The result of the work on a shard. `derive --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeriveSummary {
    /// The number of the shard.
    pub shard: u32,
    /// Number of shards of the plan.
    pub shards: u32,
    /// Number of files of the source in this shard.
    pub files: u64,
    /// Total size of these files in bytes.
    pub bytes: u64,
    /// The folder of the results.
    pub folder: PathBuf,
    /// `true` if the results existed before, so that nothing was written.
    pub existed: bool,
}

/// Hashes and inspects the files of a shard, and makes their derivatives. `number` is the number of the shard,
/// counted from 1, and `program` the version of the program.
///
/// Everything is written to a new folder, which is renamed when it is complete and on the disk. So a process that
/// is killed leaves a folder that nothing reads, and two processes that work on the same shard do not disturb
/// each other, even if they are on different machines: the first one that completes wins.
///
/// # Errors
/// Returns an error if the plan cannot be used, a file of the source has changed, or the results cannot be
/// written.
pub fn derive(
    plan_path: &Path,
    number: u32,
    program: &str,
    progress: &dyn Progress,
) -> Result<DeriveSummary, ShardsError> {
    let (plan, hash) = Plan::read(plan_path, program)?;
    if number == 0 || number > plan.head.shards {
        return Err(ShardsError::ShardNumber {
            number,
            shards: plan.head.shards,
        });
    }
    let shards_folder = Plan::shards_folder(plan_path);
    let folder = shards_folder.join(number.to_string());
    let planned: Vec<&PlannedFile> = plan.files_of(number).collect();
    let mut summary = DeriveSummary {
        shard: number,
        shards: plan.head.shards,
        files: planned.len() as u64,
        bytes: planned.iter().map(|file| file.bytes).sum(),
        folder: folder.clone(),
        existed: false,
    };
    if matches!(Shard::open(&folder, (&plan, hash), number), Ok(Some(_))) {
        summary.existed = true;
        return Ok(summary);
    }
    files::make_folder(&shards_folder)?;
    // The folder is removed at the end. Its name is not a number, so that nothing reads what a process leaves that
    // is killed.
    let attempt = tempfile::Builder::new()
        .prefix(&format!("{number}."))
        .tempdir_in(&shards_folder)
        .map_err(ShardsError::io("create", &shards_folder))?;
    let results = attempt.path().join(RESULTS);
    // Unlike the temporary folder, it has the permissions that the user has chosen for new files.
    files::make_folder(&results)?;
    let names = write_results(&results, &plan, &planned, progress)?;
    Shard::complete(&results, (&plan, hash), number, &names)?;
    summary.existed = !place(attempt.path(), &folder, || {
        Shard::open(&folder, (&plan, hash), number).is_ok_and(|shard| shard.is_some())
    })?;
    files::sync_folder(&shards_folder)?;
    Ok(summary)
}

/// Writes the results of a shard to a folder. Returns the names and the hashes of the files.
fn write_results(
    folder: &Path,
    plan: &Plan,
    planned: &[&PlannedFile],
    progress: &dyn Progress,
) -> Result<Vec<(String, Hash)>, ShardsError> {
    let root = &plan.head.root;
    let check = || -> Result<(), ShardsError> {
        let mut texts = planned.iter().flat_map(|file| &file.texts);
        planned
            .iter()
            .try_for_each(|file| file.check_unchanged(root))?;
        texts.try_for_each(|text| match plan.file(&text.name) {
            Some(file) => file.check_unchanged(root),
            None => Ok(()),
        })
    };
    check()?;
    let gate = PixelGate::default();
    progress.begin("Files", Some(planned.len() as u64));
    let facts: Result<Vec<FileFacts>, ShardsError> = planned
        .par_iter()
        .map(|file| {
            let path = file.path(root);
            let facts = FileFacts::of(&file.name, &file.file_uses(&path), &gate);
            progress.advance(1);
            facts.map_err(ShardsError::io("read", &path))
        })
        .collect();
    progress.end();
    let facts = facts?;
    let originals = originals(plan, planned, &facts)?;
    let prepared = prepare(folder, &originals, &plan.head.derivatives, progress)?;
    // A file that changed in the meantime may be half old and half new.
    check()?;
    let mut lines = Vec::new();
    for facts in &facts {
        let written = serde_json::to_writer(&mut lines, facts);
        written.map_err(|error| ShardsError::io("write", &folder.join(FACTS))(error.into()))?;
        lines.push(b'\n');
    }
    files::write_synced(&folder.join(FACTS), &lines)?;
    let mut names: Vec<(String, Hash)> = prepared
        .into_iter()
        .map(|(name, hash)| (format!("{}/{name}", prepare::FILES), hash))
        .collect();
    let mut others = vec![FACTS.to_owned()];
    for name in prepare::CACHE_FILES {
        let path = folder.join(name);
        if path.is_file() {
            files::sync_file(&path)?;
            others.push(name.to_owned());
        }
    }
    for name in others {
        let path = folder.join(&name);
        let (hash, _) = hash_file(&path).map_err(ShardsError::io("read", &path))?;
        names.push((name, hash));
    }
    Ok(names)
}

/// Returns the files from which derivatives are made.
fn originals(
    plan: &Plan,
    planned: &[&PlannedFile],
    facts: &[FileFacts],
) -> Result<Vec<Original>, ShardsError> {
    let root = &plan.head.root;
    let by_name: BTreeMap<&str, &FileFacts> = facts
        .iter()
        .map(|facts| (facts.name.as_str(), facts))
        .collect();
    let mut originals = Vec::new();
    for (file, facts) in planned.iter().zip(facts) {
        let Some(media) = facts.media() else {
            continue;
        };
        let mut texts = Vec::new();
        for planned_text in &file.texts {
            let Some(text) = plan.file(&planned_text.name) else {
                continue;
            };
            let path = text.path(root);
            // The text may belong to another shard.
            let sha256 = match by_name.get(text.name.as_str()) {
                Some(facts) => facts.sha256,
                None => hash_file(&path).map_err(ShardsError::io("read", &path))?.0,
            };
            let text = TextFile {
                name: text.name.clone(),
                sha256,
                bytes: text.bytes,
                language: planned_text.language.clone(),
                storage: Storage::Raw,
            };
            texts.push((path, text));
        }
        originals.push(Original {
            path: file.path(root),
            item: file.item.clone(),
            media,
            is_part: file.uses.contains(&Use::Part),
            is_poster: file.uses.contains(&Use::Poster),
            has_siblings: file.has_siblings,
            texts,
        });
    }
    Ok(originals)
}

/// Moves the complete results in the folder `attempt` to their place. Returns `false` if another process has
/// completed the same shard in the meantime, as `is_complete` finds out.
fn place(
    attempt: &Path,
    folder: &Path,
    is_complete: impl Fn() -> bool,
) -> Result<bool, ShardsError> {
    if folder.exists() {
        if is_complete() {
            return Ok(false);
        }
        // The results of another plan, or damaged ones.
        let replaced = attempt.join("replaced");
        fs::rename(folder, replaced).map_err(ShardsError::io("write", folder))?;
    }
    match fs::rename(attempt.join(RESULTS), folder) {
        Ok(()) => Ok(true),
        Err(_) if is_complete() => Ok(false),
        Err(error) => Err(ShardsError::io("write", folder)(error)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_two_processes_wins() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let make = |name: &str| {
            fs::create_dir_all(at(name).join(RESULTS)).unwrap();
            fs::write(at(name).join(RESULTS).join("by"), name).unwrap();
        };
        let winner = || fs::read_to_string(at("3").join("by")).unwrap();
        make("3.a");
        make("3.b");
        assert!(place(&at("3.a"), &at("3"), || true).unwrap());
        assert!(!place(&at("3.b"), &at("3"), || true).unwrap());
        assert_eq!(winner(), "3.a");
        // Results that cannot be used are replaced.
        make("3.c");
        assert!(place(&at("3.c"), &at("3"), || false).unwrap());
        assert_eq!(winner(), "3.c");
    }
}
