//! The report as an HTML page.

use std::collections::BTreeSet;

use khizana_model::{Problem, Severity, quoted_sheet};
use khizana_pages::escape;
use khizana_pages::i18n::{Lang, number};

use super::excerpt::Excerpt;
use super::message_text::{Shown, hint_html};
use super::places::{self, Kind, Place, column_name};
use super::{Report, texts};
use crate::report::html::{self, left_to_right, time};
use crate::report::text::{self, LANGUAGES, Text, labelled};

/// Maximum number of places that are listed for a kind of problem.
const MAX_PLACES: usize = 50;
/// Maximum number of items that are listed as left out.
const MAX_LEFT_OUT: usize = 500;
/// Maximum number of columns that are displayed in full.
const MAX_COLUMNS: usize = 8;
/// Maximum number of characters of a cell that are displayed.
const MAX_CELL: usize = 160;

const STYLE: &str = "\
:root{--head:#eef0f2;--error-cell:#ffd9d5;--warning-cell:#fff0b8;--warning:#8a5a00}\
@media (prefers-color-scheme:dark){:root{--head:#25292e;--error-cell:#5c1f1b;--warning-cell:#4d3f0c;--warning:#f2c94c}}\
.warned{color:var(--warning)}\
.kind{border-inline-start:.3rem solid var(--line);padding-inline-start:1rem;margin-block:1.5rem}\
.kind.error{border-color:var(--error)}.kind.warning{border-color:var(--warning)}\
h3{font-size:1.05rem;margin:0 0 .3rem}\
h3,.kind p{overflow-wrap:anywhere}\
.kind p{margin:.3rem 0}.count{font-size:.85rem;opacity:.8}\
.sheet{overflow-x:auto;margin-top:.5rem}\
.sheet table{width:auto;min-width:min(100%,20rem)}\
.sheet thead th,.sheet tbody th{background:var(--head)}\
.sheet th,.sheet td{overflow-wrap:break-word}.sheet td{max-width:18rem;min-width:3rem}.sheet .text{min-width:12rem}\
.sheet tbody th{white-space:nowrap;font-weight:normal}\
.letter{text-align:center;font-weight:normal}\
.mark{outline:2px solid;outline-offset:-2px;font-weight:bold}\
.error .mark{background:var(--error-cell);outline-color:var(--error)}\
.warning .mark{background:var(--warning-cell);outline-color:var(--warning)}\
.file{white-space:normal;overflow-wrap:anywhere}\
@media screen and (max-width:40rem){.near{display:none}}\
code{font:.92em ui-monospace,'Noto Sans Mono',monospace;unicode-bidi:isolate;background:var(--head);padding:0 .2em;border-radius:.2em}\
@media print{:root{--head:#eee;--error-cell:#fdd;--warning-cell:#ffc;--warning:#8a5a00}.sheet{overflow:visible}.sheet table{font-size:.75rem}h2,h3{break-after:avoid}}";

/// Returns the page.
pub(super) fn page(report: &Report<'_>) -> String {
    let excerpt = report.excerpt(MAX_PLACES);
    let sections = LANGUAGES.map(|(tag, lang)| section(report, &excerpt, tag, lang));
    let title = texts::HEADING.in_language(Lang::Ar);
    html::page(title, STYLE, &sections.concat())
}

fn section(report: &Report<'_>, excerpt: &Excerpt, tag: &str, lang: Lang) -> String {
    let errors = report.count(Severity::Error);
    let (class, result) = match (report.checked, errors, report.problems.len()) {
        (None, ..) => ("damaged", texts::FAILED),
        (_, 0, 0) => ("intact", texts::CLEAN),
        (_, 0, _) => ("warned", texts::WARNED),
        _ => ("damaged", texts::REJECTED),
    };
    let mut html = format!(
        "<section class=\"language\" id=\"{tag}\" lang=\"{tag}\" dir=\"{}\">\n<h1>{}</h1>\n\
         <p class=\"result {class}\">{}</p>\n<dl>\n",
        lang.dir(),
        texts::HEADING.in_language(lang),
        result.in_language(lang)
    );
    for (label, value) in facts(report, lang) {
        html.push_str(&format!(
            "<dt>{}</dt><dd>{value}</dd>\n",
            label.in_language(lang)
        ));
    }
    html.push_str("</dl>\n");
    html.push_str(&left_out(report, lang));
    // The completeness of the accepted items is a part of `report.checked`.
    for (severity, heading) in [
        (Severity::Error, text::ERRORS),
        (Severity::Warning, text::WARNINGS),
    ] {
        let kinds = report.kinds.iter().filter(|kind| kind.severity == severity);
        let kinds: String = kinds.map(|kind| kind_html(kind, excerpt, lang)).collect();
        if !kinds.is_empty() {
            html.push_str(&format!("<h2>{}</h2>\n{kinds}", heading.in_language(lang)));
        }
    }
    html.push_str("</section>\n");
    html
}

/// Returns the facts about the check: labels and values in HTML.
fn facts(report: &Report<'_>, lang: Lang) -> Vec<(Text, String)> {
    let count = |n| number(lang, n);
    let mut facts = vec![(texts::SOURCE, left_to_right(&report.source))];
    if let Some(source) = report.opened.as_ref().filter(|source| !source.is_folder()) {
        facts.push((texts::TABLE, left_to_right(&source.table_name)));
    }
    facts.push((texts::DATE, time(&report.time)));
    if let Some(checked) = report.checked {
        facts.push((texts::ROWS, count(checked.items + checked.rejected)));
        facts.push((texts::ITEMS, count(checked.items)));
        facts.push((texts::LEFT_OUT, count(checked.rejected)));
    }
    facts.push((text::ERRORS, count(report.count(Severity::Error))));
    facts.push((text::WARNINGS, count(report.count(Severity::Warning))));
    facts.push((text::VERSION, left_to_right(env!("CARGO_PKG_VERSION"))));
    facts
}

/// Returns the list of the items that are left out.
fn left_out(report: &Report<'_>, lang: Lang) -> String {
    let left_out = places::left_out(report.problems);
    if left_out.is_empty() {
        return String::new();
    }
    let shown = left_out.iter().take(MAX_LEFT_OUT);
    let mut names: Vec<String> = shown
        .map(|left_out| {
            let row = format!("{} {}", texts::ROW.in_language(lang), left_out.row);
            match left_out.item {
                Some(item) => format!("<bdi>{}</bdi> ({row})", escape(item)),
                None => row,
            }
        })
        .collect();
    if left_out.len() > MAX_LEFT_OUT {
        let more = number(lang, (left_out.len() - MAX_LEFT_OUT) as u64);
        names.push(labelled(lang, texts::MORE_ITEMS, &more));
    }
    let comma = if lang == Lang::Ar { "، " } else { ", " };
    format!(
        "<h2>{}</h2>\n<p>{}</p>\n",
        texts::LEFT_OUT.in_language(lang),
        names.join(comma)
    )
}

fn kind_html(kind: &Kind<'_>, excerpt: &Excerpt, lang: Lang) -> String {
    let places = kind.places();
    let title = match places.as_slice() {
        [place] => Some(Shown::of_place(place, excerpt)),
        _ => Shown::of_kind(kind, &excerpt.header),
    };
    let title = title.map(|title| title.html(lang)).unwrap_or_default();
    let hint = kind.shared(|problem| &problem.hint);
    let hint = hint.map_or_else(String::new, |hint| {
        format!(
            "<p><strong>{}</strong>{}</p>\n",
            labelled(lang, text::REMEDY, ""),
            hint_html(hint, lang)
        )
    });
    let mut html = format!(
        "<article class=\"kind {}\">\n<h3>{title}</h3>\n{hint}\
         <p class=\"count\">{} · {}</p>\n",
        kind.severity,
        labelled(lang, texts::PLACES, &number(lang, places.len() as u64)),
        labelled(lang, text::CODE, &left_to_right(kind.code)),
    );
    html.push_str(&sheet(kind, &places, excerpt, lang));
    if places.len() > MAX_PLACES {
        let more = number(lang, (places.len() - MAX_PLACES) as u64);
        let more = labelled(lang, texts::MORE_PLACES, &more);
        html.push_str(&format!("<p>{more}</p>\n"));
    }
    html.push_str("</article>\n");
    html
}

/// Returns a table with the places of a kind of problem, and their rows with marked cells.
fn sheet(kind: &Kind<'_>, places: &[Place<'_>], excerpt: &Excerpt, lang: Lang) -> String {
    let places = places.get(..MAX_PLACES).unwrap_or(places);
    let message = |problem: &Problem| problem.message_of_occurrence();
    let has_messages = places.len() > 1 && kind.shared(message).is_none();
    let has_hints = kind.shared(|problem| &problem.hint).is_none();
    let has_corrections = places
        .iter()
        .any(|place| place.corrections().next().is_some());
    let columns = columns(places, excerpt);
    let marked: BTreeSet<u32> = places.iter().filter_map(|place| place.column).collect();
    // On a narrow screen, the columns next to the marked ones are hidden.
    let near = |column: u32| match column == 0 || marked.is_empty() || marked.contains(&column) {
        true => "",
        false => "near",
    };
    let label = |text: Text| {
        let text = text.in_language(lang);
        format!("<th scope=\"col\" rowspan=\"2\">{text}</th>")
    };
    let mut html = String::from("<div class=\"sheet\" tabindex=\"0\"><table>\n<thead><tr>");
    html.push_str(&label(texts::PLACE));
    let mut names = String::new();
    for column in &columns {
        let Some(column) = column else {
            html.push_str("<th rowspan=\"2\" class=\"near\">…</th>");
            continue;
        };
        html.push_str(&format!(
            "<th scope=\"col\" class=\"letter {}\">{}</th>",
            near(*column),
            column_name(*column)
        ));
        let name = excerpt.header.get(*column as usize);
        names.push_str(&format!(
            "<th scope=\"col\" class=\"{}\" dir=\"auto\">{}</th>",
            near(*column),
            escape(&shortened(name.map_or("", String::as_str)))
        ));
    }
    for (is_shown, text) in [
        (has_messages, texts::PROBLEM),
        (has_hints, text::REMEDY),
        (has_corrections, texts::INSTEAD),
    ] {
        if is_shown {
            html.push_str(&label(text));
        }
    }
    html.push_str(&format!("</tr>\n<tr>{names}</tr></thead>\n<tbody>\n"));
    for place in places {
        html.push_str(&format!("<tr><th scope=\"row\">{}</th>", name(place, lang)));
        for column in &columns {
            html.push_str(&match column {
                Some(column) => cell(place, *column, near(*column), excerpt, lang),
                None => "<td class=\"near\"></td>".to_owned(),
            });
        }
        if has_messages {
            let message = Shown::of_place(place, excerpt).html(lang);
            html.push_str(&format!("<td class=\"text\">{message}</td>"));
        }
        if has_hints {
            let hint = hint_html(&place.problem.hint, lang);
            html.push_str(&format!("<td class=\"text\">{hint}</td>"));
        }
        if has_corrections {
            html.push_str(&format!("<td>{}</td>", instead(place, lang)));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table></div>\n");
    html
}

/// Returns the columns to display, with `None` in place of columns that are omitted: the first columns, and
/// the marked columns with their neighbours.
fn columns(places: &[Place<'_>], excerpt: &Excerpt) -> Vec<Option<u32>> {
    let has_rows = places
        .iter()
        .any(|place| place.row.is_some_and(|row| excerpt.row(row).is_some()));
    let count = excerpt.header.len();
    let marked = places.iter().filter_map(|place| place.column);
    let widest = marked.clone().map(|column| column as usize + 1).max();
    let count = count.max(widest.unwrap_or(0));
    if !has_rows {
        return Vec::new();
    }
    let all = 0..u32::try_from(count).unwrap_or(u32::MAX);
    if count <= MAX_COLUMNS {
        return all.map(Some).collect();
    }
    let near = marked.flat_map(|column| column.saturating_sub(1)..=column.saturating_add(1));
    let kept: BTreeSet<u32> = near
        .chain(0..2)
        .filter(|column| all.contains(column))
        .collect();
    let mut columns = Vec::new();
    let mut next = 0;
    for column in kept {
        if column > next {
            columns.push(None);
        }
        columns.push(Some(column));
        next = column + 1;
    }
    if next < all.end {
        columns.push(None);
    }
    columns
}

/// Returns the name of a place.
fn name(place: &Place<'_>, lang: Lang) -> String {
    let mut parts = Vec::new();
    match (place.cell(), place.row) {
        (Some(cell), _) => {
            // The name of the sheet may be written from right to left, but precedes the cell.
            let sheet = place.problem.sheet.as_deref().map(quoted_sheet);
            let sheet = sheet.map(|sheet| format!("<bdi>{}</bdi>!", escape(&sheet)));
            let sheet = sheet.unwrap_or_default();
            parts.push(format!("<bdi dir=\"ltr\">{sheet}{cell}</bdi>"));
        }
        (None, Some(row)) => parts.push(format!("{} {row}", texts::ROW.in_language(lang))),
        (None, None) => {}
    }
    if let Some(file) = place.file() {
        parts.push(format!(
            "<span class=\"file\">{}</span>",
            left_to_right(&file)
        ));
    }
    if let (None, Some(item)) = (place.row, &place.problem.item) {
        parts.push(format!("<bdi>{}</bdi>", escape(item)));
    }
    match parts.is_empty() {
        true => "—".to_owned(),
        false => parts.join("<br>"),
    }
}

fn cell(place: &Place<'_>, column: u32, class: &str, excerpt: &Excerpt, lang: Lang) -> String {
    let text = place.row.and_then(|row| excerpt.cell(row, column));
    let text = text.unwrap_or_default();
    // A problem of the row as a whole marks all of its cells.
    let is_marked = match (place.row, place.column) {
        (Some(_), None) => place.file().is_none(),
        (_, marked) => marked == Some(column),
    };
    let class = if is_marked { "mark" } else { class };
    let text = match text.trim().is_empty() && place.column == Some(column) {
        true => format!("<em>{}</em>", texts::EMPTY.in_language(lang)),
        false => escape(&shortened(text)),
    };
    format!("<td class=\"{class}\" dir=\"auto\">{text}</td>")
}

/// Returns what to write instead.
fn instead(place: &Place<'_>, lang: Lang) -> String {
    let corrections = place.corrections().map(|correction| {
        let text = format!("<bdi>{}</bdi>", escape(&shortened(&correction.to)));
        match correction.is_safe {
            true => text,
            false => format!("{text} {}", texts::UNCERTAIN.in_language(lang)),
        }
    });
    corrections.collect::<Vec<_>>().join("<br>")
}

/// Returns the beginning of a text.
fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_CELL).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
