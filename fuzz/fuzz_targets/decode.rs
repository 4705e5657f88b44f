//! Hostile images: a header, a picture or an error, of each page, and no more memory than the limits allow.

#![no_main]

use khizana_media::{ImageFile, Kind, Limits, probe};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("khizana-fuzz-decode-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("a place for temporary files");
    let limits = Limits {
        max_pixels: 1_000_000,
        max_alloc: 64 << 20,
        ..Limits::default()
    };
    // The boxes of HEIF and the chain of a TIFF's pages are read here, whether or not there is a picture.
    let facts = probe(&path, &bytes[..bytes.len().min(4096)]);
    let image = ImageFile::open(&path);
    if let Ok(image) = &image
        && let Ok(picture) = image.decode(0, &limits)
    {
        assert!(picture.width() > 0 && picture.height() > 0);
        let facts = facts.as_ref().expect("what is decoded has a header");
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
