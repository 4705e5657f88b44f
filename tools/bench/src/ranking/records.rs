//! The records of the collections, as plain fields.

use std::collections::BTreeMap;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use xtask::failure::Failure;

use super::super::data;

/// A record: the values of each field.
#[derive(Debug, Clone, Default)]
pub struct Record {
    values: BTreeMap<String, Vec<String>>,
    /// The words of each value. Rules compare them many times.
    words: BTreeMap<String, Vec<Vec<String>>>,
}

impl Record {
    pub fn new<'a>(values: impl IntoIterator<Item = (&'a str, &'a str)>) -> Record {
        let mut record = Record::default();
        for (field, value) in values {
            record.push(field, value);
        }
        record
    }

    fn push(&mut self, field: &str, value: &str) {
        if !value.is_empty() {
            let values = self.values.entry(field.to_owned()).or_default();
            values.push(value.to_owned());
            let all_words = self.words.entry(field.to_owned()).or_default();
            all_words.push(words(value));
        }
    }

    pub fn id(&self) -> &str {
        self.values("id").first().map_or("", String::as_str)
    }

    /// Returns the values of a field.
    pub fn values(&self, field: &str) -> &[String] {
        self.values.get(field).map_or(&[], Vec::as_slice)
    }

    /// Returns the words of each value of a field.
    pub fn words(&self, field: &str) -> &[Vec<String>] {
        self.words.get(field).map_or(&[], Vec::as_slice)
    }

    /// Returns `true` if a field contains a word.
    pub fn contains(&self, word: &String) -> bool {
        let mut values = self.words.values().flatten();
        values.any(|value| value.contains(word))
    }

    /// Returns the values of all fields except the title and the creator.
    pub fn rest(&self) -> Vec<String> {
        let is_rest = |field: &String| field != "title" && field != "creator";
        let fields = self.values.iter().filter(|(field, _)| is_rest(field));
        fields.flat_map(|(_, values)| values).cloned().collect()
    }
}

/// Converts the records of the Tate.
pub fn of_tate(records: Vec<data::Record>) -> Vec<Record> {
    let converted = records.into_iter().map(|record| {
        let mut fields = Record::new([
            ("id", &*record.id),
            ("title", &record.title),
            ("creator", &record.artist),
            ("date", &record.date),
            ("medium", &record.medium),
            ("type", &record.kind),
            ("decade", &record.decade),
        ]);
        for subject in &record.subjects {
            fields.push("subject", subject);
        }
        fields
    });
    converted.collect()
}

/// Reads the table and the texts of a source. Values in different languages are values of the same
/// field.
pub fn of_table(folder: &Path) -> Result<Vec<Record>, Failure> {
    let table = folder.join("metadata.csv");
    let malformed = |error: csv::Error| Failure::malformed(&table, error);
    let mut reader = csv::Reader::from_path(&table).map_err(malformed)?;
    let columns = reader.headers().map_err(malformed)?.clone();
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row.map_err(malformed)?;
        let mut record = Record::default();
        for (column, value) in columns.iter().zip(&row) {
            match column.split('@').next().unwrap_or(column) {
                "file" => {}
                "text" => {
                    for name in value.split('|').filter(|name| !name.is_empty()) {
                        let path = folder.join(name);
                        let text = std::fs::read_to_string(&path).map_err(Failure::file(&path))?;
                        record.push("text", &text);
                    }
                }
                field => record.push(field, value),
            }
        }
        records.push(record);
    }
    Ok(records)
}

/// Returns the words of a text, in lower case and without diacritics.
pub fn words(text: &str) -> Vec<String> {
    let folded: String = text
        .to_lowercase()
        .nfd()
        .filter(|c| !is_combining_mark(*c))
        .collect();
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn words_have_neither_case_nor_diacritics() {
        assert_eq!(words("Thomas Schütte’s"), ["thomas", "schutte", "s"]);
        assert_eq!(words("الأخلاق، الفَاضلة"), ["الاخلاق", "الفاضلة"]);
        assert!(words(" – ").is_empty());
    }

    #[test]
    fn reads_the_values_of_all_languages_and_the_texts() {
        let dir = tempfile::tempdir().unwrap();
        let table = "id,title@ar,title@en,text,file\na,كتاب,Book,1.txt|2.txt,1.tif\nb,قلم,,,\n";
        std::fs::write(dir.path().join("metadata.csv"), table).unwrap();
        std::fs::write(dir.path().join("1.txt"), "one").unwrap();
        assert!(of_table(dir.path()).is_err(), "a text is missing");
        std::fs::write(dir.path().join("2.txt"), "two").unwrap();
        let records = of_table(dir.path()).unwrap();
        assert_eq!(records[0].values("title"), ["كتاب", "Book"]);
        assert_eq!(records[0].rest(), ["a", "one", "two"]);
        assert_eq!((records[1].id(), records[1].words("title").len()), ("b", 1));
        assert!(records[1].contains(&"قلم".to_owned()));
    }
}
