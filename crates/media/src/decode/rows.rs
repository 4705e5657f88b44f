//! Conversion of decoded rows to sRGB and to an upright orientation.

use khizana_messages::message;
use std::ops::ControlFlow;
use std::path::Path;

use image::metadata::Orientation;
use image::{DynamicImage, ImageBuffer};

use super::RawImage;
use crate::colour::{SampleLayout, ToSrgb};
use crate::pyramid::Pyramid;
use crate::{Limits, MediaError, Picture};

/// The dimensions and the number of channels of an upright image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Number of bytes per pixel: 1 (grey) or 3 (RGB).
    pub channels: usize,
}

/// A receiver of the rows of an image. Its methods return `Break` to stop the decoder.
pub(crate) trait RowSink {
    /// Receives the shape of the image. Called once, before any rows are passed.
    fn begin(&mut self, shape: Shape) -> ControlFlow<()>;

    /// Receives one or more complete rows. The rows are passed from top to bottom.
    fn push_rows(&mut self, rows: &[u8]) -> ControlFlow<()>;
}

/// Converts the output of a codec to upright, opaque rows in 8-bit sRGB or grey, and passes them to
/// a [`RowSink`].
///
/// Rows are passed on immediately if the image does not need to be rotated. Otherwise, the whole
/// image is buffered, because its first row may become the last column.
pub(crate) struct RowConverter<'a> {
    path: &'a Path,
    orientation: Orientation,
    sink: &'a mut dyn RowSink,
    state: Option<State>,
}

/// The state of a [`RowConverter`] once the dimensions are known.
struct State {
    width: u32,
    height: u32,
    colours: ToSrgb,
    /// Number of bytes per row in the output of the codec.
    stride: usize,
    /// Number of rows that have not been received yet.
    rows_left: usize,
    buffered: Vec<u8>,
}

impl<'a> RowConverter<'a> {
    pub fn new(path: &'a Path, orientation: Orientation, sink: &'a mut dyn RowSink) -> Self {
        RowConverter {
            path,
            orientation,
            sink,
            state: None,
        }
    }

    fn is_passthrough(&self) -> bool {
        self.orientation == Orientation::NoTransforms
    }

    /// Sets the stored dimensions and the sample layout. Must be called once, before any rows are
    /// passed.
    pub fn begin(
        &mut self,
        width: u32,
        height: u32,
        samples: SampleLayout,
        icc: Option<&[u8]>,
    ) -> ControlFlow<()> {
        let colours = ToSrgb::new(samples, icc);
        let channels = colours.channels();
        self.state = Some(State {
            width,
            height,
            colours,
            stride: width as usize * samples.channels(),
            rows_left: height as usize,
            buffered: Vec::new(),
        });
        if !self.is_passthrough() {
            return ControlFlow::Continue(());
        }
        self.sink.begin(Shape {
            width,
            height,
            channels,
        })
    }

    /// Converts complete rows that have the sample layout of the codec. Rows beyond the declared
    /// height are ignored.
    pub fn push_rows(&mut self, rows: &mut Vec<u8>) -> ControlFlow<()> {
        let is_passthrough = self.is_passthrough();
        let Some(state) = &mut self.state else {
            return ControlFlow::Break(());
        };
        let count = (rows.len() / state.stride.max(1)).min(state.rows_left);
        state.rows_left -= count;
        rows.truncate(count * state.stride);
        state.colours.convert(rows, state.width as usize);
        if is_passthrough {
            return self.sink.push_rows(rows);
        }
        state.buffered.extend_from_slice(rows);
        ControlFlow::Continue(())
    }

    /// Completes the image. Must be called once, after all rows have been pushed.
    pub fn finish(self) -> Result<(), MediaError> {
        let too_few = || {
            let reason = message!("the decoder returned fewer pixels than declared");
            MediaError::undecodable(self.path, reason)
        };
        let state = self.state.ok_or_else(too_few)?;
        if state.rows_left > 0 {
            return Err(too_few());
        }
        if self.orientation == Orientation::NoTransforms {
            return Ok(());
        }
        let channels = state.colours.channels();
        let (width, height, buffered) = (state.width, state.height, state.buffered);
        let upright = if channels == 1 {
            ImageBuffer::from_raw(width, height, buffered).map(DynamicImage::ImageLuma8)
        } else {
            ImageBuffer::from_raw(width, height, buffered).map(DynamicImage::ImageRgb8)
        };
        let mut upright = upright.ok_or_else(too_few)?;
        upright.apply_orientation(self.orientation);
        let shape = Shape {
            width: upright.width(),
            height: upright.height(),
            channels,
        };
        if self.sink.begin(shape).is_continue() {
            // The result is irrelevant after the last row.
            let _ = self.sink.push_rows(upright.as_bytes());
        }
        Ok(())
    }

    /// Converts an image that its codec decodes in one piece.
    pub fn push_image(mut self, mut raw: RawImage) -> Result<(), MediaError> {
        let icc = raw.icc.as_deref();
        let flow = self.begin(raw.width, raw.height, raw.samples, icc);
        if flow.is_break() || self.push_rows(&mut raw.pixels).is_break() {
            return Ok(());
        }
        drop(raw);
        self.finish()
    }
}

/// A sink that collects rows into a [`Picture`].
#[derive(Default)]
pub(crate) struct RowCollector(Option<Picture>);

impl RowCollector {
    pub fn into_picture(self) -> Option<Picture> {
        self.0
    }
}

impl RowSink for RowCollector {
    fn begin(&mut self, shape: Shape) -> ControlFlow<()> {
        self.0 = Some(Picture {
            width: shape.width,
            height: shape.height,
            channels: shape.channels,
            pixels: Vec::new(),
        });
        ControlFlow::Continue(())
    }

    fn push_rows(&mut self, rows: &[u8]) -> ControlFlow<()> {
        if let Some(picture) = &mut self.0 {
            picture.pixels.extend_from_slice(rows);
        }
        ControlFlow::Continue(())
    }
}

/// A sink that halves the rows of an image as often as the result is wider than a given width.
pub(crate) struct RowHalver {
    width: u32,
    max_band: u64,
    pyramid: Option<Pyramid>,
    error: Option<MediaError>,
}

impl RowHalver {
    pub fn new(width: u32, limits: &Limits) -> RowHalver {
        RowHalver {
            width,
            max_band: limits.max_band,
            pyramid: None,
            error: None,
        }
    }

    pub fn into_picture(self) -> Result<Option<Picture>, MediaError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.pyramid.map(Pyramid::into_smallest)),
        }
    }

    fn keep_error(&mut self, result: Result<(), MediaError>) -> ControlFlow<()> {
        match result {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.error = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

impl RowSink for RowHalver {
    fn begin(&mut self, shape: Shape) -> ControlFlow<()> {
        let pyramid = Pyramid::untiled(shape, self.width, self.max_band);
        let result = pyramid.map(|pyramid| self.pyramid = Some(pyramid));
        self.keep_error(result)
    }

    fn push_rows(&mut self, rows: &[u8]) -> ControlFlow<()> {
        let result = match &mut self.pyramid {
            Some(pyramid) => pyramid.push_rows(rows, &mut |_, _| Ok(())),
            None => Ok(()),
        };
        self.keep_error(result)
    }
}

/// A sink that discards rows. It is used to verify that a file can be decoded.
pub(crate) struct DiscardRows;

impl RowSink for DiscardRows {
    fn begin(&mut self, _: Shape) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn push_rows(&mut self, _: &[u8]) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
