//! Texts in the languages of a report.

use khizana_model::Language;
use khizana_pages::i18n::Lang;

/// The languages of a report, in their order.
pub const LANGUAGES: [(&str, Lang); 3] = [("ar", Lang::Ar), ("fr", Lang::Fr), ("en", Lang::En)];

/// Returns the language of the translations of messages.
pub fn language(lang: Lang) -> Language {
    match lang {
        Lang::Ar => Language::Arabic,
        Lang::Fr => Language::French,
        Lang::En => Language::English,
    }
}

/// Returns a label and its value: `Errors: 3`.
pub fn labelled(lang: Lang, label: Text, value: &str) -> String {
    let label = label.in_language(lang);
    match lang {
        // In French, a space that does not break precedes the colon.
        Lang::Fr => format!("{label}\u{a0}: {value}"),
        Lang::Ar | Lang::En => format!("{label}: {value}"),
    }
}

/// A text in the languages of [`LANGUAGES`].
#[derive(Clone, Copy)]
pub struct Text {
    pub ar: &'static str,
    pub fr: &'static str,
    pub en: &'static str,
}

impl Text {
    /// Returns the text in a language.
    pub fn in_language(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ar => self.ar,
            Lang::Fr => self.fr,
            Lang::En => self.en,
        }
    }
}

/// Defines constants of the type [`Text`].
macro_rules! texts {
    ($($name:ident: $ar:literal, $fr:literal, $en:literal;)*) => {$(
        pub const $name: $crate::report::text::Text =
            $crate::report::text::Text { ar: $ar, fr: $fr, en: $en };
    )*};
}
pub(crate) use texts;

texts! {
    LANGUAGE: "العربية", "Français", "English";
    ERRORS: "الأخطاء", "Erreurs", "Errors";
    WARNINGS: "الملاحظات", "Remarques", "Remarks";
    VERSION: "إصدار خزانة", "Version de Khizana", "Version of Khizana";
    PROBLEMS: "المشكلات", "Problèmes", "Problems";
    CODE: "الرمز", "Code", "Code";
    FILE: "الملف", "Fichier", "File";
    ITEM: "المادة", "Objet", "Item";
    REMEDY: "ما العمل", "Que faire", "What to do";
}
