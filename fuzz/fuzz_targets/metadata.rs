//! Untrusted metadata: EXIF, IPTC and XMP, in a JPEG file or as the tags of a TIFF file.

#![no_main]

use khizana_media::{has_location, read_embedded};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [kind, block @ ..] = bytes else { return };
    let (marker, name): (u8, &[u8]) = match kind % 4 {
        0 => (0xe1, b"Exif\0\0"),
        1 => (0xe1, b"http://ns.adobe.com/xap/1.0/\0"),
        // Photoshop image resources, which contain IPTC.
        2 => (0xed, b"Photoshop 3.0\0"),
        _ => (0, b""),
    };
    let mut file = Vec::new();
    if marker == 0 {
        file.extend_from_slice(block);
    } else {
        let block = &block[..block.len().min(60_000)];
        let length = (block.len() + name.len() + 2) as u16;
        file.extend([0xff, 0xd8, 0xff, marker]);
        file.extend(length.to_be_bytes());
        file.extend_from_slice(name);
        file.extend_from_slice(block);
        file.extend([0xff, 0xd9]);
    }
    let path = std::env::temp_dir().join(format!("khizana-fuzz-metadata-{}", std::process::id()));
    std::fs::write(&path, &file).expect("the temporary directory is writable");
    let metadata = read_embedded(&path);
    // A location that is read must also be detected.
    assert!(metadata.location.is_none() || has_location(&path));
});
