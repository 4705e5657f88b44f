//! The words of catalogues for the kinds of items, in Arabic, English and French.

use super::Kind;

/// The words that denote each kind in the `type` of an item, in lower case and without the `s` of a plural. A text with
/// bars takes less of the viewer than an array of texts.
#[rustfmt::skip]
pub(super) const WORDS: [(Kind, &str); 26] = [
    (Kind::NewspaperArticle, "newspaper article|newspaperarticle|news|خبر|مقال صحفي|مقالة صحفية|article de presse\
        |article de journal"),
    (Kind::Article, "article|journal article|journalarticle|academicjournal|مقال|مقالة|article de revue|مقالات"),
    (Kind::Chapter, "chapter|booksection|book section|section|فصل|باب|chapitre"),
    (Kind::Book, "book|monograph|encyclopedia|كتاب|كتب|موسوعة|livre|monographie|ouvrage|encyclopédie"),
    (Kind::Document, "document|وثيقة|وثائق"),
    (Kind::Manuscript, "manuscript|codex|مخطوط|مخطوطة|مخطوطات|manuscrit"),
    (Kind::Letter, "letter|correspondence|رسالة|رسائل|مراسلات|lettre|correspondance"),
    (Kind::Map, "map|cartographic|خريطة|خرائط|خارطة|carte"),
    (Kind::Photograph, "photograph|photo|صورة فوتوغرافية|صور فوتوغرافية|صورة شمسية|photographie|صورة ضوئية"),
    (Kind::Artwork, "artwork|painting|print|drawing|engraving|sculpture|on paper, unique|on paper, print\
        |calligraphy|لوحة|رسم|نقش|منحوتة|خط عربي|tableau|peinture|dessin|gravure|estampe"),
    (Kind::Object, "object|physicalobject|physical object|artifact|artefact|3d|model|coin|instrument|قطعة|أداة\
        |عملة|تحفة|objet|نقود|مسكوكات|monnaie"),
    (Kind::Sound, "sound|audio|recording|sound recording|music|song|تسجيل|تسجيل صوتي|صوت|موسيقى|son\
        |enregistrement|enregistrement sonore|audiorecording|أغنية|أسطوانة|musique|chanson|disque"),
    (Kind::Film, "film|motion picture|فيلم|movie|أفلام"),
    (Kind::Newspaper, "newspaper|جريدة|صحيفة|صحف|جرائد|newspaper issue|quotidien|journaux"),
    (Kind::Issue, "issue|journal issue|periodical|journal|magazine|serial|مجلة|دورية|عدد|revue|périodique\
        |numéro"),
    (Kind::Thesis, "thesis|dissertation|أطروحة|رسالة جامعية|thèse|theses|رسالة ماجستير|رسالة دكتوراه|mémoire"),
    (Kind::Report, "report|تقرير|rapport|تقارير"),
    (Kind::Image, "image|still image|stillimage|picture|صورة|صور|illustration"),
    (Kind::MagazineArticle, "magazine article|magazinearticle|مقال في مجلة|مقالة في مجلة|article de magazine"),
    (Kind::Interview, "interview|oral history|oral histories|مقابلة|مقابلات|حوار|تاريخ شفوي|تاريخ شفهي|entretien\
        |histoire orale"),
    (Kind::Video, "video|video recording|videorecording|moving image|movingimage|فيديو|تسجيل مرئي|vidéo\
        |enregistrement vidéo|image animée"),
    (Kind::Poster, "poster|ملصق|ملصقات|affiche"),
    (Kind::Postcard, "postcard|بطاقة بريدية|بطاقات بريدية|carte postale|cartes postales"),
    (Kind::Score, "sheet music|score|musical score|notated music|notatedmusic|نوتة موسيقية|مدونة موسيقية\
        |partition"),
    (Kind::Speech, "speech|speeches|lecture|خطبة|محاضرة|discours|conférence"),
    (Kind::Dataset, "dataset|data set|مجموعة بيانات|بيانات|jeu de données|données"),
];
