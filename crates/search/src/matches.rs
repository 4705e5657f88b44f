//! The items that answer a query, and how well each does.

use std::collections::BTreeMap;

use khizana_format::{Archive, Fetch, ReadError, join_all};

use crate::ask::{self, Asked, AskedClause, AskedPiece, AskedWord, Form};
use crate::entry::{Block, Chunk, List};
use crate::pairs::{self, Paired};
use crate::positions::{self, Occurrence, Positions, Walk};
use crate::postings::Postings;
use crate::score;
use crate::sorted::sort_by_number;

/// Items in order of their numbers, and the score of each.
pub(crate) type Matches = Vec<(u32, u32)>;

/// What lists show of items, as far as the index brought it.
pub(crate) type Lead = Vec<(u32, Vec<u8>)>;

/// What must stand in its place among others.
struct Unit<'a> {
    at: u32,
    of: Of<'a>,
}

enum Of<'a> {
    /// A word: its forms with their blocks.
    Word(Vec<(&'a Form, Block)>),
    /// Two neighbours: where each pair that is meant stands, and how well it answers.
    Pair(Vec<(u32, Paired)>),
}

impl<'a> Unit<'a> {
    /// How many items each form has.
    fn counts(&self) -> Vec<u32> {
        match &self.of {
            Of::Word(forms) => forms.iter().map(|(form, _)| form.entry.found).collect(),
            Of::Pair(pairs) => pairs
                .iter()
                .map(|(_, own)| own.levels.len() as u32)
                .collect(),
        }
    }

    /// How rare it is: as its most frequent form.
    fn rarity(&self, items: u32) -> u32 {
        score::rarity(items, self.counts().into_iter().max().unwrap_or_default())
    }

    /// At most so many items have it.
    fn found(&self) -> u64 {
        self.counts().into_iter().map(u64::from).sum()
    }

    fn words(&self) -> &[(&'a Form, Block)] {
        match &self.of {
            Of::Word(forms) => forms,
            Of::Pair(_) => &[],
        }
    }
}

struct Piece<'a> {
    /// The number of the field in which alone it is looked for.
    field: Option<u32>,
    units: Vec<Unit<'a>>,
}

/// The items that meet every clause; `None` where there is no clause that says what is looked for.
pub(crate) async fn matches<F: Fetch>(
    archive: &Archive<F>,
    asked: &Asked,
) -> Result<(Option<Matches>, Lead), ReadError> {
    // What cannot be met ends it before anything is fetched.
    let mut positive = asked.clauses.iter().filter(|clause| !clause.negative);
    if positive.any(|clause| !clause.pieces.iter().any(AskedPiece::may_be)) {
        return Ok((Some(Vec::new()), Vec::new()));
    }
    // All blocks are fetched together, and so are all pairs.
    let pieces = asked.clauses.iter().flat_map(|clause| &clause.pieces);
    let units: Vec<Vec<(u32, ask::Unit<'_>)>> = pieces.map(|piece| piece.units()).collect();
    let mut blocks = Vec::new();
    let mut terms = Vec::new();
    for (_, unit) in units.iter().flatten() {
        match unit {
            ask::Unit::Word(forms) => {
                blocks.extend(forms.iter().map(|form| form.entry.block(archive)))
            }
            ask::Unit::Pair(pair) => terms.extend(pair.terms.iter().map(|(term, _)| term.as_str())),
        }
    }
    let (blocks, paired) =
        khizana_format::join(join_all(blocks), pairs::read(archive, &terms)).await;
    let mut blocks = blocks.into_iter();
    let mut paired = paired?.into_iter();
    let mut units = units.into_iter();
    let mut lead = Vec::new();
    let mut clauses: Vec<(&AskedClause, Vec<Piece<'_>>)> = Vec::new();
    for clause in &asked.clauses {
        let mut pieces = Vec::new();
        for piece in &clause.pieces {
            let mut own = Vec::new();
            for (at, wanted) in units.next().unwrap_or_default() {
                let of = match wanted {
                    ask::Unit::Word(wanted) => {
                        let mut forms = Vec::new();
                        for (form, block) in wanted.into_iter().zip(blocks.by_ref()) {
                            let mut block = block?;
                            lead.append(&mut block.lead);
                            forms.push((form, block));
                        }
                        Of::Word(forms)
                    }
                    ask::Unit::Pair(pair) => {
                        let kinds = pair.terms.iter().map(|(_, kind)| *kind);
                        Of::Pair(kinds.zip(paired.by_ref()).collect())
                    }
                };
                own.push(Unit { at, of });
            }
            pieces.push(Piece {
                field: piece.field,
                units: own,
            });
        }
        clauses.push((clause, pieces));
    }

    // The rarest first: of the others only what can still be met is fetched.
    sort_by_number(&mut clauses, |(clause, pieces)| {
        let most = pieces
            .iter()
            .map(most)
            .sum::<u64>()
            .min(u64::from(u32::MAX >> 1));
        u32::from(clause.negative) << 31 | most as u32
    });
    if let Some((_, rarest)) = clauses.first()
        && !chunks(rarest).is_empty()
    {
        // Where even the rarest is common, no part of the others is without one of its items.
        let all = clauses.iter().flat_map(|(_, pieces)| chunks(pieces));
        let fetched = join_all(all.map(|chunk| archive.object(&chunk.object)).collect()).await;
        fetched.into_iter().collect::<Result<Vec<_>, _>>()?;
    }
    let mut met: Option<Matches> = None;
    for (clause, pieces) in &clauses {
        if clause.negative && met.is_none() {
            met = Some((0..archive.root().items).map(|item| (item, 0)).collect());
        }
        let within: Option<Vec<u32>> = met
            .as_ref()
            .map(|met| met.iter().map(|(item, _)| *item).collect());
        let mut any: Matches = Vec::new();
        for piece in pieces {
            let own = piece_matches(archive, piece, within.as_deref()).await?;
            any = merged(any, own, |a, b| a.saturating_add(b));
        }
        met = Some(match met {
            None => any,
            Some(before) if clause.negative => without(before, &any),
            Some(before) => both(&before, &any),
        });
    }
    sort_by_number(&mut lead, |(item, _)| *item);
    lead.dedup_by_key(|(item, _)| *item);
    Ok((met, lead))
}

/// The chunks of the lists that are long.
fn chunks<'a>(pieces: &'a [Piece<'_>]) -> Vec<&'a Chunk> {
    let words = pieces.iter().flat_map(|piece| &piece.units);
    let blocks = words.flat_map(Unit::words).map(|(_, block)| &block.list);
    let chunks = blocks.filter_map(|list| match list {
        List::Chunks(chunks) => Some(chunks),
        List::Whole(_) => None,
    });
    chunks.flatten().collect()
}

/// At most so many items can match.
fn most(piece: &Piece<'_>) -> u64 {
    let found = piece.units.iter().map(Unit::found);
    found.min().unwrap_or_default()
}

async fn piece_matches<F: Fetch>(
    archive: &Archive<F>,
    piece: &Piece<'_>,
    within: Option<&[u32]>,
) -> Result<Matches, ReadError> {
    let items = archive.root().items;
    let mut found: Option<Matches> = None;
    for unit in &piece.units {
        let held: Option<Vec<u32>> = found
            .as_ref()
            .map(|found| found.iter().map(|(item, _)| *item).collect());
        let own = unit_matches(archive, unit, held.as_deref().or(within)).await?;
        let rarity = unit.rarity(items);
        let own = own
            .into_iter()
            .map(|(item, value)| (item, rarity * value / score::EXACT));
        found = Some(match found {
            None => own.collect(),
            Some(before) => both(&before, &own.collect::<Matches>()),
        });
    }
    let mut found = found.unwrap_or_default();
    if piece.units.len() < 2 && piece.field.is_none() {
        return Ok(found);
    }
    if let Some(within) = within {
        found.retain(|(item, _)| within.binary_search(item).is_ok());
    }
    let candidates: Vec<u32> = found.iter().map(|(item, _)| *item).collect();
    let forms = piece.units.iter().flat_map(Unit::words);
    let names: Vec<&str> = forms.map(|(form, _)| form.word.as_str()).collect();
    let mut read = positions::read(archive, &names, &candidates)
        .await?
        .into_iter();
    let read: Vec<Vec<Positions>> = piece
        .units
        .iter()
        .map(|unit| read.by_ref().take(unit.words().len()).collect())
        .collect();
    // Of each unit its place, the ways through where its forms stand, and where it stands in an item.
    let units = piece.units.iter().zip(&read);
    let mut units: Vec<(u32, Vec<Walk<'_>>, Vec<Occurrence>)> = units
        .map(|(unit, read)| {
            let pairs = match &unit.of {
                Of::Word(_) => &[][..],
                Of::Pair(pairs) => pairs,
            };
            let pairs = pairs.iter().map(|(_, own)| own.positions.walk());
            let walks = pairs.chain(read.iter().map(Positions::walk));
            (unit.at, walks.collect(), Vec::new())
        })
        .collect();
    found.retain(|(item, _)| {
        for (_, walks, places) in &mut units {
            let own = walks.iter_mut().map(|walk| walk.of(*item));
            occurrences(own, piece.field, places);
        }
        stand_together(&units)
    });
    Ok(found)
}

/// The places of all forms in order, in one field where one is asked for.
fn occurrences<'a>(
    forms: impl Iterator<Item = &'a [Occurrence]>,
    field: Option<u32>,
    all: &mut Vec<Occurrence>,
) {
    all.clear();
    let own = forms.flatten().copied();
    all.extend(own.filter(|own| field.is_none_or(|field| own.field == field)));
    // One form alone has its places in order.
    if !all.is_sorted() {
        sort_by_number(all, |own| own.position);
        sort_by_number(all, |own| own.page);
        sort_by_number(all, |own| own.field);
    }
}

/// Whether there is somewhere where each stands in its place. Places rise.
fn stand_together(units: &[(u32, Vec<Walk<'_>>, Vec<Occurrence>)]) -> bool {
    let Some(((begin, _, first), rest)) = units.split_first() else {
        return false;
    };
    first.iter().any(|start| {
        rest.iter().all(|(at, _, own)| {
            let wanted = Occurrence {
                position: start.position.saturating_add(at - begin),
                ..*start
            };
            own.binary_search(&wanted).is_ok()
        })
    })
}

/// The items of a unit, and of each the best of its level times how well the form answers.
async fn unit_matches<F: Fetch>(
    archive: &Archive<F>,
    unit: &Unit<'_>,
    within: Option<&[u32]>,
) -> Result<Matches, ReadError> {
    // Of long lists, the chunks in which something can still match.
    let needed = |first: u32, last: u32| {
        within.is_none_or(|items| {
            let start = items.partition_point(|item| *item < first);
            items.get(start).is_some_and(|item| *item <= last)
        })
    };
    let mut chunks = Vec::new();
    for (_, block) in unit.words() {
        if let List::Chunks(all) = &block.list {
            let wanted = all.iter().filter(|chunk| needed(chunk.first, chunk.last));
            chunks.extend(wanted.map(|chunk| chunk.postings(archive)));
        }
    }
    let mut chunks = join_all(chunks).await.into_iter();
    let mut found = Vec::new();
    if let Of::Pair(pairs) = &unit.of {
        for (kind, own) in pairs {
            let own = own
                .iter()
                .map(|(item, level)| (item, u32::from(level) * kind));
            found = merged(found, own.collect(), u32::max);
        }
    }
    for (form, block) in unit.words() {
        let weigh = |postings: &Postings| -> Matches {
            postings
                .iter()
                .map(|(item, level)| (item, u32::from(level) * form.kind))
                .collect()
        };
        let own = match &block.list {
            List::Whole(postings) => weigh(postings),
            List::Chunks(all) => {
                let mut own = Vec::new();
                for _ in all.iter().filter(|chunk| needed(chunk.first, chunk.last)) {
                    if let Some(postings) = chunks.next() {
                        own.append(&mut weigh(&postings?));
                    }
                }
                own
            }
        };
        found = merged(found, own, u32::max);
    }
    Ok(found)
}

/// The items of either; `join` makes one score of two.
fn merged(a: Matches, b: Matches, join: impl Fn(u32, u32) -> u32) -> Matches {
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
            (Some(&(one, first)), Some(&(other, second))) if one == other => {
                out.push((one, join(first, second)));
                a.next();
                b.next();
            }
            (Some((one, _)), Some((other, _))) if one < other => out.extend(a.next()),
            (_, Some(_)) => out.extend(b.next()),
            (Some(_), None) => out.extend(a.next()),
            (None, None) => return out,
        }
    }
}

/// The items of both, with the sum of their scores.
fn both(a: &Matches, b: &Matches) -> Matches {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let mut rest = many.as_slice();
    few.iter()
        .filter_map(|(item, score)| {
            // Steps that double: a rare word does not walk through a common one.
            let mut step = 1;
            while rest.get(step).is_some_and(|(own, _)| own < item) {
                step *= 2;
            }
            let end = rest.len().min(step + 1);
            let place = rest.get(..end)?.partition_point(|(own, _)| own < item);
            rest = rest.get(place..)?;
            let (own, other) = rest.first()?;
            (own == item).then(|| (*item, score.saturating_add(*other)))
        })
        .collect()
}

/// The items of one that are not among the others.
fn without(items: Matches, others: &Matches) -> Matches {
    let mut others = others.iter().peekable();
    items
        .into_iter()
        .filter(|(item, _)| {
            while others.next_if(|(other, _)| other < item).is_some() {}
            others.peek().is_none_or(|(other, _)| other != item)
        })
        .collect()
}

/// The page of an item's text on which most of the query's words stand; the first of such pages.
pub(crate) async fn pages<F: Fetch>(
    archive: &Archive<F>,
    asked: &Asked,
    items: &[u32],
) -> Result<Vec<Option<u32>>, ReadError> {
    let fields = &archive.root().search.fields;
    let Some(text) = fields.iter().position(|field| field == positions::TEXT) else {
        return Ok(vec![None; items.len()]);
    };
    let words: Vec<&AskedWord> = asked
        .clauses
        .iter()
        .filter(|clause| !clause.negative)
        .flat_map(|clause| &clause.pieces)
        .flat_map(|piece| &piece.words)
        .collect();
    let names: Vec<&str> = words
        .iter()
        .flat_map(|word| word.forms.iter().map(|form| form.word.as_str()))
        .collect();
    let mut sorted = items.to_vec();
    sort_by_number(&mut sorted, |item| *item);
    let mut read = positions::read(archive, &names, &sorted).await?.into_iter();
    let words: Vec<Vec<Positions>> = words
        .iter()
        .map(|word| read.by_ref().take(word.forms.len()).collect())
        .collect();
    let page_of = |item: &u32| {
        let mut pages: BTreeMap<u32, u32> = BTreeMap::new();
        let mut elsewhere = 0;
        for forms in &words {
            let mut all = Vec::new();
            occurrences(forms.iter().map(|own| own.of(*item)), None, &mut all);
            elsewhere += u32::from(all.iter().any(|own| own.field as usize != text));
            let mut own: Vec<u32> = all
                .iter()
                .filter(|own| own.field as usize == text)
                .map(|own| own.page)
                .collect();
            own.dedup();
            for page in own {
                *pages.entry(page).or_default() += 1;
            }
        }
        // A page is opened where it says more than the record does.
        let best = pages.values().copied().max()?;
        (best > elsewhere).then_some(())?;
        pages
            .into_iter()
            .find(|(_, count)| *count == best)
            .map(|(page, _)| page)
    };
    Ok(items.iter().map(page_of).collect())
}
