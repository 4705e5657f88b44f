//! Linker arguments of the viewer.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The build cuts the linked module in two by its relocations.
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
