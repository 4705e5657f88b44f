//! From what the formats say to lines of the model.

use khizana_model::{Direction, LangTag};

use crate::error::PageTextError;
use crate::language;
use crate::model::{Area, Format, Line, Misplaced, PageText, Word};
use crate::place::{Edges, Placed, number};
use crate::tree::Element;

/// The most lines of a page; a sheet of a newspaper has some two thousand.
const MOST_LINES: usize = 20_000;
/// The most words of a line.
const MOST_WORDS: usize = 2_000;

/// The page of a file, which has one, or none.
pub(crate) fn only<'a>(pages: &[&'a Element]) -> Result<Option<&'a Element>, PageTextError> {
    match pages {
        [_, second, ..] => Err(PageTextError::Pages {
            line: second.line,
            count: pages.len(),
        }),
        pages => Ok(pages.first().copied()),
    }
}

/// What is said of an element and holds for those in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Manner {
    pub(crate) language: Option<LangTag>,
    pub(crate) direction: Option<Direction>,
}

impl Manner {
    /// As before, but for what the attributes say: of language those in the list, and the direction.
    pub(crate) fn within(
        &self,
        element: &Element,
        languages: &[&str],
        direction: Option<Direction>,
    ) -> Manner {
        let language = languages
            .iter()
            .find_map(|name| language::read(element.get(name)?));
        Manner {
            language: language.or_else(|| self.language.clone()),
            direction: direction.or(self.direction),
        }
    }
}

/// A word, as a format says it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    pub(crate) text: String,
    /// Whether something parts it from the word before.
    pub(crate) apart: bool,
    pub(crate) edges: Option<Edges>,
}

/// A line, as a format says it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// Its text; that of its words where there is none.
    pub(crate) text: Option<String>,
    pub(crate) words: Vec<Part>,
    pub(crate) edges: Option<Edges>,
}

/// Lines being gathered.
pub(crate) struct Builder {
    text: PageText,
    starts: bool,
}

impl Builder {
    pub(crate) fn new(format: Format) -> Builder {
        Builder {
            text: PageText {
                format,
                size: None,
                lines: Vec::new(),
                whole_page: 0,
                misplaced: None,
            },
            starts: true,
        }
    }

    /// Sets the size of the page; one without a side is none.
    pub(crate) fn size(&mut self, width: Option<f64>, height: Option<f64>) {
        if let (Some(width), Some(height)) = (width, height)
            && width > 0.0
            && height > 0.0
        {
            self.text.size = Some((width, height));
        }
    }

    /// Whether the size is known.
    pub(crate) fn is_measured(&self) -> bool {
        self.text.size.is_some()
    }

    /// The next line begins a paragraph.
    pub(crate) fn part(&mut self) {
        self.starts = true;
    }

    /// Notes that an element has a place that cannot be read.
    pub(crate) fn misplaced(&mut self, element: &Element) {
        let noted = self.text.misplaced.get_or_insert(Misplaced {
            line: element.line,
            count: 0,
        });
        noted.count = noted.count.saturating_add(1);
    }

    /// The place that an element has in four attributes: its corner, and the other corner or, where
    /// `distance` says so, the distance to it.
    pub(crate) fn corners(
        &mut self,
        element: &Element,
        names: [&str; 4],
        distance: bool,
    ) -> Option<Edges> {
        let [x, y, w, h] = names.map(|name| element.get(name));
        // An element without any has no place, and that is no fault.
        if x.is_none() && y.is_none() && w.is_none() && h.is_none() {
            return None;
        }
        let numbers = [x?, y?, w?, h?].map(number);
        let [Some(x), Some(y), Some(w), Some(h)] = numbers else {
            self.misplaced(element);
            return None;
        };
        Some(match distance {
            true => Edges(x, y, x + w, y + h),
            false => Edges(x, y, w, h),
        })
    }

    /// The place that an element has in an attribute of points.
    pub(crate) fn points(&mut self, element: &Element, name: &str) -> Option<Edges> {
        let points = element.get(name)?;
        let edges = Edges::around(points);
        if edges.is_none() {
            self.misplaced(element);
        }
        edges
    }

    fn area(&mut self, edges: Option<Edges>) -> Option<Area> {
        match edges?.on(self.text.size?) {
            Placed::Part(area) => Some(area),
            Placed::Whole => {
                self.text.whole_page = self.text.whole_page.saturating_add(1);
                None
            }
            Placed::Nowhere => None,
        }
    }

    /// Adds a line. A text of several lines becomes several, all in its place; an empty one none.
    pub(crate) fn line(
        &mut self,
        element: &Element,
        manner: &Manner,
        mut draft: Draft,
    ) -> Result<(), PageTextError> {
        let too_large = |what, most| PageTextError::TooLarge {
            line: element.line,
            what,
            most,
        };
        if draft.words.len() > MOST_WORDS {
            return Err(too_large("words in a line", MOST_WORDS));
        }
        // Some programs write no spaces at all; then every word stands for itself.
        let spaced = draft.words.iter().skip(1).any(|word| word.apart);
        for word in &mut draft.words {
            word.apart |= !spaced;
        }
        let of_words = draft
            .words
            .iter()
            .filter_map(|word| word.edges)
            .reduce(Edges::with);
        let area = self.area(draft.edges.or(of_words));
        let own = draft.text.filter(|text| !text.trim().is_empty());
        let texts: Vec<String> = match &own {
            Some(text) => text.lines().map(clean).collect(),
            None => vec![joined(&draft.words)],
        };
        let single = texts.len() == 1;
        for text in texts {
            if text.is_empty() {
                continue;
            }
            if self.text.lines.len() >= MOST_LINES {
                return Err(too_large("lines", MOST_LINES));
            }
            let words = if single {
                self.words(&text, &draft.words)
            } else {
                Vec::new()
            };
            self.text.lines.push(Line {
                words,
                text,
                starts: std::mem::take(&mut self.starts),
                language: manner.language.clone(),
                direction: manner.direction,
                area,
            });
        }
        Ok(())
    }

    /// Where in the text of a line its words stand; those that are not in it are left out.
    fn words(&mut self, text: &str, parts: &[Part]) -> Vec<Word> {
        let mut words = Vec::new();
        let mut from = 0;
        for part in parts {
            let own = clean(&part.text);
            let found = text
                .get(from..)
                .filter(|_| !own.is_empty())
                .and_then(|rest| rest.find(&own));
            let Some(at) = found else { continue };
            let start = from + at;
            from = start + own.len();
            if let Some(area) = self.area(part.edges) {
                words.push(Word {
                    start,
                    end: from,
                    area,
                });
            }
        }
        words
    }

    pub(crate) fn finish(self) -> PageText {
        self.text
    }
}

fn joined(parts: &[Part]) -> String {
    let mut out = String::new();
    for part in parts {
        let text = clean(&part.text);
        if part.apart && !out.is_empty() && !text.is_empty() {
            out.push(' ');
        }
        out.push_str(&text);
    }
    out
}

/// A text in one line with single spaces, without what controls a terminal or turns a line around.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let kept = |c: &char| !matches!(*c as u32, 0x202A..=0x202E | 0x2066..=0x2069);
    for c in text.chars().filter(kept) {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !c.is_control() {
            out.push(c);
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}
