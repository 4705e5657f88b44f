//! What goes into which half.

use std::collections::BTreeSet;
use std::ops::Range;

use wasm_encoder::DataSection;

use super::linked::{Linked, Node};
use super::read::Module;
use super::{Gates, SplitError, offset};

/// The rest.
pub struct Rest {
    /// Its functions, by their number in the whole, in order.
    pub functions: Vec<u32>,
    /// Where in memory its constants lie, in order, none over another.
    pub data: Vec<Range<u32>>,
}

impl Rest {
    /// Whether a function is in it.
    pub fn has(&self, function: u32) -> bool {
        self.functions.binary_search(&function).is_ok()
    }

    /// Which of its constants are in a segment that begins at a place in memory, by their place in it.
    pub fn within(&self, from: u32, length: usize) -> impl Iterator<Item = Range<usize>> {
        let end = from + length as u32;
        self.data.iter().filter_map(move |own| {
            let (start, end) = (own.start.max(from), own.end.min(end));
            (start < end).then(|| (start - from) as usize..(end - from) as usize)
        })
    }

    /// The segments of a module, with zeros in place of its constants.
    pub fn cleared(&self, module: &Module<'_>) -> DataSection {
        let mut data = DataSection::new();
        for (from, bytes) in &module.data {
            let mut bytes = bytes.to_vec();
            for place in self.within(*from, bytes.len()) {
                bytes[place].fill(0);
            }
            data.active(0, &offset(*from), bytes);
        }
        data
    }
}

/// Finds the rest of a module, which the linker wrote as `linked` before wasm-bindgen and wasm-opt had it.
///
/// They have changed the code since, but not the places of constants, nor those in the table of functions.
/// So the halves are found in what the linker wrote, and held against what the code is now: what stands in
/// the first half by its name, by a number that is its place, or because a gate became part of what calls
/// it, is needed there with all that it leads to.
pub fn part(module: &Module<'_>, linked: &Linked, gates: &Gates<'_>) -> Result<Rest, SplitError> {
    let names: BTreeSet<&str> = (0..module.functions())
        .map(|own| module.name(own))
        .collect();
    let by_name = linked.by_name();
    let mut more = BTreeSet::new();
    loop {
        let (reached, called) = linked.first(gates, &more);
        let functions = module.rest(gates.names, &linked.places_without(&reached));
        let gone = called
            .into_iter()
            .filter(|own| !names.contains(linked.name(*own)));
        let mut found: BTreeSet<Node> = gone.map(Node::Function).collect();
        for own in module.imported..module.functions() {
            if functions.binary_search(&own).is_ok() {
                continue;
            }
            let named = by_name.get(module.name(own)).into_iter().flatten();
            found.extend(named.copied().map(Node::Function));
            for place in module.places(own)? {
                found.extend(linked.at(place).map(Node::Data));
            }
        }
        found.retain(|node| !reached.contains(node));
        if found.is_empty() {
            return Ok(Rest {
                functions,
                data: moved(linked, &reached),
            });
        }
        more.extend(found);
    }
}

/// The places in memory that are nobody's but the rest's. What lies between two of them is padding.
fn moved(linked: &Linked, first: &BTreeSet<Node>) -> Vec<Range<u32>> {
    let mut all: Vec<(&Range<u32>, bool)> = linked
        .data
        .iter()
        .zip(0..)
        .map(|(range, own)| (range, first.contains(&Node::Data(own))))
        .collect();
    all.sort_by_key(|(range, _)| (range.start, range.end));
    let mut out: Vec<Range<u32>> = Vec::new();
    // Whether the last that was seen is the rest's, and where what is needed first ends.
    let (mut open, mut taken) = (false, 0);
    for (range, needed) in all {
        if needed {
            // It may begin within what lies before it.
            if let Some(last) = out.last_mut() {
                last.end = last.end.min(range.start);
            }
            (open, taken) = (false, taken.max(range.end));
            continue;
        }
        let from = range.start.max(taken);
        match out.last_mut() {
            Some(last) if open => last.end = last.end.max(range.end),
            _ if from < range.end => out.push(from..range.end),
            _ => continue,
        }
        open = true;
    }
    out.retain(|range| !range.is_empty());
    out
}
