//! The page of the preview, and the JSON from which its script updates it.

use std::sync::Arc;

use khizana_ingest::Changes;
use khizana_model::{Problem, Severity};
use khizana_pages::escape;
use khizana_pages::i18n::{Lang, native_name, number};
use serde::Serialize;

use crate::html::isolated;
use crate::problem_list::{Kind, List, kinds};
use crate::state::{Phase, Revision, Shared};
use crate::texts::{self, Text};

/// Maximum number of identifiers that are listed for a kind of change.
const MAX_IDS: usize = 100;

/// The languages of the page.
const LANGUAGES: [&str; 3] = ["ar", "fr", "en"];

/// The content of the page, from which its script updates it.
#[derive(Debug, Serialize)]
pub(crate) struct Content {
    revision: Revision,
    /// `true` if the pages of the site have no scripts yet.
    is_draft: bool,
    /// `true` if everything is up to date.
    is_ready: bool,
    status: String,
    progress: String,
    counts: String,
    kinds: Vec<Kind>,
    problems: String,
    changes: String,
}

impl Content {
    /// Returns the content in a language. `kind` is the code of the problems that are listed, or empty.
    pub(crate) fn new(shared: &Shared, lang: Lang, kind: &str) -> Content {
        // The revision is read first, so that a later change is displayed again.
        let revision = shared.revision();
        let state = shared.lock();
        let (documents, reading) = (state.documents.clone(), state.reading.clone());
        let (known, changes) = (state.problems.clone(), state.changes.clone());
        let failures = [
            &state.failure,
            &state.config_failure,
            &state.comparison_failure,
        ];
        let failures: Vec<Problem> = failures.into_iter().flatten().cloned().collect();
        let (phase, progress) = (state.phase, state.progress);
        let is_draft = state
            .drafts
            .as_ref()
            .is_none_or(|drafts| drafts.is_everything());
        let has_failed = state.failure.is_some();
        drop(state);

        let problems: Vec<&Problem> = failures.iter().chain(known.iter()).collect();
        let item_url = |id: &str| match &documents {
            Some(documents) => {
                let mut languages = documents.languages().iter();
                let is_published = languages.any(|code| code == lang.code());
                let first = documents.languages().first().map_or("", String::as_str);
                let language = if is_published { lang.code() } else { first };
                format!("/{}", documents.item_path(id, language))
            }
            None => String::new(),
        };
        let list = List {
            lang,
            reading: reading.as_deref(),
            item_url: &item_url,
        };
        let is_listed = |problem: &&Problem| kind.is_empty() || problem.code == kind;
        let listed: Vec<&Problem> = problems.iter().copied().filter(is_listed).collect();
        let count = |severity| {
            let problems = problems.iter();
            problems
                .filter(|problem| problem.severity == severity)
                .count() as u64
        };
        let mut counts = Vec::new();
        if let Some(reading) = &reading {
            counts.push((texts::ITEMS, reading.items.len() as u64));
            counts.push((texts::LEFT_OUT, reading.rejected));
        }
        counts.push((texts::ERRORS, count(Severity::Error)));
        counts.push((texts::WARNINGS, count(Severity::Warning)));
        let counts = counts.into_iter().map(|(label, count)| {
            let label = label.in_language(lang);
            format!(
                "<div><dt>{label}</dt><dd>{}</dd></div>",
                number(lang, count)
            )
        });
        let is_ready = phase == Phase::Ready;
        Content {
            revision,
            is_draft,
            is_ready,
            status: status(phase, has_failed, is_draft, lang),
            progress: progress.map_or_else(String::new, |(done, total)| {
                format!("{} / {}", number(lang, done), number(lang, total))
            }),
            counts: counts.collect(),
            kinds: kinds(&problems, lang),
            problems: list.html(&listed),
            changes: changes.map_or_else(String::new, |changes: Arc<Changes>| {
                changes_html(&changes, lang, &item_url)
            }),
        }
    }
}

fn status(phase: Phase, has_failed: bool, is_draft: bool, lang: Lang) -> String {
    let text = match phase {
        _ if has_failed => texts::FAILED,
        Phase::Reading => texts::READING,
        Phase::Ingesting => texts::INGESTING,
        Phase::Publishing => texts::PUBLISHING,
        Phase::Ready => texts::READY,
    };
    let text = text.in_language(lang);
    match is_draft && !has_failed && phase != Phase::Reading {
        true => format!("{text} {}", texts::DRAFT.in_language(lang)),
        false => text.to_owned(),
    }
}

fn changes_html(changes: &Changes, lang: Lang, item_url: &dyn Fn(&str) -> String) -> String {
    let list = |label: Text, ids: &[String], is_linked: bool| {
        let count = number(lang, ids.len() as u64);
        let heading = texts::Text::labelled(label, lang, &count);
        if ids.is_empty() {
            return format!("<p>{heading}</p>");
        }
        let shown = ids.iter().take(MAX_IDS).map(|id| match is_linked {
            true => format!(
                "<li><a href=\"{}\" target=\"site\">{}</a></li>",
                escape(&item_url(id)),
                isolated(id)
            ),
            false => format!("<li>{}</li>", isolated(id)),
        });
        let shown: String = shown.collect();
        let more = match ids.len().saturating_sub(MAX_IDS) {
            0 => String::new(),
            more => {
                let text = texts::MORE.in_language(lang);
                format!("<li>{} {text}</li>", number(lang, more as u64))
            }
        };
        format!("<details><summary>{heading}</summary><ul>{shown}{more}</ul></details>")
    };
    let unchanged = texts::UNCHANGED.labelled(lang, &number(lang, changes.unchanged));
    [
        list(texts::ADDED, &changes.added, true),
        list(texts::CHANGED, &changes.changed, true),
        list(texts::REMOVED, &changes.removed, false),
        format!("<p>{unchanged}</p>"),
    ]
    .concat()
}

/// Returns the page in a language. `home` is the URL of the page of the site that is displayed first.
pub(crate) fn document(lang: Lang, home: &str) -> String {
    let text = |text: Text| escape(text.in_language(lang));
    let links: String = LANGUAGES
        .iter()
        .map(|code| {
            let current = if *code == lang.code() {
                " aria-current=\"true\""
            } else {
                ""
            };
            let name = native_name(code);
            format!(
                "<a href=\"?lang={code}\" lang=\"{code}\" hreflang=\"{code}\"{current}>{name}</a>\n"
            )
        })
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"preview.css\">\n\
         <script type=\"module\" src=\"preview.js\"></script>\n</head>\n<body data-disconnected=\"{disconnected}\">\n\
         <header>\n<h1>{title}</h1>\n<p id=\"status\" role=\"status\">{reading}</p>\n<p id=\"progress\"></p>\n\
         <nav aria-label=\"{languages}\">\n{links}</nav>\n</header>\n\
         <main>\n<iframe id=\"site\" name=\"site\" title=\"{site}\" src=\"{home}\" \
         sandbox=\"allow-same-origin allow-forms allow-popups\"></iframe>\n\
         <section id=\"report\" aria-labelledby=\"problems-heading\" tabindex=\"0\">\n\
         <h2 id=\"problems-heading\">{problems}</h2>\n<dl id=\"counts\"></dl>\n\
         <p><label>{kind} <select id=\"kind\"><option value=\"\">{all}</option></select></label></p>\n\
         <div id=\"problems\"></div>\n\
         <section id=\"changes\" aria-labelledby=\"changes-heading\" hidden>\n<h2 id=\"changes-heading\">{changes}</h2>\n\
         <div id=\"changes-list\"></div>\n</section>\n</section>\n</main>\n</body>\n</html>\n",
        code = lang.code(),
        dir = lang.dir(),
        title = text(texts::TITLE),
        disconnected = text(texts::DISCONNECTED),
        reading = text(texts::READING),
        languages = text(texts::LANGUAGES),
        site = text(texts::SITE),
        home = escape(home),
        problems = text(texts::PROBLEMS),
        kind = text(texts::KIND),
        all = text(texts::ALL_KINDS),
        changes = text(texts::CHANGES),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_direction_of_its_language() {
        let page = document(Lang::Ar, "/ar/");
        assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">"));
        assert!(page.contains("src=\"/ar/\""));
        assert!(document(Lang::Fr, "/fr/").contains("<html lang=\"fr\" dir=\"ltr\">"));
    }

    #[test]
    fn changes_are_counted_and_linked_unless_they_are_removals() {
        let changes = Changes {
            added: vec!["new".to_owned()],
            removed: vec!["old".to_owned()],
            unchanged: 7,
            ..Changes::default()
        };
        let html = changes_html(&changes, Lang::En, &|id| format!("/en/item/{id}/"));
        assert!(html.contains("New items: 1"), "{html}");
        assert!(html.contains("href=\"/en/item/new/\""), "{html}");
        assert!(html.contains("<li><bdi>old</bdi></li>"), "{html}");
        assert!(html.contains("Unchanged items: 7"), "{html}");
    }
}
