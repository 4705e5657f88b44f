//! Detection of the lines of ink on a page, with their slope, spacing and extent.

use super::ink::Ink;

/// The lines of ink on a page, from top to bottom.
pub(super) struct InkLines {
    pub(super) lines: Vec<InkLine>,
    /// Distance between adjacent lines in pixels.
    pub(super) pitch: f32,
    /// Vertical distance in pixels by which a line descends per pixel to the right.
    pub(super) slope: f64,
    /// Width of the page in pixels.
    width: usize,
}

/// A line of ink on the levelled page, that is, after the slope of the lines has been removed.
pub(super) struct InkLine {
    pub(super) top: usize,
    pub(super) bottom: usize,
    pub(super) left: usize,
    pub(super) right: usize,
    /// For each column from `left` up to but not including `right`, `true` if it contains ink.
    pub(super) columns: Vec<bool>,
}

/// Maximum slope, in multiples of [`SLOPE_STEP`]. It corresponds to an angle of 2°.
const MAX_SLOPE_STEPS: i32 = 16;

/// Difference between successive slopes that are tried: the tangent of 1/8°.
const SLOPE_STEP: f64 = 0.002_182;

/// Minimum amount of ink in a row at the centre of a line, relative to a full line.
const MIN_INK: f64 = 0.08;

impl InkLines {
    /// Detects the lines of ink. Returns `None` if there are fewer than two.
    pub(super) fn detect(ink: &Ink) -> Option<InkLines> {
        let slope = slope(ink);
        let profile = row_profile(ink, slope);
        let pitch = pitch(&profile)?;
        let smooth = gaussian_blur(&profile, pitch as f64 / 6.0);
        let centres = line_centres(&smooth, pitch as f64);
        let bands = bands(&smooth, &centres, pitch as f64);
        let mut lines: Vec<InkLine> = bands
            .iter()
            .map(|(top, bottom)| InkLine {
                // The extent is empty at first. The ink pixels extend it in the loop below.
                top: *bottom,
                bottom: *top,
                left: 0,
                right: 0,
                columns: vec![false; ink.width],
            })
            .collect();
        // For each row, the index of its line.
        let mut line_of_row = vec![usize::MAX; ink.height];
        for (i, (top, bottom)) in bands.iter().enumerate() {
            if let Some(rows) = line_of_row.get_mut(*top..*bottom) {
                rows.fill(i);
            }
        }
        for (x, y) in levelled_pixels(ink, slope) {
            let line = line_of_row.get(y).and_then(|i| lines.get_mut(*i));
            if let Some(line) = line {
                (line.top, line.bottom) = (line.top.min(y), line.bottom.max(y + 1));
                if let Some(column) = line.columns.get_mut(x as usize) {
                    *column = true;
                }
            }
        }
        lines.iter_mut().for_each(|line| line.trim(pitch as f64));
        lines.retain(|line| line.right > line.left && line.bottom > line.top);
        (lines.len() > 1).then_some(InkLines {
            lines,
            pitch: pitch as f32,
            slope,
            width: ink.width,
        })
    }

    /// Returns `true` if the text is set in columns, that is, if there is a vertical strip in which
    /// hardly any line has ink although more than half of the lines extend to both sides of it.
    pub(super) fn has_columns(&self) -> bool {
        let line_count = self.lines.len();
        let mut empty_columns = 0.0;
        for x in 0..self.width {
            let crossing = (self.lines.iter()).filter(|line| line.left < x && x < line.right);
            let inked_count = crossing
                .clone()
                .filter(|line| line.columns.get(x - line.left) == Some(&true))
                .count();
            let crossing_count = crossing.count();
            if crossing_count * 2 > line_count && inked_count * 10 <= crossing_count {
                empty_columns += 1.0;
                if empty_columns >= self.pitch * 0.35 {
                    return true;
                }
            } else {
                empty_columns = 0.0;
            }
        }
        false
    }
}

impl InkLine {
    pub(super) fn width(&self) -> f32 {
        (self.right - self.left) as f32
    }

    /// Removes empty columns and isolated ink, such as the remains of a frame, from both ends of
    /// the line.
    fn trim(&mut self, pitch: f64) {
        let inked = |(x, has_ink): (usize, &bool)| has_ink.then_some(x);
        let ends = |columns: &[bool]| {
            let first = columns.iter().enumerate().find_map(inked)?;
            let last = columns.iter().enumerate().rev().find_map(inked)?;
            Some((first, last + 1))
        };
        let Some((mut left, mut right)) = ends(&self.columns) else {
            return;
        };
        // A full stop at the end of a sentence is also isolated, but closer to the text.
        let (max_width, min_gap) = (pitch * 0.25, pitch * 0.5);
        let isolated_width = |columns: &mut dyn Iterator<Item = bool>| {
            let mut columns = columns.peekable();
            let (mut inked, mut empty) = (0, 0);
            while columns.next_if_eq(&true).is_some() {
                inked += 1;
            }
            while columns.next_if_eq(&false).is_some() {
                empty += 1;
            }
            let is_isolated =
                (inked as f64) < max_width && empty as f64 > min_gap && columns.peek().is_some();
            is_isolated.then_some(inked + empty)
        };
        let columns = |left: usize, right: usize| self.columns.get(left..right).unwrap_or_default();
        while let Some(width) = isolated_width(&mut columns(left, right).iter().copied()) {
            left += width;
        }
        while let Some(width) = isolated_width(&mut columns(left, right).iter().rev().copied()) {
            right -= width;
        }
        self.columns = columns(left, right).to_vec();
        (self.left, self.right) = (left, right);
    }
}

/// Returns the ink pixels after the page has been sheared to remove `slope`.
fn levelled_pixels(ink: &Ink, slope: f64) -> impl Iterator<Item = (u32, usize)> {
    let centre = ink.width as f64 / 2.0;
    ink.pixels.iter().map(move |(x, y)| {
        let y = f64::from(*y) - (f64::from(*x) - centre) * slope;
        (*x, y.round().clamp(0.0, ink.height as f64 - 1.0) as usize)
    })
}

/// Returns the number of ink pixels in each row after the page has been sheared to remove `slope`.
fn row_profile(ink: &Ink, slope: f64) -> Vec<f64> {
    let mut rows = vec![0f64; ink.height];
    for (_, y) in levelled_pixels(ink, slope) {
        if let Some(row) = rows.get_mut(y) {
            *row += 1.0;
        }
    }
    rows
}

/// Returns the slope whose removal yields the highest contrast between adjacent rows. Of several
/// such slopes, returns the smallest.
fn slope(ink: &Ink) -> f64 {
    let mut best = (0.0, 0.0);
    let mut steps: Vec<i32> = (-MAX_SLOPE_STEPS..=MAX_SLOPE_STEPS).collect();
    steps.sort_by_key(|step| (step.abs(), *step));
    for step in steps {
        let slope = f64::from(step) * SLOPE_STEP;
        let rows = row_profile(ink, slope);
        let pairs = rows.iter().zip(rows.iter().skip(1));
        let contrast: f64 = pairs.map(|(row, next)| (next - row) * (next - row)).sum();
        if contrast > best.0 * 1.0001 {
            best = (contrast, slope);
        }
    }
    best.1
}

/// Returns the distance between adjacent lines in rows, which is the lag of the first significant
/// peak in the autocorrelation of the profile.
fn pitch(profile: &[f64]) -> Option<usize> {
    const MIN_PITCH: usize = 8;
    let mean = profile.iter().sum::<f64>() / profile.len() as f64;
    let centred: Vec<f64> = profile.iter().map(|row| row - mean).collect();
    let correlation = |lag: usize| -> f64 {
        let pairs = centred.iter().zip(centred.iter().skip(lag));
        pairs.map(|(a, b)| a * b).sum::<f64>() / (centred.len() - lag) as f64
    };
    let correlations: Vec<f64> = (MIN_PITCH - 1..=profile.len() / 6 + 1)
        .map(correlation)
        .collect();
    let max = correlations.iter().skip(1).copied().fold(0.0, f64::max);
    let mut windows = correlations.windows(3).zip(MIN_PITCH..);
    windows.find_map(|(window, lag)| match window {
        [before, value, after] if value >= before && value > after && *value >= max * 0.5 => {
            Some(lag)
        }
        _ => None,
    })
}

/// Blurs a profile with a Gaussian kernel. `deviation` is its standard deviation in rows.
fn gaussian_blur(profile: &[f64], deviation: f64) -> Vec<f64> {
    let radius = (deviation * 3.0).ceil() as usize;
    let weights: Vec<f64> = (0..=radius)
        .map(|distance| distance as f64 / deviation)
        .map(|z| libm::exp(-z * z / 2.0))
        .collect();
    let value = |y: Option<usize>| y.and_then(|y| profile.get(y)).copied().unwrap_or_default();
    (0..profile.len())
        .map(|y| {
            let neighbours = weights.iter().enumerate().skip(1);
            let neighbours = neighbours
                .map(|(distance, weight)| {
                    weight * (value(y.checked_sub(distance)) + value(Some(y + distance)))
                })
                .sum::<f64>();
            value(Some(y)) + neighbours
        })
        .collect()
}

/// Returns the rows at the centres of the lines, from top to bottom.
fn line_centres(smooth: &[f64], pitch: f64) -> Vec<usize> {
    let mut sorted: Vec<f64> = smooth.to_vec();
    sorted.sort_by(f64::total_cmp);
    let full_line = sorted.get(sorted.len() * 97 / 100).copied();
    let threshold = full_line.unwrap_or_default() * MIN_INK;
    let mut peaks: Vec<(f64, usize)> = smooth
        .windows(3)
        .zip(1..)
        .filter_map(|(window, y)| match window {
            [before, value, after] if value >= before && value > after && *value > threshold => {
                Some((*value, y))
            }
            _ => None,
        })
        .collect();
    peaks.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut centres: Vec<usize> = Vec::new();
    for (_, y) in peaks {
        if centres
            .iter()
            .all(|centre| centre.abs_diff(y) as f64 > pitch * 0.55)
        {
            centres.push(y);
        }
    }
    centres.sort_unstable();
    centres
}

/// Returns the first row of each line and the row after its last row. Adjacent lines are separated
/// at the row with the least ink between their centres.
fn bands(smooth: &[f64], centres: &[usize], pitch: f64) -> Vec<(usize, usize)> {
    let row_with_least_ink = |start: usize, end: usize| {
        let rows = smooth
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .enumerate();
        rows.min_by(|a, b| a.1.total_cmp(b.1))
            .map_or(start, |(i, _)| start + i)
    };
    let (max_ascent, max_descent) = ((pitch * 0.8) as usize, (pitch * 0.6) as usize);
    centres
        .iter()
        .enumerate()
        .map(|(i, y)| {
            let previous = i.checked_sub(1).and_then(|i| centres.get(i));
            let next = centres.get(i + 1);
            let top = previous.map_or(0, |previous| row_with_least_ink(*previous, *y));
            let bottom = next.map_or(smooth.len(), |next| row_with_least_ink(*y, *next));
            (
                top.max(y.saturating_sub(max_ascent)),
                bottom.min(y + max_descent),
            )
        })
        .collect()
}
