//! Reading of `khizana.toml`, the configuration of an archive.

mod files;
mod identity;
mod nearest_key;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use khizana_model::{
    ArchiveConfig, FetchConfig, HostConfig, INTERFACE_LANGUAGES, LangMap, LangTag,
    MAX_REMOTE_HOSTS, Message, Originals, Pages, message,
};
use serde::Deserialize;

pub use files::{ConfigurationFiles, MAX_FILE_BYTES, PAGES_DIR, is_safe, read_files};
use identity::{
    Lines, WrittenColours, WrittenField, WrittenFooter, WrittenHome, WrittenIdentity,
    WrittenMenuEntry,
};

/// The file name of the configuration in an archive.
pub const CONFIG_FILE: &str = "khizana.toml";

/// An error from reading the configuration of an archive.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum ConfigError {
    /// The folder has no `khizana.toml`.
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// The file cannot be read.
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
    /// The file is malformed or has an invalid value.
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line number, starting at 1.
        line: u64,
        /// A description of the error.
        what: Message,
    },
}

impl ConfigError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            ConfigError::Missing { path } => message!(
                "{path} is not an archive: it does not contain {file}",
                path = path.display(),
                file = CONFIG_FILE
            ),
            ConfigError::Unreadable { path, error } => {
                message!("cannot read {path}: {error}", path = path.display(), error)
            }
            ConfigError::Invalid { path, line, what } => {
                message!("{path}:{line}: {what}", path = path.display(), line, what)
            }
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            ConfigError::Missing { .. } => "archive-missing",
            ConfigError::Unreadable { .. } => "config-unreadable",
            ConfigError::Invalid { .. } => "config-invalid",
        }
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> &'static str {
        match self {
            ConfigError::Missing { .. } => {
                "Pass the folder of the archive with --archive, or create an archive with `khizana init DIR`."
            }
            ConfigError::Unreadable { .. } => "Check that you have permission to read the file.",
            ConfigError::Invalid { .. } => {
                "Correct that line. The file that `khizana init` creates contains examples of the settings."
            }
        }
    }
}

/// The contents of `khizana.toml`. Titles and descriptions have one or more values per language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    title: BTreeMap<LangTag, Texts>,
    #[serde(default)]
    description: BTreeMap<LangTag, Texts>,
    url: Option<toml::Spanned<String>>,
    languages: Option<toml::Spanned<Vec<String>>>,
    pages: Option<Pages>,
    originals: Option<Originals>,
    widths: Option<toml::Spanned<Vec<u32>>>,
    remote: Option<toml::Spanned<Vec<toml::Spanned<String>>>>,
    #[serde(default)]
    fetch: FetchConfig,
    #[serde(default)]
    host: HostConfig,
    #[serde(default)]
    search: WrittenSearch,
    #[serde(default)]
    identity: WrittenIdentity,
    #[serde(default)]
    colours: WrittenColours,
    #[serde(default)]
    menu: Vec<toml::Spanned<WrittenMenuEntry>>,
    #[serde(default)]
    home: WrittenHome,
    #[serde(default)]
    footer: WrittenFooter,
    #[serde(default)]
    facets: Vec<toml::Spanned<String>>,
    #[serde(default)]
    field_order: Vec<String>,
    #[serde(default)]
    fields: BTreeMap<String, WrittenField>,
}

/// The byte offset and the description of an invalid value.
type Invalid = (usize, Message);

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSearch {
    #[serde(default)]
    weights: BTreeMap<String, toml::Spanned<f32>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Several(Vec<String>),
}

/// Reads `khizana.toml` in the folder of an archive.
///
/// # Errors
/// Returns an error if the file is missing, cannot be read, or is invalid.
pub fn load(archive: &Path) -> Result<ArchiveConfig, ConfigError> {
    let path = archive.join(CONFIG_FILE);
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ConfigError::Missing {
            path: archive.to_owned(),
        },
        _ => ConfigError::Unreadable {
            path: path.clone(),
            error,
        },
    })?;
    parse(&text).map_err(|(at, what)| ConfigError::Invalid {
        path,
        line: Lines { text: &text }.number(at),
        what,
    })
}

/// Returns the configuration that [`init`](crate::init::init) writes.
pub fn example() -> Option<ArchiveConfig> {
    parse(crate::init::CONFIG_TEXT).ok()
}

/// Parses the text of a configuration.
///
/// # Errors
/// Returns the byte offset and the description of the error if the text is malformed or contains an
/// invalid value.
fn parse(text: &str) -> Result<ArchiveConfig, Invalid> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        (at, nearest_key::with_proposal(error.message()))
    })?;
    let mut config = ArchiveConfig {
        title: texts(written.title),
        description: texts(written.description),
        ..ArchiveConfig::default()
    };
    if let Some(url) = written.url {
        let at = url.span().start;
        let url = url.into_inner();
        let is_web = url.starts_with("https://") || url.starts_with("http://");
        if !is_web || !url.ends_with('/') || url.contains(|c: char| c.is_control() || c == ' ') {
            let what = message!(
                "`url` must be a URL with a trailing slash, for example \"https://host/some/folder/\""
            );
            return Err((at, what));
        }
        config.url = Some(url);
    }
    if let Some(languages) = written.languages {
        let at = languages.span().start;
        let languages = languages.into_inner();
        let is_known = languages
            .iter()
            .all(|l| INTERFACE_LANGUAGES.contains(&l.as_str()));
        let mut once = languages.clone();
        once.sort();
        once.dedup();
        if !is_known || once.len() != languages.len() || languages.is_empty() {
            let what = message!(
                "`languages` must list one or more of \"ar\", \"en\" and \"fr\", each at most once"
            );
            return Err((at, what));
        }
        config.languages = languages;
    }
    if let Some(widths) = written.widths {
        let at = widths.span().start;
        let widths = widths.into_inner();
        let rises = widths.is_sorted_by(|a, b| a < b);
        if widths.is_empty() || !rises || widths.iter().any(|w| !(16..=16_384).contains(w)) {
            let what =
                message!("`widths` must list widths from 16 to 16384 pixels in ascending order");
            return Err((at, what));
        }
        config.widths = widths;
    }
    if let Some(remote) = written.remote {
        config.remote = remote_hosts(remote)?;
    }
    for (field, weight) in written.search.weights {
        let at = weight.span().start;
        let weight = weight.into_inner();
        if !(0.1..=100.0).contains(&weight) {
            let what = message!("the weight of `{field}` must be between 0.1 and 100", field);
            return Err((at, what));
        }
        config.search.weights.insert(field, weight);
    }
    let lines = Lines { text };
    config.identity = lines.identity(written.identity, written.colours)?;
    config.menu = lines.menu(written.menu)?;
    config.home = lines.home(written.home);
    config.footer = lines.footer(written.footer)?;
    config.facets = lines.locate_all(written.facets);
    config.field_order = written.field_order;
    let labels = written.fields.into_iter();
    config.labels = labels
        .map(|(field, settings)| (field, texts(settings.label)))
        .collect();
    config.fetch = written.fetch;
    config.host = written.host;
    config.pages = written.pages;
    config.originals = written.originals.unwrap_or(config.originals);
    Ok(config)
}

/// Checks the names of the hosts from which pages may display images.
fn remote_hosts(hosts: toml::Spanned<Vec<toml::Spanned<String>>>) -> Result<Vec<String>, Invalid> {
    let at = hosts.span().start;
    let mut names: Vec<String> = Vec::new();
    for host in hosts.into_inner() {
        let at = host.span().start;
        let name = host.into_inner().to_ascii_lowercase();
        if !is_host(&name) {
            let what = message!(
                "`remote` must list the names of hosts, without `https://` and without a path, for example \"images.example.org\" or \"images.example.org:8443\""
            );
            return Err((at, what));
        }
        let name = name.strip_suffix(":443").unwrap_or(&name).to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.len() > MAX_REMOTE_HOSTS {
        let what = message!(
            "`remote` lists {count} hosts, but may list at most {limit}",
            count = names.len(),
            limit = MAX_REMOTE_HOSTS
        );
        return Err((at, what));
    }
    Ok(names)
}

/// Returns `true` if a text is the name of a host, with an optional port. The name becomes part of the
/// content security policy, so it must not contain a space, a semicolon or a wildcard.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port)),
        None => (text, None),
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let is_port = |port: &str| {
        let digits = port.bytes().all(|b| b.is_ascii_digit());
        digits && port.parse::<u16>().is_ok_and(|port| port > 0)
    };
    name.len() <= 253 && name.split('.').all(is_label) && port.is_none_or(is_port)
}

fn texts(written: BTreeMap<LangTag, Texts>) -> LangMap {
    let values = written.into_iter().flat_map(|(tag, texts)| {
        let texts = match texts {
            Texts::One(text) => vec![text],
            Texts::Several(texts) => texts,
        };
        texts.into_iter().map(move |text| (tag.clone(), text))
    });
    values.collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_yields_the_defaults() {
        assert_eq!(parse("").unwrap(), ArchiveConfig::default());
    }

    #[test]
    fn titles_are_strings_or_lists() {
        let config = parse(
            "pages = \"none\"\nlanguages = [\"en\"]\n[title]\nar = \"خزانة\"\nen = [\"A\", \"B\"]",
        )
        .unwrap();
        assert_eq!(config.title.get("ar"), ["خزانة"]);
        assert_eq!(config.title.get("en"), ["A", "B"]);
        assert_eq!(config.pages, Some(Pages::None));
        assert_eq!(config.languages, ["en"]);
    }

    #[test]
    fn host_supports_ranges_by_default() {
        assert!(parse("[host]").unwrap().host.ranges);
        assert!(!parse("[host]\nranges = false").unwrap().host.ranges);
    }

    #[test]
    fn hosts_of_images_are_names_with_an_optional_port() {
        let config = parse(
            "remote = [\"Images.example.org\", \"b.example:8443\", \"images.example.org:443\"]",
        );
        let config = config.unwrap();
        assert_eq!(config.remote, ["images.example.org", "b.example:8443"]);
        assert!(!config.fetch.publish_without_rights);
        let config = parse("[fetch]\npublish_without_rights = true").unwrap();
        assert!(config.fetch.publish_without_rights);
        let hosts = |count: usize| {
            let hosts: Vec<String> = (0..count).map(|n| format!("\"h{n}.example\"")).collect();
            parse(&format!("remote = [{}]", hosts.join(", ")))
        };
        assert_eq!(hosts(30).unwrap().remote.len(), 30);
        let (_, what) = hosts(31).unwrap_err();
        assert_eq!(what, "`remote` lists 31 hosts, but may list at most 30");
    }

    #[test]
    fn reports_errors_with_their_lines() {
        let archive = tempfile::tempdir().unwrap();
        assert_eq!(load(archive.path()).unwrap_err().code(), "archive-missing");
        for wrong in [
            "\n\ncolour = \"red\"",
            "\n\nlanguages = [\"de\"]",
            "\n\nlanguages = []",
            "\n\nlanguages = [\"ar\", \"ar\"]",
            "\n\nurl = \"https://host/folder\"",
            "\n\nurl = \"javascript:x/\"",
            "\n\nwidths = [800, 320]",
            "\n\nwidths = [0]",
            "\n\npages = \"all\"",
            "\n[search.weights]\ntitle = 1000",
            "\n[search.weights]\ntitle = \"high\"",
            "\n[search]\nweight = 1",
            "\nremote = [\"a.example\",\n\"https://b.example\"]",
            "\nremote = [\"a.example\",\n\"b.example/folder\"]",
            "\n\nremote = [\"*.example.org\"]",
            "\n\nremote = [\"a.example; script-src *\"]",
            "\n\nremote = [\"a.example:0\"]",
            "\n\nremote = [\"صور.example\"]",
            "\n\nremote = \"a.example\"",
            "\n[fetch]\npublish = true",
            "\n[host]\nranges = \"no\"",
            "\n[host]\nrange = false",
            "\n[title]\nklingon = \"x\"",
            "\n\ntitle = ",
        ] {
            std::fs::write(archive.path().join(CONFIG_FILE), wrong).unwrap();
            let error = load(archive.path()).unwrap_err();
            assert_eq!(error.code(), "config-invalid", "{wrong}");
            assert!(error.to_string().contains("khizana.toml:3: "), "{error}");
        }
        std::fs::write(archive.path().join(CONFIG_FILE), [0xff]).unwrap();
        assert_eq!(
            load(archive.path()).unwrap_err().code(),
            "config-unreadable"
        );
    }
}
