//! The related items of an item.

use khizana_format::ItemRef;
use khizana_model::LangMap;
use yew::Html;

use super::browse::field_label;
use super::context::{Context, bdi};
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::parts::img;
use crate::card::{CardImage, LangText};
use crate::i18n;
use crate::page::ItemPage;

/// Renders the related items as a shelf, each with the value that it shares with the item. Returns `None`
/// if there are none.
pub fn related(cx: &Context, view: &ItemPage) -> Option<El> {
    let related = &view.record.related;
    if related.is_empty() {
        return None;
    }
    // A shelf without any image is a list of titles.
    let has_images = related.iter().any(|item| item.thumb.is_some());
    let items = related.iter().map(|item| {
        let title = cx.best(&item.title, item.id.as_str());
        let title = el("span")
            .class("card-title")
            .lang_attrs(&title.lang, &title.text)
            .with(&title.text);
        let image = item.thumb.as_ref().and_then(CardImage::of);
        let link = el("a")
            .class("card-link")
            .href(cx.item(item.id.as_str(), 0));
        let link = match image {
            Some(image) => {
                let img = img(cx.file(&image.path), &image.tone, image.width, image.height);
                let img = img.attr("alt", "").attr("loading", "lazy");
                let image = el("span").class("box").with(img);
                link.with(el("span").class("card-image").with(image))
                    .with(title)
            }
            None if has_images => {
                let paper = el("span").class("leaf-paper").with(title);
                link.with(el("span").class("card-image").with(paper))
            }
            None => {
                let paper = el("span").class("leaf-paper");
                link.with(el("span").class("card-image").with(paper))
                    .with(title)
            }
        };
        el("li")
            .class("card")
            .with(link)
            .with(el("p").class("quiet").with(reason(cx, view, item)))
    });
    let list = el("ul").class(if has_images { "shelf short" } else { "lines" });
    Some(
        el("section")
            .class("related section")
            .attr("aria-labelledby", "related")
            .with(
                el("h2")
                    .id("related")
                    .class("rubric")
                    .with(i18n::related(cx.lang)),
            )
            .with(list.with(nodes(items))),
    )
}

/// Renders the value that the items share.
fn reason(cx: &Context, view: &ItemPage, item: &ItemRef) -> Html {
    let lang = cx.lang;
    let field = item.field.as_str();
    let label = match field {
        "creator" => i18n::same_creator(lang).into_html(),
        "place" => i18n::same_place(lang).into_html(),
        "subject" => i18n::same_subject(lang).into_html(),
        _ => {
            let empty = LangMap::new();
            let label = view.labels.find(|labelled| labelled == field);
            let label = field_label(lang, field, label.unwrap_or(&empty), cx);
            let isolated = format!("\u{2068}{}\u{2069}", label.text);
            i18n::same_field(lang, &isolated).into_html()
        }
    };
    let values = view.record.item.field(field).map(LangMap::entities);
    let value = values
        .iter()
        .flatten()
        .find(|value| value.facet_key() == item.value);
    let value = value.map_or_else(
        || LangText::best(&LangMap::new(), "", &item.value),
        |value| cx.best(value, ""),
    );
    fragment(vec![label, " ".into_html(), bdi(&value)])
}
