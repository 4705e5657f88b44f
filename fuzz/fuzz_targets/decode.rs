//! Hostile images: a picture or an error, and no more memory than the limits allow.

#![no_main]

use khizana_media::{Limits, decode, probe};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("khizana-fuzz-decode-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("a place for temporary files");
    let limits = Limits {
        max_pixels: 1_000_000,
        max_alloc: 64 << 20,
        ..Limits::default()
    };
    if let Ok(picture) = decode(&path, &limits) {
        assert!(picture.width() > 0 && picture.height() > 0);
        let facts = probe(&path, &bytes[..bytes.len().min(4096)]).expect("what is decoded has a header");
        assert!(facts.not_rendered.is_none());
    }
});
