//! Pieces of HTML.

use khizana_model::{Language, Message, Piece};
use khizana_pages::escape;
use khizana_pages::i18n::Lang;

/// Returns the language of the translations of messages.
pub(crate) fn language(lang: Lang) -> Language {
    match lang {
        Lang::Ar => Language::Arabic,
        Lang::Fr => Language::French,
        Lang::En => Language::English,
    }
}

/// Returns the HTML of a message. Words between backticks become code. Values are isolated, so that they do not change
/// the order of the words around them.
pub(crate) fn message(message: &Message, lang: Lang) -> String {
    let mut html = String::new();
    let mut is_code = false;
    message.pieces(language(lang), &mut |piece| match piece {
        Piece::Value(value) => html.push_str(&isolated(value)),
        Piece::Words(words) => {
            for (index, words) in words.split('`').enumerate() {
                if index > 0 {
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
    });
    if is_code {
        html.push_str("</code>");
    }
    html
}

/// Returns a text whose direction is that of its first letter.
pub(crate) fn isolated(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

/// Returns a text that is read from left to right in every language, such as a path.
pub(crate) fn left_to_right(text: &str) -> String {
    format!("<bdi dir=\"ltr\">{}</bdi>", escape(text))
}

#[cfg(test)]
mod tests {
    use khizana_model::message as text;

    use super::*;

    #[test]
    fn values_of_messages_are_escaped_and_isolated() {
        let message = text!("The file `{value}` does not exist.", value = "<i>`x");
        let english = super::message(&message, Lang::En);
        assert_eq!(
            english,
            "The file <code dir=\"auto\"><bdi>&lt;i&gt;`x</bdi></code> does not exist."
        );
        assert!(super::message(&message, Lang::Ar).contains("الملف"));
    }
}
