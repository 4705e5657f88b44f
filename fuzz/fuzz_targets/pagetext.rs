//! Untrusted page texts. The first byte selects a format. The outer elements of the format are
//! added around the input, so that the fuzzer reaches the inner elements sooner.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [kind, text @ ..] = bytes else { return };
    let (before, after): (&[u8], &[u8]) = match kind % 5 {
        0 => (b"", b""),
        1 => (
            b"<PcGts><Page imageWidth=\"100\" imageHeight=\"200\">",
            b"</Page></PcGts>",
        ),
        2 => (
            b"<alto><Layout><Page WIDTH=\"100\" HEIGHT=\"200\">",
            b"</Page></Layout></alto>",
        ),
        3 => (
            b"<html><body><div class=\"ocr_page\" title=\"bbox 0 0 100 200\">",
            b"</div></body></html>",
        ),
        _ => (
            b"<TEI><facsimile><surface ulx=\"0\" uly=\"0\" lrx=\"100\" lry=\"200\"><zone xml:id=\"z\" ulx=\"1\" uly=\"2\" lrx=\"30\" lry=\"40\"/></surface></facsimile><text>",
            b"</text></TEI>",
        ),
    };
    let document = [before, text, after].concat();
    let page = match khizana_pagetext::parse(&document) {
        Ok(page) => page,
        Err(error) => {
            assert!(error.line() >= 1 && !error.code().is_empty());
            return;
        }
    };
    for line in &page.lines {
        assert!(!line.text.is_empty() && !line.text.contains('\n'));
        assert_eq!(line.text.trim(), line.text);
        let mut previous_end = 0;
        for word in &line.words {
            assert!(word.start >= previous_end && word.end > word.start);
            assert!(line.text.get(word.start..word.end).is_some());
            previous_end = word.end;
        }
        for area in line.words.iter().map(|word| word.area).chain(line.area) {
            for (width, height) in [(1, 1), (100, 200), (u32::MAX, 3)] {
                let [x, y, w, h] = area.to_pixels(width, height);
                assert!(w > 0 && h > 0);
                assert!(u64::from(x) + u64::from(w) <= u64::from(width));
                assert!(u64::from(y) + u64::from(h) <= u64::from(height));
            }
        }
    }
    // The additional first line ensures that the text is read as plain text.
    let plain = format!("x\n{}", page.plain_text());
    let again = khizana_pagetext::parse(plain.as_bytes()).expect("plain text");
    let again = again.lines.iter().skip(1).map(|line| &line.text);
    assert!(again.eq(page.lines.iter().map(|line| &line.text)));
});
