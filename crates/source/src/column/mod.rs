//! Columns of tables: dialects, names, and roles.

mod header;
mod heading;
pub(super) mod names;

use std::collections::BTreeSet;

use khizana_model::{LangTag, TrackKind};
use serde::Serialize;

pub(super) use self::header::{HEADER_ROWS, has_own_names, header_columns};
use self::heading::Heading;
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
        let is_identifier =
            |header: &String| names::fallback(&Heading::parse(header).name) == Some("id");
        Dialect::detect_own(headers).or_else(|| {
            headers
                .iter()
                .any(is_identifier)
                .then_some(Dialect::Khizana)
        })
    }

    /// Detects a dialect by its own name of the identifier column.
    fn detect_own(headers: &[String]) -> Option<Dialect> {
        let names: Vec<String> = headers
            .iter()
            .map(|header| Heading::parse(header).name)
            .collect();
        let has = |name: &str| names.iter().any(|other| other == name);
        // `ObjectID` is also the name of a column in exports of museum databases.
        let is_collection_builder = headers.iter().any(|header| header.trim() == "objectid");
        if has("id") {
            Some(Dialect::Khizana)
        } else if is_collection_builder {
            Some(Dialect::CollectionBuilder)
        } else if has("pid") {
            Some(Dialect::Wax)
        } else {
            None
        }
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

/// Returns the number of headers that denote fields of Khizana.
fn known_columns(headers: &[String]) -> usize {
    let is_known = |header: &&String| {
        let name = Heading::parse(header).name;
        !name.is_empty()
            && (matches!(name.as_str(), "id" | "pid")
                || heading::is_descriptive(&name)
                || names::alias(&name).is_some()
                || names::fallback(&name).is_some()
                || role(&name, false, Dialect::Khizana) != Role::Field)
    };
    headers.iter().filter(is_known).count()
}

// Mappings of column names of a dialect to the field names of Khizana. The mappings in `…_FALLBACKS`
// apply only if the table has no column with the name of the field.

const COLLECTION_BUILDER: [(&str, &str); 4] = [
    ("objectid", "id"),
    ("rights", "rights_text"),
    ("rightsstatement", "rights"),
    ("object_transcript", "transcript"),
];
const COLLECTION_BUILDER_FALLBACKS: [(&str, &str); 4] = [
    ("object_location", "file"),
    ("filename", "file"),
    ("object_download", "file"),
    ("location", "place"),
];
const WAX: [(&str, &str); 1] = [("pid", "id")];
const WAX_FALLBACKS: [(&str, &str); 2] = [("label", "title"), ("_date", "date")];
/// Columns that contain derivatives made by other programs.
const DERIVATIVES: [(Dialect, &str); 5] = [
    (Dialect::CollectionBuilder, "image_small"),
    (Dialect::CollectionBuilder, "image_thumb"),
    (Dialect::Wax, "thumbnail"),
    (Dialect::Wax, "full"),
    (Dialect::Wax, "manifest"),
];
/// Columns that control the pages of other programs.
const TECHNICAL: [(Dialect, &str); 3] = [
    (Dialect::CollectionBuilder, "display_template"),
    (Dialect::Wax, "layout"),
    (Dialect::Wax, "order"),
];

/// Maximum number of columns of a table and of members of an object. Excel and LibreOffice have the same
/// limit.
pub(super) const MAX_COLUMNS: usize = 1 << 14;

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
    /// Images that represent the item if it has no files. The column with the lowest number is
    /// preferred.
    Image(usize),
    /// Identifiers of the item besides `id`, which may be URLs of images.
    Identifier,
    /// A value that controls another program.
    Technical,
    /// A column without a name.
    Unnamed,
    /// A column with the same field as an earlier column that can have only one value.
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
    /// `true` if an earlier column has the same field and language.
    pub is_repeated: bool,
    /// `true` if the column describes images for programs.
    pub is_technical: bool,
    /// The field for which the values of the column are used if an item has no other value for it,
    /// and the rank of the column. A lower rank is preferred.
    pub substitute: Option<(&'static str, usize)>,
    /// The field whose name the name of the column resembles.
    pub similar: Option<&'static str>,
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
    // The names and languages of the columns so far. A column with an invalid language tag differs
    // from a column without a tag.
    let mut earlier = BTreeSet::new();
    let mut earlier_names = BTreeSet::new();
    for column in &mut columns {
        column.role = match column.is_technical {
            true => Role::Technical,
            false => role(&column.name, column.language.is_some(), dialect),
        };
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
        let name = (column.name.clone(), column.unknown_language.clone());
        let is_known = !earlier.insert((name.clone(), column.language.clone()));
        let is_known_name = !earlier_names.insert(name);
        column.is_repeated = column.role != Role::Unnamed
            && (is_known || (is_known_name && column.has_unused_language));
        if column.is_repeated && column.role.is_single() {
            column.role = Role::Duplicate;
        }
    }
    for column in columns
        .iter_mut()
        .filter(|column| column.role == Role::Field)
    {
        let is_usable = dialect == Dialect::Khizana && column.language.is_none();
        column.substitute = names::substitute(&column.name).filter(|_| is_usable);
    }
    let present: BTreeSet<(String, Option<LangTag>)> = columns
        .iter()
        .map(|column| (column.name.clone(), column.language.clone()))
        .collect();
    for column in columns
        .iter_mut()
        .filter(|column| column.role == Role::Field)
    {
        let is_known =
            heading::is_descriptive(&column.name) || names::fallback(&column.name).is_some();
        column.similar = names::similar(&column.name).filter(|field| {
            let column = ((*field).to_owned(), column.language.clone());
            !is_known && !present.contains(&column)
        });
    }
    columns
}

impl Role {
    /// Returns `true` if an item can have only one value.
    fn is_single(&self) -> bool {
        matches!(
            self,
            Role::Id
                | Role::Hijri
                | Role::Parent
                | Role::ReadingDirection
                | Role::Latitude
                | Role::Longitude
                | Role::Dpi
        )
    }
}

/// Replaces the column names of a dialect, of other notations and of other languages with those of
/// Khizana.
fn rename(columns: &mut [Column], dialect: Dialect) {
    let (mappings, dialect_fallbacks): (&[_], &[_]) = match dialect {
        Dialect::Khizana => (&[], &[]),
        Dialect::CollectionBuilder => (&COLLECTION_BUILDER, &COLLECTION_BUILDER_FALLBACKS),
        Dialect::Wax => (&WAX, &WAX_FALLBACKS),
    };
    for column in columns.iter_mut() {
        let mapping = mappings.iter().find(|(from, _)| *from == column.name);
        let mapped = mapping.map(|(_, to)| *to);
        if let Some(to) = mapped.or_else(|| names::alias(&column.name)) {
            column.name = to.to_owned();
        }
    }
    let dialect_fallbacks = dialect_fallbacks
        .iter()
        .map(|(from, to)| (*to, std::slice::from_ref(from)));
    let compact: Vec<String> = columns
        .iter()
        .map(|column| names::compact(&column.name))
        .collect();
    for (to, names) in dialect_fallbacks.chain(names::fallbacks()) {
        for from in names {
            // A title in one language does not exclude a column of titles in an unknown language.
            let is_title = to == "title" && from.contains("title");
            let is_present =
                |column: &Column| column.name == to && !(is_title && column.language.is_some());
            if columns.iter().any(is_present) {
                continue;
            }
            for (column, compact) in columns.iter_mut().zip(&compact) {
                if column.name == *from || compact == from {
                    column.name = to.to_owned();
                }
            }
        }
    }
    for index in 0..columns.len() {
        let Some(column) = columns.get(index) else {
            break;
        };
        let field = names::bilingual(&column.name);
        let is_free = |field: &&str| columns.iter().all(|column| column.name != **field);
        if let Some(field) = field.filter(is_free)
            && let Some(column) = columns.get_mut(index)
        {
            column.name = field.to_owned();
        }
    }
    let has_service = columns.iter().any(|column| column.name == "resource");
    for column in columns.iter_mut() {
        column.is_technical = has_service && names::IMAGE_SERVICE.contains(&column.name.as_str());
    }
}

fn role(name: &str, has_language: bool, dialect: Dialect) -> Role {
    if DERIVATIVES.contains(&(dialect, name)) {
        return Role::Derivative;
    }
    if TECHNICAL.contains(&(dialect, name)) {
        return Role::Technical;
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
        "identifier" => Role::Identifier,
        _ => names::image_rank(name).map_or(Role::Field, Role::Image),
    }
}

fn column(header: &str, dialect: Dialect) -> Column {
    let Heading { name, language } = Heading::parse(header);
    let mut column = Column {
        header: header.to_owned(),
        name,
        language: None,
        role: role("", false, dialect),
        separator: None,
        unknown_language: None,
        is_repeated: false,
        is_technical: false,
        substitute: None,
        similar: None,
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

/// Normalises a name: converts it to lower case, removes the prefix of a vocabulary, and replaces
/// white space with `_`.
pub(super) fn normalise_name(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let name = ["dcterms:", "dc:", "dublin core:", "dublincore:"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(&name);
    name.split_whitespace().collect::<Vec<_>>().join("_")
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
    fn repeats_fields_that_have_several_values() {
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
                Role::Title,
                Role::Title,
                Role::Unnamed,
                Role::Unnamed,
                Role::Duplicate,
                Role::File,
                Role::File
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
                column("alt", "", Role::Field),
                column("filename", "", Role::Image(0)),
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
        assert_eq!(parse(&["id", "title@ar", "title-by-creator"])[2].0, "title");
        assert_eq!(parse(&["id", "title@ar", "name"])[2].0, "name");
        assert_eq!(parse(&["identifier", "title"])[0].2, Role::Id);
        assert_eq!(parse(&["id", "identifier"])[1].2, Role::Identifier);
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
