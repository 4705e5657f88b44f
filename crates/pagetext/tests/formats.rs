//! What is read of each format, and what of each fault; one fixture each.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use khizana_model::Direction;
use khizana_pagetext::{
    Format, Line, MOST_BYTES, Misplaced, PageText, PageTextError, is_xml, read,
};

fn bytes(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    std::fs::read(path).unwrap()
}

fn page(name: &str) -> PageText {
    read(&bytes(name)).unwrap()
}

fn fault(name: &str) -> PageTextError {
    let bytes = bytes(name);
    assert!(is_xml(&bytes), "{name}");
    read(&bytes).unwrap_err()
}

fn texts(page: &PageText) -> Vec<&str> {
    page.lines.iter().map(|line| line.text.as_str()).collect()
}

fn starts(page: &PageText) -> Vec<bool> {
    page.lines.iter().map(|line| line.starts).collect()
}

/// The words that have places, and where on an image of this size.
fn words(line: &Line, width: u32, height: u32) -> Vec<(&str, [u32; 4])> {
    let words = line.words.iter();
    let word = |word: &khizana_pagetext::Word| {
        let text = line.text.get(word.start..word.end).unwrap();
        (text, word.area.on(width, height))
    };
    words.map(word).collect()
}

#[test]
fn page_xml_in_its_reading_order_with_words() {
    let page = page("page-2019.xml");
    assert_eq!(page.format, Format::PageXml);
    assert_eq!(page.size, Some((1000.0, 1600.0)));
    assert_eq!(
        texts(&page),
        ["خِزانةُ الكُتُبِ", "وفيها صُحُف", "Le cabinet", "عُنوان"]
    );
    assert_eq!(starts(&page), [true, false, true, true]);
    let [first, second, french, inner] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(first.language.as_ref().unwrap().as_str(), "ar");
    assert_eq!(first.direction, Some(Direction::Rtl));
    assert_eq!(first.area.unwrap().on(500, 800), [280, 55, 190, 25]);
    assert_eq!(second.area, None);
    assert_eq!(page.misplaced, Some(Misplaced { line: 37, count: 1 }));
    assert_eq!(french.language.as_ref().unwrap().as_str(), "fr");
    assert_eq!(french.direction, Some(Direction::Ltr));
    // The box around a line that is written at a slant.
    assert_eq!(french.area.unwrap().on(1000, 1600), [58, 110, 382, 50]);
    assert_eq!(
        words(french, 1000, 1600),
        [("Le", [60, 110, 140, 50]), ("cabinet", [210, 110, 230, 50])]
    );
    assert_eq!(inner.area.unwrap().on(1000, 1600), [560, 300, 380, 50]);
    assert_eq!(
        page.plain(),
        "خِزانةُ الكُتُبِ\nوفيها صُحُف\n\nLe cabinet\n\nعُنوان\n"
    );
}

#[test]
fn a_place_that_is_the_whole_page_is_none() {
    let page = page("page-2013-whole-page.xml");
    assert_eq!(texts(&page), ["السطر الأول", "السطر الثاني"]);
    assert!(!page.has_places());
    assert_eq!(page.whole_page, 2);
    assert_eq!(page.misplaced, None);
}

#[test]
fn alto_in_any_unit() {
    let page = page("alto-4.xml");
    assert_eq!(page.format, Format::Alto);
    assert_eq!(texts(&page), ["دار الحكمة.", "manu-", "scripts"]);
    assert_eq!(starts(&page), [true, true, false]);
    let [first, second, _] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(first.language.as_ref().unwrap().as_str(), "ar");
    assert_eq!(first.direction, Some(Direction::Rtl));
    assert_eq!(first.area.unwrap().on(1000, 1000), [100, 100, 800, 50]);
    assert_eq!(
        words(first, 2100, 2970),
        [
            ("دار", [1470, 297, 420, 149]),
            ("الحكمة", [210, 297, 1050, 149]),
            (".", [200, 297, 10, 149])
        ]
    );
    // A line without a place of its own lies where its words lie.
    assert_eq!(second.area.unwrap().on(2100, 2970), [210, 1485, 420, 100]);
    assert_eq!(second.language.as_ref().unwrap().as_str(), "en");
}

#[test]
fn alto_without_spaces_has_words_all_the_same() {
    let page = page("alto-2-no-spaces.xml");
    assert_eq!(texts(&page), ["Les livres", "ailleurs"]);
    let [first, second] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(words(first, 1000, 1000), [("Les", [100, 100, 100, 50])]);
    assert_eq!(second.area, None, "it lies beside the page");
}

#[test]
fn hocr_as_html_writes_it() {
    let page = page("hocr.html");
    assert_eq!(page.format, Format::Hocr);
    assert_eq!(texts(&page), ["كتاب الفِهْرِست", "بلا كلمات & بعد", "alone"]);
    assert_eq!(starts(&page), [true, false, true]);
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
    assert_eq!(second.area.unwrap().on(800, 1200), [80, 200, 640, 60]);
    assert!(second.words.is_empty());
    assert_eq!(alone.language.as_ref().unwrap().as_str(), "en");
    assert_eq!(alone.area.unwrap().on(800, 1200), [80, 280, 640, 20]);
    assert_eq!(page.misplaced, Some(Misplaced { line: 19, count: 1 }));
}

#[test]
fn tei_that_points_to_zones() {
    let page = page("tei-facsimile.xml");
    assert_eq!(page.format, Format::Tei);
    assert_eq!(page.size, Some((500.0, 800.0)));
    assert_eq!(
        texts(&page),
        ["بابُ الألف", "قال الروي", "ثم مضى", "بيت", "بیت دوم"]
    );
    assert_eq!(starts(&page), [true, true, false, true, false]);
    let [head, first, second, verse, persian] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(head.area.unwrap().on(500, 800), [50, 80, 400, 40]);
    assert_eq!(words(head, 500, 800), [("بابُ", [300, 80, 150, 40])]);
    assert_eq!(first.area.unwrap().on(500, 800), [50, 140, 400, 40]);
    // A line that points nowhere lies in its paragraph.
    assert_eq!(second.area.unwrap().on(500, 800), [50, 200, 400, 200]);
    assert_eq!(verse.area, None);
    assert_eq!(head.language.as_ref().unwrap().as_str(), "ar");
    assert_eq!(persian.language.as_ref().unwrap().as_str(), "fa");
}

#[test]
fn tei_whose_lines_are_zones() {
    let page = page("tei-source-doc.xml");
    assert_eq!(texts(&page), ["שלום", "עולם"]);
    let [first, second] = &page.lines[..] else {
        panic!("{page:?}")
    };
    assert_eq!(first.area.unwrap().on(600, 900), [60, 90, 480, 60]);
    assert_eq!(first.language.as_ref().unwrap().as_str(), "he");
    assert_eq!(second.area.unwrap().on(600, 900), [60, 160, 480, 60]);
}

#[test]
fn plain_text_has_lines_and_paragraphs() {
    let bytes = bytes("plain.txt");
    assert!(!is_xml(&bytes));
    let page = read(&bytes).unwrap();
    assert_eq!(page.format, Format::Plain);
    assert_eq!(texts(&page), ["الأول", "الثاني", "ثالث x"]);
    assert_eq!(starts(&page), [true, false, true]);
    assert!(!page.has_places());
    assert_eq!(page.plain(), "الأول\nالثاني\n\nثالث x\n");
    assert!(texts(&read(b"< 3 is a heart").unwrap()) == ["< 3 is a heart"]);
    assert!(read(b"").unwrap().lines.is_empty());
}

#[test]
fn places_fit_an_image_of_the_same_proportions_only() {
    let page = page("page-2019.xml");
    assert!(page.fits(1000, 1600) && page.fits(250, 400) && page.fits(253, 400));
    assert!(!page.fits(1600, 1000) && !page.fits(1000, 1000) && !page.fits(0, 0));
    assert!(!read(b"plain").unwrap().fits(1000, 1600));
}

#[test]
fn every_fault_has_its_code_and_line() {
    for (name, code, line) in [
        ("bad-malformed.xml", "text-xml-malformed", 5),
        ("bad-cut-short.xml", "text-xml-malformed", 3),
        ("bad-dtd.xml", "text-xml-dtd", 2),
        ("bad-entity.xml", "text-xml-entity", 3),
        ("bad-unknown.xml", "text-xml-unknown", 3),
        ("bad-html.html", "text-xml-unknown", 2),
        ("bad-pages-alto.xml", "text-xml-pages", 4),
        ("bad-pages-tei.xml", "text-xml-pages", 4),
        ("bad-too-deep.xml", "text-xml-too-deep", 3),
        ("bad-too-large.xml", "text-xml-too-large", 3),
    ] {
        let error = fault(name);
        assert_eq!(
            (error.code(), error.line()),
            (code, line),
            "{name}: {error}"
        );
        assert!(!error.to_string().is_empty() && error.hint().ends_with('.'));
    }
    assert_eq!(
        fault("bad-pages-alto.xml").to_string(),
        "it has 3 pages, and a text is that of one page"
    );
}

#[test]
fn what_is_too_much_is_refused() {
    let lines = |count: usize| {
        let line = "<TextLine><String CONTENT=\"x\"/></TextLine>";
        let lines = line.repeat(count);
        format!("<alto><Layout><Page>{lines}</Page></Layout></alto>")
    };
    assert_eq!(read(lines(20_000).as_bytes()).unwrap().lines.len(), 20_000);
    let error = read(lines(20_001).as_bytes()).unwrap_err();
    assert_eq!(error.code(), "text-xml-too-large");

    let words = "<String CONTENT=\"x\"/>".repeat(2_001);
    let line = format!("<alto><Layout><Page><TextLine>{words}</TextLine></Page></Layout></alto>");
    assert_eq!(
        read(line.as_bytes()).unwrap_err().to_string(),
        "it has more than 2000 words in a line"
    );

    let long = format!("<alto>{}</alto>", " ".repeat(MOST_BYTES as usize));
    assert_eq!(
        read(long.as_bytes()).unwrap_err().code(),
        "text-xml-too-large"
    );
    let many = format!("<alto>{}</alto>", "<a/>".repeat(1_000_001));
    assert_eq!(
        read(many.as_bytes()).unwrap_err().code(),
        "text-xml-too-large"
    );
    // One tag with a million attributes is given up at the sixty-fifth.
    let tag = format!("<alto {}/>", "a=\"\" ".repeat(1_000_000));
    assert_eq!(
        read(tag.as_bytes()).unwrap_err().code(),
        "text-xml-too-large"
    );
}

#[test]
fn odd_numbers_are_no_places() {
    let line = |place: &str| {
        let text = format!(
            "<PcGts><Page imageWidth=\"100\" imageHeight=\"100\"><TextRegion><TextLine>\
             <Coords points=\"{place}\"/><TextEquiv><Unicode>x</Unicode></TextEquiv>\
             </TextLine></TextRegion></Page></PcGts>"
        );
        read(text.as_bytes()).unwrap()
    };
    for odd in [
        "",
        "1",
        "1,2,3",
        "NaN,1 2,2",
        "1e300,1 2,2",
        "inf,0 1,1",
        "a,b c,d",
    ] {
        let page = line(odd);
        assert_eq!(page.lines[0].area, None, "{odd}");
        assert_eq!(
            page.misplaced,
            Some(Misplaced { line: 1, count: 1 }),
            "{odd}"
        );
    }
    // What reaches over the edge ends there; a stroke without breadth is nowhere.
    let over = line("-50,10 20,30").lines[0].area.unwrap();
    assert_eq!(over.on(100, 100), [0, 10, 20, 20]);
    assert_eq!(line("10,10 50,10").lines[0].area, None);
    let page = read(b"<PcGts><Page imageWidth=\"0\" imageHeight=\"-1\"/></PcGts>").unwrap();
    assert_eq!(page.size, None);
}
