//! Compares the translations with the templates in the sources of the workspace.

#![allow(clippy::unwrap_used)]

mod sources;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use khizana_messages::{Language, placeholders};

/// The languages with a PO file.
const TRANSLATED: [Language; 2] = [Language::Arabic, Language::French];

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The templates of the program, each with the file that contains it.
fn templates() -> BTreeMap<String, String> {
    sources::templates(&folder(".."))
}

/// The keys of a PO file, in their order.
fn keys(language: Language) -> Vec<String> {
    let path = folder(&format!("translations/{}.po", language.tag()));
    let text = fs::read_to_string(&path).unwrap();
    let mut keys = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(first) = line.strip_prefix("msgid ") else {
            continue;
        };
        let mut key = sources::unquote(first);
        while let Some(more) = lines.next_if(|line| line.starts_with('"')) {
            key.push_str(&sources::unquote(more));
        }
        keys.push(key);
    }
    keys
}

#[test]
fn every_template_has_a_translation_in_each_language() {
    let templates = templates();
    assert!(templates.len() > 150, "only {} templates", templates.len());
    let mut missing = Vec::new();
    for language in TRANSLATED {
        for (template, file) in &templates {
            if language.translate(template).is_none_or(str::is_empty) {
                let quoted = format!("{template:?}").replace("\\'", "'");
                missing.push(format!(
                    "#: {file} (add to translations/{}.po)\nmsgid {quoted}\nmsgstr \"\"\n",
                    language.tag()
                ));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "{} translations are missing:\n\n{}",
        missing.len(),
        missing.join("\n")
    );
}

#[test]
fn translations_have_the_placeholders_and_the_names_of_their_templates() {
    let mut wrong = Vec::new();
    for language in TRANSLATED {
        for template in templates().keys() {
            let Some(translation) = language.translate(template) else {
                continue;
            };
            let tag = language.tag();
            let set = |text| placeholders(text).into_iter().map(str::to_owned).collect();
            let (expected, found): (BTreeSet<String>, BTreeSet<String>) =
                (set(template), set(translation));
            if expected != found {
                wrong.push(format!(
                    "{tag}.po: {template:?} has the placeholders {expected:?}, and its translation {found:?}"
                ));
            }
            // Names of columns, files, commands and codes are the same in all languages.
            let quoted = |text: &str| -> BTreeSet<String> {
                text.split('`')
                    .skip(1)
                    .step_by(2)
                    .map(str::to_owned)
                    .collect()
            };
            if quoted(template) != quoted(translation) {
                wrong.push(format!(
                    "{tag}.po: the translation of {template:?} has other words between backticks"
                ));
            }
            let ends_as_sentence = |text: &str| text.ends_with('.');
            if ends_as_sentence(template) != ends_as_sentence(translation) {
                wrong.push(format!(
                    "{tag}.po: the translation of {template:?} has another end"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_translation_has_a_template() {
    let templates = templates();
    for language in TRANSLATED {
        let keys = keys(language);
        let (header, keys) = keys.split_first().unwrap();
        assert_eq!(header, "", "{}.po begins with its header", language.tag());
        for key in keys {
            assert!(
                templates.contains_key(key),
                "{}.po: no source contains the template {key:?}; remove its translation",
                language.tag()
            );
        }
        let distinct: BTreeSet<&String> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len(), "a key occurs twice");
    }
}

#[test]
fn translations_are_in_the_script_of_their_language() {
    let is_arabic = |c: char| ('\u{600}'..='\u{6ff}').contains(&c);
    for template in templates().keys() {
        let arabic = Language::Arabic.translate(template).unwrap_or_default();
        assert!(arabic.contains(is_arabic), "ar.po: {template:?}");
        let french = Language::French.translate(template).unwrap_or_default();
        assert!(!french.contains(is_arabic), "fr.po: {template:?}");
        assert!(french != template, "fr.po: {template:?} is not translated");
    }
}
