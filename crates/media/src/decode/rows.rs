//! Rows on their way from a codec to whoever wants them: converted to sRGB, and upright.

use std::ops::ControlFlow;
use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer};

use super::Raw;
use crate::colour::{Samples, ToSrgb};
use crate::{MediaError, Picture};

/// The size of a picture, upright, and its channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// 1 (grey) or 3 (RGB) bytes a pixel.
    pub channels: usize,
}

/// Who takes the rows of a picture, from the top. `Break` says that no more are wanted.
pub(crate) trait TakeRows {
    /// Comes once, before all rows.
    fn begin(&mut self, shape: Shape) -> ControlFlow<()>;

    /// Some whole rows.
    fn rows(&mut self, rows: &[u8]) -> ControlFlow<()>;
}

/// Turns what a codec gives into rows that are upright, opaque and 8-bit sRGB or grey, and hands
/// them on. A picture that stands upright in its file passes through; one that does not is held
/// until all of it is there, since its first row may be the last column.
pub(crate) struct Upright<'a> {
    path: &'a Path,
    orientation: Orientation,
    take: &'a mut dyn TakeRows,
    reading: Option<Reading>,
}

/// What is known once the size is.
struct Reading {
    width: u32,
    height: u32,
    colours: ToSrgb,
    /// Bytes of a row as the codec gives it.
    stride: usize,
    /// Rows that are still to come.
    left: usize,
    held: Vec<u8>,
}

impl<'a> Upright<'a> {
    pub fn new(path: &'a Path, orientation: Orientation, take: &'a mut dyn TakeRows) -> Self {
        Upright {
            path,
            orientation,
            take,
            reading: None,
        }
    }

    fn passes(&self) -> bool {
        self.orientation == Orientation::NoTransforms
    }

    /// Comes once, before all rows: the size as it is stored, and what the samples mean.
    pub fn begin(
        &mut self,
        width: u32,
        height: u32,
        samples: Samples,
        icc: Option<&[u8]>,
    ) -> ControlFlow<()> {
        let colours = ToSrgb::new(samples, icc);
        let channels = colours.channels();
        self.reading = Some(Reading {
            width,
            height,
            colours,
            stride: width as usize * samples.channels(),
            left: height as usize,
            held: Vec::new(),
        });
        if !self.passes() {
            return ControlFlow::Continue(());
        }
        self.take.begin(Shape {
            width,
            height,
            channels,
        })
    }

    /// Some whole rows as the codec has them. What comes after the last row is no row.
    pub fn rows(&mut self, rows: &mut Vec<u8>) -> ControlFlow<()> {
        let passes = self.passes();
        let Some(reading) = &mut self.reading else {
            return ControlFlow::Break(());
        };
        let count = (rows.len() / reading.stride.max(1)).min(reading.left);
        reading.left -= count;
        rows.truncate(count * reading.stride);
        reading.colours.convert(rows, reading.width as usize);
        if passes {
            return self.take.rows(rows);
        }
        reading.held.extend_from_slice(rows);
        ControlFlow::Continue(())
    }

    /// Comes once, after all rows.
    pub fn end(self) -> Result<(), MediaError> {
        let few = || {
            let reason = "the decoder gave fewer pixels than it declared";
            MediaError::undecodable(self.path, reason)
        };
        let reading = self.reading.ok_or_else(few)?;
        if reading.left > 0 {
            return Err(few());
        }
        if self.orientation == Orientation::NoTransforms {
            return Ok(());
        }
        let channels = reading.colours.channels();
        let (width, height, held) = (reading.width, reading.height, reading.held);
        let upright = if channels == 1 {
            ImageBuffer::from_raw(width, height, held).map(DynamicImage::ImageLuma8)
        } else {
            ImageBuffer::from_raw(width, height, held).map(DynamicImage::ImageRgb8)
        };
        let mut upright = upright.ok_or_else(few)?;
        upright.apply_orientation(self.orientation);
        let shape = Shape {
            width: upright.width(),
            height: upright.height(),
            channels,
        };
        if self.take.begin(shape).is_continue() {
            // Whoever wants no more has all it needs.
            let _ = self.take.rows(upright.as_bytes());
        }
        Ok(())
    }

    /// A picture that its codec gives only as a whole.
    pub fn whole(mut self, mut raw: Raw) -> Result<(), MediaError> {
        let icc = raw.icc.as_deref();
        let flow = self.begin(raw.width, raw.height, raw.samples, icc);
        if flow.is_break() || self.rows(&mut raw.pixels).is_break() {
            return Ok(());
        }
        drop(raw);
        self.end()
    }
}

/// Puts rows together to a picture.
#[derive(Default)]
pub(crate) struct Together(Option<Picture>);

impl Together {
    pub fn picture(self) -> Option<Picture> {
        self.0
    }
}

impl TakeRows for Together {
    fn begin(&mut self, shape: Shape) -> ControlFlow<()> {
        self.0 = Some(Picture {
            width: shape.width,
            height: shape.height,
            channels: shape.channels,
            pixels: Vec::new(),
        });
        ControlFlow::Continue(())
    }

    fn rows(&mut self, rows: &[u8]) -> ControlFlow<()> {
        if let Some(picture) = &mut self.0 {
            picture.pixels.extend_from_slice(rows);
        }
        ControlFlow::Continue(())
    }
}

/// Lets rows go: the file is read to be sure that all of it is there.
pub(crate) struct Away;

impl TakeRows for Away {
    fn begin(&mut self, _: Shape) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn rows(&mut self, _: &[u8]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
