//! Untrusted metadata: EXIF, XMP and IPTC in a JPEG, and any other file.

#![no_main]

use khizana_media::{embedded, has_location};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [kind, block @ ..] = bytes else { return };
    let (marker, name): (u8, &[u8]) = match kind % 4 {
        0 => (0xe1, b"Exif\0\0"),
        1 => (0xe1, b"http://ns.adobe.com/xap/1.0/\0"),
        // Photoshop image resources, which contain the IPTC metadata.
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
    std::fs::write(&path, &file).expect("the temporary file can be written");
    let metadata = embedded(&path);
    // Files with a location that is read must be recognised as files with a location.
    assert!(metadata.location.is_none() || has_location(&path));
});
