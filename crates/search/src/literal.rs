//! Evaluation of a literal: a word, a phrase, or either restricted to a field.

use khizana_format::{Archive, Fetch, ReadError, join_all};

use crate::bigrams::BigramPostings;
use crate::numeric_sort::sort_by_key;
use crate::parsed_query::TermMatch;
use crate::positions::{self, Occurrence, PositionCursor, Positions};
use crate::postings::Postings;
use crate::score;
use crate::scored_items::{ScoredItems, intersect, numbers, union};
use crate::term_entry::{ChunkRef, PostingList, TermBlock};

/// A literal whose term blocks have been fetched.
pub(crate) struct LoadedLiteral<'a> {
    /// Index of the field to which the literal is restricted.
    pub(crate) field: Option<u32>,
    pub(crate) parts: Vec<LoadedPart<'a>>,
}

/// A part of a literal: a word, or two words as a bigram.
pub(crate) struct LoadedPart<'a> {
    /// Position of the part within the literal, in words.
    pub(crate) offset: u32,
    pub(crate) postings: PartPostings<'a>,
}

pub(crate) enum PartPostings<'a> {
    /// The blocks of all terms that match the word.
    Word(Vec<(&'a TermMatch, TermBlock)>),
    /// The weights and postings of all bigrams that match the two words.
    Bigram(Vec<(u32, BigramPostings)>),
}

impl<'a> LoadedPart<'a> {
    /// Returns the terms of the part if it is a word, and no terms if it is a bigram.
    pub(crate) fn terms(&self) -> &[(&'a TermMatch, TermBlock)] {
        match &self.postings {
            PartPostings::Word(terms) => terms,
            PartPostings::Bigram(_) => &[],
        }
    }

    /// Returns the document frequency of each term or bigram.
    fn doc_freqs(&self) -> Vec<u32> {
        match &self.postings {
            PartPostings::Word(terms) => {
                terms.iter().map(|(term, _)| term.entry.doc_freq).collect()
            }
            PartPostings::Bigram(bigrams) => bigrams
                .iter()
                .map(|(_, postings)| postings.levels.len() as u32)
                .collect(),
        }
    }

    /// Returns the idf of the most frequent term.
    fn idf(&self, items: u32) -> u32 {
        let doc_freq = self.doc_freqs().into_iter().max().unwrap_or_default();
        score::idf(items, doc_freq)
    }

    /// Returns the items that contain the part. The score of an item is that of the best matching
    /// term: the level of the term multiplied by its weight.
    ///
    /// Chunks of posting lists that contain none of the `candidates` are not fetched, so items that
    /// are not candidates can be missing.
    async fn items<F: Fetch>(
        &self,
        archive: &Archive<F>,
        candidates: Option<&[u32]>,
    ) -> Result<ScoredItems, ReadError> {
        let is_needed = |chunk: &&ChunkRef| overlaps(candidates, chunk.first, chunk.last);
        let mut chunks = Vec::new();
        for (_, block) in self.terms() {
            if let PostingList::Chunked(list) = &block.list {
                let needed = list.iter().filter(is_needed);
                chunks.extend(needed.map(|chunk| chunk.postings(archive)));
            }
        }
        let mut chunks = join_all(chunks).await.into_iter();
        let mut items = ScoredItems::new();
        if let PartPostings::Bigram(bigrams) = &self.postings {
            for (weight, postings) in bigrams {
                items = union(items, weighted(postings.iter(), *weight), score::best);
            }
        }
        for (term, block) in self.terms() {
            let weighted = |postings: &Postings| weighted(postings.iter(), term.weight);
            let term_items = match &block.list {
                PostingList::Whole(postings) => weighted(postings),
                PostingList::Chunked(list) => {
                    let mut term_items = ScoredItems::new();
                    for _ in list.iter().filter(is_needed) {
                        if let Some(postings) = chunks.next() {
                            term_items.append(&mut weighted(&postings?));
                        }
                    }
                    term_items
                }
            };
            items = union(items, term_items, score::best);
        }
        Ok(items)
    }
}

/// Returns `true` if the sorted list `items` contains an item from `first` to `last`, or if `items`
/// is `None`.
pub(crate) fn overlaps(items: Option<&[u32]>, first: u32, last: u32) -> bool {
    items.is_none_or(|items| {
        let start = items.partition_point(|item| *item < first);
        items.get(start).is_some_and(|item| *item <= last)
    })
}

/// Multiplies the levels of postings by a weight.
fn weighted(postings: impl Iterator<Item = (u32, u8)>, weight: u32) -> ScoredItems {
    postings
        .map(|(item, level)| (item, score::weighted(level, weight)))
        .collect()
}

impl LoadedLiteral<'_> {
    /// Returns an upper bound on the number of items that match the literal.
    pub(crate) fn max_items(&self) -> u64 {
        let part_max = |part: &LoadedPart<'_>| part.doc_freqs().into_iter().map(u64::from).sum();
        self.parts.iter().map(part_max).min().unwrap_or_default()
    }

    /// Returns the items that match the literal. Items that are not in `candidates` can be missing.
    pub(crate) async fn evaluate<F: Fetch>(
        &self,
        archive: &Archive<F>,
        candidates: Option<&[u32]>,
    ) -> Result<ScoredItems, ReadError> {
        let mut result: Option<ScoredItems> = None;
        for part in &self.parts {
            let remaining: Option<Vec<u32>> = result.as_ref().map(numbers);
            let mut items = part
                .items(archive, remaining.as_deref().or(candidates))
                .await?;
            let idf = part.idf(archive.root().items);
            for (_, score) in &mut items {
                *score = score::with_idf(*score, idf);
            }
            result = Some(match result {
                None => items,
                Some(previous) => intersect(&previous, &items),
            });
        }
        let mut items = result.unwrap_or_default();
        if self.parts.len() < 2 && self.field.is_none() {
            return Ok(items);
        }
        if let Some(candidates) = candidates {
            items.retain(|(item, _)| candidates.binary_search(item).is_ok());
        }
        self.retain_by_position(archive, &mut items).await?;
        Ok(items)
    }

    /// Removes the items in which the parts are not consecutive or not in the required field.
    async fn retain_by_position<F: Fetch>(
        &self,
        archive: &Archive<F>,
        items: &mut ScoredItems,
    ) -> Result<(), ReadError> {
        let terms: Vec<&str> = self
            .parts
            .iter()
            .flat_map(LoadedPart::terms)
            .map(|(term, _)| term.term.as_str())
            .collect();
        let mut positions = positions::read(archive, &terms, &numbers(items))
            .await?
            .into_iter();
        let positions: Vec<Vec<Positions>> = self
            .parts
            .iter()
            .map(|part| positions.by_ref().take(part.terms().len()).collect())
            .collect();
        let mut parts: Vec<PartPositions<'_>> = self
            .parts
            .iter()
            .zip(&positions)
            .map(|(part, positions)| PartPositions::new(part, positions))
            .collect();
        items.retain(|(item, _)| {
            for part in &mut parts {
                part.seek(*item, self.field);
            }
            are_consecutive(&parts)
        });
        Ok(())
    }
}

/// The positions of a part of a literal, for items in ascending order.
struct PartPositions<'a> {
    /// See [`LoadedPart::offset`].
    offset: u32,
    /// A cursor for each term or bigram.
    cursors: Vec<PositionCursor<'a>>,
    /// The occurrences in the current item, sorted.
    occurrences: Vec<Occurrence>,
}

impl<'a> PartPositions<'a> {
    /// Creates cursors for the positions of a part. If the part is a word, `positions` are the
    /// positions of its terms. The postings of bigrams already contain their positions.
    fn new(part: &'a LoadedPart<'_>, positions: &'a [Positions]) -> PartPositions<'a> {
        let bigrams = match &part.postings {
            PartPostings::Word(_) => &[][..],
            PartPostings::Bigram(bigrams) => bigrams,
        };
        let bigrams = bigrams
            .iter()
            .map(|(_, postings)| postings.positions.cursor());
        let terms = positions.iter().map(Positions::cursor);
        PartPositions {
            offset: part.offset,
            cursors: bigrams.chain(terms).collect(),
            occurrences: Vec::new(),
        }
    }

    /// Moves to an item, whose number must not be less than that of the previous one, and reads its
    /// occurrences.
    fn seek(&mut self, item: u32, field: Option<u32>) {
        let lists = self.cursors.iter_mut().map(|cursor| cursor.seek(item));
        merge_occurrences(lists, field, &mut self.occurrences);
    }
}

/// Replaces `merged` with the sorted union of several lists of occurrences, restricted to `field`
/// if there is one.
pub(crate) fn merge_occurrences<'a>(
    lists: impl Iterator<Item = &'a [Occurrence]>,
    field: Option<u32>,
    merged: &mut Vec<Occurrence>,
) {
    merged.clear();
    merged.extend(
        lists
            .flatten()
            .copied()
            .filter(|occurrence| field.is_none_or(|field| occurrence.field == field)),
    );
    // A single list is already sorted.
    if !merged.is_sorted() {
        sort_by_key(merged, |occurrence| occurrence.position);
        sort_by_key(merged, |occurrence| occurrence.page);
        sort_by_key(merged, |occurrence| occurrence.field);
    }
}

/// Returns `true` if there is a position at which all parts occur at their offsets. The parts are
/// in ascending order of their offsets.
fn are_consecutive(parts: &[PartPositions<'_>]) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return false;
    };
    first.occurrences.iter().any(|start| {
        rest.iter().all(|part| {
            let expected = Occurrence {
                position: start.position.saturating_add(part.offset - first.offset),
                ..*start
            };
            part.occurrences.binary_search(&expected).is_ok()
        })
    })
}
