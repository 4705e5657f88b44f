//! A whole query over hostile blocks: of the archive only its root is sane. Each object that is
//! fetched is the next piece of the input, whatever its name.

#![no_main]

use std::cell::RefCell;

use khizana_format::{Archive, Fetch, FetchError};
use khizana_search::{Query, Sort, search};

/// Of 60 items; and of 20,000, whose orders lie in several chunks.
const ROOTS: [&str; 2] = [
    include_str!("../root-small.json"),
    include_str!("../root-large.json"),
];

/// The input, cut up from its beginning.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// A text of up to 255 bytes, its length before it.
    fn text(&mut self) -> String {
        let length = self.byte();
        String::from_utf8_lossy(self.take(length.into())).into_owned()
    }
}

struct Hostile<'a> {
    root: &'static str,
    objects: RefCell<Input<'a>>,
}

impl Fetch for Hostile<'_> {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        if path == "archive.json" {
            return Ok(self.root.into());
        }
        let mut objects = self.objects.borrow_mut();
        if objects.0.is_empty() {
            return Err(FetchError::NotFound(path.into()));
        }
        // The length of each, two bytes.
        let length = usize::from(objects.byte()) | usize::from(objects.byte()) << 8;
        Ok(objects.take(length).to_vec())
    }
}

/// What is asked: two bytes of switches, what is passed over and taken, the words, the filters.
fn query(input: &mut Input<'_>) -> (&'static str, Query) {
    let (switches, more) = (input.byte(), input.byte());
    let mut query = Query {
        sort: [
            Sort::Relevance,
            Sort::Title,
            Sort::Date,
            Sort::DateDescending,
        ][usize::from(switches & 3)],
        complete: switches & 4 == 0,
        years: (switches & 8 != 0).then_some((1_700, 1_850)),
        language: if switches & 16 == 0 { "en" } else { "ar" }.into(),
        skip: input.byte().into(),
        take: input.byte().into(),
        text: input.text(),
        values: if switches & 32 == 0 { 10 } else { usize::MAX },
        ..Query::default()
    };
    for _ in 0..more & 3 {
        query.filters.push((input.text(), input.text()));
    }
    (ROOTS[usize::from(switches >> 7)], query)
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let (root, query) = query(&mut input);
    let hostile = Hostile {
        root,
        objects: RefCell::new(input),
    };
    pollster::block_on(async {
        let archive = Archive::open(hostile).await.expect("the root is sane");
        let items = archive.root().items;
        let Ok(results) = search(&archive, &query).await else {
            return;
        };
        assert!(results.total <= items, "{} of {items}", results.total);
        assert!(results.hits.len() <= query.take, "more than were wanted");
        assert!(
            results.hits.len() <= results.total as usize,
            "more than were found"
        );
        let mut numbers: Vec<u32> = results.hits.iter().map(|hit| hit.number).collect();
        assert!(numbers.iter().all(|number| *number < items), "it exists");
        numbers.sort_unstable();
        assert!(numbers.is_sorted_by(|a, b| a < b), "each once");
        for facet in &results.facets {
            assert!(facet.values.iter().all(|value| value.count <= items));
            let named = facet.values.iter().filter(|value| value.count > 0);
            assert!(named.count() <= facet.distinct as usize, "{facet:?}");
        }
        for hit in &results.hits {
            for (tag, title) in hit.brief.title.iter() {
                for range in results.marks.ranges(title, tag.as_str()) {
                    assert!(title.get(range).is_some_and(|text| !text.is_empty()));
                }
                let pieces = results.marks.pieces(title, tag.as_str());
                let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
                assert_eq!(whole, title);
                let _ = results.marks.excerpt(title, tag.as_str(), 40);
            }
        }
        if let Ok(pages) = results.pages(&archive).await {
            assert_eq!(pages.len(), results.hits.len());
        }
    });
});
