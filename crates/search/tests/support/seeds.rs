//! What fuzzing begins with: the objects that real queries fetch of real indexes, and the roots of
//! these. `cargo test -p khizana-search --features write seeds -- --ignored` writes them anew, which is
//! wanted where the format of the index has changed.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use khizana_format::*;
use khizana_model::*;

use crate::column::{self, BLOCK, Parts};
use crate::entry::{Block, Chunk, Entry, List, Place};
use crate::plain_scan::{Chance, Memory, Plain, publish, records};
use crate::postings::Postings;
use crate::{Query, Sort, order, search};

/// Small leaves, so that a seed is small and leads through inner nodes.
const SMALL: LeafSize = LeafSize {
    min: 256,
    max: 1_024,
    boundary_divisor: 2,
};

/// Keeps the content of every object, in the order in which they are fetched.
struct Recorder<'a> {
    memory: &'a Memory,
    objects: RefCell<Vec<u8>>,
}

impl Fetch for &Recorder<'_> {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let packed = self.memory.get(path).await?;
        if path != "archive.json" {
            let content = zstd::bulk::decompress(&packed, 1 << 20).unwrap();
            let mut objects = self.objects.borrow_mut();
            let length = u16::try_from(content.len()).expect("a small object");
            objects.extend(length.to_le_bytes());
            objects.extend(content);
        }
        Ok(packed)
    }
}

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz")
        .join(below)
}

fn put(target: &str, name: &str, bytes: &[u8]) {
    let folder = folder("corpus").join(target);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}

/// Writes a tree anew, in small leaves, its values changed by `change`.
fn rewritten(
    memory: &Memory,
    tree: &TreeRef,
    mut change: impl FnMut(&[u8], Vec<u8>) -> Vec<u8>,
) -> TreeRef {
    let entries = pollster::block_on(async {
        let archive = Archive::open(memory).await.unwrap();
        archive.entries_with_prefix(tree, b"").await.unwrap()
    });
    let mut store = |hash: Hash, bytes: Vec<u8>| {
        memory.0.borrow_mut().insert(object_path(&hash), bytes);
        Ok(())
    };
    let mut writer = TreeWriter::new(&mut store, SMALL);
    for (key, value) in entries {
        let value = change(&key, value);
        writer.push(&key, value).unwrap();
    }
    writer.finish().unwrap()
}

/// Cuts a long list of postings into two chunks, as the writer does with far longer ones.
fn chunked(memory: &Memory, items: u32, key: &[u8], value: Vec<u8>) -> Vec<u8> {
    if key.last().is_some_and(|last| *last < b' ') {
        return value;
    }
    let entry = Entry::read(&value).unwrap();
    let Place::Here(bytes) = &entry.block else {
        return value;
    };
    let Block { lead, list } = Block::read(bytes, items).unwrap();
    let List::Whole(whole) = list else {
        return value;
    };
    if whole.len() < 30 {
        return value;
    }
    let half = whole.len() / 2;
    let chunks = [0..half, half..whole.len()].map(|range| {
        let part = Postings {
            items: whole.items[range.clone()].to_vec(),
            levels: whole.levels[range].to_vec(),
        };
        let mut bytes = Vec::new();
        part.write(&mut bytes);
        let packed = encode_object(&bytes).unwrap();
        let object = hash_of(&packed);
        memory.0.borrow_mut().insert(object_path(&object), packed);
        Chunk {
            first: part.items[0],
            last: part.items[part.len() - 1],
            found: part.len() as u32,
            object,
        }
    });
    let list = List::Chunks(chunks.into());
    let block = Place::Here(Block { lead, list }.write());
    Entry { block, ..entry }.write()
}

/// Writes the columns anew, all in one object, as those of many values are: a few values in the column
/// and the others in a block beside it.
fn columns(memory: &Memory) -> Hash {
    let columns = pollster::block_on(async {
        let archive = Archive::open(memory).await.unwrap();
        crate::facets::columns(&archive).await.unwrap()
    });
    let store = |bytes: &[u8]| {
        let packed = encode_object(bytes).unwrap();
        let object = hash_of(&packed);
        memory.0.borrow_mut().insert(object_path(&object), packed);
        object
    };
    let mut out = Vec::new();
    for column in columns {
        let (first, others) = column.first.split_at(column.first.len().min(4));
        let blocks: Vec<Hash> = others
            .chunks(BLOCK)
            .map(|values| {
                let mut bytes = Vec::new();
                column::write_values(values, &mut bytes).unwrap();
                store(&bytes)
            })
            .collect();
        let mut cursor = column.cursor();
        let items = column.runs.last().map_or(0, |(end, _)| *end);
        let items: Vec<Vec<u32>> = (0..items)
            .map(|item| column.sets[cursor.set(item).0 as usize].clone())
            .collect();
        let parts = Parts {
            field: &column.field,
            values: column.values,
            first,
            blocks: &blocks,
            items: &items,
        };
        column::write(&parts, &mut out).unwrap();
    }
    store(&out)
}

/// Publishes with small leaves; writes the root too.
fn published(plain: &[Plain], name: &str, shorten_orders: bool) -> Memory {
    let memory = publish(plain);
    let mut root = pollster::block_on(Archive::open(&memory))
        .unwrap()
        .root()
        .clone();
    let same = |_: &[u8], value: Vec<u8>| value;
    // The first sixteen numbers of each chunk suffice for a page.
    let short = |_: &[u8], value: Vec<u8>| {
        let count = value.len() / 4;
        let bytes = value.chunks(count).flat_map(|bytes| &bytes[..16]);
        bytes.copied().collect()
    };
    let items = root.items;
    let columns = columns(&memory);
    for facet in &mut root.search.facets {
        facet.object = columns;
    }
    root.records = rewritten(&memory, &root.records, same);
    root.ids = rewritten(&memory, &root.ids, same);
    let own = &mut root.search;
    own.terms = rewritten(&memory, &own.terms, |key, value| {
        chunked(&memory, items, key, value)
    });
    own.positions = rewritten(&memory, &own.positions, same);
    own.pairs = rewritten(&memory, &own.pairs, same);
    own.spelling = rewritten(&memory, &own.spelling, same);
    own.years = rewritten(&memory, &own.years, same);
    for order in &mut own.orders {
        for tree in [&mut order.ranks, &mut order.items] {
            *tree = if shorten_orders {
                rewritten(&memory, tree, short)
            } else {
                rewritten(&memory, tree, same)
            };
        }
    }
    let json = serde_json::to_vec(&root).unwrap();
    std::fs::write(folder(&format!("root-{name}.json")), &json).unwrap();
    memory.0.borrow_mut().insert("archive.json".into(), json);
    memory
}

/// The switches of a seed, as `fuzz_targets/engine.rs` reads them, and what it fetches.
fn seed(memory: &Memory, large: bool, query: &Query) -> Vec<u8> {
    let sort = match query.sort {
        Sort::Relevance => 0,
        Sort::Title => 1,
        Sort::Date => 2,
        Sort::DateDescending => 3,
    };
    let mut out = vec![
        sort | u8::from(!query.complete) << 2
            | u8::from(query.years.is_some()) << 3
            | u8::from(large) << 7,
        query.filters.len() as u8,
        query.skip as u8,
        query.take as u8,
    ];
    let filters = query.filters.iter().flat_map(|(field, key)| [field, key]);
    for text in std::iter::once(&query.text).chain(filters) {
        out.push(u8::try_from(text.len()).unwrap());
        out.extend(text.bytes());
    }
    let recorder = Recorder {
        memory,
        objects: RefCell::default(),
    };
    let total = pollster::block_on(async {
        let archive = Archive::open(&recorder).await.unwrap();
        let results = search(&archive, query).await.unwrap();
        results.pages(&archive).await.unwrap();
        results.total
    });
    assert!(total > 0, "{query:?}");
    out.extend(recorder.objects.take());
    out
}

#[test]
#[ignore = "writes fuzz/corpus"]
fn seeds_are_written() {
    let mut chance = Chance(7);
    let small = published(&records(&mut chance, 60), "small", false);
    let ask = |text: &str| Query {
        text: text.into(),
        language: "en".into(),
        take: 3,
        ..Query::default()
    };
    let queries = [
        ask("paper castle"),
        ask("\"river boat\" OR كتاب"),
        ask("\"river paper\" OR \"paper castle figure\""),
        ask("castle -river"),
        ask("title:paper type:map"),
        ask("muqtabas"),
        ask("astrolobe"),
        ask("北京图书"),
        ask("item-7"),
        Query {
            complete: false,
            ..ask("figure man")
        },
        Query {
            sort: Sort::Title,
            years: Some((1_700, 1_850)),
            skip: 1,
            ..ask("land")
        },
        Query {
            sort: Sort::DateDescending,
            filters: vec![("type".into(), "book".into())],
            ..ask("")
        },
    ];
    for (place, query) in queries.iter().enumerate() {
        put(
            "engine",
            &format!("small-{place:02}"),
            &seed(&small, false, query),
        );
    }

    // Items that are alike, so that the index of many of them is small.
    let mut plain = records(&mut chance, 1);
    let pattern = plain.remove(0);
    let plain: Vec<Plain> = (0..20_000)
        .map(|number| {
            let mut item = pattern.item.clone();
            item.id = format!("item-{number}").parse().unwrap();
            item.fields.truncate(1);
            item.title = LangMap::of(LangTag::und(), "paper");
            Plain {
                item,
                texts: Vec::new(),
            }
        })
        .collect();
    let large = published(&plain, "large", true);
    for (place, sort) in [Sort::Title, Sort::Relevance].into_iter().enumerate() {
        let query = Query {
            sort,
            skip: 2,
            ..ask("paper")
        };
        put(
            "engine",
            &format!("large-{place:02}"),
            &seed(&large, true, &query),
        );
    }

    // One block for each reader: which, of how many items, the block.
    let block = |name: &str, reader: u8, items: u8, bytes: &[u8]| {
        put("readers", name, &[&[reader, items], bytes].concat());
    };
    let archive = pollster::block_on(Archive::open(&small)).unwrap();
    let own = &archive.root().search;
    let one = |tree: &TreeRef, key: &[u8]| {
        let entries = pollster::block_on(archive.entries_with_prefix(tree, key)).unwrap();
        entries.into_iter().next().unwrap().1
    };
    let entry = one(&own.terms, b"figure");
    block("entry", 1, 2, &entry);
    block("block", 2, 2, &entry[2..]);
    block("chunks", 1, 2, &one(&own.terms, b"paper"));
    for (name, items, of) in [
        ("steps", 2, vec![3, 9, 200]),
        ("bits", 2, (0..200).filter(|item| item % 3 > 0).collect()),
        (
            "runs",
            3,
            (7..900).chain(2_000..3_000).collect::<Vec<u32>>(),
        ),
    ] {
        let levels = of.iter().map(|item| (item / 64 % 31) as u8 + 1).collect();
        let mut bytes = Vec::new();
        Postings { items: of, levels }.write(&mut bytes);
        block(name, 0, items, &bytes);
    }
    let mut column = Vec::new();
    let values = [
        ("a".to_owned(), LangMap::new()),
        ("b".to_owned(), LangMap::of(LangTag::und(), "B")),
    ];
    column::write(
        &Parts {
            field: "type",
            values: 2,
            first: &values,
            blocks: &[],
            items: &std::array::from_fn::<Vec<u32>, 10, _>(|item| {
                (0..2)
                    .filter(|value| item / 3 % 3 > *value)
                    .map(|value| value as u32)
                    .collect()
            }),
        },
        &mut column,
    )
    .unwrap();
    block("column", 3, 1, &column);
    let mut bytes = Vec::new();
    column::write_values(&values, &mut bytes).unwrap();
    block("values", 4, 1, &bytes);
    block("positions", 5, 2, &one(&own.positions, b"1324"));
    block("years", 6, 2, &[4, 2, 3, 3, 6, 4, 0]);
    block("spelling", 7, 2, &one(&own.spelling, b"\0fi"));
    block("pairs", 10, 2, &one(&own.pairs, b"paper "));
    let words = crate::entry::write_words(["figure", "كتاب"].into_iter());
    block("words", 8, 2, &words);
    let numbers = one(&own.orders[0].ranks, &0u32.to_be_bytes());
    assert_eq!(order::numbers(&numbers, 60).unwrap().len(), 60);
    block("numbers", 9, 2, &numbers);

    // Nodes, a key to look up before each; and JSON.
    let content = |hash: &Hash| pollster::block_on(archive.object(hash)).unwrap();
    let inner = content(&own.terms.top.unwrap());
    put(
        "tree",
        "inner",
        &[b"\x00\x03kit", inner.as_slice()].concat(),
    );
    let leaf = content(&own.orders[0].items.top.unwrap());
    put("tree", "leaf", &[b"\x00\x01\x00", &leaf[..]].concat());
    let keys = [
        0, 3, 0, 3, b'a', b'b', b'c', 1, 7, 2, 1, b'd', 0, 1, 1, b'z', 1, 9,
    ];
    put("tree", "keys", &[&[0, 2, b'a', b'b'][..], &keys].concat());
    let record = pollster::block_on(archive.record(7)).unwrap().unwrap();
    for (name, json) in [
        ("root", serde_json::to_vec(archive.root()).unwrap()),
        ("record", serde_json::to_vec(&record).unwrap()),
        (
            "brief",
            serde_json::to_vec(&RecordSummary::of(&record, &[])).unwrap(),
        ),
        (
            "escapes",
            br#"["\ud83d\udcd6 \u0041\n", -1.5e3, {"a": null}, 0, true]"#.to_vec(),
        ),
    ] {
        put("tree", name, &[&[1], json.as_slice()].concat());
    }

    // Some cases of every language: the language as `fuzz_targets/text.rs` numbers it, query, text.
    let languages = [
        "", "und", "ar", "fa", "ur", "he", "yi", "en", "fr", "de", "tr", "ru",
    ];
    let cases = include_str!("../../../text/tests/cases.tsv").lines();
    for (number, line) in cases.enumerate().filter(|(number, _)| number % 7 == 0) {
        let [text, lang, query, ..] = line.split('\t').collect::<Vec<_>>()[..] else {
            continue;
        };
        let place = languages
            .iter()
            .position(|own| *own == lang)
            .unwrap_or_default();
        let head = [place as u8, query.len() as u8];
        let seed = [&head, query.as_bytes(), text.as_bytes()].concat();
        put("text", &format!("case-{number:03}"), &seed);
    }
}
