//! The templates of messages in the sources of the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Crates of which every sentence is a message or a hint.
const CRATES_WITH_SENTENCES: [&str; 15] = [
    "args",
    "cli",
    "deploy",
    "ingest",
    "media",
    "pagetext",
    "pdf",
    "preview",
    "publish",
    "recording",
    "serve",
    "shards",
    "site",
    "source",
    "store",
];

/// Files whose sentences are displayed elsewhere than in a message.
const OTHER_FILES: [&str; 8] = [
    // Documents in several languages, which are defined next to each other.
    "cli/src/check_report/texts.rs",
    "cli/src/report/text.rs",
    "cli/src/verification/texts.rs",
    "preview/src/texts.rs",
    // The texts of a new workbook.
    "source/src/template/contents.rs",
    "source/src/template/mod.rs",
    "media/src/encode.rs",
    "store/src/ocfl/readme.rs",
];

/// The code before a literal that is a template.
const BEFORE_TEMPLATES: [&str; 5] = [
    "message!(",
    "plural!(",
    "progress.begin(",
    "StoreError::io(",
    "ShardsError::io(",
];

/// The translatable texts of the program.
#[derive(Default)]
pub struct Templates {
    /// The templates, each with the file that contains it.
    pub files: BTreeMap<String, String>,
    /// The English texts for other numbers than 1, by those for 1, which are templates.
    pub plurals: BTreeMap<String, String>,
}

/// Returns the paragraphs of the comments from which clap makes the help, without full stops at their ends.
pub fn help(arguments: &str) -> BTreeSet<String> {
    let mut paragraphs = BTreeSet::new();
    let mut paragraph = String::new();
    for line in arguments.lines() {
        let text = line.trim().strip_prefix("///").map(str::trim);
        match text.filter(|text| !text.is_empty()) {
            Some(text) if paragraph.is_empty() => paragraph.push_str(text),
            Some(text) => paragraph.push_str(&format!(" {text}")),
            None => {
                let complete = std::mem::take(&mut paragraph);
                paragraphs.insert(complete.trim_end_matches('.').to_owned());
            }
        }
    }
    paragraphs
}

/// Returns the templates in the crates in a folder.
///
/// These are the literals in `message!` and `plural!`, names of stages, and the sentences in the crates of
/// [`CRATES_WITH_SENTENCES`], which are converted to messages without arguments. Tests are skipped.
pub fn templates(crates: &Path) -> Templates {
    let mut templates = Templates::default();
    for entry in fs::read_dir(crates).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        visit(&path.join("src"), &format!("{name}/src"), &mut templates);
    }
    templates
}

fn visit(folder: &Path, shown: &str, templates: &mut Templates) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let shown = format!("{shown}/{name}");
        if path.is_dir() && name != "tests" {
            visit(&path, &shown, templates);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let has_sentences = CRATES_WITH_SENTENCES
                .iter()
                .any(|name| shown.starts_with(&format!("{name}/")))
                && !OTHER_FILES.contains(&shown.as_str());
            let mut singular = None;
            for (before, literal) in literals(code) {
                if let Some(singular) = singular.take().filter(|_| before == "\",") {
                    templates.plurals.insert(singular, literal);
                    continue;
                }
                if before.ends_with("plural!(") {
                    singular = Some(literal.clone());
                }
                let is_formatted = before.ends_with("!(") || before.ends_with("#[error(");
                let is_template = BEFORE_TEMPLATES.iter().any(|end| before.ends_with(end))
                    || has_sentences && !is_formatted && is_sentence(&literal);
                if is_template {
                    templates
                        .files
                        .entry(literal)
                        .or_insert_with(|| shown.clone());
                }
            }
        }
    }
}

/// Returns the text of a template outside of its placeholders, without punctuation.
pub fn words(template: &str) -> String {
    let mut words = template.to_owned();
    for name in khizana_messages::placeholders(template) {
        words = words.replace(&format!("{{{name}}}"), "");
    }
    words.retain(char::is_alphabetic);
    words
}

fn is_sentence(text: &str) -> bool {
    text.starts_with(|c: char| c.is_uppercase() || c == '`')
        && text.ends_with('.')
        && text.contains(' ')
}

/// Returns the string literals in a source, each with the code before it, without white space.
fn literals(code: &str) -> Vec<(String, String)> {
    let mut literals = Vec::new();
    let mut before = String::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if let Some(length) = character_literal(rest) {
            before.push('\'');
            rest = &rest[length..];
        } else if c == '"' {
            let length = string_length(rest);
            literals.push((before.clone(), unquote(&rest[..length])));
            before.clear();
            before.push('"');
            rest = &rest[length..];
        } else {
            if !c.is_whitespace() {
                before.push(c);
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    literals
}

/// Returns the length of a character literal such as `'"'` at the start of a text.
fn character_literal(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('\'')?;
    let escaped = inner.strip_prefix('\\');
    let first = escaped.unwrap_or(inner).chars().next()?;
    let length = 1 + usize::from(escaped.is_some()) + first.len_utf8();
    text.get(length..)?.starts_with('\'').then_some(length + 1)
}

/// Returns the length of the string literal at the start of a text, with its quotation marks.
fn string_length(text: &str) -> usize {
    let mut is_escaped = true;
    for (offset, c) in text.char_indices() {
        match c {
            '"' if !is_escaped => return offset + 1,
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    text.len()
}

/// Returns the text of a string literal.
pub fn unquote(literal: &str) -> String {
    let inner = literal.trim().trim_start_matches('"');
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut text = String::new();
    let mut characters = inner.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match characters.next() {
            // The white space after the end of a line is not part of the text.
            Some('\n') => while characters.next_if(|c| c.is_whitespace()).is_some() {},
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some(c) => text.push(c),
            None => {}
        }
    }
    text
}
