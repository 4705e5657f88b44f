//! Conversion of rows to items.

mod attach;
mod contents;
mod flatten;
mod gather;
mod identity;
mod images;
mod report;
mod unused;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;

use khizana_model::{Hash, Item, LangTag, TrackKind, message};
use sha2::{Digest, Sha256};

use self::attach::Links;
use self::gather::RowValues;
pub(super) use self::identity::IdentityConflict;
use self::report::RowReport;
use self::unused::{NamedFiles, quoted_names};
use super::column::{Column, Role};
use super::files::{self, FileError, Folders, LocalFile, Reference};
use super::index::Identity;
use super::reader::{RowError, TableRow, Value};
use super::wax::Images;
use super::workbook::cell_name;
use super::{
    Dialect, FileRef, PosterRef, RemoteFile, Row, Source, SourceItem, TextRef, TrackRef, date,
    language, remote, text,
};
use khizana_model::{GroupedWarnings, Problem, RowPosition, printable};

/// Maximum length of a value in bytes.
const MAX_VALUE_BYTES: usize = 1 << 20;

/// A builder that converts the rows of a source to items.
#[derive(Debug)]
pub(super) struct ItemBuilder {
    root: PathBuf,
    folders: Folders,
    table: String,
    /// The name of the sheet, if the table is a workbook.
    sheet: Option<String>,
    dialect: Dialect,
    language: LangTag,
    images: Option<Images>,
    warnings: GroupedWarnings,
    location_from_files: bool,
    /// `true` if the rows consist of cells.
    has_cells: bool,
    /// The files that the rows name.
    named: NamedFiles,
    /// The titles of items without one, by the identifier.
    fallback_titles: BTreeMap<String, String>,
}

impl ItemBuilder {
    pub(super) fn new(source: &Source, has_cells: bool) -> Self {
        ItemBuilder {
            root: source.root.clone(),
            folders: Folders::new(&source.root),
            table: source.table_name.clone(),
            sheet: source
                .workbook
                .as_ref()
                .map(|workbook| printable(workbook.sheet())),
            dialect: source.dialect,
            language: source.language.clone(),
            images: (source.dialect == Dialect::Wax)
                .then(|| Images::scan(&source.root, source.images.as_deref())),
            warnings: GroupedWarnings::default(),
            location_from_files: source.collection.location_from_files,
            has_cells,
            named: NamedFiles::default(),
            fallback_titles: source
                .folder
                .iter()
                .flatten()
                .map(|item| (item.id().to_owned(), item.title().to_owned()))
                .collect(),
        }
    }

    /// Reports problems of the columns. Each problem is reported once.
    pub(super) fn check_columns(&mut self, columns: &[Column], (number, line): (u64, u64)) {
        for (index, column) in columns.iter().enumerate() {
            let mut report =
                RowReport::new(self.position(number, line, None), columns, self.has_cells);
            report.about(index);
            let header = printable(&column.header);
            if column.role == Role::Duplicate {
                self.warnings.once(&column.header, report.warning(
                    "column-twice",
                    message!("The column `{header}` has the same field as an earlier column, and an item can have only one value; it is ignored.", header),
                    "Rename or remove one of the columns.",
                ));
            }
            if let Some(field) = column.similar {
                let suggestion = match &column.language {
                    Some(language) => format!("{field}@{language}"),
                    None => field.to_owned(),
                };
                let warning = report.warning(
                    "column-misspelt",
                    message!("The column `{header}` is kept as the field `{name}`; its name resembles `{suggestion}`.", header, name = printable(&column.name), suggestion),
                    message!("If the column contains the field `{field}`, call it `{suggestion}`.", field, suggestion),
                );
                let warning = report.corrected(warning, &column.header, suggestion, false);
                self.warnings.once(&column.header, warning);
            }
            if let Some(language) = &column.unknown_language {
                self.warnings.once(&column.header, report.warning(
                    "language-unknown",
                    message!("`{language}` in the column name `{header}` is not a language. The values of the column are kept, but their language is unknown.", language = printable(language), header),
                    "Use a BCP 47 tag, for example ar, ar-Latn or fr.",
                ));
            }
            if column.has_unused_language && column.role != Role::Duplicate {
                self.warnings.once(&column.header, report.warning(
                    "column-language",
                    message!("The values of the column `{header}` have no language; its language tag is ignored.", header),
                    "Remove the language tag from the column name.",
                ));
            }
        }
    }

    /// Warns that an item has no title, and names the columns that may contain it.
    fn warn_about_missing_title(&mut self, report: &RowReport, columns: &[Column]) {
        let is_near = |column: &&Column| {
            let name = column.header.to_lowercase();
            column.role == Role::Field
                && ["title", "name", "titre", "titel", "label", "عنوان", "اسم"]
                    .iter()
                    .any(|near| name.contains(near))
        };
        let near: Vec<String> = columns
            .iter()
            .filter(is_near)
            .take(5)
            .map(|column| format!("`{}`", printable(&column.header)))
            .collect();
        let titles: Vec<String> = columns
            .iter()
            .filter(|column| column.role == Role::Title)
            .map(|column| format!("`{}`", printable(&column.header)))
            .collect();
        let hint = match near.as_slice() {
            [] if !titles.is_empty() => {
                message!(
                    "Write the title in the column {columns}.",
                    columns = titles.join(", ")
                )
            }
            [] => message!("Write the title in the column `title`."),
            [one] => message!(
                "Write the title in the column `title`. If {one} contains it, call that column `title`.",
                one
            ),
            several => message!(
                "Write the title in the column `title`. If one of the columns {several} contains it, call that column `title`.",
                several = several.join(", ")
            ),
        };
        let message = "The item has no title; its identifier is displayed instead.";
        self.warnings
            .add("title", report.warning("title-missing", message, hint));
    }

    /// Returns the position of a row. `file` is the file that contains it, if it is not the table.
    pub(super) fn position(&self, row: u64, line: u64, file: Option<&String>) -> RowPosition {
        RowPosition {
            table: file.unwrap_or(&self.table).clone(),
            row,
            line,
            sheet: self.sheet.clone(),
        }
    }

    /// Converts a row that cannot be read to a rejected [`Row`].
    pub(super) fn rejected_row(&self, error: RowError) -> Row {
        let position = self.position(error.number, error.line, error.file.as_ref());
        let mut problem = Problem::error(error.code, error.message, error.hint).in_row(&position);
        problem.column = error.column;
        Row {
            position,
            item: Err(vec![problem]),
        }
    }

    /// Returns the warnings about rows and the problems of columns.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        if let Some((count, first)) = self.images.as_ref().and_then(Images::unclaimed) {
            self.warnings.once(
                "",
                Problem::warning(
                    "file-unclaimed",
                    message!("Some files or folders in the folder of images do not belong to an item ({count} in total; the first is `{first}`).", count, first),
                    "Name each file or folder after the `pid` of its item, or remove it.",
                )
                .in_file(self.table.clone()),
            );
        }
        let is_described = self.has_cells && self.dialect == Dialect::Khizana;
        if let Some((count, names)) = self.named.others(&self.root).filter(|_| is_described) {
            let names = quoted_names(&names, count);
            self.warnings.once(
                "unused",
                Problem::warning(
                    "file-unused",
                    message!("Some media files in the source are not named by any row ({count} in total): {names}.", count, names),
                    "Name each file in the row of its item, or move it out of the source.",
                )
                .in_file(self.table.clone()),
            );
        }
        self.warnings.into_problems()
    }

    /// Converts a row to an item. `identify` returns the identity of the item with the given
    /// identifier and parent.
    ///
    /// # Errors
    /// Returns all errors of the row if there are any.
    pub(super) fn build(
        &mut self,
        row: &TableRow,
        columns: &[Column],
        identify: impl FnOnce(&str, Option<&str>) -> Identity,
    ) -> Result<SourceItem, Vec<Problem>> {
        let position = self.position(row.number, row.line, row.file.as_ref());
        let mut report = RowReport::new(position, columns, row.names.is_none());
        report.item = columns
            .iter()
            .zip(&row.values)
            .find_map(|(column, value)| match value {
                value if column.role == Role::Id => {
                    value.single().map(str::trim).map(str::to_owned)
                }
                _ => None,
            });
        let mut values = RowValues::default();
        let split = row.names.is_none();
        for (index, (column, value)) in columns.iter().zip(&row.values).enumerate() {
            report.about(index);
            if value.longest_text() > MAX_VALUE_BYTES {
                report.error(
                    "value-too-long",
                    message!(
                        "A value in `{header}` is longer than 1 MiB.",
                        header = printable(&column.header)
                    ),
                    "Put long texts into a file, and name it in the column `text`.",
                );
                continue;
            }
            self.gather(&mut values, &mut report, column, value, split);
        }
        values.choose_substitutes(&mut report);
        let (id, parent) = self.identity(&mut values, &mut report, identify);
        report.about_role(&[Role::Language]);
        let languages = self.languages(&mut values, &mut report);
        report.about_role(&[Role::Rights]);
        let rights = self.rights(&mut values, &mut report);
        let date = self.date(&mut values, &mut report);
        report.about_role(&[Role::ReadingDirection]);
        let reading_direction = self.reading_direction(&mut values, &mut report);
        report.about_role(&[Role::Latitude, Role::Longitude]);
        let location = self.location(&mut values, &mut report);
        report.about_role(&[Role::Dpi]);
        let dpi = self.dpi(&mut values, &mut report);
        if let (Some(images), Some(id)) = (&mut self.images, &id) {
            let claimed = images.claim(id.as_str());
            if values.files.is_empty() {
                values.files = claimed;
            }
        }
        self.choose_images(&mut values, &mut report);
        let mut links = Links::default();
        let text_language = languages.first().unwrap_or(&self.language).clone();
        let files = self.files(&values, &mut report, &mut links, &text_language);
        report.about_role(&[Role::Contents]);
        let has_files = !files.is_empty() || !links.images.is_empty();
        let contents = contents::parse(&values.contents, has_files, &mut report);
        let Some(id) = id.filter(|_| report.problems.is_empty()) else {
            return Err(report.problems);
        };
        // The title of an item with files may be embedded in the first file.
        if values.title.is_empty() && files.is_empty() {
            report.about_role(&[Role::Title]);
            self.warn_about_missing_title(&report, columns);
        }
        let item = Item {
            id,
            title: values.title,
            fields: values.fields,
            date,
            languages,
            rights,
            reading_direction,
            location,
            dpi,
            parent,
            media: Vec::new(),
            contents,
            links: links.urls,
            remote: links.images.iter().map(|file| file.image.clone()).collect(),
            from_file: Vec::new(),
        };
        match hash(&item, &files, &links.images, self.location_from_files) {
            Ok(hash) => Ok(SourceItem {
                fallback_title: self.fallback_titles.get(item.id.as_str()).cloned(),
                item,
                files,
                remote: links.images,
                hash,
                location_from_files: self.location_from_files,
            }),
            Err(error) => {
                report.error(
                    "record-invalid",
                    message!(
                        "The item cannot be serialised: {error}.",
                        error = error.to_string()
                    ),
                    "Report this as a bug in Khizana.",
                );
                Err(report.problems)
            }
        }
    }
}

/// Computes a hash that changes if the row changes.
fn hash(
    item: &Item,
    files: &[FileRef],
    remote: &[RemoteFile],
    location: bool,
) -> Result<Hash, serde_json::Error> {
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
    if !remote.is_empty() {
        let places: Vec<_> = remote
            .iter()
            .map(|file| (&file.label, file.position))
            .collect();
        serde_json::to_writer(&mut canonical, &places)?;
    }
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
