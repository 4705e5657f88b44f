//! The results of a shard: a folder that appears when it is complete.

use std::fs;
use std::path::{Path, PathBuf};

use khizana_model::Hash;
use khizana_store::ocfl::{hash_file, sha256sum_list};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::plan::Plan;
use crate::{ShardsError, files};

/// The version of the format of a shard.
const FORMAT: &str = "khizana-shard/1";

/// The name of the description of the shard, which is written last.
const DESCRIPTION: &str = "shard.json";

/// The name of the list of all other files, which `sha256sum --check` can read.
const LIST: &str = "files.sha256";

/// The name of the file with the facts about the files of the source: a JSON document per line.
pub const FACTS: &str = "facts.jsonl";

/// The description of a complete shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Description {
    format: String,
    program: String,
    /// SHA-256 of the plan.
    plan: Hash,
    shard: u32,
    /// SHA-256 of the list of files.
    files: Hash,
}

/// The results of a shard, whose description has been checked.
#[derive(Debug)]
pub struct Shard {
    /// The number of the shard.
    pub number: u32,
    /// The folder of the results.
    pub folder: PathBuf,
    /// The names and the hashes of the files.
    pub files: Vec<(String, Hash)>,
}

impl Shard {
    /// Completes the results in a folder. `files` are the names and the hashes of all files.
    pub fn complete(
        folder: &Path,
        (plan, plan_hash): (&Plan, Hash),
        number: u32,
        files: &[(String, Hash)],
    ) -> Result<(), ShardsError> {
        let list = files.iter().map(|(name, hash)| (name.as_str(), *hash));
        let list = sha256sum_list(list);
        files::write_synced(&folder.join(LIST), &list)?;
        let description = Description {
            format: FORMAT.to_owned(),
            program: plan.head.program.clone(),
            plan: plan_hash,
            shard: number,
            files: Hash(Sha256::digest(&list).into()),
        };
        // The description consists of text and numbers, which can always be serialised.
        let json = serde_json::to_vec_pretty(&description).unwrap_or_default();
        files::write_synced(&folder.join(DESCRIPTION), &json)?;
        files::sync_folder(folder)
    }

    /// Opens the results of a shard. Returns `None` if there are none.
    ///
    /// # Errors
    /// Returns an error if they belong to another plan or another version of the program, or are damaged.
    pub fn open(
        folder: &Path,
        (plan, plan_hash): (&Plan, Hash),
        number: u32,
    ) -> Result<Option<Shard>, ShardsError> {
        if !folder.is_dir() {
            return Ok(None);
        }
        let damaged = |name: &str| ShardsError::ShardDamaged {
            number,
            folder: folder.to_owned(),
            file: name.to_owned(),
        };
        let json = fs::read(folder.join(DESCRIPTION)).map_err(|_| damaged(DESCRIPTION))?;
        let description: Description =
            serde_json::from_slice(&json).map_err(|_| damaged(DESCRIPTION))?;
        let expected = Description {
            format: FORMAT.to_owned(),
            program: plan.head.program.clone(),
            plan: plan_hash,
            shard: number,
            files: description.files,
        };
        if description.program != expected.program || description.format != expected.format {
            return Err(ShardsError::ShardVersion {
                number,
                folder: folder.to_owned(),
                shard: description.program,
                program: expected.program,
            });
        }
        if description != expected {
            return Err(ShardsError::ShardForeign {
                number,
                folder: folder.to_owned(),
            });
        }
        let list = fs::read(folder.join(LIST)).map_err(|_| damaged(LIST))?;
        if Hash(Sha256::digest(&list).into()) != description.files {
            return Err(damaged(LIST));
        }
        let list = String::from_utf8(list).map_err(|_| damaged(LIST))?;
        let files = list.lines().map(|line| {
            let (hash, name) = line.split_once("  ")?;
            is_relative(name).then_some((name.to_owned(), hash.parse().ok()?))
        });
        let files: Option<Vec<_>> = files.collect();
        Ok(Some(Shard {
            number,
            folder: folder.to_owned(),
            files: files.ok_or_else(|| damaged(LIST))?,
        }))
    }

    /// Checks the hash of a file.
    ///
    /// # Errors
    /// Returns [`ShardsError::ShardDamaged`] if it differs, or the file cannot be read.
    pub fn check(&self, name: &str, expected: Hash) -> Result<(), ShardsError> {
        match hash_file(&self.folder.join(name)) {
            Ok((found, _)) if found == expected => Ok(()),
            _ => Err(self.damaged(name)),
        }
    }

    /// Returns the error of a damaged file.
    pub fn damaged(&self, name: &str) -> ShardsError {
        ShardsError::ShardDamaged {
            number: self.number,
            folder: self.folder.clone(),
            file: name.to_owned(),
        }
    }
}

/// Returns `true` if a name is a path within the folder.
fn is_relative(name: &str) -> bool {
    let mut parts = name.split('/');
    !name.contains('\\') && parts.all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_names_outside_of_the_folder() {
        assert!(is_relative("site/o/ab/abc"));
        for name in ["", "/a", "a//b", "../a", "a/../b", "./a", "a\\b"] {
            assert!(!is_relative(name), "{name}");
        }
    }
}
