//! The lines of ink on a page: how they slope, how far they are from one another, where each begins and ends.

use super::ink::Ink;

/// The lines of a page, from the top.
pub(super) struct Rows {
    pub(super) lines: Vec<InkLine>,
    /// Pixels from one line to the next.
    pub(super) pitch: f32,
    /// By how many pixels a line falls for each pixel to the right.
    pub(super) slope: f64,
    width: usize,
}

/// A line of ink, as if the page were level.
pub(super) struct InkLine {
    pub(super) top: usize,
    pub(super) bottom: usize,
    pub(super) left: usize,
    pub(super) right: usize,
    /// Whether there is ink in a column, from `left` to `right`.
    pub(super) columns: Vec<bool>,
}

/// How far a page may be turned, and how finely that is tried: tangents of two degrees and an eighth.
const TURNED: (i32, f64) = (16, 0.002_182);

/// A line has at least this share of the ink of a full one.
const FAINT: f64 = 0.08;

impl Rows {
    /// `None` where there are no lines one under the other.
    pub(super) fn of(ink: &Ink) -> Option<Rows> {
        let slope = slope(ink);
        let profile = profile(ink, slope);
        let pitch = pitch(&profile)?;
        let smooth = blurred(&profile, pitch as f64 / 6.0);
        let peaks = peaks(&smooth, pitch as f64);
        let bands = bands(&smooth, &peaks, pitch as f64);
        let mut lines: Vec<InkLine> = bands
            .iter()
            .map(|(top, bottom)| InkLine {
                top: *bottom,
                bottom: *top,
                left: 0,
                right: 0,
                columns: vec![false; ink.width],
            })
            .collect();
        // Of each row the line that it is in.
        let mut of_row = vec![usize::MAX; ink.height];
        for (i, (top, bottom)) in bands.iter().enumerate() {
            if let Some(rows) = of_row.get_mut(*top..*bottom) {
                rows.fill(i);
            }
        }
        for (x, y) in level(ink, slope) {
            let line = of_row.get(y).and_then(|i| lines.get_mut(*i));
            if let Some(line) = line {
                (line.top, line.bottom) = (line.top.min(y), line.bottom.max(y + 1));
                if let Some(column) = line.columns.get_mut(x as usize) {
                    *column = true;
                }
            }
        }
        lines.iter_mut().for_each(|line| line.trim(pitch as f64));
        lines.retain(|line| line.right > line.left && line.bottom > line.top);
        (lines.len() > 1).then_some(Rows {
            lines,
            pitch: pitch as f32,
            slope,
            width: ink.width,
        })
    }

    /// Whether there is a strip down the page in which hardly any line has ink, and to both sides of which
    /// most of them have: the text is in columns.
    pub(super) fn has_columns(&self) -> bool {
        let all = self.lines.len();
        let mut empty = 0.0;
        for x in 0..self.width {
            let across = (self.lines.iter()).filter(|line| line.left < x && x < line.right);
            let inked = across
                .clone()
                .filter(|line| line.columns.get(x - line.left) == Some(&true))
                .count();
            let across = across.count();
            if across * 2 > all && inked * 10 <= across {
                empty += 1.0;
                if empty >= self.pitch * 0.35 {
                    return true;
                }
            } else {
                empty = 0.0;
            }
        }
        false
    }
}

impl InkLine {
    pub(super) fn width(&self) -> f32 {
        (self.right - self.left) as f32
    }

    /// Takes away what is empty before and after the line, and what lies by itself there: the rest of a frame.
    fn trim(&mut self, pitch: f64) {
        let inked = |(x, is_ink): (usize, &bool)| is_ink.then_some(x);
        let ends = |columns: &[bool]| {
            let first = columns.iter().enumerate().find_map(inked)?;
            let last = columns.iter().enumerate().rev().find_map(inked)?;
            Some((first, last + 1))
        };
        let Some((mut left, mut right)) = ends(&self.columns) else {
            return;
        };
        // The dot at the end of a sentence may stand by itself too, but nearer.
        let (narrow, away) = (pitch * 0.25, pitch * 0.5);
        let alone = |of: &mut dyn Iterator<Item = bool>| {
            let mut of = of.peekable();
            let (mut dark, mut light) = (0, 0);
            while of.next_if_eq(&true).is_some() {
                dark += 1;
            }
            while of.next_if_eq(&false).is_some() {
                light += 1;
            }
            let is_alone = (dark as f64) < narrow && light as f64 > away && of.peek().is_some();
            is_alone.then_some(dark + light)
        };
        let within = |left: usize, right: usize| self.columns.get(left..right).unwrap_or_default();
        while let Some(more) = alone(&mut within(left, right).iter().copied()) {
            left += more;
        }
        while let Some(more) = alone(&mut within(left, right).iter().rev().copied()) {
            right -= more;
        }
        self.columns = within(left, right).to_vec();
        (self.left, self.right) = (left, right);
    }
}

/// The pixels as they lie when the page is turned by a slope.
fn level(ink: &Ink, slope: f64) -> impl Iterator<Item = (u32, usize)> {
    let middle = ink.width as f64 / 2.0;
    ink.dots.iter().map(move |(x, y)| {
        let y = f64::from(*y) - (f64::from(*x) - middle) * slope;
        (*x, y.round().clamp(0.0, ink.height as f64 - 1.0) as usize)
    })
}

/// How many pixels each row has when the page is turned by a slope.
fn profile(ink: &Ink, slope: f64) -> Vec<f64> {
    let mut rows = vec![0f64; ink.height];
    for (_, y) in level(ink, slope) {
        if let Some(row) = rows.get_mut(y) {
            *row += 1.0;
        }
    }
    rows
}

/// The slope at which rows differ most from one another; of equal ones the least.
fn slope(ink: &Ink) -> f64 {
    let mut best = (0.0, 0.0);
    let mut steps: Vec<i32> = (-TURNED.0..=TURNED.0).collect();
    steps.sort_by_key(|step| (step.abs(), *step));
    for step in steps {
        let slope = f64::from(step) * TURNED.1;
        let rows = profile(ink, slope);
        let pairs = rows.iter().zip(rows.iter().skip(1));
        let contrast: f64 = pairs.map(|(one, next)| (next - one) * (next - one)).sum();
        if contrast > best.0 * 1.0001 {
            best = (contrast, slope);
        }
    }
    best.1
}

/// The distance of the lines: the first at which the rows are again as they were.
fn pitch(profile: &[f64]) -> Option<usize> {
    const LEAST: usize = 8;
    let mean = profile.iter().sum::<f64>() / profile.len() as f64;
    let own: Vec<f64> = profile.iter().map(|row| row - mean).collect();
    let alike = |distance: usize| -> f64 {
        let pairs = own.iter().zip(own.iter().skip(distance));
        pairs.map(|(one, other)| one * other).sum::<f64>() / (own.len() - distance) as f64
    };
    let all: Vec<f64> = (LEAST - 1..=profile.len() / 6 + 1).map(alike).collect();
    let most = all.iter().skip(1).copied().fold(0.0, f64::max);
    let mut windows = all.windows(3).zip(LEAST..);
    windows.find_map(|(three, distance)| match three {
        [before, own, after] if own >= before && own > after && *own >= most * 0.5 => {
            Some(distance)
        }
        _ => None,
    })
}

/// A profile, each row the mean of those around it by the bell of a deviation in rows.
fn blurred(profile: &[f64], deviation: f64) -> Vec<f64> {
    let reach = (deviation * 3.0).ceil() as usize;
    let weights: Vec<f64> = (0..=reach)
        .map(|d| d as f64 / deviation)
        .map(|away| libm::exp(-away * away / 2.0))
        .collect();
    let at = |y: Option<usize>| y.and_then(|y| profile.get(y)).copied().unwrap_or_default();
    (0..profile.len())
        .map(|y| {
            let around = weights.iter().enumerate().skip(1);
            let around = around
                .map(|(d, weight)| weight * (at(y.checked_sub(d)) + at(Some(y + d))))
                .sum::<f64>();
            at(Some(y)) + around
        })
        .collect()
}

/// The rows in the middle of the lines, from the top.
fn peaks(smooth: &[f64], pitch: f64) -> Vec<usize> {
    let mut sorted: Vec<f64> = smooth.to_vec();
    sorted.sort_by(f64::total_cmp);
    let full = sorted.get(sorted.len() * 97 / 100).copied();
    let least = full.unwrap_or_default() * FAINT;
    let mut tops: Vec<(f64, usize)> = smooth
        .windows(3)
        .zip(1..)
        .filter_map(|(three, y)| match three {
            [before, own, after] if own >= before && own > after && *own > least => Some((*own, y)),
            _ => None,
        })
        .collect();
    tops.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut kept: Vec<usize> = Vec::new();
    for (_, y) in tops {
        if kept.iter().all(|own| own.abs_diff(y) as f64 > pitch * 0.55) {
            kept.push(y);
        }
    }
    kept.sort_unstable();
    kept
}

/// The rows of each line: to where there is least ink between it and the next.
fn bands(smooth: &[f64], peaks: &[usize], pitch: f64) -> Vec<(usize, usize)> {
    let least = |from: usize, to: usize| {
        let rows = smooth.get(from..to).unwrap_or_default().iter().enumerate();
        rows.min_by(|one, other| one.1.total_cmp(other.1))
            .map_or(from, |(i, _)| from + i)
    };
    let (above, below) = ((pitch * 0.8) as usize, (pitch * 0.6) as usize);
    peaks
        .iter()
        .enumerate()
        .map(|(i, y)| {
            let before = i.checked_sub(1).and_then(|i| peaks.get(i));
            let top = before.map_or(0, |before| least(*before, *y));
            let bottom = (peaks.get(i + 1)).map_or(smooth.len(), |next| least(*y, *next));
            let (first, last) = (y.saturating_sub(above), y + below);
            (top.max(first), bottom.min(last))
        })
        .collect()
}
