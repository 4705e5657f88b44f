//! Tests of the order of results.

use khizana_format::Archive;
use khizana_model::{Field, Item, LangMap, LangTag};

use crate::test_archive::{MemoryArchive, Rng, TestItem, publish, random_items};
use crate::{Query, search};

/// Returns an item with an English title and a creator.
fn item(id: &str, title: &str, creator: &str) -> TestItem {
    let english: LangTag = "en".parse().unwrap();
    let empty = random_items(&mut Rng(1), 1).remove(0).item;
    TestItem {
        item: Item {
            id: id.parse().unwrap(),
            title: LangMap::of(english, title),
            fields: vec![Field {
                name: "creator".into(),
                values: LangMap::of(LangTag::und(), creator),
            }],
            date: None,
            ..empty
        },
        texts: vec![],
    }
}

fn ids(archive: &MemoryArchive, text: &str) -> Vec<String> {
    let query = Query {
        text: text.into(),
        ..Query::default()
    };
    let results = pollster::block_on(async {
        search(&Archive::open(archive).await.unwrap(), &query)
            .await
            .unwrap()
    });
    let hits = results.hits.iter();
    hits.map(|hit| hit.summary.id.to_string()).collect()
}

#[test]
fn creators_are_ranked_by_the_part_of_the_name() {
    let archive = publish(&[
        item("statue", "Statue of Turner", "after Joseph Turner"),
        item("after", "A Ship at Sea, with Boats", "after Joseph Turner"),
        item("sitter", "Portrait of the Painter Turner", "Paul Nash"),
        item("given", "Boats", "Turner Smith"),
        item(
            "family",
            "A Ship at Sea, with Boats",
            "Joseph Mallord Turner RA",
        ),
        item("whole", "A Ship at Sea, with Boats", "Turner"),
    ]);
    assert_eq!(
        ids(&archive, "turner"),
        ["whole", "family", "statue", "sitter", "given", "after"]
    );
}

#[test]
fn whole_names_and_titles_rank_first() {
    let archive = publish(&[
        item("longer", "Reclining Figure", "Henry Spencer Moore"),
        item("sitter", "Henry Moore", "Marino Marini"),
        item(
            "book",
            "A Book about Henry Moore and his Works",
            "John Read",
        ),
        item("whole", "Reclining Figure", "Henry Moore OM, CH"),
        item("inverted", "Two Forms", "Moore, Henry"),
    ]);
    for query in ["henry moore", "Moore, Henry"] {
        assert_eq!(
            ids(&archive, query),
            ["whole", "inverted", "sitter", "book", "longer"]
        );
    }
    let archive = publish(&[
        item("series", "The Kiss, the Kiss", "A"),
        item("longer", "The First Kiss", "B"),
        item("whole", "The Kiss", "C"),
    ]);
    assert_eq!(ids(&archive, "the kiss").first().unwrap(), "whole");
    assert_eq!(ids(&archive, "kiss the").first().unwrap(), "whole");
}

#[test]
fn a_title_with_all_words_ranks_before_words_in_different_fields() {
    let archive = publish(&[
        item("fields", "The Statue", "Joseph Turner"),
        item(
            "title",
            "A Statue of Turner in the Gallery in Twickenham",
            "after Joseph Turner",
        ),
    ]);
    assert_eq!(ids(&archive, "statue turner"), ["title", "fields"]);
    assert_eq!(ids(&archive, "turner"), ["fields", "title"]);
}

#[test]
fn a_book_ranks_below_titles_about_its_subject() {
    let mut book = item("book", "Collected essays", "A");
    let page = "Theatre is old. Much was said about theatre in the theatre. ".repeat(20);
    book.texts = (0..50)
        .map(|page_number| (page_number, page.clone(), "en".parse().unwrap()))
        .collect();
    let title = "On the many uses of the theatre among the peoples of old times";
    let archive = publish(&[book, item("article", title, "B")]);
    assert_eq!(ids(&archive, "theatre"), ["article", "book"]);
}

#[test]
fn identifiers_are_found_in_any_letter_case() {
    let archive = publish(&[item("t15984", "A", "B"), item("t2", "C", "D")]);
    assert_eq!(ids(&archive, "T15984"), ["t15984"]);
    assert_eq!(ids(&archive, "t15984"), ["t15984"]);
    assert!(ids(&archive, "T1598").is_empty());
}
