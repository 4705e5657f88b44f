//! Messages that can be translated.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Argument, message};

/// A text for people in English, which can be translated.
///
/// As in gettext, the English template is the key of its translations: `The column `{header}` is
/// hidden.` The arguments are kept next to the text, so that a translation can be filled with them.
/// The macro [`message!`](crate::message!) creates a message with arguments.
///
/// A message dereferences to its English text, and is serialised as this text. A message that was
/// deserialised, or converted from a `String`, has no template and cannot be translated.
#[derive(Debug, Clone)]
pub struct Message(Content);

#[derive(Debug, Clone)]
enum Content {
    /// A template without arguments.
    Static(&'static str),
    /// A text without a template.
    Text(String),
    Composed(Box<Composed>),
}

#[derive(Debug, Clone)]
struct Composed {
    /// The English text, which is composed when it is needed: most warnings of a large table are merged
    /// with earlier ones.
    text: OnceLock<String>,
    /// The sentences, which are separated by spaces in the text.
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Template(Template, Vec<(&'static str, Argument)>),
    Text(String),
    /// A message that begins with a capital letter and ends with a full stop.
    Sentence(Message),
}

/// The key of a translation: an English template, or the two forms of one with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// A text with one form.
    One(&'static str),
    /// A text whose form depends on a number.
    Plural {
        /// The English text for 1.
        one: &'static str,
        /// The English text for other numbers.
        other: &'static str,
        /// The number.
        count: u64,
    },
}

impl Template {
    /// Returns the English text.
    fn english(self) -> &'static str {
        match self {
            Template::One(text) => text,
            Template::Plural { one, count: 1, .. } => one,
            Template::Plural { other, .. } => other,
        }
    }
}

/// A piece of the text of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words of the template, or of its translation.
    Words(&'a str),
    /// An argument, or a text that cannot be translated. It may be written in another direction than
    /// the words around it.
    Value(&'a str),
}

impl Message {
    /// Creates a message from a template and its arguments. Use [`message!`](crate::message!), which
    /// checks that they match.
    #[doc(hidden)]
    pub fn of_template(template: Template, arguments: Vec<(&'static str, Argument)>) -> Message {
        Message::of_parts(vec![Part::Template(template, arguments)])
    }

    fn of_parts(parts: Vec<Part>) -> Message {
        let text = OnceLock::new();
        Message(Content::Composed(Box::new(Composed { text, parts })))
    }

    fn into_parts(self) -> Vec<Part> {
        match self.0 {
            Content::Static(template) => {
                vec![Part::Template(Template::One(template), Vec::new())]
            }
            Content::Text(text) => vec![Part::Text(text)],
            Content::Composed(composed) => composed.parts,
        }
    }

    /// Appends another message, after a space.
    pub fn then(self, next: impl Into<Message>) -> Message {
        let mut parts = self.into_parts();
        parts.append(&mut next.into().into_parts());
        Message::of_parts(parts)
    }

    /// Returns the message as a sentence, with a capital letter at the beginning and a full stop at the end.
    pub fn sentence(self) -> Message {
        Message::of_parts(vec![Part::Sentence(self)])
    }

    /// Joins messages to `a, b, c`. Returns `None` if there are none.
    pub fn list(messages: impl IntoIterator<Item = Message>) -> Option<Message> {
        let join = |first, next| message!("{first}, {next}", first, next);
        messages.into_iter().reduce(join)
    }

    /// Returns the message without the message that was appended last.
    pub fn without_last(&self) -> Message {
        let mut parts = self.clone().into_parts();
        if parts.len() > 1 {
            parts.pop();
        }
        Message::of_parts(parts)
    }

    /// Replaces each value by the result of `map`, which is not applied to the words of templates.
    pub fn map_values(self, map: fn(&str) -> String) -> Message {
        if matches!(self.0, Content::Static(_)) {
            return self;
        }
        let map_argument = |(name, argument)| match argument {
            Argument::Value(value) => (name, Argument::Value(map(&value))),
            Argument::Message(message) => (name, Argument::Message(message.map_values(map))),
        };
        let map_part = |part| match part {
            Part::Text(text) => Part::Text(map(&text)),
            Part::Sentence(message) => Part::Sentence(message.map_values(map)),
            Part::Template(template, arguments) => {
                Part::Template(template, arguments.into_iter().map(map_argument).collect())
            }
        };
        Message::of_parts(self.into_parts().into_iter().map(map_part).collect())
    }

    /// Returns the English text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Content::Static(text) => text,
            Content::Text(text) => text,
            Content::Composed(composed) => composed.text.get_or_init(|| composed.compose()),
        }
    }

    /// Returns the pieces of the text to `write`, in their order. `translate` returns the translation
    /// of a template; without one, the template itself is used.
    pub fn write<'a>(
        &'a self,
        translate: &dyn Fn(Template) -> Option<&'static str>,
        write: &mut dyn FnMut(Piece<'a>),
    ) {
        match &self.0 {
            Content::Static(template) => {
                let translation = translate(Template::One(template));
                write(Piece::Words(translation.unwrap_or(template)));
            }
            Content::Text(text) => write(Piece::Value(text)),
            Content::Composed(composed) => composed.write(translate, write),
        }
    }
}

impl Composed {
    /// Returns the English text.
    fn compose(&self) -> String {
        let mut text = String::new();
        self.write(&|_| None, &mut |piece| {
            let (Piece::Words(piece) | Piece::Value(piece)) = piece;
            text.push_str(piece);
        });
        text
    }

    fn write<'a>(
        &'a self,
        translate: &dyn Fn(Template) -> Option<&'static str>,
        write: &mut dyn FnMut(Piece<'a>),
    ) {
        for (i, part) in self.parts.iter().enumerate() {
            if i > 0 {
                write(Piece::Words(" "));
            }
            part.write(translate, write);
        }
    }
}

impl Part {
    fn write<'a>(
        &'a self,
        translate: &dyn Fn(Template) -> Option<&'static str>,
        write: &mut dyn FnMut(Piece<'a>),
    ) {
        let (template, arguments) = match self {
            Part::Text(text) => return write(Piece::Value(text)),
            Part::Sentence(message) => {
                write_sentence(message, translate, write);
                return;
            }
            Part::Template(template, arguments) => (*template, arguments),
        };
        let mut rest = translate(template).unwrap_or(template.english());
        // Without arguments, braces are part of the text.
        while let Some((before, name, after)) = placeholder(rest).filter(|_| !arguments.is_empty())
        {
            write(Piece::Words(before));
            match arguments.iter().find(|(known, _)| *known == name) {
                Some((_, Argument::Value(value))) => write(Piece::Value(value)),
                Some((_, Argument::Message(message))) => message.write(translate, write),
                None => write(Piece::Words(name)),
            }
            rest = after;
        }
        write(Piece::Words(rest));
    }
}

/// Writes a message as a sentence.
fn write_sentence<'a>(
    message: &'a Message,
    translate: &dyn Fn(Template) -> Option<&'static str>,
    write: &mut dyn FnMut(Piece<'a>),
) {
    let mut is_first = true;
    message.write(translate, &mut |piece| {
        if let Piece::Words("") = piece {
            return;
        }
        match piece {
            Piece::Words(words) if is_first => {
                let (capital, rest) = capital(words).unwrap_or(("", words));
                write(Piece::Words(capital));
                write(Piece::Words(rest));
            }
            piece => write(piece),
        }
        is_first = false;
    });
    write(Piece::Words("."));
}

/// Splits a text that begins with a lower-case letter into the capital letter and the rest.
fn capital(text: &str) -> Option<(&'static str, &str)> {
    const SMALL: &str = "abcdefghijklmnopqrstuvwxyzàçéê";
    const CAPITAL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÇÉÊ";
    let first = text.chars().next()?;
    // The letters of both alphabets have the same lengths.
    let at = SMALL.find(first)?;
    let rest = text.get(first.len_utf8()..)?;
    Some((CAPITAL.get(at..at + first.len_utf8())?, rest))
}

/// Finds the first placeholder in a template. Returns the text before it, its name, and the text
/// after it.
fn placeholder(template: &str) -> Option<(&str, &str, &str)> {
    let mut offset = 0;
    loop {
        let rest = template.get(offset..)?;
        let start = offset + rest.find('{')?;
        let inner = template.get(start + 1..)?;
        let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
        let length = inner.find(|c| !is_name(c))?;
        let (name, after) = inner.split_at(length);
        match after.strip_prefix('}') {
            Some(after) if !name.is_empty() => return Some((template.get(..start)?, name, after)),
            _ => offset = start + 1,
        }
    }
}

/// Returns the names of the placeholders of a template, in their order.
pub fn placeholders(template: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((_, name, after)) = placeholder(rest) {
        names.push(name);
        rest = after;
    }
    names
}

impl From<&'static str> for Message {
    /// Creates a message from a template without arguments.
    fn from(template: &'static str) -> Message {
        Message(Content::Static(template))
    }
}

impl From<String> for Message {
    /// Creates a message that cannot be translated.
    fn from(text: String) -> Message {
        Message(Content::Text(text))
    }
}

impl Deref for Message {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Message {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl PartialEq for Message {
    fn eq(&self, other: &Message) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Message {}

impl PartialEq<str> for Message {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Message {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Message::from)
    }
}

/// Creates a [`Message`] from a template and its arguments.
///
/// The template is a literal. Its placeholders are the names of the arguments:
///
/// ```
/// use khizana_messages::message;
///
/// let row = 7;
/// let message = message!("Row {row} has the identifier `{id}`.", row, id = "MS-1");
/// assert_eq!(message, "Row 7 has the identifier `MS-1`.");
/// ```
#[macro_export]
macro_rules! message {
    ($template:literal $(,)?) => {
        $crate::Message::from($template)
    };
    ($template:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {{
        $(let $name = $crate::message!(@value $name $(= $value)?);)+
        // The compiler checks that the arguments match the template.
        let _ = ::std::format_args!($template, $($name = $name),+);
        $crate::Message::of_template(
            $crate::Template::One($template),
            ::std::vec![$((::std::stringify!($name), $crate::ToArgument::to_argument($name))),+],
        )
    }};
    (@value $name:ident) => { &$name };
    (@value $name:ident = $value:expr) => { &$value };
}

/// Creates a [`Message`] with a number. The first argument is the number, on which the form of the text
/// depends:
///
/// ```
/// use khizana_messages::plural;
///
/// let message = plural!("{count} item", "{count} items", count = 2_u64);
/// assert_eq!(message, "2 items");
/// ```
#[macro_export]
macro_rules! plural {
    ($one:literal, $other:literal, $count:ident $(= $number:expr)? $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        let $count = $crate::message!(@value $count $(= $number)?);
        $(let $name = $crate::message!(@value $name $(= $value)?);)*
        // The compiler checks that the arguments match the templates.
        let _ = ::std::format_args!($other, $count = $count $(, $name = $name)*);
        $crate::Message::of_template(
            $crate::Template::Plural { one: $one, other: $other, count: *$count as u64 },
            ::std::vec![
                (::std::stringify!($count), $crate::ToArgument::to_argument($count))
                $(, (::std::stringify!($name), $crate::ToArgument::to_argument($name)))*
            ],
        )
    }};
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Renders a message, with values in brackets.
    fn rendered(message: &Message) -> String {
        let translate = |template: Template| match template {
            Template::One("The column `{header}` has {count} values.") => {
                Some("للعمود `{header}` هذه القيم: {count}.")
            }
            Template::One("It is hidden.") => Some("وهو مخفي."),
            Template::One("The file cannot be read: {error}.") => {
                Some("تعذّرت قراءة الملف: {error}.")
            }
            Template::One("cannot read {path}") => Some("échec de la lecture de {path}"),
            Template::Plural { count: 2, .. } => Some("مادتان"),
            _ => None,
        };
        let mut text = String::new();
        message.write(&translate, &mut |piece| match piece {
            Piece::Words(words) => text.push_str(words),
            Piece::Value(value) => text.push_str(&format!("[{value}]")),
        });
        text
    }

    #[test]
    fn templates_are_translated_with_their_arguments() {
        let header = "title {count}".to_owned();
        let message = message!(
            "The column `{header}` has {count} values.",
            header,
            count = 3_u64
        );
        assert_eq!(message, "The column `title {count}` has 3 values.");
        assert_eq!(
            rendered(&message),
            "للعمود `[title {count}]` هذه القيم: [3]."
        );
        let message = message.then("It is hidden.");
        assert_eq!(
            message.without_last(),
            "The column `title {count}` has 3 values."
        );
        assert_eq!(
            message.without_last().without_last(),
            message.without_last()
        );
        assert_eq!(
            message,
            "The column `title {count}` has 3 values. It is hidden."
        );
        assert!(rendered(&message).ends_with("[3]. وهو مخفي."));
    }

    #[test]
    fn messages_within_messages_are_translated() {
        let error = message!("It is hidden.");
        let message = message!("The file cannot be read: {error}.", error);
        assert_eq!(message, "The file cannot be read: It is hidden..");
        assert_eq!(rendered(&message), "تعذّرت قراءة الملف: وهو مخفي..");
    }

    #[test]
    fn the_form_of_a_text_depends_on_its_number() {
        let items = |count: u64| plural!("{count} item", "{count} items", count);
        assert_eq!(items(1), "1 item");
        assert_eq!(items(0), "0 items");
        assert_eq!(rendered(&items(2)), "مادتان");
        assert_eq!(rendered(&items(3)), "[3] items");
        let message = message!("Wrote {items}.", items = items(1));
        assert_eq!(message, "Wrote 1 item.");
    }

    #[test]
    fn sentences_begin_with_a_capital_letter_and_end_with_a_full_stop() {
        let message = message!("cannot read {path}", path = "a").sentence();
        assert_eq!(message, "Cannot read a.");
        assert_eq!(rendered(&message), "Échec de la lecture de [a].");
        let value = message!("{path}: lost", path = "a.txt").sentence();
        assert_eq!(value, "a.txt: lost.");
        let names = ["a", "b", "c"].map(|name| Message::from(name.to_owned()));
        assert_eq!(Message::list(names).unwrap(), "a, b, c");
    }

    #[test]
    fn texts_without_a_template_are_kept() {
        let text = Message::from("It is hidden.".to_owned());
        assert_eq!(text, Message::from("It is hidden."));
        assert_eq!(rendered(&text), "[It is hidden.]");
        let stored: Message = serde_json::from_str("\"It is hidden.\"").unwrap();
        assert_eq!(rendered(&stored), "[It is hidden.]");
        let json = serde_json::to_string(&message!("Row {row}.", row = 1_u64)).unwrap();
        assert_eq!(json, "\"Row 1.\"");
        // A template without a translation.
        assert_eq!(rendered(&"Use {EDTF}.".into()), "Use {EDTF}.");
    }

    #[test]
    fn placeholders_are_names_in_braces() {
        assert_eq!(
            placeholders("{a} of {total_count}: {a}."),
            ["a", "total_count", "a"]
        );
        assert_eq!(placeholders("{\"id\": \"…\"} {} { {x {é} }"), [""; 0]);
        assert_eq!(placeholders("{"), [""; 0]);
    }
}
