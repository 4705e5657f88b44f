//! The parser of the query language.
//!
//! A query is a conjunction of clauses, and a clause is a disjunction of literals:
//!
//! - words are literals, and `"…"`, `“…”` and `«…»` enclose a phrase, which is one literal;
//! - `OR` or `|` between two literals puts them in one clause;
//! - `NOT` or `-` before a literal negates its clause;
//! - `field:` before a literal restricts it to that field.
//!
//! There are no syntax errors: an operator without an operand is treated as a word. A quotation mark
//! between two Hebrew letters is part of the word, because keyboards lack gershayim.

/// A disjunction of literals, or its negation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) is_negated: bool,
    pub(crate) literals: Vec<Literal>,
}

/// A word or a phrase. It can contain several words even without quotation marks, as in
/// `river-boat`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Literal {
    /// Name of the field to which the literal is restricted.
    pub(crate) field: Option<String>,
    pub(crate) text: String,
    /// Start of `text` in the query, in bytes.
    pub(crate) start: usize,
    /// `true` if the words must be consecutive.
    pub(crate) is_phrase: bool,
}

const OPENING_QUOTES: [char; 5] = ['"', '“', '”', '«', '„'];

fn closing_quotes(opening: char) -> &'static [char] {
    match opening {
        '«' => &['»'],
        '"' => &['"'],
        _ => &['“', '”'],
    }
}

/// Parses a query. `is_field` returns `true` for the names of fields.
pub(crate) fn parse(query: &str, is_field: impl Fn(&str) -> bool) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    let (mut is_negated, mut after_or) = (false, false);
    let mut rest = query;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return clauses;
        }
        let word_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, after_word) = rest.split_at(word_end);
        let has_operand = !after_word.trim().is_empty();
        match word {
            "OR" | "|" if !clauses.is_empty() && has_operand => {
                (after_or, is_negated) = (true, false);
                rest = after_word;
                continue;
            }
            "NOT" if has_operand => {
                is_negated = true;
                rest = after_word;
                continue;
            }
            _ => {}
        }
        if let Some(operand) = strip_minus(rest) {
            is_negated = true;
            rest = operand;
        }
        let mut field = None;
        if let Some((name, value)) = rest.split_once(':')
            && is_field(name)
            && value.starts_with(|c: char| !c.is_whitespace())
        {
            field = Some(name.to_owned());
            rest = value;
        }
        let start = query.len() - rest.len();
        let (text, quote_len, after) = split_literal(rest);
        rest = after;
        let literal = Literal {
            field,
            text: text.to_owned(),
            start: start + quote_len,
            is_phrase: quote_len > 0,
        };
        match clauses.last_mut() {
            Some(last) if after_or && !is_negated && !last.is_negated => {
                last.literals.push(literal);
            }
            _ => clauses.push(Clause {
                is_negated,
                literals: vec![literal],
            }),
        }
        (after_or, is_negated) = (false, false);
    }
}

/// Removes a minus sign that directly precedes a word or a phrase. Returns `None` if there is none.
fn strip_minus(text: &str) -> Option<&str> {
    text.strip_prefix(['-', '−']).filter(|rest| {
        rest.starts_with(|c: char| c.is_alphanumeric() || OPENING_QUOTES.contains(&c))
    })
}

/// Returns `true` if the quotation mark from `start` to `end` is between two Hebrew letters.
///
/// Such a mark stands for gershayim, the sign of an acronym.
fn is_gershayim(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |c: char| matches!(c, '\u{5d0}'..='\u{5ea}');
    let is_point = |c: &char| matches!(c, '\u{591}'..='\u{5c7}');
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let before = before.chars().rev().find(|c| !is_point(c));
    before.is_some_and(is_letter) && after.starts_with(is_letter)
}

/// Returns the start of the first of `quotes` in a text, except for those that stand for gershayim.
fn find_quote(text: &str, quotes: &[char]) -> Option<usize> {
    let mut found = text.match_indices(quotes);
    found
        .find(|(start, quote)| !is_gershayim(text, *start, start + quote.len()))
        .map(|(start, _)| start)
}

/// Splits off the first literal. Returns its text, the length of the opening quotation mark in
/// bytes (0 if there is none), and the rest of the text after the literal.
///
/// A phrase without a closing quotation mark extends to the end of the text.
fn split_literal(text: &str) -> (&str, usize, &str) {
    match text.chars().next().filter(|c| OPENING_QUOTES.contains(c)) {
        Some(opening) => {
            let inside = text.get(opening.len_utf8()..).unwrap_or_default();
            let end = find_quote(inside, closing_quotes(opening)).unwrap_or(inside.len());
            let (inside, after) = inside.split_at(end);
            let mut after = after.chars();
            after.next();
            (inside, opening.len_utf8(), after.as_str())
        }
        None => {
            let word_end = text.find(char::is_whitespace).unwrap_or(text.len());
            let word = text.get(..word_end).unwrap_or_default();
            let end = find_quote(word, &OPENING_QUOTES).unwrap_or(word_end);
            let (word, after) = text.split_at(end);
            (word, 0, after)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Formats the clauses of a query as `literal|literal & -literal`, with phrases in quotation
    /// marks and `field=` before a literal that is restricted to a field.
    fn describe(query: &str) -> String {
        let clauses = parse(query, |name| ["title", "place"].contains(&name));
        let clauses = clauses.iter().map(|clause| {
            let literals = clause.literals.iter().map(|literal| {
                assert_eq!(
                    query.get(literal.start..literal.start + literal.text.len()),
                    Some(literal.text.as_str())
                );
                let field = literal
                    .field
                    .iter()
                    .map(|field| format!("{field}="))
                    .collect::<String>();
                let quote = if literal.is_phrase { "\"" } else { "" };
                format!("{field}{quote}{}{quote}", literal.text)
            });
            let sign = if clause.is_negated { "-" } else { "" };
            format!("{sign}{}", literals.collect::<Vec<_>>().join("|"))
        });
        clauses.collect::<Vec<_>>().join(" & ")
    }

    #[test]
    fn operators_are_parsed() {
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
            assert_eq!(describe(query), expected, "{query}");
        }
    }

    #[test]
    fn quotation_marks_in_hebrew_acronyms_are_part_of_the_word() {
        for (query, expected) in [
            ("תנ\"ך", "תנ\"ך"),
            ("תנ”ך OR חז“ל", "תנ”ך|חז“ל"),
            ("title:תנ\"ך עם", "title=תנ\"ך & עם"),
            ("\"תנ\"ך עם פירוש\" ישן", "\"תנ\"ך עם פירוש\" & ישן"),
            ("חַזַ\"ל", "חַזַ\"ל"),
            ("ספר \"חדש\"", "ספר & \"חדש\""),
            ("ספר\"חדש ישן\"", "ספר\"חדש & ישן & \"\""),
            ("תנ\"", "תנ & \"\""),
        ] {
            assert_eq!(describe(query), expected, "{query}");
        }
    }

    #[test]
    fn operators_without_operands_are_words() {
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
            assert_eq!(describe(query), expected, "{query}");
        }
    }
}
