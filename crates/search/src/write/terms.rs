//! The words, and all that is kept of each.

use std::cell::RefCell;
use std::collections::BTreeMap;
#[allow(clippy::disallowed_types)]
// Looked up a million times; brought into order before anything is written.
use std::collections::HashMap;

use khizana_format::{
    ByteReader, LeafSize, TreeRef, TreeWriter, WriteError, encode_object, hash_of, put_varint,
};
use khizana_model::Hash;
use khizana_text::{phonetic_key, stem};
use rayon::prelude::*;

use super::analysed::Own;
use super::{Settings, Store};
use crate::ask::COMPLETIONS;
use crate::entry::{
    BEGINNING, Block, CHUNK, Chunk, Entry, HERE, LEAD, List, Place, SOUND, STEM, write_words,
};
use crate::pairs::PAIR;
use crate::positions;
use crate::postings::Postings;
use crate::score::{Averages, Length, Scale, coarse, level};
use crate::spelling;

/// A beginning of more words has an entry that names the most frequent.
const COMMON: usize = 64;
/// Beginnings of so many letters have entries.
const BEGINNINGS: std::ops::RangeInclusive<usize> = 2..=6;
/// Where words stand is read for a few of them, and takes more than their postings.
const POSITIONS: LeafSize = LeafSize {
    min: 96 << 10,
    max: 192 << 10,
    boundary_divisor: 16,
};
/// So many words are written at once.
const BATCH: usize = 1_024;
/// A stem and a sound name so many words at most.
const GROUP: usize = 64;
/// So many languages are stemmed in when a query is answered.
const LANGUAGES: usize = 8;

/// All words of all items.
#[derive(Default)]
pub(super) struct Terms {
    #[allow(clippy::disallowed_types)]
    words: HashMap<String, Word>,
    fields: Numbered,
    languages: Numbered,
    lengths: Vec<Length>,
}

/// Names with numbers in the order in which they were first seen.
#[derive(Default)]
struct Numbered {
    names: Vec<String>,
    /// How often each was named.
    counts: Vec<u64>,
}

impl Numbered {
    fn of(&mut self, name: &str) -> u32 {
        let number = match self.names.iter().position(|own| own == name) {
            Some(number) => number,
            None => {
                self.names.push(name.to_owned());
                self.counts.push(0);
                self.names.len() - 1
            }
        };
        if let Some(count) = self.counts.get_mut(number) {
            *count += 1;
        }
        number as u32
    }
}

/// A word: its items, each a step from the one before and its occurrences as they are written.
#[derive(Default)]
struct Word {
    stream: Vec<u8>,
    next: u32,
    found: u32,
    languages: Vec<u32>,
}

/// What the root says of the words.
pub(super) struct Written {
    pub(super) terms: TreeRef,
    pub(super) positions: TreeRef,
    pub(super) pairs: TreeRef,
    pub(super) fields: Vec<String>,
    pub(super) languages: Vec<String>,
    pub(super) scripts: Vec<String>,
    /// The words of most items, in order, with how many have each.
    pub(super) words: Vec<(String, u32)>,
}

impl Terms {
    pub(super) fn add(
        &mut self,
        number: u32,
        fields: Vec<String>,
        words: BTreeMap<String, Own>,
        length: Length,
    ) {
        if self.fields.names.is_empty() {
            self.fields.of("title");
        }
        self.lengths.push(length);
        let fields: Vec<u32> = fields.iter().map(|name| self.fields.of(name)).collect();
        for (word, own) in words {
            let mut occurrences = own.occurrences;
            for occurrence in &mut occurrences {
                if let Some(field) = fields.get(occurrence.field as usize) {
                    occurrence.field = *field;
                }
            }
            occurrences.sort_unstable();
            occurrences.dedup();
            let entry = self.words.entry(word).or_default();
            put_varint(&mut entry.stream, u64::from(number - entry.next));
            positions::write_item(&occurrences, &mut entry.stream);
            entry.next = number + 1;
            entry.found += 1;
            for language in &own.languages {
                let language = self.languages.of(language);
                if !entry.languages.contains(&language) {
                    entry.languages.push(language);
                }
            }
        }
    }

    pub(super) fn write(
        self,
        settings: &Settings<'_>,
        store: Store<'_>,
    ) -> Result<Written, WriteError> {
        let (mut pairs, mut words): (Vec<_>, Vec<_>) = self
            .words
            .into_iter()
            .partition(|(word, _)| word.contains(PAIR));
        words.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        pairs.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut lists = groups(&words, &self.languages.names);
        beginnings(&words, &mut lists);

        let averages = Averages::of(&self.lengths);
        let scale = Scale::of(&self.fields.names, settings.weights);
        let maker = Maker {
            averages,
            scale,
            lengths: &self.lengths,
            brief: settings.brief,
        };
        // Two trees grow at once, and all that is written goes the same way.
        let store = RefCell::new(store);
        let mut to_terms = |hash, packed| (store.borrow_mut())(hash, packed);
        let mut to_positions = |hash, packed| (store.borrow_mut())(hash, packed);
        let mut terms = TreeWriter::new(&mut to_terms, LeafSize::SMALL);
        let mut positions = TreeWriter::new(&mut to_positions, POSITIONS);
        let mut lists = lists.into_iter().peekable();
        for batch in words.chunks(BATCH) {
            let made: Vec<Made> = batch
                .par_iter()
                .map(|(_, word)| maker.make(word))
                .collect::<Result<_, _>>()?;
            for ((word, _), made) in batch.iter().zip(made) {
                for (hash, packed) in made.objects {
                    (store.borrow_mut())(hash, packed)?;
                }
                while let Some((key, value)) = lists.next_if(|(key, _)| key < word) {
                    terms.push(key.as_bytes(), value)?;
                }
                terms.push(word.as_bytes(), made.entry)?;
                positions.push(word.as_bytes(), made.positions)?;
            }
        }
        for (key, value) in lists {
            terms.push(key.as_bytes(), value)?;
        }
        let terms = terms.finish()?;
        let positions = positions.finish()?;
        let mut to_pairs = |hash, packed| (store.borrow_mut())(hash, packed);
        let mut tree = TreeWriter::new(&mut to_pairs, LeafSize::SMALL);
        for batch in pairs.chunks(BATCH) {
            let made: Vec<Made> = batch
                .par_iter()
                .map(|(_, pair)| maker.make_pair(pair))
                .collect::<Result<_, _>>()?;
            for ((pair, _), made) in batch.iter().zip(made) {
                for (hash, packed) in made.objects {
                    (store.borrow_mut())(hash, packed)?;
                }
                tree.push(pair.as_bytes(), made.entry)?;
            }
        }
        let pairs = tree.finish()?;

        let mut scripts: Vec<String> = Vec::new();
        for (word, _) in &words {
            let script = khizana_text::script(word);
            if script != "Zyyy" && !scripts.iter().any(|own| own == script) {
                scripts.push(script.to_owned());
            }
        }
        scripts.sort();
        let mut languages: Vec<(u64, String)> = self
            .languages
            .counts
            .into_iter()
            .zip(self.languages.names)
            .collect();
        languages.sort_by(|a, b| b.cmp(a));
        languages.truncate(LANGUAGES);
        let mut words: Vec<(String, u32)> = words
            .into_iter()
            .filter(|(word, _)| khizana_text::max_edits(word) > 0)
            .map(|(word, own)| (word, own.found))
            .collect();
        if words.len() > spelling::MOST {
            words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            words.truncate(spelling::MOST);
            words.sort();
        }
        Ok(Written {
            terms,
            positions,
            pairs,
            fields: self.fields.names,
            languages: languages.into_iter().map(|(_, name)| name).collect(),
            scripts,
            words,
        })
    }
}

/// The words of each stem and of each sound, by the key of the entry.
fn groups(words: &[(String, Word)], languages: &[String]) -> BTreeMap<String, Vec<u8>> {
    let keys: Vec<(String, usize)> = words
        .par_iter()
        .enumerate()
        .flat_map_iter(|(place, (word, own))| {
            let stems = own
                .languages
                .iter()
                .filter_map(|language| languages.get(*language as usize))
                .filter_map(|language| stem(word, language))
                .filter(|stem| stem != word)
                .map(|stem| format!("{stem}{STEM}"));
            let mut keys: Vec<String> = stems.collect();
            keys.extend(phonetic_key(word).map(|sound| format!("{sound}{SOUND}")));
            keys.sort();
            keys.dedup();
            keys.into_iter().map(move |key| (key, place))
        })
        .collect();
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (key, place) in keys {
        groups.entry(key).or_default().push(place);
    }
    groups
        .into_iter()
        .map(|(key, places)| (key, most_frequent(words, places, GROUP)))
        .collect()
}

/// Names the words of most items.
fn most_frequent(words: &[(String, Word)], mut places: Vec<usize>, most: usize) -> Vec<u8> {
    let found = |place: &usize| words.get(*place).map_or(0, |(_, own)| own.found);
    places.sort_by_key(|place| (u32::MAX - found(place), *place));
    places.truncate(most);
    let names: Vec<&str> = places
        .iter()
        .filter_map(|place| words.get(*place))
        .map(|(word, _)| word.as_str())
        .collect();
    write_words(names.into_iter())
}

/// Of beginnings that very many words share, the most frequent.
fn beginnings(words: &[(String, Word)], lists: &mut BTreeMap<String, Vec<u8>>) {
    for letters in BEGINNINGS {
        let beginning = |word: &str| -> Option<usize> {
            let mut ends = word.char_indices().map(|(at, _)| at).chain([word.len()]);
            ends.nth(letters)
        };
        let same = |a: &(String, Word), b: &(String, Word)| {
            let of =
                |word: &str| beginning(word).and_then(|end| word.get(..end).map(str::to_owned));
            of(&a.0).is_some() && of(&a.0) == of(&b.0)
        };
        let mut first = 0;
        for group in words.chunk_by(same) {
            let place = first;
            first += group.len();
            let Some((word, _)) = group.first().filter(|_| group.len() > COMMON) else {
                continue;
            };
            let Some(start) = beginning(word).and_then(|end| word.get(..end)) else {
                continue;
            };
            let longer = (place..first)
                .filter(|place| words.get(*place).is_some_and(|(word, _)| word != start));
            let value = most_frequent(words, longer.collect(), COMPLETIONS);
            lists.insert(format!("{start}{BEGINNING}"), value);
        }
    }
}

/// What is needed to write a word.
struct Maker<'a> {
    averages: Averages,
    scale: Scale,
    lengths: &'a [Length],
    brief: &'a (dyn Fn(u32) -> Vec<u8> + Sync),
}

/// A word's entries in both trees, and the objects they name.
struct Made {
    entry: Vec<u8>,
    positions: Vec<u8>,
    objects: Vec<(Hash, Vec<u8>)>,
}

impl Maker<'_> {
    /// Hands each item to `each`: its number, the level of the word in it, and its occurrences as they
    /// are written.
    fn read(&self, word: &Word, mut each: impl FnMut(u32, u8, &[u8])) {
        let mut reader = ByteReader::new(&word.stream);
        let mut next = 0;
        let mut occurrences = Vec::new();
        let mut counts: Vec<(u32, u32)> = Vec::new();
        // The stream is ours: it ends where its last item does.
        while let Some(step) = reader.varint_u32() {
            let item = next + step;
            next = item + 1;
            let before = reader.remaining();
            occurrences.clear();
            if positions::read_item(&mut reader, &mut occurrences).is_none() {
                break;
            }
            let from = word.stream.len() - before;
            let to = word.stream.len() - reader.remaining();
            counts.clear();
            for occurrence in &occurrences {
                match counts.last_mut() {
                    Some((field, count)) if *field == occurrence.field => *count += 1,
                    _ => counts.push((occurrence.field, 1)),
                }
            }
            let length = self.lengths.get(item as usize).copied().unwrap_or_default();
            let level = level(&counts, &length, &self.averages, &self.scale);
            each(item, level, word.stream.get(from..to).unwrap_or_default());
        }
    }

    fn make_pair(&self, pair: &Word) -> Result<Made, WriteError> {
        let mut items = Vec::with_capacity(pair.found as usize);
        self.read(pair, |item, level, occurrences| {
            items.push((item, [&[level], occurrences].concat()));
        });
        let mut objects = Vec::new();
        let entry = positions::write_parts(&items, into(&mut objects))?;
        Ok(Made {
            entry,
            positions: Vec::new(),
            objects,
        })
    }

    fn make(&self, word: &Word) -> Result<Made, WriteError> {
        let mut postings = Postings::default();
        let mut items = Vec::with_capacity(word.found as usize);
        self.read(word, |item, level, occurrences| {
            postings.items.push(item);
            postings.levels.push(coarse(level, word.found));
            items.push((item, occurrences.to_vec()));
        });
        let mut objects = Vec::new();
        let mut object = into(&mut objects);
        let positions = positions::write_parts(&items, &mut object)?;
        let mut best: Vec<(u8, u32)> = postings
            .iter()
            .map(|(item, level)| (!level, item))
            .collect();
        if best.len() > LEAD {
            best.select_nth_unstable(LEAD);
            best.truncate(LEAD);
        }
        best.sort_unstable();
        let found = postings.len() as u32;
        let block = Block {
            lead: best
                .iter()
                .map(|(_, item)| (*item, (self.brief)(*item)))
                .collect(),
            list: list(postings, &mut object)?,
        };
        let bytes = block.write();
        let block = if bytes.len() <= HERE {
            Place::Here(bytes)
        } else {
            Place::Object(object(&bytes)?)
        };
        drop(object);
        Ok(Made {
            entry: Entry { found, block }.write(),
            positions,
            objects,
        })
    }
}

/// Packs content, and says its name.
fn into(objects: &mut Vec<(Hash, Vec<u8>)>) -> impl FnMut(&[u8]) -> Result<Hash, WriteError> {
    |content| {
        let packed = encode_object(content)?;
        let hash = hash_of(&packed);
        objects.push((hash, packed));
        Ok(hash)
    }
}

/// A list whole, or in chunks of like counts where it is long.
fn list(
    postings: Postings,
    object: &mut impl FnMut(&[u8]) -> Result<Hash, WriteError>,
) -> Result<List, WriteError> {
    let mut bytes = Vec::new();
    postings.write(&mut bytes);
    if bytes.len() <= CHUNK {
        return Ok(List::Whole(postings));
    }
    let count = postings.len().div_ceil(bytes.len().div_ceil(CHUNK));
    let mut chunks = Vec::new();
    for (items, levels) in postings
        .items
        .chunks(count)
        .zip(postings.levels.chunks(count))
    {
        let (Some(first), Some(last)) = (items.first(), items.last()) else {
            continue;
        };
        let (first, last, found) = (*first, *last, items.len() as u32);
        let mut bytes = Vec::new();
        Postings {
            items: items.to_vec(),
            levels: levels.to_vec(),
        }
        .write(&mut bytes);
        chunks.push(Chunk {
            first,
            last,
            found,
            object: object(&bytes)?,
        });
    }
    Ok(List::Chunks(chunks))
}
