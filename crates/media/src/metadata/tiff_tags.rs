//! Reading of the TIFF tags that EXIF has adopted.

use std::io::{Read, Seek};

use tiff::decoder::Decoder;
use tiff::decoder::ifd::Value;
use tiff::tags::Tag;

use super::{EmbeddedMetadata, exif};

pub(super) fn read<R: Read + Seek>(decoder: &mut Decoder<R>) -> EmbeddedMetadata {
    let mut text = |tag: Tag| decoder.find_tag(tag).ok().flatten()?.into_string().ok();
    let metadata = exif::from_texts(
        text(Tag::ImageDescription),
        text(Tag::Artist),
        text(Tag::Copyright),
    );
    EmbeddedMetadata {
        location: location(decoder),
        ..metadata
    }
}

fn location<R: Read + Seek>(decoder: &mut Decoder<R>) -> Option<(f64, f64)> {
    let pointer = decoder
        .find_tag(Tag::GpsDirectory)
        .ok()??
        .into_ifd_pointer()
        .ok()?;
    let directory = decoder.read_directory(pointer).ok()?;
    let mut tags = decoder.read_directory_tags(&directory);
    let mut value = |number: u16| tags.find_tag(Tag::Unknown(number)).ok().flatten();
    let hemisphere = |value: Value| value.into_string().ok()?.bytes().next();
    let rationals = |value: Value| -> Option<Vec<f64>> {
        let Value::List(list) = value else {
            return None;
        };
        let rational = |value: &Value| match value {
            Value::Rational(a, b) => Some(f64::from(*a) / f64::from(*b)),
            _ => None,
        };
        list.iter().map(rational).collect()
    };
    // GPSLatitudeRef, GPSLatitude, GPSLongitudeRef, GPSLongitude.
    let (latitude_ref, latitude) = (hemisphere(value(1)?)?, rationals(value(2)?)?);
    let (longitude_ref, longitude) = (hemisphere(value(3)?)?, rationals(value(4)?)?);
    exif::coordinates((&latitude, latitude_ref), (&longitude, longitude_ref))
}
