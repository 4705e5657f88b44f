//! Writes the seed corpus of the fuzz targets: the objects that real queries fetch from real
//! indexes, and the roots of these indexes.
//!
//! Run `cargo test -p khizana-search --features write seeds -- --ignored` after a change to the
//! format of the index.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use khizana_format::*;
use khizana_model::*;

use crate::facet_column::{self, ColumnContent, VALUES_PER_BLOCK};
use crate::facets::fetch_columns;
use crate::postings::Postings;
use crate::term_entry::{BlockLocation, ChunkRef, PostingList, TermBlock, TermEntry, write_words};
use crate::test_archive::{MemoryArchive, Rng, TestItem, publish, random_items};
use crate::{Query, Sort, item_values, search};

/// A small leaf size, so that the seeds are small and contain inner nodes.
const LEAF_SIZE: LeafSize = LeafSize {
    min: 256,
    max: 1_024,
    boundary_divisor: 2,
};

/// Records the content of all objects in the order in which they are fetched, each preceded by its
/// length in two bytes. This is the input format of the target `engine`.
struct Recorder<'a> {
    archive: &'a MemoryArchive,
    objects: RefCell<Vec<u8>>,
}

impl Fetch for &Recorder<'_> {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let bytes = self.archive.get(path).await?;
        if path != "archive.json" {
            let content = zstd::bulk::decompress(&bytes, 1 << 20).unwrap();
            let mut objects = self.objects.borrow_mut();
            let len = u16::try_from(content.len()).expect("objects are smaller than 64 KiB");
            objects.extend(len.to_le_bytes());
            objects.extend(content);
        }
        Ok(bytes)
    }
}

/// Returns a path in the folder of the fuzz crate.
fn fuzz_path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz")
        .join(path)
}

/// Writes a seed of a target.
fn write_seed(target: &str, name: &str, bytes: &[u8]) {
    let folder = fuzz_path("corpus").join(target);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}

fn store(archive: &MemoryArchive, content: &[u8]) -> Hash {
    let bytes = encode_object(content).unwrap();
    let hash = hash_of(&bytes);
    archive.0.borrow_mut().insert(object_path(&hash), bytes);
    hash
}

/// Rewrites a tree with small leaves and the values that `change` returns.
fn rewrite_tree(
    archive: &MemoryArchive,
    tree: &TreeRef,
    mut change: impl FnMut(&[u8], Vec<u8>) -> Vec<u8>,
) -> TreeRef {
    let entries = pollster::block_on(async {
        let archive = Archive::open(archive).await.unwrap();
        archive.entries_with_prefix(tree, b"").await.unwrap()
    });
    let mut store = |hash: Hash, bytes: Vec<u8>| {
        archive.0.borrow_mut().insert(object_path(&hash), bytes);
        Ok(())
    };
    let mut writer = TreeWriter::new(&mut store, LEAF_SIZE);
    for (key, value) in entries {
        let value = change(&key, value);
        writer.push(&key, value).unwrap();
    }
    writer.finish().unwrap()
}

/// Splits a posting list of 30 or more items into two chunks. The writer only splits far longer
/// lists.
fn split_posting_list(archive: &MemoryArchive, items: u32, key: &[u8], value: Vec<u8>) -> Vec<u8> {
    // The entries of stems, phonetic keys and prefixes have no posting lists.
    if key.last().is_some_and(|last| *last < b' ') {
        return value;
    }
    let entry = TermEntry::read(&value).unwrap();
    let BlockLocation::Inline(bytes) = &entry.block else {
        return value;
    };
    let TermBlock { top_items, list } = TermBlock::read(bytes, items).unwrap();
    let PostingList::Whole(postings) = list else {
        return value;
    };
    if postings.len() < 30 {
        return value;
    }
    let half = postings.len() / 2;
    let chunks = [0..half, half..postings.len()].map(|range| {
        let chunk = Postings {
            items: postings.items[range.clone()].to_vec(),
            levels: postings.levels[range].to_vec(),
        };
        let mut bytes = Vec::new();
        chunk.write(&mut bytes);
        ChunkRef {
            first: chunk.items[0],
            last: chunk.items[chunk.len() - 1],
            len: chunk.len() as u32,
            object: store(archive, &bytes),
        }
    });
    let block = TermBlock {
        top_items,
        list: PostingList::Chunked(chunks.into()),
    };
    TermEntry {
        block: BlockLocation::Inline(block.write()),
        ..entry
    }
    .write()
}

/// Rewrites all facet columns into one object, with only four inline values each, so that there are
/// blocks.
fn rewrite_columns(archive: &MemoryArchive) -> Hash {
    let columns = pollster::block_on(async {
        let archive = Archive::open(archive).await.unwrap();
        fetch_columns(&archive).await.unwrap()
    });
    let mut out = Vec::new();
    for column in columns {
        let (inline_values, other_values) = column
            .inline_values
            .split_at(column.inline_values.len().min(4));
        let blocks: Vec<Hash> = other_values
            .chunks(VALUES_PER_BLOCK)
            .map(|values| {
                let mut bytes = Vec::new();
                facet_column::write_values(values, &mut bytes).unwrap();
                store(archive, &bytes)
            })
            .collect();
        let mut cursor = column.cursor();
        let items = column.runs.last().map_or(0, |(end, _)| *end);
        let items: Vec<Vec<u32>> = (0..items)
            .map(|item| column.sets[cursor.seek(item).0 as usize].clone())
            .collect();
        let content = ColumnContent {
            field: &column.field,
            values: column.values,
            inline_values,
            blocks: &blocks,
            items: &items,
        };
        facet_column::write(&content, &mut out).unwrap();
    }
    store(archive, &out)
}

/// Publishes an archive with small leaves, and writes its root for the target `engine`.
///
/// If `shorten_orders` is `true`, the chunks of the sort orders contain only their first 16
/// numbers, which suffice for a page of results.
fn publish_small(items: &[TestItem], name: &str, shorten_orders: bool) -> MemoryArchive {
    let archive = publish(items);
    let mut root = pollster::block_on(Archive::open(&archive))
        .unwrap()
        .root()
        .clone();
    let unchanged = |_: &[u8], value: Vec<u8>| value;
    let shorten = |_: &[u8], value: Vec<u8>| {
        let count = value.len() / 4;
        let bytes = value.chunks(count).flat_map(|bytes| &bytes[..16]);
        bytes.copied().collect()
    };
    let columns = rewrite_columns(&archive);
    for facet in &mut root.search.facets {
        facet.object = columns;
    }
    root.records = rewrite_tree(&archive, &root.records, unchanged);
    root.ids = rewrite_tree(&archive, &root.ids, unchanged);
    let item_count = root.items;
    let index = &mut root.search;
    index.terms = rewrite_tree(&archive, &index.terms, |key, value| {
        split_posting_list(&archive, item_count, key, value)
    });
    index.positions = rewrite_tree(&archive, &index.positions, unchanged);
    index.pairs = rewrite_tree(&archive, &index.pairs, unchanged);
    index.spelling = rewrite_tree(&archive, &index.spelling, unchanged);
    index.years = rewrite_tree(&archive, &index.years, unchanged);
    for order in &mut index.orders {
        for tree in [&mut order.ranks, &mut order.items] {
            *tree = if shorten_orders {
                rewrite_tree(&archive, tree, shorten)
            } else {
                rewrite_tree(&archive, tree, unchanged)
            };
        }
    }
    let json = serde_json::to_vec(&root).unwrap();
    std::fs::write(fuzz_path(&format!("root-{name}.json")), &json).unwrap();
    archive.0.borrow_mut().insert("archive.json".into(), json);
    archive
}

/// Returns a seed of the target `engine`: the query as `fuzz_targets/engine.rs` reads it, and the
/// objects that it fetches.
fn engine_seed(archive: &MemoryArchive, is_large: bool, query: &Query) -> Vec<u8> {
    let sort = match query.sort {
        Sort::Relevance => 0,
        Sort::Title => 1,
        Sort::Date => 2,
        Sort::DateDescending => 3,
    };
    let mut out = vec![
        sort | u8::from(!query.is_complete) << 2
            | u8::from(query.years.is_some()) << 3
            | u8::from(is_large) << 7,
        query.filters.len() as u8,
        query.offset as u8,
        query.limit as u8,
    ];
    let filters = query.filters.iter().flat_map(|(field, key)| [field, key]);
    for text in std::iter::once(&query.text).chain(filters) {
        out.push(u8::try_from(text.len()).unwrap());
        out.extend(text.bytes());
    }
    let recorder = Recorder {
        archive,
        objects: RefCell::default(),
    };
    let total = pollster::block_on(async {
        let archive = Archive::open(&recorder).await.unwrap();
        let results = search(&archive, query).await.unwrap();
        results.best_pages(&archive).await.unwrap();
        results.total
    });
    assert!(total > 0, "no results: {query:?}");
    out.extend(recorder.objects.take());
    out
}

fn english_query(text: &str) -> Query {
    Query {
        text: text.into(),
        language: "en".into(),
        limit: 3,
        ..Query::default()
    }
}

/// Writes the seeds of the target `engine` for a small archive.
fn write_small_engine_seeds(archive: &MemoryArchive) {
    let queries = [
        english_query("paper castle"),
        english_query("\"river boat\" OR كتاب"),
        english_query("\"river paper\" OR \"paper castle figure\""),
        english_query("castle -river"),
        english_query("title:paper type:map"),
        english_query("muqtabas"),
        english_query("astrolobe"),
        english_query("北京图书"),
        english_query("item-7"),
        Query {
            is_complete: false,
            ..english_query("figure man")
        },
        Query {
            sort: Sort::Title,
            years: Some((1_700, 1_850)),
            offset: 1,
            ..english_query("land")
        },
        Query {
            sort: Sort::DateDescending,
            filters: vec![("type".into(), "book".into())],
            ..english_query("")
        },
    ];
    for (i, query) in queries.iter().enumerate() {
        let seed = engine_seed(archive, false, query);
        write_seed("engine", &format!("small-{i:02}"), &seed);
    }
}

/// Writes the seeds of the target `engine` for an archive of 20,000 items, whose sort orders have
/// several chunks.
fn write_large_engine_seeds(rng: &mut Rng) {
    // The items are similar, so that their index is small.
    let template = random_items(rng, 1).remove(0).item;
    let items: Vec<TestItem> = (0..20_000)
        .map(|number| {
            let mut item = template.clone();
            item.id = format!("item-{number}").parse().unwrap();
            item.fields.truncate(1);
            item.title = LangMap::of(LangTag::und(), "paper");
            TestItem {
                item,
                texts: Vec::new(),
            }
        })
        .collect();
    let archive = publish_small(&items, "large", true);
    for (i, sort) in [Sort::Title, Sort::Relevance].into_iter().enumerate() {
        let query = Query {
            sort,
            offset: 2,
            ..english_query("paper")
        };
        let seed = engine_seed(&archive, true, &query);
        write_seed("engine", &format!("large-{i:02}"), &seed);
    }
}

/// Writes a seed of each reader for the target `readers`.
fn write_reader_seeds<F: Fetch>(archive: &Archive<F>) {
    let write_block = |name: &str, reader: u8, items: u8, bytes: &[u8]| {
        write_seed("readers", name, &[&[reader, items], bytes].concat());
    };
    let index = &archive.root().search;
    let first_value = |tree: &TreeRef, prefix: &[u8]| {
        let entries = pollster::block_on(archive.entries_with_prefix(tree, prefix)).unwrap();
        entries.into_iter().next().unwrap().1
    };
    let entry = first_value(&index.terms, b"figure");
    write_block("entry", 1, 2, &entry);
    write_block("block", 2, 2, &entry[2..]);
    write_block("chunks", 1, 2, &first_value(&index.terms, b"paper"));
    for (name, items, postings) in [
        ("deltas", 2, vec![3, 9, 200]),
        ("bitmap", 2, (0..200).filter(|item| item % 3 > 0).collect()),
        (
            "runs",
            3,
            (7..900).chain(2_000..3_000).collect::<Vec<u32>>(),
        ),
    ] {
        let postings = Postings {
            levels: postings
                .iter()
                .map(|item| (item / 64 % 31) as u8 + 1)
                .collect(),
            items: postings,
        };
        let mut bytes = Vec::new();
        postings.write(&mut bytes);
        write_block(name, 0, items, &bytes);
    }
    let values = [
        ("a".to_owned(), LangMap::new()),
        ("b".to_owned(), LangMap::of(LangTag::und(), "B")),
    ];
    let content = ColumnContent {
        field: "type",
        values: 2,
        inline_values: &values,
        blocks: &[],
        items: &std::array::from_fn::<Vec<u32>, 10, _>(|item| {
            (0..2)
                .filter(|value| item / 3 % 3 > *value)
                .map(|value| value as u32)
                .collect()
        }),
    };
    let mut column = Vec::new();
    facet_column::write(&content, &mut column).unwrap();
    write_block("column", 3, 1, &column);
    let mut bytes = Vec::new();
    facet_column::write_values(&values, &mut bytes).unwrap();
    write_block("values", 4, 1, &bytes);
    write_block("positions", 5, 2, &first_value(&index.positions, b"1324"));
    write_block("years", 6, 2, &[4, 2, 3, 3, 6, 4, 0]);
    write_block("spelling", 7, 2, &first_value(&index.spelling, b"\0fi"));
    write_block("pairs", 10, 2, &first_value(&index.pairs, b"paper "));
    let words = write_words(["figure", "كتاب"].into_iter());
    write_block("words", 8, 2, &words);
    let numbers = first_value(&index.orders[0].ranks, &0u32.to_be_bytes());
    let count = item_values::read_numbers(&numbers, 60).unwrap().len();
    assert_eq!(count, 60);
    write_block("numbers", 9, 2, &numbers);
}

/// Writes the seeds of the target `tree`: nodes, each with a key to look up, and JSON.
fn write_tree_seeds<F: Fetch>(archive: &Archive<F>) {
    let index = &archive.root().search;
    let content = |hash: &Hash| pollster::block_on(archive.object(hash)).unwrap();
    let inner = content(&index.terms.top.unwrap());
    let node = [b"\x00\x03kit", inner.as_slice()].concat();
    write_seed("tree", "inner", &node);
    let leaf = content(&index.orders[0].items.top.unwrap());
    let node = [b"\x00\x01\x00", &leaf[..]].concat();
    write_seed("tree", "leaf", &node);
    let keys = [
        0, 3, 0, 3, b'a', b'b', b'c', 1, 7, 2, 1, b'd', 0, 1, 1, b'z', 1, 9,
    ];
    let node = [&[0, 2, b'a', b'b'][..], &keys].concat();
    write_seed("tree", "keys", &node);
    let record = pollster::block_on(archive.record(7)).unwrap().unwrap();
    let summary = RecordSummary::of(&record, &[]);
    for (name, json) in [
        ("root", serde_json::to_vec(archive.root()).unwrap()),
        ("record", serde_json::to_vec(&record).unwrap()),
        ("summary", serde_json::to_vec(&summary).unwrap()),
        (
            "escapes",
            br#"["\ud83d\udcd6 \u0041\n", -1.5e3, {"a": null}, 0, true]"#.to_vec(),
        ),
    ] {
        write_seed("tree", name, &[&[1], json.as_slice()].concat());
    }
}

/// Writes the seeds of the target `text`: every seventh line of the table of language cases.
fn write_text_seeds() {
    // The languages in the order of `fuzz_targets/text.rs`.
    let languages = [
        "", "und", "ar", "fa", "ur", "he", "yi", "en", "fr", "de", "tr", "ru",
    ];
    let cases = include_str!("../../../text/tests/cases.tsv").lines();
    for (number, line) in cases.enumerate().filter(|(number, _)| number % 7 == 0) {
        let [text, lang, query, ..] = line.split('\t').collect::<Vec<_>>()[..] else {
            continue;
        };
        let language = languages
            .iter()
            .position(|language| *language == lang)
            .unwrap_or_default();
        let head = [language as u8, query.len() as u8];
        let seed = [&head, query.as_bytes(), text.as_bytes()].concat();
        write_seed("text", &format!("case-{number:03}"), &seed);
    }
}

#[test]
#[ignore = "writes fuzz/corpus"]
fn write_fuzz_corpus() {
    let mut rng = Rng(7);
    let small = publish_small(&random_items(&mut rng, 60), "small", false);
    write_small_engine_seeds(&small);
    write_large_engine_seeds(&mut rng);
    let archive = pollster::block_on(Archive::open(&small)).unwrap();
    write_reader_seeds(&archive);
    write_tree_seeds(&archive);
    write_text_seeds();
}
