//! A small font for tests, in the public domain: rectangles for letters, and joining forms of the letter ب.

use read_fonts::tables::glyf::CurvePoint;
use write_fonts::FontBuilder;
use write_fonts::OffsetMarker;
use write_fonts::tables::cmap::Cmap;
use write_fonts::tables::glyf::{Bbox, GlyfLocaBuilder, Glyph, SimpleGlyph};
use write_fonts::tables::gsub::{Gsub, SingleSubst, SubstitutionLookup, SubstitutionLookupList};
use write_fonts::tables::head::Head;
use write_fonts::tables::hhea::Hhea;
use write_fonts::tables::hmtx::{Hmtx, LongMetric};
use write_fonts::tables::layout::{
    Feature, FeatureList, FeatureRecord, LangSys, Lookup, LookupFlag, Script, ScriptList,
    ScriptRecord,
};
use write_fonts::tables::maxp::Maxp;
use write_fonts::tables::name::{Name, NameRecord};
use write_fonts::tables::os2::Os2;
use write_fonts::tables::post::Post;
use write_fonts::types::{Fixed, GlyphId, GlyphId16, NameId, Tag, UfWord};

/// The letter that has joining forms.
const JOINING: char = 'ب';

/// The features of the joining forms, and their widths. The form without a neighbour is as wide as other letters.
const FORMS: [(&[u8; 4], u16); 3] = [(b"init", 300), (b"medi", 200), (b"fina", 400)];

/// The width of letters. The em has 1000 units.
const WIDTH: u16 = 600;

/// The characters, in the order of their glyphs, which begin with 1.
fn characters() -> Vec<char> {
    let ranges = [
        0x20..=0x7e,
        0xa0..=0x17f,
        0x2bb..=0x2bf,
        0x60c..=0x60c,
        0x61b..=0x61b,
        0x61f..=0x61f,
        0x621..=0x655,
        0x660..=0x671,
        0x200c..=0x2044,
        // A joining form of ب
        0xfe91..=0xfe91,
    ];
    ranges
        .into_iter()
        .flatten()
        .filter_map(char::from_u32)
        .collect()
}

/// Writes the font. `fs_type` are the embedding permissions.
pub(super) fn font(fs_type: u16) -> Vec<u8> {
    let characters = characters();
    let mut glyphs = GlyfLocaBuilder::new();
    let mut metrics = Vec::new();
    let mut add = |width: u16, height: u16| {
        let glyph = match height {
            0 => Glyph::Empty,
            height => rectangle(width, height),
        };
        glyphs.add_glyph(&glyph).unwrap();
        metrics.push(LongMetric::new(width, 40));
    };
    add(WIDTH, 800);
    for c in &characters {
        match c.is_whitespace() {
            true => add(WIDTH / 2, 0),
            // Letters have different heights.
            false => add(WIDTH, 300 + u16::try_from(u32::from(*c) % 41).unwrap() * 10),
        }
    }
    for (_, width) in FORMS {
        add(width, 400);
    }
    let (glyf, loca, format) = glyphs.build();
    let count = u16::try_from(metrics.len()).unwrap();
    let mappings = (1u32..).zip(&characters);
    let mappings = mappings.map(|(glyph, c)| (*c, GlyphId::new(glyph)));
    let mut builder = FontBuilder::new();
    let head = Head {
        font_revision: Fixed::ONE,
        units_per_em: 1000,
        x_max: 600,
        y_max: 800,
        lowest_rec_ppem: 8,
        index_to_loc_format: format as i16,
        ..Head::default()
    };
    let hhea = Hhea {
        ascender: 900.into(),
        descender: (-300).into(),
        advance_width_max: UfWord::new(WIDTH),
        number_of_h_metrics: count,
        ..Hhea::default()
    };
    let os2 = Os2 {
        fs_type,
        us_weight_class: 400,
        us_width_class: 5,
        s_typo_ascender: 900,
        s_typo_descender: -300,
        us_win_ascent: 900,
        us_win_descent: 300,
        ul_code_page_range_1: Some(1),
        ul_code_page_range_2: Some(0),
        sx_height: Some(500),
        s_cap_height: Some(700),
        us_default_char: Some(0),
        us_break_char: Some(32),
        us_max_context: Some(1),
        ..Os2::default()
    };
    let maxp = Maxp {
        max_points: Some(4),
        max_contours: Some(1),
        max_composite_points: Some(0),
        max_composite_contours: Some(0),
        max_zones: Some(1),
        max_twilight_points: Some(0),
        max_storage: Some(0),
        max_function_defs: Some(0),
        max_instruction_defs: Some(0),
        max_stack_elements: Some(0),
        max_size_of_instructions: Some(0),
        max_component_elements: Some(0),
        max_component_depth: Some(0),
        num_glyphs: count,
    };
    builder.add_table(&head).unwrap();
    builder.add_table(&hhea).unwrap();
    builder.add_table(&os2).unwrap();
    builder.add_table(&maxp).unwrap();
    builder.add_table(&glyf).unwrap();
    builder.add_table(&loca).unwrap();
    builder.add_table(&Hmtx::new(metrics, Vec::new())).unwrap();
    let cmap = Cmap::from_mappings(mappings).unwrap();
    builder.add_table(&cmap).unwrap();
    builder.add_table(&names()).unwrap();
    builder.add_table(&Post::new_v2([])).unwrap();
    builder.add_table(&joining_forms(&characters)).unwrap();
    builder.build()
}

fn rectangle(width: u16, height: u16) -> Glyph {
    let (right, top) = (width as i16 - 40, height as i16);
    let corners = [(40, 0), (40, top), (right, top), (right, 0)];
    let points = corners.map(|(x, y)| CurvePoint::on_curve(x, y));
    Glyph::Simple(SimpleGlyph {
        bbox: Bbox {
            x_min: 40,
            y_min: 0,
            x_max: right,
            y_max: top,
        },
        contours: vec![points.to_vec().into()],
        instructions: Vec::new(),
        overlaps: false,
    })
}

fn names() -> Name {
    let names = [
        (NameId::COPYRIGHT_NOTICE, "No rights reserved."),
        (NameId::FAMILY_NAME, "Khizana Test"),
        (NameId::SUBFAMILY_NAME, "Regular"),
        (NameId::FULL_NAME, "Khizana Test Regular"),
        (NameId::POSTSCRIPT_NAME, "KhizanaTest-Regular"),
        (
            NameId::LICENSE_DESCRIPTION,
            "This font is in the public domain.",
        ),
        (
            NameId::LICENSE_URL,
            "https://creativecommons.org/publicdomain/zero/1.0/",
        ),
    ];
    let records = names
        .into_iter()
        .map(|(id, text)| NameRecord::new(3, 1, 0x0409, id, OffsetMarker::new(text.to_owned())));
    Name::new(records.collect())
}

/// Returns a substitution for each joining form.
fn joining_forms(characters: &[char]) -> Gsub {
    let base = characters.iter().position(|c| *c == JOINING).unwrap() + 1;
    let base = GlyphId16::new(u16::try_from(base).unwrap());
    let first = u16::try_from(characters.len()).unwrap() + 1;
    let lookups = (first..).zip(FORMS).map(|(glyph, _)| {
        let subst =
            SingleSubst::format_2([base].into_iter().collect(), vec![GlyphId16::new(glyph)]);
        SubstitutionLookup::Single(Lookup::new(LookupFlag::empty(), vec![subst]))
    });
    let lookups = SubstitutionLookupList::new(lookups.collect());
    // Features are sorted by tag.
    let mut features: Vec<(u16, Tag)> = (0..).zip(FORMS.map(|(tag, _)| Tag::new(tag))).collect();
    features.sort_by_key(|(_, tag)| *tag);
    let records = features
        .iter()
        .map(|(lookup, tag)| FeatureRecord::new(*tag, Feature::new(None, vec![*lookup])));
    let features = FeatureList::new(records.collect());
    let system = LangSys::new(vec![0, 1, 2]);
    let scripts = [b"DFLT", b"arab"]
        .map(|tag| ScriptRecord::new(Tag::new(tag), Script::new(Some(system.clone()), Vec::new())));
    Gsub::new(ScriptList::new(scripts.to_vec()), features, lookups)
}

const FIXTURE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/fixtures/typefaces/house.ttf"
);

#[test]
fn the_font_of_the_fixtures_is_this_one() {
    assert!(std::fs::read(FIXTURE).unwrap() == font(0));
}

#[test]
#[ignore = "writes the font of the fixtures"]
fn write_the_font_of_the_fixtures() {
    std::fs::write(FIXTURE, font(0)).unwrap();
}
