//! Untrusted images: each page yields an image or an error, within the memory limits.

#![no_main]

use khizana_media::{ImageFile, Kind, Limits, probe};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("khizana-fuzz-decode-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("the temporary directory is writable");
    let limits = Limits {
        max_pixels: 1_000_000,
        max_streamed_pixels: 4_000_000,
        max_alloc: 64 << 20,
        // Small images take the paths of large ones.
        max_band: 16 << 10,
        ..Limits::default()
    };
    // This reads the boxes of a HEIF file and the directories of a TIFF file, whether or not the
    // image can be decoded.
    let info = probe(&path, &bytes[..bytes.len().min(4096)]);
    let image = ImageFile::open(&path);
    if let Ok(image) = &image
        && let Ok(picture) = image.decode(0, &limits)
    {
        assert!(picture.width() > 0 && picture.height() > 0);
        let info = info.as_ref().expect("a decoded image has a header");
        assert!(info.not_rendered.is_none());
    }
    if let (Ok(image), Ok(info)) = (image, info)
        && info.kind == Kind::Image
    {
        for page in 0..info.pages.unwrap_or(1).min(4) {
            let _ = image.check(page, &limits);
        }
    }
});
