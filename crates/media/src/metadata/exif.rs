//! Reading of EXIF (CIPA DC-008): creator, rights, description and place. Times are not read,
//! because they are set by the camera.

use exif::{Exif, In, Reader, Tag, Value};

use super::{EmbeddedMetadata, LangString, lang_string};

pub(super) fn parse(block: Vec<u8>) -> Option<Exif> {
    let mut reader = Reader::new();
    reader.continue_on_error(true);
    reader
        .read_raw(block)
        .or_else(|error| error.distill_partial_result(|_| {}))
        .ok()
}

pub(super) fn read(block: Vec<u8>) -> EmbeddedMetadata {
    let Some(exif) = parse(block) else {
        return EmbeddedMetadata::default();
    };
    let text = |tag: Tag| {
        let Value::Ascii(strings) = &exif.get_field(tag, In::PRIMARY)?.value else {
            return None;
        };
        let string = strings
            .iter()
            .find(|string| !string.trim_ascii().is_empty())?;
        Some(std::str::from_utf8(string).ok()?.to_owned())
    };
    EmbeddedMetadata {
        location: location(&exif),
        ..from_texts(
            text(Tag::ImageDescription),
            text(Tag::Artist),
            text(Tag::Copyright),
        )
    }
}

/// Creates the metadata from the three text tags of EXIF.
pub(super) fn from_texts(
    description: Option<String>,
    artist: Option<String>,
    copyright: Option<String>,
) -> EmbeddedMetadata {
    let to_list = |text: Option<String>| -> Vec<LangString> {
        text.and_then(|text| lang_string(None, &text))
            .into_iter()
            .collect()
    };
    EmbeddedMetadata {
        description: to_list(description.filter(|text| !is_camera_default(text))),
        // Several names are separated by semicolons.
        creator: artist
            .iter()
            .flat_map(|names| names.split(';'))
            .filter_map(|name| lang_string(None, name))
            .collect(),
        // The copyright of the photographer is followed by a NUL and the copyright of the editor.
        rights: to_list(copyright.map(|text| text.replace('\0', " "))),
        ..EmbeddedMetadata::default()
    }
}

/// Returns `true` for a description that cameras and other programs write by default.
fn is_camera_default(text: &str) -> bool {
    let text = text.trim().to_ascii_uppercase();
    text.contains("DIGITAL CAMERA") || text == "DCIM" || text == "SCREENSHOT" || text == "DEFAULT"
}

pub(super) fn location(exif: &Exif) -> Option<(f64, f64)> {
    let rationals = |tag: Tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(values) => Some(
            values
                .iter()
                .map(|value| value.to_f64())
                .collect::<Vec<_>>(),
        ),
        _ => None,
    };
    let hemisphere = |tag: Tag| match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(strings) => strings.first()?.first().copied(),
        _ => None,
    };
    coordinates(
        (
            &rationals(Tag::GPSLatitude)?,
            hemisphere(Tag::GPSLatitudeRef)?,
        ),
        (
            &rationals(Tag::GPSLongitude)?,
            hemisphere(Tag::GPSLongitudeRef)?,
        ),
    )
}

/// Converts a latitude and a longitude to decimal degrees. Each consists of degrees, minutes and
/// seconds, and of the letter of the hemisphere.
pub(super) fn coordinates(latitude: (&[f64], u8), longitude: (&[f64], u8)) -> Option<(f64, f64)> {
    let degrees = |(parts, hemisphere): (&[f64], u8)| {
        let units = [1.0, 60.0, 3600.0];
        let value: f64 = parts
            .iter()
            .zip(units)
            .map(|(part, unit)| part / unit)
            .sum();
        let is_negative = matches!(hemisphere, b'S' | b'W');
        value
            .is_finite()
            .then_some(if is_negative { -value } else { value })
    };
    let (latitude, longitude) = (degrees(latitude)?, degrees(longitude)?);
    // Cameras without a GPS fix write zeros.
    (latitude != 0.0 || longitude != 0.0).then_some((latitude, longitude))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_damaged_blocks_without_error() {
        for block in [
            &b""[..],
            b"II*\0",
            b"MM\0*\0\0\0\x08\0\x02\x01\x0e\0\x02\xff\xff\xff\xff\0\0\0\0",
        ] {
            assert_eq!(read(block.to_vec()), EmbeddedMetadata::default());
        }
    }

    #[test]
    fn recognises_default_descriptions_of_cameras() {
        assert!(is_camera_default("OLYMPUS DIGITAL CAMERA"));
        assert!(!is_camera_default("Plate for the latitude of Cairo"));
    }
}
