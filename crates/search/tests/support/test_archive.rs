//! A published archive in memory, with pseudorandom items.

use std::cell::RefCell;
use std::collections::BTreeMap;

use khizana_format::*;
use khizana_model::*;

use crate::{AnalysedItem, CommonWords, FieldLanguages, IndexSettings, IndexWriter, title_key};

/// The files of a published archive, by path.
#[derive(Default)]
pub(crate) struct MemoryArchive(pub(crate) RefCell<BTreeMap<String, Vec<u8>>>);

impl Fetch for &MemoryArchive {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let file = self.0.borrow().get(path).cloned();
        file.ok_or_else(|| FetchError::NotFound(path.into()))
    }
}

/// A pseudorandom number generator (xorshift) with a fixed seed.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    /// Returns a number less than `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    pub(crate) fn choose<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// Returns a word. As in natural language, some words are far more frequent than others.
    pub(crate) fn word(&mut self) -> &'static str {
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

/// The words whose bigrams are indexed.
pub(crate) const COMMON_WORDS: [&str; 4] = ["paper", "كتاب", "图", "and"];

/// Optional fields of the items.
const FIELDS: [&str; 3] = ["creator", "subject", "note"];

/// Languages of the user interface.
const LANGUAGES: [&str; 2] = ["ar", "en"];

/// An item and the texts of its canvases.
pub(crate) struct TestItem {
    pub(crate) item: Item,
    pub(crate) texts: Vec<(u32, String, LangTag)>,
}

/// Returns a text of 1 to `max_words` words.
fn random_text(rng: &mut Rng, max_words: usize) -> String {
    let words: Vec<&str> = (0..=rng.below(max_words)).map(|_| rng.word()).collect();
    words.join(" ")
}

/// Returns the language of a text, determined from its script.
fn language_of(text: &str) -> LangTag {
    let is_arabic = text.chars().any(|c| ('\u{600}'..'\u{700}').contains(&c));
    if is_arabic { "ar" } else { "en" }.parse().unwrap()
}

pub(crate) fn random_items(rng: &mut Rng, count: usize) -> Vec<TestItem> {
    (0..count)
        .map(|number| {
            let title = random_text(rng, 4);
            let mut fields = vec![Field {
                name: "type".into(),
                values: LangMap::of(LangTag::und(), rng.choose(&["map", "book", "coin"])),
            }];
            for name in FIELDS {
                // The first item has all fields, so that queries can refer to each of them.
                if number == 0 || rng.below(3) > 0 {
                    let mut values = LangMap::new();
                    for _ in 0..=rng.below(2) {
                        let value = random_text(rng, 3);
                        values.push(language_of(&value), value);
                    }
                    fields.push(Field {
                        name: name.into(),
                        values,
                    });
                }
            }
            let date = (rng.below(4) > 0).then(|| {
                let year = 1700 + rng.below(300) as i32;
                let written = format!("{year}/{}", year + rng.below(15) as i32);
                ItemDate {
                    edtf: Edtf::parse(&written).ok(),
                    hijri: None,
                    written,
                }
            });
            let texts = (0..rng.below(3) as u32).map(|page| {
                let text = random_text(rng, 30);
                (page * 2, text.clone(), language_of(&text))
            });
            TestItem {
                texts: texts.collect(),
                item: Item {
                    id: format!("item-{number}").parse().unwrap(),
                    title: LangMap::of(language_of(&title), title),
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
                    remote: vec![],
                    from_file: vec![],
                },
            }
        })
        .collect()
}

/// Publishes an archive with one collection.
pub(crate) fn publish(items: &[TestItem]) -> MemoryArchive {
    let archive = MemoryArchive::default();
    let languages: Vec<String> = LANGUAGES.map(str::to_owned).into();
    let facets = ["type", "subject"].map(str::to_owned);
    let common = CommonWords::new(COMMON_WORDS.map(str::to_owned));
    let mut index = IndexWriter::new(&facets, common.clone());
    let mut records = Vec::new();
    let mut summaries = Vec::new();
    for TestItem { item, texts } in items {
        index.add(
            AnalysedItem::new(item, texts, &common, &FieldLanguages::default()),
            ("c", &LangMap::new()),
        );
        let record = Record {
            item: item.clone(),
            collection: "c".parse().unwrap(),
            parent: None,
            children: vec![],
            canvases: vec![],
            remote: vec![],
            part: None,
            previous: None,
            next: None,
            related: vec![],
            map: None,
            spot: None,
            has_page: false,
        };
        summaries.push(serde_json::to_vec(&RecordSummary::of(&record, &[])).unwrap());
        records.push(serde_json::to_vec(&record).unwrap());
    }
    let mut store = |hash: Hash, bytes: Vec<u8>| {
        archive.0.borrow_mut().insert(object_path(&hash), bytes);
        Ok(())
    };
    let mut tree = TreeWriter::new(&mut store, LeafSize::LARGE);
    for (number, record) in (0u32..).zip(records) {
        tree.push(&number.to_be_bytes(), record).unwrap();
    }
    let records = tree.finish().unwrap();
    let mut numbers: Vec<(&str, u32)> = (items.iter().zip(0..))
        .map(|(item, number)| (item.item.id.as_str(), number))
        .collect();
    numbers.sort_unstable();
    let mut tree = TreeWriter::new(&mut store, LeafSize::SMALL);
    for (id, number) in numbers {
        let mut value = Vec::new();
        put_varint(&mut value, number.into());
        tree.push(id.as_bytes(), value).unwrap();
    }
    let ids = tree.finish().unwrap();
    let settings = IndexSettings {
        languages: &languages,
        weights: &BTreeMap::new(),
        summary: &|number| Ok(summaries[number as usize].clone()),
        title_key: &|number, language| {
            Ok(title_key(
                &items[number as usize].item,
                &languages[language],
            ))
        },
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
        items: items.len() as u32,
        collections: vec![],
        records,
        ids,
        search,
        state: None,
        files: None,
    };
    let json = serde_json::to_vec(&root).unwrap();
    archive.0.borrow_mut().insert("archive.json".into(), json);
    archive
}
