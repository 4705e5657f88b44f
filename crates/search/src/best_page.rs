//! Selection of the page of an item that best matches a query.

use std::collections::BTreeMap;

use khizana_format::{Archive, Fetch, ReadError};

use crate::literal::merge_occurrences;
use crate::numeric_sort::sort_by_key;
use crate::parsed_query::{ParsedQuery, ParsedWord};
use crate::positions::{self, Positions, TEXT_FIELD};

/// Returns, for each item, the page of its text that contains the most query words. If several
/// pages contain equally many, the first of them is returned.
///
/// The value for an item is `None` if its other fields contain at least as many query words as that
/// page.
pub(crate) async fn best_pages<F: Fetch>(
    archive: &Archive<F>,
    query: &ParsedQuery,
    items: &[u32],
) -> Result<Vec<Option<u32>>, ReadError> {
    let fields = &archive.root().search.fields;
    let Some(text_field) = fields.iter().position(|field| field == TEXT_FIELD) else {
        return Ok(vec![None; items.len()]);
    };
    let words: Vec<&ParsedWord> = query.positive_words().collect();
    let terms: Vec<&str> = words
        .iter()
        .flat_map(|word| word.terms.iter().map(|term| term.term.as_str()))
        .collect();
    let mut sorted_items = items.to_vec();
    sort_by_key(&mut sorted_items, |item| *item);
    let mut positions = positions::read(archive, &terms, &sorted_items)
        .await?
        .into_iter();
    let positions_by_word: Vec<Vec<Positions>> = words
        .iter()
        .map(|word| positions.by_ref().take(word.terms.len()).collect())
        .collect();
    let best_page = |item: &u32| {
        let mut words_by_page: BTreeMap<u32, u32> = BTreeMap::new();
        let mut words_in_fields = 0;
        for positions in &positions_by_word {
            let mut occurrences = Vec::new();
            let lists = positions.iter().map(|positions| positions.of(*item));
            merge_occurrences(lists, None, &mut occurrences);
            let (in_text, in_fields): (Vec<_>, Vec<_>) = occurrences
                .into_iter()
                .partition(|occurrence| occurrence.field as usize == text_field);
            words_in_fields += u32::from(!in_fields.is_empty());
            let mut pages: Vec<u32> = in_text.iter().map(|occurrence| occurrence.page).collect();
            pages.dedup();
            for page in pages {
                *words_by_page.entry(page).or_default() += 1;
            }
        }
        let best = words_by_page.values().copied().max()?;
        if best <= words_in_fields {
            return None;
        }
        words_by_page
            .into_iter()
            .find(|(_, count)| *count == best)
            .map(|(page, _)| page)
    };
    Ok(items.iter().map(best_page).collect())
}
