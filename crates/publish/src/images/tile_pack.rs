//! Tile packs: files that contain all tiles of a large image, and from which readers fetch ranges.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use khizana_format::{Image, TilePack, hash_of, pyramid_levels, tile_entry, write_tile_index};

use crate::PublishError;
use khizana_site::Site;

/// Width and height of a tile in pixels.
pub(crate) const TILE_SIZE: u32 = 512;

/// Size of the parts of a pack if the host does not support range requests, in bytes.
///
/// A tile of a photograph takes about 40 KB, so a part contains a tile and its neighbours. A pack
/// of 30 MB has 30 parts.
pub(crate) const PART_SIZE: u32 = 1 << 20;

/// Returns `true` if the pack of an image has been published in parts of `part_size` bytes, or if
/// the image has no pack. A `part_size` of 0 stands for a single file. Marks the files of the pack
/// as part of this publication.
pub(crate) fn keep(site: &Site, image: &Image, part_size: u32) -> bool {
    let Some(pack) = &image.pack else { return true };
    pack.part == part_size && files(image, pack).all(|(path, bytes)| site.keep(&path, bytes))
}

/// Returns the path and the size in bytes of each file of a pack.
fn files(image: &Image, pack: &TilePack) -> impl Iterator<Item = (String, u64)> {
    let part_size = match pack.part {
        0 => pack.bytes.max(1),
        part_size => u64::from(part_size),
    };
    (0u32..)
        .zip((0..pack.bytes).step_by(usize::try_from(part_size).unwrap_or(usize::MAX)))
        .map(move |(number, start)| {
            let path = match pack.part {
                0 => image.pack_path(),
                _ => image.pack_part_path(number),
            };
            (path, part_size.min(pack.bytes - start))
        })
}

/// Writes the pack of an image in parts of `part_size` bytes, or as a single file if `part_size` is
/// 0.
///
/// Returns `None` if the image has no tiles or more tiles than the format supports. The limits of
/// the decoders exclude the second case.
pub(crate) fn write(
    site: &Site,
    image: &Image,
    mut spool: TileSpool,
    part_size: u32,
) -> Result<Option<TilePack>, PublishError> {
    let levels = spool.levels.len() as u32;
    let size = (image.width, image.height);
    if levels == 0 || pyramid_levels(image.width, image.height, TILE_SIZE, levels).is_none() {
        return Ok(None);
    }
    let folder = site.folder(&image.pack_path())?;
    let index = write_tile_index(size, TILE_SIZE, levels, &spool.entries());
    let pack = TilePack {
        tile: TILE_SIZE,
        levels,
        index: index.len() as u32,
        sha256: hash_of(&index),
        bytes: index.len() as u64 + spool.bytes,
        part: part_size,
    };
    if files(image, &pack).all(|(path, bytes)| site.keep(&path, bytes)) {
        return Ok(Some(pack));
    }
    if part_size == 0 {
        site.place(&image.pack_path(), pack.bytes, |target| {
            spool.write_pack(&index, &mut File::create(target)?)
        })?;
        return Ok(Some(pack));
    }
    let mut temporary = temporary_file(&folder)?;
    spool
        .write_pack(&index, &mut temporary)
        .map_err(PublishError::write(&folder))?;
    let mut start = 0;
    for (path, bytes) in files(image, &pack) {
        // The function is not called for parts that already exist.
        site.place(&path, bytes, |target| {
            (&temporary).seek(SeekFrom::Start(start))?;
            io::copy(&mut (&temporary).take(bytes), &mut File::create(target)?).map(|_| ())
        })?;
        start += bytes;
    }
    Ok(Some(pack))
}

/// Reads a range of a published pack.
pub(crate) fn read(
    site: &Site,
    image: &Image,
    pack: &TilePack,
    offset: u64,
    length: u32,
) -> Result<Vec<u8>, PublishError> {
    let mut out = Vec::with_capacity(length as usize);
    let end = offset + u64::from(length);
    let mut file_start = 0;
    for (path, file_length) in files(image, pack) {
        let (from, to) = (offset.max(file_start), end.min(file_start + file_length));
        if from < to {
            let path = site.path(&path);
            File::open(&path)
                .and_then(|mut file| {
                    file.seek(SeekFrom::Start(from - file_start))?;
                    file.take(to - from).read_to_end(&mut out)
                })
                .map_err(PublishError::write(&path))?;
        }
        file_start += file_length;
    }
    Ok(out)
}

/// Creates a temporary file without a name. It is removed when it is closed.
fn temporary_file(folder: &Path) -> Result<File, PublishError> {
    tempfile::tempfile_in(folder).map_err(PublishError::write(folder))
}

/// A temporary file that contains the tiles of an image in the order in which they are encoded.
///
/// Encoding produces the rows of all levels in an interleaved order. A pack contains the levels one
/// after another, starting with the smallest. If the tiles of a large image were kept in memory,
/// they would take as much as its decoding.
pub(crate) struct TileSpool {
    /// The temporary file. It is created for the first tile, because most images have no tiles.
    file: Option<BufWriter<File>>,
    folder: PathBuf,
    bytes: u64,
    levels: Vec<Vec<SpooledTile>>,
}

/// A tile in the temporary file.
struct SpooledTile {
    /// Offset in the temporary file, in bytes.
    start: u64,
    /// Length and truncated hash of the tile, as in the index of a pack.
    entry: (u32, [u8; 16]),
}

impl TileSpool {
    /// Creates an empty spool. `folder` is the folder of the pack, so that the temporary file is on
    /// the same file system.
    pub(crate) fn new(folder: &Path) -> TileSpool {
        TileSpool {
            file: None,
            folder: folder.into(),
            bytes: 0,
            levels: Vec::new(),
        }
    }

    /// Appends the next tile of a level.
    pub(crate) fn push(&mut self, level: u32, tile: &[u8]) -> Result<(), PublishError> {
        let level = level as usize;
        while self.levels.len() <= level {
            self.levels.push(Vec::new());
        }
        if let (Some(level), Some(entry)) = (self.levels.get_mut(level), tile_entry(tile)) {
            level.push(SpooledTile {
                start: self.bytes,
                entry,
            });
        }
        self.bytes += tile.len() as u64;
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::with_capacity(
                1 << 20,
                temporary_file(&self.folder)?,
            )),
        };
        file.write_all(tile)
            .map_err(PublishError::write(&self.folder))
    }

    /// Returns the index entries of the tiles, in the order in which a pack contains them.
    fn entries(&self) -> Vec<(u32, [u8; 16])> {
        let tiles = self.levels.iter().rev().flatten();
        tiles.map(|tile| tile.entry).collect()
    }

    /// Writes a pack: the index and the tiles.
    fn write_pack(&mut self, index: &[u8], target: &mut File) -> io::Result<()> {
        let mut target = BufWriter::with_capacity(1 << 20, target);
        target.write_all(index)?;
        let Some(file) = &mut self.file else {
            return target.flush();
        };
        file.flush()?;
        let mut source = BufReader::with_capacity(1 << 18, file.get_ref());
        let mut position = u64::MAX;
        for tile in self.levels.iter().rev().flatten() {
            let length = u64::from(tile.entry.0);
            if position != tile.start {
                source.seek(SeekFrom::Start(tile.start))?;
            }
            io::copy(&mut (&mut source).take(length), &mut target)?;
            position = tile.start + length;
        }
        target.flush()
    }
}
