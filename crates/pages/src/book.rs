//! Books: which pages are seen together, and which page a reader means.

use std::ops::Range;

use khizana_format::Canvas;
use khizana_text::fold;

/// How the pages of a book are laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reading {
    /// One page.
    #[default]
    Single,
    /// Two pages that face each other.
    Spread,
    /// All pages, one below the other.
    Scroll,
}

impl Reading {
    /// All, with their names in the document.
    pub const ALL: [(Reading, &'static str); 3] = [
        (Reading::Single, "single"),
        (Reading::Spread, "spread"),
        (Reading::Scroll, "scroll"),
    ];

    /// The one of a name.
    pub fn of(name: &str) -> Option<Reading> {
        let found = Reading::ALL.iter().find(|(_, own)| *own == name);
        found.map(|(reading, _)| *reading)
    }

    /// The pages that are seen together with page `at`, itself among them.
    pub fn together(self, canvases: &[Canvas], at: u32) -> Range<u32> {
        let count = u32::try_from(canvases.len()).unwrap_or(u32::MAX);
        match self {
            Reading::Single => at..at + 1,
            Reading::Scroll => 0..count,
            Reading::Spread => facing(canvases, at, count),
        }
    }
}

/// A book of more pages than these is long.
const LONG: u32 = 100;
/// So many pages before the one that is shown, and from it on, are shown in small of a long book.
const AROUND: u32 = 25;

/// The pages that are shown in small of a book of `count` pages, of which `at` is shown: all, or of a long
/// one those about it. To show a thousand would take longer than everything else.
pub fn in_small(count: u32, at: u32) -> Range<u32> {
    if count <= LONG {
        return 0..count;
    }
    let from = at.saturating_sub(AROUND).min(count - 2 * AROUND);
    from..from + 2 * AROUND
}

/// A cover stands alone, and then page faces page. An image that is wider than high shows two pages
/// already: it stands alone, and what follows it begins anew.
fn facing(canvases: &[Canvas], at: u32, count: u32) -> Range<u32> {
    let wide = |page: u32| {
        let canvas = usize::try_from(page)
            .ok()
            .and_then(|page| canvases.get(page));
        canvas
            .and_then(|canvas| canvas.image.as_ref())
            .is_none_or(|image| image.width > image.height)
    };
    if at == 0 || wide(at) {
        return at..at + 1;
    }
    // From where the pairs before it begin: behind the cover, or behind the last wide image.
    let mut start = 1;
    for page in (1..at).rev() {
        if wide(page) {
            start = page + 1;
            break;
        }
    }
    let first = at - (at - start) % 2;
    let second = first + 1;
    if second < count && !wide(second) {
        first..second + 1
    } else {
        first..second
    }
}

/// The page that a reader means by what they typed: the one that is labelled so, as it is printed
/// (`xii`, `١٢`, `12`), or has it in its label; or, where none has, the page of that number.
pub fn find(canvases: &[Canvas], typed: &str) -> Option<u32> {
    let typed = fold(typed.trim());
    if typed.is_empty() {
        return None;
    }
    let labelled = |is: fn(&str, &str) -> bool| {
        let named = |canvas: &Canvas| {
            let mut labels = canvas.label.iter();
            labels.any(|(_, label)| is(&fold(label), &typed))
        };
        canvases.iter().position(named)
    };
    let whole = labelled(|label, typed| label == typed);
    let found = whole.or_else(|| {
        labelled(|label, typed| {
            let mut words = label.split(|c: char| !c.is_alphanumeric());
            words.any(|word| word == typed)
        })
    });
    let number = || {
        let number: usize = typed.parse().ok()?;
        number.checked_sub(1).filter(|at| *at < canvases.len())
    };
    u32::try_from(found.or_else(number)?).ok()
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
            let now = Reading::Spread.together(&canvases, at);
            assert!(now.contains(&at), "{shapes} at {at}");
            if out.last() != Some(&now) {
                out.push(now);
            }
        }
        out
    }

    #[test]
    fn of_a_long_book_the_pages_about_the_one_that_is_read_are_shown_in_small() {
        assert_eq!(in_small(0, 0), 0..0);
        assert_eq!(in_small(100, 70), 0..100);
        for (at, shown) in [
            (0, 0..50),
            (25, 0..50),
            (26, 1..51),
            (900, 875..925),
            (999, 950..1_000),
        ] {
            assert_eq!(in_small(1_000, at), shown, "{at}");
            assert!(shown.contains(&at));
        }
    }

    #[test]
    fn a_cover_stands_alone_and_page_faces_page() {
        assert_eq!(spreads("hhhhh"), [0..1, 1..3, 3..5]);
        assert_eq!(spreads("hhhh"), [0..1, 1..3, 3..4], "the last alone");
        assert_eq!(spreads("hh"), [0..1, 1..2]);
        assert_eq!(spreads("h").len(), 1);
    }

    #[test]
    fn an_image_of_two_pages_stands_alone() {
        assert_eq!(spreads("hhwhhh"), [0..1, 1..2, 2..3, 3..5, 5..6]);
        assert_eq!(spreads("wwww"), [0..1, 1..2, 2..3, 3..4]);
        assert_eq!(spreads("hhhhw"), [0..1, 1..3, 3..4, 4..5]);
    }

    #[test]
    fn one_page_and_all() {
        let canvases = pages("hhh");
        assert_eq!(Reading::Single.together(&canvases, 1), 1..2);
        assert_eq!(Reading::Scroll.together(&canvases, 1), 0..3);
        for (reading, name) in Reading::ALL {
            assert_eq!(Reading::of(name), Some(reading));
        }
        assert_eq!(Reading::of("other"), None);
    }

    #[test]
    fn a_page_is_found_by_its_printed_number_in_any_figures() {
        let labels = ["غلاف", "xi", "XII", "١", "٢", "ص ١٢", "fol. 3r"];
        let canvases: Vec<Canvas> = labels.iter().map(|label| page(label, 2, 3)).collect();
        for (typed, at) in [
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
            // No page is labelled so: the sixth.
            ("6", 5),
            ("٧", 6),
            ("8", 99),
            ("0", 99),
            ("", 99),
        ] {
            assert_eq!(find(&canvases, typed).unwrap_or(99), at, "{typed}");
        }
        assert_eq!(find(&pages("hhhhhhhhhhhhhh"), "١٢"), Some(11));
    }
}
