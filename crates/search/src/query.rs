//! Search queries.

/// A search request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Text of the query, in the query language that `docs/src/searching.md` describes. All words
    /// must match. An empty text matches every item.
    pub text: String,
    /// Facet filters: the field and the key of a value. An item must match at least one value of
    /// each field.
    pub filters: Vec<(String, String)>,
    /// First and last year, inclusive. The date of an item must overlap this range.
    pub years: Option<(i32, i32)>,
    /// Order of the results.
    pub sort: Sort,
    /// Language of the user interface. Determines the titles by which [`Sort::Title`] sorts.
    pub language: String,
    /// `true` if the last word is complete. Otherwise it is still being typed, and longer words
    /// that start with it also match.
    pub is_complete: bool,
    /// Number of results to skip.
    pub offset: usize,
    /// Maximum number of results to return.
    pub limit: usize,
    /// Maximum number of values to return per facet.
    pub facet_values: usize,
}

impl Default for Query {
    fn default() -> Self {
        Query {
            text: String::new(),
            filters: Vec::new(),
            years: None,
            sort: Sort::Relevance,
            language: String::new(),
            is_complete: true,
            offset: 0,
            limit: 12,
            facet_values: 10,
        }
    }
}

/// The order of search results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By descending score. If the query has no words, by item number.
    #[default]
    Relevance,
    /// By title, in the collation order of [`Query::language`].
    Title,
    /// By date, oldest first. Items without a date are last.
    Date,
    /// By date, newest first. Items without a date are last.
    DateDescending,
}
