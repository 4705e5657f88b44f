//! Gathering of the values of a row.

use std::collections::BTreeSet;

use khizana_model::{Field, LangMap, LangTag, TrackKind, message};

use super::flatten::{Flattened, TaggedValue};
use super::images::ImageCandidate;
use super::report::RowReport;
use super::{Column, Dialect, ItemBuilder, Role, Value, files, remote, text};
use crate::column::normalise_name;
use khizana_model::printable;

/// The values of a row, by role.
#[derive(Debug, Default)]
pub(super) struct RowValues {
    pub id: Option<String>,
    pub title: LangMap,
    pub fields: Vec<Field>,
    pub dates: Vec<String>,
    pub hijri: Vec<String>,
    pub languages: Vec<String>,
    pub rights: Vec<String>,
    pub files: Vec<String>,
    /// The values of `files` that are from a column in which all URLs are those of images.
    pub image_files: BTreeSet<String>,
    /// URLs of smaller versions of the images, which are used if no file is an image.
    pub previews: Vec<String>,
    pub images: Vec<ImageCandidate>,
    pub substitutes: Vec<Substitute>,
    /// Paths of the texts. The nth path belongs to the nth file, and is empty if that file has no
    /// text.
    pub texts: Vec<String>,
    pub labels: Vec<(LangTag, Vec<String>)>,
    pub tracks: Vec<ColumnTracks>,
    /// Paths of the posters. The nth path belongs to the nth file, and is empty if that file has no
    /// poster.
    pub posters: Vec<String>,
    pub parent: Vec<String>,
    pub reading_direction: Vec<String>,
    /// The entries of the table of contents, for example `12 الباب الثاني`.
    pub contents: Vec<(LangTag, String)>,
    pub dpi: Vec<String>,
    pub latitude: Vec<String>,
    pub longitude: Vec<String>,
}

/// A value that is used if the item has no value for a field.
#[derive(Debug)]
pub(super) struct Substitute {
    pub field: &'static str,
    /// The rank of the column. A lower rank is preferred.
    pub rank: usize,
    /// The name of the column.
    pub name: String,
    /// The column, as [`RowReport::column`] returns it.
    pub column: Option<u32>,
    pub language: LangTag,
    pub value: String,
}

/// The tracks in a column. All of them are in the same language.
#[derive(Debug)]
pub(super) struct ColumnTracks {
    pub kind: TrackKind,
    pub language: LangTag,
    /// The name of the column.
    pub header: String,
    /// Paths of the tracks. The nth path belongs to the nth file, and is empty if that file has no
    /// track.
    pub paths: Vec<String>,
}

impl RowValues {
    /// Uses the substitutes of the preferred column for each field that has no value. The others are
    /// kept as fields.
    pub(super) fn choose_substitutes(&mut self, report: &mut RowReport) {
        let substitutes = std::mem::take(&mut self.substitutes);
        let chosen = ["date", "language", "rights"].map(|field| {
            let has_value = match field {
                "date" => !self.dates.is_empty(),
                "language" => !self.languages.is_empty(),
                _ => !self.rights.is_empty(),
            };
            let ranks = substitutes.iter().filter(|value| value.field == field);
            let rank = ranks.map(|value| value.rank).min();
            (field, rank.filter(|_| !has_value))
        });
        for value in substitutes {
            if !chosen.contains(&(value.field, Some(value.rank))) {
                self.add_field(&value.name, value.language, value.value);
                continue;
            }
            let (role, values) = match value.field {
                "date" => (Role::Date, &mut self.dates),
                "language" => (Role::Language, &mut self.languages),
                _ => (Role::Rights, &mut self.rights),
            };
            values.push(value.value);
            report.move_role(role, value.column);
        }
    }

    fn has(&self, name: &str, tag: &LangTag, value: &str) -> bool {
        let mut fields = self.fields.iter().filter(|field| field.name == name);
        fields.any(|field| field.values.get(tag.as_str()).iter().any(|v| v == value))
    }

    pub(super) fn add_field(&mut self, name: &str, tag: LangTag, value: String) {
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.values.push(tag, value),
            None => self.fields.push(Field {
                name: name.to_owned(),
                values: LangMap::of(tag, value),
            }),
        }
    }
}

impl ItemBuilder {
    /// Cleans the values of a column, and adds them to the values of the row. `split` is `true` if
    /// a cell may contain several values.
    pub(super) fn gather(
        &mut self,
        row: &mut RowValues,
        report: &mut RowReport,
        column: &Column,
        value: &Value,
        split: bool,
    ) {
        if *value == Value::Nothing || matches!(column.role, Role::Duplicate | Role::Technical) {
            return;
        }
        if column.role == Role::Unnamed {
            self.warnings.add(
                &column.header,
                report.warning(
                    "column-unnamed",
                    "A column without a name has values, which are ignored.",
                    "Give the column a name, or delete its values.",
                ),
            );
            return;
        }
        if column.role == Role::Derivative {
            self.warn_about_derivatives(report, &column.header);
            return;
        }
        if column.role == Role::Id && value.single().is_none() {
            report.error(
                "id-invalid",
                "The identifier is not a single value.",
                "Write the identifier as a single string.",
            );
            return;
        }
        let mut flattened = Flattened::default();
        let separator = column.separator.filter(|_| split);
        flattened.add(value, separator, column.language.as_ref());
        if !flattened.ignored.is_empty() {
            let ignored: Vec<String> = flattened.ignored.into_iter().collect();
            let header = printable(&column.header);
            self.warnings.add(
                &column.header,
                report.warning(
                    "members-ignored",
                    message!("Of the objects in `{header}`, only the names are read, not the members {ignored}.", header, ignored = printable(&ignored.join(", "))),
                    "No action is needed. To keep a member, move it to a separate column.",
                ),
            );
        }
        for (member, (tag, value)) in flattened.members {
            if let Some(value) = self.clean(report, column, &value) {
                let tag = tag.unwrap_or_else(|| self.language.clone());
                row.add_field(
                    &format!("{}_{}", column.name, normalise_name(&member)),
                    tag,
                    value,
                );
            }
        }
        if let (true, Value::One(text)) = (split, value) {
            self.warn_about_semicolons(report, column, text);
        }
        let mut clean_values = Vec::with_capacity(flattened.values.len());
        for (tag, value) in flattened.values {
            if let Some(value) = self.clean(report, column, &value) {
                clean_values.push((tag, value));
            }
        }
        self.assign(row, report, column, clean_values);
    }

    /// Warns about a cell that seems to contain a list with another separator than that of the table.
    fn warn_about_semicolons(&mut self, report: &RowReport, column: &Column, text: &str) {
        let has_several = ["subject", "creator", "contributor", "place", "type"];
        let is_list = column.role == Role::Field
            && column.separator == Some('|')
            && has_several.contains(&column.name.as_str())
            && !text.contains('|')
            && text.contains(';');
        if !is_list {
            return;
        }
        let parts: Vec<&str> = text.split(';').map(str::trim).collect();
        if parts.len() < 2 || parts.iter().any(|part| part.is_empty()) {
            return;
        }
        let warning = report.warning(
            "value-semicolons",
            message!(
                "`{value}` in `{header}` contains semicolons, and is read as one value.",
                value = printable(text),
                header = printable(&column.header)
            ),
            "If the cell contains several values, separate them with `|`.",
        );
        let warning = report.corrected(warning, text, parts.join("|"), false);
        self.warnings.add(&column.header, warning);
    }

    /// Cleans a text. Reports an error and returns `None` if it contains a control character.
    fn clean(&mut self, report: &mut RowReport, column: &Column, value: &str) -> Option<String> {
        match text::clean(value) {
            Ok(clean) => {
                self.warn_about_text(report, column, value, &clean);
                Some(clean.text)
            }
            Err(control) => {
                let problem = report.problem(
                    "text-control",
                    message!(
                        "A value in `{header}` contains the control character {control}.",
                        header = printable(&column.header),
                        control = control.escape_unicode().to_string()
                    ),
                    "The character is invisible. Replace it with a space or a line break, or remove it.",
                );
                let problem = report.corrected(problem, value, text::without_controls(value), true);
                report.problems.push(problem);
                None
            }
        }
    }

    /// Warns about a text that was changed when it was cleaned, or that looks like markup.
    fn warn_about_text(
        &mut self,
        report: &RowReport,
        column: &Column,
        original: &str,
        text: &text::CleanText,
    ) {
        if !text.removed_bidi && !text.has_windows_1252 && !text.has_markup {
            return;
        }
        let header = printable(&column.header);
        let corrected = |warning| report.corrected(warning, original, text.text.as_str(), true);
        if text.removed_bidi {
            self.warnings.add(&column.header, corrected(report.warning(
                "text-bidi",
                message!("A value in `{header}` contained unbalanced or overriding bidirectional control characters, which were removed.", header),
                "Remove them from the table; the language of a value determines its direction.",
            )));
        }
        if text.has_windows_1252 {
            self.warnings.add(&column.header, corrected(report.warning(
                "text-windows-1252",
                message!("A value in `{header}` contained control characters where Windows-1252 has printable ones; they are read as such: `{value}`.", header, value = printable(&text.text)),
                "No action is needed if the value is right. Otherwise correct it in the table.",
            )));
        }
        if text.has_markup {
            self.warnings.add(
                &column.header,
                report.warning(
                    "text-markup",
                    message!(
                        "A value in `{header}` looks like HTML; it is displayed as plain text.",
                        header
                    ),
                    "If the value contains markup, remove it.",
                ),
            );
        }
    }

    /// Adds the values of a column to the values of the row, according to the role of the column.
    fn assign(
        &self,
        row: &mut RowValues,
        report: &mut RowReport,
        column: &Column,
        mut values: Vec<TaggedValue>,
    ) {
        let is_track = matches!(column.role, Role::Track(_))
            && values.iter().any(|(_, value)| is_track_path(value));
        let is_positional =
            is_track || matches!(column.role, Role::Text | Role::FileLabel | Role::Poster);
        if !is_positional || values.iter().all(|(_, value)| value.is_empty()) {
            values.retain(|(_, value)| !value.is_empty());
        }
        let tag_of = |tag: Option<LangTag>| {
            tag.unwrap_or_else(|| {
                if column.unknown_language.is_some() {
                    LangTag::und()
                } else {
                    self.language.clone()
                }
            })
        };
        let plain = |values: Vec<TaggedValue>| values.into_iter().map(|(_, value)| value);
        match column.role {
            Role::Id => row.id = report.at_most_one("id", plain(values).collect()),
            Role::Title => {
                for (tag, value) in values {
                    let tag = tag_of(tag);
                    if !column.is_repeated || !row.title.get(tag.as_str()).contains(&value) {
                        row.title.push(tag, value);
                    }
                }
            }
            Role::Field if column.substitute.is_some() => {
                let (field, rank) = column.substitute.unwrap_or_default();
                for (tag, value) in values {
                    row.substitutes.push(Substitute {
                        field,
                        rank,
                        name: column.name.clone(),
                        column: report.column(),
                        language: tag_of(tag),
                        value,
                    });
                }
            }
            Role::Field => {
                for (tag, value) in values {
                    let tag = tag_of(tag);
                    if !column.is_repeated || !row.has(&column.name, &tag, &value) {
                        row.add_field(&column.name, tag, value);
                    }
                }
            }
            Role::Track(TrackKind::Transcript)
                if self.dialect == Dialect::CollectionBuilder
                    && is_track
                    && !values.iter().any(|(_, value)| value.ends_with(".vtt")) =>
            {
                row.texts.extend(plain(values));
            }
            Role::Track(kind) if is_track => {
                for (tag, path) in values {
                    let language = tag_of(tag);
                    let is_same = |tracks: &&mut ColumnTracks| {
                        tracks.header == column.header && tracks.language == language
                    };
                    match row.tracks.iter_mut().find(is_same) {
                        Some(tracks) => tracks.paths.push(path),
                        None => row.tracks.push(ColumnTracks {
                            kind,
                            language,
                            header: column.header.clone(),
                            paths: vec![path],
                        }),
                    }
                }
            }
            Role::Track(_) => {
                for (tag, value) in values {
                    row.add_field(&column.name, tag_of(tag), value);
                }
            }
            Role::Poster => row.posters.extend(plain(values)),
            Role::Date => {
                for value in plain(values) {
                    if !row.dates.contains(&value) {
                        row.dates.push(value);
                    }
                }
            }
            Role::Hijri => row.hijri.extend(plain(values)),
            Role::Language => row.languages.extend(plain(values)),
            Role::Rights => row.rights.extend(plain(values)),
            Role::File => row.files.extend(plain(values)),
            Role::Text => row.texts.extend(plain(values)),
            Role::FileLabel => {
                for (tag, value) in values {
                    let tag = tag_of(tag);
                    match row.labels.iter_mut().find(|(other, _)| *other == tag) {
                        Some((_, labels)) => labels.push(value),
                        None => row.labels.push((tag, vec![value])),
                    }
                }
            }
            Role::Contents => {
                let entries = values.into_iter().map(|(tag, value)| (tag_of(tag), value));
                row.contents.extend(entries);
            }
            Role::Parent => row.parent.extend(plain(values)),
            Role::ReadingDirection => row.reading_direction.extend(plain(values)),
            Role::Dpi => row.dpi.extend(plain(values)),
            Role::Latitude => row.latitude.extend(plain(values)),
            Role::Longitude => row.longitude.extend(plain(values)),
            Role::Image(rank) => {
                for (tag, value) in values {
                    row.images.push(ImageCandidate {
                        rank,
                        name: column.name.clone(),
                        header: column.header.clone(),
                        language: tag_of(tag),
                        value,
                        is_field: false,
                    });
                }
            }
            Role::Identifier => {
                for (tag, value) in values {
                    let language = tag_of(tag);
                    if files::is_remote(&value) && remote::image(&value, false).is_some() {
                        row.images.push(ImageCandidate {
                            rank: usize::MAX,
                            name: column.name.clone(),
                            header: column.header.clone(),
                            language: language.clone(),
                            value: value.clone(),
                            is_field: true,
                        });
                    }
                    row.add_field(&column.name, language, value);
                }
            }
            Role::Derivative | Role::Unnamed | Role::Duplicate | Role::Technical => {}
        }
    }
}

/// Returns `true` if a value in a track column is a path rather than text.
fn is_track_path(value: &str) -> bool {
    !value.contains(char::is_whitespace)
        && [".txt", ".md", ".vtt", ".srt", ".csv", ".xml"]
            .iter()
            .any(|extension| value.ends_with(extension))
}
