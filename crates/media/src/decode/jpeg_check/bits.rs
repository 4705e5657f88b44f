//! Reading of the segments and of the bits of a JPEG (ITU-T T.81, annexes B.1.1 and F.2.2.5).

use std::io::{self, ErrorKind, Read};

use super::huffman::HuffmanTable;

const BUFFER_BYTES: usize = 256 << 10;

/// A reader of segments, which begin with a marker, and of the codes in scans.
pub(super) struct BitReader<R> {
    source: R,
    buffer: Vec<u8>,
    /// Index in the buffer of the next byte.
    at: usize,
    /// Bits that have been taken from the buffer, starting with the most significant one.
    bits: u64,
    /// Number of bits in `bits`.
    count: u8,
    /// The marker that ended the codes. They are continued by zeros.
    marker: Option<u8>,
}

impl<R: Read> BitReader<R> {
    pub fn new(source: R) -> BitReader<R> {
        BitReader {
            source,
            buffer: Vec::new(),
            at: 0,
            bits: 0,
            count: 0,
            marker: None,
        }
    }

    /// Reads more bytes into the buffer, in which at most a few are left.
    #[cold]
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let missing = BUFFER_BYTES - self.buffer.len();
        let mut source = (&mut self.source).take(missing as u64);
        source.read_to_end(&mut self.buffer).map(|_| ())
    }

    fn byte(&mut self) -> io::Result<u8> {
        if self.at == self.buffer.len() {
            self.fill()?;
        }
        let byte = self.buffer.get(self.at).copied();
        self.at += 1;
        // The usual message.
        byte.ok_or_else(|| {
            self.at = self.buffer.len();
            ErrorKind::UnexpectedEof.into()
        })
    }

    /// Returns the next marker. Other bytes before it are skipped.
    pub fn next_marker(&mut self) -> io::Result<u8> {
        if let Some(marker) = self.marker.take() {
            return Ok(marker);
        }
        while self.byte()? != 0xff {}
        loop {
            // A marker may be preceded by fill bytes.
            let marker = self.byte()?;
            if marker != 0xff {
                return Ok(marker);
            }
        }
    }

    /// Reads the content of the segment after a marker.
    pub fn read_segment(&mut self) -> io::Result<Vec<u8>> {
        let length = u16::from_be_bytes([self.byte()?, self.byte()?]);
        (2..length.max(2)).map(|_| self.byte()).collect()
    }

    /// Prepares for reading codes.
    pub fn begin_codes(&mut self) {
        (self.bits, self.count, self.marker) = (0, 0, None);
    }

    /// Skips the bits that fill the last byte, and looks for the marker after the codes.
    pub fn end_codes(&mut self) -> io::Result<()> {
        (self.bits, self.count) = (0, 0);
        self.refill()?;
        (self.bits, self.count) = (0, 0);
        Ok(())
    }

    /// Skips the restart marker at the current position. Returns its number, or `None` if there is
    /// no restart marker.
    pub fn take_restart(&mut self) -> io::Result<Option<u8>> {
        self.end_codes()?;
        match self.marker.take() {
            Some(marker @ 0xd0..=0xd7) => Ok(Some(marker & 7)),
            _ => Ok(None),
        }
    }

    /// Takes bytes from the buffer until there are more than 56 bits.
    #[inline]
    fn refill(&mut self) -> io::Result<()> {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
        if self.count > 56 {
            return Ok(());
        }
        if self.marker.is_none()
            && let Some(next) = self.buffer.get(self.at..).and_then(<[u8]>::first_chunk)
        {
            let word = u64::from_be_bytes(*next);
            // This is zero unless a byte is 0xff.
            if (!word).wrapping_sub(ONES) & word & HIGH_BITS == 0 {
                let bytes = (64 - self.count) / 8;
                // Further bits are added to those of the following byte, which are the same.
                self.bits |= word >> self.count;
                self.at += usize::from(bytes);
                self.count += bytes * 8;
                return Ok(());
            }
        }
        self.refill_by_byte()
    }

    fn refill_by_byte(&mut self) -> io::Result<()> {
        while self.count <= 56 {
            let mut byte = 0;
            if self.marker.is_none() {
                byte = self.byte()?;
            }
            if byte == 0xff {
                let mut next = self.byte()?;
                if next != 0 {
                    while next == 0xff {
                        next = self.byte()?;
                    }
                    self.marker = Some(next);
                    continue;
                }
            }
            self.bits |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
        Ok(())
    }

    /// Reads a code. Returns its value, or `None` if the table does not contain the code.
    #[inline]
    pub fn read_code(&mut self, table: &HuffmanTable) -> io::Result<Option<u8>> {
        // The code and the bits that follow it have at most 31 bits.
        if self.count < 32 {
            self.refill()?;
        }
        let Some((length, value)) = table.find((self.bits >> 48) as u16) else {
            return Ok(None);
        };
        self.skip(length);
        Ok(Some(value))
    }

    /// Skips up to 15 bits after a code.
    #[inline]
    pub fn skip(&mut self, bits: u8) {
        self.bits <<= bits;
        self.count -= bits;
    }
}
