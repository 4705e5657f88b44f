//! Number formats, as far as they decide how a number is displayed.

use super::cell::Content;
use super::serial::{DateParts, Epoch, date_text};

/// A number format.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum NumberFormat {
    /// All digits of the number; also used for formats that are not understood, such as fractions.
    #[default]
    General,
    /// Digits, with literal texts around them.
    Digits(Box<Digits>),
    Date(DateParts),
}

/// The formats of positive numbers, negative numbers, and zero.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Digits {
    positive: Section,
    negative: Option<Section>,
    zero: Option<Section>,
}

/// A section of a format: `"No. "000.0#" m"`.
#[derive(Debug, Clone, PartialEq, Default)]
struct Section {
    before: String,
    after: String,
    /// The least number of digits before the decimal point.
    whole: usize,
    /// The least and the greatest number of digits after the decimal point.
    decimals: (usize, usize),
    has_thousands: bool,
    /// Number of commas that follow the digits; each divides the number by a thousand.
    scale: u32,
    percent: usize,
    /// `true` if the section has a placeholder for digits.
    has_digits: bool,
}

impl NumberFormat {
    /// Returns the format that has a number in all workbooks.
    pub(super) fn built_in(id: u32) -> NumberFormat {
        let code = match id {
            1 => "0",
            2 => "0.00",
            3 => "#,##0",
            4 => "#,##0.00",
            9 => "0%",
            10 => "0.00%",
            37 | 38 => "#,##0;-#,##0",
            39 | 40 => "#,##0.00;-#,##0.00",
            14..=16 | 30 => "yyyy-mm-dd",
            17 => "mmm-yy",
            22 => "yyyy-mm-dd hh:mm",
            18..=21 | 45..=47 => "hh:mm:ss",
            // The formats of East Asian versions.
            27..=29 | 31..=36 | 50..=58 => "yyyy-mm-dd",
            _ => return NumberFormat::General,
        };
        NumberFormat::parse(code)
    }

    /// Parses the code of a format.
    pub(super) fn parse(code: &str) -> NumberFormat {
        let sections = split(code);
        let Some(first) = sections.first() else {
            return NumberFormat::General;
        };
        let parts = date_parts(first);
        if parts != DateParts::default() {
            return NumberFormat::Date(parts);
        }
        let mut parsed = sections.iter().take(3).map(|section| section_of(section));
        match (parsed.next(), parsed.next(), parsed.next()) {
            (Some(Some(positive)), None, None) if positive.has_digits => {
                NumberFormat::Digits(Box::new(Digits {
                    positive,
                    negative: None,
                    zero: None,
                }))
            }
            (Some(Some(positive)), Some(negative), zero) if positive.has_digits => {
                NumberFormat::Digits(Box::new(Digits {
                    positive,
                    negative,
                    zero: zero.flatten(),
                }))
            }
            _ => NumberFormat::General,
        }
    }

    /// Returns a number as it is displayed.
    pub(super) fn content(&self, number: f64, epoch: Epoch) -> Content {
        let plain = general(number);
        let shown = match self {
            NumberFormat::General => plain.clone(),
            NumberFormat::Digits(digits) => digits.show(number),
            NumberFormat::Date(parts) => {
                if let Some(text) = date_text(number, epoch, *parts) {
                    let is_day = number.fract() == 0.0 && (parts.year || parts.month || parts.day);
                    return Content::Date {
                        text,
                        serial: is_day.then_some(number as i64),
                    };
                }
                plain.clone()
            }
        };
        Content::Number { shown, plain }
    }
}

impl Digits {
    fn show(&self, number: f64) -> String {
        let (section, sign) = match (number, &self.negative, &self.zero) {
            (0.0, _, Some(zero)) => (zero, ""),
            (n, Some(negative), _) if n < 0.0 => (negative, ""),
            (n, _, _) if n < 0.0 => (&self.positive, "-"),
            _ => (&self.positive, ""),
        };
        if !section.has_digits {
            return format!("{}{}", section.before, section.after);
        }
        format!("{sign}{}", section.show(number.abs()))
    }
}

impl Section {
    fn show(&self, number: f64) -> String {
        let scaled = number * 100f64.powi(i32::try_from(self.percent).unwrap_or(0))
            / 1000f64.powi(i32::try_from(self.scale).unwrap_or(0));
        let (least, greatest) = self.decimals;
        // The programs calculate with 15 digits: 2.675 is displayed as 2.68 in the format 0.00,
        // although the nearest number is a little smaller.
        let rounded: f64 = general(scaled).parse().unwrap_or(scaled);
        let factor = 10f64.powi(i32::try_from(greatest).unwrap_or(0));
        let product = (rounded * factor * (1.0 + f64::EPSILON)).round();
        let text = if product < 1e15 {
            format!("{:.greatest$}", product / factor)
        } else {
            format!("{rounded:.greatest$}")
        };
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let whole = if whole == "0" && self.whole == 0 {
            ""
        } else {
            whole
        };
        let whole = format!("{whole:0>width$}", width = self.whole);
        let whole = if self.has_thousands {
            grouped(&whole)
        } else {
            whole
        };
        let mut decimals = decimals.to_owned();
        while decimals.len() > least && decimals.ends_with('0') {
            decimals.pop();
        }
        let point = if decimals.is_empty() { "" } else { "." };
        format!("{}{whole}{point}{decimals}{}", self.before, self.after)
    }
}

/// Inserts commas between groups of three digits.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a number with all digits that a spreadsheet program displays, at most 15.
pub(super) fn general(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let magnitude = rounded.abs();
    if (1e-9..1e21).contains(&magnitude) {
        rounded.to_string()
    } else {
        format!("{rounded:E}")
    }
}

/// Splits a format at the semicolons that are not in a literal text.
fn split(code: &str) -> Vec<Vec<char>> {
    let mut sections = vec![Vec::new()];
    let (mut is_quoted, mut is_escaped, mut is_bracketed) = (false, false, false);
    for c in code.chars() {
        let is_literal = is_quoted || is_escaped || is_bracketed;
        is_escaped = !is_literal && matches!(c, '\\' | '_' | '*');
        match c {
            '"' if !is_bracketed && (is_quoted || !is_literal) => is_quoted = !is_quoted,
            '[' if !is_literal => is_bracketed = true,
            ']' if is_bracketed => is_bracketed = false,
            ';' if !is_literal => {
                sections.push(Vec::new());
                continue;
            }
            _ => {}
        }
        if let Some(section) = sections.last_mut() {
            section.push(c);
        }
    }
    sections
}

/// A symbol of a format.
#[derive(Debug, PartialEq)]
enum Symbol {
    Code(char),
    Literal(char),
    Bracket(String),
}

/// Splits a section into symbols. Padding (`_x`, `*x`) is left out.
fn symbols(section: &[char]) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    let mut chars = section.iter().copied();
    while let Some(c) = chars.next() {
        match c {
            '"' => symbols.extend(
                chars
                    .by_ref()
                    .take_while(|c| *c != '"')
                    .map(Symbol::Literal),
            ),
            '\\' => symbols.extend(chars.next().map(Symbol::Literal)),
            '_' | '*' => {
                chars.next();
            }
            '[' => symbols.push(Symbol::Bracket(
                chars.by_ref().take_while(|c| *c != ']').collect(),
            )),
            _ => symbols.push(Symbol::Code(c)),
        }
    }
    symbols
}

/// Returns the parts of a date that a section displays.
fn date_parts(section: &[char]) -> DateParts {
    let mut parts = DateParts::default();
    let mut codes = String::new();
    for symbol in symbols(section) {
        match symbol {
            Symbol::Code(c) => codes.extend(c.to_lowercase()),
            // Elapsed hours, minutes or seconds.
            Symbol::Bracket(text)
                if matches!(
                    text.to_lowercase().as_str(),
                    "h" | "hh" | "m" | "mm" | "s" | "ss"
                ) =>
            {
                parts.time = true;
                codes.push_str(&text.to_lowercase());
            }
            _ => {}
        }
    }
    let codes = codes
        .replace("general", "")
        .replace("am/pm", "h")
        .replace("a/p", "h");
    if codes.contains(['0', '#', '?', '@']) && !codes.contains(['y', 'd', 'h', 's']) {
        return DateParts::default();
    }
    let mut previous = ' ';
    let mut letters = codes.chars().filter(char::is_ascii_alphabetic).peekable();
    while let Some(c) = letters.next() {
        let has_changed = c != previous;
        if has_changed {
            match c {
                'y' | 'e' | 'g' => parts.year = true,
                'd' => parts.day = true,
                'h' | 's' => parts.time = true,
                'm' => {
                    let rest: String = letters.clone().collect();
                    let after = rest.trim_start_matches('m');
                    // An `m` next to hours or seconds stands for minutes.
                    if previous != 'h' && !after.starts_with('s') {
                        parts.month = true;
                    }
                }
                _ => {}
            }
        }
        previous = c;
    }
    parts
}

/// Parses a section. Returns `None` if it has a condition, a fraction or an exponent.
fn section_of(section: &[char]) -> Option<Section> {
    let mut parsed = Section::default();
    let mut is_after_point = false;
    let mut pending_commas = 0;
    for symbol in symbols(section) {
        match symbol {
            Symbol::Code(c @ ('0' | '#' | '?')) => {
                // Digits after a literal text, as in 00-00, cannot be displayed here.
                if !parsed.after.is_empty() {
                    return None;
                }
                parsed.has_digits = true;
                if pending_commas > 0 {
                    parsed.has_thousands = true;
                    pending_commas = 0;
                }
                if is_after_point {
                    parsed.decimals.1 += 1;
                    if c == '0' {
                        parsed.decimals.0 = parsed.decimals.1;
                    }
                } else if c == '0' || parsed.whole > 0 {
                    parsed.whole += 1;
                }
            }
            Symbol::Code('.') if !is_after_point => {
                is_after_point = true;
                parsed.has_digits = true;
            }
            Symbol::Code(',') if parsed.has_digits => pending_commas += 1,
            Symbol::Code('/' | 'E' | 'e' | '@') => return None,
            Symbol::Code('%') => {
                parsed.percent += 1;
                push(&mut parsed, '%');
            }
            Symbol::Code('G' | 'g') => return None,
            Symbol::Code(c) | Symbol::Literal(c) => push(&mut parsed, c),
            Symbol::Bracket(text) => match text.strip_prefix('$') {
                // A currency: `[$€-40C]`.
                Some(currency) => {
                    for c in currency.split('-').next().unwrap_or_default().chars() {
                        push(&mut parsed, c);
                    }
                }
                None if text.starts_with(['<', '>', '=']) => return None,
                None => {}
            },
        }
    }
    parsed.scale = pending_commas;
    let digits = parsed.whole + parsed.decimals.1;
    (digits <= 40).then_some(parsed)
}

/// Adds a literal character before or after the digits of a section.
fn push(section: &mut Section, c: char) {
    if section.has_digits {
        section.after.push(c);
    } else {
        section.before.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, number: f64) -> String {
        match NumberFormat::parse(code).content(number, Epoch::Of1900) {
            Content::Number { shown, .. } => shown,
            Content::Date { text, .. } => text,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn displays_numbers_as_spreadsheets_do() {
        for (code, number, text) in [
            ("000", 7.0, "007"),
            ("0", 33.31, "33"),
            ("0", 1906.0, "1906"),
            ("0.00", 2.675, "2.68"),
            ("0.00", 7.0, "7.00"),
            ("0.0#", 7.0, "7.0"),
            ("#", 0.0, ""),
            ("#,##0", 1234567.0, "1,234,567"),
            ("#,##0.00", -1234.5, "-1,234.50"),
            ("0%", 0.25, "25%"),
            ("\"MS \"000", 12.0, "MS 012"),
            ("\\N\\o\\.\\ 0", 3.0, "No. 3"),
            ("0\" cm\"", 30.0, "30 cm"),
            ("0,", 12345.0, "12"),
            ("#,##0 [$€-40C]", 12.0, "12 €"),
            ("[Red]0", 5.0, "5"),
            ("0_);(0)", -5.0, "(5)"),
            ("0;-0;\"none\"", 0.0, "none"),
            ("000000000000000000", 1.0, "000000000000000001"),
            // Formats that are not understood show all digits.
            ("# ?/?", 0.5, "0.5"),
            ("0.00E+00", 12345.0, "12345"),
            ("[>100]0;0.0", 7.25, "7.25"),
            ("00-00", 1234.0, "1234"),
            ("General", 0.1 + 0.2, "0.3"),
            ("@", 7.0, "7"),
            ("", 7.0, "7"),
            ("General", 9_789_953_000_000.0, "9789953000000"),
            ("General", 1e300, "1E300"),
        ] {
            assert_eq!(shown(code, number), text, "{code}");
        }
    }

    #[test]
    fn recognises_formats_of_dates() {
        for (code, text) in [
            ("yyyy-mm-dd", "1906-02-25"),
            ("m/d/yy", "1906-02-25"),
            ("[$-40C]d mmmm yyyy;@", "1906-02-25"),
            ("[$-2060401]B2dd/mm/yyyy;@", "1906-02-25"),
            ("mmm-yy", "1906-02"),
            ("mmmm\\ yyyy", "1906-02"),
            ("yyyy", "1906"),
            ("dd/mm/yyyy hh:mm", "1906-02-25T10:30:00"),
            ("hh:mm:ss", "10:30:00"),
            ("mm:ss", "10:30:00"),
            ("[h]:mm", "10:30:00"),
            ("\"day\" 0", "day 2248"),
        ] {
            assert_eq!(shown(code, 2248.4375), text, "{code}");
        }
        assert!(matches!(NumberFormat::built_in(14), NumberFormat::Date(parts) if parts.day));
        assert_eq!(NumberFormat::built_in(0), NumberFormat::General);
        assert_eq!(
            NumberFormat::built_in(17).content(2248.0, Epoch::Of1900),
            Content::Date {
                text: "1906-02".to_owned(),
                serial: Some(2248)
            }
        );
        // A negative number is not a date.
        assert_eq!(shown("yyyy-mm-dd", -1.0), "-1");
    }
}
