//! The engine against a plain scan: whatever is asked of random records, the blocks answer what reading
//! every record from its beginning to its end answers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use khizana_format::*;
use khizana_model::*;
use khizana_text::{edit_distance, max_edits, phonetic_key, phonetic_similarity, stem, tokenize};

use crate::order::UNDATED;
use crate::score::{self, Averages, Length, Scale, level, rarity};
use crate::{Analysed, Common, IndexWriter, Query, Settings, Sort, search};

#[derive(Default)]
pub(crate) struct Memory(pub(crate) RefCell<BTreeMap<String, Vec<u8>>>);

impl Fetch for &Memory {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let found = self.0.borrow().get(path).cloned();
        found.ok_or_else(|| FetchError::NotFound(path.into()))
    }
}

/// Numbers that look random and are the same in every run (xorshift).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// The first ones far more often than the last, as words are.
    fn word(&mut self) -> &'static str {
        let rank = self.below(WORDS.len()).min(self.below(WORDS.len()));
        WORDS[rank]
    }
}

const WORDS: &[&str] = &[
    "paper",
    "الكتاب",
    "figure",
    "كتاب",
    "castle",
    "figures",
    "المخطوطات",
    "river",
    "مخطوطة",
    "boat",
    "boats",
    "القاهرة",
    "muqtabas",
    "المقتبس",
    "astrolabe",
    "الأسطرلاب",
    "manuscripts",
    "manuscript",
    "Dostoevsky",
    "Достоевский",
    "图书馆",
    "北京图书",
    "landscape",
    "landscapes",
    "lands",
    "land",
    "جامع",
    "جامعة",
    "1324",
    "١٣٢٤",
    "œuvre",
    "river-boat",
    "قلم",
    "قلعة",
    "شَمْس",
    "Kairo",
];

/// Words of which the index keeps pairs.
const COMMON: [&str; 4] = ["paper", "كتاب", "图", "and"];

const FIELDS: [&str; 3] = ["creator", "subject", "note"];

pub(crate) struct Plain {
    pub(crate) item: Item,
    pub(crate) texts: Vec<(u32, String, LangTag)>,
}

pub(crate) fn records(chance: &mut Chance, count: usize) -> Vec<Plain> {
    let text = |chance: &mut Chance, most: usize| -> String {
        let words: Vec<&str> = (0..=chance.below(most)).map(|_| chance.word()).collect();
        words.join(" ")
    };
    (0..count)
        .map(|number| {
            let tag = |text: &str| -> LangTag {
                let arabic = text.chars().any(|c| ('\u{600}'..'\u{700}').contains(&c));
                if arabic { "ar" } else { "en" }.parse().unwrap()
            };
            let title = text(chance, 4);
            let mut fields = vec![Field {
                name: "type".into(),
                values: LangMap::of(LangTag::und(), chance.one(&["map", "book", "coin"])),
            }];
            for name in FIELDS {
                // A field that no item has is no field of the index.
                if number == 0 || chance.below(3) > 0 {
                    let mut values = LangMap::new();
                    for _ in 0..=chance.below(2) {
                        let value = text(chance, 3);
                        values.push(tag(&value), value);
                    }
                    fields.push(Field {
                        name: name.into(),
                        values,
                    });
                }
            }
            let date = (chance.below(4) > 0).then(|| {
                let year = 1700 + chance.below(300) as i32;
                let written = format!("{year}/{}", year + chance.below(15) as i32);
                ItemDate {
                    edtf: Edtf::parse(&written).ok(),
                    hijri: None,
                    written,
                }
            });
            let texts = (0..chance.below(3) as u32).map(|page| {
                let text = text(chance, 30);
                (page * 2, text.clone(), tag(&text))
            });
            Plain {
                texts: texts.collect(),
                item: Item {
                    id: format!("item-{number}").parse().unwrap(),
                    title: LangMap::of(tag(&title), title),
                    fields,
                    date,
                    languages: vec![],
                    rights: None,
                    reading_direction: None,
                    location: None,
                    dpi: None,
                    parent: None,
                    media: vec![],
                    contents: vec![],
                    links: vec![],
                    from_file: vec![],
                },
            }
        })
        .collect()
}

const LANGUAGES: [&str; 2] = ["ar", "en"];

pub(crate) fn publish(plain: &[Plain]) -> Memory {
    let memory = Memory::default();
    let languages: Vec<String> = LANGUAGES.map(str::to_owned).into();
    let facets = ["type", "subject"].map(str::to_owned);
    let common = Common::new(COMMON.map(str::to_owned));
    let mut index = IndexWriter::new(&facets, common.clone());
    let mut records = Vec::new();
    let mut briefs = Vec::new();
    for own in plain {
        index.add(
            Analysed::of(&own.item, &own.texts, &languages, &common),
            ("c", &LangMap::new()),
        );
        let record = Record {
            item: own.item.clone(),
            collection: "c".parse().unwrap(),
            parent: None,
            children: vec![],
            canvases: vec![],
        };
        briefs.push(serde_json::to_vec(&RecordSummary::of(&record, &[])).unwrap());
        records.push(serde_json::to_vec(&record).unwrap());
    }
    let mut store = |hash: Hash, bytes: Vec<u8>| {
        memory.0.borrow_mut().insert(object_path(&hash), bytes);
        Ok(())
    };
    let mut tree = TreeWriter::new(&mut store, LeafSize::LARGE);
    for (number, record) in (0u32..).zip(records) {
        tree.push(&number.to_be_bytes(), record).unwrap();
    }
    let records = tree.finish().unwrap();
    let mut numbers: Vec<(&str, u32)> = (plain.iter().zip(0..))
        .map(|(own, number)| (own.item.id.as_str(), number))
        .collect();
    numbers.sort_unstable();
    let mut tree = TreeWriter::new(&mut store, LeafSize::SMALL);
    for (id, number) in numbers {
        let mut value = Vec::new();
        put_varint(&mut value, number.into());
        tree.push(id.as_bytes(), value).unwrap();
    }
    let ids = tree.finish().unwrap();
    let settings = Settings {
        languages: &languages,
        weights: &BTreeMap::new(),
        brief: &|number| briefs[number as usize].clone(),
    };
    let search = index.finish(&settings, &mut store).unwrap();
    let root = Root {
        format: FORMAT.into(),
        snapshot: String::new(),
        title: LangMap::new(),
        description: LangMap::new(),
        languages,
        pages: Pages::Items,
        viewer: "viewer/".into(),
        items: plain.len() as u32,
        collections: vec![],
        records,
        ids,
        search,
    };
    let json = serde_json::to_vec(&root).unwrap();
    memory.0.borrow_mut().insert("archive.json".into(), json);
    memory
}

/// A token as a scan sees it.
struct Seen {
    forms: Vec<String>,
    field: &'static str,
    page: u32,
    position: u32,
    language: String,
}

fn name(field: &str) -> &'static str {
    [
        "title", "type", "creator", "subject", "note", "date", "text",
    ]
    .into_iter()
    .find(|own| *own == field)
    .unwrap()
}

/// All words of a record in order, with where they stand.
fn seen(own: &Plain) -> Vec<Seen> {
    let mut out: Vec<Seen> = Vec::new();
    let mut next: BTreeMap<(&str, u32), u32> = BTreeMap::new();
    let mut value = |field: &'static str, page: u32, text: &str, language: &str| {
        let first = next.get(&(field, page)).copied().unwrap_or_default();
        for token in tokenize(text, language) {
            let position = first + token.position;
            next.insert((field, page), position + 16);
            let forms = [Some(token.word), token.stripped];
            out.push(Seen {
                forms: forms.into_iter().flatten().collect(),
                field,
                page,
                position,
                language: language.split('-').next().unwrap().to_owned(),
            });
        }
    };
    for (tag, title) in own.item.title.iter() {
        value("title", 0, title, tag.as_str());
    }
    for field in &own.item.fields {
        for (tag, text) in field.values.iter() {
            value(name(&field.name), 0, text, tag.as_str());
        }
    }
    if let Some(date) = &own.item.date {
        value("date", 0, &date.written, "und");
    }
    for (page, text, tag) in &own.texts {
        value("text", *page, text, tag.as_str());
    }
    out
}

/// A piece of a query: its field, its words, whether they are a phrase.
type Asked = (Option<&'static str>, Vec<khizana_text::QueryTerm>, bool);

/// A word of a query, and the words that answer it, and how well.
type Word = (khizana_text::QueryTerm, BTreeMap<String, u32>);

/// A piece: its field and its words.
type Answered = (Option<&'static str>, Vec<Word>);

/// The ways in which a word is meant itself.
fn meant(word: &khizana_text::QueryTerm) -> Vec<(&str, u32)> {
    let bare = word
        .stripped
        .iter()
        .map(|bare| (bare.as_str(), score::BARE));
    [(word.word.as_str(), score::EXACT)]
        .into_iter()
        .chain(bare)
        .collect()
}

fn is_common(word: &khizana_text::QueryTerm) -> bool {
    meant(word).iter().all(|(word, _)| COMMON.contains(word))
}

/// Everything a scan knows.
struct Scan {
    items: Vec<Vec<Seen>>,
    /// Each word: in which items, and in which languages.
    words: BTreeMap<String, (BTreeSet<u32>, BTreeSet<String>)>,
    /// Each pair: in which items.
    pairs: BTreeMap<String, BTreeSet<u32>>,
    levels: BTreeMap<(String, u32), u8>,
    /// The languages of the archive.
    languages: Vec<String>,
}

impl Scan {
    fn of(plain: &[Plain]) -> Scan {
        let items: Vec<Vec<Seen>> = plain.iter().map(seen).collect();
        let mut words: BTreeMap<String, (BTreeSet<u32>, BTreeSet<String>)> = BTreeMap::new();
        let mut pairs: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        let mut lengths: Vec<Length> = Vec::new();
        let fields: Vec<String> = [
            "title", "type", "creator", "subject", "note", "date", "text",
        ]
        .map(str::to_owned)
        .into();
        let mut counts: BTreeMap<(String, u32), BTreeMap<u32, u32>> = BTreeMap::new();
        let mut counted: BTreeSet<(u32, u32, u32, u32, String)> = BTreeSet::new();
        for (number, tokens) in (0u32..).zip(&items) {
            let mut length = [0; 3];
            for (token, next) in tokens.iter().flat_map(|token| {
                let of = move |next: &&Seen| {
                    (next.field, next.page, next.position)
                        == (token.field, token.page, token.position + 1)
                };
                tokens.iter().filter(of).map(move |next| (token, next))
            }) {
                let field = fields.iter().position(|own| own == token.field).unwrap() as u32;
                for (first, second) in token
                    .forms
                    .iter()
                    .flat_map(|first| next.forms.iter().map(move |second| (first, second)))
                {
                    let pair = format!("{first} {second}");
                    let is = |own: &String| COMMON.contains(&own.as_str());
                    if !is(first) && !is(second)
                        || !counted.insert((
                            number,
                            field,
                            token.page,
                            token.position,
                            pair.clone(),
                        ))
                    {
                        continue;
                    }
                    pairs.entry(pair.clone()).or_default().insert(number);
                    *counts
                        .entry((pair, number))
                        .or_default()
                        .entry(field)
                        .or_default() += 1;
                }
            }
            for token in tokens {
                let kind = match token.field {
                    "title" => 0,
                    "text" => 2,
                    _ => 1,
                };
                length[kind] += 1;
                let field = fields.iter().position(|own| own == token.field).unwrap() as u32;
                for form in &token.forms {
                    let (found, languages) = words.entry(form.clone()).or_default();
                    found.insert(number);
                    languages.insert(token.language.clone());
                    let place = (number, field, token.page, token.position, form.clone());
                    if !counted.insert(place) {
                        continue;
                    }
                    *counts
                        .entry((form.clone(), number))
                        .or_default()
                        .entry(field)
                        .or_default() += 1;
                }
            }
            lengths.push(length);
        }
        let averages = Averages::of(&lengths);
        let scale = Scale::of(&fields, &BTreeMap::new());
        let levels = counts.into_iter().map(|((word, item), counts)| {
            let counts: Vec<(u32, u32)> = counts.into_iter().collect();
            let level = level(&counts, &lengths[item as usize], &averages, &scale);
            ((word, item), level)
        });
        let languages: BTreeSet<String> = words.values().flat_map(|(_, own)| own.clone()).collect();
        Scan {
            levels: levels.collect(),
            languages: languages.into_iter().collect(),
            items,
            words,
            pairs,
        }
    }

    fn found(&self, word: &str) -> u32 {
        self.words
            .get(word)
            .map_or(0, |(items, _)| items.len() as u32)
    }

    /// The words of most items.
    fn best<'a>(&self, mut candidates: Vec<&'a String>, most: usize) -> Vec<&'a String> {
        candidates.sort_by_key(|word| (u32::MAX - self.found(word), (*word).clone()));
        candidates.truncate(most);
        candidates
    }

    /// The words of the archive that answer one of a query, and how well.
    fn forms(&self, word: &khizana_text::QueryTerm, typing: bool) -> BTreeMap<String, u32> {
        let mut forms: BTreeMap<String, u32> = BTreeMap::new();
        let mut add = |form: &str, kind: u32| {
            if self.words.contains_key(form) {
                let own = forms.entry(form.to_owned()).or_default();
                *own = kind.max(*own);
            }
        };
        add(&word.word, score::EXACT);
        word.stripped.iter().for_each(|bare| add(bare, score::BARE));
        for (other, (_, languages)) in &self.words {
            let stems = languages
                .iter()
                .filter_map(|language| stem(other, language));
            if word.stems.contains(other)
                || stems.into_iter().any(|stem| word.stems.contains(&stem))
            {
                add(other, score::STEM);
            }
            if phonetic_key(other).is_some_and(|key| word.phonetic_keys.contains(&key)) {
                let own = [Some(&word.word), word.stripped.as_ref()];
                let alike = own
                    .into_iter()
                    .flatten()
                    .filter_map(|own| phonetic_similarity(own, other));
                if let Some(kind) = alike
                    .map(|alike| (alike * score::SOUND as f32) as u32)
                    .max()
                {
                    add(other, kind);
                }
            }
        }
        if typing && word.word.chars().count() > 1 {
            let longer = self.words.keys();
            let longer = longer.filter(|own| own.starts_with(&word.word) && **own != word.word);
            for other in self.best(longer.collect(), crate::ask::COMPLETIONS) {
                add(other, score::BEGINNING);
            }
        }
        let most = max_edits(&word.word);
        if forms.is_empty() && most > 0 {
            let away = |own: &String| {
                edit_distance(&word.word, own, most)
                    .filter(|_| max_edits(own) > 0 && crate::spelling::compared(&word.word, own))
            };
            if let Some(least) = self.words.keys().filter_map(away).min() {
                let near = self.words.keys().filter(|own| away(own) == Some(least));
                for other in self.best(near.collect(), 3) {
                    forms.insert(other.clone(), score::SPELLING);
                }
            }
        }
        forms
    }
}

/// A query as its parts.
struct Part {
    negative: bool,
    pieces: Vec<(Option<&'static str>, String, bool)>,
}

/// Words that stand together in some record, if it has any text.
fn quoted(chance: &mut Chance, plain: &[Plain]) -> String {
    let own = &plain[chance.below(plain.len())];
    let texts = own.texts.iter().map(|(_, text, _)| text.as_str());
    let text = texts
        .chain(own.item.title.iter().map(|(_, title)| title))
        .next();
    let words: Vec<&str> = text.unwrap_or_default().split(' ').collect();
    let first = chance.below(words.len());
    let words = words.iter().skip(first).take(2 + chance.below(3));
    words.copied().collect::<Vec<_>>().join(" ")
}

fn parts(chance: &mut Chance, plain: &[Plain]) -> Vec<Part> {
    (0..=chance.below(3))
        .map(|_| {
            let negative = chance.below(6) == 0;
            let count = if negative || chance.below(4) > 0 {
                1
            } else {
                2
            };
            let pieces = (0..count)
                .map(|_| {
                    let field = match chance.below(6) {
                        0 => Some("title"),
                        1 => Some("subject"),
                        _ => None,
                    };
                    let phrase = chance.below(4) == 0;
                    let text = if phrase && chance.below(2) == 0 {
                        quoted(chance, plain)
                    } else if phrase {
                        let words = (0..2 + chance.below(2)).map(|_| chance.word());
                        words.collect::<Vec<_>>().join(" ")
                    } else if chance.below(8) == 0 {
                        chance
                            .one(&["astrolab", "figuer", "landscap", "qqqq"])
                            .to_owned()
                    } else {
                        chance.word().to_owned()
                    };
                    (field, text, phrase)
                })
                .collect();
            Part { negative, pieces }
        })
        .collect()
}

fn written(parts: &[Part]) -> String {
    let parts = parts.iter().map(|part| {
        let pieces = part.pieces.iter().map(|(field, text, phrase)| {
            let field = field.map(|field| format!("{field}:")).unwrap_or_default();
            let quotes = if *phrase { "\"" } else { "" };
            format!("{field}{quotes}{text}{quotes}")
        });
        let sign = if part.negative { "-" } else { "" };
        format!("{sign}{}", pieces.collect::<Vec<_>>().join(" OR "))
    });
    parts.collect::<Vec<_>>().join(" ")
}

impl Scan {
    /// What a word or a pair adds to the score of an item; `None` where it is not there.
    fn weight(
        &self,
        item: u32,
        forms: &BTreeMap<&String, &u32>,
        found: impl Fn(&String) -> u32,
    ) -> Option<u32> {
        let most = forms.keys().map(|form| found(form)).max()?;
        let best = forms.iter().filter_map(|(form, kind)| {
            let level = self.levels.get(&((*form).clone(), item))?;
            Some(u32::from(*level) * **kind)
        });
        Some(rarity(self.items.len() as u32, most) * best.max()? / score::EXACT)
    }

    /// The score of a piece in an item; `None` where it is not there.
    fn piece(&self, item: u32, field: Option<&'static str>, words: &[Word]) -> Option<u32> {
        let together = words.len() > 1;
        // Two neighbours of which one is common weigh as one.
        let pair = |at: usize| {
            let (word, next) = (&words.get(at)?.0, &words.get(at + 1)?.0);
            (is_common(word) || is_common(next)).then_some((word, next))
        };
        let mut sum = 0;
        let mut places: Vec<BTreeSet<(&'static str, u32, u32)>> = Vec::new();
        for (at, (_, all)) in words.iter().enumerate() {
            let used: BTreeMap<&String, &u32> = all
                .iter()
                .filter(|(_, kind)| !together || **kind >= score::BARE)
                .collect();
            if let Some((word, next)) = pair(at) {
                let terms = meant(word).into_iter().flat_map(|(first, one)| {
                    let next = meant(next).into_iter();
                    next.map(move |(second, other)| (format!("{first} {second}"), one.min(other)))
                });
                let terms: BTreeMap<String, u32> = terms.collect();
                let found = |term: &String| self.pairs.get(term).map_or(0, BTreeSet::len) as u32;
                sum += self.weight(item, &terms.iter().collect(), found)?;
            } else if at == 0 || pair(at - 1).is_none() {
                sum += self.weight(item, &used, |word| self.found(word))?;
            }
            let own = self.items[item as usize].iter().filter(|token| {
                field.is_none_or(|field| token.field == field)
                    && token.forms.iter().any(|form| used.contains_key(form))
            });
            places.push(
                own.map(|token| (token.field, token.page, token.position))
                    .collect(),
            );
        }
        let (first, rest) = places.split_first()?;
        let stands = first.iter().any(|(field, page, position)| {
            (1u32..)
                .zip(rest)
                .all(|(away, other)| other.contains(&(field, *page, position + away)))
        });
        stands.then_some(sum)
    }

    fn answer(&self, parts: &[Part], complete: bool) -> Vec<(u32, u32)> {
        let languages: Vec<&str> = self.languages.iter().map(String::as_str).collect();
        // Plain words are clauses of their own, but for pairs that must stand together.
        let mut clauses: Vec<(bool, Vec<Asked>)> = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let last = at + 1 == parts.len();
            let mut pieces = Vec::new();
            for (number, (field, text, phrase)) in part.pieces.iter().enumerate() {
                let typing = !complete
                    && last
                    && number + 1 == part.pieces.len()
                    && !phrase
                    && !part.negative;
                let words = khizana_text::tokenize_query(text, &languages);
                if part.pieces.len() == 1 && !part.negative && !phrase && field.is_none() {
                    let mut runs: Vec<Vec<khizana_text::QueryTerm>> = Vec::new();
                    for word in words {
                        match runs.last_mut() {
                            Some(run) if word.is_adjacent => run.push(word),
                            _ => runs.push(vec![word]),
                        }
                    }
                    let count = runs.len();
                    for (place, run) in runs.into_iter().enumerate() {
                        clauses.push((false, vec![(None, run, typing && place + 1 == count)]));
                    }
                } else {
                    pieces.push((*field, words, typing));
                }
            }
            if !pieces.is_empty() {
                clauses.push((part.negative, pieces));
            }
        }
        // The forms of every word, once for all items.
        let clauses: Vec<(bool, Vec<Answered>)> = clauses
            .into_iter()
            .map(|(negative, pieces)| {
                let pieces = pieces.into_iter().map(|(field, words, typing)| {
                    let count = words.len();
                    let words = words.into_iter().enumerate();
                    let forms = words.map(|(at, word)| {
                        let forms = self.forms(&word, typing && at + 1 == count);
                        (word, forms)
                    });
                    (field, forms.collect())
                });
                (negative, pieces.collect())
            })
            .collect();
        (0..self.items.len() as u32)
            .filter_map(|item| {
                let mut sum = 0;
                for (negative, pieces) in &clauses {
                    let scores = pieces
                        .iter()
                        .filter_map(|(field, words)| self.piece(item, *field, words));
                    let scores: Vec<u32> = scores.collect();
                    if scores.is_empty() != *negative {
                        return None;
                    }
                    sum += scores.iter().sum::<u32>();
                }
                Some((item, sum))
            })
            .collect()
    }
}

#[test]
fn blocks_answer_what_a_plain_scan_answers() {
    let mut asked = 0;
    let mut answered = 0;
    for seed in 1..=9u64 {
        let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let count = [1, 30, 200][seed as usize % 3];
        let plain = records(&mut chance, count);
        let memory = publish(&plain);
        let scan = Scan::of(&plain);
        for _ in 0..30 {
            let parts = parts(&mut chance, &plain);
            let complete = chance.below(3) > 0;
            let mut query = Query {
                text: written(&parts),
                complete,
                take: usize::MAX,
                values: usize::MAX,
                language: "en".into(),
                ..Query::default()
            };
            if count > 1 && chance.below(4) == 0 {
                query
                    .filters
                    .push(("type".into(), chance.one(&["map", "book", "none"]).into()));
            }
            if chance.below(5) == 0 {
                let from = 1700 + chance.below(300) as i32;
                query.years = Some((from, from + chance.below(40) as i32));
            }
            let mut expected = scan.answer(&parts, complete);
            expected.retain(|(item, _)| {
                let own = &plain[*item as usize].item;
                let years = own.date.as_ref().and_then(|date| {
                    date.edtf
                        .as_ref()?
                        .years()
                        .0
                        .zip(date.edtf.as_ref()?.years().1)
                });
                let (from, to) = years.unwrap_or(UNDATED);
                query
                    .years
                    .is_none_or(|(first, last)| from <= to && from <= last && to >= first)
            });
            let type_of = |item: u32| {
                plain[item as usize]
                    .item
                    .field("type")
                    .unwrap()
                    .iter()
                    .next()
                    .unwrap()
                    .1
                    .to_owned()
            };
            let mut counts: BTreeMap<String, u32> = BTreeMap::new();
            for (item, _) in &expected {
                *counts.entry(type_of(*item)).or_default() += 1;
            }
            expected.retain(|(item, _)| {
                query
                    .filters
                    .iter()
                    .all(|(_, wanted)| type_of(*item) == *wanted)
            });
            expected.sort_by_key(|(item, score)| (u32::MAX - score, *item));

            let results = pollster::block_on(async {
                search(&Archive::open(&memory).await.unwrap(), &query)
                    .await
                    .unwrap()
            });
            let found: Vec<(u32, u32)> = results
                .hits
                .iter()
                .map(|hit| (hit.number, hit.score))
                .collect();
            assert_eq!(found, expected, "seed {seed}, {query:?}");
            assert_eq!(results.total as usize, expected.len());
            for hit in &results.hits {
                assert_eq!(hit.brief.id.as_str(), format!("item-{}", hit.number));
            }
            if let Some(facet) = results.facets.iter().find(|facet| facet.field == "type") {
                let own: BTreeMap<String, u32> = facet
                    .values
                    .iter()
                    .filter(|value| value.count > 0)
                    .map(|value| (value.key.clone(), value.count))
                    .collect();
                assert_eq!(own, counts, "seed {seed}, {query:?}");
            }
            // A page, and every order, holds the same items.
            let some = Query {
                skip: 3,
                take: 5,
                ..query.clone()
            };
            let page = pollster::block_on(async {
                search(&Archive::open(&memory).await.unwrap(), &some)
                    .await
                    .unwrap()
            });
            let page: Vec<(u32, u32)> = page
                .hits
                .iter()
                .map(|hit| (hit.number, hit.score))
                .collect();
            assert_eq!(
                page,
                expected.iter().skip(3).take(5).copied().collect::<Vec<_>>()
            );
            for (sort, down) in [(Sort::Date, false), (Sort::DateDescending, true)] {
                let day = |item: u32| {
                    plain[item as usize]
                        .item
                        .date
                        .as_ref()
                        .and_then(|date| date.edtf.as_ref()?.from)
                };
                let mut ordered: Vec<u32> = expected.iter().map(|(item, _)| *item).collect();
                ordered.sort();
                ordered.sort_by_key(|item| day(*item));
                if down {
                    ordered.reverse();
                }
                ordered.sort_by_key(|item| day(*item).is_none());
                if down {
                    // What has no date stays in the order of the items.
                    let undated = ordered
                        .iter()
                        .position(|item| day(*item).is_none())
                        .unwrap_or(ordered.len());
                    ordered[undated..].sort();
                }
                let sorted = Query {
                    sort,
                    ..query.clone()
                };
                let own = pollster::block_on(async {
                    search(&Archive::open(&memory).await.unwrap(), &sorted)
                        .await
                        .unwrap()
                });
                let own: Vec<u32> = own.hits.iter().map(|hit| hit.number).collect();
                assert_eq!(own, ordered, "seed {seed}, {sorted:?}");
            }
            asked += 1;
            answered += u32::from(!expected.is_empty());
        }
    }
    // Otherwise it would compare nothing with nothing.
    assert!(
        answered * 3 > asked,
        "{answered} of {asked} queries found something"
    );
}
