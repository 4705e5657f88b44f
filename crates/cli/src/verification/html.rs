//! The report for people: one HTML page without scripts and other files.

use khizana_model::{Problem, Severity};
use khizana_pages::escape;
use khizana_pages::i18n::{Lang, number};

use super::Outcome;
use super::texts::{self, LANGUAGES, Text};

/// Maximum number of problems that the page lists in each language.
const MAX_LISTED: usize = 1000;

const STYLE: &str = "\
body{font:1rem/1.6 'Noto Naskh Arabic','Noto Sans',system-ui,sans-serif;color:#111;background:#fff;max-width:70rem;margin:0 auto;padding:1rem}\
section{border-top:2px solid #999;margin-top:2rem}\
nav+section{border-top:0;margin-top:0}\
nav a{margin-inline-end:1rem}\
h1{font-size:1.5rem}h2{font-size:1.2rem}\
.result{font-size:1.2rem;font-weight:bold;border-inline-start:.4rem solid;padding:.2rem .8rem}\
.intact{color:#0a5c2b}.damaged{color:#a10d0d}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem}dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}\
table{border-collapse:collapse;width:100%;font-size:.9rem}\
th,td{border:1px solid #999;padding:.3rem .5rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}\
td.code{white-space:nowrap}td.file{min-width:12rem}\
bdi{unicode-bidi:isolate}\
@media print{nav{display:none}section{break-before:page;border:0;margin:0}nav+section{break-before:auto}thead{display:table-header-group}tr{break-inside:avoid}}";

/// Returns the page.
pub(super) fn page(outcome: &Outcome<'_>) -> String {
    let mut links = String::new();
    let mut sections = String::new();
    for (tag, lang) in LANGUAGES {
        let name = texts::LANGUAGE.in_language(lang);
        links.push_str(&format!("<a href=\"#{tag}\" lang=\"{tag}\">{name}</a>\n"));
        sections.push_str(&section(outcome, tag, lang));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"ar\" dir=\"rtl\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<nav>\n{links}</nav>\n{sections}</body>\n</html>\n",
        heading(outcome).in_language(Lang::Ar),
    )
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
        "<section id=\"{tag}\" lang=\"{tag}\" dir=\"{dir}\">\n<h1>{}</h1>\n",
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
    facts.push((texts::ERRORS, count(outcome.count(Severity::Error))));
    facts.push((texts::WARNINGS, count(outcome.count(Severity::Warning))));
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
    facts.push((texts::VERSION, left_to_right(env!("CARGO_PKG_VERSION"))));
    facts
}

fn problems(outcome: &Outcome<'_>, lang: Lang) -> String {
    let mut html = format!(
        "<h2>{}</h2>\n<table>\n<thead><tr>",
        texts::PROBLEMS.in_language(lang)
    );
    for label in [
        texts::CODE,
        texts::FILE,
        texts::ITEM,
        texts::MEANING,
        texts::REMEDY,
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
        html.push_str(&format!(
            "<p>{}: {} (verify.json)</p>\n",
            texts::MORE.in_language(lang),
            number(lang, more)
        ));
    }
    html
}

fn row(problem: &Problem, lang: Lang) -> String {
    let text = texts::of_code(problem.code);
    let meaning = text.map_or("", |text| text.meaning.in_language(lang));
    let remedy = text.map_or("", |text| text.remedy.in_language(lang));
    let cell = |value: &Option<String>| value.as_deref().map(left_to_right).unwrap_or_default();
    format!(
        "<tr><td class=\"code\">{}</td><td class=\"file\">{}</td><td>{}</td><td>{meaning}</td><td>{remedy}</td></tr>\n",
        left_to_right(problem.code),
        cell(&problem.file),
        cell(&problem.item),
    )
}

/// Returns a text that is read from left to right in every language, such as a path.
fn left_to_right(text: &str) -> String {
    format!("<bdi dir=\"ltr\">{}</bdi>", escape(text))
}

/// Formats a time in RFC 3339 for people.
fn time(rfc3339: &str) -> String {
    let text = rfc3339.replace('T', " ").replace('Z', " UTC");
    format!(
        "<time datetime=\"{}\">{}</time>",
        escape(rfc3339),
        left_to_right(&text)
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
        let arabic = at("<section id=\"ar\" lang=\"ar\" dir=\"rtl\">");
        let french = at("<section id=\"fr\" lang=\"fr\" dir=\"ltr\">");
        let english = at("<section id=\"en\" lang=\"en\" dir=\"ltr\">");
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
