//! Images on other hosts: those that are displayed from there, and fetched files that are not published.

use khizana_model::{ArchiveConfig, Item, Problem, message};
use khizana_store::config::CONFIG_FILE;

/// Removes the fetched files of an item from its media if its rights are not stated, unless the archive
/// publishes them. Returns the number of these files.
///
/// Whoever publishes a table of URLs has not thereby allowed others to publish the files.
pub(crate) fn withhold(item: &mut Item, config: &ArchiveConfig) -> u64 {
    let has_rights = item.rights.is_some() || item.field("rights_text").is_some();
    if has_rights || config.fetch.publish_without_rights {
        return 0;
    }
    let count = item.media.len();
    item.media.retain(|media| media.source.is_none());
    let withheld = (count - item.media.len()) as u64;
    if withheld > 0 {
        // The sections begin on pages of files that are not published.
        item.contents.clear();
    }
    withheld
}

/// Returns the warning about fetched files that are not published, if there are any.
pub(crate) fn withheld_problem(count: u64) -> Option<Problem> {
    let message = match count {
        0 => return None,
        1 => message!(
            "1 fetched file is in the store but not published, because its item states no rights."
        ),
        _ => message!(
            "{count} fetched files are in the store but not published, because their items state no rights.",
            count
        ),
    };
    let problem = Problem::warning(
        "fetched-withheld",
        message,
        "State the rights of the items in the column `rights` and ingest the source again, or, if they may be published, set `publish_without_rights = true` in the section `[fetch]` of khizana.toml.",
    );
    Some(problem.in_file(CONFIG_FILE))
}

/// Takes the images on other hosts from an item, and returns the URLs of those that are displayed from
/// their hosts: the hosts are named in the configuration, and the files are not published.
pub(crate) fn take_displayed(item: &mut Item, config: &ArchiveConfig) -> Vec<String> {
    let images = std::mem::take(&mut item.remote);
    let is_published = |url: &str| {
        let mut sources = item
            .media
            .iter()
            .filter_map(|media| media.source.as_deref());
        sources.any(|source| source == url)
    };
    images
        .iter()
        .filter(|image| !is_published(&image.url))
        .filter_map(|image| image.display_url(&config.remote))
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_published_file_is_not_displayed_from_its_host_too() {
        let media = json!({
            "name": "remote/1.jpg", "sha256": "0".repeat(64), "bytes": 1, "media_type": "image/jpeg",
            "kind": "image", "storage": "raw", "source": "https://a.example/1.jpg",
        });
        let item = json!({
            "id": "a", "media": [media],
            "remote": [{"url": "https://a.example/1.jpg"}, {"url": "https://a.example/2.jpg"}],
            "contents": [{"file": 0, "title": {"en": ["One"]}}],
        });
        let item: Item = serde_json::from_value(item).unwrap();
        let config = ArchiveConfig {
            remote: vec!["a.example".to_owned()],
            ..ArchiveConfig::default()
        };
        let mut stored = item.clone();
        let displayed = take_displayed(&mut stored, &config);
        assert_eq!(displayed, ["https://a.example/2.jpg"]);
        assert!(stored.remote.is_empty());

        let mut withheld = item;
        assert_eq!(withhold(&mut withheld, &config), 1);
        assert!(withheld.contents.is_empty());
        let displayed = take_displayed(&mut withheld, &config);
        assert_eq!(
            displayed,
            ["https://a.example/1.jpg", "https://a.example/2.jpg"]
        );
    }
}
