//! All that is known of an item.

use khizana_model::{ItemDate, LangMap, LangTag, TrackKind, known_rights};
use yew::{AttrValue, Html};

use super::browse::field_label;
use super::context::{Context, bdi};
use super::el::{El, IntoHtml, all, each, el};
use super::player;
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
                view.labels.find(|own| *own == field.name).unwrap_or(&empty),
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
    let one = |label: &'static str, value: Html| row(label.into_html(), vec![value]);
    let link = |route, name: &Text| el("a").href(cx.href(&route)).with(bdi(name)).into_html();
    let when = item
        .date
        .as_ref()
        .map(|one| row(words::date(lang).into_html(), date(cx, one)));
    let languages =
        (!languages.is_empty()).then(|| row(words::languages(lang).into_html(), languages));
    let parent = view.record.parent.as_ref().map(|parent| {
        let title = cx.best(&parent.title, parent.id.as_str());
        let route = Route::item(parent.id.as_str(), 0);
        one(words::part_of(lang), link(route, &title))
    });
    let place = item.location.map(|place| {
        one(
            words::location(lang),
            location(cx, place.latitude, place.longitude),
        )
    });
    let recordings = view
        .record
        .canvases
        .iter()
        .filter_map(|own| own.recording.as_ref());
    let length: u64 = recordings.filter_map(|own| own.duration_ms).sum();
    let length = (length > 0).then(|| {
        one(
            words::duration(lang),
            words::clock(lang, length).into_html(),
        )
    });
    let links = (!item.links.is_empty()).then(|| {
        let links = item.links.iter().map(|link| outward(link));
        row(words::links(lang).into_html(), links.collect())
    });
    let from_file = (!item.from_file.is_empty()).then(|| {
        let empty = &empty;
        let names = item.from_file.iter().map(|name| match name.as_str() {
            "date" => words::date(lang).into_html(),
            "rights" => words::rights(lang).into_html(),
            "location" => words::location(lang).into_html(),
            name => bdi(&field_label(
                lang,
                name,
                view.labels.find(|own| own == name).unwrap_or(empty),
                cx,
            )),
        });
        row(words::from_file(lang).into_html(), names.collect())
    });
    let list = el("dl")
        .class("details")
        .with(when)
        .with(each(fields))
        .with(languages)
        .with(one(
            words::collection(lang),
            link(collection_route, &collection),
        ))
        .with(parent)
        .with(length)
        .with(place)
        .with(one(
            words::identifier(lang),
            el("bdi").with(item.id.as_str()).into_html(),
        ))
        .with(links)
        .with(from_file);
    all(vec![
        section("details", words::details(lang))
            .with(list)
            .into_html(),
        rights(cx, item.rights.as_deref()).into_html(),
        downloads(cx, view).into_html(),
        cite(cx, view).into_html(),
    ])
}

/// A section with its heading.
fn section(id: &'static str, title: &'static str) -> El {
    el("section")
        .attr("aria-labelledby", id)
        .with(el("h2").id(id).class("rubric").with(title))
}

fn row(label: Html, values: Vec<Html>) -> El {
    let values = values.into_iter().map(|value| el("dd").with(value));
    el("div").with(el("dt").with(label)).with(each(values))
}

/// A thing: its name for this reader, then its names in the other languages.
fn value(cx: &Context, field: &str, thing: &LangMap, linked: bool) -> Html {
    let best = cx.best(thing, "");
    let shown = if linked {
        let route = Route::Browse(BrowseQuery::of_value(field, thing.key()));
        el("a").href(cx.href(&route)).with(bdi(&best)).into_html()
    } else if is_address(&best.text) {
        outward(&best.text)
    } else {
        bdi(&best)
    };
    let others = thing.iter().filter(|(_, value)| *value != best.text);
    let others = others.map(|(tag, value)| {
        let value = el("bdi").tongue(tag, value).with(value);
        el("span").class("also").with(value)
    });
    all(vec![shown, each(others)])
}

/// Whether a text is an address that can be linked to: never `javascript:` or the like.
fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(char::is_whitespace)
}

fn outward(link: &str) -> Html {
    if !is_address(link) {
        return el("bdi").with(link).into_html();
    }
    el("a")
        .class("outward")
        .attr("href", link)
        .attr("rel", "noopener noreferrer")
        .attr("dir", "ltr")
        .with(link)
        .into_html()
}

fn date(cx: &Context, date: &ItemDate) -> Vec<Html> {
    let lang = cx.lang;
    let mut out = Vec::new();
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
                .map(|day| day.to_string());
            // What was written is shown too where it says more than the date it was read as.
            let worded = date.written.chars().any(|c| c.is_alphabetic() && c != 'X');
            let said = match machine {
                Some(machine) => el("time").attr("datetime", machine).with(said),
                None => el("span").with(said),
            };
            let written = worded.then(|| {
                let isolated = format!("\u{2068}{}\u{2069}", date.written);
                el("span")
                    .class("also")
                    .with(words::date_written(lang, &isolated))
            });
            out.push(all(vec![said.into_html(), written.into_html()]));
        }
        None => out.push(el("bdi").with(&date.written).into_html()),
    }
    if let Some(hijri) = &date.hijri {
        out.push(el("bdi").with(dates::hijri(hijri, lang)).into_html());
    }
    out
}

fn language(cx: &Context, view: &ItemPage, tag: &LangTag) -> Html {
    let name = words::language(cx.lang, tag.as_str()).unwrap_or(tag.as_str());
    if view.facets.iter().any(|field| field == "language") {
        let route = Route::Browse(BrowseQuery::of_value("language", tag.as_str()));
        el("a").href(cx.href(&route)).with(name).into_html()
    } else {
        name.into_html()
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
    words::location_at(lang, east, &degrees(latitude), &degrees(longitude), north).into_html()
}

fn rights(cx: &Context, uri: Option<&str>) -> El {
    let lang = cx.lang;
    let body = match uri {
        None => words::rights_none(lang).into_html(),
        Some(uri) => match known_rights(uri) {
            Some((known, version)) => {
                // The licences of Creative Commons go by these letters, its other tools by their names.
                let code = if known.code.starts_with("by") {
                    format!("CC {} {version}", known.code.to_ascii_uppercase())
                } else {
                    known.code.to_owned()
                };
                let name = el("a")
                    .attr("href", uri)
                    .attr("rel", "license noopener noreferrer")
                    .with(known.name(&cx.page.lang));
                let code = el("bdi")
                    .class("quiet")
                    .attr("dir", "ltr")
                    .with(code.trim_end());
                all(vec![name.into_html(), " ".into_html(), code.into_html()])
            }
            None => outward(uri),
        },
    };
    section("rights", words::rights(lang)).with(el("p").with(body))
}

fn downloads(cx: &Context, view: &ItemPage) -> Option<El> {
    let lang = cx.lang;
    let at = usize::try_from(view.canvas).unwrap_or_default();
    let canvas = view.record.canvases.get(at)?;
    let mut files: Vec<Html> = Vec::new();
    let mut file = |path: &str, name: Html, bytes: u64, kind: &str| {
        let link = el("a")
            .href(cx.file(path))
            .attr("download", "")
            .attr("type", kind)
            .with(name);
        let size = el("span")
            .class("quiet")
            .with(words::file_size(lang, bytes));
        files.push(el("li").with(link).with(" ").with(size).into_html());
    };
    if let Some(origin) = &canvas.original {
        let name = el("bdi").with(&origin.name).into_html();
        file(&origin.path(), name, origin.bytes, &canvas.media_type);
    }
    if let Some(image) = &canvas.image {
        for size in image.sizes.iter().rev() {
            let number = |n: u32| words::digits(lang, &n.to_string());
            let name = words::download_image(lang, &number(size.height), &number(size.width));
            let bytes = size.bytes.into();
            file(&image.path(size), name.into_html(), bytes, "image/jpeg");
        }
    }
    if let Some(origin) = &canvas.text {
        let name = words::download_text(lang).into_html();
        file(&origin.path(), name, origin.bytes, "text/plain");
    }
    let tracks = canvas.recording.iter().flat_map(|own| &own.tracks);
    for track in tracks {
        let mut name = String::from(match track.kind {
            TrackKind::Captions => words::captions(lang),
            TrackKind::Transcript => words::transcript(lang),
            TrackKind::Chapters => words::chapters(lang),
        });
        name.push_str(" · ");
        name.push_str(player::language(cx, track));
        file(
            &track.file.path(),
            name.into_html(),
            track.file.bytes,
            "text/vtt",
        );
    }
    if files.is_empty() {
        return None;
    }
    let list = el("ul").class("files").with(all(files));
    Some(section("downloads", words::downloads(lang)).with(list))
}

/// What stands between two pieces of a reference: `Photo Co.` ends with a full stop already.
fn joint_after(piece: &str) -> &'static str {
    if piece.ends_with(['.', '!', '?', '؟', '…']) {
        " "
    } else {
        ". "
    }
}

/// A reference in plain text: who, what, when, where, and its address.
fn cite(cx: &Context, view: &ItemPage) -> El {
    let lang = cx.lang;
    let item = &view.record.item;
    let route = Route::item(item.id.as_str(), 0);
    // The whole address, for print too, where the archive's is known; a link that the browser
    // completes otherwise.
    let (link, shown) = match &cx.page.site.url {
        Some(url) => {
            let whole = format!("{url}{}", route.href(&cx.page.lang, cx.page.site.pages));
            (AttrValue::from(whole.clone()), whole)
        }
        None => (cx.href(&route), words::permanent_link(lang).to_owned()),
    };
    let creators = item
        .field("creator")
        .map(LangMap::things)
        .unwrap_or_default();
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
        creators.join(cx.comma()),
        title.to_owned(),
        date,
        collection,
        cx.page.site_title(),
        item.id.to_string(),
    ];
    let mut joint = None;
    let pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
    let isolated = pieces.map(|text| {
        let und = LangTag::und();
        let piece = el("bdi").tongue(&und, &text).with(&text);
        let before = joint.replace(joint_after(&text));
        all(vec![before.into_html(), piece.into_html()])
    });
    let citation = el("p")
        .class("citation")
        .id("citation")
        .with(each(isolated))
        .with(".");
    let permanent = el("a")
        .class("permanent")
        .id("permanent")
        .href(link)
        .with(el("bdi").with(shown));
    let copy = cx.live.then(|| {
        let button = el("button")
            .attr("type", "button")
            .attr("data-action", "copy")
            .with(words::copy(lang));
        el("p").with(button)
    });
    // For other people's viewers, into which it can be dragged too.
    let manifest = cx.page.site.manifest(&view.record).map(|address| {
        let link = el("a").class("permanent").id("manifest");
        let link = link.attr("href", address);
        el("p").with(link.with(words::iiif_manifest(lang)))
    });
    section("cite", words::cite(lang))
        .with(citation)
        .with(el("p").with(permanent))
        .with(copy)
        .with(manifest)
}

#[cfg(test)]
mod tests {
    use super::joint_after;

    #[test]
    fn a_reference_has_no_full_stop_twice() {
        assert_eq!(joint_after("Photo Co."), " ");
        assert_eq!(joint_after("من أنت؟"), " ");
        assert_eq!(joint_after("1906"), ". ");
    }
}
