//! Tile packs: an image too large for its derivatives, in one file of which a reader fetches ranges.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use khizana_format::{Image, TilePack, hash_of, levels, tile_entry, write_tile_index};
use khizana_media::{MediaError, Pyramid};

use crate::PublishError;
use crate::site::Site;

/// Width and height of a tile in pixels.
pub(crate) const TILE: u32 = 512;

/// Into parts of how many bytes a pack is cut where the host has no ranges. A tile of a photograph has
/// some 40 KB: a part is what lies around it, and a pack of 30 MB is 30 files.
pub(crate) const PART: u32 = 1 << 20;

/// Why a pack could not be written.
pub(crate) enum Failed {
    /// It is about this picture alone.
    Media(MediaError),
    /// It is about the site.
    Site(PublishError),
}

impl From<MediaError> for Failed {
    fn from(error: MediaError) -> Self {
        Failed::Media(error)
    }
}

impl From<PublishError> for Failed {
    fn from(error: PublishError) -> Self {
        Failed::Site(error)
    }
}

/// Whether the tiles of an image are there, whole or in parts of `part` bytes (0: whole); they then
/// belong to this publication. An image without tiles has all it needs.
pub(crate) fn keep(site: &Site, image: &Image, part: u32) -> bool {
    let Some(pack) = &image.pack else { return true };
    pack.part == part && files(image, pack).all(|(path, bytes)| site.keep(&path, bytes))
}

/// The files of a pack: path and length.
fn files(image: &Image, pack: &TilePack) -> impl Iterator<Item = (String, u64)> {
    let part = match pack.part {
        0 => pack.bytes.max(1),
        part => u64::from(part),
    };
    (0u32..)
        .zip((0..pack.bytes).step_by(usize::try_from(part).unwrap_or(usize::MAX)))
        .map(move |(number, start)| {
            let path = match pack.part {
                0 => image.pack_path(),
                _ => image.pack_part_path(number),
            };
            (path, part.min(pack.bytes - start))
        })
}

/// Writes the tiles of an image, whole or in parts of `part` bytes (0: whole).
///
/// `None` where the image has more tiles than a reader takes, which none does that can be decoded.
pub(crate) fn write(
    site: &Site,
    image: &Image,
    pyramid: Pyramid,
    part: u32,
) -> Result<Option<TilePack>, Failed> {
    let count = pyramid.levels();
    let size = (image.width, image.height);
    if levels(image.width, image.height, TILE, count).is_none() {
        return Ok(None);
    }
    let folder = site.folder(&image.pack_path())?;
    let mut spool = Spool::of(pyramid, &folder)?;
    let index = write_tile_index(size, TILE, count, &spool.entries());
    let pack = TilePack {
        tile: TILE,
        levels: count,
        index: index.len() as u32,
        sha256: hash_of(&index),
        bytes: index.len() as u64 + spool.bytes(),
        part,
    };
    if files(image, &pack).all(|(path, bytes)| site.keep(&path, bytes)) {
        return Ok(Some(pack));
    }
    if part == 0 {
        site.place(&image.pack_path(), pack.bytes, |target| {
            spool.pour(&index, &mut File::create(target)?)
        })?;
        return Ok(Some(pack));
    }
    let mut whole = temporary(&folder)?;
    spool
        .pour(&index, &mut whole)
        .and_then(|()| whole.rewind())
        .map_err(PublishError::write(&folder))?;
    for (path, bytes) in files(image, &pack) {
        // One that is there is stepped over.
        site.place(&path, bytes, |target| {
            io::copy(&mut (&whole).take(bytes), &mut File::create(target)?).map(|_| ())
        })?;
    }
    Ok(Some(pack))
}

/// A file without a name, which is gone when it is closed.
fn temporary(folder: &Path) -> Result<File, PublishError> {
    tempfile::tempfile_in(folder).map_err(PublishError::write(folder))
}

/// Tiles in the order in which they are made: the largest level first, where a pack has the smallest
/// first. They lie in a file, since those of a large image would take a tenth of its memory once more.
struct Spool {
    file: File,
    levels: Vec<Made>,
}

/// One level as it was made.
#[derive(Default)]
struct Made {
    /// What stands before it in the file, in bytes.
    start: u64,
    /// Its length in bytes.
    bytes: u64,
    /// Its tiles, as the index has them.
    entries: Vec<(u32, [u8; 16])>,
}

impl Spool {
    fn of(pyramid: Pyramid, folder: &Path) -> Result<Spool, Failed> {
        let mut levels: Vec<Made> = Vec::new();
        let mut file = BufWriter::with_capacity(1 << 20, temporary(folder)?);
        pyramid.tiles(|level, tile| {
            let start = levels.last().map_or(0, |last| last.start + last.bytes);
            while levels.len() <= level as usize {
                levels.push(Made {
                    start,
                    ..Made::default()
                });
            }
            if let Some(made) = levels.last_mut() {
                made.bytes += tile.len() as u64;
                made.entries.extend(tile_entry(tile));
            }
            file.write_all(tile)
                .map_err(|error| Failed::Site(PublishError::write(folder)(error)))
        })?;
        let file = file
            .into_inner()
            .map_err(|error| PublishError::write(folder)(error.into_error()))?;
        Ok(Spool { file, levels })
    }

    /// What the index says of the tiles, in the order of a pack.
    fn entries(&self) -> Vec<(u32, [u8; 16])> {
        let levels = self.levels.iter().rev();
        levels.flat_map(|made| made.entries.clone()).collect()
    }

    fn bytes(&self) -> u64 {
        self.levels.iter().map(|made| made.bytes).sum()
    }

    /// Writes a pack: the index, then the tiles.
    fn pour(&mut self, index: &[u8], into: &mut File) -> io::Result<()> {
        into.write_all(index)?;
        for made in self.levels.iter().rev() {
            self.file.seek(SeekFrom::Start(made.start))?;
            io::copy(&mut (&self.file).take(made.bytes), into)?;
        }
        Ok(())
    }
}
