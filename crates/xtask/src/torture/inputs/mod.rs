//! Hostile inputs: sources and configuration files.

mod batch;
mod mutate;
mod seeds;

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::outcome::Outcomes;
use super::program::Khizana;
use super::tree;
use crate::failure::Failure;
use crate::project::Project;
use batch::{BatchKind, Input};

/// Metadata that must not become markup.
const SCRIPT: &str = "<script>kz()</script>";
const IMAGE: &str = "\"><img src=x onerror=kz()>";
const LINK: &str = "[a](javascript:kz()) <a href=\"javascript:kz()\">b</a>";

/// Markup that no page contains.
const FORBIDDEN: &[&str] = &["<script>kz", "<img src=x", "<a href=\"javascript:"];

/// A text in a file outside the source and the archive.
const SECRET: &str = "secret-7b1f93c2e8d64a05";

/// The time that a command may take for one input.
const TIME: Duration = Duration::from_secs(10);

/// Ingests and publishes `count` inputs.
pub fn run(
    project: &Project,
    khizana: &Khizana,
    count: usize,
    seed: u64,
) -> Result<Outcomes, Failure> {
    let work = project.target("torture/inputs");
    tree::remove(&work)?;
    let seeds = seeds::load(project)?;
    let sandbox = Sandbox { khizana, work };
    let mut outcomes = Outcomes::default();
    let mut number = 0;
    for batch in 0.. {
        if number >= count {
            break;
        }
        let kind = BatchKind::of(batch);
        let size = kind.size().min(count - number);
        // A configuration file is the only one of its archive.
        let step = if kind == BatchKind::Configuration {
            1
        } else {
            size
        };
        let inputs: Vec<Input> = (number..number + size)
            .map(|number| kind.input(number, seed, &seeds))
            .collect();
        number += size;
        for inputs in inputs.chunks(step) {
            let fault = sandbox.examine(kind, inputs)?;
            let mut is_attributed = false;
            for input in inputs {
                let mut alone = None;
                if fault.is_some() {
                    alone = sandbox.examine(kind, std::slice::from_ref(input))?;
                    is_attributed |= alone.is_some();
                    if alone.is_some() {
                        sandbox.keep(input)?;
                    }
                }
                outcomes.add(
                    input.kind,
                    alone.map(|fault| {
                        format!(
                            "seed {seed}, input {}, made from {}: {fault}",
                            input.number, input.seed
                        )
                    }),
                );
            }
            if let Some(fault) = fault.filter(|_| !is_attributed) {
                let first = inputs.first().map_or(0, |input| input.number);
                let text = format!("seed {seed}, inputs from {first} together: {fault}");
                outcomes.add("several inputs together", Some(text));
            }
        }
    }
    Ok(outcomes)
}

/// A folder with an archive, sources, and a file that must be neither read nor changed.
struct Sandbox<'a> {
    khizana: &'a Khizana,
    work: PathBuf,
}

impl Sandbox<'_> {
    /// Ingests and publishes inputs. Returns a description of the first fault.
    fn examine(&self, kind: BatchKind, inputs: &[Input]) -> Result<Option<String>, Failure> {
        let folder = self.work.join("box");
        tree::remove(&folder)?;
        let (archive, sources) = (folder.join("archive"), folder.join("sources"));
        tree::write_file(&folder.join("canary/secret.txt"), SECRET)?;
        let names = batch::write(kind, inputs, &archive, &sources)?;
        let before = outside(&folder)?;
        let time = TIME + Duration::from_secs(inputs.len() as u64 - 1);
        for name in &names {
            let source = sources.join(name).display().to_string();
            let ingested = self
                .khizana
                .run_within(time, &archive, &["ingest", &source])?;
            if let Some(violation) = ingested.violation() {
                return Ok(Some(format!("ingest {violation}")));
            }
        }
        let has_store = archive.join("store").exists();
        let published = self.khizana.run_within(time, &archive, &["publish"])?;
        if let Some(violation) = published.violation() {
            return Ok(Some(format!("publish {violation}")));
        }
        // A configuration file can be invalid. A source that was ingested can be published.
        let may_refuse = kind == BatchKind::Configuration || !has_store;
        if published.status.code() == Some(2) && !may_refuse {
            return Ok(Some(format!("publish: {}", published.summary())));
        }
        if before != outside(&folder)? {
            return Ok(Some("a file outside the archive was changed".to_owned()));
        }
        forbidden_content(&archive)
    }

    /// Keeps an input that failed.
    fn keep(&self, input: &Input) -> Result<(), Failure> {
        let name = format!("failed/{}-{}", input.number, input.name);
        tree::write_file(&self.work.join(name), &input.content)
    }
}

/// Reads everything in the sandbox except the archive.
fn outside(folder: &Path) -> Result<tree::Tree, Failure> {
    let mut tree = tree::Tree::new();
    for path in tree::paths(folder)? {
        if !path.starts_with("archive") {
            let file = folder.join(&path);
            let content = std::fs::read(&file).unwrap_or_default();
            tree.insert(path, content);
        }
    }
    Ok(tree)
}

/// Looks for the secret in the archive, and for scripts of the metadata in the pages.
fn forbidden_content(archive: &Path) -> Result<Option<String>, Failure> {
    for (path, content) in tree::read(archive)? {
        if contains(&content, SECRET) {
            return Ok(Some(format!(
                "{} contains a file outside the source",
                path.display()
            )));
        }
        let is_page = path
            .extension()
            .is_some_and(|extension| extension == "html");
        if is_page && !path.starts_with("site/f") && path.starts_with("site") {
            let lower = content.to_ascii_lowercase();
            let markup = FORBIDDEN.iter().find(|markup| contains(&lower, markup));
            if let Some(markup) = markup {
                return Ok(Some(format!("{} contains {markup}", path.display())));
            }
        }
    }
    Ok(None)
}

fn contains(content: &[u8], text: &str) -> bool {
    content
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_secrets_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let find = |path: &str, content: &str| {
            tree::write_file(&dir.path().join(path), content).unwrap();
            let found = forbidden_content(dir.path()).unwrap();
            std::fs::remove_file(dir.path().join(path)).unwrap();
            found
        };
        assert!(find("site/en/index.html", "<SCRIPT>kz()").is_some());
        assert!(find("site/en/index.html", "&lt;script>kz()").is_none());
        assert!(find("site/f/ab/page.html", "<script>kz()").is_none());
        assert!(find("store/a/record.json", SECRET).is_some());
    }
}
