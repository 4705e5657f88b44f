//! The text crate as WebAssembly, for `tests/browser/language.test.mjs`, which runs the cases of
//! `crates/text/tests/cases.rs` in a browser.

use wasm_bindgen::prelude::wasm_bindgen;

/// Calls [`khizana_text::match_score`]. `langs` is a list of language tags, separated by commas.
#[wasm_bindgen]
pub fn matches(text: &str, lang: &str, query: &str, langs: &str) -> Option<f32> {
    let langs: Vec<&str> = langs.split(',').collect();
    khizana_text::match_score(text, lang, query, &langs)
}
