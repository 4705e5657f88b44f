//! Parsing of each format, and the error for each kind of invalid file.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use khizana_model::Direction;
use khizana_pagetext::{
    Format, InvalidPositions, Line, MAX_BYTES, PageText, PageTextError, is_xml, parse,
};

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    std::fs::read(path).unwrap()
}

fn parse_fixture(name: &str) -> PageText {
    parse(&fixture(name)).unwrap()
}

fn parse_error(name: &str) -> PageTextError {
    let bytes = fixture(name);
    assert!(is_xml(&bytes), "{name}");
    parse(&bytes).unwrap_err()
}

fn texts(page: &PageText) -> Vec<&str> {
    page.lines.iter().map(|line| line.text.as_str()).collect()
}

fn paragraph_starts(page: &PageText) -> Vec<bool> {
    page.lines
        .iter()
        .map(|line| line.starts_paragraph)
        .collect()
}

/// Returns the words that have positions, and their bounding boxes on an image of the given size.
fn words(line: &Line, width: u32, height: u32) -> Vec<(&str, [u32; 4])> {
    let words = line.words.iter();
    let word = |word: &khizana_pagetext::Word| {
        let text = line.text.get(word.start..word.end).unwrap();
        (text, word.area.to_pixels(width, height))
    };
    words.map(word).collect()
}

#[test]
fn parses_page_xml_in_reading_order() {
    let page = parse_fixture("page-2019.xml");
    assert_eq!(page.format, Format::PageXml);
    assert_eq!(page.size, Some((1000.0, 1600.0)));
    assert_eq!(
        texts(&page),
        ["خِزانةُ الكُتُبِ", "وفيها صُحُف", "Le cabinet", "عُنوان"]
    );
    assert_eq!(paragraph_starts(&page), [true, false, true, true]);
    let [first, second, french, inner] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(first.language.as_ref().unwrap().as_str(), "ar");
    assert_eq!(first.direction, Some(Direction::Rtl));
    assert_eq!(first.area.unwrap().to_pixels(500, 800), [280, 55, 190, 25]);
    assert_eq!(second.area, None);
    assert_eq!(
        page.invalid_positions,
        Some(InvalidPositions { line: 37, count: 1 })
    );
    assert_eq!(french.language.as_ref().unwrap().as_str(), "fr");
    assert_eq!(french.direction, Some(Direction::Ltr));
    // This is the bounding box of a slanted line.
    assert_eq!(
        french.area.unwrap().to_pixels(1000, 1600),
        [58, 110, 382, 50]
    );
    assert_eq!(
        words(french, 1000, 1600),
        [("Le", [60, 110, 140, 50]), ("cabinet", [210, 110, 230, 50])]
    );
    assert_eq!(
        inner.area.unwrap().to_pixels(1000, 1600),
        [560, 300, 380, 50]
    );
    assert_eq!(
        page.plain_text(),
        "خِزانةُ الكُتُبِ\nوفيها صُحُف\n\nLe cabinet\n\nعُنوان\n"
    );
}

#[test]
fn omits_positions_that_cover_the_whole_page() {
    let page = parse_fixture("page-2013-whole-page.xml");
    assert_eq!(texts(&page), ["السطر الأول", "السطر الثاني"]);
    assert!(!page.has_positions());
    assert_eq!(page.whole_page_positions, 2);
    assert_eq!(page.invalid_positions, None);
}

#[test]
fn parses_alto_with_physical_units() {
    let page = parse_fixture("alto-4.xml");
    assert_eq!(page.format, Format::Alto);
    assert_eq!(texts(&page), ["دار الحكمة.", "manu-", "scripts"]);
    assert_eq!(paragraph_starts(&page), [true, true, false]);
    let [first, second, _] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(first.language.as_ref().unwrap().as_str(), "ar");
    assert_eq!(first.direction, Some(Direction::Rtl));
    assert_eq!(
        first.area.unwrap().to_pixels(1000, 1000),
        [100, 100, 800, 50]
    );
    assert_eq!(
        words(first, 2100, 2970),
        [
            ("دار", [1470, 297, 420, 149]),
            ("الحكمة", [210, 297, 1050, 149]),
            (".", [200, 297, 10, 149])
        ]
    );
    // A line without a position has the bounding box of its words.
    assert_eq!(
        second.area.unwrap().to_pixels(2100, 2970),
        [210, 1485, 420, 100]
    );
    assert_eq!(second.language.as_ref().unwrap().as_str(), "en");
}

#[test]
fn separates_alto_words_without_sp_elements() {
    let page = parse_fixture("alto-2-no-spaces.xml");
    assert_eq!(texts(&page), ["Les livres", "ailleurs"]);
    let [first, second] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(words(first, 1000, 1000), [("Les", [100, 100, 100, 50])]);
    assert_eq!(second.area, None, "it is outside the page");
}

#[test]
fn keeps_the_division_of_words_at_line_ends() {
    let alto = |end: &str| {
        let text = format!(
            "<alto><Layout><Page><TextLine><String CONTENT=\"the\"/><SP/>{end}</TextLine>\
             <TextLine><String CONTENT=\"logue\" SUBS_TYPE=\"HypPart2\"/></TextLine>\
             </Page></Layout></alto>"
        );
        texts(&parse(text.as_bytes()).unwrap())
            .first()
            .map(|line| (*line).to_owned())
            .unwrap()
    };
    for (end, expected) in [
        ("<String CONTENT='cata'/><HYP CONTENT='-'/>", "the cata-"),
        ("<String CONTENT='cata-'/><HYP CONTENT='-'/>", "the cata-"),
        ("<String CONTENT='cata'/><HYP/>", "the cata-"),
        ("<String CONTENT='cata'/><HYP CONTENT='¬'/>", "the cata¬"),
        (
            "<String CONTENT='cata' SUBS_TYPE='HypPart1' SUBS_CONTENT='catalogue'/><HYP CONTENT='-'/>",
            "the cata-",
        ),
        (
            "<String CONTENT='cata' SUBS_TYPE='HypPart1' SUBS_CONTENT='catalogue'/>",
            "the cata\u{ad}",
        ),
        ("<String CONTENT='cata'/>", "the cata"),
    ] {
        assert_eq!(alto(end), expected, "{end}");
    }
    let tei =
        b"<TEI><text><body><p>the cata\n<lb break='no'/>logue <lb/>of a lib-<lb break='no'/>rary\
        </p></body></text></TEI>";
    assert_eq!(
        texts(&parse(tei).unwrap()),
        ["the cata\u{ad}", "logue", "of a lib-", "rary"]
    );
}

#[test]
fn parses_alto_positions_given_as_shapes() {
    let page = parse_fixture("alto-4-shapes.xml");
    let [first, second] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(
        first.area.unwrap().to_pixels(1000, 1000),
        [100, 110, 800, 95]
    );
    assert_eq!(
        words(first, 1000, 1000),
        [
            ("خزانة", [700, 115, 190, 85]),
            ("الكتب", [400, 110, 250, 90])
        ]
    );
    assert_eq!(
        second.area.unwrap().to_pixels(1000, 1000),
        [100, 300, 300, 50]
    );
    assert_eq!(
        words(second, 1000, 1000),
        [("a", [100, 300, 50, 50]), ("b", [200, 305, 100, 40])]
    );
    let invalid = page.invalid_positions.unwrap();
    assert_eq!((invalid.line, invalid.count), (25, 1));
}

#[test]
fn parses_hocr_with_html_void_elements() {
    let page = parse_fixture("hocr.html");
    assert_eq!(page.format, Format::Hocr);
    assert_eq!(texts(&page), ["كتاب الفِهْرِست", "بلا كلمات & بعد", "alone"]);
    assert_eq!(paragraph_starts(&page), [true, false, true]);
    let [first, second, alone] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(first.language.as_ref().unwrap().as_str(), "ar");
    assert_eq!(first.direction, Some(Direction::Rtl));
    assert_eq!(
        words(first, 800, 1200),
        [
            ("كتاب", [560, 120, 160, 60]),
            ("الفِهْرِست", [300, 120, 240, 60])
        ]
    );
    assert_eq!(
        second.area.unwrap().to_pixels(800, 1200),
        [80, 200, 640, 60]
    );
    assert!(second.words.is_empty());
    assert_eq!(alone.language.as_ref().unwrap().as_str(), "en");
    assert_eq!(alone.area.unwrap().to_pixels(800, 1200), [80, 280, 640, 20]);
    assert_eq!(
        page.invalid_positions,
        Some(InvalidPositions { line: 19, count: 1 })
    );
}

#[test]
fn parses_tei_with_facsimile_zones() {
    let page = parse_fixture("tei-facsimile.xml");
    assert_eq!(page.format, Format::Tei);
    assert_eq!(page.size, Some((500.0, 800.0)));
    assert_eq!(
        texts(&page),
        ["بابُ الألف", "قال الروي", "ثم مضى", "بيت", "بیت دوم"]
    );
    assert_eq!(paragraph_starts(&page), [true, true, false, true, false]);
    let [head, first, second, verse, persian] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(head.area.unwrap().to_pixels(500, 800), [50, 80, 400, 40]);
    assert_eq!(words(head, 500, 800), [("بابُ", [300, 80, 150, 40])]);
    assert_eq!(first.area.unwrap().to_pixels(500, 800), [50, 140, 400, 40]);
    // A line without a zone has the position of its paragraph.
    assert_eq!(
        second.area.unwrap().to_pixels(500, 800),
        [50, 200, 400, 200]
    );
    assert_eq!(verse.area, None);
    assert_eq!(head.language.as_ref().unwrap().as_str(), "ar");
    assert_eq!(persian.language.as_ref().unwrap().as_str(), "fa");
}

#[test]
fn parses_tei_source_doc() {
    let page = parse_fixture("tei-source-doc.xml");
    assert_eq!(texts(&page), ["שלום", "עולם"]);
    let [first, second] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(first.area.unwrap().to_pixels(600, 900), [60, 90, 480, 60]);
    assert_eq!(first.language.as_ref().unwrap().as_str(), "he");
    assert_eq!(second.area.unwrap().to_pixels(600, 900), [60, 160, 480, 60]);
}

#[test]
fn parses_plain_text() {
    let bytes = fixture("plain.txt");
    assert!(!is_xml(&bytes));
    let page = parse(&bytes).unwrap();
    assert_eq!(page.format, Format::Plain);
    assert_eq!(texts(&page), ["الأول", "الثاني", "ثالث x"]);
    assert_eq!(paragraph_starts(&page), [true, false, true]);
    assert!(!page.has_positions());
    assert_eq!(page.plain_text(), "الأول\nالثاني\n\nثالث x\n");
    assert!(texts(&parse(b"< 3 is a heart").unwrap()) == ["< 3 is a heart"]);
    assert!(parse(b"").unwrap().lines.is_empty());
}

#[test]
fn matches_images_of_the_same_aspect_ratio_only() {
    let page = parse_fixture("page-2019.xml");
    assert!(
        page.matches_image(1000, 1600)
            && page.matches_image(250, 400)
            && page.matches_image(253, 400)
    );
    assert!(
        !page.matches_image(1600, 1000)
            && !page.matches_image(1000, 1000)
            && !page.matches_image(0, 0)
    );
    assert!(!parse(b"plain").unwrap().matches_image(1000, 1600));
}

#[test]
fn reports_errors_with_code_and_line() {
    for (name, code, line) in [
        ("bad-malformed.xml", "text-xml-malformed", 5),
        ("bad-truncated.xml", "text-xml-malformed", 3),
        ("bad-dtd.xml", "text-xml-dtd", 2),
        ("bad-entity.xml", "text-xml-entity", 3),
        ("bad-unknown-root.xml", "text-xml-unknown", 3),
        ("bad-not-hocr.html", "text-xml-unknown", 2),
        ("bad-multiple-pages-alto.xml", "text-xml-pages", 4),
        ("bad-multiple-pages-tei.xml", "text-xml-pages", 4),
        ("bad-too-deep.xml", "text-xml-too-deep", 3),
        ("bad-too-large.xml", "text-xml-too-large", 3),
    ] {
        let error = parse_error(name);
        assert_eq!(
            (error.code(), error.line()),
            (code, line),
            "{name}: {error}"
        );
        assert!(!error.to_string().is_empty() && error.hint().ends_with('.'));
    }
    assert_eq!(
        parse_error("bad-multiple-pages-alto.xml").to_string(),
        "the file has 3 pages, but only one page per file is supported"
    );
}

#[test]
fn enforces_limits() {
    let lines = |count: usize| {
        let line = "<TextLine><String CONTENT=\"x\"/></TextLine>";
        let lines = line.repeat(count);
        format!("<alto><Layout><Page>{lines}</Page></Layout></alto>")
    };
    assert_eq!(parse(lines(20_000).as_bytes()).unwrap().lines.len(), 20_000);
    let error = parse(lines(20_001).as_bytes()).unwrap_err();
    assert_eq!(error.code(), "text-xml-too-large");

    let words = "<String CONTENT=\"x\"/>".repeat(2_001);
    let line = format!("<alto><Layout><Page><TextLine>{words}</TextLine></Page></Layout></alto>");
    assert_eq!(
        parse(line.as_bytes()).unwrap_err().to_string(),
        "the file has more than 2000 words in a line"
    );

    let padded = format!("<alto>{}</alto>", " ".repeat(MAX_BYTES as usize));
    assert_eq!(
        parse(padded.as_bytes()).unwrap_err().code(),
        "text-xml-too-large"
    );
    let elements = format!("<alto>{}</alto>", "<a/>".repeat(1_000_001));
    assert_eq!(
        parse(elements.as_bytes()).unwrap_err().code(),
        "text-xml-too-large"
    );
    // Parsing stops at the 65th attribute.
    let tag = format!("<alto {}/>", "a=\"\" ".repeat(1_000_000));
    assert_eq!(
        parse(tag.as_bytes()).unwrap_err().code(),
        "text-xml-too-large"
    );
}

#[test]
fn rejects_invalid_positions() {
    let page_with_points = |points: &str| {
        let text = format!(
            "<PcGts><Page imageWidth=\"100\" imageHeight=\"100\"><TextRegion><TextLine>\
             <Coords points=\"{points}\"/><TextEquiv><Unicode>x</Unicode></TextEquiv>\
             </TextLine></TextRegion></Page></PcGts>"
        );
        parse(text.as_bytes()).unwrap()
    };
    for invalid in [
        "",
        "1",
        "1,2,3",
        "NaN,1 2,2",
        "1e300,1 2,2",
        "inf,0 1,1",
        "a,b c,d",
    ] {
        let page = page_with_points(invalid);
        assert_eq!(page.lines[0].area, None, "{invalid}");
        assert_eq!(
            page.invalid_positions,
            Some(InvalidPositions { line: 1, count: 1 }),
            "{invalid}"
        );
    }
    // A box is clipped to the page, and an empty box is omitted.
    let clipped = page_with_points("-50,10 20,30").lines[0].area.unwrap();
    assert_eq!(clipped.to_pixels(100, 100), [0, 10, 20, 20]);
    assert_eq!(page_with_points("10,10 50,10").lines[0].area, None);
    let page = parse(b"<PcGts><Page imageWidth=\"0\" imageHeight=\"-1\"/></PcGts>").unwrap();
    assert_eq!(page.size, None);
}
