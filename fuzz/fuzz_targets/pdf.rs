//! Untrusted PDF files: the first pages are drawn, or an error is returned.

#![no_main]

use khizana_pdf::Document;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let path = std::env::temp_dir().join(format!("khizana-fuzz-pdf-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("the temporary file can be written");
    let document = match Document::open(&path) {
        Ok(document) => document,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let _ = document.metadata();
    for number in 0..document.displayed_page_count().min(2) {
        let Ok(page) = document.page(number) else {
            continue;
        };
        assert!(page.picture.width() > 0 && page.picture.height() > 0);
        for line in &page.text.lines {
            assert!(!line.text.is_empty() && !line.text.contains('\n'));
            for word in &line.words {
                assert!(line.text.get(word.start..word.end).is_some());
            }
        }
    }
});
