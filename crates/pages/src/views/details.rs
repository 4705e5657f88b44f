//! The metadata of an item: details, rights and downloads.

use khizana_model::{ItemDate, LangMap, LangTag, Location, TrackKind, known_rights};
use yew::Html;

use super::browse::field_label;
use super::cite;
use super::context::{Context, bdi};
use super::el::{El, IntoHtml, el, fragment, nodes};
use super::player;
use crate::card::LangText;
use crate::dates;
use crate::i18n;
use crate::page::ItemPage;
use crate::route::Route;

/// The fields that are displayed elsewhere, or that address other software.
const HIDDEN_FIELDS: [&str; 5] = [
    "alt",
    "description",
    "display_template",
    "identifier",
    "rights_text",
];

/// Renders the fields of the record.
pub fn details(cx: &Context, view: &ItemPage) -> El {
    let lang = cx.lang;
    let item = &view.record.item;
    let empty = LangMap::new();
    let fields = item
        .fields
        .iter()
        .filter(|field| !HIDDEN_FIELDS.contains(&field.name.as_str()))
        .filter(|field| !field.values.is_empty())
        .map(|field| {
            let label = field_label(
                lang,
                &field.name,
                view.labels
                    .find(|labelled| *labelled == field.name)
                    .unwrap_or(&empty),
                cx,
            );
            let is_linked = view.facets.contains(&field.name);
            let values = field.values.entities();
            row(
                bdi(&label),
                values
                    .iter()
                    .map(|entity| value(cx, view, &field.name, entity, is_linked))
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
    let single = |label: &'static str, value: Html| row(label.into_html(), vec![value]);
    let link = |route, name: &LangText| el("a").href(cx.href(&route)).with(bdi(name)).into_html();
    let date = item
        .date
        .as_ref()
        .map(|item_date| row(i18n::date(lang).into_html(), date_values(cx, item_date)));
    let languages =
        (!languages.is_empty()).then(|| row(i18n::languages(lang).into_html(), languages));
    let parent = view.record.parent.as_ref().map(|parent| {
        let title = cx.best(&parent.title, parent.id.as_str());
        let route = Route::item(parent.id.as_str(), 0);
        single(i18n::part_of(lang), link(route, &title))
    });
    // A map displays the coordinates.
    let location = item.location.filter(|_| view.record.map.is_none());
    let coordinates = location
        .map(|location| single(i18n::location(lang), coordinates(cx, location).into_html()));
    let recordings = view
        .record
        .canvases
        .iter()
        .filter_map(|canvas| canvas.recording.as_ref());
    let duration: u64 = recordings.filter_map(|media| media.duration_ms).sum();
    let duration = (duration > 0).then(|| {
        single(
            i18n::duration(lang),
            i18n::clock(lang, duration).into_html(),
        )
    });
    let links = (!item.links.is_empty()).then(|| {
        let links = item.links.iter().map(|link| external_link(link));
        row(i18n::links(lang).into_html(), links.collect())
    });
    let from_file = (!item.from_file.is_empty()).then(|| {
        let empty = &empty;
        let names = item.from_file.iter().map(|name| match name.as_str() {
            "date" => i18n::date(lang).into_html(),
            "rights" => i18n::rights(lang).into_html(),
            "location" => i18n::location(lang).into_html(),
            name => bdi(&field_label(
                lang,
                name,
                view.labels
                    .find(|labelled| labelled == name)
                    .unwrap_or(empty),
                cx,
            )),
        });
        row(i18n::embedded_metadata(lang).into_html(), names.collect())
    });
    let list = el("dl")
        .class("details")
        .with(date)
        .with(nodes(fields))
        .with(languages)
        .with(single(
            i18n::collection(lang),
            link(collection_route, &collection),
        ))
        .with(parent)
        .with(duration)
        .with(coordinates)
        .with(row(
            i18n::identifier(lang).into_html(),
            identifiers(cx, view),
        ))
        .with(links)
        .with(from_file);
    el("section")
        .attr("aria-labelledby", "details")
        .with(
            el("h2")
                .id("details")
                .class("unseen")
                .with(i18n::details(lang)),
        )
        .with(list)
}

/// Renders the sections below the object: rights, citation and files.
pub fn colophon(cx: &Context, view: &ItemPage) -> El {
    el("div")
        .class("colophon")
        .with(rights(cx, view))
        .with(cite::cite(cx, view))
        .with(downloads(cx, view))
}

/// Renders the identifier of the item, and the other identifiers in the record.
fn identifiers(cx: &Context, view: &ItemPage) -> Vec<Html> {
    let item = &view.record.item;
    let id = item.id.as_str();
    let mut names = vec![el("bdi").with(id).into_html()];
    let others = item.field("identifier").map(LangMap::entities);
    for entity in others.into_iter().flatten() {
        let best = cx.best(&entity, "");
        if best.text != id {
            names.push(bdi(&best));
        }
    }
    names
}

/// Renders the titles and values in languages other than the displayed ones, which can be unfolded.
/// Returns `None` if there are none.
pub fn other_languages(cx: &Context, view: &ItemPage) -> Option<El> {
    let item = &view.record.item;
    let empty = LangMap::new();
    let mut rows: Vec<El> = Vec::new();
    let mut add = |label: Html, values: &LangMap| {
        let displayed = cx.best(values, "");
        let others = values.iter().filter(|(tag, text)| {
            *text != displayed.text && (**tag != displayed.lang || tag.is_und())
        });
        let others: Vec<Html> = others
            .map(|(tag, text)| el("bdi").lang_attrs(tag, text).with(text).into_html())
            .collect();
        if !others.is_empty() {
            rows.push(row(label, others));
        }
    };
    add(
        i18n::field(cx.lang, "title")
            .unwrap_or_default()
            .into_html(),
        &item.title,
    );
    for field in &item.fields {
        if matches!(
            field.name.as_str(),
            "alt" | "display_template" | "identifier"
        ) {
            continue;
        }
        let label = view.labels.find(|labelled| *labelled == field.name);
        let label = field_label(cx.lang, &field.name, label.unwrap_or(&empty), cx);
        add(bdi(&label), &field.values);
    }
    if rows.is_empty() {
        return None;
    }
    Some(
        el("details")
            .class("fold")
            .with(el("summary").with(i18n::other_languages(cx.lang)))
            .with(el("dl").class("details").with(nodes(rows))),
    )
}

/// Renders an empty section with a heading.
pub fn section(id: &'static str, title: &'static str) -> El {
    el("section")
        .attr("aria-labelledby", id)
        .with(el("h2").id(id).class("rubric").with(title))
}

fn row(label: Html, values: Vec<Html>) -> El {
    let values = values.into_iter().map(|value| el("dd").with(value));
    el("div").with(el("dt").with(label)).with(nodes(values))
}

/// Renders the name of a value that is most suitable for the reader.
fn value(cx: &Context, view: &ItemPage, field: &str, entity: &LangMap, is_linked: bool) -> Html {
    let best = cx.best(entity, "");
    if is_linked {
        let route = view.value_route(field, entity.facet_key());
        el("a").href(cx.href(&route)).with(bdi(&best)).into_html()
    } else if is_web_url(&best.text) {
        external_link(&best.text)
    } else {
        bdi(&best)
    }
}

/// Returns `true` if a text is an HTTP or HTTPS URL. Only these are safe to link to, unlike
/// `javascript:` URLs, for example.
fn is_web_url(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(char::is_whitespace)
}

/// Renders an HTTP or HTTPS URL as a link, and any other text as plain text.
fn external_link(link: &str) -> Html {
    if !is_web_url(link) {
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

/// Renders the interpreted date, the date as it was written if this adds information, and the Hijri
/// date.
fn date_values(cx: &Context, date: &ItemDate) -> Vec<Html> {
    let lang = cx.lang;
    let mut out = Vec::new();
    match &date.edtf {
        Some(edtf) => {
            let text = dates::long(edtf, lang);
            let text = if date.hijri.is_some() && edtf.from.is_none_or(|day| day.year > 0) {
                i18n::date_gregorian(lang, &text)
            } else {
                text
            };
            let datetime = edtf
                .from
                .filter(|_| edtf.from == edtf.to)
                .map(|day| day.to_string());
            // A date that is written in words may contain more information than its interpretation.
            // `X` stands for an unknown digit.
            let has_words = date.written.chars().any(|c| c.is_alphabetic() && c != 'X');
            let interpreted = match datetime {
                Some(datetime) => el("time").attr("datetime", datetime).with(text),
                None => el("span").with(text),
            };
            let written = has_words.then(|| written_date(lang, &date.written));
            out.push(fragment(vec![interpreted.into_html(), written.into_html()]));
        }
        // The Hijri date follows.
        None if date.hijri.is_some() => {}
        None => out.push(el("bdi").with(&date.written).into_html()),
    }
    if let Some(hijri) = &date.hijri {
        let formatted = el("bdi").with(dates::hijri(hijri, lang)).into_html();
        let written = dates::written_hijri(date, lang).map(|text| written_date(lang, text));
        out.push(fragment(vec![formatted, written.into_html()]));
    }
    let converted = dates::converted(date, lang);
    out.extend(converted.map(|text| el("span").with(text).into_html()));
    out
}

/// Renders a date as it was written, next to its interpretation.
fn written_date(lang: i18n::Lang, text: &str) -> El {
    let isolated = format!("\u{2068}{text}\u{2069}");
    el("span")
        .class("also")
        .with(i18n::date_written(lang, &isolated))
}

fn language(cx: &Context, view: &ItemPage, tag: &LangTag) -> Html {
    let name = i18n::language(cx.lang, tag.as_str()).unwrap_or(tag.as_str());
    if view.facets.iter().any(|field| field == "language") {
        let route = view.value_route("language", tag.as_str());
        el("a").href(cx.href(&route)).with(name).into_html()
    } else {
        name.into_html()
    }
}

/// Returns the latitude and longitude of a location as text.
pub fn coordinates(cx: &Context, location: Location) -> String {
    let lang = cx.lang;
    let Location {
        latitude,
        longitude,
    } = location;
    // Four decimal places correspond to about ten metres. The numbers are formatted as integers
    // because the code that formats floating-point numbers takes 10 KB.
    let degrees = |value: f64| {
        let parts = (value.abs() * 10_000.0).round() as u32;
        i18n::digits(lang, &format!("{}.{:04}°", parts / 10_000, parts % 10_000))
    };
    let north = if latitude < 0.0 {
        i18n::south(lang)
    } else {
        i18n::north(lang)
    };
    let east = if longitude < 0.0 {
        i18n::west(lang)
    } else {
        i18n::east(lang)
    };
    i18n::location_at(lang, east, &degrees(latitude), &degrees(longitude), north)
}

/// Renders the rights: the badge and name of a standard statement, and the text of the institution.
fn rights(cx: &Context, view: &ItemPage) -> El {
    let lang = cx.lang;
    let item = &view.record.item;
    let standard = item.rights.as_deref().map(|uri| match known_rights(uri) {
        Some((known, version)) => {
            let code = match known.code {
                "zero" => format!("CC0 {version}"),
                "mark" => format!("PDM {version}"),
                code if code.starts_with("by") => {
                    format!("CC {} {version}", code.to_ascii_uppercase())
                }
                code => code.to_owned(),
            };
            let badge = el("span")
                .class("badge")
                .attr("dir", "ltr")
                .with(code.trim_end());
            let name = el("a")
                .attr("href", uri)
                .attr("rel", "license noopener noreferrer")
                .with(known.name(&cx.page.lang));
            let name = el("p").with(name);
            fragment(vec![badge.into_html(), name.into_html()])
        }
        None => el("p").with(external_link(uri)).into_html(),
    });
    let statement = item
        .field("rights_text")
        .and_then(|values| values.best_values(&cx.page.lang));
    let statement = statement.map(|(tag, values)| {
        nodes(
            values
                .iter()
                .map(|text| el("p").class("statement").lang_attrs(tag, text).with(text)),
        )
    });
    let none =
        (standard.is_none() && statement.is_none()).then(|| el("p").with(i18n::no_rights(lang)));
    let body = el("div")
        .class("rights")
        .with(standard)
        .with(statement)
        .with(none);
    section("rights", i18n::rights(lang)).with(body)
}

fn downloads(cx: &Context, view: &ItemPage) -> Option<El> {
    let lang = cx.lang;
    let index = usize::try_from(view.canvas).unwrap_or_default();
    let canvas = view.record.canvases.get(index)?;
    let mut files: Vec<Html> = Vec::new();
    let mut add_file = |path: &str, name: Html, bytes: u64, media_type: &str| {
        let file_name = path.rsplit('/').next().unwrap_or_default();
        let link = el("a")
            .href(cx.file(path))
            .attr(
                "download",
                file_name
                    .strip_suffix(khizana_format::INERT_SUFFIX)
                    .unwrap_or_default(),
            )
            .attr("type", media_type)
            .with(name);
        let size = el("span").class("quiet").with(i18n::file_size(lang, bytes));
        files.push(el("li").with(link).with(" ").with(size).into_html());
    };
    if let Some(origin) = &canvas.original {
        let name = el("bdi").with(origin.download_name()).into_html();
        add_file(&origin.path(), name, origin.bytes, &canvas.media_type);
    }
    if let Some(image) = &canvas.image {
        for size in image.sizes.iter().rev() {
            let number = |n: u32| i18n::digits(lang, &n.to_string());
            let name = i18n::download_image(lang, &number(size.height), &number(size.width));
            let bytes = size.bytes.into();
            let path = image.path(size);
            add_file(&path, name.into_html(), bytes, size.file.media_type());
        }
    }
    if let Some(origin) = &canvas.text {
        let name = i18n::download_text(lang).into_html();
        add_file(&origin.path(), name, origin.bytes, "text/plain");
    }
    let tracks = canvas.recording.iter().flat_map(|media| &media.tracks);
    for track in tracks {
        let mut name = String::from(match track.kind {
            TrackKind::Captions => i18n::captions(lang),
            TrackKind::Transcript => i18n::transcript(lang),
            TrackKind::Chapters => i18n::chapters(lang),
        });
        name.push_str(" · ");
        name.push_str(player::language_name(cx, track));
        add_file(
            &track.file.path(),
            name.into_html(),
            track.file.bytes,
            "text/vtt",
        );
    }
    if files.is_empty() {
        return None;
    }
    let list = el("ul").class("files").with(fragment(files));
    Some(section("downloads", i18n::downloads(lang)).with(list))
}
