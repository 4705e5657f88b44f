//! A program of its own, a hundredth of the viewer: which tiles the view of an address needs first. It
//! runs while the viewer is on its way.

use wasm_bindgen::prelude::wasm_bindgen;

/// Rust's own allocator for WebAssembly takes more of the download.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The ranges of a pack, as offset and length one after the other, in bytes; undefined where more must be
/// known. `head` is what has come of its index of `index` bytes, `hash` the part of the address after the
/// page's, `width` and `height` the screen's in CSS pixels, `density` its own pixels for each, `widest`
/// the width of the largest derivative.
#[wasm_bindgen]
pub fn ranges(
    head: &[u8],
    index: u32,
    hash: &str,
    width: f64,
    height: f64,
    density: f64,
    widest: u32,
) -> Option<Vec<f64>> {
    khizana_viewer::first_tiles(head, index, hash, ((width, height), density), widest)
}

fn main() {}
