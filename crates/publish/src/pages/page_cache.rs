//! The inputs of the pages of the previous publication, so that unchanged pages are not rendered again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use khizana_format::{Root, hash_of};
use khizana_model::Hash;
use khizana_pages::Site as SiteInfo;
use khizana_site::Site;
use khizana_site::headers::Policy;

use crate::PublishError;

/// The hash of the inputs of each page, by the name of the page without the language.
type Inputs = BTreeMap<String, Hash>;

/// Knows of which inputs the pages in a site were rendered.
///
/// `ARCHIVE/cache/html.txt` contains the hash of the root of the site for which it is valid, and a line for each page. It
/// can be deleted at any time.
pub(crate) struct PageCache {
    path: PathBuf,
    previous: Inputs,
    current: Mutex<Inputs>,
    /// The hash of what all pages are rendered from.
    common: Hash,
}

impl PageCache {
    /// Reads the cache of an archive. The cache is empty if it is not that of the site, or if the site may be
    /// incomplete.
    pub(crate) fn open(
        archive: &Path,
        site: &Site,
        root: &Root,
        (info, policy): (&SiteInfo, &Policy),
    ) -> PageCache {
        let path = archive.join("cache").join("html.txt");
        let read = || {
            let text = fs::read_to_string(&path).ok()?;
            let mut lines = text.lines();
            let is_valid = lines.next()? == root_hash(site)?.to_string();
            let entries = lines.filter_map(|line| {
                let (hash, name) = line.split_once(' ')?;
                Some((name.to_owned(), hash.parse().ok()?))
            });
            is_valid.then(|| entries.collect())
        };
        // Another version of the program may render other pages.
        let program = std::env::current_exe().and_then(fs::metadata);
        let program = program
            .and_then(|file| Ok((file.len(), file.modified()?)))
            .ok();
        let previous = program.and_then(|_| read()).unwrap_or_default();
        let facets: Vec<&str> = root
            .search
            .facets
            .iter()
            .map(|facet| facet.field.as_str())
            .collect();
        let common = format!(
            "{program:?} {info:?} {} {:?} {facets:?}",
            policy.meta(),
            root.collections
        );
        PageCache {
            path,
            previous,
            current: Mutex::default(),
            common: hash_of(common.as_bytes()),
        }
    }

    /// Adds what all pages that are checked from now on are rendered from.
    pub(super) fn add_common(&mut self, input: &impl std::fmt::Debug) {
        let both = format!("{} {input:?}", self.common);
        self.common = hash_of(both.as_bytes());
    }

    /// Returns `true` and keeps the files of a page if they were rendered from the same inputs.
    pub(super) fn keeps(
        &self,
        site: &Site,
        (name, inputs): (&str, &[&[u8]]),
        files: &[String],
    ) -> bool {
        let mut content = self.common.0.to_vec();
        for input in inputs {
            content.extend((input.len() as u64).to_le_bytes());
            content.extend_from_slice(input);
        }
        let hash = hash_of(&content);
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.insert(name.to_owned(), hash);
        drop(current);
        self.previous.get(name) == Some(&hash) && site.keep_published(files)
    }

    /// Writes the cache for a site whose root has been written.
    pub(crate) fn save(self, site: &Site) -> Result<(), PublishError> {
        let Some(root) = root_hash(site) else {
            return Ok(());
        };
        let current = self.current.into_inner();
        let current = current.unwrap_or_else(PoisonError::into_inner);
        let mut text = format!("{root}\n");
        for (name, hash) in &current {
            text.push_str(&format!("{hash} {name}\n"));
        }
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(PublishError::write(folder))?;
        }
        let temporary = self.path.with_extension("tmp");
        fs::write(&temporary, text).map_err(PublishError::write(&temporary))?;
        fs::rename(&temporary, &self.path).map_err(PublishError::write(&self.path))
    }
}

/// Returns the hash of the root of a site. Returns `None` if there is none.
fn root_hash(site: &Site) -> Option<Hash> {
    let root = fs::read(site.path("archive.json")).ok()?;
    Some(hash_of(&root))
}
