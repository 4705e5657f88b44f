//! The amount of text in the description of an item, and what a new record of the item lacks.

use std::collections::BTreeMap;

use khizana_model::{Item, LangMap};

/// Returns the number of letters and digits in the description of an item.
pub fn letters(item: &Item) -> u64 {
    texts(item).values().map(|text| text.letters).sum()
}

/// Returns the number of letters and digits that a new record of an item lacks: those of fields that
/// the new record does not have, and of fields in which it has more replacement characters (`?` and
/// U+FFFD) and fewer letters.
///
/// Values that come from the embedded metadata of a file are ignored.
pub fn lost_letters(old: &Item, new: &Item) -> u64 {
    let new = texts(new);
    let lost = texts(old).into_iter().map(|(field, old_text)| {
        if old.from_file.iter().any(|name| *name == field) {
            return 0;
        }
        match new.get(field) {
            None => old_text.letters,
            Some(text) if text.replacements > old_text.replacements => {
                old_text.letters.saturating_sub(text.letters)
            }
            Some(_) => 0,
        }
    });
    lost.sum()
}

/// The size of the values of a field in all languages, in characters.
#[derive(Default)]
struct TextSize {
    letters: u64,
    replacements: u64,
}

impl TextSize {
    fn add(&mut self, text: &str) {
        for c in text.chars() {
            self.letters += u64::from(c.is_alphanumeric());
            self.replacements += u64::from(matches!(c, '?' | '\u{FFFD}'));
        }
    }
}

fn texts(item: &Item) -> BTreeMap<&str, TextSize> {
    let mut texts: BTreeMap<&str, TextSize> = BTreeMap::new();
    let mut add_values = |name, values: &LangMap| {
        for (_, value) in values.iter() {
            texts.entry(name).or_default().add(value);
        }
    };
    // No field is called `title`, since that column is the title.
    add_values("title", &item.title);
    for field in &item.fields {
        add_values(&field.name, &field.values);
    }
    if let Some(date) = &item.date {
        texts.entry("date").or_default().add(&date.written);
    }
    if let Some(rights) = &item.rights {
        texts.entry("rights").or_default().add(rights);
    }
    texts
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn item(title: &str, creator: Option<&str>) -> Item {
        let fields = creator.map_or_else(String::new, |creator| {
            format!(r#","fields":[{{"name":"creator","values":{{"ar":["{creator}"]}}}}]"#)
        });
        let json = format!(r#"{{"id":"a","title":{{"ar":["{title}"]}}{fields}}}"#);
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn counts_the_letters_of_missing_and_replaced_values() {
        let old = item("كتاب", Some("ابن سينا"));
        assert_eq!(letters(&old), 4 + 7);
        assert_eq!(lost_letters(&old, &old), 0);
        assert_eq!(lost_letters(&old, &item("كتاب", None)), 7);
        assert_eq!(lost_letters(&old, &item("????", Some("ابن سينا"))), 4);
        let damaged = item("\u{FFFD}\u{FFFD}اب", Some("ابن سينا"));
        assert_eq!(lost_letters(&old, &damaged), 2);
    }

    #[test]
    fn ignores_shorter_values_and_question_marks_in_whole_values() {
        let old = item("كتاب", Some("ابن سينا"));
        assert_eq!(lost_letters(&old, &item("كت", Some("سينا"))), 0);
        assert_eq!(lost_letters(&old, &item("كتاب?", Some("ابن سينا"))), 0);
    }
}
