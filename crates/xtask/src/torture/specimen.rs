//! Sources that the torture tests ingest.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::random::Random;
use super::tree::{self, Tree};
use crate::failure::Failure;

/// The originals of each item: its OCFL identifier, and the SHA-256 of each distinct file in hexadecimal.
pub type Originals = BTreeMap<String, BTreeSet<String>>;

/// A source: a table and its files.
pub struct Specimen {
    /// The files by their paths, without the table.
    files: Tree,
    /// The files of each item.
    items: Vec<(String, Vec<String>)>,
    table: String,
    collection: String,
}

impl Specimen {
    /// Returns an edition of a collection of 12 items. The second edition has other contents, and one item
    /// more.
    pub fn first_collection(edition: u64) -> Result<Self, Failure> {
        let mut specimen = Specimen::new(
            "alpha",
            "id,title@ar,title@en,date,description@en,file,text",
        );
        let mut random = Random::new(7, 7);
        for (page, shade) in [(1, 20), (2, 90), (3, 160)] {
            specimen.file(&format!("book/{page}.png"), picture(40, 60, shade)?);
            specimen.file(
                &format!("book/{page}.txt"),
                format!("صفحة {page} من الكتاب\n"),
            );
        }
        specimen.file(
            "notes.txt",
            format!("notes of edition {edition}\n").repeat(900),
        );
        specimen.file("plate.png", picture(64, 48, 120)?);
        specimen.file("noise.bin", random.bytes(9000 + edition as usize));
        specimen.file("same.txt", "the same content in two files\n");
        specimen.file("same-again.txt", "the same content in two files\n");
        specimen.file(
            "list.csv",
            "year,place\n1906,Damascus\n1910,Cairo\n".repeat(40),
        );
        specimen.file(
            "text.md",
            format!("# Heading\n\nA *text* of edition {edition}.\n"),
        );
        specimen.file("tone.wav", sound(1600));
        let pages = ["book/1.png", "book/2.png", "book/3.png"];
        let texts = ["book/1.txt", "book/2.txt", "book/3.txt"];
        specimen.item("a1", "A book", &pages, &texts);
        specimen.item("a2", "Notes", &["notes.txt"], &[]);
        specimen.item(
            "a3",
            &format!("A plate, edition {edition}"),
            &["plate.png"],
            &[],
        );
        specimen.item("a4", "The plate again", &["plate.png"], &["book/1.txt"]);
        specimen.item("a5", "Same content", &["same.txt", "same-again.txt"], &[]);
        specimen.item("a6", "Noise", &["noise.bin"], &[]);
        specimen.item("a7", "A list", &["list.csv"], &[]);
        specimen.item("a8", "A text", &["text.md"], &[]);
        specimen.item("a9", "A tone", &["tone.wav"], &[]);
        specimen.item("a10", "An item without files", &[], &[]);
        specimen.item("a11", "A page", &["book/2.png"], &["book/2.txt"]);
        specimen.item("a12", "A page and notes", &["book/3.png", "notes.txt"], &[]);
        if edition > 1 {
            specimen.item("a13", "A new item", &["plate.png", "text.md"], &[]);
        }
        Ok(specimen)
    }

    /// Returns another collection, with an image that is large enough for a tile pack if `is_large` is `true`.
    pub fn second_collection(is_large: bool) -> Result<Self, Failure> {
        let mut specimen =
            Specimen::new("beta", "id,title@ar,title@en,date,description@en,file,text");
        specimen.file(
            "map.png",
            if is_large {
                picture(2100, 1500, 40)?
            } else {
                picture(90, 70, 40)?
            },
        );
        specimen.file("notes.txt", "notes of edition 1\n".repeat(900));
        specimen.file("letter.txt", "سلام على من اتبع الهدى\n".repeat(300));
        specimen.item("b1", "A map", &["map.png"], &[]);
        specimen.item("b2", "Notes of the other collection", &["notes.txt"], &[]);
        specimen.item("b3", "A letter", &["letter.txt"], &[]);
        Ok(specimen)
    }

    fn new(id: &str, header: &str) -> Self {
        Specimen {
            files: Tree::new(),
            items: Vec::new(),
            table: format!("{header}\n"),
            collection: format!(
                "id = \"{id}\"\nlanguage = \"ar\"\n\n[title]\nen = \"Collection {id}\"\n"
            ),
        }
    }

    fn file(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.files.insert(PathBuf::from(path), content.into());
    }

    fn item(&mut self, id: &str, title: &str, files: &[&str], texts: &[&str]) {
        let row = (files.join("|"), texts.join("|"));
        let _ = writeln!(
            self.table,
            "{id},عنوان {id},\"{title}\",1906-02-25,Description of {id} for the search,{},{}",
            row.0, row.1
        );
        let files = files.iter().chain(texts).map(|file| (*file).to_owned());
        self.items.push((id.to_owned(), files.collect()));
    }

    /// Writes the source into a folder.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        tree::write(folder, &self.files)?;
        tree::write_file(&folder.join("metadata.csv"), &self.table)?;
        tree::write_file(&folder.join("collection.toml"), &self.collection)
    }

    /// Adds the originals of the items to `originals`.
    pub fn add_originals(&self, originals: &mut Originals) {
        for (id, files) in self.items.iter().filter(|(_, files)| !files.is_empty()) {
            let held = originals
                .entry(format!("urn:khizana:item:{id}"))
                .or_default();
            let contents = files
                .iter()
                .filter_map(|file| self.files.get(Path::new(file)));
            held.extend(contents.map(|content| sha256(content)));
        }
    }
}

/// Returns the SHA-256 of some bytes in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Draws a grey image with a pattern.
pub fn picture(width: u32, height: u32, shade: u8) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let pixels: Vec<u8> = (0..width * height)
        .map(|index| shade.wrapping_add(((index % width / 8) ^ (index / width / 8)) as u8))
        .collect();
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&pixels));
    written.map_err(|error| Failure::malformed(Path::new("the drawn image"), error))?;
    Ok(bytes)
}

/// Returns a WAV file with a tone.
pub fn sound(samples: u32) -> Vec<u8> {
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + samples).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend([16, 0, 0, 0, 1, 0, 1, 0]);
    bytes.extend(8000u32.to_le_bytes());
    bytes.extend(8000u32.to_le_bytes());
    bytes.extend([1, 0, 8, 0]);
    bytes.extend(b"data");
    bytes.extend(samples.to_le_bytes());
    bytes.extend((0..samples).map(|sample| (sample * 11 % 200) as u8));
    bytes
}
