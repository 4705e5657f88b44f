//! Renditions and tiles of an image from a single pass over its rows.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use crate::decode::{ImageFile, RowSink, Shape};
use crate::pyramid::Pyramid;
use crate::rendition::encode_renditions;
use crate::{Limits, MediaError, Picture, Rendition};

/// Bytes per message from the decoder thread to the encoders.
const CHUNK_BYTES: usize = 1 << 20;

/// Number of messages in the queue.
///
/// The encoders process a row of tiles at a time, while the decoder waits for them and should have
/// the next row ready: an image 12,000 pixels wide needs 18 messages per row of tiles. With a queue
/// of 12, the decoder of a TIFF is idle for a tenth of the time, and longer with 8. Each message is
/// 1 MiB.
const QUEUE_LENGTH: usize = 24;

/// The derivatives of an image, apart from its tiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivatives {
    /// Width in pixels, after the EXIF orientation is applied.
    pub width: u32,
    /// Height in pixels, after the EXIF orientation is applied.
    pub height: u32,
    /// The dominant colour; see [`crate::Picture::dominant`].
    pub dominant: [u8; 3],
    /// The image in smaller widths, smallest first.
    pub renditions: Vec<Rendition>,
    /// Number of tiled levels; 0 if the image has no tiles.
    pub levels: u32,
}

impl ImageFile {
    /// Decodes a page and creates JPEGs of the requested widths and the tiles of all larger levels.
    ///
    /// Each tile is passed to `put_tile` with its level. Within a level, tiles are passed row by
    /// row; the rows of different levels are interleaved. Level 0 is the image itself; each further
    /// level is half as wide and half as high, rounded up.
    ///
    /// The image is tiled if it is wider than the largest of `widths` and has more than three
    /// megapixels. `tile_size` is the side of the tiles, an even number. An image that is not wider
    /// than the largest of `widths` is its own largest rendition.
    ///
    /// Rows are streamed from the decoder through the levels. If the image needs no rotation and
    /// its codec decodes row by row, at most a few rows of tiles and the smallest level are in
    /// memory.
    ///
    /// # Errors
    /// Errors of [`ImageFile::decode`]; [`MediaError::Rendition`] if a JPEG would be higher than
    /// 65,535 pixels; and errors of `put_tile`, which stop the decoder.
    pub fn derive<E: From<MediaError>>(
        &self,
        page: u32,
        limits: &Limits,
        widths: &[u32],
        tile_size: u32,
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
                // Fails if the encoders have stopped; their result reports why.
                let _ = sink.send();
                Ok::<_, MediaError>(())
            });
            // Returns when the decoder has finished or failed.
            let encoded = encode_rows(
                &row_receiver,
                &buffer_sender,
                widths,
                tile_size,
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
            encoded.ok_or_else(|| E::from(MediaError::undecodable(self.path(), "it has no pixels")))
        })?;
        Ok(finish(shape, pyramid, widths)?)
    }
}

/// Creates the derivatives of a decoded image, as [`ImageFile::derive`] does for a file.
///
/// # Errors
/// [`MediaError::Rendition`], and errors of `put_tile`.
pub fn derive_picture<E: From<MediaError>>(
    picture: &Picture,
    widths: &[u32],
    tile_size: u32,
    mut put_tile: impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<Derivatives, E> {
    let shape = Shape {
        width: picture.width,
        height: picture.height,
        channels: picture.channels,
    };
    let mut pyramid = new_pyramid(shape, tile_size, widths);
    pyramid.push_rows(&picture.pixels, &mut put_tile)?;
    Ok(finish(shape, pyramid, widths)?)
}

fn new_pyramid(shape: Shape, tile_size: u32, widths: &[u32]) -> Pyramid {
    let widest = widths.iter().copied().max().unwrap_or(0);
    Pyramid::new(shape, tile_size, widest.min(shape.width))
}

/// Encodes the renditions from the smallest level.
fn finish(shape: Shape, pyramid: Pyramid, widths: &[u32]) -> Result<Derivatives, MediaError> {
    let levels = pyramid.levels();
    let smallest = pyramid.into_smallest();
    Ok(Derivatives {
        width: shape.width,
        height: shape.height,
        dominant: smallest.dominant(),
        renditions: encode_renditions(smallest, (shape.width, shape.height), widths)?,
        levels,
    })
}

/// A message from the decoder to the encoders.
enum Message {
    Begin(Shape),
    Rows(Vec<u8>),
}

/// Sends rows in chunks, until the receiver is dropped.
struct RowSender {
    sender: SyncSender<Message>,
    /// Empty buffers to be reused, since fresh memory would be zeroed by the operating system.
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
        // An image that is decoded in one piece is sent in chunks too.
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
    widths: &[u32],
    tile_size: u32,
    put_tile: &mut impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<Option<(Shape, Pyramid)>, E> {
    let mut encoded: Option<(Shape, Pyramid)> = None;
    for message in receiver {
        match (message, &mut encoded) {
            (Message::Begin(shape), encoded) => {
                *encoded = Some((shape, new_pyramid(shape, tile_size, widths)));
            }
            (Message::Rows(mut rows), Some((_, pyramid))) => {
                pyramid.push_rows(&rows, put_tile)?;
                rows.clear();
                // Fails if the decoder has finished.
                let _ = recycled.send(rows);
            }
            (Message::Rows(_), None) => {}
        }
    }
    Ok(encoded)
}
