//! Where a text stands on the picture of its page, for a text that does not say so.
//!
//! Most transcriptions are typed: they have lines or paragraphs, and no coordinates. The lines of ink on the
//! picture are found ([`ink`], [`rows`]), the words of the text are laid out over them as wide as such words
//! are ([`width`], [`align`]), and the gaps between words tell whether that is right: a text of another page,
//! or a translation, fits the lengths of the lines too, and does not meet the gaps. Nothing is given then.
//!
//! The same picture and text give the same places on every machine: `ln` and `exp` are those of `libm`.
//!
//! No letter is read. A page in more than one column is not tried, nor one whose lines run downwards.

mod align;
mod ink;
mod rows;
mod width;

use khizana_model::{Direction, LangTag};

use crate::model::{Area, Line, PageText, Word};
use align::{Align, Placed};
use ink::Ink;
use rows::{InkLine, Rows};

/// A picture of a page in grey.
#[derive(Debug, Clone)]
pub struct Grey {
    /// Width in pixels. About 1,600 show what is needed, also of small print.
    pub width: usize,
    /// A byte a pixel, 0 is black, in rows from the top.
    pub pixels: Vec<u8>,
}

/// More words or lines than this are not laid out: it would take seconds.
const MOST: (usize, usize) = (4_000, 240);

/// How many gaps between words must have been met or missed before they prove anything.
const PROOF: usize = 8;

/// By how many standard errors the gaps must speak more for a layout than for one from the wrong side, which
/// fits the lengths of the lines as well. Of 128 pages of two periodicals with their own text 125 come to more,
/// of 200 with the text of another page none comes to 1.7.
const SURE: f32 = 2.3;

/// The lines of a text, whose own have no places, as they stand on the picture: each with its place and
/// those of its words. A line of the text that runs over several lines of the picture is several here.
/// `language` is that of the text. `None` where it is not certain that this text stands there so.
#[must_use]
pub fn find(page: &PageText, language: &LangTag, picture: &Grey) -> Option<Vec<Line>> {
    let texts = page.lines.iter().map(|line| line.text.as_str());
    let whole: Vec<&str> = texts.collect();
    let rtl = language.direction_of(&whole.join(" ")) == Some(Direction::Rtl);
    let words: Vec<Vec<&str>> = whole.iter().map(|line| line.split(' ').collect()).collect();
    let count: usize = words.iter().map(Vec::len).sum();
    if !(PROOF..=MOST.0).contains(&count) {
        return None;
    }
    let ink = Ink::of(picture)?;
    let rows = Rows::of(&ink)?;
    if rows.lines.len() > MOST.1 || rows.has_columns() {
        return None;
    }
    let align = Align::new(&words, &rows, rtl);
    let mirrored = Align::new(&words, &rows, !rtl).layout()?;
    let laid = align.layout()?;
    if laid.leaves_out || laid.spaces < PROOF || laid.surer_than(&mirrored) < SURE {
        return None;
    }
    let placed = align.placed(&laid);
    let share = Share {
        width: ink.width as f64,
        height: ink.height as f64,
        slope: rows.slope,
    };
    Some(laid_out(page, &words, &rows.lines, &placed, share))
}

/// The lines of the text, each cut where it goes on in another line of the picture.
fn laid_out(
    page: &PageText,
    words: &[Vec<&str>],
    rows: &[InkLine],
    placed: &[Placed],
    share: Share,
) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut places = placed.iter();
    for (own, words) in page.lines.iter().zip(words) {
        let mut row = None;
        for word in words {
            let Some(place) = places.next() else { break };
            let Some(ink) = rows.get(place.row) else {
                continue;
            };
            let area = share.area(ink, place.left, place.right);
            if row != Some(place.row) {
                lines.push(Line {
                    text: String::new(),
                    starts: own.starts && row.is_none(),
                    area: Some(area),
                    words: Vec::new(),
                    ..own.clone()
                });
                row = Some(place.row);
            }
            let Some(line) = lines.last_mut() else { break };
            if !line.text.is_empty() {
                line.text.push(' ');
            }
            let start = line.text.len();
            line.text.push_str(word);
            let end = line.text.len();
            line.words.push(Word { start, end, area });
            line.area = line.area.map(|all| Area {
                left: all.left.min(area.left),
                top: all.top.min(area.top),
                right: all.right.max(area.right),
                bottom: all.bottom.max(area.bottom),
            });
        }
    }
    lines
}

/// From pixels of the picture to shares of the page.
#[derive(Clone, Copy)]
struct Share {
    width: f64,
    height: f64,
    slope: f64,
}

impl Share {
    /// A part of a line of ink, from a column to another.
    fn area(&self, row: &InkLine, left: usize, right: usize) -> Area {
        // Lines are found as if they were level: put it back to where it stands.
        let middle = (left + right) as f64 / 2.0 - self.width / 2.0;
        let down = middle * self.slope;
        let share = |at: f64, length: f64| (at / length).clamp(0.0, 1.0);
        Area {
            left: share(left as f64, self.width),
            top: share(row.top as f64 + down, self.height),
            right: share(right as f64, self.width),
            bottom: share(row.bottom as f64 + down, self.height),
        }
    }
}

#[cfg(test)]
mod tests;
