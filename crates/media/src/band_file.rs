//! Temporary files for rows that are too large to be kept in memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use crate::MediaError;

/// A matrix of bytes in a temporary file without a name, which is removed when it is closed.
///
/// A row of tiles of a very wide image is written row by row and read in groups of columns, or the
/// other way round. The operating system keeps the file in its cache while there is free memory.
pub(crate) struct BandFile {
    file: File,
    /// Number of bytes per row.
    stride: usize,
}

/// A part of each row of a [`BandFile`], in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns {
    pub start: usize,
    pub length: usize,
}

impl BandFile {
    /// Creates an empty file for rows of `stride` bytes.
    pub fn new(stride: usize) -> Result<BandFile, MediaError> {
        let file = tempfile::tempfile().map_err(MediaError::temporary_file)?;
        Ok(BandFile { file, stride })
    }

    fn seek(&self, row: usize, start: usize) -> io::Result<&File> {
        let position = row as u64 * self.stride as u64 + start as u64;
        let mut file = &self.file;
        file.seek(SeekFrom::Start(position))?;
        Ok(file)
    }

    /// Writes complete rows, of which the first has the number `row`.
    pub fn write_rows(&self, row: usize, rows: &[u8]) -> Result<(), MediaError> {
        self.seek(row, 0)
            .and_then(|mut file| file.write_all(rows))
            .map_err(MediaError::temporary_file)
    }

    /// Reads complete rows, of which the first has the number `row`, until `rows` is full.
    pub fn read_rows(&self, row: usize, rows: &mut [u8]) -> Result<(), MediaError> {
        self.seek(row, 0)
            .and_then(|mut file| file.read_exact(rows))
            .map_err(MediaError::temporary_file)
    }

    /// Writes these columns of the first rows, which `pixels` contains without padding.
    pub fn write_columns(&self, columns: Columns, pixels: &[u8]) -> Result<(), MediaError> {
        for (row, pixels) in pixels.chunks_exact(columns.length.max(1)).enumerate() {
            self.seek(row, columns.start)
                .and_then(|mut file| file.write_all(pixels))
                .map_err(MediaError::temporary_file)?;
        }
        Ok(())
    }

    /// Reads these columns of the first rows until `pixels` is full.
    pub fn read_columns(&self, columns: Columns, pixels: &mut [u8]) -> Result<(), MediaError> {
        for (row, pixels) in pixels.chunks_exact_mut(columns.length.max(1)).enumerate() {
            self.seek(row, columns.start)
                .and_then(|mut file| file.read_exact(pixels))
                .map_err(MediaError::temporary_file)?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_in_columns_what_was_written_in_rows_and_the_reverse() {
        let rows: Vec<u8> = (0..60).collect();
        let file = BandFile::new(10).unwrap();
        file.write_rows(0, &rows[..20]).unwrap();
        file.write_rows(2, &rows[20..]).unwrap();
        let columns = Columns {
            start: 3,
            length: 4,
        };
        let mut pixels = [0; 24];
        file.read_columns(columns, &mut pixels).unwrap();
        let expected: Vec<u8> = rows.chunks(10).flat_map(|row| row[3..7].to_vec()).collect();
        assert_eq!(pixels[..], expected);

        file.write_columns(columns, &[7; 24]).unwrap();
        let mut two_rows = [0; 20];
        file.read_rows(4, &mut two_rows).unwrap();
        assert_eq!(two_rows[..10], [40, 41, 42, 7, 7, 7, 7, 47, 48, 49]);
        assert_eq!(two_rows[10..13], [50, 51, 52]);
    }

    #[test]
    fn reports_a_file_that_cannot_be_written_or_is_too_short() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("band");
        std::fs::write(&path, [1; 5]).unwrap();
        let file = BandFile {
            file: File::open(&path).unwrap(),
            stride: 10,
        };
        let errors = [
            file.write_rows(0, &[0; 10]).unwrap_err(),
            file.read_rows(0, &mut [0; 10]).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.code(), "image-temporary-file");
            assert!(error.hint().contains("TMPDIR"));
        }
    }
}
