//! Everything that is shown of a picture, from one pass over its pixels.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};

use crate::decode::{ImageFile, Shape, TakeRows};
use crate::pyramid::Pyramid;
use crate::rendition::scaled;
use crate::{Limits, MediaError, Picture, Rendition};

/// Bytes of rows that go from the decoder to the encoders at once.
const PARCEL: usize = 1 << 20;

/// How many parcels wait for the encoders. They take a row of tiles at once, and the decoder, on which they wait
/// then, should have the next one ready: of an image 12,000 pixels wide it has 18. With 12 a tenth of the time of
/// a TIFF goes by idle, and with 8 more of it; each is a megabyte.
const WAITING: usize = 24;

/// What is shown of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivatives {
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// The colour there is most of; see [`crate::Picture::dominant`].
    pub dominant: [u8; 3],
    /// The picture in smaller widths, smallest first.
    pub renditions: Vec<Rendition>,
    /// In how many levels there are tiles; 0 where there are none.
    pub levels: u32,
}

impl ImageFile {
    /// Decodes a page, upright and in sRGB, and makes of it JPEGs of the widths asked for and the tiles of
    /// all larger levels. Tiles are handed on as they are made, each with its level, in a level row by
    /// row; the rows of different levels take turns.
    ///
    /// The image itself is the largest of the JPEGs where it is no wider than the widest asked for. It has
    /// tiles, of `tile` pixels each way (an even number), where it is wider, and has more than three
    /// megapixels. Level 0 is the image itself; each further level is half as wide and half as high,
    /// rounded up.
    ///
    /// The rows pass from the decoder through the levels as they come: of an image that stands upright in
    /// its file, and that its codec gives by rows, there is at no time more in memory than some rows of
    /// tiles, and the smallest level.
    ///
    /// # Errors
    /// As [`ImageFile::decode`]; [`MediaError::Rendition`] where a JPEG would be higher than the 65,535 pixels
    /// it can have; and what `take` says, after which no more is decoded.
    pub fn derive<E: From<MediaError>>(
        &self,
        page: u32,
        limits: &Limits,
        widths: &[u32],
        tile: u32,
        mut take: impl FnMut(u32, &[u8]) -> Result<(), E>,
    ) -> Result<Derivatives, E> {
        let (to_encoders, from_decoder) = sync_channel(WAITING);
        let (to_decoder, emptied) = channel();
        let (shape, pyramid) = std::thread::scope(|scope| {
            let decoder = scope.spawn(move || {
                let mut parcels = Parcels {
                    to: to_encoders,
                    emptied,
                    parcel: Vec::new(),
                };
                self.stream(page, limits, &mut parcels)?;
                // Whoever wants no more has all it needs.
                let _ = parcels.send();
                Ok::<_, MediaError>(())
            });
            // Ends when the decoder is done, whatever came of it.
            let made = encode(&from_decoder, &to_decoder, widths, tile, &mut take);
            drop(from_decoder);
            let decoded = decoder.join().unwrap_or_else(|_| {
                let reason = "the decoder broke down".to_owned();
                Err(MediaError::CodecPanic {
                    path: self.path().into(),
                    reason,
                })
            });
            let made = made?;
            decoded?;
            made.ok_or_else(|| E::from(MediaError::undecodable(self.path(), "it has no pixels")))
        })?;
        Ok(finish(shape, pyramid, widths)?)
    }
}

/// Makes of a picture what [`ImageFile::derive`] makes of a file.
///
/// # Errors
/// [`MediaError::Rendition`], and what `take` says.
pub fn derive_picture<E: From<MediaError>>(
    picture: &Picture,
    widths: &[u32],
    tile: u32,
    mut take: impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<Derivatives, E> {
    let shape = Shape {
        width: picture.width,
        height: picture.height,
        channels: picture.channels,
    };
    let mut pyramid = pyramid(shape, tile, widths);
    pyramid.rows(&picture.pixels, &mut take)?;
    Ok(finish(shape, pyramid, widths)?)
}

fn pyramid(shape: Shape, tile: u32, widths: &[u32]) -> Pyramid {
    let widest = widths.iter().copied().max().unwrap_or(0);
    Pyramid::of(shape, tile, widest.min(shape.width))
}

/// What is left to do once all rows are through.
fn finish(shape: Shape, pyramid: Pyramid, widths: &[u32]) -> Result<Derivatives, MediaError> {
    let levels = pyramid.levels();
    let last = pyramid.last();
    Ok(Derivatives {
        width: shape.width,
        height: shape.height,
        dominant: last.dominant(),
        renditions: scaled(last, (shape.width, shape.height), widths)?,
        levels,
    })
}

/// From the decoder to the encoders.
enum Parcel {
    Begin(Shape),
    Rows(Vec<u8>),
}

/// Sends rows in parcels. Where nobody takes them any more, no more are wanted.
struct Parcels {
    to: SyncSender<Parcel>,
    /// What parcels came in, to be filled again: memory that is taken anew is cleared first.
    emptied: Receiver<Vec<u8>>,
    parcel: Vec<u8>,
}

impl Parcels {
    fn send(&mut self) -> ControlFlow<()> {
        let next = self.emptied.try_recv().unwrap_or_default();
        match self
            .to
            .send(Parcel::Rows(std::mem::replace(&mut self.parcel, next)))
        {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

impl TakeRows for Parcels {
    fn begin(&mut self, shape: Shape) -> ControlFlow<()> {
        match self.to.send(Parcel::Begin(shape)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn rows(&mut self, mut rows: &[u8]) -> ControlFlow<()> {
        // A whole picture that comes at once is sent on in parts too.
        while !rows.is_empty() {
            let room = PARCEL - self.parcel.len();
            let (now, later) = rows.split_at(room.min(rows.len()));
            self.parcel.reserve_exact(room);
            self.parcel.extend_from_slice(now);
            rows = later;
            if self.parcel.len() == PARCEL {
                self.send()?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// Puts what comes through the levels. `None` where nothing came.
fn encode<E: From<MediaError>>(
    from: &Receiver<Parcel>,
    emptied: &Sender<Vec<u8>>,
    widths: &[u32],
    tile: u32,
    take: &mut impl FnMut(u32, &[u8]) -> Result<(), E>,
) -> Result<Option<(Shape, Pyramid)>, E> {
    let mut made: Option<(Shape, Pyramid)> = None;
    for parcel in from {
        match (parcel, &mut made) {
            (Parcel::Begin(shape), made) => {
                *made = Some((shape, pyramid(shape, tile, widths)));
            }
            (Parcel::Rows(mut rows), Some((_, pyramid))) => {
                pyramid.rows(&rows, take)?;
                rows.clear();
                // The decoder may be done.
                let _ = emptied.send(rows);
            }
            (Parcel::Rows(_), None) => {}
        }
    }
    Ok(made)
}
