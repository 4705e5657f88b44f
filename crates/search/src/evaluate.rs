//! Query evaluation: finds and scores the items that match a parsed query.

use khizana_format::{Archive, Fetch, ReadError, join, join_all};

use crate::bigrams;
use crate::literal::{LoadedLiteral, LoadedPart, PartPostings};
use crate::numeric_sort::sort_by_key;
use crate::parsed_query::{LiteralPart, ParsedLiteral, ParsedQuery};
use crate::score;
use crate::scored_items::{ScoredItems, difference, intersect, numbers, union};
use crate::term_entry::{ChunkRef, PostingList};

/// Summaries of items as JSON, in ascending order of the item numbers.
pub(crate) type Summaries = Vec<(u32, Vec<u8>)>;

/// A clause whose term blocks have been fetched.
struct LoadedClause<'a> {
    is_negated: bool,
    literals: Vec<LoadedLiteral<'a>>,
}

/// Returns the items that match all clauses, and the summaries that the term blocks contain.
///
/// The items are `None` if the query has no clauses.
pub(crate) async fn evaluate<F: Fetch>(
    archive: &Archive<F>,
    query: &ParsedQuery,
) -> Result<(Option<ScoredItems>, Summaries), ReadError> {
    // If a clause cannot match, nothing needs to be fetched.
    let mut positive = query.clauses.iter().filter(|clause| !clause.is_negated);
    if positive.any(|clause| !clause.literals.iter().any(ParsedLiteral::can_match)) {
        return Ok((Some(Vec::new()), Vec::new()));
    }
    let (mut clauses, mut summaries) = load_clauses(archive, query).await?;

    // The most selective clause is first, and negated clauses are last. Of the other clauses, only
    // the chunks that overlap the items found so far are fetched.
    sort_by_key(&mut clauses, |clause| {
        let max_items: u64 = clause.literals.iter().map(LoadedLiteral::max_items).sum();
        let max_items = max_items.min(u64::from(u32::MAX >> 1)) as u32;
        u32::from(clause.is_negated) << 31 | max_items
    });
    if let Some(most_selective) = clauses.first()
        && !most_selective.chunks().is_empty()
    {
        // Even the most selective clause has a long list, which probably overlaps all chunks of the
        // others. All chunks are fetched concurrently.
        let chunks = clauses.iter().flat_map(LoadedClause::chunks);
        let objects = chunks.map(|chunk| archive.object(&chunk.object));
        for object in join_all(objects.collect()).await {
            object?;
        }
    }
    let mut result: Option<ScoredItems> = None;
    for clause in &clauses {
        if clause.is_negated && result.is_none() {
            let all_items = 0..archive.root().items;
            result = Some(all_items.map(|item| (item, 0)).collect());
        }
        let candidates: Option<Vec<u32>> = result.as_ref().map(numbers);
        let mut items = ScoredItems::new();
        for literal in &clause.literals {
            let matching = literal.evaluate(archive, candidates.as_deref()).await?;
            items = union(items, matching, u32::saturating_add);
        }
        result = Some(match result {
            None => items,
            Some(previous) if clause.is_negated => difference(previous, &items),
            Some(previous) => intersect(&previous, &items),
        });
    }
    let parts = query.has_only_words().then(|| query.count_parts());
    for (_, score) in result.iter_mut().flatten() {
        *score = score::total(*score, parts);
    }
    sort_by_key(&mut summaries, |(item, _)| *item);
    summaries.dedup_by_key(|(item, _)| *item);
    Ok((result, summaries))
}

/// Fetches the blocks of all terms and bigrams concurrently. Also returns the summaries that the
/// blocks contain, unsorted.
async fn load_clauses<'a, F: Fetch>(
    archive: &Archive<F>,
    query: &'a ParsedQuery,
) -> Result<(Vec<LoadedClause<'a>>, Summaries), ReadError> {
    let parts: Vec<Vec<(u32, LiteralPart<'_>)>> =
        query.literals().map(ParsedLiteral::parts).collect();
    let mut blocks = Vec::new();
    let mut bigrams = Vec::new();
    for (_, part) in parts.iter().flatten() {
        match part {
            LiteralPart::Word(terms) => {
                blocks.extend(terms.iter().map(|term| term.entry.block(archive)));
            }
            LiteralPart::Bigram(bigram) => {
                bigrams.extend(bigram.terms.iter().map(|(term, _)| term.as_str()));
            }
        }
    }
    let (blocks, bigrams) = join(join_all(blocks), bigrams::read(archive, &bigrams)).await;
    let mut blocks = blocks.into_iter();
    let mut bigrams = bigrams?.into_iter();
    let mut parts = parts.into_iter();
    let mut summaries = Summaries::new();
    let mut clauses = Vec::new();
    for clause in &query.clauses {
        let mut literals = Vec::new();
        for literal in &clause.literals {
            let mut loaded_parts = Vec::new();
            for (offset, part) in parts.next().unwrap_or_default() {
                let postings = match part {
                    LiteralPart::Word(terms) => {
                        let mut loaded = Vec::new();
                        for (term, block) in terms.into_iter().zip(blocks.by_ref()) {
                            let mut block = block?;
                            summaries.append(&mut block.top_items);
                            loaded.push((term, block));
                        }
                        PartPostings::Word(loaded)
                    }
                    LiteralPart::Bigram(bigram) => {
                        let weights = bigram.terms.iter().map(|(_, weight)| *weight);
                        PartPostings::Bigram(weights.zip(bigrams.by_ref()).collect())
                    }
                };
                loaded_parts.push(LoadedPart { offset, postings });
            }
            literals.push(LoadedLiteral {
                field: literal.field,
                parts: loaded_parts,
            });
        }
        clauses.push(LoadedClause {
            is_negated: clause.is_negated,
            literals,
        });
    }
    Ok((clauses, summaries))
}

impl LoadedClause<'_> {
    /// Returns the chunks of all posting lists that are split.
    fn chunks(&self) -> Vec<&ChunkRef> {
        self.literals
            .iter()
            .flat_map(|literal| &literal.parts)
            .flat_map(LoadedPart::terms)
            .filter_map(|(_, block)| match &block.list {
                PostingList::Chunked(chunks) => Some(chunks),
                PostingList::Whole(_) => None,
            })
            .flatten()
            .collect()
    }
}
