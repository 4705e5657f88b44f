//! The report as an HTML page.

use khizana_model::Severity;
use khizana_pages::escape;
use khizana_pages::i18n::{Lang, number};

use super::excerpt::Excerpt;
use super::message_text::{Shown, hint_html};
use super::places::{self, Kind};
use super::{Report, html_sheet, missing, texts};
use crate::report::html::{self, left_to_right, time};
use crate::report::text::{self, LANGUAGES, Text, labelled};

/// Maximum number of places that are listed for a kind of problem.
const MAX_PLACES: usize = 50;
/// Maximum number of items that are listed as left out.
const MAX_LEFT_OUT: usize = 500;

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
        facts.extend(missing(checked).map(|(label, number)| (label, count(number))));
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
    let shown = places.get(..MAX_PLACES).unwrap_or(&places);
    html.push_str(&html_sheet::sheet(kind, shown, excerpt, lang));
    if places.len() > MAX_PLACES {
        let more = number(lang, (places.len() - MAX_PLACES) as u64);
        let more = labelled(lang, texts::MORE_PLACES, &more);
        html.push_str(&format!("<p>{more}</p>\n"));
    }
    html.push_str("</article>\n");
    html
}
