//! The typefaces of the institution: checks of the font files, and their publication for the characters of the site.

mod faces;
mod font;
mod license;
mod style;
mod subset;
mod woff2;

use std::collections::{BTreeMap, BTreeSet};

use khizana_format::hash_of;
use khizana_model::{ArchiveConfig, IdentityFile, Located, Problem, message};
use khizana_site::Site;
use khizana_store::config::ConfigurationFiles;

use super::image::Refusal;
use super::{find, missing, report};
use crate::PublishError;
use crate::shown::Shown;
use faces::{Face, Part, is_arabic};
use font::{Font, Format};
use license::Permission;

/// The size in bytes from which a published font is reported.
const LARGE: usize = 150_000;

/// The published typefaces.
#[derive(Debug, Default)]
pub(crate) struct Typefaces {
    /// The rules to append to the style sheet of the fonts.
    pub(crate) style: String,
    /// The names and licenses to append to those of the fonts of the viewer.
    pub(crate) licenses: String,
}

/// Returns `true` if `khizana.toml` names a font file.
pub(crate) fn are_configured(config: &ArchiveConfig) -> bool {
    let typefaces = &config.identity.typefaces;
    !typefaces.text.is_empty() || !typefaces.headings.is_empty()
}

/// Publishes the font files. `shown` contains the characters of the site, and `root` is the relative path from the
/// style sheet to the root of the site. Files that cannot be used are reported in `problems`.
pub(crate) fn publish(
    site: &Site,
    config: &ArchiveConfig,
    files: &ConfigurationFiles,
    (shown, root): (&Shown, &str),
    problems: &mut Vec<Problem>,
) -> Result<Typefaces, PublishError> {
    let mut publisher = Publisher {
        site,
        files,
        shown,
        problems,
        published: BTreeMap::new(),
        licenses: String::new(),
    };
    let settings = &config.identity.typefaces;
    let mut style = String::new();
    for (role, files) in [
        (style::TEXT, &settings.text),
        (style::HEADINGS, &settings.headings),
    ] {
        let faces = publisher.faces(files)?;
        style.push_str(&style::style(role, &faces, &config.languages, root));
    }
    Ok(Typefaces {
        style,
        licenses: publisher.licenses,
    })
}

struct Publisher<'a> {
    site: &'a Site,
    files: &'a ConfigurationFiles,
    shown: &'a Shown,
    problems: &'a mut Vec<Problem>,
    /// The parts of each font file that has been published, by path. A file that cannot be used has none.
    published: BTreeMap<String, Vec<Part>>,
    licenses: String,
}

impl Publisher<'_> {
    /// Publishes the font files of a role.
    fn faces(&mut self, files: &[IdentityFile]) -> Result<Vec<Face>, PublishError> {
        let mut faces = Vec::new();
        for file in files {
            let path = &file.path.value;
            let parts = match self.published.get(path) {
                Some(parts) => parts.clone(),
                None => {
                    let parts = self.parts(&file.path)?;
                    self.published.insert(path.clone(), parts.clone());
                    parts
                }
            };
            if !parts.is_empty() {
                let language = file.language.clone();
                faces.push(Face { language, parts });
            }
        }
        Ok(faces)
    }

    /// Publishes a font file. Returns no parts if it cannot be used.
    fn parts(&mut self, path: &Located<String>) -> Result<Vec<Part>, PublishError> {
        let result = match find(self.files, &path.value) {
            Some(bytes) => prepare(bytes, self.shown),
            None => Err(missing(&path.value)),
        };
        let prepared = match result {
            Ok(prepared) => prepared,
            Err(refusal) => {
                report(self.problems, path, refusal);
                return Ok(Vec::new());
            }
        };
        let mut parts = Vec::new();
        for (bytes, characters) in prepared.parts {
            let hash = hash_of(&bytes).to_string();
            let published = format!("f/{}.woff2", hash.get(..32).unwrap_or(&hash));
            self.site.put_named(&published, &bytes)?;
            if bytes.len() > LARGE {
                report(self.problems, path, large(bytes.len(), prepared.is_subset));
            }
            parts.push(Part {
                path: published,
                characters,
            });
        }
        let paths: Vec<&str> = parts.iter().map(|part| part.path.as_str()).collect();
        let change = match prepared.is_subset {
            true => "a subset of",
            false => "the complete font of",
        };
        if self.licenses.is_empty() {
            self.licenses.push_str("\nFonts of the institution:\n");
        }
        self.licenses.push_str(&format!(
            "\n{}: {change} {}\n{}\n",
            paths.join(", "),
            path.value,
            prepared.texts.join("\n")
        ));
        Ok(parts)
    }
}

/// The files of a font, each with its characters, and the texts of its license.
struct Prepared {
    parts: Vec<(Vec<u8>, BTreeSet<char>)>,
    is_subset: bool,
    texts: Vec<String>,
}

/// Checks a font file, and makes the files to publish.
fn prepare(bytes: &[u8], shown: &Shown) -> Result<Prepared, Refusal> {
    let font = Font::read(bytes)?;
    let permission = license::check(&font)?;
    let texts = license::texts(&font);
    let characters = font.characters(shown.iter());
    if !characters.iter().any(|c| c.is_alphanumeric()) {
        return Err(Refusal {
            code: "typeface-characters",
            message: message!("The font has no letters of the texts on the site."),
            hint: message!("Use a font for the script of these texts, or remove the line."),
        });
    }
    if permission == Permission::Subset
        && let Some(parts) = subsets(&font, &characters)
    {
        return Ok(Prepared {
            parts,
            is_subset: true,
            texts,
        });
    }
    let complete = match font.format {
        Format::Woff2 => Some(bytes.to_vec()),
        Format::TrueType | Format::OpenType => subset::woff2(bytes),
    };
    Ok(Prepared {
        parts: vec![(complete.ok_or_else(font::damaged)?, characters)],
        is_subset: false,
        texts,
    })
}

/// Makes subsets of a font: for Arabic and for other scripts, if the font has both, so that a page in another script
/// need not load the larger one. Returns `None` if a subset cannot be made.
fn subsets(font: &Font<'_>, characters: &BTreeSet<char>) -> Option<Vec<(Vec<u8>, BTreeSet<char>)>> {
    let plain = font.plain().filter(|_| font.format == Format::TrueType)?;
    let arabic = |c: &char| is_arabic(*c) || !c.is_alphanumeric();
    let sets = match characters.contains(&'ب') && characters.contains(&'a') {
        true => vec![
            characters.iter().copied().filter(arabic).collect(),
            characters
                .iter()
                .copied()
                .filter(|c| !is_arabic(*c))
                .collect(),
        ],
        false => vec![characters.clone()],
    };
    let parts = sets.into_iter().map(|characters| {
        let subset = subset::subset(plain, &characters)?;
        Some((subset::woff2(&subset)?, characters))
    });
    parts.collect()
}

/// Returns a report about the size of a font that is published nevertheless.
fn large(bytes: usize, is_subset: bool) -> Refusal {
    let hint = match is_subset {
        true => message!("Use a font with fewer characters or variants."),
        false => message!(
            "Use a TrueType font (TTF) whose license permits subsets, of which only the characters on the site are published."
        ),
    };
    Refusal {
        code: "typeface-size",
        message: message!(
            "The font is published, but its {kilobytes} kB take long on a slow line.",
            kilobytes = bytes / 1000
        ),
        hint,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
