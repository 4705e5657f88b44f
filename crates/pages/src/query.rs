//! A search, as the address of the browse page says it: `?q=…&collection=…&f.type=…&from=…&to=…`.

use khizana_json::{FromJson, Scanner};
use serde::Serialize;

/// A search and the page of its results that is shown. In JSON it is the query string of its address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct BrowseQuery {
    /// The words looked for.
    pub text: String,
    /// Fields and the value each must have, in the order in which they were chosen.
    pub filters: Vec<(String, String)>,
    /// The first year.
    pub from: Option<i32>,
    /// The last year.
    pub to: Option<i32>,
    /// The facet of which more values than the most frequent are shown.
    pub whole: Option<String>,
    /// The order of the results; by relevance where absent.
    pub sort: Option<Order>,
    /// The page, from 0.
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

/// An order of results other than by relevance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By title.
    Title,
    /// Oldest first.
    Date,
    /// Newest first.
    DateDescending,
}

impl Order {
    /// All, with their names in addresses.
    pub const ALL: [(Order, &'static str); 3] = [
        (Order::Title, "title"),
        (Order::Date, "date"),
        (Order::DateDescending, "date-descending"),
    ];

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        Order::ALL
            .iter()
            .find(|(order, _)| *order == self)
            .map_or("", |(_, name)| name)
    }
}

/// The most filters an address may carry: more is a broken link, not a question.
const MAX_FILTERS: usize = 40;

impl BrowseQuery {
    /// Reads the part of an address after `?`. What it does not know is left out.
    pub fn parse(query: &str) -> BrowseQuery {
        let mut out = BrowseQuery::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match key.as_ref() {
                "q" => out.text = value.into_owned(),
                "from" => out.from = year(&value),
                "to" => out.to = year(&value),
                "all" => out.whole = Some(value.into_owned()).filter(|field| !field.is_empty()),
                "sort" => {
                    out.sort = Order::ALL
                        .iter()
                        .find(|(_, name)| *name == value)
                        .map(|(order, _)| *order);
                }
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
                        && !out.has(field, &value)
                    {
                        out.filters.push((field.to_owned(), value.into_owned()));
                    }
                }
            }
        }
        if let (Some(from), Some(to)) = (out.from, out.to)
            && from > to
        {
            (out.from, out.to) = (Some(to), Some(from));
        }
        out
    }

    /// The part of an address after `?`; empty where everything is asked for.
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
        if let Some(field) = &self.whole {
            out.append_pair("all", field);
        }
        if self.page > 0 {
            out.append_pair("page", &self.page.saturating_add(1).to_string());
        }
        out.finish()
    }

    /// The first and the last year, where the results are narrowed by years.
    pub fn years(&self) -> Option<(i32, i32)> {
        (self.from.is_some() || self.to.is_some())
            .then(|| (self.from.unwrap_or(i32::MIN), self.to.unwrap_or(i32::MAX)))
    }

    /// Whether the results are narrowed.
    pub fn narrowed(&self) -> bool {
        !self.filters.is_empty() || self.years().is_some()
    }

    /// The same search without anything that narrows it; from its first page.
    pub fn unnarrowed(&self) -> BrowseQuery {
        BrowseQuery {
            text: self.text.clone(),
            sort: self.sort,
            ..BrowseQuery::default()
        }
    }

    /// Whether the results are narrowed by this value.
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.filters.iter().any(|(f, v)| f == field && v == value)
    }

    /// The same search with a value added, or taken away where it is there; from its first page.
    pub fn toggled(&self, field: &str, value: &str) -> BrowseQuery {
        let mut out = BrowseQuery {
            page: 0,
            ..self.clone()
        };
        if self.has(field, value) {
            out.filters.retain(|(f, v)| f != field || v != value);
        } else {
            out.filters.push((field.to_owned(), value.to_owned()));
        }
        out
    }

    /// All items with one value.
    pub fn of_value(field: &str, value: &str) -> BrowseQuery {
        BrowseQuery::default().toggled(field, value)
    }
}

/// A year as an address or a form says it.
pub fn year(text: &str) -> Option<i32> {
    let year: i32 = text.trim().parse().ok()?;
    (-99_999..=99_999).contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_the_whole_search() {
        let query = BrowseQuery {
            text: "ابن رشد & co".into(),
            filters: vec![
                ("collection".into(), "المقتبس".into()),
                ("type".into(), "a=b+c".into()),
            ],
            from: Some(-120),
            to: Some(1906),
            whole: Some("place".into()),
            sort: Some(Order::DateDescending),
            page: 2,
        };
        assert_eq!(BrowseQuery::parse(&query.to_query()), query);
        assert!(query.to_query().is_ascii());
        assert_eq!(BrowseQuery::default().to_query(), "");
    }

    #[test]
    fn a_broken_address_is_read_as_far_as_it_makes_sense() {
        let query = BrowseQuery::parse("q=%FF&page=-1&sort=price&f.=&f.type=x&f.type=x&utm=1&page");
        assert_eq!(query.page, 0);
        assert_eq!(query.sort, None);
        assert_eq!(query.filters, [("type".to_owned(), "x".to_owned())]);
        let many: String = (0..100).map(|i| format!("f.a={i}&")).collect();
        assert_eq!(BrowseQuery::parse(&many).filters.len(), MAX_FILTERS);
    }

    #[test]
    fn years_are_in_order_and_within_reason() {
        let query = BrowseQuery::parse("from=1900&to=1800");
        assert_eq!(query.years(), Some((1800, 1900)));
        let query = BrowseQuery::parse("from=&to=99999999");
        assert_eq!((query.years(), query.narrowed()), (None, false));
        let query = BrowseQuery::parse("q=x&from=%2B12&all=place&page=3&collection=y");
        assert_eq!(query.years(), Some((12, i32::MAX)));
        assert_eq!(query.unnarrowed().to_query(), "q=x");
    }

    #[test]
    fn choosing_a_value_twice_takes_it_away_and_goes_to_the_first_page() {
        let query = BrowseQuery {
            page: 4,
            ..BrowseQuery::of_value("type", "map")
        };
        assert_eq!(query.toggled("type", "map"), BrowseQuery::default());
        assert_eq!(query.toggled("type", "coin").page, 0);
    }
}
