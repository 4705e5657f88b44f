//! Assignment of words to lines of ink, and computation of the positions of the words in these
//! lines.
//!
//! Dynamic programming distributes the words over consecutive lines. Each line is assigned about as
//! many words as are needed to fill it, preferably such that the spaces between them coincide with
//! gaps. Line breaks in the text are expected to coincide with the ends of lines where the lengths
//! permit. A line of ink may remain without words, because it may be a page number or an ornament.

use super::ink_lines::{InkLine, InkLines};
use super::word_width::{SPACE, word_width};

/// The position of a word, in pixels of the levelled image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WordPosition {
    /// Index of the line of ink.
    pub(super) ink_line: usize,
    /// The first column of the word.
    pub(super) left: usize,
    /// The column after the last column of the word.
    pub(super) right: usize,
}

/// Costs of an assignment. Each cost is added when the described case occurs. The costs for a full
/// line are scaled with the length of the line.
mod cost {
    /// The length of a full line differs from the length of its words by a factor of e.
    pub(super) const LENGTH: f32 = 3.0;
    /// None of the spaces in a full line coincides with a gap.
    pub(super) const GAPS: f32 = 1.5;
    /// A full line of ink has no words.
    pub(super) const SKIPPED_LINE: f32 = 0.9;
    /// A line of ink has no words, regardless of its length.
    pub(super) const SKIPPED_LINE_BASE: f32 = 0.05;
    /// A line of ink ends where the text has no line break.
    pub(super) const NO_BREAK: f32 = 0.12;
    /// The text has a line break within a line of ink.
    pub(super) const BREAK_WITHIN: f32 = 0.35;
}

/// Permitted range of the total length of the words in a line, relative to the length of the line.
/// A line with a single word is exempt. The lower bound does not apply to a line that ends at a
/// line break in the text.
const LENGTH_RATIO: std::ops::RangeInclusive<f32> = 0.6..=1.6;

/// Maximum number of words per line.
const MAX_WORDS_PER_LINE: usize = 60;

/// Maximum difference between the total length of the words before a line and the total length of
/// the preceding lines, in multiples of the length of a full line.
const MAX_DRIFT: f32 = 8.0;

/// Maximum number of iterations in which the scale is estimated.
const MAX_ITERATIONS: usize = 4;

/// Typical width of a space, relative to the distance between lines. Wider gaps do not score
/// higher.
const SPACE_PER_PITCH: f32 = 0.2;

/// Assigns the words of a text to lines of ink.
pub(super) struct Assigner<'a> {
    ink_lines: &'a [InkLine],
    /// Distance between adjacent lines in pixels.
    pitch: f32,
    is_rtl: bool,
    /// Length of a full line in pixels.
    full_length: f32,
    /// For each line, the gap scores of its columns, from 0 to 1, in reading direction.
    gap_scores: Vec<Vec<f32>>,
    /// For each word, the total width of the words before it. The last element is the total width
    /// of all words. Each width includes the space after the word.
    prefix_widths: Vec<f32>,
    /// For each word, `true` if the text has a line break before it. The last element stands for
    /// the end of the text.
    breaks: Vec<bool>,
}

/// An assignment of words to lines.
pub(super) struct Assignment {
    /// For each line of ink, the index of its first word and the index after its last word.
    spans: Vec<(usize, usize)>,
    /// Number of spaces between words in the same line.
    pub(super) space_count: usize,
    /// Mean difference between the gap score at a space and the mean gap score of its line.
    mean_gain: f32,
    /// Variance of this difference.
    variance: f32,
    /// `true` if more than one long line of ink and more than one in eight long lines have no
    /// words.
    pub(super) skips_lines: bool,
}

impl Assignment {
    /// Returns the number of standard errors by which the gaps favour this assignment over `other`,
    /// an assignment of the same words.
    pub(super) fn confidence_over(&self, other: &Assignment) -> f32 {
        let error = (self.variance + other.variance) / self.space_count.max(1) as f32;
        (self.mean_gain - other.mean_gain) / error.sqrt().max(f32::MIN_POSITIVE)
    }
}

impl<'a> Assigner<'a> {
    /// Creates an assigner. `words` contains the words of each line of the text.
    pub(super) fn new(words: &[Vec<&str>], ink_lines: &'a InkLines, is_rtl: bool) -> Assigner<'a> {
        let mut prefix_widths = vec![0.0];
        let mut breaks = vec![true];
        let mut total = 0.0;
        for line in words {
            for word in line {
                total += word_width(word) + SPACE;
                prefix_widths.push(total);
                breaks.push(false);
            }
            if let Some(last) = breaks.last_mut() {
                *last = true;
            }
        }
        let mut lengths: Vec<f32> = ink_lines.lines.iter().map(InkLine::width).collect();
        lengths.sort_by(f32::total_cmp);
        let full_length = lengths.get(lengths.len() * 4 / 5).copied();
        Assigner {
            ink_lines: &ink_lines.lines,
            pitch: ink_lines.pitch,
            is_rtl,
            full_length: full_length.unwrap_or(1.0),
            gap_scores: (ink_lines.lines.iter())
                .map(|line| gap_scores(line, ink_lines.pitch, is_rtl))
                .collect(),
            prefix_widths,
            breaks,
        }
    }

    fn word_count(&self) -> usize {
        self.prefix_widths.len() - 1
    }

    /// Returns the width of the words from `first` up to but not including `end`, with the spaces
    /// between them.
    fn words_width(&self, first: usize, end: usize) -> f32 {
        let prefix = |i: usize| self.prefix_widths.get(i).copied().unwrap_or_default();
        prefix(end) - prefix(first) - SPACE
    }

    /// Assigns the words. Estimates the scale from the assignment, and repeats the assignment with
    /// the new scale until the scale hardly changes. Returns `None` if no assignment is possible.
    pub(super) fn assign(&self) -> Option<Assignment> {
        let is_long = |line: &&InkLine| line.width() > self.full_length / 2.0;
        let ink_length: f32 = self
            .ink_lines
            .iter()
            .filter(is_long)
            .map(InkLine::width)
            .sum();
        // Pixels per unit of word width.
        let mut scale = ink_length / self.words_width(0, self.word_count()).max(1.0);
        let mut spans = Vec::new();
        for _ in 0..MAX_ITERATIONS {
            spans = self.cheapest_spans(scale)?;
            let lines = self.ink_lines.iter().zip(&spans);
            let mut scales: Vec<f32> = lines
                .filter(|(line, (first, end))| first < end && is_long(line))
                .map(|(line, (first, end))| line.width() / self.words_width(*first, *end))
                .collect();
            scales.sort_by(f32::total_cmp);
            let median = scales.get(scales.len() / 2).copied()?;
            let has_converged = (median / scale - 1.0).abs() < 0.005;
            scale = median;
            if has_converged {
                break;
            }
        }
        Some(self.evaluate(spans))
    }

    /// Returns the assignment with the lowest cost: for each line of ink, the index of its first
    /// word and the index after its last word.
    fn cheapest_spans(&self, scale: f32) -> Option<Vec<(usize, usize)>> {
        let word_count = self.word_count();
        // For each number of words, the cost of assigning that many words to the lines processed so
        // far.
        let mut costs = vec![f32::INFINITY; word_count + 1];
        *costs.first_mut()? = 0.0;
        // For each line, and each number of words up to the end of the line, the first word of the
        // line.
        let mut first_words: Vec<Vec<u32>> = Vec::new();
        let mut previous_length = 0.0;
        for (line, gap_scores) in self.ink_lines.iter().zip(&self.gap_scores) {
            let weight = line.width() / self.full_length;
            let mut next: Vec<(f32, u32)> = vec![(f32::INFINITY, 0); word_count + 1];
            let mut relax = |end: usize, cost: f32, first: usize| {
                if let Some(entry) = next.get_mut(end)
                    && cost < entry.0
                {
                    *entry = (cost, first as u32);
                }
            };
            for (first, (base_cost, prefix_width)) in
                costs.iter().zip(&self.prefix_widths).enumerate()
            {
                let drift = (prefix_width * scale - previous_length).abs();
                if base_cost.is_infinite() || drift > self.full_length * MAX_DRIFT {
                    continue;
                }
                let skip_cost = cost::SKIPPED_LINE * weight + cost::SKIPPED_LINE_BASE;
                relax(first, base_cost + skip_cost, first);
                let mut break_cost = 0.0;
                for end in first + 1..=word_count.min(first + MAX_WORDS_PER_LINE) {
                    let ratio = scale * self.words_width(first, end) / line.width();
                    if ratio > *LENGTH_RATIO.end() && end > first + 1 {
                        break;
                    }
                    let is_break = self.breaks.get(end) == Some(&true);
                    if LENGTH_RATIO.contains(&ratio) || is_break || end == first + 1 {
                        let missed = self.missed_gaps(first, end, line, gap_scores);
                        let cost = base_cost
                            + libm::logf(ratio).abs().min(1.5) * cost::LENGTH * weight.sqrt()
                            + missed * cost::GAPS * weight
                            + break_cost
                            + if is_break { 0.0 } else { cost::NO_BREAK };
                        relax(end, cost, first);
                    }
                    if is_break {
                        break_cost += cost::BREAK_WITHIN;
                    }
                }
            }
            previous_length += line.width();
            costs = next.iter().map(|(cost, _)| *cost).collect();
            first_words.push(next.iter().map(|(_, first)| *first).collect());
        }
        costs.last().filter(|cost| cost.is_finite())?;
        let mut end = word_count;
        let mut spans = Vec::new();
        for firsts in first_words.iter().rev() {
            let first = *firsts.get(end)? as usize;
            spans.push((first, end));
            end = first;
        }
        spans.reverse();
        Some(spans)
    }

    /// Returns the columns of the centres of the spaces if the given words fill a line. Columns are
    /// counted from the start of the line in reading direction.
    fn space_columns(
        &self,
        first: usize,
        end: usize,
        line: &InkLine,
    ) -> impl Iterator<Item = f32> + use<'_> {
        let scale = line.width() / self.words_width(first, end);
        (first + 1..end).map(move |word| (self.words_width(first, word) + SPACE / 2.0) * scale)
    }

    /// Returns 1 minus the mean gap score at the spaces, that is, the share of spaces that do not
    /// coincide with a gap. Returns 0.5 if there are no spaces.
    fn missed_gaps(&self, first: usize, end: usize, line: &InkLine, gap_scores: &[f32]) -> f32 {
        let (mut score, mut count) = (0.0, 0.0);
        for column in self.space_columns(first, end, line) {
            score += gap_scores.get(column as usize).copied().unwrap_or_default();
            count += 1.0;
        }
        if count == 0.0 {
            0.5
        } else {
            1.0 - score / count
        }
    }

    /// Computes the statistics of an assignment.
    fn evaluate(&self, spans: Vec<(usize, usize)>) -> Assignment {
        let (mut sum, mut sum_of_squares, mut space_count) = (0f32, 0f32, 0);
        let (mut long_lines, mut skipped_lines) = (0, 0);
        for ((line, gap_scores), (first, end)) in
            self.ink_lines.iter().zip(&self.gap_scores).zip(&spans)
        {
            if line.width() > self.full_length / 2.0 {
                long_lines += 1;
                skipped_lines += usize::from(first == end);
            }
            let mean = gap_scores.iter().sum::<f32>() / gap_scores.len().max(1) as f32;
            for column in self.space_columns(*first, *end, line) {
                let score = gap_scores.get(column as usize).copied().unwrap_or_default();
                let gain = score - mean;
                sum += gain;
                sum_of_squares += gain * gain;
                space_count += 1;
            }
        }
        let count = space_count.max(1) as f32;
        let mean_gain = sum / count;
        Assignment {
            spans,
            space_count,
            mean_gain,
            variance: sum_of_squares / count - mean_gain * mean_gain,
            skips_lines: skipped_lines > (long_lines / 8).max(1),
        }
    }

    /// Returns the position of each word in an assignment. Two words are separated at a gap close
    /// to their expected boundary, or at the boundary itself if there is no such gap.
    pub(super) fn word_positions(&self, assignment: &Assignment) -> Vec<WordPosition> {
        let mut positions = Vec::new();
        let lines = self
            .ink_lines
            .iter()
            .zip(&self.gap_scores)
            .zip(&assignment.spans);
        for (index, ((line, gap_scores), (first, end))) in lines.enumerate() {
            if first == end {
                continue;
            }
            let mut boundaries = vec![0.0];
            let radius = self.pitch * 0.5;
            for column in self.space_columns(*first, *end, line) {
                let previous = boundaries.last().copied().unwrap_or_default();
                let search_start = (column - radius).max(previous + 1.0) as usize;
                let candidates = search_start..(column + radius) as usize;
                let scored = candidates.filter_map(|candidate| {
                    let z = (candidate as f32 - column) / (radius / 2.0);
                    let score = gap_scores.get(candidate)? * libm::expf(-z * z / 2.0);
                    Some((candidate as f32, score))
                });
                let best = scored.max_by(|a, b| a.1.total_cmp(&b.1));
                let gap = best.filter(|(_, score)| *score > 0.05);
                boundaries.push(gap.map_or(column, |(gap, _)| gap).max(previous + 1.0));
            }
            boundaries.push(line.width());
            for pair in boundaries.windows(2) {
                let [start, end] = pair else { continue };
                positions.push(self.trim(index, line, *start as usize, *end as usize));
            }
        }
        positions
    }

    /// Returns the position of a word that lies between two columns, counted in reading direction.
    /// Empty columns at both ends are not part of the word.
    fn trim(&self, ink_line: usize, line: &InkLine, start: usize, end: usize) -> WordPosition {
        let width = line.right - line.left;
        let start = start.min(width - 1);
        let end = end.clamp(start + 1, width);
        let (left, right) = if self.is_rtl {
            (width - end, width - start)
        } else {
            (start, end)
        };
        let columns = line.columns.get(left..right).unwrap_or_default();
        let first = columns.iter().position(|has_ink| *has_ink).unwrap_or(0);
        let last = columns
            .iter()
            .rposition(|has_ink| *has_ink)
            .unwrap_or(right - left - 1);
        WordPosition {
            ink_line,
            left: line.left + left + first,
            right: line.left + left + last + 1,
        }
    }
}

/// Returns the gap score of each column of a line, in reading direction. A score is close to 1 near
/// the centre of a wide gap, and 0 far from any gap.
fn gap_scores(line: &InkLine, pitch: f32, is_rtl: bool) -> Vec<f32> {
    let mut columns = line.columns.clone();
    if is_rtl {
        columns.reverse();
    }
    let mut scores = vec![0f32; columns.len()];
    let deviation = pitch * 0.18;
    let mut start = 0;
    for run in columns.chunk_by(|a, b| a == b) {
        let end = start + run.len();
        if run.first() == Some(&false) {
            let max_score = (run.len() as f32 / (pitch * SPACE_PER_PITCH)).min(1.0);
            let centre = (start + end) as f32 / 2.0;
            let radius = deviation * 4.0;
            let range = (centre - radius).max(0.0) as usize..(centre + radius) as usize;
            for (column, score) in scores
                .iter_mut()
                .enumerate()
                .take(range.end)
                .skip(range.start)
            {
                let z = (column as f32 - centre) / deviation;
                *score = score.max(max_score * libm::expf(-z * z / 2.0));
            }
        }
        start = end;
    }
    scores
}
