//! The files of the archive and their contents.

use std::path::Path;

use rayon::prelude::*;

use crate::abjad::Abjad::{Eastern, Western};
use crate::astrolabe::{self, INDIGO, PINE, SLATE, WINE};
use crate::canvas::Canvas;
use crate::error::DemoError;
use crate::lettering::{FontFiles, Fonts};
use crate::maqam::{Language, MAQAMAT, Maqam};
use crate::{book, film, names, output, pattern, places, table};

type BoxedDraw = Box<dyn Fn(&Fonts) -> Result<Canvas, DemoError> + Send + Sync>;

type Draw = fn(&Fonts) -> Result<Canvas, DemoError>;

/// The content of a file.
enum Work {
    /// An image.
    Picture(BoxedDraw),
    /// A sound recording.
    Sound(Maqam),
    /// A generated text: captions, chapters or a table.
    GeneratedText(String),
    /// A PDF document.
    Pdf(fn(&FontFiles) -> Result<Vec<u8>, DemoError>),
    /// A text from the folder `source`.
    Text(&'static str),
    /// An encoded film.
    Film(&'static [u8]),
}

/// Returns all files with their paths relative to the output folder.
fn works() -> Vec<(String, Work)> {
    let mut works: Vec<(String, Work)> = Vec::new();
    works.push((
        "astrolabes/astrolabe-baghdad.png".into(),
        Work::Picture(Box::new(astrolabe::assembled_sheet)),
    ));
    let plates = [
        ("baghdad", 33.0, 20.0, "بغداد", Eastern, INDIGO),
        ("damascus", 33.0, 30.0, "دمشق", Eastern, PINE),
        ("cairo", 30.0, 3.0, "القاهرة", Eastern, WINE),
        ("fez", 34.0, 2.0, "فاس", Western, PINE),
        ("sanaa", 15.0, 21.0, "صنعاء", Eastern, SLATE),
        ("toledo", 39.0, 52.0, "طليطلة", Western, WINE),
        ("samarqand", 39.0, 40.0, "سمرقند", Eastern, INDIGO),
        ("isfahan", 32.0, 39.0, "أصفهان", Eastern, SLATE),
    ];
    for (name, degrees, minutes, place, abjad, palette) in plates {
        works.push((
            format!("astrolabes/plate-{name}.png"),
            Work::Picture(Box::new(move |fonts| {
                astrolabe::plate_sheet(fonts, degrees + minutes / 60.0, place, abjad, palette)
            })),
        ));
    }
    let parts: [(&str, Draw); 3] = [
        ("rete", astrolabe::rete_sheet),
        ("mater", astrolabe::mater_sheet),
        ("back", astrolabe::back_sheet),
    ];
    for (name, draw) in parts {
        works.push((
            format!("astrolabes/{name}.png"),
            Work::Picture(Box::new(draw)),
        ));
    }
    for (name, pattern) in pattern::patterns() {
        works.push((
            format!("patterns/{name}"),
            Work::Picture(Box::new(move |_| pattern.sheet())),
        ));
    }
    works.push((
        "patterns/film/stars-grow.png".into(),
        Work::Picture(Box::new(|_| film::poster())),
    ));
    works.push((
        "patterns/film/stars-grow.webm".into(),
        Work::Film(film::FILM),
    ));
    for index in 0..book::PAGES.len() {
        works.push((
            format!("astrolabes/book/page-{:02}.png", index + 1),
            Work::Picture(Box::new(move |fonts| book::page_sheet(fonts, index))),
        ));
    }
    works.push(("astrolabes/names.pdf".into(), Work::Pdf(names::book)));
    works.push((
        "astrolabes/stars.csv".into(),
        Work::GeneratedText(table::stars()),
    ));
    let sheets: [(&str, Draw); 14] = [
        ("map.png", places::map),
        ("samarra.jpg", places::samarra),
        ("giza.png", places::pyramids),
        ("petra.jpg", places::petra),
        ("kairouan.png", places::kairouan),
        ("fez.png", places::arch_of_fez),
        ("sanaa.png", places::sanaa),
        ("dome-of-the-rock.png", places::dome_of_the_rock),
        ("volubilis.png", places::volubilis),
        ("erbil.png", places::erbil),
        ("timgad.png", places::timgad),
        ("isfahan.png", places::isfahan),
        ("toledo.png", places::toledo),
        ("deir-mar-musa.png", places::deir_mar_musa),
    ];
    for (name, draw) in sheets {
        works.push((format!("places/{name}"), Work::Picture(Box::new(draw))));
    }
    for maqam in MAQAMAT {
        works.push((
            format!("places/sound/{}.png", maqam.file),
            Work::Picture(Box::new(move |fonts| maqam.sheet(fonts))),
        ));
        works.push((
            format!("places/sound/{}.wav", maqam.file),
            Work::Sound(maqam),
        ));
        for (code, language) in [("ar", Language::Arabic), ("en", Language::English)] {
            let name = |kind| format!("places/sound/{}.{kind}.{code}.vtt", maqam.file);
            works.push((
                name("captions"),
                Work::GeneratedText(maqam.captions(language)),
            ));
            works.push((
                name("chapters"),
                Work::GeneratedText(maqam.chapters(language)),
            ));
        }
    }
    works.extend(TEXTS.map(|(name, text)| (name.to_owned(), Work::Text(text))));
    for (index, text) in book::PAGES.iter().enumerate() {
        works.push((
            format!("astrolabes/book/page-{:02}.txt", index + 1),
            Work::Text(text),
        ));
    }
    works
}

macro_rules! source {
    ($name:literal) => {
        ($name, include_str!(concat!("../source/", $name)))
    };
}

/// Metadata, transcripts and captions, which are written unchanged.
const TEXTS: [(&str, &str); 16] = [
    source!("astrolabes/collection.toml"),
    source!("astrolabes/metadata.csv"),
    source!("astrolabes/reading.md"),
    source!("patterns/collection.toml"),
    source!("patterns/metadata.csv"),
    source!("patterns/film/captions.ar.vtt"),
    source!("patterns/film/captions.en.vtt"),
    source!("patterns/film/chapters.ar.vtt"),
    source!("patterns/film/chapters.en.vtt"),
    source!("places/collection.toml"),
    source!("places/metadata.csv"),
    source!("places/sound/maqam-rast.txt"),
    source!("places/sound/maqam-bayati.txt"),
    source!("places/sound/maqam-hijaz.txt"),
    source!("places/sound/maqam-saba.txt"),
    source!("places/sound/maqam-sikah.txt"),
];

/// Writes all files to `out` and returns their number.
///
/// # Errors
/// Returns the first [`DemoError`] that occurs.
pub fn generate_all(out: &Path, fonts: &Path) -> Result<usize, DemoError> {
    let files = FontFiles::read(fonts)?;
    let works = works();
    works.par_iter().try_for_each(|(name, work)| {
        let path = out.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(|source| DemoError::Unwritable {
                path: parent.to_owned(),
                source,
            })?;
        }
        match work {
            Work::Picture(draw) => output::write_image(&path, &draw(&files.fonts())?.finish()),
            Work::Sound(maqam) => output::write_wav(&path, &maqam.samples()),
            Work::GeneratedText(text) => output::write_text(&path, text),
            Work::Text(text) => output::write_text(&path, text),
            Work::Pdf(generate) => output::write_bytes(&path, &generate(&files)?),
            Work::Film(film) => output::write_bytes(&path, film),
        }
    })?;
    Ok(works.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    type Row = BTreeMap<String, String>;

    fn rows(collection: &str) -> Vec<Row> {
        let name = format!("{collection}/metadata.csv");
        let text = TEXTS.iter().find(|(n, _)| *n == name).unwrap().1;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().map(|row| row.unwrap()).collect()
    }

    fn collections() -> [(&'static str, Vec<Row>); 3] {
        ["astrolabes", "patterns", "places"].map(|name| (name, rows(name)))
    }

    #[test]
    fn items_have_unique_ids_and_texts_in_three_languages() {
        let mut ids = BTreeSet::new();
        for (collection, rows) in collections() {
            for row in rows {
                assert!(ids.insert(row["id"].clone()), "duplicate id {}", row["id"]);
                for field in ["title", "description", "subject"] {
                    for language in ["ar", "en", "fr"] {
                        let value = &row[&format!("{field}@{language}")];
                        assert!(
                            !value.trim().is_empty(),
                            "{collection} {} {field}@{language}",
                            row["id"]
                        );
                    }
                }
                let subjects = |l: &str| row[&format!("subject@{l}")].split('|').count();
                assert!(subjects("ar") == subjects("en") && subjects("en") == subjects("fr"));
            }
        }
        assert_eq!(ids.len(), 46);
    }

    #[test]
    fn generated_files_match_the_metadata() {
        let mut generated: BTreeSet<String> = works().into_iter().map(|work| work.0).collect();
        for (collection, rows) in collections() {
            for row in rows {
                let columns = ["file", "text", "poster"].map(str::to_owned).into_iter();
                let tracks = row
                    .keys()
                    .filter(|name| name.starts_with("captions@") || name.starts_with("chapters@"));
                let values: Vec<&String> = columns
                    .chain(tracks.cloned())
                    .filter_map(|column| row.get(&column))
                    .collect();
                let files = values.iter().flat_map(|value| value.split('|'));
                for file in files.filter(|file| !file.is_empty()) {
                    let path = format!("{collection}/{file}");
                    assert!(
                        generated.remove(&path),
                        "{path} is not generated, or listed twice"
                    );
                }
            }
            assert!(generated.remove(&format!("{collection}/collection.toml")));
            assert!(generated.remove(&format!("{collection}/metadata.csv")));
        }
        assert!(generated.is_empty(), "not listed: {generated:?}");
    }

    #[test]
    fn covers_and_parents_exist_and_coordinates_are_valid() {
        for (collection, rows) in collections() {
            let ids: BTreeSet<&str> = rows.iter().map(|row| row["id"].as_str()).collect();
            let name = format!("{collection}/collection.toml");
            let text = TEXTS.iter().find(|(n, _)| *n == name).unwrap().1;
            let table: toml::Table = text.parse().unwrap();
            assert_eq!(table["id"].as_str(), Some(collection));
            assert!(ids.contains(table["cover"].as_str().unwrap()));
            for row in &rows {
                let parent = row["parent"].as_str();
                assert!(parent.is_empty() || ids.contains(parent), "{parent}");
                assert_eq!(row["latitude"].is_empty(), row["longitude"].is_empty());
                if !row["latitude"].is_empty() {
                    assert!(row["latitude"].parse::<f64>().unwrap().abs() <= 90.0);
                    assert!(row["longitude"].parse::<f64>().unwrap().abs() <= 180.0);
                }
            }
        }
    }

    #[test]
    fn metadata_contains_quoted_csv_fields() {
        let rows = rows("astrolabes");
        let english = &rows.first().unwrap()["description@en"];
        assert!(english.contains('"') && english.contains(',') && english.contains('\n'));
    }

    #[test]
    fn transcripts_contain_the_notes_of_the_scale() {
        for maqam in MAQAMAT {
            let name = format!("places/sound/{}.txt", maqam.file);
            let text = TEXTS.iter().find(|(n, _)| *n == name).unwrap().1;
            let cents: Vec<String> = maqam.cents.iter().map(u32::to_string).collect();
            assert_eq!(text.matches(&cents.join(" ")).count(), 2, "{name}");
        }
    }

    #[test]
    fn output_is_reproducible() {
        let dir = tempfile::tempdir().unwrap();
        for run in ["first", "second"] {
            let path = dir.path().join(run);
            let pixmap = pattern::patterns().remove(0).1.sheet().unwrap().finish();
            output::write_image(&path.with_extension("png"), &pixmap).unwrap();
            output::write_image(&path.with_extension("jpg"), &pixmap).unwrap();
            output::write_wav(&path.with_extension("wav"), &MAQAMAT[0].samples()).unwrap();
        }
        for extension in ["png", "jpg", "wav"] {
            let read =
                |run: &str| std::fs::read(dir.path().join(run).with_extension(extension)).unwrap();
            let first = read("first");
            assert!(first.len() > 1000);
            assert!(first == read("second"), "{extension} differs");
        }
    }

    #[test]
    fn missing_and_damaged_fonts_are_reported_with_a_hint() {
        let dir = tempfile::tempdir().unwrap();
        let error = generate_all(dir.path(), dir.path()).unwrap_err();
        assert_eq!(error.code(), "font-missing");
        assert!(error.to_string().contains("npm ci"));
        assert!(error.to_string().contains("amiri-arabic-400-normal.woff"));
        std::fs::write(
            dir.path().join("amiri-arabic-400-normal.woff"),
            b"not a font",
        )
        .unwrap();
        let error = generate_all(dir.path(), dir.path()).unwrap_err();
        assert_eq!(error.code(), "font-damaged");
    }

    #[test]
    fn unwritable_file_is_reported() {
        let dir = tempfile::tempdir().unwrap();
        let error = output::write_text(&dir.path().join("none/page.txt"), "x").unwrap_err();
        assert_eq!(error.code(), "file-unwritable");
        assert!(error.to_string().contains("page.txt"));
    }
}
