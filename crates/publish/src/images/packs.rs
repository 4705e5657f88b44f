//! Tile packs: an image too large for its derivatives, in one file of which a reader fetches ranges.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use khizana_format::{Image, TilePack, hash_of, pyramid_levels, tile_entry, write_tile_index};
use khizana_media::MediaError;
use khizana_model::Problem;

use crate::PublishError;
use khizana_site::{Site, SiteError};

/// Width and height of a tile in pixels.
pub(crate) const TILE: u32 = 512;

/// Into parts of how many bytes a pack is cut where the host has no ranges. A tile of a photograph has
/// some 40 KB: a part is what lies around it, and a pack of 30 MB is 30 files.
pub(crate) const PART: u32 = 1 << 20;

/// Why a pack could not be written.
pub(crate) enum Failed {
    /// It is about this picture alone.
    Media(MediaError),
    /// It is about this page of a document alone.
    Page(Box<Problem>),
    /// It is about the site.
    Site(PublishError),
}

impl From<MediaError> for Failed {
    fn from(error: MediaError) -> Self {
        Failed::Media(error)
    }
}

impl From<SiteError> for Failed {
    fn from(error: SiteError) -> Self {
        Failed::Site(error.into())
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
/// `None` where the image has none, and where it has more than a reader takes, which no image has that
/// can be decoded.
pub(crate) fn write(
    site: &Site,
    image: &Image,
    mut spool: Spool,
    part: u32,
) -> Result<Option<TilePack>, PublishError> {
    let count = spool.levels.len() as u32;
    let size = (image.width, image.height);
    if count == 0 || pyramid_levels(image.width, image.height, TILE, count).is_none() {
        return Ok(None);
    }
    let folder = site.folder(&image.pack_path())?;
    let index = write_tile_index(size, TILE, count, &spool.entries());
    let pack = TilePack {
        tile: TILE,
        levels: count,
        index: index.len() as u32,
        sha256: hash_of(&index),
        bytes: index.len() as u64 + spool.bytes,
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

/// Some bytes of a pack that was published.
pub(crate) fn read(
    site: &Site,
    image: &Image,
    pack: &TilePack,
    offset: u64,
    bytes: u32,
) -> Result<Vec<u8>, PublishError> {
    let mut out = Vec::with_capacity(bytes as usize);
    let end = offset + u64::from(bytes);
    let mut start = 0;
    for (path, length) in files(image, pack) {
        let (from, to) = (offset.max(start), end.min(start + length));
        if from < to {
            let path = site.path(&path);
            File::open(&path)
                .and_then(|mut file| {
                    file.seek(SeekFrom::Start(from - start))?;
                    file.take(to - from).read_to_end(&mut out)
                })
                .map_err(PublishError::write(&path))?;
        }
        start += length;
    }
    Ok(out)
}

/// A file without a name, which is gone when it is closed.
fn temporary(folder: &Path) -> Result<File, PublishError> {
    tempfile::tempfile_in(folder).map_err(PublishError::write(folder))
}

/// Tiles in the order in which they are made: the rows of all levels in turn, where a pack has level
/// after level, the smallest first. They lie in a file, since those of a large image would take as
/// much memory as all else.
pub(crate) struct Spool {
    /// None before the first tile: most pictures have none.
    file: Option<BufWriter<File>>,
    folder: PathBuf,
    bytes: u64,
    levels: Vec<Vec<Spooled>>,
}

/// A tile in the spool.
struct Spooled {
    /// Where it begins.
    start: u64,
    /// What the index says of it.
    entry: (u32, [u8; 16]),
}

impl Spool {
    /// An empty one, on the disk of the folder in which the pack will lie.
    pub(crate) fn new(folder: &Path) -> Spool {
        Spool {
            file: None,
            folder: folder.into(),
            bytes: 0,
            levels: Vec::new(),
        }
    }

    /// Takes the next tile of a level.
    pub(crate) fn take(&mut self, level: u32, tile: &[u8]) -> Result<(), PublishError> {
        let level = level as usize;
        while self.levels.len() <= level {
            self.levels.push(Vec::new());
        }
        if let (Some(level), Some(entry)) = (self.levels.get_mut(level), tile_entry(tile)) {
            level.push(Spooled {
                start: self.bytes,
                entry,
            });
        }
        self.bytes += tile.len() as u64;
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::with_capacity(1 << 20, temporary(&self.folder)?)),
        };
        file.write_all(tile)
            .map_err(PublishError::write(&self.folder))
    }

    /// What the index says of the tiles, in the order of a pack.
    fn entries(&self) -> Vec<(u32, [u8; 16])> {
        let tiles = self.levels.iter().rev().flatten();
        tiles.map(|tile| tile.entry).collect()
    }

    /// Writes a pack: the index, then the tiles.
    fn pour(&mut self, index: &[u8], into: &mut File) -> io::Result<()> {
        let mut into = BufWriter::with_capacity(1 << 20, into);
        into.write_all(index)?;
        let Some(file) = &mut self.file else {
            return into.flush();
        };
        file.flush()?;
        let mut from = BufReader::with_capacity(1 << 18, file.get_ref());
        let mut at = u64::MAX;
        for tile in self.levels.iter().rev().flatten() {
            let length = u64::from(tile.entry.0);
            if at != tile.start {
                from.seek(SeekFrom::Start(tile.start))?;
            }
            io::copy(&mut (&mut from).take(length), &mut into)?;
            at = tile.start + length;
        }
        into.flush()
    }
}
