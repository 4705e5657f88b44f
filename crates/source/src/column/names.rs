//! Names of columns in other notations and languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::normalise_name;

/// Names that mean exactly the field before them, in the form of [`compact`]. Columns with these
/// names are always read as the field.
const ALIASES: [(&str, &[&str]); 20] = [
    (
        "title",
        &[
            "titles",
            "titre",
            "titel",
            "titulo",
            "título",
            "titolo",
            "başlık",
            "العنوان",
            "عنوان",
            "titleinfotitle",
        ],
    ),
    (
        "alternative",
        &[
            "alternativetitle",
            "alternativetitles",
            "titlealternative",
            "othertitles",
            "autretitre",
            "عنوانآخر",
        ],
    ),
    (
        "creator",
        &[
            "creators",
            "auteur",
            "auteurs",
            "autor",
            "verfasser",
            "yazar",
            "sanatçı",
            "المؤلف",
            "مؤلف",
            "المؤلفون",
            "الكاتب",
            "namenamepart",
        ],
    ),
    ("contributor", &["contributors", "contributeur", "المساهم"]),
    (
        "publisher",
        &[
            "publishers",
            "éditeur",
            "verlag",
            "yayıncı",
            "الناشر",
            "ناشر",
        ],
    ),
    (
        "subject",
        &[
            "sujet",
            "sujets",
            "thema",
            "konu",
            "الموضوع",
            "موضوع",
            "المواضيع",
            "الموضوعات",
            "subjecttopic",
        ],
    ),
    (
        "description",
        &["descriptions", "beschreibung", "açıklama", "الوصف", "وصف"],
    ),
    (
        "date",
        &[
            "dates",
            "datum",
            "fecha",
            "tarih",
            "التاريخ",
            "تاريخ",
            "origininfodateissued",
        ],
    ),
    (
        "date_hijri",
        &[
            "datehijri",
            "hijridate",
            "datehégire",
            "datehégirienne",
            "tarihhicri",
            "dateislamic",
            "التاريخالهجري",
            "تاريخهجري",
        ],
    ),
    (
        "language",
        &[
            "languages",
            "langue",
            "langues",
            "idioma",
            "sprache",
            "sprachen",
            "dil",
            "اللغة",
            "لغة",
            "اللغات",
            "languagelanguageterm",
        ],
    ),
    (
        "rights",
        &[
            "droits",
            "derechos",
            "rechte",
            "telifhakkı",
            "الحقوق",
            "حقوق",
            "حقوقالنشر",
            "accesscondition",
        ],
    ),
    ("place", &["places", "lieu", "ort", "المكان", "مكان"]),
    ("type", &["types", "tür", "النوع", "نوع"]),
    ("source", &["sources", "المصدر"]),
    (
        "file",
        &[
            "files",
            "fichier",
            "fichiers",
            "datei",
            "dateien",
            "dosya",
            "الملف",
            "ملف",
            "الملفات",
        ],
    ),
    ("parent", &["parentid"]),
    ("latitude", &["خطالعرض"]),
    ("longitude", &["خطالطول"]),
    (
        "alt",
        &["imagealttext", "alttext", "textealternatif", "النصالبديل"],
    ),
    ("abstract", &["résumé", "الملخص"]),
];

/// Names that are read as the field before them if the table has no column for it, in order of
/// preference and in the form of [`compact`]. Numbers are fields of MARC 21.
const FALLBACKS: [(&str, &[&str]); 8] = [
    (
        "id",
        &[
            "identifier",
            "identifiant",
            "recordid",
            "recordidentifier",
            "objectid",
            "objectnumber",
            "accessionnumber",
            "accessionno",
            "inventorynumber",
            "inventoryno",
            "numérodinventaire",
            "inventarnummer",
            "envanternumarası",
            "cote",
            "cotes",
            "callnumber",
            "shelfmark",
            "signatur",
            "المعرف",
            "المعرّف",
            "الرقم",
            "رقم",
            "رقمالحفظ",
            "رقمالجرد",
            "رقمالمخطوط",
            "irn",
            "uuid",
            "guid",
            "ark",
            "doi",
            "uri",
        ],
    ),
    (
        "title",
        &[
            "objectname",
            "objecttitle",
            "worktitle",
            "itemtitle",
            "caption",
            "label",
            "titlebycreator",
            "245a",
            "name",
        ],
    ),
    (
        "creator",
        &[
            "artist",
            "artists",
            "author",
            "authors",
            "allartists",
            "maker",
            "makers",
            "100a",
        ],
    ),
    (
        "subject",
        &[
            "subjects",
            "keyword",
            "keywords",
            "motsclés",
            "الكلماتالمفتاحية",
            "tags",
            "topics",
            "650a",
        ],
    ),
    (
        "date",
        &[
            "datetext",
            "displaydate",
            "datedisplay",
            "datestatement",
            "datecreated",
            "creationdate",
            "dateofcreation",
            "datemade",
            "dateissued",
            "issued",
            "created",
            "pubdate",
            "publicationdate",
            "260c",
            "264c",
            "dateofpublication",
            "dategregorian",
            "dateoriginal",
            "datebuilt",
            "tarihmiladi",
            "التاريخالميلادي",
            "year",
            "année",
            "السنة",
        ],
    ),
    ("language", &["041a", "546a", "textlanguage"]),
    (
        "rights",
        &[
            "license",
            "licence",
            "licences",
            "accessrights",
            "540a",
            "rightsstatement",
            "copyright",
            "copyrightandusage",
            "userights",
            "usagerights",
            "الترخيص",
            "attribution",
            "requiredstatement",
        ],
    ),
    ("latitude", &["lat"]),
];

/// Names of columns with images, in order of preference. Only URLs and paths of existing files are
/// images; other values of these columns are kept as fields.
const IMAGES: [&str; 19] = [
    "filename",
    "filenames",
    "image",
    "images",
    "imageurl",
    "imagelink",
    "imagefile",
    "imagepath",
    "photo",
    "photos",
    "picture",
    "pictures",
    "الصورة",
    "صورة",
    "resource",
    "objectlocation",
    "preview",
    "thumbnail",
    "thumbnailurl",
];

/// Columns that describe images for programs. They are omitted if the column `resource` exists.
pub(super) const IMAGE_SERVICE: [&str; 3] = ["context", "iiif_format", "profile"];

/// Fields in which a misspelt name is recognised.
const FIELDS: [&str; 20] = [
    "title",
    "alternative",
    "creator",
    "contributor",
    "publisher",
    "subject",
    "description",
    "abstract",
    "date",
    "date_hijri",
    "language",
    "rights",
    "place",
    "file",
    "file_label",
    "captions",
    "transcript",
    "parent",
    "latitude",
    "longitude",
];

/// Returns a name without case, spaces and punctuation.
pub(super) fn compact(name: &str) -> String {
    name.to_lowercase()
        .chars()
        // Lower case of `İ` is `i` and a combining dot.
        .filter(|c| c.is_alphanumeric() && *c != '\u{307}')
        .collect()
}

/// Returns the field that a name denotes in another notation or language, in every table.
pub(super) fn alias(name: &str) -> Option<&'static str> {
    static FIELDS: LazyLock<BTreeMap<String, &str>> = LazyLock::new(|| {
        let names = ALIASES.iter().flat_map(|(field, names)| {
            let names = names.iter().chain([field]);
            names.map(|name| (compact(name), *field))
        });
        names.collect()
    });
    FIELDS.get(&compact(name)).copied()
}

/// Returns the fields that have fallbacks, each with the names of columns in order of preference.
pub(super) fn fallbacks() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    let longitude: (&str, &[&str]) = ("longitude", &["lon", "lng", "long"]);
    FALLBACKS.into_iter().chain([longitude])
}

/// Returns the field that a name denotes if an item has no value for it, and the rank of the name. A
/// lower rank is preferred.
pub(super) fn substitute(name: &str) -> Option<(&'static str, usize)> {
    let name = compact(name);
    let fields = fallbacks().filter(|(field, _)| matches!(*field, "date" | "language" | "rights"));
    fields.into_iter().find_map(|(field, names)| {
        let rank = names.iter().position(|other| *other == name)?;
        Some((field, rank))
    })
}

/// Returns the field that a name denotes if the table has no column for it.
pub(super) fn fallback(name: &str) -> Option<&'static str> {
    static FIELDS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
        let names =
            fallbacks().flat_map(|(field, names)| names.iter().map(move |name| (*name, field)));
        names.collect()
    });
    FIELDS.get(compact(name).as_str()).copied()
}

/// Returns the rank of a column with images. A lower rank is preferred.
pub(super) fn image_rank(name: &str) -> Option<usize> {
    let name = compact(name);
    let rank = IMAGES.iter().position(|image| *image == name);
    // `Thumbnail_obv` and `Thumbnail_rev` are the sides of a coin.
    rank.or_else(|| name.starts_with("thumbnail").then_some(IMAGES.len()))
}

/// Returns `true` if all URLs in a column are those of images. The other columns with an
/// [`image_rank`] also contain URLs of pages about an item.
pub(crate) fn is_image_column(name: &str) -> bool {
    let name = compact(name);
    image_rank(&name).is_some()
        && !["filename", "filenames", "resource", "objectlocation"].contains(&name.as_str())
}

/// Returns the field whose name in several languages is a heading: `Dil / Language`,
/// `başlık-title`.
pub(super) fn bilingual(heading: &str) -> Option<&'static str> {
    let field = |name: &str| alias(name).or_else(|| fallback(name));
    let spaced = ["-/-", " / ", "---", " - ", " | "];
    let is_spaced = |at: usize| {
        spaced.iter().any(|separator| {
            heading
                .get(at..)
                .is_some_and(|rest| rest.starts_with(separator))
        })
    };
    // Longer headings are texts.
    if heading.len() > 200 {
        return None;
    }
    let separators = heading.char_indices().filter(|(_, c)| "-/_ |".contains(*c));
    separators.into_iter().find_map(|(at, _)| {
        let (left, right) = heading.split_at_checked(at)?;
        match (field(left), field(right)) {
            (Some(left), Some(right)) if left == right => Some(left),
            // One of the names may be unknown if it is in another script.
            (None, Some(known)) if is_spaced(at) && !left.is_ascii() => Some(known),
            (Some(known), None) if is_spaced(at) && !right.is_ascii() => Some(known),
            _ => None,
        }
    })
}

/// Returns the field whose name a misspelt name resembles.
pub(super) fn similar(name: &str) -> Option<&'static str> {
    let name: Vec<char> = normalise_name(name).chars().take(20).collect();
    FIELDS.into_iter().find(|field| {
        let field: Vec<char> = field.chars().collect();
        let max = if field.len() >= 9 { 2 } else { 1 };
        let distance = distance(&name, &field);
        // In a short name, another letter makes another word: `plate` is not `place`.
        let is_other_word =
            name.len() == field.len() && field.len() < 7 && !is_swapped(&name, &field);
        let is_close = distance <= 1 || name.first() == field.first();
        distance > 0 && distance <= max && is_close && field.len() >= 4 && !is_other_word
    })
}

/// Returns `true` if two names of the same length have the same letters.
fn is_swapped(a: &[char], b: &[char]) -> bool {
    let sorted = |name: &[char]| {
        let mut letters = name.to_vec();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

/// Returns the number of letters that are missing, added, different or swapped with the next one.
pub(crate) fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], j: usize| row.get(j).copied().unwrap_or(usize::MAX / 2);
            let mut cost = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let is_swap = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if is_swap {
                cost = cost.min(at(&before, j - 1) + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_in_other_languages() {
        for (name, field) in [
            ("Titre", "title"),
            ("العنوان", "title"),
            ("المؤلف", "creator"),
            ("Auteur", "creator"),
            ("Mots-clés", "subject"),
            ("title", "title"),
            ("Language(s)", "language"),
            ("Date (Hijri)", "date_hijri"),
        ] {
            let found = alias(name).or_else(|| fallback(name));
            assert_eq!(found, Some(field), "{name}");
        }
        for (name, field) in [
            ("Cote", "id"),
            ("الرقم", "id"),
            ("RecordId", "id"),
            ("object_number", "id"),
            ("object_name", "title"),
            ("creation-date", "date"),
        ] {
            assert_eq!((alias(name), fallback(name)), (None, Some(field)), "{name}");
        }
        assert_eq!(alias("medium"), None);
    }

    #[test]
    fn reads_headings_in_two_languages() {
        for (heading, field) in [
            ("başlık-title", Some("title")),
            ("dil-/-language", Some("language")),
            ("telif-hakkı-rights", Some("rights")),
            ("العنوان / Title", Some("title")),
            ("اسم الكتاب / Title", Some("title")),
            ("diğer-başlık-title-alternative", None),
            ("creator / role", None),
            ("and/or", None),
        ] {
            assert_eq!(bilingual(heading), field, "{heading}");
        }
    }

    #[test]
    fn recognises_misspelt_names() {
        for (name, field) in [
            ("titel", Some("title")),
            ("Tilte", Some("title")),
            ("creater", Some("creator")),
            ("langauge", Some("language")),
            ("discripton", Some("description")),
            ("rigths", Some("rights")),
            ("flie", Some("file")),
            ("title", None),
            ("plate", None),
            ("film", None),
            ("medium", None),
            ("patent", None),
            ("inscription", None),
            ("data", None),
        ] {
            assert_eq!(similar(name), field, "{name}");
        }
    }
}
