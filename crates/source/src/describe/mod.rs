//! From a record to an item.

mod attach;
mod contents;
mod gather;
mod identity;
mod report;
mod values;

use std::path::PathBuf;

use khizana_model::{Hash, Id, Item, LangTag, TrackKind};
use sha2::{Digest, Sha256};

use self::gather::Gathered;
pub(super) use self::identity::Place;
use self::identity::{identifier, report_place};
use self::report::RowReport;
use self::values::{dpi, location, reading_direction};
use super::column::{Column, Role};
use super::files::{self, FileError, Found, Reference};
use super::reader::{RowError, TableRow, Value};
use super::wax::Images;
use super::{
    Dialect, FileRef, PosterRef, Row, Source, SourceItem, TextRef, TrackRef, date, language, text,
};
use khizana_model::{Notes, Problem, RowPosition, printable};

/// Describes the items of one source.
#[derive(Debug)]
pub(super) struct Describer {
    root: PathBuf,
    table: String,
    dialect: Dialect,
    language: LangTag,
    images: Option<Images>,
    notes: Notes,
    location_from_files: bool,
}

impl Describer {
    pub(super) fn new(source: &Source) -> Self {
        Describer {
            root: source.root.clone(),
            table: source.table_name.clone(),
            dialect: source.dialect,
            language: source.language.clone(),
            images: (source.dialect == Dialect::Wax).then(|| Images::find(&source.root)),
            notes: Notes::default(),
            location_from_files: source.collection.location_from_files,
        }
    }

    /// Reports what is wrong with the columns themselves, once.
    pub(super) fn announce(&mut self, columns: &[Column], (number, line): (u64, u64)) {
        for column in columns {
            let report = RowReport::new(self.position(number, line));
            let header = printable(&column.header);
            if column.role == Role::Twice {
                self.notes.once(&column.header, report.problem(
                    "column-twice",
                    format!("The column `{header}` has the same field and language as an earlier column; it is ignored."),
                    "Rename the column, or put several values into one cell.",
                ));
            }
            if let Some(language) = &column.unknown_language {
                self.notes.once(&column.header, report.problem(
                    "language-unknown",
                    format!("`{}` in the column name `{header}` is not a language tag; its values are kept with unknown language.", printable(language)),
                    "Use a BCP 47 tag, for example ar, ar-Latn or fr.",
                ));
            }
            if column.idle_language && column.role != Role::Twice {
                self.notes.once(&column.header, report.warning(
                    "column-language",
                    format!("The values of the column `{header}` have no language; its language tag is ignored."),
                    "Remove the language tag from the column name.",
                ));
            }
        }
    }

    /// The position of a row.
    pub(super) fn position(&self, row: u64, line: u64) -> RowPosition {
        RowPosition {
            table: self.table.clone(),
            row,
            line,
        }
    }

    /// A row that cannot be read.
    pub(super) fn rejected(&self, error: RowError) -> Row {
        let position = self.position(error.number, error.line);
        let mut problem = Problem::error(error.code, error.message, error.hint).in_row(&position);
        problem.column = error.column;
        Row {
            position,
            item: Err(vec![problem]),
        }
    }

    pub(super) fn finish(mut self) -> Vec<Problem> {
        if let Some((count, first)) = self.images.as_ref().and_then(Images::unclaimed) {
            self.notes.once(
                "",
                Problem::warning(
                    "file-unclaimed",
                    format!("{count} files or folders in images/ belong to no item; the first is `{first}`."),
                    "Name each after the `pid` of its item, or remove it.",
                )
                .in_file(self.table.clone()),
            );
        }
        self.notes.into_problems()
    }

    /// Describes the item of a record; `place` judges its identifier and its parent.
    pub(super) fn describe(
        &mut self,
        record: &TableRow,
        columns: &[Column],
        place: impl Fn(&str, Option<&str>) -> Vec<Place>,
    ) -> Result<SourceItem, Vec<Problem>> {
        let mut report = RowReport::new(self.position(record.number, record.line));
        report.item = columns
            .iter()
            .zip(&record.values)
            .find_map(|(column, value)| match value {
                value if column.role == Role::Id => value.sole().map(str::trim).map(str::to_owned),
                _ => None,
            });
        let mut row = Gathered::default();
        let split = record.names.is_none();
        for (column, value) in columns.iter().zip(&record.values) {
            self.gather(&mut row, &mut report, column, value, split);
        }
        let id = identifier(&row, &mut report);
        let parent = report.only("parent", std::mem::take(&mut row.parent));
        if let Some(id) = &id {
            for place in place(id.as_str(), parent.as_deref()) {
                report_place(&mut report, place, parent.as_deref().unwrap_or_default());
            }
        }
        let parent = parent.and_then(|parent| parent.parse::<Id>().ok());
        let languages = self.languages(&mut row, &mut report);
        let rights = self.rights(&mut row, &mut report);
        let date = self.date(&mut row, &mut report);
        let reading_direction = reading_direction(&mut row, &mut report);
        let location = location(&mut row, &mut report);
        let dpi = dpi(&mut row, &mut report);
        if let (Some(images), Some(id)) = (&mut self.images, &id) {
            let found = images.claim(id.as_str());
            if row.files.is_empty() {
                row.files = found;
            }
        }
        let mut links = Vec::new();
        let text_language = languages.first().unwrap_or(&self.language).clone();
        let files = self.files(&row, &mut report, &mut links, &text_language);
        let contents = contents::read(&row.contents, !files.is_empty(), &mut report);
        let Some(id) = id.filter(|_| report.problems.is_empty()) else {
            return Err(report.problems);
        };
        let item = Item {
            id,
            title: row.title,
            fields: row.fields,
            date,
            languages,
            rights,
            reading_direction,
            location,
            dpi,
            parent,
            media: Vec::new(),
            contents,
            links,
            from_file: Vec::new(),
        };
        match hash(&item, &files, self.location_from_files) {
            Ok(hash) => Ok(SourceItem {
                item,
                files,
                hash,
                location_from_files: self.location_from_files,
            }),
            Err(error) => {
                report.error(
                    "record-invalid",
                    format!("The item cannot be serialised: {error}."),
                    "Report this as a bug in Khizana.",
                );
                Err(report.problems)
            }
        }
    }
}

/// What decides whether a row changed.
fn hash(item: &Item, files: &[FileRef], location: bool) -> Result<Hash, serde_json::Error> {
    let named: Vec<_> = files
        .iter()
        .map(|file| {
            (
                &file.name,
                &file.label,
                file.text.as_ref().map(|text| (&text.name, &text.language)),
                tracks(file),
                file.poster.as_ref().map(|poster| &poster.name),
            )
        })
        .collect();
    let mut canonical = serde_json::to_vec(&(item, named))?;
    if location {
        canonical.extend_from_slice(b"location");
    }
    Ok(Hash(Sha256::digest(&canonical).into()))
}

fn tracks(file: &FileRef) -> Vec<(TrackKind, &str, &LangTag)> {
    let tracks = file.tracks.iter();
    let named = tracks.map(|track| (track.kind, track.file.name.as_str(), &track.file.language));
    named.collect()
}
