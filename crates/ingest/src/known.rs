//! Files that were inspected before the ingest, possibly by another machine.

use std::collections::BTreeMap;
use std::io;

use khizana_media::PixelGate;
use khizana_model::{Hash, LangMap, Media, Problem, RowPosition, Storage};
use serde::{Deserialize, Serialize};

use crate::facts::Facts;
use crate::file_problem::FileContext;
use crate::inspect::{FileUses, Inspection, MediaFacts, inspect};
use crate::page_text::ParsedText;
use crate::tracks::TrackFacts;

/// The result of inspecting a file of a source, without the item that refers to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// The name of the file in the source.
    pub name: String,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: Hash,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    media: Option<Facts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<ParsedText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    track: Option<TrackFacts>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    problems: Vec<Problem>,
}

impl FileFacts {
    /// Hashes and inspects a file. `gate` limits the memory that the images need which are decoded at the same
    /// time.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read. A damaged file is no error: its problem is among the facts.
    pub fn of(name: &str, uses: &FileUses<'_>, gate: &PixelGate) -> io::Result<FileFacts> {
        let (sha256, bytes) = khizana_store::ocfl::hash_file(uses.path)?;
        // The ingest replaces the row and the item, which it reads from the table.
        let position = RowPosition {
            table: String::new(),
            row: 0,
            line: 0,
            sheet: None,
        };
        let context = FileContext {
            file: name,
            position: &position,
            item: "",
        };
        let inspection = inspect(context, uses, gate);
        let media = inspection.media.and_then(|media| match media {
            MediaFacts::Measured(facts) => Some(*facts),
            MediaFacts::Known(_) => None,
        });
        Ok(FileFacts {
            name: name.to_owned(),
            bytes,
            sha256,
            media,
            text: inspection.text,
            track: inspection.track,
            problems: inspection.problems,
        })
    }

    /// Returns the record of the file as a media file, without label, text, tracks and poster. Returns `None` if
    /// the file is not a media file, or is damaged.
    pub fn media(&self) -> Option<Media> {
        let facts = self.media.as_ref()?;
        Some(facts.media(&self.name, self.sha256, (self.bytes, Storage::Raw)))
    }

    /// Returns the inspection of the file as a file of an item.
    pub(crate) fn into_inspection(self, context: FileContext<'_>) -> Inspection {
        let problems = self.problems.into_iter();
        let problems = problems.map(|problem| {
            let problem = problem.moved_to(context.position);
            problem.of_item(context.item)
        });
        Inspection {
            problems: problems.collect(),
            media: self.media.map(Box::new).map(MediaFacts::Measured),
            text: self.text,
            track: self.track,
        }
    }
}

impl Facts {
    /// Returns the record of a media file, without label, text, tracks and poster.
    pub fn media(&self, name: &str, sha256: Hash, (bytes, storage): (u64, Storage)) -> Media {
        Media {
            name: name.to_owned(),
            sha256,
            bytes,
            media_type: self.media_type.clone(),
            kind: self.kind,
            width: self.width,
            height: self.height,
            pages: self.pages,
            duration_ms: self.duration_ms,
            waveform: self.waveform.clone(),
            located: self.located,
            storage,
            source: None,
            label: LangMap::new(),
            text: None,
            tracks: Vec::new(),
            poster: None,
        }
    }
}

/// The facts about the files of a source. An ingest does not inspect these files again, but compares their
/// hashes with the files that it stores.
#[derive(Debug, Default)]
pub struct KnownFiles {
    /// The facts as JSON, which needs less memory, by the name of the file.
    json: BTreeMap<Box<str>, Box<str>>,
}

impl KnownFiles {
    /// Adds the facts about a file, given as JSON. Returns the facts.
    ///
    /// # Errors
    /// Returns an error if the JSON is invalid.
    pub fn add(&mut self, json: &str) -> Result<FileFacts, serde_json::Error> {
        let facts: FileFacts = serde_json::from_str(json)?;
        self.json.insert(facts.name.as_str().into(), json.into());
        Ok(facts)
    }

    /// Returns the number of files.
    pub fn len(&self) -> usize {
        self.json.len()
    }

    /// Returns `true` if there are no files.
    pub fn is_empty(&self) -> bool {
        self.json.is_empty()
    }

    /// Returns `true` if the facts about a file are known.
    pub fn contains(&self, name: &str) -> bool {
        self.json.contains_key(name)
    }

    pub(crate) fn get(&self, name: &str) -> Option<FileFacts> {
        // `add` has parsed the JSON before.
        serde_json::from_str(self.json.get(name)?).ok()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::inspect::file_uses;
    use khizana_source::SourceItem;

    /// Returns the first item of a source with a text of a page, and with a file that is not an image.
    fn item(folder: &std::path::Path) -> SourceItem {
        let page = "<PcGts><Page imageWidth=\"100.1\" imageHeight=\"200\"><TextRegion><TextLine>\n\
             <Coords points=\"x,2 30,40\"/><TextEquiv><Unicode>x</Unicode></TextEquiv>\
             </TextLine></TextRegion></Page></PcGts>";
        std::fs::write(folder.join("a.xml"), page).unwrap();
        std::fs::write(folder.join("a.jpg"), b"\xFF\xD8\xFF\xE0 not a picture").unwrap();
        let table = "id,title@en,file,text\none,One,a.jpg,a.xml\n";
        std::fs::write(folder.join("metadata.csv"), table).unwrap();
        let source = khizana_source::open(folder).unwrap();
        source.rows().unwrap().next().unwrap().item.unwrap()
    }

    #[test]
    fn facts_that_were_written_and_read_are_those_of_an_inspection() {
        let folder = tempfile::tempdir().unwrap();
        let item = item(folder.path());
        let gate = PixelGate::default();
        let position = RowPosition {
            table: "metadata.csv".into(),
            row: 7,
            line: 9,
            sheet: None,
        };
        let uses = file_uses(&item.files);
        assert_eq!(uses.len(), 2);
        let mut known = KnownFiles::default();
        for (name, uses) in &uses {
            let context = FileContext {
                file: name,
                position: &position,
                item: "one",
            };
            let inspected = inspect(context, uses, &gate);
            let facts = FileFacts::of(name, uses, &gate).unwrap();
            let json = serde_json::to_string(&facts).unwrap();
            assert_eq!(known.add(&json).unwrap(), facts);
            let read = known.get(name).unwrap().into_inspection(context);
            assert_eq!(read.problems, inspected.problems);
            assert_eq!(read.text, inspected.text);
            assert_eq!(read.media.is_some(), inspected.media.is_some());
        }
        assert!(known.contains("a.xml") && !known.contains("b.xml"));
        assert!(known.add("{").is_err());
    }
}
