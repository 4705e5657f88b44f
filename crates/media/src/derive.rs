//! Creation of the renditions and tiles of an image in a single pass over its rows.

use khizana_messages::message;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use crate::decode::{ImageFile, RowSink, Shape};
use crate::pyramid::Pyramid;
use crate::rendition::{Source, encode_renditions};
use crate::{Limits, MediaError, Picture, Rendition};

/// Number of bytes per message from the decoder thread to the encoders.
const CHUNK_BYTES: usize = 1 << 20;

/// Maximum number of messages in the queue. Each message has 1 MiB.
///
/// The encoders process one row of tiles at a time. In the meantime, the decoder should be able to
/// decode the complete next row of tiles, which takes 18 messages for an image that is 12,000
/// pixels wide. With a queue of 12 messages, the decoder of a TIFF is idle for a tenth of the time,
/// and with 8 messages for longer.
const QUEUE_LENGTH: usize = 24;

/// The derivatives that are created from an image.
#[derive(Debug, Clone, Copy)]
pub struct DerivativeRequest<'a> {
    /// Widths of the renditions in pixels. Widths close to that of the image are replaced by it, and
    /// others are omitted: see [`Derivatives::renditions`].
    pub widths: &'a [u32],
    /// Width and height of a tile in pixels, an even number.
    pub tile_size: u32,
    /// Maximum width and height, in pixels, of an additional small rendition.
    pub strip: Option<(u32, u32)>,
    /// `true` if one rendition has to be a JPEG of at least 1,600 pixels in width, or of the width of
    /// the image.
    pub jpeg: bool,
}

/// The derivatives of an image, except its tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivatives {
    /// Width of the image in pixels, after the EXIF orientation has been applied.
    pub width: u32,
    /// Height of the image in pixels, after the EXIF orientation has been applied.
    pub height: u32,
    /// The dominant colour of the image, as returned by [`crate::Picture::dominant`].
    pub dominant: [u8; 3],
    /// The renditions of the image, in ascending order of width. If the widest requested one would be
    /// at most a quarter narrower than the image, it has the size of the image.
    pub renditions: Vec<Rendition>,
    /// The small rendition, if it is requested and much smaller than the others.
    pub strip: Option<Rendition>,
    /// A JPEG, if one is requested and the widest rendition is not a JPEG.
    pub jpeg: Option<Rendition>,
    /// Number of tiled levels, or 0 if the image has no tiles.
    pub levels: u32,
}

impl ImageFile {
    /// Decodes a page, and creates renditions with the requested widths and the tiles of all larger
    /// levels.
    ///
    /// Each tile is passed to `put_tile` together with the number of its level. Within a level,
    /// tiles are passed row by row. The rows of different levels are interleaved. Level 0 is the
    /// image itself. Each further level is half as wide and half as high as the preceding one,
    /// rounded up.
    ///
    /// The image is tiled if it has no rendition of full size and more than three megapixels. Levels
    /// that are at most a quarter wider than the widest requested width are not tiled.
    ///
    /// Rows are streamed from the decoder through the levels. If the image does not need to be
    /// rotated and its codec decodes row by row, at most a few rows of tiles and the smallest level
    /// are kept in memory. Rows of tiles that take more than [`Limits::max_band`] bytes are kept in
    /// temporary files.
    ///
    /// If the image has more than 400 megapixels or is higher than 65,535 pixels, the widest
    /// rendition may be narrower than requested, so that it has at most 24 megapixels.
    ///
    /// # Errors
    /// Returns the errors of [`ImageFile::decode`], [`MediaError::Rendition`] if a JPEG would be
    /// higher than 65,535 pixels, [`MediaError::TemporaryFile`], and the errors of `put_tile`, which stop the decoder.
    pub fn derive<E: From<MediaError>>(
        &self,
        page: u32,
        limits: &Limits,
        request: &DerivativeRequest<'_>,
        mut put_tile: impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<Derivatives, E> {
        let (row_sender, row_receiver) = sync_channel(QUEUE_LENGTH);
        let (buffer_sender, buffer_receiver) = channel();
        let (shape, pyramid) = std::thread::scope(|scope| {
            let decoder = scope.spawn(move || {
                let mut sink = RowSender {
                    sender: row_sender,
                    recycled: buffer_receiver,
                    chunk: Vec::new(),
                };
                self.stream(page, limits, &mut sink)?;
                // This fails if the encoders have stopped, in which case their result contains the
                // reason.
                let _ = sink.send();
                Ok::<_, MediaError>(())
            });
            // This call returns when the decoder has finished or failed.
            let max_band = limits.max_band;
            let encoded = encode_rows(
                &row_receiver,
                &buffer_sender,
                request,
                max_band,
                &mut put_tile,
            );
            drop(row_receiver);
            let decoded = decoder.join().unwrap_or_else(|_| {
                let reason = "the decoder thread panicked".to_owned();
                Err(MediaError::CodecPanic {
                    path: self.path().into(),
                    reason,
                })
            });
            let encoded = encoded?;
            decoded?;
            encoded.ok_or_else(|| {
                E::from(MediaError::undecodable(
                    self.path(),
                    message!("it has no pixels"),
                ))
            })
        })?;
        Ok(finish(shape, pyramid, request)?)
    }
}

/// Creates the derivatives of a decoded image, like [`ImageFile::derive`] does for a file.
///
/// # Errors
/// Returns [`MediaError::Rendition`] if a rendition or tile cannot be encoded, and the errors of
/// `put_tile`.
pub fn derive_picture<E: From<MediaError>>(
    picture: &Picture,
    request: &DerivativeRequest<'_>,
    mut put_tile: impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<Derivatives, E> {
    let shape = Shape {
        width: picture.width,
        height: picture.height,
        channels: picture.channels,
    };
    // The image is in memory already, so its rows are not written to a file.
    let mut pyramid = new_pyramid(shape, request, u64::MAX)?;
    pyramid.push_rows(&picture.pixels, &mut put_tile)?;
    Ok(finish(shape, pyramid, request)?)
}

fn new_pyramid(
    shape: Shape,
    request: &DerivativeRequest<'_>,
    max_band: u64,
) -> Result<Pyramid, MediaError> {
    let widest = request.widths.iter().copied().max().unwrap_or(0);
    Pyramid::new(shape, request.tile_size, widest, max_band)
}

/// Creates the derivatives, and encodes the renditions from the smallest level of the pyramid.
fn finish(
    shape: Shape,
    pyramid: Pyramid,
    request: &DerivativeRequest<'_>,
) -> Result<Derivatives, MediaError> {
    let levels = pyramid.levels();
    let source = Source {
        size: (shape.width, shape.height),
        has_few_greys: pyramid.greys().are_few(),
    };
    let smallest = pyramid.into_smallest();
    let dominant = smallest.dominant();
    let renditions = encode_renditions(smallest, source, request)?;
    Ok(Derivatives {
        width: shape.width,
        height: shape.height,
        dominant,
        renditions: renditions.sizes,
        strip: renditions.strip,
        jpeg: renditions.jpeg,
        levels,
    })
}

/// A message from the decoder to the encoders.
enum Message {
    Begin(Shape),
    Rows(Vec<u8>),
}

/// A sink that sends rows in chunks until the receiver is dropped.
struct RowSender {
    sender: SyncSender<Message>,
    /// Empty buffers that are reused, because the operating system would zero new memory.
    recycled: Receiver<Vec<u8>>,
    chunk: Vec<u8>,
}

impl RowSender {
    fn send(&mut self) -> ControlFlow<()> {
        let next = self.recycled.try_recv().unwrap_or_default();
        match self
            .sender
            .send(Message::Rows(std::mem::replace(&mut self.chunk, next)))
        {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

impl RowSink for RowSender {
    fn begin(&mut self, shape: Shape) -> ControlFlow<()> {
        match self.sender.send(Message::Begin(shape)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn push_rows(&mut self, mut rows: &[u8]) -> ControlFlow<()> {
        // An image that is decoded in one piece is also sent in chunks.
        while !rows.is_empty() {
            let room = CHUNK_BYTES - self.chunk.len();
            let (head, tail) = rows.split_at(room.min(rows.len()));
            self.chunk.reserve_exact(room);
            self.chunk.extend_from_slice(head);
            rows = tail;
            if self.chunk.len() == CHUNK_BYTES {
                self.send()?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// Passes received rows through the pyramid. Returns `None` if nothing was received.
fn encode_rows<E: From<MediaError>>(
    receiver: &Receiver<Message>,
    recycled: &Sender<Vec<u8>>,
    request: &DerivativeRequest<'_>,
    max_band: u64,
    put_tile: &mut impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<Option<(Shape, Pyramid)>, E> {
    let mut encoded: Option<(Shape, Pyramid)> = None;
    for message in receiver {
        match (message, &mut encoded) {
            (Message::Begin(shape), encoded) => {
                *encoded = Some((shape, new_pyramid(shape, request, max_band)?));
            }
            (Message::Rows(mut rows), Some((_, pyramid))) => {
                pyramid.push_rows(&rows, put_tile)?;
                rows.clear();
                // This fails if the decoder has finished.
                let _ = recycled.send(rows);
            }
            (Message::Rows(_), None) => {}
        }
    }
    Ok(encoded)
}
