//! Alignment of texts without line positions with the image of their page.

use serde_json::Value;

use crate::support::{Archive, read_files};

/// Returns a word with a number of letters.
fn word(letters: usize) -> String {
    "x".repeat(letters)
}

/// Returns the lengths of the words of each line. All lines differ, also in reverse order.
fn word_lengths() -> Vec<Vec<usize>> {
    let length = |line: usize, word: usize| 2 + (line * 7 + word * word * 3 + line * word) % 8;
    (0..14)
        .map(|line| (0..9).map(|word| length(line, word)).collect())
        .collect()
}

/// Returns an SVG image of a page with a bar for each word, twelve pixels per letter.
fn page_svg(lengths: &[Vec<usize>]) -> String {
    let mut bars = String::new();
    for (line, words) in lengths.iter().enumerate() {
        let mut x = 60;
        for letters in words {
            let (y, width) = (100 + line * 40, letters * 12);
            bars.push_str(&format!(
                "<rect x='{x}' y='{y}' width='{width}' height='16' fill='#222'/>"
            ));
            x += width + 7;
        }
    }
    format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1000 800'>{bars}</svg>")
}

/// Returns the lines of the text of the page.
fn text_lines() -> Vec<String> {
    let line = |words: Vec<usize>| words.into_iter().map(word).collect::<Vec<_>>().join(" ");
    word_lengths().into_iter().map(line).collect()
}

/// Returns an SVG image of a page, and its text.
pub(crate) fn page_svg_and_text() -> (String, String) {
    (page_svg(&word_lengths()), text_lines().join("\n"))
}

/// Returns a text as PAGE XML in which every line has the area of the whole page.
fn page_xml(text: &str) -> String {
    let line = |text: &str| {
        format!(
            "<TextLine><Coords points='0,0 1000,800'/><TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine>"
        )
    };
    let lines: String = text.lines().map(line).collect();
    format!(
        "<PcGts><Page imageWidth='1000' imageHeight='800'><TextRegion>{lines}</TextRegion></Page></PcGts>"
    )
}

/// Returns the annotations of the first page of an item.
fn annotations(archive: &Archive, item: &str) -> Option<Vec<Value>> {
    let path = archive.site().join("manifests/text").join(item);
    let json = std::fs::read(path.join("1.json")).ok()?;
    let page: Value = serde_json::from_slice(&json).unwrap();
    Some(page["items"].as_array().unwrap().clone())
}

#[test]
fn aligns_lines_if_the_text_matches_the_image() {
    let archive = Archive::new();
    let toml = archive.path().join("khizana.toml");
    let settings = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, format!("url = \"https://example.org/\"\n{settings}")).unwrap();
    let source = archive.sibling("typed");
    std::fs::create_dir(&source).unwrap();
    let lengths = word_lengths();
    let lines = text_lines();
    let mut reversed = lines.clone();
    reversed.reverse();
    for (name, content) in [
        ("page.svg", page_svg(&lengths)),
        ("lines.txt", lines.join("\n")),
        ("paragraph.txt", lines.join(" ")),
        ("pagexml.xml", page_xml(&lines.join("\n"))),
        ("reversed.txt", reversed.join("\n")),
    ] {
        std::fs::write(source.join(name), content).unwrap();
    }
    let table = "id,title@en,language,file,text\n\
        lines,A,en,page.svg,lines.txt\n\
        paragraph,A,en,page.svg,paragraph.txt\n\
        pagexml,A,en,page.svg,pagexml.xml\n\
        reversed,A,en,page.svg,reversed.txt\n";
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);

    for item in ["lines", "paragraph", "pagexml"] {
        let annotations = annotations(&archive, item).unwrap();
        assert_eq!(annotations.len(), 14, "{item}");
        for (number, (annotation, text)) in annotations.iter().zip(&lines).enumerate() {
            assert_eq!(annotation["body"]["value"], text.as_str(), "{item}");
            let target = annotation["target"].as_str().unwrap();
            let (_, area) = target.split_once("#xywh=").unwrap();
            let area: Vec<usize> = area.split(',').map(|n| n.parse().unwrap()).collect();
            // The drawing is 1,000 units wide, and the image 2,400 pixels.
            let (x, y) = (60 * 12 / 5, (100 + number * 40) * 12 / 5);
            assert!(
                area[0].abs_diff(x) <= 6 && area[1].abs_diff(y) <= 6,
                "{item}, {number}: {target}"
            );
        }
    }
    // The lines of this text are in a different order than those of the image.
    let reversed = annotations(&archive, "reversed");
    assert!(reversed.is_none_or(|list| {
        list.iter()
            .all(|annotation| annotation.get("target").is_none())
    }));

    // The result is the same with and without the cache.
    let before = read_files(&archive.site());
    let cache = archive.path().join("cache");
    assert!(cache.join("lines.jsonl").is_file());
    archive.ok(&["publish"]);
    assert_eq!(read_files(&archive.site()), before);
    std::fs::remove_dir_all(&cache).unwrap();
    archive.ok(&["publish"]);
    assert_eq!(read_files(&archive.site()), before);
}
