//! Validation of text files.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use khizana_model::Utf8Check;

/// Returns the offset of the first byte of a file that is not UTF-8; `None` if all of it is.
pub fn first_invalid_byte(path: &Path) -> io::Result<Option<u64>> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut check = Utf8Check::default();
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(check.finish().err());
        }
        if let Err(byte) = check.update(chunk) {
            return Ok(Some(byte));
        }
        let length = chunk.len();
        reader.consume(length);
    }
}
