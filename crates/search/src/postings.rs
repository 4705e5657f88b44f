//! Postings: the items in which a word occurs, and how much it weighs in each.

use khizana_format::ByteReader;
#[cfg(feature = "write")]
use khizana_format::put_varint;

use crate::score::LEVELS;

/// Items in order of their numbers, and of each the level of the word in it, 1 to [`LEVELS`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Postings {
    pub(crate) items: Vec<u32>,
    pub(crate) levels: Vec<u8>,
}

/// How the numbers of the items are written: whichever is shortest.
const STEPS: u8 = 0;
const BITS: u8 = 1;
const RUNS: u8 = 2;

/// How the levels are written.
const SAME: u8 = 0;
const EACH: u8 = 1;
const LEVEL_RUNS: u8 = 2;

impl Postings {
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u8)> {
        self.items.iter().copied().zip(self.levels.iter().copied())
    }

    /// Count; how the numbers are written and the numbers; how the levels are written and the levels.
    #[cfg(feature = "write")]
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        put_varint(out, self.items.len() as u64);
        let mut shortest = (STEPS, steps(&self.items));
        for (how, written) in [(BITS, bits(&self.items)), (RUNS, runs(&self.items))] {
            if written.len() < shortest.1.len() {
                shortest = (how, written);
            }
        }
        out.push(shortest.0);
        out.extend(shortest.1);

        let runs = level_runs(&self.levels);
        match self.levels.first() {
            Some(first) if self.levels.iter().all(|level| level == first) => {
                out.extend([SAME, *first]);
            }
            _ if runs.len() < self.levels.len() => {
                out.push(LEVEL_RUNS);
                out.extend(runs);
            }
            _ => {
                out.push(EACH);
                out.extend(&self.levels);
            }
        }
    }

    /// `None` where the bytes do not follow the format, or name an item of `items` or more.
    pub(crate) fn read(bytes: &[u8], items: u32) -> Option<Postings> {
        let mut reader = ByteReader::new(bytes);
        let count = reader.varint_u32().filter(|count| *count <= items)? as usize;
        let numbers = match reader.byte()? {
            STEPS => read_steps(&mut reader, count, items),
            BITS => read_bits(&mut reader, count, items),
            RUNS => read_runs(&mut reader, count, items),
            _ => None,
        }?;
        let levels = match reader.byte()? {
            SAME => vec![reader.byte()?; count],
            EACH => reader.take(count)?.to_vec(),
            LEVEL_RUNS => {
                let mut levels = Vec::with_capacity(count);
                while levels.len() < count {
                    let level = reader.byte()?;
                    let run = reader.varint_u32()? as usize;
                    if run == 0 || run > count - levels.len() {
                        return None;
                    }
                    levels.resize(levels.len() + run, level);
                }
                levels
            }
            _ => return None,
        };
        let known = levels.iter().all(|level| (1..=LEVELS).contains(level));
        (known && reader.is_empty()).then_some(Postings {
            items: numbers,
            levels,
        })
    }
}

/// From each number to the next: one less than the difference; the first is itself.
#[cfg(feature = "write")]
fn steps(items: &[u32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(items.len());
    let mut next = 0;
    for item in items {
        put_varint(&mut out, u64::from(item - next));
        next = item + 1;
    }
    out
}

fn read_steps(reader: &mut ByteReader<'_>, count: usize, items: u32) -> Option<Vec<u32>> {
    // Each takes a byte at least.
    let mut out = Vec::with_capacity(count.min(reader.remaining()));
    let mut next = 0u32;
    for _ in 0..count {
        let item = next.checked_add(reader.varint_u32()?)?;
        if item >= items {
            return None;
        }
        out.push(item);
        next = item + 1;
    }
    Some(out)
}

/// The first number, then a bit for each number from there on, the lowest of a byte first.
#[cfg(feature = "write")]
fn bits(items: &[u32]) -> Vec<u8> {
    let (Some(first), Some(last)) = (items.first(), items.last()) else {
        return Vec::new();
    };
    let mut bytes = vec![0u8; ((last - first) / 8 + 1) as usize];
    for item in items {
        let at = item - first;
        if let Some(byte) = bytes.get_mut((at / 8) as usize) {
            *byte |= 1 << (at % 8);
        }
    }
    let mut out = Vec::with_capacity(bytes.len() + 6);
    put_varint(&mut out, u64::from(*first));
    put_varint(&mut out, bytes.len() as u64);
    out.extend(bytes);
    out
}

fn read_bits(reader: &mut ByteReader<'_>, count: usize, items: u32) -> Option<Vec<u32>> {
    if count == 0 {
        return None;
    }
    let first = reader.varint_u32()?;
    let mut out = Vec::with_capacity(count);
    for (at, byte) in (0u32..).zip(reader.bytes()?) {
        let mut left = *byte;
        while left != 0 {
            let item = first
                .checked_add(at * 8)?
                .checked_add(left.trailing_zeros())?;
            if item >= items || out.len() == count {
                return None;
            }
            out.push(item);
            left &= left - 1;
        }
    }
    (out.len() == count).then_some(out)
}

/// Runs of neighbours: how far from the end of the one before, and how many more than one.
#[cfg(feature = "write")]
fn runs(items: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut next = 0;
    for run in items.chunk_by(|a, b| a + 1 == *b) {
        if let Some(first) = run.first() {
            put_varint(&mut out, u64::from(first - next));
            put_varint(&mut out, run.len() as u64 - 1);
            next = first + run.len() as u32;
        }
    }
    out
}

fn read_runs(reader: &mut ByteReader<'_>, count: usize, items: u32) -> Option<Vec<u32>> {
    let mut out = Vec::with_capacity(count);
    let mut next = 0u32;
    while out.len() < count {
        let first = next.checked_add(reader.varint_u32()?)?;
        let end = first
            .checked_add(reader.varint_u32()?)?
            .checked_add(1)
            .filter(|end| *end <= items)?;
        if (end - first) as usize > count - out.len() {
            return None;
        }
        out.extend(first..end);
        next = end;
    }
    Some(out)
}

#[cfg(feature = "write")]
fn level_runs(levels: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for run in levels.chunk_by(|a, b| a == b) {
        out.extend(run.first());
        put_varint(&mut out, run.len() as u64);
    }
    out
}

#[cfg(all(test, feature = "write"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn written(postings: &Postings) -> Vec<u8> {
        let mut out = Vec::new();
        postings.write(&mut out);
        out
    }

    fn of(items: Vec<u32>, level: impl Fn(u32) -> u8) -> Postings {
        let levels = items.iter().map(|item| level(*item)).collect();
        Postings { items, levels }
    }

    fn several() -> Vec<(&'static str, Postings)> {
        vec![
            ("none", Postings::default()),
            ("one", of(vec![7], |_| 31)),
            (
                "far apart",
                of(vec![0, 5, 100_000], |item| (item % 30) as u8 + 1),
            ),
            (
                "dense",
                of((0..5_000).filter(|i| i % 3 != 0).collect(), |i| {
                    (i % 2) as u8 + 1
                }),
            ),
            (
                "in runs",
                of((10..900).chain(2_000..2_100).collect(), |i| {
                    (i / 500) as u8 + 1
                }),
            ),
        ]
    }

    #[test]
    fn postings_come_back() {
        for (what, postings) in several() {
            let bytes = written(&postings);
            assert_eq!(
                Postings::read(&bytes, 100_001).as_ref(),
                Some(&postings),
                "{what}"
            );
        }
        // Each way of writing was used.
        let ways: Vec<u8> = several()
            .iter()
            .map(|(_, postings)| {
                let bytes = written(postings);
                let mut reader = ByteReader::new(&bytes);
                reader.varint().unwrap();
                reader.byte().unwrap()
            })
            .collect();
        assert!(
            [STEPS, BITS, RUNS].iter().all(|way| ways.contains(way)),
            "{ways:?}"
        );
    }

    #[test]
    fn hostile_postings_are_refused() {
        for (what, postings) in several() {
            let whole = written(&postings);
            for end in 0..whole.len().min(400) {
                assert_eq!(
                    Postings::read(&whole[..end], 100_001),
                    None,
                    "{what}, cut at {end}"
                );
            }
            if let Some(last) = postings.items.last() {
                assert_eq!(
                    Postings::read(&whole, *last),
                    None,
                    "{what}: an item that does not exist"
                );
            }
        }
        for (what, bytes) in [
            (
                "more than there are items",
                vec![0xff, 0xff, 0xff, 0xff, 0x0f, STEPS],
            ),
            ("a level of none", vec![1, STEPS, 3, SAME, 0]),
            ("a level too high", vec![1, STEPS, 3, SAME, LEVELS + 1]),
            ("an unknown way", vec![1, 9, 3, SAME, 1]),
            ("a run past the end", vec![2, RUNS, 9, 1, SAME, 1]),
            ("more bits than items", vec![1, BITS, 0, 1, 3, SAME, 1]),
            ("bytes after the end", vec![1, STEPS, 3, SAME, 1, 0]),
        ] {
            assert_eq!(Postings::read(&bytes, 10), None, "{what}");
        }
    }
}
