//! The whole way from a store to a site.

use std::path::{Path, PathBuf};

use khizana_format::{FORMAT, Root, hash_of, put_bytes};
use khizana_model::Pages;
use khizana_model::Problem;
use khizana_model::Progress;
use khizana_pages::{Site as SiteInfo, not_found_document, root_document};
use khizana_store::Store;
use serde::Serialize;

use crate::cache::DerivativeCache;
use crate::iiif;
use crate::records::plan::Plan;
use crate::texts::line_alignment;
use crate::{PublishError, images, pages, records};
use khizana_site::Site;
use khizana_site::headers;

/// The folder of an archive to which it is published where no other is named.
pub(crate) const SITE: &str = "site";

/// What can be chosen for one publication.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The folder to publish to; `ARCHIVE/site` otherwise.
    pub out: Option<PathBuf>,
    /// Which pages to write, whatever `khizana.toml` says.
    pub pages: Option<Pages>,
}

/// The built viewer: the names of its files and their content, in the order of the names.
pub type Viewer<'a> = [(&'a str, &'a [u8])];

/// What a publication came to; its JSON is stable.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// The state of everything published, as `archive.json` names it.
    pub snapshot: String,
    /// Items published.
    pub items: u32,
    /// Files of the site.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files that had to be written.
    pub written: u64,
    /// Images that cannot be shown and texts that cannot be read, whose originals are published instead;
    /// and originals that are not published.
    pub problems: Vec<Problem>,
    /// The folder of the site.
    #[serde(skip)]
    pub site: PathBuf,
}

/// Publishes an archive. Files named by their content come first, then the pages, and last
/// `archive.json`, so that whoever reads meanwhile sees the old state or the new one.
///
/// # Errors
/// [`PublishError`]; what was published before is then still whole.
pub fn publish(
    archive: &Path,
    options: &Options,
    viewer: &Viewer<'_>,
    progress: &dyn Progress,
) -> Result<Summary, PublishError> {
    if viewer.is_empty() {
        return Err(PublishError::NoViewer);
    }
    let mut config = khizana_store::config::load(archive)?;
    config.pages = options.pages.unwrap_or(config.pages);
    let store = Store::open(archive)?;
    let out = options.out.clone().unwrap_or_else(|| archive.join(SITE));
    let site = Site::open(&out)?;

    let plan = Plan::of(&store)?;
    let cache = DerivativeCache::open(archive);
    let pictures = &plan.pictures;
    let all = pictures.len() as u64 + line_alignment::count(pictures);
    progress.begin("Images", Some(all));
    let derived = images::derive(&store, &site, pictures, &config, cache, progress)?;
    let found = line_alignment::find(archive, &store, &site, (pictures, &derived), progress)?;
    progress.end();
    progress.begin("Records", Some(u64::from(plan.items())));
    let written = records::write(&store, &site, &plan, (&derived, &found), &config, progress)?;
    progress.end();

    let mut root = Root {
        format: FORMAT.to_owned(),
        snapshot: String::new(),
        title: config.title.clone(),
        description: config.description.clone(),
        languages: config.languages.clone(),
        pages: config.pages,
        viewer: write_viewer(&site, viewer)?,
        items: plan.items(),
        collections: written.collections,
        records: written.records,
        ids: written.ids,
        search: written.search,
    };
    root.snapshot = hash_of(&to_json(&root)?).to_string();

    let info = SiteInfo::of(&root, config.url.clone());
    progress.begin(
        "Pages",
        (root.pages == Pages::Items).then_some(u64::from(root.items)),
    );
    pages::write(&site, &root, &info, &written.json, progress)?;
    iiif::write(&site, &root, &info, &written.json)?;
    progress.end();
    site.put("index.html", root_document(&info).as_bytes())?;
    let (not_found, style) = not_found_document(&info, config.url.as_deref());
    site.put("404.html", not_found.as_bytes())?;
    site.put(
        "_headers",
        headers::file(&[headers::source_of(style)]).as_bytes(),
    )?;
    site.put("archive.json", &to_json(&root)?)?;
    let total = site.finish()?;
    Ok(Summary {
        snapshot: root.snapshot,
        items: root.items,
        files: total.files,
        bytes: total.bytes,
        written: total.written,
        problems: [derived.problems, written.problems].concat(),
        site: out,
    })
}

fn to_json(root: &Root) -> Result<Vec<u8>, PublishError> {
    serde_json::to_vec(root).map_err(PublishError::record("archive.json"))
}

/// Puts the viewer's files into one folder named by all of them, in which they find one another.
fn write_viewer(site: &Site, viewer: &Viewer<'_>) -> Result<String, PublishError> {
    let mut all = Vec::new();
    for (name, content) in viewer {
        put_bytes(&mut all, name.as_bytes());
        put_bytes(&mut all, &hash_of(content).0);
    }
    let mut name = hash_of(&all).to_string();
    name.truncate(16);
    let folder = format!("viewer/{name}/");
    for (name, content) in viewer {
        site.put_named(&format!("{folder}{name}"), content)?;
    }
    Ok(folder)
}
