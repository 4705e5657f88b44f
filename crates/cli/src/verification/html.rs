//! The report for people: one HTML page without scripts and other files.

use khizana_model::{Problem, Severity};
use khizana_pages::escape;
use khizana_pages::i18n::{Lang, number};

use super::Outcome;
use super::texts;
use crate::report::html::{self, left_to_right, time};
use crate::report::text::{self, LANGUAGES, Text};

/// Maximum number of problems that the page lists in each language.
const MAX_LISTED: usize = 1000;

/// Returns the page.
pub(super) fn page(outcome: &Outcome<'_>) -> String {
    let sections = LANGUAGES.map(|(tag, lang)| section(outcome, tag, lang));
    let title = heading(outcome).in_language(Lang::Ar);
    html::page(title, "", &sections.concat())
}

fn heading(outcome: &Outcome<'_>) -> Text {
    match outcome.site {
        Some(_) => texts::HEADING_SITE,
        None => texts::HEADING_STORE,
    }
}

fn section(outcome: &Outcome<'_>, tag: &str, lang: Lang) -> String {
    let dir = lang.dir();
    let mut html = format!(
        "<section class=\"language\" id=\"{tag}\" lang=\"{tag}\" dir=\"{dir}\">\n<h1>{}</h1>\n",
        heading(outcome).in_language(lang)
    );
    let (class, result) = match (outcome.is_intact(), outcome.problems.is_empty()) {
        (true, true) => ("intact", texts::INTACT),
        (true, false) => ("intact", texts::WARNED),
        (false, _) => ("damaged", texts::DAMAGED),
    };
    html.push_str(&format!(
        "<p class=\"result {class}\">{}</p>\n<dl>\n",
        result.in_language(lang)
    ));
    for (label, value) in facts(outcome, tag, lang) {
        html.push_str(&format!(
            "<dt>{}</dt><dd>{value}</dd>\n",
            label.in_language(lang)
        ));
    }
    html.push_str("</dl>\n");
    if !outcome.problems.is_empty() {
        html.push_str(&problems(outcome, lang));
    }
    html.push_str("</section>\n");
    html
}

/// Returns the facts about the verification: labels and values in HTML.
fn facts(outcome: &Outcome<'_>, tag: &str, lang: Lang) -> Vec<(Text, String)> {
    let count = |n| number(lang, n);
    let mut facts = Vec::new();
    if let Some((title_tag, title)) = outcome.title.best(tag) {
        let title = format!(
            "<bdi lang=\"{}\">{}</bdi>",
            escape(&title_tag.to_string()),
            escape(title)
        );
        facts.push((texts::ARCHIVE, title));
    }
    if let Some(site) = outcome.site {
        facts.push((texts::SITE, left_to_right(site)));
    }
    facts.push((texts::STARTED, time(outcome.started)));
    facts.push((texts::FINISHED, time(outcome.finished)));
    if let Some(objects) = outcome.objects {
        facts.push((texts::OBJECTS, count(objects)));
    }
    facts.push((texts::FILES, count(outcome.files)));
    facts.push((texts::BYTES, count(outcome.bytes)));
    facts.push((text::ERRORS, count(outcome.count(Severity::Error))));
    facts.push((text::WARNINGS, count(outcome.count(Severity::Warning))));
    let label = match outcome.site {
        Some(_) => texts::STATE_SITE,
        None => texts::STATE_STORE,
    };
    let state = match &outcome.state {
        Some(state) => format!(
            "{} (SHA-256: {})",
            count(state.number),
            left_to_right(&state.sha256.to_string())
        ),
        None => texts::UNKNOWN.in_language(lang).to_owned(),
    };
    facts.push((label, state));
    facts.push((text::VERSION, left_to_right(env!("CARGO_PKG_VERSION"))));
    facts
}

fn problems(outcome: &Outcome<'_>, lang: Lang) -> String {
    let mut html = format!(
        "<h2>{}</h2>\n<table>\n<thead><tr>",
        text::PROBLEMS.in_language(lang)
    );
    for label in [
        text::CODE,
        text::FILE,
        text::ITEM,
        texts::MEANING,
        text::REMEDY,
    ] {
        html.push_str(&format!(
            "<th scope=\"col\">{}</th>",
            label.in_language(lang)
        ));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    // Errors come first, so that they are listed if there are many remarks.
    let with = |severity| {
        let problems = outcome.problems.iter();
        problems.filter(move |problem| problem.severity == severity)
    };
    for problem in with(Severity::Error)
        .chain(with(Severity::Warning))
        .take(MAX_LISTED)
    {
        html.push_str(&row(problem, lang));
    }
    html.push_str("</tbody>\n</table>\n");
    let listed = outcome.problems.len().min(MAX_LISTED);
    let more = (outcome.problems.len() - listed) as u64 + outcome.omitted;
    if more > 0 {
        let more = text::labelled(lang, texts::MORE, &number(lang, more));
        html.push_str(&format!("<p>{more} (verify.json)</p>\n"));
    }
    html
}

fn row(problem: &Problem, lang: Lang) -> String {
    let code = texts::of_code(problem.code);
    let meaning = code.map_or("", |code| code.meaning.in_language(lang));
    let remedy = code.map_or("", |code| code.remedy.in_language(lang));
    let cell = |value: &Option<String>| value.as_deref().map(left_to_right).unwrap_or_default();
    format!(
        "<tr><td class=\"code\">{}</td><td class=\"file\">{}</td><td>{}</td><td>{meaning}</td><td>{remedy}</td></tr>\n",
        left_to_right(problem.code),
        cell(&problem.file),
        cell(&problem.item),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_model::LangMap;

    use super::*;

    fn outcome<'a>(title: &'a LangMap, problems: &'a [Problem]) -> Outcome<'a> {
        Outcome {
            title,
            site: None,
            started: "2026-11-30T02:00:00Z",
            finished: "2026-11-30T03:00:00Z",
            state: None,
            objects: Some(2),
            files: 1234,
            bytes: 5,
            problems,
            omitted: 7,
        }
    }

    #[test]
    fn hostile_names_are_escaped() {
        let name = "store/\"><script>alert('1')</script>&\u{202e}gpj";
        let mut problem = Problem::error("file-unknown", "M.", "H.").in_file(name);
        problem.item = Some("<img>".to_owned());
        let page = page(&outcome(&LangMap::new(), &[problem]));
        assert!(!page.contains("<script") && !page.contains("<img"));
        let escaped = "<bdi dir=\"ltr\">store/&quot;&gt;&lt;script&gt;";
        assert_eq!(page.matches(escaped).count(), LANGUAGES.len());
    }

    #[test]
    fn each_section_has_its_language_and_direction() {
        let page = page(&outcome(&LangMap::new(), &[]));
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}"));
        let arabic = at("<section class=\"language\" id=\"ar\" lang=\"ar\" dir=\"rtl\">");
        let french = at("<section class=\"language\" id=\"fr\" lang=\"fr\" dir=\"ltr\">");
        let english = at("<section class=\"language\" id=\"en\" lang=\"en\" dir=\"ltr\">");
        assert!(arabic < french && french < english);
        assert!(at("جميع الملفات سليمة.") < french && at("١٬٢٣٤") < french);
        assert!(at("Tous les fichiers sont intacts.") < english);
        assert!(at("All files are intact.") > english);
        assert!(!page.contains("<table"));
    }

    #[test]
    fn lists_errors_first_and_counts_the_rest() {
        let mut problems = vec![Problem::warning("object-unrecorded", "M.", "H."); MAX_LISTED];
        problems.push(Problem::error("file-lost", "M.", "H."));
        let page = page(&outcome(&LangMap::new(), &problems));
        assert!(page.find("file-lost") < page.find("object-unrecorded"));
        assert_eq!(
            page.matches("<tr><td").count(),
            LANGUAGES.len() * MAX_LISTED
        );
        assert!(page.contains("Further problems that are not listed here: 8 (verify.json)"));
        assert!(page.contains("Damage was found"));
    }
}
