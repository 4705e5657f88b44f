#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use serde::Deserialize;

use super::JsonErrorKind::{Duplicate, Missing, Syntax, TooDeep, Trailing, UnexpectedValue};
use super::{FromJson, JsonError, Scanner, from_slice};

/// A struct that both this crate and `serde_json` can read.
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
    skipped: bool,
}

crate::json_object!(Card { title, pages: optional, names: optional, size: optional, shape: optional, at: optional, open: optional; skipped });

/// A map with arbitrary keys.
#[derive(Debug, Default, PartialEq, Deserialize)]
struct Names(BTreeMap<String, Vec<String>>);

impl FromJson for Names {
    fn default_value() -> Self {
        Names::default()
    }

    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        scanner.open(b'{')?;
        while scanner.next_element(b'}')? {
            let key = scanner.string()?.into_owned();
            scanner.colon()?;
            let mut values = Vec::default_value();
            values.read(scanner)?;
            self.0.insert(key, values);
        }
        scanner.close(b'}')
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
    fn default_value() -> Self {
        Shape::Square
    }

    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        scanner.tagged(&["star", "girih"], |tag, scanner| {
            if tag == 0 {
                let mut points = 0;
                points.read(scanner)?;
                *self = Shape::Star(points);
            } else {
                let mut girih = Girih::default_value();
                girih.read(scanner)?;
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
fn valid_json_is_read_as_by_serde_json() {
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
fn white_space_within_a_surrogate_pair_is_rejected() {
    for json in [
        r#"{"title":"\ud83d \udcd6"}"#,
        "{\"title\":\"\\ud83d\n\\udcd6\"}",
    ] {
        assert!(read(json).is_err(), "{json}");
        assert!(serde_json::from_str::<Card>(json).is_err(), "{json}");
    }
}

#[test]
fn numbers_are_read_as_by_serde_json() {
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
        let actual: f64 = from_slice(number.as_bytes()).unwrap();
        let expected: f64 = serde_json::from_str(number).unwrap();
        assert_eq!(actual, expected, "{number}");
    }
    for number in [
        "5e-324",
        "1.7976931348623157e300",
        "31.235711600000000123",
        "0.30000000000000004",
    ] {
        let actual: f64 = from_slice(number.as_bytes()).unwrap();
        let expected: f64 = serde_json::from_str(number).unwrap();
        assert!(
            (actual - expected).abs() <= expected * 1e-14,
            "{number}: {actual} {expected}"
        );
    }
    for (number, expected) in [
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", None),
        ("-1", None),
        ("1.0", None),
        ("1e2", None),
    ] {
        assert_eq!(
            from_slice::<u64>(number.as_bytes()).ok(),
            expected,
            "{number}"
        );
    }
    assert_eq!(from_slice::<u8>(b"256").unwrap_err().kind, UnexpectedValue);
}

#[test]
fn invalid_json_is_rejected_as_by_serde_json() {
    for (json, expected) in [
        ("", Syntax),
        ("{", Syntax),
        (r#"{"title":"a""#, Syntax),
        (r#"{"title":"a",}"#, Syntax),
        (r#"{,"title":"a"}"#, UnexpectedValue),
        (r#"{"title" "a"}"#, Syntax),
        (r#"{"title":"a" "pages":1}"#, Syntax),
        (r#"{"title":"a"} x"#, Trailing),
        (r#"{"title":"a"}{}"#, Trailing),
        (r#"{"title":a}"#, UnexpectedValue),
        (r#"{"title":1}"#, UnexpectedValue),
        (r#"{"title":null}"#, UnexpectedValue),
        ("{\"title\":\"a\nb\"}", Syntax),
        (r#"{"title":"\x"}"#, Syntax),
        (r#"{"title":"\u12"}"#, Syntax),
        (r#"{"title":"\ud83d"}"#, Syntax),
        (r#"{"title":"\ud83d\u0041"}"#, Syntax),
        (r#"{"title":"\udc00"}"#, Syntax),
        (r#"{"pages":1}"#, Missing("title")),
        (r#"{"title":"a","title":"b"}"#, Duplicate("title")),
        (r#"{"title":"a","pages":01}"#, Syntax),
        (r#"{"title":"a","pages":-1}"#, UnexpectedValue),
        (r#"{"title":"a","pages":4294967296}"#, UnexpectedValue),
        (r#"{"title":"a","at":1.}"#, UnexpectedValue),
        (r#"{"title":"a","at":.5}"#, UnexpectedValue),
        (r#"{"title":"a","at":1e}"#, UnexpectedValue),
        (r#"{"title":"a","at":1e999}"#, UnexpectedValue),
        (r#"{"title":"a","size":[1]}"#, UnexpectedValue),
        (r#"{"title":"a","size":[1,2,3]}"#, UnexpectedValue),
        (r#"{"title":"a","shape":"circle"}"#, UnexpectedValue),
        (r#"{"title":"a","shape":"star"}"#, UnexpectedValue),
        (r#"{"title":"a","shape":{}}"#, UnexpectedValue),
        (
            r#"{"title":"a","shape":{"star":8,"girih":{}}}"#,
            UnexpectedValue,
        ),
        (r#"{"title":"a","open":yes}"#, UnexpectedValue),
        (r#"{"title":"a","open":nul}"#, UnexpectedValue),
        (r#"{"title":"a","x":nul}"#, Syntax),
        (r#"{"title":"a","x":[1 2]}"#, Syntax),
        (r#"{"title":"a","x":{"y"}}"#, Syntax),
        (r#"[]"#, UnexpectedValue),
    ] {
        assert!(serde_json::from_str::<Card>(json).is_err(), "{json}");
        assert_eq!(read(json).unwrap_err().kind, expected, "{json}");
    }
    assert_eq!(from_slice::<String>(b"\"\xff\"").unwrap_err().kind, Syntax);
}

#[test]
fn error_contains_the_byte_offset() {
    let error = read(r#"{"title":"a","pages":true}"#).unwrap_err();
    assert_eq!(
        error,
        JsonError {
            offset: 21,
            kind: UnexpectedValue
        }
    );
    assert_eq!(error.to_string(), "byte 21: unexpected value");
}

#[test]
fn deep_nesting_is_rejected() {
    let nested = |depth: usize| {
        format!(
            r#"{{"title":"a","x":{}{}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    assert!(read(&nested(60)).is_ok());
    assert_eq!(read(&nested(64)).unwrap_err().kind, TooDeep);
    assert_eq!(read(&nested(1_000_000)).unwrap_err().kind, TooDeep);
}

#[test]
fn truncated_and_corrupted_json_never_panics() {
    let json = r#"{"title":"\ud83d\udcd6é","names":{"ar":["أ"]},"size":[1,2],"shape":{"girih":{"points":10}},"at":-1.5e-3,"x":[null]}"#;
    assert!(read(json).is_ok());
    for end in 0..json.len() {
        assert!(
            from_slice::<Card>(&json.as_bytes()[..end]).is_err(),
            "truncated to {end} bytes"
        );
        for byte in [0, b'"', b'\\', b'{', b']', b',', b'9', 0xd8, 0xff] {
            let mut corrupted = json.as_bytes().to_vec();
            corrupted[end] = byte;
            let actual = from_slice::<Card>(&corrupted);
            let expected = serde_json::from_slice::<Card>(&corrupted);
            assert_eq!(actual.is_ok(), expected.is_ok(), "byte {end} set to {byte}");
        }
    }
}
