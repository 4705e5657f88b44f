//! The files from which hostile inputs are made.

use std::ffi::OsStr;
use std::fs;

use crate::failure::Failure;
use crate::files;
use crate::project::Project;
use crate::torture::random::Random;

/// A file from which inputs are made.
pub struct Seed {
    pub name: String,
    pub extension: String,
    pub content: Vec<u8>,
    pub role: Role,
}

/// The column that names the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    File,
    Text,
    Captions,
}

/// Seeds are shorter, so that thousands of inputs can be decoded.
const MAX_BYTES: usize = 200_000;

/// Folders with seeds, and the extension of files that have none.
const FOLDERS: &[(&str, &str)] = &[
    ("tests/fixtures/cabinet", ""),
    ("archive/source", ""),
    ("crates/media/fixtures", ""),
    ("crates/pdf/fixtures", ""),
    ("crates/pagetext/tests/fixtures", ""),
    ("crates/recording/tests/data", ""),
    ("fuzz/corpus/pagetext", "xml"),
    ("fuzz/corpus/webvtt", "vtt"),
];

const TABLES: &[&str] = &["csv", "tsv", "json", "jsonl", "yaml", "toml"];

const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\">\
    <script>kz()</script><image href=\"../canary/secret.txt\"/>\
    <rect width=\"20\" height=\"10\" fill=\"#123456\"/></svg>";

const MARKDOWN: &str =
    "# Heading\n\nA [link](javascript:kz()) and <script>kz()</script>\n\n- list\n";

/// Reads the seeds of files that rows name.
pub fn load(project: &Project) -> Result<Vec<Seed>, Failure> {
    let mut seeds = Vec::new();
    for (folder, default) in FOLDERS {
        for path in files::below(&project.path(folder), &[])? {
            let extension = path.extension().and_then(OsStr::to_str).unwrap_or(default);
            let content = fs::read(&path).map_err(Failure::file(&path))?;
            let is_table = TABLES.contains(&extension) && !folder.starts_with("crates");
            if is_table || content.len() > MAX_BYTES {
                continue;
            }
            let role = match extension {
                "vtt" => Role::Captions,
                "xml" | "html" | "hocr" | "txt" | "tei" => Role::Text,
                _ => Role::File,
            };
            let name = path.strip_prefix(project.root()).unwrap_or(&path);
            seeds.push(Seed {
                name: name.display().to_string(),
                extension: extension.to_owned(),
                content,
                role,
            });
        }
    }
    for (extension, content) in [("svg", SVG), ("md", MARKDOWN), ("csv", "a,b\n1,2\n")] {
        seeds.push(Seed {
            name: format!("generated {extension}"),
            extension: extension.to_owned(),
            content: content.as_bytes().to_vec(),
            role: Role::File,
        });
    }
    Ok(seeds)
}

/// Returns the name and the content of a valid table. Its identifiers contain `number`.
pub fn table(number: usize, random: &mut Random) -> (&'static str, String) {
    let script = super::SCRIPT.replace('"', "'");
    let id = |item: &str| format!("t{number}-{item}");
    let (a, b, c) = (id("a"), id("b"), id("c"));
    let csv = format!(
        "id,title@en,title@ar,creator,date,date_hijri,language,rights,file,file_label,text,parent,toc@en,latitude,\
         longitude,dpi,description@en\n\
         {a},One {script},واحد,Someone,1906-02-25,1324-01,ar,https://creativecommons.org/publicdomain/mark/1.0/,\
         page.png|page.png,recto|verso,page.txt,,1 Preface|2 Chapter,33.5,36.3,400,\"Several\nlines\"\n\
         {b},Two,,,1780/1785,,en,,tone.wav,,,{a},,,,,{script}\n\
         {c},Three,,,c.1785,,,,,,,{b},,,,,\n"
    );
    let object = |id: &str, parent: &str| {
        format!(
            "{{\"id\": \"{id}\", \"title\": {{\"en\": [\"One\", \"{script}\"], \"ar\": \"واحد\"}}, \
             \"date\": \"1906\", \"file\": [\"page.png\"], \"text\": [\"page.txt\"], \"parent\": \"{parent}\", \
             \"latitude\": 33.5, \"longitude\": 36.3, \"custom\": [1, true, null]}}"
        )
    };
    match random.below(9) {
        0 | 1 => ("metadata.csv", csv),
        2 => ("metadata.tsv", csv.replace(',', "\t")),
        3 => (
            "metadata.jsonl",
            format!("{}\n{}\n", object(&a, ""), object(&b, &a)),
        ),
        4 => (
            "metadata.json",
            format!("[{}, {}]", object(&a, ""), object(&b, &a)),
        ),
        5 => {
            let yaml = format!(
                "- id: {a}\n  title:\n    en: One\n    ar: [واحد, \"{script}\"]\n  date: 1906\n  file: page.png\n\
                 - &anchor\n  id: {b}\n  title: Two\n  parent: {a}\n- *anchor\n"
            );
            ("metadata.yaml", yaml)
        }
        6 => {
            // Each item is a part of the other one.
            let rows = format!("id,title,parent\n{a},A,{b}\n{b},B,{a}\n{c},C,{c}\n");
            ("metadata.csv", rows)
        }
        7 => {
            let files = [
                "../canary/secret.txt",
                "/etc/passwd",
                "link.txt",
                "link/secret.txt",
                "./../canary",
            ];
            let mut rows = "id,title,file,text\n".to_owned();
            for (index, file) in files.iter().enumerate() {
                rows.push_str(&format!(
                    "{a}{index},Outside,{file},\n{b}{index},Outside,,{file}\n"
                ));
            }
            ("metadata.csv", rows)
        }
        _ => {
            let depth = [100, 3000, 200_000]
                .get(random.below(3))
                .copied()
                .unwrap_or(100);
            let nested = format!(
                "[{{\"id\": \"{a}\", \"title\": {}1{}}}]",
                "[".repeat(depth),
                "]".repeat(depth)
            );
            let name = ["metadata.json", "metadata.yaml", "metadata.jsonl"]
                .get(random.below(3))
                .copied();
            (name.unwrap_or("metadata.json"), nested)
        }
    }
}

/// Returns the name and the content of a valid configuration file.
pub fn configuration(random: &mut Random) -> (&'static str, String) {
    let script = super::SCRIPT.replace('"', "'");
    match random.below(2) {
        0 => (
            "khizana.toml",
            format!(
                "languages = [\"ar\", \"en\"]\nurl = \"https://example.org/archive/\"\npages = \"items\"\n\
                 originals = \"all\"\nwidths = [32, 64, 1600]\n\n[title]\nar = \"خزانة\"\nen = \"{script}\"\n\n\
                 [description]\nen = \"{script}\"\n\n[host]\nranges = true\n\n[search.weights]\ntitle = 8\ntext = 0.5\n"
            ),
        ),
        _ => (
            "collection.toml",
            format!(
                "id = \"c\"\nlanguage = \"ar\"\ncover = \"t0-a\"\nfacets = [\"creator\", \"date\"]\n\
                 location_from_files = false\n\n[title]\nen = \"{script}\"\n\n[description]\nen = \"{script}\"\n\n\
                 [iiif]\ntiles = true\n\n[fields.custom.label]\nen = \"{script}\"\n\n\
                 [[sections]]\nheading.en = \"{script}\"\ntext.en = \"{script}\"\nitems = [\"t0-a\"]\n"
            ),
        ),
    }
}
