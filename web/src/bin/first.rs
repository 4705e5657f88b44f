//! A program of its own, a hundredth of the viewer: which tiles the view of an address needs first. It
//! runs while the viewer is on its way.

use wasm_bindgen::prelude::wasm_bindgen;

/// Rust's own allocator for WebAssembly takes more of the download.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The ranges of a pack, as offset and length one after the other, in bytes. `index` is what the pack
/// begins with, `hash` the part of the address after the page's, `width` and `height` the screen's in
/// CSS pixels, `density` its own pixels for each, `widest` the width of the largest derivative.
#[wasm_bindgen]
pub fn ranges(
    index: &[u8],
    hash: &str,
    width: f64,
    height: f64,
    density: f64,
    widest: u32,
) -> Vec<f64> {
    khizana_viewer::first_tiles(index, hash, (width, height), density, widest).unwrap_or_default()
}

fn main() {}
