//! The page with the results.

use std::fmt::Write as _;

/// The NDCG of a query.
pub struct Judged {
    pub collection: &'static str,
    pub query: String,
    pub khizana: f64,
    pub fts: f64,
    pub pagefind: f64,
}

/// Values that the page reports in addition to the results.
pub struct About<'a> {
    pub date: Option<&'a str>,
    pub machine: &'a [String],
    pub sqlite_version: &'a str,
    pub pagefind_version: &'a str,
}

/// Below this NDCG, a query is listed separately.
const LOW: f64 = 0.5;

/// Renders the page.
pub fn page(about: &About<'_>, judged: &[Judged]) -> String {
    let mut page = String::from(
        "# Ranking\n\n`cargo xtask bench ranking` writes this page. It compares the order of the results with those \
         of SQLite FTS5 and Pagefind.\n\n",
    );
    for line in about.machine {
        let _ = writeln!(page, "- {line}");
    }
    let _ = writeln!(page, "- SQLite {}", about.sqlite_version);
    let _ = writeln!(page, "- Pagefind {}", about.pagefind_version);
    if let Some(date) = about.date {
        let _ = writeln!(page, "- {date}");
    }
    page.push_str(
        "\n| NDCG@10 | queries | Khizana | SQLite FTS5 | Pagefind |\n|---|--:|--:|--:|--:|\n",
    );
    let mut collections: Vec<&str> = judged.iter().map(|query| query.collection).collect();
    collections.dedup();
    for collection in &collections {
        let queries = judged
            .iter()
            .filter(|query| query.collection == *collection);
        mean(&mut page, collection, &queries.collect::<Vec<_>>());
    }
    mean(&mut page, "all", &judged.iter().collect::<Vec<_>>());
    let low: Vec<&str> = judged
        .iter()
        .filter(|query| query.khizana < LOW)
        .map(|query| query.query.as_str())
        .collect();
    let low = if low.is_empty() {
        "none".to_owned()
    } else {
        low.join(", ")
    };
    let _ = writeln!(page, "\nQueries below {LOW}: {low}.\n");
    page.push_str("| query | Khizana | SQLite FTS5 | Pagefind |\n|---|--:|--:|--:|\n");
    for query in judged {
        let Judged {
            query,
            khizana,
            fts,
            pagefind,
            ..
        } = query;
        let _ = writeln!(
            page,
            "| `{query}` | {khizana:.3} | {fts:.3} | {pagefind:.3} |"
        );
    }
    page.push_str(METHOD);
    page
}

fn mean(page: &mut String, name: &str, queries: &[&Judged]) {
    let count = queries.len();
    let mean = |value: fn(&Judged) -> f64| {
        let sum: f64 = queries.iter().map(|query| value(query)).sum();
        sum / count.max(1) as f64
    };
    let (khizana, fts) = (mean(|query| query.khizana), mean(|query| query.fts));
    let pagefind = mean(|query| query.pagefind);
    let _ = writeln!(
        page,
        "| {name} | {count} | {khizana:.3} | {fts:.3} | {pagefind:.3} |"
    );
}

const METHOD: &str = "
## Method

**Records.** The 69,202 artworks of the Tate, ingested as they are, without a language; and the first issue of the \
journal al-Muqtabas with its 56 pages of text and 63 articles, which have a title and some an author, but no text.

**Judgements.** `tools/bench/src/ranking/queries.txt` lists the queries, each with rules that grade the records by the \
values of their fields: 3 for a work by the person, 1 for a title that only mentions the name. All records are graded.

**NDCG@10** is the gain of the first ten results, discounted by the logarithm of the rank, divided by that of the best \
possible order. The gain of a grade is 2^grade − 1.

**SQLite FTS5.** One table with the columns title, creator and everything else, with the weights 10, 5 and 1 of \
`bm25()`, and the tokenizer `unicode61 remove_diacritics 2`. All words of the query must occur.

**Pagefind.** One page for each record, with the title as its heading, to which Pagefind gives the weight 7, and the \
creators with the weight 5; otherwise the defaults.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_means_and_low_queries() {
        let judged = |collection, query: &str, khizana, fts| Judged {
            collection,
            query: query.to_owned(),
            khizana,
            fts,
            pagefind: 0.25,
        };
        let about = About {
            date: None,
            machine: &["2 cores".to_owned()],
            sqlite_version: "3",
            pagefind_version: "1",
        };
        let page = page(
            &about,
            &[
                judged("tate", "moore", 1.0, 0.5),
                judged("tate", "blake", 0.25, 0.75),
                judged("al-muqtabas", "كتاب", 0.625, 0.0),
            ],
        );
        assert!(page.contains("| tate | 2 | 0.625 | 0.625 | 0.250 |"));
        assert!(page.contains("| all | 3 | 0.625 | 0.417 | 0.250 |"));
        assert!(page.contains("Queries below 0.5: blake."));
        assert!(page.contains("| `moore` | 1.000 | 0.500 | 0.250 |"));
    }
}
