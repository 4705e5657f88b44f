//! Inspection of tile packs.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use khizana_format::{MAX_TILES, TileIndex, hash_of};
use khizana_model::{Hash, Message, message};
use khizana_model::{Problem, printable};
use serde::Serialize;

/// Maximum size of the index of a pack, in bytes. The index consists of the header, and the length
/// and hash of each tile.
const MAX_INDEX_BYTES: u64 = 24 + 21 * MAX_TILES as u64;

/// An error that prevents a tile pack from being inspected.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum PackError {
    /// The file cannot be read.
    Unreadable {
        /// The path of the file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The file does not start with a valid index.
    NotAPack(PathBuf),
}

impl PackError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            PackError::Unreadable { path, source } => message!(
                "cannot read {path}: {error}",
                path = path.display(),
                error = source
            ),
            PackError::NotAPack(path) => message!(
                "{path} is not a tile pack, or its index is damaged",
                path = path.display()
            ),
        }
    }

    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            PackError::Unreadable { .. } => "pack-unreadable",
            PackError::NotAPack(_) => "pack-invalid",
        }
    }

    /// Returns the hint for the user.
    pub fn hint(&self) -> &'static str {
        match self {
            PackError::Unreadable { .. } => {
                "Check that the file exists and that you have permission to read it."
            }
            PackError::NotAPack(_) => {
                "Specify the path of a `tiles.pack` file in a published site. If the file is damaged, publish the archive again."
            }
        }
    }
}

/// The result of [`inspect_pack`]. Its JSON members are stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackReport {
    /// Width of the image in pixels.
    pub width: u32,
    /// Height of the image in pixels.
    pub height: u32,
    /// Width and height of a tile in pixels.
    pub tile: u32,
    /// Length of the index in bytes.
    pub index: u32,
    /// SHA-256 of the index. The record of the image contains the same hash.
    pub sha256: Hash,
    /// Length of the file in bytes, according to the index.
    pub bytes: u64,
    /// The levels, from the full size to the smallest.
    pub levels: Vec<LevelReport>,
    /// The problems of the pack. Empty if the pack is intact.
    pub problems: Vec<Problem>,
}

/// A level of a tile pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelReport {
    /// Width of the level in pixels.
    pub width: u32,
    /// Height of the level in pixels.
    pub height: u32,
    /// Number of columns of tiles.
    pub columns: u32,
    /// Number of rows of tiles.
    pub rows: u32,
    /// Number of tiles.
    pub tiles: u32,
    /// Total length of the tiles in bytes.
    pub bytes: u64,
    /// Column and row of each tile that does not match its hash.
    pub damaged: Vec<(u32, u32)>,
}

/// Reads a tile pack and checks the hash of each tile.
///
/// # Errors
/// Returns an error if the file cannot be read or does not start with a valid index.
pub fn inspect_pack(path: &Path) -> Result<PackReport, PackError> {
    let unreadable = |source| PackError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let open = || File::open(path).map(BufReader::new).map_err(unreadable);
    let mut head = Vec::new();
    open()?
        .take(MAX_INDEX_BYTES)
        .read_to_end(&mut head)
        .map_err(unreadable)?;
    let index = TileIndex::read(&head).ok_or_else(|| PackError::NotAPack(path.to_owned()))?;
    let sha256 = hash_of(head.get(..index.len as usize).unwrap_or(&head));
    drop(head);

    // The tiles are stored without gaps, and the smallest level comes first.
    let mut file = open()?;
    skip(&mut file, u64::from(index.len)).map_err(unreadable)?;
    let mut levels = Vec::new();
    for (number, level) in index.levels.iter().enumerate().rev() {
        let mut report = LevelReport {
            width: level.width,
            height: level.height,
            columns: level.columns,
            rows: level.rows,
            tiles: level.columns * level.rows,
            bytes: 0,
            damaged: Vec::new(),
        };
        for row in 0..level.rows {
            for column in 0..level.columns {
                let Some(tile) = index.tile(number, column, row) else {
                    continue;
                };
                report.bytes += u64::from(tile.len);
                let mut bytes = Vec::new();
                file.by_ref()
                    .take(u64::from(tile.len))
                    .read_to_end(&mut bytes)
                    .map_err(unreadable)?;
                if !tile.matches(&bytes) {
                    report.damaged.push((column, row));
                }
            }
        }
        levels.push(report);
    }
    levels.reverse();
    let excess = io::copy(&mut file, &mut io::sink()).map_err(unreadable)?;

    let problem = |code, message: Message| {
        Problem::error(
            code,
            message,
            "Publish the archive again, and check the disk for errors.",
        )
        .in_file(printable(&path.display().to_string()))
    };
    let mut problems: Vec<Problem> = (0..)
        .zip(&levels)
        .flat_map(|(number, level): (u32, &LevelReport)| {
            level.damaged.iter().map(move |position| (number, position))
        })
        .map(|(level, (column, row))| {
            let message = message!(
                "The tile at level {level}, column {column}, row {row} does not match its hash.",
                level,
                column,
                row
            );
            problem("tile-damaged", message)
        })
        .collect();
    if excess > 0 {
        let message = message!("The file has {excess} bytes after the last tile.", excess);
        problems.push(problem("pack-too-long", message));
    }
    Ok(PackReport {
        width: index.width,
        height: index.height,
        tile: index.tile,
        index: index.len,
        sha256,
        bytes: index.pack_len(),
        levels,
        problems,
    })
}

fn skip(file: &mut impl Read, bytes: u64) -> io::Result<()> {
    io::copy(&mut file.take(bytes), &mut io::sink()).map(|_| ())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use khizana_format::{tile_entry, write_tile_index};

    use super::*;

    /// Returns the pack of an image of 1,025 × 600 pixels. Its two levels have 2 × 1 and 3 × 2
    /// tiles.
    fn pack() -> Vec<u8> {
        let tiles: Vec<Vec<u8>> = (1..=8u8).map(|n| vec![n; 50]).collect();
        let entries: Vec<_> = tiles.iter().map(|tile| tile_entry(tile).unwrap()).collect();
        let mut file = write_tile_index((1_025, 600), 512, 2, &entries);
        file.extend(tiles.concat());
        file
    }

    fn inspect_bytes(bytes: &[u8]) -> Result<PackReport, PackError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tiles.pack");
        std::fs::write(&path, bytes).unwrap();
        inspect_pack(&path)
    }

    fn damaged_tiles(report: &PackReport) -> Vec<Vec<(u32, u32)>> {
        let levels = report.levels.iter();
        levels.map(|level| level.damaged.clone()).collect()
    }

    #[test]
    fn reports_the_levels_of_an_intact_pack() {
        let file = pack();
        let report = inspect_bytes(&file).unwrap();
        assert_eq!(
            (report.width, report.height, report.tile),
            (1_025, 600, 512)
        );
        assert_eq!(report.bytes, file.len() as u64);
        assert_eq!(report.sha256, hash_of(&file[..report.index as usize]));
        let summary = |level: &LevelReport| {
            (
                level.width,
                level.columns,
                level.rows,
                level.tiles,
                level.bytes,
            )
        };
        let levels: Vec<_> = report.levels.iter().map(summary).collect();
        assert_eq!(levels, [(1_025, 3, 2, 6, 300), (513, 2, 1, 2, 100)]);
        assert_eq!(report.problems, []);
    }

    #[test]
    fn reports_damaged_tiles() {
        let mut file = pack();
        let end = file.len();
        // Damages the last tile of level 0 and the first tile of level 1.
        file[end - 1] ^= 1;
        file[end - 8 * 50] ^= 1;
        let report = inspect_bytes(&file).unwrap();
        assert_eq!(damaged_tiles(&report), [vec![(2, 1)], vec![(0, 0)]]);
        assert_eq!(report.problems.len(), 2);
        assert_eq!(report.problems[0].code, "tile-damaged");
        let message = &report.problems[0].message;
        assert!(message.contains("level 0, column 2, row 1"), "{message}");
    }

    #[test]
    fn reports_truncated_and_too_long_packs() {
        let file = pack();
        let report = inspect_bytes(&file[..file.len() - 60]).unwrap();
        assert_eq!(damaged_tiles(&report), [vec![(1, 1), (2, 1)], vec![]]);
        let report = inspect_bytes(&[&file[..], b"more"].concat()).unwrap();
        assert_eq!(damaged_tiles(&report), [vec![], vec![]]);
        assert_eq!(report.problems[0].code, "pack-too-long");
    }

    #[test]
    fn rejects_files_without_a_valid_index() {
        let file = pack();
        let index = inspect_bytes(&file).unwrap().index as usize;
        for end in [0, 3, 4, index - 1] {
            assert_eq!(
                inspect_bytes(&file[..end]).unwrap_err().code(),
                "pack-invalid"
            );
        }
        let dir = tempfile::tempdir().unwrap();
        let error = inspect_pack(&dir.path().join("none")).unwrap_err();
        assert_eq!(error.code(), "pack-unreadable");
        assert!(!error.hint().is_empty());
    }
}
