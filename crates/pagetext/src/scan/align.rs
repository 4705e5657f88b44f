//! Which words stand in which line of ink, and where in it.
//!
//! The words are laid over the lines one after the other, by dynamic programming: a line takes as many as
//! fill it, and better those between which it has gaps. What is typed in lines is taken to be printed in the
//! same lines, if the lengths allow for it. A line of ink without words is a page number or an ornament.

use super::rows::{InkLine, Rows};
use super::width::{SPACE, width};

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    /// The number of the line of ink.
    pub(super) row: usize,
    /// Its first column.
    pub(super) left: usize,
    /// The column after its last.
    pub(super) right: usize,
}

/// What a choice costs, in shares of a full line that does not fit by e.
mod cost {
    /// A line is longer or shorter than its words.
    pub(super) const FIT: f32 = 3.0;
    /// No gap is where there should be one, of all of a line.
    pub(super) const GAPS: f32 = 1.5;
    /// A full line of ink has no words.
    pub(super) const LEFT_OUT: f32 = 0.9;
    /// So has a dot.
    pub(super) const LEFT_OUT_AT_ALL: f32 = 0.05;
    /// A line of ink ends where none of the text does.
    pub(super) const NO_BREAK: f32 = 0.12;
    /// A line of the text ends within a line of ink.
    pub(super) const BREAK_WITHIN: f32 = 0.35;
}

/// A line takes words that come to between these shares of its length, and in any case one.
const FITTING: std::ops::RangeInclusive<f32> = 0.6..=1.6;

/// A line has at most so many words.
const MOST_IN_LINE: usize = 60;

/// By so many full lines the words before a line may come to more or less than the lines before it.
const AHEAD: f32 = 8.0;

/// The size of the letters is measured on the lines again so many times at most.
const ROUNDS: usize = 4;

/// A space between words is about this share of the distance of lines; gaps are as good as they are wide.
const GAP: f32 = 0.2;

/// The words of a text, and the lines over which they are laid.
pub(super) struct Align<'a> {
    rows: &'a [InkLine],
    pitch: f32,
    rtl: bool,
    /// The length of a full line.
    full: f32,
    /// Of each line how much of a gap there is, from 0 to 1, from where it begins in reading.
    gaps: Vec<Vec<f32>>,
    /// Before each word, and after the last, the width of all words so far, each with a space.
    until: Vec<f32>,
    /// Whether a line of the text ends before a word, and after the last.
    breaks: Vec<bool>,
}

/// How the words are laid out.
pub(super) struct Layout {
    /// Of each line the first word, and the one after the last.
    spans: Vec<(usize, usize)>,
    /// How many spaces between words there are within lines.
    pub(super) spaces: usize,
    /// How much more of a gap a space between words is than another place in its line, in the mean.
    pub(super) met: f32,
    /// The variance of that.
    pub(super) variance: f32,
    /// Whether there is more than one line of ink, or one in eight, that might hold text and has none.
    pub(super) leaves_out: bool,
}

impl Layout {
    /// By how many standard errors the gaps speak for this layout more than for another of the same words.
    pub(super) fn surer_than(&self, other: &Layout) -> f32 {
        let error = (self.variance + other.variance) / self.spaces.max(1) as f32;
        (self.met - other.met) / error.sqrt().max(f32::MIN_POSITIVE)
    }
}

impl<'a> Align<'a> {
    /// The words come line by line.
    pub(super) fn new(words: &[Vec<&str>], rows: &'a Rows, rtl: bool) -> Align<'a> {
        let mut until = vec![0.0];
        let mut breaks = vec![true];
        let mut all = 0.0;
        for line in words {
            for word in line {
                all += width(word) + SPACE;
                until.push(all);
                breaks.push(false);
            }
            if let Some(last) = breaks.last_mut() {
                *last = true;
            }
        }
        let mut lengths: Vec<f32> = rows.lines.iter().map(InkLine::width).collect();
        lengths.sort_by(f32::total_cmp);
        let full = lengths.get(lengths.len() * 4 / 5).copied();
        Align {
            rows: &rows.lines,
            pitch: rows.pitch,
            rtl,
            full: full.unwrap_or(1.0),
            gaps: (rows.lines.iter())
                .map(|line| gaps(line, rows.pitch, rtl))
                .collect(),
            until,
            breaks,
        }
    }

    fn words(&self) -> usize {
        self.until.len() - 1
    }

    /// The width of some words, with the spaces between them.
    fn length(&self, first: usize, end: usize) -> f32 {
        let at = |i: usize| self.until.get(i).copied().unwrap_or_default();
        at(end) - at(first) - SPACE
    }

    /// Lays the words out by a size of letters, measures that on the lines, and does so again.
    pub(super) fn layout(&self) -> Option<Layout> {
        let is_long = |row: &&InkLine| row.width() > self.full / 2.0;
        let long: f32 = self.rows.iter().filter(is_long).map(InkLine::width).sum();
        let mut scale = long / self.length(0, self.words()).max(1.0);
        let mut spans = Vec::new();
        for _ in 0..ROUNDS {
            spans = self.spans(scale)?;
            let long = self.rows.iter().zip(&spans);
            let mut sizes: Vec<f32> = long
                .filter(|(row, (first, end))| first < end && is_long(row))
                .map(|(row, (first, end))| row.width() / self.length(*first, *end))
                .collect();
            sizes.sort_by(f32::total_cmp);
            let measured = sizes.get(sizes.len() / 2).copied()?;
            let is_settled = (measured / scale - 1.0).abs() < 0.005;
            scale = measured;
            if is_settled {
                break;
            }
        }
        Some(self.rated(spans))
    }

    /// The cheapest way to lay the words over the lines.
    fn spans(&self, scale: f32) -> Option<Vec<(usize, usize)>> {
        let words = self.words();
        let mut cheapest = vec![f32::INFINITY; words + 1];
        *cheapest.first_mut()? = 0.0;
        // Of each line, and each number of words so far, with which word the line begins.
        let mut ways: Vec<Vec<u32>> = Vec::new();
        let mut lines_before = 0.0;
        for (row, gaps) in self.rows.iter().zip(&self.gaps) {
            let share = row.width() / self.full;
            let mut next: Vec<(f32, u32)> = vec![(f32::INFINITY, 0); words + 1];
            let mut offer = |end: usize, cost: f32, first: usize| {
                if let Some(own) = next.get_mut(end)
                    && cost < own.0
                {
                    *own = (cost, first as u32);
                }
            };
            for (first, (so_far, until)) in cheapest.iter().zip(&self.until).enumerate() {
                let ahead = (until * scale - lines_before).abs();
                if so_far.is_infinite() || ahead > self.full * AHEAD {
                    continue;
                }
                let left_out = cost::LEFT_OUT * share + cost::LEFT_OUT_AT_ALL;
                offer(first, so_far + left_out, first);
                let mut within = 0.0;
                for end in first + 1..=words.min(first + MOST_IN_LINE) {
                    let length = self.length(first, end);
                    let fit = scale * length / row.width();
                    if fit > *FITTING.end() && end > first + 1 {
                        break;
                    }
                    let is_break = self.breaks.get(end) == Some(&true);
                    if FITTING.contains(&fit) || is_break || end == first + 1 {
                        let missed = self.missed(first, end, row, gaps);
                        let cost = so_far
                            + libm::logf(fit).abs().min(1.5) * cost::FIT * share.sqrt()
                            + missed * cost::GAPS * share
                            + within
                            + if is_break { 0.0 } else { cost::NO_BREAK };
                        offer(end, cost, first);
                    }
                    if is_break {
                        within += cost::BREAK_WITHIN;
                    }
                }
            }
            lines_before += row.width();
            cheapest = next.iter().map(|(cost, _)| *cost).collect();
            ways.push(next.iter().map(|(_, first)| *first).collect());
        }
        cheapest.last().filter(|cost| cost.is_finite())?;
        let mut end = words;
        let mut spans = Vec::new();
        for firsts in ways.iter().rev() {
            let first = *firsts.get(end)? as usize;
            spans.push((first, end));
            end = first;
        }
        spans.reverse();
        Some(spans)
    }

    /// The columns between the words of a line, from where it begins in reading, if the words fill it.
    fn between(
        &self,
        first: usize,
        end: usize,
        row: &InkLine,
    ) -> impl Iterator<Item = f32> + use<'_> {
        let scale = row.width() / self.length(first, end);
        (first + 1..end).map(move |word| (self.length(first, word) + SPACE / 2.0) * scale)
    }

    /// Which part of the spaces between words is no gap; a half where there is none to ask.
    fn missed(&self, first: usize, end: usize, row: &InkLine, gaps: &[f32]) -> f32 {
        let (mut met, mut all) = (0.0, 0.0);
        for column in self.between(first, end, row) {
            met += gaps.get(column as usize).copied().unwrap_or_default();
            all += 1.0;
        }
        if all == 0.0 { 0.5 } else { 1.0 - met / all }
    }

    /// A layout, and what speaks for it.
    fn rated(&self, spans: Vec<(usize, usize)>) -> Layout {
        let (mut sum, mut squares, mut spaces) = (0f32, 0f32, 0);
        let (mut long, mut left_out) = (0, 0);
        for ((row, gaps), (first, end)) in self.rows.iter().zip(&self.gaps).zip(&spans) {
            if row.width() > self.full / 2.0 {
                long += 1;
                left_out += usize::from(first == end);
            }
            let mean = gaps.iter().sum::<f32>() / gaps.len().max(1) as f32;
            for column in self.between(*first, *end, row) {
                let more = gaps.get(column as usize).copied().unwrap_or_default() - mean;
                sum += more;
                squares += more * more;
                spaces += 1;
            }
        }
        let count = spaces.max(1) as f32;
        let met = sum / count;
        Layout {
            spans,
            spaces,
            met,
            variance: squares / count - met * met,
            leaves_out: left_out > (long / 8).max(1),
        }
    }

    /// Where each word of a layout begins and ends: at the gaps next to where they should.
    pub(super) fn placed(&self, layout: &Layout) -> Vec<Placed> {
        let mut placed = Vec::new();
        let lines = self.rows.iter().zip(&self.gaps).zip(&layout.spans);
        for (number, ((row, gaps), (first, end))) in lines.enumerate() {
            if first == end {
                continue;
            }
            let mut edges = vec![0.0];
            let reach = self.pitch * 0.5;
            for column in self.between(*first, *end, row) {
                let before = edges.last().copied().unwrap_or_default();
                let near = (column - reach).max(before + 1.0) as usize..(column + reach) as usize;
                let rated = near.filter_map(|at| {
                    let away = (at as f32 - column) / (reach / 2.0);
                    Some((at as f32, gaps.get(at)? * libm::expf(-away * away / 2.0)))
                });
                let best = rated.max_by(|one, other| one.1.total_cmp(&other.1));
                let snapped = best.filter(|(_, worth)| *worth > 0.05);
                edges.push(snapped.map_or(column, |(at, _)| at).max(before + 1.0));
            }
            edges.push(row.width());
            for edge in edges.windows(2) {
                let [from, to] = edge else { continue };
                placed.push(self.trimmed(number, row, *from as usize, *to as usize));
            }
        }
        placed
    }

    /// A word between two columns in reading, without what is empty before and after it.
    fn trimmed(&self, number: usize, row: &InkLine, from: usize, to: usize) -> Placed {
        let all = row.right - row.left;
        let (from, to) = (from.min(all - 1), to.clamp(from.min(all - 1) + 1, all));
        let (from, to) = if self.rtl {
            (all - to, all - from)
        } else {
            (from, to)
        };
        let columns = row.columns.get(from..to).unwrap_or_default();
        let first = columns.iter().position(|ink| *ink).unwrap_or(0);
        let last = columns
            .iter()
            .rposition(|ink| *ink)
            .unwrap_or(to - from - 1);
        Placed {
            row: number,
            left: row.left + from + first,
            right: row.left + from + last + 1,
        }
    }
}

/// Of each column of a line, in reading, how much it is the middle of a gap.
fn gaps(line: &InkLine, pitch: f32, rtl: bool) -> Vec<f32> {
    let mut columns = line.columns.clone();
    if rtl {
        columns.reverse();
    }
    let mut gaps = vec![0f32; columns.len()];
    let deviation = pitch * 0.18;
    let mut start = 0;
    for part in columns.chunk_by(|one, other| one == other) {
        let end = start + part.len();
        if part.first() == Some(&false) {
            let worth = (part.len() as f32 / (pitch * GAP)).min(1.0);
            let middle = (start + end) as f32 / 2.0;
            let reach = deviation * 4.0;
            let near = (middle - reach).max(0.0) as usize..(middle + reach) as usize;
            for (at, own) in gaps.iter_mut().enumerate().take(near.end).skip(near.start) {
                let away = (at as f32 - middle) / deviation;
                *own = own.max(worth * libm::expf(-away * away / 2.0));
            }
        }
        start = end;
    }
    gaps
}
