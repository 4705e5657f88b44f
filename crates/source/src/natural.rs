//! Natural sort order for names with ASCII and Arabic digits.

use std::cmp::Ordering;

/// Compares two names. Runs of digits are compared as numbers: `p2` precedes `p10`, and `صفحة ٢`
/// precedes `صفحة ١٠`.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return a.cmp(b),
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) => {
                let order = if digit(x).is_some() && digit(y).is_some() {
                    let (x, y) = (number(&mut left), number(&mut right));
                    x.len().cmp(&y.len()).then_with(|| x.cmp(&y))
                } else {
                    left.next();
                    right.next();
                    x.cmp(&y)
                };
                if order != Ordering::Equal {
                    return order;
                }
            }
        }
    }
}

/// Reads a run of digits and returns it without leading zeros.
fn number(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Vec<u32> {
    let mut digits = Vec::new();
    while let Some(digit) = chars.peek().copied().and_then(digit) {
        chars.next();
        if digit != 0 || !digits.is_empty() {
            digits.push(digit);
        }
    }
    digits
}

/// Returns the value of an ASCII, Arabic-Indic or Extended Arabic-Indic digit.
pub(super) fn digit(c: char) -> Option<u32> {
    let zero = match c as u32 {
        0x30..=0x39 => 0x30,
        0x0660..=0x0669 => 0x0660,
        0x06F0..=0x06F9 => 0x06F0,
        _ => return None,
    };
    Some(c as u32 - zero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_numbers_by_value() {
        let mut names = [
            "p10.jpg",
            "p2.jpg",
            "p1.jpg",
            "صفحة ١٠",
            "صفحة ٢",
            "p02.jpg",
            "p",
        ];
        names.sort_by(|a, b| compare(a, b));
        assert_eq!(
            names,
            [
                "p",
                "p1.jpg",
                "p02.jpg",
                "p2.jpg",
                "p10.jpg",
                "صفحة ٢",
                "صفحة ١٠"
            ]
        );
    }
}
