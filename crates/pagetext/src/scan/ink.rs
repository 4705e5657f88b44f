//! What is written on a picture: pixels darker than what is around them, without frames, rules and specks.

use super::Grey;

/// The dark pixels of a picture.
pub(super) struct Ink {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Column and row of each, row by row.
    pub(super) dots: Vec<(u32, u32)>,
}

/// A pixel is ink when it has less than so many hundredths of the light around it.
const DARK: u64 = 85;

/// What is higher than this share of the page, or wider than that, is a frame, a rule or a picture.
const FRAME: (f64, f64) = (0.08, 0.35);

/// A picture of more pixels, or with more runs of dark ones, is none of a page of text; and what is told of
/// each run would take much memory.
const MOST: (usize, usize) = (16_000_000, 2_000_000);

/// What fills a smaller box than so many pixels is a speck.
const SPECK: usize = 6;

impl Ink {
    /// `None` where there is no picture to speak of.
    pub(super) fn of(picture: &Grey) -> Option<Ink> {
        let width = picture.width;
        let height = picture.pixels.len().checked_div(width)?;
        // A line is some pixels high.
        if width < 100 || height < 100 || picture.pixels.len() > MOST.0 {
            return None;
        }
        let runs = runs(&picture.pixels, width);
        if runs.len() > MOST.1 {
            return None;
        }
        let dots = whole(&runs, width, height);
        (!dots.is_empty()).then_some(Ink {
            width,
            height,
            dots,
        })
    }
}

/// Dark pixels beside each other in a row: the row, the first column, and the one after the last.
type Run = (u32, u32, u32);

/// The dark runs of all rows: a pixel is compared with the mean of a square around it, so that a shadow over
/// the page, or paper that has gone brown, is paper.
fn runs(pixels: &[u8], width: usize) -> Vec<Run> {
    let height = pixels.len() / width;
    let reach = (width / 32).max(4);
    let row = |y: usize| pixels.get(y * width..(y + 1) * width).unwrap_or_default();
    // Of each column the sum of the rows in reach.
    let mut sums = vec![0u64; width];
    let add = |sums: &mut [u64], y: usize| {
        for (sum, pixel) in sums.iter_mut().zip(row(y)) {
            *sum += u64::from(*pixel);
        }
    };
    for y in 0..reach.min(height) {
        add(&mut sums, y);
    }
    let mut found = Vec::new();
    let mut until = vec![0u64; width + 1];
    for y in 0..height {
        if y + reach < height {
            add(&mut sums, y + reach);
        }
        if let Some(gone) = y.checked_sub(reach + 1) {
            for (sum, pixel) in sums.iter_mut().zip(row(gone)) {
                *sum -= u64::from(*pixel);
            }
        }
        let rows = (y + reach).min(height - 1) - y.saturating_sub(reach) + 1;
        let mut total = 0;
        for (own, sum) in until.iter_mut().skip(1).zip(&sums) {
            total += sum;
            *own = total;
        }
        let at = |x: usize| until.get(x).copied().unwrap_or(total);
        let mut start = None;
        for (x, pixel) in row(y).iter().enumerate() {
            let (from, to) = (x.saturating_sub(reach), (x + reach + 1).min(width));
            let count = ((to - from) * rows) as u64;
            let dark = u64::from(*pixel) * 100 * count < (at(to) - at(from)) * DARK;
            match (dark, start) {
                (true, None) => start = Some(x),
                (false, Some(first)) => {
                    found.push((y as u32, first as u32, x as u32));
                    start = None;
                }
                _ => {}
            }
        }
        if let Some(first) = start {
            found.push((y as u32, first as u32, width as u32));
        }
    }
    found
}

/// The pixels of those shapes that may be letters. Runs that touch, also at a corner, are one shape.
fn whole(runs: &[Run], width: usize, height: usize) -> Vec<(u32, u32)> {
    let mut shapes = Shapes {
        parent: (0..runs.len()).collect(),
    };
    // The runs of a row and of the one before it are gone through side by side.
    let mut above = 0;
    for (i, (y, from, to)) in runs.iter().enumerate() {
        let mut at = above;
        while let Some((y_above, from_above, to_above)) = runs.get(at).filter(|_| at < i) {
            if y_above + 1 < *y || (y_above + 1 == *y && to_above < from) {
                at += 1;
                above = at;
                continue;
            }
            if y_above == y || from_above > to {
                break;
            }
            shapes.join(at, i);
            at += 1;
        }
    }
    // Left, upper, right and lower edge of each shape, under the number of its first run.
    let mut boxes = vec![(u32::MAX, u32::MAX, 0u32, 0u32); runs.len()];
    for (i, (y, from, to)) in runs.iter().enumerate() {
        let root = shapes.root(i);
        if let Some((left, top, right, bottom)) = boxes.get_mut(root) {
            (*left, *top) = ((*left).min(*from), (*top).min(*y));
            (*right, *bottom) = ((*right).max(*to), (*bottom).max(y + 1));
        }
    }
    let mut dots = Vec::new();
    for (i, (y, from, to)) in runs.iter().enumerate() {
        let root = shapes.root(i);
        let Some((left, top, right, bottom)) = boxes.get(root) else {
            continue;
        };
        let (wide, high) = ((right - left) as usize, (bottom - top) as usize);
        let is_frame =
            high as f64 > height as f64 * FRAME.0 || wide as f64 > width as f64 * FRAME.1;
        if !is_frame && wide * high >= SPECK {
            dots.extend((*from..*to).map(|x| (x, *y)));
        }
    }
    dots
}

/// Which runs are of one shape.
struct Shapes {
    parent: Vec<usize>,
}

impl Shapes {
    fn root(&mut self, mut own: usize) -> usize {
        while let Some(parent) = self.parent.get(own).copied().filter(|up| *up != own) {
            // Each is hung higher on the way, so that the way stays short.
            let higher = self.parent.get(parent).copied().unwrap_or(parent);
            if let Some(up) = self.parent.get_mut(own) {
                *up = higher;
            }
            own = higher;
        }
        own
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(up) = self.parent.get_mut(one.max(other)) {
            *up = one.min(other);
        }
    }
}
