//! Detection of ink: pixels that are darker than their surroundings, without frames, rules and
//! specks.

use super::GreyImage;

/// The ink pixels of an image.
pub(super) struct Ink {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Column and row of each ink pixel, ordered by row.
    pub(super) pixels: Vec<(u32, u32)>,
}

/// Maximum brightness of ink, as a percentage of the mean brightness of its surroundings.
const MAX_BRIGHTNESS: u64 = 85;

/// Maximum height of a letter as a share of the height of the page. Taller shapes are frames or
/// pictures.
const MAX_LETTER_HEIGHT: f64 = 0.08;

/// Maximum width of a letter as a share of the width of the page. Wider shapes are rules or
/// pictures.
const MAX_LETTER_WIDTH: f64 = 0.35;

/// Maximum number of pixels in an image.
const MAX_PIXELS: usize = 16_000_000;

/// Maximum number of runs of dark pixels in an image, which limits the memory use. A page of text
/// has fewer runs.
const MAX_RUNS: usize = 2_000_000;

/// Minimum area of the bounding box of a letter, in square pixels. Smaller shapes are specks.
const MIN_LETTER_AREA: usize = 6;

impl Ink {
    /// Detects the ink in an image. Returns `None` if the image is too small, is too large, has too
    /// many runs of dark pixels, or has no ink.
    pub(super) fn detect(image: &GreyImage) -> Option<Ink> {
        let width = image.width;
        let height = image.pixels.len().checked_div(width)?;
        // On a smaller image, the lines of text are not distinguishable.
        if width < 100 || height < 100 || image.pixels.len() > MAX_PIXELS {
            return None;
        }
        let runs = dark_runs(&image.pixels, width);
        if runs.len() > MAX_RUNS {
            return None;
        }
        let pixels = letter_pixels(&runs, width, height);
        (!pixels.is_empty()).then_some(Ink {
            width,
            height,
            pixels,
        })
    }
}

/// A run of adjacent dark pixels in a row: the row, the first column, and the column after the last
/// one.
type Run = (u32, u32, u32);

/// Returns the runs of dark pixels in all rows. Each pixel is compared with the mean brightness of
/// a square around it, so that shadows and browned paper are not detected as ink.
fn dark_runs(pixels: &[u8], width: usize) -> Vec<Run> {
    let height = pixels.len() / width;
    let radius = (width / 32).max(4);
    let row = |y: usize| pixels.get(y * width..(y + 1) * width).unwrap_or_default();
    // For each column, the sum of the pixels in the rows within the radius.
    let mut column_sums = vec![0u64; width];
    let add_row = |sums: &mut [u64], y: usize| {
        for (sum, pixel) in sums.iter_mut().zip(row(y)) {
            *sum += u64::from(*pixel);
        }
    };
    for y in 0..radius.min(height) {
        add_row(&mut column_sums, y);
    }
    let mut runs = Vec::new();
    let mut prefix_sums = vec![0u64; width + 1];
    for y in 0..height {
        if y + radius < height {
            add_row(&mut column_sums, y + radius);
        }
        if let Some(removed) = y.checked_sub(radius + 1) {
            for (sum, pixel) in column_sums.iter_mut().zip(row(removed)) {
                *sum -= u64::from(*pixel);
            }
        }
        let row_count = (y + radius).min(height - 1) - y.saturating_sub(radius) + 1;
        let mut total = 0;
        for (prefix_sum, sum) in prefix_sums.iter_mut().skip(1).zip(&column_sums) {
            total += sum;
            *prefix_sum = total;
        }
        let prefix_sum = |x: usize| prefix_sums.get(x).copied().unwrap_or(total);
        let mut run_start = None;
        for (x, pixel) in row(y).iter().enumerate() {
            let (start, end) = (x.saturating_sub(radius), (x + radius + 1).min(width));
            let count = ((end - start) * row_count) as u64;
            let sum = prefix_sum(end) - prefix_sum(start);
            let is_dark = u64::from(*pixel) * 100 * count < sum * MAX_BRIGHTNESS;
            match (is_dark, run_start) {
                (true, None) => run_start = Some(x),
                (false, Some(first)) => {
                    runs.push((y as u32, first as u32, x as u32));
                    run_start = None;
                }
                _ => {}
            }
        }
        if let Some(first) = run_start {
            runs.push((y as u32, first as u32, width as u32));
        }
    }
    runs
}

/// Returns the pixels of the connected components that may be letters. Runs are connected if they
/// touch, even diagonally.
fn letter_pixels(runs: &[Run], width: usize, height: usize) -> Vec<(u32, u32)> {
    let mut components = UnionFind {
        parents: (0..runs.len()).collect(),
    };
    // Index of the first run in the row above that can still touch the current run.
    let mut above_start = 0;
    for (i, (y, left, right)) in runs.iter().enumerate() {
        let mut above = above_start;
        while let Some((y_above, left_above, right_above)) = runs.get(above).filter(|_| above < i) {
            if y_above + 1 < *y || (y_above + 1 == *y && right_above < left) {
                above += 1;
                above_start = above;
                continue;
            }
            if y_above == y || left_above > right {
                break;
            }
            components.union(above, i);
            above += 1;
        }
    }
    // Left, top, right and bottom edge of each component, at the index of its root.
    let mut bounds = vec![(u32::MAX, u32::MAX, 0u32, 0u32); runs.len()];
    for (i, (y, run_left, run_right)) in runs.iter().enumerate() {
        let root = components.root(i);
        if let Some((left, top, right, bottom)) = bounds.get_mut(root) {
            (*left, *top) = ((*left).min(*run_left), (*top).min(*y));
            (*right, *bottom) = ((*right).max(*run_right), (*bottom).max(y + 1));
        }
    }
    let mut pixels = Vec::new();
    for (i, (y, run_left, run_right)) in runs.iter().enumerate() {
        let root = components.root(i);
        let Some((left, top, right, bottom)) = bounds.get(root) else {
            continue;
        };
        let (shape_width, shape_height) = ((right - left) as usize, (bottom - top) as usize);
        let is_too_large = shape_height as f64 > height as f64 * MAX_LETTER_HEIGHT
            || shape_width as f64 > width as f64 * MAX_LETTER_WIDTH;
        if !is_too_large && shape_width * shape_height >= MIN_LETTER_AREA {
            pixels.extend((*run_left..*run_right).map(|x| (x, *y)));
        }
    }
    pixels
}

/// A union-find structure over runs.
struct UnionFind {
    parents: Vec<usize>,
}

impl UnionFind {
    fn root(&mut self, mut index: usize) -> usize {
        while let Some(parent) = self.parents.get(index).copied().filter(|p| *p != index) {
            // Path halving keeps the paths short.
            let grandparent = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(parent) = self.parents.get_mut(index) {
                *parent = grandparent;
            }
            index = grandparent;
        }
        index
    }

    fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(parent) = self.parents.get_mut(a.max(b)) {
            *parent = a.min(b);
        }
    }
}
