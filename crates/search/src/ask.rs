//! From the words of a query to the words of the index that answer them.

use khizana_format::{Archive, Entries, Fetch, KeyRange, ReadError};
use khizana_text::{edit_distance, max_edits, phonetic_similarity};

use crate::entry::{BEGINNING, Entry, SOUND, STEM, read_words};
use crate::pairs::PAIR;
use crate::parse::{Clause, Piece, parse};
use crate::sorted::sort_by_number;
use crate::{malformed, score, spelling};

/// So many words that begin with what is being typed are looked at, those of most items.
pub(crate) const COMPLETIONS: usize = 8;
/// So many other words of a stem.
const OF_A_STEM: usize = 12;
/// So many words of a sound are compared, which takes time; an index names no more.
const HEARD: usize = 64;
/// So many words that sound the same.
const OF_A_SOUND: usize = 8;
/// So many words that are spelt almost the same.
const SPELT: usize = 3;
/// The most words of a query; what comes after them is not looked for.
const MOST: usize = 32;

/// A query, its words found in the index.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) clauses: Vec<AskedClause>,
    /// The query with the words that are in no item replaced by words that are.
    pub(crate) suggestion: Option<String>,
    /// Fields that are no text but facets, and the value asked for.
    pub(crate) filters: Vec<(String, String)>,
}

#[derive(Debug)]
pub(crate) struct AskedClause {
    pub(crate) negative: bool,
    pub(crate) pieces: Vec<AskedPiece>,
}

#[derive(Debug)]
pub(crate) struct AskedPiece {
    /// The number of the field in which alone it is looked for.
    pub(crate) field: Option<u32>,
    /// One word, or words that stand one after the other.
    pub(crate) words: Vec<AskedWord>,
    /// Neighbours among them that the index has as a term of its own, and the place of the first.
    pub(crate) pairs: Vec<Pair>,
}

/// Two neighbours as one.
#[derive(Debug)]
pub(crate) struct Pair {
    /// The place of the first among the words of the piece.
    at: u32,
    /// The pairs of the index that are meant, and how well each answers.
    pub(crate) terms: Vec<(String, u32)>,
}

/// What must stand in its place.
pub(crate) enum Unit<'a> {
    /// A word: what answers it.
    Word(Vec<&'a Form>),
    /// Two neighbours.
    Pair(&'a Pair),
}

impl AskedPiece {
    fn new(field: Option<u32>, words: Vec<AskedWord>) -> AskedPiece {
        AskedPiece {
            field,
            words,
            pairs: Vec::new(),
        }
    }

    /// Finds the pairs that answer for their words: those of which one, however it is meant, is common.
    fn pair(&mut self, common: &[String]) {
        let is_common = |word: &AskedWord| {
            let mut meant = word.meant();
            meant.all(|(word, _)| common.contains(word))
        };
        let neighbours = (0u32..).zip(self.words.windows(2));
        self.pairs = neighbours
            .filter_map(|(at, two)| match two {
                [word, next] if is_common(word) || is_common(next) => Some(Pair {
                    at,
                    terms: between(word, next),
                }),
                _ => None,
            })
            .collect();
    }

    /// Whether the index has all of its words.
    pub(crate) fn may_be(&self) -> bool {
        self.units().iter().all(|(_, unit)| match unit {
            Unit::Word(forms) => !forms.is_empty(),
            Unit::Pair(_) => true,
        })
    }

    /// Whether a pair answers for the word in this place.
    fn in_pair(&self, place: u32) -> bool {
        let mut pairs = self.pairs.iter();
        pairs.any(|pair| pair.at == place || pair.at + 1 == place)
    }

    /// What must stand together, each with its place: pairs, and the words that are in none. Of a word
    /// alone everything that answers it, in a phrase only itself, with the article or without.
    pub(crate) fn units(&self) -> Vec<(u32, Unit<'_>)> {
        let whole = self.words.len() == 1;
        let mut units = Vec::new();
        for (place, word) in (0u32..).zip(&self.words) {
            if let Some(pair) = self.pairs.iter().find(|pair| pair.at == place) {
                units.push((place, Unit::Pair(pair)));
            } else if !self.in_pair(place) {
                let forms = word.forms.iter();
                let forms = forms.filter(|form| whole || form.kind >= score::BARE);
                units.push((place, Unit::Word(forms.collect())));
            }
        }
        units
    }
}

#[derive(Debug)]
pub(crate) struct AskedWord {
    /// Where it stands in the query.
    start: usize,
    end: usize,
    text: khizana_text::QueryTerm,
    typing: bool,
    /// The words of the index that answer it, each once.
    pub(crate) forms: Vec<Form>,
}

/// A word of the index, and how well it answers the word asked for.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) word: String,
    pub(crate) kind: u32,
    pub(crate) entry: Entry,
}

impl AskedWord {
    /// The words that are meant themselves, and how well each answers.
    fn meant(&self) -> impl Iterator<Item = (&String, u32)> {
        let word = std::iter::once((&self.text.word, score::EXACT));
        word.chain(self.text.stripped.iter().map(|bare| (bare, score::BARE)))
    }
}

/// The pairs of two neighbours: each way in which both are meant.
fn between(word: &AskedWord, next: &AskedWord) -> Vec<(String, u32)> {
    let mut terms = Vec::new();
    for (first, one) in word.meant() {
        for (second, other) in next.meant() {
            terms.push((format!("{first}{PAIR}{second}"), one.min(other)));
        }
    }
    terms
}

fn add(forms: &mut Vec<Form>, word: &str, kind: u32, entry: Entry) {
    match forms.iter_mut().find(|form| form.word == word) {
        Some(form) => form.kind = form.kind.max(kind),
        None => forms.push(Form {
            word: word.to_owned(),
            kind,
            entry,
        }),
    }
}

/// Cuts a query into the words to look up. While it is typed, its last word may be a beginning.
pub(crate) fn cut<F: Fetch>(archive: &Archive<F>, text: &str, complete: bool) -> Asked {
    let search = &archive.root().search;
    let languages: Vec<&str> = search.languages.iter().map(String::as_str).collect();
    let is_field = |name: &str| {
        search.fields.iter().any(|field| field == name)
            || search.facets.iter().any(|facet| facet.field == name)
    };
    let typing = !complete && text.chars().next_back().is_some_and(|c| !c.is_whitespace());
    let mut asked = Asked::default();
    let mut left = MOST;
    for Clause { negative, pieces } in parse(text, is_field) {
        let single = pieces.len() == 1;
        let mut clause = AskedClause {
            negative,
            pieces: Vec::new(),
        };
        for piece in pieces {
            let Piece {
                field,
                text: inside,
                start,
                phrase,
            } = piece;
            let number = field
                .as_ref()
                .and_then(|field| search.fields.iter().position(|own| own == field))
                .and_then(|place| u32::try_from(place).ok());
            if let (Some(field), None) = (&field, number) {
                asked.filters.push((field.clone(), inside));
                continue;
            }
            let end = start + inside.len();
            let words = khizana_text::tokenize_query(&inside, &languages).into_iter();
            let words: Vec<AskedWord> = words
                .take(left)
                .map(|word| AskedWord {
                    start: start + word.start,
                    end: start + word.end,
                    typing: typing
                        && !phrase
                        && !negative
                        && end == text.len()
                        && start + word.end == end,
                    text: word,
                    forms: Vec::new(),
                })
                .collect();
            left -= words.len();
            if words.is_empty() {
                continue;
            }
            // Plain words need not stand together, but for the pairs of a script without spaces.
            if single && !negative && !phrase && number.is_none() {
                for word in words {
                    match asked
                        .clauses
                        .last_mut()
                        .and_then(|clause| clause.pieces.last_mut())
                    {
                        Some(before) if word.text.is_adjacent => before.words.push(word),
                        _ => asked.clauses.push(AskedClause {
                            negative,
                            pieces: vec![AskedPiece::new(None, vec![word])],
                        }),
                    }
                }
            } else {
                clause.pieces.push(AskedPiece::new(number, words));
            }
        }
        if !clause.pieces.is_empty() {
            asked.clauses.push(clause);
        }
    }
    let pieces = asked
        .clauses
        .iter_mut()
        .flat_map(|clause| &mut clause.pieces);
    pieces.for_each(|piece| piece.pair(&search.common));
    asked
}

/// What an entry looked up is for.
#[derive(Clone, Copy)]
enum Role {
    /// A word, which answers so well.
    Word(u32),
    /// The words of a stem.
    Stem,
    /// The words of a sound.
    Sound,
    /// Words that begin so, chosen by the writer of the index.
    Beginning,
    /// Words that begin so, all of them.
    Range,
}

/// Something to look up for a word of the query.
struct Task {
    word: usize,
    role: Role,
    key: String,
}

/// Finds the words of a query in the index.
pub(crate) async fn ask<F: Fetch>(
    archive: &Archive<F>,
    text: &str,
    mut asked: Asked,
) -> Result<Asked, ReadError> {
    let scripts = &archive.root().search.scripts;
    let pieces = asked
        .clauses
        .iter_mut()
        .flat_map(|clause| &mut clause.pieces);
    let mut words: Vec<(bool, &mut AskedWord)> = Vec::new();
    for piece in pieces {
        let whole = piece.words.len() == 1;
        words.extend(piece.words.iter_mut().map(|word| (whole, word)));
    }

    let mut tasks = Vec::new();
    for (place, (whole, word)) in words.iter().enumerate() {
        let own = &word.text;
        let mut task = |role, key: String| {
            tasks.push(Task {
                word: place,
                role,
                key,
            });
        };
        task(Role::Word(score::EXACT), own.word.clone());
        if let Some(bare) = &own.stripped {
            task(Role::Word(score::BARE), bare.clone());
        }
        if !whole {
            // In a phrase a word stands for itself.
            continue;
        }
        for stem in &own.stems {
            task(Role::Word(score::STEM), stem.clone());
            task(Role::Stem, format!("{stem}{STEM}"));
        }
        let script = khizana_text::script(&own.word);
        if scripts.iter().any(|other| other != script) {
            for sound in &own.phonetic_keys {
                task(Role::Sound, format!("{sound}{SOUND}"));
            }
        }
        // One letter begins too many words to be worth fetching.
        if word.typing && own.word.chars().nth(1).is_some() {
            task(Role::Beginning, format!("{}{BEGINNING}", own.word));
        }
    }
    let mut words: Vec<&mut AskedWord> = words.into_iter().map(|(_, word)| word).collect();
    let more = look_up(archive, &mut words, tasks).await?;
    look_up(archive, &mut words, more).await?;

    let mut replaced: Vec<(usize, usize, String)> = Vec::new();
    let mut tasks = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let own = &word.text.word;
        if !word.forms.is_empty() || max_edits(own) == 0 {
            continue;
        }
        let near = spelling::near(archive, own, |candidate, most| {
            edit_distance(own, candidate, most)
        })
        .await?;
        if let Some(best) = near.first() {
            replaced.push((word.start, word.end, best.clone()));
        }
        tasks.extend(near.into_iter().take(SPELT).map(|key| Task {
            word: place,
            role: Role::Word(score::SPELLING),
            key,
        }));
    }
    look_up(archive, &mut words, tasks).await?;
    if !replaced.is_empty() {
        let mut suggestion = String::new();
        let mut from = 0;
        for (start, end, word) in replaced {
            suggestion.push_str(text.get(from..start).unwrap_or_default());
            suggestion.push_str(&word);
            from = end;
        }
        suggestion.push_str(text.get(from..).unwrap_or_default());
        asked.suggestion = Some(suggestion);
    }
    Ok(asked)
}

/// Looks everything up at once, gives the words their forms, and says what is to be looked up next.
async fn look_up<F: Fetch>(
    archive: &Archive<F>,
    words: &mut [&mut AskedWord],
    tasks: Vec<Task>,
) -> Result<Vec<Task>, ReadError> {
    let wanted: Vec<KeyRange<'_>> = tasks
        .iter()
        .map(|task| match task.role {
            Role::Range => KeyRange::prefix(task.key.as_bytes()),
            _ => KeyRange::exact(task.key.as_bytes()),
        })
        .collect();
    let found = archive
        .lookup(&archive.root().search.terms, &wanted)
        .await?;
    let mut next = Vec::new();
    for (task, entries) in tasks.iter().zip(found) {
        let Some(word) = words.get_mut(task.word) else {
            continue;
        };
        let mut follow = |key: String, kind| {
            next.push(Task {
                word: task.word,
                role: Role::Word(kind),
                key,
            });
        };
        match task.role {
            Role::Word(kind) => {
                if let Some((_, bytes)) = entries.first() {
                    add(&mut word.forms, &task.key, kind, entry(bytes)?);
                }
            }
            Role::Stem => {
                for other in list(&entries)?.into_iter().take(OF_A_STEM) {
                    follow(other, score::STEM);
                }
            }
            Role::Sound => {
                let mut alike: Vec<(u32, String)> = Vec::new();
                for other in list(&entries)?.into_iter().take(HEARD) {
                    let own = [Some(&word.text.word), word.text.stripped.as_ref()];
                    let best = own
                        .into_iter()
                        .flatten()
                        .filter_map(|own| phonetic_similarity(own, &other))
                        .map(|alike| (alike * score::SOUND as f32) as u32)
                        .max();
                    if let Some(kind) = best.filter(|kind| *kind > 0) {
                        alike.push((kind, other));
                    }
                }
                sort_by_number(&mut alike, |(kind, _)| !kind);
                for (kind, other) in alike.into_iter().take(OF_A_SOUND) {
                    follow(other, kind);
                }
            }
            Role::Beginning => {
                if entries.is_empty() {
                    next.push(Task {
                        word: task.word,
                        role: Role::Range,
                        key: word.text.word.clone(),
                    });
                } else {
                    for other in list(&entries)?.into_iter().take(COMPLETIONS) {
                        follow(other, score::BEGINNING);
                    }
                }
            }
            Role::Range => {
                let mut longer: Vec<(String, Entry)> = Vec::new();
                for (key, bytes) in entries {
                    let key = String::from_utf8(key).map_err(|_| malformed("a word"))?;
                    if !key.ends_with([STEM, SOUND, BEGINNING]) && key != task.key {
                        longer.push((key, entry(&bytes)?));
                    }
                }
                // Equals stay in the order of their letters.
                sort_by_number(&mut longer, |(_, entry)| !entry.found);
                for (key, entry) in longer.into_iter().take(COMPLETIONS) {
                    add(&mut word.forms, &key, score::BEGINNING, entry);
                }
            }
        }
    }
    Ok(next)
}

/// Keys whose entries a query needs beside those of its words, as far as its text says so.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// Words that must stand somewhere: in a phrase, in a field.
    pub(crate) words: Vec<String>,
    /// Pairs.
    pub(crate) pairs: Vec<String>,
}

impl Asked {
    /// Whether one word is all that is looked for.
    pub(crate) fn one_word(&self) -> bool {
        match self.clauses.as_slice() {
            [clause] => {
                let pieces = clause.pieces.iter();
                let words = pieces.clone().map(|piece| piece.words.len()).sum::<usize>();
                !clause.negative && words == 1 && pieces.clone().all(|own| own.field.is_none())
            }
            _ => false,
        }
    }

    /// What is needed beside the entries of the words.
    pub(crate) fn beside(&self) -> Beside {
        let mut beside = Beside::default();
        for piece in self.clauses.iter().flat_map(|clause| &clause.pieces) {
            if piece.words.len() < 2 && piece.field.is_none() {
                continue;
            }
            let terms = piece.pairs.iter().flat_map(|pair| &pair.terms);
            beside.pairs.extend(terms.map(|(term, _)| term.clone()));
            for (place, word) in (0u32..).zip(&piece.words) {
                if !piece.in_pair(place) {
                    beside
                        .words
                        .extend(word.meant().map(|(word, _)| word.clone()));
                }
            }
        }
        beside
    }
}

fn entry(bytes: &[u8]) -> Result<Entry, ReadError> {
    Entry::read(bytes).ok_or_else(|| malformed("the entry of a word"))
}

fn list(entries: &Entries) -> Result<Vec<String>, ReadError> {
    match entries.first() {
        Some((_, bytes)) => read_words(bytes).ok_or_else(|| malformed("a list of words")),
        None => Ok(Vec::new()),
    }
}
