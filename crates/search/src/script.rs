//! The script of a word, as far as words are compared across scripts.

/// ISO 15924, by the first letter: `Zyyy` where it is none of those compared.
pub(crate) fn of(word: &str) -> &'static str {
    match word.chars().find(|c| c.is_alphabetic()).map(u32::from) {
        Some(0x41..=0x24F | 0x1E00..=0x1EFF) => "Latn",
        Some(0x600..=0x6FF | 0x750..=0x77F) => "Arab",
        Some(0x590..=0x5FF) => "Hebr",
        Some(0x400..=0x52F) => "Cyrl",
        Some(0x370..=0x3FF | 0x1F00..=0x1FFF) => "Grek",
        Some(0x700..=0x74F) => "Syrc",
        _ => "Zyyy",
    }
}
