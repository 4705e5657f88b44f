//! Error types for plans and shards.

use std::io;
use std::path::{Path, PathBuf};

use khizana_ingest::IngestError;
use khizana_model::{Message, message, plural, printable};
use khizana_publish::PublishError;
use khizana_source::SourceError;
use khizana_store::StoreError;
use khizana_store::config::ConfigError;

/// An error because of which a plan, a shard or a merge cannot be completed (exit status 2).
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum ShardsError {
    /// The folder is not an archive, or its configuration is invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The source cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The time of the plan cannot be determined.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The ingest failed.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The derivatives cannot be made.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A plan would replace a file.
    PlanExists {
        /// The path of the plan.
        path: PathBuf,
    },
    /// A file is not a plan.
    PlanInvalid {
        /// The path of the file.
        path: PathBuf,
        /// A description of the error.
        why: String,
    },
    /// Another version of the program made the plan.
    PlanVersion {
        /// The path of the plan.
        path: PathBuf,
        /// The version that made the plan.
        plan: String,
        /// The version of this program.
        program: String,
    },
    /// The configuration has changed since the plan was made.
    Configuration,
    /// The source has changed since the plan was made.
    Outdated {
        /// The name of a file that has changed. `None` if only descriptions have changed.
        file: Option<String>,
    },
    /// The plan has no shard with the number.
    ShardNumber {
        /// The number.
        number: u32,
        /// Number of shards of the plan.
        shards: u32,
    },
    /// Some shards have no results.
    ShardsMissing {
        /// The path of the plan.
        plan: PathBuf,
        /// Number of shards of the plan.
        shards: u32,
        /// The numbers of the shards without results, in ascending order.
        missing: Vec<u32>,
    },
    /// Another version of the program made the results of a shard.
    ShardVersion {
        /// The number of the shard.
        number: u32,
        /// The folder of the results.
        folder: PathBuf,
        /// The version that made the results.
        shard: String,
        /// The version of this program.
        program: String,
    },
    /// The results of a shard belong to another plan.
    ShardForeign {
        /// The number of the shard.
        number: u32,
        /// The folder of the results.
        folder: PathBuf,
    },
    /// A file of the results of a shard is damaged or missing.
    ShardDamaged {
        /// The number of the shard.
        number: u32,
        /// The folder of the results.
        folder: PathBuf,
        /// The name of the file in the folder.
        file: String,
    },
    /// A file cannot be read or written.
    Io {
        /// The operation, such as `read` or `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
}

impl ShardsError {
    /// Returns a function for `map_err` that adds the path of a file, and the operation that failed.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ShardsError {
        let path = path.to_owned();
        move |error| ShardsError::Io {
            action,
            path,
            error,
        }
    }

    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            ShardsError::Config(error) => error.message(),
            ShardsError::Source(error) => error.message(),
            ShardsError::Store(error) => error.message(),
            ShardsError::Ingest(error) => error.message(),
            ShardsError::Publish(error) => error.message(),
            ShardsError::PlanExists { path } => {
                message!("{path} already exists", path = path.display())
            }
            ShardsError::PlanInvalid { path, why } => message!(
                "{path} is not a plan that this version of khizana can read: {error}",
                path = path.display(),
                error = printable(why)
            ),
            ShardsError::PlanVersion {
                path,
                plan,
                program,
            } => message!(
                "{path} was made by khizana {plan}, but this is khizana {program}",
                path = path.display(),
                plan = printable(plan),
                program
            ),
            ShardsError::Configuration => message!(
                "the widths, the tiles, the host or the address of the site have changed since the plan was made"
            ),
            ShardsError::Outdated { file: Some(file) } => message!(
                "the file `{file}` of the source has changed since the plan was made, or was added or removed",
                file = printable(file)
            ),
            ShardsError::Outdated { file: None } => {
                message!("the descriptions of items have changed since the plan was made")
            }
            ShardsError::ShardNumber { number, shards } => message!(
                "there is no shard {number}: the plan has shards 1 to {shards}",
                number,
                shards
            ),
            ShardsError::ShardsMissing {
                shards, missing, ..
            } => plural!(
                "{count} of {shards} shards is missing: {numbers}",
                "{count} of {shards} shards are missing: {numbers}",
                count = missing.len(),
                shards,
                numbers = ranges(missing)
            ),
            ShardsError::ShardVersion {
                folder,
                shard,
                program,
                ..
            } => message!(
                "the shard in {path} was made by khizana {shard}, but this is khizana {program}",
                path = folder.display(),
                shard = printable(shard),
                program
            ),
            ShardsError::ShardForeign { folder, .. } => message!(
                "the shard in {path} belongs to another plan",
                path = folder.display()
            ),
            ShardsError::ShardDamaged { folder, file, .. } => message!(
                "{path} is damaged or missing",
                path = folder.join(file).display().to_string()
            ),
            ShardsError::Io {
                action,
                path,
                error,
            } => message!(
                "{path}: {what}",
                path = path.display(),
                what = message!(
                    "cannot {action}: {error}",
                    action = Message::from(*action),
                    error
                )
            ),
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            ShardsError::Config(error) => error.code(),
            ShardsError::Source(error) => error.code(),
            ShardsError::Store(error) => error.code(),
            ShardsError::Ingest(error) => error.code(),
            ShardsError::Publish(error) => error.code(),
            ShardsError::PlanExists { .. } => "plan-exists",
            ShardsError::PlanInvalid { .. } => "plan-invalid",
            ShardsError::PlanVersion { .. } => "plan-version",
            ShardsError::Configuration => "plan-configuration",
            ShardsError::Outdated { .. } => "plan-outdated",
            ShardsError::ShardNumber { .. } => "shard-number",
            ShardsError::ShardsMissing { .. } => "shards-missing",
            ShardsError::ShardVersion { .. } => "shard-version",
            ShardsError::ShardForeign { .. } => "shard-foreign",
            ShardsError::ShardDamaged { .. } => "shard-damaged",
            ShardsError::Io { error, .. } if is_full(error) => "disk-full",
            ShardsError::Io { .. } => "shard-io",
        }
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> Message {
        match self {
            ShardsError::Config(error) => error.hint().into(),
            ShardsError::Source(error) => error.hint().into(),
            ShardsError::Store(error) => error.hint().into(),
            ShardsError::Ingest(error) => error.hint(),
            ShardsError::Publish(error) => error.hint(),
            ShardsError::PlanExists { .. } => {
                "Its shards would become useless. Choose another path with --out, or delete the plan and the folder of its shards.".into()
            }
            ShardsError::PlanInvalid { .. } => {
                "Specify the file that `khizana plan` wrote with --plan, or make a new plan.".into()
            }
            ShardsError::PlanVersion { .. } => {
                "Run the same version of khizana on all machines, or make a new plan with this version.".into()
            }
            ShardsError::Configuration => {
                "Restore khizana.toml and collection.toml, or make a new plan with `khizana plan`.".into()
            }
            ShardsError::Outdated { .. } => {
                "Restore the source, or make a new plan with `khizana plan`. The source must not change until the merge has finished.".into()
            }
            ShardsError::ShardNumber { .. } => {
                "Number the shards from 1 with --shard, or from 0 with --index.".into()
            }
            ShardsError::ShardsMissing { plan, missing, .. } => message!(
                "Run `khizana derive --plan {plan} --shard {shard}`, and the same for the other shards, if there are others; with Slurm, submit the array again with `--array={numbers}`. Then merge again.",
                plan = plan.display(),
                shard = missing.first().copied().unwrap_or(1),
                numbers = ranges(missing)
            ),
            ShardsError::ShardVersion { number, .. }
            | ShardsError::ShardForeign { number, .. }
            | ShardsError::ShardDamaged { number, .. } => message!(
                "Delete the folder of the shard, and run `khizana derive` with `--shard {number}` again. Then merge again.",
                number
            ),
            ShardsError::Io { error, .. } if is_full(error) => {
                "Free some disk space, then run the command again.".into()
            }
            ShardsError::Io { .. } => {
                "Check the disk and the permissions of the folder, then run the command again.".into()
            }
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// Formats ascending numbers as the option `--array` of Slurm expects them: `3,5-7`.
fn ranges(numbers: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let ranges = ranges.into_iter().map(|(first, last)| match last - first {
        0 => format!("{first}"),
        _ => format!("{first}-{last}"),
    });
    ranges.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_numbers_as_ranges() {
        assert_eq!(ranges(&[3]), "3");
        assert_eq!(ranges(&[1, 2, 3, 5, 7, 8]), "1-3,5,7-8");
    }

    #[test]
    fn distinguishes_a_full_disk_from_other_errors() {
        let code =
            |kind: io::ErrorKind| ShardsError::io("write", Path::new("f"))(kind.into()).code();
        assert_eq!(code(io::ErrorKind::StorageFull), "disk-full");
        assert_eq!(code(io::ErrorKind::PermissionDenied), "shard-io");
    }
}
