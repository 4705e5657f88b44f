//! The names of the Markdown files in the folder `pages`.

use khizana_model::{LangTag, Problem, message, printable};
use khizana_store::config::{ConfigurationFiles, PAGES_DIR};

/// The names that are folders of the site, and therefore not names of pages.
const RESERVED: [&str; 4] = ["browse", "collection", "index", "item"];

/// The name of the page whose text is displayed on the home page.
pub(super) const HOME: &str = "home";
/// The beginning of the names of pages whose texts are displayed on the pages of collections.
pub(super) const COLLECTION_PREFIX: &str = "collection-";

/// A Markdown file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Source<'a> {
    /// The path of the file relative to the archive.
    pub(super) file: &'a str,
    /// The name of the page: the file name without language and extension.
    pub(super) name: String,
    /// The language in the file name, or the default.
    pub(super) lang: LangTag,
    pub(super) text: &'a str,
}

/// Returns the Markdown files, sorted by name. Files whose names or encodings are not valid are reported in
/// `problems`. `default` is the language of files that have none in their names.
pub(super) fn sources<'a>(
    files: &'a ConfigurationFiles,
    default: &str,
    problems: &mut Vec<Problem>,
) -> Vec<Source<'a>> {
    let mut sources = Vec::new();
    for (file, bytes) in files {
        let name = file
            .strip_prefix(PAGES_DIR)
            .and_then(|name| name.strip_prefix('/'));
        let Some(stem) = name.and_then(|name| name.strip_suffix(".md")) else {
            continue;
        };
        let (name, lang) = match stem.rsplit_once('.') {
            Some((name, tag)) => (name, tag.parse::<LangTag>().ok()),
            None => (stem, default.parse().ok()),
        };
        let is_valid = !name.is_empty()
            && !RESERVED.contains(&name)
            && !name.contains(|c: char| !(c.is_alphanumeric() || "-_".contains(c)));
        let (Some(lang), true) = (lang, is_valid) else {
            let problem = Problem::warning(
                "page-name",
                message!(
                    "The name of the file is not that of a page, so the page is not published."
                ),
                message!(
                    "Write the name of the page, which may contain letters, digits, `-` and `_`, and the language: about.en.md. The names browse, collection, index and item are reserved."
                ),
            );
            problems.push(problem.in_file(printable(file)));
            continue;
        };
        let Ok(text) = std::str::from_utf8(bytes) else {
            let problem = Problem::warning(
                "page-encoding",
                message!("The text is not in UTF-8, so the page is not published."),
                message!("Save the file in the encoding UTF-8."),
            );
            problems.push(problem.in_file(printable(file)));
            continue;
        };
        sources.push(Source {
            file,
            name: name.to_owned(),
            lang,
            text: text.strip_prefix('\u{feff}').unwrap_or(text),
        });
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_an_optional_language() {
        let file = |name: &str| (name.to_owned(), b"x".to_vec());
        let files = vec![
            file("khizana.toml"),
            file("pages/about.ar.md"),
            file("pages/about.md"),
            file("pages/browse.en.md"),
            file("pages/my page.en.md"),
            file("pages/photo.jpg"),
            ("pages/wrong.en.md".to_owned(), vec![0xff]),
            file("pages/من-نحن.ar.md"),
            file("pages/x.klingon-1234567890.md"),
        ];
        let mut problems = Vec::new();
        let sources = sources(&files, "fr", &mut problems);
        let found: Vec<(&str, &str)> = sources
            .iter()
            .map(|source| (source.name.as_str(), source.lang.as_str()))
            .collect();
        assert_eq!(found, [("about", "ar"), ("about", "fr"), ("من-نحن", "ar")]);
        let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(
            codes,
            ["page-name", "page-name", "page-encoding", "page-name"]
        );
    }
}
