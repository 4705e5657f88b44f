//! The start of the viewer in the browser.

/// Rust's own allocator for WebAssembly takes more of the download and more of the time.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {
    khizana_viewer::browser::start();
}
