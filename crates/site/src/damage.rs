//! The sites of an archive in which the last verification found damage. They are hashed when they are
//! published again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The name of the file in an archive that lists the damaged sites.
const FILE: &str = "damaged-sites.json";

/// Returns `true` if a site is listed as damaged.
pub fn is_listed(archive: &Path, site: &Path) -> bool {
    load(archive).contains(&name(site))
}

/// Lists a site as damaged. An error is ignored, because `publish --rehash` does not depend on the list.
pub fn add(archive: &Path, site: &Path) {
    let mut sites = load(archive);
    if sites.insert(name(site)) {
        save(archive, &sites);
    }
}

/// Removes a site from the list.
pub fn remove(archive: &Path, site: &Path) {
    let mut sites = load(archive);
    if sites.remove(&name(site)) {
        save(archive, &sites);
    }
}

fn name(site: &Path) -> String {
    let path = site.canonicalize().unwrap_or_else(|_| PathBuf::from(site));
    path.to_string_lossy().into_owned()
}

fn load(archive: &Path) -> BTreeSet<String> {
    let json = fs::read(archive.join(FILE)).unwrap_or_default();
    serde_json::from_slice(&json).unwrap_or_default()
}

fn save(archive: &Path, sites: &BTreeSet<String>) {
    let path = archive.join(FILE);
    if sites.is_empty() {
        let _ = fs::remove_file(path);
    } else if let Ok(json) = serde_json::to_vec_pretty(sites) {
        let _ = fs::write(path, json);
    }
}
