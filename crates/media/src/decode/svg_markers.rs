//! Computation of an upper bound on the number of elements to which the markers of an SVG expand.
//!
//! The renderer places a copy of the content of a marker at each vertex of each path that has
//! markers. The copies are counted before they are created.

use std::collections::BTreeMap;

use resvg::usvg::roxmltree::{Document, Node};

/// Maximum depth of the recursion.
const MAX_DEPTH: u32 = 1024;

/// The numbers of elements and marker positions in a subtree, including the expansion of `use`
/// elements.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Count {
    elements: u64,
    /// Number of vertices with a marker.
    vertices: u64,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.elements = self.elements.saturating_add(other.elements);
        self.vertices = self.vertices.saturating_add(other.vertices);
    }
}

/// Returns an upper bound on the number of elements to which the markers expand. Counting stops
/// soon after `limit` has been exceeded.
pub(super) fn count_elements(document: &Document, limit: u64) -> u64 {
    let is_marker = |node: &Node| node.is_element() && node.tag_name().name() == "marker";
    let markers: Vec<Node> = document.descendants().filter(is_marker).collect();
    if markers.is_empty() {
        return 0;
    }
    let mut counter = Counter::new(document);
    // Paths within a marker may also have markers. Each iteration adds a level of nesting.
    let inner: Vec<Count> = markers
        .iter()
        .map(|marker| counter.count_children(marker, MAX_DEPTH))
        .collect();
    let mut largest = 0;
    for _ in 0..=markers.len() {
        let next = inner
            .iter()
            .map(|count| {
                count
                    .elements
                    .saturating_add(count.vertices.saturating_mul(largest))
            })
            .fold(0, u64::max);
        if next == largest || largest > limit {
            break;
        }
        largest = next;
    }
    let total = counter.count_children(&document.root(), MAX_DEPTH);
    total.vertices.saturating_mul(largest)
}

struct Counter<'a, 'i> {
    by_id: BTreeMap<&'a str, Node<'a, 'i>>,
    /// `true` if paths may inherit markers from a group or a style sheet.
    is_inherited: bool,
    counts: Vec<Option<Count>>,
}

impl<'a, 'i> Counter<'a, 'i> {
    fn new(document: &'a Document<'i>) -> Self {
        let mut by_id = BTreeMap::new();
        let mut is_inherited = false;
        let mut nodes = 0;
        for node in document.descendants() {
            nodes = nodes.max(node.id().get_usize() + 1);
            if let Some(id) = node.attribute("id") {
                by_id.insert(id, node);
            }
            let is_shape = is_shape(&node);
            is_inherited |= node.tag_name().name() == "style"
                && node.text().is_some_and(|text| text.contains("marker"));
            is_inherited |=
                node.is_element() && !is_shape && marker_placement(&node) != MarkerPlacement::None;
        }
        Self {
            by_id,
            is_inherited,
            counts: vec![None; nodes],
        }
    }

    fn count_children(&mut self, node: &Node<'a, 'i>, depth: u32) -> Count {
        let mut sum = Count::default();
        for child in node.children().filter(Node::is_element) {
            sum.add(self.count(child, depth));
        }
        sum
    }

    fn count(&mut self, node: Node<'a, 'i>, depth: u32) -> Count {
        let at = node.id().get_usize();
        if let Some(count) = self.counts.get(at).copied().flatten() {
            return count;
        }
        if depth == 0 {
            return Count::default();
        }
        // A cyclic `use` element is not rendered, so it counts as empty.
        if let Some(slot) = self.counts.get_mut(at) {
            *slot = Some(Count::default());
        }
        let mut sum = self.count_children(&node, depth - 1);
        sum.add(Count {
            elements: 1,
            vertices: match marker_placement(&node) {
                _ if !is_shape(&node) => 0,
                _ if self.is_inherited => count_vertices(&node),
                MarkerPlacement::None => 0,
                MarkerPlacement::Ends => 2,
                MarkerPlacement::All => count_vertices(&node),
            },
        });
        let used = node
            .attributes()
            .find(|attribute| attribute.name() == "href" && node.tag_name().name() == "use");
        let used = used.and_then(|attribute| attribute.value().strip_prefix('#'));
        if let Some(target) = used.and_then(|id| self.by_id.get(id).copied()) {
            sum.add(self.count(target, depth - 1));
        }
        if let Some(slot) = self.counts.get_mut(at) {
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

/// The vertices that have markers according to the attributes of an element.
#[derive(Clone, Copy, Debug, PartialEq)]
enum MarkerPlacement {
    None,
    Ends,
    All,
}

fn marker_placement(node: &Node) -> MarkerPlacement {
    let mut placement = MarkerPlacement::None;
    for attribute in node.attributes() {
        match attribute.name() {
            "marker" | "marker-mid" => return MarkerPlacement::All,
            "marker-start" | "marker-end" => placement = MarkerPlacement::Ends,
            "style" => {
                let mut properties = attribute.value().split("marker").skip(1);
                if properties.any(|rest| !rest.starts_with("-start") && !rest.starts_with("-end")) {
                    return MarkerPlacement::All;
                }
                if attribute.value().contains("marker") {
                    placement = MarkerPlacement::Ends;
                }
            }
            _ => {}
        }
    }
    placement
}

/// Returns the number of vertices of a shape, or a slightly larger number.
fn count_vertices(node: &Node) -> u64 {
    let Some(data) = node.attribute("d") else {
        let numbers = node
            .attribute("points")
            .map_or(4, |data| count_numbers(data).0);
        return numbers.div_ceil(2) + 1;
    };
    let mut sum = 0u64;
    let mut rest = data;
    while let Some(command) = rest.chars().next() {
        let (numbers, length) = count_numbers(rest.get(command.len_utf8()..).unwrap_or_default());
        let each = match command.to_ascii_uppercase() {
            'M' | 'L' | 'T' => 2,
            'C' => 6,
            'S' | 'Q' => 4,
            // The flags of an arc may be written without separators, and an arc becomes several
            // curves.
            _ => 1,
        };
        sum = sum.saturating_add(numbers.div_ceil(each).max(1));
        rest = rest.get(command.len_utf8() + length..).unwrap_or_default();
    }
    sum
}

/// Counts the numbers at the start of a text. Returns their count and their total length in bytes,
/// including separators.
fn count_numbers(text: &str) -> (u64, usize) {
    let mut count = 0;
    let (mut in_number, mut has_point, mut previous) = (false, false, b' ');
    for (at, byte) in text.bytes().enumerate() {
        let begins = match byte {
            b'0'..=b'9' => !in_number,
            b'.' => !in_number || has_point,
            b'-' | b'+' => !(in_number && matches!(previous, b'e' | b'E')),
            b'e' | b'E' if in_number => false,
            b' ' | b'\t' | b'\r' | b'\n' | b'\x0c' | b',' => {
                in_number = false;
                previous = byte;
                continue;
            }
            _ => return (count, at),
        };
        if begins {
            count += 1;
            (in_number, has_point) = (true, false);
        }
        has_point |= byte == b'.' || matches!(byte, b'e' | b'E');
        previous = byte;
    }
    (count, text.len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn counted(inner: &str) -> u64 {
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='l'>{inner}</svg>");
        count_elements(&Document::parse(&text).unwrap(), 1_000_000)
    }

    const DOT: &str = "<marker id='m'><g><circle r='1'/></g></marker>";

    #[test]
    fn counts_markers_at_each_vertex() {
        for (shape, vertices) in [
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
            assert_eq!(counted(&format!("{DOT}{shape}")), vertices * 2, "{shape}");
        }
        assert_eq!(counted("<path d='M0 0 1 1' marker-mid='url(#m)'/>"), 0);
    }

    #[test]
    fn counts_each_use_and_stops_at_cycles() {
        let shape = "<path id='p' d='M0 0 1 1' marker-mid='url(#m)'/>";
        let used = "<use href='#p'/><use xlink:href='#p'/>";
        assert_eq!(counted(&format!("{DOT}{shape}{used}")), 3 * 2 * 2);
        let cycle = "<g id='g'><path d='M0 0 1 1' marker-mid='url(#m)'/><use href='#g'/></g>";
        assert_eq!(counted(&format!("{DOT}{cycle}")), 2 * 2);
    }

    #[test]
    fn counts_nested_markers_up_to_the_limit() {
        let path = format!("<path d='M{}' marker-mid='url(#m)'/>", "0 0 ".repeat(100));
        let nested = format!("<marker id='m'>{path}</marker><marker>{path}</marker>{path}");
        assert!(counted(&nested) > 1_000_000);
    }
}
