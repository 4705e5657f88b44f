//! Batches of inputs, and the sources that contain them.

use std::fmt::Write as _;
use std::path::Path;

use super::mutate::mutate;
use super::seeds::{self, Role, Seed};
use crate::failure::Failure;
use crate::torture::random::Random;
use crate::torture::specimen::{picture, sound};
use crate::torture::tree;

/// An input.
pub struct Input {
    /// The number of the input in the run, from which it can be made again.
    pub number: usize,
    pub kind: &'static str,
    /// The file from which the input was made.
    pub seed: String,
    pub name: String,
    pub content: Vec<u8>,
    pub role: Option<Role>,
}

/// The kinds of batches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchKind {
    /// One source with a row for each input.
    Files,
    /// A source for each input.
    Tables,
    /// A configuration file, in an archive with one source.
    Configuration,
}

impl BatchKind {
    /// Returns the kind of the nth batch.
    pub fn of(number: usize) -> Self {
        let cycle = [
            BatchKind::Files,
            BatchKind::Tables,
            BatchKind::Files,
            BatchKind::Configuration,
            BatchKind::Files,
            BatchKind::Tables,
        ];
        cycle
            .get(number % cycle.len())
            .copied()
            .unwrap_or(BatchKind::Files)
    }

    /// Returns the number of inputs of a batch.
    pub fn size(self) -> usize {
        match self {
            BatchKind::Files => 50,
            BatchKind::Tables => 10,
            BatchKind::Configuration => 5,
        }
    }

    /// Makes an input.
    pub fn input(self, number: usize, seed: u64, seeds: &[Seed]) -> Input {
        let mut random = Random::new(seed, number as u64);
        let (kind, origin, name, content, role) = match self {
            BatchKind::Files => {
                let Some(file) = random.pick(seeds) else {
                    return Input::empty(number);
                };
                let name = format!("{number}.{}", file.extension);
                let content = mutate(&file.content, &mut random);
                (
                    kind_of(file),
                    file.name.clone(),
                    name,
                    content,
                    Some(file.role),
                )
            }
            BatchKind::Tables => {
                let (name, table) = seeds::table(number, &mut random);
                // Some tables are hostile as they are.
                let content = match random.one_in(4) {
                    true => table.into_bytes(),
                    false => mutate(table.as_bytes(), &mut random),
                };
                ("table", name.to_owned(), name.to_owned(), content, None)
            }
            BatchKind::Configuration => {
                let (name, file) = seeds::configuration(&mut random);
                let content = mutate(file.as_bytes(), &mut random);
                (
                    "configuration",
                    name.to_owned(),
                    name.to_owned(),
                    content,
                    None,
                )
            }
        };
        Input {
            number,
            kind,
            seed: origin,
            name,
            content,
            role,
        }
    }
}

impl Input {
    fn empty(number: usize) -> Self {
        Input {
            number,
            kind: "file",
            seed: String::new(),
            name: format!("{number}.bin"),
            content: Vec::new(),
            role: Some(Role::File),
        }
    }
}

fn kind_of(seed: &Seed) -> &'static str {
    match (seed.role, seed.extension.as_str()) {
        (Role::Captions, _) => "captions",
        (Role::Text, _) => "text of a page",
        (_, "pdf") => "PDF",
        (
            _,
            "wav" | "webm" | "mp3" | "mp4" | "m4a" | "flac" | "ogg" | "opus" | "aiff" | "mkv"
            | "mov",
        ) => "recording",
        (_, "md" | "csv" | "tsv" | "json") => "document",
        (_, "svg") => "drawing",
        _ => "image",
    }
}

/// Writes the sources of a batch into the folder `sources`, and the configuration of the archive. Returns the
/// names of the sources.
pub fn write(
    kind: BatchKind,
    inputs: &[Input],
    archive: &Path,
    sources: &Path,
) -> Result<Vec<String>, Failure> {
    tree::write_file(
        &archive.join("khizana.toml"),
        "widths = [32, 64]\nurl = \"https://example.org/\"\n",
    )?;
    match kind {
        BatchKind::Files => {
            let source = sources.join("files");
            write_companions(&source)?;
            let mut table = "id,title@en,description@en,file,text,captions@ar\n".to_owned();
            for input in inputs {
                tree::write_file(&source.join(&input.name), &input.content)?;
                let (file, text, captions) = match input.role {
                    Some(Role::Text) => ("page.png", input.name.as_str(), ""),
                    Some(Role::Captions) => ("tone.wav", "", input.name.as_str()),
                    _ => (input.name.as_str(), "", ""),
                };
                let script = super::SCRIPT.replace('"', "'");
                let _ = writeln!(
                    table,
                    "i{},{script},{script},{file},{text},{captions}",
                    input.number
                );
            }
            tree::write_file(&source.join("metadata.csv"), table)?;
            Ok(vec!["files".to_owned()])
        }
        BatchKind::Tables => {
            let mut names = Vec::new();
            for input in inputs {
                let name = format!("table-{}", input.number);
                let source = sources.join(&name);
                write_companions(&source)?;
                tree::write_file(&source.join(&input.name), &input.content)?;
                names.push(name);
            }
            Ok(names)
        }
        BatchKind::Configuration => {
            let source = sources.join("files");
            write_companions(&source)?;
            let table = "id,title@en,creator,custom,date,file\nt0-a,One,Someone,x,1906,page.png\n";
            tree::write_file(&source.join("metadata.csv"), table)?;
            for input in inputs {
                let folder = if input.name == "khizana.toml" {
                    archive
                } else {
                    &source
                };
                tree::write_file(&folder.join(&input.name), &input.content)?;
            }
            Ok(vec!["files".to_owned()])
        }
    }
}

/// Writes valid files that tables name, and links that lead out of the source.
fn write_companions(source: &Path) -> Result<(), Failure> {
    tree::write_file(&source.join("page.png"), picture(40, 60, 20)?)?;
    tree::write_file(&source.join("page.txt"), "One line\nand another one\n")?;
    tree::write_file(&source.join("tone.wav"), sound(800))?;
    #[cfg(unix)]
    for (name, target) in [
        ("link.txt", "../../canary/secret.txt"),
        ("link", "../../canary"),
    ] {
        let link = source.join(name);
        std::os::unix::fs::symlink(target, &link).map_err(Failure::file(&link))?;
    }
    Ok(())
}
