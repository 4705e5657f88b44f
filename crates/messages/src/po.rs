//! Reading of PO files.

/// An entry of a PO file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The line of the `msgid`, counted from 1.
    pub line: usize,
    /// The key: the English template. The entry with an empty key is the header of the file.
    pub id: String,
    /// The translation, or its forms if it depends on a number.
    pub forms: Vec<String>,
}

/// A part of an entry, which the following lines continue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Id,
    /// The English text for other numbers than 1. It is not kept, because the key is enough.
    Plural,
    Translation,
}

/// Reads the entries of a PO file.
///
/// Comments are skipped. Contexts are not supported, because messages have none.
///
/// # Errors
/// Returns a description of the error, which begins with the number of the line.
pub(crate) fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut part = Part::Translation;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (keyword, quoted) = match line.split_once('"') {
            Some((keyword, _)) => (keyword.trim_end(), &line[keyword.len()..]),
            None => return Err(format!("line {number}: expected a text in quotation marks")),
        };
        let value = unquote(quoted).ok_or_else(|| {
            format!("line {number}: the text in quotation marks is not valid: {quoted}")
        })?;
        let is_form = |entry: &Entry| {
            let index = keyword.strip_prefix("msgstr[")?.strip_suffix(']')?;
            Some(index.parse() == Ok(entry.forms.len()))
        };
        match (keyword, part, entries.last_mut()) {
            ("msgid", Part::Translation, _) => {
                part = Part::Id;
                entries.push(Entry {
                    line: number,
                    id: value,
                    forms: Vec::new(),
                });
            }
            ("msgid_plural", Part::Id, Some(_)) => part = Part::Plural,
            ("msgstr", Part::Id, Some(entry)) => {
                part = Part::Translation;
                entry.forms.push(value);
            }
            (_, Part::Plural | Part::Translation, Some(entry)) if is_form(entry) == Some(true) => {
                part = Part::Translation;
                entry.forms.push(value);
            }
            ("", Part::Translation, Some(entry)) => {
                if let Some(form) = entry.forms.last_mut() {
                    form.push_str(&value);
                }
            }
            ("", Part::Id, Some(entry)) => entry.id.push_str(&value),
            ("", Part::Plural, Some(_)) => {}
            _ => return Err(format!("line {number}: `{keyword}` is not expected here")),
        }
    }
    if part != Part::Translation {
        return Err("the last entry has no `msgstr`".to_owned());
    }
    Ok(entries)
}

/// Returns the text of a quoted string.
fn unquote(quoted: &str) -> Option<String> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => return None,
            '\\' => text.push(match characters.next()? {
                'n' => '\n',
                't' => '\t',
                c @ ('"' | '\\') => c,
                _ => return None,
            }),
            c => text.push(c),
        }
    }
    Some(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_entries_of_one_or_several_lines() {
        let text = "# A comment.\nmsgid \"\"\nmsgstr \"Language: ar\\n\"\n\n#: source\nmsgid \"A \"\n\"row.\"\nmsgstr \"\"\n\"صف\"\n\" \\\"1\\\".\"\n";
        let entries = parse(text).unwrap();
        let read: Vec<(usize, &str, &str)> = entries
            .iter()
            .map(|entry| (entry.line, &*entry.id, &*entry.forms[0]))
            .collect();
        assert_eq!(
            read,
            [(2, "", "Language: ar\n"), (6, "A row.", "صف \"1\".")]
        );
        assert_eq!(parse("\n"), Ok(vec![]));
    }

    #[test]
    fn reads_the_forms_of_a_text_with_a_number() {
        let text = "msgid \"{n} row\"\nmsgid_plural \"\"\n\"{n} rows\"\nmsgstr[0] \"\"\n\"{n} ligne\"\nmsgstr[1] \"{n} lignes\"\n";
        let entries = parse(text).unwrap();
        assert_eq!(entries[0].id, "{n} row");
        assert_eq!(entries[0].forms, ["{n} ligne", "{n} lignes"]);
    }

    #[test]
    fn rejects_malformed_files_with_the_line() {
        for (text, line) in [
            ("msgid \"a\"\nmsgid \"b\"\n", "line 2"),
            ("msgstr \"a\"\n", "line 1"),
            ("msgid \"a\"\nmsgstr \"b\"\nmsgstr \"c\"\n", "line 3"),
            ("msgid \"a\"\nmsgstr[0] \"b\"\n", "line 2"),
            (
                "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[1] \"c\"\n",
                "line 3",
            ),
            ("msgid \"a\"\nmsgstr \"b\" c\n", "line 2"),
            ("msgid \"a\\q\"\nmsgstr \"b\"\n", "line 1"),
            ("msgid \"a\"b\"\nmsgstr \"b\"\n", "line 1"),
            ("msgid a\n", "line 1"),
            ("msgid \"a\"\n", "the last entry"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(line), "{text}: {error}");
        }
    }
}
