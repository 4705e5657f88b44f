//! A complete search in an archive that has a valid root and untrusted objects. Each fetched object
//! is the next part of the input, regardless of its name.

#![no_main]

use std::cell::RefCell;

use khizana_format::{Archive, Fetch, FetchError};
use khizana_search::{Query, Sort, search};

/// The roots of an archive with 60 items and of an archive with 20,000 items, whose sort orders
/// consist of several chunks.
const ROOTS: [&str; 2] = [
    include_str!("../root-small.json"),
    include_str!("../root-large.json"),
];

/// The part of the input that has not been read yet.
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
        let (bytes, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        bytes
    }

    /// Reads a text of up to 255 bytes, preceded by its length.
    fn text(&mut self) -> String {
        let length = self.byte();
        String::from_utf8_lossy(self.take(length.into())).into_owned()
    }
}

/// An archive whose objects are parts of the input.
struct UntrustedArchive<'a> {
    root: &'static str,
    objects: RefCell<Input<'a>>,
}

impl Fetch for UntrustedArchive<'_> {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        if path == "archive.json" {
            return Ok(self.root.into());
        }
        let mut objects = self.objects.borrow_mut();
        if objects.0.is_empty() {
            return Err(FetchError::NotFound(path.into()));
        }
        // Each object is preceded by its length in two bytes.
        let length = usize::from(objects.byte()) | usize::from(objects.byte()) << 8;
        Ok(objects.take(length).to_vec())
    }
}

/// Reads a query, which consists of two bytes of flags, the offset, the limit, the text and the
/// filters.
fn query(input: &mut Input<'_>) -> (&'static str, Query) {
    let (flags, filters) = (input.byte(), input.byte());
    let mut query = Query {
        sort: [
            Sort::Relevance,
            Sort::Title,
            Sort::Date,
            Sort::DateDescending,
        ][usize::from(flags & 3)],
        is_complete: flags & 4 == 0,
        years: (flags & 8 != 0).then_some((1_700, 1_850)),
        language: if flags & 16 == 0 { "en" } else { "ar" }.into(),
        offset: input.byte().into(),
        limit: input.byte().into(),
        text: input.text(),
        facet_values: if flags & 32 == 0 { 10 } else { usize::MAX },
        ..Query::default()
    };
    for _ in 0..filters & 3 {
        query.filters.push((input.text(), input.text()));
    }
    (ROOTS[usize::from(flags >> 7)], query)
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut input = Input(bytes);
    let (root, query) = query(&mut input);
    let archive = UntrustedArchive {
        root,
        objects: RefCell::new(input),
    };
    pollster::block_on(async {
        let archive = Archive::open(archive).await.expect("the root is valid");
        let items = archive.root().items;
        let Ok(results) = search(&archive, &query).await else {
            return;
        };
        assert!(results.total <= items, "{} of {items}", results.total);
        assert!(
            results.hits.len() <= query.limit,
            "more hits than the limit"
        );
        assert!(
            results.hits.len() <= results.total as usize,
            "more hits than results"
        );
        let mut numbers: Vec<u32> = results.hits.iter().map(|hit| hit.number).collect();
        assert!(
            numbers.iter().all(|number| *number < items),
            "an item number is out of range"
        );
        numbers.sort_unstable();
        assert!(numbers.is_sorted_by(|a, b| a < b), "a duplicate hit");
        for facet in &results.facets {
            assert!(facet.values.iter().all(|value| value.count <= items));
            let counted = facet.values.iter().filter(|value| value.count > 0);
            assert!(counted.count() <= facet.distinct as usize, "{facet:?}");
        }
        for hit in &results.hits {
            for (tag, title) in hit.summary.title.iter() {
                let (highlighter, lang) = (&results.highlighter, tag.as_str());
                for range in highlighter.ranges(title, lang) {
                    assert!(title.get(range).is_some_and(|text| !text.is_empty()));
                }
                let fragments = highlighter.fragments(title, lang);
                let joined: String = fragments
                    .iter()
                    .map(|fragment| fragment.text.as_str())
                    .collect();
                assert_eq!(joined, title);
                let _ = highlighter.excerpt(title, lang, 40);
            }
        }
        if let Ok(pages) = results.best_pages(&archive).await {
            assert_eq!(pages.len(), results.hits.len());
        }
    });
});
