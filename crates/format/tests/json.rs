//! Checks that `khizana_json` reads every member of every struct that `serde` writes, both with all
//! optional members and with none. The structs are built without `..`, so these tests do not
//! compile until a new member is added here.

#![allow(clippy::unwrap_used)]

use khizana_format::{
    Canvas, CollectionSummary, Derivative, DerivativeFile, FORMAT, FacetRef, FileRef, Image,
    ItemRef, OrderRef, Part, Record, Recording, Root, SearchRoot, Thumbnail, ThumbnailSize,
    TilePack, Track, TreeRef,
};
use khizana_json::{FromJson, from_slice};
use khizana_model::{
    Direction, Edtf, Field, Hash, Id, Item, ItemDate, LangMap, LangTag, Location, MediaKind, Pages,
    StateId, TrackKind,
};

fn assert_round_trip<T: serde::Serialize + FromJson + PartialEq + std::fmt::Debug>(value: &T) {
    let json = serde_json::to_vec(value).unwrap();
    let read: T = from_slice(&json)
        .unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&json)));
    assert_eq!(&read, value, "{}", String::from_utf8_lossy(&json));
}

fn tag(tag: &str) -> LangTag {
    tag.parse().unwrap()
}

fn id(id: &str) -> Id {
    id.parse().unwrap()
}

/// Returns a map with two values in one language, and with characters that must be escaped in JSON.
fn lang_map() -> LangMap {
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
            Derivative {
                width: 240,
                height: 180,
                file: DerivativeFile::Jpeg,
                sha256: Hash([0; 32]),
                bytes: 0,
            },
            Derivative {
                width: 800,
                height: 600,
                file: DerivativeFile::Png,
                sha256: Hash([0xAB; 32]),
                bytes: u32::MAX,
            },
        ],
        strip: Some(Derivative {
            width: 92,
            height: 148,
            file: DerivativeFile::Png,
            sha256: Hash([1; 32]),
            bytes: 9,
        }),
        jpeg: Some(Derivative {
            width: 800,
            height: 600,
            file: DerivativeFile::Max,
            sha256: Hash([2; 32]),
            bytes: 9,
        }),
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

fn file_ref(language: Option<LangTag>) -> FileRef {
    FileRef {
        sha256: Hash([7; 32]),
        name: "صفحة%201.tif".to_owned(),
        // This is the largest integer that JavaScript represents exactly.
        bytes: (1 << 53) - 1,
        language,
    }
}

fn canvas(kind: MediaKind) -> Canvas {
    Canvas {
        kind,
        media_type: "image/tiff".to_owned(),
        label: lang_map(),
        image: Some(image()),
        original: Some(file_ref(None)),
        text: Some(file_ref(Some(tag("ar")))),
        lines: Some(Hash([8; 32])),
        html: Some(Hash([9; 32])),
        rows: Some((200, u32::MAX)),
        recording: Some(Recording {
            duration_ms: Some((1 << 53) - 1),
            width: Some(1920),
            height: Some(1080),
            waveform: Some(file_ref(None)),
            tracks: vec![
                Track {
                    kind: TrackKind::Captions,
                    file: file_ref(Some(tag("ar"))),
                    cues: Some(file_ref(None)),
                    chapters: Vec::new(),
                },
                Track {
                    kind: TrackKind::Transcript,
                    file: file_ref(Some(tag("en"))),
                    cues: Some(file_ref(None)),
                    chapters: Vec::new(),
                },
                Track {
                    kind: TrackKind::Chapters,
                    file: file_ref(None),
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
        title: lang_map(),
        fields: vec![
            Field {
                name: "creator".to_owned(),
                values: lang_map(),
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
        // Records contain canvases instead of media.
        media: Vec::new(),
        contents: Vec::new(),
        links: vec!["https://example.org/?a=1&b=2".to_owned()],
        remote: Vec::new(),
        from_file: vec!["title".to_owned(), "المادة".to_owned()],
    }
}

const MEDIA_KINDS: [MediaKind; 7] = [
    MediaKind::Image,
    MediaKind::Document,
    MediaKind::Sound,
    MediaKind::Film,
    MediaKind::Text,
    MediaKind::Model,
    MediaKind::Other,
];

fn related_item() -> ItemRef {
    ItemRef {
        id: id("r"),
        title: lang_map(),
        pages: String::new(),
        thumb: Some(Thumbnail {
            key: "4e12".to_owned(),
            tone: "b9a78c".to_owned(),
            sizes: vec![ThumbnailSize {
                width: 320,
                height: 229,
                file: DerivativeFile::Jpeg,
            }],
        }),
        field: "subject".to_owned(),
        value: "فلك".to_owned(),
    }
}

#[test]
fn full_record_round_trips() {
    for (direction, date) in [
        (Direction::Rtl, "1906-02~/.."),
        (Direction::Ltr, "-0762?"),
        (Direction::Rtl, "../1258-02-10%"),
        (Direction::Ltr, "12XX"),
    ] {
        assert_round_trip(&Record {
            item: item(direction, date),
            collection: id("مجموعة"),
            parent: Some(ItemRef {
                id: id("al-muqtabas"),
                title: lang_map(),
                pages: String::new(),
                thumb: None,
                field: String::new(),
                value: String::new(),
            }),
            children: vec![ItemRef {
                id: id("x"),
                title: LangMap::new(),
                pages: "22–24".to_owned(),
                thumb: None,
                field: String::new(),
                value: String::new(),
            }],
            canvases: MEDIA_KINDS.map(canvas).to_vec(),
            remote: vec!["https://e.org/1".to_owned()],
            part: Some(Part {
                canvas: 21,
                pages: "22–24".to_owned(),
                image: canvas(MediaKind::Image).image,
            }),
            previous: Some(ItemRef {
                id: id("y"),
                title: lang_map(),
                pages: "20–21".to_owned(),
                thumb: None,
                field: String::new(),
                value: String::new(),
            }),
            next: Some(ItemRef {
                id: id("z"),
                title: LangMap::new(),
                pages: String::new(),
                thumb: None,
                field: String::new(),
                value: String::new(),
            }),
            related: vec![related_item()],
            map: Some(FileRef {
                sha256: Hash([4; 32]),
                name: "map.svg".to_owned(),
                bytes: 4_096,
                language: None,
            }),
            spot: Some((600, 0)),
            has_page: true,
        });
    }
}

#[test]
fn minimal_record_round_trips() {
    assert_round_trip(&Record {
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
            remote: Vec::new(),
            from_file: Vec::new(),
        },
        collection: id("y"),
        parent: None,
        children: Vec::new(),
        remote: Vec::new(),
        part: None,
        previous: None,
        next: None,
        related: Vec::new(),
        map: None,
        spot: None,
        has_page: false,
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

fn tree_ref(height: u8) -> TreeRef {
    TreeRef {
        top: (height > 0).then_some(Hash([3; 32])),
        height,
        entries: u32::MAX * u32::from(height > 0),
    }
}

fn names_if(is_full: bool, names: &[&str]) -> Vec<String> {
    let names = names.iter().filter(|_| is_full);
    names.map(|name| (*name).to_owned()).collect()
}

fn root(pages: Pages, is_full: bool) -> Root {
    let map_if_full = || match is_full {
        true => lang_map(),
        false => LangMap::new(),
    };
    Root {
        format: FORMAT.to_owned(),
        snapshot: "00".repeat(32),
        title: map_if_full(),
        description: map_if_full(),
        languages: vec!["ar".to_owned(), "en".to_owned()],
        pages,
        viewer: "viewer/x/".to_owned(),
        items: 3,
        collections: vec![CollectionSummary {
            id: id("cabinet"),
            title: map_if_full(),
            description: map_if_full(),
            first: 0,
            items: 3,
            cover: is_full.then(image),
            labels: is_full
                .then(|| ("medium".to_owned(), lang_map()))
                .into_iter()
                .collect(),
        }],
        records: tree_ref(0),
        ids: tree_ref(1),
        search: SearchRoot {
            common: names_if(is_full, &["و", "and"]),
            terms: tree_ref(2),
            positions: tree_ref(1),
            pairs: tree_ref(1),
            spelling: tree_ref(0),
            fields: vec!["title".to_owned()],
            languages: names_if(is_full, &["ar"]),
            scripts: names_if(is_full, &["Arab", "Latn"]),
            years: tree_ref(0),
            facets: is_full
                .then(|| FacetRef {
                    field: "type".to_owned(),
                    object: Hash([1; 32]),
                })
                .into_iter()
                .collect(),
            orders: is_full
                .then(|| {
                    [None, Some("ar".to_owned())].map(|language| OrderRef {
                        key: "title".to_owned(),
                        language,
                        keyed: 2,
                        ranks: tree_ref(1),
                        items: tree_ref(2),
                    })
                })
                .into_iter()
                .flatten()
                .collect(),
        },
        state: is_full.then_some(StateId {
            number: 7,
            sha256: Hash([7; 32]),
        }),
        files: is_full.then(|| tree_ref(3)),
    }
}

#[test]
fn full_and_minimal_root_round_trip() {
    for pages in [Pages::Items, Pages::None] {
        for is_full in [true, false] {
            assert_round_trip(&root(pages, is_full));
        }
    }
}
