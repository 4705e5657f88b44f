//! The presentation size of a video in MP4 or QuickTime (ISO/IEC 14496-12, `tkhd`).
//!
//! The demuxer returns only the coded size of the frames. Phones record portrait video in landscape
//! frames and store the rotation in the matrix of the track header.

use std::io::{Read, Seek, SeekFrom};

/// Maximum number of boxes that are visited.
const MAX_BOXES: u32 = 4_096;

/// Returns the width and height in pixels, after rotation, of the first track that has a size.
pub(crate) fn size(file: &mut (impl Read + Seek)) -> Option<(u32, u32)> {
    let file_len = file.seek(SeekFrom::End(0)).ok()?;
    let mut remaining = MAX_BOXES;
    let mut size = None;
    for_each_box(
        file,
        0,
        file_len,
        &mut remaining,
        &mut |file, name, start, end, remaining| {
            if name != b"moov" {
                return Some(());
            }
            for_each_box(
                file,
                start,
                end,
                remaining,
                &mut |file, name, start, end, remaining| {
                    if name != b"trak" || size.is_some() {
                        return Some(());
                    }
                    for_each_box(
                        file,
                        start,
                        end,
                        remaining,
                        &mut |file, name, start, _, _| {
                            if name == b"tkhd" {
                                size = size.or(track_size(file, start));
                            }
                            Some(())
                        },
                    )
                },
            )
        },
    );
    size
}

/// Callback for a box. Receives the file, the type of the box, the start and end of its content,
/// and the number of boxes that may still be visited.
type Visit<'a, F> = dyn FnMut(&mut F, &[u8; 4], u64, u64, &mut u32) -> Option<()> + 'a;

fn for_each_box<F: Read + Seek>(
    file: &mut F,
    mut offset: u64,
    end: u64,
    remaining: &mut u32,
    visit: &mut Visit<'_, F>,
) -> Option<()> {
    while offset.checked_add(8)? <= end {
        *remaining = remaining.checked_sub(1)?;
        file.seek(SeekFrom::Start(offset)).ok()?;
        let mut header = [0; 8];
        file.read_exact(&mut header).ok()?;
        let [a, b, c, d, name @ ..] = header;
        let (len, header_len) = match u32::from_be_bytes([a, b, c, d]) {
            // The box extends to the end of its parent.
            0 => (end - offset, 8),
            1 => {
                let mut len = [0; 8];
                file.read_exact(&mut len).ok()?;
                (u64::from_be_bytes(len), 16)
            }
            len => (u64::from(len), 8),
        };
        if len < header_len {
            return None;
        }
        let next = offset.checked_add(len)?;
        visit(file, &name, offset + header_len, next.min(end), remaining)?;
        offset = next;
    }
    Some(())
}

/// Returns the presentation size declared in a `tkhd` box, or `None` if the track has no picture.
fn track_size(file: &mut (impl Read + Seek), offset: u64) -> Option<(u32, u32)> {
    file.seek(SeekFrom::Start(offset)).ok()?;
    let mut header = [0; 96];
    let mut len = 0;
    while len < header.len() {
        match file.read(header.get_mut(len..)?) {
            Ok(0) | Err(_) => break,
            Ok(read) => len += read,
        }
    }
    // The timestamps of version 1 have 64 bits.
    let matrix = match header[0] {
        0 => 40,
        1 => 52,
        _ => return None,
    };
    if len < matrix + 44 {
        return None;
    }
    let number = |index: usize| -> Option<i32> {
        let start = matrix + index * 4;
        let bytes = header.get(start..start + 4)?;
        Some(i32::from_be_bytes(bytes.try_into().ok()?))
    };
    let pixels = |index| Some((number(index)? as u32) >> 16).filter(|pixels| *pixels > 0);
    let (width, height) = (pixels(9)?, pixels(10)?);
    // The matrix is a b u / c d v / x y w. A rotation by 90° or 270° has a = d = 0.
    let is_rotated = number(0)? == 0 && number(4)? == 0 && number(1)? != 0 && number(3)? != 0;
    Some(if is_rotated {
        (height, width)
    } else {
        (width, height)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn mp4_box(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let mut out = (content.len() as u32 + 8).to_be_bytes().to_vec();
        out.extend(name);
        out.extend(content);
        out
    }

    fn track(matrix: [i32; 9], width: u32, height: u32) -> Vec<u8> {
        let mut header = vec![0; 40];
        for number in matrix {
            header.extend(number.to_be_bytes());
        }
        header.extend((width << 16).to_be_bytes());
        header.extend((height << 16).to_be_bytes());
        mp4_box(b"trak", &mp4_box(b"tkhd", &header))
    }

    const ONE: i32 = 0x1_0000;
    const IDENTITY: [i32; 9] = [ONE, 0, 0, 0, ONE, 0, 0, 0, 0x4000_0000];
    const ROTATED: [i32; 9] = [0, ONE, 0, -ONE, 0, 0, 0, 0, 0x4000_0000];

    fn read(tracks: &[Vec<u8>]) -> Option<(u32, u32)> {
        let mut video = mp4_box(b"ftyp", b"isom");
        video.extend(mp4_box(b"moov", &tracks.concat()));
        size(&mut Cursor::new(video))
    }

    #[test]
    fn rotated_track_swaps_width_and_height() {
        assert_eq!(read(&[track(IDENTITY, 1920, 1080)]), Some((1920, 1080)));
        assert_eq!(read(&[track(ROTATED, 1920, 1080)]), Some((1080, 1920)));
    }

    #[test]
    fn audio_track_has_no_size() {
        let audio = track(IDENTITY, 0, 0);
        assert_eq!(read(std::slice::from_ref(&audio)), None);
        assert_eq!(read(&[audio, track(IDENTITY, 64, 48)]), Some((64, 48)));
    }

    #[test]
    fn invalid_box_lengths_end_the_search() {
        for video in [
            &b"\0\0\0\x04moov"[..],
            b"\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\0\0\0\0moov\0\0\0\0trak\0\0\0\0tkhd\x01",
            b"\0\0\0",
        ] {
            assert_eq!(size(&mut Cursor::new(video)), None, "{video:?}");
        }
        let padding = mp4_box(b"free", b"").repeat(MAX_BOXES as usize + 1);
        let video = [padding, mp4_box(b"moov", &track(IDENTITY, 64, 48))].concat();
        assert_eq!(size(&mut Cursor::new(video)), None);
    }
}
