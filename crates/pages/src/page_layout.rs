//! The layout of the pages of a book: single pages, facing pages or continuous scrolling.

use std::ops::Range;

use khizana_format::Canvas;
use khizana_text::fold;

/// A layout of the pages of a book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PageLayout {
    /// One page at a time.
    #[default]
    Single,
    /// Facing pages.
    Spread,
    /// All pages in one column.
    Scroll,
}

impl PageLayout {
    /// All layouts, with the names that they have in attributes and in the session storage.
    pub const ALL: [(PageLayout, &'static str); 3] = [
        (PageLayout::Single, "single"),
        (PageLayout::Spread, "spread"),
        (PageLayout::Scroll, "scroll"),
    ];

    /// Returns the layout with the given name.
    pub fn from_name(name: &str) -> Option<PageLayout> {
        let entry = PageLayout::ALL.iter().find(|(_, known)| *known == name);
        entry.map(|(layout, _)| *layout)
    }

    /// Returns the pages that are displayed when page `at` is the current one, including `at`.
    pub fn visible_pages(self, canvases: &[Canvas], at: u32) -> Range<u32> {
        let count = u32::try_from(canvases.len()).unwrap_or(u32::MAX);
        match self {
            PageLayout::Single => at..at + 1,
            PageLayout::Scroll => 0..count,
            PageLayout::Spread => facing_pages(canvases, at, count),
        }
    }
}

/// Maximum number of pages for which all thumbnails are displayed.
const MAX_THUMBNAILS: u32 = 100;
/// Number of thumbnails before the current page, and number of thumbnails from the current page on,
/// if not all thumbnails are displayed.
const THUMBNAIL_RADIUS: u32 = 25;

/// Returns the pages whose thumbnails are displayed in a book of `count` pages. `at` is the current
/// page.
///
/// A thousand thumbnails would take longer to render than the rest of the page, so only the
/// thumbnails near the current page of a long book are displayed.
pub fn thumbnail_range(count: u32, at: u32) -> Range<u32> {
    if count <= MAX_THUMBNAILS {
        return 0..count;
    }
    let from = at
        .saturating_sub(THUMBNAIL_RADIUS)
        .min(count - 2 * THUMBNAIL_RADIUS);
    from..from + 2 * THUMBNAIL_RADIUS
}

/// Returns the spread that contains page `at`.
///
/// The cover is displayed alone. An image whose width is greater than its height is assumed to be a
/// scan of two facing pages. It is displayed alone, and the pairs are counted from the page after
/// it.
fn facing_pages(canvases: &[Canvas], at: u32, count: u32) -> Range<u32> {
    let is_wide = |page: u32| {
        let canvas = usize::try_from(page)
            .ok()
            .and_then(|page| canvases.get(page));
        canvas
            .and_then(|canvas| canvas.image.as_ref())
            .is_none_or(|image| image.width > image.height)
    };
    if at == 0 || is_wide(at) {
        return at..at + 1;
    }
    // Pairs are counted from the page after the cover, or after the last wide image.
    let mut start = 1;
    for page in (1..at).rev() {
        if is_wide(page) {
            start = page + 1;
            break;
        }
    }
    let first = at - (at - start) % 2;
    let second = first + 1;
    if second < count && !is_wide(second) {
        first..second + 1
    } else {
        first..second
    }
}

/// Finds the page that a reader refers to with a page number or label, such as `xii`, `١٢` or `12`.
///
/// Prefers the page with that label, then a page whose label contains it as a word, then the page
/// with that sequence number.
pub fn find_page(canvases: &[Canvas], input: &str) -> Option<u32> {
    let input = fold(input.trim());
    if input.is_empty() {
        return None;
    }
    let find_label = |matches: fn(&str, &str) -> bool| {
        let has_match = |canvas: &Canvas| {
            let mut labels = canvas.label.iter();
            labels.any(|(_, label)| matches(&fold(label), &input))
        };
        canvases.iter().position(has_match)
    };
    let exact = find_label(|label, input| label == input);
    let labelled = exact.or_else(|| {
        find_label(|label, input| {
            let mut words = label.split(|c: char| !c.is_alphanumeric());
            words.any(|word| word == input)
        })
    });
    let sequence_number = || {
        let number: usize = input.parse().ok()?;
        number.checked_sub(1).filter(|at| *at < canvases.len())
    };
    u32::try_from(labelled.or_else(sequence_number)?).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_format::Image;
    use khizana_model::{LangMap, LangTag, MediaKind};

    use super::*;

    fn page(label: &str, width: u32, height: u32) -> Canvas {
        let mut labels = LangMap::default();
        if !label.is_empty() {
            labels.push(LangTag::und(), label);
        }
        Canvas {
            kind: MediaKind::Image,
            media_type: "image/jpeg".into(),
            label: labels,
            image: Some(Image {
                key: "0".repeat(32),
                width,
                height,
                tone: "ffffff".into(),
                sizes: Vec::new(),
                strip: None,
                jpeg: None,
                pack: None,
            }),
            original: None,
            text: None,
            lines: None,
            html: None,
            rows: None,
            recording: None,
        }
    }

    fn pages(shapes: &str) -> Vec<Canvas> {
        let canvas = |shape| match shape {
            'w' => page("", 300, 200),
            _ => page("", 200, 300),
        };
        shapes.chars().map(canvas).collect()
    }

    fn spreads(shapes: &str) -> Vec<Range<u32>> {
        let canvases = pages(shapes);
        let mut out: Vec<Range<u32>> = Vec::new();
        for at in 0..canvases.len() as u32 {
            let spread = PageLayout::Spread.visible_pages(&canvases, at);
            assert!(spread.contains(&at), "{shapes} at {at}");
            if out.last() != Some(&spread) {
                out.push(spread);
            }
        }
        out
    }

    #[test]
    fn a_long_book_has_thumbnails_near_the_current_page_only() {
        assert_eq!(thumbnail_range(0, 0), 0..0);
        assert_eq!(thumbnail_range(100, 70), 0..100);
        for (at, shown) in [
            (0, 0..50),
            (25, 0..50),
            (26, 1..51),
            (900, 875..925),
            (999, 950..1_000),
        ] {
            assert_eq!(thumbnail_range(1_000, at), shown, "{at}");
            assert!(shown.contains(&at));
        }
    }

    #[test]
    fn the_cover_is_displayed_alone_and_pages_are_paired() {
        assert_eq!(spreads("hhhhh"), [0..1, 1..3, 3..5]);
        assert_eq!(
            spreads("hhhh"),
            [0..1, 1..3, 3..4],
            "the last page is alone"
        );
        assert_eq!(spreads("hh"), [0..1, 1..2]);
        assert_eq!(spreads("h").len(), 1);
    }

    #[test]
    fn a_wide_image_is_displayed_alone() {
        assert_eq!(spreads("hhwhhh"), [0..1, 1..2, 2..3, 3..5, 5..6]);
        assert_eq!(spreads("wwww"), [0..1, 1..2, 2..3, 3..4]);
        assert_eq!(spreads("hhhhw"), [0..1, 1..3, 3..4, 4..5]);
    }

    #[test]
    fn single_and_scroll_layouts() {
        let canvases = pages("hhh");
        assert_eq!(PageLayout::Single.visible_pages(&canvases, 1), 1..2);
        assert_eq!(PageLayout::Scroll.visible_pages(&canvases, 1), 0..3);
        for (layout, name) in PageLayout::ALL {
            assert_eq!(PageLayout::from_name(name), Some(layout));
        }
        assert_eq!(PageLayout::from_name("other"), None);
    }

    #[test]
    fn finds_a_page_by_its_label_in_any_digits() {
        let labels = ["غلاف", "xi", "XII", "١", "٢", "ص ١٢", "fol. 3r"];
        let canvases: Vec<Canvas> = labels.iter().map(|label| page(label, 2, 3)).collect();
        for (input, at) in [
            ("xii", 2),
            ("Xi", 1),
            ("٢", 4),
            ("2", 4),
            ("۲", 4),
            (" 12 ", 5),
            ("١٢", 5),
            ("3r", 6),
            ("الغلاف", 99),
            ("غلاف", 0),
            // There is no page with this label, so the result is the sixth page.
            ("6", 5),
            ("٧", 6),
            ("8", 99),
            ("0", 99),
            ("", 99),
        ] {
            assert_eq!(find_page(&canvases, input).unwrap_or(99), at, "{input}");
        }
        assert_eq!(find_page(&pages("hhhhhhhhhhhhhh"), "١٢"), Some(11));
    }
}
