//! Columns: whose they are, what they are called, and what becomes of their values.

use khizana_model::{LangTag, TrackKind};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::language;

/// Whose columns a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Khizana's own, and whatever is close to it; recognised by a column `id`.
    Khizana,
    /// CollectionBuilder; recognised by a column `objectid`.
    CollectionBuilder,
    /// Wax; recognised by a column `pid`.
    Wax,
}

impl Dialect {
    /// Recognises a dialect by the column of its identifiers.
    pub(super) fn of(headers: &[String]) -> Option<Dialect> {
        [
            ("id", Dialect::Khizana),
            ("objectid", Dialect::CollectionBuilder),
            ("pid", Dialect::Wax),
        ]
        .into_iter()
        .find(|(name, _)| headers.iter().any(|header| plain_name(header).0 == *name))
        .map(|(_, dialect)| dialect)
    }

    /// What separates several values of a field in one cell.
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

/// What other tables call the fields of Khizana. The first list of a dialect holds whatever else the
/// table has; the second only where the table has no column of that name already.
const COLLECTION_BUILDER: [(&str, &str); 6] = [
    ("objectid", "id"),
    ("parentid", "parent"),
    ("rights", "rights_text"),
    ("rightsstatement", "rights"),
    ("object_transcript", "transcript"),
    ("image_alt_text", "alt_text"),
];
const COLLECTION_BUILDER_TOO: [(&str, &str); 4] = [
    ("object_location", "file"),
    ("filename", "file"),
    ("object_download", "file"),
    ("location", "place"),
];
const WAX: [(&str, &str); 1] = [("pid", "id")];
const WAX_TOO: [(&str, &str); 2] = [("label", "title"), ("_date", "date")];
const ANY_TOO: [(&str, &str); 4] = [
    ("artist", "creator"),
    ("author", "creator"),
    ("subjects", "subject"),
    ("keywords", "subject"),
];
/// Pictures that other programs made of the originals; Khizana makes its own.
const DERIVATIVES: [(Dialect, &str); 5] = [
    (Dialect::CollectionBuilder, "image_small"),
    (Dialect::CollectionBuilder, "image_thumb"),
    (Dialect::Wax, "thumbnail"),
    (Dialect::Wax, "full"),
    (Dialect::Wax, "manifest"),
];

/// What a column is for.
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
    /// Paths of tracks; what is none is kept as a field of the collection's own.
    Track(TrackKind),
    Poster,
    Parent,
    ReadingDirection,
    /// The table of contents.
    Contents,
    Latitude,
    Longitude,
    Dpi,
    /// A picture made by another program.
    Derivative,
    /// No name at all.
    Unnamed,
    /// The same field in the same language as a column before it.
    Twice,
}

/// A column of a table, or a member of a JSON object.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// As the table writes it.
    pub header: String,
    /// The field, without language, in lower case.
    pub name: String,
    /// The language the header names.
    pub language: Option<LangTag>,
    pub role: Role,
    /// What separates several values.
    pub separator: Option<char>,
    /// The header names a language that is none.
    pub unknown_language: Option<String>,
    /// The header names a language, but the values have none.
    pub idle_language: bool,
}

/// The columns for the headers of a table.
pub(super) fn columns(headers: &[String], dialect: Dialect) -> Vec<Column> {
    let mut columns: Vec<Column> = headers
        .iter()
        .map(|header| column(header, dialect))
        .collect();
    rename(&mut columns, dialect);
    for index in 0..columns.len() {
        let (before, rest) = columns.split_at_mut(index);
        let Some(column) = rest.first_mut() else {
            break;
        };
        column.role = role(&column.name, column.language.is_some(), dialect);
        if column.role == Role::Rights && column.language.is_some() {
            // A rights statement in words has a language, its URI has none.
            column.name = "rights_text".to_owned();
            column.role = Role::Field;
        }
        column.separator = match column.role {
            Role::Id | Role::Date | Role::Hijri | Role::Parent => None,
            _ => dialect.separator(&column.name),
        };
        column.idle_language = column.language.is_some()
            && !matches!(
                column.role,
                Role::Title | Role::Field | Role::FileLabel | Role::Contents | Role::Track(_)
            );
        if column.role != Role::Unnamed
            && before.iter().any(|other| {
                other.name == column.name
                    && (other.language == column.language || column.idle_language)
                    // What was not read as a language is kept beside what has none.
                    && other.unknown_language == column.unknown_language
            })
        {
            column.role = Role::Twice;
        }
    }
    columns
}

fn rename(columns: &mut [Column], dialect: Dialect) {
    let (firm, soft): (&[_], &[_]) = match dialect {
        Dialect::Khizana => (&[], &[]),
        Dialect::CollectionBuilder => (&COLLECTION_BUILDER, &COLLECTION_BUILDER_TOO),
        Dialect::Wax => (&WAX, &WAX_TOO),
    };
    for column in columns.iter_mut() {
        if let Some((_, to)) = firm.iter().find(|(from, _)| *from == column.name) {
            column.name = (*to).to_owned();
        }
    }
    for (from, to) in soft.iter().chain(&ANY_TOO) {
        let taken = columns.iter().any(|column| column.name == *to);
        for column in columns
            .iter_mut()
            .filter(|column| column.name == *from && !taken)
        {
            column.name = (*to).to_owned();
        }
    }
}

fn role(name: &str, tagged: bool, dialect: Dialect) -> Role {
    if DERIVATIVES.contains(&(dialect, name)) {
        return Role::Derivative;
    }
    match name {
        "" => Role::Unnamed,
        "id" => Role::Id,
        "title" => Role::Title,
        // `date@ar` is the date in words.
        "date" if !tagged => Role::Date,
        "date_hijri" => Role::Hijri,
        "language" if !tagged => Role::Language,
        "rights" => Role::Rights,
        "file" => Role::File,
        "file_label" => Role::FileLabel,
        "text" if !tagged => Role::Text,
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
    let (name, language) = plain_name(header);
    let mut column = Column {
        header: header.to_owned(),
        name,
        language: None,
        role: role("", false, dialect),
        separator: None,
        unknown_language: None,
        idle_language: false,
    };
    if let Some(written) = language {
        match language::read(&written) {
            Some(tag) => column.language = Some(tag),
            None => column.unknown_language = Some(written),
        }
    }
    column
}

/// The name and the language of a header: `title@ar`, `Title @ar`, `title/ar`, `dcterms:title @ar`.
fn plain_name(header: &str) -> (String, Option<String>) {
    let header: String = header.trim().nfc().collect();
    let (name, language) = match header.split_once('@') {
        Some((name, language)) => (name, Some(language.trim().to_owned())),
        // A slash may be part of a name (`or` in `and/or` is Odia), so both sides have to be known.
        None => match header.rsplit_once('/') {
            Some((name, tag)) if is_descriptive(name) && language::read(tag).is_some() => {
                (name, Some(tag.to_owned()))
            }
            _ => (header.as_str(), None),
        },
    };
    (bare_name(name), language)
}

/// A name in lower case, without the prefix of Dublin Core, `_` for white space.
fn bare_name(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let name = name
        .strip_prefix("dcterms:")
        .or_else(|| name.strip_prefix("dc:"))
        .unwrap_or(&name);
    name.split_whitespace().collect::<Vec<_>>().join("_")
}

/// Whether values of this name are in a language: the elements of Dublin Core, and Khizana's own.
fn is_descriptive(name: &str) -> bool {
    matches!(
        bare_name(name).as_str(),
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

    fn read(headers: &[&str]) -> Vec<(String, Option<String>, Role)> {
        let headers: Vec<String> = headers.iter().map(|h| (*h).to_owned()).collect();
        let dialect = Dialect::of(&headers).unwrap();
        columns(&headers, dialect)
            .into_iter()
            .map(|c| (c.name, c.language.map(|tag| tag.to_string()), c.role))
            .collect()
    }

    fn is(name: &str, language: &str, role: Role) -> (String, Option<String>, Role) {
        (
            name.into(),
            (!language.is_empty()).then(|| language.into()),
            role,
        )
    }

    #[test]
    fn a_language_is_written_in_several_ways() {
        assert_eq!(
            read(&[
                "id",
                "title@ar",
                "Title @ar-latn",
                "title/en",
                "dcterms:title @fr",
                "dc:creator",
                "and/or"
            ]),
            [
                is("id", "", Role::Id),
                is("title", "ar", Role::Title),
                is("title", "ar-Latn", Role::Title),
                is("title", "en", Role::Title),
                is("title", "fr", Role::Title),
                is("creator", "", Role::Field),
                is("and/or", "", Role::Field),
            ]
        );
    }

    #[test]
    fn the_same_field_in_the_same_language_is_twice() {
        assert_eq!(
            read(&[
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
                Role::Twice,
                Role::Twice,
                Role::Unnamed,
                Role::Unnamed,
                Role::Twice,
                Role::File,
                Role::Twice
            ]
        );
    }

    #[test]
    fn an_unknown_language_is_kept_apart() {
        let headers = ["id", "title", "title@klingon"].map(str::to_owned);
        let columns = columns(&headers, Dialect::Khizana);
        assert_eq!(columns[2].unknown_language.as_deref(), Some("klingon"));
        assert_eq!(
            (columns[2].language.as_ref(), &columns[2].role),
            (None, &Role::Title)
        );
    }

    #[test]
    fn collection_builders_columns_are_known() {
        assert_eq!(
            read(&[
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
                is("id", "", Role::Id),
                is("parent", "", Role::Parent),
                is("rights_text", "", Role::Field),
                is("rights", "", Role::Rights),
                is("file", "", Role::File),
                is("place", "", Role::Field),
                is("image_small", "", Role::Derivative),
                is("alt_text", "", Role::Field),
                is("filename", "", Role::Field),
            ]
        );
    }

    #[test]
    fn waxs_columns_are_known() {
        assert_eq!(
            read(&["pid", "label", "_date", "thumbnail", "furtive"]),
            [
                is("id", "", Role::Id),
                is("title", "", Role::Title),
                is("date", "", Role::Date),
                is("thumbnail", "", Role::Derivative),
                is("furtive", "", Role::Field),
            ]
        );
    }

    #[test]
    fn another_name_stands_where_the_field_is_not_there() {
        assert_eq!(read(&["id", "artist"])[1].0, "creator");
        assert_eq!(read(&["id", "artist", "creator"])[1].0, "artist");
        assert_eq!(read(&["id", "subjects", "keywords"])[2].0, "keywords");
        assert_eq!(
            read(&["id", "artist@ar", "artist@en"])[2],
            is("creator", "en", Role::Field)
        );
    }

    #[test]
    fn rights_in_words_have_a_language() {
        assert_eq!(
            read(&["id", "rights@ar"])[1],
            is("rights_text", "ar", Role::Field)
        );
        assert_eq!(Dialect::of(&["title".to_owned()]), None);
    }
}
