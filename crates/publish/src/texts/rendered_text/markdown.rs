//! Conversion of Markdown to HTML and to plain text.
//!
//! The tags of embedded HTML are removed, and their content is kept as text. The generated HTML is
//! sanitised nevertheless, so that its safety does not depend on the Markdown parser.

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::html::direction;

/// Maximum nesting depth of elements. Deeper elements are replaced with their content.
const MAX_DEPTH: u32 = 32;

/// The HTML elements that are allowed in the output.
const ALLOWED_TAGS: [&str; 24] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
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
    "div",
];

/// The elements whose text direction is determined individually.
const BIDI_TAGS: [&str; 9] = ["h2", "h3", "h4", "h5", "h6", "p", "pre", "td", "th"];

/// A converted Markdown text.
pub(super) struct Document {
    pub(super) html: String,
    /// The plain text, for the search index.
    pub(super) text: String,
}

/// Converts a Markdown text.
pub(super) fn render(markdown: &str) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut events = limit_depth(remove_html_and_images(Parser::new_ext(markdown, options)));
    shift_headings(&mut events);
    let text = plain_text(&events);
    let mut unsanitised = String::new();
    pulldown_cmark::html::push_html(&mut unsanitised, events.into_iter());

    let mut builder = sanitiser(&ALLOWED_TAGS);
    // Relative links refer to files in the source, which are not part of the site.
    builder
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer"));
    let html = format!(
        "<div class=\"prose\" dir=\"{}\">{}</div>",
        direction(&text),
        builder.clean(&unsanitised)
    );
    Document { html, text }
}

/// Returns a sanitiser that allows `tags`, links, and no other attributes.
pub(crate) fn sanitiser(tags: &[&'static str]) -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .add_tags(tags.iter().copied())
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("ol", ["start"])
        .add_url_schemes(["http", "https", "mailto"]);
    for tag in BIDI_TAGS.iter().filter(|tag| tags.contains(tag)) {
        builder.set_tag_attribute_value(*tag, "dir", "auto");
    }
    builder
}

/// Shifts the levels of headings so that the highest level is `h3`. The page uses `h1` for its
/// title, and `h2` for the heading of the text.
fn shift_headings(events: &mut [Event<'_>]) {
    let levels = events.iter().filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(*level as usize),
        _ => None,
    });
    let highest = levels.min().unwrap_or(1);
    for event in events {
        if let Event::Start(Tag::Heading { level, .. }) | Event::End(TagEnd::Heading(level)) = event
        {
            *level = match (*level as usize).saturating_sub(highest) {
                0 => HeadingLevel::H3,
                1 => HeadingLevel::H4,
                2 => HeadingLevel::H5,
                _ => HeadingLevel::H6,
            };
        }
    }
}

/// Removes metadata and HTML tags. Replaces images, which are not part of the site, with their
/// alternative text.
fn remove_html_and_images<'a>(parser: impl Iterator<Item = Event<'a>>) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    let mut html_block = None;
    let mut is_metadata = false;
    for event in parser {
        match event {
            Event::Start(Tag::MetadataBlock(_)) => is_metadata = true,
            Event::End(TagEnd::MetadataBlock(_)) => is_metadata = false,
            _ if is_metadata => {}
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::HtmlBlock) => html_block = Some(String::new()),
            Event::Html(html) => match &mut html_block {
                Some(block) => block.push_str(&html),
                None => events.push(Event::Text(without_tags(&html).into())),
            },
            Event::End(TagEnd::HtmlBlock) => {
                let text = without_tags(&html_block.take().unwrap_or_default());
                if !text.trim().is_empty() {
                    events.push(Event::Start(Tag::Paragraph));
                    events.push(Event::Text(CowStr::from(text.trim().to_owned())));
                    events.push(Event::End(TagEnd::Paragraph));
                }
            }
            Event::InlineHtml(html) if html.starts_with("<br") => events.push(Event::HardBreak),
            Event::InlineHtml(html) => events.push(Event::Text(without_tags(&html).into())),
            event => events.push(event),
        }
    }
    events
}

/// Returns the text that is outside the tags and comments of HTML.
pub(crate) fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    // The length of the HTML from the start of the last terminator. If the rest is shorter, it
    // contains no terminator, and searching it each time would take quadratic time.
    let from_last = |end: &str| html.rfind(end).map_or(usize::MAX, |at| html.len() - at);
    let comment_end = ("-->", from_last("-->"));
    let tag_end = (">", from_last(">"));
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (end, min_len) = if tag.starts_with("!--") {
            comment_end
        } else {
            tag_end
        };
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        let split = if tag.len() < min_len {
            None
        } else {
            tag.split_once(end)
        };
        match split {
            Some((_, after)) if is_tag => rest = after,
            _ => {
                text.push('<');
                rest = tag;
            }
        }
    }
    text.push_str(rest);
    text
}

/// Removes elements beyond the maximum depth and keeps their content. An HTML parser may need time
/// proportional to the number of open elements for each tag.
pub(crate) fn limit_depth(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut depth = 0;
    let keep = |event: &Event<'_>| match event {
        Event::Start(_) => {
            depth += 1;
            depth <= MAX_DEPTH
        }
        Event::End(_) => {
            depth -= 1;
            depth < MAX_DEPTH
        }
        _ => true,
    };
    let mut events = events;
    events.retain(keep);
    events
}

/// Returns the plain text, with each block on separate lines.
fn plain_text(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(part),
            Event::SoftBreak | Event::HardBreak | Event::Rule => text.push('\n'),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::CodeBlock
                | TagEnd::Item
                | TagEnd::TableRow
                | TagEnd::TableHead,
            ) => text.push('\n'),
            Event::End(TagEnd::TableCell) => text.push('\t'),
            _ => {}
        }
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns the HTML without the outer element.
    fn html(markdown: &str) -> String {
        let html = render(markdown).html;
        let inner = html.split_once('>').unwrap().1;
        inner.strip_suffix("</div>").unwrap().trim().to_owned()
    }

    #[test]
    fn shifts_headings_below_those_of_the_page() {
        assert_eq!(
            html("# أ\n## B\n### C\n##### D\n"),
            "<h3 dir=\"auto\">أ</h3>\n<h4 dir=\"auto\">B</h4>\n<h5 dir=\"auto\">C</h5>\n<h6 dir=\"auto\">D</h6>"
        );
        assert_eq!(
            html("## A\n### B\n"),
            "<h3 dir=\"auto\">A</h3>\n<h4 dir=\"auto\">B</h4>"
        );
        assert!(
            render("# خزانة\n")
                .html
                .starts_with("<div class=\"prose\" dir=\"rtl\">")
        );
    }

    #[test]
    fn extracts_plain_text_without_metadata_and_images() {
        let document = render(
            "---\nlayout: post\n---\n# كتاب\n\nOne **two** [three](https://example.org/four)\n\n\
             | a | b |\n|---|---|\n| c | d |\n\n![five](six.png)\n",
        );
        assert_eq!(document.text, "كتاب\nOne two three\na\tb\t\nc\td\t\nfive");
        assert!(!document.html.contains("layout") && !document.html.contains("<img"));
    }

    #[test]
    fn keeps_only_absolute_http_links() {
        assert_eq!(
            html("[a](https://example.org/?a=1&b=2)"),
            "<p dir=\"auto\"><a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener noreferrer\">a</a></p>"
        );
        for link in [
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](<java\tscript:alert(1)>)",
            "[a](&#106;avascript:alert(1))",
            "[a](data:text/html,x)",
            "[a](vbscript:x)",
            "[a](//example.org/)",
            "[a](other.md)",
            "[a](#text)",
            "<javascript:alert(1)>",
        ] {
            let html = html(link);
            assert!(!html.contains("href"), "{link}: {html}");
        }
    }

    #[test]
    fn removes_active_content() {
        for hostile in [
            "<script>alert(1)</script>",
            "a <script>alert(1)</script> b",
            "<img src=x onerror=alert(1)>",
            "a <img src=x onerror=alert(1)> b",
            "<style>body{display:none}</style>",
            "<p style=\"position:fixed\" onclick=\"alert(1)\" id=\"text\" class=\"skip\">a</p>",
            "<iframe src=\"https://example.org\"></iframe>",
            "<svg><a xlink:href=\"javascript:alert(1)\"><text>a</text></a></svg>",
            "<math><mtext></p><img src=x onerror=alert(1)></mtext></math>",
            "<h1>a</h1>",
            "<a href=\"javascript:alert(1)\">a</a>",
            "![a](https://example.org/x.png\"onerror=\"alert(1))",
            "[a](https://example.org/\"onclick=\"alert(1))",
            "`<script>`\n\n    <script>\n",
            "<scr<script>ipt>alert(1)</scr</script>ipt>",
            "<!-- <script>alert(1)</script> --> <script",
        ] {
            let html = html(hostile);
            for forbidden in [
                "<script",
                "<img",
                "<style",
                "<iframe",
                "<svg",
                "<math",
                "<h1",
                "<form",
                " style=",
                " id=",
                " class=",
                " src=",
                " onclick=\"",
                " onerror=\"",
                "href=\"j",
            ] {
                assert!(!html.contains(forbidden), "{hostile}: {html}");
            }
        }
        assert_eq!(
            html("<div dir=\"rtl\">\n\nنص<br>آخر\n\n</div>\n"),
            "<p dir=\"auto\">نص<br>\nآخر</p>"
        );
        assert_eq!(
            html("1 < 2 & <b>3</b>"),
            "<p dir=\"auto\">1 &lt; 2 &amp; 3</p>"
        );
        assert!(!html("a\0b").contains('\0'));
    }

    #[test]
    fn converts_pathological_input_in_bounded_time() {
        let start = std::time::Instant::now();
        for hostile in [
            ">".repeat(500_000),
            "> ".repeat(20_000) + "a\n\nb",
            "* ".repeat(100_000) + "a",
            "[".repeat(200_000),
            "*a_ ".repeat(100_000),
            "<b a=1>".repeat(100_000),
            "`a``".repeat(100_000),
            format!(
                "{}\n{}\n{}",
                "|a".repeat(50_000),
                "|-".repeat(50_000),
                "|\n".repeat(50_000)
            ),
            "a\0".repeat(200_000),
            "<!--".repeat(200_000),
            "a <!--".repeat(150_000),
            "<a ".repeat(300_000),
        ] {
            let document = render(&hostile);
            assert!(document.html.len() < 64 << 20, "{}", document.html.len());
        }
        assert!(
            start.elapsed() < std::time::Duration::from_secs(20),
            "{:?}",
            start.elapsed()
        );
    }
}
