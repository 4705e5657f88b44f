//! The language of queries.
//!
//! Words must all be found. `"…"`, `“…”` and `«…»` hold words that stand one after the other; `OR` or `|`
//! between two words asks for either, `NOT` or `-` before a word for none of it; `field:` before a word
//! or a phrase looks in that field alone. Whatever makes no sense is taken for words: a query cannot
//! be wrong.

/// A part of a query that must be met: by one of its pieces, or, where it is negative, by none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) negative: bool,
    pub(crate) pieces: Vec<Piece>,
}

/// Words that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The field in which alone they are looked for.
    pub(crate) field: Option<String>,
    /// The words, and where they begin in the query.
    pub(crate) text: String,
    pub(crate) start: usize,
    /// Whether they must stand one after the other.
    pub(crate) phrase: bool,
}

const OPENING: [char; 5] = ['"', '“', '”', '«', '„'];

fn closing(opening: char) -> &'static [char] {
    match opening {
        '«' => &['»'],
        '"' => &['"'],
        _ => &['“', '”'],
    }
}

/// The clauses of a query. `is_field` knows the fields there are.
pub(crate) fn parse(text: &str, is_field: impl Fn(&str) -> bool) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let (mut negative, mut either) = (false, false);
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let start = text.len() - rest.len();
        let Some(first) = rest.chars().next() else {
            return clauses;
        };
        let word_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_end);
        match word {
            "OR" | "|" if !clauses.is_empty() && !after.trim().is_empty() => {
                (either, negative) = (true, false);
                rest = after;
                continue;
            }
            "NOT" if !after.trim().is_empty() => {
                negative = true;
                rest = after;
                continue;
            }
            _ => {}
        }
        let minus = ['-', '−'].contains(&first)
            && rest
                .chars()
                .nth(1)
                .is_some_and(|c| c.is_alphanumeric() || OPENING.contains(&c));
        if minus {
            negative = true;
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
        let mut field = None;
        if let Some((name, value)) = rest.split_once(':')
            && is_field(name)
            && value.chars().next().is_some_and(|c| !c.is_whitespace())
        {
            field = Some(name.to_owned());
            rest = value;
        }
        let start = start.max(text.len() - rest.len());
        let quoted = rest.chars().next().filter(|c| OPENING.contains(c));
        let (start, inside, after, phrase) = match quoted {
            Some(opening) => {
                let inside = rest.get(opening.len_utf8()..).unwrap_or_default();
                let end = inside.find(closing(opening)).unwrap_or(inside.len());
                let (inside, after) = inside.split_at(end);
                let mut after = after.chars();
                after.next();
                (start + opening.len_utf8(), inside, after.as_str(), true)
            }
            None => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || OPENING.contains(&c))
                    .unwrap_or(rest.len());
                let (inside, after) = rest.split_at(end);
                (start, inside, after, false)
            }
        };
        rest = after;
        let piece = Piece {
            field,
            text: inside.to_owned(),
            start,
            phrase,
        };
        match clauses.last_mut() {
            Some(last) if either && !negative && !last.negative => last.pieces.push(piece),
            _ => clauses.push(Clause {
                negative,
                pieces: vec![piece],
            }),
        }
        (either, negative) = (false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clauses as one would say them.
    fn said(query: &str) -> String {
        let clauses = parse(query, |name| ["title", "place"].contains(&name));
        let said = clauses.iter().map(|clause| {
            let pieces = clause.pieces.iter().map(|piece| {
                assert_eq!(
                    query.get(piece.start..piece.start + piece.text.len()),
                    Some(piece.text.as_str())
                );
                let field = piece
                    .field
                    .iter()
                    .map(|field| format!("{field}="))
                    .collect::<String>();
                let quotes = if piece.phrase { "\"" } else { "" };
                format!("{field}{quotes}{}{quotes}", piece.text)
            });
            let sign = if clause.negative { "-" } else { "" };
            format!("{sign}{}", pieces.collect::<Vec<_>>().join("|"))
        });
        said.collect::<Vec<_>>().join(" & ")
    }

    #[test]
    fn operators_are_understood() {
        for (query, expected) in [
            ("كتاب الأغاني", "كتاب & الأغاني"),
            ("\"كتاب الأغاني\" بغداد", "\"كتاب الأغاني\" & بغداد"),
            ("«كتاب الأغاني»", "\"كتاب الأغاني\""),
            ("“book of songs”", "\"book of songs\""),
            ("a OR b c", "a|b & c"),
            ("a | \"b c\" | d", "a|\"b c\"|d"),
            ("a NOT b -c -\"d e\"", "a & -b & -c & -\"d e\""),
            (
                "title:a place:\"b c\" other:d",
                "title=a & place=\"b c\" & other:d",
            ),
            ("-title:a", "-title=a"),
            ("  a   ", "a"),
        ] {
            assert_eq!(said(query), expected, "{query}");
        }
    }

    #[test]
    fn whatever_makes_no_sense_is_words() {
        for (query, expected) in [
            ("", ""),
            ("OR", "OR"),
            ("a OR", "a & OR"),
            ("NOT", "NOT"),
            ("-", "-"),
            ("a - b", "a & - & b"),
            ("\"open", "\"open\""),
            ("title:", "title:"),
            ("title: a", "title: & a"),
            ("al-Muqtabas", "al-Muqtabas"),
            ("http://a/b", "http://a/b"),
            ("a\"b c\"d", "a & \"b c\" & d"),
            ("\"\"", "\"\""),
        ] {
            assert_eq!(said(query), expected, "{query}");
        }
    }
}
