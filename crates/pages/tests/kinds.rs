//! The kinds that the words of catalogues denote, and their names in other formats.

#![allow(clippy::unwrap_used)]

use khizana_format::Record;
use khizana_pages::reference::Kind;

/// Item types of Zotero.
const ZOTERO: &str = "artwork audioRecording bill blogPost book bookSection case computerProgram conferencePaper \
    dataset dictionaryEntry document email encyclopediaArticle film forumPost hearing instantMessage interview \
    journalArticle letter magazineArticle manuscript map newspaperArticle patent podcast preprint presentation \
    radioBroadcast report standard statute thesis tvBroadcast videoRecording webpage";

/// Types of CSL 1.0.2, appendix III.
const CSL: &str = "article article-journal article-magazine article-newspaper bill book broadcast chapter classic \
    collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview \
    legal_case legislation manuscript map motion_picture musical_score pamphlet paper-conference patent performance \
    periodical personal_communication post post-weblog regulation report review review-book software song speech \
    standard thesis treaty webpage";

/// Reference types of RIS.
const RIS: &str = "ABST ADVS AGGR ANCIENT ART BILL BLOG BOOK CASE CHAP CHART CLSWK COMP CONF CPAPER CTLG DATA DBASE \
    DICT EBOOK ECHAP EDBOOK EJOUR ELEC ENCYC EQUA FIGURE GEN GOVDOC GRANT HEAR ICOMM INPR JFULL JOUR LEGAL MANSCPT \
    MAP MGZN MPCT MULTI MUSIC NEWS PAMP PAT PCOMM RPRT SER SLIDE SOUND STAND STAT THES UNBILL UNPB VIDEO WEB";

/// Entry types of BibTeX.
const BIBTEX: &str = "article book booklet conference inbook incollection inproceedings manual mastersthesis misc \
    phdthesis proceedings techreport unpublished";

/// A kind: words in English, Arabic and French, and the names in Zotero, CSL, RIS, BibTeX and schema.org.
type Row = (Kind, &'static [&'static str], [&'static str; 5]);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    (Kind::Artwork, &["Painting", "لوحة", "Peinture", "Drawings", "Estampes"],
        ["artwork", "graphic", "ART", "misc", "VisualArtwork"]),
    (Kind::Poster, &["Poster", "ملصق", "Affiche"], ["artwork", "graphic", "ART", "misc", "Poster"]),
    (Kind::Postcard, &["Postcard", "بطاقة بريدية", "Carte postale"],
        ["artwork", "graphic", "ART", "misc", "VisualArtwork"]),
    (Kind::Photograph, &["Photograph", "صورة فوتوغرافية", "Photographie"],
        ["artwork", "graphic", "ART", "misc", "Photograph"]),
    (Kind::Image, &["Still image", "صورة", "Illustration"], ["artwork", "graphic", "FIGURE", "misc", "CreativeWork"]),
    (Kind::Object, &["Coin", "عملة", "Monnaie", "Object", "قطعة", "Objet"],
        ["artwork", "graphic", "ART", "misc", "CreativeWork"]),
    (Kind::Manuscript, &["Manuscript", "مخطوط", "Manuscrit", "Codex"],
        ["manuscript", "manuscript", "MANSCPT", "unpublished", "Manuscript"]),
    (Kind::Letter, &["Letter", "رسالة", "Lettre", "Correspondence"],
        ["letter", "personal_communication", "PCOMM", "misc", "Message"]),
    (Kind::Map, &["Map", "خريطة", "Carte"], ["map", "map", "MAP", "misc", "Map"]),
    (Kind::Newspaper, &["Newspaper", "جريدة", "Quotidien"],
        ["document", "periodical", "NEWS", "misc", "PublicationIssue"]),
    (Kind::NewspaperArticle, &["Newspaper article", "مقال صحفي", "Article de presse"],
        ["newspaperArticle", "article-newspaper", "NEWS", "article", "NewsArticle"]),
    (Kind::Article, &["Journal article", "مقال", "Article de revue"],
        ["journalArticle", "article-journal", "JOUR", "article", "Article"]),
    (Kind::MagazineArticle, &["Magazine article", "مقال في مجلة", "Article de magazine"],
        ["magazineArticle", "article-magazine", "MGZN", "article", "Article"]),
    (Kind::Issue, &["Issue", "عدد", "Numéro", "Magazine", "مجلة", "Revue"],
        ["document", "periodical", "SER", "misc", "PublicationIssue"]),
    (Kind::Book, &["Book", "كتاب", "Livre", "Books", "Livres"], ["book", "book", "BOOK", "book", "Book"]),
    (Kind::Chapter, &["Chapter", "فصل", "Chapitre"], ["bookSection", "chapter", "CHAP", "incollection", "Chapter"]),
    (Kind::Report, &["Report", "تقرير", "Rapport", "Reports"], ["report", "report", "RPRT", "techreport", "Report"]),
    (Kind::Thesis, &["Thesis", "أطروحة", "Thèse", "رسالة دكتوراه"],
        ["thesis", "thesis", "THES", "phdthesis", "Thesis"]),
    (Kind::Film, &["Film", "فيلم", "Motion picture"], ["film", "motion_picture", "MPCT", "misc", "Movie"]),
    (Kind::Video, &["Video", "فيديو", "Vidéo", "Moving image"],
        ["videoRecording", "motion_picture", "VIDEO", "misc", "VideoObject"]),
    (Kind::Sound, &["Sound recording", "تسجيل صوتي", "Enregistrement sonore"],
        ["audioRecording", "song", "SOUND", "misc", "AudioObject"]),
    (Kind::Interview, &["Interview", "Oral history", "تاريخ شفوي", "مقابلة", "Entretien"],
        ["interview", "interview", "PCOMM", "misc", "CreativeWork"]),
    (Kind::Score, &["Sheet music", "نوتة موسيقية", "Partition"],
        ["document", "musical_score", "MUSIC", "misc", "SheetMusic"]),
    (Kind::Speech, &["Speech", "خطبة", "Discours"], ["presentation", "speech", "SLIDE", "misc", "CreativeWork"]),
    (Kind::Dataset, &["Dataset", "مجموعة بيانات", "Jeu de données"],
        ["dataset", "dataset", "DATA", "misc", "Dataset"]),
    (Kind::Document, &["A word of no catalogue"], ["document", "document", "GEN", "misc", "CreativeWork"]),
];

fn record(lang: &str, kind: &str) -> Record {
    let json = serde_json::json!({
        "item": { "id": "x", "fields": [{ "name": "type", "values": { lang: [kind] } }] },
        "collection": "c",
    });
    khizana_json::from_slice(json.to_string().as_bytes()).unwrap()
}

#[test]
fn words_denote_kinds_with_types_in_every_format() {
    for (kind, words, expected) in ROWS {
        for word in *words {
            for word in [word.to_string(), word.to_uppercase(), format!(" {word} ")] {
                assert_eq!(Kind::of(&record("und", &word)), *kind, "{word}");
            }
        }
        let names = kind.names();
        let actual = [
            names.zotero,
            names.csl,
            names.ris,
            names.bibtex,
            names.schema,
        ];
        assert_eq!(actual, *expected, "{kind:?}");
    }
}

#[test]
fn every_type_is_one_of_its_format() {
    for (kind, ..) in ROWS {
        let names = kind.names();
        for (name, types) in [
            (names.zotero, ZOTERO),
            (names.csl, CSL),
            (names.ris, RIS),
            (names.bibtex, BIBTEX),
        ] {
            assert!(types.split(' ').any(|other| other == name), "{name}");
        }
    }
}

#[test]
fn the_language_of_a_word_decides_if_it_has_several_meanings() {
    assert_eq!(Kind::of(&record("en", "Journal")), Kind::Issue);
    assert_eq!(Kind::of(&record("fr", "Journal")), Kind::Newspaper);
    assert_eq!(Kind::of(&record("fr-CA", "journal")), Kind::Newspaper);
}
