//! The texts of the example configuration, which a public site should not have.

use khizana_model::{ArchiveConfig, Problem, message};
use khizana_store::config::{self, CONFIG_FILE};

/// Reports the title and the description that `init` wrote, if the site has a URL.
pub(crate) fn check(config: &ArchiveConfig) -> Vec<Problem> {
    let Some(example) = config::example().filter(|_| config.url.is_some()) else {
        return Vec::new();
    };
    let texts = [
        ("title", &config.title, &example.title),
        ("description", &config.description, &example.description),
    ];
    let unchanged = texts.into_iter().filter(|(_, text, example)| {
        let mut texts = text.iter();
        texts.any(|(tag, text)| example.iter().any(|other| other == (tag, text)))
    });
    let problems = unchanged.map(|(table, _, _)| {
        Problem::warning(
            "text-of-example",
            message!(
                "`[{table}]` still contains a text of the example that `khizana init` writes.",
                table = table
            ),
            message!("Write the texts of the archive in each language, or remove a language."),
        )
        .in_file(CONFIG_FILE)
    });
    problems.collect()
}
