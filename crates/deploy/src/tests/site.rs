//! Small sites whose pages list what they refer to.

use std::path::{Path, PathBuf};

use khizana_format::{LeafSize, Root, TreeWriter, hash_of, object_path};
use khizana_json::FromJson as _;
use khizana_site::Site;

/// Publishes a version of a site. Version N has the items from N to N + 5. All pages refer to the viewer of the
/// version, and the pages of items also to an object.
pub(super) fn publish(folder: &Path, version: usize) -> PathBuf {
    let folder = folder.join("site");
    let site = Site::open(&folder, false).unwrap();
    let viewer = format!("viewer/{version}/viewer.js");
    site.put(&viewer, "code ".repeat(500).as_bytes()).unwrap();
    let mut index = format!("-> {viewer}\n");
    for item in version..version + 6 {
        let object = format!("object of item {item}");
        let object_path = object_path(&hash_of(object.as_bytes()));
        site.put(&object_path, object.as_bytes()).unwrap();
        let page = format!("en/item/{item}/index.html");
        let content = format!("-> {viewer}\n-> {object_path}\n{}", "text ".repeat(400));
        site.put(&page, content.as_bytes()).unwrap();
        index += &format!("-> {page}\n");
    }
    site.put("en/index.html", index.as_bytes()).unwrap();
    // Larger than the chunks in which large files are uploaded.
    let large = vec![7; crate::remote::CHUNK + 100];
    site.put("f/large/tiles.bin", &large).unwrap();
    let manifest = site.manifest().unwrap();
    let mut put = |hash, bytes: Vec<u8>| {
        site.put_named(&khizana_format::object_path(&hash), &bytes)
            .unwrap();
        Ok(())
    };
    let mut tree = TreeWriter::new(&mut put, LeafSize::LARGE);
    for (path, file) in &manifest {
        tree.push(path.as_bytes(), file.encode()).unwrap();
    }
    let mut root = Root::default_value();
    root.format = khizana_format::FORMAT.to_owned();
    root.snapshot = format!("version {version}");
    root.languages = vec!["en".to_owned()];
    root.viewer = format!("viewer/{version}/");
    root.files = Some(tree.finish().unwrap());
    site.put("archive.json", &serde_json::to_vec(&root).unwrap())
        .unwrap();
    site.finish().unwrap();
    folder
}

/// Returns the paths that a page refers to.
pub(super) fn references(page: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(page);
    let lines = text.lines().filter_map(|line| line.strip_prefix("-> "));
    lines.map(str::to_owned).collect()
}
