//! The text crate as WebAssembly, for `tests/browser/language.test.mjs`: a browser answers the same
//! table of cases that `crates/text/tests/cases.rs` answers natively.

use wasm_bindgen::prelude::wasm_bindgen;

/// Calls [`khizana_text::match_score`]. `langs` are separated by commas.
#[wasm_bindgen]
pub fn matches(text: &str, lang: &str, query: &str, langs: &str) -> Option<f32> {
    let langs: Vec<&str> = langs.split(',').collect();
    khizana_text::match_score(text, lang, query, &langs)
}
