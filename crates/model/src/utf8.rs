//! Validation of UTF-8.

/// The position of the first byte that is not valid UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Utf8Error {
    /// Offset from the beginning of the data, in bytes.
    pub offset: u64,
    /// Line number, starting at 1.
    pub line: u64,
    /// Column in the line, in characters, starting at 1.
    pub column: u64,
}

/// A UTF-8 validator for data that arrives in chunks. A character may span several chunks.
#[derive(Debug, Default)]
pub struct Utf8Check {
    /// The first bytes of a character that continues in the next chunk.
    pending: Vec<u8>,
    /// Number of valid bytes so far.
    valid: u64,
    /// Number of line feeds so far.
    line_feeds: u64,
    /// Number of characters after the last line feed.
    characters: u64,
}

impl Utf8Check {
    /// Validates the next chunk.
    ///
    /// # Errors
    /// Returns the position of the first invalid byte, relative to the beginning of the data.
    pub fn update(&mut self, chunk: &[u8]) -> Result<(), Utf8Error> {
        let mut rest = chunk;
        while !self.pending.is_empty() {
            let Some((next, after)) = rest.split_first() else {
                return Ok(());
            };
            self.pending.push(*next);
            rest = after;
            let pending = std::mem::take(&mut self.pending);
            match std::str::from_utf8(&pending) {
                Ok(character) => self.accept(character),
                Err(error) if error.error_len().is_some() => return Err(self.error()),
                Err(_) => self.pending = pending,
            }
        }
        match std::str::from_utf8(rest) {
            Ok(text) => self.accept(text),
            Err(error) => {
                let (text, invalid) = rest.split_at(error.valid_up_to());
                self.accept(std::str::from_utf8(text).unwrap_or_default());
                if error.error_len().is_some() {
                    return Err(self.error());
                }
                self.pending = invalid.into();
            }
        }
        Ok(())
    }

    /// Ends the validation.
    ///
    /// # Errors
    /// Returns the position of the last character if the character is incomplete.
    pub fn finish(&self) -> Result<(), Utf8Error> {
        match self.pending.is_empty() {
            true => Ok(()),
            false => Err(self.error()),
        }
    }

    fn accept(&mut self, text: &str) {
        self.valid += text.len() as u64;
        let line = match text.rsplit_once('\n') {
            Some((_, line)) => {
                let line_feeds = text.bytes().filter(|byte| *byte == b'\n');
                self.line_feeds += line_feeds.count() as u64;
                self.characters = 0;
                line
            }
            None => text,
        };
        self.characters += line.chars().count() as u64;
    }

    fn error(&self) -> Utf8Error {
        Utf8Error {
            offset: self.valid,
            line: self.line_feeds + 1,
            column: self.characters + 1,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn accepts_characters_that_span_chunks() {
        let mut check = Utf8Check::default();
        for byte in "عربي 𐎀".bytes() {
            check.update(&[byte]).unwrap();
        }
        check.finish().unwrap();
    }

    #[test]
    fn reports_the_position_of_the_first_invalid_byte() {
        let text = "خزانة\r\nكتب ".as_bytes();
        let error = Utf8Error {
            offset: text.len() as u64,
            line: 2,
            column: 5,
        };
        for split in 0..text.len() {
            let (start, end) = text.split_at(split);
            let mut check = Utf8Check::default();
            check.update(start).unwrap();
            check.update(end).unwrap();
            assert_eq!(check.update(b"\xff"), Err(error));
        }
        let mut check = Utf8Check::default();
        check.update(text).unwrap();
        check.update(b"\xd8").unwrap();
        assert_eq!(check.finish(), Err(error));
        assert_eq!(check.update(b"a"), Err(error));
    }
}
