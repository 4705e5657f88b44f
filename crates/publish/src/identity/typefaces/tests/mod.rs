//! Tests of the checks and the subsets, with a generated font.

mod font;

use read_fonts::{FontRef, TableProvider};

use super::*;
use font::font;

fn shown(text: &str) -> BTreeSet<char> {
    text.chars().collect()
}

fn refusal(bytes: &[u8]) -> &'static str {
    match prepare(bytes, &Shown::new()) {
        Ok(_) => "none",
        Err(refusal) => refusal.code,
    }
}

/// Returns the font with another version of the table `OS/2`.
fn with_version(mut font: Vec<u8>, version: u16) -> Vec<u8> {
    let table = FontRef::new(&font).unwrap().os2().unwrap();
    let at = table.offset_data().as_bytes().as_ptr() as usize - font.as_ptr() as usize;
    font[at..at + 2].copy_from_slice(&version.to_be_bytes());
    font
}

#[test]
fn embedding_permissions_are_respected() {
    let is_subset = |bits: u16| prepare(&font(bits), &Shown::new()).map(|font| font.is_subset);
    for (bits, expected) in [
        (0, true),
        (0x0004, true),
        (0x0008, true),
        (0x0100, false),
        (0x0108, false),
    ] {
        assert_eq!(is_subset(bits).ok(), Some(expected), "{bits:#06x}");
    }
    for bits in [0x0002, 0x0200, 0x0102, 0x0006] {
        assert_eq!(refusal(&font(bits)), "typeface-license", "{bits:#06x}");
    }
    // In old fonts, the least restrictive of several bits counts.
    assert_eq!(refusal(&with_version(font(0x0006), 2)), "none");
    assert_eq!(refusal(&with_version(font(0x0002), 2)), "typeface-license");
}

#[test]
fn a_subset_keeps_the_joining_forms() {
    let bytes = font(0);
    let source = FontRef::new(&bytes).unwrap();
    let subset = subset::subset(&source, &shown("ب ا")).unwrap();
    let subset = FontRef::new(&subset).unwrap();
    // The missing glyph, three characters and the joining forms.
    assert_eq!(subset.maxp().unwrap().num_glyphs(), 7);
    let gsub = subset.gsub().unwrap();
    let features = gsub.feature_list().unwrap();
    let tags: Vec<String> = features
        .feature_records()
        .iter()
        .map(|record| record.feature_tag().to_string())
        .collect();
    assert_eq!(tags, ["fina", "init", "medi"]);
    // It has the license, and not the name, which may be reserved.
    let woff2 = subset::woff2(&bytes).unwrap();
    let names = |bytes: &[u8]| license::texts(&Font::read(bytes).ok().unwrap());
    assert_eq!(
        names(&woff2),
        [
            "Khizana Test Regular",
            "No rights reserved.",
            "This font is in the public domain.",
            "https://creativecommons.org/publicdomain/zero/1.0/"
        ]
    );
    let prepared = prepare(&bytes, &Shown::new()).ok().unwrap();
    assert_eq!(prepared.texts, names(&woff2));
    let published = names(&prepared.parts[0].0);
    assert_eq!(published[0], "Subset");
    assert_eq!(published[1..], names(&woff2)[1..]);
}

#[test]
fn fonts_with_other_rules_keep_them() {
    let bytes = font(0);
    let without_rules = |add: Option<&[u8; 4]>| {
        let mut builder = write_fonts::FontBuilder::new();
        for record in FontRef::new(&bytes)
            .unwrap()
            .table_directory()
            .table_records()
        {
            let (at, length) = (record.offset() as usize, record.length() as usize);
            if record.tag() != "GSUB" {
                builder.add_raw(record.tag(), &bytes[at..at + length]);
            }
        }
        if let Some(tag) = add {
            builder.add_raw(read_fonts::types::Tag::new(tag), vec![0; 8]);
        }
        builder.build()
    };
    let is_subset = |bytes: &[u8]| prepare(bytes, &Shown::new()).ok().unwrap().is_subset;
    assert!(is_subset(&without_rules(None)));
    assert!(!is_subset(&without_rules(Some(b"morx"))));
    // Old fonts have the joining forms as characters.
    let source = without_rules(None);
    let source = FontRef::new(&source).unwrap();
    let subset = subset::subset(&source, &shown("ب")).unwrap();
    let cmap = FontRef::new(&subset).unwrap().cmap().unwrap();
    assert!(cmap.map_codepoint('ﺑ').is_some() && cmap.map_codepoint('ت').is_none());
}

#[test]
fn arabic_and_other_scripts_are_separate_files() {
    let parts = prepare(&font(0), &Shown::new()).ok().unwrap().parts;
    let [(arabic, arabic_characters), (latin, latin_characters)] = &parts[..] else {
        panic!("{}", parts.len());
    };
    assert!(arabic.len() < 5_000 && latin.len() < 5_000);
    for c in ['ب', ' ', '.', '٤', '؟'] {
        assert!(arabic_characters.contains(&c), "{c}");
    }
    assert!(!arabic_characters.contains(&'a') && !latin_characters.contains(&'ب'));
    assert!(latin_characters.contains(&'é') && latin_characters.contains(&' '));
    // The same input has the same output.
    assert!(prepare(&font(0), &Shown::new()).ok().unwrap().parts == parts);
}

#[test]
fn fonts_in_woff2_are_published_unchanged() {
    let bytes = subset::woff2(&font(0)).unwrap();
    let prepared = prepare(&bytes, &Shown::new()).ok().unwrap();
    assert!(!prepared.is_subset);
    assert!(prepared.parts[0].0 == bytes);
    assert!(prepared.parts[0].1.contains(&'ب') && !prepared.parts[0].1.contains(&'پ'));
    let restricted = subset::woff2(&font(0x0002)).unwrap();
    assert_eq!(refusal(&restricted), "typeface-license");
}

#[test]
fn files_that_are_not_fonts_are_refused() {
    for (bytes, code) in [
        (&b""[..], "typeface-format"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            "typeface-format",
        ),
        (b"ttcf\0\x01\0\0\0\0\0\x01", "typeface-format"),
        (b"wOFF\0\x01\0\0", "typeface-format"),
        (b"wOF2", "typeface-format"),
        (b"OTTO\0\0\0\0", "typeface-format"),
    ] {
        assert_eq!(refusal(bytes), code, "{bytes:?}");
    }
}

#[test]
fn damaged_fonts_are_refused_or_published_without_a_panic() {
    let plain = font(0);
    let compressed = subset::woff2(&plain).unwrap();
    let shown = Shown::new();
    for source in [&plain, &compressed] {
        for at in (0..source.len()).step_by(source.len() / 41) {
            assert_eq!(refusal(&source[..at]), "typeface-format", "{at}");
            let mut damaged = source.clone();
            for byte in &mut damaged[at..at + 3] {
                *byte = !*byte;
            }
            let _ = prepare(&damaged, &shown);
        }
    }
}

#[test]
fn a_font_without_letters_of_the_site_is_refused() {
    // The characters of this font are only symbols.
    let bytes = font(0);
    let source = FontRef::new(&bytes).unwrap();
    let symbols = subset::subset(&source, &shown("+-= ")).unwrap();
    assert_eq!(refusal(&symbols), "typeface-characters");
}
