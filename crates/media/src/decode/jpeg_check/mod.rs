//! Detection of damage in the scans of sequential JPEGs (ITU-T T.81) without decoding their pixels.
//!
//! The Huffman codes of all blocks are read, and their values are discarded. An image of any size
//! takes less than a megabyte of memory.

mod bits;
mod huffman;

use std::io::{self, Read};

use bits::BitReader;
use huffman::HuffmanTable;

/// The reason why the scans are not intact.
#[derive(Debug)]
pub(super) enum ScanError {
    /// The file could not be read, or ends too early.
    Io(io::Error),
    /// A segment between the scans is damaged.
    Segment,
    /// The codes are damaged. Contains the number of the row of pixels, counted from 1, at which an
    /// invalid code was found. The damage may be in an earlier row.
    Codes { row: u32 },
    /// A Huffman table is missing. In Motion JPEG, such tables have default values.
    MissingTable,
}

impl From<io::Error> for ScanError {
    fn from(error: io::Error) -> Self {
        ScanError::Io(error)
    }
}

/// Maximum number of blocks of a component per MCU in each direction.
const MAX_SAMPLING: u8 = 4;

/// A component of an image, such as its luma.
#[derive(Debug, Clone, Copy)]
struct Component {
    id: u8,
    /// Number of blocks side by side per MCU.
    across: u32,
    /// Number of blocks one above another per MCU.
    down: u32,
}

/// The dimensions and components of an image.
struct Frame {
    width: u32,
    height: u32,
    components: Vec<Component>,
}

/// A component in a scan, and the numbers of its tables.
struct ScanComponent {
    component: Component,
    dc: usize,
    ac: usize,
}

/// The tables that are in effect at the current position in the file.
#[derive(Default)]
struct Tables {
    dc: [Option<HuffmanTable>; 4],
    ac: [Option<HuffmanTable>; 4],
    /// Number of MCUs between two restart markers, or 0 if there are none.
    restart_interval: u32,
}

mod marker {
    pub const HUFFMAN_TABLES: u8 = 0xc4;
    pub const END_OF_IMAGE: u8 = 0xd9;
    pub const START_OF_SCAN: u8 = 0xda;
    pub const RESTART_INTERVAL: u8 = 0xdd;

    /// Returns `true` for the markers of all kinds of frames.
    pub fn is_frame(marker: u8) -> bool {
        matches!(marker, 0xc0..=0xcf) && !matches!(marker, HUFFMAN_TABLES | 0xc8 | 0xcc)
    }

    /// Returns `true` for markers that no segment follows, other than the end of the image.
    pub fn is_alone(marker: u8) -> bool {
        matches!(marker, 0x00 | 0x01 | 0xd0..=0xd8)
    }
}

/// Returns `true` if the first scan of a JPEG contains all components.
///
/// Unless it is progressive, the image is then complete after this scan.
pub(super) fn has_single_scan(file: impl Read) -> Result<bool, ScanError> {
    let mut reader = BitReader::new(file);
    let mut components = None;
    loop {
        let marker = reader.next_marker()?;
        if marker::is_alone(marker) {
            continue;
        }
        if marker == marker::END_OF_IMAGE {
            return Err(ScanError::Segment);
        }
        let segment = reader.read_segment()?;
        if marker::is_frame(marker) {
            components = segment.get(5).copied();
        } else if marker == marker::START_OF_SCAN {
            return Ok(components == segment.first().copied());
        }
    }
}

/// Reads all scans of a sequential JPEG with Huffman coding.
///
/// # Errors
/// Returns an error if the file is damaged or ends before the end-of-image marker.
pub(super) fn check(file: impl Read) -> Result<(), ScanError> {
    let mut reader = BitReader::new(file);
    let mut tables = Tables::default();
    let mut frame = None;
    loop {
        let marker = reader.next_marker()?;
        if marker::is_alone(marker) {
            continue;
        }
        if marker == marker::END_OF_IMAGE {
            return Ok(());
        }
        let segment = reader.read_segment()?;
        if marker::is_frame(marker) {
            frame = Some(read_frame(&segment).ok_or(ScanError::Segment)?);
            continue;
        }
        match marker {
            marker::HUFFMAN_TABLES => {
                read_huffman_tables(&segment, &mut tables).ok_or(ScanError::Segment)?;
            }
            marker::RESTART_INTERVAL => {
                let interval = segment.first_chunk().ok_or(ScanError::Segment)?;
                tables.restart_interval = u16::from_be_bytes(*interval).into();
            }
            marker::START_OF_SCAN => {
                let frame = frame.as_ref().ok_or(ScanError::Segment)?;
                let components = read_scan_header(&segment, frame).ok_or(ScanError::Segment)?;
                check_scan(&mut reader, frame, &components, &tables)?;
            }
            _ => {}
        }
    }
}

fn read_frame(segment: &[u8]) -> Option<Frame> {
    let (&[_precision, h1, h0, w1, w0, count], components) = segment.split_first_chunk()?;
    let components: Option<Vec<Component>> = components
        .as_chunks()
        .0
        .iter()
        .take(count.into())
        .map(|&[id, sampling, _table]| {
            let (across, down) = (sampling >> 4, sampling & 15);
            let is_valid = |n| (1..=MAX_SAMPLING).contains(&n);
            (is_valid(across) && is_valid(down)).then_some(Component {
                id,
                across: across.into(),
                down: down.into(),
            })
        })
        .collect();
    let components = components.filter(|all| all.len() == usize::from(count))?;
    (!components.is_empty()).then_some(Frame {
        width: u16::from_be_bytes([w1, w0]).into(),
        height: u16::from_be_bytes([h1, h0]).into(),
        components,
    })
}

fn read_huffman_tables(mut segment: &[u8], tables: &mut Tables) -> Option<()> {
    while let Some((&[class_and_number], rest)) = segment.split_first_chunk() {
        let (counts, rest) = rest.split_first_chunk::<16>()?;
        let total = counts.iter().map(|count| usize::from(*count)).sum();
        let (values, rest) = rest.split_at_checked(total)?;
        let class = match class_and_number >> 4 {
            0 => &mut tables.dc,
            1 => &mut tables.ac,
            _ => return None,
        };
        let table = class.get_mut(usize::from(class_and_number & 15))?;
        *table = Some(HuffmanTable::new(counts, values)?);
        segment = rest;
    }
    Some(())
}

fn read_scan_header(segment: &[u8], frame: &Frame) -> Option<Vec<ScanComponent>> {
    let (&[count], components) = segment.split_first_chunk()?;
    let components: Option<Vec<ScanComponent>> = components
        .as_chunks()
        .0
        .iter()
        .take(count.into())
        .map(|&[id, numbers]| {
            let component = frame.components.iter().find(|c| c.id == id)?;
            Some(ScanComponent {
                component: *component,
                dc: usize::from(numbers >> 4),
                ac: usize::from(numbers & 15),
            })
        })
        .collect();
    components.filter(|all| !all.is_empty() && all.len() == usize::from(count))
}

/// The tables of a block.
type BlockTables<'a> = (&'a HuffmanTable, &'a HuffmanTable);

fn check_scan(
    reader: &mut BitReader<impl Read>,
    frame: &Frame,
    components: &[ScanComponent],
    tables: &Tables,
) -> Result<(), ScanError> {
    let most = |number: fn(&Component) -> u32| frame.components.iter().map(number).max();
    let most_across = most(|c| c.across).unwrap_or(1);
    let most_down = most(|c| c.down).unwrap_or(1);
    // A scan with several components consists of MCUs, and one with a single component consists of
    // the blocks that the image covers.
    let (across, down, rows) = match components {
        [ScanComponent { component, .. }] => {
            let width = (frame.width * component.across).div_ceil(most_across);
            let height = (frame.height * component.down).div_ceil(most_down);
            let rows = 8 * most_down / component.down.max(1);
            (width.div_ceil(8), height.div_ceil(8), rows)
        }
        _ => {
            let (mcu_width, mcu_height) = (8 * most_across, 8 * most_down);
            let across = frame.width.div_ceil(mcu_width);
            (across, frame.height.div_ceil(mcu_height), mcu_height)
        }
    };
    let mut blocks: Vec<BlockTables> = Vec::new();
    for scan in components {
        let table = |of: &'_ [Option<HuffmanTable>; 4], number| match of.get(number) {
            Some(Some(_)) => Ok(number),
            _ => Err(ScanError::MissingTable),
        };
        let (dc, ac) = (table(&tables.dc, scan.dc)?, table(&tables.ac, scan.ac)?);
        let count = match components.len() {
            1 => 1,
            _ => scan.component.across * scan.component.down,
        };
        if let (Some(Some(dc)), Some(Some(ac))) = (tables.dc.get(dc), tables.ac.get(ac)) {
            blocks.extend((0..count).map(|_| (dc, ac)));
        }
    }
    reader.begin_codes();
    let mut until_restart = tables.restart_interval;
    let mut expected_restart = 0;
    for mcu_row in 0..down {
        let damaged = || ScanError::Codes {
            row: mcu_row * rows + 1,
        };
        for _ in 0..across {
            if tables.restart_interval > 0 {
                if until_restart == 0 {
                    if reader.take_restart()? != Some(expected_restart) {
                        return Err(damaged());
                    }
                    expected_restart = (expected_restart + 1) % 8;
                    until_restart = tables.restart_interval;
                }
                until_restart -= 1;
            }
            for (dc, ac) in &blocks {
                read_block(reader, dc, ac)?.ok_or_else(damaged)?;
            }
        }
    }
    reader.end_codes()?;
    Ok(())
}

/// Maximum number of bits of the difference between the means of two blocks of 8-bit samples.
const MAX_DC_BITS: u8 = 11;

/// Reads the codes of a block. Returns `None` if one of them is invalid.
fn read_block(
    reader: &mut BitReader<impl Read>,
    dc: &HuffmanTable,
    ac: &HuffmanTable,
) -> io::Result<Option<()>> {
    let Some(bits) = reader.read_code(dc)? else {
        return Ok(None);
    };
    if bits > MAX_DC_BITS {
        return Ok(None);
    }
    reader.skip(bits);
    let mut position = 1;
    while position < 64 {
        let Some(value) = reader.read_code(ac)? else {
            return Ok(None);
        };
        let (run, bits) = (value >> 4, value & 15);
        // The code 15/0 is a run of 16 zeros. Other codes without bits end the block.
        if bits == 0 && run < 15 {
            break;
        }
        position += run + 1;
        reader.skip(bits);
    }
    Ok(Some(()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

    use super::*;

    /// Returns an image of 90 × 50 pixels.
    fn image(sampling: SamplingFactor, restart: u16, is_optimised: bool) -> Vec<u8> {
        let pixels: Vec<u8> = (0..90_u32 * 50 * 3)
            .map(|at| (at * at / 97 % 251) as u8)
            .collect();
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 90);
        encoder.set_sampling_factor(sampling);
        encoder.set_optimized_huffman_tables(is_optimised);
        if restart > 0 {
            encoder.set_restart_interval(restart);
        }
        encoder.encode(&pixels, 90, 50, ColorType::Rgb).unwrap();
        bytes
    }

    /// Returns the position of the first scan.
    fn scan_of(bytes: &[u8]) -> usize {
        bytes.windows(2).position(|w| w == [0xff, 0xda]).unwrap()
    }

    #[test]
    fn accepts_intact_images_of_all_layouts() {
        for sampling in [
            SamplingFactor::R_4_4_4,
            SamplingFactor::R_4_2_2,
            SamplingFactor::R_4_2_0,
            SamplingFactor::R_4_1_1,
        ] {
            for (restart, is_optimised) in [(0, false), (3, false), (0, true), (5, true)] {
                let bytes = image(sampling, restart, is_optimised);
                check(&bytes[..]).unwrap();
                if is_optimised {
                    // There is a scan for each component.
                    assert!(!has_single_scan(&bytes[..]).unwrap());
                }
            }
        }
        let bytes = image(SamplingFactor::R_4_4_4, 0, false);
        assert!(has_single_scan(&bytes[..]).unwrap());
    }

    #[test]
    fn reports_the_damage_that_another_decoder_reports() {
        let mut seed = 7_u32;
        let (mut reported, mut missed) = (0, 0);
        for restart in [0, 4] {
            let bytes = image(SamplingFactor::R_4_2_0, restart, false);
            let scan = scan_of(&bytes) + 14;
            for _ in 0..300 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = scan + (seed >> 8) as usize % (bytes.len() - scan - 2);
                let mut damaged = bytes.clone();
                damaged[at] ^= 1 << (seed & 7);
                let mut other = jpeg_decoder::Decoder::new(&damaged[..]);
                if other.decode().is_err() {
                    reported += 1;
                    missed += usize::from(check(&damaged[..]).is_ok());
                }
            }
        }
        // The other decoder treats some invalid codes as those of a progressive JPEG.
        assert!(
            reported > 50 && missed * 20 < reported,
            "{missed} of {reported}"
        );
    }

    #[test]
    fn reports_the_row_of_a_missing_restart_marker() {
        let mut bytes = image(SamplingFactor::R_4_4_4, 12, false);
        // A row of MCUs has 12 blocks of 8 × 8 pixels. The third restart marker follows row 24.
        let marker = bytes.windows(2).position(|w| w == [0xff, 0xd2]).unwrap();
        bytes[marker + 1] = 0xd5;
        let error = check(&bytes[..]).unwrap_err();
        assert!(matches!(error, ScanError::Codes { row: 25 }), "{error:?}");
    }

    #[test]
    fn reports_truncated_files_and_damaged_segments() {
        let bytes = image(SamplingFactor::R_4_2_0, 0, false);
        for end in [2, 20, scan_of(&bytes) + 4, bytes.len() / 2, bytes.len() - 2] {
            let error = check(&bytes[..end]).unwrap_err();
            assert!(matches!(error, ScanError::Io(_)), "{end}: {error:?}");
        }
        // No component has this identifier.
        let mut unknown = bytes.clone();
        let scan = scan_of(&bytes);
        unknown[scan + 5] = 77;
        assert!(matches!(check(&unknown[..]), Err(ScanError::Segment)));
        // No table has this number.
        let mut missing = bytes;
        missing[scan + 6] = 0x33;
        let result = check(&missing[..]);
        assert!(matches!(result, Err(ScanError::MissingTable)));
    }
}
