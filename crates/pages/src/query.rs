//! The query string of the browse page: `?q=…&collection=…&f.type=…&from=…&to=…`.

use khizana_json::{FromJson, Scanner};
use serde::Serialize;

use crate::timeline::Brush;

/// A search and a page of its results. Its JSON is the query string.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct BrowseQuery {
    /// The text of the query.
    pub text: String,
    /// The active filters as pairs of field and value, in the order in which they were chosen.
    pub filters: Vec<(String, String)>,
    /// First year of the year filter.
    pub from: Option<i32>,
    /// Last year of the year filter.
    pub to: Option<i32>,
    /// Field of the facet that is expanded, so that it shows more than its most frequent values.
    pub expanded_facet: Option<String>,
    /// Order of the results. `None` means the order by relevance.
    pub sort: Option<SortOrder>,
    /// Layout of the results. `None` means the layout that suits the results.
    pub layout: Option<ResultLayout>,
    /// Index of the page of results, starting at 0.
    pub page: u32,
}

impl From<BrowseQuery> for String {
    fn from(query: BrowseQuery) -> String {
        query.to_query()
    }
}

impl FromJson for BrowseQuery {
    fn default_value() -> Self {
        BrowseQuery::default()
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        *self = BrowseQuery::parse(&json.string()?);
        Some(())
    }
}

/// An order of results other than the order by relevance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortOrder {
    /// By title.
    Title,
    /// By date, oldest first.
    Date,
    /// By date, newest first.
    DateDescending,
}

impl SortOrder {
    /// All orders, with their names in the query string.
    pub const ALL: [(SortOrder, &'static str); 3] = [
        (SortOrder::Title, "title"),
        (SortOrder::Date, "date"),
        (SortOrder::DateDescending, "date-descending"),
    ];

    /// Returns the name of the order in the query string.
    pub fn name(self) -> &'static str {
        SortOrder::ALL
            .iter()
            .find(|(order, _)| *order == self)
            .map_or("", |(_, name)| name)
    }
}

/// A layout of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultLayout {
    /// Pictures in rows.
    Shelf,
    /// One line for each item.
    List,
    /// A table with a row for each item.
    Table,
}

impl ResultLayout {
    /// All layouts, with their names in the query string.
    pub const ALL: [(ResultLayout, &'static str); 3] = [
        (ResultLayout::Shelf, "shelf"),
        (ResultLayout::List, "list"),
        (ResultLayout::Table, "table"),
    ];
}

/// Returns the value with this name.
fn find<T: Copy>(values: &[(T, &str)], name: &str) -> Option<T> {
    let (value, _) = values.iter().find(|(_, other)| *other == name)?;
    Some(*value)
}

/// Maximum number of filters in a query string. Further filters are ignored.
const MAX_FILTERS: usize = 40;

impl BrowseQuery {
    /// Parses a query string without the leading `?`. Ignores unknown parameters and invalid
    /// values.
    pub fn parse(query: &str) -> BrowseQuery {
        let mut out = BrowseQuery::default();
        let mut brush = Brush::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match key.as_ref() {
                "q" => out.text = value.into_owned(),
                "from" => out.from = parse_year(&value),
                "to" => out.to = parse_year(&value),
                "all" => {
                    out.expanded_facet = Some(value.into_owned()).filter(|field| !field.is_empty())
                }
                "sort" => out.sort = find(&SortOrder::ALL, &value),
                "view" => out.layout = find(&ResultLayout::ALL, &value),
                "scale" => brush.scale = value.into_owned(),
                "left" => brush.left = value.parse().unwrap_or(0),
                "right" => brush.right = value.parse().unwrap_or(0),
                "page" => {
                    out.page = value
                        .parse::<u32>()
                        .ok()
                        .and_then(|page| page.checked_sub(1))
                        .unwrap_or(0)
                }
                key => {
                    let field = if key == "collection" {
                        Some(key)
                    } else {
                        key.strip_prefix("f.")
                    };
                    if let Some(field) = field
                        && !value.is_empty()
                        && out.filters.len() < MAX_FILTERS
                        && !out.has_filter(field, &value)
                    {
                        out.filters.push((field.to_owned(), value.into_owned()));
                    }
                }
            }
        }
        if let Some(years) = brush.years() {
            (out.from, out.to) = years;
        }
        if let (Some(from), Some(to)) = (out.from, out.to)
            && from > to
        {
            (out.from, out.to) = (Some(to), Some(from));
        }
        out
    }

    /// Returns the query string without the leading `?`. It is empty for the default query, which
    /// has no text, no filters and no sort order, and selects the first page.
    pub fn to_query(&self) -> String {
        let mut out = form_urlencoded::Serializer::new(String::new());
        if !self.text.is_empty() {
            out.append_pair("q", &self.text);
        }
        for (field, value) in &self.filters {
            if field == "collection" {
                out.append_pair(field, value);
            } else {
                out.append_pair(&format!("f.{field}"), value);
            }
        }
        for (name, year) in [("from", self.from), ("to", self.to)] {
            if let Some(year) = year {
                out.append_pair(name, &year.to_string());
            }
        }
        if let Some(sort) = self.sort {
            out.append_pair("sort", sort.name());
        }
        let layouts = ResultLayout::ALL.iter();
        for (_, name) in layouts.filter(|(layout, _)| Some(*layout) == self.layout) {
            out.append_pair("view", name);
        }
        if let Some(field) = &self.expanded_facet {
            out.append_pair("all", field);
        }
        if self.page > 0 {
            out.append_pair("page", &self.page.saturating_add(1).to_string());
        }
        out.finish()
    }

    /// Returns the first and the last year of the year filter, if there is one.
    pub fn year_range(&self) -> Option<(i32, i32)> {
        (self.from.is_some() || self.to.is_some())
            .then(|| (self.from.unwrap_or(i32::MIN), self.to.unwrap_or(i32::MAX)))
    }

    /// Returns `true` if the query has filters, including the year filter.
    pub fn is_filtered(&self) -> bool {
        !self.filters.is_empty() || self.year_range().is_some()
    }

    /// Returns the query for the first page of results without any filters.
    pub fn without_filters(&self) -> BrowseQuery {
        let mut out = self.without_years();
        out.filters.clear();
        out.expanded_facet = None;
        out
    }

    /// Returns the query for the first page of results.
    #[inline(never)]
    pub fn first_page(&self) -> BrowseQuery {
        let mut out = self.clone();
        out.page = 0;
        out
    }

    /// Returns the query for the first page of results of another text.
    pub fn with_text(&self, text: &str) -> BrowseQuery {
        let mut out = self.first_page();
        text.clone_into(&mut out.text);
        out
    }

    /// Returns the query for the first page of results of all years.
    pub fn without_years(&self) -> BrowseQuery {
        let mut out = self.first_page();
        (out.from, out.to) = (None, None);
        out
    }

    /// Returns `true` if the query has neither a text nor filters, so that all items match.
    pub fn matches_all(&self) -> bool {
        self.text.is_empty() && !self.is_filtered()
    }

    /// Returns `true` if the query has a filter for this value.
    pub fn has_filter(&self, field: &str, value: &str) -> bool {
        self.filters.iter().any(|(f, v)| f == field && v == value)
    }

    /// Returns the query for the first page of results with a filter added or, if the query already
    /// has the filter, removed.
    pub fn toggle_filter(&self, field: &str, value: &str) -> BrowseQuery {
        let mut out = self.first_page();
        if self.has_filter(field, value) {
            out.filters.retain(|(f, v)| f != field || v != value);
        } else {
            out.filters.push((field.to_owned(), value.to_owned()));
        }
        out
    }

    /// Returns a query for all items that have a value in a field.
    pub fn with_value(field: &str, value: &str) -> BrowseQuery {
        BrowseQuery::default().toggle_filter(field, value)
    }
}

/// Parses a year from a query string or a form. Returns `None` if it is not a number or is out of
/// range.
pub fn parse_year(text: &str) -> Option<i32> {
    let year: i32 = text.trim().parse().ok()?;
    (-99_999..=99_999).contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_round_trips_through_its_query_string() {
        let query = BrowseQuery {
            text: "ابن رشد & co".into(),
            filters: vec![
                ("collection".into(), "المقتبس".into()),
                ("type".into(), "a=b+c".into()),
            ],
            from: Some(-120),
            to: Some(1906),
            expanded_facet: Some("place".into()),
            sort: Some(SortOrder::DateDescending),
            layout: Some(ResultLayout::Table),
            page: 2,
        };
        assert_eq!(BrowseQuery::parse(&query.to_query()), query);
        assert!(query.to_query().is_ascii());
        assert_eq!(BrowseQuery::default().to_query(), "");
    }

    #[test]
    fn invalid_parameters_are_ignored() {
        let query = BrowseQuery::parse("q=%FF&page=-1&sort=price&f.=&f.type=x&f.type=x&utm=1&page");
        assert_eq!(query.page, 0);
        assert_eq!(query.sort, None);
        assert_eq!(query.filters, [("type".to_owned(), "x".to_owned())]);
        let many: String = (0..100).map(|i| format!("f.a={i}&")).collect();
        assert_eq!(BrowseQuery::parse(&many).filters.len(), MAX_FILTERS);
    }

    #[test]
    fn years_are_put_in_order_and_limited() {
        let query = BrowseQuery::parse("from=1900&to=1800");
        assert_eq!(query.year_range(), Some((1800, 1900)));
        let query = BrowseQuery::parse("from=&to=99999999");
        assert_eq!((query.year_range(), query.is_filtered()), (None, false));
        let query = BrowseQuery::parse("q=x&from=%2B12&all=place&page=3&collection=y");
        assert_eq!(query.year_range(), Some((12, i32::MAX)));
        assert_eq!(query.without_filters().to_query(), "q=x");
    }

    #[test]
    fn a_submitted_brush_becomes_a_range_of_years() {
        let query = BrowseQuery::parse("q=x&scale=10.1800.3.1900.2&left=1&right=5&page=2");
        assert_eq!(query.to_query(), "q=x&from=1810&to=1909&page=2");
        let query = BrowseQuery::parse("scale=10.1800.3&left=0&right=3");
        assert_eq!(query, BrowseQuery::default());
    }

    #[test]
    fn toggling_a_filter_twice_removes_it_and_resets_the_page() {
        let query = BrowseQuery {
            page: 4,
            ..BrowseQuery::with_value("type", "map")
        };
        assert_eq!(query.toggle_filter("type", "map"), BrowseQuery::default());
        assert_eq!(query.toggle_filter("type", "coin").page, 0);
    }
}
