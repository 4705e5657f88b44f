//! What a tile pack holds, and whether it is what it was.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use khizana_format::{MAX_TILES, TileIndex, hash_of};
use khizana_model::Hash;
use khizana_model::{Problem, printable};
use serde::Serialize;

/// The longest index of a pack, in bytes: what it begins with, and of each tile its length and hash.
const MOST_INDEX: u64 = 24 + 21 * MAX_TILES as u64;

/// Why a tile pack cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The file cannot be read.
    #[error("{} cannot be read: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It does not begin with an index that can be read.
    #[error("{} is not a tile pack: it has no index, or its index is damaged", .0.display())]
    NotAPack(PathBuf),
}

impl PackError {
    /// A stable name for the error.
    pub fn code(&self) -> &'static str {
        match self {
            PackError::Unreadable { .. } => "pack-unreadable",
            PackError::NotAPack(_) => "pack-invalid",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            PackError::Unreadable { .. } => "check that the file exists and that you may read it",
            PackError::NotAPack(_) => {
                "name a file tiles.pack of a published archive; if it is one, publish again"
            }
        }
    }
}

/// What a pack holds; its JSON is stable.
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
    /// SHA-256 of the index, which the record of the image names.
    pub sha256: Hash,
    /// Length of the file in bytes, as the index says.
    pub bytes: u64,
    /// The levels, the whole image first.
    pub levels: Vec<LevelReport>,
    /// What is wrong; empty where all is as it was published.
    pub problems: Vec<Problem>,
}

/// One level of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelReport {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How many tiles stand side by side.
    pub columns: u32,
    /// How many stand one below the other.
    pub rows: u32,
    /// How many tiles it has.
    pub tiles: u32,
    /// Their length in bytes.
    pub bytes: u64,
    /// Tiles that are not what was published, each as its column and its row.
    pub damaged: Vec<(u32, u32)>,
}

/// Reads a tile pack and hashes each of its tiles.
///
/// # Errors
/// Where the file cannot be read, and where it does not begin with an index.
pub fn inspect_pack(path: &Path) -> Result<PackReport, PackError> {
    let unreadable = |source| PackError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let open = || File::open(path).map(BufReader::new).map_err(unreadable);
    let mut head = Vec::new();
    open()?
        .take(MOST_INDEX)
        .read_to_end(&mut head)
        .map_err(unreadable)?;
    let index = TileIndex::read(&head).ok_or_else(|| PackError::NotAPack(path.to_owned()))?;
    let own = head.get(..index.len as usize).unwrap_or(&head);
    let sha256 = hash_of(own);
    drop(head);

    // The tiles follow one another, the smallest level first.
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
    let behind = io::copy(&mut file, &mut io::sink()).map_err(unreadable)?;

    let problem = |code, message: String| {
        Problem::error(
            code,
            message,
            "Publish the archive again, and check the disk.",
        )
        .in_file(printable(&path.display().to_string()))
    };
    let mut problems: Vec<Problem> = (0..)
        .zip(&levels)
        .flat_map(|(number, level): (u32, &LevelReport)| {
            level.damaged.iter().map(move |at| (number, at))
        })
        .map(|(level, (column, row))| {
            let message = format!(
                "The tile of level {level}, column {column}, row {row} differs from the tile that was published."
            );
            problem("tile-damaged", message)
        })
        .collect();
    if behind > 0 {
        let message = format!("{behind} bytes follow the last tile.");
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

    /// 1,025 × 600 in two levels: tiles of 2 × 1 and 3 × 2.
    fn pack() -> Vec<u8> {
        let tiles: Vec<Vec<u8>> = (1..=8u8).map(|n| vec![n; 50]).collect();
        let entries: Vec<_> = tiles.iter().map(|tile| tile_entry(tile).unwrap()).collect();
        let mut file = write_tile_index((1_025, 600), 512, 2, &entries);
        file.extend(tiles.concat());
        file
    }

    fn inspected(bytes: &[u8]) -> Result<PackReport, PackError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tiles.pack");
        std::fs::write(&path, bytes).unwrap();
        inspect_pack(&path)
    }

    fn damaged(report: &PackReport) -> Vec<Vec<(u32, u32)>> {
        let levels = report.levels.iter();
        levels.map(|level| level.damaged.clone()).collect()
    }

    #[test]
    fn a_whole_pack_is_told_level_by_level() {
        let file = pack();
        let report = inspected(&file).unwrap();
        assert_eq!(
            (report.width, report.height, report.tile),
            (1_025, 600, 512)
        );
        assert_eq!(report.bytes, file.len() as u64);
        assert_eq!(report.sha256, hash_of(&file[..report.index as usize]));
        let of = |level: &LevelReport| {
            (
                level.width,
                level.columns,
                level.rows,
                level.tiles,
                level.bytes,
            )
        };
        let levels: Vec<_> = report.levels.iter().map(of).collect();
        assert_eq!(levels, [(1_025, 3, 2, 6, 300), (513, 2, 1, 2, 100)]);
        assert_eq!(report.problems, []);
    }

    #[test]
    fn a_damaged_tile_is_named() {
        let mut file = pack();
        let end = file.len();
        // The third of the last row of level 0, and the first of level 1.
        file[end - 1] ^= 1;
        file[end - 8 * 50] ^= 1;
        let report = inspected(&file).unwrap();
        assert_eq!(damaged(&report), [vec![(2, 1)], vec![(0, 0)]]);
        assert_eq!(report.problems.len(), 2);
        assert_eq!(report.problems[0].code, "tile-damaged");
        let message = &report.problems[0].message;
        assert!(message.contains("level 0, column 2, row 1"), "{message}");
    }

    #[test]
    fn a_pack_cut_short_or_too_long_is_told() {
        let file = pack();
        let report = inspected(&file[..file.len() - 60]).unwrap();
        assert_eq!(damaged(&report), [vec![(1, 1), (2, 1)], vec![]]);
        let report = inspected(&[&file[..], b"more"].concat()).unwrap();
        assert_eq!(damaged(&report), [vec![], vec![]]);
        assert_eq!(report.problems[0].code, "pack-too-long");
    }

    #[test]
    fn what_is_no_pack_is_refused() {
        let file = pack();
        let index = inspected(&file).unwrap().index as usize;
        for end in [0, 3, 4, index - 1] {
            assert_eq!(inspected(&file[..end]).unwrap_err().code(), "pack-invalid");
        }
        let dir = tempfile::tempdir().unwrap();
        let error = inspect_pack(&dir.path().join("none")).unwrap_err();
        assert_eq!(error.code(), "pack-unreadable");
        assert!(!error.hint().is_empty());
    }
}
