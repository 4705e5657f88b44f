//! The words of catalogues for the kinds of items, in Arabic, English and French.

use super::Kind;

/// The words that denote each kind in the `type` of an item, in lower case. A text with bars takes less of the viewer
/// than an array of texts.
#[rustfmt::skip]
pub(super) const WORDS: [(Kind, &str); 25] = [
    (Kind::NewspaperArticle, "newspaper article|newspaperarticle|news|خبر|مقال صحفي|مقالة صحفية|article de presse\
        |article de journal"),
    (Kind::Article, "article|journal article|journalarticle|academicjournal|مقال|مقالة|article de revue|articles\
        |مقالات"),
    (Kind::Chapter, "chapter|booksection|book section|section|فصل|باب|chapitre"),
    (Kind::Book, "book|books|monograph|كتاب|كتب|livre|livres|monographie|ouvrage"),
    (Kind::Manuscript, "manuscript|manuscripts|codex|مخطوط|مخطوطة|مخطوطات|manuscrit|manuscrits"),
    (Kind::Letter, "letter|letters|correspondence|رسالة|رسائل|مراسلات|lettre|lettres|correspondance"),
    (Kind::Map, "map|maps|cartographic|خريطة|خرائط|خارطة|carte|cartes"),
    (Kind::Photograph, "photograph|photographs|photo|photos|صورة فوتوغرافية|صور فوتوغرافية|صورة شمسية|photographie\
        |photographies|صورة ضوئية"),
    (Kind::Artwork, "artwork|painting|paintings|print|prints|drawing|drawings|engraving|sculpture|on paper, unique\
        |on paper, print|calligraphy|لوحة|رسم|نقش|منحوتة|خط عربي|tableau|peinture|dessin|gravure|estampe"),
    (Kind::Object, "object|physicalobject|physical object|artifact|artefact|3d|model|coin|instrument|قطعة|أداة|عملة\
        |تحفة|objet|coins|نقود|مسكوكات|monnaie|objets"),
    (Kind::Sound, "sound|audio|recording|sound recording|music|song|تسجيل|تسجيل صوتي|صوت|موسيقى|son|enregistrement\
        |enregistrement sonore|audiorecording|أغنية|أسطوانة|musique|chanson|disque"),
    (Kind::Film, "film|motion picture|فيلم|films|movie|أفلام"),
    (Kind::Newspaper, "newspaper|newspapers|جريدة|صحيفة|صحف|جرائد|newspaper issue|quotidien|journaux"),
    (Kind::Issue, "issue|journal issue|periodical|journal|magazine|serial|مجلة|دورية|عدد|revue|périodique|numéro"),
    (Kind::Thesis, "thesis|dissertation|أطروحة|رسالة جامعية|thèse|theses|رسالة ماجستير|رسالة دكتوراه|mémoire|thèses"),
    (Kind::Report, "report|تقرير|rapport|reports|تقارير|rapports"),
    (Kind::Image, "image|still image|stillimage|picture|صورة|صور|illustration"),
    (Kind::MagazineArticle, "magazine article|magazinearticle|مقال في مجلة|مقالة في مجلة|article de magazine"),
    (Kind::Interview, "interview|interviews|oral history|oral histories|مقابلة|مقابلات|حوار|تاريخ شفوي|تاريخ شفهي\
        |entretien|entretiens|histoire orale"),
    (Kind::Video, "video|videos|video recording|videorecording|moving image|movingimage|فيديو|تسجيل مرئي|vidéo\
        |vidéos|enregistrement vidéo|image animée"),
    (Kind::Poster, "poster|posters|ملصق|ملصقات|affiche|affiches"),
    (Kind::Postcard, "postcard|postcards|بطاقة بريدية|بطاقات بريدية|carte postale|cartes postales"),
    (Kind::Score, "sheet music|score|scores|musical score|notated music|notatedmusic|نوتة موسيقية|مدونة موسيقية\
        |partition|partitions"),
    (Kind::Speech, "speech|speeches|lecture|خطبة|محاضرة|discours|conférence"),
    (Kind::Dataset, "dataset|datasets|data set|مجموعة بيانات|بيانات|jeu de données|données"),
];
