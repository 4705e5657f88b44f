//! Tests that write an index and search it.
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

/// The files of an archive in memory, by path.
#[derive(Default)]
struct MemoryArchive(RefCell<BTreeMap<String, Vec<u8>>>);

impl Fetch for &MemoryArchive {
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

/// Returns the test items, each with its texts.
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

/// Publishes the items with the given facets.
fn publish(facets: &[&str]) -> MemoryArchive {
    publish_items(items(), facets)
}

/// Publishes items, each with its texts.
fn publish_items(items: Vec<(Item, Vec<String>)>, facets: &[&str]) -> MemoryArchive {
    let memory = MemoryArchive::default();
    let facets: Vec<String> = facets.iter().map(|field| (*field).to_owned()).collect();
    let mut index = IndexWriter::new(&facets, CommonWords::default());
    let languages = ["ar".to_owned(), "en".to_owned()];
    let (mut summaries, mut records) = (Vec::new(), Vec::new());
    for (item, texts) in &items {
        let texts: Vec<_> = (0..)
            .zip(texts)
            .map(|(page, text)| (page, text.clone(), LangTag::und()))
            .collect();
        index.add(
            AnalysedItem::new(
                item,
                &texts,
                &CommonWords::default(),
                &FieldLanguages::default(),
            ),
            ("library", &LangMap::new()),
        );
        let record = Record {
            item: item.clone(),
            collection: "library".parse().unwrap(),
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
        memory.0.borrow_mut().insert(object_path(&hash), bytes);
        Ok(())
    };
    let settings = IndexSettings {
        languages: &languages,
        weights: &BTreeMap::new(),
        summary: &|number| Ok(summaries[number as usize].clone()),
        title_key: &|number, language| {
            Ok(title_key(&items[number as usize].0, &languages[language]))
        },
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
        state: None,
        files: None,
    };
    memory
        .0
        .borrow_mut()
        .insert("archive.json".into(), serde_json::to_vec(&root).unwrap());
    memory
}

fn run(memory: &MemoryArchive, query: Query) -> Results {
    pollster::block_on(async {
        search(&Archive::open(memory).await.unwrap(), &query)
            .await
            .unwrap()
    })
}

fn numbers(results: &Results) -> Vec<u32> {
    results.hits.iter().map(|hit| hit.number).collect()
}

fn text_query(text: &str) -> Query {
    Query {
        text: text.into(),
        is_complete: true,
        language: "ar".into(),
        ..Query::default()
    }
}

#[test]
fn all_words_must_match_and_title_matches_rank_first() {
    let memory = publish(&["type"]);
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
        assert_eq!(numbers(&run(&memory, text_query(text))), expected, "{text}");
    }
}

#[test]
fn spellings_with_and_without_zero_width_non_joiners_match() {
    let title = |title: &str| {
        let json = format!(r#"{{"id":"a","title":{{"fa":["{title}"]}},"fields":[]}}"#);
        (item(&json), Vec::new())
    };
    let titles = ["گل\u{200c}خانه", "گل خانه", "گلخانه", "خانه و گل"];
    let memory = publish_items(titles.map(title).to_vec(), &[]);
    for (text, expected) in [
        ("گل\u{200c}خانه", &[0, 1, 2][..]),
        ("گل خانه", &[0, 1, 3]),
        ("گلخانه", &[0, 2]),
    ] {
        let results = run(&memory, text_query(text));
        let mut found = numbers(&results);
        found.sort_unstable();
        assert_eq!(found, expected, "{text}");
        assert_eq!(results.suggestion, None, "{text}");
    }
    // A word of which only the parts occur is not corrected.
    let memory = publish_items(vec![title("گل خانه ما"), title("گلخانم")], &[]);
    let results = run(&memory, text_query("گل\u{200c}خانه"));
    assert_eq!((numbers(&results), results.suggestion), (vec![0], None));
}

#[test]
fn incomplete_word_matches_as_a_prefix() {
    let memory = publish(&["type"]);
    let incomplete = |text| {
        numbers(&run(
            &memory,
            Query {
                is_complete: false,
                ..text_query(text)
            },
        ))
    };
    assert_eq!(incomplete("muq"), [0]);
    assert_eq!(incomplete("المق"), [0]);
    assert_eq!(incomplete("مطب"), [2, 0]);
    assert_eq!(incomplete("muq "), [0u32; 0]);
    assert_eq!(
        incomplete("م"),
        [0u32; 0],
        "a single letter is not a prefix"
    );
}

#[test]
fn timelines_are_counted_without_the_year_filter() {
    let memory = publish(&["type"]);
    let query = Query {
        years: Some((1_900, 1_910)),
        ..text_query("")
    };
    let results = run(&memory, query);
    let counts = |field: &str| -> Vec<(String, u32)> {
        let mut facets = results.facets.iter();
        let facet = facets.find(|facet| facet.field == field).unwrap();
        let values = facet.values.iter();
        values
            .map(|value| (value.key.clone(), value.count))
            .collect()
    };
    assert_eq!(results.total, 1);
    assert_eq!(counts("type"), [("journal".to_owned(), 1)]);
    assert_eq!(
        counts("date:decade"),
        [("1820".to_owned(), 1), ("1900".to_owned(), 1)]
    );
}

#[test]
fn a_date_that_is_only_hijri_is_found_by_its_gregorian_years() {
    let dated = |id: &str, date: &str| {
        let json = format!(r#"{{"id":"{id}","title":{{"en":["Treatise"]}},"date":{date}}}"#);
        (item(&json), Vec::new())
    };
    let archive = publish_items(
        vec![
            dated("hijri", r#"{"written":"١٣٢٤","hijri":"١٣٢٤"}"#),
            dated("words", r#"{"written":"long ago"}"#),
        ],
        &[],
    );
    for (years, expected) in [
        ((1_906, 1_906), vec![0]),
        ((1_907, 1_910), vec![0]),
        ((1_300, 1_400), vec![]),
    ] {
        let query = Query {
            years: Some(years),
            ..text_query("treatise")
        };
        assert_eq!(numbers(&run(&archive, query)), expected, "{years:?}");
    }
}

#[test]
fn facet_values_that_contain_a_word_of_the_query_come_first() {
    let by = |number: usize, creator: &str| {
        let json = format!(
            r#"{{"id":"i-{number}","title":{{"en":["A stone bridge"]}},
            "fields":[{{"name":"creator","values":{{"en":["{creator}"]}}}}]}}"#
        );
        (item(&json), Vec::new())
    };
    // More values than are stored in the column itself, each of them more frequent than the one that matches.
    let mut items: Vec<_> = (0..300)
        .map(|n| by(n, &format!("Maker {}", n % 150)))
        .collect();
    items.push(by(300, "Marcus Stone"));
    let archive = publish_items(items, &[]);
    let creators = |text: &str| -> Vec<String> {
        let results = run(&archive, text_query(text));
        let mut facets = results.facets.iter();
        let facet = facets.find(|facet| facet.field == "creator").unwrap();
        assert_eq!(facet.distinct, 151);
        facet.values.iter().map(|value| value.key.clone()).collect()
    };
    let of_stone = creators("stone");
    assert_eq!(of_stone[0], "Marcus Stone");
    assert_eq!(
        of_stone.iter().filter(|key| *key == "Marcus Stone").count(),
        1
    );
    assert!(!creators("bridge").contains(&"Marcus Stone".to_owned()));
}

#[test]
fn facet_values_with_the_word_itself_come_before_those_with_a_longer_word() {
    let items = ["Bill Woodrow", "Bill Woodrow", "Bill Woodrow", "Grant Wood"];
    let items = items.iter().cycle().take(8).enumerate();
    let items = items.map(|(number, creator)| {
        let json = format!(
            r#"{{"id":"i-{number}","fields":[{{"name":"creator","values":{{"en":["{creator}"]}}}}]}}"#
        );
        (item(&json), Vec::new())
    });
    let archive = publish_items(items.collect(), &[]);
    let query = Query {
        is_complete: false,
        ..text_query("wood")
    };
    let results = run(&archive, query);
    let mut facets = results.facets.iter();
    let facet = facets.find(|facet| facet.field == "creator").unwrap();
    let keys: Vec<&str> = facet
        .values
        .iter()
        .map(|value| value.key.as_str())
        .collect();
    assert_eq!(keys, ["Grant Wood", "Bill Woodrow"]);
}

#[test]
fn many_makers_are_a_facet_if_their_names_repeat() {
    let archive = |items_each: usize| {
        let items = (0..300 * items_each).map(|number| {
            let json = format!(
                r#"{{"id":"i-{number}","fields":[{{"name":"creator","values":{{"en":["Maker {}"]}}}}]}}"#,
                number % 300
            );
            (item(&json), Vec::new())
        });
        publish_items(items.collect(), &[])
    };
    let has_facet = |items_each| {
        let results = run(&archive(items_each), text_query(""));
        results.facets.iter().any(|facet| facet.field == "creator")
    };
    assert!(has_facet(2));
    assert!(!has_facet(1));
}

#[test]
fn facet_counts_ignore_the_filters_of_the_same_field() {
    let memory = publish(&["type", "place"]);
    let counts = |results: &Results, field: &str| -> Vec<(String, u32, bool)> {
        let facet = results
            .facets
            .iter()
            .find(|facet| facet.field == field)
            .unwrap();
        facet
            .values
            .iter()
            .map(|value| (value.key.clone(), value.count, value.is_selected))
            .collect()
    };
    let books = Query {
        filters: vec![("type".into(), "book".into())],
        ..text_query("")
    };
    let results = run(&memory, books);
    assert_eq!(numbers(&results), [1, 2]);
    assert_eq!(
        counts(&results, "type"),
        [("book".into(), 2, true), ("journal".into(), 1, false)]
    );
    assert_eq!(
        counts(&results, "place"),
        [("القاهرة".into(), 1, false), ("بغداد".into(), 1, false)]
    );
    let two_fields = Query {
        filters: vec![
            ("type".into(), "book".into()),
            ("type".into(), "journal".into()),
            ("place".into(), "القاهرة".into()),
        ],
        ..text_query("")
    };
    assert_eq!(numbers(&run(&memory, two_fields)), [0, 2]);
    for (field, value) in [("type", "map"), ("colour", "red")] {
        let unknown = Query {
            filters: vec![(field.into(), value.into())],
            ..text_query("")
        };
        assert_eq!(
            numbers(&run(&memory, unknown)),
            [0u32; 0],
            "{field}={value}"
        );
    }
    assert_eq!(
        results.facets[1].values[0].label.best("en").unwrap().1,
        "Cairo",
        "the label has all languages of the value"
    );
}

#[test]
fn results_are_sorted_with_undated_items_last() {
    let memory = publish(&[]);
    let sorted = |sort| {
        numbers(&run(
            &memory,
            Query {
                sort,
                ..text_query("")
            },
        ))
    };
    assert_eq!(sorted(Sort::Date), [2, 0, 1]);
    assert_eq!(sorted(Sort::DateDescending), [0, 2, 1]);
    // Articles are ignored: كتاب, مطبعة, مقتبس.
    assert_eq!(sorted(Sort::Title), [1, 2, 0]);
    let english = Query {
        sort: Sort::Title,
        language: "en".into(),
        ..text_query("")
    };
    // "Al-Muqtabas" sorts under M, "A press" under P, and the item without an English title last.
    assert_eq!(numbers(&run(&memory, english)), [0, 2, 1]);
}

#[test]
fn damaged_index_is_an_error() {
    let memory = publish(&["type"]);
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
    let result = pollster::block_on(async {
        search(&Archive::open(&memory).await.unwrap(), &text_query("مقتبس")).await
    });
    assert!(result.unwrap_err().is_corruption());
}

/// A server with a latency of one round. It responds to the requests of a round in the next round.
struct SlowServer<'a> {
    memory: &'a MemoryArchive,
    round: &'a Cell<u32>,
}

impl Fetch for SlowServer<'_> {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        let requested = self.round.get();
        poll_fn(|_| match self.round.get() > requested {
            true => Poll::Ready(()),
            false => Poll::Pending,
        })
        .await;
        self.memory.get(path).await
    }
}

/// Runs a future, and returns its output and the number of rounds it took.
fn count_rounds<T>(round: &Cell<u32>, future: impl Future<Output = T>) -> (T, u32) {
    let (mut future, start) = (pin!(future), round.get());
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return (value, round.get() - start);
        }
        round.set(round.get() + 1);
    }
}

#[test]
fn independent_requests_are_concurrent() {
    let memory = publish(&["type", "place"]);
    let search_in_rounds = |query: &Query| {
        let round = Cell::new(0);
        let server = SlowServer {
            memory: &memory,
            round: &round,
        };
        let archive = count_rounds(&round, Archive::open(server)).0.unwrap();
        let (results, rounds) = count_rounds(&round, search(&archive, query));
        let results = results.unwrap();
        let ids: Vec<&str> = results
            .hits
            .iter()
            .map(|hit| hit.summary.id.as_str())
            .collect();
        let stats = archive.stats();
        // The root, the columns, the terms, and at most the positions and the records. Concurrent
        // requests for the same object count once.
        assert!(stats.requests <= 5, "{query:?}: {stats:?}");
        (ids.join(" "), rounds)
    };
    let query = |text: &str| Query {
        text: text.into(),
        ..Query::default()
    };
    assert_eq!(
        search_in_rounds(&query("القاهرة")),
        ("c a".into(), 1),
        "a word"
    );
    assert_eq!(
        search_in_rounds(&query("\"مطبعة القاهرة\"")),
        ("c".into(), 1),
        "a phrase"
    );
    assert_eq!(
        search_in_rounds(&query("title:press")),
        ("c".into(), 1),
        "a field"
    );
    let filtered = Query {
        filters: vec![("type".into(), "book".into())],
        ..query("القاهرة")
    };
    assert_eq!(search_in_rounds(&filtered), ("c".into(), 1), "a filter");
}
