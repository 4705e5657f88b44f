//! The view of search results, which the worker and `publish` build alike.

use khizana_format::{Archive, CollectionSummary, Fetch, ReadError};
use khizana_model::LangMap;
use khizana_search::{FacetCounts, Query, Results, Sort};

use crate::card::{Card, Excerpt, Fragment, LangText};
use crate::page::{
    Browse, Facet, FacetValue, INITIAL_FACET_VALUES, MAX_FACET_VALUES, RESULTS_PAGE_SIZE,
};
use crate::query::{BrowseQuery, SortOrder};

/// Searches an archive, and returns the view of the results and the results themselves. If the
/// query selects a page after the last one, the view is that of the last page.
///
/// # Errors
/// Returns an error if a part of the index cannot be fetched or is damaged.
pub async fn search_view<F: Fetch>(
    archive: &Archive<F>,
    lang: &str,
    query: &BrowseQuery,
) -> Result<(Browse, Results), ReadError> {
    let mut query = query.clone();
    let mut results = khizana_search::search(archive, &search_query(lang, &query)).await?;
    let last = results.total.saturating_sub(1) / RESULTS_PAGE_SIZE;
    if query.page > last {
        // The URL is from a time when there were more results.
        query.page = last;
        results = khizana_search::search(archive, &search_query(lang, &query)).await?;
    }
    Ok((results_view(archive, lang, query, &results), results))
}

/// Returns the view of the results of a query.
pub fn results_view<F: Fetch>(
    archive: &Archive<F>,
    lang: &str,
    query: BrowseQuery,
    results: &Results,
) -> Browse {
    let root = archive.root();
    let facets = results.facets.iter();
    Browse {
        total: results.total,
        cards: cards(results, &root.collections, lang),
        facets: facets
            .map(|counts| facet(counts, &query, &root.collections))
            .collect(),
        has_years: root.search.years.top.is_some(),
        suggestion: results.suggestion.clone(),
        has_page: false,
        is_busy: false,
        query,
    }
}

/// Converts the query of a URL into a query of the search engine.
pub fn search_query(lang: &str, query: &BrowseQuery) -> Query {
    Query {
        text: query.text.clone(),
        filters: query.filters.clone(),
        years: query.year_range(),
        sort: match query.sort {
            None => Sort::Relevance,
            Some(SortOrder::Title) => Sort::Title,
            Some(SortOrder::Date) => Sort::Date,
            Some(SortOrder::DateDescending) => Sort::DateDescending,
        },
        language: lang.to_owned(),
        is_complete: !query.text.ends_with(char::is_alphanumeric),
        offset: query.page.saturating_mul(RESULTS_PAGE_SIZE) as usize,
        limit: RESULTS_PAGE_SIZE as usize,
        facet_values: match query.expanded_facet {
            Some(_) => MAX_FACET_VALUES,
            None => INITIAL_FACET_VALUES,
        } as usize,
    }
}

fn cards(results: &Results, collections: &[CollectionSummary], lang: &str) -> Vec<Card> {
    let untitled = LangMap::new();
    let highlighted = |text: &LangText| -> Vec<Fragment> {
        let fragments = results
            .highlighter
            .fragments(&text.text, text.lang.as_str());
        if fragments.iter().any(|fragment| fragment.is_match) {
            fragments.into_iter().map(Fragment::from).collect()
        } else {
            Vec::new()
        }
    };
    let card = |hit: &khizana_search::Hit| {
        let summary = collections.get(hit.summary.collection as usize);
        // The title of the collection is displayed if there is more than one.
        let collection =
            (collections.len() > 1).then(|| summary.map_or(&untitled, |summary| &summary.title));
        let mut card = Card::from_summary(&hit.summary, collection, lang);
        let matches = &mut card.matches;
        matches.title = highlighted(&card.title);
        matches.creator = card.creator.as_ref().map(highlighted).unwrap_or_default();
        let has_matches = !matches.title.is_empty() || !matches.creator.is_empty();
        if !has_matches && !results.highlighter.is_empty() {
            matches.excerpt = Excerpt::Pending;
        }
        card
    };
    results.hits.iter().map(card).collect()
}

fn facet(counts: &FacetCounts, query: &BrowseQuery, collections: &[CollectionSummary]) -> Facet {
    let has_all_values =
        query.expanded_facet.as_ref() == Some(&counts.field) || counts.field.contains(':');
    let label_of = |summary: &CollectionSummary| {
        let label = summary.labels.find(|field| *field == counts.field);
        label.cloned()
    };
    let label = collections.iter().find_map(label_of);
    // If a facet is expanded, the engine returns more values for all facets.
    let values = counts.values.iter().enumerate();
    let values = values
        .filter(|(i, value)| {
            has_all_values || *i < INITIAL_FACET_VALUES as usize || value.is_selected
        })
        .map(|(_, value)| FacetValue {
            key: value.key.clone(),
            label: value.label.clone(),
            count: value.count,
            is_selected: value.is_selected,
            has_page: false,
        });
    Facet {
        values: values.collect(),
        label: label.unwrap_or_default(),
        field: counts.field.clone(),
        distinct: counts.distinct,
    }
}

impl From<khizana_search::Fragment> for Fragment {
    fn from(fragment: khizana_search::Fragment) -> Fragment {
        Fragment {
            text: fragment.text,
            is_match: fragment.is_match,
        }
    }
}
