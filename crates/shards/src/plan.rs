//! The plan: the files of a source, and their distribution to shards.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use khizana_ingest::{FileUses, file_uses};
use khizana_model::{Hash, Id, LangTag, Problem, Progress, Severity, sort_problems};
use khizana_publish::prepare::Settings;
use khizana_source::{self as source, Source, SourceItem};
use khizana_store::config;
use khizana_store::ocfl::{FileStamp, creation_time};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::distribution::distribute;
use crate::{ShardsError, files};

/// The version of the format of a plan.
const FORMAT: &str = "khizana-plan/1";

/// The plan of the work on a source. It is a JSON document with a line for each file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Plan {
    /// Everything except the files.
    #[serde(flatten)]
    pub head: Head,
    /// The files of the source, sorted by name.
    pub files: Vec<PlannedFile>,
}

/// The part of a plan without the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The version of the format.
    pub format: String,
    /// The version of the program. Only the same version can continue.
    pub program: String,
    /// The time that the versions of all objects in the store get.
    pub created: String,
    /// Number of shards.
    pub shards: u32,
    /// The path of the source.
    pub source: PathBuf,
    /// The folder that contains the files. Their paths are relative to it.
    pub root: PathBuf,
    /// The identifier of the collection.
    pub collection: Id,
    /// Number of items.
    pub items: u64,
    /// SHA-256 of the descriptions of all items.
    pub descriptions: Hash,
    /// The settings that determine the derivatives.
    pub derivatives: Settings,
}

/// A file of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedFile {
    /// The name of the file in the source.
    pub name: String,
    /// The path of the file, if it differs from the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<PathBuf>,
    /// Length in bytes.
    pub bytes: u64,
    /// Modification time in nanoseconds since the Unix epoch.
    mtime_ns: i64,
    /// The number of the shard, counted from 1.
    pub shard: u32,
    /// The first item that the file belongs to.
    pub item: Id,
    /// The ways in which items use the file.
    pub uses: Vec<Use>,
    /// `true` if the file belongs to an item with several files.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_siblings: bool,
    /// The texts of the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub texts: Vec<PlannedText>,
}

/// A way in which an item uses a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// The file is a page or part of the item.
    Part,
    /// The file is the poster of a recording.
    Poster,
    /// The file is the text of a page.
    Text,
    /// The file is a track of a recording.
    Track,
}

/// The text of a page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlannedText {
    /// The name of the file in the source.
    pub name: String,
    /// The language of the text.
    pub language: LangTag,
}

impl PlannedFile {
    /// Returns the path of the file. `root` is that of the plan.
    pub fn path(&self, root: &Path) -> PathBuf {
        root.join(self.path.as_deref().unwrap_or(Path::new(&self.name)))
    }

    /// Returns the ways in which items use the file.
    pub fn file_uses<'a>(&self, path: &'a Path) -> FileUses<'a> {
        let is = |wanted| self.uses.contains(&wanted);
        FileUses {
            path,
            is_media: is(Use::Part) || is(Use::Poster),
            is_poster: is(Use::Poster),
            is_text: is(Use::Text),
            is_track: is(Use::Track),
        }
    }

    /// Returns what changes if the file changes.
    fn identity(&self) -> (&str, Option<&Path>, u64, i64) {
        let path = self.path.as_deref();
        (&self.name, path, self.bytes, self.mtime_ns)
    }

    /// Checks that the file has the size and the modification time that it had when the plan was made.
    ///
    /// # Errors
    /// Returns [`ShardsError::Outdated`] if it has changed or does not exist.
    pub fn check_unchanged(&self, root: &Path) -> Result<(), ShardsError> {
        let stamp = FileStamp::of(&self.path(root));
        let is_same =
            stamp.is_ok_and(|stamp| (stamp.bytes, stamp.mtime_ns) == (self.bytes, self.mtime_ns));
        match is_same {
            true => Ok(()),
            false => Err(ShardsError::Outdated {
                file: Some(self.name.clone()),
            }),
        }
    }
}

/// The result of making a plan. `plan --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanSummary {
    /// The path of the plan.
    pub plan: PathBuf,
    /// Number of shards.
    pub shards: u32,
    /// Number of items.
    pub items: u64,
    /// Number of files.
    pub files: u64,
    /// Total size of the files in bytes.
    pub bytes: u64,
    /// Total size of the files of the largest shard in bytes.
    pub largest_shard: u64,
    /// The problems of the table. Items with an error are not in the plan.
    pub problems: Vec<Problem>,
}

impl PlanSummary {
    /// Returns `true` if one of the problems is an error (exit status 1).
    pub fn has_errors(&self) -> bool {
        let mut problems = self.problems.iter();
        problems.any(|problem| problem.severity == Severity::Error)
    }
}

/// Makes a plan for a source and writes it to the file `out`. `program` is the version of the program.
///
/// # Errors
/// Returns an error if the archive or the source cannot be read, if `out` exists, or if it cannot be written.
pub fn plan(
    archive: &Path,
    source: &Path,
    shards: u32,
    out: &Path,
    program: &str,
    progress: &dyn Progress,
) -> Result<PlanSummary, ShardsError> {
    if out.exists() {
        return Err(ShardsError::PlanExists { path: out.into() });
    }
    let created = creation_time()?;
    let fixed = Fixed {
        program: program.to_owned(),
        created,
        shards,
    };
    let (plan, problems) = Plan::of(archive, source, fixed, progress)?;
    plan.write(out)?;
    let mut loads: BTreeMap<u32, u64> = BTreeMap::new();
    for file in &plan.files {
        *loads.entry(file.shard).or_default() += file.bytes;
    }
    Ok(PlanSummary {
        plan: out.to_owned(),
        shards,
        items: plan.head.items,
        files: plan.files.len() as u64,
        bytes: loads.values().sum(),
        largest_shard: loads.values().copied().max().unwrap_or_default(),
        problems,
    })
}

/// The parts of a plan that do not follow from the source and the archive.
pub struct Fixed {
    pub program: String,
    pub created: String,
    pub shards: u32,
}

impl Plan {
    /// Makes the plan of a source. The same source has the same plan. Returns the problems of the table, too.
    ///
    /// # Errors
    /// Returns an error if the archive or the source cannot be read.
    pub fn of(
        archive: &Path,
        path: &Path,
        fixed: Fixed,
        progress: &dyn Progress,
    ) -> Result<(Plan, Vec<Problem>), ShardsError> {
        let config = config::load(archive)?;
        // The shards are made on other machines and in other folders.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let source = source::open(&path)?;
        let mut collected = CollectedFiles::default();
        let mut rows = source.rows()?;
        progress.begin("Items", Some(rows.total()));
        let mut problems = Vec::new();
        let outcome = rows.by_ref().try_for_each(|row| {
            progress.advance(1);
            match row.item {
                Ok(item) => collected.add(&source, &item),
                Err(mut errors) => {
                    problems.append(&mut errors);
                    Ok(())
                }
            }
        });
        progress.end();
        outcome?;
        problems.append(&mut rows.finish());
        sort_problems(&mut problems);
        let files: Vec<PlannedFile> = collected.files.into_values().collect();
        let head = Head {
            format: FORMAT.to_owned(),
            program: fixed.program,
            created: fixed.created,
            shards: fixed.shards,
            root: source.root.clone(),
            collection: source.collection.id.clone(),
            items: collected.items,
            descriptions: Hash(collected.descriptions.finalize().into()),
            derivatives: Settings::of(&config, &source.collection),
            source: path,
        };
        let mut plan = Plan { head, files };
        plan.distribute(fixed.shards);
        Ok((plan, problems))
    }

    /// Distributes the files to a number of shards.
    pub(crate) fn distribute(&mut self, shards: u32) {
        self.head.shards = shards;
        let sizes: Vec<u64> = self.files.iter().map(|file| file.bytes).collect();
        for (file, shard) in self.files.iter_mut().zip(distribute(&sizes, shards)) {
            file.shard = shard;
        }
    }

    /// Reads a plan. Returns its SHA-256, too.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, or is not a plan of the version `program` of the program.
    pub fn read(path: &Path, program: &str) -> Result<(Plan, Hash), ShardsError> {
        let json = std::fs::read(path).map_err(ShardsError::io("read", path))?;
        let invalid = |why: String| ShardsError::PlanInvalid {
            path: path.to_owned(),
            why,
        };
        #[derive(Deserialize)]
        struct Versions {
            format: String,
            program: String,
        }
        let versions: Versions =
            serde_json::from_slice(&json).map_err(|error| invalid(error.to_string()))?;
        if versions.format != FORMAT {
            return Err(invalid(format!("{} ≠ {FORMAT}", versions.format)));
        }
        if versions.program != program {
            return Err(ShardsError::PlanVersion {
                path: path.to_owned(),
                plan: versions.program,
                program: program.to_owned(),
            });
        }
        let plan: Plan =
            serde_json::from_slice(&json).map_err(|error| invalid(error.to_string()))?;
        Ok((plan, Hash(Sha256::digest(&json).into())))
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), ShardsError> {
        let write = || -> std::io::Result<()> {
            // Another process may write a plan at the same time.
            let mut out = std::io::BufWriter::new(File::create_new(path)?);
            let head = serde_json::to_string_pretty(&self.head)?;
            out.write_all(head.trim_end_matches("\n}").as_bytes())?;
            out.write_all(b",\n  \"files\": [")?;
            let mut separator = "\n    ";
            for file in &self.files {
                out.write_all(separator.as_bytes())?;
                serde_json::to_writer(&mut out, file)?;
                separator = ",\n    ";
            }
            out.write_all(b"\n  ]\n}\n")?;
            let file = out
                .into_inner()
                .map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()
        };
        write().map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => ShardsError::PlanExists { path: path.into() },
            _ => ShardsError::io("write", path)(error),
        })?;
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        files::sync_folder(folder.unwrap_or(Path::new(".")))
    }

    /// Checks that a plan that was made now is the same.
    ///
    /// # Errors
    /// Returns an error that names the difference.
    pub fn check_same(&self, now: &Plan) -> Result<(), ShardsError> {
        if self.head.derivatives != now.head.derivatives {
            return Err(ShardsError::Configuration);
        }
        let outdated = |file: Option<&PlannedFile>| ShardsError::Outdated {
            file: file.map(|file| file.name.clone()),
        };
        let mut planned = self.files.iter();
        let mut found = now.files.iter();
        loop {
            match (planned.next(), found.next()) {
                (None, None) => break,
                (Some(planned), Some(found)) if planned.identity() == found.identity() => {}
                // The file with the lower name is missing from the other plan.
                (Some(planned), Some(found)) => {
                    return Err(outdated(Some(match planned.name <= found.name {
                        true => planned,
                        false => found,
                    })));
                }
                (planned, found) => return Err(outdated(planned.or(found))),
            }
        }
        // The shards and the uses of files follow from the files and the descriptions.
        match self == now {
            true => Ok(()),
            false => Err(outdated(None)),
        }
    }

    /// Returns the file with a name.
    pub fn file(&self, name: &str) -> Option<&PlannedFile> {
        let index = self
            .files
            .binary_search_by(|file| file.name.as_str().cmp(name));
        self.files.get(index.ok()?)
    }

    /// Returns the files of a shard.
    pub fn files_of(&self, shard: u32) -> impl Iterator<Item = &PlannedFile> {
        self.files.iter().filter(move |file| file.shard == shard)
    }

    /// Returns the folder with the shards of the plan at `path`.
    pub fn shards_folder(path: &Path) -> PathBuf {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.strip_suffix(".json").unwrap_or(&name);
        path.with_file_name(format!("{name}.shards"))
    }
}

/// The distinct files of the items of a source.
#[derive(Default)]
struct CollectedFiles {
    files: BTreeMap<String, PlannedFile>,
    items: u64,
    descriptions: Sha256,
}

impl CollectedFiles {
    fn add(&mut self, source: &Source, item: &SourceItem) -> Result<(), ShardsError> {
        self.items += 1;
        self.descriptions.update(item.hash.0);
        for (name, uses) in file_uses(&item.files) {
            let file = match self.files.get_mut(name) {
                Some(file) => file,
                None => {
                    let file = planned_file(source, item, name, uses.path)?;
                    self.files.entry(name.to_owned()).or_insert(file)
                }
            };
            let is_part = item.files.iter().any(|file| file.name == name);
            let ways = [
                (is_part, Use::Part),
                (uses.is_poster, Use::Poster),
                (uses.is_text, Use::Text),
                (uses.is_track, Use::Track),
            ];
            for (_, way) in ways.iter().filter(|(is_used, _)| *is_used) {
                if !file.uses.contains(way) {
                    file.uses.push(*way);
                }
            }
            file.has_siblings |= is_part && item.files.len() > 1;
        }
        for part in &item.files {
            if let (Some(text), Some(file)) = (&part.text, self.files.get_mut(&part.name)) {
                let text = PlannedText {
                    name: text.name.clone(),
                    language: text.language.clone(),
                };
                if let Err(place) = file.texts.binary_search(&text) {
                    file.texts.insert(place, text);
                }
            }
        }
        Ok(())
    }
}

fn planned_file(
    source: &Source,
    item: &SourceItem,
    name: &str,
    path: &Path,
) -> Result<PlannedFile, ShardsError> {
    let stamp = FileStamp::of(path).map_err(ShardsError::io("read", path))?;
    let relative = path.strip_prefix(&source.root).unwrap_or(path);
    Ok(PlannedFile {
        name: name.to_owned(),
        path: (relative != Path::new(name)).then(|| relative.to_owned()),
        bytes: stamp.bytes,
        mtime_ns: stamp.mtime_ns,
        shard: 0,
        item: item.item.id.clone(),
        uses: Vec::new(),
        has_siblings: false,
        texts: Vec::new(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::NoProgress;

    use super::*;

    struct Example {
        folder: tempfile::TempDir,
    }

    impl Example {
        fn new() -> Example {
            let folder = tempfile::tempdir().unwrap();
            let archive = folder.path().join("archive");
            khizana_store::init::init(&archive, None).unwrap();
            let example = Example { folder };
            std::fs::create_dir(example.source()).unwrap();
            for name in ["a.txt", "b.txt", "c.txt"] {
                example.write(name, name);
            }
            example.write(
                "metadata.csv",
                "id,title@en,file\none,One,a.txt|b.txt\ntwo,Two,c.txt\n",
            );
            example
        }

        fn source(&self) -> PathBuf {
            self.folder.path().join("source")
        }

        fn write(&self, name: &str, content: &str) {
            std::fs::write(self.source().join(name), content).unwrap();
        }

        fn plan(&self) -> Plan {
            let fixed = Fixed {
                program: "1".into(),
                created: "2026-01-01T00:00:00Z".into(),
                shards: 2,
            };
            let archive = self.folder.path().join("archive");
            Plan::of(&archive, &self.source(), fixed, &NoProgress)
                .unwrap()
                .0
        }
    }

    #[test]
    fn a_plan_that_was_written_is_read_again() {
        let example = Example::new();
        let plan = example.plan();
        let path = example.folder.path().join("p.json");
        plan.write(&path).unwrap();
        let (read, hash) = Plan::read(&path, "1").unwrap();
        assert_eq!(read, plan);
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(hash, Hash(Sha256::digest(&bytes).into()));
        // A line for each file, so that people can read it.
        let text = String::from_utf8(bytes).unwrap();
        let lines = text.lines().filter(|line| line.contains(".txt"));
        assert_eq!(lines.count(), 3);
        assert!(plan.file("a.txt").unwrap().has_siblings);
        assert!(!plan.file("c.txt").unwrap().has_siblings);
        assert_eq!(plan.file("d.txt"), None);
        assert_eq!(plan.files_of(1).count() + plan.files_of(2).count(), 3);
        let error = plan.write(&path).unwrap_err();
        assert_eq!(error.code(), "plan-exists");
        let error = Plan::read(&path, "2").unwrap_err();
        assert_eq!(error.code(), "plan-version");
        std::fs::write(&path, text.replace("plan/1", "plan/9")).unwrap();
        let error = Plan::read(&path, "1").unwrap_err();
        assert_eq!(error.code(), "plan-invalid");
        assert_eq!(
            Plan::shards_folder(Path::new("x/p.json")),
            Path::new("x/p.shards")
        );
    }

    #[test]
    fn names_what_changed_since_the_plan() {
        let example = Example::new();
        let plan = example.plan();
        plan.check_same(&example.plan()).unwrap();
        let changed = |example: &Example| {
            let error = plan.check_same(&example.plan()).unwrap_err();
            assert_eq!(error.code(), "plan-outdated");
            error.to_string()
        };
        let table = "id,title@en,file\none,One,a.txt|b.txt\ntwo,Two,c.txt\n";
        example.write("metadata.csv", &table.replace("Two", "Three"));
        assert!(changed(&example).contains("description"));
        example.write("metadata.csv", &table.replace("|b.txt", ""));
        assert!(changed(&example).contains("`b.txt`"));
        example.write("d.txt", "d");
        example.write("metadata.csv", &table.replace("c.txt", "c.txt|d.txt"));
        assert!(changed(&example).contains("`d.txt`"));
        example.write("metadata.csv", table);
        plan.check_same(&example.plan()).unwrap();
        example.write("b.txt", "longer");
        assert!(changed(&example).contains("`b.txt`"));
        let file = plan.file("b.txt").unwrap();
        let error = file.check_unchanged(&example.source()).unwrap_err();
        assert_eq!(error.code(), "plan-outdated");
    }
}
