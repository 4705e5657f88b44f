//! EXIF (CIPA DC-008): who, whose, what, and where. Its times are those of the camera's clock, and
//! are not read.

use exif::{Exif, In, Reader, Tag, Value};

use super::{Embedded, Worded, worded};

pub(super) fn parse(block: Vec<u8>) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    reader
        .read_raw(block)
        .or_else(|error| error.distill_partial_result(|_| {}))
        .ok()
}

pub(super) fn read(block: Vec<u8>) -> Embedded {
    let Some(exif) = parse(block) else {
        return Embedded::default();
    };
    let text = |tag: Tag| {
        let Value::Ascii(parts) = &exif.get_field(tag, In::PRIMARY)?.value else {
            return None;
        };
        let part = parts.iter().find(|part| !part.trim_ascii().is_empty())?;
        Some(std::str::from_utf8(part).ok()?.to_owned())
    };
    Embedded {
        location: location(&exif),
        ..said(
            text(Tag::ImageDescription),
            text(Tag::Artist),
            text(Tag::Copyright),
        )
    }
}

/// What the three texts of EXIF say.
pub(super) fn said(
    description: Option<String>,
    artist: Option<String>,
    copyright: Option<String>,
) -> Embedded {
    let all = |text: Option<String>| -> Vec<Worded> {
        text.and_then(|text| worded(None, &text))
            .into_iter()
            .collect()
    };
    Embedded {
        description: all(description.filter(|text| !is_of_the_camera(text))),
        // Several names are separated by semicolons.
        creator: artist
            .iter()
            .flat_map(|names| names.split(';'))
            .filter_map(|name| worded(None, name))
            .collect(),
        // The photographer's, and the editor's after a zero.
        rights: all(copyright.map(|text| text.replace('\0', " "))),
        ..Embedded::default()
    }
}

/// What some makers write into every file.
fn is_of_the_camera(text: &str) -> bool {
    let text = text.trim().to_ascii_uppercase();
    text.contains("DIGITAL CAMERA") || text == "DCIM" || text == "SCREENSHOT" || text == "DEFAULT"
}

pub(super) fn location(exif: &Exif) -> Option<(f64, f64)> {
    let parts = |tag: Tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(parts) => Some(parts.iter().map(|part| part.to_f64()).collect::<Vec<_>>()),
        _ => None,
    };
    let side = |tag: Tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(side) => side.first()?.first().copied(),
        _ => None,
    };
    place(
        (&parts(Tag::GPSLatitude)?, side(Tag::GPSLatitudeRef)?),
        (&parts(Tag::GPSLongitude)?, side(Tag::GPSLongitudeRef)?),
    )
}

/// A place from degrees, minutes and seconds, and the letter of the side of the earth.
pub(super) fn place(latitude: (&[f64], u8), longitude: (&[f64], u8)) -> Option<(f64, f64)> {
    let degrees = |(parts, side): (&[f64], u8)| {
        let units = [1.0, 60.0, 3600.0];
        let value: f64 = parts
            .iter()
            .zip(units)
            .map(|(part, unit)| part / unit)
            .sum();
        let is_negative = matches!(side, b'S' | b'W');
        value
            .is_finite()
            .then_some(if is_negative { -value } else { value })
    };
    let (latitude, longitude) = (degrees(latitude)?, degrees(longitude)?);
    // A camera without a fix writes zeroes.
    (latitude != 0.0 || longitude != 0.0).then_some((latitude, longitude))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_blocks_say_nothing_or_what_can_be_read() {
        for block in [
            &b""[..],
            b"II*\0",
            b"MM\0*\0\0\0\x08\0\x02\x01\x0e\0\x02\xff\xff\xff\xff\0\0\0\0",
        ] {
            assert_eq!(read(block.to_vec()), Embedded::default());
        }
    }

    #[test]
    fn what_a_maker_writes_into_every_file_is_no_description() {
        assert!(is_of_the_camera("OLYMPUS DIGITAL CAMERA"));
        assert!(!is_of_the_camera("Plate for the latitude of Cairo"));
    }
}
