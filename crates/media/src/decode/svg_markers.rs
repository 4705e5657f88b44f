//! How much the markers of a drawing add to it: one at each point of each path that has them, a copy of
//! all that is in the marker. They are counted before they are made.

use std::collections::BTreeMap;

use resvg::usvg::roxmltree::{Document, Node};

/// A drawing is no deeper.
const DEPTH: u32 = 1024;

/// What stands in a part of a drawing, with what is used several times counted as often.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    elements: u64,
    /// Points at which a marker stands.
    points: u64,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.elements = self.elements.saturating_add(other.elements);
        self.points = self.points.saturating_add(other.points);
    }
}

/// How many elements the markers of a drawing become, at most; no more than some beyond `most` are counted.
pub(super) fn elements(document: &Document, most: u64) -> u64 {
    let is_marker = |node: &Node| node.is_element() && node.tag_name().name() == "marker";
    let markers: Vec<Node> = document.descendants().filter(is_marker).collect();
    if markers.is_empty() {
        return 0;
    }
    let mut counter = Counter::new(document);
    // Within a marker are paths with markers of their own: each turn is one more within another.
    let inner: Vec<Count> = markers
        .iter()
        .map(|marker| counter.parts(marker, DEPTH))
        .collect();
    let mut largest = 0;
    for _ in 0..=markers.len() {
        let next = inner
            .iter()
            .map(|own| {
                own.elements
                    .saturating_add(own.points.saturating_mul(largest))
            })
            .fold(0, u64::max);
        if next == largest || largest > most {
            break;
        }
        largest = next;
    }
    let all = counter.parts(&document.root(), DEPTH);
    all.points.saturating_mul(largest)
}

struct Counter<'a, 'i> {
    by_id: BTreeMap<&'a str, Node<'a, 'i>>,
    /// Whether a path may have markers that does not say so itself.
    everywhere: bool,
    known: Vec<Option<Count>>,
}

impl<'a, 'i> Counter<'a, 'i> {
    fn new(document: &'a Document<'i>) -> Self {
        let mut by_id = BTreeMap::new();
        let mut everywhere = false;
        let mut nodes = 0;
        for node in document.descendants() {
            nodes = nodes.max(node.id().get_usize() + 1);
            if let Some(id) = node.attribute("id") {
                by_id.insert(id, node);
            }
            let is_shape = is_shape(&node);
            everywhere |= node.tag_name().name() == "style"
                && node.text().is_some_and(|text| text.contains("marker"));
            everywhere |= node.is_element() && !is_shape && marked(&node) != Marked::Not;
        }
        Self {
            by_id,
            everywhere,
            known: vec![None; nodes],
        }
    }

    fn parts(&mut self, node: &Node<'a, 'i>, depth: u32) -> Count {
        let mut sum = Count::default();
        for child in node.children().filter(Node::is_element) {
            sum.add(self.count(child, depth));
        }
        sum
    }

    fn count(&mut self, node: Node<'a, 'i>, depth: u32) -> Count {
        let at = node.id().get_usize();
        if let Some(count) = self.known.get(at).copied().flatten() {
            return count;
        }
        if depth == 0 {
            return Count::default();
        }
        // What uses itself is not drawn.
        if let Some(slot) = self.known.get_mut(at) {
            *slot = Some(Count::default());
        }
        let mut sum = self.parts(&node, depth - 1);
        sum.add(Count {
            elements: 1,
            points: match marked(&node) {
                _ if !is_shape(&node) => 0,
                _ if self.everywhere => points(&node),
                Marked::Not => 0,
                Marked::Ends => 2,
                Marked::Everywhere => points(&node),
            },
        });
        let used = node
            .attributes()
            .find(|own| own.name() == "href" && node.tag_name().name() == "use");
        let used = used.and_then(|own| own.value().strip_prefix('#'));
        if let Some(target) = used.and_then(|id| self.by_id.get(id).copied()) {
            sum.add(self.count(target, depth - 1));
        }
        if let Some(slot) = self.known.get_mut(at) {
            *slot = Some(sum);
        }
        sum
    }
}

fn is_shape(node: &Node) -> bool {
    matches!(
        node.tag_name().name(),
        "path" | "line" | "polyline" | "polygon"
    )
}

/// Where an element itself says that markers stand.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Marked {
    Not,
    Ends,
    Everywhere,
}

fn marked(node: &Node) -> Marked {
    let mut found = Marked::Not;
    for own in node.attributes() {
        match own.name() {
            "marker" | "marker-mid" => return Marked::Everywhere,
            "marker-start" | "marker-end" => found = Marked::Ends,
            "style" => {
                let mut named = own.value().split("marker").skip(1);
                if named.any(|rest| !rest.starts_with("-start") && !rest.starts_with("-end")) {
                    return Marked::Everywhere;
                }
                if own.value().contains("marker") {
                    found = Marked::Ends;
                }
            }
            _ => {}
        }
    }
    found
}

/// The points of a path, or a few more.
fn points(node: &Node) -> u64 {
    let Some(data) = node.attribute("d") else {
        let numbers = node.attribute("points").map_or(4, |data| numbers(data).0);
        return numbers.div_ceil(2) + 1;
    };
    let mut sum = 0u64;
    let mut rest = data;
    while let Some(command) = rest.chars().next() {
        let (numbers, length) = numbers(rest.get(command.len_utf8()..).unwrap_or_default());
        let each = match command.to_ascii_uppercase() {
            'M' | 'L' | 'T' => 2,
            'C' => 6,
            'S' | 'Q' => 4,
            // The parts of an arc may stand together, and it becomes several curves.
            _ => 1,
        };
        sum = sum.saturating_add(numbers.div_ceil(each).max(1));
        rest = rest.get(command.len_utf8() + length..).unwrap_or_default();
    }
    sum
}

/// How many numbers a text begins with, and after how many bytes something else follows.
fn numbers(text: &str) -> (u64, usize) {
    let mut count = 0;
    let (mut within, mut dotted, mut before) = (false, false, b' ');
    for (at, byte) in text.bytes().enumerate() {
        let begins = match byte {
            b'0'..=b'9' => !within,
            b'.' => !within || dotted,
            b'-' | b'+' => !(within && matches!(before, b'e' | b'E')),
            b'e' | b'E' if within => false,
            b' ' | b'\t' | b'\r' | b'\n' | b'\x0c' | b',' => {
                within = false;
                before = byte;
                continue;
            }
            _ => return (count, at),
        };
        if begins {
            count += 1;
            (within, dotted) = (true, false);
        }
        dotted |= byte == b'.' || matches!(byte, b'e' | b'E');
        before = byte;
    }
    (count, text.len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn counted(inner: &str) -> u64 {
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='l'>{inner}</svg>");
        elements(&Document::parse(&text).unwrap(), 1_000_000)
    }

    const DOT: &str = "<marker id='m'><g><circle r='1'/></g></marker>";

    #[test]
    fn a_marker_stands_at_each_point_of_what_has_it() {
        for (shape, points) in [
            ("<path d='M0 0 1 1 2 2L3 3' marker-mid='url(#m)'/>", 4),
            (
                "<path d='M0 0 1 1 2 2L3 3' style='fill:none;marker:url(#m)'/>",
                4,
            ),
            ("<path d='M0 0 1 1 2 2L3 3' marker-end='url(#m)'/>", 2),
            ("<path d='M0 0 1 1 2 2L3 3'/>", 0),
            (
                "<path d='M0,0c1-1.5.5-2e-3+4,5h1v2 3z' marker='url(#m)'/>",
                6,
            ),
            ("<polyline points='0,0 1,1 2,2' marker-mid='url(#m)'/>", 4),
            ("<g marker-mid='url(#m)'><path d='M0 0 1 1'/></g>", 2),
            (
                "<style>path { marker-mid: url(#m) }</style><path d='M0 0 1 1'/>",
                2,
            ),
        ] {
            assert_eq!(counted(&format!("{DOT}{shape}")), points * 2, "{shape}");
        }
        assert_eq!(counted("<path d='M0 0 1 1' marker-mid='url(#m)'/>"), 0);
    }

    #[test]
    fn what_is_used_is_counted_as_often_and_what_uses_itself_once() {
        let shape = "<path id='p' d='M0 0 1 1' marker-mid='url(#m)'/>";
        let used = "<use href='#p'/><use xlink:href='#p'/>";
        assert_eq!(counted(&format!("{DOT}{shape}{used}")), 3 * 2 * 2);
        let own = "<g id='g'><path d='M0 0 1 1' marker-mid='url(#m)'/><use href='#g'/></g>";
        assert_eq!(counted(&format!("{DOT}{own}")), 2 * 2);
    }

    #[test]
    fn markers_within_markers_are_counted_to_the_limit() {
        let path = format!("<path d='M{}' marker-mid='url(#m)'/>", "0 0 ".repeat(100));
        let nested = format!("<marker id='m'>{path}</marker><marker>{path}</marker>{path}");
        assert!(counted(&nested) > 1_000_000);
    }
}
