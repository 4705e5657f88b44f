//! Blocks that display items of the archive in a text:
//!
//! | block | displays |
//! |---|---|
//! | `{{ item ID }}`, `{{ item ID page=3 }}` | the image of an item, or of one of its pages, with its title |
//! | `{{ detail ID 120,300,800,600 }}` | a region of the image, in its pixels |
//! | `{{ gallery ID ID … }}`, `{{ gallery collection:ID }}` | items in a row |
//! | `{{ search WORDS }}` | the first results of a query |
//!
//! Each is complete without the viewer.

use khizana_format::{Image, Record};
use khizana_model::{LangMap, message, printable};
use khizana_pages::{
    BrowseQuery, Card, LangText, Page, Route, Site as SiteInfo, TextPage, View, bdi_html,
    collection_numbers, escape, list_html, search_view,
};

use super::links::Place;
use super::tag;
use crate::PublishError;

/// Maximum number of items of a block.
const MAX_ITEMS: usize = 24;

/// The size of the images that a block displays, in pixels.
const IMAGE_WIDTH: u32 = 1200;

/// Renders a block. A block that is not valid is reported and omitted.
pub(super) fn render(
    place: &mut Place<'_, '_>,
    block: &str,
    line: u64,
) -> Result<String, PublishError> {
    let (name, rest) = block.split_once(char::is_whitespace).unwrap_or((block, ""));
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    let mut page = 1;
    words.retain(|word| {
        match word
            .strip_prefix("page=")
            .and_then(|page| page.parse().ok())
        {
            Some(number) => {
                page = number;
                false
            }
            None => true,
        }
    });
    let canvas = u32::saturating_sub(page, 1);
    match (name, &words[..]) {
        ("item", [id]) => item(place, id, canvas, None, line),
        ("detail", [id, region]) => match parse_region(region) {
            Some(region) => item(place, id, canvas, Some(region), line),
            None => Ok(unknown(place, block, line)),
        },
        ("gallery", [source]) if source.starts_with("collection:") => {
            let id = source.trim_start_matches("collection:");
            collection(place, id, line)
        }
        ("gallery", [_, ..]) => {
            let mut cards = Vec::new();
            for id in words.iter().take(MAX_ITEMS) {
                if let Some(record) = place.record(id, line)? {
                    cards.push(Card::from_record(&record, None, place.lang));
                }
            }
            Ok(list(place.info, place.lang, &place.base, &cards))
        }
        ("search", [_, ..]) => search(place, rest.trim()),
        _ => Ok(unknown(place, block, line)),
    }
}

fn unknown(place: &mut Place<'_, '_>, block: &str, line: u64) -> String {
    place.report(
        "page-block",
        line,
        message!(
            "The block `{block}` is not valid, and is not published.",
            block = printable(block)
        ),
        message!(
            "Write {item}, {detail}, {gallery} or {search}.",
            item = "{{ item ID }}",
            detail = "{{ detail ID x,y,width,height }}",
            gallery = "{{ gallery ID ID }}",
            search = "{{ search WORDS }}"
        ),
    );
    String::new()
}

/// Parses a region in pixels.
fn parse_region(text: &str) -> Option<[u32; 4]> {
    let numbers: Vec<u32> = text
        .split(',')
        .map(|number| number.parse().ok())
        .collect::<Option<_>>()?;
    let region = <[u32; 4]>::try_from(numbers).ok()?;
    (region[2] > 0 && region[3] > 0).then_some(region)
}

/// Renders an item, or a region of its image.
fn item(
    place: &mut Place<'_, '_>,
    id: &str,
    canvas: u32,
    region: Option<[u32; 4]>,
    line: u64,
) -> Result<String, PublishError> {
    let Some(record) = place.record(id, line)? else {
        return Ok(String::new());
    };
    let card = Card::from_record(&record, None, place.lang);
    let mut href = place.href(&Route::item(id, canvas));
    if let Some([x, y, width, height]) = region {
        href.push_str(&format!("#xywh={x},{y},{width},{height}"));
    }
    let image = match canvas {
        0 => record.preview(),
        _ => record
            .canvases
            .get(canvas as usize)
            .and_then(|canvas| canvas.image.as_ref()),
    };
    let image = image.and_then(|image| picture(place, &record, &card, image, region));
    let facts = card.creator.iter().map(bdi_html);
    let date = (!card.date.is_empty()).then(|| format!("<span>{}</span>", escape(&card.date)));
    let facts: Vec<String> = facts.chain(date).collect();
    Ok(format!(
        "<figure class=\"embedded\">{image}<figcaption><a href=\"{href}\">{title}</a> {facts}</figcaption></figure>",
        image = image
            .map(|image| format!(
                "<a href=\"{}\" tabindex=\"-1\" aria-hidden=\"true\">{image}</a>",
                escape(&href)
            ))
            .unwrap_or_default(),
        href = escape(&href),
        title = bdi_html(&card.title),
        facts = facts.join(" · "),
    ))
}

/// Renders the image of an item, or a region of it. A region is an SVG, because the content security policy allows no
/// style attributes.
fn picture(
    place: &Place<'_, '_>,
    record: &Record,
    card: &Card,
    image: &Image,
    region: Option<[u32; 4]>,
) -> Option<String> {
    let empty = LangMap::new();
    let alt = record.item.field("alt").unwrap_or(&empty);
    let alt = LangText::best(alt, place.lang, &card.title.text).text;
    let Some([x, y, width, height]) = region else {
        let size = image.derivative_for_width(IMAGE_WIDTH)?;
        return Some(format!(
            "<img src=\"{}\" alt=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\">",
            escape(&place.path(&image.path(size))),
            escape(&alt),
            size.width,
            size.height
        ));
    };
    // The derivative in which the region is wide enough.
    let needed = u64::from(IMAGE_WIDTH) * u64::from(image.width) / u64::from(width);
    let size = image.derivative_for_width(u32::try_from(needed).unwrap_or(u32::MAX))?;
    Some(format!(
        "<svg viewBox=\"{x} {y} {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{}\">\
         <image href=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\"/></svg>",
        escape(&alt),
        escape(&place.path(&image.path(size))),
        image.width,
        image.height
    ))
}

fn collection(place: &mut Place<'_, '_>, id: &str, line: u64) -> Result<String, PublishError> {
    let Some(summary) = place.texts.collection(id) else {
        let ids = place.texts.collection_ids();
        let hint = super::proposal(khizana_model::nearest_name(id, ids));
        place.report(
            "page-target",
            line,
            message!("There is no collection `{id}`.", id = printable(id)),
            hint,
        );
        return Ok(String::new());
    };
    let numbers: Vec<u32> = collection_numbers(place.texts.root.pages, summary, 1)
        .take(12)
        .collect();
    let records = pollster::block_on(place.texts.archive.records(&numbers))?;
    let cards: Vec<Card> = records
        .iter()
        .map(|record| Card::from_record(record, None, place.lang))
        .collect();
    let route = Route::Collection {
        id: id.to_owned(),
        page: 1,
    };
    let title = LangText::best(&summary.title, place.lang, id);
    let list = list(place.info, place.lang, &place.base, &cards);
    Ok(list + &more(place, &route, &bdi_html(&title)))
}

fn search(place: &Place<'_, '_>, text: &str) -> Result<String, PublishError> {
    let query = BrowseQuery {
        text: text.to_owned(),
        ..BrowseQuery::default()
    };
    let (mut view, _) = pollster::block_on(search_view(place.texts.archive, place.lang, &query))?;
    view.cards.truncate(12);
    for card in &mut view.cards {
        card.matches = Default::default();
    }
    let label = escape(&khizana_pages::i18n::results_for(
        khizana_pages::i18n::Lang::of(place.lang),
        text,
    ));
    let list = list(place.info, place.lang, &place.base, &view.cards);
    Ok(list + &more(place, &Route::Browse(query), &label))
}

/// Renders a link to everything of which a block displays the beginning.
fn more(place: &Place<'_, '_>, route: &Route, label: &str) -> String {
    let href = escape(&place.href(route));
    format!("<p class=\"more\"><a href=\"{href}\">{label}</a></p>")
}

/// Renders a list of items like those on other pages. `base` is the relative path to the root of the site.
pub(super) fn list(info: &SiteInfo, lang: &str, base: &str, cards: &[Card]) -> String {
    if cards.is_empty() {
        return String::new();
    }
    // Only the language and the relative path to the root of the site matter.
    let view = View::Text(Box::new(TextPage {
        name: "x".to_owned(),
        title: LangText {
            lang: tag(lang),
            text: String::new(),
        },
        prose: khizana_pages::Prose {
            lang: tag(lang),
            html: String::new(),
        },
    }));
    let mut page = Page::new(info, lang, view);
    page.base = base.to_owned();
    format!("<div class=\"list\">{}</div>", list_html(&page, cards))
}
