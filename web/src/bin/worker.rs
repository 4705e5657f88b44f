//! The Web Worker that owns the archive.

/// Smaller and faster than Rust's default allocator for WebAssembly.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    khizana_viewer::worker::start();
}
