//! Tables with the rows of problems, in the report as an HTML page.

use std::collections::BTreeSet;

use khizana_model::{Problem, quoted_sheet};
use khizana_pages::escape;
use khizana_pages::i18n::Lang;

use super::excerpt::Excerpt;
use super::message_text::{Shown, hint_html};
use super::places::{Kind, Place, column_name};
use super::texts;
use crate::report::html::left_to_right;
use crate::report::text::{self, Text};

/// Maximum number of columns that are displayed in full.
const MAX_COLUMNS: usize = 8;
/// Maximum number of characters of a cell that are displayed.
const MAX_CELL: usize = 160;

/// Returns a table with the places of a kind of problem, and their rows with marked cells.
pub(super) fn sheet(
    kind: &Kind<'_>,
    places: &[Place<'_>],
    excerpt: &Excerpt,
    lang: Lang,
) -> String {
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
