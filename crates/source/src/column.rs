//! Columns of tables: dialects, names, and roles.

use khizana_model::{LangTag, TrackKind};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::language;

/// The dialect of a table: the program whose column names it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// The dialect of Khizana and similar tables, which have a column `id`.
    Khizana,
    /// The dialect of CollectionBuilder, whose tables have a column `objectid`.
    CollectionBuilder,
    /// The dialect of Wax, whose tables have a column `pid`.
    Wax,
}

impl Dialect {
    /// Detects a dialect by the name of its identifier column.
    pub(super) fn detect(headers: &[String]) -> Option<Dialect> {
        [
            ("id", Dialect::Khizana),
            ("objectid", Dialect::CollectionBuilder),
            ("pid", Dialect::Wax),
        ]
        .into_iter()
        .find(|(name, _)| headers.iter().any(|header| split_header(header).0 == *name))
        .map(|(_, dialect)| dialect)
    }

    /// Returns the character that separates the values of a field in one cell.
    fn separator(self, name: &str) -> Option<char> {
        match self {
            Dialect::Khizana => Some('|'),
            Dialect::CollectionBuilder => matches!(
                name,
                "creator"
                    | "contributor"
                    | "subject"
                    | "type"
                    | "format"
                    | "place"
                    | "language"
                    | "genre"
            )
            .then_some(';'),
            Dialect::Wax => None,
        }
    }
}

// Mappings of column names to the field names of Khizana. The mappings in `…_FALLBACKS` apply only
// if the table has no column with the name of the field.

const COLLECTION_BUILDER: [(&str, &str); 6] = [
    ("objectid", "id"),
    ("parentid", "parent"),
    ("rights", "rights_text"),
    ("rightsstatement", "rights"),
    ("object_transcript", "transcript"),
    ("image_alt_text", "alt_text"),
];
const COLLECTION_BUILDER_FALLBACKS: [(&str, &str); 4] = [
    ("object_location", "file"),
    ("filename", "file"),
    ("object_download", "file"),
    ("location", "place"),
];
const WAX: [(&str, &str); 1] = [("pid", "id")];
const WAX_FALLBACKS: [(&str, &str); 2] = [("label", "title"), ("_date", "date")];
const COMMON_FALLBACKS: [(&str, &str); 4] = [
    ("artist", "creator"),
    ("author", "creator"),
    ("subjects", "subject"),
    ("keywords", "subject"),
];
/// Columns that contain derivatives made by other programs.
const DERIVATIVES: [(Dialect, &str); 5] = [
    (Dialect::CollectionBuilder, "image_small"),
    (Dialect::CollectionBuilder, "image_thumb"),
    (Dialect::Wax, "thumbnail"),
    (Dialect::Wax, "full"),
    (Dialect::Wax, "manifest"),
];

/// The role of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    Id,
    Title,
    Field,
    Date,
    Hijri,
    Language,
    Rights,
    File,
    FileLabel,
    Text,
    /// Paths of tracks. Values that are not paths are kept in a descriptive field.
    Track(TrackKind),
    Poster,
    Parent,
    ReadingDirection,
    /// The table of contents.
    Contents,
    Latitude,
    Longitude,
    Dpi,
    /// The path of a derivative that was made by another program.
    Derivative,
    /// A column without a name.
    Unnamed,
    /// A column with the same field and language as an earlier column.
    Duplicate,
}

/// A column of a table, or a member of a JSON object.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The name of the column in the table.
    pub header: String,
    /// The name of the field, in lower case and without a language tag.
    pub name: String,
    /// The language of the values, if the header contains a valid language tag.
    pub language: Option<LangTag>,
    pub role: Role,
    /// The character that separates several values in a cell.
    pub separator: Option<char>,
    /// The language tag in the header, if it is invalid.
    pub unknown_language: Option<String>,
    /// `true` if the header contains a language tag, but values with this role have no language.
    pub has_unused_language: bool,
}

/// Interprets the headers of a table.
pub(super) fn columns(headers: &[String], dialect: Dialect) -> Vec<Column> {
    let mut columns: Vec<Column> = headers
        .iter()
        .map(|header| column(header, dialect))
        .collect();
    rename(&mut columns, dialect);
    for index in 0..columns.len() {
        let (earlier, rest) = columns.split_at_mut(index);
        let Some(column) = rest.first_mut() else {
            break;
        };
        column.role = role(&column.name, column.language.is_some(), dialect);
        if column.role == Role::Rights && column.language.is_some() {
            // The URI of a rights statement has no language, so the column contains the text of a
            // statement.
            column.name = "rights_text".to_owned();
            column.role = Role::Field;
        }
        column.separator = match column.role {
            Role::Id | Role::Date | Role::Hijri | Role::Parent => None,
            _ => dialect.separator(&column.name),
        };
        column.has_unused_language = column.language.is_some()
            && !matches!(
                column.role,
                Role::Title | Role::Field | Role::FileLabel | Role::Contents | Role::Track(_)
            );
        if column.role != Role::Unnamed
            && earlier.iter().any(|other| {
                other.name == column.name
                    && (other.language == column.language || column.has_unused_language)
                    // A column with an invalid language tag is not a duplicate of a column without
                    // a tag.
                    && other.unknown_language == column.unknown_language
            })
        {
            column.role = Role::Duplicate;
        }
    }
    columns
}

/// Replaces the column names of a dialect with those of Khizana.
fn rename(columns: &mut [Column], dialect: Dialect) {
    let (mappings, fallbacks): (&[_], &[_]) = match dialect {
        Dialect::Khizana => (&[], &[]),
        Dialect::CollectionBuilder => (&COLLECTION_BUILDER, &COLLECTION_BUILDER_FALLBACKS),
        Dialect::Wax => (&WAX, &WAX_FALLBACKS),
    };
    for column in columns.iter_mut() {
        if let Some((_, to)) = mappings.iter().find(|(from, _)| *from == column.name) {
            column.name = (*to).to_owned();
        }
    }
    for (from, to) in fallbacks.iter().chain(&COMMON_FALLBACKS) {
        let exists = columns.iter().any(|column| column.name == *to);
        for column in columns
            .iter_mut()
            .filter(|column| column.name == *from && !exists)
        {
            column.name = (*to).to_owned();
        }
    }
}

fn role(name: &str, has_language: bool, dialect: Dialect) -> Role {
    if DERIVATIVES.contains(&(dialect, name)) {
        return Role::Derivative;
    }
    match name {
        "" => Role::Unnamed,
        "id" => Role::Id,
        "title" => Role::Title,
        // The column `date@ar` describes the date in Arabic.
        "date" if !has_language => Role::Date,
        "date_hijri" => Role::Hijri,
        "language" if !has_language => Role::Language,
        "rights" => Role::Rights,
        "file" => Role::File,
        "file_label" => Role::FileLabel,
        "text" if !has_language => Role::Text,
        "captions" => Role::Track(TrackKind::Captions),
        "transcript" => Role::Track(TrackKind::Transcript),
        "chapters" => Role::Track(TrackKind::Chapters),
        "poster" => Role::Poster,
        "parent" => Role::Parent,
        "reading_direction" => Role::ReadingDirection,
        "toc" if dialect == Dialect::Khizana => Role::Contents,
        "dpi" if dialect == Dialect::Khizana => Role::Dpi,
        "latitude" => Role::Latitude,
        "longitude" => Role::Longitude,
        _ => Role::Field,
    }
}

fn column(header: &str, dialect: Dialect) -> Column {
    let (name, language) = split_header(header);
    let mut column = Column {
        header: header.to_owned(),
        name,
        language: None,
        role: role("", false, dialect),
        separator: None,
        unknown_language: None,
        has_unused_language: false,
    };
    if let Some(text) = language {
        match language::parse_language(&text) {
            Some(tag) => column.language = Some(tag),
            None => column.unknown_language = Some(text),
        }
    }
    column
}

/// Splits a header into a name and a language: `title@ar`, `Title @ar`, `title/ar`,
/// `dcterms:title @ar`.
fn split_header(header: &str) -> (String, Option<String>) {
    let header: String = header.trim().nfc().collect();
    let (name, language) = match header.split_once('@') {
        Some((name, language)) => (name, Some(language.trim().to_owned())),
        // A slash may be part of a name: in `and/or`, `or` is also the tag of the language Odia.
        // Therefore both the name and the tag must be known.
        None => match header.rsplit_once('/') {
            Some((name, tag)) if is_descriptive(name) && language::parse_tag(tag).is_some() => {
                (name, Some(tag.to_owned()))
            }
            _ => (header.as_str(), None),
        },
    };
    (normalise_name(name), language)
}

/// Normalises a name: converts it to lower case, removes a Dublin Core prefix, and replaces white
/// space with `_`.
pub(super) fn normalise_name(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let name = name
        .strip_prefix("dcterms:")
        .or_else(|| name.strip_prefix("dc:"))
        .unwrap_or(&name);
    name.split_whitespace().collect::<Vec<_>>().join("_")
}

/// Returns `true` if the values of a field have a language. This applies to elements of Dublin Core
/// and similar fields.
fn is_descriptive(name: &str) -> bool {
    matches!(
        normalise_name(name).as_str(),
        "title"
            | "alternative"
            | "creator"
            | "contributor"
            | "publisher"
            | "subject"
            | "description"
            | "abstract"
            | "type"
            | "format"
            | "medium"
            | "source"
            | "relation"
            | "coverage"
            | "spatial"
            | "place"
            | "provenance"
            | "rights"
            | "alt_text"
            | "file_label"
            | "label"
            | "captions"
            | "transcript"
            | "chapters"
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn parse(headers: &[&str]) -> Vec<(String, Option<String>, Role)> {
        let headers: Vec<String> = headers.iter().map(|h| (*h).to_owned()).collect();
        let dialect = Dialect::detect(&headers).unwrap();
        columns(&headers, dialect)
            .into_iter()
            .map(|c| (c.name, c.language.map(|tag| tag.to_string()), c.role))
            .collect()
    }

    fn column(name: &str, language: &str, role: Role) -> (String, Option<String>, Role) {
        (
            name.into(),
            (!language.is_empty()).then(|| language.into()),
            role,
        )
    }

    #[test]
    fn parses_all_notations_of_languages() {
        assert_eq!(
            parse(&[
                "id",
                "title@ar",
                "Title @ar-latn",
                "title/en",
                "dcterms:title @fr",
                "dc:creator",
                "and/or"
            ]),
            [
                column("id", "", Role::Id),
                column("title", "ar", Role::Title),
                column("title", "ar-Latn", Role::Title),
                column("title", "en", Role::Title),
                column("title", "fr", Role::Title),
                column("creator", "", Role::Field),
                column("and/or", "", Role::Field),
            ]
        );
    }

    #[test]
    fn detects_duplicates_of_a_field_and_language() {
        assert_eq!(
            parse(&[
                "id",
                "title@ar",
                "title/AR",
                "dc:title@ara",
                "",
                "",
                "id@ar",
                "file",
                "file@ar"
            ])
            .into_iter()
            .map(|(_, _, role)| role)
            .collect::<Vec<_>>(),
            [
                Role::Id,
                Role::Title,
                Role::Duplicate,
                Role::Duplicate,
                Role::Unnamed,
                Role::Unnamed,
                Role::Duplicate,
                Role::File,
                Role::Duplicate
            ]
        );
    }

    #[test]
    fn keeps_an_unknown_language_separately() {
        let headers = ["id", "title", "title@romulan"].map(str::to_owned);
        let columns = columns(&headers, Dialect::Khizana);
        assert_eq!(columns[2].unknown_language.as_deref(), Some("romulan"));
        assert_eq!(
            (columns[2].language.as_ref(), &columns[2].role),
            (None, &Role::Title)
        );
    }

    #[test]
    fn maps_columns_of_collection_builder() {
        assert_eq!(
            parse(&[
                "objectid",
                "parentid",
                "rights",
                "rightsstatement",
                "object_location",
                "location",
                "image_small",
                "image_alt_text",
                "filename"
            ]),
            [
                column("id", "", Role::Id),
                column("parent", "", Role::Parent),
                column("rights_text", "", Role::Field),
                column("rights", "", Role::Rights),
                column("file", "", Role::File),
                column("place", "", Role::Field),
                column("image_small", "", Role::Derivative),
                column("alt_text", "", Role::Field),
                column("filename", "", Role::Field),
            ]
        );
    }

    #[test]
    fn maps_columns_of_wax() {
        assert_eq!(
            parse(&["pid", "label", "_date", "thumbnail", "furtive"]),
            [
                column("id", "", Role::Id),
                column("title", "", Role::Title),
                column("date", "", Role::Date),
                column("thumbnail", "", Role::Derivative),
                column("furtive", "", Role::Field),
            ]
        );
    }

    #[test]
    fn fallback_names_apply_only_if_the_field_is_absent() {
        assert_eq!(parse(&["id", "artist"])[1].0, "creator");
        assert_eq!(parse(&["id", "artist", "creator"])[1].0, "artist");
        assert_eq!(parse(&["id", "subjects", "keywords"])[2].0, "keywords");
        assert_eq!(
            parse(&["id", "artist@ar", "artist@en"])[2],
            column("creator", "en", Role::Field)
        );
    }

    #[test]
    fn rights_with_a_language_are_text() {
        assert_eq!(
            parse(&["id", "rights@ar"])[1],
            column("rights_text", "ar", Role::Field)
        );
        assert_eq!(Dialect::detect(&["title".to_owned()]), None);
    }
}
