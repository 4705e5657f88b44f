//! Subsets of fonts, and their conversion to WOFF2.

use std::collections::BTreeSet;

use khizana_media::catch_panic;
use read_fonts::collections::IntSet;
use read_fonts::types::{GlyphId, NameId, Tag};
use read_fonts::{FontRef, TableProvider};
use skera::{DEFAULT_DROP_TABLES, DEFAULT_LAYOUT_FEATURES, Plan, SubsetFlags, subset_font};
use ttf2woff2::BrotliQuality;
use write_fonts::tables::name::{Name, NameRecord};
use write_fonts::{FontBuilder, OffsetMarker};

use super::license;

/// The names of a subset. Licenses reserve the name of the typeface for the complete font (SIL Open Font License 1.1,
/// clause 3), but some systems display no font without a name.
const NAMES: [(NameId, &str); 5] = [
    (NameId::FAMILY_NAME, "Subset"),
    (NameId::SUBFAMILY_NAME, "Regular"),
    (NameId::UNIQUE_ID, "Subset"),
    (NameId::FULL_NAME, "Subset"),
    (NameId::POSTSCRIPT_NAME, "Subset"),
];

/// The joining forms of Arabic letters as characters, by which fonts without the table `GSUB` are shaped.
const PRESENTATION_FORMS: [(u32, u32); 2] = [(0xfb50, 0xfdff), (0xfe70, 0xfefc)];

/// Returns the part of a TrueType font that displays some characters, with the rules that shape them, and without the
/// instructions for low resolutions. Returns `None` if the font is damaged, or has rules of a kind that a subset lacks.
pub(super) fn subset(font: &FontRef<'_>, characters: &BTreeSet<char>) -> Option<Vec<u8>> {
    let has_gsub = font.gsub().is_ok();
    let has_other_rules = [b"morx", b"mort", b"Silf"]
        .into_iter()
        .any(|tag| font.table_data(Tag::new(tag)).is_some());
    if has_other_rules && !has_gsub {
        return None;
    }
    let mut codes: IntSet<u32> = characters.iter().map(|c| u32::from(*c)).collect();
    if !has_gsub {
        for (first, last) in PRESENTATION_FORMS {
            codes.insert_range(first..=last);
        }
    }
    let work = || {
        let plan = Plan::new(
            &IntSet::<GlyphId>::empty(),
            &codes,
            font,
            SubsetFlags::SUBSET_FLAGS_NO_HINTING,
            &DEFAULT_DROP_TABLES.iter().copied().collect(),
            &IntSet::<Tag>::all(),
            &DEFAULT_LAYOUT_FEATURES.iter().copied().collect(),
            &IntSet::<NameId>::empty(),
            &IntSet::<u16>::all(),
        );
        let subset = subset_font(font, &plan).ok()?;
        with_names(&subset, font)
    };
    let bytes = catch_panic(work).ok().flatten()?;
    // A table that cannot be read is omitted without an error.
    let subset = FontRef::new(&bytes).ok()?;
    let cmap = subset.cmap().ok()?;
    let has_all = characters.iter().all(|c| cmap.map_codepoint(*c).is_some());
    let kept = |tag: &[u8; 4]| {
        let tag = Tag::new(tag);
        font.table_data(tag).is_none() || subset.table_data(tag).is_some()
    };
    let is_complete = has_all && subset.glyf().is_ok() && kept(b"fvar") && kept(b"gvar");
    is_complete.then_some(bytes)
}

/// Adds to a subset the notices of the font, and names that are not reserved.
fn with_names(subset: &[u8], font: &FontRef<'_>) -> Option<Vec<u8>> {
    let notices = font.name().ok();
    let notices = notices.iter().flat_map(|names| {
        let ids = license::NOTICES.into_iter();
        ids.filter_map(|id| Some((id, license::text(names, id)?)))
    });
    let names = NAMES.into_iter().map(|(id, name)| (id, name.to_owned()));
    let mut records: Vec<NameRecord> = notices
        .chain(names)
        .map(|(id, text)| NameRecord::new(3, 1, 0x0409, id, OffsetMarker::new(text)))
        .collect();
    records.sort_by_key(|record| record.name_id);
    let mut builder = FontBuilder::new();
    builder.add_table(&Name::new(records)).ok()?;
    builder.copy_missing_tables(FontRef::new(subset).ok()?);
    Some(builder.build())
}

/// Compresses a font as WOFF2. Returns `None` if it is damaged.
pub(super) fn woff2(font: &[u8]) -> Option<Vec<u8>> {
    catch_panic(|| ttf2woff2::encode(font, BrotliQuality::default()).ok())
        .ok()
        .flatten()
}
