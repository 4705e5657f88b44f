//! Untrusted images: each page is decoded or rejected within the memory limits.

#![no_main]

use khizana_media::{ImageFile, Kind, Limits, probe};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("khizana-fuzz-decode-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("the temporary file can be written");
    let limits = Limits {
        max_pixels: 1_000_000,
        max_alloc: 64 << 20,
        ..Limits::default()
    };
    // Reads the boxes of HEIF files and the page chain of TIFF files, even if no page can be decoded.
    let facts = probe(&path, &bytes[..bytes.len().min(4096)]);
    let image = ImageFile::open(&path);
    if let Ok(image) = &image
        && let Ok(picture) = image.decode(0, &limits)
    {
        assert!(picture.width() > 0 && picture.height() > 0);
        let facts = facts.as_ref().expect("an image that can be decoded has a header");
        assert!(facts.not_rendered.is_none());
    }
    if let (Ok(image), Ok(facts)) = (image, facts)
        && facts.kind == Kind::Image
    {
        for page in 1..facts.pages.unwrap_or(1).min(4) {
            let _ = image.check(page, &limits);
        }
    }
});
