//! The Web Worker that owns the archive.

/// An allocator that is smaller and faster than Rust's default one for WebAssembly.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    khizana_viewer::worker::start();
}
