//! The sections of a collection in `collection.toml`.

use std::collections::{BTreeMap, BTreeSet};

use khizana_model::{Collection, CollectionSection, Id, Message, Problem, message, printable};
use serde::Deserialize;
use toml::Spanned;

use super::collection::{FILE_NAME, Texts};

/// An entry of `sections`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct WrittenSection {
    heading: Texts,
    text: Texts,
    items: Vec<Spanned<Id>>,
    field: Option<String>,
    value: Option<String>,
}

/// The lines on which a section and its items are written, starting at 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SectionLines {
    line: u64,
    items: Vec<u64>,
}

/// Converts the entries. `line` returns the line of a byte.
///
/// # Errors
/// Returns the position and the description of an entry that is not valid.
pub(super) fn convert(
    written: Vec<Spanned<WrittenSection>>,
    line: &dyn Fn(usize) -> u64,
) -> Result<(Vec<CollectionSection>, Vec<SectionLines>), (usize, Message)> {
    let mut sections = Vec::new();
    let mut lines = Vec::new();
    for section in written {
        let at = section.span().start;
        let section = section.into_inner();
        if section.heading.0.is_empty() {
            let what = "a section must have a `heading`, for example heading.en = \"Letters\"";
            return Err((at, what.into()));
        }
        let value = match (section.field, section.value) {
            (Some(field), Some(value)) => Some((field, value)),
            (None, None) if !section.items.is_empty() => None,
            _ => {
                let what = "a section must have `items`, or `field` and `value`";
                return Err((at, what.into()));
            }
        };
        lines.push(SectionLines {
            line: line(at),
            items: section
                .items
                .iter()
                .map(|id| line(id.span().start))
                .collect(),
        });
        sections.push(CollectionSection {
            heading: section.heading.0,
            text: section.text.0,
            items: section.items.into_iter().map(Spanned::into_inner).collect(),
            value,
        });
    }
    Ok((sections, lines))
}

/// Returns the problems of the sections: items that the source does not contain, items in several sections, and headings
/// that are not written in all languages of the collection.
pub(super) fn problems(
    collection: &Collection,
    lines: &[SectionLines],
    contains: &dyn Fn(&Id) -> bool,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut report = |code, line: u64, message: Message, hint: Message| {
        let problem = Problem::warning(code, message, hint);
        problems.push(problem.in_file(FILE_NAME).at_line(line));
    };
    let headings = collection.sections.iter().map(|section| &section.heading);
    let texts = headings.chain([&collection.title]);
    let languages: BTreeSet<&str> = texts
        .flat_map(|text| text.iter().map(|(tag, _)| tag.as_str()))
        .collect();
    let mut places: BTreeMap<&Id, u64> = BTreeMap::new();
    for (section, lines) in collection.sections.iter().zip(lines) {
        for language in &languages {
            if section.heading.get(language).is_empty() {
                report(
                    "section-heading",
                    lines.line,
                    message!(
                        "The section has no heading in `{language}`, but the title or another section does.",
                        language = printable(language)
                    ),
                    message!("Add the heading in this language."),
                );
            }
        }
        for (id, line) in section.items.iter().zip(&lines.items) {
            if !contains(id) {
                report(
                    "section-item",
                    *line,
                    message!(
                        "The section names `{id}`, which is not an item of this source.",
                        id = id.as_str()
                    ),
                    message!("Correct the identifier, or remove it."),
                );
            } else if let Some(first) = places.get(id) {
                report(
                    "section-twice",
                    *line,
                    message!(
                        "The item `{id}` is already in a section on line {first}, and is displayed only there.",
                        id = id.as_str(),
                        first = *first
                    ),
                    message!("Remove it from one of the sections."),
                );
            } else {
                places.insert(id, *line);
            }
        }
    }
    problems
}
