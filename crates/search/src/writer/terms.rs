//! The writer of terms: their posting lists, positions and bigrams.

use std::cell::RefCell;
use std::collections::BTreeMap;
#[allow(clippy::disallowed_types)]
// Accessed for every term of every item. Its content is sorted before anything is written.
use std::collections::HashMap;

use khizana_format::{
    ByteReader, LeafSize, TreeRef, TreeWriter, WriteError, encode_object, hash_of, put_varint,
};
use khizana_model::Hash;
use rayon::prelude::*;

use super::analysed_item::AnalysedItem;
use super::level::{AverageLengths, BestPlaces, FieldLengths, FieldWeights, coarsen_levels, level};
use super::term_lists::{TermLists, add_prefix_lists, stem_and_phonetic_lists};
use super::{IndexSettings, Store};
use crate::bigrams::SEPARATOR;
use crate::positions;
use crate::postings::Postings;
use crate::score::LEVELS;
use crate::spelling;
use crate::term_entry::{
    BlockLocation, CHUNK_SIZE, ChunkRef, MAX_INLINE_BLOCK, PostingList, TOP_ITEMS, TermBlock,
    TermEntry,
};
use crate::whole_value::WholeValue;

/// Size of the leaves of the tree of positions. Positions are read for only a few terms at a time,
/// and take more bytes than posting lists.
const POSITIONS_LEAF_SIZE: LeafSize = LeafSize {
    min: 96 << 10,
    max: 192 << 10,
    boundary_divisor: 16,
};
/// Number of terms per batch. The terms of a batch are encoded in parallel.
const BATCH_LEN: usize = 1_024;
/// Maximum size of the list of a whole value that is stored in the entry itself, in bytes.
const MAX_INLINE_WHOLE_VALUE: usize = 512;
/// Minimum number of bytes by which the stream of a term grows.
const MIN_GROWTH: usize = 16;
/// Maximum number of languages in which query words are stemmed.
const MAX_LANGUAGES: usize = 8;

/// Collects the terms of all items.
#[derive(Default)]
pub(super) struct Terms {
    /// Terms and bigrams.
    #[allow(clippy::disallowed_types)]
    terms: HashMap<String, TermData>,
    fields: NameTable,
    languages: NameTable,
    field_lengths: Vec<FieldLengths>,
    /// The items with each whole value, by key.
    whole_values: BTreeMap<String, Vec<(u32, WholeValue)>>,
}

/// A table of names, each with an index and a count, in the order in which they were first seen.
#[derive(Default)]
struct NameTable {
    names: Vec<String>,
    counts: Vec<u64>,
}

impl NameTable {
    /// Counts a name and returns its index.
    fn count(&mut self, name: &str) -> u32 {
        let index = match self.names.iter().position(|known| known == name) {
            Some(index) => index,
            None => {
                self.names.push(name.to_owned());
                self.counts.push(0);
                self.names.len() - 1
            }
        };
        if let Some(count) = self.counts.get_mut(index) {
            *count += 1;
        }
        index as u32
    }
}

/// The data of a term or a bigram.
#[derive(Default)]
pub(super) struct TermData {
    /// The delta-encoded item numbers, each followed by a byte with the [`BestPlaces`] and by the
    /// occurrences in the item in the format of [`positions::write_occurrences`].
    stream: Vec<u8>,
    /// The number of the item after the last one in `stream`.
    next_item: u32,
    pub(super) doc_freq: u32,
    /// Indexes of the languages in which the term occurs.
    pub(super) languages: Vec<u32>,
}

/// References to the written trees, and other values for the root.
pub(super) struct WrittenTerms {
    pub(super) terms: TreeRef,
    pub(super) positions: TreeRef,
    pub(super) bigrams: TreeRef,
    pub(super) fields: Vec<String>,
    pub(super) languages: Vec<String>,
    pub(super) scripts: Vec<String>,
    /// The terms for spelling correction, in alphabetical order, with their document frequencies.
    pub(super) spelling_words: Vec<(String, u32)>,
}

impl Terms {
    /// Adds the terms of an item.
    pub(super) fn add(&mut self, number: u32, item: AnalysedItem) {
        if self.fields.names.is_empty() {
            self.fields.count("title");
        }
        self.field_lengths.push(item.field_lengths);
        for (key, value) in item.whole_values {
            let items = self.whole_values.entry(key).or_default();
            items.push((number, value));
        }
        let fields = item.fields.iter();
        let field_indexes: Vec<u32> = fields.map(|name| self.fields.count(name)).collect();
        for (term, item_term) in item.terms {
            let mut occurrences = item_term.occurrences;
            for occurrence in &mut occurrences {
                if let Some(index) = field_indexes.get(occurrence.field as usize) {
                    occurrence.field = *index;
                }
            }
            occurrences.sort_unstable();
            occurrences.dedup();
            let data = self.terms.entry(term).or_default();
            // Vectors double their capacity. Of the frequent terms, much of it would remain unused.
            if data.stream.len() == data.stream.capacity() {
                let quarter = data.stream.len() / 4;
                data.stream.reserve_exact(quarter.max(MIN_GROWTH));
            }
            put_varint(&mut data.stream, u64::from(number - data.next_item));
            data.stream.push(item_term.places.to_byte());
            positions::write_occurrences(&occurrences, &mut data.stream);
            data.next_item = number + 1;
            data.doc_freq += 1;
            for language in &item_term.languages {
                let language = self.languages.count(language);
                if !data.languages.contains(&language) {
                    data.languages.push(language);
                }
            }
        }
    }

    /// Writes the trees of terms, positions and bigrams.
    pub(super) fn write(
        self,
        settings: &IndexSettings<'_>,
        store: Store<'_>,
    ) -> Result<WrittenTerms, WriteError> {
        let (mut bigrams, mut terms): (Vec<_>, Vec<_>) = self
            .terms
            .into_iter()
            .partition(|(term, _)| term.contains(SEPARATOR));
        terms.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        bigrams.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let encoder = TermEncoder {
            averages: AverageLengths::of(&self.field_lengths),
            weights: FieldWeights::new(&self.fields.names, settings.weights),
            field_lengths: &self.field_lengths,
            summary: settings.summary,
        };
        let mut lists = stem_and_phonetic_lists(&terms, &self.languages.names);
        add_prefix_lists(&terms, &mut lists);
        for (key, items) in self.whole_values {
            let (entry, objects) = encode_whole_value(items)?;
            for (hash, object) in objects {
                store(hash, object)?;
            }
            lists.insert(key, entry);
        }
        let (terms_tree, positions_tree) = write_terms(&terms, lists, &encoder, store)?;
        let bigrams_tree = write_bigrams(&bigrams, &encoder, store)?;
        let scripts = scripts(&terms);
        Ok(WrittenTerms {
            terms: terms_tree,
            positions: positions_tree,
            bigrams: bigrams_tree,
            fields: self.fields.names,
            languages: most_frequent_languages(self.languages),
            scripts,
            spelling_words: spelling_words(terms),
        })
    }
}

/// Writes the trees of terms and positions. `terms` are in alphabetical order; `lists` are the other
/// entries of the tree of terms.
fn write_terms(
    terms: &[(String, TermData)],
    lists: TermLists,
    encoder: &TermEncoder<'_>,
    store: Store<'_>,
) -> Result<(TreeRef, TreeRef), WriteError> {
    let mut lists = lists.into_iter().peekable();
    // Both trees are written at the same time and share the store.
    let store = RefCell::new(store);
    let mut store_of_terms = |hash, object| (store.borrow_mut())(hash, object);
    let mut store_of_positions = |hash, object| (store.borrow_mut())(hash, object);
    let mut terms_tree = TreeWriter::new(&mut store_of_terms, LeafSize::SMALL);
    let mut positions_tree = TreeWriter::new(&mut store_of_positions, POSITIONS_LEAF_SIZE);
    for batch in terms.chunks(BATCH_LEN) {
        let encoded: Vec<EncodedTerm> = batch
            .par_iter()
            .map(|(_, data)| encoder.encode_term(data))
            .collect::<Result<_, _>>()?;
        for ((term, _), encoded) in batch.iter().zip(encoded) {
            for (hash, object) in encoded.objects {
                (store.borrow_mut())(hash, object)?;
            }
            while let Some((key, list)) = lists.next_if(|(key, _)| key < term) {
                terms_tree.push(key.as_bytes(), list)?;
            }
            terms_tree.push(term.as_bytes(), encoded.entry)?;
            positions_tree.push(term.as_bytes(), encoded.positions)?;
        }
    }
    for (key, list) in lists {
        terms_tree.push(key.as_bytes(), list)?;
    }
    Ok((terms_tree.finish()?, positions_tree.finish()?))
}

/// Writes the tree of bigrams. `bigrams` are in alphabetical order.
fn write_bigrams(
    bigrams: &[(String, TermData)],
    encoder: &TermEncoder<'_>,
    store: Store<'_>,
) -> Result<TreeRef, WriteError> {
    let store = RefCell::new(store);
    let mut store_of_tree = |hash, object| (store.borrow_mut())(hash, object);
    let mut tree = TreeWriter::new(&mut store_of_tree, LeafSize::SMALL);
    for batch in bigrams.chunks(BATCH_LEN) {
        let encoded: Vec<(Vec<u8>, Objects)> = batch
            .par_iter()
            .map(|(_, data)| encoder.encode_bigram(data))
            .collect::<Result<_, _>>()?;
        for ((bigram, _), (entry, objects)) in batch.iter().zip(encoded) {
            for (hash, object) in objects {
                (store.borrow_mut())(hash, object)?;
            }
            tree.push(bigram.as_bytes(), entry)?;
        }
    }
    tree.finish()
}

/// Returns the scripts of the terms, in alphabetical order. Omits scripts for which phonetic
/// matching is not supported.
fn scripts(terms: &[(String, TermData)]) -> Vec<String> {
    let mut scripts: Vec<String> = Vec::new();
    for (term, _) in terms {
        let script = khizana_text::script(term);
        if script != "Zyyy" && !scripts.iter().any(|known| known == script) {
            scripts.push(script.to_owned());
        }
    }
    scripts.sort();
    scripts
}

/// Returns the most frequent languages, in which query words are stemmed.
fn most_frequent_languages(languages: NameTable) -> Vec<String> {
    let mut languages: Vec<(u64, String)> =
        languages.counts.into_iter().zip(languages.names).collect();
    languages.sort_by(|a, b| b.cmp(a));
    languages.truncate(MAX_LANGUAGES);
    languages.into_iter().map(|(_, name)| name).collect()
}

/// Returns the terms for spelling correction.
fn spelling_words(terms: Vec<(String, TermData)>) -> Vec<(String, u32)> {
    let mut words: Vec<(String, u32)> = terms
        .into_iter()
        .filter(|(term, _)| khizana_text::max_edits(term) > 0)
        .map(|(term, data)| (term, data.doc_freq))
        .collect();
    if words.len() > spelling::MAX_WORDS {
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.truncate(spelling::MAX_WORDS);
        words.sort();
    }
    words
}

/// Objects with their hashes.
type Objects = Vec<(Hash, Vec<u8>)>;

/// Encodes terms and bigrams.
struct TermEncoder<'a> {
    averages: AverageLengths,
    weights: FieldWeights,
    field_lengths: &'a [FieldLengths],
    summary: &'a (dyn Fn(u32) -> Result<Vec<u8>, WriteError> + Sync),
}

/// The entries of a term in the trees of terms and positions, and the objects to which they refer.
struct EncodedTerm {
    entry: Vec<u8>,
    positions: Vec<u8>,
    objects: Objects,
}

impl TermEncoder<'_> {
    /// Calls `visit` for each item with the item number, the level of the term in the item, and the
    /// encoded occurrences.
    fn for_each_item(&self, data: &TermData, mut visit: impl FnMut(u32, u8, &[u8])) {
        let mut reader = ByteReader::new(&data.stream);
        let mut next_item = 0;
        let mut occurrences = Vec::new();
        // Each field and page on which the term occurs, and the number of occurrences there.
        let mut counts: Vec<(u32, u32, u32)> = Vec::new();
        while let Some(delta) = reader.varint_u32() {
            let item = next_item + delta;
            next_item = item + 1;
            let Some(places) = reader.byte() else {
                break;
            };
            let start = data.stream.len() - reader.remaining();
            occurrences.clear();
            if positions::read_occurrences(&mut reader, &mut occurrences).is_none() {
                break;
            }
            let end = data.stream.len() - reader.remaining();
            counts.clear();
            for occurrence in &occurrences {
                let place = (occurrence.field, occurrence.page);
                match counts.last_mut() {
                    Some((field, page, count)) if (*field, *page) == place => *count += 1,
                    _ => counts.push((occurrence.field, occurrence.page, 1)),
                }
            }
            let Some(lengths) = self.field_lengths.get(item as usize) else {
                break;
            };
            let places = BestPlaces::from_byte(places);
            let level = level(places, &counts, lengths, &self.averages, &self.weights);
            visit(item, level, data.stream.get(start..end).unwrap_or_default());
        }
    }

    /// Returns the entry of a bigram in the tree of bigrams, and the objects to which it refers.
    fn encode_bigram(&self, data: &TermData) -> Result<(Vec<u8>, Objects), WriteError> {
        let mut items = Vec::with_capacity(data.doc_freq as usize);
        self.for_each_item(data, |item, level, occurrences| {
            items.push((item, [&[level], occurrences].concat()));
        });
        let mut objects = Objects::new();
        let entry = positions::write_entry(&items, object_collector(&mut objects))?;
        Ok((entry, objects))
    }

    fn encode_term(&self, data: &TermData) -> Result<EncodedTerm, WriteError> {
        let mut postings = Postings::default();
        let mut items = Vec::with_capacity(data.doc_freq as usize);
        self.for_each_item(data, |item, level, occurrences| {
            postings.items.push(item);
            postings.levels.push(level);
            items.push((item, occurrences.to_vec()));
        });
        coarsen_levels(&mut postings.levels);
        let mut objects = Objects::new();
        let mut store = object_collector(&mut objects);
        let positions = positions::write_entry(&items, &mut store)?;
        let doc_freq = postings.len() as u32;
        let top_items = top_items(&postings)
            .into_iter()
            .map(|item| Ok((item, (self.summary)(item)?)))
            .collect::<Result<_, WriteError>>()?;
        let block = TermBlock {
            top_items,
            list: posting_list(postings, &mut store)?,
        };
        let bytes = block.write();
        let block = if bytes.len() <= MAX_INLINE_BLOCK {
            BlockLocation::Inline(bytes)
        } else {
            BlockLocation::Object(store(&bytes)?)
        };
        drop(store);
        Ok(EncodedTerm {
            entry: TermEntry { doc_freq, block }.write(),
            positions,
            objects,
        })
    }
}

/// Returns the entry of a whole value, and the objects to which it refers.
///
/// The list of a prolific artist is long and becomes an object, so that it is not fetched with the
/// entries around it.
fn encode_whole_value(items: Vec<(u32, WholeValue)>) -> Result<(Vec<u8>, Objects), WriteError> {
    let mut objects = Objects::new();
    let mut store = object_collector(&mut objects);
    let (items, levels) = items
        .into_iter()
        .map(|(item, value)| (item, value.to_level()))
        .unzip();
    let postings = Postings { items, levels };
    let doc_freq = postings.len() as u32;
    let block = TermBlock {
        top_items: Vec::new(),
        list: posting_list(postings, &mut store)?,
    };
    let bytes = block.write();
    let block = if bytes.len() <= MAX_INLINE_WHOLE_VALUE {
        BlockLocation::Inline(bytes)
    } else {
        BlockLocation::Object(store(&bytes)?)
    };
    drop(store);
    Ok((TermEntry { doc_freq, block }.write(), objects))
}

/// Returns at most [`TOP_ITEMS`] items, those with the highest levels, in descending order of the
/// level.
fn top_items(postings: &Postings) -> Vec<u32> {
    // The title counts only in queries of several words.
    let mut ranked: Vec<(u8, u32)> = postings
        .iter()
        .map(|(item, level)| (LEVELS - (level & LEVELS), item))
        .collect();
    if ranked.len() > TOP_ITEMS {
        ranked.select_nth_unstable(TOP_ITEMS);
        ranked.truncate(TOP_ITEMS);
    }
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, item)| item).collect()
}

/// Returns a function that encodes an object, adds it to `objects`, and returns its hash.
fn object_collector(objects: &mut Objects) -> impl FnMut(&[u8]) -> Result<Hash, WriteError> {
    |content| {
        let object = encode_object(content)?;
        let hash = hash_of(&object);
        objects.push((hash, object));
        Ok(hash)
    }
}

/// Splits postings into chunks with equal numbers of items if their encoding is longer than
/// [`CHUNK_SIZE`].
fn posting_list(
    postings: Postings,
    store: &mut impl FnMut(&[u8]) -> Result<Hash, WriteError>,
) -> Result<PostingList, WriteError> {
    let mut bytes = Vec::new();
    postings.write(&mut bytes);
    if bytes.len() <= CHUNK_SIZE {
        return Ok(PostingList::Whole(postings));
    }
    let chunk_len = postings.len().div_ceil(bytes.len().div_ceil(CHUNK_SIZE));
    let item_chunks = postings.items.chunks(chunk_len);
    let level_chunks = postings.levels.chunks(chunk_len);
    let mut chunks = Vec::new();
    for (items, levels) in item_chunks.zip(level_chunks) {
        let (Some(first), Some(last)) = (items.first(), items.last()) else {
            continue;
        };
        let mut bytes = Vec::new();
        Postings {
            items: items.to_vec(),
            levels: levels.to_vec(),
        }
        .write(&mut bytes);
        chunks.push(ChunkRef {
            first: *first,
            last: *last,
            len: items.len() as u32,
            object: store(&bytes)?,
        });
    }
    Ok(PostingList::Chunked(chunks))
}
