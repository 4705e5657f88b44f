//! Made-up items of every kind, with what makes citations differ: names, dates, parents and punctuation.

use serde_json::{Map, Value, json};

/// A made-up item. Its members are empty if the item lacks them.
#[derive(Default)]
pub struct Item {
    /// Identifier, by which the differences name the item.
    pub id: &'static str,
    kind: &'static str,
    title: &'static str,
    creators: &'static [&'static str],
    date: Date,
    parent: &'static str,
    /// Names and values of other fields.
    fields: &'static [(&'static str, &'static str)],
    lang: &'static str,
}

/// The date of an item: as it is written, and its first and last day. The mark is that of EDTF: `~`, `?` or none.
type Date = (&'static str, &'static str, &'static str, &'static str);

const NO_DATE: Date = ("", "", "", "");

impl Item {
    /// Returns the record in the format of the site.
    pub fn record(&self) -> String {
        let lang = if self.lang.is_empty() {
            "en"
        } else {
            self.lang
        };
        let mut fields = Vec::new();
        let mut field = |name: &str, values: &[&str]| {
            fields.push(json!({ "name": name, "values": { lang: values } }));
        };
        if !self.kind.is_empty() {
            field("type", &[self.kind]);
        }
        if !self.creators.is_empty() {
            field("creator", self.creators);
        }
        for (name, value) in self.fields {
            field(name, &[value]);
        }
        let mut item = Map::new();
        item.insert("id".into(), json!(self.id));
        item.insert("title".into(), json!({ lang: [self.title] }));
        item.insert("fields".into(), json!(fields));
        item.insert("languages".into(), json!([lang]));
        let (written, from, to, mark) = self.date;
        if !written.is_empty() {
            let edtf = json!({
                "from": from, "to": to, "approximate": mark == "~", "uncertain": mark == "?",
            });
            item.insert("date".into(), json!({ "written": written, "edtf": edtf }));
        }
        let mut record = json!({ "item": Value::Object(item), "collection": "c" });
        if !self.parent.is_empty() {
            record["parent"] = json!({ "id": "parent", "title": { lang: [self.parent] } });
        }
        record.to_string()
    }
}

const fn year(written: &'static str, from: &'static str, to: &'static str) -> Date {
    (written, from, to, "")
}

const fn day(day: &'static str) -> Date {
    (day, day, day, "")
}

const NONE: Item = Item {
    id: "",
    kind: "",
    title: "",
    creators: &[],
    date: NO_DATE,
    parent: "",
    fields: &[],
    lang: "",
};

const Y1850: Date = year("1850", "1850-01-01", "1850-12-31");
const Y1911: Date = year("1911", "1911-01-01", "1911-12-31");
const Y1975: Date = year("1975", "1975-01-01", "1975-12-31");

/// The items.
#[rustfmt::skip]
pub const ITEMS: &[Item] = &[
    // Books: the number and the form of names.
    Item { id: "book", kind: "Book", title: "The Book of Stars", creators: &["Marsh, Anna"], date: Y1850,
        fields: &[("publisher", "Quay Press"), ("publication_place", "Tunis")], ..NONE },
    Item { id: "book-2", kind: "Book", title: "Gardens of the Coast", creators: &["Marsh, Anna", "Doe, John"], date: Y1911,
        fields: &[("publisher", "Quay Press"), ("publication_place", "Tunis")], ..NONE },
    Item { id: "book-3", kind: "Book", title: "Wells and Wheels", creators: &["Marsh, Anna", "Doe, John", "Haddad, Rima"],
        date: Y1911, fields: &[("publisher", "Quay Press")], ..NONE },
    Item { id: "book-4", kind: "Book", title: "Roads", creators: &["Marsh, Anna", "Doe, John", "Haddad, Rima", "Ito, Ken"],
        date: Y1911, fields: &[("publisher", "Quay Press"), ("publication_place", "Tunis")], ..NONE },
    Item { id: "book-8", kind: "Book", title: "Eight Hands", creators: &["Ames, A.", "Bond, B. C.", "Cole, Clara", "Dorn, D.",
        "Eads, Eve", "Ford, Fay", "Gray, Guy", "Hale, Hana"], date: Y1975, fields: &[("publisher", "Quay Press")], ..NONE },
    Item { id: "book-21", kind: "Book", title: "Many Hands", creators: &["Ab, A.", "Bb, B.", "Cb, C.", "Db, D.", "Eb, E.",
        "Fb, F.", "Gb, G.", "Hb, H.", "Ib, I.", "Jb, J.", "Kb, K.", "Lb, L.", "Mb, M.", "Nb, N.", "Ob, O.", "Pb, P.", "Qb, Q.",
        "Rb, R.", "Sb, S.", "Tb, T.", "Ub, U."], date: Y1975, fields: &[("publisher", "Quay Press")], ..NONE },
    Item { id: "book-institution", kind: "Book", title: "Report on the Harbour", creators: &["Ministry of Public Works"],
        date: Y1911, fields: &[("publisher", "Harbour Office")], ..NONE },
    Item { id: "book-mixed", kind: "Book", title: "Letters on Light", creators: &["Sufi", "Marsh, Anna"], date: Y1850,
        fields: &[("publisher", "Quay Press")], ..NONE },
    Item { id: "book-hyphen", kind: "Book", title: "Salt", creators: &["Le Brun, Marie-Claire"], date: Y1911,
        fields: &[("publisher", "Quay Press")], ..NONE },
    Item { id: "book-anonymous", kind: "Book", title: "A Book Without a Name", date: Y1850,
        fields: &[("publisher", "Quay Press"), ("publication_place", "Tunis")], ..NONE },
    Item { id: "book-undated", kind: "Book", title: "A Book Without a Date", creators: &["Marsh, Anna"],
        fields: &[("publisher", "Quay Press"), ("publication_place", "Tunis")], ..NONE },
    Item { id: "book-bare", kind: "Book", title: "Only a Title", ..NONE },
    Item { id: "book-question", kind: "Book", title: "Where Is the Sea?", creators: &["Marsh, Anna"], date: Y1850,
        fields: &[("publisher", "Quay Press")], ..NONE },
    Item { id: "book-quoted", kind: "Book", title: "The “House” of Salt", creators: &["Marsh, Anna"], date: Y1850,
        fields: &[("publisher", "Quay Press")], ..NONE },
    Item { id: "book-range", kind: "Book", title: "Annals", creators: &["Marsh, Anna"],
        date: year("1850-1853", "1850-01-01", "1853-12-31"), fields: &[("publisher", "Quay Press")], ..NONE },
    Item { id: "book-circa", kind: "Book", title: "The Weaver", creators: &["Marsh, Anna"],
        date: ("c. 1850", "1850-01-01", "1850-12-31", "~"), fields: &[("publisher", "Quay Press")], ..NONE },
    Item { id: "book-uncertain", kind: "Book", title: "The Potter", creators: &["Marsh, Anna"],
        date: ("1850?", "1850-01-01", "1850-12-31", "?"), fields: &[("publisher", "Quay Press")], ..NONE },
    Item { id: "book-french", kind: "Livre", title: "Les jardins de la côte", creators: &["Le Brun, Marie"], date: Y1911,
        fields: &[("publisher", "Presses du Quai"), ("publication_place", "Tunis")], lang: "fr", ..NONE },
    Item { id: "book-arabic", kind: "كتاب", title: "كتاب الملح", creators: &["سعيد بن علي"], date: Y1850,
        fields: &[("publisher", "مطبعة الرصيف"), ("publication_place", "تونس")], lang: "ar", ..NONE },
    // Parts of other works.
    Item { id: "article", kind: "Article", title: "The way of water", creators: &["Marsh, Anna"], date: day("1906-02-25"),
        parent: "Review of the Coast", fields: &[("volume", "3"), ("issue", "2"), ("pages", "22–24")], ..NONE },
    Item { id: "article-page", kind: "Article", title: "One Page", creators: &["Marsh, Anna"], date: day("1906-02-25"),
        parent: "Review of the Coast", fields: &[("volume", "3"), ("issue", "2"), ("pages", "22")], ..NONE },
    Item { id: "article-issue", kind: "Article", title: "Only an Issue", creators: &["Marsh, Anna"], date: Y1911,
        parent: "Review of the Coast", fields: &[("issue", "14"), ("pages", "5–9")], ..NONE },
    Item { id: "article-volume", kind: "Article", title: "Only a Volume", creators: &["Marsh, Anna", "Doe, John"], date: Y1911,
        parent: "Review of the Coast", fields: &[("volume", "7"), ("pages", "5–9")], ..NONE },
    Item { id: "article-plain", kind: "Article", title: "No Numbers", creators: &["Marsh, Anna"], date: day("1906-02-25"),
        parent: "Review of the Coast", ..NONE },
    Item { id: "article-question", kind: "Article", title: "Is Water a Road?", creators: &["Doe, John"], date: Y1911,
        parent: "Review of the Coast", fields: &[("volume", "7"), ("issue", "1"), ("pages", "5–9")], ..NONE },
    Item { id: "article-quoted", kind: "Article", title: "The “House” of Salt", creators: &["Doe, John"], date: Y1911,
        parent: "Review of the Coast", fields: &[("volume", "7"), ("issue", "1"), ("pages", "5–9")], ..NONE },
    Item { id: "article-anonymous", kind: "Article", title: "A Note", date: Y1911, parent: "Review of the Coast",
        fields: &[("volume", "7"), ("issue", "1"), ("pages", "5–9")], ..NONE },
    Item { id: "article-undated", kind: "Article", title: "A Note Without a Date", creators: &["Doe, John"],
        parent: "Review of the Coast", fields: &[("volume", "7"), ("issue", "1"), ("pages", "5–9")], ..NONE },
    Item { id: "article-arabic", kind: "مقالة", title: "سبيل الماء", creators: &["سعيد بن علي"], date: Y1911,
        parent: "مجلة الساحل", fields: &[("volume", "7"), ("issue", "1"), ("pages", "5–9")], lang: "ar" },
    Item { id: "newspaper-article", kind: "Newspaper article", title: "Fire at the Market", creators: &["Doe, John"],
        date: day("1931-06-04"), parent: "The Daily Quay", fields: &[("pages", "1")], ..NONE },
    Item { id: "newspaper-article-anonymous", kind: "Newspaper article", title: "Rain", date: day("1931-06-04"),
        parent: "The Daily Quay", fields: &[("pages", "3–4")], ..NONE },
    Item { id: "magazine-article", kind: "Magazine article", title: "The Last Dyers", creators: &["Haddad, Rima"],
        date: day("1975-09-12"), parent: "Coast Weekly", fields: &[("pages", "30–33")], ..NONE },
    Item { id: "chapter", kind: "Chapter", title: "The Lighthouse", creators: &["Doe, John"], date: Y1911,
        parent: "Gardens of the Coast", fields: &[("pages", "41–60"), ("publisher", "Quay Press"),
        ("publication_place", "Tunis")], ..NONE },
    Item { id: "chapter-page", kind: "Chapter", title: "The Mill", creators: &["Doe, John", "Haddad, Rima"], date: Y1911,
        parent: "Gardens of the Coast", fields: &[("pages", "61"), ("publisher", "Quay Press")], ..NONE },
    // Issues.
    Item { id: "newspaper", kind: "Newspaper", title: "The Daily Quay, Morning", date: day("1931-06-04"), ..NONE },
    Item { id: "issue", kind: "Issue", title: "Review of the Coast (Winter)", date: year("1906-02", "1906-02-01", "1906-02-28"),
        ..NONE },
    // Visual works.
    Item { id: "artwork", kind: "Painting", title: "Boats at Noon", creators: &["Haddad, Rima"], date: Y1911,
        fields: &[("medium", "Oil on canvas")], ..NONE },
    Item { id: "artwork-plain", kind: "Drawing", title: "A Study of Nets", creators: &["Haddad, Rima"], date: Y1911, ..NONE },
    Item { id: "artwork-undated", kind: "Drawing", title: "A Study of Ropes", creators: &["Haddad, Rima"],
        fields: &[("medium", "Ink on paper")], ..NONE },
    Item { id: "photograph", kind: "Photograph", title: "The Old Gate", creators: &["Quay Photo Co."], date: day("1931-06-04"),
        fields: &[("medium", "Gelatin silver print")], ..NONE },
    Item { id: "image", kind: "Image", title: "A View", date: Y1911, ..NONE },
    Item { id: "poster", kind: "Poster", title: "Visit the Coast", creators: &["Ito, Ken"], date: Y1975, ..NONE },
    Item { id: "poster-published", kind: "Poster", title: "Drink Water", creators: &["Ito, Ken"], date: Y1975,
        fields: &[("publisher", "Harbour Office")], ..NONE },
    Item { id: "postcard", kind: "Postcard", title: "Greetings from the Quay", date: Y1911, ..NONE },
    Item { id: "object", kind: "Coin", title: "Coin with a Palm", date: year("100 BC", "-0099-01-01", "-0099-12-31"),
        fields: &[("medium", "Bronze")], ..NONE },
    Item { id: "object-range", kind: "Object", title: "Lamp", date: year("200 BC-100 BC", "-0199-01-01", "-0099-12-31"),
        fields: &[("medium", "Clay")], ..NONE },
    // Unpublished works.
    Item { id: "manuscript", kind: "Manuscript", title: "On the Use of the Compass", creators: &["Sufi"],
        date: ("c. 1620", "1620-01-01", "1620-12-31", "~"), ..NONE },
    Item { id: "manuscript-undated", kind: "Manuscript", title: "Tables of the Moon", ..NONE },
    Item { id: "letter", kind: "Letter", title: "Letter to Rima Haddad", creators: &["Doe, John"], date: day("1931-06-04"), ..NONE },
    Item { id: "document", title: "A Paper", creators: &["Doe, John"], date: day("1931-06-04"), ..NONE },
    Item { id: "interview", kind: "Oral history", title: "Interview with a Dyer", creators: &["Haddad, Rima"],
        date: day("1975-09-12"), ..NONE },
    Item { id: "speech", kind: "Speech", title: "On the Harbour", creators: &["Doe, John"], date: day("1931-06-04"), ..NONE },
    // Other works.
    Item { id: "map", kind: "Map", title: "Chart of the Coast", creators: &["Survey Office"], date: Y1911,
        fields: &[("publisher", "Harbour Office")], ..NONE },
    Item { id: "report", kind: "Report", title: "Depths of the Harbour", creators: &["Survey Office"], date: Y1911,
        fields: &[("publisher", "Harbour Office"), ("publication_place", "Tunis")], ..NONE },
    Item { id: "thesis", kind: "Thesis", title: "The Economy of Salt", creators: &["Haddad, Rima"], date: Y1975,
        fields: &[("publisher", "University of the Coast")], ..NONE },
    Item { id: "dataset", kind: "Dataset", title: "Tides at the Quay", creators: &["Ito, Ken"], date: Y1975,
        fields: &[("publisher", "Harbour Office")], ..NONE },
    Item { id: "score", kind: "Sheet music", title: "Three Songs", creators: &["Haddad, Rima"], date: Y1911,
        fields: &[("publisher", "Quay Press"), ("publication_place", "Tunis")], ..NONE },
    Item { id: "sound", kind: "Sound recording", title: "Songs of the Nets", creators: &["Haddad, Rima"], date: Y1975,
        fields: &[("publisher", "Quay Records")], ..NONE },
    Item { id: "film", kind: "Film", title: "The Last Boat", creators: &["Ito, Ken"], date: Y1975,
        fields: &[("publisher", "Quay Films")], ..NONE },
    Item { id: "video", kind: "Video", title: "A Walk on the Quay", creators: &["Ito, Ken"], date: day("1975-09-12"), ..NONE },
];
