//! Messages in the languages of the report.

use khizana_model::{Language, Message, Piece, printable};
use khizana_pages::escape;
use khizana_pages::i18n::Lang;

use super::excerpt::Excerpt;
use super::places::{Kind, Place};
use crate::report::text::language;

/// The mark in place of a value that differs between the places of a problem.
const OMITTED: &str = "…";

/// A message, and the values in it that are displayed.
pub(super) struct Shown<'a> {
    message: Message,
    /// The names of the columns, which are the same at all places of a problem.
    header: &'a [String],
    /// The text of the cell that the message quotes, and that of the cell of the place.
    cell: Option<(String, String)>,
    /// `true` if the message quotes the place, so that all of its values are displayed.
    is_complete: bool,
}

impl<'a> Shown<'a> {
    /// Returns the message about one place. If it quotes the cell of another place, the cell of this place
    /// is quoted instead.
    pub(super) fn of_place(place: &Place<'_>, excerpt: &'a Excerpt) -> Shown<'a> {
        let cell = |row: Option<u64>| {
            let text = excerpt.cell(row?, place.column?)?.trim();
            (!text.is_empty()).then(|| printable(text))
        };
        Shown {
            message: place.problem.message_of_occurrence(),
            header: &excerpt.header,
            cell: cell(place.problem.row).zip(cell(place.row)),
            is_complete: place.is_first,
        }
    }

    /// Returns the message about one place as a note of its cell.
    pub(super) fn of_cell(place: &Place<'_>, header: &'a [String]) -> Shown<'a> {
        Shown {
            message: place.problem.message_of_occurrence(),
            header,
            cell: None,
            is_complete: place.is_first,
        }
    }

    /// Returns the message about all places of a kind of problem.
    pub(super) fn of_kind(kind: &Kind<'_>, header: &'a [String]) -> Option<Shown<'a>> {
        let problem = *kind.problems.first()?;
        let shared = kind.shared(khizana_model::Problem::message_of_occurrence);
        let is_grouped = kind.problems.iter().any(|problem| !problem.rows.is_empty());
        Some(Shown {
            message: problem.message_of_occurrence(),
            header: if shared.is_some() { header } else { &[] },
            cell: None,
            is_complete: shared.is_some() && !is_grouped,
        })
    }

    fn value<'v>(&'v self, value: &'v str) -> &'v str {
        if self.is_complete || self.header.iter().any(|name| name == value) {
            return value;
        }
        match &self.cell {
            Some((quoted, cell)) if quoted == value => cell,
            _ => OMITTED,
        }
    }

    /// Returns the text in a language.
    pub(super) fn text(&self, lang: Lang) -> String {
        let language = language(lang);
        self.message
            .in_language_with(language, &|value| self.value(value))
    }

    /// Returns the HTML in a language.
    pub(super) fn html(&self, lang: Lang) -> String {
        html(&self.message, language(lang), &|value| self.value(value))
    }
}

/// Returns the HTML of a message with all of its values.
pub(super) fn hint_html(message: &Message, lang: Lang) -> String {
    html(message, language(lang), &|value| value)
}

/// Returns the HTML of a message. Words between backticks become code, and values are isolated, so that
/// they do not change the order of the words around them.
fn html<'a>(
    message: &'a Message,
    language: Language,
    shown: &dyn Fn(&'a str) -> &'a str,
) -> String {
    let mut html = String::new();
    let mut is_code = false;
    message.pieces(language, &mut |piece| match piece {
        Piece::Words(words) => {
            for (i, words) in words.split('`').enumerate() {
                if i > 0 {
                    is_code = !is_code;
                    html.push_str(if is_code {
                        "<code dir=\"auto\">"
                    } else {
                        "</code>"
                    });
                }
                html.push_str(&escape(words));
            }
        }
        Piece::Value(value) => {
            html.push_str(&format!("<bdi>{}</bdi>", escape(shown(value))));
        }
    });
    if is_code {
        html.push_str("</code>");
    }
    html
}

#[cfg(test)]
mod tests {
    use khizana_model::message;

    use super::*;

    #[test]
    fn values_are_escaped_and_isolated() {
        let message = message!("The file `{value}` does not exist.", value = "<i>`x");
        assert_eq!(
            hint_html(&message, Lang::En),
            "The file <code dir=\"auto\"><bdi>&lt;i&gt;`x</bdi></code> does not exist."
        );
        let arabic = hint_html(&message, Lang::Ar);
        assert!(arabic.contains("<bdi>&lt;i&gt;`x</bdi></code>"), "{arabic}");
        assert!(arabic.contains("الملف"), "{arabic}");
    }
}
