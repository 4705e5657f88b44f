//! Sort keys.

/// A key by which titles are sorted. For now the folded text.
pub fn collation_key(text: &str, _lang: &str) -> Vec<u8> {
    crate::fold(text).into_bytes()
}
