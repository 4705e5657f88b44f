//! The amount of text in the description of an item, and what a new record of the item lacks.

use std::collections::BTreeMap;

use khizana_model::Item;

/// Returns the number of letters and digits in the description of an item.
pub fn letters(item: &Item) -> u64 {
    texts(item).values().map(|text| text.letters).sum()
}

/// Values of a field in a language that a new record of an item lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostValues {
    /// The field and the language, as the name of a column: `title@ar`.
    pub column: String,
    /// Number of letters and digits.
    pub letters: u64,
}

/// Returns what a new record of an item lacks, in letters and digits:
/// - those of values in a language that the new record does not have in that field, unless the field has the
///   same values in another language;
/// - those that have disappeared from values with more replacement characters (`?` and U+FFFD);
/// - those of a script other than Latin that has disappeared from the values, as after a wrong conversion.
///
/// Values that come from the embedded metadata of a file are ignored.
pub fn lost_values(old: &Item, new: &Item) -> Vec<LostValues> {
    let new = texts(new);
    let lost = texts(old).into_iter().map(|((field, language), old_text)| {
        if old.from_file.iter().any(|name| *name == field) {
            return None;
        }
        let letters = match new.get(&(field, language)) {
            None => {
                let others = new.iter().filter(|((other, _), _)| *other == field);
                let kept: Vec<&str> = others.flat_map(|(_, text)| &text.values).copied().collect();
                let values = old_text.values.iter();
                let lost = values.filter(|value| !kept.contains(value));
                lost.map(|value| count_letters(value)).sum()
            }
            Some(text) if text.replacements > old_text.replacements => {
                old_text.letters.saturating_sub(text.letters)
            }
            Some(text) => {
                let scripts = old_text.scripts.iter();
                let lost = scripts.filter(|(script, _)| !text.scripts.contains_key(script));
                lost.map(|(_, letters)| letters).sum()
            }
        };
        let column = match language {
            "" | "und" => field.to_owned(),
            language => format!("{field}@{language}"),
        };
        (letters > 0).then_some(LostValues { column, letters })
    });
    lost.flatten().collect()
}

/// The values of a field in a language, and their size in characters.
#[derive(Default)]
struct Text<'a> {
    values: Vec<&'a str>,
    letters: u64,
    replacements: u64,
    /// Number of letters in each script other than Latin.
    scripts: BTreeMap<Script, u64>,
}

impl<'a> Text<'a> {
    fn add(&mut self, value: &'a str) {
        self.values.push(value);
        for c in value.chars() {
            self.letters += u64::from(c.is_alphanumeric());
            self.replacements += u64::from(matches!(c, '?' | '\u{FFFD}'));
            if let Some(script) = Script::of(c) {
                *self.scripts.entry(script).or_default() += 1;
            }
        }
    }
}

fn count_letters(value: &str) -> u64 {
    value.chars().filter(|c| c.is_alphanumeric()).count() as u64
}

/// A script other than Latin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Script {
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Other,
}

impl Script {
    fn of(c: char) -> Option<Script> {
        if !c.is_alphabetic() {
            return None;
        }
        Some(match c as u32 {
            0..0x370 | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF => return None,
            0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
            0x400..=0x52F => Script::Cyrillic,
            0x590..=0x5FF | 0xFB1D..=0xFB4F => Script::Hebrew,
            0x600..=0x6FF | 0x750..=0x77F | 0x870..=0x8FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => {
                Script::Arabic
            }
            _ => Script::Other,
        })
    }
}

/// Returns the values of an item by field and language.
fn texts(item: &Item) -> BTreeMap<(&str, &str), Text<'_>> {
    let mut texts: BTreeMap<(&str, &str), Text<'_>> = BTreeMap::new();
    // No field is called `title`, since that column is the title.
    for (tag, value) in item.title.iter() {
        let text = texts.entry(("title", tag.as_str())).or_default();
        text.add(value);
    }
    for field in &item.fields {
        for (tag, value) in field.values.iter() {
            let text = texts.entry((&field.name, tag.as_str())).or_default();
            text.add(value);
        }
    }
    if let Some(date) = &item.date {
        texts.entry(("date", "")).or_default().add(&date.written);
    }
    if let Some(rights) = &item.rights {
        texts.entry(("rights", "")).or_default().add(rights);
    }
    texts
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn lost_letters(old: &Item, new: &Item) -> u64 {
        let lost = lost_values(old, new);
        lost.iter().map(|lost| lost.letters).sum()
    }

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
        let lost = LostValues {
            column: "creator@ar".to_owned(),
            letters: 7,
        };
        assert_eq!(lost_values(&old, &item("كتاب", None)), [lost]);
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

    #[test]
    fn counts_languages_and_scripts_that_disappear() {
        let title = |values: &str| -> Item {
            serde_json::from_str(&format!(r#"{{"id":"a","title":{{{values}}}}}"#)).unwrap()
        };
        let old = title(r#""ar":["كتاب 12"],"en":["A book"]"#);
        assert_eq!(lost_letters(&old, &title(r#""en":["A book"]"#)), 6);
        // The language of the column was corrected.
        let corrected = title(r#""fa":["كتاب 12"],"en":["A book"]"#);
        assert_eq!(lost_letters(&old, &corrected), 0);
        let stripped = title(r#""ar":[" 12"],"en":["A book"]"#);
        assert_eq!(lost_letters(&old, &stripped), 4);
        let misread = title(r#""ar":["ÙƒØªØ§Ø¨ 12"],"en":["A book"]"#);
        assert_eq!(lost_letters(&old, &misread), 4);
        let translated = title(r#""ar":["كتاب 12"],"en":["Ein Buch"]"#);
        assert_eq!(lost_letters(&old, &translated), 0);
    }
}
