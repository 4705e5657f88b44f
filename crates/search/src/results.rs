//! Search results.

use khizana_format::{Archive, Fetch, ReadError, RecordSummary};
use khizana_model::LangMap;

use crate::best_page::best_pages;
use crate::highlight::Highlighter;
use crate::parsed_query::ParsedQuery;

/// The results of a search.
#[derive(Debug)]
pub struct Results {
    /// Number of items that match.
    pub total: u32,
    /// The requested page of results, in order.
    pub hits: Vec<Hit>,
    /// Counts of the values of all facets.
    pub facets: Vec<FacetCounts>,
    /// A corrected query, if a word of the query does not occur in the archive.
    pub suggestion: Option<String>,
    /// Highlights the matches of the query in a text.
    pub highlighter: Highlighter,
    pub(crate) parsed: ParsedQuery,
}

impl Results {
    /// Returns, for each hit, the page of its text that best matches the query, numbered from 0.
    /// The value for a hit is `None` if the other fields of the item match at least as many words.
    ///
    /// # Errors
    /// Returns an error if a part of the index cannot be fetched or is damaged.
    pub async fn best_pages<F: Fetch>(
        &self,
        archive: &Archive<F>,
    ) -> Result<Vec<Option<u32>>, ReadError> {
        let items: Vec<u32> = self.hits.iter().map(|hit| hit.number).collect();
        if items.is_empty() || self.parsed.clauses.is_empty() {
            return Ok(vec![None; items.len()]);
        }
        best_pages(archive, &self.parsed, &items).await
    }
}

/// An item that matches a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Number of the item.
    pub number: u32,
    /// Score of the item. A higher score means a better match; the score is 0 if the query has no
    /// words.
    pub score: u32,
    /// Summary for a list of results.
    pub summary: RecordSummary,
}

/// A facet and the counts of its values.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetCounts {
    /// Name of the field.
    pub field: String,
    /// Number of distinct values with a count greater than 0.
    pub distinct: u32,
    /// The most frequent values and all selected values. Those that match the query come first. For timelines
    /// (`date:…`, `hijri:…`), all values in chronological order.
    pub values: Vec<FacetValue>,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetValue {
    /// Key of the value in [`crate::Query::filters`].
    pub key: String,
    /// Display name of the value in each language. Empty if the key itself is displayed.
    pub label: LangMap,
    /// Number of items that would match if this value were the only filter of its field.
    pub count: u32,
    /// `true` if the value is a filter of the query.
    pub is_selected: bool,
}
