//! The items that answer a query, and how well each does.

use std::collections::BTreeMap;

use khizana_format::{Archive, Fetch, ReadError, together};

use crate::ask::{Asked, AskedClause, AskedPiece, AskedWord, Form};
use crate::entry::{Block, List};
use crate::positions::{self, Occurrence, Positions};
use crate::postings::Postings;
use crate::score;
use crate::sorted::sort_by_number;

/// Items in order of their numbers, and the score of each.
pub(crate) type Matches = Vec<(u32, u32)>;

/// What lists show of items, as far as the index brought it.
pub(crate) type Lead = Vec<(u32, Vec<u8>)>;

/// The forms of a word with their blocks.
struct Word<'a> {
    asked: &'a AskedWord,
    forms: Vec<(&'a Form, Block)>,
}

struct Piece<'a> {
    asked: &'a AskedPiece,
    words: Vec<Word<'a>>,
}

/// The items that meet every clause; `None` where there is no clause that says what is looked for.
pub(crate) async fn matches<F: Fetch>(
    archive: &Archive<F>,
    asked: &Asked,
) -> Result<(Option<Matches>, Lead), ReadError> {
    // All blocks are fetched together.
    let forms = asked
        .clauses
        .iter()
        .flat_map(|clause| &clause.pieces)
        .flat_map(|piece| &piece.words)
        .flat_map(|word| &word.forms);
    let blocks = forms.map(|form| form.entry.block(archive)).collect();
    let mut blocks = together(blocks).await.into_iter();
    let mut lead = Vec::new();
    let mut clauses: Vec<(&AskedClause, Vec<Piece<'_>>)> = Vec::new();
    for clause in &asked.clauses {
        let mut pieces = Vec::new();
        for piece in &clause.pieces {
            let mut words = Vec::new();
            for word in &piece.words {
                let mut forms = Vec::new();
                for (form, block) in word.forms.iter().zip(blocks.by_ref()) {
                    let mut block = block?;
                    lead.append(&mut block.lead);
                    forms.push((form, block));
                }
                words.push(Word { asked: word, forms });
            }
            pieces.push(Piece {
                asked: piece,
                words,
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

/// At most so many items can match.
fn most(piece: &Piece<'_>) -> u64 {
    let words = piece.words.iter().map(|word| word.asked.found());
    words.min().unwrap_or_default()
}

async fn piece_matches<F: Fetch>(
    archive: &Archive<F>,
    piece: &Piece<'_>,
    within: Option<&[u32]>,
) -> Result<Matches, ReadError> {
    let items = archive.root().items;
    let phrase = piece.words.len() > 1;
    let mut found: Option<Matches> = None;
    for word in &piece.words {
        let held: Option<Vec<u32>> = found
            .as_ref()
            .map(|found| found.iter().map(|(item, _)| *item).collect());
        let own = word_matches(archive, word, phrase, held.as_deref().or(within)).await?;
        let rarity = word.asked.rarity(items);
        let own = own
            .into_iter()
            .map(|(item, value)| (item, rarity * value / score::EXACT));
        found = Some(match found {
            None => own.collect(),
            Some(before) => both(&before, &own.collect::<Matches>()),
        });
    }
    let mut found = found.unwrap_or_default();
    if !phrase && piece.asked.field.is_none() {
        return Ok(found);
    }
    if let Some(within) = within {
        found.retain(|(item, _)| within.binary_search(item).is_ok());
    }
    let candidates: Vec<u32> = found.iter().map(|(item, _)| *item).collect();
    let names: Vec<&str> = piece
        .words
        .iter()
        .flat_map(|word| used(word, phrase).map(|(form, _)| form.word.as_str()))
        .collect();
    let mut read = positions::read(archive, &names, &candidates)
        .await?
        .into_iter();
    let words: Vec<Vec<Positions>> = piece
        .words
        .iter()
        .map(|word| read.by_ref().take(used(word, phrase).count()).collect())
        .collect();
    found.retain(|(item, _)| {
        let places: Vec<Vec<Occurrence>> = words
            .iter()
            .map(|forms| occurrences(forms, *item, piece.asked.field))
            .collect();
        stand_together(&places)
    });
    Ok(found)
}

/// The forms that count: in a phrase only the word itself, with the article or without.
fn used<'w, 'a>(word: &'w Word<'a>, phrase: bool) -> impl Iterator<Item = &'w (&'a Form, Block)> {
    word.forms
        .iter()
        .filter(move |(form, _)| !phrase || form.kind >= score::BARE)
}

/// Where the forms of a word stand in an item, in one field where one is asked for.
fn occurrences(forms: &[Positions], item: u32, field: Option<u32>) -> Vec<Occurrence> {
    let mut all: Vec<Occurrence> = Vec::new();
    for positions in forms {
        if let Ok(place) = positions.binary_search_by_key(&item, |(own, _)| *own)
            && let Some((_, own)) = positions.get(place)
        {
            all.extend(
                own.iter()
                    .filter(|own| field.is_none_or(|field| own.field == field)),
            );
        }
    }
    all.sort_unstable();
    all
}

/// Whether the words stand one after the other somewhere.
fn stand_together(words: &[Vec<Occurrence>]) -> bool {
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    first.iter().any(|start| {
        (1u32..).zip(rest).all(|(distance, word)| {
            let wanted = Occurrence {
                position: start.position.saturating_add(distance),
                ..*start
            };
            word.binary_search(&wanted).is_ok()
        })
    })
}

/// The items of a word, and of each the best of its level times how well the form answers.
async fn word_matches<F: Fetch>(
    archive: &Archive<F>,
    word: &Word<'_>,
    phrase: bool,
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
    for (_, block) in used(word, phrase) {
        if let List::Chunks(all) = &block.list {
            let wanted = all.iter().filter(|chunk| needed(chunk.first, chunk.last));
            chunks.extend(wanted.map(|chunk| chunk.postings(archive)));
        }
    }
    let mut chunks = together(chunks).await.into_iter();
    let mut found = Vec::new();
    for (form, block) in used(word, phrase) {
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
            let all = occurrences(forms, *item, None);
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
