//! Generates the folding tables from Unicode data. The viewer thus contains a few kilobytes of
//! foldings instead of complete normalization tables.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

/// Returns `true` if a character is a mark that writers may omit. Folding removes these marks. The
/// vowel signs of Indic and South-East Asian scripts count as letters and are kept.
fn is_optional_mark(c: char) -> bool {
    matches!(c as u32,
        0x0300..=0x036F | 0x0483..=0x0487 | 0x0591..=0x05BD | 0x05BF | 0x05C1..=0x05C2 | 0x05C4..=0x05C5 | 0x05C7
        | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x06DF..=0x06E8 | 0x06EA..=0x06ED
        | 0x0711 | 0x0730..=0x074A | 0x08D3..=0x08E1 | 0x08E3..=0x08FF | 0x1AB0..=0x1ACE | 0x1DC0..=0x1DFF
        | 0x20D0..=0x20F0 | 0xFB1E | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F)
}

/// Returns `true` if a character does not distinguish words. These characters are joiners,
/// directional controls, tatweel, the soft hyphen, and the half rings and modifier apostrophes that
/// transliterate ʿayn and hamza.
fn is_ignorable(c: char) -> bool {
    matches!(c as u32,
        0x00AD | 0x0640 | 0x061C | 0x070F | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064
        | 0x2066..=0x206F | 0xFEFF | 0x02B0..=0x02FF | 0x05F3..=0x05F4)
}

/// Returns the replacement for a letter that is a variant of another letter, or that is written as
/// two letters on keyboards that lack it. Returns `None` for all other letters.
fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        'ة' | 'ە' | 'ہ' | 'ھ' | 'ۀ' | 'ۂ' | 'ۃ' | 'ۿ' => "ه",
        'ى' | 'ی' | 'ې' | 'ۍ' | 'ے' | 'ۓ' | 'ێ' => "ي",
        'ک' | 'ڪ' | 'ڭ' => "ك",
        'ګ' => "گ",
        'ٱ' | 'ٲ' | 'ٳ' => "ا",
        'ۆ' | 'ۇ' | 'ۈ' | 'ۋ' => "و",
        // Dotless nun (Urdu, Ottoman Turkish), and letters that only Kurdish and Maghrebi keyboards
        // have.
        'ں' => "ن",
        'ڕ' => "ر",
        'ڵ' => "ل",
        'ڤ' | 'ڥ' => "ف",
        'ڨ' => "ق",
        // Hebrew final forms.
        'ך' => "כ",
        'ם' => "מ",
        'ן' => "נ",
        'ף' => "פ",
        'ץ' => "צ",
        'ß' => "ss",
        'æ' | 'ǽ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'þ' => "th",
        'ı' => "i",
        'ŋ' => "n",
        'ς' => "σ",
        _ => return None,
    })
}

/// Returns the ASCII digit that has the same value as a decimal digit of any script. Returns `None`
/// if the character is not a decimal digit of a supported script.
fn ascii_digit(c: char) -> Option<char> {
    const ZEROS: [u32; 24] = [
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6,
        0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0,
        0xA620, 0xFF10,
    ];
    ZEROS
        .iter()
        .find_map(|zero| (c as u32).checked_sub(*zero).filter(|d| *d < 10))
        .and_then(|d| char::from_digit(d, 10))
}

/// Reads the variants of ideographs and the ideographs to which they are folded.
fn read_ideographs() -> BTreeMap<char, char> {
    let text = std::fs::read_to_string("data/ideographs.txt").expect("the file is readable");
    let mut ideographs = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut chars = line.chars();
        if let Some(form) = chars.next() {
            ideographs.extend(chars.map(|variant| (variant, form)));
        }
    }
    let is_final = |form| !ideographs.contains_key(form);
    assert!(ideographs.values().all(is_final), "folding is idempotent");
    ideographs
}

/// Returns the hiragana for a katakana that has one.
fn hiragana(c: char) -> Option<char> {
    match c as u32 {
        code @ (0x30A1..=0x30F6 | 0x30FD..=0x30FE) => char::from_u32(code - 0x60),
        _ => None,
    }
}

/// Returns the folding of a character.
fn fold(c: char, ideographs: &BTreeMap<char, char>) -> String {
    // The canonical decomposition of й is и with a breve, but й is a distinct letter.
    if matches!(c, 'й' | 'Й') {
        return "й".to_owned();
    }
    let mut out = String::new();
    let mut parts: Vec<char> = std::iter::once(c).nfkd().collect();
    // Kana are composed with their sound marks, because these distinguish letters.
    if parts.len() > 1 && parts.iter().any(|part| hiragana(*part).is_some()) {
        parts = parts.into_iter().nfc().collect();
    }
    for part in parts {
        let part = hiragana(part).unwrap_or(part);
        let part = ideographs.get(&part).copied().unwrap_or(part);
        if is_optional_mark(part) || is_ignorable(part) {
            continue;
        }
        if let Some(digit) = ascii_digit(part) {
            out.push(digit);
            continue;
        }
        for lower in part.to_lowercase() {
            match replacement(lower) {
                Some(replacement) => out.push_str(replacement),
                None if is_optional_mark(lower) => {}
                None => out.push(lower),
            }
        }
    }
    out
}

/// Appends a LEB128 varint.
fn put_varint(out: &mut Vec<u8>, mut number: u32) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Maps integers to unsigned integers, so that those close to 0 are small.
fn zigzag(number: i32) -> u32 {
    ((number << 1) ^ (number >> 31)) as u32
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=data/ideographs.txt");
    let ideographs = read_ideographs();
    let (mut variant_deltas, mut form_deltas) = (Vec::new(), Vec::new());
    let (mut previous_variant, mut previous_form) = (0, 0);
    for (variant, form) in &ideographs {
        put_varint(&mut variant_deltas, *variant as u32 - previous_variant);
        previous_variant = *variant as u32;
        put_varint(&mut form_deltas, zigzag(*form as i32 - previous_form));
        previous_form = *form as i32;
    }
    let (mut key_deltas, mut lengths, mut single_deltas) = (Vec::new(), Vec::new(), Vec::new());
    let mut sequences = String::new();
    let (mut previous_key, mut previous_single) = (0, 0);
    for code in (0x80u32..0x3000)
        .chain(0x3300..0x3400)
        .chain(0xA620..0xA800)
        .chain(0xFB00..0xFFF0)
    {
        let Some(c) = char::from_u32(code) else {
            continue;
        };
        let folded = fold(c, &ideographs);
        if folded.chars().eq([c]) {
            continue;
        }
        put_varint(&mut key_deltas, code - previous_key);
        previous_key = code;
        let length = folded.chars().count();
        lengths.push(u8::try_from(length).expect("foldings have fewer than 256 characters"));
        match folded.chars().next() {
            Some(single) if length == 1 => {
                let delta = single as i32 - previous_single;
                previous_single = single as i32;
                put_varint(&mut single_deltas, zigzag(delta));
            }
            _ => sequences.push_str(&folded),
        }
    }
    let mut table = String::new();
    for (name, bytes, doc) in [
        (
            "KEY_DELTAS",
            key_deltas,
            "The characters that folding changes: varints, each the difference from the previous one.",
        ),
        ("LENGTHS", lengths, "Number of characters of each folding."),
        (
            "SINGLE_DELTAS",
            single_deltas,
            "The foldings of one character: zigzag varints, each the difference from the previous one.",
        ),
        (
            "VARIANT_DELTAS",
            variant_deltas,
            "The ideographs that folding changes, like `KEY_DELTAS`.",
        ),
        (
            "FORM_DELTAS",
            form_deltas,
            "The foldings of these ideographs, like `SINGLE_DELTAS`.",
        ),
    ] {
        let len = bytes.len();
        writeln!(table, "/// {doc}\nstatic {name}: [u8; {len}] = {bytes:?};")
            .expect("writing to a string cannot fail");
    }
    writeln!(
        table,
        "/// The other foldings, concatenated.\nstatic SEQUENCES: &str = {sequences:?};"
    )
    .expect("writing to a string cannot fail");
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(format!("{out}/table.rs"), table).expect("OUT_DIR is writable");
}
