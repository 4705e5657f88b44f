//! The publication of an archive.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use khizana_format::{
    FORMAT, LeafSize, Root, TreeRef, TreeWriter, WriteError, hash_of, object_path, put_bytes,
};
use khizana_model::Hash;
use khizana_model::Pages;
use khizana_model::Problem;
use khizana_model::Progress;
use khizana_pages::{
    NOT_FOUND_SCRIPT, Site as SiteInfo, embed_document, not_found_document, offline_document,
    root_document, standalone_style,
};
use serde::Serialize;

use crate::cache::{CACHE, DerivativeCache};
use crate::identity::typefaces::{self, Typefaces};
use crate::iiif;
use crate::images::ImageSettings;
use crate::maps::Maps;
use crate::pages::{PageCache, RecordReader};
use crate::prepare;
use crate::reader::Reader;
use crate::records::plan::Plan;
use crate::shown::Shown;
use crate::texts::line_alignment;
use crate::written::Texts;
use crate::{
    Documents, PublishError, consistency, discovery, example_texts, host_limits, identity, images,
    pages, records,
};
use khizana_site::headers::{self, Policy};
use khizana_site::{Site, SiteManifest, damage};
use khizana_store::config::{CONFIG_FILE, ConfigurationFiles, read_files};

/// The name of the default folder of the site, in the folder of the archive.
pub(crate) const SITE: &str = "site";

/// Options of a publication.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The folder to which the site is published. The default is `ARCHIVE/site`.
    pub out: Option<PathBuf>,
    /// The HTML pages to write. The default is the value in `khizana.toml`.
    pub pages: Option<Pages>,
    /// The number of the newest state of the store, to continue although the catalogue or the site was
    /// made from a state that the store does not contain.
    pub accept_state: Option<u64>,
    /// `true` to hash existing files of the site before they are kept.
    pub rehash: bool,
}

/// The built viewer: the names and contents of its files, sorted by name. The outline of the land is one
/// of them, but maps are drawn from it and it is not published.
pub type Viewer<'a> = [(&'a str, &'a [u8])];

/// The name of the outline of the land among the files of the viewer.
const LAND: &str = "land.txt";

/// Number of folders above the files of the viewer: `viewer` and one that is named by their hash.
const VIEWER_DEPTH: usize = 2;

/// The name of the service worker among the files of the viewer.
const SERVICE_WORKER: &str = "service-worker.js";

/// A summary of a publication. Its JSON members are stable.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// The snapshot identifier in `archive.json`.
    pub snapshot: String,
    /// Number of published items.
    pub items: u32,
    /// Number of items that have a page, if not all items or no items have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item_pages: Option<u64>,
    /// Number of files in the site.
    pub files: u64,
    /// Total size of the files in bytes.
    pub bytes: u64,
    /// Number of files that were written. All other files were up to date.
    pub written: u64,
    /// Problems with images that cannot be displayed, texts that cannot be read, and originals that
    /// are not published.
    pub problems: Vec<Problem>,
    /// The folder of the site.
    #[serde(skip)]
    pub site: PathBuf,
    /// `true` if the address of the archive is configured, which some files require.
    #[serde(skip)]
    pub has_url: bool,
}

/// Publishes an archive.
///
/// Files that are named by their content are written first, then the pages, and `archive.json`
/// last. A concurrent reader sees either the old state or the new one.
///
/// # Errors
/// Returns an error if the archive cannot be read or the site cannot be written. The previous
/// publication remains usable.
pub fn publish(
    archive: &Path,
    options: &Options,
    viewer: &Viewer<'_>,
    progress: &dyn Progress,
) -> Result<Summary, PublishError> {
    run(archive, options, viewer, false, progress).map(|(summary, _)| summary)
}

/// Publishes an archive without the pages and the IIIF documents, and returns the [`Documents`] that render the pages
/// on request. Does not wait until the files are on the disk.
///
/// # Errors
/// Returns an error like [`publish`].
pub fn publish_on_request(
    archive: &Path,
    options: &Options,
    viewer: &Viewer<'_>,
    progress: &dyn Progress,
) -> Result<(Summary, Documents), PublishError> {
    run(archive, options, viewer, true, progress)
}

fn run(
    archive: &Path,
    options: &Options,
    viewer: &Viewer<'_>,
    is_on_request: bool,
    progress: &dyn Progress,
) -> Result<(Summary, Documents), PublishError> {
    if viewer.is_empty() {
        return Err(PublishError::NoViewer);
    }
    let mut config = khizana_store::config::load(archive)?;
    config.pages = options.pages.or(config.pages);
    let out = options.out.clone().unwrap_or_else(|| archive.join(SITE));
    let (store, states) = consistency::open_store(archive, &out, options.accept_state)?;
    let mut problems = Vec::new();
    let states = consistency::store_configuration(archive, &store, states, &mut problems);
    problems.extend(consistency::missing_objects(&store, &states)?);
    problems.extend(example_texts::check(&config));
    let rehash = options.rehash || damage::is_listed(archive, &out);
    let prepared = prepare::folder_of(archive);
    let site = Site::open(&out, rehash)?.with_prepared(&prepared);

    let files = read_files(archive).map_err(PublishError::write(&archive.join(CONFIG_FILE)))?;
    let mut identity = identity::prepare(&site, &config, &files, &mut problems)?;
    let shown = typefaces::are_configured(&config).then(|| shown(&files));
    let plan = Plan::new(&store, &config)?;
    let pages = host_limits::choose_pages(&config, &plan, is_on_request)?;
    host_limits::announce(&config, &plan, pages, progress);
    let cache = DerivativeCache::open(archive);
    let source_pages = &plan.source_pages;
    let steps = source_pages.len() as u64 + line_alignment::count(source_pages);
    progress.begin("Images", Some(steps));
    let reader = Reader::Store(&store);
    let settings = ImageSettings::of(&config);
    let images = images::derive(reader, &site, source_pages, &settings, cache, progress)?;
    let line_alignments =
        line_alignment::align(archive, reader, &site, (source_pages, &images), progress)?;
    progress.end();
    let quota = host_limits::item_page_quota(&config, &plan, pages, site.file_count());
    progress.begin("Records", Some(u64::from(plan.items())));
    let land = viewer.iter().find(|(name, _)| *name == LAND);
    let records = records::write(
        &store,
        &site,
        &plan,
        (&images, &line_alignments),
        &mut Maps::new(land.map(|(_, outline)| *outline)),
        (&config, quota, shown.as_ref()),
        (&archive.join(CACHE), progress),
    )?;
    progress.end();
    let typefaces = match &shown {
        Some(shown) => {
            let collections = serde_json::to_vec(&records.collections);
            shown.add_bytes(&collections.map_err(PublishError::serialize("archive.json"))?);
            for section in records.sections.values().flatten() {
                let texts = section.heading.iter().chain(section.text.iter());
                texts.for_each(|(_, text)| shown.add_text(text));
            }
            let root = "../".repeat(VIEWER_DEPTH);
            typefaces::publish(&site, &config, &files, (shown, &root), &mut problems)?
        }
        None => Typefaces::default(),
    };

    let mut root = Root {
        format: FORMAT.to_owned(),
        snapshot: String::new(),
        title: config.title.clone(),
        description: config.description.clone(),
        languages: config.languages.clone(),
        pages,
        viewer: write_viewer(&site, viewer, &identity.head.style, &typefaces)?,
        items: plan.items(),
        collections: records.collections,
        records: records.tree,
        ids: records.ids,
        search: records.search,
        state: None,
        files: None,
    };
    root.snapshot = hash_of(&to_json(&root)?).to_string();
    root.state = states.newest();

    let index = pages::IndexFiles::new(&out, &root)?;
    let archive_reader = index.open()?;
    let texts = Texts::new(
        &site,
        &config,
        &root,
        (&files, &records.sections),
        &archive_reader,
        &mut problems,
    );
    texts.complete(&mut identity, &mut problems)?;
    let item_pages = records.item_pages.len() as u64;
    let has_item_pages = match root.pages {
        Pages::Items => true,
        Pages::Lists => item_pages > 0,
        Pages::None => false,
    };
    let info = SiteInfo {
        identity: Arc::new(identity),
        has_index_links: !config.host.index,
        item_pages: records.item_pages.into_iter().collect(),
        ..SiteInfo::of(&root, config.url.clone())
    };
    progress.begin(
        "Pages",
        (root.pages != Pages::None).then_some(u64::from(root.items)),
    );
    let style = headers::inline_hash(&standalone_style(&info));
    let script = headers::inline_hash(NOT_FOUND_SCRIPT);
    let policy = Policy::new(&[style], &[script], &config.remote);
    let texts = texts.render(&info, &mut problems)?;
    let mut page_cache = PageCache::open(archive, &site, &root, (&info, &policy));
    let reader = RecordReader::new(&index, root.items);
    if !is_on_request {
        let contents = (&plan, &reader);
        let written = (&config, &texts, &mut page_cache);
        pages::write(&site, &root, &info, &policy, contents, written, progress)?;
        if has_item_pages {
            iiif::write(&site, &root, &info, (&reader, &records.sections))?;
        }
    }
    let contents = discovery::Contents {
        root: &root,
        info: &info,
        records: (has_item_pages && !is_on_request).then_some(reader),
        written: &texts.pages,
        store: &store,
        states: &states,
    };
    discovery::write(&site, &contents)?;
    progress.end();
    site.put("index.html", root_document(&info, policy.meta()).as_bytes())?;
    let not_found = not_found_document(&info, policy.meta());
    site.put("404.html", not_found.as_bytes())?;
    if info.url.is_some() && root.pages != Pages::None {
        let embed = embed_document(&info, policy.meta());
        site.put("embed/index.html", embed.as_bytes())?;
    }
    let offline = offline_document(&info, policy.meta());
    site.put("offline.html", offline.as_bytes())?;
    site.put(
        "_headers",
        headers::file(&policy, &root.languages).as_bytes(),
    )?;
    if config.host.reads_redirects() && root.pages != Pages::Items {
        let redirects = headers::redirects(&root.languages, &info.folder_url(""));
        site.put("_redirects", redirects.as_bytes())?;
    }
    let manifest = site.manifest()?;
    problems.extend(host_limits::check_files(&config.host, &manifest));
    root.files = Some(write_manifest(&site, &manifest)?);
    site.log_removals()?;
    if !is_on_request {
        site.sync()?;
    }
    site.put("archive.json", &to_json(&root)?)?;
    if !is_on_request {
        site.sync()?;
    }
    if !is_on_request {
        page_cache.save(&site)?;
    }
    let totals = site.finish()?;
    damage::remove(archive, &out);
    // What remains does not belong to the site, or has been made again because it was damaged.
    let _ = std::fs::remove_dir_all(&prepared);
    problems.extend(images.problems);
    problems.extend(records.problems);
    let summary = Summary {
        snapshot: root.snapshot.clone(),
        items: root.items,
        item_pages: (root.pages == Pages::Lists).then_some(item_pages),
        files: totals.files,
        bytes: totals.bytes,
        written: totals.written,
        problems,
        site: out.clone(),
        has_url: config.url.is_some(),
    };
    let documents = Documents::new(&out, root, (info, policy), config, texts, is_on_request)?;
    Ok((summary, documents))
}

/// Returns the characters of the interface, and of the texts of the institution.
fn shown(files: &ConfigurationFiles) -> Shown {
    let shown = Shown::new();
    for source in khizana_pages::i18n::SOURCES {
        shown.add_text(source);
    }
    let is_text = |name: &str| name.ends_with(".md") || name == CONFIG_FILE;
    for (_, text) in files.iter().filter(|(name, _)| is_text(name)) {
        shown.add_bytes(text);
    }
    shown
}

/// Writes the manifest of all files that have been written so far.
fn write_manifest(site: &Site, manifest: &SiteManifest) -> Result<TreeRef, PublishError> {
    let mut put = |hash: Hash, bytes: Vec<u8>| {
        let path = object_path(&hash);
        site.put_named(&path, &bytes)
            .map_err(|error| WriteError::Io {
                path,
                source: std::io::Error::other(error),
            })
    };
    let mut tree = TreeWriter::new(&mut put, LeafSize::LARGE);
    for (path, file) in manifest {
        tree.push(path.as_bytes(), file.encode())?;
    }
    Ok(tree.finish()?)
}

fn to_json(root: &Root) -> Result<Vec<u8>, PublishError> {
    serde_json::to_vec(root).map_err(PublishError::serialize("archive.json"))
}

/// Writes the files of the viewer to a folder whose name is derived from their hashes, and the service
/// worker to the root of the site, because it controls only pages below its folder. `style` is appended to the
/// style sheets, and the typefaces to the fonts. Returns the path of the folder.
fn write_viewer(
    site: &Site,
    viewer: &Viewer<'_>,
    style: &str,
    typefaces: &Typefaces,
) -> Result<String, PublishError> {
    let appended = |name: &str| match name {
        "viewer.css" | "embed.css" => style,
        "fonts.css" => &typefaces.style,
        "fonts.txt" => &typefaces.licenses,
        _ => "",
    };
    let files: Vec<(&str, Cow<'_, [u8]>)> = viewer
        .iter()
        .filter(|(name, _)| *name != LAND && *name != SERVICE_WORKER)
        .map(|(name, content)| match appended(name) {
            "" => (*name, Cow::Borrowed(*content)),
            text => (*name, Cow::Owned([content, text.as_bytes()].concat())),
        })
        .collect();
    let mut names_and_hashes = Vec::new();
    for (name, content) in &files {
        put_bytes(&mut names_and_hashes, name.as_bytes());
        put_bytes(&mut names_and_hashes, &hash_of(content).0);
    }
    let mut version = hash_of(&names_and_hashes).to_string();
    version.truncate(16);
    let folder = format!("viewer/{version}/");
    for (name, content) in &files {
        site.put_named(&format!("{folder}{name}"), content)?;
    }
    let mut service_worker = viewer.iter().filter(|(name, _)| *name == SERVICE_WORKER);
    if let Some((name, content)) = service_worker.next() {
        site.put(name, content)?;
    }
    Ok(folder)
}
