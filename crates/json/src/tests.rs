#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{FromJson, JsonError, Scanner, Wrong, from_slice};

/// Read by both readers.
#[derive(Debug, PartialEq, Deserialize)]
struct Card {
    title: String,
    #[serde(default)]
    pages: Option<u32>,
    #[serde(default)]
    names: Names,
    #[serde(default)]
    size: Option<(u32, u8)>,
    #[serde(default)]
    shape: Option<Shape>,
    #[serde(default)]
    at: f64,
    #[serde(default)]
    open: bool,
    #[serde(skip)]
    shown: bool,
}

crate::json_object!(Card { title, pages: optional, names: optional, size: optional, shape: optional, at: optional, open: optional; shown });

/// A map with any keys, read member by member.
#[derive(Debug, Default, PartialEq, Deserialize)]
struct Names(BTreeMap<String, Vec<String>>);

impl FromJson for Names {
    fn blank() -> Self {
        Names::default()
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        json.open(b'{')?;
        while json.more(b'}')? {
            let key = json.string()?.into_owned();
            json.colon()?;
            let mut values = Vec::blank();
            values.read(json)?;
            self.0.insert(key, values);
        }
        json.close(b'}')
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Shape {
    Square,
    Star(u8),
    Girih { points: u8 },
}

struct Girih {
    points: u8,
}

crate::json_object!(Girih { points });

impl FromJson for Shape {
    fn blank() -> Self {
        Shape::Square
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        json.choice(&["star", "girih"], |kind, json| {
            if kind == 0 {
                let mut points = 0;
                points.read(json)?;
                *self = Shape::Star(points);
            } else {
                let mut girih = Girih::blank();
                girih.read(json)?;
                *self = Shape::Girih {
                    points: girih.points,
                };
            }
            Some(())
        })
    }
}

fn read(json: &str) -> Result<Card, JsonError> {
    from_slice(json.as_bytes())
}

#[test]
fn reads_what_serde_json_reads() {
    for json in [
        r#"{"title":"خزانة"}"#,
        " {\n\t\"title\" : \"a\" , \"pages\" : 12 }\r\n",
        r#"{"pages":null,"title":""}"#,
        r#"{"title":"\"\\\/\b\f\n\r\t\u0627\ud83d\udcd6 end"}"#,
        r#"{"ti\u0074le":"an escaped name"}"#,
        r#"{"title":"a","names":{"ar":["أ","ب"],"und":[]},"open":true}"#,
        r#"{"title":"a","size":[4294967295,255],"open":false}"#,
        r#"{"title":"a","shape":{"star":8}}"#,
        r#"{"title":"a","shape":{"girih":{"points":10}}}"#,
        r#"{"title":"a","unknown":[{"a":[1,-2.5e3,null,true,false,"]}"]},{}],"pages":1}"#,
        r#"{"title":"a","names":{"a":["1"],"a":["2"]}}"#,
    ] {
        assert_eq!(
            read(json).unwrap(),
            serde_json::from_str(json).unwrap(),
            "{json}"
        );
    }
}

#[test]
fn a_character_of_two_escapes_is_written_without_a_gap() {
    for json in [
        r#"{"title":"\ud83d \udcd6"}"#,
        "{\"title\":\"\\ud83d\n\\udcd6\"}",
    ] {
        assert!(read(json).is_err(), "{json}");
        assert!(serde_json::from_str::<Card>(json).is_err(), "{json}");
    }
}

#[test]
fn reads_numbers_as_serde_json_does() {
    for number in [
        "0",
        "-0",
        "7",
        "30.0444196",
        "-31.2357116",
        "0.1",
        "1e3",
        "1E-3",
        "2.5e+2",
        "180",
        "123456789012345",
        "0.000001",
        "1e22",
        "0e999999999999",
    ] {
        let own: f64 = from_slice(number.as_bytes()).unwrap();
        let other: f64 = serde_json::from_str(number).unwrap();
        assert_eq!(own, other, "{number}");
    }
    for number in [
        "5e-324",
        "1.7976931348623157e300",
        "31.235711600000000123",
        "0.30000000000000004",
    ] {
        let own: f64 = from_slice(number.as_bytes()).unwrap();
        let other: f64 = serde_json::from_str(number).unwrap();
        assert!(
            (own - other).abs() <= other * 1e-14,
            "{number}: {own} {other}"
        );
    }
    for (number, wanted) in [
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", None),
        ("-1", None),
        ("1.0", None),
        ("1e2", None),
    ] {
        assert_eq!(
            from_slice::<u64>(number.as_bytes()).ok(),
            wanted,
            "{number}"
        );
    }
    assert_eq!(from_slice::<u8>(b"256").unwrap_err().why, Wrong::Value);
}

#[test]
fn refuses_what_serde_json_refuses() {
    for (json, wanted) in [
        ("", Wrong::Syntax),
        ("{", Wrong::Syntax),
        (r#"{"title":"a""#, Wrong::Syntax),
        (r#"{"title":"a",}"#, Wrong::Syntax),
        (r#"{,"title":"a"}"#, Wrong::Value),
        (r#"{"title" "a"}"#, Wrong::Syntax),
        (r#"{"title":"a" "pages":1}"#, Wrong::Syntax),
        (r#"{"title":"a"} x"#, Wrong::Trailing),
        (r#"{"title":"a"}{}"#, Wrong::Trailing),
        (r#"{"title":a}"#, Wrong::Value),
        (r#"{"title":1}"#, Wrong::Value),
        (r#"{"title":null}"#, Wrong::Value),
        ("{\"title\":\"a\nb\"}", Wrong::Syntax),
        (r#"{"title":"\x"}"#, Wrong::Syntax),
        (r#"{"title":"\u12"}"#, Wrong::Syntax),
        (r#"{"title":"\ud83d"}"#, Wrong::Syntax),
        (r#"{"title":"\ud83d\u0041"}"#, Wrong::Syntax),
        (r#"{"title":"\udc00"}"#, Wrong::Syntax),
        (r#"{"pages":1}"#, Wrong::Missing("title")),
        (r#"{"title":"a","title":"b"}"#, Wrong::Twice("title")),
        (r#"{"title":"a","pages":01}"#, Wrong::Syntax),
        (r#"{"title":"a","pages":-1}"#, Wrong::Value),
        (r#"{"title":"a","pages":4294967296}"#, Wrong::Value),
        (r#"{"title":"a","at":1.}"#, Wrong::Value),
        (r#"{"title":"a","at":.5}"#, Wrong::Value),
        (r#"{"title":"a","at":1e}"#, Wrong::Value),
        (r#"{"title":"a","at":1e999}"#, Wrong::Value),
        (r#"{"title":"a","size":[1]}"#, Wrong::Value),
        (r#"{"title":"a","size":[1,2,3]}"#, Wrong::Value),
        (r#"{"title":"a","shape":"circle"}"#, Wrong::Value),
        (r#"{"title":"a","shape":"star"}"#, Wrong::Value),
        (r#"{"title":"a","shape":{}}"#, Wrong::Value),
        (
            r#"{"title":"a","shape":{"star":8,"girih":{}}}"#,
            Wrong::Value,
        ),
        (r#"{"title":"a","open":yes}"#, Wrong::Value),
        (r#"{"title":"a","open":nul}"#, Wrong::Value),
        (r#"{"title":"a","x":nul}"#, Wrong::Syntax),
        (r#"{"title":"a","x":[1 2]}"#, Wrong::Syntax),
        (r#"{"title":"a","x":{"y"}}"#, Wrong::Syntax),
        (r#"[]"#, Wrong::Value),
    ] {
        assert!(serde_json::from_str::<Card>(json).is_err(), "{json}");
        assert_eq!(read(json).unwrap_err().why, wanted, "{json}");
    }
    assert_eq!(
        from_slice::<String>(b"\"\xff\"").unwrap_err().why,
        Wrong::Syntax
    );
}

#[test]
fn says_where() {
    let error = read(r#"{"title":"a","pages":true}"#).unwrap_err();
    assert_eq!(
        error,
        JsonError {
            at: 21,
            why: Wrong::Value
        }
    );
    assert_eq!(
        error.to_string(),
        "byte 21: this value does not belong here"
    );
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| {
        format!(
            r#"{{"title":"a","x":{}{}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    assert!(read(&nested(60)).is_ok());
    assert_eq!(read(&nested(64)).unwrap_err().why, Wrong::Deep);
    assert_eq!(read(&nested(1_000_000)).unwrap_err().why, Wrong::Deep);
}

#[test]
fn no_cut_and_no_changed_byte_makes_it_panic() {
    let whole = r#"{"title":"\ud83d\udcd6é","names":{"ar":["أ"]},"size":[1,2],"shape":{"girih":{"points":10}},"at":-1.5e-3,"x":[null]}"#;
    assert!(read(whole).is_ok());
    for end in 0..whole.len() {
        assert!(
            from_slice::<Card>(&whole.as_bytes()[..end]).is_err(),
            "cut at {end}"
        );
        for byte in [0, b'"', b'\\', b'{', b']', b',', b'9', 0xd8, 0xff] {
            let mut changed = whole.as_bytes().to_vec();
            changed[end] = byte;
            let own = from_slice::<Card>(&changed);
            let other = serde_json::from_slice::<Card>(&changed);
            assert_eq!(own.is_ok(), other.is_ok(), "byte {end} made {byte}");
        }
    }
}
