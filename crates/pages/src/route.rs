//! The routes of a site, and their URLs.

use khizana_json::{FromJson, Scanner};
use khizana_model::Pages;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;

use crate::query::BrowseQuery;

/// A route, which identifies a page of the site independently of its language.
///
/// Its JSON is the string that [`Route::address`] returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub enum Route {
    /// The home page.
    Home,
    /// A page of a collection.
    Collection {
        /// Identifier of the collection. Empty for the shell page of all collections.
        id: String,
        /// Number of the page, starting at 1.
        page: u32,
    },
    /// The browse page, with search results.
    Browse(BrowseQuery),
    /// The published page of a facet value, which contains the first results of the query for this
    /// value. [`Route::parse`] returns the query instead.
    Value {
        /// The field of the facet.
        field: String,
        /// The value as it is written in the query string.
        key: String,
    },
    /// A canvas of an item.
    Item {
        /// Identifier of the item. Empty for the shell page of all items.
        id: String,
        /// Index of the canvas.
        canvas: u32,
        /// The query whose matches are highlighted in the text. May be empty.
        query: String,
    },
    /// A page that the institution has written, by its name.
    Text(String),
    /// A path that does not belong to any other route.
    Unknown(String),
}

/// The characters that are percent-encoded in a path segment: all except the unreserved characters
/// of RFC 3986.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Percent-encodes a path segment.
pub fn encode(segment: &str) -> String {
    utf8_percent_encode(segment, SEGMENT).to_string()
}

/// Returns the name of the folder of a facet field or value. Characters that some file systems do
/// not allow are replaced with a tilde and their hexadecimal code.
pub fn value_segment(text: &str) -> String {
    let mut out = String::new();
    for (i, c) in text.char_indices() {
        let is_last = i + c.len_utf8() == text.len();
        let is_unsafe = matches!(
            c,
            '~' | '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'
        ) || (u32::from(c) < 0x20 || c == '\u{7f}')
            || (matches!(c, '.' | ' ') && (i == 0 || is_last));
        if is_unsafe {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            let code = c as usize;
            out.push('~');
            out.push(char::from(DIGITS[code / 16 % 16]));
            out.push(char::from(DIGITS[code % 16]));
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns the field or value of which [`value_segment`] has returned the name of the folder.
fn parse_value_segment(segment: &str) -> String {
    let mut parts = segment.split('~');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part
            .get(..2)
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        out.extend(code.map(char::from));
        out.push_str(part.get(2..).unwrap_or_default());
    }
    out
}

/// The placeholder for the language in [`Route::address`].
const NO_LANGUAGE: &str = "_";

impl From<Route> for String {
    fn from(route: Route) -> String {
        route.address()
    }
}

impl FromJson for Route {
    fn default_value() -> Self {
        Route::Home
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        *self = Route::from_address(&json.string()?);
        Some(())
    }
}

impl Route {
    /// Returns the URL of the route without a language, as in a site with [`Pages::None`].
    /// [`Route::from_address`] parses this URL.
    pub fn address(&self) -> String {
        self.href(NO_LANGUAGE, Pages::None)
    }

    /// Parses the result of [`Route::address`].
    pub fn from_address(address: &str) -> Route {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        match Route::parse(path, query, &[NO_LANGUAGE.to_owned()]) {
            Some((_, route)) => route,
            None => Route::Unknown(address.to_owned()),
        }
    }

    /// Returns the route of a canvas of an item, without a query.
    pub fn item(id: &str, canvas: u32) -> Route {
        Route::Item {
            id: id.to_owned(),
            canvas,
            query: String::new(),
        }
    }

    /// Returns the folder of the page relative to the root of the site, such as `ar/item/x/`. The
    /// identifiers in the path are not percent-encoded.
    pub fn folder(&self, lang: &str, pages: Pages) -> String {
        self.folder_with(lang, pages, str::to_owned)
    }

    fn folder_with(&self, lang: &str, pages: Pages, name: impl Fn(&str) -> String) -> String {
        let has_pages = pages == Pages::Items;
        match self {
            Route::Home => format!("{lang}/"),
            Route::Browse(_) => format!("{lang}/browse/"),
            Route::Value { field, key } => {
                let [field, key] = [field, key].map(|text| name(&value_segment(text)));
                format!("{lang}/browse/{field}/{key}/")
            }
            Route::Collection { id, page } if has_pages && !id.is_empty() => match page {
                0 | 1 => format!("{lang}/collection/{}/", name(id)),
                page => format!("{lang}/collection/{}/page/{page}/", name(id)),
            },
            Route::Collection { .. } => format!("{lang}/collection/"),
            Route::Item { id, .. } if has_pages && !id.is_empty() => {
                format!("{lang}/item/{}/", name(id))
            }
            Route::Item { .. } => format!("{lang}/item/"),
            Route::Text(page) => format!("{lang}/{}/", name(page)),
            Route::Unknown(path) => path.clone(),
        }
    }

    /// Returns the URL of the page, relative to the root of the site.
    pub fn href(&self, lang: &str, pages: Pages) -> String {
        let mut href = self.folder_with(lang, pages, encode);
        let mut query = form_urlencoded::Serializer::new(String::new());
        match self {
            Route::Browse(browse) => {
                let query = browse.to_query();
                if !query.is_empty() {
                    href.push('?');
                    href.push_str(&query);
                }
                return href;
            }
            Route::Collection { id, page } if pages == Pages::None => {
                query.append_pair("id", id);
                if *page > 1 {
                    query.append_pair("page", &page.to_string());
                }
            }
            Route::Item {
                id,
                canvas,
                query: highlighted,
            } => {
                if pages == Pages::None {
                    query.append_pair("id", id);
                }
                if *canvas > 0 {
                    query.append_pair("page", &canvas.saturating_add(1).to_string());
                }
                if !highlighted.is_empty() {
                    query.append_pair("q", highlighted);
                }
            }
            _ => return href,
        }
        let query = query.finish();
        if !query.is_empty() {
            href.push('?');
            href.push_str(&query);
        }
        href
    }

    /// Parses a URL. `path` is percent-encoded and relative to the root of the site; `query` is the
    /// query string.
    ///
    /// Returns the language and the route, or `None` if the path does not begin with one of
    /// `languages` or does not decode to valid UTF-8.
    pub fn parse(path: &str, query: &str, languages: &[String]) -> Option<(String, Route)> {
        let unknown = || Route::Unknown(path.to_owned());
        let decoded: Option<Vec<String>> = path
            .strip_suffix("index.html")
            .unwrap_or(path)
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| {
                percent_decode_str(segment)
                    .decode_utf8()
                    .ok()
                    .map(|text| text.into_owned())
            })
            .collect();
        let segments = decoded?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (lang, rest) = segments.split_first()?;
        if !languages.iter().any(|known| known == lang) {
            return None;
        }
        let parameter = |name: &str| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        let number = |text: Option<&str>| {
            text.and_then(|text| text.parse::<u32>().ok())
                .unwrap_or(1)
                .max(1)
        };
        let page = number(parameter("page").as_deref());
        let route = match rest {
            [] => Route::Home,
            ["browse"] => Route::Browse(BrowseQuery::parse(query)),
            ["browse", field, key] => Route::Browse(BrowseQuery::with_value(
                &parse_value_segment(field),
                &parse_value_segment(key),
            )),
            ["collection"] => Route::Collection {
                id: parameter("id").unwrap_or_default(),
                page,
            },
            ["collection", id] => Route::Collection {
                id: (*id).to_owned(),
                page: 1,
            },
            ["collection", id, "page", page] => Route::Collection {
                id: (*id).to_owned(),
                page: number(Some(page)),
            },
            ["item"] => Route::Item {
                id: parameter("id").unwrap_or_default(),
                canvas: page - 1,
                query: parameter("q").unwrap_or_default(),
            },
            ["item", id] => Route::Item {
                id: (*id).to_owned(),
                canvas: page - 1,
                query: parameter("q").unwrap_or_default(),
            },
            [name] => Route::Text((*name).to_owned()),
            _ => unknown(),
        };
        Some(((*lang).to_owned(), route))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn languages() -> Vec<String> {
        ["ar", "en", "fr"].map(str::to_owned).into()
    }

    #[test]
    fn every_route_round_trips_through_its_url() {
        let id = || "كتاب,1!".to_owned();
        for route in [
            Route::Home,
            Route::Collection { id: id(), page: 1 },
            Route::Collection {
                id: "page".into(),
                page: 7,
            },
            Route::Browse(BrowseQuery::with_value("type", "مخطوط")),
            Route::item(&id(), 0),
            Route::item("a+b=c", 11),
            Route::Text("من نحن".into()),
            Route::Item {
                id: id(),
                canvas: 0,
                query: "كتاب & \"قلم\"".into(),
            },
        ] {
            for pages in [Pages::Items, Pages::None] {
                let href = route.href("ar", pages);
                assert!(href.is_ascii(), "{href}");
                let (path, query) = href.split_once('?').unwrap_or((&href, ""));
                let parsed = Route::parse(path, query, &languages());
                assert_eq!(parsed, Some(("ar".to_owned(), route.clone())), "{href}");
            }
        }
    }

    #[test]
    fn a_route_round_trips_through_json() {
        for route in [
            Route::item("", 0),
            Route::Collection {
                id: String::new(),
                page: 1,
            },
            Route::Collection {
                id: "ق".into(),
                page: 3,
            },
            Route::Browse(BrowseQuery::with_value("type", "مخطوط")),
        ] {
            let json = serde_json::to_string(&route).unwrap();
            assert_eq!(
                khizana_json::from_slice::<Route>(json.as_bytes()).unwrap(),
                route,
                "{json}"
            );
        }
    }

    #[test]
    fn the_page_of_a_value_has_a_safe_path_and_is_parsed_as_a_query() {
        let route = |field: &str, key: &str| Route::Value {
            field: field.into(),
            key: key.into(),
        };
        assert_eq!(
            route("type", "مخطوط").folder("ar", Pages::Items),
            "ar/browse/type/مخطوط/"
        );
        for key in [
            "a/b\\c", "..", ".", " x ", "~2f~", "أ: ب?", "a\u{1}", "100%",
        ] {
            let folder = route("hijri:decade", key).folder("en", Pages::Items);
            assert_eq!(folder.split('/').count(), 5, "{folder}");
            assert!(!folder.contains(['\\', ':', '?', '\u{1}']), "{folder}");
            assert!(!folder.contains("/.") && !folder.contains("./"), "{folder}");
            let href = route("hijri:decade", key).href("en", Pages::Items);
            let query = BrowseQuery::with_value("hijri:decade", key);
            let parsed = Route::parse(&href, "utm=1", &languages());
            assert_eq!(parsed, Some(("en".into(), Route::Browse(query))), "{href}");
        }
        let odd = Route::parse("en/browse/a~/~zz~2", "", &languages());
        assert_eq!(
            odd.unwrap().1,
            Route::Browse(BrowseQuery::with_value("a", ""))
        );
    }

    #[test]
    fn other_paths_are_unknown_or_not_parsed() {
        let parse = |path: &str| Route::parse(path, "", &languages());
        assert_eq!(parse("de/"), None);
        assert_eq!(parse(""), None);
        assert_eq!(parse("ar/item/%FF/"), None);
        assert_eq!(
            parse("ar/nothing/at/").unwrap().1,
            Route::Unknown("ar/nothing/at/".into())
        );
        assert_eq!(
            parse("ar/item/x/y/").unwrap().1,
            Route::Unknown("ar/item/x/y/".into())
        );
        assert_eq!(parse("fr/index.html").unwrap().1, Route::Home);
    }

    #[test]
    fn an_invalid_page_number_is_the_first_page() {
        for query in ["page=0", "page=-3", "page=x", "page=99999999999", ""] {
            let parsed = Route::parse("en/item/x", query, &languages());
            assert_eq!(parsed.unwrap().1, Route::item("x", 0), "{query}");
        }
    }
}
