//! The list of the pages of a collection, by which every item is reached in three steps.

use std::ops::RangeInclusive;

use khizana_format::CollectionSummary;

use super::record::bdi_html;
use crate::card::LangText;
use crate::document::escape;
use crate::i18n::{self, Lang};
use crate::page::Site;
use crate::route::Route;

/// Number of pages up to which the first page lists all others.
const MAX_LISTED: u32 = 64;

/// An entry in the list of the pages of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPages {
    /// The page to which the entry links.
    pub target: u32,
    /// The pages whose items the entry names.
    pub pages: RangeInclusive<u32>,
}

/// Returns the pages that a page of a collection lists.
///
/// The first page lists all pages, or groups of pages. The first page of a group, or the second page for the first
/// group, lists the pages of the group. The number of groups is about that of the pages in a group, so that both
/// lists are as short as possible.
pub fn listed_pages(page: u32, pages: u32) -> Vec<ListedPages> {
    let single = |page| ListedPages {
        target: page,
        pages: page..=page,
    };
    if pages <= MAX_LISTED {
        return match page {
            1 => (2..=pages).map(single).collect(),
            _ => Vec::new(),
        };
    }
    let size = pages.isqrt() + u32::from(pages.isqrt().pow(2) < pages);
    let group = |first: u32| first..=(first + size - 1).min(pages);
    if page == 1 {
        let firsts = (1..=pages).step_by(size as usize);
        return firsts
            .map(|first| ListedPages {
                target: first.max(2),
                pages: group(first),
            })
            .collect();
    }
    let first = (page - 1) / size * size + 1;
    match page == first.max(2) {
        true => group(first).map(single).collect(),
        false => Vec::new(),
    }
}

/// Renders a list of pages of a collection. Each entry names the first and the last item on its pages; `title` returns
/// the title of the first (`false`) or last (`true`) item on a page. `base` is the relative path to the root of the site.
/// Returns an empty string if the list is empty.
pub fn contents_html(
    (site, lang): (&Site, &str),
    base: &str,
    summary: &CollectionSummary,
    entries: &[ListedPages],
    title: impl Fn(u32, bool) -> LangText,
) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let interface = Lang::of(lang);
    let number = |page: u32| i18n::number(interface, page.into());
    let mut out = format!(
        "<nav class=\"list record-pages\" aria-label=\"{}\"><ul class=\"toc\">",
        escape(i18n::pages(interface))
    );
    for entry in entries {
        let route = Route::Collection {
            id: summary.id.as_str().to_owned(),
            page: entry.target,
        };
        let (first, last) = (*entry.pages.start(), *entry.pages.end());
        let pages = match first == last {
            true => number(first),
            false => format!("{}–{}", number(first), number(last)),
        };
        out.push_str(&format!(
            "<li><a href=\"{}{}\"><span class=\"entry\">{} … {}</span> <span class=\"page\">{pages}</span></a></li>",
            escape(base),
            escape(&site.href(lang, &route)),
            bdi_html(&title(first, false)),
            bdi_html(&title(last, true)),
        ));
    }
    out.push_str("</ul></nav>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the number of steps from the first page to every page, and the length of the longest list.
    fn steps(pages: u32) -> (u32, usize) {
        let mut steps = vec![None; pages as usize + 1];
        let mut next = vec![1];
        let (mut depth, mut longest) = (0, 0);
        while !next.is_empty() {
            let level: Vec<u32> = std::mem::take(&mut next);
            for page in level {
                let Some(slot @ None) = steps.get_mut(page as usize) else {
                    continue;
                };
                *slot = Some(depth);
                let listed = listed_pages(page, pages);
                longest = longest.max(listed.len());
                next.extend(listed.iter().map(|entry| entry.target));
            }
            depth += 1;
        }
        let farthest = steps.iter().skip(1).map(|steps| steps.unwrap_or(u32::MAX));
        (farthest.max().unwrap_or(0), longest)
    }

    #[test]
    fn every_page_is_two_steps_from_the_first() {
        assert_eq!(steps(1), (0, 0));
        assert_eq!(steps(2), (1, 1));
        assert_eq!(steps(64), (1, 63));
        for pages in [65, 100, 101, 1_565, 5_000, 5_041, 5_042] {
            let (farthest, longest) = steps(pages);
            assert_eq!(farthest, 2, "{pages} pages");
            assert!(longest <= 72, "{longest} links for {pages} pages");
        }
    }

    #[test]
    fn the_groups_contain_every_page_once() {
        for pages in [65, 1_000, 1_565] {
            let groups = listed_pages(1, pages);
            let all: Vec<u32> = groups.into_iter().flat_map(|entry| entry.pages).collect();
            assert_eq!(all, (1..=pages).collect::<Vec<u32>>());
        }
    }
}
