//! Validation of UTF-8.

/// A UTF-8 validator for data that arrives in chunks; a character may span two of them.
#[derive(Debug, Default)]
pub struct Utf8Check {
    pending: Vec<u8>,
    /// Number of valid bytes so far.
    valid: u64,
}

impl Utf8Check {
    /// Validates the next chunk.
    ///
    /// # Errors
    /// The offset of the first invalid byte, from the beginning of the data.
    pub fn update(&mut self, chunk: &[u8]) -> Result<(), u64> {
        let mut rest = chunk;
        while !self.pending.is_empty() {
            let Some((next, after)) = rest.split_first() else {
                return Ok(());
            };
            self.pending.push(*next);
            rest = after;
            match std::str::from_utf8(&self.pending) {
                Ok(whole) => {
                    self.valid += whole.len() as u64;
                    self.pending.clear();
                }
                Err(error) if error.error_len().is_some() => return Err(self.valid),
                Err(_) => {}
            }
        }
        match std::str::from_utf8(rest) {
            Ok(_) => self.valid += rest.len() as u64,
            Err(error) => {
                self.valid += error.valid_up_to() as u64;
                if error.error_len().is_some() {
                    return Err(self.valid);
                }
                self.pending = rest.get(error.valid_up_to()..).unwrap_or_default().into();
            }
        }
        Ok(())
    }

    /// Ends the data, which must not end within a character.
    ///
    /// # Errors
    /// The offset of the character that is cut.
    pub fn finish(&self) -> Result<(), u64> {
        match self.pending.is_empty() {
            true => Ok(()),
            false => Err(self.valid),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_character_may_span_chunks() {
        let mut check = Utf8Check::default();
        for byte in "عربي 𐎀".bytes() {
            check.update(&[byte]).unwrap();
        }
        check.finish().unwrap();
    }

    #[test]
    fn the_offset_of_the_first_invalid_byte_is_reported() {
        let mut check = Utf8Check::default();
        check.update("ab\u{639}".as_bytes()).unwrap();
        assert_eq!(check.update(b"c\xff"), Err(5));
        let mut check = Utf8Check::default();
        check.update(b"abc\xd8").unwrap();
        assert_eq!(check.finish(), Err(3));
    }
}
