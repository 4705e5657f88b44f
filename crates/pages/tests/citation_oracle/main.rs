//! Comparison of citations with those that hayagriva composes from our CSL-JSON.
//!
//! Both name the archive and the URL, but not the day of access.

#![allow(clippy::unwrap_used)]

mod differences;
mod items;
mod oracle;

use std::collections::BTreeSet;

use khizana_format::Record;
use khizana_model::{LangMap, Pages};
use khizana_pages::i18n::Lang;
use khizana_pages::reference::{Access, Format, Reference, Style, cite, export};
use khizana_pages::{CanvasText, CollectionLink, ItemPage, PageLayout, Site};

use self::differences::DIFFERENCES;
use self::items::{ITEMS, Item};
use self::oracle::Oracle;

/// Returns the reference of a record in an archive.
fn reference(record: &str) -> Reference {
    let record: Record = khizana_json::from_slice(record.as_bytes()).unwrap();
    let title = |text: &str| LangMap::of("en".parse().unwrap(), text);
    let site = Site {
        title: title("The archive"),
        url: Some("https://example.org/".to_owned()),
        languages: vec!["en".to_owned()],
        pages: Pages::Items,
        items: 1,
        viewer: "viewer/x/".into(),
        identity: Default::default(),
        has_index_links: false,
        item_pages: Default::default(),
    };
    let view = ItemPage {
        record: record.into(),
        collection: CollectionLink {
            id: "c".to_owned(),
            title: title("The collection"),
            description: LangMap::new(),
            items: 1,
            cover: None,
        },
        labels: Default::default(),
        facets: Vec::new(),
        value_pages: Vec::new(),
        canvas: 0,
        query: String::new(),
        text: CanvasText::NotLoaded,
        track: None,
        citations: None,
        layout: PageLayout::default(),
        has_all_thumbnails: false,
    };
    Reference::of(&site, "en", &view)
}

/// Rewrites an entry of ISO 690 in the layout of our citations. The standard prescribes the order of the
/// elements, but neither capital letters nor punctuation.
fn iso690_layout(entry: &str, reference: &Reference) -> String {
    // The style numbers its entries.
    let mut entry = entry.strip_prefix("1. ").unwrap().to_owned();
    // Family names and undivided names are in capitals.
    for name in &reference.creators {
        let name = name
            .parts()
            .map_or(name.text.text.as_str(), |(family, _)| family);
        entry = entry.replace(&name.to_uppercase(), name);
    }
    // Colons have a space before them, as in French, and abbreviations a no-break space after them. Some sentences
    // are followed by two spaces.
    entry = entry
        .replace('\u{a0}', " ")
        .replace(" : ", ": ")
        .replace("  ", " ");
    // The archive follows the URL without a space, and the collection is omitted.
    let entry = entry.strip_suffix("The archive").unwrap();
    let (work, url) = entry.split_once("Available from: ").unwrap();
    format!("{work}The archive, The collection. Available from: {url}")
}

/// Returns our citation and that of hayagriva, without the differences that are listed.
fn citations(oracle: &Oracle, style: Style, item: &Item) -> (String, String) {
    let reference = reference(&item.record());
    let access = Access::default();
    let runs = cite(&reference, style, &access, Lang::En);
    let ours: String = runs.into_iter().map(|run| run.text).collect();
    let json = export(&reference, Format::CslJson, &access);
    let mut theirs = oracle.entry(style, &json);
    if style == Style::Iso690 {
        theirs = iso690_layout(&theirs, &reference);
    }
    for difference in DIFFERENCES {
        if difference.style == style && difference.items.contains(&item.id) {
            let count = theirs.matches(difference.theirs).count();
            assert_eq!(count, 1, "`{}` in `{theirs}`", difference.theirs);
            theirs = theirs.replace(difference.theirs, difference.ours);
        }
    }
    (ours.trim_end().to_owned(), theirs)
}

#[test]
fn citations_are_those_of_another_program() {
    let oracle = Oracle::new();
    let mut failures = Vec::new();
    for style in Style::ALL {
        for item in ITEMS {
            let (ours, theirs) = citations(&oracle, style, item);
            if ours != theirs {
                let (style, id) = (style.name(), item.id);
                failures.push(format!("{style}, {id}\n  {ours}\n  {theirs}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn items_have_every_kind_and_different_identifiers() {
    let kinds = ITEMS.iter().map(|item| {
        let kind = reference(&item.record()).kind;
        format!("{kind:?}")
    });
    let kinds: BTreeSet<String> = kinds.collect();
    assert_eq!(kinds.len(), 26, "{kinds:?}");
    let ids: BTreeSet<&str> = ITEMS.iter().map(|item| item.id).collect();
    assert_eq!(ids.len(), ITEMS.len());
    for difference in DIFFERENCES {
        assert_ne!(difference.theirs, difference.ours);
        for id in difference.items {
            assert!(ids.contains(id), "{id}");
        }
    }
}
