//! The files that belong to the configuration of an archive: `khizana.toml`, the folder `pages`, and the logos, fonts
//! and other files that `khizana.toml` names.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use khizana_model::ArchiveConfig;

use super::{CONFIG_FILE, parse};

/// The folder of the pages in an archive.
pub const PAGES_DIR: &str = "pages";

/// Maximum size of a file of the configuration in bytes. Larger files are neither published nor stored.
pub const MAX_FILE_BYTES: u64 = 16 << 20;

/// The path and the content of each file of a configuration. Paths are relative to the archive, with `/`.
pub type ConfigurationFiles = Vec<(String, Vec<u8>)>;

/// Reads the files of the configuration, sorted by path. Files that `khizana.toml` names but that do not exist
/// are omitted.
///
/// # Errors
/// Returns an error if `khizana.toml` or another existing file cannot be read.
pub fn read_files(archive: &Path) -> io::Result<ConfigurationFiles> {
    let text = std::fs::read(archive.join(CONFIG_FILE))?;
    let mut names = BTreeSet::new();
    let config = std::str::from_utf8(&text)
        .ok()
        .and_then(|text| parse(text).ok());
    if let Some(config) = config {
        names.extend(
            named(&config)
                .filter(|name| is_safe(name))
                .map(str::to_owned),
        );
    }
    match std::fs::read_dir(archive.join(PAGES_DIR)) {
        Ok(entries) => {
            for entry in entries {
                if let Ok(name) = entry?.file_name().into_string() {
                    names.insert(format!("{PAGES_DIR}/{name}"));
                }
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    names.remove(CONFIG_FILE);
    let mut files = vec![(CONFIG_FILE.to_owned(), text)];
    for name in names.into_iter().filter(|name| is_safe(name)) {
        let path = archive.join(&name);
        let is_small =
            |metadata: std::fs::Metadata| metadata.is_file() && metadata.len() <= MAX_FILE_BYTES;
        if std::fs::metadata(&path).is_ok_and(is_small) {
            files.push((name, std::fs::read(&path)?));
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Returns the paths that `khizana.toml` names.
fn named(config: &ArchiveConfig) -> impl Iterator<Item = &str> {
    let identity = &config.identity;
    let logos = identity.logo.iter().chain(&identity.logo_dark);
    let typefaces = &identity.typefaces;
    let fonts = typefaces.text.iter().chain(&typefaces.headings);
    let partners = config.footer.partners.iter();
    logos
        .chain(fonts)
        .map(|file| &file.path)
        .chain(&identity.favicon)
        .chain(partners.filter_map(|partner| partner.logo.as_ref()))
        .map(|path| path.value.as_str())
}

/// Returns `true` if a path is relative and stays in the archive, and if no part of it is hidden or differs between
/// systems.
pub fn is_safe(path: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && !name.contains(|c: char| c.is_control() || "\\:*?\"<>|".contains(c))
    };
    path.len() <= 1000 && path.split('/').all(is_name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_pages_and_the_files_that_are_named() {
        let archive = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = archive.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put(
            "khizana.toml",
            "[identity]\nlogo = \"identity/logo.svg\"\nfavicon = \"../secret\"\nlogo_dark = \"missing.svg\"\ntypefaces.text.ar = \"identity/naskh.ttf\"",
        );
        put("identity/naskh.ttf", "a font");
        put("identity/logo.svg", "<svg/>");
        put("identity/unused.svg", "<svg/>");
        put("pages/about.ar.md", "# من نحن");
        put("pages/.about.swp", "x");
        std::fs::create_dir(archive.path().join("pages/folder")).unwrap();
        let names: Vec<String> = read_files(archive.path())
            .unwrap()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            names,
            [
                "identity/logo.svg",
                "identity/naskh.ttf",
                "khizana.toml",
                "pages/about.ar.md"
            ]
        );
    }

    #[test]
    fn paths_stay_in_the_archive() {
        for safe in ["logo.svg", "identity/شعار.svg", "a/b/c.png"] {
            assert!(is_safe(safe), "{safe}");
        }
        for unsafe_path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../b",
            "a//b",
            "C:\\x",
            "c:x",
            ".git/config",
            "a/.",
            "a\0b",
        ] {
            assert!(!is_safe(unsafe_path), "{unsafe_path}");
        }
    }
}
