//! Compares the translations with the templates in the sources of the workspace.

#![allow(clippy::unwrap_used)]

mod sources;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use khizana_messages::{Language, placeholders};
use sources::Templates;

/// The languages with a PO file.
const TRANSLATED: [Language; 2] = [Language::Arabic, Language::French];

/// Templates that are the same in French.
const SAME_IN_FRENCH: [&str; 6] = [
    "Arguments",
    "Images",
    "Options",
    "Pages",
    "note",
    "p. {page}",
];

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The templates of the program.
fn templates() -> Templates {
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
    let count = templates.files.len();
    assert!(count > 600, "only {count} templates");
    let mut missing = Vec::new();
    for language in TRANSLATED {
        for (template, file) in &templates.files {
            // A template such as `{file}: {error}` has no words, so that a translation is optional.
            if sources::words(template).is_empty() {
                continue;
            }
            let plural = templates.plurals.get(template);
            let expected = plural.map_or(1, |_| language.form_count());
            let forms = language.forms(template);
            if forms.len() != expected || forms.iter().any(String::is_empty) {
                let quoted = |text: &str| format!("{text:?}").replace("\\'", "'");
                let plural = plural.map_or_else(String::new, |plural| {
                    format!("msgid_plural {}\n", quoted(plural))
                });
                missing.push(format!(
                    "#: {file} (add {expected} forms to translations/{}.po)\nmsgid {}\n{plural}msgstr \"\"\n",
                    language.tag(),
                    quoted(template)
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
    let templates = templates();
    for language in TRANSLATED {
        for template in templates.files.keys() {
            let is_plural = templates.plurals.contains_key(template);
            for translation in language.forms(template) {
                check(language, template, translation, is_plural, &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Compares a translation with its template.
fn check(
    language: Language,
    template: &str,
    translation: &str,
    is_plural: bool,
    wrong: &mut Vec<String>,
) {
    let tag = language.tag();
    let set = |text| placeholders(text).into_iter().map(str::to_owned).collect();
    let (mut expected, mut found): (BTreeSet<String>, BTreeSet<String>) =
        (set(template), set(translation));
    if is_plural {
        // A form for one number may say it in words.
        expected.retain(|name| !["count", "size"].contains(&name.as_str()));
        found.retain(|name| !["count", "size"].contains(&name.as_str()));
    }
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

#[test]
fn every_translation_has_a_template() {
    let templates = templates();
    // A test of the command line checks that these are complete.
    let arguments = fs::read_to_string(folder("../args/src/lib.rs")).unwrap();
    let help = sources::help(&arguments);
    for language in TRANSLATED {
        let keys = keys(language);
        let (header, keys) = keys.split_first().unwrap();
        assert_eq!(header, "", "{}.po begins with its header", language.tag());
        for key in keys {
            assert!(
                templates.files.contains_key(key) || help.contains(key),
                "{}.po: no source contains the template {key:?}; remove its translation",
                language.tag()
            );
        }
        let distinct: BTreeSet<&String> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len(), "a key occurs twice");
    }
}

#[test]
fn plural_forms_have_the_template_for_other_numbers() {
    let templates = templates();
    for language in TRANSLATED {
        let path = folder(&format!("translations/{}.po", language.tag()));
        let text = fs::read_to_string(path).unwrap();
        for (one, other) in &templates.plurals {
            let quoted = |text: &str| format!("{text:?}").replace("\\'", "'");
            let entry = format!("msgid {}\nmsgid_plural {}\n", quoted(one), quoted(other));
            assert!(
                text.contains(&entry),
                "{}.po lacks:\n{entry}",
                language.tag()
            );
        }
    }
}

#[test]
fn translations_are_in_the_script_of_their_language() {
    let is_arabic = |c: char| ('\u{600}'..='\u{6ff}').contains(&c);
    for template in templates().files.keys() {
        if sources::words(template).is_empty() {
            continue;
        }
        for arabic in Language::Arabic.forms(template) {
            assert!(arabic.contains(is_arabic), "ar.po: {template:?}");
        }
        for french in Language::French.forms(template) {
            assert!(!french.contains(is_arabic), "fr.po: {template:?}");
            let is_same = french == template && !SAME_IN_FRENCH.contains(&template.as_str());
            assert!(!is_same, "fr.po: {template:?} is not translated");
        }
    }
}
