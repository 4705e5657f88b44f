//! The kinds of items that bibliographic formats distinguish.

use khizana_format::Record;
use khizana_model::{Item, MediaKind};

use super::kind_words::WORDS;
use crate::i18n::{self, Lang};

/// The kind of an item, such as a book or a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An article in an issue of a journal.
    Article,
    /// An article in a newspaper.
    NewspaperArticle,
    /// A work of visual art, such as a painting, a print or a drawing.
    Artwork,
    /// A book or another monograph.
    Book,
    /// A part of a book.
    Chapter,
    /// A document of any other kind.
    Document,
    /// A set of data, such as a table of measurements.
    Dataset,
    /// A film for the cinema or for television.
    Film,
    /// An image that is not known to be a photograph or a work of art.
    Image,
    /// An interview, such as an oral history.
    Interview,
    /// An issue of a newspaper.
    Newspaper,
    /// A letter.
    Letter,
    /// An article in an issue of a magazine.
    MagazineArticle,
    /// A manuscript.
    Manuscript,
    /// A map.
    Map,
    /// An object, such as a coin or an instrument.
    Object,
    /// An issue of a journal or magazine.
    Issue,
    /// A photograph.
    Photograph,
    /// A postcard.
    Postcard,
    /// A poster.
    Poster,
    /// A report.
    Report,
    /// A piece of music in notation.
    Score,
    /// A recording of sound.
    Sound,
    /// A speech or lecture.
    Speech,
    /// A thesis.
    Thesis,
    /// A recording of moving images.
    Video,
}

/// The names of a kind in other formats.
pub struct Names {
    /// Type in CSL 1.0.2.
    pub csl: &'static str,
    /// Class of schema.org.
    pub schema: &'static str,
    /// Entry type of BibTeX.
    pub bibtex: &'static str,
    /// Reference type of RIS.
    pub ris: &'static str,
    /// Item type of Zotero.
    pub zotero: &'static str,
}

impl Kind {
    /// Determines the kind of an item from its `type`, its place in another item, and its files.
    pub fn of(record: &Record) -> Kind {
        let item = &record.item;
        let named = named_kind(item);
        let is_part =
            record.parent.is_some() && (record.part.is_some() || item.field("pages").is_some());
        match named {
            Some(Kind::Newspaper) if is_part => Kind::NewspaperArticle,
            Some(Kind::Issue) if is_part => Kind::Article,
            Some(Kind::Book) if is_part => Kind::Chapter,
            Some(kind) => kind,
            None if is_part => Kind::Article,
            None => {
                let mut kinds = record.canvases.iter().map(|canvas| canvas.kind);
                match (kinds.next(), kinds.next()) {
                    (Some(MediaKind::Image), None) => Kind::Image,
                    (Some(MediaKind::Sound), _) => Kind::Sound,
                    (Some(MediaKind::Film), _) => Kind::Video,
                    (Some(MediaKind::Model), _) => Kind::Object,
                    _ => Kind::Document,
                }
            }
        }
    }

    /// Returns the names of the kind in other formats.
    pub fn names(self) -> Names {
        // One text takes less of the viewer than five.
        let names = match self {
            Kind::Article => "article-journal Article article JOUR journalArticle",
            Kind::NewspaperArticle => "article-newspaper NewsArticle article NEWS newspaperArticle",
            Kind::Artwork => "graphic VisualArtwork misc ART artwork",
            Kind::Book => "book Book book BOOK book",
            Kind::Chapter => "chapter Chapter incollection CHAP bookSection",
            Kind::Document => "document CreativeWork misc GEN document",
            Kind::Dataset => "dataset Dataset misc DATA dataset",
            Kind::Film => "motion_picture Movie misc MPCT film",
            Kind::Image => "graphic CreativeWork misc FIGURE artwork",
            // Neither RIS nor schema.org has interviews; Zotero writes the former as communications.
            Kind::Interview => "interview CreativeWork misc PCOMM interview",
            Kind::MagazineArticle => "article-magazine Article article MGZN magazineArticle",
            Kind::Newspaper => "periodical PublicationIssue misc NEWS document",
            Kind::Letter => "personal_communication Message misc PCOMM letter",
            Kind::Manuscript => "manuscript Manuscript unpublished MANSCPT manuscript",
            Kind::Map => "map Map misc MAP map",
            Kind::Object => "graphic CreativeWork misc ART artwork",
            Kind::Issue => "periodical PublicationIssue misc SER document",
            Kind::Photograph => "graphic Photograph misc ART artwork",
            Kind::Postcard => "graphic VisualArtwork misc ART artwork",
            Kind::Poster => "graphic Poster misc ART artwork",
            Kind::Report => "report Report techreport RPRT report",
            // Zotero has no scores.
            Kind::Score => "musical_score SheetMusic misc MUSIC document",
            // `SLIDE` is read as a presentation, the type of Zotero for speeches.
            Kind::Speech => "speech CreativeWork misc SLIDE presentation",
            Kind::Sound => "song AudioObject misc SOUND audioRecording",
            Kind::Thesis => "thesis Thesis phdthesis THES thesis",
            Kind::Video => "motion_picture VideoObject misc VIDEO videoRecording",
        };
        let mut names = names.split(' ');
        let mut next = || names.next().unwrap_or_default();
        Names {
            csl: next(),
            schema: next(),
            bibtex: next(),
            ris: next(),
            zotero: next(),
        }
    }

    /// Returns `true` if citations set the title in italics, and not in quotation marks.
    pub fn is_in_italics(self) -> bool {
        !matches!(
            self,
            Kind::Article
                | Kind::NewspaperArticle
                | Kind::Chapter
                | Kind::MagazineArticle
                | Kind::Dataset
                | Kind::Document
                | Kind::Interview
                | Kind::Letter
                | Kind::Manuscript
                | Kind::Speech
        )
    }

    /// Returns `true` for works whose date is that of their publication.
    pub fn is_published(self) -> bool {
        matches!(
            self,
            Kind::Article
                | Kind::NewspaperArticle
                | Kind::Book
                | Kind::Chapter
                | Kind::Newspaper
                | Kind::Issue
                | Kind::Dataset
                | Kind::MagazineArticle
                | Kind::Report
                | Kind::Score
                | Kind::Thesis
        )
    }

    /// Returns `true` for works of which citations name the material.
    pub fn is_visual(self) -> bool {
        matches!(
            self,
            Kind::Artwork
                | Kind::Image
                | Kind::Object
                | Kind::Photograph
                | Kind::Postcard
                | Kind::Poster
        )
    }

    /// Returns the name of the kind in citations. Returns `None` for kinds that citations do not name, such as
    /// books.
    pub fn label(self, lang: Lang) -> Option<&'static str> {
        Some(match self {
            Kind::Artwork => i18n::kind_artwork(lang),
            Kind::Dataset => i18n::kind_dataset(lang),
            Kind::Film => i18n::kind_film(lang),
            Kind::Image => i18n::kind_image(lang),
            Kind::Interview => i18n::kind_interview(lang),
            Kind::Letter => i18n::kind_letter(lang),
            Kind::Manuscript => i18n::kind_manuscript(lang),
            Kind::Map => i18n::kind_map(lang),
            Kind::Object => i18n::kind_object(lang),
            Kind::Photograph => i18n::kind_photograph(lang),
            Kind::Postcard => i18n::kind_postcard(lang),
            Kind::Poster => i18n::kind_poster(lang),
            Kind::Score => i18n::kind_score(lang),
            Kind::Sound => i18n::kind_sound(lang),
            Kind::Speech => i18n::kind_speech(lang),
            Kind::Thesis => i18n::kind_thesis(lang),
            Kind::Video => i18n::kind_video(lang),
            _ => return None,
        })
    }

    /// Returns `true` if the item is published within another work, which a citation names.
    pub fn has_container(self) -> bool {
        matches!(
            self,
            Kind::Article | Kind::MagazineArticle | Kind::NewspaperArticle | Kind::Chapter
        )
    }
}

/// Returns the kind that the `type` of an item names in any language.
fn named_kind(item: &Item) -> Option<Kind> {
    let types = item.field("type")?;
    types.iter().find_map(|(tag, text)| {
        let text = text.trim().to_lowercase();
        // In English the word denotes an issue of a learned journal.
        if text == "journal" && tag.primary() == "fr" {
            return Some(Kind::Newspaper);
        }
        let singular = text.strip_suffix('s').unwrap_or(&text);
        let denotes = |words: &str| {
            words
                .split('|')
                .any(|word| word == text || word == singular)
        };
        let mut kinds = WORDS.iter().filter(|(_, words)| denotes(words));
        kinds.next().map(|(kind, _)| *kind)
    })
}
