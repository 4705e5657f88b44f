//! Conversion of the Markdown of a page.
//!
//! HTML is removed and reported. The generated HTML is sanitised nevertheless, so that its safety does not depend on
//! the Markdown parser.

use ammonia::UrlRelative;
use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

use crate::texts::rendered_text::markdown::{limit_depth, sanitiser, without_tags};

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part<'a> {
    /// Markdown, as events.
    Text(Vec<Event<'a>>),
    /// A block such as `{{ item plate-fez }}`, without the braces, and its line.
    Block(String, u64),
}

/// A parsed page.
pub(super) struct Document<'a> {
    /// The first heading of level 1, which is not among the parts.
    pub(super) title: Option<String>,
    pub(super) parts: Vec<Part<'a>>,
    /// The lines with HTML.
    pub(super) html_lines: Vec<u64>,
}

/// The rewriting of the targets of links and images. The methods report targets that do not exist.
pub(super) trait Targets {
    /// Returns the URL of a link, or `None` if it leads nowhere.
    fn link(&mut self, target: &str, line: u64) -> Option<String>;
    /// Returns the `img` element of an image.
    fn image(&mut self, target: &str, alt: &str, line: u64) -> Option<String>;
}

/// Parses a page.
pub(super) fn parse<'a>(text: &'a str, targets: &mut dyn Targets) -> Document<'a> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut document = Document {
        title: None,
        parts: Vec::new(),
        html_lines: Vec::new(),
    };
    let mut lines = LineCounter {
        text,
        at: 0,
        line: 1,
    };
    let mut events = Vec::new();
    let mut parser = Parser::new_ext(text, options).into_offset_iter();
    let mut removed_links = Vec::new();
    while let Some((event, range)) = parser.next() {
        let line = lines.of(range.start);
        match event {
            Event::Start(Tag::MetadataBlock(_)) => {
                parser.find(|(event, _)| matches!(event, Event::End(TagEnd::MetadataBlock(_))));
            }
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) if document.title.is_none() => {
                let mut title = String::new();
                for (event, _) in parser.by_ref() {
                    match event {
                        Event::End(TagEnd::Heading(_)) => break,
                        Event::Text(part) | Event::Code(part) => title.push_str(&part),
                        Event::SoftBreak | Event::HardBreak => title.push(' '),
                        _ => {}
                    }
                }
                document.title = Some(title).filter(|title| !title.trim().is_empty());
            }
            // The heading of the page has the first level.
            Event::Start(Tag::Heading {
                level: HeadingLevel::H1,
                ..
            }) => {
                events.push(Event::Start(heading(HeadingLevel::H2)));
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
                events.push(Event::End(TagEnd::Heading(HeadingLevel::H2)));
            }
            Event::Start(Tag::Heading { level, .. }) => events.push(Event::Start(heading(level))),
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                ..
            }) => {
                let target = match link_type {
                    LinkType::Email => Some(format!("mailto:{dest_url}")),
                    _ => targets.link(&dest_url, line),
                };
                removed_links.push(target.is_none());
                if let Some(target) = target {
                    events.push(Event::InlineHtml(
                        format!("<a href=\"{}\">", khizana_pages::escape(&target)).into(),
                    ));
                }
            }
            Event::End(TagEnd::Link) => {
                if removed_links.pop() == Some(false) {
                    events.push(Event::InlineHtml(CowStr::from("</a>")));
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let mut alt = String::new();
                let mut depth = 1;
                for (event, _) in parser.by_ref() {
                    match event {
                        Event::Start(Tag::Image { .. }) => depth += 1,
                        Event::End(TagEnd::Image) if depth == 1 => break,
                        Event::End(TagEnd::Image) => depth -= 1,
                        Event::Text(part) | Event::Code(part) => alt.push_str(&part),
                        _ => {}
                    }
                }
                let image = targets.image(&dest_url, &alt, line);
                events.extend(image.map(|image| Event::InlineHtml(image.into())));
            }
            Event::InlineHtml(html) if html.starts_with("<br") => events.push(Event::HardBreak),
            Event::Html(html) | Event::InlineHtml(html) => {
                if !html.trim_start().starts_with("<!--") {
                    document.html_lines.push(line);
                }
                events.push(Event::Text(without_tags(&html).into()));
            }
            Event::End(TagEnd::Paragraph) => {
                events.push(Event::End(TagEnd::Paragraph));
                if let Some(block) = take_block(&mut events) {
                    document.parts.push(Part::Text(std::mem::take(&mut events)));
                    let start = lines_before(text, range.start);
                    document.parts.push(Part::Block(block, start));
                }
            }
            event => events.push(event),
        }
    }
    document.parts.push(Part::Text(events));
    document.html_lines.dedup();
    document
}

fn heading<'a>(level: HeadingLevel) -> Tag<'a> {
    Tag::Heading {
        level,
        id: None,
        classes: Vec::new(),
        attrs: Vec::new(),
    }
}

/// Removes the last paragraph if it is a block, and returns the content of the block.
fn take_block(events: &mut Vec<Event<'_>>) -> Option<String> {
    let start = events
        .iter()
        .rposition(|event| matches!(event, Event::Start(Tag::Paragraph)))?;
    let mut text = String::new();
    for event in events.get(start + 1..events.len() - 1)? {
        match event {
            Event::Text(part) => text.push_str(part),
            Event::SoftBreak => text.push(' '),
            _ => return None,
        }
    }
    let block = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let block = block.trim().to_owned();
    events.truncate(start);
    Some(block)
}

/// Converts events to sanitised HTML.
pub(super) fn html(events: Vec<Event<'_>>) -> String {
    const TAGS: [&str; 25] = [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ];
    let mut unsanitised = String::new();
    pulldown_cmark::html::push_html(&mut unsanitised, limit_depth(events).into_iter());
    let mut builder = sanitiser(&TAGS);
    builder
        .add_tag_attributes("img", ["src", "alt", "width", "height", "loading"])
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None);
    let html = builder.clean(&unsanitised).to_string();
    // A wide table scrolls in its box.
    html.replace("<table>", "<div class=\"wide\" tabindex=\"0\"><table>")
        .replace("</table>", "</table></div>")
}

/// Counts lines. The positions must ascend, except within a paragraph.
struct LineCounter<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    fn of(&mut self, at: usize) -> u64 {
        if at < self.at {
            return lines_before(self.text, at);
        }
        let between = self.text.get(self.at..at).unwrap_or_default();
        self.line += between.bytes().filter(|byte| *byte == b'\n').count() as u64;
        self.at = at;
        self.line
    }
}

fn lines_before(text: &str, at: usize) -> u64 {
    let before = text.get(..at).unwrap_or_default();
    1 + before.bytes().filter(|byte| *byte == b'\n').count() as u64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    struct Any;

    impl Targets for Any {
        fn link(&mut self, target: &str, _: u64) -> Option<String> {
            (target != "missing").then(|| format!("../{target}/"))
        }

        fn image(&mut self, target: &str, alt: &str, _: u64) -> Option<String> {
            Some(format!("<img src=\"{target}\" alt=\"{alt}\">"))
        }
    }

    fn render(text: &str) -> (Option<String>, String, Vec<u64>) {
        let document = parse(text, &mut Any);
        let mut out = String::new();
        for part in document.parts {
            match part {
                Part::Text(events) => out.push_str(&html(events)),
                Part::Block(block, line) => out.push_str(&format!("[{block}:{line}]")),
            }
        }
        (document.title, out.replace('\n', ""), document.html_lines)
    }

    #[test]
    fn the_first_heading_is_the_title() {
        let (title, html, _) = render("---\na: b\n---\n# عن *الدار*\n\nنص\n\n# Second\n## Third\n");
        assert_eq!(title.as_deref(), Some("عن الدار"));
        assert_eq!(
            html,
            "<p dir=\"auto\">نص</p><h2 dir=\"auto\">Second</h2><h2 dir=\"auto\">Third</h2>"
        );
    }

    #[test]
    fn blocks_are_paragraphs_in_braces() {
        let (_, html, _) =
            render("a\n\n{{ item plate-fez }}\n\nb {{ item x }}\n\n{{gallery\na b}}\n");
        assert_eq!(
            html,
            "<p dir=\"auto\">a</p>[item plate-fez:3]<p dir=\"auto\">b {{ item x }}</p>[gallery a b:7]"
        );
    }

    #[test]
    fn links_and_images_are_rewritten() {
        let (_, html, _) = render("[a](about) [b](missing) ![c *d*](e.png)");
        assert_eq!(
            html,
            "<p dir=\"auto\"><a href=\"../about/\">a</a> b <img src=\"e.png\" alt=\"c d\"></p>"
        );
    }

    #[test]
    fn html_is_removed_and_reported() {
        let (_, html, lines) =
            render("a\n\n<script>alert(1)</script>\n\nb <b onclick=x>c</b><br>d <!-- e -->\n");
        assert!(
            !html.contains("<script") && !html.contains("onclick") && html.contains("<br>"),
            "{html}"
        );
        assert_eq!(lines, [3, 5]);
        for hostile in [
            "[a](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "![a](x\"onerror=\"alert(1))",
            "<svg onload=alert(1)>",
        ] {
            let (_, html, _) = render(hostile);
            assert!(
                !html.contains("<script") && !html.contains("onerror=\"") && !html.contains("<svg"),
                "{html}"
            );
        }
    }

    #[test]
    fn a_wide_table_scrolls() {
        let (_, html, _) = render("| a | b |\n|---|---|\n| c | d |\n");
        assert!(
            html.starts_with("<div class=\"wide\" tabindex=\"0\"><table>"),
            "{html}"
        );
    }
}
