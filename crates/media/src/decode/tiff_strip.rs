//! Decoding of the strips of a TIFF row by row: uncompressed or compressed with PackBits, LZW or
//! Deflate.
//!
//! The crate `tiff` decodes a strip in one piece. A strip may be as high as the image.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Take};
use std::path::Path;

use flate2::bufread::ZlibDecoder;
use tiff::tags::ByteOrder;

use crate::MediaError;
use crate::decode::open;

/// The compression of a strip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    None,
    PackBits,
    Lzw,
    Deflate,
}

impl Compression {
    /// Returns the compression with the given value of the tag Compression, or `None` if strips with
    /// this compression cannot be decoded row by row.
    pub fn from_tag(value: u32) -> Option<Compression> {
        match value {
            1 => Some(Compression::None),
            5 => Some(Compression::Lzw),
            8 | 32_946 => Some(Compression::Deflate),
            32_773 => Some(Compression::PackBits),
            _ => None,
        }
    }
}

/// The form in which the rows of a strip are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowFormat {
    pub compression: Compression,
    pub byte_order: ByteOrder,
    /// `true` if each sample is the difference from the same sample of the preceding pixel.
    pub is_predicted: bool,
    /// `true` if 0 means white.
    pub is_inverted: bool,
    /// Number of bits per sample: 1, 2, 4, 8 or 16.
    pub bits: u8,
    /// Number of stored samples per pixel.
    pub stored_samples: usize,
    /// Number of samples per pixel that are returned: the first of the stored samples.
    pub samples: usize,
    /// Number of pixels per row.
    pub width: usize,
}

impl RowFormat {
    /// Returns the number of bytes of a row before compression.
    fn stored_bytes(&self) -> usize {
        (self.width * self.stored_samples * usize::from(self.bits)).div_ceil(8)
    }
}

/// A reader of the rows of a strip.
pub(super) struct StripReader {
    source: Box<dyn Read>,
    format: RowFormat,
    row: Vec<u8>,
}

impl StripReader {
    /// Opens a strip that has `length` bytes in the file, starting at `offset`.
    ///
    /// The length is ignored where the data define it, because some writers declare it wrongly.
    pub fn open(
        path: &Path,
        (offset, length): (u64, u64),
        format: RowFormat,
    ) -> Result<StripReader, MediaError> {
        let mut file = open(path)?;
        let length = match format.compression {
            Compression::None | Compression::Deflate => u64::MAX,
            Compression::PackBits | Compression::Lzw => length,
        };
        file.seek(SeekFrom::Start(offset))
            .map_err(|e| MediaError::unreadable(path, e))?;
        let bytes = BufReader::with_capacity(BUFFER_BYTES, file.into_inner().take(length));
        let source: Box<dyn Read> = match format.compression {
            Compression::None => Box::new(bytes),
            Compression::PackBits => Box::new(PackBitsReader::new(bytes)),
            Compression::Lzw => Box::new(LzwReader::new(bytes)),
            Compression::Deflate => Box::new(ZlibDecoder::new(bytes)),
        };
        Ok(StripReader {
            source,
            format,
            row: vec![0; format.stored_bytes()],
        })
    }

    /// Reads the next row of samples of at most 8 bits, and appends it to `out`. Samples of less than
    /// 8 bits are packed.
    pub fn read_row(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        self.source.read_exact(&mut self.row)?;
        let format = self.format;
        if format.is_predicted {
            add_differences(&mut self.row, format.stored_samples);
        }
        if format.is_inverted {
            self.row.iter_mut().for_each(|sample| *sample = !*sample);
        }
        if format.samples == format.stored_samples {
            out.extend_from_slice(&self.row);
        } else {
            let pixels = self.row.chunks_exact(format.stored_samples.max(1));
            out.extend(pixels.flat_map(|pixel| pixel.iter().take(format.samples)));
        }
        Ok(())
    }

    /// Reads the next row of samples of 16 bits, and appends it to `out`.
    pub fn read_row_16(&mut self, out: &mut Vec<u16>) -> io::Result<()> {
        self.source.read_exact(&mut self.row)?;
        let format = self.format;
        let read = match format.byte_order {
            ByteOrder::LittleEndian => u16::from_le_bytes,
            ByteOrder::BigEndian => u16::from_be_bytes,
        };
        let mut previous = vec![0_u16; format.stored_samples];
        let mask = if format.is_inverted { u16::MAX } else { 0 };
        for pixel in self.row.as_chunks().0.chunks(format.stored_samples.max(1)) {
            for (index, (bytes, previous)) in pixel.iter().zip(&mut previous).enumerate() {
                let mut sample = read(*bytes);
                if format.is_predicted {
                    sample = sample.wrapping_add(*previous);
                    *previous = sample;
                }
                if index < format.samples {
                    out.push(sample ^ mask);
                }
            }
        }
        Ok(())
    }
}

const BUFFER_BYTES: usize = 256 << 10;

/// Adds to each byte the byte of the same sample of the preceding pixel.
fn add_differences(row: &mut [u8], samples: usize) {
    /// Adds with a number of samples that is known at compile time.
    fn add<const SAMPLES: usize>(row: &mut [u8]) {
        let mut sums = [0_u8; SAMPLES];
        for pixel in row.as_chunks_mut::<SAMPLES>().0 {
            for (sample, sum) in pixel.iter_mut().zip(&mut sums) {
                *sum = sum.wrapping_add(*sample);
                *sample = *sum;
            }
        }
    }
    match samples {
        1 => add::<1>(row),
        3 => add::<3>(row),
        4 => add::<4>(row),
        _ => {
            for at in samples..row.len() {
                let previous = row.get(at - samples).copied().unwrap_or_default();
                if let Some(sample) = row.get_mut(at) {
                    *sample = sample.wrapping_add(previous);
                }
            }
        }
    }
}

/// The compressed bytes of a strip.
type StripBytes = BufReader<Take<File>>;

/// A decoder of PackBits (TIFF 6.0, section 9).
struct PackBitsReader {
    source: StripBytes,
    run: Run,
}

/// A run of bytes in PackBits, and the number of bytes that are left of it.
enum Run {
    Literal(usize),
    Repeated(u8, usize),
}

impl PackBitsReader {
    fn new(source: StripBytes) -> PackBitsReader {
        PackBitsReader {
            source,
            run: Run::Literal(0),
        }
    }

    /// Returns the next byte, or `None` at the end of the strip.
    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.source.fill_buf()?.first().copied();
        self.source.consume(usize::from(byte.is_some()));
        Ok(byte)
    }
}

impl Read for PackBitsReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while let Run::Literal(0) | Run::Repeated(_, 0) = self.run {
            let Some(header) = self.byte()? else {
                return Ok(0);
            };
            self.run = match header.cast_signed() {
                // This value has no meaning.
                i8::MIN => continue,
                count @ ..0 => match self.byte()? {
                    Some(byte) => Run::Repeated(byte, usize::from(count.unsigned_abs()) + 1),
                    None => return Ok(0),
                },
                count => Run::Literal(usize::from(count.unsigned_abs()) + 1),
            };
        }
        let (read, left) = match &mut self.run {
            Run::Literal(left) => {
                let length = (*left).min(out.len());
                let read = self
                    .source
                    .read(out.get_mut(..length).unwrap_or_default())?;
                if read == 0 && length > 0 {
                    return Ok(0);
                }
                (read, left)
            }
            Run::Repeated(byte, left) => {
                let length = (*left).min(out.len());
                out.get_mut(..length).unwrap_or_default().fill(*byte);
                (length, left)
            }
        };
        *left -= read;
        Ok(read)
    }
}

/// A decoder of LZW (TIFF 6.0, section 13).
struct LzwReader {
    source: StripBytes,
    decoder: weezl::decode::Decoder,
}

impl LzwReader {
    fn new(source: StripBytes) -> LzwReader {
        let configuration =
            weezl::decode::Configuration::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
        LzwReader {
            source,
            decoder: configuration.with_yield_on_full_buffer(true).build(),
        }
    }
}

impl Read for LzwReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        /// Number of calls of the decoder without visible progress, after which the strip has ended.
        /// A code that clears the table may have been buffered by an earlier call.
        const MAX_IDLE_CALLS: u32 = 3;
        let mut idle_calls = 0;
        loop {
            let result = self.decoder.decode_bytes(self.source.fill_buf()?, out);
            self.source.consume(result.consumed_in);
            let status = result
                .status
                .map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
            if result.consumed_out > 0 || matches!(status, weezl::LzwStatus::Done) {
                return Ok(result.consumed_out);
            }
            idle_calls = match result.consumed_in {
                0 => idle_calls + 1,
                _ => 0,
            };
            // The strip may end without the code for its end.
            if idle_calls == MAX_IDLE_CALLS {
                return Ok(0);
            }
        }
    }
}
