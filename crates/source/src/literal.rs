//! Lists and objects in a cell, as Python and JavaScript write them: `['a', 'b']`, `{"ar": "a"}`.

use super::reader::Value;

/// Maximum nesting depth.
const MAX_DEPTH: usize = 16;

/// Parses a cell that contains a list or an object. Returns `None` if it contains anything else.
///
/// A list of numbers is not parsed, because cataloguers put supplied dates into brackets: `[1906]`.
pub(super) fn parse(cell: &str) -> Option<Value> {
    let cell = cell.trim();
    let inner = cell.strip_prefix(['[', '{'])?.trim_start();
    let is_missing = ["None", "null", "nan", "NaN"]
        .iter()
        .any(|word| inner.starts_with(word));
    let is_list = inner.starts_with(['\'', '"', '[', '{', ']', '}']);
    if !is_list && !is_missing && !has_string_prefix(inner) {
        return None;
    }
    let mut parser = Parser { rest: cell };
    let value = parser.value(0)?;
    parser.rest.trim().is_empty().then_some(value)
}

/// Returns `true` if a text begins with a string of Python 2: `u'…'`.
fn has_string_prefix(text: &str) -> bool {
    text.starts_with("u'") || text.starts_with("u\"")
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    /// Consumes a token if it is the next one.
    fn take(&mut self, token: char) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.take('[') {
            let mut values = Vec::new();
            while !self.take(']') {
                values.push(self.value(depth + 1)?);
                if !self.take(',') && !self.rest.trim_start().starts_with(']') {
                    return None;
                }
            }
            return Some(Value::Many(values));
        }
        if self.take('{') {
            let mut members = Vec::new();
            while !self.take('}') {
                let Value::One(name) = self.scalar()? else {
                    return None;
                };
                if !self.take(':') {
                    return None;
                }
                members.push((name, self.value(depth + 1)?));
                if !self.take(',') && !self.rest.trim_start().starts_with('}') {
                    return None;
                }
            }
            return Some(Value::Map(members));
        }
        self.scalar()
    }

    /// Parses a string, a number or a constant.
    fn scalar(&mut self) -> Option<Value> {
        self.rest = self.rest.trim_start();
        if has_string_prefix(self.rest) {
            self.take('u');
        }
        for quote in ['\'', '"'] {
            if self.take(quote) {
                return self.string(quote).map(Value::One);
            }
        }
        let end = self.rest.find([',', ':', ']', '}'])?;
        let (word, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        match word.trim() {
            "None" | "null" | "nan" | "NaN" => Some(Value::Nothing),
            word @ ("True" | "true" | "False" | "false") => {
                Some(Value::One(word.to_ascii_lowercase()))
            }
            word => {
                word.parse::<f64>().ok()?;
                Some(Value::One(word.to_owned()))
            }
        }
    }

    /// Parses the rest of a string after its opening quotation mark.
    fn string(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                c if c == quote => {
                    self.rest = self.rest.get(at + 1..)?;
                    return Some(text);
                }
                '\\' => {
                    let (_, escape) = chars.next()?;
                    let digits = match escape {
                        'x' => 2,
                        'u' => 4,
                        'U' => 8,
                        _ => 0,
                    };
                    text.push(match escape {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        _ if digits > 0 => {
                            let code: String = chars
                                .by_ref()
                                .take(digits)
                                .map(|(_, digit)| digit)
                                .collect();
                            char::from_u32(u32::from_str_radix(&code, 16).ok()?)?
                        }
                        other => other,
                    });
                }
                c => text.push(c),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_lists_and_objects() {
        let one = |text: &str| Value::One(text.to_owned());
        for (cell, value) in [
            ("['a', 'b']", Value::Many(vec![one("a"), one("b")])),
            (
                " [\"it's\", u'x'] ",
                Value::Many(vec![one("it's"), one("x")]),
            ),
            (
                "['it\\'s\\n\\u0623\\xe9', None]",
                Value::Many(vec![one("it's\nأé"), Value::Nothing]),
            ),
            ("[]", Value::Many(vec![])),
            ("['a',]", Value::Many(vec![one("a")])),
            (
                "[['a'], ['b', 2]]",
                Value::Many(vec![
                    Value::Many(vec![one("a")]),
                    Value::Many(vec![one("b"), one("2")]),
                ]),
            ),
            (
                "{'id': 1, \"name\": 'x'}",
                Value::Map(vec![
                    ("id".to_owned(), one("1")),
                    ("name".to_owned(), one("x")),
                ]),
            ),
        ] {
            assert_eq!(parse(cell), Some(value), "{cell}");
        }
    }

    #[test]
    fn leaves_other_texts() {
        for cell in [
            "",
            "[1906]",
            "[View from the sea]",
            "['a'] and more",
            "['a",
            "['a' 'b']",
            "['a\\",
            "{x}",
            "[",
            "['\\uD800']",
            "'a'",
            "[sic] 'a'",
            "{'a'}",
            "['a': 1]",
        ] {
            assert_eq!(parse(cell), None, "{cell}");
        }
        assert_eq!(parse(&"[".repeat(10_000)), None);
    }
}
