//! Validation of the encoding of text files.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use khizana_model::{Utf8Check, Utf8Error};

/// Returns the position of the first byte of a file that is not valid UTF-8. Returns `None` if the
/// whole file is valid.
pub fn first_invalid_byte(path: &Path) -> io::Result<Option<Utf8Error>> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut check = Utf8Check::default();
    loop {
        let chunk = reader.fill_buf()?;
        if chunk.is_empty() {
            return Ok(check.finish().err());
        }
        if let Err(error) = check.update(chunk) {
            return Ok(Some(error));
        }
        let length = chunk.len();
        reader.consume(length);
    }
}
