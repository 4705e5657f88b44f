//! Markdown as HTML, and as the text it is without markup.
//!
//! HTML within it is not passed on: its tags are dropped, what stands between them is text. What the
//! Markdown itself makes goes through a sanitiser, which knows nothing of where it comes from.

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::html::direction;

/// What is within more lists and quotations than these is no further in.
const DEEPEST: u32 = 32;

/// What may be left in what is shown.
const TAGS: [&str; 24] = [
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

/// Texts that may each be of another direction.
const TEXTS: [&str; 8] = ["h3", "h4", "h5", "h6", "p", "pre", "td", "th"];

/// A text as it is shown and as it is searched.
pub(super) struct Page {
    pub(super) html: String,
    pub(super) text: String,
}

/// Reads a text in Markdown.
pub(super) fn read(markdown: &str) -> Page {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut events = shallow(own(Parser::new_ext(markdown, options)));
    lower(&mut events);
    let text = plain(&events);
    let mut made = String::new();
    pulldown_cmark::html::push_html(&mut made, events.into_iter());

    let mut builder = Builder::empty();
    builder
        .add_tags(TAGS)
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("ol", ["start"])
        .add_url_schemes(["http", "https", "mailto"])
        // An address within the folder from which the file came leads nowhere here.
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer"));
    for tag in TEXTS {
        builder.set_tag_attribute_value(tag, "dir", "auto");
    }
    let html = format!(
        "<div class=\"prose\" dir=\"{}\">{}</div>",
        direction(&text),
        builder.clean(&made)
    );
    Page { html, text }
}

/// Headings below that of the page and that of the text: the highest is of the third level.
fn lower(events: &mut [Event<'_>]) {
    let levels = events.iter().filter_map(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(*level as usize),
        _ => None,
    });
    let highest = levels.min().unwrap_or(1);
    for event in events {
        if let Event::Start(Tag::Heading { level, .. }) | Event::End(TagEnd::Heading(level)) = event
        {
            let below = (*level as usize).saturating_sub(highest);
            *level = match below {
                0 => HeadingLevel::H3,
                1 => HeadingLevel::H4,
                2 => HeadingLevel::H5,
                _ => HeadingLevel::H6,
            };
        }
    }
}

/// The events of a text, as they are to be shown here: pictures, which lie elsewhere, as what is said of
/// them; HTML as its text.
fn own<'a>(parser: impl Iterator<Item = Event<'a>>) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    let mut block = None;
    let mut is_metadata = false;
    for event in parser {
        match event {
            Event::Start(Tag::MetadataBlock(_)) => is_metadata = true,
            Event::End(TagEnd::MetadataBlock(_)) => is_metadata = false,
            _ if is_metadata => {}
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::HtmlBlock) => block = Some(String::new()),
            Event::Html(html) => match &mut block {
                Some(block) => block.push_str(&html),
                None => events.push(Event::Text(without_tags(&html).into())),
            },
            Event::End(TagEnd::HtmlBlock) => {
                let text = without_tags(&block.take().unwrap_or_default());
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

/// What stands between the tags and comments of HTML.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    // How much follows the last end, so that none is looked for once it is passed.
    let left = |end: &str| html.rfind(end).map_or(usize::MAX, |at| html.len() - at);
    let (comment, tag_end) = (("-->", left("-->")), (">", left(">")));
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (end, left) = if tag.starts_with("!--") {
            comment
        } else {
            tag_end
        };
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        let ended = if tag.len() < left {
            None
        } else {
            tag.split_once(end)
        };
        match ended {
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

/// Leaves out what is nested too deep, and keeps what is in it: a reader of HTML looks through all that is
/// open at each step.
fn shallow(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut depth = 0;
    let keep = |event: &Event<'_>| match event {
        Event::Start(_) => {
            depth += 1;
            depth <= DEEPEST
        }
        Event::End(_) => {
            depth -= 1;
            depth < DEEPEST
        }
        _ => true,
    };
    let mut events = events;
    events.retain(keep);
    events
}

/// The words, each block on lines of its own.
fn plain(events: &[Event<'_>]) -> String {
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

    /// What is within the element around all of it.
    fn html(markdown: &str) -> String {
        let html = read(markdown).html;
        let inner = html.split_once('>').unwrap().1;
        inner.strip_suffix("</div>").unwrap().trim().to_owned()
    }

    #[test]
    fn headings_stand_below_that_of_the_page() {
        assert_eq!(
            html("# أ\n## B\n### C\n##### D\n"),
            "<h3 dir=\"auto\">أ</h3>\n<h4 dir=\"auto\">B</h4>\n<h5 dir=\"auto\">C</h5>\n<h6 dir=\"auto\">D</h6>"
        );
        assert_eq!(
            html("## A\n### B\n"),
            "<h3 dir=\"auto\">A</h3>\n<h4 dir=\"auto\">B</h4>"
        );
        assert!(
            read("# خزانة\n")
                .html
                .starts_with("<div class=\"prose\" dir=\"rtl\">")
        );
    }

    #[test]
    fn the_words_are_those_that_are_read() {
        let page = read(
            "---\nlayout: post\n---\n# كتاب\n\nOne **two** [three](https://example.org/four)\n\n\
             | a | b |\n|---|---|\n| c | d |\n\n![five](six.png)\n",
        );
        assert_eq!(page.text, "كتاب\nOne two three\na\tb\t\nc\td\t\nfive");
        assert!(!page.html.contains("layout") && !page.html.contains("<img"));
    }

    #[test]
    fn links_lead_elsewhere_and_nowhere_else() {
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
    fn hostile_html_is_text_and_runs_nothing() {
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
            for never in [
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
                assert!(!html.contains(never), "{hostile}: {html}");
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
    fn what_is_made_to_take_long_does_not() {
        let begun = std::time::Instant::now();
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
            let page = read(&hostile);
            assert!(page.html.len() < 64 << 20, "{}", page.html.len());
        }
        assert!(
            begun.elapsed() < std::time::Duration::from_secs(20),
            "{:?}",
            begun.elapsed()
        );
    }
}
