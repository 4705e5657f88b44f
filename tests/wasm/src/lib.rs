//! The text crate as WebAssembly, for `tests/browser/language.test.mjs`: a browser answers the same
//! table of cases that `crates/text/tests/cases.rs` answers natively.

use wasm_bindgen::prelude::wasm_bindgen;

/// [`khizana_text::matches`]; `langs` are parted by commas.
#[wasm_bindgen]
pub fn matches(text: &str, lang: &str, query: &str, langs: &str) -> Option<f32> {
    let langs: Vec<&str> = langs.split(',').collect();
    khizana_text::matches(text, lang, query, &langs)
}
