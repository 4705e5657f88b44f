//! What a TIFF says in the tags that EXIF took over from it.

use std::io::{Read, Seek};

use tiff::decoder::Decoder;
use tiff::decoder::ifd::Value;
use tiff::tags::Tag;

use super::{Embedded, exif};

pub(super) fn read<R: Read + Seek>(decoder: &mut Decoder<R>) -> Embedded {
    let mut text = |tag: Tag| decoder.find_tag(tag).ok().flatten()?.into_string().ok();
    let said = exif::said(
        text(Tag::ImageDescription),
        text(Tag::Artist),
        text(Tag::Copyright),
    );
    Embedded {
        location: location(decoder),
        ..said
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
    let side = |value: Value| value.into_string().ok()?.bytes().next();
    let parts = |value: Value| -> Option<Vec<f64>> {
        let Value::List(list) = value else {
            return None;
        };
        let part = |value: &Value| match value {
            Value::Rational(a, b) => Some(f64::from(*a) / f64::from(*b)),
            _ => None,
        };
        list.iter().map(part).collect()
    };
    // GPSLatitudeRef, GPSLatitude, GPSLongitudeRef, GPSLongitude.
    let (north, latitude) = (side(value(1)?)?, parts(value(2)?)?);
    let (east, longitude) = (side(value(3)?)?, parts(value(4)?)?);
    exif::place((&latitude, north), (&longitude, east))
}
