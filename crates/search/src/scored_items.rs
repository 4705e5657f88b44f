//! Set operations on scored items.

/// Item numbers in ascending order, each with a score.
pub(crate) type ScoredItems = Vec<(u32, u32)>;

/// Returns the item numbers without their scores.
pub(crate) fn numbers(items: &ScoredItems) -> Vec<u32> {
    items.iter().map(|(item, _)| *item).collect()
}

/// Returns the items that are in `a` or in `b`. `combine` computes the score of an item that is in
/// both.
pub(crate) fn union(
    a: ScoredItems,
    b: ScoredItems,
    combine: impl Fn(u32, u32) -> u32,
) -> ScoredItems {
    if a.is_empty() {
        return b;
    }
    if b.is_empty() {
        return a;
    }
    let mut out = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(&(item, a_score)), Some(&(other, b_score))) if item == other => {
                out.push((item, combine(a_score, b_score)));
                a.next();
                b.next();
            }
            (Some((item, _)), Some((other, _))) if item < other => out.extend(a.next()),
            (_, Some(_)) => out.extend(b.next()),
            (Some(_), None) => out.extend(a.next()),
            (None, None) => return out,
        }
    }
}

/// Returns the items that are in both `a` and `b`, with the sums of their scores.
pub(crate) fn intersect(a: &ScoredItems, b: &ScoredItems) -> ScoredItems {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let mut rest = long.as_slice();
    short
        .iter()
        .filter_map(|(item, score)| {
            // A galloping search avoids visiting every item of the long list.
            let mut step = 1;
            while rest.get(step).is_some_and(|(other, _)| other < item) {
                step *= 2;
            }
            let end = rest.len().min(step + 1);
            let start = rest.get(..end)?.partition_point(|(other, _)| other < item);
            rest = rest.get(start..)?;
            let (other, other_score) = rest.first()?;
            (other == item).then(|| (*item, score.saturating_add(*other_score)))
        })
        .collect()
}

/// Returns the items of `items` that are not in `excluded`.
pub(crate) fn difference(items: ScoredItems, excluded: &ScoredItems) -> ScoredItems {
    let mut excluded = excluded.iter().peekable();
    items
        .into_iter()
        .filter(|(item, _)| {
            while excluded.next_if(|(other, _)| other < item).is_some() {}
            excluded.peek().is_none_or(|(other, _)| other != item)
        })
        .collect()
}
