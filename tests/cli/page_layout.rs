//! The pages of a site on hosts with different limits and rules.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use crate::support::{Archive, fixture, read_files};

const URL: &str = "https://example.org/archive/";

/// Creates an archive with 250 items without images, and the collection `cabinet`, whose items have images.
fn archive(configuration: &str) -> Archive {
    let archive = Archive::new();
    let source = archive.path().join("many");
    std::fs::create_dir(&source).unwrap();
    let mut table = String::from("id,title@en,title@ar,creator@en,date\n");
    for number in 1..=250 {
        let _ = writeln!(
            table,
            "n{number},Letter {number},رسالة {number},An author,1901"
        );
    }
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    configure(&archive, configuration);
    archive
}

fn configure(archive: &Archive, configuration: &str) {
    let text = format!("languages = [\"ar\", \"en\"]\n{configuration}\n");
    std::fs::write(archive.path().join("khizana.toml"), text).unwrap();
}

fn page(archive: &Archive, path: &str) -> String {
    std::fs::read_to_string(archive.site().join(path)).unwrap()
}

/// Returns the values of an attribute in HTML.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    let rest = html.split(start.as_str()).skip(1);
    rest.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn without_a_limit_every_item_has_a_page() {
    let archive = archive("");
    let report = archive.json(0, &["publish"]);
    assert!(report["item_pages"].is_null());
    assert!(archive.site().join("en/item/n250/index.html").is_file());
    // Without JavaScript, the first page leads to all others.
    let first = page(&archive, "en/collection/many/index.html");
    let noscript = first.split("<noscript><nav").nth(1).unwrap();
    let listed = noscript.split("</nav>").next().unwrap();
    assert_eq!(values(listed, "href").len(), 10, "{listed}");
    assert!(listed.contains("Letter 25</bdi> … <bdi") && listed.contains(">Letter 48</bdi>"));
}

#[test]
fn on_a_host_that_limits_the_files_lists_contain_the_whole_records() {
    let archive = archive(&format!("url = \"{URL}\"\n[host]\nmax_files = 1800"));
    let report = archive.json(0, &["publish"]);
    let with_images = report["item_pages"].as_u64().unwrap();
    assert!(
        with_images > 0 && report["files"].as_u64().unwrap() <= 1800,
        "{report}"
    );
    assert!(!archive.site().join("en/item/n250").exists());
    let html = page(&archive, "en/item/kitab-al-nujum/index.html");
    for expected in [
        "og:image",
        "citation_title",
        "application/ld+json",
        "manifests/item/",
    ] {
        assert!(html.contains(expected), "{expected}");
    }
    let third = page(&archive, "en/collection/many/page/3/index.html");
    assert_eq!(third.matches("<article class=\"record\"").count(), 50);
    assert!(third.contains("<a href=\"../../../../../en/item/?id=n250\">Letter 250</a>"));
    assert!(third.contains("<dt>Creator</dt><dd>An author</dd>"));
    assert_eq!(third.matches("application/ld+json").count(), 1);
    assert!(
        !third.contains("boot.js"),
        "the viewer would replace the records"
    );
    let graph = third.split("application/ld+json\">").nth(1).unwrap();
    let graph: serde_json::Value =
        serde_json::from_str(graph.split("</script>").next().unwrap()).unwrap();
    assert_eq!(graph["@type"], "Collection");
    assert_eq!(graph["hasPart"].as_array().unwrap().len(), 50);
    assert_eq!(
        graph["hasPart"][49]["@id"],
        format!("{URL}en/item/?id=n250")
    );
    // The shell page and the page of an unknown address lead to the viewer.
    assert!(archive.site().join("en/item/index.html").is_file());
    assert!(page(&archive, "404.html").contains("data-item=\"\""));
    assert!(!archive.site().join("_redirects").exists());
}

#[test]
fn the_sitemap_lists_files_only_and_no_page_has_many_links() {
    let archive = archive(&format!("url = \"{URL}\"\npages = \"lists\""));
    archive.json(0, &["publish"]);
    let sitemap = page(&archive, "sitemap.xml");
    let listed: Vec<&str> = sitemap.split("<loc>").skip(1).collect();
    assert!(listed.len() > 10);
    for loc in listed {
        let path = loc
            .split("</loc>")
            .next()
            .unwrap()
            .strip_prefix(URL)
            .unwrap();
        let file = resolve(Path::new(""), &format!("{path}index.html"));
        assert!(archive.site().join(file).is_file(), "{path}");
    }
    for (path, content) in read_files(&archive.site()) {
        if path.ends_with(".html") {
            let html = String::from_utf8(content).unwrap();
            let links = html.matches("<a ").count();
            assert!(links <= 200, "{path} has {links} links");
        }
    }
}

#[test]
fn the_number_of_pages_of_items_depends_on_the_limit() {
    let archive = archive(&format!("url = \"{URL}\"\npages = \"lists\""));
    let count = || {
        archive.json(0, &["publish"])["item_pages"]
            .as_u64()
            .unwrap()
    };
    let all = count();
    configure(&archive, "pages = \"lists\"\n[host]\nmax_files = 1700");
    let some = count();
    configure(&archive, "pages = \"lists\"\n[host]\nmax_files = 100");
    assert_eq!(count(), 0);
    assert!(0 < some && some <= all, "{some} of {all}");
}

#[test]
fn redirects_are_written_for_hosts_that_read_them() {
    let archive = archive("pages = \"lists\"\n[host]\nname = \"netlify\"");
    archive.json(0, &["publish"]);
    let redirects = page(&archive, "_redirects");
    assert!(
        redirects.contains("/ar/item/:id /ar/item/?id=:id 302\n"),
        "{redirects}"
    );
    configure(&archive, "[host]\nname = \"netlify\"");
    archive.json(0, &["publish"]);
    assert!(!archive.site().join("_redirects").exists());
}

#[test]
fn without_index_documents_all_links_name_files() {
    for pages in ["items", "lists", "none"] {
        let archive = archive(&format!("pages = \"{pages}\"\n[host]\nindex = false"));
        archive.json(0, &["publish"]);
        let files = read_files(&archive.site());
        let paths: BTreeSet<&str> = files.keys().map(String::as_str).collect();
        let mut checked = 0;
        for (path, content) in &files {
            if !path.ends_with(".html") || path == "404.html" || path == "offline.html" {
                continue;
            }
            let html = std::str::from_utf8(content).unwrap();
            let is_list = html.contains("class=\"record\"");
            // Scripts, which these pages do not have, learn it from the attribute.
            assert!(
                is_list || html.contains("data-index=\"index.html\""),
                "{path}"
            );
            let folder = Path::new(path).parent().unwrap();
            let links = values(html, "href")
                .into_iter()
                .chain(values(html, "action"));
            for link in links {
                let link = link.split(['?', '#']).next().unwrap();
                if link.is_empty() || link.contains(':') {
                    continue;
                }
                let target = resolve(folder, link);
                assert!(paths.contains(target.as_str()), "{path}: {link}");
                checked += 1;
            }
        }
        assert!(checked > 100, "{checked} links");
    }
}

/// Resolves a relative URL.
fn resolve(folder: &Path, link: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let folder = folder.iter().map(|part| part.to_str().unwrap());
    for part in folder.chain(link.split('/')) {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(
                percent_encoding::percent_decode_str(part)
                    .decode_utf8()
                    .unwrap()
                    .into_owned(),
            ),
        }
    }
    parts.join("/")
}

#[test]
fn only_pages_that_change_are_written_again() {
    let archive = archive("");
    let written = || archive.json(0, &["publish"])["written"].as_u64().unwrap();
    let first = written();
    assert!(first > 500, "{first}");
    assert_eq!(written(), 0);
    let source = archive.path().join("many");
    let table = std::fs::read_to_string(source.join("metadata.csv")).unwrap();
    let changed = table.replace("n100,Letter 100,", "n100,Another letter,");
    std::fs::write(source.join("metadata.csv"), changed).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    let second = written();
    assert!((8..100).contains(&second), "{second}");
    for path in [
        "en/item/n100",
        "en/item/n99",
        "en/item/n101",
        "en/collection/many/page/5",
    ] {
        let html = page(&archive, &format!("{path}/index.html"));
        assert!(html.contains("Another letter"), "{path}");
    }
    // The result is that of a publication without a cache.
    let files = read_files(&archive.site());
    std::fs::remove_file(archive.path().join("cache/html.txt")).unwrap();
    assert_eq!(written(), 0);
    assert_eq!(read_files(&archive.site()), files);
    // Without an intact cache, a page that somebody has changed is written again.
    let damaged = archive.site().join("en/item/n1/index.html");
    std::fs::write(&damaged, "changed").unwrap();
    assert_eq!(written(), 1);
    configure(&archive, "[title]\nen = \"Renamed\"");
    assert!(written() > 500, "the title is on all pages");
}
