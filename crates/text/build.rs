//! Makes the folding table from Unicode's own data, so that the viewer carries a few kilobytes of
//! it and not the whole of it.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

/// Marks that are left out of a folded word: those a writer may omit. The vowel signs of Indic and
/// South-East Asian scripts are letters to their readers and stay.
fn is_optional_mark(c: char) -> bool {
    matches!(c as u32,
        0x0300..=0x036F | 0x0483..=0x0487 | 0x0591..=0x05BD | 0x05BF | 0x05C1..=0x05C2 | 0x05C4..=0x05C5 | 0x05C7
        | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x06DF..=0x06E8 | 0x06EA..=0x06ED
        | 0x0711 | 0x0730..=0x074A | 0x08D3..=0x08E1 | 0x08E3..=0x08FF | 0x1AB0..=0x1ACE | 0x1DC0..=0x1DFF
        | 0x20D0..=0x20F0 | 0xFB1E | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F)
}

/// Characters that are no part of a word: joiners, directional controls, tatweel, the soft hyphen,
/// and the half rings and apostrophe letters with which transliterations write ʿayn and hamza.
fn is_ignorable(c: char) -> bool {
    matches!(c as u32,
        0x00AD | 0x0640 | 0x061C | 0x070F | 0x180E | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064
        | 0x2066..=0x206F | 0xFEFF | 0x02B0..=0x02FF | 0x05F3..=0x05F4)
}

/// Letters that are one letter to a reader, or that take two where a keyboard lacks them.
fn same_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'ة' | 'ە' | 'ہ' | 'ھ' | 'ۀ' | 'ۂ' | 'ۃ' | 'ۿ' => "ه",
        'ى' | 'ی' | 'ې' | 'ۍ' | 'ے' | 'ۓ' | 'ێ' => "ي",
        'ک' | 'ڪ' | 'ڭ' => "ك",
        'ګ' => "گ",
        'ٱ' | 'ٲ' | 'ٳ' => "ا",
        'ۆ' | 'ۇ' | 'ۈ' | 'ۋ' => "و",
        // A nun without its dot (Urdu, Ottoman), and letters that Kurdish and Maghrebi keyboards have
        // and others lack.
        'ں' => "ن",
        'ڕ' => "ر",
        'ڵ' => "ل",
        'ڤ' | 'ڥ' => "ف",
        'ڨ' => "ق",
        // Hebrew letters in the form they take at the end of a word.
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

/// The digit that a decimal digit of any script means.
fn digit(c: char) -> Option<char> {
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

fn folded(c: char) -> String {
    // й and the Hangul syllables are letters of their own, not letters with a mark.
    if matches!(c, 'й' | 'Й') {
        return "й".to_owned();
    }
    let mut out = String::new();
    for part in std::iter::once(c).nfkd() {
        if is_optional_mark(part) || is_ignorable(part) {
            continue;
        }
        if let Some(digit) = digit(part) {
            out.push(digit);
            continue;
        }
        for lower in part.to_lowercase() {
            match same_letter(lower) {
                Some(same) => out.push_str(same),
                None if is_optional_mark(lower) => {}
                None => out.push(lower),
            }
        }
    }
    out
}

/// A number in as few bytes as it takes, seven bits in each, the lowest first.
fn put(out: &mut Vec<u8>, mut number: u32) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let (mut steps, mut lengths, mut singles) = (Vec::new(), Vec::new(), Vec::new());
    let mut others = String::new();
    let (mut before, mut single) = (0, 0);
    for code in (0x80u32..0x3000)
        .chain(0x3300..0x3400)
        .chain(0xA620..0xA800)
        .chain(0xFB00..0xFFF0)
    {
        let Some(c) = char::from_u32(code) else {
            continue;
        };
        let folded = folded(c);
        if folded.chars().eq([c]) {
            continue;
        }
        put(&mut steps, code - before);
        before = code;
        let length = folded.chars().count();
        lengths.push(u8::try_from(length).expect("a folding is short"));
        match folded.chars().next() {
            Some(only) if length == 1 => {
                let step = only as i32 - single;
                single = only as i32;
                put(&mut singles, ((step << 1) ^ (step >> 31)) as u32);
            }
            _ => others.push_str(&folded),
        }
    }
    let mut table = String::new();
    for (name, bytes, what) in [
        (
            "STEPS",
            steps,
            "From each character that folds to something else to the next.",
        ),
        ("LENGTHS", lengths, "How many characters each folds to."),
        (
            "SINGLES",
            singles,
            "Where it is one: the step from the one before, its sign in the lowest bit.",
        ),
    ] {
        let count = bytes.len();
        writeln!(
            table,
            "/// {what}\nstatic {name}: [u8; {count}] = {bytes:?};"
        )
        .expect("writing to a string");
    }
    writeln!(
        table,
        "/// Where it is several: those, one after the other.\nstatic OTHERS: &str = {others:?};"
    )
    .expect("writing to a string");
    let out = std::env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(format!("{out}/table.rs"), table).expect("OUT_DIR can be written");
}
