//! Values in several languages, put together as the things they name.

use khizana_model::{LangMap, LangTag};

/// The things a field names. Where every language has as many values, the first values of all are
/// one thing in several languages, and so on; otherwise each value stands for itself. The search
/// index counts its facets by the same rule.
pub fn things(values: &LangMap) -> Vec<LangMap> {
    let mut languages: Vec<(&LangTag, Vec<&str>)> = Vec::new();
    for (tag, value) in values.iter() {
        match languages.last_mut() {
            Some((last, own)) if *last == tag => own.push(value),
            _ => languages.push((tag, vec![value])),
        }
    }
    let count = languages.first().map_or(0, |(_, own)| own.len());
    if languages.iter().any(|(_, own)| own.len() != count) {
        return values
            .iter()
            .map(|(tag, value)| LangMap::of(tag.clone(), value))
            .collect();
    }
    (0..count)
        .map(|i| {
            languages
                .iter()
                .filter_map(|(tag, own)| Some(((*tag).clone(), (*own.get(i)?).to_owned())))
                .collect()
        })
        .collect()
}

/// What names a thing in a search.
pub fn key(thing: &LangMap) -> &str {
    thing.best("ar").map_or("", |(_, value)| value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn values_that_match_in_number_are_one_thing_in_several_languages() {
        let map = |values: &[(&str, &str)]| -> LangMap {
            values
                .iter()
                .map(|(tag, value)| (tag.parse().unwrap(), (*value).to_owned()))
                .collect()
        };
        let cities = map(&[
            ("ar", "فاس"),
            ("ar", "القاهرة"),
            ("en", "Fez"),
            ("en", "Cairo"),
        ]);
        let found = things(&cities);
        assert_eq!(
            found,
            [
                map(&[("ar", "فاس"), ("en", "Fez")]),
                map(&[("ar", "القاهرة"), ("en", "Cairo")])
            ]
        );
        assert_eq!(
            found.iter().map(key).collect::<Vec<_>>(),
            ["فاس", "القاهرة"]
        );
        assert_eq!(
            things(&map(&[("ar", "فاس"), ("en", "Fez"), ("en", "Cairo")])).len(),
            3
        );
        assert!(things(&LangMap::new()).is_empty());
    }
}
