//! Highlighting of query matches, and excerpts.

use std::ops::Range;

use khizana_text::{is_line_end_hyphen, tokenize};

use crate::parsed_query::ParsedQuery;

/// Highlights the terms that match a query in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Highlighter {
    terms: Vec<String>,
}

/// A part of a text that is either highlighted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// Text of the fragment.
    pub text: String,
    /// `true` if the fragment matches the query.
    pub is_match: bool,
}

impl Highlighter {
    pub(crate) fn new(query: &ParsedQuery) -> Highlighter {
        Highlighter::with_weight(query, 0)
    }

    /// Creates a highlighter of the terms that match with at least a quality, see [`score`](crate::score).
    pub(crate) fn with_weight(query: &ParsedQuery, min_weight: u32) -> Highlighter {
        let terms = query.positive_words().flat_map(|word| &word.terms);
        let terms = terms.filter(|term| term.weight >= min_weight);
        Highlighter {
            terms: terms.map(|term| term.term.clone()).collect(),
        }
    }

    /// Returns `true` if there are no terms to highlight.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Returns the byte ranges of a text that match the query, in order. Adjacent and overlapping
    /// matches are merged.
    ///
    /// `lang` is the BCP 47 tag of the text.
    pub fn ranges(&self, text: &str, lang: &str) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        if self.terms.is_empty() {
            return ranges;
        }
        for token in tokenize(text, lang) {
            let is_match = self
                .terms
                .iter()
                .any(|term| *term == token.word || Some(term) == token.stripped.as_ref());
            if !is_match {
                continue;
            }
            match ranges.last_mut() {
                // The bigrams of a script without spaces overlap.
                Some(last) if token.start <= last.end => last.end = last.end.max(token.end),
                _ => ranges.push(token.start..token.end),
            }
        }
        ranges
    }

    /// Splits a text into fragments. `lang` is the BCP 47 tag of the text.
    pub fn fragments(&self, text: &str, lang: &str) -> Vec<Fragment> {
        split(text, 0..text.len(), &self.ranges(text, lang))
    }

    /// Returns the ranges of lines that match the query: the index of the line, and a byte range in
    /// it. A word that is divided at the end of a line matches in both lines.
    ///
    /// Each line is given with its BCP 47 tag.
    pub fn line_ranges<'a>(
        &self,
        lines: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Vec<(usize, Range<usize>)> {
        let mut ranges = Vec::new();
        let mut lines = lines.enumerate().peekable();
        let mut text = String::new();
        // The lines of `text`: their indexes and ranges.
        let mut parts: Vec<(usize, Range<usize>)> = Vec::new();
        while let Some((index, (line, lang))) = lines.next() {
            let start = text.len();
            text.push_str(line);
            parts.push((index, start..text.len()));
            let is_continued = line.ends_with(is_line_end_hyphen)
                && lines.peek().is_some_and(|(_, (_, next))| *next == lang);
            if is_continued {
                text.push('\n');
                continue;
            }
            for range in self.ranges(&text, lang) {
                for (index, part) in &parts {
                    let (start, end) = (range.start.max(part.start), range.end.min(part.end));
                    if start < end {
                        ranges.push((*index, start - part.start..end - part.start));
                    }
                }
            }
            text.clear();
            parts.clear();
        }
        ranges
    }

    /// Returns an excerpt of about `len` characters around the place with the most matches, split
    /// into fragments. An ellipsis marks omitted text. Returns `None` if the text contains no
    /// match.
    ///
    /// `lang` is the BCP 47 tag of the text.
    pub fn excerpt(&self, text: &str, lang: &str, len: usize) -> Option<Vec<Fragment>> {
        let ranges = self.ranges(text, lang);
        let window_bytes = len.saturating_mul(2);
        // The match that is followed by the most matches within a window. If there are several, the
        // first of them is used.
        let (_, best) = ranges.iter().enumerate().max_by_key(|(index, range)| {
            let in_window = ranges
                .iter()
                .skip(*index)
                .take_while(|other| other.end <= range.start.saturating_add(window_bytes));
            (in_window.count(), usize::MAX - index)
        })?;
        let start = text
            .get(..best.start)?
            .char_indices()
            .rev()
            .take(len / 3)
            .last()
            .map_or(best.start, |(i, _)| i);
        let end = text
            .get(start..)?
            .char_indices()
            .nth(len)
            .map_or(text.len(), |(i, _)| start + i)
            .max(best.end);
        // Both ends are moved towards the match, to the nearest word boundary.
        let start = match text.get(start..best.start)?.find(char::is_whitespace) {
            Some(space) if start > 0 => start + space,
            _ if start > 0 => best.start,
            _ => 0,
        };
        let end = match text.get(best.end..end)?.rfind(char::is_whitespace) {
            Some(space) if end < text.len() => best.end + space,
            _ => end,
        };
        let mut fragments = split(text, start..end, &ranges);
        let ellipsis = |text: &str| Fragment {
            text: text.to_owned(),
            is_match: false,
        };
        if start > 0 {
            fragments.insert(0, ellipsis("…"));
        }
        if end < text.len() {
            fragments.push(ellipsis(" …"));
        }
        Some(fragments)
    }
}

/// Splits a window of a text into `matches` and the text between them.
fn split(text: &str, window: Range<usize>, matches: &[Range<usize>]) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    let mut push = |range: Range<usize>, is_match| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            fragments.push(Fragment {
                text: text.to_owned(),
                is_match,
            });
        }
    };
    let mut next = window.start;
    for range in matches {
        if range.start < next || range.end > window.end {
            continue;
        }
        push(next..range.start, false);
        push(range.clone(), true);
        next = range.end;
    }
    push(next..window.end, false);
    fragments
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn highlighter(terms: &[&str]) -> Highlighter {
        Highlighter {
            terms: terms.iter().map(|term| (*term).to_owned()).collect(),
        }
    }

    /// Formats fragments as text with matches in brackets.
    fn describe(fragments: &[Fragment]) -> String {
        fragments
            .iter()
            .map(|fragment| match fragment.is_match {
                true => format!("[{}]", fragment.text),
                false => fragment.text.clone(),
            })
            .collect()
    }

    #[test]
    fn matches_are_highlighted_in_their_original_spelling() {
        let fragments = highlighter(&["كتاب", "اغاني"]).fragments("هذا كِتابُ الأغاني للأصفهاني", "ar");
        assert_eq!(describe(&fragments), "هذا [كِتابُ] [الأغاني] للأصفهاني");
        let fragments = highlighter(&[]).fragments("a <b>", "en");
        assert_eq!(describe(&fragments), "a <b>");
    }

    #[test]
    fn excerpt_surrounds_the_match_and_ends_between_words() {
        let text = format!("{}needle in it {}", "straw ".repeat(40), "hay ".repeat(40));
        let highlighter = highlighter(&["needle"]);
        let excerpt = describe(&highlighter.excerpt(&text, "en", 60).unwrap());
        assert!(
            excerpt.starts_with("… straw") && excerpt.ends_with(" …"),
            "{excerpt}"
        );
        assert!(excerpt.contains(" [needle] in it hay"), "{excerpt}");
        assert!(excerpt.chars().count() < 75, "{excerpt}");
    }

    #[test]
    fn divided_words_are_highlighted_in_both_lines() {
        let ranges = |lines: &[&str]| {
            let lines = lines.iter().map(|line| (*line, "en"));
            highlighter(&["catalogue", "old"]).line_ranges(lines)
        };
        assert_eq!(
            ranges(&["the old cata-", "logue of", "old cata"]),
            [(0, 4..7), (0, 8..13), (1, 0..5), (2, 0..3)]
        );
        assert_eq!(
            ranges(&["ca-", "talo-", "gue-"]),
            [(0, 0..3), (1, 0..5), (2, 0..3)]
        );
        assert_eq!(ranges(&["cata", "logue"]), []);
        assert_eq!(ranges(&[]), []);
        let lines = [("cata-", "en"), ("logue", "fr")].into_iter();
        assert_eq!(highlighter(&["catalogue"]).line_ranges(lines), []);
    }

    #[test]
    fn excerpt_requires_a_match() {
        assert_eq!(highlighter(&["needle"]).excerpt("nothing", "en", 60), None);
        let excerpt = highlighter(&["a"]).excerpt("a", "en", 60).unwrap();
        assert_eq!(describe(&excerpt), "[a]");
    }
}
