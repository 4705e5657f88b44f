//! Proposals for misspelt names.

/// Returns the candidate that is nearest to a misspelt name, if few enough letters differ.
///
/// The distance is that of Levenshtein: the number of letters that must be inserted, deleted or replaced.
pub fn nearest_name<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let candidates = candidates.into_iter();
    let distances = candidates.map(|name| (distance(written, name), name));
    let (distance, name) = distances.min()?;
    (distance <= 1 + written.chars().count() / 4).then_some(name)
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposes_similar_names_only() {
        let names = ["title", "url", "pages"];
        assert_eq!(nearest_name("titel", names), Some("title"));
        assert_eq!(nearest_name("klingon", names), None);
        assert_eq!(nearest_name("x", []), None);
    }

    #[test]
    fn counts_edits() {
        for (a, b, expected) in [
            ("", "abc", 3),
            ("colors", "colours", 1),
            ("logo", "lgoo", 2),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
