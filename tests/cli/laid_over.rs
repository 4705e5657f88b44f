//! A text that does not say where its lines stand, laid over the image of its page.

use serde_json::Value;

use crate::support::{Archive, files};

/// A word that is so many letters wide.
fn word(letters: usize) -> String {
    "x".repeat(letters)
}

/// The lengths of the words of a page, line by line: no line like another, and none the same from behind.
fn lengths() -> Vec<Vec<usize>> {
    let length = |line: usize, word: usize| 2 + (line * 7 + word * word * 3 + line * word) % 8;
    (0..14)
        .map(|line| (0..9).map(|word| length(line, word)).collect())
        .collect()
}

/// The page: a bar for each word, twelve pixels for a letter.
fn page(lengths: &[Vec<usize>]) -> String {
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

/// The same text as PAGE XML in which each line is the whole page.
fn whole_page(text: &str) -> String {
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

/// The annotations of an item's first page; none where there are none.
fn annotations(archive: &Archive, item: &str) -> Option<Vec<Value>> {
    let path = archive.site().join("manifests/text").join(item);
    let json = std::fs::read(path.join("1.json")).ok()?;
    let list: Value = serde_json::from_slice(&json).unwrap();
    Some(list["items"].as_array().unwrap().clone())
}

#[test]
fn lines_are_found_on_the_image_where_the_text_is_its_own() {
    let archive = Archive::new();
    let toml = archive.path().join("khizana.toml");
    let settings = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, format!("url = \"https://example.org/\"\n{settings}")).unwrap();
    let source = archive.beside("typed");
    std::fs::create_dir(&source).unwrap();
    let lengths = lengths();
    let lines: Vec<String> = lengths
        .iter()
        .map(|words| {
            words
                .iter()
                .map(|letters| word(*letters))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let mut behind = lines.clone();
    behind.reverse();
    for (name, content) in [
        ("page.svg", page(&lengths)),
        ("lines.txt", lines.join("\n")),
        ("paragraph.txt", lines.join(" ")),
        ("pagexml.xml", whole_page(&lines.join("\n"))),
        ("other.txt", behind.join("\n")),
    ] {
        std::fs::write(source.join(name), content).unwrap();
    }
    let table = "id,title@en,language,file,text\n\
        lines,A,en,page.svg,lines.txt\n\
        paragraph,A,en,page.svg,paragraph.txt\n\
        pagexml,A,en,page.svg,pagexml.xml\n\
        other,A,en,page.svg,other.txt\n";
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    archive.ok(&["ingest", source.to_str().unwrap()]);
    archive.ok(&["publish"]);

    for item in ["lines", "paragraph", "pagexml"] {
        let found = annotations(&archive, item).unwrap();
        assert_eq!(found.len(), 14, "{item}");
        for (number, (annotation, text)) in found.iter().zip(&lines).enumerate() {
            assert_eq!(annotation["body"]["value"], text.as_str(), "{item}");
            let target = annotation["target"].as_str().unwrap();
            let (_, place) = target.split_once("#xywh=").unwrap();
            let place: Vec<usize> = place.split(',').map(|n| n.parse().unwrap()).collect();
            // A drawing of 1,000 is made 2,400 pixels wide.
            let (x, y) = (60 * 12 / 5, (100 + number * 40) * 12 / 5);
            assert!(
                place[0].abs_diff(x) <= 6 && place[1].abs_diff(y) <= 6,
                "{item}, {number}: {target}"
            );
        }
    }
    // The lines stand there in another order.
    let other = annotations(&archive, "other");
    assert!(other.is_none_or(|list| list.iter().all(|own| own.get("target").is_none())));

    // What was found is known the next time, and is the same without.
    let before = files(&archive.site());
    let cache = archive.path().join("cache");
    assert!(cache.join("lines.jsonl").is_file());
    archive.ok(&["publish"]);
    assert_eq!(files(&archive.site()), before);
    std::fs::remove_dir_all(&cache).unwrap();
    archive.ok(&["publish"]);
    assert_eq!(files(&archive.site()), before);
}
