//! What serde writes, the readers' own parser reads: every member of every structure, in full and
//! bare. The structures are put together without `..`, so that a new member has to be given here.

#![allow(clippy::unwrap_used)]

use khizana_format::{
    Canvas, Child, CollectionSummary, FORMAT, FacetRef, Image, OrderRef, Origin, Record, Recording,
    Root, SearchRoot, Size, TilePack, Track, TreeRef,
};
use khizana_json::{FromJson, from_slice};
use khizana_model::{
    Direction, Edtf, Field, Hash, Id, Item, ItemDate, LangMap, LangTag, Location, MediaKind, Pages,
    TrackKind,
};

fn read_back<T: serde::Serialize + FromJson + PartialEq + std::fmt::Debug>(written: &T) {
    let json = serde_json::to_vec(written).unwrap();
    let read: T = from_slice(&json)
        .unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&json)));
    assert_eq!(&read, written, "{}", String::from_utf8_lossy(&json));
}

fn tag(tag: &str) -> LangTag {
    tag.parse().unwrap()
}

fn id(id: &str) -> Id {
    id.parse().unwrap()
}

/// Two values in one language, and what JSON has to escape.
fn texts() -> LangMap {
    [
        (tag("ar"), "كِتاب الأغاني"),
        (tag("ar"), "ثانٍ"),
        (tag("en-Latn"), "\"quoted\" \\ \u{1} \u{2028} 𐤀 </script>"),
        (LangTag::und(), ""),
    ]
    .into_iter()
    .map(|(tag, text)| (tag, text.to_owned()))
    .collect()
}

fn image() -> Image {
    Image {
        key: "0123456789abcdef0123456789abcdef".to_owned(),
        width: u32::MAX,
        height: 1,
        tone: "c05a42".to_owned(),
        sizes: vec![
            Size {
                width: 240,
                height: 180,
                sha256: Hash([0; 32]),
                bytes: 0,
            },
            Size {
                width: 800,
                height: 600,
                sha256: Hash([0xAB; 32]),
                bytes: u32::MAX,
            },
        ],
        pack: Some(TilePack {
            tile: 512,
            levels: 3,
            index: 22_000,
            sha256: Hash([0xCD; 32]),
            bytes: (1 << 53) - 1,
            part: 1 << 20,
        }),
    }
}

fn origin(language: Option<LangTag>) -> Origin {
    Origin {
        sha256: Hash([7; 32]),
        name: "صفحة%201.tif".to_owned(),
        // JavaScript's numbers end at 2^53.
        bytes: (1 << 53) - 1,
        language,
    }
}

fn canvas(kind: MediaKind) -> Canvas {
    Canvas {
        kind,
        media_type: "image/tiff".to_owned(),
        label: texts(),
        image: Some(image()),
        original: Some(origin(None)),
        text: Some(origin(Some(tag("ar")))),
        lines: Some(Hash([8; 32])),
        html: Some(Hash([9; 32])),
        rows: Some((200, u32::MAX)),
        recording: Some(Recording {
            duration_ms: Some((1 << 53) - 1),
            width: Some(1920),
            height: Some(1080),
            waveform: Some(origin(None)),
            tracks: vec![
                Track {
                    kind: TrackKind::Captions,
                    file: origin(Some(tag("ar"))),
                    cues: Some(origin(None)),
                    chapters: Vec::new(),
                },
                Track {
                    kind: TrackKind::Transcript,
                    file: origin(Some(tag("en"))),
                    cues: Some(origin(None)),
                    chapters: Vec::new(),
                },
                Track {
                    kind: TrackKind::Chapters,
                    file: origin(None),
                    cues: None,
                    chapters: vec![(0, "الراست".to_owned()), ((1 << 53) - 1, "\"".to_owned())],
                },
            ],
        }),
    }
}

fn item(reading_direction: Direction, date: &str) -> Item {
    Item {
        id: id("المقتبس-1.2"),
        title: texts(),
        fields: vec![
            Field {
                name: "creator".to_owned(),
                values: texts(),
            },
            Field {
                name: "المادة".to_owned(),
                values: LangMap::of(tag("fa"), "کاغذ"),
            },
        ],
        date: Some(ItemDate {
            written: "حوالي 1324 هـ".to_owned(),
            edtf: Some(Edtf::parse(date).unwrap()),
            hijri: Some("1324".to_owned()),
        }),
        languages: vec![tag("ar"), tag("syc")],
        rights: Some("https://rightsstatements.org/vocab/NoC-US/1.0/".to_owned()),
        reading_direction: Some(reading_direction),
        location: Location::new(-33.312_805_5, 44.361_488),
        dpi: Some(600),
        parent: Some(id("al-muqtabas")),
        // Published as canvases.
        media: Vec::new(),
        contents: Vec::new(),
        links: vec!["https://example.org/?a=1&b=2".to_owned()],
        from_file: vec!["title".to_owned(), "المادة".to_owned()],
    }
}

const KINDS: [MediaKind; 7] = [
    MediaKind::Image,
    MediaKind::Document,
    MediaKind::Sound,
    MediaKind::Film,
    MediaKind::Text,
    MediaKind::Model,
    MediaKind::Other,
];

#[test]
fn a_full_record() {
    for (direction, date) in [
        (Direction::Rtl, "1906-02~/.."),
        (Direction::Ltr, "-0762?"),
        (Direction::Rtl, "../1258-02-10%"),
        (Direction::Ltr, "12XX"),
    ] {
        read_back(&Record {
            item: item(direction, date),
            collection: id("مجموعة"),
            parent: Some(Child {
                id: id("al-muqtabas"),
                title: texts(),
            }),
            children: vec![Child {
                id: id("x"),
                title: LangMap::new(),
            }],
            canvases: KINDS.map(canvas).to_vec(),
        });
    }
}

#[test]
fn a_bare_record() {
    read_back(&Record {
        item: Item {
            id: id("x"),
            title: LangMap::new(),
            fields: Vec::new(),
            date: None,
            languages: Vec::new(),
            rights: None,
            reading_direction: None,
            location: None,
            dpi: None,
            parent: None,
            media: Vec::new(),
            contents: Vec::new(),
            links: Vec::new(),
            from_file: Vec::new(),
        },
        collection: id("y"),
        parent: None,
        children: Vec::new(),
        canvases: vec![Canvas {
            kind: MediaKind::Other,
            media_type: String::new(),
            label: LangMap::new(),
            image: None,
            original: None,
            text: None,
            lines: None,
            html: None,
            rows: None,
            recording: None,
        }],
    });
}

fn tree(height: u8) -> TreeRef {
    TreeRef {
        top: (height > 0).then_some(Hash([3; 32])),
        height,
        entries: u32::MAX * u32::from(height > 0),
    }
}

fn some_names(full: bool, names: &[&str]) -> Vec<String> {
    let names = names.iter().filter(|_| full);
    names.map(|name| (*name).to_owned()).collect()
}

fn root(pages: Pages, full: bool) -> Root {
    let some = |texts: LangMap| if full { texts } else { LangMap::new() };
    Root {
        format: FORMAT.to_owned(),
        snapshot: "00".repeat(32),
        title: some(texts()),
        description: some(texts()),
        languages: vec!["ar".to_owned(), "en".to_owned()],
        pages,
        viewer: "viewer/x/".to_owned(),
        items: 3,
        collections: vec![CollectionSummary {
            id: id("cabinet"),
            title: some(texts()),
            description: some(texts()),
            first: 0,
            items: 3,
            cover: full.then(image),
            labels: full
                .then(|| ("medium".to_owned(), texts()))
                .into_iter()
                .collect(),
        }],
        records: tree(0),
        ids: tree(1),
        search: SearchRoot {
            common: some_names(full, &["و", "and"]),
            terms: tree(2),
            positions: tree(1),
            pairs: tree(1),
            spelling: tree(0),
            fields: vec!["title".to_owned()],
            languages: some_names(full, &["ar"]),
            scripts: some_names(full, &["Arab", "Latn"]),
            years: tree(0),
            facets: full
                .then(|| FacetRef {
                    field: "type".to_owned(),
                    object: Hash([1; 32]),
                })
                .into_iter()
                .collect(),
            orders: full
                .then(|| {
                    [None, Some("ar".to_owned())].map(|language| OrderRef {
                        key: "title".to_owned(),
                        language,
                        keyed: 2,
                        ranks: tree(1),
                        items: tree(2),
                    })
                })
                .into_iter()
                .flatten()
                .collect(),
        },
    }
}

#[test]
fn a_root_full_and_bare() {
    for pages in [Pages::Items, Pages::None] {
        for full in [true, false] {
            read_back(&root(pages, full));
        }
    }
}
