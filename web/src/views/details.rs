//! All that is known of an item.

use khizana_model::{ItemDate, LangMap, LangTag, known_rights};
use yew::{AttrValue, Html, html};

use super::browse::field_label;
use super::context::{Context, bdi, tongue};
use crate::card::Text;
use crate::dates;
use crate::page::ItemPage;
use crate::query::BrowseQuery;
use crate::route::Route;
use crate::words;

pub fn details(cx: &Context, view: &ItemPage) -> Html {
    let lang = cx.lang;
    let item = &view.record.item;
    let empty = LangMap::new();
    let fields = item
        .fields
        .iter()
        .filter(|field| field.name != "description" && !field.values.is_empty())
        .map(|field| {
            let label = field_label(
                lang,
                &field.name,
                view.labels.get(&field.name).unwrap_or(&empty),
                cx,
            );
            let linked = view.facets.contains(&field.name);
            let values = field.values.things();
            row(
                bdi(&label),
                values
                    .iter()
                    .map(|thing| value(cx, &field.name, thing, linked))
                    .collect(),
            )
        });
    let collection = cx.best(&view.collection.title, &view.collection.id);
    let collection_route = Route::Collection {
        id: view.collection.id.clone(),
        page: 1,
    };
    let languages: Vec<Html> = item
        .languages
        .iter()
        .map(|tag| language(cx, view, tag))
        .collect();
    html! {
        <>
            <section aria-labelledby="details">
                <h2 id="details" class="rubric">{ words::details(lang) }</h2>
                <dl class="details">
                    { for item.date.as_ref().map(|one| row(html! { { words::date(lang) } }, date(cx, one))) }
                    { for fields }
                    if !languages.is_empty() { { row(html! { { words::languages(lang) } }, languages) } }
                    { row(html! { { words::collection(lang) } }, vec![html! { <a href={cx.href(&collection_route)}>{ bdi(&collection) }</a> }]) }
                    { for view.record.parent.as_ref().map(|parent| {
                        let title = cx.best(&parent.title, parent.id.as_str());
                        let route = Route::Item { id: parent.id.as_str().to_owned(), canvas: 0 };
                        row(html! { { words::part_of(lang) } }, vec![html! { <a href={cx.href(&route)}>{ bdi(&title) }</a> }])
                    }) }
                    { for item.location.map(|place| row(html! { { words::location(lang) } }, vec![location(cx, place.latitude, place.longitude)])) }
                    { row(html! { { words::identifier(lang) } }, vec![html! { <bdi>{ item.id.as_str() }</bdi> }]) }
                    if !item.links.is_empty() { { row(html! { { words::links(lang) } }, item.links.iter().map(|link| outward(link)).collect()) } }
                </dl>
            </section>
            { rights(cx, item.rights.as_deref()) }
            { downloads(cx, view) }
            { cite(cx, view) }
        </>
    }
}

fn row(label: Html, values: Vec<Html>) -> Html {
    html! { <div><dt>{ label }</dt>{ for values.into_iter().map(|value| html! { <dd>{ value }</dd> }) }</div> }
}

/// A thing: its name for this reader, then its names in the other languages.
fn value(cx: &Context, field: &str, thing: &LangMap, linked: bool) -> Html {
    let best = cx.best(thing, "");
    let shown = if linked {
        let route = Route::Browse(BrowseQuery::of_value(field, thing.key()));
        html! { <a href={cx.href(&route)}>{ bdi(&best) }</a> }
    } else if is_address(&best.text) {
        outward(&best.text)
    } else {
        bdi(&best)
    };
    let others = thing
        .iter()
        .filter(|(_, value)| *value != best.text)
        .map(|(tag, value)| {
            let (lang, dir) = tongue(tag, value);
            html! { <span class="also"><bdi {lang} {dir}>{ value }</bdi></span> }
        });
    html! { <>{ shown }{ for others }</> }
}

/// Whether a text is an address that can be linked to: never `javascript:` or the like.
fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(char::is_whitespace)
}

fn outward(link: &str) -> Html {
    if !is_address(link) {
        return html! { <bdi>{ link }</bdi> };
    }
    html! { <a class="outward" href={link.to_owned()} rel="noopener noreferrer" dir="ltr">{ link }</a> }
}

fn date(cx: &Context, date: &ItemDate) -> Vec<Html> {
    let lang = cx.lang;
    let mut out = Vec::new();
    let own = || html! { <bdi>{ &date.written }</bdi> };
    match &date.edtf {
        Some(edtf) => {
            let said = dates::long(edtf, lang);
            let said = if date.hijri.is_some() && edtf.from.is_none_or(|day| day.year > 0) {
                words::date_gregorian(lang, &said)
            } else {
                said
            };
            let machine = edtf
                .from
                .filter(|_| edtf.from == edtf.to)
                .map(|day| AttrValue::from(day.to_string()));
            // What was written is shown too where it says more than the date it was read as.
            let worded = date.written.chars().any(|c| c.is_alphabetic() && c != 'X');
            out.push(html! {
                <>
                    if let Some(datetime) = machine { <time {datetime}>{ said }</time> } else { <span>{ said }</span> }
                    if worded { <span class="also">{ words::date_written(lang, &format!("\u{2068}{}\u{2069}", date.written)) }</span> }
                </>
            });
        }
        None => out.push(own()),
    }
    if let Some(hijri) = &date.hijri {
        out.push(html! { <bdi>{ dates::hijri(hijri, lang) }</bdi> });
    }
    out
}

fn language(cx: &Context, view: &ItemPage, tag: &LangTag) -> Html {
    let name = words::language(cx.lang, tag.as_str()).unwrap_or(tag.as_str());
    if view.facets.iter().any(|field| field == "language") {
        let route = Route::Browse(BrowseQuery::of_value("language", tag.as_str()));
        html! { <a href={cx.href(&route)}>{ name }</a> }
    } else {
        html! { { name } }
    }
}

fn location(cx: &Context, latitude: f64, longitude: f64) -> Html {
    let lang = cx.lang;
    // Ten-thousandths of a degree, some ten metres, as whole numbers: printing a float costs 10 KB.
    let degrees = |value: f64| {
        let parts = (value.abs() * 10_000.0).round() as u32;
        words::digits(lang, &format!("{}.{:04}°", parts / 10_000, parts % 10_000))
    };
    let north = if latitude < 0.0 {
        words::south(lang)
    } else {
        words::north(lang)
    };
    let east = if longitude < 0.0 {
        words::west(lang)
    } else {
        words::east(lang)
    };
    html! { { words::location_at(lang, east, &degrees(latitude), &degrees(longitude), north) } }
}

fn rights(cx: &Context, uri: Option<&str>) -> Html {
    let lang = cx.lang;
    let body = match uri {
        None => html! { { words::rights_none(lang) } },
        Some(uri) => match known_rights(uri) {
            Some((known, version)) => {
                let creative = uri.contains("creativecommons.org/licenses/");
                let code = if creative {
                    format!("CC {} {version}", known.code.to_ascii_uppercase())
                } else {
                    known.code.to_owned()
                };
                html! {
                    <>
                        <a href={uri.to_owned()} rel="license noopener noreferrer">{ known.name(&cx.page.lang) }</a>
                        { " " }<bdi class="quiet" dir="ltr">{ code.trim_end().to_owned() }</bdi>
                    </>
                }
            }
            None => outward(uri),
        },
    };
    html! {
        <section aria-labelledby="rights">
            <h2 id="rights" class="rubric">{ words::rights(lang) }</h2>
            <p>{ body }</p>
        </section>
    }
}

fn downloads(cx: &Context, view: &ItemPage) -> Html {
    let lang = cx.lang;
    let at = usize::try_from(view.canvas).unwrap_or_default();
    let Some(canvas) = view.record.canvases.get(at) else {
        return Html::default();
    };
    let mut files: Vec<Html> = Vec::new();
    let mut file = |href: AttrValue, name: Html, bytes: u64, kind: &str| {
        files.push(html! {
            <li><a {href} download="" type={kind.to_owned()}>{ name }</a>{ " " }<span class="quiet">{ words::file_size(lang, bytes) }</span></li>
        });
    };
    if let Some(origin) = &canvas.original {
        file(
            cx.file(&origin.path()),
            html! { <bdi>{ &origin.name }</bdi> },
            origin.bytes,
            &canvas.media_type,
        );
    }
    if let Some(image) = &canvas.image {
        for size in image.sizes.iter().rev() {
            let number = |n: u32| words::digits(lang, &n.to_string());
            let name = words::download_image(lang, &number(size.height), &number(size.width));
            file(
                cx.file(&image.path(size)),
                html! { { name } },
                size.bytes.into(),
                "image/jpeg",
            );
        }
    }
    if let Some(origin) = &canvas.text {
        file(
            cx.file(&origin.path()),
            html! { { words::download_text(lang) } },
            origin.bytes,
            "text/plain",
        );
    }
    if files.is_empty() {
        return Html::default();
    }
    html! {
        <section aria-labelledby="downloads">
            <h2 id="downloads" class="rubric">{ words::downloads(lang) }</h2>
            <ul class="files">{ for files }</ul>
        </section>
    }
}

/// A reference in plain text: who, what, when, where, and its address.
fn cite(cx: &Context, view: &ItemPage) -> Html {
    let lang = cx.lang;
    let item = &view.record.item;
    let route = Route::Item {
        id: item.id.as_str().to_owned(),
        canvas: 0,
    };
    // The whole address, where the archive's is known; the viewer completes it otherwise.
    let link = match &cx.page.site.url {
        Some(url) => format!("{url}{}", route.href(&cx.page.lang, cx.page.site.pages)).into(),
        None => cx.href(&route),
    };
    let creators = item
        .field("creator")
        .map(LangMap::things)
        .unwrap_or_default();
    let separator = if lang == words::Lang::Ar { "، " } else { ", " };
    let creators: Vec<String> = creators
        .iter()
        .map(|thing| cx.best(thing, "").text)
        .collect();
    let date = item
        .date
        .as_ref()
        .map(|date| dates::short(date, &cx.page.lang))
        .unwrap_or_default();
    let collection = cx.best(&view.collection.title, &view.collection.id).text;
    let title = item.best_title(&cx.page.lang).1;
    let pieces = [
        creators.join(separator),
        title.to_owned(),
        date,
        collection,
        cx.page.site_title(),
        item.id.to_string(),
    ];
    let pieces = pieces
        .into_iter()
        .filter(|piece| !piece.is_empty())
        .enumerate();
    let isolated: Vec<Html> = pieces
        .map(|(i, text)| html! { <>if i > 0 { { ". " } }{ bdi(&Text { lang: LangTag::und(), text }) }</> })
        .collect();
    html! {
        <section aria-labelledby="cite">
            <h2 id="cite" class="rubric">{ words::cite(lang) }</h2>
            <p class="citation" id="citation">{ for isolated }{ "." }</p>
            <p><a class="permanent" id="permanent" href={link}>{ words::permanent_link(lang) }</a></p>
            if cx.live {
                <p><button type="button" data-action="copy">{ words::copy(lang) }</button></p>
            }
        </section>
    }
}
