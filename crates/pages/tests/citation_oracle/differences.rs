//! The differences between our citations and those of hayagriva, with the reason for each.

use khizana_pages::reference::Style::{self, Apa, Chicago, Iso690, Mla};

/// A text that differs in the citations of some items.
pub struct Difference {
    /// Style of the citations.
    pub style: Style,
    /// Text of hayagriva.
    pub theirs: &'static str,
    /// Our text in its place.
    pub ours: &'static str,
    /// Identifiers of the items.
    pub items: &'static [&'static str],
}

const fn differ(
    style: Style,
    theirs: &'static str,
    ours: &'static str,
    items: &'static [&'static str],
) -> Difference {
    Difference {
        style,
        theirs,
        ours,
        items,
    }
}

/// The differences, in the order in which they are replaced.
#[rustfmt::skip]
pub const DIFFERENCES: &[Difference] = &[
    // Titles keep the capital letters of the record, because the rules of English are wrong for other languages.
    differ(Chicago, "The Way of Water", "The way of water", &["article"]),
    differ(Mla, "The Way of Water", "The way of water", &["article"]),

    // A French article is a part of the family name (CMOS 18, 8.7), and no particle that follows the given name.
    differ(Chicago, "Brun, Marie-Claire Le", "Le Brun, Marie-Claire", &["book-hyphen"]),
    differ(Chicago, "Brun, Marie Le", "Le Brun, Marie", &["book-french"]),

    // No full stop follows a question mark that ends a title (CMOS 18, 14.96; APA 7, 9.19; MLA 9, 5.112).
    differ(Chicago, "Sea?.", "Sea?", &["book-question"]),
    differ(Apa, "Sea?.", "Sea?", &["book-question"]),
    differ(Mla, "Sea?.", "Sea?", &["book-question"]),
    differ(Iso690, "Sea?.", "Sea?", &["book-question"]),
    differ(Chicago, "Road?.”", "Road?”", &["article-question"]),
    differ(Apa, "Road?.", "Road?", &["article-question"]),
    differ(Mla, "Road?.”", "Road?”", &["article-question"]),
    differ(Iso690, "Road?.", "Road?", &["article-question"]),

    // Quotation marks within quotation marks are single.
    differ(Chicago, "The “House” of", "The ‘House’ of", &["article-quoted"]),
    differ(Mla, "The “House” of", "The ‘House’ of", &["article-quoted"]),

    // hayagriva refuses intervals, so it received the first year only.
    differ(Chicago, "1850.", "1850–1853.", &["book-range"]),
    differ(Apa, "1850", "1850–1853", &["book-range"]),
    differ(Mla, "1850", "1850–1853", &["book-range"]),
    differ(Iso690, "1850", "1850–1853", &["book-range"]),

    // A date that the record calls approximate has a word, and one that it calls uncertain has a question mark.
    // In CSL-JSON, both are `circa`.
    differ(Chicago, "[1850?]", "ca. 1850", &["book-circa"]),
    differ(Chicago, "[1620?]", "ca. 1620", &["manuscript"]),
    differ(Mla, "[1850?]", "circa 1850", &["book-circa"]),
    // The style of ISO 690 ignores it.
    differ(Iso690, "1850", "ca. 1850", &["book-circa"]),
    differ(Iso690, "1850", "[1850?]", &["book-uncertain"]),
    differ(Iso690, "1620", "ca. 1620", &["manuscript"]),

    // Both names of the era are usual; ours is that of the rest of the page. CSL counts years before the era
    // without a year 0, and hayagriva with one.
    differ(Chicago, "101 BC", "100 BCE", &["object"]),
    differ(Chicago, "201 BC", "200 BCE–100 BCE", &["object-range"]),
    differ(Mla, "101 BC", "100 BCE", &["object"]),
    differ(Mla, "201 BC", "200 BCE–100 BCE", &["object-range"]),
    differ(Iso690, "101 BC", "100 BCE", &["object"]),
    differ(Iso690, "201 BC", "200 BCE–100 BCE", &["object-range"]),

    // The title of an article is in quotation marks, also if that of the newspaper is in the place of the creator.
    differ(Chicago, "Rain.", "“Rain.”", &["newspaper-article-anonymous"]),

    // A video has the date of the record, and a journal the day of the record.
    differ(Chicago, "1975", "September 12, 1975", &["video"]),
    differ(Mla, "1975", "12 Sept. 1975", &["video"]),
    differ(Mla, "Feb. 1906", "25 Feb. 1906", &["article", "article-page", "article-plain"]),
    // The date of a speech is missing.
    differ(Mla, "Harbour.” The", "Harbour.” 4 June 1931, The", &["speech"]),

    // The ellipsis has spaces (APA 7, 9.8).
    differ(Apa, "…", ". . .", &["book-21"]),

    // The word is left over from the day of access, which is not compared.
    differ(Apa, "Retrieved ", "", &["book-undated", "book-bare", "article-undated", "artwork-undated", "manuscript-undated"]),

    // A comma is left over from the month and the day.
    differ(Apa, "(1975,)", "(1975)", &["sound", "film"]),

    // Brackets name the kind more precisely than the types of CSL.
    differ(Apa, "[Graphic]", "[Artwork]", &["artwork-plain"]),
    differ(Apa, "[Graphic]", "[Poster]", &["poster", "poster-published"]),
    differ(Apa, "[Video recording]", "[Film]", &["film"]),
    differ(Apa, "[Dataset]", "[Data set]", &["dataset"]),
    differ(Apa, "Songs.", "Songs [Musical score].", &["score"]),
    differ(Apa, "Harbour.", "Harbour [Speech].", &["speech"]),
    differ(Apa, "Compass.", "Compass [Manuscript].", &["manuscript"]),
    differ(Apa, "Moon.", "Moon [Manuscript].", &["manuscript-undated"]),
    differ(Apa, "[University", "[Thesis, University", &["thesis"]),

    // The brackets belong to the title, also if it is in the place of the creator (APA 7, 9.12).
    differ(Apa, "View. (1911). [Graphic].", "View [Image]. (1911).", &["image"]),
    differ(Apa, "Quay. (1911). [Graphic].", "Quay [Postcard]. (1911).", &["postcard"]),
    differ(Apa, "Palm. (101 B.C.E.). [Bronze].", "Palm [Bronze]. (100 B.C.E.).", &["object"]),
    differ(Apa, "Lamp. (201 B.C.E.). [Clay].", "Lamp [Clay]. (200 B.C.E.–100 B.C.E.).", &["object-range"]),

    // The medium is optional (MLA 9, 5.105).
    differ(Mla, " Oil on canvas.", "", &["artwork"]),
    differ(Mla, " Ink on paper.", "", &["artwork-undated"]),
    differ(Mla, " Gelatin silver print.", "", &["photograph"]),
    differ(Mla, " Bronze.", "", &["object"]),
    differ(Mla, " Clay.", "", &["object-range"]),

    // The institution follows the date of a thesis, and precedes the archive.
    differ(Mla, "/. University of the Coast.", "/.", &["thesis"]),
    differ(Mla, "1975, The", "1975. University of the Coast. The", &["thesis"]),

    // Of more than three creators, all or the first are named.
    differ(Iso690, "Marsh, Anna, Doe, John, Haddad, Rima and Ito, Ken", "Marsh, Anna, et al", &["book-4"]),
    differ(Iso690, "Ames, A., Bond, B. C., Cole, Clara, Dorn, D., Eads, Eve, Ford, Fay, Gray, Guy and Hale, Hana",
        "Ames, A., et al", &["book-8"]),
    differ(Iso690, "Bb, B., Cb, C., Db, D., Eb, E., Fb, F., Gb, G., Hb, H., Ib, I., Jb, J., Kb, K., Lb, L., Mb, M., Nb, N., \
        Ob, O., Pb, P., Qb, Q., Rb, R., Sb, S., Tb, T. and Ub, U.", "et al.", &["book-21"]),

    // The date is a required element. Only the entries of books and manuscripts say that there is none.
    differ(Iso690, "[no date]", "[n.d.]", &["book-undated", "book-bare"]),
    differ(Iso690, "[no date]", "[Manuscript]. [n.d.]", &["manuscript-undated"]),
    differ(Iso690, "Vol. 7", "[n.d.]. Vol. 7", &["article-undated"]),
    differ(Iso690, "paper].", "paper]. [n.d.].", &["artwork-undated"]),

    // Several pages have the plural, and a sentence begins with a capital letter.
    differ(Iso690, ", p. 22–24", ", pp. 22–24", &["article"]),
    differ(Iso690, ", p. 5–9", ", pp. 5–9", &["article-issue", "article-volume", "article-question", "article-quoted",
        "article-anonymous", "article-undated", "article-arabic"]),
    differ(Iso690, ". p. 1.", ". P. 1.", &["newspaper-article"]),
    differ(Iso690, ". p. 3–4", ". Pp. 3–4", &["newspaper-article-anonymous"]),
    differ(Iso690, ". P. 30–33", ". Pp. 30–33", &["magazine-article"]),
    differ(Iso690, ". p. 41–60", ". Pp. 41–60", &["chapter"]),
    differ(Iso690, ". p. 61", ". P. 61", &["chapter-page"]),

    // Brackets name the kind of works that are not texts in print, also if the record has no medium.
    differ(Iso690, "Online. 1911", "Online. [Artwork]. 1911", &["artwork-plain"]),
    differ(Iso690, "Online. 1911", "Online. [Image]. 1911", &["image"]),
    differ(Iso690, "Online. 1911", "Online. [Postcard]. 1911", &["postcard"]),
    differ(Iso690, "Online. 1975", "Online. [Poster]. 1975", &["poster"]),
    differ(Iso690, "Online. ca. 1620", "Online. [Manuscript]. ca. 1620", &["manuscript"]),
    differ(Iso690, "Online. 4", "Online. [Letter]. 4", &["letter"]),
    differ(Iso690, "Online. 12", "Online. [Interview]. 12", &["interview"]),
    differ(Iso690, "Online. 4", "Online. [Speech]. 4", &["speech"]),
    differ(Iso690, "[map]", "[Map]", &["map"]),
    differ(Iso690, "Online. U", "Online. [Thesis]. U", &["thesis"]),
    differ(Iso690, "Online. Q", "Online. [Audio recording]. Q", &["sound"]),
    differ(Iso690, "Online. Q", "Online. [Film]. Q", &["film"]),
    differ(Iso690, "Online. 12", "Online. [Video recording]. 12", &["video"]),

    // The date follows the publisher, as that of a book.
    differ(Iso690, "1975. Harbour Office.", "[Poster]. Harbour Office, 1975.", &["poster-published"]),
    differ(Iso690, "1975. Harbour Office.", "[Data set]. Harbour Office, 1975.", &["dataset"]),
    differ(Iso690, "1911. Tunis: Quay Press.", "[Musical score]. Tunis: Quay Press, 1911.", &["score"]),

    // A full stop is missing.
    differ(Iso690, "Harbour Online", "Harbour. Online", &["report"]),
];
