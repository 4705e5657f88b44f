//! Reading of PO files.

/// An entry of a PO file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The line of the `msgid`, counted from 1.
    pub line: usize,
    /// The key: the English template. The entry with an empty key is the header of the file.
    pub id: String,
    /// The translation.
    pub translation: String,
}

/// Reads the entries of a PO file.
///
/// Comments are skipped. Contexts and plural forms are not supported, because messages have neither.
///
/// # Errors
/// Returns a description of the error, which begins with the number of the line.
pub(crate) fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut in_translation = false;
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
        match (keyword, entries.last_mut()) {
            ("msgid", last) if last.is_none() || in_translation => {
                in_translation = false;
                entries.push(Entry {
                    line: number,
                    id: value,
                    translation: String::new(),
                });
            }
            ("msgstr", Some(entry)) if !in_translation => {
                in_translation = true;
                entry.translation = value;
            }
            ("", Some(entry)) if in_translation => entry.translation.push_str(&value),
            ("", Some(entry)) => entry.id.push_str(&value),
            _ => return Err(format!("line {number}: `{keyword}` is not expected here")),
        }
    }
    if !in_translation && !entries.is_empty() {
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
            .map(|entry| (entry.line, &*entry.id, &*entry.translation))
            .collect();
        assert_eq!(
            read,
            [(2, "", "Language: ar\n"), (6, "A row.", "صف \"1\".")]
        );
        assert_eq!(parse("\n"), Ok(vec![]));
    }

    #[test]
    fn rejects_malformed_files_with_the_line() {
        for (text, line) in [
            ("msgid \"a\"\nmsgid \"b\"\n", "line 2"),
            ("msgstr \"a\"\n", "line 1"),
            ("msgid \"a\"\nmsgstr \"b\"\nmsgstr \"c\"\n", "line 3"),
            ("msgid \"a\"\nmsgstr[0] \"b\"\n", "line 2"),
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
