//! Excerpts: where in a text the words stand that were found.

use std::ops::Range;

use khizana_text::tokenize;

use crate::ask::Asked;

/// Marks the words of a query in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// The words of the index that answered.
    words: Vec<String>,
}

/// A piece of a text, and whether it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// The piece.
    pub text: String,
    /// Whether it is a word that was found.
    pub found: bool,
}

impl Marks {
    pub(crate) fn of(asked: &Asked) -> Marks {
        let words = asked
            .clauses
            .iter()
            .filter(|clause| !clause.negative)
            .flat_map(|clause| &clause.pieces)
            .flat_map(|piece| &piece.words)
            .flat_map(|word| word.forms.iter().map(|form| form.word.clone()));
        Marks {
            words: words.collect(),
        }
    }

    /// Whether there is nothing to mark.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The ranges of bytes of a value that were found, in order, neighbours joined.
    pub fn ranges(&self, text: &str, lang: &str) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        if self.words.is_empty() {
            return ranges;
        }
        for token in tokenize(text, lang) {
            let found = self
                .words
                .iter()
                .any(|word| *word == token.word || Some(word) == token.stripped.as_ref());
            if !found {
                continue;
            }
            match ranges.last_mut() {
                // Pairs of a script without spaces lie across one another.
                Some(last) if token.start <= last.end => last.end = last.end.max(token.end),
                _ => ranges.push(token.start..token.end),
            }
        }
        ranges
    }

    /// A value cut into what was found and what stands between.
    pub fn pieces(&self, text: &str, lang: &str) -> Vec<Marked> {
        cut(text, 0..text.len(), &self.ranges(text, lang))
    }

    /// The part of a long value around the first words found, about `letters` long, with dots where
    /// something is left out; `None` where nothing was found in it.
    pub fn excerpt(&self, text: &str, lang: &str, letters: usize) -> Option<Vec<Marked>> {
        let ranges = self.ranges(text, lang);
        // Where most of it is found within reach.
        let reach = letters.saturating_mul(2);
        let best = ranges.iter().enumerate().max_by_key(|(place, range)| {
            let near = ranges
                .iter()
                .skip(*place)
                .take_while(|other| other.end <= range.start.saturating_add(reach));
            (near.count(), usize::MAX - place)
        })?;
        let middle = best.1.start;
        let before: usize = letters / 3;
        let start = text
            .get(..middle)?
            .char_indices()
            .rev()
            .take(before)
            .last()
            .map_or(middle, |(at, _)| at);
        let end = text
            .get(start..)?
            .char_indices()
            .nth(letters)
            .map_or(text.len(), |(at, _)| start + at)
            .max(best.1.end);
        // Not in the middle of a word.
        let start = match text.get(start..middle)?.find(char::is_whitespace) {
            Some(space) if start > 0 => start + space,
            _ if start > 0 => middle,
            _ => 0,
        };
        let end = match text.get(best.1.end..end)?.rfind(char::is_whitespace) {
            Some(space) if end < text.len() => best.1.end + space,
            _ => end,
        };
        let mut pieces = cut(text, start..end, &ranges);
        let dots = |text: &str| Marked {
            text: text.to_owned(),
            found: false,
        };
        if start > 0 {
            pieces.insert(0, dots("…"));
        }
        if end < text.len() {
            pieces.push(dots(" …"));
        }
        Some(pieces)
    }
}

fn cut(text: &str, window: Range<usize>, ranges: &[Range<usize>]) -> Vec<Marked> {
    let mut pieces = Vec::new();
    let mut from = window.start;
    let mut push = |range: Range<usize>, found| {
        if let Some(text) = text.get(range).filter(|text| !text.is_empty()) {
            pieces.push(Marked {
                text: text.to_owned(),
                found,
            });
        }
    };
    for range in ranges {
        if range.start < from || range.end > window.end {
            continue;
        }
        push(from..range.start, false);
        push(range.clone(), true);
        from = range.end;
    }
    push(from..window.end, false);
    pieces
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn marks(words: &[&str]) -> Marks {
        Marks {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        }
    }

    fn said(pieces: &[Marked]) -> String {
        pieces
            .iter()
            .map(|piece| {
                if piece.found {
                    format!("[{}]", piece.text)
                } else {
                    piece.text.clone()
                }
            })
            .collect()
    }

    #[test]
    fn what_was_found_is_marked_as_it_is_written() {
        let pieces = marks(&["كتاب", "اغاني"]).pieces("هذا كِتابُ الأغاني للأصفهاني", "ar");
        assert_eq!(said(&pieces), "هذا [كِتابُ] [الأغاني] للأصفهاني");
        assert_eq!(said(&marks(&[]).pieces("a <b>", "en")), "a <b>");
    }

    #[test]
    fn an_excerpt_is_cut_between_words_around_what_was_found() {
        let text = format!("{}needle in it {}", "straw ".repeat(40), "hay ".repeat(40));
        let excerpt = said(&marks(&["needle"]).excerpt(&text, "en", 60).unwrap());
        assert!(
            excerpt.starts_with("… straw") && excerpt.ends_with(" …"),
            "{excerpt}"
        );
        assert!(excerpt.contains(" [needle] in it hay"), "{excerpt}");
        assert!(excerpt.chars().count() < 75, "{excerpt}");
        assert_eq!(marks(&["needle"]).excerpt("nothing", "en", 60), None);
        assert_eq!(said(&marks(&["a"]).excerpt("a", "en", 60).unwrap()), "[a]");
    }
}
