//! The translations of messages.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::{Message, Piece, Template, po};

/// A language in which messages are displayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Arabic.
    Arabic,
    /// French.
    French,
    /// English, the language of the templates.
    English,
}

/// The beginning of an isolate whose direction is that of its first letter.
const FIRST_STRONG_ISOLATE: char = '\u{2068}';
/// The end of an isolate.
const POP_DIRECTIONAL_ISOLATE: char = '\u{2069}';

/// The forms of the translations by their English templates. For a template with a number, the key is the form
/// for 1.
type Translations = BTreeMap<String, Vec<String>>;

impl Language {
    /// The languages, in the order of a report.
    pub const ALL: [Language; 3] = [Language::Arabic, Language::French, Language::English];

    /// Returns the BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Arabic => "ar",
            Language::French => "fr",
            Language::English => "en",
        }
    }

    /// Returns the PO file with the translations, if the language has one.
    fn file(self) -> &'static str {
        match self {
            Language::Arabic => include_str!("../translations/ar.po"),
            Language::French => include_str!("../translations/fr.po"),
            Language::English => "",
        }
    }

    fn translations(self) -> &'static Translations {
        static ARABIC: OnceLock<Translations> = OnceLock::new();
        static FRENCH: OnceLock<Translations> = OnceLock::new();
        static ENGLISH: OnceLock<Translations> = OnceLock::new();
        let translations = match self {
            Language::Arabic => &ARABIC,
            Language::French => &FRENCH,
            Language::English => &ENGLISH,
        };
        translations.get_or_init(|| read(self.file()))
    }

    /// Returns the translation of a template, if there is one.
    pub fn translate(self, template: &str) -> Option<&'static str> {
        self.forms(template).first().map(String::as_str)
    }

    /// Returns the forms of the translation of a template with a number, in the order of
    /// [`form`](Language::form). Empty if there is no translation.
    pub fn forms(self, template: &str) -> &'static [String] {
        self.translations().get(template).map_or(&[], Vec::as_slice)
    }

    /// Returns the number of forms of a text with a number.
    pub fn form_count(self) -> usize {
        match self {
            Language::Arabic => 6,
            Language::French | Language::English => 2,
        }
    }

    /// Returns the index of the form for a number, as in the header `Plural-Forms` of the PO file.
    pub fn form(self, count: u64) -> usize {
        match self {
            Language::English => usize::from(count != 1),
            Language::French => usize::from(count > 1),
            Language::Arabic => match (count, count % 100) {
                (0, _) => 0,
                (1, _) => 1,
                (2, _) => 2,
                (_, 3..=10) => 3,
                (_, 11..=99) => 4,
                _ => 5,
            },
        }
    }

    fn translate_template(self, template: Template) -> Option<&'static str> {
        match template {
            Template::One(text) => self.translate(text),
            Template::Plural { one, count, .. } => {
                let form = self.forms(one).get(self.form(count));
                form.map(String::as_str)
            }
        }
    }
}

/// Reads translations. A malformed file has none; a test reads both files.
fn read(file: &str) -> Translations {
    let entries = po::parse(file).unwrap_or_default();
    let kept = entries.into_iter().filter(|entry| !entry.id.is_empty());
    kept.map(|entry| (entry.id, entry.forms)).collect()
}

impl Message {
    /// Returns the text in a language. Without a translation, this is the English text.
    ///
    /// In Arabic, values are enclosed in Unicode isolates, so that a value in Latin letters does not
    /// change the order of the words around it.
    pub fn in_language(&self, language: Language) -> String {
        self.in_language_with(language, &|value| value)
    }

    /// Returns the text in a language, as [`in_language`](Message::in_language) does, with other texts in
    /// place of the values.
    pub fn in_language_with<'a>(
        &'a self,
        language: Language,
        shown: &dyn Fn(&'a str) -> &'a str,
    ) -> String {
        let mut text = String::new();
        self.pieces(language, &mut |piece| match piece {
            Piece::Words(words) => text.push_str(words),
            Piece::Value(value) if language == Language::Arabic => {
                text.push(FIRST_STRONG_ISOLATE);
                text.push_str(shown(value));
                text.push(POP_DIRECTIONAL_ISOLATE);
            }
            Piece::Value(value) => text.push_str(shown(value)),
        });
        text
    }

    /// Passes the pieces of the text in a language to `write`, in their order.
    pub fn pieces<'a>(&'a self, language: Language, write: &mut dyn FnMut(Piece<'a>)) {
        self.write(&|template| language.translate_template(template), write);
    }
}
