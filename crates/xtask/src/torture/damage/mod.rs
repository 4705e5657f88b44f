//! Damaged files of a store and of a site.

mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::outcome::Outcomes;
use super::program::Khizana;
use super::random::Random;
use super::specimen::Specimen;
use super::tree::{self, Tree};
use crate::failure::Failure;
use crate::project::Project;
use place::{Damage, kind_in_site, kind_in_store};

/// The number of damaged files in one batch. Files of one object are never in the same batch.
const BATCH: usize = 6;

/// Damages `count` files of a store, and as many of a site.
pub fn run(
    project: &Project,
    khizana: &Khizana,
    count: usize,
    seed: u64,
) -> Result<Outcomes, Failure> {
    let work = project.target("torture/damage");
    tree::remove(&work)?;
    let archive = work.join("archive");
    tree::write_file(
        &archive.join("khizana.toml"),
        "widths = [320, 800]\nurl = \"https://example.org/\"\n",
    )?;
    let sources = [
        ("first", Specimen::first_collection(1)?),
        ("second", Specimen::first_collection(2)?),
        ("other", Specimen::second_collection(true)?),
    ];
    for (name, specimen) in sources {
        let source = work.join(name);
        specimen.write(&source)?;
        khizana.expect(&archive, &["ingest", &source.display().to_string()])?;
    }
    khizana.expect(&archive, &["publish"])?;
    let copy = work.join("copy");
    tree::copy(&archive, &copy)?;

    let mut outcomes = Outcomes::default();
    for is_site in [false, true] {
        let root = archive.join(if is_site { "site" } else { "store" });
        let target = Target {
            khizana,
            archive: &archive,
            copy: &copy,
            intact: tree::read(&root)?,
            root,
            is_site,
        };
        target.run(count, seed, &mut outcomes)?;
    }
    Ok(outcomes)
}

/// A store or a site.
struct Target<'a> {
    khizana: &'a Khizana,
    archive: &'a Path,
    /// A copy of the archive.
    copy: &'a Path,
    root: PathBuf,
    is_site: bool,
    intact: Tree,
}

/// A damaged file.
struct Trial {
    damage: Damage,
    kind: &'static str,
    path: PathBuf,
    /// The new contents of the changed files, or `None` for a deleted one.
    changes: Vec<(PathBuf, Option<Vec<u8>>)>,
}

/// The faults of a trial.
#[derive(Default)]
struct Faults {
    not_found: Option<String>,
    not_repaired: Option<String>,
}

impl Target<'_> {
    fn run(&self, count: usize, seed: u64, outcomes: &mut Outcomes) -> Result<(), Failure> {
        let mut kinds: BTreeMap<&str, Vec<&Path>> = BTreeMap::new();
        for path in self.intact.keys() {
            let kind = match self.is_site {
                true => kind_in_site(path),
                false => kind_in_store(path),
            };
            kinds.entry(kind).or_default().push(path);
        }
        let kinds: Vec<(&str, Vec<&Path>)> = kinds.into_iter().collect();
        let what = if self.is_site { "site" } else { "store" };
        let mut number = 0;
        let mut done = 0;
        while done < count {
            let mut batch: Vec<Trial> = Vec::new();
            while batch.len() < BATCH.min(count - done) {
                let mut random = Random::new(seed, number);
                let next = kinds.get(number as usize % kinds.len());
                number += 1;
                let trial = next.and_then(|(kind, paths)| self.trial(kind, paths, &mut random));
                // An object that is damaged twice would end the batch.
                match trial {
                    Some(trial) if self.is_independent(&batch, &trial) => batch.push(trial),
                    Some(_) => break,
                    None => {}
                }
            }
            done += batch.len();
            let faults = self.examine(&batch)?;
            for (trial, mut faults) in batch.iter().zip(faults) {
                if faults.is_any() {
                    // The fault may be a consequence of the other damage.
                    let alone = self.examine(std::slice::from_ref(trial))?;
                    faults = alone.into_iter().next().unwrap_or(faults);
                }
                let kind = format!("{what}: {}", trial.kind);
                let description = faults.description();
                outcomes.add(
                    &kind,
                    description.map(|fault| {
                        let (path, damage) = (trial.path.display(), trial.damage.name());
                        format!("seed {seed}, {path}, {damage}: {fault}")
                    }),
                );
            }
        }
        Ok(())
    }

    fn trial(&self, kind: &'static str, paths: &[&Path], random: &mut Random) -> Option<Trial> {
        let path = *random.pick(paths)?;
        let other = random.pick(paths).copied();
        let damage = Damage::random(random);
        let changes = damage.apply(&self.intact, path, other, random);
        (!changes.is_empty()).then(|| Trial {
            damage,
            kind,
            path: path.to_owned(),
            changes,
        })
    }

    fn is_independent(&self, batch: &[Trial], trial: &Trial) -> bool {
        let objects = |trial: &Trial| -> BTreeSet<PathBuf> {
            let paths = trial.changes.iter();
            paths.map(|(path, _)| self.object(path)).collect()
        };
        let changed = objects(trial);
        // Without the list of its files, a site cannot be verified any further.
        let is_root = |trial: &Trial| matches!(trial.kind, "archive.json" | "object");
        let mut others = batch.iter();
        !is_root(trial)
            && others.all(|other| !is_root(other) && objects(other).is_disjoint(&changed))
            || batch.is_empty()
    }

    /// Returns the path of the object of a file of a store, or the path itself.
    fn object(&self, path: &Path) -> PathBuf {
        let is_object =
            !self.is_site && path.components().count() > 4 && !path.starts_with("extensions");
        match is_object {
            true => path.components().take(4).collect(),
            false => path.to_owned(),
        }
    }

    /// Damages files, verifies, repairs and compares. Returns the faults of each trial.
    fn examine(&self, batch: &[Trial]) -> Result<Vec<Faults>, Failure> {
        for (path, content) in batch.iter().flat_map(|trial| &trial.changes) {
            let file = self.root.join(path);
            match content {
                Some(content) => tree::write_file(&file, content)?,
                None => std::fs::remove_file(&file).map_err(Failure::file(&file))?,
            }
        }
        let site = self.root.display().to_string();
        let copy = self.copy.display().to_string();
        let (verify, repair) = match self.is_site {
            true => (vec!["verify", "--site", &site], vec!["publish", "--rehash"]),
            false => (vec!["verify"], vec!["repair", "--from", &copy]),
        };
        let verified = self.khizana.run(self.archive, &verify)?;
        let problems = verified.problems();
        let error = verified.json()["error"]["message"].to_string();
        let repaired = self.khizana.run(self.archive, &repair)?;
        let found = tree::read(&self.root)?;
        let mut faults = Vec::new();
        for trial in batch {
            let paths = trial.changes.iter().map(|(path, _)| path);
            let mut fault = Faults::default();
            let mut is_found = true;
            for path in paths {
                // Without a declaration, the folder cannot be opened as a store. The error names the file.
                let is_in_error = verified.status.code() == Some(2)
                    && error.contains(path.to_string_lossy().as_ref());
                is_found &= is_in_error || problems.iter().any(|problem| self.names(problem, path));
                if !is_found {
                    let text = format!(
                        "{} was not found by verify, {}",
                        path.display(),
                        verified.summary()
                    );
                    fault.not_found = Some(text);
                }
                if found.get(path) != self.intact.get(path) {
                    let text = format!(
                        "{} was not repaired, {}",
                        path.display(),
                        repaired.summary()
                    );
                    fault.not_repaired = Some(text);
                }
            }
            if verified.is_success() {
                fault.not_found = Some(format!("verify: {}", verified.summary()));
            }
            if !repaired.is_success() {
                fault.not_repaired = Some(format!("repair: {}", repaired.summary()));
            } else if let Some(difference) = tree::difference(&self.intact, &found) {
                fault.not_repaired = Some(format!("after the repair, {difference}"));
            }
            faults.push(fault);
        }
        if faults.iter().any(Faults::is_any) {
            tree::copy(self.copy, self.archive)?;
        }
        Ok(faults)
    }

    /// Returns `true` if a problem names a file or its object.
    fn names(&self, problem: &Value, path: &Path) -> bool {
        let Some(file) = problem["file"].as_str() else {
            return false;
        };
        match self.is_site {
            true => Path::new(file) == path,
            false => {
                let object = Path::new("store").join(self.object(path));
                let file = Path::new(file);
                file.starts_with(&object)
            }
        }
    }
}

impl Faults {
    fn is_any(&self) -> bool {
        self.not_found.is_some() || self.not_repaired.is_some()
    }

    fn description(self) -> Option<String> {
        let faults: Vec<String> = self
            .not_found
            .into_iter()
            .chain(self.not_repaired)
            .collect();
        (!faults.is_empty()).then(|| faults.join("; "))
    }
}
