//! What is written into an index is what a query finds in it.
#![cfg(feature = "write")]
#![allow(clippy::unwrap_used, missing_docs)]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use khizana_format::*;
use khizana_model::*;
use khizana_search::*;

#[derive(Default)]
struct Memory(RefCell<BTreeMap<String, Vec<u8>>>);

impl Fetch for &Memory {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        self.0
            .borrow()
            .get(path)
            .cloned()
            .ok_or_else(|| FetchError::NotFound(path.into()))
    }
}

fn item(json: &str) -> Item {
    serde_json::from_str(json).unwrap()
}

fn items() -> Vec<(Item, Vec<String>)> {
    vec![
        (
            item(
                r#"{"id":"a","title":{"ar":["المقتبس"],"en":["Al-Muqtabas"]},"date":{"written":"1906","edtf":{"from":"1906-01-01","to":"1906-12-31"}},
            "fields":[{"name":"type","values":{"en":["journal"]}},{"name":"place","values":{"ar":["القاهرة"],"en":["Cairo"]}}]}"#,
            ),
            vec!["وصف المطبعة".into()],
        ),
        (
            item(
                r#"{"id":"b","title":{"ar":["كتاب الأغاني"]},
            "fields":[{"name":"type","values":{"en":["book"]}},{"name":"place","values":{"ar":["بغداد"],"en":["Baghdad"]}}]}"#,
            ),
            vec![],
        ),
        (
            item(
                r#"{"id":"c","title":{"ar":["مطبعة القاهرة"],"en":["A press"]},"date":{"written":"1821","edtf":{"from":"1821-01-01","to":"1821-12-31"}},
            "fields":[{"name":"type","values":{"en":["book"]}},{"name":"place","values":{"ar":["القاهرة"],"en":["Cairo"]}}]}"#,
            ),
            vec![],
        ),
    ]
}

fn written(facets: &[&str]) -> Memory {
    let items = items();
    let memory = Memory::default();
    let facets: Vec<String> = facets.iter().map(|f| (*f).to_owned()).collect();
    let mut index = IndexWriter::new(&facets, Common::default());
    let languages = ["ar".to_owned(), "en".to_owned()];
    let (mut briefs, mut records) = (Vec::new(), Vec::new());
    for (item, texts) in &items {
        let texts: Vec<_> = (0..)
            .zip(texts)
            .map(|(page, text)| (page, text.clone(), LangTag::und()))
            .collect();
        index.add(
            Analysed::of(item, &texts, &languages, &Common::default()),
            ("library", &LangMap::new()),
        );
        let record = Record {
            item: item.clone(),
            collection: "library".parse().unwrap(),
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
    let settings = Settings {
        languages: &languages,
        weights: &BTreeMap::new(),
        brief: &|number| briefs[number as usize].clone(),
    };
    let mut tree = TreeWriter::new(&mut store, LeafSize::LARGE);
    for (number, record) in (0u32..).zip(records) {
        tree.push(&number.to_be_bytes(), record).unwrap();
    }
    let records = tree.finish().unwrap();
    let search = index.finish(&settings, &mut store).unwrap();
    let root = Root {
        format: FORMAT.into(),
        snapshot: String::new(),
        title: LangMap::new(),
        description: LangMap::new(),
        languages: vec!["ar".into()],
        pages: Pages::Items,
        viewer: "viewer/".into(),
        items: items.len() as u32,
        collections: vec![],
        records,
        ids: TreeRef::default(),
        search,
    };
    memory
        .0
        .borrow_mut()
        .insert("archive.json".into(), serde_json::to_vec(&root).unwrap());
    memory
}

fn ask(memory: &Memory, query: Query) -> Results {
    pollster::block_on(async {
        search(&Archive::open(memory).await.unwrap(), &query)
            .await
            .unwrap()
    })
}

fn numbers(results: &Results) -> Vec<u32> {
    results.hits.iter().map(|hit| hit.number).collect()
}

fn words(text: &str) -> Query {
    Query {
        text: text.into(),
        complete: true,
        language: "ar".into(),
        ..Query::default()
    }
}

#[test]
fn every_word_must_be_found_and_titles_come_first() {
    let memory = written(&["type"]);
    for (text, expected) in [
        ("مقتبس", &[0][..]),
        ("كتاب الاغاني", &[1]),
        ("مطبعة", &[2, 0]),
        ("القاهرة", &[2, 0]),
        ("cairo", &[0, 2]),
        ("كتاب القاهرة", &[]),
        ("لا شيء", &[]),
        ("؟", &[]),
        ("", &[0, 1, 2]),
    ] {
        assert_eq!(numbers(&ask(&memory, words(text))), expected, "{text}");
    }
}

#[test]
fn a_word_being_typed_finds_what_it_begins() {
    let memory = written(&["type"]);
    let typing = |text| {
        numbers(&ask(
            &memory,
            Query {
                complete: false,
                ..words(text)
            },
        ))
    };
    assert_eq!(typing("muq"), [0]);
    assert_eq!(typing("المق"), [0]);
    assert_eq!(typing("مطب"), [2, 0]);
    assert_eq!(typing("muq "), [0u32; 0]);
    assert_eq!(typing("م"), [0u32; 0], "one letter is not looked up");
}

#[test]
fn facets_count_what_would_be_found() {
    let memory = written(&["type", "place"]);
    let of = |results: &Results, field: &str| -> Vec<(String, u32, bool)> {
        let facet = results
            .facets
            .iter()
            .find(|facet| facet.field == field)
            .unwrap();
        facet
            .values
            .iter()
            .map(|v| (v.key.clone(), v.count, v.selected))
            .collect()
    };
    let book = Query {
        filters: vec![("type".into(), "book".into())],
        ..words("")
    };
    let results = ask(&memory, book.clone());
    assert_eq!(numbers(&results), [1, 2]);
    assert_eq!(
        of(&results, "type"),
        [("book".into(), 2, true), ("journal".into(), 1, false)]
    );
    assert_eq!(
        of(&results, "place"),
        [("القاهرة".into(), 1, false), ("بغداد".into(), 1, false)]
    );
    let both = Query {
        filters: vec![
            ("type".into(), "book".into()),
            ("type".into(), "journal".into()),
            ("place".into(), "القاهرة".into()),
        ],
        ..words("")
    };
    assert_eq!(numbers(&ask(&memory, both)), [0, 2]);
    for (field, value) in [("type", "map"), ("colour", "red")] {
        let none = Query {
            filters: vec![(field.into(), value.into())],
            ..words("")
        };
        assert_eq!(numbers(&ask(&memory, none)), [0u32; 0], "{field}={value}");
    }
    assert_eq!(
        results.facets[1].values[0].label.best("en").unwrap().1,
        "Cairo",
        "a value is one thing in all its languages"
    );
}

#[test]
fn results_are_sorted_and_those_without_a_date_come_last() {
    let memory = written(&[]);
    let sorted = |sort| numbers(&ask(&memory, Query { sort, ..words("") }));
    assert_eq!(sorted(Sort::Date), [2, 0, 1]);
    assert_eq!(sorted(Sort::DateDescending), [0, 2, 1]);
    // Without the article: كتاب, مطبعة, مقتبس.
    assert_eq!(sorted(Sort::Title), [1, 2, 0]);
    let english = Query {
        sort: Sort::Title,
        language: "en".into(),
        ..words("")
    };
    // "Al-Muqtabas" stands under M, "A press" under P; what has no English title comes after.
    assert_eq!(numbers(&ask(&memory, english)), [0, 2, 1]);
}

#[test]
fn a_damaged_index_is_an_error_and_never_an_empty_result() {
    let memory = written(&["type"]);
    let paths: Vec<String> = memory
        .0
        .borrow()
        .keys()
        .filter(|path| path.starts_with("o/"))
        .cloned()
        .collect();
    for path in paths {
        if let Some(byte) = memory
            .0
            .borrow_mut()
            .get_mut(&path)
            .and_then(|bytes| bytes.get_mut(9))
        {
            *byte ^= 0x40;
        }
    }
    let read = pollster::block_on(async {
        search(&Archive::open(&memory).await.unwrap(), &words("مقتبس")).await
    });
    assert!(read.unwrap_err().is_corruption());
}

/// A host every answer of which takes a round: what is asked for in one round comes in the next.
struct Rounds<'a> {
    memory: &'a Memory,
    round: &'a Cell<u32>,
}

impl Fetch for Rounds<'_> {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let asked = self.round.get();
        poll_fn(|_| match self.round.get() > asked {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
        self.memory.get(path).await
    }
}

/// What came of it, and how many rounds it took.
fn in_rounds<T>(round: &Cell<u32>, future: impl Future<Output = T>) -> (T, u32) {
    let (mut future, before) = (pin!(future), round.get());
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return (value, round.get() - before);
        }
        round.set(round.get() + 1);
    }
}

#[test]
fn what_does_not_wait_for_another_answer_is_fetched_with_it() {
    let memory = written(&["type", "place"]);
    let rounds = |query: &Query| {
        let round = Cell::new(0);
        let host = Rounds {
            memory: &memory,
            round: &round,
        };
        let archive = in_rounds(&round, Archive::open(host)).0.unwrap();
        let (found, rounds) = in_rounds(&round, search(&archive, query));
        let found = found.unwrap();
        let ids: Vec<&str> = found.hits.iter().map(|hit| hit.brief.id.as_str()).collect();
        let stats = archive.stats();
        // Nothing is counted twice, however many waited for it: the root, the columns, the words, and
        // at most the positions and the records.
        assert!(stats.requests <= 5, "{query:?}: {stats:?}");
        (ids.join(" "), rounds)
    };
    let of = |text: &str| Query {
        text: text.into(),
        ..Query::default()
    };
    assert_eq!(rounds(&of("القاهرة")), ("c a".into(), 1), "a word");
    assert_eq!(
        rounds(&of("\"مطبعة القاهرة\"")),
        ("c".into(), 1),
        "a phrase"
    );
    assert_eq!(rounds(&of("title:press")), ("c".into(), 1), "a field");
    let narrowed = Query {
        filters: vec![("type".into(), "book".into())],
        ..of("القاهرة")
    };
    assert_eq!(rounds(&narrowed), ("c".into(), 1), "a filter");
}
