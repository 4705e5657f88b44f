//! The texts of the page in its languages.

use khizana_pages::i18n::Lang;

/// A text in each language of the page.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    ar: &'static str,
    fr: &'static str,
    en: &'static str,
}

impl Text {
    /// Returns the text in a language.
    pub(crate) fn in_language(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ar => self.ar,
            Lang::Fr => self.fr,
            Lang::En => self.en,
        }
    }

    /// Returns the text as a label of a value: `Errors: 3`.
    pub(crate) fn labelled(self, lang: Lang, value: &str) -> String {
        let label = self.in_language(lang);
        match lang {
            // In French, a space that does not break precedes the colon.
            Lang::Fr => format!("{label}\u{a0}: {value}"),
            Lang::Ar | Lang::En => format!("{label}: {value}"),
        }
    }
}

/// Defines constants of the type [`Text`].
macro_rules! texts {
    ($($name:ident: $ar:literal, $fr:literal, $en:literal;)*) => {$(
        pub(crate) const $name: Text = Text { ar: $ar, fr: $fr, en: $en };
    )*};
}

texts! {
    TITLE: "معاينة المصدر", "Aperçu de la source", "Preview of the source";
    SITE: "الموقع", "Site", "Site";
    LANGUAGES: "لغة هذه الصفحة", "Langue de cette page", "Language of this page";
    PROBLEMS: "المشكلات", "Problèmes", "Problems";
    NO_PROBLEMS: "لا توجد مشكلات.", "Il n’y a aucun problème.", "There are no problems.";
    KIND: "نوع المشكلة", "Type de problème", "Kind of problem";
    ALL_KINDS: "الكل", "Tous", "All";
    ERRORS: "الأخطاء", "Erreurs", "Errors";
    WARNINGS: "الملاحظات", "Remarques", "Remarks";
    ERROR: "خطأ", "Erreur", "Error";
    WARNING: "ملاحظة", "Remarque", "Remark";
    ITEMS: "المواد", "Objets", "Items";
    LEFT_OUT: "الصفوف المستبعدة", "Lignes laissées de côté", "Rows left out";
    CELL: "الخلية", "Cellule", "Cell";
    ROW: "الصف", "Ligne", "Row";
    ROWS: "الصفوف", "Lignes", "Rows";
    FILE: "الملف", "Fichier", "File";
    TABLE: "الجدول", "Tableau", "Table";
    SHEET: "الورقة", "Feuille", "Sheet";
    SOURCE: "المصدر", "Source", "Source";
    REMEDY: "ما العمل", "Que faire", "What to do";
    WRITE_INSTEAD: "يُقترَح أن يُكتب", "Proposition", "Proposal";
    SHOW_ITEM: "اعرض المادة", "Afficher l’objet", "Show the item";
    MORE_PROBLEMS: "مشكلات أخرى غير مدرجة هنا", "Autres problèmes, non listés ici", "Further problems that are not listed here";
    MORE: "أخرى", "autres", "more";
    READING: "يُقرأ المصدر…", "Lecture de la source…", "Reading the source…";
    INGESTING: "تُفحَص الملفات…", "Contrôle des fichiers…", "Checking the files…";
    PUBLISHING: "يُحدَّث الموقع…", "Mise à jour du site…", "Updating the site…";
    READY: "كل شيء محدَّث.", "Tout est à jour.", "Everything is up to date.";
    FAILED: "تعذّر التحديث بسبب الخطأ المدرج أدناه. يُعرَض آخر موقع صالح.", "La mise à jour a échoué, à cause de l’erreur ci-dessous. Le dernier site valable est affiché.", "The update failed because of the error below. The last good site is displayed.";
    DRAFT: "هذه صفحات مؤقتة بلا بحث حتى يكتمل تحضير الموقع.", "Ces pages sont provisoires et sans recherche, jusqu’à ce que le site soit prêt.", "These pages are provisional and have no search until the site is ready.";
    DISCONNECTED: "انتهت المعاينة. شغّل الأمر من جديد.", "L’aperçu est terminé. Relancez la commande.", "The preview has ended. Run the command again.";
    CHANGES: "ما سيغيّره الإدخال التالي في الأرشيف", "Ce que la prochaine ingestion changera dans l’archive", "What the next ingest will change in the archive";
    ADDED: "مواد جديدة", "Nouveaux objets", "New items";
    CHANGED: "مواد متغيّرة", "Objets modifiés", "Changed items";
    REMOVED: "مواد محذوفة", "Objets supprimés", "Removed items";
    UNCHANGED: "مواد بلا تغيير", "Objets inchangés", "Unchanged items";
}
