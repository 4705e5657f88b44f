//! The list of problems as HTML.

use std::collections::BTreeMap;

use khizana_model::{Problem, Severity};
use khizana_pages::escape;
use khizana_pages::i18n::{Lang, number};
use khizana_source::cell_name;
use serde::Serialize;

use crate::html::{self, isolated, left_to_right};
use crate::reading::Reading;
use crate::texts::{self, Text};

/// Maximum number of problems that are listed.
const MAX_PROBLEMS: usize = 300;
/// Maximum number of rows that are listed for a problem.
const MAX_ROWS: usize = 30;
/// Maximum number of proposals that are listed for a problem.
const MAX_CORRECTIONS: usize = 5;
/// Maximum length of the name of a kind of problem, in characters.
const MAX_KIND_LEN: usize = 70;

/// A kind of problem, by which the list can be filtered.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Kind {
    pub(crate) code: &'static str,
    /// The message without its values, and the number of problems.
    pub(crate) label: String,
}

/// Returns the kinds of problems: the errors first, and then in alphabetical order of their codes.
pub(crate) fn kinds(problems: &[&Problem], lang: Lang) -> Vec<Kind> {
    let mut kinds: BTreeMap<(Severity, &'static str), (&Problem, u64)> = BTreeMap::new();
    for problem in problems {
        let kind = kinds.entry((problem.severity, problem.code));
        kind.or_insert((problem, 0)).1 += 1;
    }
    let kinds = kinds.into_iter().map(|((_, code), (problem, count))| {
        let message = problem.message_of_occurrence();
        let text = message.in_language_with(html::language(lang), &|_| "…");
        let mut label: String = text.chars().take(MAX_KIND_LEN).collect();
        if label.len() < text.len() {
            label.push('…');
        }
        Kind {
            code,
            label: format!("{label} ({})", number(lang, count)),
        }
    });
    kinds.collect()
}

/// The context of the list.
pub(crate) struct List<'a> {
    pub(crate) lang: Lang,
    pub(crate) reading: Option<&'a Reading>,
    /// Returns the URL of the page of an item.
    pub(crate) item_url: &'a dyn Fn(&str) -> String,
}

impl List<'_> {
    /// Returns the list of problems, of which the errors come first.
    pub(crate) fn html(&self, problems: &[&Problem]) -> String {
        if problems.is_empty() {
            let text = texts::NO_PROBLEMS.in_language(self.lang);
            return format!("<p class=\"none\">{text}</p>");
        }
        let mut sorted = problems.to_vec();
        sorted.sort_by_key(|problem| problem.severity);
        let shown = sorted.iter().take(MAX_PROBLEMS);
        let shown: String = shown.map(|problem| self.problem(problem)).collect();
        let more = match sorted.len().saturating_sub(MAX_PROBLEMS) {
            0 => String::new(),
            more => {
                let more = number(self.lang, more as u64);
                format!("<p>{}</p>", texts::MORE_PROBLEMS.labelled(self.lang, &more))
            }
        };
        format!("<ul class=\"problems\">{shown}</ul>{more}")
    }

    fn problem(&self, problem: &Problem) -> String {
        let lang = self.lang;
        let severity = match problem.severity {
            Severity::Error => texts::ERROR,
            Severity::Warning => texts::WARNING,
        };
        let remedy = texts::REMEDY.labelled(lang, "");
        let link = problem.item.as_ref().map_or_else(String::new, |id| {
            let text = texts::SHOW_ITEM.in_language(lang);
            format!(
                "<p><a href=\"{}\" target=\"site\">{text} {}</a></p>",
                escape(&(self.item_url)(id)),
                isolated(id)
            )
        });
        let accepted = |id: &String| {
            let reading = self.reading;
            reading.is_some_and(|reading| reading.hashes.contains_key(id))
        };
        let link = match problem.item.as_ref().is_some_and(accepted) {
            true => link,
            false => String::new(),
        };
        format!(
            "<li class=\"{}\"><h3><span class=\"severity\">{}</span> {}</h3><p>{}</p>{}\
             <p><strong>{remedy}</strong>{}</p>{}{link}</li>",
            problem.severity,
            severity.in_language(lang),
            self.place(problem),
            html::message(&problem.message, lang),
            self.corrections(problem),
            html::message(&problem.hint, lang),
            self.rows(problem),
        )
    }

    /// Returns where a problem is, for its heading.
    fn place(&self, problem: &Problem) -> String {
        let lang = self.lang;
        let named = |label: Text, value: &str| {
            format!("{} {}", label.in_language(lang), left_to_right(value))
        };
        let mut parts = Vec::new();
        if let Some(file) = problem
            .file
            .as_ref()
            .filter(|_| problem.file != problem.table)
        {
            let mut place = file.clone();
            for number in [problem.line, problem.column].into_iter().flatten() {
                place.push_str(&format!(":{number}"));
            }
            parts.push(named(texts::FILE, &place));
        }
        if let Some(sheet) = &problem.sheet {
            parts.push(format!(
                "{} {}",
                texts::SHEET.in_language(lang),
                isolated(sheet)
            ));
        }
        match (&problem.cell, problem.row) {
            (Some(cell), _) => parts.push(named(texts::CELL, cell)),
            (None, Some(row)) => parts.push(named(texts::ROW, &row.to_string())),
            (None, None) => {}
        }
        if parts.is_empty() {
            return match &problem.file {
                Some(file) => named(texts::TABLE, file),
                None => texts::SOURCE.in_language(lang).to_owned(),
            };
        }
        parts.join(" · ")
    }

    /// Returns links to the items of all rows of a problem that occurs in several rows.
    fn rows(&self, problem: &Problem) -> String {
        if problem.rows.len() < 2 {
            return String::new();
        }
        let mut rows: Vec<String> = problem
            .rows
            .iter()
            .take(MAX_ROWS)
            .map(|row| self.row(*row))
            .collect();
        let more = problem.rows.len().saturating_sub(MAX_ROWS);
        if more > 0 {
            let text = texts::MORE.in_language(self.lang);
            rows.push(format!("{} {text}", number(self.lang, more as u64)));
        }
        let separator = self.lang.list_separator();
        let rows = texts::ROWS.labelled(self.lang, &rows.join(separator));
        format!("<p>{rows}</p>")
    }

    fn row(&self, row: u64) -> String {
        match self.reading.and_then(|reading| reading.item_in_row(row)) {
            Some(id) => format!(
                "<a href=\"{}\" target=\"site\">{row}</a>",
                escape(&(self.item_url)(id))
            ),
            None => row.to_string(),
        }
    }

    fn corrections(&self, problem: &Problem) -> String {
        let corrections = problem.corrections.iter().take(MAX_CORRECTIONS);
        let proposals = corrections.map(|correction| {
            let cell = left_to_right(&cell_name(correction.column, correction.row));
            let proposal = format!(
                "{cell}, <ins><bdi>{}</bdi></ins> ← <del><bdi>{}</bdi></del>",
                escape(&correction.to),
                escape(&correction.from)
            );
            let proposal = texts::WRITE_INSTEAD.labelled(self.lang, &proposal);
            format!("<p class=\"proposal\">{proposal}</p>")
        });
        proposals.collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::{GroupedWarnings, RowPosition, message};

    use super::*;

    fn position(row: u64) -> RowPosition {
        RowPosition {
            table: "metadata.csv".to_owned(),
            row,
            line: row,
            sheet: None,
        }
    }

    fn problems() -> Vec<Problem> {
        let mut grouped = GroupedWarnings::default();
        for row in [2, 3, 4] {
            let warning = Problem::warning("date-not-edtf", "W.", "H.");
            grouped.add(
                "date",
                warning.in_row(&position(row)).in_cell(format!("C{row}")),
            );
        }
        let mut problems = grouped.into_problems();
        let text = message!("The file `{value}` does not exist.", value = "<x>.jpg");
        let error = Problem::error("file-missing", text, "Check the spelling of the path.");
        problems.push(error.in_row(&position(9)).of_item("x"));
        problems
    }

    fn html(lang: Lang) -> String {
        let problems = problems();
        let list = List {
            lang,
            reading: None,
            item_url: &|id| format!("/ar/item/{id}/"),
        };
        list.html(&problems.iter().collect::<Vec<_>>())
    }

    #[test]
    fn errors_come_first_and_are_translated() {
        let arabic = html(Lang::Ar);
        let (error, warning) = (arabic.find("خطأ").unwrap(), arabic.find("ملاحظة").unwrap());
        assert!(error < warning, "{arabic}");
        assert!(arabic.contains("&lt;x&gt;.jpg"), "{arabic}");
        assert!(html(Lang::Fr).contains("Ligne <bdi dir=\"ltr\">9</bdi>"));
        assert!(
            html(Lang::En).contains("Rows: 2, 3, 4"),
            "{}",
            html(Lang::En)
        );
    }

    #[test]
    fn kinds_have_their_counts_and_no_values() {
        let problems = problems();
        let kinds = kinds(&problems.iter().collect::<Vec<_>>(), Lang::En);
        let labels: Vec<&str> = kinds.iter().map(|kind| kind.label.as_str()).collect();
        assert_eq!(labels, ["The file `…` does not exist. (1)", "W. (1)"]);
    }
}
